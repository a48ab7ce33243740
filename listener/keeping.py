"""Putting what a source handed over into the store: once, in its newest version, with the count that must balance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from database.tables import post_versions, posts
from listener.post import Captured, CapturedPost, Unreadable, version_order

_CHUNK = 500  # ids in one question to the store


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the posts of one page: `seen = new + duplicate + updated`."""

    seen: int
    duplicate: int
    updated: int
    source_ids: frozenset[str]  # under which the page's posts are stored


@dataclass(frozen=True, slots=True)
class Capture:
    """By which question of which run, and when, a page came in."""

    run_id: str
    query: int
    at: datetime
    revives: bool  # whether a post that had been removed counts as back: a search says so, an old archive does not


@dataclass(slots=True)
class _Stored:
    source_id: str
    version_id: str
    removed: bool


def keep(connection: Connection, captured: Sequence[Captured], capture: Capture) -> Kept:
    """Store each post that is new, replace each that is stored in an older version, count the rest.

    1. Find what is stored already, by any id a post ever had.
    2. Sort the page into new, newer and known; a page may hold the same post twice.
    3. Write new rows, replacements and later ids, each in one statement.
    """
    known = _stored(connection, captured)
    new: dict[str, dict[str, Any]] = {}
    newer: dict[str, dict[str, Any]] = {}
    versions: dict[tuple[str, str], dict[str, Any]] = {}
    duplicate = 0
    updated = 0
    used: set[str] = set()
    for item in captured:
        stored = next((known[name] for name in _names(item) if name in known), None)
        source_id = stored.source_id if stored else item.source_id
        used.add(source_id)
        if isinstance(item, CapturedPost):
            for version in item.version_ids:
                if version != source_id and version not in known:
                    versions[item.channel, version] = _version_row(item.channel, version, source_id)
        if stored is None:
            new[source_id] = _new_row(item, capture)
            stored = _Stored(source_id, _version_of(item), removed=False)
        elif isinstance(item, CapturedPost) and _is_news(item, stored, capture):
            updated += 1
            row = _content(item) | {"edited_at": capture.at, "removed_at": None, "outcome": "waiting", "reason": None}
            if source_id in new:
                new[source_id] |= row
            else:
                newer[source_id] = row | {"stored_as": source_id, "in_channel": item.channel}
            stored.version_id, stored.removed = item.version_id, False
        else:
            duplicate += 1
        known.update(dict.fromkeys(_names(item), stored))
    _write(connection, new.values(), newer.values(), versions.values())
    return Kept(len(captured), duplicate, updated, frozenset(used))


def remove(connection: Connection, channel: str, source_ids: Iterable[str], at: datetime) -> int:
    """Empty the posts that their source no longer shows, and leave their rows; returns how many there were."""
    gone: dict[str, Any] = {"text": None, "parent_text": None, "payload": None, "media": [], "place_name": None}
    changed = 0
    for chunk in _chunks(sorted(set(source_ids))):
        changed += connection.execute(
            update(posts)
            .where(posts.c.channel == channel, posts.c.source_id.in_(chunk), posts.c.removed_at.is_(None))
            .values(removed_at=at, outcome="waiting", reason=None, **gone)
        ).rowcount
    return changed


def _stored(connection: Connection, captured: Sequence[Captured]) -> dict[str, _Stored]:
    """Any id of a stored post → how it is stored. A page comes from one channel."""
    found: dict[str, _Stored] = {}
    if not captured:
        return found
    channel = captured[0].channel
    names = sorted({name for item in captured for name in _names(item)})
    columns = (posts.c.source_id, posts.c.version_id, posts.c.removed_at.is_not(None))
    aliases: dict[str, str] = {}
    for chunk in _chunks(names):
        later = select(post_versions.c.version_id, post_versions.c.source_id).where(
            post_versions.c.channel == channel, post_versions.c.version_id.in_(chunk)
        )
        aliases.update(connection.execute(later).all())
    for chunk in _chunks(sorted({*names, *aliases.values()})):
        rows = select(*columns).where(posts.c.channel == channel, posts.c.source_id.in_(chunk))
        found.update({row[0]: _Stored(*row) for row in connection.execute(rows)})
    found.update({version: found[source] for version, source in aliases.items()})
    return found


def _names(item: Captured) -> tuple[str, ...]:
    return item.version_ids if isinstance(item, CapturedPost) else (item.source_id,)


def _version_of(item: Captured) -> str:
    return item.version_id if isinstance(item, CapturedPost) else item.source_id


def _is_news(item: CapturedPost, stored: _Stored, capture: Capture) -> bool:
    if version_order(item.version_id) > version_order(stored.version_id):
        return not stored.removed or capture.revives
    return stored.removed and capture.revives and item.version_id == stored.version_id


def _new_row(item: Captured, capture: Capture) -> dict[str, Any]:
    origin = {
        "channel": item.channel,
        "source_id": item.source_id,
        "captured_at": capture.at,
        "first_run_id": capture.run_id,
        "first_query": capture.query,
        "edited_at": None,
        "removed_at": None,
    }
    if isinstance(item, Unreadable):
        empty = dict.fromkeys(_CONTENT, None) | {"is_repost": False, "media": [], "created_at": capture.at}
        state = {"version_id": item.source_id, "payload": item.payload, "outcome": "quarantined", "reason": item.reason}
        return empty | origin | state
    return _content(item) | origin | {"outcome": "waiting", "reason": None}


def _content(item: CapturedPost) -> dict[str, Any]:
    content = {name: getattr(item, name) for name in _CONTENT}
    return content | {"media": list(item.media)}


_CONTENT = (
    "version_id",
    "author_id",
    "author_handle",
    "text",
    "parent_text",
    "reply_to",
    "is_repost",
    "repeats",
    "language",
    "place_name",
    "media",
    "url",
    "created_at",
    "payload",
)


def _version_row(channel: str, version_id: str, source_id: str) -> dict[str, Any]:
    return {"channel": channel, "version_id": version_id, "source_id": source_id}


def _write(
    connection: Connection,
    new: Iterable[Mapping[str, Any]],
    newer: Iterable[Mapping[str, Any]],
    versions: Iterable[Mapping[str, Any]],
) -> None:
    if rows := list(new):
        connection.execute(posts.insert(), rows)
    if rows := list(newer):
        match = (posts.c.channel == bindparam("in_channel"), posts.c.source_id == bindparam("stored_as"))
        connection.execute(update(posts).where(*match), rows)
    if rows := list(versions):
        connection.execute(post_versions.insert(), rows)


def _chunks(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _CHUNK):
        yield names[start : start + _CHUNK]
