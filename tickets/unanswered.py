"""Which decided tickets still have someone to tell: the list from which citizens are answered in a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from database.tables import posts, replies, tickets
from tickets.replies import STANDING

REACH = timedelta(days=30)  # what was decided longer ago is no news

_SHOWN = ("id", "number", "title", "status", "rejection", "condition", "category", "opd")
_since = func.coalesce(tickets.c.closed_at, tickets.c.decided_at)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A ticket, since when it stands where it stands, and how many of those who wrote were not told."""

    id: int
    number: str
    title: str
    status: str
    rejection: str | None
    condition: str | None
    category: str | None
    opd: str | None
    since: datetime
    posts: int

    @property
    def row(self) -> dict[str, str | None]:
        """What tells which news there is."""
        return {"status": self.status, "rejection": self.rejection, "condition": self.condition}

    @property
    def key(self) -> tuple[datetime, int]:
        return (self.since, self.id)


def unanswered(
    connection: Connection, now: datetime, *, limit: int, after: tuple[datetime, int] | None = None
) -> list[Unanswered]:
    """The longest waiting first. `after`: the key of the last one seen."""
    query = select(*(tickets.c[name] for name in _SHOWN), _since.label("since")).where(
        *_has_news(now), _to_tell().exists()
    )
    if after is not None:
        query = query.where(or_(_since > after[0], and_(_since == after[0], tickets.c.id > after[1])))
    rows = connection.execute(query.order_by(_since, tickets.c.id).limit(limit)).mappings().all()
    counts = _counts(connection, [row["id"] for row in rows])
    return [Unanswered(**row, posts=counts[row["id"]]) for row in rows]


def _counts(connection: Connection, ticket_ids: Sequence[int]) -> dict[int, int]:
    query = select(tickets.c.id, _to_tell().with_only_columns(func.count()).scalar_subquery())
    return {row[0]: row[1] for row in connection.execute(query.where(tickets.c.id.in_(ticket_ids)))}


def _has_news(now: datetime) -> list[ColumnElement[bool]]:
    return [
        tickets.c.status.in_(("dalam_proses", "selesai", "ditolak")),
        or_(tickets.c.status != "ditolak", tickets.c.rejection.in_(("too_little", "not_ours"))),
        tickets.c.merged_into.is_(None),
        tickets.c.withdrawn_at.is_(None),
        _since >= now - REACH,
    ]


def _to_tell() -> Select[tuple[int]]:
    """The posts of a ticket whose authors were told nothing since it came to where it is."""
    told = select(replies.c.id).where(
        replies.c.post_id == posts.c.id, replies.c.state.in_(STANDING), replies.c.at >= _since
    )
    return (
        select(posts.c.id)
        .where(posts.c.ticket_id == tickets.c.id, posts.c.text.is_not(None), ~told.correlate(posts, tickets).exists())
        .correlate(tickets)
    )
