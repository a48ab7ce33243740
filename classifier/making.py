"""Making models: a candidate from labels, or a model again from its card.

The clock is handed down.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from classifier.artefact import libraries, note_made_here, write_artefact
from classifier.card import page
from classifier.errors import DataRefused, ModelRefused
from classifier.evaluation import Said, evaluate, said
from classifier.frozen import TEST_FILE, FrozenTest
from classifier.knowledge import freeze_knowledge, frozen_hash, knowledge_hash, load_knowledge
from classifier.labels import LabelledPost, file_hash, read_labels, text_key
from classifier.post import Post
from classifier.reader import Reader
from classifier.recipe import Recipe
from classifier.registry import CARD, CARD_PAGE, KNOWLEDGE, METRICS, Registry, day_of
from classifier.succession import carried, carry_forward
from classifier.training import Trained, train

_LICENCE = "Apache-2.0"
_INVENTED = ("karangan, bukan kiriman nyata", "invented for this project, no real posts")
_WITH_MORE = ("karangan, ditambah berkas yang diberikan", "invented for this project, with files that were given")
_GIVEN = ("dari berkas yang diberikan", "from a file that was given")


@dataclass(frozen=True, slots=True)
class Sources:
    """From what a model is made."""

    labels: Path  # a CSV file
    frozen: Path  # the folder with the frozen test, which may hold none
    city: Path
    language: Path
    invented: bool  # the project's own posts
    more: tuple[Path, ...] = ()  # CSV files beside it, such as a desk's verdicts

    @property
    def test(self) -> Path | None:
        """The frozen test, where the project's own posts are learnt from; another label set has another test."""
        path = self.frozen / TEST_FILE
        return path if self.invented and path.exists() else None

    @property
    def names(self) -> str:
        return " + ".join(path.name for path in (self.labels, *self.more))

    @property
    def sha256(self) -> str:
        """Of the file; of several, of their hashes."""
        hashes = [file_hash(path) for path in (self.labels, *self.more)]
        return hashlib.sha256("".join(hashes).encode()).hexdigest() if self.more else hashes[0]

    @property
    def notes(self) -> tuple[str, str]:
        """What the posts are, in Indonesian and in English."""
        return _GIVEN if not self.invented else _WITH_MORE if self.more else _INVENTED

    def read(self) -> tuple[list[LabelledPost], list[str]]:
        """The labelled posts, and the columns passed over. Of one text in several files the last label counts.

        Raises DataRefused, for posts of the frozen test too.
        """
        by_text: dict[str, LabelledPost] = {}
        given: list[LabelledPost] = []
        passed_over: dict[str, None] = {}
        for path in (self.labels, *self.more):
            posts, unknown = read_labels(path)
            FrozenTest(self.frozen).refuse(path, posts)
            passed_over |= dict.fromkeys(unknown)
            if self.more:
                by_text |= {text_key(post.text): post for post in posts}
            given += posts
        kept = given if not self.more else [post for post in given if by_text[text_key(post.text)] is post]
        return kept, [*passed_over]


def make_candidate(
    registry: Registry, sources: Sources, recipe: Recipe, now: datetime, progress: Callable[[str], None]
) -> str:
    """Train and write one more version; returns its name. The champion stays who it is."""
    posts, unknown = sources.read()
    for name in unknown:
        progress(f"column {name!r} is passed over")
    knowledge = load_knowledge(sources.city, sources.language, now.date())
    trained = train(carried(posts, knowledge.city, progress), knowledge, recipe, progress)
    data_sha256 = sources.sha256
    knowledge_sha256 = knowledge_hash(sources.city, sources.language)
    inputs = json.dumps([data_sha256, knowledge_sha256, recipe.as_dict(), code_hash()])
    version = f"{now:%Y%m%d}-{hashlib.sha256(inputs.encode()).hexdigest()[:8]}"
    folder = _fresh(registry.path(version))
    freeze_knowledge(sources.city, sources.language, folder / KNOWLEDGE)
    artefact_sha256 = write_artefact(folder, trained.model)
    metrics = {"held out": held_out_figures(trained, version)}
    if sources.test is not None:
        progress("reading the frozen test")
        metrics["frozen test"] = _figures_on(sources.test, Reader(version, trained.model, knowledge))
    card = _card(version, sources, trained, recipe, now)
    card |= {"artefact_sha256": artefact_sha256, "knowledge_sha256": knowledge_sha256}
    card["data"]["sha256"] = data_sha256
    _write_json(folder / METRICS, metrics)
    _write_json(folder / CARD, card)
    (folder / CARD_PAGE).write_text(page(card, metrics), encoding="utf-8")
    note_made_here(folder, artefact_sha256)
    return version


