"""The desk as an ASGI application: the table of its pages, and what happens to a request that cannot be answered."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from desk import (
    acts,
    audit_page,
    bulk_page,
    counts_page,
    deciding_again,
    drift_page,
    health,
    help,
    learning_page,
    login,
    model_page,
    presence_page,
    queue_page,
    queue_table,
    reply_page,
    same_way_page,
    saved_views_page,
    second_look_page,
    set_aside_page,
    status_page,
    tokens_page,
    unanswered_page,
    unsent_page,
)
from desk.api import API, api
from desk.errors import Refused
from desk.headers import Headers
from desk.pages import STATIC, STATIC_ADDRESS, render
from desk.parts import Parts
from desk.visits import Page, Visit, language_of, visit
from tickets.errors import NoSuchTicket

PAGES: tuple[Page, ...] = (
    *health.PAGES,
    *login.PAGES,
    *queue_page.PAGES,
    *acts.PAGES,
    *presence_page.PAGES,
    *unsent_page.PAGES,
    *saved_views_page.PAGES,
    *deciding_again.PAGES,
    *bulk_page.PAGES,
    *reply_page.PAGES,
    *unanswered_page.PAGES,
    *same_way_page.PAGES,
    *queue_table.PAGES,
    *counts_page.PAGES,
    *learning_page.PAGES,
    *model_page.PAGES,
    *drift_page.PAGES,
    *second_look_page.PAGES,
    *set_aside_page.PAGES,
    *audit_page.PAGES,
    *status_page.PAGES,
    *help.PAGES,
    *tokens_page.PAGES,
)


def application(parts: Parts) -> Starlette:
    """The desk over `parts`."""
    handlers: dict[object, Callable[[Request, Exception], Response]] = {
        Refused: partial(_refused, parts),
        NoSuchTicket: partial(_no_such_ticket, parts),
        HTTPException: partial(_not_found, parts),
        Exception: partial(_went_wrong, parts),
    }
    routes: Sequence[BaseRoute] = [
        *(Route(page.path, _endpoint(page, parts), methods=[page.method]) for page in PAGES),
        Mount(API, api(parts)),
        Mount(STATIC_ADDRESS, StaticFiles(directory=STATIC)),
    ]
    return Starlette(routes=routes, middleware=[Middleware(Headers)], exception_handlers=handlers)


def _endpoint(page: Page, parts: Parts) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        return await visit(page, parts, request)

    return answer


def _refused(parts: Parts, request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return _say(parts, request, error.status, error.code)


def _no_such_ticket(parts: Parts, request: Request, _error: Exception) -> Response:
    return _say(parts, request, 404, "no_such_ticket")


def _not_found(parts: Parts, request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _say(parts, request, error.status_code, "not_found")


def _went_wrong(parts: Parts, request: Request, error: Exception) -> Response:
    logging.getLogger("desk").error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _say(parts, request, 500, "went_wrong")


def _say(parts: Parts, request: Request, status: int, code: str) -> Response:
    """A page of one sentence. It knows nobody: whoever is refused is told no more than that."""
    stranger = Visit(parts, request, None, {}, parts.clock(), language_of(request))
    return render(stranger, "refused.html", status, code=code)
