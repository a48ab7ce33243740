"""The city's numbers for a period, each leading to its tickets."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs

from starlette.responses import Response

from database.engine import reading
from database.tables import STATUSES
from desk.pages import render
from desk.view import EMPTY, period_of
from desk.visits import Page, Visit
from tickets.counts import count
from tickets.queue import Filter
from tickets.search import Dimension

COUNTS = "/angka"


def _show(visit: Visit) -> Response:
    parts, person = visit.parts, visit.person
    period = period_of(parse_qs(visit.request.url.query, max_num_fields=50))
    since, until = period.moments(parts.zone)
    own = (person.opd or "",) if person.role == "opd_admin" else ()
    with reading(parts.engine) as connection:
        counted = count(connection, parts.city, Filter(opds=own, since=since, until=until, hides_blind=True), visit.now)
    every = replace(EMPTY, period=period, choices={**EMPTY.choices, "statuses": STATUSES})

    def address(status: str = "", opd: str = "", category: str = "") -> str:
        choices: dict[Dimension, tuple[str, ...]] = {**every.choices}
        choices["statuses"] = (status,) if status else STATUSES
        choices["opds"] = (opd,) if opd else ()
        choices["categories"] = (category,) if category else ()
        return replace(every, choices=choices).address()

    return render(visit, "counts.html", counted=counted, period=period, statuses=STATUSES, address=address)


PAGES = (Page("GET", COUNTS, frozenset({"city_admin", "opd_admin", "data_team", "viewer"}), _show),)
