"""Read posts in the store: their predictions, and the keys under which posts of one event find each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, func, select

from database.tables import incident_keys, posts, predictions, tickets
from tickets.read_post import ReadPost, Written, read_post

Item = TypeVar("Item")

# A candidate that reads along leaves predictions too: nothing may come of those.
OF_CHAMPIONS = predictions.c.shadow.is_(False)

_CHUNK = 5_000  # values in one question: SQLite takes 32,766, PostgreSQL's driver 65,535


@dataclass(frozen=True, slots=True)
class Filed:
    """A read post and the ticket it stands under."""

    post: ReadPost
    ticket_id: int
    by_hand: bool  # a person chose which posts stand there
    open_draft: bool
    post_count: int  # of the ticket


@dataclass(frozen=True, slots=True)
class NewPrediction:
    post: ReadPost
    version_id: str


def of_tickets(connection: Connection, ticket_ids: Collection[int]) -> dict[int, list[ReadPost]]:
    """The read posts of each ticket. A post whose newer version waits to be read is left out until then."""
    found: dict[int, list[ReadPost]] = {ticket_id: [] for ticket_id in ticket_ids}
    for chunk in chunks(sorted(ticket_ids)):
        for filed in _fetch(connection, posts.c.ticket_id.in_(chunk)):
            found[filed.ticket_id].append(filed.post)
    return found


def of_posts(connection: Connection, post_ids: Collection[int]) -> list[ReadPost]:
    """The read posts of these ids that stand under a ticket."""
    return [filed.post for chunk in chunks(sorted(post_ids)) for filed in _fetch(connection, posts.c.id.in_(chunk))]


def filed_under(connection: Connection, keys: Collection[int]) -> list[Filed]:
    """The read posts of open drafts that have one of `keys`."""
    ids: set[int] = set()
    for chunk in chunks(sorted(keys)):
        ids.update(connection.execute(select(incident_keys.c.post_id).where(incident_keys.c.key.in_(chunk))).scalars())
    found = [filed for chunk in chunks(sorted(ids)) for filed in _fetch(connection, posts.c.id.in_(chunk))]
    return [filed for filed in found if filed.open_draft]


def store_predictions(
    connection: Connection, read: Sequence[NewPrediction], at: datetime, *, shadow: bool = False
) -> None:
    """Keep each prediction; one of the same version by the same model is replaced."""
    if not read:
        return
    rows = [
        {
            "post_id": item.post.id,
            "version_id": item.version_id,
            "model": item.post.model,
            "read_at": at,
            "decision": item.post.decision,
            "content": dict(item.post.content),
            "shadow": shadow,
        }
        for item in read
    ]
    for chunk in chunks(rows):
        connection.execute(
            delete(predictions).where(
                predictions.c.post_id.in_([row["post_id"] for row in chunk]),
                predictions.c.version_id.in_({row["version_id"] for row in chunk}),
                predictions.c.model.in_({row["model"] for row in chunk}),
            )
        )
    connection.execute(predictions.insert(), rows)


def file_keys(connection: Connection, keys: Mapping[int, Collection[int]]) -> None:
    """File posts of drafts ({post: its own keys})."""
    if rows := [{"key": key, "post_id": post_id} for post_id, own in keys.items() for key in own]:
        connection.execute(incident_keys.insert(), rows)


def forget_keys(connection: Connection, post_ids: Collection[int]) -> None:
    for chunk in chunks(sorted(post_ids)):
        connection.execute(delete(incident_keys).where(incident_keys.c.post_id.in_(chunk)))


def written(row: RowMapping) -> Written:
    """A row of `posts` as a reading needs it."""
    return Written(
        id=row["id"],
        channel=row["channel"],
        source_id=row["source_id"],
        author=row["author"],
        reply_to=row["reply_to"],
        text=row["text"] or "",
        created_at=row["created_at"],
    )


AUTHOR = func.coalesce(posts.c.author_id, posts.c.author_handle).label("author")
WRITTEN = (posts.c.id, posts.c.channel, posts.c.source_id, AUTHOR, posts.c.reply_to, posts.c.text, posts.c.created_at)


def _fetch(connection: Connection, which: ColumnElement[bool]) -> list[Filed]:
    """The posts of `which` with their newest predictions, of several models' readings the last.

    Two plain questions, each by a key: a join of the two may be planned badly while the tables are still filling.
    """
    ticket = (posts.c.ticket_id, tickets.c.by_hand, tickets.c.status, tickets.c.withdrawn_at, tickets.c.post_count)
    query = (
        select(*WRITTEN, posts.c.version_id, *ticket)
        .join(tickets, tickets.c.id == posts.c.ticket_id)
        .where(which, posts.c.outcome != "waiting")
    )
    rows = {row["id"]: row for row in connection.execute(query).mappings()}
    newest: dict[int, Filed] = {}
    for chunk in chunks(sorted(rows)):
        read = select(predictions.c.post_id, predictions.c.version_id, predictions.c.content)
        read = read.where(predictions.c.post_id.in_(chunk), OF_CHAMPIONS).order_by(predictions.c.read_at)
        for post_id, version_id, content in connection.execute(read):
            row = rows[post_id]
            if row["version_id"] == version_id and not is_forgotten(content):
                open_draft = row["status"] == "belum_terverifikasi" and row["withdrawn_at"] is None
                stands = (row["ticket_id"], row["by_hand"], open_draft, row["post_count"])
                newest[post_id] = Filed(read_post(written(row), content), *stands)
    return list(newest.values())


def is_forgotten(prediction: Mapping[str, object]) -> bool:
    """Whether a purge (`database.care`) took what was predicted: then nothing is left to draw a ticket from."""
    return "decision" not in prediction


def chunks(items: Sequence[Item]) -> Iterable[Sequence[Item]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
