"""Any list, as it is chosen, for a spreadsheet or a program: the same address with `.csv` or `.json` added to it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from io import StringIO

from starlette.responses import Response, StreamingResponse

from classifier.spreadsheets import harmless
from database.engine import reading
from desk.accounts import Person
from desk.masking import masked
from desk.view import LIST, view_of
from desk.visits import EVERYONE, Page, Visit
from tickets.exports import TICKET_COLUMNS, Row, ticket_table

_ROWS_A_PIECE = 500


def _csv(visit: Visit) -> Response:
    return StreamingResponse(
        csv_pieces(_rows(visit), TICKET_COLUMNS), media_type="text/csv; charset=utf-8", headers=named("laporan.csv")
    )


def _json(visit: Visit) -> Response:
    return StreamingResponse(_array(_rows(visit)), media_type="application/json", headers=named("laporan.json"))


def _rows(visit: Visit) -> Iterator[Row]:
    """One row a ticket, without what leads to its author for those who may not know."""
    search = view_of(visit.request.url.query, visit.parts.city).search(visit.person, visit.now, visit.parts.zone)
    with reading(visit.parts.engine) as connection:
        for row in ticket_table(connection, search).rows:
            yield _for_eyes_of(visit.person, row)


def _for_eyes_of(person: Person, row: Row) -> Row:
    if person.sees_authors:
        return row
    return {**row, "text": masked(str(row["text"])), "first_url": None}


def csv_pieces(rows: Iterable[Row], columns: tuple[str, ...]) -> Iterator[str]:
    """A CSV file in pieces, so that a hundred thousand lines are never held at once."""
    held = StringIO()
    held.write("\ufeff")  # without it, spreadsheets take UTF-8 for something else
    writer = csv.writer(held)
    writer.writerow(columns)
    for number, row in enumerate(rows, 1):
        writer.writerow([harmless(row.get(name)) for name in columns])
        if number % _ROWS_A_PIECE == 0:
            yield held.getvalue()
            held.seek(0)
            held.truncate()
    yield held.getvalue()


def _array(rows: Iterable[Row]) -> Iterator[str]:
    begin = "["
    for row in rows:
        yield begin + json.dumps(row, ensure_ascii=False)
        begin = ",\n"
    yield ("[]" if begin == "[" else "]") + "\n"


def named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


PAGES = (Page("GET", f"{LIST}.csv", EVERYONE, _csv), Page("GET", f"{LIST}.json", EVERYONE, _json))
