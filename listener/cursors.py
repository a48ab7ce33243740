"""Keeping cursors in the store."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Row, delete, select

from database.tables import cursors
from listener.cursor import Cursor, Window


def load_cursors(connection: Connection, terms: Iterable[str]) -> dict[str, Cursor]:
    """The cursors of `terms` that have been read before."""
    wanted = set(terms)
    rows = connection.execute(select(cursors))
    return {row.term: _cursor(row) for row in rows if row.term in wanted}


def save_cursors(connection: Connection, changed: Iterable[Cursor]) -> None:
    rows = [_row(cursor) for cursor in changed]
    if rows:
        connection.execute(delete(cursors).where(cursors.c.term.in_([row["term"] for row in rows])))
        connection.execute(cursors.insert(), rows)


def _cursor(row: Row[tuple[object, ...]]) -> Cursor:
    if row.unfinished_up_to is None:
        return Cursor(row.term, row.read_to, row.checked_to)
    window = Window(row.unfinished_after, row.unfinished_up_to, row.oldest_read)
    return Cursor(row.term, row.read_to, row.checked_to, window, row.is_first)


def _row(cursor: Cursor) -> dict[str, object]:
    window = cursor.unfinished
    return {
        "term": cursor.term,
        "read_to": cursor.read_to,
        "checked_to": cursor.checked_to,
        "unfinished_after": window and window.after,
        "unfinished_up_to": window and window.up_to,
        "oldest_read": window and window.oldest_read,
        "is_first": cursor.is_first,
    }
