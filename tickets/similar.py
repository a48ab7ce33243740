"""Tickets that may tell of the same event as one that lies open: suggested to a person, never joined by themselves.

The machine joins what it is sure of (`incidents`); here stands what it was not sure of, with what speaks for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from heapq import nlargest
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, bindparam, or_, select

from database.tables import tickets
from tickets.kinds import kinds_of
from tickets.language import language
from tickets.place import Nearness, Place, nearness, parse
from tickets.queue import Filter
from tickets.words import likeness

WITHIN = timedelta(days=7)
_NOT_SAID = re.compile(r"https?://\S+|[@#]\w+")  # whoever complains writes the same hashtag
_WORD = re.compile(r"[^\W\d_]{4,}")
_LOOKED_AT = 100  # of each side: enough to find an event again, few enough to compare while a page waits
_LEAST = 0.25
_COMPARED = ("id", "number", "title", "text", "category", "place", "posted_at", "chosen", "status", "blind")
_OF_KIND = 0.2
_OF_PLACE: Mapping[Nearness, float] = {
    Nearness.SAME: 0.5,
    Nearness.NEAR: 0.25,
    Nearness.UNKNOWN: 0.0,
    Nearness.CONFLICT: -0.4,
}


@dataclass(frozen=True, slots=True)
class _Told:
    """What a ticket tells of its event, taken apart once, whatever it is compared with."""

    category: str | None
    place: Place | None
    said: str


@dataclass(frozen=True, slots=True)
class Similar:
    """Another ticket and what it shares with the open one."""

    row: Mapping[Any, Any]  # some columns of `tickets`
    nearness: Nearness
    apart: timedelta
    score: float
    both_said: tuple[str, str]

    @property
    def words(self) -> tuple[str, ...]:
        """The longest words that both say."""
        said, others = map(_words, self.both_said)
        return tuple(sorted((said & others) - language().filler, key=len, reverse=True)[:5])


def similar(connection: Connection, row: Mapping[str, Any], *, limit: int = 5) -> list[Similar]:
    """The open tickets most like `row`, a row of `tickets`; the likest first."""
    told, at = _told(row), row["posted_at"]
    rough = [_compared(told, other, abs(at - other["posted_at"])) for other in _nearest_in_time(connection, row)]
    compared = [_with_kinds(each) for each in _may_be_among(rough, limit)]
    likely = [each for each in compared if each.score >= _LEAST]
    return sorted(likely, key=lambda each: (-each.score, each.apart))[:limit]


def _may_be_among(rough: Sequence[Similar], limit: int) -> list[Similar]:
    """Those that may be among the `limit` likest once their kinds are told: to tell them takes longest."""
    best = nlargest(limit, (each.score for each in rough))
    least = max(_LEAST, best[-1] - _OF_KIND) if len(best) == limit else _LEAST
    return [each for each in rough if each.score + _OF_KIND >= least]


# Open tickets that share category, office or kecamatan with one. Asked for every page: put together once. Told by what
# they are not, for an index of statuses would lead through all of them; nothing is equal to a NULL.
_NEAR = select(tickets.c.id).where(
    *Filter().conditions(),
    tickets.c.status.not_in(("selesai", "ditolak")),
    or_(*(tickets.c[name] == bindparam(name) for name in ("category", "opd", "kecamatan"))),
    tickets.c.id != bindparam("id"),
)


def _nearest(span: ColumnElement[bool], nearest_first: ColumnElement[Any]) -> Select[Any]:
    near = _NEAR.where(span).order_by(nearest_first).limit(_LOOKED_AT).subquery()
    return select(*(tickets.c[name] for name in _COMPARED)).join(near, near.c.id == tickets.c.id)


_posted = tickets.c.posted_at
_BEFORE_IT = _nearest(_posted.between(bindparam("first"), bindparam("at")), _posted.desc())
_AFTER_IT = _nearest(and_(_posted > bindparam("at"), _posted <= bindparam("last")), _posted.asc())


def _nearest_in_time(connection: Connection, row: Mapping[str, Any]) -> Iterator[RowMapping]:
    """So many before `row`, so many after it."""
    at = row["posted_at"]
    asked = {name: row[name] for name in ("category", "opd", "kecamatan", "id")} | {"at": at}
    yield from connection.execute(_BEFORE_IT, asked | {"first": at - WITHIN}).mappings()
    yield from connection.execute(_AFTER_IT, asked | {"last": at + WITHIN}).mappings()


def _told(row: Mapping[Any, Any]) -> _Told:
    return _Told(row["category"], parse(row["place"]), _NOT_SAID.sub(" ", row["text"]))


def _compared(one: _Told, row: RowMapping, apart: timedelta) -> Similar:
    other = _told(row)
    near = nearness(one.place, other.place)
    score = likeness(one.said, other.said) + _OF_PLACE[near]
    score += 0.1 if one.category is not None and one.category == other.category else 0.0
    return Similar(row, near, apart, score, (one.said, other.said))


def _with_kinds(each: Similar) -> Similar:
    return replace(each, score=each.score + _of_kinds(*map(kinds_of, each.both_said)))


def _of_kinds(kinds: frozenset[str], others: frozenset[str]) -> float:
    """Of two events that are both told, whether they are of one kind."""
    if not (kinds and others):
        return 0.0
    return -_OF_KIND if kinds.isdisjoint(others) else _OF_KIND


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))
