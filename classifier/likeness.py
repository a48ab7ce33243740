"""Texts that are nearly the same: a report sent twice, a post with a word changed. And labels that contradict.

Two texts are alike when they share at least half of their runs of five letters, of all that either has (Jaccard). No
such pair is missed: two sets that are so alike share some of their rarest runs, and only those are looked up.

Source: Wang, Li, Feng, "Can We Beat the Prefix Filtering?" (SIGMOD 2012): so many of the rarest must be shared.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from classifier.labels import LabelledPost, text_key

ALIKE = 0.5
_GRAM = 5  # letters of a run
_TELLING = 12  # of the rarest runs that must be shared; more saves no more time
_Pair = tuple[int, int]


def alike(posts: Sequence[LabelledPost]) -> Iterator[tuple[LabelledPost, LabelledPost]]:
    """Pairs of near-identical posts, the earlier first."""
    for row, other in _pairs([post.text for post in posts], 0):
        yield posts[other], posts[row]


def alike_between(
    posts: Sequence[LabelledPost], others: Sequence[LabelledPost]
) -> Iterator[tuple[LabelledPost, LabelledPost]]:
    """Pairs of near-identical posts, one of each side."""
    for row, other in _pairs([post.text for post in (*others, *posts)], len(others)):
        yield posts[row - len(others)], others[other]


def differing(first: LabelledPost, second: LabelledPost) -> list[str]:
    """The questions on which two posts that both answer them are labelled differently, where both cannot be right."""
    told = []
    if None not in (first.actionable, second.actionable) and first.actionable != second.actionable:
        told.append("actionable")
    if first.category and second.category and first.category != second.category:
        told.append("category")
    if first.opd and second.opd and not first.right_opds & second.right_opds:
        told.append("opd")
    return told


def _pairs(texts: Sequence[str], shelf: int) -> Iterator[_Pair]:
    """Rows of texts that are alike, the later one first. `shelf`: so many at the beginning are asked of, not asked.

    With a shelf, what comes after it is compared with the shelf only.
    """
    runs = [runs_of(text) for text in texts]
    often = Counter(run for own in runs for run in own)
    holders: dict[str, list[int]] = defaultdict(list)
    for row, own in enumerate(runs):
        telling = sorted(own, key=lambda run: (often[run], run))[: len(own) - _least(own) + _must(own)]
        if row >= shelf:
            common = Counter(other for run in telling for other in holders[run])
            near = [other for other, count in common.items() if count >= min(_must(own), _must(runs[other]))]
            yield from ((row, other) for other in sorted(near) if _share(own, runs[other]) >= ALIKE)
        if row < shelf or not shelf:
            for run in telling:
                holders[run].append(row)


def _least(own: frozenset[str]) -> int:
    """How many runs a set shares at least with one that is alike."""
    return math.ceil(ALIKE * len(own))


def _must(own: frozenset[str]) -> int:
    """How many of them must be among the rarest: one would do, but the more, the fewer are looked at in vain."""
    return min(_TELLING, _least(own))


def _share(first: frozenset[str], second: frozenset[str]) -> float:
    common = len(first & second)
    return common / (len(first) + len(second) - common)


def runs_of(text: str) -> frozenset[str]:
    key = text_key(text)
    return frozenset(key[start : start + _GRAM] for start in range(max(1, len(key) - _GRAM + 1)))
