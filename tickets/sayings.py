"""Which tickets say what was searched for last, as sets: whoever pages through a search has it looked up once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Text, cast, func, select

from database.tables import store_info, tickets
from tickets.bits import Bits, of_ids
from tickets.saying import SEARCHED, saying, says, words_of
from tickets.stored_posts import chunks
from tickets.trail import changed_since

_MOST_KEPT = 32


@dataclass(slots=True)
class Sayings:
    """Keeps up with the history line by line, as `Census` does; what was purged is forgotten at once."""

    # By the words: the newest line of history that the set knows of, and the set.
    _kept: OrderedDict[tuple[str, ...], tuple[int, Bits]] = field(default_factory=OrderedDict)
    _purged: str | None = None

    def of(self, connection: Connection, typed: str, newest: int) -> Bits:
        """The tickets that say so, as they stand at the line `newest` or later."""
        purged = connection.execute(select(store_info.c.value).where(store_info.c.key == "purged_at")).scalar()
        if purged != self._purged:
            self._kept.clear()
            self._purged = purged
        words = words_of(typed)
        seen, found = self._kept.pop(words, (None, 0))
        if seen is None:
            found = _looked_up(connection, typed)
        elif seen < newest:
            found = _looked_at_again(connection, words, found, changed_since(connection, seen))
        self._kept[words] = (newest, found)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return found


def _looked_up(connection: Connection, typed: str) -> Bits:
    """All in one text: a hundred thousand rows would take three times as long to fetch."""
    (found,) = saying(typed).subquery().c
    ids = connection.execute(select(func.aggregate_strings(cast(found, Text), ","))).scalar()
    return of_ids([*map(int, ids.split(","))]) if ids else 0


def _looked_at_again(connection: Connection, words: Collection[str], found: Bits, changed: Sequence[int]) -> Bits:
    """By the tickets themselves: of a few, that is quicker than asking an index that is ordered by words."""
    for piece in chunks(changed):
        rows = connection.execute(select(*SEARCHED).where(tickets.c.id.in_(piece))).mappings()
        found = found & ~of_ids(piece) | of_ids([row["id"] for row in rows if says(row, words)])
    return found
