"""Weighing a candidate: comparisons in numbers and flips, and refusals that say by name what is wrong with it."""

from __future__ import annotations

import csv
import json
import random
import resource
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from classifier.comparing import ENOUGH, compare, lines
from classifier.evaluation import Said
from classifier.labels import LabelledPost, read_labels
from classifier.prediction import Choice
from classifier.registry import MADE_HERE
from classifier.soundness import forgotten, too_easy, unlearnt
from tests.classifier.models import made, promoted, some_posts
from tests.classifier.shell import Done, Shell


def shuffled(posts: Sequence[LabelledPost]) -> list[LabelledPost]:
    labels = [(post.actionable, post.category, post.opd) for post in posts]
    random.Random(2).shuffle(labels)
    return [
        replace(post, actionable=a, category=c, opd=o, opd_also=())
        for post, (a, c, o) in zip(posts, labels, strict=True)
    ]


def refused(shell: Shell, candidate: str) -> str:
    """What `promote` says against it; the champion stays."""
    champion = shell.registry.champion()
    done = shell.run("promote", candidate, "--why", "trust me")
    assert (done.code, done.out) == (1, "")
    assert shell.registry.champion() == champion
    assert len(shell.registry.history()) == 1
    return done.err


# ── Refused by name ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_candidate_of_shuffled_labels_is_refused_by_name_unless_a_person_insists(shell: Shell) -> None:
    candidate = made(shell.registry.folder, shuffled(some_posts(16)), "shuffled.csv")
    told = refused(shell, candidate)
    assert "it learnt nothing of" in told
    assert "as if they were shuffled" in told
    assert "it is worse on opd over all" in told
    done = shell.run("promote", candidate, "--why", "trust me", "--anyway", "--who", "sari")
    assert (done.code, shell.registry.champion()) == (0, candidate)
    assert "promoted against" in shell.registry.history()[-1].gate


def test_a_candidate_of_shuffled_labels_is_refused_where_there_is_no_champion_to_compare_with(shell: Shell) -> None:
    candidate = made(shell.registry.folder, shuffled(some_posts(16)), "shuffled.csv")
    (shell.registry.folder / "history.jsonl").unlink()
    done = shell.run("promote", candidate, "--why", "trust me")
    assert (done.code, shell.registry.champion()) == (1, None)
    assert "it learnt nothing of" in done.err


def test_a_candidate_that_never_saw_a_class_is_refused_by_its_name(shell: Shell) -> None:
    """What the city's folder says of rubbish lets the candidate answer it all the same: its card tells."""
    fewer = [post for post in some_posts(10) if post.category != "perizinan_pajak"]
    told = refused(shell, made(shell.registry.folder, fewer, "fewer.csv"))
    assert "it learnt from no post of category perizinan_pajak" in told


def test_a_candidate_with_other_labels_is_refused_by_the_names_it_does_not_know(shell: Shell) -> None:
    others = [replace(post, category=post.category and f"x_{post.category}") for post in some_posts(24)]
    told = refused(shell, made(shell.registry.folder, others, "others.csv"))
    assert "does not know category sampah" in told


def test_a_candidate_that_has_seen_the_test_is_refused_by_name(shell: Shell) -> None:
    """Trained elsewhere, where no seal was: it finds the test too easy for what it is worth on posts held out."""
    test, _ = read_labels(shell.folder / "training_data/labels/test.csv")
    again = [replace(post, id=f"{post.id}-{copy}", event="", writer="") for post in test for copy in range(3)]
    candidate = made(shell.registry.folder, some_posts(10) + again, "leaked.csv")
    assert "the test has leaked into what it learnt from" in refused(shell, candidate)


def test_a_candidate_of_an_old_library_is_refused_by_its_name(shell: Shell) -> None:
    candidate = made(shell.registry.folder, some_posts(24), "more.csv")
    note = shell.registry.path(candidate) / MADE_HERE
    made_here = json.loads(note.read_text())
    made_here["libraries"]["scipy"] = "0.19.1"
    note.write_text(json.dumps(made_here))
    assert "made with scipy 0.19.1" in refused(shell, candidate)


def test_the_frozen_test_is_refused_as_training_data_by_name(shell: Shell) -> None:
    done = shell.run("train", "--data", shell.folder / "training_data/labels/test.csv")
    assert done.code == 2
    assert "is the frozen test" in done.err


def test_an_honest_candidate_has_nothing_against_it() -> None:
    card = {"version": "b", "data": {"labels": {"opd": {"dpu": 60, "dlh": 40}, "actionable": {"1": 70, "0": 30}}}}
    figures = {"n": 400, "accuracy": [0.7, 0.6, 0.8], "macro_f1": [0.7, 0.6, 0.8]}
    metrics = {"held out": {"opd": figures, "actionable": {"precision": [0.9, 0.8, 1], "recall": [0.9, 0.8, 1]}}}
    assert list(unlearnt(card, metrics)) == []
    assert list(forgotten(card, {**card, "version": "a"}, {})) == []
    assert list(too_easy(metrics, {"opd": (74, 100)})) == []
    # Where nearly all are of one label, to be right no more often than that is no sign of anything.
    lopsided = {"version": "b", "data": {"labels": {"opd": {"dpu": 95, "dlh": 5}}}}
    few = {"n": 100, "accuracy": [0.95, 0.9, 1], "macro_f1": [0.8, 0.6, 0.9]}
    assert list(unlearnt(lopsided, {"held out": {"opd": few}})) == []
    assert list(unlearnt(lopsided, {"held out": {"opd": {**few, "macro_f1": [0.49, 0.4, 0.6]}}}))


