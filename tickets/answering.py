"""Giving an answer: checked, written down, then sent where a person pressed send, and what came of it written down.

Who sends is handed in: what posts for the city's account knows nothing of tickets, and this knows nothing of X's API.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, Engine, select

from city.reply_texts import Occasion
from city.x_length import LIMIT, links_in, x_length
from database.engine import reading, writing
from database.tables import posts
from tickets.errors import Incomplete, NotAllowed
from tickets.queue import show
from tickets.replies import Given, NewReply, Way, begin_reply, replies_to, settle
from tickets.reply_drafts import Saying, Talk, talks
from tickets.steps import Actor
from tickets.workflow import look


class Outcome(Protocol):
    """What came of sending: the id that the post was given, or why none was made. Neither: nobody knows."""

    @property
    def source_id(self) -> str | None: ...
    @property
    def problem(self) -> str | None: ...


# Posts a text as an answer to the post of that id. Never raises for what may be expected of a network.
Sender = Callable[[str, str], Outcome]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person wants said. `link`: they asked for one. `seen`: the last reply to this post that they knew of."""

    post_id: int
    text: str
    way: Way
    occasion: Occasion | None = None  # what they thought they were telling; None: whatever there is to tell now
    link: bool = False
    seen: int | None = None


def talks_of(connection: Connection, number: str, saying: Saying, by: Actor) -> list[Talk]:
    """What was and may be said to each citizen of the ticket. Raises NoSuchTicket."""
    look(connection, number, by)
    view = show(connection, number)
    assert view is not None  # it was just seen, in the same moment of the store
    return talks(connection, view, saying)


def give(
    engine: Engine, number: str, answer: Answer, by: Actor, now: datetime, *, saying: Saying, sender: Sender | None
) -> Given:
    """Give an answer; returns it as it stands afterwards.

    1. Check that there is something to tell, and that it may go this way.
    2. Write it down, and commit: from here on nobody says it a second time.
    3. Send it, if it goes through X, and write down what came of it.

    Raises NoSuchTicket, NotAllowed, Incomplete or ChangedMeanwhile, with nothing written or sent.
    """
    text = "\n".join(answer.text.splitlines()).strip()
    with writing(engine) as connection:
        found = talks_of(connection, number, saying, by)
        talk = next((each for each in found if each.post.id == answer.post_id), None)
        if talk is None:
            raise Incomplete("posts_are_gone", post_id=answer.post_id)
        occasion = _occasion(talk, answer)
        if answer.way == "x":
            _check_x(talk, text, answer, sender)
        told = saying.texts.tells_channels(text)
        reply = NewReply(answer.post_id, text, occasion, answer.way, told, answer.seen)
        reply_id = begin_reply(connection, number, reply, by, now)
        newest = connection.execute(select(posts.c.version_id).where(posts.c.id == answer.post_id)).scalar_one()
    if answer.way == "x" and sender is not None:
        outcome = sender(text, newest)
        with writing(engine) as connection:
            settle(connection, reply_id, now, source_id=outcome.source_id, problem=outcome.problem)
    with reading(engine) as connection:
        given = replies_to(connection, [answer.post_id])[answer.post_id]
    return next(each for each in given if each.id == reply_id)


def _occasion(talk: Talk, answer: Answer) -> Occasion:
    if talk.post.removed_at is not None:
        raise Incomplete("post_was_removed", post_id=talk.post.id)
    if talk.occasion is None:
        raise NotAllowed("nothing_to_tell", action="reply")
    if talk.seen != answer.seen:  # somebody answered in between: `begin_reply` says who
        return talk.occasion
    if talk.unsettled is not None:
        raise NotAllowed("reply_unsettled", action="reply")
    if answer.occasion not in (None, talk.occasion):
        raise Incomplete("occasion_changed", occasion=talk.occasion)
    return talk.occasion


def _check_x(talk: Talk, text: str, answer: Answer, sender: Sender | None) -> None:
    if sender is None:
        raise NotAllowed("x_not_set_up", action="reply")
    if not talk.may_go_to_x:
        raise NotAllowed("x_was_not_mentioned", action="reply")
    if x_length(text) > LIMIT:
        raise Incomplete("too_long_for_x", length=x_length(text))
    if links_in(text) and not answer.link:
        raise Incomplete("link_not_asked_for", link=links_in(text)[0])
