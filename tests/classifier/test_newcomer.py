"""A newcomer's first session, taken from the guide itself: from 300 verdicts to a promoted model in six commands."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from city import load_city
from classifier.frozen import Split, freeze
from classifier.labels import LabelledPost, read_labels
from classifier.reader import Reader
from classifier.registry import Registry
from database.engine import open_store, writing
from tests.classifier.language import LANGUAGE, ROOT
from tests.classifier.models import CITY, copied, some_posts
from tests.tickets.builder import Desk
from tickets.steps import Accept, Actor, Reject, Step
from tickets.workflow import perform

GUIDE = ROOT / "docs" / "data-team.md"
VERDICTS = 300
RATNA = Actor("ratna", "city_admin")


@dataclass
class Project:
    """A folder with a store, models and labels of its own, and a shell in it."""

    folder: Path
    said: dict[str, str] = field(default_factory=dict)  # what placeholders of the guide stand for

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """One line of the guide, as a shell takes it."""
        for placeholder, meaning in self.said.items():
            command = command.replace(placeholder, shlex.quote(meaning))
        settings = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "SIMAK_DATABASE_URL": f"sqlite:///{self.folder / 'simak.db'}",
            "SIMAK_MODELS_DIR": str(self.folder / "models"),
            "SIMAK_TRAINING_DATA_DIR": str(self.folder / "training_data"),
        }
        return subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=os.environ | settings,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def registry(self) -> Registry:
        return Registry(self.folder / "models")


@pytest.fixture
def project(small: Registry, sqlite_url: str, tmp_path: Path) -> Project:
    """The small champion, the posts that it learnt from, a part of the frozen test, and a desk that has decided.

    A tenth of the project's posts: training on all would take minutes, and show nothing else.
    """
    copied(small, tmp_path / "models")
    labels = tmp_path / "training_data" / "labels"
    labels.mkdir(parents=True)
    freeze(labels, Split(some_posts(10), some_posts(6, "test.csv")))
    (tmp_path / "training_data" / "language").symlink_to(LANGUAGE)
    decide(sqlite_url, Reader.load(small.folder))
    return Project(tmp_path)


def decide(url: str, reader: Reader) -> None:
    """Posts that no model here has seen are captured, read by the champion, and decided on at the desk."""
    engine = open_store(url)
    desk = Desk(engine, load_city(CITY), reader=reader)  # type: ignore[arg-type]
    written = [
        post for row, post in enumerate(read_labels(ROOT / "training_data/labels/train.csv")[0]) if row % 10 == 5
    ]
    told = {
        desk.post(post.text, f"warga{number}", minutes=60 * number, parent_text=post.parent_text or None): post
        for number, post in enumerate(written)
    }
    desk.read()
    desk.later(60 * len(written))
    leads = {row["ticket_id"]: told[row["id"]] for row in reversed(desk.posts())}
    decided = 0
    for ticket in desk.alive():
        step = verdict_on(leads[ticket["id"]], desk)
        if step is None or decided == VERDICTS:
            continue
        with writing(engine) as connection:
            perform(connection, desk.city, ticket["id"], step, RATNA, desk.now, version=ticket["version"])
        desk.now += timedelta(minutes=1)
        decided += 1
    engine.dispose()
    assert decided == VERDICTS


def verdict_on(post: LabelledPost, desk: Desk) -> Step | None:
    """What a reviewer says who knows the label."""
    if not post.actionable:
        return Reject("no_complaint")
    if post.opd in desk.city.authorities:
        return Reject("not_ours", authority=post.opd)
    return Accept(post.category, post.opd) if post.category and post.opd in desk.city.opds else None


def commands_of_the_guide() -> list[str]:
    """The lines of the session's block, without their remarks."""
    section = GUIDE.read_text(encoding="utf-8").split("## From verdicts to a promoted model")[1]
    block = section.split("```")[1]
    return [re.sub(r"\s+# \d\..*", "", line) for line in block.strip().splitlines()]


@pytest.mark.slow
def test_the_six_commands_of_the_guide_lead_from_verdicts_to_a_champion_and_back(project: Project) -> None:
    commands = commands_of_the_guide()
    assert [re.sub(r"^python -m (\w+ \w+).*", r"\1", line) for line in commands] == [
        "tickets export", "classifier check", "classifier evaluate", "classifier train", "classifier compare",
        "classifier promote",
    ]  # fmt: skip
    export, check, evaluate, train, compare, promote = commands
    before = project.registry.champion()
    # 1. Every verdict is a label;
    assert project.run(export).returncode == 0
    labels = read_labels(project.folder / "verdicts.csv")[0]
    assert len(labels) >= VERDICTS
    # 2. the look before learning finds rare classes, as so few verdicts have them, and no code that is unknown;
    looked = project.run(check)
    assert looked.returncode == 1
    assert "rare label" in looked.stdout
    assert "unknown code" not in looked.stdout
    # 3. the champion is measured on them;
    measured = project.run(evaluate)
    assert (measured.returncode, f"{len(labels)} rows" in measured.stdout) == (0, True)
    # 4. a candidate has learnt from both, and is not champion yet;
    trained = project.run(train)
    assert trained.returncode == 0, trained.stderr
    project.said["CANDIDATE"] = candidate = trained.stdout.strip()
    card = project.registry.card(candidate)["data"]
    assert card["file"] == "train.csv + verdicts.csv"
    assert card["rows"] == len(some_posts(10)) + len({label.text for label in labels})
    assert project.registry.champion() == before
    # 5. it is shown beside the champion;
    compared = project.run(compare)
    assert compared.returncode == 0
    assert compared.stdout.startswith(f"champion {before}, candidate {candidate}")
    # 6. and promoted, with the reason in the history.
    promoted = project.run(promote)
    assert promoted.returncode == 0, promoted.stderr
    assert project.registry.champion() == candidate
    assert project.registry.history()[-1].why == "300 verdicts of March"
    # What the guide says of going back holds, too.
    back = re.search(r"`(python -m classifier rollback)`", GUIDE.read_text(encoding="utf-8"))
    assert back
    assert project.run(back[1]).returncode == 0
    assert project.registry.champion() == before
