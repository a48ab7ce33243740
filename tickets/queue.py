"""Looking at tickets: the queue, one ticket with its posts, and what was not drafted. Changes nothing.

Every list is paged by key: the next page begins after the last row of this one, however far down it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Result, RowMapping, Select, and_, bindparam, func, or_, select

from database.tables import STATUSES, audit, authors, posts, tickets
from tickets.ledger import moment
from tickets.stored_posts import chunks

PAGE = 1_000

Key = tuple[int, datetime, int]  # what URGENT orders by
# The most urgent first, then the longest waiting.
URGENT: tuple[ColumnElement[Any], ...] = (tickets.c.priority_rank, tickets.c.posted_at, tickets.c.id)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tickets; an empty choice lets all through. Times are those of drafting."""

    statuses: tuple[str, ...] = ()
    opds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    hides_blind: bool = False  # what the model supposes of a blind draft puts it into no list and no count

    def conditions(self) -> list[ColumnElement[bool]]:
        """What counts (neither merged nor withdrawn) and was asked for."""
        wanted: list[ColumnElement[bool]] = [tickets.c.merged_into.is_(None), tickets.c.withdrawn_at.is_(None)]
        if self.statuses:
            wanted.append(tickets.c.status.in_(self.statuses))
        if self.opds:
            wanted.append(tickets.c.opd.in_(self.opds))
        if self.categories:
            wanted.append(tickets.c.category.in_(self.categories))
        if self.hides_blind and (self.opds or self.categories):
            wanted.append(tickets.c.blind.is_(False))
        if self.since:
            wanted.append(tickets.c.created_at >= self.since)
        if self.until:
            wanted.append(tickets.c.created_at < self.until)
        return wanted


@dataclass(frozen=True, slots=True)
class PostView:
    """One post of a ticket, as a person may see it."""

    id: int
    ticket_id: int | None
    channel: str
    source_id: str
    url: str | None
    author: str | None
    joined_at: datetime | None  # when the author's account was opened, where the source told
    reply_to: str | None
    repeats: str | None
    text: str | None
    parent_text: str | None
    media: tuple[str, ...]
    created_at: datetime
    edited_at: datetime | None
    removed_at: datetime | None
    outcome: str
    reason: str | None

    def as_dict(self) -> dict[str, object]:
        return {
            "channel": self.channel,
            "id": self.source_id,
            "url": self.url,
            "author": self.author,
            "created_at": moment(self.created_at),
            "media": list(self.media),
        }


@dataclass(frozen=True, slots=True)
class TicketView:
    """One ticket with its posts, earliest first."""

    row: Mapping[str, Any]
    posts: tuple[PostView, ...]

    @property
    def reporters(self) -> int:
        """How many people told of it: one may have written several of its posts; who is unknown counts by themself."""
        return len({(post.channel, post.author or post.id) for post in self.posts}) or int(self.row["post_count"])

    @property
    def key(self) -> Key:
        return (self.row["priority_rank"], self.row["posted_at"], self.row["id"])

    def as_dict(self) -> dict[str, object]:
        """One line of `python -m tickets list --json`."""
        row = self.row
        return {
            "id": row["number"],
            "status": row["status"],
            "title": row["title"],
            "text": row["text"],
            "decision": row["decision"],
            "created_at": moment(row["created_at"]),
            "category": row["category"],
            "opd": row["opd"],
            "opd_p": row["opd_p"],
            "queue": row["queue"],
            "priority": row["priority"],
            "place": row["place"],
            "model": row["model"],
            "reporters": self.reporters,
            "repeated": row["repeated"],
            "blind": row["blind"],
            "posts": [post.as_dict() for post in self.posts],
        }

    def in_full(self) -> dict[str, object]:
        """The same with everything else that a reviewer decides on."""
        row, told = self.row, self.row["prediction"]
        moments = (
            "posted_at",
            "last_posted_at",
            "updated_at",
            "decided_at",
            "answered_at",
            "closed_at",
            "edited_since",
        )
        return {
            **self.as_dict(),
            **{name: row[name] and moment(row[name]) for name in moments},
            **{name: row[name] for name in ("condition", "rejection", "reason", "version")},
            **{name: told.get(name, []) for name in ("opd_top3", "category_top3", "why")},
        }


def find(connection: Connection, wanted: Filter, *, limit: int = 50, after: Key | None = None) -> list[TicketView]:
    """A page of tickets, the most urgent and longest waiting first. `after`: the key of the last one seen."""
    return views(connection, [key[-1] for key in keys(connection, wanted, URGENT, limit=limit, after=after)])


def keys(
    connection: Connection,
    wanted: Filter,
    columns: Sequence[ColumnElement[Any]],
    *,
    limit: int,
    after: Sequence[Any] | None = None,
) -> list[Sequence[Any]]:
    """What a page of tickets is ordered by: `columns`, of which the id is the last. `after`: of the last one seen.

    Each status is asked for by itself: within one, an index has them in order.
    """
    found = []
    for status in wanted.statuses or STATUSES:
        chosen = replace(wanted, statuses=(status,)).conditions()
        found.append(connection.execute(in_order(select(*columns).where(*chosen), columns, limit, after)).all())
    return list(islice(merge(*found, key=tuple), limit))


