"""The steps of the API as their JSON bodies, parsed here into the values that `tickets` knows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from tickets.checking import LONGEST_TAG
from tickets.read_post import Priority
from tickets.steps import (
    Accept,
    Actor,
    Close,
    Correct,
    Later,
    Merge,
    Prioritise,
    Reject,
    Reopen,
    Resume,
    Retitle,
    SendBack,
    Split,
    Step,
    Tag,
    Waiting,
)
from tickets.workflow import look

Words = Annotated[str, Field(max_length=500)]


class Body(BaseModel, ABC):
    """What every step says: the version of the ticket as it was read. If it has changed since, nothing is done."""

    model_config = ConfigDict(extra="forbid")

    version: int

    @abstractmethod
    def step(self, _connection: Connection, _by: Actor) -> Step:
        """What is to be done. Another ticket that a body names must be one that the actor may see."""


class AcceptBody(Body):
    """`category` and `opd` must be named where the draft is `blind`; elsewhere they may be, to correct as well."""

    category: str | None = None
    opd: str | None = None

    def step(self, _connection: Connection, _by: Actor) -> Step:
        return Accept(self.category, self.opd)


class CorrectBody(Body):
    category: str | None = None
    opd: str | None = None

    def step(self, _connection: Connection, _by: Actor) -> Step:
        return Correct(self.category, self.opd)


class RejectBody(Body):
    rejection: Literal["no_complaint", "not_ours", "too_little"]
    reason: Words | None = None
    authority: str | None = None

    def step(self, _connection: Connection, _by: Actor) -> Step:
        return Reject(self.rejection, self.reason, self.authority)


class CloseBody(Body):
    condition: Words | None = None

    def step(self, _connection: Connection, _by: Actor) -> Step:
        return Close(self.condition)


class ReasonBody(Body):
    reason: Words


class ReopenBody(ReasonBody):
    def step(self, _connection: Connection, _by: Actor) -> Step:
        return Reopen(self.reason)


class SendBackBody(ReasonBody):
    def step(self, _connection: Connection, _by: Actor) -> Step:
        return SendBack(self.reason)


class MergeBody(Body):
    into: str  # a ticket's number

    def step(self, connection: Connection, by: Actor) -> Step:
        return Merge(look(connection, self.into, by).id)


class SplitBody(Body):
    posts: list[int]  # as `post_id` in the ticket

    def step(self, _connection: Connection, _by: Actor) -> Step:
        return Split(frozenset(self.posts))


class RetitleBody(Body):
    title: Annotated[str, Field(max_length=300)]

    def step(self, _connection: Connection, _by: Actor) -> Step:
        return Retitle(self.title)


class LaterBody(Body):
    reason: Waiting
    until: AwareDatetime

    def step(self, _connection: Connection, _by: Actor) -> Step:
        return Later(self.reason, self.until)


class ResumeBody(Body):
    def step(self, _connection: Connection, _by: Actor) -> Step:
        return Resume()


class TagBody(Body):
    tag: Annotated[str | None, Field(max_length=LONGEST_TAG)]  # null takes it away

    def step(self, _connection: Connection, _by: Actor) -> Step:
        return Tag(self.tag)


class PrioritiseBody(Body):
    priority: Priority

    def step(self, _connection: Connection, _by: Actor) -> Step:
        return Prioritise(self.priority)


BODIES: tuple[tuple[str, type[Body]], ...] = (
    ("accept", AcceptBody),
    ("correct", CorrectBody),
    ("reject", RejectBody),
    ("close", CloseBody),
    ("reopen", ReopenBody),
    ("merge", MergeBody),
    ("split", SplitBody),
    ("retitle", RetitleBody),
    ("send_back", SendBackBody),
    ("later", LaterBody),
    ("resume", ResumeBody),
    ("tag", TagBody),
    ("prioritise", PrioritiseBody),
)
