"""The city's numbers for a period, each leading to its tickets."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlencode

from starlette.responses import Response

from database.engine import reading
from database.tables import STATUSES
from desk.downloads import Table, downloads
from desk.pages import render
from desk.view import EMPTY, Period, period_of
from desk.visits import EVERYONE, Page, Visit
from tickets.counts import Counts, count
from tickets.queue import Filter
from tickets.search import Dimension

COUNTS = "/angka"


def _counted(visit: Visit) -> tuple[Period, Counts]:
    parts, person = visit.parts, visit.person
    period = period_of(parse_qs(visit.request.url.query, max_num_fields=50))
    since, until = period.moments(parts.zone)
    own = (person.opd or "",) if person.role == "opd_admin" else ()
    with reading(parts.engine) as connection:
        wanted = Filter(opds=own, since=since, until=until, hides_blind=True)
        return period, count(connection, parts.city, wanted, visit.now)


def _show(visit: Visit) -> Response:
    period, counted = _counted(visit)
    every = replace(EMPTY, period=period, choices={**EMPTY.choices, "statuses": STATUSES})

    def address(status: str = "", opd: str = "", category: str = "") -> str:
        choices: dict[Dimension, tuple[str, ...]] = {**every.choices}
        choices["statuses"] = (status,) if status else STATUSES
        choices["opds"] = (opd,) if opd else ()
        choices["categories"] = (category,) if category else ()
        return replace(every, choices=choices).address()

    return render(
        visit,
        "counts.html",
        counted=counted,
        period=period,
        query=urlencode(period.as_fields()),
        statuses=STATUSES,
        address=address,
    )


def _table(visit: Visit) -> Table:
    """The same numbers, a line for all, for each office and for each category."""
    _, counted = _counted(visit)
    parts = (("all", (counted.all,)), ("opd", counted.opds), ("category", counted.categories))
    rows = [{"by": by, **line.as_dict()} for by, lines in parts for line in lines]
    return Table("angka", ("by", "code", "name", *STATUSES, "total"), rows)


PAGES = (Page("GET", COUNTS, EVERYONE, _show), *downloads(COUNTS, EVERYONE, _table))
