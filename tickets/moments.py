"""When something happened to each ticket, kept in memory: which of them a span of time holds, as a set (`bits`)."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import datetime
from itertools import repeat

from tickets.bits import Bits, of_ids

Micros = int  # microseconds since 1970: whole numbers, so that two moments are told apart as the store tells them


def micros(at: datetime) -> Micros:
    return round(at.timestamp() * 1_000_000)


@dataclass(slots=True)
class Moments:
    """One moment a ticket; 0 for an id that no ticket has."""

    by_id: array[int] = field(default_factory=lambda: array("q"))
    _sorted: list[int] | None = None  # all ids, the earliest moment first; None once a moment has changed

    def make_room(self, size: int) -> None:
        missing = size - len(self.by_id)
        if missing > 0:
            self.by_id.extend(repeat(0, missing))
            self._sorted = None

    def note(self, ticket_id: int, at: Micros) -> None:
        if self.by_id[ticket_id] != at:
            self.by_id[ticket_id] = at
            self._sorted = None

    def between(self, since: datetime | None, until: datetime | None) -> Bits:
        """The ids whose moment lies at or after `since` and before `until`; an end left out is open."""
        if self._sorted is None:
            self._sorted = sorted(range(len(self.by_id)), key=self.by_id.__getitem__)
        first = self._place(since) if since else 0
        last = max(first, self._place(until)) if until else len(self._sorted)
        inside = self._sorted[first:last]
        if 2 * len(inside) <= len(self._sorted):
            return of_ids(inside)
        outside = self._sorted[:first] + self._sorted[last:]  # fewer to mark one by one
        return (1 << len(self._sorted)) - 1 & ~of_ids(outside)

    def _place(self, at: datetime) -> int:
        assert self._sorted is not None
        return bisect_left(self._sorted, micros(at), key=self.by_id.__getitem__)
