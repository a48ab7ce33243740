"""How many tickets each choice of every filter would show, counted in memory: about a millisecond for 100,000 tickets.

For each value of each dimension there is one set of tickets (`bits`); a count is the size of an intersection. The sets
are read from the store once, and then follow its history: whatever changes a ticket adds a line to `audit`, in the
order of the lock "incidents", so that the newest line tells which tickets to look at again. Counts are never older
than the connection that asks. What each filter means is the same as in `search`, and a test compares the two.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from operator import ge, le, lt
from threading import Lock

from sqlalchemy import ColumnElement, Connection, func, select

from database.tables import posts, tickets
from tickets.bits import Bits, of_flags, of_ids
from tickets.queue import Filter
from tickets.sayings import Sayings
from tickets.search import COLUMNS, DIMENSIONS, Dimension, Search
from tickets.stored_posts import chunks
from tickets.trail import changed_since, newest_line


@dataclass(frozen=True, slots=True)
class Facets:
    """How many tickets each choice of a dimension would show, with the choices of the other dimensions as they are."""

    counts: Mapping[Dimension, Mapping[str, int]]
    found: Bits  # the tickets that the search itself finds

    @property
    def total(self) -> int:
        return self.found.bit_count()


@dataclass(slots=True)
class Census:
    """Belongs to one store; may be asked from several threads."""

    _seen: int | None = None  # the newest line of history that the sets know of
    _alive: Bits = 0  # neither merged nor withdrawn
    _values: dict[Dimension, dict[str, Bits]] = field(default_factory=lambda: {name: {} for name in DIMENSIONS})
    # Seconds since 1970, by id; 0 for ids that no ticket has.
    _created: array[float] = field(default_factory=lambda: array("d"))
    _posted: array[float] = field(default_factory=lambda: array("d"))
    _sayings: Sayings = field(default_factory=Sayings)
    _lock: Lock = field(default_factory=Lock)

    def find(self, connection: Connection, wanted: Search) -> Bits:
        """The tickets that the search finds."""
        return self.facets(connection, wanted).found

    def facets(self, connection: Connection, wanted: Search) -> Facets:
        with self._lock:
            newest = self._catch_up(connection)
            within = self._alive & self._in_time(wanted)
            if wanted.words:
                within &= self._sayings.of(connection, wanted.words, newest)
            chosen = {name: self._chosen(name, values) for name in DIMENSIONS if (values := getattr(wanted, name))}
            counts = {name: self._counted(name, within, chosen) for name in DIMENSIONS}
        for bits in chosen.values():
            within &= bits
        return Facets(counts, within)

    # ── Counting ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _chosen(self, name: Dimension, values: Iterable[str]) -> Bits:
        found = 0
        for value in values:
            found |= self._values[name].get(value, 0)
        return found

    def _counted(self, name: Dimension, within: Bits, chosen: Mapping[Dimension, Bits]) -> dict[str, int]:
        for other, bits in chosen.items():
            if other != name:
                within &= bits
        counted = {value: (bits & within).bit_count() for value, bits in self._values[name].items()}
        return {value: count for value, count in counted.items() if count}

    def _in_time(self, wanted: Search) -> Bits:
        found = self._alive
        bounds = (
            (self._created, ge, wanted.since),
            (self._created, lt, wanted.until),
            (self._posted, le, wanted.posted_before),
        )
        for times, compare, bound in bounds:
            if bound is not None:
                found &= of_flags(bytes(map(compare, times, repeat(bound.timestamp()))))
        return found

    # ── Keeping up with the store ─────────────────────────────────────────────────────────────────────────────────

    def _catch_up(self, connection: Connection) -> int:
        """Look again at every ticket that changed; returns the newest line of history."""
        newest = newest_line(connection)
        if self._seen is None:
            last = connection.execute(select(func.max(tickets.c.id))).scalar() or 0
            self._read(connection, range(last + 1))
        elif newest > self._seen:
            self._read(connection, changed_since(connection, self._seen))
        self._seen = max(newest, self._seen or 0)
        return newest

    def _read(self, connection: Connection, ids: Sequence[int]) -> None:
        """Take these tickets as they stand now. `ids`: in order."""
        for piece in chunks(ids):
            missing = piece[-1] + 1 - len(self._posted)
            for times in (self._created, self._posted):
                times.extend(repeat(0.0, missing))
            alive, found = self._as_they_stand(connection, piece)
            others = ~of_ids(piece)
            self._alive = self._alive & others | of_ids(alive)
            for name, sets in self._values.items():
                for value in {*sets, *found[name]}:
                    sets[value] = sets.get(value, 0) & others | of_ids(found[name].get(value, ()))

    def _as_they_stand(
        self, connection: Connection, ids: Sequence[int]
    ) -> tuple[Sequence[int], Mapping[Dimension, Mapping[str, Sequence[int]]]]:
        """Which of `ids` count, and which of them have which value."""
        found: dict[Dimension, defaultdict[str, list[int]]] = {name: defaultdict(list) for name in DIMENSIONS}
        columns = (tickets.c.id, tickets.c.created_at, tickets.c.posted_at, *COLUMNS.values())
        counting = select(*columns).where(*Filter().conditions(), _among(tickets.c.id, ids))
        rows = connection.execute(counting).all()
        for ticket_id, created_at, posted_at, *values in rows:
            self._created[ticket_id], self._posted[ticket_id] = created_at.timestamp(), posted_at.timestamp()
            for name, value in zip(COLUMNS, values, strict=True):
                if value is not None:
                    found[name][value].append(ticket_id)
        by_channel = select(posts.c.ticket_id, posts.c.channel).where(_among(posts.c.ticket_id, ids)).distinct()
        for ticket_id, channel in connection.execute(by_channel):
            found["channels"][channel].append(ticket_id)
        return [row[0] for row in rows], found


def _among(column: ColumnElement[int], ids: Sequence[int]) -> ColumnElement[bool]:
    return column.between(ids[0], ids[-1]) if isinstance(ids, range) else column.in_(ids)
