"""The history of tickets: who changed what, when, by which model, from where. It is added to, never edited.

A citizen's words are never copied into it, so that a post that its author removes is gone from here too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import Connection

from database.tables import audit

# What people do beside a ticket: nothing of it changes, so nothing that follows stands in the way of undoing it.
BESIDE = frozenset({"reply", "second_look"})

MACHINE = "simak"  # the actor of what no person did

# What the machine does to tickets; what people do is `moves.Action`.
MachineAction = Literal[
    "draft", "join", "redraw", "reread", "merge", "revive", "withdraw", "edited", "removed", "answered",
    "resume", "take_over",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a ticket's history: only what changed, as it was and as it is."""

    ticket_id: int
    action: MachineAction
    before: Mapping[str, object] = field(default_factory=dict)
    after: Mapping[str, object] = field(default_factory=dict)
    reason: str | None = None
    model: str | None = None
    undoes: int | None = None  # the line that it takes back


def record_machine(connection: Connection, entries: Sequence[Entry], at: datetime) -> None:
    """Write down what reading posts changed."""
    rows = [
        {
            "ticket_id": entry.ticket_id,
            "at": at,
            "actor": MACHINE,
            "origin": "listener",
            "action": entry.action,
            "before": dict(entry.before),
            "after": dict(entry.after),
            "reason": entry.reason,
            "model": entry.model,
            "undoes": entry.undoes,
        }
        for entry in entries
    ]
    if rows:
        connection.execute(audit.insert(), rows)


@dataclass(frozen=True, slots=True)
class Change:
    """What a person changed on one ticket."""

    ticket_id: int
    action: str  # a moves.Action
    before: Mapping[str, object]
    after: Mapping[str, object]
    reason: str | None = None


def record(
    connection: Connection,
    change: Change,
    actor: str,
    origin: str,
    at: datetime,
    *,
    model: str | None = None,
    undoes: int | None = None,
    batch_id: int | None = None,
) -> int:
    """Write down what a person changed; returns the line's id, by which it can be undone."""
    line = audit.insert().values(
        ticket_id=change.ticket_id,
        at=at,
        actor=actor,
        origin=origin,
        action=change.action,
        before=plain(change.before),
        after=plain(change.after),
        reason=change.reason,
        model=model,
        undoes=undoes,
        batch_id=batch_id,
    )
    return int(connection.execute(line.returning(audit.c.id)).scalar_one())


def plain(values: Mapping[str, object]) -> dict[str, object]:
    """Times as text, in UTC: the history is JSON."""
    return {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }
