"""One act on many tickets: what is to be done, which tickets it is about, and what became of each.

Prepared first, and looked at: the tickets and their versions are written down then, so that what is done later is what
was seen, whatever came in meanwhile. Doing and taking back is `bulk`'s work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, delete, exists, func, or_, select, update

from city import City
from database.tables import batch_items, batches, tickets
from tickets.checking import CHECKED, check, check_home, check_step
from tickets.errors import Incomplete, NoSuchBatch, NotAllowed, WorkflowError
from tickets.moves import Action
from tickets.queue import Filter
from tickets.steps import ACTIONS, Accept, Actor, Correct, Later, Merge, Reject, Tag
from tickets.stored_posts import chunks
from tickets.trail import ALL, Wanted
from tickets.workflow import in_reach, row_in_reach

# What can be done to all of a list. A single verdict may be blind; one on many never is: it was the proposal, as the
# list shows it, that was judged, and nobody looked at each post. So blind drafts refuse it, and the line of history has
# a `batch_id`, which keeps such labels out of every measure of accuracy.
BulkStep = Accept | Reject | Correct | Merge | Tag | Later
BULK: Mapping[str, type[BulkStep]] = {
    "accept": Accept, "reject": Reject, "correct": Correct, "merge": Merge, "tag": Tag, "later": Later,
}  # fmt: skip
# What is not done to many without saying why.
REASON_NEEDED: frozenset[Action] = frozenset({"reject", "correct"})
# The largest burst of one event that is known told of it 400 times; what is more is no single event.
MOST_TO_MERGE = 500
_FORGOTTEN = timedelta(days=1)  # what was prepared, and never done

State = Literal["prepared", "doing", "done", "undoing", "undone"]
Outcome = Literal["refused", "waiting", "done", "skipped", "undone", "kept"]
_CHOSEN = ("id", "version", "posted_at", *CHECKED)


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch as it stands. `counts`: how many of its tickets ended how."""

    id: int
    at: datetime
    actor: str
    step: BulkStep
    query: str
    count: int
    reason: str | None
    state: State
    counts: Mapping[Outcome, int]

    @property
    def action(self) -> Action:
        return ACTIONS[type(self.step)]

    def of(self, outcome: Outcome) -> int:
        return self.counts.get(outcome, 0)


@dataclass(frozen=True, slots=True)
class Item:
    """A ticket of a batch, and why nothing was done to it: the code of a refusal, and its parameters."""

    number: str
    why: Mapping[str, Any] | None


