"""Two ways of answering, on the same posts: how many are right, and by how much more, with 95 % intervals by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifier.evaluation import bootstrap, macro_f1, wilson


@dataclass(frozen=True, slots=True)
class Answers:
    """What one contender said of each post; `right` has a set of right labels a post."""

    name: str
    said: Sequence[str]


def lines(
    contenders: Sequence[Answers], labels: Sequence[str], right: Sequence[frozenset[str]], groups: Sequence[str]
) -> list[str]:
    """One line a contender: share right, macro F1, and the difference from the first one."""
    numbers = np.unique(np.array(groups), return_inverse=True)[1]
    names = sorted(set(labels))
    code = {name: number for number, name in enumerate(names)}
    are = np.array([code[label] for label in labels])
    first: np.ndarray | None = None
    told = []
    for contender in contenders:
        hit = np.array([said in ok for said, ok in zip(contender.said, right, strict=True)])
        answered = np.where(hit, are, [code.get(said, -1) for said in contender.said])
        share, low, high = wilson(int(hit.sum()), len(hit))
        f1 = macro_f1(are, answered, len(names))
        line = f"{contender.name:44} right {share:.3f} [{low:.3f}, {high:.3f}]  macro F1 {f1:.3f}"
        if first is None:
            first = hit.astype(float)
        else:
            told_apart = hit - first
            value, least, most = bootstrap(lambda rows, gain=told_apart: float(gain[rows].mean()), numbers, seed=0)
            line += f"  against the first {value:+.3f} [{least:+.3f}, {most:+.3f}]"
        told.append(f"{line}  (n = {len(hit)}, {len(set(groups))} groups)")
    return told
