"""Who wrote a post, and since when: X sends an account's id for nothing, its handle and its age cost a read. Each is
looked up once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import delete, exists, select, update

from database.engine import reading, writing
from database.tables import authors, posts
from listener.asking import Asking, XSource
from listener.sources.x.client import Answer
from listener.sources.x.wire import CHANNEL, read_users

_AT_ONCE = 100  # accounts that X takes in one question


def look_up_accounts(source: XSource, asking: Asking, handles: Collection[str]) -> None:
    """Learn the ids of the city's own accounts, so that their posts are known by them. Raises OverBudget, XError."""
    known = _known(asking)
    unknown = sorted(handle.lower() for handle in handles if handle.lower() not in known.values())
    for chunk in _chunks([handle for handle in unknown if f"@{handle}" not in known]):
        # An account that X does not know is remembered by its handle, so as not to ask each hour.
        _look_up(asking, [f"@{handle}" for handle in chunk], partial(source.users, handles=chunk))


def look_up_authors(source: XSource, asking: Asking) -> None:
    """Learn the handles of those who wrote what became a ticket. Raises OverBudget, XError."""
    written = select(posts.c.author_id).where(
        posts.c.channel == CHANNEL,
        posts.c.outcome.in_(("drafted", "joined")),
        posts.c.author_id.is_not(None),
        posts.c.author_handle.is_(None),
        ~exists().where(authors.c.channel == CHANNEL, authors.c.source_id == posts.c.author_id),
    )
    with reading(asking.engine) as connection:
        nameless = sorted(set(connection.execute(written).scalars()))
    for chunk in _chunks(nameless):
        _look_up(asking, chunk, partial(source.users, ids=chunk))


def _known(asking: Asking) -> dict[str, str]:
    """Account id → handle in small letters, or nothing where X would not say."""
    with reading(asking.engine) as connection:
        rows = connection.execute(select(authors.c.source_id, authors.c.handle).where(authors.c.channel == CHANNEL))
        return {source_id: (handle or "").lower() for source_id, handle in rows}


def _look_up(asking: Asking, names: Sequence[str], question: Callable[[], Answer]) -> None:
    paid = asking.for_things(question, len(names) * asking.budget.user)
    users = {user.id: user for user in read_users(paid.answer)}
    answered = {*users, *(f"@{user.username.lower()}" for user in users.values())}
    now = asking.clock()
    told: dict[str, tuple[str | None, datetime | None]] = {
        source_id: (user.username, user.created_at) for source_id, user in users.items()
    }
    told |= {name: (None, None) for name in names if name not in answered}
    rows = [
        {"channel": CHANNEL, "source_id": source_id, "handle": handle, "joined_at": joined_at, "looked_up_at": now}
        for source_id, (handle, joined_at) in told.items()
    ]
    with writing(asking.engine) as connection:
        asking.settle(connection, paid, "user", users.keys())
        if names[0].startswith("@"):  # the city's own: what was taken for a citizen's until now is read again
            own = (posts.c.channel == CHANNEL, posts.c.author_id.in_(users), posts.c.outcome.in_(("drafted", "joined")))
            connection.execute(update(posts).where(*own).values(outcome="waiting"))
        named = authors.c.source_id.in_([row["source_id"] for row in rows])
        connection.execute(delete(authors).where(authors.c.channel == CHANNEL, named))
        connection.execute(authors.insert(), rows)


def _chunks(names: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), _AT_ONCE):
        yield list(names[start : start + _AT_ONCE])
