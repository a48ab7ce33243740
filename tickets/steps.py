"""What a person may ask of a ticket, as values: forms, API and shell are parsed into these at their edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tickets.moves import Action, Role
from tickets.read_post import Priority

Rejection = Literal["no_complaint", "not_ours", "too_little"]
Waiting = Literal["ask_opd", "photo", "unsure"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which role, and from where (desk · cli · api, with the address where there is one)."""

    name: str
    role: Role
    opd: str | None = None  # of an opd_admin
    origin: str = "desk"


@dataclass(frozen=True, slots=True)
class Batch:
    """The act on many tickets that a step belongs to, and the one reason given for all of them."""

    id: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Accept:
    """It is a complaint and its OPD owns it. A blind look names category and OPD itself; else they may be left out."""

    category: str | None = None
    opd: str | None = None


@dataclass(frozen=True, slots=True)
class Correct:
    """Another category, another OPD, or both."""

    category: str | None = None
    opd: str | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """No complaint, not ours (and whose: a code of the other authorities), or too little said."""

    rejection: Rejection
    reason: str | None = None
    authority: str | None = None


@dataclass(frozen=True, slots=True)
class Close:
    condition: str | None = None  # selesai bersyarat


@dataclass(frozen=True, slots=True)
class Reopen:
    reason: str


@dataclass(frozen=True, slots=True)
class Merge:
    """Its posts go to the ticket `into`, its number points on there."""

    into: int


@dataclass(frozen=True, slots=True)
class Split:
    """These posts, not all of its posts, become a draft of their own."""

    posts: frozenset[int]


@dataclass(frozen=True, slots=True)
class Retitle:
    title: str


@dataclass(frozen=True, slots=True)
class SendBack:
    """Not this OPD's: back into the city's queue."""

    reason: str


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: why, and when it comes back by itself."""

    reason: Waiting
    until: datetime


@dataclass(frozen=True, slots=True)
class Resume:
    """It was put off, and waits no longer."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One word of the desk's own, in place of the one there was; None takes it away."""

    word: str | None


@dataclass(frozen=True, slots=True)
class Prioritise:
    """How urgent it is, whatever the model says of the posts that are there now."""

    priority: Priority


Step = (
    Accept | Correct | Reject | Close | Reopen | Merge | Split | Retitle | SendBack | Later | Resume | Tag | Prioritise
)

ACTIONS: Mapping[type, Action] = {
    Accept: "accept", Correct: "correct", Reject: "reject", Close: "close", Reopen: "reopen",
    Merge: "merge", Split: "split", Retitle: "retitle", SendBack: "send_back", Later: "later", Resume: "resume",
    Tag: "tag", Prioritise: "prioritise",
}  # fmt: skip
