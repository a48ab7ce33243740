"""When did the city answer? A reply of one of its own accounts to a post answers the ticket of that post, and so does
one that was given at the desk.

Own posts are never drafts. Which reply came first is read from the store, so that it does not matter whether the
answer or the complaint was captured first.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from database.tables import post_versions, posts, replies, tickets
from tickets.history import Entry, record_machine
from tickets.stored_posts import chunks

OWN_ACCOUNT = "own_account"  # the reason under which an own post is filtered

Name = tuple[str, str]  # a channel, and an id that a post has or had there


def tickets_named(connection: Connection, names: Collection[Name]) -> set[int]:
    """The tickets of the posts with these names."""
    found: set[int] = set()
    for chunk in chunks(sorted({name for _, name in names})):
        versions = select(post_versions.c.channel, post_versions.c.version_id, post_versions.c.source_id)
        later = connection.execute(versions.where(post_versions.c.version_id.in_(chunk))).all()
        firsts = {(row.channel, row.source_id) for row in later if (row.channel, row.version_id) in names}
        wanted = firsts | set(names)
        named = select(posts.c.channel, posts.c.source_id, posts.c.ticket_id).where(
            posts.c.source_id.in_({name for _, name in wanted}), posts.c.ticket_id.is_not(None)
        )
        found |= {row.ticket_id for row in connection.execute(named) if (row.channel, row.source_id) in wanted}
    return found


def note_answers(connection: Connection, ticket_ids: Collection[int], now: datetime) -> None:
    """Set `answered_at` of each ticket to the first own reply to one of its posts, or to nothing."""
    for chunk in chunks(sorted(ticket_ids)):
        names = _names(connection, chunk)
        first = _first_given(connection, chunk)
        for name, at in _own_replies(connection, names):
            first[names[name]] = min(at, first.get(names[name], at))
        known = select(tickets.c.id, tickets.c.answered_at).where(tickets.c.id.in_(chunk))
        for row in connection.execute(known).all():
            if row.answered_at != first.get(row.id):
                _note(connection, row.id, row.answered_at, first.get(row.id), now)


def _first_given(connection: Connection, ticket_ids: Collection[int]) -> dict[int, datetime]:
    """When the desk first answered a post that stands under each ticket now."""
    query = select(posts.c.ticket_id, func.min(replies.c.at).label("at")).join(posts, posts.c.id == replies.c.post_id)
    query = query.where(posts.c.ticket_id.in_(ticket_ids), replies.c.state == "given").group_by(posts.c.ticket_id)
    return {row.ticket_id: row.at for row in connection.execute(query)}


def _names(connection: Connection, ticket_ids: Collection[int]) -> dict[Name, int]:
    """Every name that a post of the tickets has or had → its ticket."""
    query = select(posts.c.channel, posts.c.source_id, posts.c.ticket_id).where(posts.c.ticket_id.in_(ticket_ids))
    names = {(row.channel, row.source_id): row.ticket_id for row in connection.execute(query)}
    for chunk in chunks(sorted({source_id for _, source_id in names})):
        later = select(post_versions).where(post_versions.c.source_id.in_(chunk))
        for row in connection.execute(later):
            if (row.channel, row.source_id) in names:
                names[row.channel, row.version_id] = names[row.channel, row.source_id]
    return names


def _own_replies(connection: Connection, names: Collection[Name]) -> list[tuple[Name, datetime]]:
    found: list[tuple[Name, datetime]] = []
    for chunk in chunks(sorted({name for _, name in names})):
        query = select(posts.c.channel, posts.c.reply_to, posts.c.created_at).where(
            posts.c.reply_to.in_(chunk), posts.c.outcome == "filtered", posts.c.reason == OWN_ACCOUNT
        )
        for row in connection.execute(query):
            if (row.channel, row.reply_to) in names:
                found.append(((row.channel, row.reply_to), row.created_at))
    return found


def _note(connection: Connection, ticket_id: int, was: datetime | None, at: datetime | None, now: datetime) -> None:
    connection.execute(update(tickets).where(tickets.c.id == ticket_id).values(answered_at=at, updated_at=now))
    before, after = ({"answered_at": moment and moment.isoformat()} for moment in (was, at))
    record_machine(connection, [Entry(ticket_id, "answered", before, after)], now)
