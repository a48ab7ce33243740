"""Replies over the API: what citizens were told, what they may be told now, and telling it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from city.reply_texts import Occasion
from city.x_length import x_length
from database.engine import reading, writing
from desk.accounts import Person
from desk.api_callers import Caller, Handed, Number, origin
from desk.masking import masked
from tickets.answering import Answer, give, talks_of
from tickets.ledger import moment
from tickets.replies import LONGEST_REPLY, MAY_REPLY, Given, State, Way, settle_by_hand
from tickets.reply_drafts import Talk

router = APIRouter()

ReplyId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class Reply(BaseModel):
    """One reply as it stands. `sending`: X's answer is not there, or was lost."""

    id: int
    post_id: int
    at: str
    by: str
    occasion: Occasion
    way: Way
    state: State
    text: str
    told_channels: bool
    source_id: str | None = Field(description="of the reply on X")
    problem: str | None = Field(description="why X published nothing")


class Draft(BaseModel):
    """What may be told now. `length` and `limit` count as the post's channel counts."""

    occasion: Occasion
    text: str
    tells_channels: bool
    length: int
    limit: int | None
    may_go_to_x: bool


class Talked(BaseModel):
    """One post: what its author was told, and what they may be told."""

    post_id: int
    channel: str
    replies: list[Reply]
    is_answered: bool = Field(description="since the ticket came to where it is")
    seen: int | None = Field(description="of the last reply; what a new one must name")
    draft: Draft | None = Field(description="null where there is nothing to tell, or for whoever may not reply")


class AnswerBody(BaseModel):
    """A reply to one post. `way`: `clipboard` for one that was, or will be, sent by other means than X's API."""

    model_config = ConfigDict(extra="forbid")

    post_id: Annotated[int, Field(ge=1, le=2**63 - 1)]
    text: Annotated[str, Field(max_length=LONGEST_REPLY)]
    way: Literal["clipboard", "x"]
    seen: Annotated[int | None, Field(description="of the last reply to this post that the caller knows of")] = None
    link: Annotated[bool, Field(description="a link was asked for: on X it costs thirteen times more")] = False


class SettleBody(BaseModel):
    """Somebody has looked at X: is the reply there?"""

    model_config = ConfigDict(extra="forbid")

    is_out: bool


@router.get("/tickets/{number}/replies", summary="What citizens were told, and what they may be told now")
def show_replies(
    number: Number, by: Caller, parts: Handed, link: Annotated[bool, Query(description="add the city's link")] = False
) -> list[Talked]:
    saying = parts.saying(parts.clock(), link=link)
    with reading(parts.engine) as connection:
        found = talks_of(connection, number, saying, by.acting("api"))
    return [_talked(talk, by, sends=parts.sender is not None) for talk in found]


@router.post("/tickets/{number}/replies", summary="Reply to one post")
def reply(number: Number, body: AnswerBody, request: Request, by: Caller, parts: Handed) -> Reply:
    now = parts.clock()
    answer = Answer(body.post_id, body.text, body.way, link=body.link, seen=body.seen)
    actor, saying = by.acting(origin(request)), parts.saying(now, link=body.link)
    return reply_told(give(parts.engine, number, answer, actor, now, saying=saying, sender=parts.sender), by)


@router.post("/replies/{reply_id}/settle", summary="Say whether a reply whose answer was lost is out", status_code=204)
def settle(reply_id: ReplyId, body: SettleBody, request: Request, by: Caller, parts: Handed) -> None:
    with writing(parts.engine) as connection:
        settle_by_hand(connection, reply_id, by.acting(origin(request)), parts.clock(), is_out=body.is_out)


def reply_told(given: Given, by: Person) -> Reply:
    """A reply for the eyes of `by`."""
    return Reply(
        id=given.id,
        post_id=given.post_id,
        at=moment(given.at),
        by=given.actor,
        occasion=given.occasion,
        way=given.way,
        state=given.state,
        text=given.text if by.sees_authors else masked(given.text),
        told_channels=given.told_channels,
        source_id=given.source_id if by.sees_authors else None,
        problem=given.problem,
    )


def _talked(talk: Talk, by: Person, *, sends: bool) -> Talked:
    draft = None
    if talk.occasion is not None and by.role in MAY_REPLY:
        draft = Draft(
            occasion=talk.occasion,
            text=talk.text,
            tells_channels=talk.tells_channels,
            length=x_length(talk.text) if talk.limit else len(talk.text),
            limit=talk.limit,
            may_go_to_x=talk.may_go_to_x and sends,
        )
    return Talked(
        post_id=talk.post.id,
        channel=talk.post.channel,
        replies=[reply_told(each, by) for each in talk.given],
        is_answered=talk.is_answered,
        seen=talk.seen,
        draft=draft,
    )
