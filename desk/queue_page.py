"""The desk itself: the list, and beside it the ticket that lies open."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection
from starlette.responses import Response

from city.calendar import next_opening
from database.engine import reading
from desk.alike import Alike, alike_to
from desk.city_map import Spot
from desk.consequences import deadline_told
from desk.decisions import Line, last_decisions, lines_of
from desk.filters import AGE_WORDS, ORDER_WORDS, choices_of
from desk.likewise import offer
from desk.looks import Look, Seen, TakenOver, looks_of, taken_over
from desk.marks import marks_of
from desk.news import News, news_since
from desk.pages import frame_in, render
from desk.presence_page import Presence, is_shown, noting, presence_of
from desk.revealing import revealed
from desk.rows import OpenTicket, list_row, open_ticket
from desk.saved_views import views_of
from desk.unsent_page import Typed, forms_of, typed_on
from desk.view import LIST, NAMES, PAGE_SIZE, View, bulk_address, view_of
from desk.visits import EVERYONE, Page, Visit
from tickets.blind import unproposed
from tickets.errors import NoSuchTicket
from tickets.moves import DRAFT, Action
from tickets.place import parse
from tickets.queue import TicketView, number_of, show
from tickets.replies import MAY_REPLY
from tickets.reply_drafts import occasion_of
from tickets.workflow import seen_by

LAST_DECISIONS = 10


@dataclass(frozen=True, slots=True)
class Opened:
    """The ticket that lies open, what this person may do with it, and where one goes from it."""

    ticket: OpenTicket
    may: Sequence[Action]
    history: Sequence[Line]
    next: str | None
    previous: str | None
    similar: Sequence[Alike]
    spot: Spot | None  # on the map of the city
    leads_to: str | None  # the number that a merged ticket points on to
    has_answer: bool  # there is something to tell to those who wrote
    line: int  # the newest one of its history
    last_look: Look | None
    news: News | None  # since then
    presence: Presence
    typed: Typed  # by this person, and not sent

    @property
    def seen(self) -> Seen:
        return Seen(self.ticket.id, self.ticket.version, self.line)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a step was not made, and what the person had typed."""

    told: str
    act: str
    typed: Mapping[str, str] = field(default_factory=dict)
    ticked: Collection[str] = ()  # posts to be split off


def show_list(visit: Visit) -> Response:
    return answer(visit, view_of(visit.request.url.query, visit.parts.city))


def answer(visit: Visit, view: View, problem: Problem | None = None, status: int = 200) -> Response:
    """The list as `view` says, with a problem on top if a step was refused."""
    parts, words = visit.parts, visit.words
    search = view.search(visit.person, visit.now, parts.zone)
    with reading(parts.engine) as connection:
        counted = parts.census.facets(connection, search)
        found = parts.census.page(connection, counted.found, view.order, limit=PAGE_SIZE + 1, after=view.after)
        opened = _opened(connection, visit, view, found[:PAGE_SIZE])
        own = last_decisions(connection, visit, LAST_DECISIONS + 1)
        result = visit.request.query_params.get("hasil", "")
        likewise = offer(connection, visit, own, result)
        told = revealed(connection, result, visit)
        marks = marks_of(connection, [each.row for each in found[:PAGE_SIZE]], visit)
        named = views_of(connection, visit.person.id)
        lost = _lost(connection, visit, opened)
        frame = frame_in(connection, visit)
    listed = [list_row(each, parts.city, words, visit.now) for each in found[:PAGE_SIZE]]
    values: dict[str, Any] = {
        "view": view,
        "rows": listed,
        "marks": marks,
        "taken_over": lost,
        "saved_views": named,
        "more": listed[-1].number if len(found) > PAGE_SIZE else None,
        "total": counted.total,
        "choices": choices_of(view, counted, parts.city, visit.person, words),
        "opened": opened,
        "city_map": parts.city_map,
        "decisions": own[:LAST_DECISIONS],
        "has_more_decisions": len(own) > LAST_DECISIONS,
        "result": result,
        "revealed": told,
        "same_way": likewise,
        "undone": visit.request.query_params.get("diurungkan", ""),
        "problem": problem,
        "deadline": _deadline(opened, visit),
        "may_reply": visit.person.role in MAY_REPLY,
        "names": NAMES,
        "bulk_address": bulk_address,
        "next_opening": next_opening(parts.city, visit.now, parts.zone),
        "orders": [(order, words.say(name)) for order, name in ORDER_WORDS.items()],
        "ages": [(age, words.say(name)) for age, name in AGE_WORDS.items()],
        "emergency_number": parts.city.emergency_number,
        "opds": parts.city.opds.values(),
        "categories": [each for each in parts.city.categories.values() if not each.not_ours],
        "authorities": parts.city.authorities.values(),
    }
    response = render(visit, "queue.html", status, frame=frame, **values)
    response.background = noting(visit, opened.seen, opened.last_look) if opened else noting(visit, None, None)
    return response


