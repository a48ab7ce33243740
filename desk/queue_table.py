"""The list of tickets to take along, in the order and the choice of the view."""

from __future__ import annotations

from collections.abc import Iterator

from database.engine import reading
from desk.accounts import Person
from desk.downloads import Table, downloads
from desk.masking import masked
from desk.view import LIST, view_of
from desk.visits import EVERYONE, Visit
from tickets.exports import TICKET_COLUMNS, Row, ticket_row
from tickets.search import every


def _tickets(visit: Visit) -> Table:
    return Table("laporan", TICKET_COLUMNS, _rows(visit))


def _rows(visit: Visit) -> Iterator[Row]:
    """One row a ticket, without what leads to its author for those who may not know."""
    view = view_of(visit.request.url.query, visit.parts.city)
    search = view.search(visit.person, visit.now, visit.parts.zone)
    with reading(visit.parts.engine) as connection:
        for ticket in every(connection, search, view.order):
            yield _for_eyes_of(visit.person, ticket_row(ticket))


def _for_eyes_of(person: Person, row: Row) -> Row:
    if person.sees_authors:
        return row
    return {**row, "text": masked(str(row["text"])), "first_url": None}


PAGES = downloads(LIST, EVERYONE, _tickets)
