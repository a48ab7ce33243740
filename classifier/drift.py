"""Whether complaints have changed: what is new, more, less, less sure or more often wrong than in the months before.

A city's desk sees about ten complaints a day, so everything is counted and tested exactly (Fisher 1922): no test leans
on large numbers. The level is shared out over all tests of one look (Holm 1979), so that a look at posts of an
unchanged kind raises a false alarm in at most `LEVEL` of cases, however many words it counts.

An item is one ticket, not one post: a flood that four hundred people tell of is one event, and no new topic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from classifier.evaluation import Interval, wilson

LEVEL = 0.01  # of a look: with one a week, one false alarm in some seven quarters
UNSURE = 0.5  # confidence below which an item counts as unsure
_FEWEST = 5  # items with a word before it is tested at all
_MOST_SHARE = 0.2  # of the items; a word that stands in more of them names no topic

Kind = Literal["word", "category", "unsure", "wrong"]


@dataclass(frozen=True, slots=True)
class Item:
    """One ticket as it came in."""

    words: frozenset[str]
    category: str | None
    confidence: float | None
    right: bool | None = None  # only of verdicts given without seeing the proposal; None = not known


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was counted, lately and before, with its 95 % intervals."""

    kind: Kind
    name: str
    lately: Interval
    of_lately: int
    before: Interval
    of_before: int
    p: float  # exact, two-sided (of words: one-sided, only more is new)
    alarm: bool = False


def look(lately: Sequence[Item], before: Sequence[Item], level: float = LEVEL) -> list[Finding]:
    """Everything that was tested, alarms first, then by how unlikely it is. Nothing to compare with: nothing."""
    if not lately or not before:
        return []
    found = [*_shares(lately, before), *_doubts(lately, before), *_words(lately, before)]
    return _alarmed(sorted(found, key=lambda finding: (finding.p, finding.kind, finding.name)), level)


def _alarmed(found: list[Finding], level: float) -> list[Finding]:
    """Holm's steps: the unlikeliest must pass level / m, the next level / (m - 1), until one does not."""
    passed = 0
    for step, finding in enumerate(found):
        if finding.p > level / (len(found) - step):
            break
        passed += 1
    return [replace(finding, alarm=row < passed) for row, finding in enumerate(found)]


def _shares(lately: Sequence[Item], before: Sequence[Item]) -> Iterator[Finding]:
    now, then = (Counter(item.category for item in items if item.category) for items in (lately, before))
    for category in sorted({*now, *then}):
        yield _compared("category", category, (now[category], now.total()), (then[category], then.total()))


def _doubts(lately: Sequence[Item], before: Sequence[Item]) -> Iterator[Finding]:
    def unsure(items: Sequence[Item]) -> tuple[int, int]:
        known = [item.confidence for item in items if item.confidence is not None]
        return sum(confidence < UNSURE for confidence in known), len(known)

    def wrong(items: Sequence[Item]) -> tuple[int, int]:
        known = [item.right for item in items if item.right is not None]
        return known.count(False), len(known)

    yield _compared("unsure", "", unsure(lately), unsure(before))
    if wrong(lately)[1] and wrong(before)[1]:
        yield _compared("wrong", "", wrong(lately), wrong(before))


def _words(lately: Sequence[Item], before: Sequence[Item]) -> Iterator[Finding]:
    """Words that stand in more items than before. Which are tested is settled by their number in both together."""
    now, then = (_with_word(item.words for item in items) for items in (lately, before))
    most = _MOST_SHARE * (len(lately) + len(before))
    for word in sorted(now):
        if _FEWEST <= now[word] + then[word] <= most:
            counts = (now[word], len(lately)), (then[word], len(before))
            yield _compared("word", word, *counts, more_only=True)


def _with_word(items: Iterator[Collection[str]]) -> Counter[str]:
    return Counter(word for words in items for word in words)


def _compared(
    kind: Kind, name: str, now: tuple[int, int], then: tuple[int, int], *, more_only: bool = False
) -> Finding:
    from scipy.stats import fisher_exact

    table = [[now[0], now[1] - now[0]], [then[0], then[1] - then[0]]]
    p = float(fisher_exact(table, alternative="greater" if more_only else "two-sided").pvalue)
    return Finding(kind, name, wilson(*now), now[1], wilson(*then), then[1], p)


__all__ = ["LEVEL", "UNSURE", "Finding", "Item", "look"]
