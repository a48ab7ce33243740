"""The second look: a fixed share of decided tickets is judged once more by somebody else, who knows neither verdict
nor proposal.

How far people agree with one another is the measure that the model's accuracy is read against. What is said here is a
label and a line of history; the ticket stays as it was decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, select

from city import City
from database.lock import one_at_a_time
from database.tables import audit, labels, tickets
from tickets.errors import Incomplete, NoSuchTicket, NotAllowed, NothingToUndo
from tickets.history import Change, record
from tickets.labels import Verdict, withdraw_labels, write_labels
from tickets.lots import SECOND_LOOK
from tickets.moves import DRAFT, Role
from tickets.steps import Actor

MAY_LOOK: frozenset[Role] = frozenset({"city_admin"})
MAY_LEARN: frozenset[Role] = frozenset({"city_admin", "data_team"})  # see what comes of it
VERDICTS = ("accept", "correct", "reject")


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody takes a ticket for: ours, with its OPD; another authority's, its code as `opd`; no complaint."""

    actionable: bool
    category: str | None = None
    opd: str | None = None


def next_to_look_at(connection: Connection, by: Actor, *, after: int = 0) -> Mapping[str, Any] | None:
    """The ticket that has waited longest for this person's second look; `after`: past the one with this id."""
    query = select(tickets).where(*_waiting(by), tickets.c.id > after).order_by(tickets.c.id).limit(1)
    row = connection.execute(query).mappings().one_or_none()
    return dict(row) if row else None


def waiting_numbers(connection: Connection, by: Actor) -> frozenset[str]:
    """The tickets that wait for this person's second look."""
    return frozenset(connection.execute(select(tickets.c.number).where(*_waiting(by))).scalars())


def how_many_wait(connection: Connection, by: Actor) -> int:
    return int(connection.execute(select(func.count()).select_from(tickets).where(*_waiting(by))).scalar_one())


def look_again(connection: Connection, city: City, number: str, opinion: Opinion, by: Actor, now: datetime) -> int:
    """Write down what this person takes the ticket for; returns the line of history, by which it can be undone.

    Raises NotAllowed, NoSuchTicket or Incomplete, with nothing written.
    """
    one_at_a_time(connection, "incidents")
    if by.role not in MAY_LOOK:
        raise NotAllowed("not_for_this_role", action="second_look", role=by.role)
    found = connection.execute(select(tickets).where(tickets.c.number == number, *_waiting(by))).mappings()
    row = found.one_or_none()
    if row is None:
        raise NoSuchTicket("no_second_look", number=number)
    said = _checked(city, opinion)
    change = Change(row["id"], "second_look", {}, {"second_look": asdict(said)})
    audit_id = record(connection, change, by.name, by.origin, now, model=row["model"])
    verdict = Verdict(said.actionable, said.category, said.opd, saw_prediction=False)
    write_labels(connection, audit_id, dict(row), verdict, by.name, now)
    return audit_id


def take_back(connection: Connection, line: Mapping[str, Any], by: Actor, now: datetime) -> int:
    """It was not said after all; returns the new line. Raises NothingToUndo."""
    if connection.execute(select(exists().where(audit.c.undoes == line["id"]))).scalar():
        raise NothingToUndo("undone_already", audit_id=line["id"])
    withdraw_labels(connection, line["id"], now)
    change = Change(line["ticket_id"], "undo", line["after"], {})
    return record(connection, change, by.name, by.origin, now, model=line["model"], undoes=line["id"])


def _waiting(by: Actor) -> list[ColumnElement[bool]]:
    """Decided by a verdict that stands, by others alone, and not looked at again yet."""
    own = exists(_labels().where(labels.c.reviewer == by.name))
    first = exists(_labels().where(audit.c.action.in_(VERDICTS)))
    second = exists(_labels().where(audit.c.action == "second_look"))
    counts = (tickets.c.merged_into.is_(None), tickets.c.withdrawn_at.is_(None), tickets.c.status != DRAFT)
    return [tickets.c.lot.between(SECOND_LOOK.start, SECOND_LOOK.stop - 1), *counts, first, ~second, ~own]


def _labels() -> Select[Any]:
    """The labels of the ticket that hold."""
    same = (labels.c.ticket_id == tickets.c.id, labels.c.withdrawn_at.is_(None))
    return select(labels.c.id).join(audit, audit.c.id == labels.c.audit_id).where(*same).correlate(tickets)


def _checked(city: City, opinion: Opinion) -> Opinion:
    if not opinion.actionable:
        return Opinion(actionable=False)
    if opinion.opd in city.authorities:
        not_ours = next((each.code for each in city.categories.values() if each.not_ours), None)
        return Opinion(actionable=True, category=not_ours, opd=opinion.opd)
    known = city.categories.get(opinion.category or "")
    if known is None or known.not_ours:
        raise Incomplete("category_missing", category=opinion.category)
    if opinion.opd not in city.opds:
        raise Incomplete("opd_missing", opd=opinion.opd)
    return opinion
