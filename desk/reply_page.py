"""Answering the citizens of a ticket: one draft for each of its posts, to be changed, then copied or sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from city.x_length import LINK_PATTERN, x_length
from database.engine import reading, writing
from desk.looks import looks_of
from desk.pages import render
from desk.presence_page import noting, presence_of, seen_now
from desk.reply_words import OCCASIONS, Said, said
from desk.unsent_page import forget_sent, keep_refused, kept_replies, reply_form
from desk.view import view_of
from desk.visits import Page, Visit
from desk.wording import STATUSES, refusal
from tickets.answering import Answer, give, talks_of
from tickets.errors import ChangedMeanwhile, NoSuchTicket, WorkflowError
from tickets.queue import show
from tickets.replies import LONGEST_REPLY, MAY_REPLY, settle_by_hand
from tickets.reply_drafts import Talk
from tickets.unanswered import unanswered

ANSWER = "/tiket/{number}/balas"
SETTLE = "/tiket/{number}/balas/periksa"


@dataclass(frozen=True, slots=True)
class Post:
    """One citizen's post, what they were told, and the draft of what they may be told now."""

    id: int
    text: str
    author: str | None
    url: str | None
    channel: str
    created_at: datetime
    removed: bool
    said: Sequence[Said]
    is_answered: bool
    unsettled: int | None
    occasion: str | None
    about: str
    draft: str
    length: int
    limit: int | None
    is_x: bool
    may_go_to_x: bool
    seen: int | None
    form: str
    is_begun: bool  # by this person, and not sent


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an answer was not given, and what the person had typed."""

    told: str
    post_id: int
    typed: str


def _show(visit: Visit) -> Response:
    return _page(visit, link=visit.request.query_params.get("tautan") == "ya", back=_back(visit))


def _page(visit: Visit, *, link: bool, back: str, refusal: Refusal | None = None, status: int = 200) -> Response:
    number = visit.request.path_params["number"]
    with reading(visit.parts.engine) as connection:
        found = talks_of(connection, number, visit.parts.saying(visit.now, link=link), visit.actor)
        title, state = _ticket(connection, number)
        following = _next(connection, visit, number)
        begun = kept_replies(connection, number, visit)
        seen = seen_now(connection, number)
        presence = presence_of(connection, seen.ticket_id, visit, may_take=False)
        last = looks_of(connection, visit.person.id, [seen.ticket_id]).get(seen.ticket_id)
    posts = [_post(talk, visit, refusal, begun) for talk in found]
    view = view_of(back, visit.parts.city)
    response = render(
        visit,
        "replies.html",
        status,
        number=number,
        ticket_title=title,
        seen=seen,
        presence=presence,
        view=view,
        ticket_status=visit.words.say(STATUSES[state]),
        posts=posts,
        problem=refusal,
        given=visit.request.query_params.get("dibalas", ""),
        link=link,
        may_link=bool(visit.parts.reply_texts.channels_link),
        back=view.query(open=None),
        back_address=view.address(open=None),
        ticket_address=view.address(open=number),
        link_pattern=LINK_PATTERN,
        longest=LONGEST_REPLY,
        x_is_set_up=visit.parts.sender is not None,
        next=following,
        left=sum(post.occasion is not None and not post.is_answered for post in posts),
    )
    response.background = noting(visit, seen, last)
    return response


def _next(connection: Connection, visit: Visit, number: str) -> str | None:
    """The ticket whose citizens have waited longest, apart from this one."""
    waiting = unanswered(connection, visit.now, limit=2)
    return next((each.number for each in waiting if each.number != number), None)


def _ticket(connection: Connection, number: str) -> tuple[str, str]:
    view = show(connection, number)
    assert view is not None  # its talks were just found, in the same moment of the store
    return view.row["title"], view.row["status"]


def _post(talk: Talk, visit: Visit, refusal: Refusal | None, begun: Mapping[int, str]) -> Post:
    post = talk.post
    draft = refusal.typed if refusal and refusal.post_id == post.id else begun.get(post.id) or talk.text
    return Post(
        id=post.id,
        text=post.text or "",
        author=post.author,
        url=post.url,
        channel=post.channel,
        created_at=post.created_at,
        removed=post.removed_at is not None,
        said=[said(each, visit.person, visit.words) for each in talk.given],
        is_answered=talk.is_answered,
        unsettled=talk.unsettled.id if talk.unsettled else None,
        occasion=talk.occasion,
        about=visit.words.say(OCCASIONS[talk.occasion]) if talk.occasion else "",
        draft=draft,
        length=x_length(draft),
        limit=talk.limit,
        is_x=post.channel == "x",
        may_go_to_x=talk.may_go_to_x and visit.parts.sender is not None,
        seen=talk.seen,
        form=reply_form(post.id),
        is_begun=post.id in begun,
    )


def _answer(visit: Visit) -> Response:
    """Give the answer, and show it among the others; refused, say why, with every word that was typed."""
    number, link = visit.request.path_params["number"], visit.field("tautan") == "ya"
    post_id = _whole(visit.field("kiriman"))
    text = (visit.form.get("teks") or [""])[-1]
    answer = Answer(
        post_id=post_id,
        text=text,
        way="x" if visit.field("cara") == "x" else "clipboard",
        occasion=next((each for each in OCCASIONS if each == visit.field("kejadian")), None),
        link=link,
        seen=_whole(visit.field("terakhir")) or None,
    )
    parts = visit.parts
    try:
        given = give(
            parts.engine,
            number,
            answer,
            visit.actor,
            visit.now,
            saying=parts.saying(visit.now, link=link),
            sender=parts.sender,
        )
    except NoSuchTicket:
        raise
    except WorkflowError as error:
        keep_refused(visit, number, reply_form(post_id))
        told = Refusal(refusal(error, visit.words, visit.now), post_id, text)
        status = 409 if isinstance(error, ChangedMeanwhile) else 422
        return _page(visit, link=link, back=visit.field("dari"), refusal=told, status=status)
    with writing(parts.engine) as connection:
        forget_sent(connection, seen_now(connection, number).ticket_id, reply_form(post_id), visit)
    return _onwards(visit, number, given.id, post_id)


def _settle(visit: Visit) -> Response:
    """Somebody has looked whether a reply, whose answer was lost, is there."""
    number = visit.request.path_params["number"]
    try:
        with writing(visit.parts.engine) as connection:
            reply_id, is_out = _whole(visit.field("balasan")), visit.field("terbit") == "ya"
            settle_by_hand(connection, reply_id, visit.actor, visit.now, is_out=is_out)
    except NoSuchTicket:
        raise
    except WorkflowError as error:
        told = Refusal(refusal(error, visit.words, visit.now), 0, "")
        return _page(visit, link=False, back=visit.field("dari"), refusal=told, status=422)
    return _onwards(visit, number, reply_id, _whole(visit.field("kiriman")))


def _onwards(visit: Visit, number: str, reply_id: int, post_id: int) -> Response:
    query = urlencode([("dibalas", reply_id), *([("dari", visit.field("dari"))] if visit.field("dari") else [])])
    return RedirectResponse(f"{ANSWER.format(number=number)}?{query}#kiriman-{post_id}", 303)


def _back(visit: Visit) -> str:
    return visit.request.query_params.get("dari", "")


def _whole(text: str) -> int:
    """A row's id; 0, which is nobody's, for what is none."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0


PAGES = (
    Page("GET", ANSWER, MAY_REPLY, _show),
    Page("POST", ANSWER, MAY_REPLY, _answer),
    Page("POST", SETTLE, MAY_REPLY, _settle),
)
