"""What was captured and made no draft, with the reason: nothing is thrown away unseen."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.responses import Response

from database.engine import reading
from desk.masking import masked
from desk.pages import render
from desk.visits import EVERYONE, Page, Visit
from tickets.moves import Role
from tickets.queue import set_aside

SET_ASIDE = "/tersaring"
_PAGE_SIZE = 50
_ROLES: frozenset[Role] = EVERYONE - {"opd_admin"}  # it is no office's


def _show(visit: Visit) -> Response:
    given = parse_qs(visit.request.url.query, max_num_fields=50).get("sebelum", [""])[-1]
    with reading(visit.parts.engine) as connection:
        found = set_aside(connection, limit=_PAGE_SIZE + 1, before=int(given) if given.isdecimal() else None)
    person = visit.person
    posts = [(post, post.text if person.sees_authors or not post.text else masked(post.text)) for post in found]
    more = found[_PAGE_SIZE - 1].id if len(found) > _PAGE_SIZE else None
    return render(visit, "set_aside.html", posts=posts[:_PAGE_SIZE], more=more)


PAGES = (Page("GET", SET_ASIDE, _ROLES, _show),)
