"""Coming in, going out, and the language of the desk."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from database.engine import reading, writing
from desk.accounts import person_with
from desk.looks import leave
from desk.pages import render
from desk.sessions import COOKIE, LENGTH, begin_session, end_session
from desk.texts import LANGUAGES
from desk.view import LIST
from desk.visits import EVERYONE, LANGUAGE_COOKIE, LOGIN, Page, Visit

_YEAR = 365 * 24 * 3600


def _form(visit: Visit) -> Response:
    if visit.session:
        return RedirectResponse(LIST, 303)
    return render(visit, "login.html", problem=None, name="", to=_local(visit.request.query_params.get("lanjut", "")))


def _enter(visit: Visit) -> Response:
    """Check name and password, and begin a session under a new token."""
    name, attempts = visit.field("nama").lower(), visit.parts.attempts
    to = _local(visit.field("lanjut"))
    if attempts.too_many(name, visit.address, visit.now):
        return render(visit, "login.html", 429, problem="login_too_often", name=name, to=to)
    with reading(visit.parts.engine) as connection:
        person = person_with(connection, name, (visit.form.get("sandi") or [""])[-1])
    if person is None:
        attempts.failed(name, visit.address, visit.now)
        return render(visit, "login.html", 401, problem="login_wrong", name=name, to=to)
    attempts.succeeded(name)
    with writing(visit.parts.engine) as connection:
        token = begin_session(connection, person, visit.now)
    answer = RedirectResponse(to, 303)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=int(LENGTH.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=visit.request.url.scheme == "https",
    )
    return answer


def _leave(visit: Visit) -> Response:
    with writing(visit.parts.engine) as connection:
        end_session(connection, visit.request.cookies.get(COOKIE, ""))
        leave(connection, visit.person.id)
    answer = RedirectResponse(LOGIN, 303)
    answer.delete_cookie(COOKIE)
    return answer


def _speak(visit: Visit) -> Response:
    """Change the language, and go back to where the visitor was."""
    wanted = visit.field("bahasa")
    answer = RedirectResponse(_local(visit.field("lanjut")), 303)
    if wanted in LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, wanted, max_age=_YEAR, httponly=True, samesite="lax")
    return answer


def _local(address: str) -> str:
    """An address of this desk, never one that leads elsewhere."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if inside else LIST


PAGES = (
    Page("GET", LOGIN, None, _form),
    Page("POST", LOGIN, None, _enter),
    Page("POST", "/keluar", EVERYONE, _leave),
    Page("POST", "/bahasa", None, _speak),
)
