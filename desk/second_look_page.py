"""Decided tickets that one looks at again: the citizen's words alone, without what was decided or proposed."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import RedirectResponse, Response

from database.engine import reading, writing
from desk.finding import authority_named, category_named, opd_named
from desk.pages import render
from desk.rows import open_ticket
from desk.view import AGAIN
from desk.visits import Page, Visit
from desk.wording import refusal
from tickets.blind import unproposed
from tickets.errors import WorkflowError
from tickets.queue import TicketView, show
from tickets.second_looks import MAY_LOOK, Opinion, how_many_wait, look_again, next_to_look_at


def _show(visit: Visit, problem: str = "", status: int = 200) -> Response:
    """The next one; past the one that the address names, for whoever would rather not say."""
    parts = visit.parts
    given = visit.request.query_params.get("setelah", "")
    after = int(given) if given.isdecimal() and len(given) < 18 else 0
    with reading(parts.engine) as connection:
        row = next_to_look_at(connection, visit.actor, after=after)
        view = show(connection, row["number"]) if row else None
        waiting = how_many_wait(connection, visit.actor)
    hidden = TicketView(unproposed({**view.row, "blind": True}), view.posts) if view else None
    return render(
        visit,
        "second_look.html",
        status,
        ticket=open_ticket(hidden, parts.city, visit.person, visit.words, visit.now) if hidden else None,
        waiting=waiting,
        done=visit.request.query_params.get("hasil", ""),
        problem=problem,
        typed=visit.field,
        opds=parts.city.opds.values(),
        categories=[each for each in parts.city.categories.values() if not each.not_ours],
        authorities=parts.city.authorities.values(),
    )


def _ours(visit: Visit) -> Opinion:
    city = visit.parts.city
    return Opinion(True, category_named(city, visit.field("kategori")), opd_named(city, visit.field("opd")))


def _others(visit: Visit) -> Opinion:
    return Opinion(True, opd=authority_named(visit.parts.city, visit.field("kewenangan")))


def _no_complaint(_visit: Visit) -> Opinion:
    return Opinion(actionable=False)


_OPINIONS: dict[str, Callable[[Visit], Opinion]] = {
    "aduan": _ours,
    "bukan-kewenangan": _others,
    "bukan-aduan": _no_complaint,
}


def _answer(visit: Visit) -> Response:
    number = visit.request.path_params["number"]
    opinion = _OPINIONS.get(visit.field("pandangan"), _ours)(visit)
    try:
        with writing(visit.parts.engine) as connection:
            audit_id = look_again(connection, visit.parts.city, number, opinion, visit.actor, visit.now)
    except WorkflowError as error:
        return _show(visit, refusal(error, visit.words, visit.now), 422)
    return RedirectResponse(f"{AGAIN}?hasil={audit_id}", 303)


PAGES = (
    Page("GET", AGAIN, MAY_LOOK, _show),
    Page("POST", f"{AGAIN}/{{number}}", MAY_LOOK, _answer),
)
