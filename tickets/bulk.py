"""Doing one act on many tickets, and taking all of it back, in pieces.

Each ticket goes through the one door (`workflow.perform`, `undoing`), with its own line of history and its own
labels. Between two pieces everyone else has their turn. A batch that was cut off anywhere, by a kill or a power cut,
can be carried on with, or taken back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Row, bindparam, func, select, update

from city import City
from database.engine import writing
from database.lock import one_at_a_time
from database.tables import batch_items, batches
from tickets.batches import REASON_NEEDED, BulkStep, Outcome, as_why, batch_of, step_of
from tickets.errors import Incomplete, NotAllowed, NothingToUndo, WorkflowError
from tickets.moves import MAY_UNDO
from tickets.steps import Actor, Batch, Reject
from tickets.undoing import undo_undrawn
from tickets.workflow import perform, redraw_shaped

Direction = Literal["doing", "undoing"]

PIECE = 25  # tickets a transaction, at most
HOLD = 0.1  # seconds after which a piece ends, however few it did: for so long nobody else can write
REST = 0.1  # seconds between two pieces: SQLite asks again at least that often for whoever waits


def begin(connection: Connection, batch_id: int, by: Actor, reason: str | None, now: datetime) -> None:
    """What was prepared is to be done now, with one reason for all. One that was cut off goes on as it was."""
    batch = batch_of(connection, batch_id, by)
    if batch.actor != by.name or batch.state not in ("prepared", "doing"):
        raise NotAllowed("batch_not_to_be_done", state=batch.state)
    if batch.state == "doing":
        return
    if not batch.of("waiting"):
        raise Incomplete("nothing_chosen")
    told = (reason or "").strip() or None
    if told is None and batch.action in REASON_NEEDED:
        raise Incomplete("reason_missing")
    change = {"state": "doing", "reason": told, "at": now}
    connection.execute(update(batches).where(batches.c.id == batch_id).values(change))


def begin_undo(connection: Connection, batch_id: int, by: Actor) -> None:
    """All of it is to be taken back; what was not done yet is not done any more."""
    one_at_a_time(connection, "incidents")  # no piece is being done meanwhile
    batch = batch_of(connection, batch_id, by)
    if by.role not in MAY_UNDO:
        raise NotAllowed("not_yours_to_undo", action=batch.action, who=batch.actor)
    if batch.state not in ("doing", "done", "undoing"):
        raise NothingToUndo("undone_already" if batch.state == "undone" else "not_undoable", batch=batch_id)
    connection.execute(update(batches).where(batches.c.id == batch_id).values(state="undoing"))


def carry_on(
    engine: Engine,
    city: City,
    batch_id: int,
    direction: Direction,
    by: Actor,
    clock: Callable[[], datetime],
    *,
    rest: float = REST,
) -> None:
    """Go on to the end of it, or until somebody turns it round."""
    while a_piece(engine, city, batch_id, direction, by, clock(), size=PIECE):
        time.sleep(rest)


def a_piece(
    engine: Engine, city: City, batch_id: int, direction: Direction, by: Actor, now: datetime, *, size: int
) -> bool:
    """Do or take back the next few tickets, in one transaction; says whether there may be more."""
    with writing(engine) as connection:
        one_at_a_time(connection, "incidents")
        row = connection.execute(select(batches).where(batches.c.id == batch_id)).mappings().one()
        if row["state"] != direction:
            return False
        step, mark = step_of(row["step"]), Batch(batch_id, row["reason"])
        left = _items(connection, batch_id, "waiting" if direction == "doing" else "done", size)
        ends: list[Mapping[str, Any]] = []
        touched: set[int] = set()
        began = time.monotonic()
        for item in left:
            if direction == "doing":
                ends.append(_do(connection, city, item, step, by, now, mark))
            else:
                ends.append(_take_back(connection, item, by, now, mark, touched))
            if time.monotonic() - began > HOLD:
                break
        redraw_shaped(connection, city, touched, now)
        _write(connection, batch_id, ends)
        is_over = len(ends) == len(left) < size
        if is_over:
            _finish(connection, batch_id, direction, now)
        return not is_over


def _items(connection: Connection, batch_id: int, outcome: Outcome, size: int) -> Sequence[Row[Any]]:
    """The next ones: done in the order of their ids, taken back from the last that was done."""
    query = select(batch_items).where(batch_items.c.batch_id == batch_id, batch_items.c.outcome == outcome)
    order = batch_items.c.audit_id.desc() if outcome == "done" else batch_items.c.ticket_id
    return connection.execute(query.order_by(order).limit(size)).all()


def _do(
    connection: Connection, city: City, item: Row[Any], step: BulkStep, by: Actor, now: datetime, batch: Batch
) -> Mapping[str, Any]:
    told = replace(step, reason=batch.reason) if isinstance(step, Reject) else step
    try:
        done = perform(connection, city, item.ticket_id, told, by, now, version=item.version, batch=batch)
    except WorkflowError as error:
        return _end(item, "skipped", error)
    return {**_end(item, "done"), "new_audit_id": done.audit_id}


def _take_back(
    connection: Connection, item: Row[Any], by: Actor, now: datetime, batch: Batch, touched: set[int]
) -> Mapping[str, Any]:
    """`touched` takes in the tickets that are to be drawn again."""
    try:
        touched.update(undo_undrawn(connection, item.audit_id, by, now, batch=batch)[1])
    except NothingToUndo as error:
        back_already = error.code == "undone_already"
        return _end(item, "undone") if back_already else _end(item, "kept", error)
    except WorkflowError as error:
        return _end(item, "kept", error)
    return _end(item, "undone")


def _end(item: Row[Any], outcome: Outcome, error: WorkflowError | None = None) -> dict[str, Any]:
    why = as_why(error) if error else None
    return {"of_ticket": item.ticket_id, "new_outcome": outcome, "new_audit_id": item.audit_id, "new_why": why}


def _write(connection: Connection, batch_id: int, ends: Sequence[Mapping[str, Any]]) -> None:
    named: dict[str, Any] = {name: bindparam(f"new_{name}") for name in ("outcome", "audit_id", "why")}
    of_item = (batch_items.c.batch_id == batch_id, batch_items.c.ticket_id == bindparam("of_ticket"))
    if ends:
        connection.execute(update(batch_items).where(*of_item).values(named), ends)


def _finish(connection: Connection, batch_id: int, direction: Direction, now: datetime) -> None:
    if direction == "doing":
        done = select(func.count()).where(batch_items.c.batch_id == batch_id, batch_items.c.outcome == "done")
        change = {"state": "done", "finished_at": now, "count": connection.execute(done).scalar_one()}
    else:
        change = {"state": "undone", "undone_at": now}
    connection.execute(update(batches).where(batches.c.id == batch_id).values(change))
