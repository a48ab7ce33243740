"""By what each ticket is put in order, kept in memory: a page of any search, however few or many it finds.

The orders are those of `search.ORDERED`, which the store answers where a list is read to its end; a test compares them.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import repeat
from typing import Any

from tickets.bits import Bits, ids_of
from tickets.moments import Micros
from tickets.search import Order

_ABOVE = 1 << 60  # above every moment: a ticket of a lower rank comes later, whenever it was posted


def keys_of(rank: int, posted: Micros, p: float | None) -> Mapping[Order, float]:
    """One number for each order; where two tickets have the same, the lower id comes first."""
    return {"urgent": rank * _ABOVE + posted, "oldest": posted, "unsure": p or 0.0}


@dataclass(slots=True)
class Ordering:
    _keys: dict[Order, array[Any]] = field(
        default_factory=lambda: {"urgent": array("q"), "oldest": array("q"), "unsure": array("d")}
    )

    def make_room(self, size: int) -> None:
        for keys in self._keys.values():
            keys.extend(repeat(0, size - len(keys)))

    def note(self, ticket_id: int, rank: int, posted: Micros, p: float | None) -> None:
        for order, key in keys_of(rank, posted, p).items():
            self._keys[order][ticket_id] = key

    def first(self, found: Bits, order: Order, limit: int, after: tuple[float, int] | None) -> list[int]:
        """The ids of the first `limit` tickets of `found`, or the first past `after`: a key and its ticket's id."""
        keys, ids = self._keys[order], ids_of(found)
        if after is not None:
            key, seen = after
            ids = [each for each in ids if keys[each] > key or (keys[each] == key and each > seen)]
        return nsmallest(limit, ids, key=keys.__getitem__)
