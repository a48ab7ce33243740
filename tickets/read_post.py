"""A post that has been read: what one citizen told, and what the classifier made of it.

Drafts and incidents are functions of these values and of nothing else, so that the order of capture does not matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from tickets.place import Place, parse

Priority = Literal["darurat", "tinggi", "biasa"]
PRIORITY_RANKS: Mapping[str, int] = {"darurat": 0, "tinggi": 1, "biasa": 2}


Choices = tuple[tuple[str, float], ...]  # the likeliest codes and how probable each is


@dataclass(frozen=True, slots=True)
class ReadPost:
    """One post with its newest prediction. `author` is the source's id of the author, or else the handle."""

    id: int
    channel: str
    source_id: str
    author: str | None
    reply_to: str | None
    text: str
    created_at: datetime
    decision: str  # route · review · not_ours · drop
    category: str | None
    category_p: float | None
    opd: str | None
    opd_p: float | None
    priority: Priority
    place: Place | None
    normalised: str
    model: str
    content: Mapping[str, object]  # the whole prediction, as `python -m classifier predict` prints it
    categories: Choices = ()
    opds: Choices = ()

    @property
    def order(self) -> tuple[datetime, str, str]:
        """What "earliest" means: the same on every machine, whatever the order of capture."""
        return (self.created_at, self.source_id, self.channel)


@dataclass(frozen=True, slots=True)
class Written:
    """The columns of a post that a reading needs."""

    id: int
    channel: str
    source_id: str
    author: str | None
    reply_to: str | None
    text: str
    created_at: datetime


def read_post(post: Written, content: Mapping[str, object]) -> ReadPost:
    """A post and its stored prediction as one value. Raises ValueError for a prediction that is none."""
    decision = str(content["decision"])
    if decision not in ("route", "review", "not_ours", "drop"):
        raise ValueError(f"a prediction decides {decision!r}; it should be route, review, not_ours or drop")
    priority = str(content.get("priority") or "biasa")
    if priority not in PRIORITY_RANKS:
        raise ValueError(f"a prediction has the priority {priority!r}; it should be {', '.join(PRIORITY_RANKS)}")
    return ReadPost(
        id=post.id,
        channel=post.channel,
        source_id=post.source_id,
        author=post.author,
        reply_to=post.reply_to,
        text=post.text,
        created_at=post.created_at,
        decision=decision,
        category=_code(content.get("category")),
        category_p=_probability(content.get("category")),
        opd=_code(content.get("opd")),
        opd_p=_probability(content.get("opd")),
        priority=cast(Priority, priority),
        place=parse(cast("Mapping[str, object] | None", content.get("place"))),
        normalised=str(content.get("normalised") or ""),
        model=str(content.get("model") or ""),
        content=content,
        categories=_choices(content, "category"),
        opds=_choices(content, "opd"),
    )


def _choices(content: Mapping[str, object], what: str) -> Choices:
    """The three likeliest; of a prediction that keeps but one, that one."""
    top, first = content.get(f"{what}_top3"), content.get(what)
    choices = top if isinstance(top, list) and top else [first]
    return tuple((str(each["code"]), float(each.get("p") or 0)) for each in choices if isinstance(each, Mapping))


def _code(choice: object) -> str | None:
    return str(choice["code"]) if isinstance(choice, Mapping) else None


def _probability(choice: object) -> float | None:
    return float(choice["p"]) if isinstance(choice, Mapping) and choice.get("p") is not None else None
