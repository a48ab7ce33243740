"""The keys, for people: read from the one table, and switched off by whoever speaks to their computer instead."""

from __future__ import annotations

from itertools import groupby

from starlette.responses import RedirectResponse, Response

from desk.keys import KEYS
from desk.pages import render
from desk.visits import EVERYONE, KEYS_COOKIE, Page, Visit

HELP = "/tombol"
_YEAR = 365 * 24 * 3600


def _help(visit: Visit) -> Response:
    groups = [(group, [*keys]) for group, keys in groupby(KEYS, key=lambda key: key.group)]
    return render(visit, "help.html", groups=groups)


def _switch(visit: Visit) -> Response:
    answer = RedirectResponse(HELP, 303)
    if visit.field("tombol") == "mati":
        answer.set_cookie(KEYS_COOKIE, "mati", max_age=_YEAR, httponly=True, samesite="lax")
    else:
        answer.delete_cookie(KEYS_COOKIE)
    return answer


PAGES = (Page("GET", HELP, EVERYONE, _help), Page("POST", HELP, EVERYONE, _switch))
