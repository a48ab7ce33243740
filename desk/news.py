"""What others changed on a ticket since one saw it last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Result, and_, bindparam, select

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


# Asked for every page: put together once.
_OF_OTHERS = select(audit).where(audit.c.actor != bindparam("person"), audit.c.action.not_in(_FOLLOWS))
_SINCE_LOOKS = (
    _OF_OTHERS.join(looks, and_(looks.c.ticket_id == audit.c.ticket_id, audit.c.id > looks.c.line))
    .where(looks.c.account_id == bindparam("account"), looks.c.ticket_id.in_(bindparam("ids", expanding=True)))
    .order_by(audit.c.id.desc())
)
_SINCE_LINE = _OF_OTHERS.where(audit.c.ticket_id == bindparam("ticket"), audit.c.id > bindparam("line")).order_by(
    audit.c.id.desc()
)


def news_since_looks(connection: Connection, ticket_ids: Collection[int], visit: Visit) -> dict[int, News]:
    """What is new on those of the tickets that this person has seen before."""
    asked = {"person": visit.person.name, "account": visit.person.id, "ids": [*ticket_ids]}
    return _news(connection.execute(_SINCE_LOOKS, asked), visit)


def news_since(connection: Connection, ticket_id: int, line: int, visit: Visit, *, blind: bool = False) -> News | None:
    """What is new on the ticket since that line of its history; of a blind draft without what was proposed."""
    asked = {"person": visit.person.name, "ticket": ticket_id, "line": line}
    return _news(connection.execute(_SINCE_LINE, asked), visit, blind=blind).get(ticket_id)


def _news(lines: Result[Any], visit: Visit, *, blind: bool = False) -> dict[int, News]:
    found: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in lines.mappings():
        found[row["ticket_id"]].append(unproposed_line(dict(row), blind=blind))
    return {ticket_id: _told(rows, visit) for ticket_id, rows in found.items()}


def _told(rows: Sequence[Mapping[str, Any]], visit: Visit) -> News:
    lines = [line_of(row, visit.parts.city, visit.words) for row in rows]
    return News(lines, sum(len(row["after"].get("came", ())) for row in rows))
