"""The city's numbers for a period: how many tickets stand where, and how long people waited.

Merged and withdrawn tickets count nowhere. A period is that of drafting; the hours are those of the clock, not of
offices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import Connection, func, select

from city import City
from database.tables import STATUSES, tickets
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
    names = {code: opd.name for code, opd in city.opds.items()}
    names |= {code: authority.name for code, authority in city.authorities.items()}
    drafts, decided = _waits(connection, wanted, now)
    return Counts(
        since=wanted.since,
        until=wanted.until,
        all=Line(None, "semua", whole),
        opds=_lines(opds, names, "belum ada OPD"),
        categories=_lines(
            categories, {code: each.name for code, each in city.categories.items()}, "belum ada kategori"
        ),
        drafts=drafts,
        decided=decided,
    )


def _empty() -> dict[str, int]:
    return dict.fromkeys(STATUSES, 0)


def _lines(counted: Mapping[str | None, Mapping[str, int]], names: Mapping[str, str], unnamed: str) -> tuple[Line, ...]:
    """The busiest first."""
    lines = [
        Line(code, unnamed if code is None else names.get(code, code), by_status) for code, by_status in counted.items()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.total, line.name)))


def _waits(connection: Connection, wanted: Filter, now: datetime) -> tuple[Waiting, Waiting]:
    query = select(tickets.c.created_at, tickets.c.decided_at).where(*wanted.conditions())
    rows = connection.execute(query).all()
    waiting = [now - row.created_at for row in rows if row.decided_at is None]
    decided = [row.decided_at - row.created_at for row in rows if row.decided_at is not None]
    return _waiting(waiting), _waiting(decided)


def _waiting(waits: list[timedelta]) -> Waiting:
    hours = [max(wait, timedelta()) / timedelta(hours=1) for wait in waits]
    if not hours:
        return Waiting(0, None, None)
    return Waiting(len(hours), round(median(hours), 1), round(max(hours), 1))
