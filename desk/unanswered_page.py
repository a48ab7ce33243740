"""Who still waits to be told: decided tickets with citizens to answer, the longest waiting first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, urlencode

from starlette.responses import Response

from database.engine import reading
from desk.names import category_name, short_name
from desk.pages import render
from desk.reply_words import OCCASIONS
from desk.visits import Page, Visit
from tickets.replies import MAY_REPLY
from tickets.reply_drafts import occasion_of
from tickets.unanswered import REACH, Unanswered, unanswered

UNANSWERED = "/balasan"
_PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Row:
    number: str
    matter: str
    owner: str
    about: str
    since: datetime
    posts: int


def _show(visit: Visit) -> Response:
    after = _after(visit)
    with reading(visit.parts.engine) as connection:
        found = unanswered(connection, visit.now, limit=_PAGE_SIZE + 1, after=after)
    listed = found[:_PAGE_SIZE]
    more = _address(listed[-1]) if len(found) > _PAGE_SIZE else None
    return render(
        visit, "unanswered.html", rows=_rows(listed, visit), more=more, is_first=after is None, days=REACH.days
    )


def _rows(found: Sequence[Unanswered], visit: Visit) -> list[Row]:
    city, words = visit.parts.city, visit.words
    rows = []
    for each in found:
        occasion = occasion_of({**each.row, "merged_into": None, "withdrawn_at": None})
        assert occasion is not None  # only such tickets are found
        matter, owner = category_name(city, each.category) or each.title, short_name(city, each.opd)
        rows.append(Row(each.number, matter, owner, words.say(OCCASIONS[occasion]), each.since, each.posts))
    return rows


def _address(last: Unanswered) -> str:
    return f"{UNANSWERED}?{urlencode({'sejak': last.since.isoformat(), 'sesudah': last.id})}"


def _after(visit: Visit) -> tuple[datetime, int] | None:
    """The key in the address; None for none, or for one that is none."""
    given = parse_qs(visit.request.url.query, max_num_fields=50)
    try:
        since, last = datetime.fromisoformat(given["sejak"][-1]), int(given["sesudah"][-1])
    except (KeyError, ValueError):
        return None
    return (since, last) if since.tzinfo and 0 < last < 2**63 else None


PAGES = (Page("GET", UNANSWERED, MAY_REPLY, _show),)