def _deadline(opened: Opened | None, visit: Visit) -> str:
    """How long the department may take with the open ticket; empty once it is decided for good."""
    if opened is None or opened.ticket.row.status not in (DRAFT, "dalam_proses") or not opened.ticket.is_ours:
        return ""
    today = visit.now.astimezone(visit.parts.zone).date()
    return deadline_told(visit.parts.city, opened.ticket.category, today, visit.words)


def _lost(connection: Connection, visit: Visit, opened: Opened | None) -> Sequence[TakenOver]:
    """What was taken over since the last page; the script tells of it by itself, on the page."""
    if not is_shown(visit):
        return ()
    return taken_over(connection, visit.person.id, opened.ticket.id if opened else None, visit.now)


def _opened(connection: Connection, visit: Visit, view: View, found: Sequence[TicketView]) -> Opened | None:
    number = view.open or (found[0].row["number"] if found else None)
    if number is None:
        return None
    ticket = _whole(connection, number, found)
    seen = seen_by(ticket.row, visit.actor)
    before, after = _neighbours(number, [each.row["number"] for each in found])
    into = ticket.row["merged_into"]
    blind = bool(ticket.row["blind"])
    lines = lines_of(connection, seen.id, visit, blind=blind)
    last = looks_of(connection, visit.person.id, [seen.id]).get(seen.id)
    told = replace(ticket, row=unproposed(ticket.row))
    similar = alike_to(connection, ticket.row, visit) if "merge" in seen.may and not blind else []
    return Opened(
        ticket=open_ticket(told, visit.parts.city, visit.person, visit.words, visit.now),
        may=seen.may,
        history=lines,
        next=after,
        previous=before,
        similar=similar,
        spot=visit.parts.city_map.spot(parse(ticket.row["place"]), [each.middle for each in similar if each.middle]),
        leads_to=number_of(connection, into) if into else None,
        has_answer=occasion_of(ticket.row) is not None,
        line=lines[0].id if lines else 0,
        last_look=last,
        news=news_since(connection, seen.id, last.seen.line, visit, blind=blind) if last else None,
        presence=presence_of(connection, seen.id, visit),
        typed=typed_on(connection, seen.id, forms_of(seen.may), visit),
    )


def _whole(connection: Connection, number: str, found: Sequence[TicketView]) -> TicketView:
    """The ticket as it stands; the list has already read it, but for what it may not say of a blind draft."""
    listed = next((each for each in found if each.row["number"] == number and not each.row["blind"]), None)
    whole = listed or show(connection, number)
    if whole is None:
        raise NoSuchTicket("no_such_ticket")
    return whole


def _neighbours(number: str, listed: Sequence[str]) -> tuple[str | None, str | None]:
    """The numbers before and after; from a ticket that the list does not hold one goes on to its top."""
    if number not in listed:
        return None, listed[0] if listed else None
    at = listed.index(number)
    return (listed[at - 1] if at else None), (listed[at + 1] if at + 1 < len(listed) else None)


PAGES = (Page("GET", LIST, EVERYONE, show_list),)