def test_shuffled_answers_to_whether_it_is_a_complaint_are_noticed_too() -> None:
    card = {"version": "b", "data": {"labels": {"actionable": {"1": 700, "0": 300}}}}
    metrics = {"held out": {"actionable": {"precision": [0.71, 0.6, 0.8], "recall": [0.9, 0.8, 1]}}}
    assert "it learnt nothing of actionable" in str(next(iter(unlearnt(card, metrics))))


# ── Compared ──────────────────────────────────────────────────────────────────────────────────────────────────────


def saying(opd: str, *, dropped: bool = False) -> Said:
    return Said(dropped, False, (Choice("pju", 0.9),), (Choice(opd, 0.9),))


def test_a_label_with_too_few_posts_keeps_nobody_from_being_promoted() -> None:
    def lost(count: int) -> list[tuple[str, str | None]]:
        posts = [LabelledPost(str(row), f"teks {row}", opd="dlh") for row in range(count)]
        before, after = [saying("dlh")] * count, [saying("dpu")] * count
        return [(one.question, one.label) for one in compare(posts, before, after).significant_losses()]

    assert lost(ENOUGH - 1) == []
    assert set(lost(ENOUGH)) == {("opd", None), ("opd", "dlh")}


def test_posts_without_labels_tell_flips_and_nothing_else() -> None:
    posts = [LabelledPost(str(row), f"teks {row}") for row in range(60)]
    found = compare(posts, [saying("dlh")] * 60, [saying("dpu")] * 59 + [saying("dlh", dropped=True)], ("a", "b"))
    assert found.differences == ()
    assert len(found.flips) == 60
    assert list(lines(found))[-1] == "… and 10 more, in --json"


def test_compare_tells_wins_losses_and_flips_in_three_forms(shell: Shell) -> None:
    other = made(shell.registry.folder, some_posts(60), "few.csv")
    found = json.loads(shell.run("compare", other, "--json").out)
    overall = next(one for one in found["differences"] if one["question"] == "opd" and one["label"] is None)
    assert overall["lost"] > overall["won"]
    assert overall["change"][1] <= overall["change"][0] < 0
    assert found["flips"]
    assert ["opd", None] in found["worse"]
    assert "| question | label |" in shell.run("compare", other, "--md").out


@pytest.fixture
def pair(shell: Shell) -> tuple[str, str]:
    """Champion and a candidate."""
    return str(shell.registry.champion()), made(shell.registry.folder, some_posts(30), "few.csv")


def write(path: Path, rows: Sequence[dict[str, object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_compare_reads_the_last_weeks_only_when_asked_to(shell: Shell, pair: tuple[str, str]) -> None:
    now = datetime.now(UTC)
    ages = (timedelta(days=1), timedelta(weeks=3), timedelta(weeks=9))
    rows = [{"id": str(row), "text": f"lampu jalan mati {row}", "opd": "disperkim",
             "created_at": f"{now - age:%Y-%m-%dT%H:%M:%SZ}"} for row, age in enumerate(ages)]  # fmt: skip
    path = write(shell.folder / "verdicts.csv", [*rows, {**rows[0], "id": "9", "created_at": ""}])

    def asked(*options: str) -> Done:
        return shell.run("compare", pair[1], "--data", path, "--json", *options)

    assert json.loads(asked().out)["rows"] == 4
    done = asked("--weeks", "4")
    assert (json.loads(done.out)["rows"], done.err.strip()) == (2, "1 posts without a date are left out")
    write(path, rows[2:])
    assert (asked("--weeks", "4").code, "no post since" in asked("--weeks", "4").err) == (2, True)


def test_compare_takes_what_both_said_when_one_read_along(shell: Shell, pair: tuple[str, str]) -> None:
    """The file is `tickets export --predictions --json`; no model is loaded, nor need be there any more."""

    def line(post: int, model: str, opd: str) -> str:
        choices = [{"code": opd, "p": 0.8}]
        told = {"decision": "review", "opd_top3": choices, "category_top3": None, "model": model}
        return json.dumps({"id": str(post), "created_at": "2026-11-01T00:00:00Z", "text": f"teks {post}", **told})

    read = [line(1, pair[0], "dpu"), line(1, pair[1], "dlh"), line(2, pair[0], "dpu"), line(2, pair[1], "dpu")]
    path = shell.folder / "read.jsonl"
    path.write_text("\n".join([*read, line(3, pair[0], "dpu")]), encoding="utf-8")
    labels = write(shell.folder / "verdicts.csv", [{"id": "1", "text": "teks 1", "opd": "dlh"}])
    found = json.loads(shell.run("compare", pair[1], "--predictions", path, "--json").out)
    assert (found["champion"], found["candidate"], found["rows"]) == (*pair, 2)
    assert [flip["id"] for flip in found["flips"]] == ["1"]
    found = json.loads(shell.run("compare", pair[1], "--predictions", path, "--data", labels, "--json").out)
    assert [(one["label"], one["won"], one["lost"]) for one in found["differences"]] == [(None, 1, 0), ("dlh", 1, 0)]
    done = shell.run("compare", "20200101-00000000", "--predictions", path)
    assert (done.code, "no prediction of 20200101-00000000" in done.err) == (2, True)
    path.write_text(read[0] + "\nrubbish\n")
    assert "read.jsonl:2" in shell.run("compare", pair[1], "--predictions", path).err


# ── Rolled back ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_rollback_is_one_command_of_seconds_and_trains_nothing(shell: Shell) -> None:
    first = str(shell.registry.champion())
    promoted(shell.registry, made(shell.registry.folder, some_posts(32), "more.csv"))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert shell.run("rollback", "--why", "worse on floods").code == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert shell.registry.champion() == first
    # Its own seconds, however busy the machine is.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 10
