"""Being there: a browser's signs of life while a ticket lies open, leaving it, and taking it over from somebody.

A page that is loaded counts as opening its ticket. A page that the script fetches, perhaps ahead, does not: the script
says itself what is shown, and for how long.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import OperationalError
from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response

from database.engine import writing
from database.tables import audit, tickets
from desk.looks import Look, Present, Seen, leave, looks_of, note_look, present
from desk.names import called
from desk.news import news_since
from desk.pages import render
from desk.view import view_of
from desk.visits import EVERYONE, Page, Visit
from tickets.moves import MAY_UNDO
from tickets.workflow import look

_SCRIPT = "desk.js"  # what it writes into X-Requested-With


@dataclass(frozen=True, slots=True)
class Presence:
    """Who else has the ticket open. `holder`: the one who has it in hand, if it is not this person."""

    holder: Present | None
    others: str
    may_take: bool


def presence_of(connection: Connection, ticket_id: int, visit: Visit, *, may_take: bool = True) -> Presence:
    """`may_take`: where the page has room for it."""
    people = present(connection, [ticket_id], visit.now).get(ticket_id, ())
    others = [each for each in people if each.account_id != visit.person.id]
    return Presence(
        holder=people[0] if others and people[0] is others[0] else None,
        others=", ".join(called(each.name, visit.words) for each in others),
        may_take=may_take and visit.person.role in MAY_UNDO,
    )


def seen_now(connection: Connection, number: str) -> Seen:
    """The ticket as a page shows it that is made in this moment of the store."""
    newest = select(func.coalesce(func.max(audit.c.id), 0)).where(audit.c.ticket_id == tickets.c.id)
    query = select(tickets.c.id, tickets.c.version, newest.scalar_subquery()).where(tickets.c.number == number)
    return Seen(*connection.execute(query).one())


def is_shown(visit: Visit) -> bool:
    """Whether this page is loaded to be looked at, and not fetched by the script or ahead of its time."""
    headers = visit.request.headers
    return headers.get("x-requested-with") != _SCRIPT and "prefetch" not in headers.get("sec-purpose", "")


def noting(visit: Visit, seen: Seen | None, last: Look | None) -> BackgroundTask | None:
    """Write down, once the page is sent, that it was looked at; nothing where nothing would change."""
    if not is_shown(visit) or (seen and last and not last.is_news(seen, visit.now)):
        return None
    return BackgroundTask(_note, visit, seen)


def _note(visit: Visit, seen: Seen | None) -> None:
    try:
        with writing(visit.parts.engine) as connection:
            if seen:
                note_look(connection, visit.person.id, seen, visit.now)
            else:
                leave(connection, visit.person.id)
    except OperationalError as error:  # the store was busy for too long; the next page says it again
        logging.getLogger("desk").warning("a look was not written down: %s", error)


def _beat(visit: Visit) -> Response:
    """A sign of life: answers with who else is there, and what has changed under this person's eyes."""
    number = visit.request.path_params["number"]
    with writing(visit.parts.engine) as connection:
        ticket = look(connection, number, visit.actor)
        line = visit.whole_number("baris")
        note_look(connection, visit.person.id, Seen(ticket.id, visit.whole_number("versi"), line), visit.now)
        values: dict[str, Any] = {
            "presence": presence_of(connection, ticket.id, visit, may_take=visit.field("halaman") != "balas"),
            "fresh": news_since(connection, ticket.id, line, visit),
        }
    view = view_of(visit.field("pandangan"), visit.parts.city)
    return render(visit, "beat.html", ticket_number=number, view=view, **values)


def _leave(visit: Visit) -> Response:
    """Said by a page as it goes; it leads nowhere, for a page that is followed to would open a ticket again."""
    with writing(visit.parts.engine) as connection:
        leave(connection, visit.person.id, look(connection, visit.request.path_params["number"], visit.actor).id)
    return Response(status_code=204)


def _take_over(visit: Visit) -> Response:
    number = visit.request.path_params["number"]
    with writing(visit.parts.engine) as connection:
        ticket = look(connection, number, visit.actor)
        last = looks_of(connection, visit.person.id, [ticket.id]).get(ticket.id)
        seen = last.seen if last else Seen(ticket.id, ticket.version, 0)  # taking it over shows nothing new of it
        note_look(connection, visit.person.id, seen, visit.now, take=True)
    return RedirectResponse(view_of(visit.field("pandangan"), visit.parts.city).address(open=number), 303)


PAGES = (
    Page("POST", "/tiket/{number}/hadir", EVERYONE, _beat),
    Page("POST", "/tiket/{number}/lepas", EVERYONE, _leave),
    Page("POST", "/tiket/{number}/ambil-alih", MAY_UNDO, _take_over),
)
