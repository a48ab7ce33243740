"""Two models on the same posts: who is right where the other is not, per label, and what flips.

Differences are paired: only posts on which the two differ say which is better (McNemar's exact test); the interval is a
bootstrap over groups of posts that belong together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.stats import binomtest

from classifier.evaluation import Interval, Said, bootstrap
from classifier.labels import LabelledPost

ENOUGH = 20  # posts of a label, from which on a loss on it can keep a candidate from being promoted
SURE = 0.05  # chance of a loss as large as that by luck alone, shared among the labels that are looked at
_FLIPS = 50  # shown to a person; all of them in JSON


@dataclass(frozen=True, slots=True)
class Difference:
    """Candidate against champion on the posts of one label (or of all, under `label` None)."""

    question: str
    label: str | None
    n: int
    won: int  # right where the champion is wrong
    lost: int
    change: Interval  # of the share that is right
    p: float  # of so one-sided a loss, were the two equally good

    @property
    def is_loss(self) -> bool:
        return self.lost > self.won


@dataclass(frozen=True, slots=True)
class Flip:
    id: str
    text: str
    question: str
    label: str  # the right one; empty when the post has none
    champion: str
    candidate: str


@dataclass(frozen=True, slots=True)
class Comparison:
    champion: str
    candidate: str
    rows: int
    differences: tuple[Difference, ...]
    flips: tuple[Flip, ...]

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "worse": [[one.question, one.label] for one in self.significant_losses()]}

    def significant_losses(self) -> list[Difference]:
        """Labels with enough posts on which the candidate is worse, luck being held unlikely (Holm)."""
        judged = [one for one in self.differences if one.n >= ENOUGH]
        losses = []
        for rank, one in enumerate(sorted(judged, key=lambda one: one.p)):
            if one.p > SURE / (len(judged) - rank):
                break
            losses.append(one)
        return [one for one in losses if one.is_loss]


def compare(
    posts: Sequence[LabelledPost],
    champion: Sequence[Said],
    candidate: Sequence[Said],
    names: tuple[str, str] = ("", ""),
    seed: int = 0,
) -> Comparison:
    """What both said of `posts`, in order. Posts without labels tell only what flips."""
    groups = np.unique([post.together for post in posts], return_inverse=True)[1]
    differences: list[Difference] = []
    flips: list[Flip] = []
    for question in ("actionable", "category", "opd"):
        rights = [right_answers(post, question) for post in posts]
        rows = [row for row, right in enumerate(rights) if right]
        answers = [[told(one, question) for one in said] for said in (champion, candidate)]
        hits = [np.array([answers[who][row] in rights[row] for row in rows], dtype=bool) for who in (0, 1)]
        labels = [sorted(rights[row])[0] if question != "opd" else str(posts[row].opd) for row in rows]
        differences += _differences(question, labels, hits[0], hits[1], groups[rows], seed)
        known = dict(zip(rows, labels, strict=True))
        flips += (
            Flip(post.id, post.text, question, known.get(row, ""), answers[0][row], answers[1][row])
            for row, post in enumerate(posts)
            if answers[0][row] != answers[1][row]
        )
    return Comparison(*names, len(posts), tuple(differences), tuple(flips))


def right_answers(post: LabelledPost, question: str) -> frozenset[str]:
    if question == "opd":
        return post.right_opds
    if question == "category":
        return frozenset({post.category} if post.category else ())
    return frozenset() if post.actionable is None else frozenset({"yes" if post.actionable else "no"})


def told(answer: Said, question: str) -> str:
    if question == "actionable":
        return "no" if answer.dropped else "yes"
    choices = answer.opds if question == "opd" else answer.categories
    return choices[0].code if choices else ""


def _differences(
    question: str, labels: list[str], before: np.ndarray, after: np.ndarray, groups: np.ndarray, seed: int
) -> Iterator[Difference]:
    if labels:
        yield _difference(question, None, before, after, groups, seed)
    for label in sorted(set(labels)):
        chosen = np.array([one == label for one in labels])
        yield _difference(question, label, before[chosen], after[chosen], groups[chosen], seed)


def _difference(
    question: str, label: str | None, before: np.ndarray, after: np.ndarray, groups: np.ndarray, seed: int
) -> Difference:
    won, lost = int((after & ~before).sum()), int((before & ~after).sum())
    gain = after.astype(float) - before.astype(float)
    change = bootstrap(lambda rows: float(gain[rows].mean()), groups, seed)
    p = float(binomtest(lost, won + lost, 0.5, alternative="greater").pvalue) if won + lost else 1.0
    return Difference(question, label, len(before), won, lost, change, p)


def lines(comparison: Comparison, markdown: bool = False) -> Iterator[str]:
    """A table, plain or Markdown, and the flips below it."""
    yield f"champion {comparison.champion}, candidate {comparison.candidate}, {comparison.rows} posts"
    if markdown:
        yield "\n| question | label | n | won | lost | change | from | to |\n|---|---|---|---|---|---|---|---|"
    for one in comparison.differences:
        if one.label is None or one.won or one.lost:
            cells = [one.question, one.label or "all", str(one.n), str(one.won), str(one.lost)]
            cells += ["–" if part is None else f"{part:+.3f}" for part in one.change]
            yield f"| {' | '.join(cells)} |" if markdown else "  ".join(f"{cell:>12}" for cell in cells)
    for flip in comparison.flips[:_FLIPS]:
        sign = "" if flip.label not in (flip.champion, flip.candidate) else ("-", "+")[flip.label == flip.candidate]
        change = f"{flip.champion or '–'} → {flip.candidate or '–'}"
        text = " ".join(flip.text.split())[:80]
        yield f"{'- ' if markdown else ''}{sign:1} {flip.id} {flip.question}: {change}: {text}"
    if (more := len(comparison.flips) - _FLIPS) > 0:
        yield f"… and {more} more, in --json"
