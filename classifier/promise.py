"""Choose the error, not the threshold: from which confidence on a draft may be routed without a person.

Learn then test (Angelopoulos et al. 2021) in a fixed sequence: thresholds are tried from the strictest on, each with
an exact binomial test of "more than the promised share of what passes is wrong", until one cannot be rejected. With
probability 1 - `RISK` over the posts it was learnt from, the threshold keeps the promise on posts of the same kind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

RISK = 0.05
_STEPS = 50  # thresholds tried, so that each passes the same number of posts more than the one before


@dataclass(frozen=True, slots=True)
class Promise:
    """What passes `threshold` is wrong in at most `error` of cases. No threshold: nothing can be promised."""

    error: float
    threshold: float | None
    posts: int  # that it was learnt from
    passed: int  # of them
    wrong: int  # of those that passed

    @property
    def coverage(self) -> float:
        return self.passed / self.posts if self.posts else 0.0


def promise(confidence: np.ndarray, was_right: np.ndarray, error: float) -> Promise:
    """The lowest threshold that the test lets stand."""
    order = np.sort(confidence)[::-1]
    best = Promise(error, None, len(confidence), 0, 0)
    for passes in _sequence(len(confidence), error):
        threshold = float(order[passes - 1])
        passed = confidence >= threshold
        wrong = int((~was_right[passed]).sum())
        if binom.cdf(wrong, int(passed.sum()), error) > RISK:
            break
        best = Promise(error, threshold, len(confidence), int(passed.sum()), wrong)
    return best


def _sequence(posts: int, error: float) -> list[int]:
    """How many posts pass at each step. It is set before any label is looked at.

    The first step is large enough that twice the promised share could not pass for it.
    """
    first = int(np.ceil(8 / error))
    if posts < first:
        return [posts] if posts and (1 - error) ** posts <= RISK else []
    return sorted({int(count) for count in np.linspace(first, posts, _STEPS)})
