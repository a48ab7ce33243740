"""One act on many tickets, for programs: prepared and looked at, begun, watched, taken back as one."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from database.engine import reading, writing
from desk.accounts import Person
from desk.api_callers import Caller, Handed, origin, own_offices
from desk.api_steps import Words
from desk.parts import Parts
from desk.view import Period
from tickets.batches import BatchView, BulkStep, Outcome, batch_of, earliest, items, matching, prepare
from tickets.bulk import Direction, begin, begin_undo, carry_on
from tickets.checking import LONGEST_TAG
from tickets.ledger import moment
from tickets.moves import Status
from tickets.search import Search
from tickets.steps import Accept, Actor, Correct, Later, Merge, Reject, Tag, Waiting
from tickets.workflow import look

BatchId = Annotated[int, Path(ge=1, le=2**63 - 1)]
PATIENCE = 1.5  # seconds for which an answer waits for a small batch to end
_LEFT_ALONE: tuple[Outcome, ...] = ("refused", "skipped", "kept")
_MOST_TOLD = 1_000  # tickets that are named of each

router = APIRouter()


# ── What is asked for ─────────────────────────────────────────────────────────────────────────────────────────────


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Which(_Strict):
    """A filter; what is left out lets all through, those that were put off too."""

    status: list[Status] = ["belum_terverifikasi"]
    opd: list[str] = []
    category: list[str] = []
    kecamatan: list[str] = []
    later: list[Waiting] = []
    tag: list[str] = []
    words: Annotated[str, Field(max_length=100)] = ""
    since: date | None = None
    until: date | None = None

    def search(self, by: Person, parts: Parts) -> Search:
        first, last = Period(self.since, self.until).moments(parts.zone)
        return Search(
            statuses=tuple(self.status),
            opds=own_offices(by) or tuple(self.opd),
            categories=tuple(self.category),
            since=first,
            until=last,
            kecamatan=tuple(self.kecamatan),
            later=tuple(self.later),
            tags=tuple(self.tag),
            words=self.words.replace("\x00", ""),
        )


class AcceptAll(_Strict):
    action: Literal["accept"]

    def step(self, _connection: Connection, _by: Actor) -> BulkStep | None:
        return Accept()


class RejectAll(_Strict):
    action: Literal["reject"]
    rejection: Literal["no_complaint", "not_ours", "too_little"]
    authority: str | None = None

    def step(self, _connection: Connection, _by: Actor) -> BulkStep | None:
        return Reject(self.rejection, None, self.authority)


class CorrectAll(_Strict):
    action: Literal["correct"]
    opd: str | None = None
    category: str | None = None

    def step(self, _connection: Connection, _by: Actor) -> BulkStep | None:
        return Correct(self.category, self.opd)


class MergeAll(_Strict):
    action: Literal["merge"]
    into: Annotated[str | None, Field(description="a ticket's id; left out: the earliest of them")] = None

    def step(self, connection: Connection, by: Actor) -> BulkStep | None:
        return Merge(look(connection, self.into, by).id) if self.into else None


class TagAll(_Strict):
    action: Literal["tag"]
    tag: Annotated[str | None, Field(max_length=LONGEST_TAG)]

    def step(self, _connection: Connection, _by: Actor) -> BulkStep | None:
        return Tag(self.tag)


class LaterAll(_Strict):
    action: Literal["later"]
    reason: Waiting
    until: AwareDatetime

    def step(self, _connection: Connection, _by: Actor) -> BulkStep | None:
        return Later(self.reason, self.until)


Act = Annotated[AcceptAll | RejectAll | CorrectAll | MergeAll | TagAll | LaterAll, Field(discriminator="action")]


class Wanted(_Strict):
    which: Which = Which()
    act: Act


class Begun(_Strict):
    reason: Annotated[Words | None, Field(description="one for all; reject and correct need it")] = None


# ── What is answered ──────────────────────────────────────────────────────────────────────────────────────────────


@router.post("/bulk", summary="Prepare one act on all that a filter finds; nothing is done yet", status_code=201)
def prepare_bulk(wanted: Wanted, request: Request, by: Caller, parts: Handed) -> dict[str, Any]:
    actor, now = by.acting(origin(request)), parts.clock()
    with writing(parts.engine) as connection:
        chosen = matching(connection, wanted.which.search(by, parts))
        step = wanted.act.step(connection, actor) or Merge(earliest(chosen))
        batch_id = prepare(connection, parts.city, chosen, step, actor, now)
        return _told(connection, batch_of(connection, batch_id, actor))


@router.get("/bulk/{batch_id}", summary="How far it is, and which tickets were left alone and why")
def show_bulk(batch_id: BatchId, request: Request, by: Caller, parts: Handed) -> dict[str, Any]:
    with reading(parts.engine) as connection:
        return _told(connection, batch_of(connection, batch_id, by.acting(origin(request))))


@router.post("/bulk/{batch_id}/start", summary="Do what was prepared, to the tickets as they were then")
def start_bulk(batch_id: BatchId, body: Begun, request: Request, by: Caller, parts: Handed) -> dict[str, Any]:
    actor = by.acting(origin(request))
    with writing(parts.engine) as connection:
        begin(connection, batch_id, actor, body.reason, parts.clock())
    return _work(batch_id, "doing", actor, parts)


@router.post("/bulk/{batch_id}/undo", summary="Take all of it back, but for what somebody changed since")
def undo_bulk(batch_id: BatchId, request: Request, by: Caller, parts: Handed) -> dict[str, Any]:
    actor = by.acting(origin(request))
    with writing(parts.engine) as connection:
        begin_undo(connection, batch_id, actor)
    return _work(batch_id, "undoing", actor, parts)


def _work(batch_id: int, direction: Direction, by: Actor, parts: Parts) -> dict[str, Any]:
    work = partial(carry_on, parts.engine, parts.city, batch_id, direction, by, parts.clock)
    parts.working.begin(batch_id, direction, work)
    parts.working.wait(batch_id, direction, PATIENCE)
    with reading(parts.engine) as connection:
        return _told(connection, batch_of(connection, batch_id, by))


def _told(connection: Connection, batch: BatchView) -> dict[str, Any]:
    def named(outcome: Outcome) -> list[dict[str, Any]]:
        found = items(connection, batch.id, outcome, _MOST_TOLD) if batch.of(outcome) else []
        return [{"id": item.number, **(item.why or {})} for item in found]

    told = {"id": batch.id, "at": moment(batch.at), "actor": batch.actor, "action": batch.action}
    told |= {"reason": batch.reason, "state": batch.state, "counts": dict(batch.counts)}
    return told | {outcome: named(outcome) for outcome in _LEFT_ALONE}
