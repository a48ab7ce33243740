"""The few posts that the draft of a crowd is drawn from, found without reading all of it again for each that comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from database.tables import posts, predictions
from tickets.place import vagueness
from tickets.read_post import PRIORITY_RANKS, ReadPost
from tickets.stored_posts import OF_CHAMPIONS, of_posts

CROWD = 300


@dataclass(frozen=True, slots=True)
class Pillars:
    """A draft of `posts` says what a draft of all `count` would say."""

    posts: list[ReadPost]
    count: int


# A post's id; where it stands in order, in urgency, and in how well it names its place.
_Brief = tuple[int, tuple[datetime, str, str], int, tuple[int, bool]]


def pillars(connection: Connection, ticket_id: int) -> Pillars:
    """The first and the last post of a ticket, the first and the last of its most urgent, the one of the best place."""
    briefs = _briefs(connection, ticket_id)
    if not briefs:
        return Pillars([], 0)
    chosen = {
        min(briefs, key=lambda brief: brief[1])[0],
        max(briefs, key=lambda brief: brief[1])[0],
        min(briefs, key=lambda brief: (brief[2], brief[1]))[0],
        min(briefs, key=lambda brief: (brief[2], -brief[0]))[0],
        min(briefs, key=lambda brief: (brief[3], brief[1]))[0],
    }
    return Pillars(of_posts(connection, chosen), len(briefs))


def _briefs(connection: Connection, ticket_id: int) -> list[_Brief]:
    content = predictions.c.content
    told = [content[path].as_string() for path in ("priority", ("place", "precision"), ("place", "kelurahan"))]
    query = (
        select(posts.c.id, posts.c.created_at, posts.c.source_id, posts.c.channel, *told)
        .join(predictions, (predictions.c.post_id == posts.c.id) & (predictions.c.version_id == posts.c.version_id))
        .where(posts.c.ticket_id == ticket_id, posts.c.outcome != "waiting", OF_CHAMPIONS)
        .order_by(predictions.c.read_at)
    )
    newest: dict[int, _Brief] = {}
    for post_id, at, source_id, channel, priority, precision, kelurahan in connection.execute(query):
        urgency, place = PRIORITY_RANKS[priority or "biasa"], vagueness(precision, kelurahan)
        newest[post_id] = (post_id, (at, source_id, channel), urgency, place)
    return list(newest.values())
