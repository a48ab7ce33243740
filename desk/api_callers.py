"""Who calls the API: the parts and the person of a request, as FastAPI hands them to a route."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import BackgroundTasks, Depends, HTTPException, Path, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from database.engine import reading, writing
from desk.accounts import Person
from desk.api_tokens import BEGINNING, caller_of, note_use
from desk.parts import Parts
from tickets.later import wake

Number = Annotated[str, Path(pattern=r"^\d{4}-\d{6,}$", examples=["2026-000123"])]


def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


Handed = Annotated[Parts, Depends(_parts)]
_SCHEME = HTTPBearer(
    scheme_name="token",
    bearerFormat=f"{BEGINNING}…",
    description="A token of an account, made on the desk's page “Token API” or with `python -m desk token add`. "
    "It acts with the role of its account, until it expires or is revoked, or the account is disabled.",
    auto_error=False,
)
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_SCHEME)]


def _caller(given: Bearer, parts: Handed, afterwards: BackgroundTasks) -> Person:
    now = parts.clock()
    with reading(parts.engine) as connection:
        caller = caller_of(connection, given.credentials, now) if given else None
    if caller is None:
        raise HTTPException(401, "the token is missing, unknown or has ended", {"WWW-Authenticate": "Bearer"})
    wake(parts.engine, now)  # what was put off until now is in every list again
    if caller.seldom_used:
        afterwards.add_task(_note_use, parts, caller.token_id, now)
    return parts.of_today(caller.person)


def _note_use(parts: Parts, token_id: int, now: datetime) -> None:
    with writing(parts.engine) as connection:
        note_use(connection, token_id, now)


Caller = Annotated[Person, Depends(_caller)]


def origin(request: Request) -> str:
    return f"api {request.client.host if request.client else '?'}"[:80]


def own_offices(by: Person) -> tuple[str, ...]:
    """The offices to which this person is bound; empty for all."""
    return (by.opd or "",) if by.role == "opd_admin" else ()
