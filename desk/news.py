"""What others changed on a ticket since one saw it last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, select

from database.tables import audit, looks
from desk.decisions import Line, line_of
from desk.visits import Visit
from tickets.blind import unproposed_line

# What only follows another line of the same change.
_FOLLOWS = ("redraw", "draft")


@dataclass(frozen=True, slots=True)
class News:
    """The changes of one ticket, newest first, and how many posts came."""

    lines: Sequence[Line]
    came: int

    @property
    def first(self) -> Line | None:
        """What to tell where there is room for one: what a person did, before what Simak did."""
        return next((line for line in self.lines if not line.by_machine), None) or next(iter(self.lines), None)


def news_since_looks(connection: Connection, ticket_ids: Collection[int], visit: Visit) -> dict[int, News]:
    """What is new on those of the tickets that this person has seen before."""
    since = and_(looks.c.ticket_id == audit.c.ticket_id, audit.c.id > looks.c.line)
    query = _lines(visit).join(looks, since).where(looks.c.account_id == visit.person.id)
    return _news(connection, query.where(looks.c.ticket_id.in_(ticket_ids)), visit)


def news_since(connection: Connection, ticket_id: int, line: int, visit: Visit, *, blind: bool = False) -> News | None:
    """What is new on the ticket since that line of its history; of a blind draft without what was proposed."""
    query = _lines(visit).where(audit.c.ticket_id == ticket_id, audit.c.id > line)
    return _news(connection, query, visit, blind=blind).get(ticket_id)


def _lines(visit: Visit) -> Select[Any]:
    return select(audit).where(*_of_others(visit)).order_by(audit.c.id.desc())


def _of_others(visit: Visit) -> Sequence[ColumnElement[bool]]:
    return (audit.c.actor != visit.person.name, audit.c.action.not_in(_FOLLOWS))


def _news(connection: Connection, query: Select[Any], visit: Visit, *, blind: bool = False) -> dict[int, News]:
    found: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        found[row["ticket_id"]].append(unproposed_line(dict(row), blind=blind))
    return {ticket_id: _told(rows, visit) for ticket_id, rows in found.items()}


def _told(rows: Sequence[Mapping[str, Any]], visit: Visit) -> News:
    lines = [line_of(row, visit.parts.city, visit.words) for row in rows]
    return News(lines, sum(len(row["after"].get("came", ())) for row in rows))
