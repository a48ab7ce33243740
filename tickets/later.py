"""Drafts that were put off come back by themselves, once their time has come.

Whoever shows a list asks for it first (`wake`): no clock runs for it, and a desk that was closed over the weekend finds
on Monday what was put off until then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, bindparam, func, select, update

from database.engine import reading, writing
from database.lock import one_at_a_time
from database.tables import audit, tickets
from tickets.history import Entry, record_machine
from tickets.stored_posts import chunks


def wake(engine: Engine, now: datetime) -> None:
    """Put what is due back into the queue. Where nothing is due, which is nearly always, nothing is written."""
    with reading(engine) as connection:
        due = is_due(connection, now)
    if due:
        wake_due(engine, now)


def is_due(connection: Connection, now: datetime) -> bool:
    return bool(_due(connection, now))


def wake_due(engine: Engine, now: datetime) -> None:
    with writing(engine) as connection:
        one_at_a_time(connection, "incidents")
        resume(connection, _due(connection, now), now)


# Asked for every page: put together once. Without an order, for an order by id would read the whole table.
_DUE = select(tickets.c.id).where(tickets.c.later_until <= bindparam("now"), tickets.c.later.is_not(None))


def _due(connection: Connection, now: datetime) -> list[int]:
    return sorted(connection.execute(_DUE, {"now": now}).scalars())


def resume(connection: Connection, ticket_ids: Sequence[int], now: datetime) -> None:
    """They wait no longer. The line of history takes the putting off back, so that nobody need undo it.

    The version stays: whoever has one open decides on what they see.
    """
    entries: list[Entry] = []
    for chunk in chunks(ticket_ids):
        columns = (tickets.c.id, tickets.c.later, tickets.c.later_until)
        rows = connection.execute(select(*columns).where(tickets.c.id.in_(chunk), tickets.c.later.is_not(None))).all()
        lines = _lines(connection, [row.id for row in rows])
        entries += [
            Entry(
                row.id,
                "resume",
                {"later": row.later, "later_until": row.later_until.isoformat()},
                {"later": None, "later_until": None},
                undoes=lines.get(row.id),
            )
            for row in rows
        ]
        change = {"later": None, "later_until": None, "updated_at": now}
        connection.execute(update(tickets).where(tickets.c.id.in_([row.id for row in rows])).values(change))
    record_machine(connection, entries, now)


def _lines(connection: Connection, ticket_ids: Sequence[int]) -> dict[int, int]:
    """The newest line by which each was put off."""
    query = select(audit.c.ticket_id, func.max(audit.c.id)).where(
        audit.c.ticket_id.in_(ticket_ids), audit.c.action == "later"
    )
    return {ticket_id: line for ticket_id, line in connection.execute(query.group_by(audit.c.ticket_id))}  # noqa: C416
