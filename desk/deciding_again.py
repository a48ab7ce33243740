"""Undo: one's own decisions, and for a city admin anyone's."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from database.engine import reading, writing
from desk.decisions import last_decisions
from desk.errors import Refused
from desk.pages import render
from desk.queue_page import Problem, answer
from desk.view import EMPTY, view_of
from desk.visits import Page, Visit
from desk.wording import refusal
from tickets.errors import ChangedMeanwhile, NoSuchTicket, WorkflowError
from tickets.moves import MAY_UNDO
from tickets.queue import number_of
from tickets.undoing import undo

UNDO = "/urungkan"
LAST_DECISIONS = "/keputusan"
_SHOWN = 100


def _last_decisions(visit: Visit) -> Response:
    """More than lie open beside a ticket: as far back as anyone goes one by one."""
    with reading(visit.parts.engine) as connection:
        own = last_decisions(connection, visit, _SHOWN)
    return render(visit, "last_decisions.html", decisions=own, view=EMPTY)


def _undo(visit: Visit) -> Response:
    """Take back one decision, and open the ticket it was about."""
    audit_id = visit.field("keputusan")
    if not audit_id.isdecimal():
        raise Refused(400, "form_unreadable")
    view = view_of(visit.field("pandangan"), visit.parts.city)
    try:
        with writing(visit.parts.engine) as connection:
            done = undo(connection, visit.parts.city, int(audit_id), visit.actor, visit.now)
            number = number_of(connection, done.ticket_id)
    except NoSuchTicket:
        raise
    except WorkflowError as error:
        problem = Problem(refusal(error, visit.words, visit.now), "urungkan")
        return answer(visit, view, problem, 409 if isinstance(error, ChangedMeanwhile) else 422)
    address = view.address(open=number)
    return RedirectResponse(f"{address}&diurungkan={number}", 303)


PAGES = (Page("POST", UNDO, MAY_UNDO, _undo), Page("GET", LAST_DECISIONS, MAY_UNDO, _last_decisions))
