"""How right answers are: each figure with its 95 % interval, on posts that the model did not learn from.

Shares have Wilson's interval; F1 and calibration error have a bootstrap over groups of posts that belong together.
Kind and OPD are scored on the complaints, dropped or not: dropping is scored by itself, under `actionable`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from classifier.calibration import expected_calibration_error
from classifier.labels import LabelledPost
from classifier.prediction import Choice, Prediction

_DRAWS = 400
_Z = 1.959964

Interval = list[float | None]


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of one post, whoever said it."""

    dropped: bool
    routed: bool
    categories: tuple[Choice, ...]
    opds: tuple[Choice, ...]
    priority: str = ""  # empty: it was not asked


def said(prediction: Prediction) -> Said:
    routed = prediction.decision == "route"
    return Said(
        prediction.decision == "drop", routed, prediction.category_top3, prediction.opd_top3, prediction.priority
    )


def evaluate(
    posts: Sequence[LabelledPost], answers: Sequence[Said], model: str, error: float, seed: int = 0
) -> dict[str, Any]:
    """The object that `python -m classifier evaluate --json` prints. Figures without a single label are None."""
    groups = np.unique([post.together for post in posts], return_inverse=True)[1]
    return {
        "model": model,
        "rows": len(posts),
        "actionable": _actionable(posts, answers, groups, seed),
        "category": _choices(
            [frozenset({post.category} if post.category else ()) for post in posts],
            [post.category for post in posts],
            [answer.categories for answer in answers],
            groups,
            seed,
        ),
        "opd": {
            **_choices(
                [post.right_opds for post in posts],
                [post.opd for post in posts],
                [answer.opds for answer in answers],
                groups,
                seed,
            ),
            "promise": _promise(posts, answers, error),
        },
        "priority": _priority(posts, answers),
    }


def wilson(hits: int, count: int) -> Interval:
    """A share and its 95 % interval (Wilson 1927)."""
    if not count:
        return [None, 0.0, 1.0]
    share = hits / count
    middle = (share + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
    half = _Z / (1 + _Z**2 / count) * math.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    return [share, max(0.0, middle - half), min(1.0, middle + half)]


def bootstrap(figure: Callable[[np.ndarray], float], groups: np.ndarray, seed: int) -> Interval:
    """A figure of rows and its 95 % interval when whole groups are drawn again. `figure` is given row numbers."""
    if not len(groups):
        return [None, None, None]
    rng = np.random.default_rng(seed)
    order = np.argsort(groups, kind="stable")
    members = np.split(order, np.flatnonzero(np.diff(groups[order])) + 1)
    draws = [
        figure(np.concatenate([members[number] for number in rng.integers(0, len(members), len(members))]))
        for _ in range(_DRAWS)
    ]
    low, high = np.quantile(draws, [0.025, 0.975])
    return [figure(np.arange(len(groups))), float(low), float(high)]


def macro_f1(right: np.ndarray, said_: np.ndarray, labels: int) -> float:
    """The mean F1 of the labels that stand among `right`. Codes below 0 in `said_` are answers that are no label."""
    hits = np.bincount(right[right == said_], minlength=labels)
    are, told = np.bincount(right, minlength=labels), np.bincount(said_[said_ >= 0], minlength=labels)
    present = are > 0
    return float((2 * hits[present] / (are + told)[present]).mean())


def _actionable(
    posts: Sequence[LabelledPost], answers: Sequence[Said], groups: np.ndarray, seed: int
) -> dict[str, Any]:
    rows = [row for row, post in enumerate(posts) if post.actionable is not None]
    are = np.array([posts[row].actionable for row in rows], dtype=bool)
    told = np.array([not answers[row].dropped for row in rows], dtype=bool)
    hits = int((are & told).sum())

    def f1(chosen: np.ndarray) -> float:
        both, total = (are[chosen] & told[chosen]).sum(), are[chosen].sum() + told[chosen].sum()
        return float(2 * both / total) if total else 1.0

    return {
        "n": len(rows),
        "precision": wilson(hits, int(told.sum())),
        "recall": wilson(hits, int(are.sum())),
        "f1": bootstrap(f1, groups[rows], seed),
    }


def _priority(posts: Sequence[LabelledPost], answers: Sequence[Said]) -> dict[str, Any]:
    """Of the complaints with a priority: how many were told it, and how well emergencies were found."""
    pairs = [
        (post.priority, answer.priority)
        for post, answer in zip(posts, answers, strict=True)
        if post.priority and answer.priority and post.actionable is not False
    ]
    told = sum(answer == "darurat" for _, answer in pairs)
    are = sum(label == "darurat" for label, _ in pairs)
    both = sum(label == answer == "darurat" for label, answer in pairs)
    return {
        "n": len(pairs),
        "accuracy": wilson(sum(label == answer for label, answer in pairs), len(pairs)),
        "emergencies_precision": wilson(both, told),
        "emergencies_recall": wilson(both, are),
    }


def _choices(
    right: Sequence[frozenset[str]],
    labels: Sequence[str | None],
    answers: Sequence[tuple[Choice, ...]],
    groups: np.ndarray,
    seed: int,
) -> dict[str, Any]:
    rows = [row for row, label in enumerate(labels) if label]
    names = sorted({str(labels[row]) for row in rows})
    code = {name: number for number, name in enumerate(names)}
    first = [answers[row][0] if answers[row] else Choice("", 0.0) for row in rows]
    hit = np.array([choice.code in right[row] for row, choice in zip(rows, first, strict=True)], dtype=bool)
    in_three = sum(any(choice.code in right[row] for choice in answers[row][:3]) for row in rows)
    confidence = np.array([choice.p for choice in first])
    are = np.array([code[str(labels[row])] for row in rows], dtype=np.int64)
    # An answer that is right too counts as the label itself.
    told = np.where(hit, are, [code.get(choice.code, -1) for choice in first]) if rows else are
    return {
        "n": len(rows),
        "accuracy": wilson(int(hit.sum()), len(rows)),
        "macro_f1": bootstrap(lambda chosen: macro_f1(are[chosen], told[chosen], len(names)), groups[rows], seed),
        "top3": wilson(in_three, len(rows)),
        "ece": bootstrap(
            lambda chosen: expected_calibration_error(confidence[chosen], hit[chosen].astype(float)), groups[rows], seed
        ),
    }


def _promise(posts: Sequence[LabelledPost], answers: Sequence[Said], error: float) -> dict[str, Any]:
    """Coverage: of the posts with an OPD, how many are routed. Kept: of the routed, how many to the right OPD.

    A routed post that is known to be no complaint counts as wrong.
    """
    with_opd = [row for row, post in enumerate(posts) if post.opd]
    routed = [
        row
        for row, answer in enumerate(answers)
        if answer.routed and (posts[row].opd or posts[row].actionable is False)
    ]
    kept = sum(answers[row].opds[0].code in posts[row].right_opds for row in routed)
    return {
        "error": error,
        "coverage": wilson(sum(answers[row].routed for row in with_opd), len(with_opd)),
        "kept": wilson(kept, len(routed)),
    }
