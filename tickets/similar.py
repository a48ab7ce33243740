"""Tickets that may tell of the same event as one that lies open: suggested to a person, never joined by themselves.

The machine joins what it is sure of (`incidents`); here stands what it was not sure of, with what speaks for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, false, or_, select

from database.tables import tickets
from tickets.kinds import kinds_of
from tickets.language import language
from tickets.place import Nearness, nearness, parse
from tickets.queue import Filter
from tickets.words import likeness

WITHIN = timedelta(days=7)
_NOT_SAID = re.compile(r"https?://\S+|[@#]\w+")  # whoever complains writes the same hashtag
_WORD = re.compile(r"[^\W\d_]{4,}")
_LOOKED_AT = 100  # of each side: enough to find an event again, few enough to compare while a page waits
_LEAST = 0.25
_COMPARED = ("id", "number", "title", "text", "category", "place", "posted_at", "chosen", "status", "blind")
_OF_PLACE: Mapping[Nearness, float] = {
    Nearness.SAME: 0.5,
    Nearness.NEAR: 0.25,
    Nearness.UNKNOWN: 0.0,
    Nearness.CONFLICT: -0.4,
}


@dataclass(frozen=True, slots=True)
class Similar:
    """Another ticket and what it shares with the open one."""

    row: Mapping[str, Any]  # some columns of `tickets`
    nearness: Nearness
    apart: timedelta
    words: tuple[str, ...]
    score: float


def similar(connection: Connection, row: Mapping[str, Any], *, limit: int = 5) -> list[Similar]:
    """The open tickets most like `row`, a row of `tickets`; the likest first."""
    compared = [_compared(row, other) for other in _nearest_in_time(connection, row)]
    likely = [each for each in compared if each.score >= _LEAST]
    return sorted(likely, key=lambda each: (-each.score, each.apart))[:limit]


def _nearest_in_time(connection: Connection, row: Mapping[str, Any]) -> Iterator[RowMapping]:
    """Open tickets that share category, office or kecamatan with `row`: so many before it, so many after it."""
    at, then = row["posted_at"], tickets.c.posted_at
    sharing = [tickets.c[name] == row[name] for name in ("category", "opd", "kecamatan") if row[name] is not None]
    directions = (
        (then.between(at - WITHIN, at), then.desc()),
        (and_(then > at, then <= at + WITHIN), then.asc()),
    )
    for span, nearest_first in directions:
        # Told by what they are not, for an index of statuses would lead through all of them.
        chosen = (*Filter().conditions(), tickets.c.status.not_in(("selesai", "ditolak")), or_(*sharing, false()))
        ids = select(tickets.c.id).where(span, *chosen, tickets.c.id != row["id"])
        near = ids.order_by(nearest_first).limit(_LOOKED_AT).subquery()
        compared = select(*(tickets.c[name] for name in _COMPARED)).join(near, near.c.id == tickets.c.id)
        yield from connection.execute(compared).mappings()


def _compared(row: Mapping[str, Any], other: Any) -> Similar:
    near = nearness(parse(row["place"]), parse(other["place"]))
    said, others = (_NOT_SAID.sub(" ", each["text"]) for each in (row, other))
    score = likeness(said, others) + _OF_PLACE[near]
    score += 0.1 if row["category"] is not None and row["category"] == other["category"] else 0.0
    score += _of_kinds(kinds_of(said), kinds_of(others))
    words = sorted((_words(said) & _words(others)) - language().filler, key=len, reverse=True)
    return Similar(other, near, abs(row["posted_at"] - other["posted_at"]), tuple(words[:5]), score)


def _of_kinds(kinds: frozenset[str], others: frozenset[str]) -> float:
    """Of two events that are both told, whether they are of one kind."""
    if not (kinds and others):
        return 0.0
    return -0.2 if kinds.isdisjoint(others) else 0.2


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))
