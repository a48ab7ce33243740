"""Taking back what a person did: the inverse change, written down like any other, its labels withdrawn.

On one ticket the newest change is taken back first; taking back the taking back brings a change of fields into force
again. Merges and splits are made anew instead.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update

from city import City
from database.lock import one_at_a_time
from database.tables import audit, posts, tickets
from tickets import second_looks
from tickets.drafts import withdraw
from tickets.errors import ChangedMeanwhile, NotAllowed, NothingToUndo
from tickets.history import BESIDE, MACHINE, Change, plain, record
from tickets.labels import withdraw_labels
from tickets.moves import DRAFT, MAY_UNDO
from tickets.replies import take_back
from tickets.steps import Actor, Batch
from tickets.trail import ALL, Wanted
from tickets.workflow import Done, move_posts, redraw_shaped, row_in_reach

_TIMES = frozenset({"decided_at", "closed_at", "later_until"})  # columns that the history, being JSON, holds as text


@dataclass(frozen=True, slots=True)
class Act:
    """A change that can be taken back, and what that brings back."""

    audit_id: int
    ticket_id: int
    number: str
    action: str
    at: datetime
    before: Mapping[str, object]
    after: Mapping[str, object]


def undoable(
    connection: Connection, by: Actor, limit: int = 50, wanted: Wanted = ALL, before: int | None = None
) -> list[Act]:
    """The last changes that this person made one by one and that still stand, newest first.

    `before`: the line of the last one seen.
    """
    found: list[Act] = []
    while len(found) < limit and (lines := _own_lines(connection, by, wanted, 2 * limit, before)):
        undone = _undone(_lines(connection, {line.ticket_id for line in lines}))
        found += [
            Act(line.id, line.ticket_id, line.number, line.action, line.at, line.before, line.after)
            for line in lines
            if line.id not in undone and not _only_follows(line.after)
        ]
        before = lines[-1].id
    return found[:limit]


def _only_follows(after: Mapping[str, object]) -> bool:
    """The other half of a merge; a reply that X has published, or what was found out about one."""
    return "from" in after or after.get("way") == "x" or "settled" in after


def _own_lines(connection: Connection, by: Actor, wanted: Wanted, limit: int, before: int | None) -> Sequence[Row[Any]]:
    query = (
        select(audit, tickets.c.number)
        .join(tickets, tickets.c.id == audit.c.ticket_id)
        .where(audit.c.actor == by.name, audit.c.batch_id.is_(None), audit.c.undoes.is_(None))
        .where(*wanted.conditions())
    )
    if before is not None:
        query = query.where(audit.c.id < before)
    return connection.execute(query.order_by(audit.c.id.desc()).limit(limit)).all()


def undo(connection: Connection, city: City, audit_id: int, by: Actor, now: datetime) -> Done:
    """Take back one change.

    Raises NoSuchTicket, NotAllowed, NothingToUndo or ChangedMeanwhile, with nothing written.
    """
    done, touched = undo_undrawn(connection, audit_id, by, now)
    redraw_shaped(connection, city, touched, now)
    return done


def undo_undrawn(
    connection: Connection, audit_id: int, by: Actor, now: datetime, *, batch: Batch | None = None
) -> tuple[Done, Collection[int]]:
    """`undo`, but for drawing the tickets that it returns again: of many, that is done at once.

    `batch`: the act on many that is taken back.
    """
    one_at_a_time(connection, "incidents")
    line = connection.execute(select(audit).where(audit.c.id == audit_id)).one_or_none()
    if line is None or line.actor == MACHINE or "from" in line.after:
        raise NothingToUndo("not_undoable", audit_id=audit_id)
    row = row_in_reach(connection, tickets.c.id == line.ticket_id, by)
    if by.role not in MAY_UNDO or (line.actor != by.name and by.role != "city_admin"):
        raise NotAllowed("not_yours_to_undo", action=line.action, who=line.actor)
    if line.action == "reply":
        return Done(take_back(connection, dict(line._mapping), by, now), line.ticket_id), ()
    if line.action == "second_look":
        return Done(second_looks.take_back(connection, dict(line._mapping), by, now), line.ticket_id), ()
    _refuse_if_passed(connection, line, row)
    touched = {line.ticket_id}
    if line.action == "merge":
        touched.add(_unmerge(connection, line, by, now, batch))
    elif line.action == "split":
        _unsplit(connection, line, now)
    back = {name: value for name, value in line.before.items() if name in tickets.c}
    change: dict[str, Any] = {name: _typed(name, value) for name, value in back.items()}
    change |= {"updated_at": now, "version": tickets.c.version + 1}
    connection.execute(update(tickets).where(tickets.c.id == row["id"]).values(change))
    done = _record(connection, line, by, now, batch)
    withdraw_labels(connection, line.undoes or line.id, None if line.undoes else now)
    return done, touched


def _refuse_if_passed(connection: Connection, line: Row[Any], row: Mapping[str, Any]) -> None:
    """Whether the line still stands, is the newest of its ticket, and the ticket still is as it left it."""
    lines = _lines(connection, [line.ticket_id])
    undone = _undone(lines)
    if line.id in undone:
        raise NothingToUndo("undone_already", audit_id=line.id)
    if line.undoes and any(name in line.before for name in ("split_into", "merged_into")):
        raise NothingToUndo("make_it_anew", audit_id=line.id)
    newer = [other for other in lines if other.id > line.id and other.id not in undone and other.action not in BESIDE]
    passed = newer if line.undoes else [other for other in newer if other.undoes is None]
    if passed:
        raise _faster(passed[-1])
    as_left = {name: value for name, value in line.after.items() if name in tickets.c}
    if plain({name: row[name] for name in as_left}) != as_left:
        raise _faster(_taken_over(connection, line) or lines[-1])


def _taken_over(connection: Connection, line: Row[Any]) -> Row[Any] | None:
    """The last change of the city that moved the ticket after `line`, if one did: that changes what people chose."""
    moved = (audit.c.ticket_id == line.ticket_id, audit.c.id > line.id, audit.c.action == "take_over")
    return connection.execute(select(audit).where(*moved).order_by(audit.c.id.desc()).limit(1)).one_or_none()


def _unmerge(connection: Connection, line: Row[Any], by: Actor, now: datetime, batch: Batch | None) -> int:
    """Take the posts back from the ticket they went to; returns that ticket."""
    home = int(line.after["merged_into"])
    still_there = select(posts.c.id).where(posts.c.ticket_id == home, posts.c.id.in_(line.before["posts"]))
    ids = list(connection.execute(still_there).scalars())
    if not ids:
        raise NothingToUndo("posts_are_gone", audit_id=line.id)
    move_posts(connection, ids, line.ticket_id)
    lines = _lines(connection, [home])
    other_half = next(other for other in lines if other.id > line.id and "from" in other.after)  # written next
    newer = [other for other in lines if other.id > other_half.id and other.id not in _undone(lines)]
    change: dict[str, Any] = {"updated_at": now, "version": tickets.c.version + 1}
    if not any("by_hand" in other.after for other in newer if other.undoes is None):
        change["by_hand"] = other_half.before["by_hand"]
    connection.execute(update(tickets).where(tickets.c.id == home).values(change))
    _record(connection, other_half, by, now, batch)
    return home


def _unsplit(connection: Connection, line: Row[Any], now: datetime) -> None:
    """Take the posts back from the draft that the split opened, and withdraw it."""
    opened = int(line.after["split_into"])
    lines = _lines(connection, [opened])
    undone = _undone(lines)
    standing = [each for each in lines if each.id not in undone and each.undoes is None and each.action not in BESIDE]
    if standing:
        raise _faster(standing[-1])
    row = connection.execute(select(tickets).where(tickets.c.id == opened)).one()
    if row.status != DRAFT or row.merged_into is not None:
        raise NothingToUndo("posts_are_gone", audit_id=line.id)
    theirs = list(connection.execute(select(posts.c.id).where(posts.c.ticket_id == opened)).scalars())
    move_posts(connection, theirs, line.ticket_id)
    withdraw(connection, [opened], now)


def _record(connection: Connection, line: Row[Any], by: Actor, now: datetime, batch: Batch | None) -> Done:
    inverse = Change(line.ticket_id, "undo", line.after, line.before)
    batch_id = batch.id if batch else None
    audit_id = record(connection, inverse, by.name, by.origin, now, model=line.model, undoes=line.id, batch_id=batch_id)
    return Done(audit_id, line.ticket_id)


def _lines(connection: Connection, ticket_ids: Collection[int]) -> list[Row[Any]]:
    """What people did to these tickets, and what the machine took back of it, oldest first."""
    told = or_(audit.c.actor != MACHINE, audit.c.undoes.is_not(None))
    query = select(audit).where(audit.c.ticket_id.in_(ticket_ids), told)
    return list(connection.execute(query.order_by(audit.c.id)).all())


def _undone(lines: Sequence[Row[Any]]) -> set[int]:
    """The lines that were taken back, and stayed so."""
    undone: set[int] = set()
    for line in reversed(lines):
        if line.undoes is not None and line.id not in undone:
            undone.add(line.undoes)
    return undone


def _faster(line: Row[Any]) -> ChangedMeanwhile:
    return ChangedMeanwhile(line.actor, line.action, tuple(line.after), line.at)


def _typed(name: str, value: object) -> object:
    return datetime.fromisoformat(str(value)) if name in _TIMES and value is not None else value
