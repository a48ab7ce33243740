"""What was captured and made no draft, with the reason: nothing is thrown away unseen."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs

from starlette.responses import Response

from database.engine import reading
from desk.accounts import Person
from desk.downloads import Table, downloads
from desk.masking import masked
from desk.pages import render
from desk.visits import EVERYONE, Page, Visit
from tickets.exports import SET_ASIDE_COLUMNS, Row, set_aside_row
from tickets.moves import Role
from tickets.queue import every_set_aside, set_aside

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


def _table(visit: Visit) -> Table:
    return Table("tersaring", SET_ASIDE_COLUMNS, _rows(visit))


def _rows(visit: Visit) -> Iterator[Row]:
    with reading(visit.parts.engine) as connection:
        for post in every_set_aside(connection):
            yield _for_eyes_of(visit.person, set_aside_row(post))


def _for_eyes_of(person: Person, row: Row) -> Row:
    """Without what leads to its author for those who may not know; the source's id does, too."""
    if person.sees_authors:
        return row
    hidden = dict.fromkeys(("id", "url", "author", "media"))
    return {**row, **hidden, "text": masked(str(row["text"])) if row["text"] else None}


PAGES = (Page("GET", SET_ASIDE, _ROLES, _show), *downloads(SET_ASIDE, _ROLES, _table))
