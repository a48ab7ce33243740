"""One request, as the pages see it, and what guards every page: who is there, what they may, and that they meant it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from urllib.parse import parse_qs, quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from database.engine import reading
from desk.accounts import ROLES, Person
from desk.errors import Refused
from desk.parts import Parts
from desk.sessions import COOKIE, Session, session_of
from desk.texts import LANGUAGES, Language, Words
from tickets.later import is_due, wake_due
from tickets.moves import Role
from tickets.steps import Actor

LANGUAGE_COOKIE = "simak_bahasa"
KEYS_COOKIE = "simak_tombol"
LOGIN = "/masuk"
TOKEN = "token"  # noqa: S105  the name of the field that carries a form's token
LARGEST_FORM = 200_000  # bytes
_MOST_DIGITS = 18

Form = Mapping[str, Sequence[str]]

EVERYONE: frozenset[Role] = frozenset(ROLES)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request to one page. `form` is empty unless it was sent by POST, and then its token was right."""

    parts: Parts
    request: Request
    session: Session | None
    form: Form
    now: datetime
    language: Language

    @property
    def person(self) -> Person:
        """Who is logged in: on every page but the ones open to all."""
        if self.session is None:
            raise Refused(403, "log_in_first")
        return self.session.person

    @property
    def actor(self) -> Actor:
        return self.person.acting(f"desk {self.address}"[:80])

    @property
    def address(self) -> str:
        return self.request.client.host if self.request.client else "?"

    @property
    def words(self) -> Words:
        return Words(self.language)

    @property
    def keys_on(self) -> bool:
        """Whoever dictates to their computer can switch single letters off (WCAG 2.1.4)."""
        return self.request.cookies.get(KEYS_COOKIE) != "mati"

    def field(self, name: str) -> str:
        """A field of the form, without the spaces around it; empty when it was left out."""
        return (self.form.get(name) or [""])[-1].strip()

    def whole_number(self, name: str) -> int:
        """A field that should hold a whole number; 0 where it does not, or none that the store could keep."""
        given = self.field(name)
        return int(given) if given.isdecimal() and len(given) <= _MOST_DIGITS else 0


@dataclass(frozen=True, slots=True)
class Page:
    """One address of the desk. `roles`: who may ask for it; None for everyone, logged in or not."""

    method: Literal["GET", "POST"]
    path: str
    roles: frozenset[Role] | None
    answer: Callable[[Visit], Response]


async def visit(page: Page, parts: Parts, request: Request) -> Response:
    """Answer a request. Raises Refused."""
    form: Form = {}
    if page.method == "POST":
        _refuse_other_sites(request)
        form = await _form(request)
    return await run_in_threadpool(_answer, page, parts, request, form)


def _answer(page: Page, parts: Parts, request: Request, form: Form) -> Response:
    """Look who is there, refuse whoever may not, and only then let the page answer."""
    now = parts.clock()
    session, due = _who_is_there(parts, request, now)
    seen = Visit(parts, request, session, form, now, language_of(request))
    if page.roles is None:
        return page.answer(seen)
    if session is None:
        return _to_login(request)
    if session.person.role not in page.roles:
        raise Refused(403, "not_for_this_role")
    if page.method == "POST" and not session.owns(request.url.path, seen.field(TOKEN)):
        raise Refused(403, "form_token")
    if due:
        wake_due(parts.engine, now)  # what was put off until now is in every list again
    return page.answer(seen)


def _who_is_there(parts: Parts, request: Request, now: datetime) -> tuple[Session | None, bool]:
    """Whose session it is, and whether a draft that was put off is due."""
    token = request.cookies.get(COOKIE)
    if not token:
        return None, False
    with reading(parts.engine) as connection:
        session = session_of(connection, token, now)
        due = session is not None and is_due(connection, now)
    return (replace(session, person=parts.of_today(session.person)) if session else None), due


def _to_login(request: Request) -> Response:
    if request.method != "GET":
        return RedirectResponse(LOGIN, 303)
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"{LOGIN}?lanjut={quote(wanted, safe='/')}", 303)


def language_of(request: Request) -> Language:
    wanted = request.cookies.get(LANGUAGE_COOKIE)
    return next((each for each in LANGUAGES if each == wanted), "id")


def _refuse_other_sites(request: Request) -> None:
    """Browsers say from which site a form comes; programs, which hold no cookie, say nothing."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site != "same-origin":
        raise Refused(403, "other_site")
    if site is None and origin is not None and origin.partition("://")[2] != request.headers.get("host"):
        raise Refused(403, "other_site")


async def _form(request: Request) -> Form:
    """The fields of a form. Files are not taken anywhere."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise Refused(413, "form_too_large")
    try:
        return parse_qs(body.decode(), keep_blank_values=True, max_num_fields=2_000, errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise Refused(400, "form_unreadable") from None
