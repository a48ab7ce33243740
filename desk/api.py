"""The same acts for the city's other systems: JSON, a bearer token, described by OpenAPI at `/api/v1/openapi.json`.

A token acts for an account, with its role; `python -m desk token add` makes one. FastAPI is imported with the first
request: who only serves pages never waits for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Receive, Scope, Send

from desk.parts import Parts

if TYPE_CHECKING:
    from fastapi import FastAPI

API = "/api/v1"


def api(parts: Parts) -> ASGIApp:
    """The API, built when it is first asked."""
    built: list[FastAPI] = []

    async def ask(scope: Scope, receive: Receive, send: Send) -> None:
        if not built:
            from desk.api_routes import api_over

            built.append(api_over(parts))
        await built[0](scope, receive, send)

    return ask