def make_again(registry: Registry, version: str, sources: Sources, progress: Callable[[str], None]) -> None:
    """Make the artefact of a card once more; it decides as the first one did.

    Raises DataRefused when labels, city or language are not those that the card names.
    """
    card = registry.card(version)
    folder = registry.path(version)
    if sources.sha256 != card["data"]["sha256"]:
        found = f"{sources.names}: is not the data that the card of {version} names ({card['data']['file']})"
        raise DataRefused(f"{found}; give those files with --data and --with, or train anew")
    if (folder / KNOWLEDGE).is_dir() and frozen_hash(folder / KNOWLEDGE) == card["knowledge_sha256"]:
        city, language = folder / KNOWLEDGE / "city", folder / KNOWLEDGE / "language"
    elif knowledge_hash(sources.city, sources.language) == card["knowledge_sha256"]:
        city, language = sources.city, sources.language
        shutil.rmtree(folder / KNOWLEDGE, ignore_errors=True)
        freeze_knowledge(city, language, folder / KNOWLEDGE)
    else:
        raise DataRefused(f"city and language are not those that the card of {version} names; train anew")
    if card["code"] != code_hash():
        progress(f"the code is not the one that made {version} first: answers may differ a little")
    try:
        recipe = Recipe.from_dict(card["recipe"])
    except (TypeError, KeyError) as error:
        raise ModelRefused(f"{version}: {CARD} holds no recipe of this Simak ({error}); train anew") from None
    knowledge = load_knowledge(city, language, day_of(card))
    trained = train(carried(sources.read()[0], knowledge.city, progress), knowledge, recipe, progress)
    note_made_here(folder, write_artefact(folder, trained.model))


def held_out_figures(trained: Trained, version: str) -> dict[str, Any]:
    """What the model is worth on the posts it learnt from, each said by a model that had not seen its fold."""
    pairs = [(post, answer) for post, answer in zip(trained.posts, trained.held_out, strict=True) if answer]
    answers = [
        Said(answer.decision == "drop", answer.decision == "route", answer.categories, answer.opds, answer.priority)
        for _, answer in pairs
    ]
    return evaluate([post for post, _ in pairs], answers, version, trained.model.promise.error)


def _figures_on(path: Path, reader: Reader) -> dict[str, Any]:
    posts = carry_forward(read_labels(path)[0], reader.city).posts
    answers = reader.read([Post(post.text) for post in posts])
    return evaluate(posts, [said(answer) for answer in answers], reader.model, reader.error)


def code_hash() -> str:
    """A hash of the code that reads and learns."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for folder in (here, here.parent / "city"):
        for path in sorted(folder.glob("*.py")):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _card(version: str, sources: Sources, trained: Trained, recipe: Recipe, now: datetime) -> dict[str, Any]:
    note_id, note_en = sources.notes
    promise = trained.model.promise
    return {
        "version": version,
        "made_at": now.isoformat(timespec="seconds"),
        "code": code_hash(),
        "libraries": libraries(),
        "licence": _LICENCE,
        "recipe": recipe.as_dict(),
        "data": {
            "file": sources.names,
            "rows": len(trained.posts),
            "note_id": note_id,
            "note_en": note_en,
            "labels": {question: dict(sorted(counts.items())) for question, counts in trained.rows.items()},
            "folded": trained.folded,
        },
        "promise": {
            "error": promise.error,
            "threshold": promise.threshold,
            "posts": promise.posts,
            "passed": promise.passed,
            "wrong": promise.wrong,
        },
        "drop_below": trained.model.drop_below,
    }


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
