"""Tickets as the list and the open draft show them: what a template needs, and nothing to decide in a template."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from city import City
from city.model import Opd
from desk.accounts import Person
from desk.marking import Piece, as_written, marked
from desk.masking import masked
from desk.names import category_name, owner_name, short_name
from desk.texts import Words
from desk.times import age_of_account, how_long
from desk.wording import LATER, PRECISIONS, PRIORITIES, SURENESS
from tickets.place import parse, phrase
from tickets.queue import PostView, TicketView
from tickets.search import sureness

SURE_AT_MOST = 99  # per cent: no model is surer


@dataclass(frozen=True, slots=True)
class ListRow:
    """One ticket of the list."""

    number: str
    title: str
    matter: str  # what the list calls it: the title if a person wrote one, otherwise the category
    priority: str
    urgency: str
    place: str
    owner: str
    percent: int | None
    sure: str
    waiting: str
    reporters: int
    repeated: int  # reposts, and quotes with no complaint of their own
    status: str
    later: str  # why it was put off; empty if it was not
    tag: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """One of the most probable offices or categories."""

    code: str
    name: str
    short: str
    percent: int
    sure: str
    is_current: bool
    is_ours: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One post, as this person may see it."""

    id: int
    pieces: Sequence[Piece]
    parent: str | None
    parent_url: str | None
    author: str | None
    account_age: str
    url: str | None
    channel: str
    media: Sequence[str]
    created_at: datetime
    edited_at: datetime | None
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reason:
    term: str
    percent: int  # of the strongest
    speaks_for: bool


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """The ticket that lies open."""

    row: ListRow
    id: int
    version: int
    category: str | None
    category_name: str
    category_percent: int | None
    opd: str | None
    owner_name: str
    is_ours: bool
    onward: str | None  # where a citizen can turn to with what is not ours
    opds: Sequence[Proposal]
    categories: Sequence[Proposal]
    posts: Sequence[Told]
    reasons: Sequence[Reason]
    place_found: str
    decision: str
    threshold: int | None
    rewrites: Sequence[tuple[str, str]]
    urgent_words: Sequence[str]  # that made it more urgent than others
    model: str
    created_at: datetime
    condition: str | None
    rejection: str | None
    reason: str | None
    edited_since: datetime | None
    answered_at: datetime | None
    later: str | None
    later_until: datetime | None
    tag: str | None
    merged_into: int | None
    withdrawn: bool
    chosen: Sequence[str]
    blind: bool


def list_row(view: TicketView, city: City, words: Words, now: datetime) -> ListRow:
    row = view.row
    by_hand = row["opd_p"] is None and "opd" in row["chosen"]
    return ListRow(
        number=row["number"],
        title=row["title"],
        matter=row["title"] if "title" in row["chosen"] else category_name(city, row["category"]) or row["title"],
        priority=row["priority"],
        urgency=words.say(PRIORITIES[row["priority"]]),
        place=phrase(parse(row["place"])),
        owner=short_name(city, row["opd"]),
        percent=_percent(row["opd_p"]),
        sure="" if by_hand else words.say(SURENESS[sureness(row["opd_p"])]),
        waiting=how_long((row["decided_at"] or now) - row["posted_at"], words),
        reporters=view.reporters,
        repeated=row["repeated"],
        status=row["status"],
        later=words.say(LATER.get(row["later"] or "", "")),
        tag=row["tag"] or "",
    )


