"""What the API answers. Every change goes through the same door as the desk's, with the same refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Path, Query, Request
from fastapi.responses import JSONResponse

from database.engine import reading, writing
from desk.accounts import Person
from desk.api_bulk import router as bulk
from desk.api_callers import Caller, Handed, Number, origin, own_offices
from desk.api_replies import reply_told
from desk.api_replies import router as replies
from desk.api_steps import BODIES, Body
from desk.masking import masked
from desk.parts import Parts
from desk.view import Period
from tickets.blind import unproposed, unproposed_line
from tickets.counts import count
from tickets.errors import (
    ChangedMeanwhile,
    Incomplete,
    NoSuchBatch,
    NoSuchTicket,
    NotAllowed,
    NothingToUndo,
    WorkflowError,
)
from tickets.ledger import moment
from tickets.moves import Status
from tickets.queue import Filter, TicketView, history, show
from tickets.replies import replies_of
from tickets.search import Order, Search
from tickets.steps import Waiting
from tickets.undoing import undo
from tickets.workflow import Done, look, perform

_STATUS_OF: tuple[tuple[type[WorkflowError], int], ...] = (
    (NoSuchTicket, 404),
    (NoSuchBatch, 404),
    (NotAllowed, 403),
    (ChangedMeanwhile, 409),
    (Incomplete, 422),
    (NothingToUndo, 409),
)

Day = Annotated[date | None, Query(description="a day of the city's calendar, included")]
AuditId = Annotated[int, Path(ge=1, le=2**63 - 1)]


router = APIRouter()


def api_over(parts: Parts) -> FastAPI:
    """The API over `parts`."""
    app = FastAPI(
        title="Simak", version="1", docs_url=None, redoc_url=None, description="Tickets of citizens' complaints."
    )
    app.state.parts = parts
    app.include_router(router)
    app.include_router(replies)
    app.include_router(bulk)
    app.add_exception_handler(WorkflowError, _refused)
    return app


def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, WorkflowError)
    status = next((status for kind, status in _STATUS_OF if isinstance(error, kind)), 409)
    told = {name: value if isinstance(value, str | int) else str(value) for name, value in error.parameters.items()}
    return JSONResponse({"code": error.code, "parameters": told}, status)


# ── Looking ───────────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/tickets", summary="A page of tickets")
def list_tickets(
    by: Caller,
    parts: Handed,
    status: Annotated[tuple[Status, ...], Query()] = (),
    opd: Annotated[tuple[str, ...], Query()] = (),
    category: Annotated[tuple[str, ...], Query()] = (),
    later: Annotated[tuple[Waiting, ...], Query(description="put off, and why")] = (),
    tag: Annotated[tuple[str, ...], Query()] = (),
    words: Annotated[str, Query(max_length=100)] = "",
    since: Day = None,
    until: Day = None,
    order: Order = "urgent",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[str | None, Query(description="the id of the last one seen")] = None,
) -> dict[str, Any]:
    first, last = Period(since, until).moments(parts.zone)
    said = words.replace("\x00", "")
    search = Search(status, own_offices(by) or opd, category, first, last, later=later, tags=tag, words=said)
    with reading(parts.engine) as connection:
        these = parts.census.find(connection, search)
        found = parts.census.page(connection, these, order, limit=limit, after=after)
    return {
        "tickets": [_ticket(view, by) for view in found],
        "next": found[-1].row["number"] if len(found) == limit else None,
    }


@router.get("/tickets/{number}", summary="One ticket in full, with its history")
def show_ticket(number: Number, by: Caller, parts: Handed) -> dict[str, Any]:
    with reading(parts.engine) as connection:
        seen = look(connection, number, by.acting("api"))
        view = show(connection, number)
        lines = history(connection, seen.id)
        given = replies_of(connection, seen.id)
    assert view is not None  # it was just seen, in the same moment of the store
    blind = view.row["blind"]
    told = [{**unproposed_line(line, blind=blind), "at": moment(line["at"])} for line in lines]
    answered = [reply_told(each, by) for each in given]
    return {**_ticket(view, by, in_full=True), "may": list(seen.may), "history": told, "replies": answered}


@router.get("/counts", summary="How many tickets stand where")
def counts(by: Caller, parts: Handed, since: Day = None, until: Day = None) -> dict[str, Any]:
    first, last = Period(since, until).moments(parts.zone)
    with reading(parts.engine) as connection:
        wanted = Filter(opds=own_offices(by), since=first, until=last, hides_blind=True)
        return count(connection, parts.city, wanted, parts.clock()).as_dict()


def _ticket(view: TicketView, by: Person, *, in_full: bool = False) -> dict[str, Any]:
    row = unproposed(view.row)
    view = replace(view, row=row)
    told: dict[str, Any] = {**(view.in_full() if in_full else view.as_dict()), "version": row["version"]}
    told |= {"tag": row["tag"], "later": row["later"], "later_until": row["later_until"] and moment(row["later_until"])}
    posts = [{**post.as_dict(), "post_id": post.id} for post in view.posts]
    if not by.sees_authors:
        told["text"] = masked(told["text"])
        posts = [{**post, "author": None, "url": None, "id": None, "media": []} for post in posts]
    return {**told, "posts": posts}


# ── Acting ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _add_step(action: str, kind: type[Body]) -> None:
    def act(number: Number, body: Body, request: Request, by: Caller, parts: Handed) -> dict[str, Any]:
        actor, now = by.acting(origin(request)), parts.clock()
        with writing(parts.engine) as connection:
            seen = look(connection, number, actor)
            step = body.step(connection, actor)
            return _done(perform(connection, parts.city, seen.id, step, actor, now, version=body.version))

    act.__annotations__["body"] = kind  # what FastAPI reads: each step has a body of its own
    router.post(f"/tickets/{{number}}/{action}", summary=f"One step: {action}", operation_id=action)(act)


for _action, _kind in BODIES:
    _add_step(_action, _kind)


@router.post("/undo/{audit_id}", summary="Take one step back")
def take_back(audit_id: AuditId, request: Request, by: Caller, parts: Handed) -> dict[str, Any]:
    with writing(parts.engine) as connection:
        return _done(undo(connection, parts.city, audit_id, by.acting(origin(request)), parts.clock()))


def _done(done: Done) -> dict[str, Any]:
    return {"audit_id": done.audit_id}
