"""Shares of what was counted, always with how many there were and how far they may be off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

ENOUGH = 30  # from which number on a share is told: below it, its interval is wider than any decision
_Z = 1.959964  # of the standard normal: 95 % lie between −z and z


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n`."""

    hits: int
    n: int

    @property
    def is_enough(self) -> bool:
        return self.n >= ENOUGH

    @property
    def p(self) -> float:
        return self.hits / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of Wilson, which stays within 0 and 1 and holds for few, too.

        >>> [round(end, 3) for end in Share(45, 50).interval]
        [0.786, 0.957]
        """
        if not self.n:
            return 0.0, 1.0
        p, n, zz = self.p, self.n, _Z * _Z
        middle, half = (p + zz / (2 * n)) / (1 + zz / n), _Z * sqrt(p * (1 - p) / n + zz / (4 * n * n)) / (1 + zz / n)
        return max(0.0, middle - half), min(1.0, middle + half)


def share(hits: Sequence[bool]) -> Share:
    return Share(sum(hits), len(hits))


def kappa(pairs: Sequence[tuple[object, object]]) -> float | None:
    """Cohen's kappa: how far two agree beyond what chance would bring; None where chance alone explains all.

    >>> kappa([("a", "a"), ("b", "b"), ("a", "b"), ("b", "b")])
    0.5
    """
    n = len(pairs)
    if not n:
        return None
    agreed = sum(one == other for one, other in pairs) / n
    firsts, seconds = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    by_chance = sum(count * seconds[label] for label, count in firsts.items()) / (n * n)
    return None if by_chance == 1 else (agreed - by_chance) / (1 - by_chance)