def open_ticket(view: TicketView, city: City, person: Person, words: Words, now: datetime) -> OpenTicket:
    row, told = view.row, view.row["prediction"]
    why = [reason for reason in told.get("why", []) if reason.get("term")]
    spoke = [reason["term"] for reason in why if reason["weight"] > 0]
    rewrites = [(str(each[0]), str(each[1])) for each in told.get("rewrites", [])]
    urgent = [str(term) for term in told.get("priority_why") or ()]
    dangers = {form for term in urgent for form in as_written(term, rewrites)}
    named_on = _named_on(row)
    return OpenTicket(
        row=list_row(view, city, words, now),
        id=row["id"],
        version=row["version"],
        category=row["category"],
        category_name=category_name(city, row["category"], named_on),
        category_percent=_category_percent(row, told),
        opd=row["opd"],
        owner_name=owner_name(city, row["opd"], named_on),
        is_ours=isinstance(city.opds.get(row["opd"]) or city.former.get(row["opd"]), Opd),
        onward=city.authorities[row["opd"]].onward_channel if row["opd"] in city.authorities else None,
        opds=_proposals(told.get("opd_top3", []), row["opd"], city, words),
        categories=_proposals(told.get("category_top3", []), row["category"], city, words),
        posts=[_told(post, spoke, dangers, person, words, now) for post in view.posts],
        reasons=_reasons(why),
        place_found=words.say(PRECISIONS.get((row["place"] or {}).get("precision", ""), "")),
        decision=row["decision"],
        threshold=_percent(told.get("threshold")),
        rewrites=rewrites,
        urgent_words=urgent,
        model=row["model"],
        created_at=row["created_at"],
        condition=row["condition"],
        rejection=row["rejection"],
        reason=row["reason"],
        edited_since=row["edited_since"],
        answered_at=row["answered_at"],
        later=row["later"],
        later_until=row["later_until"],
        tag=row["tag"],
        merged_into=row["merged_into"],
        withdrawn=row["withdrawn_at"] is not None,
        chosen=sorted(row["chosen"]),
        blind=row["blind"],
    )


def _named_on(row: Mapping[str, Any]) -> date:
    """The day whose names a ticket bears: what is done keeps those of its end."""
    ended = row["closed_at"] or row["decided_at"]
    return ended.date() if row["status"] in ("selesai", "ditolak") and ended else date.max


def _percent(p: float | None) -> int | None:
    return None if p is None else min(round(p * 100), SURE_AT_MOST)


def _category_percent(row: Mapping[str, Any], told: Mapping[str, Any]) -> int | None:
    proposed = told.get("category") or {}
    return _percent(proposed.get("p")) if proposed.get("code") == row["category"] else None


def _proposals(top: Sequence[Mapping[str, Any]], current: str | None, city: City, words: Words) -> list[Proposal]:
    return [
        Proposal(
            code=choice["code"],
            name=owner_name(city, choice["code"])
            if choice["code"] not in city.categories
            else category_name(city, choice["code"]),
            short=short_name(city, choice["code"]),
            percent=_percent(choice["p"]) or 0,
            sure=words.say(SURENESS[sureness(choice["p"])]),
            is_current=choice["code"] == current,
            is_ours=choice["code"] in city.opds or choice["code"] in city.categories,
        )
        for choice in top
    ]


def _reasons(why: Sequence[Mapping[str, Any]]) -> list[Reason]:
    strongest = max((abs(reason["weight"]) for reason in why), default=1.0) or 1.0
    return [
        Reason(reason["term"], round(abs(reason["weight"]) / strongest * 100), reason["weight"] > 0) for reason in why
    ]


def _told(
    post: PostView, spoke: Collection[str], dangers: Collection[str], person: Person, words: Words, now: datetime
) -> Told:
    known = person.sees_authors
    text, parent = post.text or "", post.parent_text
    return Told(
        id=post.id,
        pieces=marked(text if known else masked(text), spoke, dangers),
        parent=parent if known or parent is None else masked(parent),
        parent_url=_of_post(post.channel, post.reply_to or post.repeats) if known else None,
        author=post.author if known else None,
        account_age=age_of_account(post.joined_at, now, words) if known and post.joined_at else "",
        url=post.url if known else None,
        channel=post.channel,
        media=post.media if known else (),
        created_at=post.created_at,
        edited_at=post.edited_at,
        removed_at=post.removed_at,
    )


def _of_post(channel: str, source_id: str | None) -> str | None:
    """Where a post of X is shown, whoever wrote it; other channels show theirs nowhere."""
    return f"https://x.com/i/status/{source_id}" if channel == "x" and source_id and source_id.isdecimal() else None
