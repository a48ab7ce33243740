"""How often was a ticket's matter passed on? By reposts of its posts, and by quotes with no complaint of their own.

Neither is ever a draft: they count as weight. A quote that complains itself is a post like any other. Counted anew from
the store whenever posts are read or moved, so that it does not matter whether the repost or what it repeats was
captured first.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, union, update

from database.tables import post_versions, posts, tickets
from tickets.stored_posts import chunks

REPOST, NO_COMPLAINT = "repost", "not_a_complaint"  # the reasons under which those that count are filtered

_again, _home = posts.alias("again"), posts.alias("home")


def note_repeats(connection: Connection, ticket_ids: Collection[int], now: datetime) -> None:
    """Set `repeated` of each ticket to how often its posts were passed on."""
    for chunk in chunks(sorted(ticket_ids)):
        found = {row.ticket_id: row.number for row in connection.execute(_counted(chunk))}
        known = select(tickets.c.id, tickets.c.repeated).where(tickets.c.id.in_(chunk))
        for row in connection.execute(known).all():
            # No new version and no line of history: who decides on it just now decides on the same words as before.
            if row.repeated != (number := found.get(row.id, 0)):
                grown = {"repeated": number, "updated_at": now}
                connection.execute(update(tickets).where(tickets.c.id == row.id).values(grown))


def _counted(ticket_ids: Collection[int]) -> Select[tuple[int, int]]:
    """How many posts repeat the posts of each ticket, by whichever of their ids they name them."""
    by_first_id = (
        select(_home.c.ticket_id, _again.c.id)
        .join(_again, and_(_again.c.channel == _home.c.channel, _again.c.repeats == _home.c.source_id))
        .where(_home.c.ticket_id.in_(ticket_ids), *_counts())
    )
    versions = post_versions
    by_later_id = (
        select(_home.c.ticket_id, _again.c.id)
        .join(versions, and_(versions.c.channel == _home.c.channel, versions.c.source_id == _home.c.source_id))
        .join(_again, and_(_again.c.channel == versions.c.channel, _again.c.repeats == versions.c.version_id))
        .where(_home.c.ticket_id.in_(ticket_ids), *_counts())
    )
    named = union(by_first_id, by_later_id).subquery()
    return select(named.c.ticket_id, func.count().label("number")).group_by(named.c.ticket_id)


def _counts() -> tuple[ColumnElement[bool], ...]:
    passed_on = or_(_again.c.reason == REPOST, and_(_again.c.reason == NO_COMPLAINT, ~_again.c.is_repost))
    return (_again.c.outcome == "filtered", passed_on)
