"""What to answer to the citizens of a ticket: for each of its posts the text that fits what became of it, and to whom.

Drafts are proposals. A person reads them, and nothing of them is kept before it is given (`replies`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from city import City
from city.reply_texts import LONGEST_CONDITION, Missing, Occasion, Register, ReplyTexts, listed
from city.x_length import LIMIT, links_in
from classifier.javanese import wrote_javanese
from tickets.deadlines import deadline_of
from tickets.place import parse
from tickets.queue import PostView, TicketView
from tickets.replies import Given, replies_to, told_of_channels
from tickets.stored_posts import of_posts

_UNSURE = 0.5  # a category below this is a guess: the post may not say enough
_MOST_DIGITS = 6  # in a condition that may be told in public; more name a person, a bill or a telephone
_MENTION = re.compile(r"(?<![\w@])@(\w{1,15})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Talk:
    """One post: what its author was answered, and what may be answered now."""

    post: PostView
    given: Sequence[Given]  # oldest first
    is_answered: bool  # since the ticket came to where it is
    unsettled: Given | None  # on its way to X, or lost there: a person must look
    occasion: Occasion | None  # None: there is nothing to tell
    text: str
    register: Register
    tells_channels: bool
    limit: int | None  # of the channel, in what `x_length` counts
    may_go_to_x: bool

    @property
    def seen(self) -> int | None:
        return self.given[-1].id if self.given else None


@dataclass(frozen=True, slots=True)
class Saying:
    """What drafts are made with. `on`: the city's calendar day."""

    city: City
    texts: ReplyTexts
    own_accounts: Collection[str]
    on: date
    link: bool = False


@dataclass(frozen=True, slots=True)
class _Told:
    """How one of the citizens is spoken to."""

    number: int  # of their post on the ticket
    register: Register
    channels: Sequence[str]  # names of those to tell


def talks(connection: Connection, view: TicketView, saying: Saying) -> list[Talk]:
    """One for each post of the ticket, earliest first. Whoever wrote twice is told of the channels once."""
    ids = [post.id for post in view.posts]
    given, told = replies_to(connection, ids), told_of_channels(connection, ids)
    registers = _registers(connection, [post.id for post in view.posts if post.text])
    found: list[Talk] = []
    authors: set[tuple[str, str]] = set()
    for number, post in enumerate(view.posts):
        name = (post.channel, post.author or f"post {post.id}")
        names = [] if told.get(post.id) or name in authors else _channels_for(post, saying)
        to = _Told(number, registers.get(post.id, "plain"), names)
        talk = _talk(view.row, post, given[post.id], to, saying)
        if talk.tells_channels and not talk.is_answered:
            authors.add(name)
        found.append(talk)
    return found


def occasion_of(row: Mapping[str, Any], given: Sequence[Given] = ()) -> Occasion | None:
    """What is to be told of a ticket as it stands; of a draft, and of what is no complaint, nothing."""
    if row["merged_into"] is not None or row["withdrawn_at"] is not None:
        return None
    match row["status"], row["rejection"]:
        case "dalam_proses", _:
            told = any(each.occasion == "accepted" and each.stands for each in given)
            return "in_work" if told else "accepted"
        case "selesai", _:
            return "conditional" if row["condition"] else "closed"
        case "ditolak", "too_little":
            return "too_little"
        case "ditolak", "not_ours":
            return "not_ours"
    return None


def _talk(
    row: Mapping[str, Any],
    post: PostView,
    given: Sequence[Given],
    to: _Told,
    saying: Saying,
) -> Talk:
    since = _since(row)
    occasion = None if post.text is None else occasion_of(row, given)
    on_x = post.channel == "x"
    text, tells = "", False
    if occasion is not None:
        texts = saying.texts
        composed = texts.compose(
            texts.pieces(occasion, row["category"]),
            _values(row, post, saying),
            to.register,
            channels=to.channels,
            link=saying.link,
            on_x=on_x,
            variant=to.number,
        )
        text, tells = composed.text, composed.tells_channels
    return Talk(
        post=post,
        given=given,
        is_answered=any(each.stands and since is not None and each.at >= since for each in given),
        unsettled=next((each for each in given if each.state == "sending"), None),
        occasion=occasion,
        text=text,
        register=to.register,
        tells_channels=tells,
        limit=LIMIT if on_x else None,
        may_go_to_x=on_x and post.source_id.isdecimal() and _mentions(post.text or "", saying.own_accounts),
    )


def _since(row: Mapping[str, Any]) -> datetime | None:
    since: datetime | None = row["closed_at"] or row["decided_at"]
    return since


def _registers(connection: Connection, post_ids: Sequence[int]) -> dict[int, Register]:
    return {post.id: "javanese" if wrote_javanese(post.content) else "plain" for post in of_posts(connection, post_ids)}


def _channels_for(post: PostView, saying: Saying) -> list[str]:
    """None for whoever already writes where the city listens officially."""
    channels = [channel for channel in saying.texts.channels if channel.is_open(saying.on)]
    return [] if post.channel in {channel.code for channel in channels} else [channel.name for channel in channels]


def _values(row: Mapping[str, Any], post: PostView, saying: Saying) -> dict[str, str]:
    city, texts = saying.city, saying.texts
    owner, category = city.opds.get(row["opd"] or ""), city.categories.get(row["category"] or "")
    authority = city.authorities.get(row["opd"] or "")
    return {
        "number": row["number"],
        "opd": owner.name if owner else city.name,
        "category": category.name if category else "",
        "authority": authority.name if authority else "",
        "onward": texts.onward.get(authority.code, "") if authority else "",
        "deadline": _deadline(row, saying),
        "missing": listed([texts.missing[what] for what in _missing(row, post)], texts.last_and),
        "condition": _public(row["condition"] or ""),
        "emergency": city.emergency_number if row["priority"] == "darurat" else "",
    }


def _deadline(row: Mapping[str, Any], saying: Saying) -> str:
    rule = deadline_of(saying.city, row["category"], saying.on)
    if rule is None:
        return ""
    words = saying.texts.hours if rule.hours else saying.texts.working_days
    return words.replace("{n}", str(rule.hours or rule.working_days))


def _missing(row: Mapping[str, Any], post: PostView) -> list[Missing]:
    """What this post should say and does not; whoever finds nothing asks what happened."""
    place = parse(row["place"])
    proposed = row["prediction"].get("category") or {}
    unsure = row["category"] is None or ("category" not in row["chosen"] and proposed.get("p", 1.0) < _UNSURE)
    missing: list[Missing] = []
    if unsure:
        missing.append("matter")
    if place is None or place.precision == "kecamatan":
        missing.append("place")
    if not post.media:
        missing.append("photo")
    return missing or ["matter"]


def _public(condition: str) -> str:
    """A condition as it may be told in public; nothing if it may name a person, and not longer than there is room."""
    words = " ".join(condition.split()).rstrip(".")
    if links_in(words) or "@" in words or sum(map(str.isdecimal, words)) > _MOST_DIGITS:
        return ""
    return words if len(words) <= LONGEST_CONDITION else f"{words[: LONGEST_CONDITION - 1].rsplit(' ', 1)[0]}…"


def _mentions(text: str, accounts: Collection[str]) -> bool:
    """X lets an account answer by its API whoever mentioned it. In an answer, X keeps the names it begins with."""
    return any(handle.lower() in accounts for handle in _MENTION.findall(text))
