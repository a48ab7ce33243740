"""The city's numbers for a period: how many tickets stand where, and how long people waited.

Merged and withdrawn tickets count nowhere. A period is that of drafting; the hours are those of the clock, not of
offices.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Integer, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from city import City
from city.changes import name_on, successors
from database.tables import STATUSES, audit, tickets
from tickets.blind import shown
from tickets.ledger import moment
from tickets.queue import Filter

# A status in the words that the city uses in its own recaps.
STATUS_WORDS: Mapping[str, str] = {
    "belum_terverifikasi": "belum terverifikasi",
    "dalam_proses": "dalam proses",
    "selesai": "selesai",
    "ditolak": "ditolak",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One office, one category, or all: how many tickets in which status."""

    code: str | None
    name: str
    by_status: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_status.values())

    def as_dict(self) -> dict[str, object]:
        return {"code": self.code, "name": self.name, "total": self.total, **self.by_status}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Hours, in the middle and at most, over `n` tickets; None where there is none."""

    n: int
    median_hours: float | None
    longest_hours: float | None

    def as_dict(self) -> dict[str, object]:
        return {"n": self.n, "median_hours": self.median_hours, "longest_hours": self.longest_hours}


@dataclass(frozen=True, slots=True)
class Counts:
    """A period in numbers. `drafts` waited until now, `decided` until their verdict."""

    since: datetime | None
    until: datetime | None
    all: Line
    opds: tuple[Line, ...]
    categories: tuple[Line, ...]
    drafts: Waiting
    decided: Waiting

    def as_dict(self) -> dict[str, object]:
        return {
            "from": self.since and moment(self.since),
            "to": self.until and moment(self.until),
            "total": self.all.total,
            "status": dict(self.all.by_status),
            "opd": [line.as_dict() for line in self.opds],
            "category": [line.as_dict() for line in self.categories],
            "waiting_for_a_verdict": self.drafts.as_dict(),
            "until_a_verdict": self.decided.as_dict(),
        }


def count(connection: Connection, city: City, wanted: Filter, now: datetime) -> Counts:
    """Count the tickets of `wanted`, its period above all."""
    opd, category = (shown(each) if wanted.hides_blind else each for each in (tickets.c.opd, tickets.c.category))
    columns = (opd, category, tickets.c.status)
    grouped = select(*columns, func.count()).where(*wanted.conditions()).group_by(*columns)
    whole = _empty()
    opds: dict[str | None, dict[str, int]] = defaultdict(_empty)
    categories: dict[str | None, dict[str, int]] = defaultdict(_empty)
    for of_opd, of_category, status, number in connection.execute(grouped):
        for table in (whole, opds[of_opd], categories[of_category]):
            table[status] += number
    for moved in _taken_over_since(connection, wanted):
        table_of = opds if moved.column == "opd" else categories
        table_of[moved.became][moved.status] -= 1
        table_of[moved.was][moved.status] += 1
    last = (wanted.until - timedelta(seconds=1)).date() if wanted.until else date.max
    drafts, decided = _waits(connection, wanted, now)
    return Counts(
        since=wanted.since,
        until=wanted.until,
        all=Line(None, "semua", whole),
        opds=_lines(opds, city, last, "belum ada OPD"),
        categories=_lines(categories, city, last, "belum ada kategori"),
        drafts=drafts,
        decided=decided,
    )


def _empty() -> dict[str, int]:
    return dict.fromkeys(STATUSES, 0)


@dataclass(frozen=True, slots=True)
class _Moved:
    """A ticket that a change of the city moved after the period: counted as it stood in it."""

    column: str
    status: str
    was: str
    became: str


def _taken_over_since(connection: Connection, wanted: Filter) -> Iterator[_Moved]:
    """Only what still stands as a change left it: what a person corrected since is counted as corrected."""
    if wanted.until is None:
        return
    chosen = [*wanted.conditions(), audit.c.action == "take_over", audit.c.at >= wanted.until]
    if wanted.hides_blind:
        chosen.append(tickets.c.blind.is_(False))
    columns = (tickets.c.id, tickets.c.opd, tickets.c.category, tickets.c.status, audit.c.before, audit.c.after)
    query = select(*columns).join(audit, audit.c.ticket_id == tickets.c.id).where(*chosen)
    rows = connection.execute(query.order_by(tickets.c.id, audit.c.id)).mappings().all()
    for _, told in groupby(rows, key=itemgetter("id")):
        lines = [*told]
        for column in ("opd", "category"):
            moves = [line for line in lines if column in line["before"]]
            if moves and moves[-1]["after"].get(column) == moves[-1][column]:
                yield _Moved(column, moves[0]["status"], moves[0]["before"][column], moves[-1][column])


def _lines(counted: Mapping[str | None, Mapping[str, int]], city: City, last: date, unnamed: str) -> tuple[Line, ...]:
    """The busiest first."""
    lines = [
        Line(code, unnamed if code is None else _name(city, code, last), by_status)
        for code, by_status in counted.items()
        if any(by_status.values())
    ]
    return tuple(sorted(lines, key=lambda line: (-line.total, line.name)))


def _name(city: City, code: str, last: date) -> str:
    """What it was called on the last day of the period, and who has taken over since."""
    then, now = name_on(city, code, last), [name_on(city, heir, date.max) for heir in successors(city, code)]
    return then if now == [then] else f"{then} (kini {' / '.join(now)})"


# ── Waiting ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Minutes(FunctionElement[int]):
    """Whole minutes from one moment to another: the store counts how many tickets waited so long."""

    inherit_cache = True
    type = Integer()


@compiles(_Minutes, "sqlite")
def _on_sqlite(element: _Minutes, compiler: SQLCompiler, **options: Any) -> str:
    since, until = (compiler.process(each, **options) for each in element.clauses)
    return f"((strftime('%s', {until}) - strftime('%s', {since})) / 60)"


@compiles(_Minutes, "postgresql")
def _on_postgresql(element: _Minutes, compiler: SQLCompiler, **options: Any) -> str:
    since, until = (compiler.process(each, **options) for each in element.clauses)
    return f"CAST(floor(extract(epoch FROM {until} - {since}) / 60) AS BIGINT)"


def _waits(connection: Connection, wanted: Filter, now: datetime) -> tuple[Waiting, Waiting]:
    """Of those that wait still, and of those decided."""
    minutes = _Minutes(tickets.c.created_at, func.coalesce(tickets.c.decided_at, now)).label("minutes")
    decided = tickets.c.decided_at.is_not(None).label("decided")
    counted = select(decided, minutes, func.count()).where(*wanted.conditions()).group_by("decided", "minutes")
    waits: tuple[dict[int, int], dict[int, int]] = ({}, {})
    for was_decided, waited, number in connection.execute(counted):
        waits[bool(was_decided)][waited] = number
    return _waiting(waits[False]), _waiting(waits[True])


def _waiting(numbers: Mapping[int, int]) -> Waiting:
    """`numbers`: how many tickets waited so many minutes."""
    if not numbers:
        return Waiting(0, None, None)
    minutes = sorted(numbers)
    up_to = list(accumulate(numbers[each] for each in minutes))
    n = up_to[-1]
    middle = sum(minutes[bisect_right(up_to, place)] for place in ((n - 1) // 2, n // 2)) / 2
    return Waiting(n, _hours(middle), _hours(minutes[-1]))


def _hours(minutes: float) -> float:
    return round(max(minutes, 0) / 60, 1)
