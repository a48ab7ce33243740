"""Labels to check: those that are likely wrong, and those on which readers disagree; the most doubtful first.

What is likely wrong is told by models that had not seen the post, nor any of its event. Where readers disagree is told
by the labels: near-identical texts, posts of one ticket, and second readings.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from classifier.errors import DataRefused
from classifier.knowledge import Knowledge
from classifier.labels import NO_COMPLAINT, LabelledPost
from classifier.likely_errors import suspected
from classifier.likeness import alike, differing
from classifier.model import NO, Question
from classifier.recipe import Recipe
from classifier.training import Progress, Trained, label_of, train

_DISAGREED = 0.5  # doubt of a label that another reader does not share, beside that of the models


@dataclass(frozen=True, slots=True)
class Doubt:
    """A post whose label somebody should look at: as it is labelled, what the models would say, and why."""

    id: str
    text: str
    actionable: bool | None
    category: str | None
    opd: str | None
    proposed: Mapping[Question, str]  # where the models say otherwise
    doubt: float  # 0 to 1
    reasons: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "doubt": round(self.doubt, 4)}


@dataclass(frozen=True, slots=True)
class _Suspicion:
    quality: dict[Question, float]  # probability of the given label
    wrong: dict[Question, str]  # what the models say instead, where the label is likely wrong
    reasons: tuple[str, ...]

    @property
    def doubt(self) -> float:
        """Kind and office are given together, and doubted together: only their mean tells slips from near ties."""
        matter = [self.quality[question] for question in ("category", "opd") if question in self.quality]
        together = [sum(matter) / len(matter)] if matter else []
        return 1 - min([*together, self.quality.get("actionable", 1.0)])


def doubts(
    posts: Sequence[LabelledPost],
    readings: Sequence[LabelledPost],
    knowledge: Knowledge,
    recipe: Recipe,
    progress: Progress = lambda step: None,
) -> list[Doubt]:
    """`readings`: what other readers said of posts of the same ids; their texts are not looked at."""
    disagreed = disagreements(posts, readings)
    trained = train(posts, knowledge, recipe, progress)
    found = []
    for post, suspicion in zip(trained.posts, _suspicions(trained, knowledge), strict=True):
        others = tuple(disagreed.get(post.id, ()))
        if suspicion.wrong or others:
            doubt = 1 - (1 - suspicion.doubt) * (1 - _DISAGREED * bool(others))
            given = (post.id, post.text, post.actionable, post.category, post.opd)
            found.append(Doubt(*given, suspicion.wrong, doubt, suspicion.reasons + others))
    return sorted(found, key=lambda one: (-one.doubt, one.id))


# ── What the models say ───────────────────────────────────────────────────────────────────────────────────────────


def _suspicions(trained: Trained, knowledge: Knowledge) -> list[_Suspicion]:
    """One a post, in order."""
    probabilities = trained.model.probabilities(trained.scores)
    seen = [answer is not None for answer in trained.held_out]
    found = [_Suspicion({}, {}, ()) for _ in trained.posts]
    for question, head in trained.model.heads.items():
        column = {label: number for number, label in enumerate(head.labels)}
        labels = [label_of(post, question, knowledge) for post in trained.posts]
        rows = [row for row, label in enumerate(labels) if label in column and seen[row]]
        if not rows:
            continue
        given = np.array([column[str(labels[row])] for row in rows])
        wrong, quality = suspected(given, probabilities[question][rows])
        for row, is_wrong, own in zip(rows, wrong, quality, strict=True):
            p = probabilities[question][row]
            best = head.labels[int(p.argmax())]
            if _is_right_too(best, trained.posts[row], question):
                own, is_wrong = 1.0, False
            found[row].quality[question] = float(own)
            if is_wrong:
                told = f"{question}: models that had not seen it give {labels[row]} {own:.2f}, {best} {p.max():.2f}"
                found[row] = _with(found[row], question, best, told)
    return found


def _is_right_too(label: str, post: LabelledPost, question: Question) -> bool:
    return question == "opd" and label in post.right_opds


def _with(one: _Suspicion, question: Question, best: str, told: str) -> _Suspicion:
    return _Suspicion(one.quality, {**one.wrong, question: best}, (*one.reasons, told))


# ── What other readers say ────────────────────────────────────────────────────────────────────────────────────────


def disagreements(posts: Sequence[LabelledPost], readings: Sequence[LabelledPost] = ()) -> dict[str, list[str]]:
    """{id of a post: what others say otherwise}."""
    found: dict[str, list[str]] = defaultdict(list)
    for first, second in alike(posts):
        for post, other in ((first, second), (second, first)):
            if questions := differing(post, other):
                found[post.id].append(f"near-identical to {other.id}, which says {_said(other, questions)}")
    for post, other in _of_one_ticket(posts):
        if questions := differing(post, other):
            found[post.id].append(f"{other.event}: {other.reviewer} says {_said(other, questions)}")
    known = {post.id: post for post in posts}
    for reading in readings:
        if reading.id in known and (questions := differing(known[reading.id], reading)):
            found[reading.id].append(f"a second reading says {_said(reading, questions)}")
    return {post_id: list(dict.fromkeys(reasons)) for post_id, reasons in found.items()}


def _of_one_ticket(posts: Sequence[LabelledPost]) -> Iterator[tuple[LabelledPost, LabelledPost]]:
    """Pairs, both ways round. Only a desk's labels have reviewers; a writer's event may hold posts of many kinds."""
    tickets: dict[str, list[LabelledPost]] = defaultdict(list)
    for post in posts:
        if post.reviewer and post.event:
            tickets[post.event].append(post)
    for together in tickets.values():
        # Who said the same is asked once: a ticket of a crowd has thousands of posts with one verdict.
        opinions = {(post.reviewer, post.actionable, post.category, post.right_opds): post for post in together}
        yield from ((post, other) for post in together for other in opinions.values() if other is not post)


def _said(post: LabelledPost, questions: Sequence[str]) -> str:
    if "actionable" in questions:
        return "a complaint" if post.actionable else "no complaint"
    return ", ".join(f"{question} {getattr(post, question)}" for question in questions)


def read_readings(path: Path) -> list[LabelledPost]:
    """Second readings: a CSV file with `id`, and any of actionable, category, opd, opd_also. Raises DataRefused."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataRefused(f"{path.name}: cannot be read ({error}); name a CSV file in UTF-8") from None
    if not rows or "id" not in rows[0]:
        raise DataRefused(f"{path.name}: no column id; name the posts that were read again by their id")
    return [_reading(row) for row in rows]


def _reading(row: Mapping[str, str | None]) -> LabelledPost:
    cells = {name: (value or "").strip() for name, value in row.items()}
    category = cells.get("category") or None
    no_complaint = category == NO_COMPLAINT or cells.get("actionable") == NO
    return LabelledPost(
        id=cells["id"],
        text="",
        actionable=False if no_complaint else True if cells.get("actionable") or category else None,
        category=None if no_complaint else category,
        opd=cells.get("opd") or None,
        opd_also=tuple(part.strip() for part in cells.get("opd_also", "").split(";") if part.strip()),
    )


def lines(found: Sequence[Doubt]) -> Iterator[str]:
    for one in found:
        given = "no complaint" if one.actionable is False else f"{one.category or '–'} {one.opd or '–'}"
        yield f"{one.doubt:.2f} {one.id} {given}: {' '.join(one.text.split())[:100]}"
        yield from (f"     {reason}" for reason in one.reasons)
