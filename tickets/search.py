"""Tickets as a person looks through them: more ways to choose than `queue.Filter`, orders, and counts of each choice.

Changes nothing. Every list is paged by key, whatever its order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, or_, select

from database.tables import posts, tickets
from tickets.queue import Filter, TicketView, posts_of
from tickets.saying import saying

Order = Literal["urgent", "oldest", "unsure"]
ORDERS: tuple[Order, ...] = get_args(Order)

Sureness = Literal["unsure", "fair", "sure"]
# From which probability of the office on a proposal is called so. For looking only: what is routed is the model's.
SURENESS: Mapping[Sureness, float] = {"sure": 0.85, "fair": 0.6, "unsure": 0.0}

_SURENESS = case(
    (tickets.c.opd_p >= SURENESS["sure"], "sure"), (tickets.c.opd_p >= SURENESS["fair"], "fair"), else_="unsure"
)
_ORDERED: Mapping[Order, tuple[ColumnElement[Any], ...]] = {
    "urgent": (tickets.c.priority_rank, tickets.c.posted_at, tickets.c.id),
    "oldest": (tickets.c.posted_at, tickets.c.id),
    "unsure": (func.coalesce(tickets.c.opd_p, 0.0), tickets.c.id),
}


def sureness(p: float | None) -> Sureness:
    """The word for a probability; an unknown one is unsure."""
    return next(word for word, least in SURENESS.items() if (p or 0.0) >= least)


@dataclass(frozen=True, slots=True)
class Search(Filter):
    """Which tickets; an empty choice lets all through."""

    priorities: tuple[str, ...] = ()
    kecamatan: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    sureness: tuple[Sureness, ...] = ()
    posted_before: datetime | None = None  # waiting at least since then
    words: str = ""  # in number, title, a citizen's words or place; see `saying`

    def conditions(self) -> list[ColumnElement[bool]]:
        wanted = Filter.conditions(self)
        columns = ((tickets.c.priority, self.priorities), (tickets.c.kecamatan, self.kecamatan))
        wanted += [column.in_(chosen) for column, chosen in columns if chosen]
        if self.sureness:
            wanted.append(_SURENESS.in_(self.sureness))
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
    """Tickets in order. `after`: the number of the last one seen; one that is not known begins at the top."""
    query = select(tickets.c.id).where(*wanted.conditions())
    if after is not None and (seen := connection.execute(_key(order, after)).one_or_none()):
        query = query.where(_comes_after(_ORDERED[order], tuple(seen)))
    # First the ids, which an index can put in order by itself, then only these rows: they are long.
    ids = list(connection.execute(query.order_by(*_ORDERED[order]).limit(limit)).scalars())
    rows = {row["id"]: dict(row) for row in connection.execute(select(tickets).where(tickets.c.id.in_(ids))).mappings()}
    theirs = posts_of(connection, ids)
    return [TicketView(rows[ticket_id], tuple(theirs[ticket_id])) for ticket_id in ids]


def _key(order: Order, number: str) -> Any:
    return select(*_ORDERED[order]).where(tickets.c.number == number)


def _comes_after(columns: Sequence[ColumnElement[Any]], seen: Sequence[object]) -> ColumnElement[bool]:
    """A row-wise "greater than" that both databases answer from an index."""
    first, *rest = columns
    beyond: ColumnElement[bool] = first > seen[0]
    return or_(beyond, and_(first == seen[0], _comes_after(rest, seen[1:]))) if rest else beyond


# ── Counts beside each choice ─────────────────────────────────────────────────────────────────────────────────────

Dimension = Literal["statuses", "priorities", "opds", "categories", "kecamatan", "sureness", "channels"]
_COLUMNS: Mapping[Dimension, ColumnElement[Any]] = {
    "statuses": tickets.c.status,
    "priorities": tickets.c.priority,
    "opds": tickets.c.opd,
    "categories": tickets.c.category,
    "kecamatan": tickets.c.kecamatan,
    "sureness": _SURENESS,
}


@dataclass(frozen=True, slots=True)
class Facets:
    """How many tickets each choice of a dimension would show, with the choices of the other dimensions as they are."""

    counts: Mapping[Dimension, Mapping[str, int]]
    total: int  # tickets that the search itself finds


def facets(connection: Connection, wanted: Search) -> Facets:
    """One pass over what the search finds, and one more for each dimension in which something is chosen."""
    free = [dimension for dimension in _COLUMNS if not getattr(wanted, dimension)]
    found = _counted(connection, wanted, free)
    for dimension in _COLUMNS.keys() - set(free):
        found |= _counted(connection, _without(wanted, dimension), [dimension])
    by_channel = (
        select(posts.c.channel, func.count(posts.c.ticket_id.distinct()))
        .join(tickets, tickets.c.id == posts.c.ticket_id)
        .where(*_without(wanted, "channels").conditions())
        .group_by(posts.c.channel)
    )
    found["channels"] = {row[0]: row[1] for row in connection.execute(by_channel)}
    by_status = found["statuses"]
    total = sum(by_status.get(status, 0) for status in wanted.statuses or by_status)
    return Facets(found, total)


def _counted(
    connection: Connection, wanted: Search, dimensions: Sequence[Dimension]
) -> dict[Dimension, Mapping[str, int]]:
    """How often each value stands in these columns. Counted here: one pass is quicker than a GROUP BY for each."""
    if not dimensions:
        return {}
    if len(dimensions) == 1:
        return {dimensions[0]: _grouped(connection, wanted, _COLUMNS[dimensions[0]])}
    rows = connection.execute(select(*(_COLUMNS[name] for name in dimensions)).where(*wanted.conditions())).all()
    columns = zip(*rows, strict=True) if rows else ((),) * len(dimensions)
    return {
        name: {value: number for value, number in Counter(column).items() if value is not None}
        for name, column in zip(dimensions, columns, strict=True)
    }


def _grouped(connection: Connection, wanted: Search, column: ColumnElement[Any]) -> Mapping[str, int]:
    # An expression, for a plain column may tempt the planner to an index of that column, away from the search's.
    value = func.coalesce(column, "")
    query = select(value, func.count()).where(*wanted.conditions()).group_by(value)
    return {row[0]: row[1] for row in connection.execute(query) if row[0]}


def _without(wanted: Search, dimension: Dimension) -> Search:
    return replace(wanted, **{dimension: ()})  # type: ignore[arg-type]  # every dimension is a tuple of choices
