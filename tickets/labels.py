"""What the model learns from verdicts: one label a post of the ticket, in the words of that day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from database.tables import labels, posts


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person said of a ticket's posts. `opd` may be the code of another authority.

    `priority` is said by itself: of complaint or not, category and OPD such a label tells nothing.
    """

    actionable: bool
    category: str | None
    opd: str | None
    saw_prediction: bool
    priority: str | None = None


def write_labels(
    connection: Connection, audit_id: int, ticket: Mapping[str, Any], verdict: Verdict, reviewer: str, at: datetime
) -> None:
    """Label every post of the ticket that still has its words."""
    said = select(posts.c.id, posts.c.text).where(posts.c.ticket_id == ticket["id"], posts.c.text.is_not(None))
    rows = [
        {
            "audit_id": audit_id,
            "ticket_id": ticket["id"],
            "post_id": row.id,
            "at": at,
            "reviewer": reviewer,
            "text": row.text,
            "actionable": verdict.actionable,
            "category": verdict.category,
            "opd": verdict.opd,
            "priority": verdict.priority,
            "saw_prediction": verdict.saw_prediction,
            "model": ticket["model"],
        }
        for row in connection.execute(said)
    ]
    if rows:
        connection.execute(labels.insert(), rows)


def withdraw_labels(connection: Connection, audit_id: int, at: datetime | None) -> None:
    """The verdict was undone at `at`; None: the undoing was undone, and it holds again."""
    connection.execute(update(labels).where(labels.c.audit_id == audit_id).values(withdrawn_at=at))
