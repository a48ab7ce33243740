"""What the page says after a correction: how many other drafts would change the same way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from desk.decisions import Decision
from desk.visits import Visit
from tickets.same_way import same_way


@dataclass(frozen=True, slots=True)
class Offer:
    """That others would change like the one that was just corrected."""

    number: str
    count: int


def offer(connection: Connection, visit: Visit, decisions: Sequence[Decision], result: str) -> Offer | None:
    """What follows from the decision that was just made, if it corrected a draft."""
    made = next((each for each in decisions if each.action == "correct" and str(each.audit_id) == result), None)
    found = same_way(connection, made.name, visit.actor) if made else None
    return Offer(made.name, len(found.others)) if made and found and found.others else None
