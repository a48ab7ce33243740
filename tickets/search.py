"""Tickets as a person looks through them: more ways to choose than `queue.Filter`, and orders.

Changes nothing. Every list is paged by key, whatever its order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, case, exists, func, select

from database.tables import posts, tickets
from tickets.blind import shown, unproposed
from tickets.queue import URGENT, Filter, TicketView, keys, views
from tickets.saying import saying

Order = Literal["urgent", "oldest", "unsure"]
ORDERS: tuple[Order, ...] = get_args(Order)

Sureness = Literal["unsure", "fair", "sure"]
NOT_PUT_OFF = "none"
# From which probability of the office on a proposal is called so. For looking only: what is routed is the model's.
SURENESS: Mapping[Sureness, float] = {"sure": 0.85, "fair": 0.6, "unsure": 0.0}

_SURENESS = case(
    (tickets.c.blind, None),
    (tickets.c.opd_p >= SURENESS["sure"], "sure"),
    (tickets.c.opd_p >= SURENESS["fair"], "fair"),
    else_="unsure",
)
ORDERED: Mapping[Order, tuple[ColumnElement[Any], ...]] = {
    "urgent": URGENT,
    "oldest": (tickets.c.posted_at, tickets.c.id),
    "unsure": (func.coalesce(tickets.c.opd_p, 0.0), tickets.c.id),
}

_STRIDE = 1_000


def sureness(p: float | None) -> Sureness:
    """The word for a probability; an unknown one is unsure."""
    return next(word for word, least in SURENESS.items() if (p or 0.0) >= least)


# By what a list can be narrowed, and what each means; a ticket has one channel for every post.
Dimension = Literal[
    "statuses", "priorities", "opds", "categories", "kecamatan", "sureness", "channels", "later", "tags"
]  # fmt: skip
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
COLUMNS: Mapping[Dimension, ColumnElement[Any]] = {
    "statuses": tickets.c.status,
    "priorities": tickets.c.priority,
    "opds": shown(tickets.c.opd),
    "categories": shown(tickets.c.category),
    "kecamatan": tickets.c.kecamatan,
    "sureness": _SURENESS,
    "later": func.coalesce(tickets.c.later, NOT_PUT_OFF),
    "tags": tickets.c.tag,
}


@dataclass(frozen=True, slots=True)
class Search(Filter):
    """Which tickets; an empty choice lets all through."""

    hides_blind: bool = True
    priorities: tuple[str, ...] = ()
    kecamatan: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    sureness: tuple[Sureness, ...] = ()
    later: tuple[str, ...] = ()  # why it was put off; NOT_PUT_OFF for those that were not
    tags: tuple[str, ...] = ()
    posted_before: datetime | None = None  # waiting at least since then
    words: str = ""  # in number, title, a citizen's words or place; see `saying`

    def conditions(self) -> list[ColumnElement[bool]]:
        wanted = Filter.conditions(self)
        own: tuple[Dimension, ...] = ("priorities", "kecamatan", "sureness", "later", "tags")
        wanted += [COLUMNS[name].in_(chosen) for name in own if (chosen := getattr(self, name))]
        if self.channels:
            wanted.append(_has_post(posts.c.channel.in_(self.channels)))
        if self.posted_before:
            wanted.append(tickets.c.posted_at <= self.posted_before)
        if self.words:
            wanted.append(tickets.c.id.in_(saying(self.words)))
        return wanted


def _has_post(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(posts.c.ticket_id == tickets.c.id, condition)


def page(
    connection: Connection, wanted: Search, order: Order, *, limit: int, after: str | None = None
) -> list[TicketView]:
    """Tickets in order, as they may be shown. `after`: the number of the last one seen."""
    columns = ORDERED[order]
    seen = connection.execute(select(*columns).where(tickets.c.number == after)).one_or_none() if after else None
    return as_shown(connection, [key[-1] for key in keys(connection, wanted, columns, limit=limit, after=seen)])


def as_shown(connection: Connection, ids: Sequence[int]) -> list[TicketView]:
    """These tickets in this order, without what may not be shown (`blind.unproposed`)."""
    return [replace(view, row=unproposed(view.row)) for view in views(connection, ids)]


def every(connection: Connection, wanted: Search, order: Order) -> Iterator[TicketView]:
    """All tickets in order, as they may be shown, fetched stride by stride."""
    columns = ORDERED[order]
    seen: Sequence[Any] | None = None
    while stride := keys(connection, wanted, columns, limit=_STRIDE, after=seen):
        yield from as_shown(connection, [key[-1] for key in stride])
        seen = stride[-1]
