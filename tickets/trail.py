"""The history of all tickets as one trail, newest first: to be looked through and exported, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from database.tables import audit, tickets
from tickets.history import MACHINE

PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines; what is left empty lets all through."""

    actor: str = ""
    action: str = ""
    number: str = ""
    since: datetime | None = None
    until: datetime | None = None
    people_only: bool = False

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.actor:
            found.append(audit.c.actor == self.actor)
        if self.action:
            found.append(audit.c.action == self.action)
        if self.number:
            found.append(tickets.c.number == self.number)
        if self.since:
            found.append(audit.c.at >= self.since)
        if self.until:
            found.append(audit.c.at < self.until)
        if self.people_only:
            found.append(audit.c.actor != MACHINE)
        return found


ALL = Wanted()


def trail(connection: Connection, wanted: Wanted, *, limit: int, before: int | None = None) -> list[RowMapping]:
    """Rows of `audit` with the ticket's number. `before`: the id of the last line seen."""
    query = (
        select(audit, tickets.c.number, tickets.c.blind)
        .join(tickets, tickets.c.id == audit.c.ticket_id)
        .where(*wanted.conditions())
    )
    if before is not None:
        query = query.where(audit.c.id < before)
    return [*connection.execute(query.order_by(audit.c.id.desc()).limit(limit)).mappings()]


_NEWEST = select(func.coalesce(func.max(audit.c.id), 0))  # asked for every page: put together once


def newest_line(connection: Connection) -> int:
    """The id of the newest line: as long as it stays, no ticket has changed. 0 before the first."""
    return int(connection.execute(_NEWEST).scalar_one())


def changed_since(connection: Connection, line: int) -> list[int]:
    """The tickets that the lines after this one are about, in the order of their ids."""
    return sorted(connection.execute(select(audit.c.ticket_id).where(audit.c.id > line).distinct()).scalars())


def whole_trail(connection: Connection, wanted: Wanted) -> Iterator[RowMapping]:
    """All of it, fetched page by page."""
    before: int | None = None
    while page := trail(connection, wanted, limit=PAGE, before=before):
        yield from page
        before = page[-1]["id"]