def matching(connection: Connection, wanted: Filter) -> list[Mapping[str, Any]]:
    """All that a list holds, on every page of it, as `prepare` needs it."""
    query = select(*(tickets.c[name] for name in _CHOSEN)).where(*wanted.conditions()).order_by(tickets.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def numbered(connection: Connection, versions: Mapping[str, int]) -> list[Mapping[str, Any]]:
    """The tickets with these numbers, each in the version in which it was seen."""
    rows: list[Mapping[str, Any]] = []
    for chunk in chunks(sorted(versions)):
        query = select(*(tickets.c[name] for name in _CHOSEN)).where(tickets.c.number.in_(chunk))
        rows += [{**row, "version": versions[row["number"]]} for row in connection.execute(query).mappings()]
    return sorted(rows, key=lambda row: int(row["id"]))


def earliest(rows: Sequence[Mapping[str, Any]]) -> int:
    """The ticket that others are merged into if nobody says into which. Raises Incomplete if there is none."""
    if not rows:
        raise Incomplete("nothing_chosen")
    return int(min(rows, key=lambda row: (row["posted_at"], row["id"]))["id"])


def prepare(
    connection: Connection,
    city: City,
    chosen: Sequence[Mapping[str, Any]],
    step: BulkStep,
    by: Actor,
    now: datetime,
    query: str = "",
) -> int:
    """Write down what is to be done to which tickets, and which of them refuse it; returns the batch's id.

    Raises Incomplete, NotAllowed or NoSuchTicket if it could be done to no ticket whatever.
    """
    check_step(city, step, by, now)
    _forget_old(connection, now)
    home: Mapping[str, Any] | None = None
    if isinstance(step, Merge):
        home = row_in_reach(connection, tickets.c.id == step.into, by)
        chosen = [row for row in chosen if row["id"] != home["id"]]
        if len(chosen) > MOST_TO_MERGE:
            raise Incomplete("too_many_to_merge", most=MOST_TO_MERGE)
    items = [_item(city, row, step, by, now, home) for row in chosen if in_reach(row, by)]
    if not items:
        raise Incomplete("nothing_chosen")
    batch_id = _insert(connection, step, by, now, query, sum(item["outcome"] == "waiting" for item in items))
    connection.execute(batch_items.insert(), [{"batch_id": batch_id, **item} for item in items])
    return batch_id


def _item(
    city: City, row: Mapping[str, Any], step: BulkStep, by: Actor, now: datetime, home: Mapping[str, Any] | None
) -> dict[str, Any]:
    told = {"ticket_id": row["id"], "version": row["version"]}
    try:
        if row["blind"] and isinstance(step, Accept | Reject | Correct):
            raise NotAllowed("looked_at_blind", number=row["number"])
        check(city, row, step, by, now)
        if home is not None:
            check_home(row, home)
    except WorkflowError as error:
        return {**told, "outcome": "refused", "why": as_why(error)}
    return {**told, "outcome": "waiting", "why": None}


def as_why(error: WorkflowError) -> dict[str, Any]:
    return {"code": error.code, "parameters": {name: str(value) for name, value in error.parameters.items()}}


def _insert(connection: Connection, step: BulkStep, by: Actor, now: datetime, query: str, count: int) -> int:
    row = {"at": now, "actor": by.name, "action": ACTIONS[type(step)], "query": query, "count": count}
    written = batches.insert().values(**row, step=_as_json(step), state="prepared").returning(batches.c.id)
    return int(connection.execute(written).scalar_one())


def _forget_old(connection: Connection, now: datetime) -> None:
    """The rows stay without their tickets: a page that still lies open must never mean another batch."""
    old = (batches.c.state == "prepared", batches.c.count > 0, batches.c.at < now - _FORGOTTEN)
    ids = list(connection.execute(select(batches.c.id).where(*old)).scalars())
    if ids:
        connection.execute(delete(batch_items).where(batch_items.c.batch_id.in_(ids)))
        connection.execute(update(batches).where(batches.c.id.in_(ids)).values(count=0))


# ── Looking ───────────────────────────────────────────────────────────────────────────────────────────────────────


def batch_of(connection: Connection, batch_id: int, by: Actor) -> BatchView:
    """Raises NoSuchBatch for one that is unknown, or not this person's; a city admin sees everyone's."""
    row = connection.execute(select(batches).where(batches.c.id == batch_id)).mappings().one_or_none()
    if row is None or (row["actor"] != by.name and by.role != "city_admin"):
        raise NoSuchBatch("no_such_batch", batch=batch_id)
    return _view(connection, row)


def standing(
    connection: Connection, by: Actor, limit: int, wanted: Wanted = ALL, before: int | None = None
) -> list[BatchView]:
    """This person's batches that changed something and were not taken back, newest first.

    `wanted` speaks of them as of lines of the trail. `before`: the id of the last one seen.
    """
    query = (
        select(batches)
        .where(batches.c.actor == by.name, batches.c.state.in_(("doing", "done", "undoing")), batches.c.count > 0)
        .where(*_such(wanted))
        .order_by(batches.c.at.desc(), batches.c.id.desc())
        .limit(limit)
    )
    last = batches.c.id == before  # by when it was begun, which need not be in the order of preparing
    if before is not None and (seen := connection.execute(select(batches.c.at).where(last)).scalar()):
        query = query.where(or_(batches.c.at < seen, and_(batches.c.at == seen, batches.c.id < before)))
    return [_view(connection, row) for row in connection.execute(query).mappings().all()]


def _such(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.action:
        found.append(batches.c.action == wanted.action)
    if wanted.number:
        of_it = (batch_items.c.batch_id == batches.c.id, tickets.c.id == batch_items.c.ticket_id)
        found.append(exists().where(*of_it, tickets.c.number == wanted.number, batch_items.c.outcome == "done"))
    if wanted.since:
        found.append(batches.c.at >= wanted.since)
    if wanted.until:
        found.append(batches.c.at < wanted.until)
    return found


def items(connection: Connection, batch_id: int, outcome: Outcome, limit: int | None = None) -> list[Item]:
    """Its tickets that ended so, in the order of their lots: the first few are a sample that nobody chose."""
    query = (
        select(tickets.c.number, batch_items.c.why)
        .join(tickets, tickets.c.id == batch_items.c.ticket_id)
        .where(batch_items.c.batch_id == batch_id, batch_items.c.outcome == outcome)
        .order_by(tickets.c.lot, tickets.c.id)
        .limit(limit)
    )
    return [Item(row.number, row.why) for row in connection.execute(query)]


def _view(connection: Connection, row: RowMapping) -> BatchView:
    counted = (
        select(batch_items.c.outcome, func.count())
        .where(batch_items.c.batch_id == row["id"])
        .group_by(batch_items.c.outcome)
    )
    told = {name: row[name] for name in ("id", "at", "actor", "query", "count", "reason", "state")}
    counts = {outcome: number for outcome, number in connection.execute(counted)}  # noqa: C416  typed, unlike dict()
    return BatchView(**told, step=step_of(row["step"]), counts=counts)


def _as_json(step: BulkStep) -> dict[str, Any]:
    told = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(step).items()}
    return {"action": ACTIONS[type(step)], **told}


def step_of(told: Mapping[str, Any]) -> BulkStep:
    """What is done to each, as the column `step` holds it."""
    kind = BULK[told["action"]]
    given = {field.name: told[field.name] for field in fields(kind) if field.name in told}
    if kind is Later:
        given["until"] = datetime.fromisoformat(given["until"])
    return kind(**given)
