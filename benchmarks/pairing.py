"""Several ways of answering, on the same posts: how many are right, how many more, with 95 % intervals by group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.evaluation import Interval, bootstrap, macro_f1, wilson


@dataclass(frozen=True, slots=True)
class Answers:
    """What one contender said of each post; `right` has a set of right labels a post."""

    name: str
    said: Sequence[str]


@dataclass(frozen=True, slots=True)
class Compared:
    """One contender; differences are from the first, which has none."""

    name: str
    n: int
    groups: int
    right: Interval
    macro_f1: Interval
    more_right: Interval | None
    more_macro_f1: Interval | None


def compared(
    contenders: Sequence[Answers], labels: Sequence[str], right: Sequence[frozenset[str]], groups: Sequence[str]
) -> list[Compared]:
    numbers = np.unique(np.array(groups), return_inverse=True)[1]
    names = sorted(set(labels))
    code = {name: number for number, name in enumerate(names)}
    are = np.array([code[label] for label in labels])

    def by_groups(figure: Callable[[np.ndarray], float]) -> Interval:
        return bootstrap(figure, numbers, seed=0)

    found: list[Compared] = []
    first: tuple[np.ndarray, np.ndarray] | None = None
    for contender in contenders:
        hit = np.array([said in ok for said, ok in zip(contender.said, right, strict=True)])
        told = np.where(hit, are, [code.get(said, -1) for said in contender.said])

        def f1(rows: np.ndarray, told: np.ndarray = told) -> float:
            return macro_f1(are[rows], told[rows], len(names))

        more: tuple[Interval | None, Interval | None] = (None, None)
        if first is None:
            first = (hit, told)
        else:
            gain, others = hit.astype(float) - first[0], first[1]
            more = (
                by_groups(lambda rows, gain=gain: float(gain[rows].mean())),
                by_groups(lambda rows, f1=f1, others=others: f1(rows) - f1(rows, others)),
            )
        figures = (wilson(int(hit.sum()), len(hit)), by_groups(f1), *more)
        found.append(Compared(contender.name, len(hit), len(set(groups)), *figures))
    return found


def lines(
    contenders: Sequence[Answers], labels: Sequence[str], right: Sequence[frozenset[str]], groups: Sequence[str]
) -> list[str]:
    """One line a contender: share right, macro F1, and the differences from the first one."""
    told = []
    for one in compared(contenders, labels, right, groups):
        line = f"{one.name:44} right {interval(one.right)}  macro F1 {interval(one.macro_f1)}"
        if one.more_right and one.more_macro_f1:
            line += f"  against the first {interval(one.more_right, '+')}, macro F1 {interval(one.more_macro_f1, '+')}"
        told.append(f"{line}  (n = {one.n}, {one.groups} groups)")
    return told


def interval(value: Interval, sign: str = "") -> str:
    """`0.912 [0.900, 0.923]`."""
    middle, low, high = (0.0 if part is None else part for part in value)
    return f"{middle:{sign}.3f} [{low:{sign}.3f}, {high:{sign}.3f}]"
