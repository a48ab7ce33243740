"""Undo: one's own decisions, and for a city admin anyone's."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from starlette.responses import RedirectResponse, Response

from database.engine import reading, writing
from desk.asked import asked_of, is_line
from desk.decisions import Seen, last_decisions
from desk.errors import Refused
from desk.pages import render
from desk.queue_page import Problem, answer
from desk.view import EMPTY, view_of
from desk.visits import Page, Visit
from desk.wording import refusal
from tickets.errors import ChangedMeanwhile, NoSuchTicket, WorkflowError
from tickets.moves import MAY_UNDO, Action
from tickets.queue import number_of
from tickets.undoing import undo

UNDO = "/urungkan"
LAST_DECISIONS = "/keputusan"
_PAGE_SIZE = 60
ACTIONS = tuple(action for action in get_args(Action) if action != "undo")


def _last_decisions(visit: Visit) -> Response:
    """More than lie open beside a ticket, page by page: as far back as the store goes."""
    asked = asked_of(visit)
    seen = _seen(asked.before)
    wanted = replace(asked, actor="", everyone=True).wanted(visit)  # they are one's own
    with reading(visit.parts.engine) as connection:
        own = last_decisions(connection, visit, _PAGE_SIZE + 1, wanted, seen)
    listed = own[:_PAGE_SIZE]
    last = seen.past(listed)
    more = asked.query(f"{last.audit_id or ''}-{last.batch_id or ''}") if len(own) > _PAGE_SIZE else ""
    return render(visit, "last_decisions.html", decisions=listed, view=EMPTY, asked=asked, actions=ACTIONS, more=more)


def _seen(text: str) -> Seen:
    """How far one has gone; from the top where the address says nothing clear."""
    single, _, many = text.partition("-")
    return Seen(int(single) if is_line(single) else None, int(many) if is_line(many) else None)


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
