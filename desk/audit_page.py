"""Who did what, when, and from where. It is looked through and taken along, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from sqlalchemy import RowMapping
from starlette.responses import Response

from database.engine import reading
from desk.asked import Asked, asked_of, is_line
from desk.decisions import changes_of
from desk.downloads import Table, downloads
from desk.pages import render
from desk.visits import Page, Visit
from tickets.blind import unproposed_line
from tickets.exports import Row
from tickets.history import MACHINE
from tickets.ledger import moment
from tickets.moves import Action, Role
from tickets.trail import trail, whole_trail

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


def _show(visit: Visit) -> Response:
    asked = asked_of(visit)
    before = int(asked.before) if is_line(asked.before) else None
    with reading(visit.parts.engine) as connection:
        rows = trail(connection, asked.wanted(visit), limit=_PAGE_SIZE + 1, before=before)
    listed = [unproposed_line(dict(row), blind=row["blind"]) for row in rows[:_PAGE_SIZE]]
    lines = [
        (row, changes_of(row["before"], row["after"], visit.parts.city, visit.words, row["at"].date()))
        for row in listed
    ]
    more = asked.query(str(listed[-1]["id"])) if len(rows) > _PAGE_SIZE else None
    return render(visit, "audit.html", asked=asked, lines=lines, more=more, actions=get_args(Action), machine=MACHINE)


def _table(visit: Visit) -> Table:
    return Table("audit", _COLUMNS, _rows(visit, asked_of(visit)))


def _rows(visit: Visit, asked: Asked) -> Iterator[Row]:
    with reading(visit.parts.engine) as connection:
        yield from map(_row, whole_trail(connection, asked.wanted(visit)))


def _row(line: RowMapping) -> Row:
    row = unproposed_line(dict(line), blind=line["blind"])
    told = {name: row[name] for name in _COLUMNS if name in row}
    return {**told, "at": moment(row["at"]), "ticket": row["number"]}


_CITY: frozenset[Role] = frozenset({"city_admin"})  # it names people
PAGES = (Page("GET", AUDIT, _CITY, _show), *downloads(AUDIT, _CITY, _table))
