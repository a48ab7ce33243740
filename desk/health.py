"""For the programs that watch over the desk: does it live, and can it do its work?"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from database.engine import reading
from desk.view import LIST
from desk.visits import Page, Visit


def _alive(visit: Visit) -> Response:
    return PlainTextResponse("ok\n")


def _ready(visit: Visit) -> Response:
    try:
        with reading(visit.parts.engine) as connection:
            connection.execute(text("SELECT 1 FROM tickets LIMIT 1"))
    except DBAPIError:
        return PlainTextResponse("the store does not answer\n", 503)
    return PlainTextResponse("ready\n")


def _home(visit: Visit) -> Response:
    return RedirectResponse(LIST, 303)


PAGES = (
    Page("GET", "/healthz", None, _alive),
    Page("GET", "/readyz", None, _ready),
    Page("GET", "/", None, _home),
)
