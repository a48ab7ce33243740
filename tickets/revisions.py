"""Posts that changed after they were read: edited by their author, or gone from their source.

Before a verdict the post leaves its draft and is put in place like any other, and the posts it leaves behind are
linked as if it had never been there. After a verdict the ticket stays as it was decided, and says that it was edited
since. The words of a removed post are gone from everywhere they were copied to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from city import City
from database.engine import writing
from database.tables import labels, posts, predictions, tickets
from tickets.drafts import Moved, redraw, rows_of, withdraw
from tickets.history import Entry, record_machine
from tickets.read_post import ReadPost
from tickets.stored_posts import chunks, forget_keys, of_tickets


@dataclass(frozen=True, slots=True)
class Changed:
    """A post that had a ticket when it changed; `complaint` is its new reading, if it is a complaint still."""

    post_id: int
    source_id: str
    ticket_id: int
    at: datetime
    removed: bool
    complaint: ReadPost | None


@dataclass(frozen=True, slots=True)
class Revised:
    """What is to be put in place now, and which changed posts stay where they are."""

    left: tuple[ReadPost, ...]
    claims: Mapping[int, int]
    stay: Mapping[int, str]  # post → its outcome


def revise(connection: Connection, city: City, changed: Sequence[Changed], now: datetime) -> Revised:
    """Take the changed posts out of their drafts; mark the tickets that were decided on."""
    if not changed:
        return Revised((), {}, {})
    by_ticket: dict[int, list[Changed]] = defaultdict(list)
    for post in changed:
        by_ticket[post.ticket_id].append(post)
    forget_keys(connection, [post.post_id for post in changed])
    told = of_tickets(connection, by_ticket)
    stay: dict[int, str] = {}
    left: list[ReadPost] = []
    claims: dict[int, int] = {}
    emptied: list[int] = []
    for row in rows_of(connection, by_ticket):
        theirs = by_ticket[row["id"]]
        others = [post for post in told[row["id"]] if post.id not in {item.post_id for item in theirs}]
        if row["status"] != "belum_terverifikasi":
            stay |= _mark(connection, row, theirs, now)
        elif row["by_hand"]:
            stay |= _keep(connection, row, theirs, now)
        elif anchor := _anchor(others, theirs):
            claims[row["id"]] = anchor
            left += others
        if row["status"] == "belum_terverifikasi" and not others and not any(item.complaint for item in theirs):
            emptied.append(row["id"])
    withdraw(connection, emptied, now)
    return Revised(tuple(left), claims, stay)


def _anchor(others: Iterable[ReadPost], theirs: Iterable[Changed]) -> int | None:
    """The post whose group keeps the number: the earliest that stays, or else the earliest that is read again."""
    read_again = [item.complaint for item in theirs if item.complaint]
    for group in (list(others), read_again):
        if group:
            return min(group, key=lambda post: post.order).id
    return None


def _mark(connection: Connection, row: Mapping[str, Any], theirs: Sequence[Changed], now: datetime) -> dict[int, str]:
    """After a verdict: the ticket stays, and says so."""
    _edited_since(connection, row, theirs, now)
    lead = row["prediction"].get("id")
    return {item.post_id: "drafted" if item.source_id == lead else "joined" for item in theirs}


def _keep(connection: Connection, row: Mapping[str, Any], theirs: Sequence[Changed], now: datetime) -> dict[int, str]:
    """In a draft that a person put together a post stays as long as it is a complaint."""
    _edited_since(connection, row, theirs, now)
    return {item.post_id: "joined" for item in theirs if item.complaint}


def _edited_since(connection: Connection, row: Mapping[str, Any], theirs: Sequence[Changed], now: datetime) -> None:
    at = max(item.at for item in theirs)
    change = {"edited_since": at, "updated_at": now, "version": tickets.c.version + 1}
    connection.execute(update(tickets).where(tickets.c.id == row["id"]).values(change))
    entries = [
        Entry(row["id"], "removed" if item.removed else "edited", {}, {"post": item.post_id, "at": item.at.isoformat()})
        for item in theirs
    ]
    record_machine(connection, entries, now)


def redraw_kept(connection: Connection, city: City, changed: Iterable[Changed], now: datetime) -> None:
    """Draw again the drafts that a person put together, once their posts stand as they now are."""
    ids = {item.ticket_id for item in changed}
    redraw(connection, city, {row["id"]: Moved("reread") for row in rows_of(connection, ids) if row["by_hand"]}, now)


# ── Removed posts ─────────────────────────────────────────────────────────────────────────────────────────────────


def forget_words(connection: Connection, removed: Mapping[int, str], stood_under: Collection[int]) -> None:
    """Take the words of removed posts ({id: source id}) out of predictions, labels and the tickets they stood under."""
    for chunk in chunks(sorted(removed)):
        connection.execute(update(labels).where(labels.c.post_id.in_(chunk)).values(text=""))
        read = select(predictions).where(predictions.c.post_id.in_(chunk))
        for row in connection.execute(read).all():
            key = (predictions.c.post_id == row.post_id, predictions.c.version_id == row.version_id)
            wordless = update(predictions).where(*key, predictions.c.model == row.model)
            connection.execute(wordless.values(content=without_words(row.content)))
    if removed:
        _forget_on_tickets(connection, set(removed.values()), stood_under)


def _forget_on_tickets(connection: Connection, gone: Collection[str], ticket_ids: Collection[int]) -> None:
    """A ticket, and those merged into it, hold the words of the post that was their earliest."""
    look_at = set(ticket_ids)
    while look_at:
        for row in rows_of(connection, look_at):
            if row["prediction"].get("id") in gone:
                wordless = {"text": "", "prediction": without_words(row["prediction"])}
                connection.execute(update(tickets).where(tickets.c.id == row["id"]).values(wordless))
            elif row["prediction"].get("priority_id") in gone:  # another post of it was the most urgent
                calm = {"prediction": {**row["prediction"], "priority_why": []}}
                connection.execute(update(tickets).where(tickets.c.id == row["id"]).values(calm))
        merged = select(tickets.c.id).where(tickets.c.merged_into.in_(look_at))
        look_at = set(connection.execute(merged).scalars())


_WORDLESS = (
    "id", "decision", "actionable", "category", "opd", "opd_top3", "category_top3", "priority", "model", "threshold",
)  # fmt: skip
_WORDLESS_PLACE = ("kelurahan", "kecamatan", "precision", "outside")


def without_words(content: Mapping[str, object]) -> dict[str, object]:
    """What a prediction says in codes and numbers; nothing that the citizen wrote, the words for the place included."""
    place = content.get("place")
    nameless = (
        {name: place.get(name) for name in _WORDLESS_PLACE} | {"text": ""} if isinstance(place, Mapping) else None
    )
    kept = {name: content[name] for name in _WORDLESS if name in content}
    return kept | {"place": nameless, "why": [], "normalised": ""}


def forget_quotes(engine: Engine, removed: Collection[tuple[str, str]]) -> None:
    """Replies carry the words they answer; those of a removed post ({channel, source id}) go too.

    In a transaction of its own, before anything else is locked: the replies may be in another reader's hands.
    """
    if not removed:
        return
    with writing(engine) as connection:
        for channel, source_id in sorted(removed):
            answers = (posts.c.channel == channel, posts.c.reply_to == source_id, posts.c.parent_text.is_not(None))
            connection.execute(update(posts).where(*answers).values(parent_text=None))
