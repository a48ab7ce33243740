"""One act on all of a list: chosen, looked at before it is done, watched, and taken back as one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from city.calendar import next_opening
from database.engine import reading, writing
from desk.acts import ACTS
from desk.bulk_words import brings_back, left_alone, step_words, view_words
from desk.errors import Refused
from desk.masking import masked
from desk.pages import render
from desk.rows import list_row
from desk.view import BULK as ADDRESS
from desk.view import View, view_of
from desk.visits import Page, Visit
from desk.wording import DONE, refusal
from tickets.batches import (
    BULK,
    REASON_NEEDED,
    BatchView,
    BulkStep,
    Outcome,
    batch_of,
    earliest,
    items,
    matching,
    prepare,
)
from tickets.blind import unproposed
from tickets.bulk import Direction, begin, begin_undo, carry_on
from tickets.errors import NoSuchBatch, NoSuchTicket, WorkflowError
from tickets.moves import MAY_UNDO
from tickets.queue import TicketView, count, number_of, show
from tickets.steps import Merge

PATIENCE = 1.5  # seconds for which an answer waits, so that a small batch is over when its page is shown
SAMPLE = 5

_LEFT_ALONE: tuple[Outcome, ...] = ("refused", "skipped", "kept")
_FORMS = {act.path: act for act in ACTS if act.action in BULK}


# ── Choosing, and looking first ───────────────────────────────────────────────────────────────────────────────────


def _choose(visit: Visit) -> Response:
    return _choices(visit, view_of(visit.request.url.query, visit.parts.city))


def _choices(visit: Visit, view: View, problem: str = "", status: int = 200) -> Response:
    parts, role = visit.parts, visit.person.role
    with reading(parts.engine) as connection:
        found = count(connection, view.search(visit.person, visit.now, parts.zone))
    values: dict[str, Any] = {
        "view": view,
        "narrowed": view_words(view, parts.city, visit.words),
        "count": found,
        "next_opening": next_opening(parts.city, visit.now, parts.zone),
        "may": [path for path, act in _FORMS.items() if role in act.roles],
        "problem": problem,
        "typed": {name: given[-1] for name, given in visit.form.items()},
        "opds": parts.city.opds.values(),
        "categories": [each for each in parts.city.categories.values() if not each.not_ours],
        "authorities": parts.city.authorities.values(),
    }
    return render(visit, "bulk.html", status, **values)


def _prepare(visit: Visit) -> Response:
    """Write down what the list holds at this moment, and show it before anything is done."""
    parts = visit.parts
    view = view_of(visit.field("pandangan"), parts.city)
    search = view.search(visit.person, visit.now, parts.zone)
    try:
        with writing(parts.engine) as connection:
            chosen = matching(connection, search)
            step = _step(connection, visit, chosen)
            query = view.query(after=None, open=None)
            batch_id = prepare(connection, parts.city, chosen, step, visit.actor, visit.now, query)
    except NoSuchTicket:
        raise
    except WorkflowError as error:
        return _choices(visit, view, refusal(error, visit.words, visit.now), 422)
    return RedirectResponse(f"{ADDRESS}/{batch_id}", 303)


def _step(connection: Connection, visit: Visit, chosen: list[Mapping[str, Any]]) -> BulkStep:
    act = _FORMS.get(visit.field("tindakan"))
    if act is None:
        raise Refused(400, "form_unreadable")
    if act.action == "merge" and not visit.field("ke"):
        return Merge(earliest(chosen))
    step = act.read(connection, visit)
    assert isinstance(step, BulkStep)
    return step


# ── Doing, watching, taking back ──────────────────────────────────────────────────────────────────────────────────


def _show(visit: Visit, problem: str = "", status: int = 200) -> Response:
    with reading(visit.parts.engine) as connection:
        values = _told(connection, visit, _batch(connection, visit))
    return render(visit, "batch.html", status, problem=problem, **values)


def _told(connection: Connection, visit: Visit, batch: BatchView) -> dict[str, Any]:
    parts, words = visit.parts, visit.words
    home = number_of(connection, batch.step.into) if isinstance(batch.step, Merge) else ""
    expected = items(connection, batch.id, "waiting", SAMPLE) if batch.state == "prepared" else []
    found = [view for item in expected if (view := show(connection, item.number))]
    shown = [replace(view, row=unproposed(view.row)) for view in found]
    groups = {
        outcome: left_alone(items(connection, batch.id, outcome), words, visit.now) if batch.of(outcome) else []
        for outcome in _LEFT_ALONE
    }
    return {
        "batch": batch,
        "what": step_words(batch.step, parts.city, words, home),
        "did": words.say(DONE[batch.action]),
        "narrowed": view_words(view_of(batch.query, parts.city), parts.city, words),
        "back": view_of(batch.query, parts.city).address(),
        "sample": [(list_row(each, parts.city, words, visit.now), _said(visit, each)) for each in shown],
        "groups": groups,
        "brings_back": brings_back(batch, words),
        "reason_needed": batch.action in REASON_NEEDED,
        "at_it": any(parts.working.is_at(batch.id, direction) for direction in ("doing", "undoing")),
        "is_own": batch.actor == visit.person.name,
    }


def _said(visit: Visit, view: TicketView) -> str:
    """The citizen's words, as this person may read them."""
    text = str(view.row["text"])
    return text if visit.person.sees_authors else masked(text)


def _do(visit: Visit) -> Response:
    def to_be_done(connection: Connection, batch_id: int) -> None:
        begin(connection, batch_id, visit.actor, visit.field("keterangan"), visit.now)

    return _turn(visit, "doing", to_be_done)


def _undo(visit: Visit) -> Response:
    def to_be_undone(connection: Connection, batch_id: int) -> None:
        begin_undo(connection, batch_id, visit.actor)

    return _turn(visit, "undoing", to_be_undone)


def _turn(visit: Visit, direction: Direction, change: Callable[[Connection, int], None]) -> Response:
    try:
        with writing(visit.parts.engine) as connection:
            batch = _batch(connection, visit)
            change(connection, batch.id)
    except WorkflowError as error:
        return _show(visit, refusal(error, visit.words, visit.now), 422)
    return work(visit, batch.id, direction)


def work(visit: Visit, batch_id: int, direction: Direction) -> Response:
    """Begin, and show how far it is: most are over by then."""
    parts = visit.parts
    work = partial(carry_on, parts.engine, parts.city, batch_id, direction, visit.actor, parts.clock)
    parts.working.begin(batch_id, direction, work)
    parts.working.wait(batch_id, direction, PATIENCE)
    return RedirectResponse(f"{ADDRESS}/{batch_id}", 303)


def _batch(connection: Connection, visit: Visit) -> BatchView:
    number = visit.request.path_params["batch"]
    known = number.isdecimal() and len(number) < 16
    try:
        return batch_of(connection, int(number) if known else 0, visit.actor)
    except NoSuchBatch:
        raise Refused(404, "no_such_batch") from None


PAGES = (
    Page("GET", ADDRESS, MAY_UNDO, _choose),
    Page("POST", ADDRESS, MAY_UNDO, _prepare),
    Page("GET", f"{ADDRESS}/{{batch}}", MAY_UNDO, _show),
    Page("POST", f"{ADDRESS}/{{batch}}/kerjakan", MAY_UNDO, _do),
    Page("POST", f"{ADDRESS}/{{batch}}/urungkan", MAY_UNDO, _undo),
)
