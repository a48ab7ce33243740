"""Who did what, when, and from where. It is looked through and taken along, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args
from urllib.parse import parse_qs, urlencode

from sqlalchemy import RowMapping
from starlette.responses import Response

from database.engine import reading
from desk.decisions import changes_of
from desk.downloads import Table, downloads
from desk.pages import render
from desk.view import Period, period_of
from desk.visits import Page, Visit
from tickets.blind import unproposed_line
from tickets.exports import Row
from tickets.history import MACHINE
from tickets.ledger import moment
from tickets.moves import Action, Role
from tickets.trail import Wanted, trail, whole_trail

AUDIT = "/audit"
_PAGE_SIZE = 60
_COLUMNS = (
    "id",
    "at",
    "actor",
    "origin",
    "action",
    "ticket",
    "before",
    "after",
    "reason",
    "model",
    "undoes",
    "batch_id",
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What of the trail is asked for, as it stands in the address."""

    actor: str
    action: str
    number: str
    period: Period
    everyone: bool  # the machine too
    before: int | None

    def wanted(self, visit: Visit) -> Wanted:
        since, until = self.period.moments(visit.parts.zone)
        return Wanted(self.actor, self.action, self.number, since, until, people_only=not self.everyone)

    def query(self, before: int | None = None) -> str:
        fields = [("siapa", self.actor), ("apa", self.action), ("nomor", self.number), *self.period.as_fields()]
        fields += [("mesin", "ya" if self.everyone else ""), ("sebelum", str(before or ""))]
        return urlencode([(name, value) for name, value in fields if value])


def _asked(visit: Visit) -> _Asked:
    given = parse_qs(visit.request.url.query, max_num_fields=50)

    def one(name: str) -> str:
        return given[name][-1].strip() if name in given else ""

    action, before = one("apa"), one("sebelum")
    return _Asked(
        actor=one("siapa"),
        action=action if action in get_args(Action) else "",
        number=one("nomor"),
        period=period_of(given),
        everyone=one("mesin") == "ya" or one("siapa") == MACHINE,
        before=int(before) if before.isdecimal() else None,
    )


def _show(visit: Visit) -> Response:
    asked = _asked(visit)
    with reading(visit.parts.engine) as connection:
        rows = trail(connection, asked.wanted(visit), limit=_PAGE_SIZE + 1, before=asked.before)
    listed = [unproposed_line(dict(row), blind=row["blind"]) for row in rows[:_PAGE_SIZE]]
    lines = [(row, changes_of(row["before"], row["after"], visit.parts.city, visit.words)) for row in listed]
    more = asked.query(listed[-1]["id"]) if len(rows) > _PAGE_SIZE else None
    return render(visit, "audit.html", asked=asked, lines=lines, more=more, actions=get_args(Action), machine=MACHINE)


def _table(visit: Visit) -> Table:
    return Table("audit", _COLUMNS, _rows(visit, _asked(visit)))


def _rows(visit: Visit, asked: _Asked) -> Iterator[Row]:
    with reading(visit.parts.engine) as connection:
        yield from map(_row, whole_trail(connection, asked.wanted(visit)))


def _row(line: RowMapping) -> Row:
    row = unproposed_line(dict(line), blind=line["blind"])
    told = {name: row[name] for name in _COLUMNS if name in row}
    return {**told, "at": moment(row["at"]), "ticket": row["number"]}


_CITY: frozenset[Role] = frozenset({"city_admin"})  # it names people
PAGES = (Page("GET", AUDIT, _CITY, _show), *downloads(AUDIT, _CITY, _table))