def in_order(
    query: Select[Any], columns: Sequence[ColumnElement[Any]], limit: int, after: Sequence[Any] | None
) -> Select[Any]:
    """The first `limit`, or the first after the key `after`."""
    begun = query if after is None else query.where(_comes_after(columns, after))
    return begun.order_by(*columns).limit(limit)


def views(connection: Connection, ids: Sequence[int]) -> list[TicketView]:
    """Those of these tickets that there are, in this order, in a question for all: their rows are long."""
    found = _with_posts(connection, connection.execute(_BY_ID, {"ids": [*ids]}))
    by_id = {view.row["id"]: view for view in found}
    return [by_id[ticket_id] for ticket_id in ids if ticket_id in by_id]


def every(connection: Connection, wanted: Filter, *, limit: int | None = None) -> Iterator[TicketView]:
    """All tickets (or the first `limit`), fetched page by page."""
    after: Key | None = None
    left = limit
    while left is None or left > 0:
        page = find(connection, wanted, limit=PAGE if left is None else min(PAGE, left), after=after)
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1].key
        left = None if left is None else left - len(page)


def count(connection: Connection, wanted: Filter) -> int:
    """How many tickets there are."""
    query = select(func.count()).select_from(tickets).where(*wanted.conditions())
    return int(connection.execute(query).scalar_one())


def show(connection: Connection, number: str) -> TicketView | None:
    """The ticket with this number, also when it was merged or withdrawn."""
    found = _with_posts(connection, connection.execute(_BY_NUMBER, {"number": number}))
    return found[0] if found else None


def number_of(connection: Connection, ticket_id: int) -> str:
    return str(connection.execute(select(tickets.c.number).where(tickets.c.id == ticket_id)).scalar_one())


def history(connection: Connection, ticket_id: int) -> list[dict[str, Any]]:
    """What happened to a ticket, oldest first: the rows of `audit`."""
    return [dict(row) for row in connection.execute(_HISTORY, {"ticket": ticket_id}).mappings()]


def set_aside(
    connection: Connection, *, since: datetime | None = None, limit: int = 50, before: int | None = None
) -> list[PostView]:
    """Posts that were filtered or quarantined, newest captured first. `before`: the id of the last one seen."""
    query = _POSTS.where(posts.c.outcome.in_(("filtered", "quarantined")))
    if since:
        query = query.where(posts.c.captured_at >= since)
    if before is not None:
        query = query.where(posts.c.id < before)
    return [_view(row) for row in connection.execute(query.order_by(posts.c.id.desc()).limit(limit)).mappings()]


def every_set_aside(
    connection: Connection, *, since: datetime | None = None, limit: int | None = None
) -> Iterator[PostView]:
    """All of them (or the first `limit`), fetched page by page."""
    before: int | None = None
    left = limit
    while left is None or left > 0:
        page = set_aside(connection, since=since, limit=PAGE if left is None else min(PAGE, left), before=before)
        yield from page
        if len(page) < PAGE:
            return
        before = page[-1].id
        left = None if left is None else left - len(page)


def posts_of(connection: Connection, ticket_ids: Collection[int]) -> dict[int, list[PostView]]:
    """The posts of each ticket, earliest first."""
    found: dict[int, list[PostView]] = {ticket_id: [] for ticket_id in ticket_ids}
    for chunk in chunks(sorted(ticket_ids)):
        for row in connection.execute(_POSTS_OF, {"ids": chunk}).mappings():
            found[row["ticket_id"]].append(_view(row))
    return found


def _comes_after(columns: Sequence[ColumnElement[Any]], seen: Sequence[object]) -> ColumnElement[bool]:
    """A row-wise "greater than" that both databases answer from an index."""
    first, *rest = columns
    beyond: ColumnElement[bool] = first > seen[0]
    return or_(beyond, and_(first == seen[0], _comes_after(rest, seen[1:]))) if rest else beyond


def _with_posts(connection: Connection, found: Result[Any]) -> list[TicketView]:
    rows = [dict(row) for row in found.mappings()]
    theirs = posts_of(connection, [row["id"] for row in rows])
    return [TicketView(row, tuple(theirs[row["id"]])) for row in rows]


_SEEN: Sequence[str] = (
    "id", "ticket_id", "channel", "source_id", "url", "text", "parent_text", "media", "created_at", "edited_at",
    "removed_at", "outcome", "reason", "reply_to", "repeats",
)  # fmt: skip
# Posts with the author as far as known: the handle, or else the source's id of the author.
_AUTHOR = func.coalesce(posts.c.author_handle, authors.c.handle, posts.c.author_id).label("author")
_KNOWN = and_(authors.c.channel == posts.c.channel, authors.c.source_id == posts.c.author_id)
_POSTS = select(*(posts.c[name] for name in _SEEN), _AUTHOR, authors.c.joined_at).join(authors, _KNOWN, isouter=True)

# Asked for every page: put together once.
_POSTS_OF = _POSTS.where(posts.c.ticket_id.in_(bindparam("ids", expanding=True))).order_by(
    posts.c.created_at, posts.c.source_id
)
_BY_ID = select(tickets).where(tickets.c.id.in_(bindparam("ids", expanding=True)))
_BY_NUMBER = select(tickets).where(tickets.c.number == bindparam("number"))
_HISTORY = select(audit).where(audit.c.ticket_id == bindparam("ticket")).order_by(audit.c.id)


def _view(row: RowMapping) -> PostView:
    return PostView(**{**row, "media": tuple(row["media"] or ())})
