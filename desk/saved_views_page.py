"""Naming the list as it is chosen now, and renaming or deleting what was named before."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from database.engine import writing
from desk.queue_page import Problem, answer
from desk.saved_views import delete_view, rename_view, save_view, tidy_name
from desk.view import view_of
from desk.visits import EVERYONE, Page, Visit
from desk.wording import REFUSED


def _save(visit: Visit) -> Response:
    query = view_of(visit.field("pandangan"), visit.parts.city).query(after=None, open=None)
    name = tidy_name(visit.field("nama"))
    return _change(visit, lambda connection: save_view(connection, visit.person.id, name, query, visit.now))


def _rename(visit: Visit) -> Response:
    name = tidy_name(visit.field("nama"))
    view = _asked(visit)
    return _change(visit, lambda connection: rename_view(connection, visit.person.id, view, name), f"tampilan-{view}")


def _delete(visit: Visit) -> Response:
    return _change(visit, lambda connection: delete_view(connection, visit.person.id, _asked(visit)))


def _asked(visit: Visit) -> int:
    given = str(visit.request.path_params["view"])
    return int(given) if given.isdecimal() and len(given) < 18 else 0


def _change(visit: Visit, change: Callable[[Connection], str | None], form: str = "tampilan") -> Response:
    """Make the change and show the same list again, with what is wrong with `form` if anything is."""
    view = view_of(visit.field("pandangan"), visit.parts.city)
    with writing(visit.parts.engine) as connection:
        wrong = change(connection)
    if wrong:
        typed = {"nama": visit.field("nama")}
        problem = Problem(visit.words.say(REFUSED[wrong]), form, typed)
        return answer(visit, view, problem, 404 if wrong == "no_such_view" else 422)
    return RedirectResponse(view.address(), 303)


PAGES = (
    Page("POST", "/tampilan", EVERYONE, _save),
    Page("POST", "/tampilan/{view}/nama", EVERYONE, _rename),
    Page("POST", "/tampilan/{view}/hapus", EVERYONE, _delete),
)
