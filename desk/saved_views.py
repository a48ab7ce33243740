"""Lists that a person comes back to: a name, and the address of the list behind the question mark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select, update

from database.lock import one_at_a_time
from database.tables import saved_views

LONGEST_NAME = 80
MOST = 50  # of one person; more would be no shorter a way than the filters themselves


@dataclass(frozen=True, slots=True)
class SavedView:
    id: int
    name: str
    query: str


# Asked for every page: put together once.
_OF_PERSON = (
    select(saved_views)
    .where(saved_views.c.account_id == bindparam("person"))
    .order_by(func.lower(saved_views.c.name), saved_views.c.id)
)


def views_of(connection: Connection, account_id: int) -> list[SavedView]:
    """In the order of their names."""
    rows = connection.execute(_OF_PERSON, {"person": account_id})
    return [SavedView(row.id, row.name, row.query) for row in rows]


def save_view(connection: Connection, account_id: int, name: str, query: str, now: datetime) -> str | None:
    """Save under this name, in place of what it stood for; returns the code of what is wrong, if anything is."""
    one_at_a_time(connection, f"views {account_id}")
    known = {each.name: each for each in views_of(connection, account_id)}
    if not name:
        return "view_name_missing"
    if name in known:
        connection.execute(update(saved_views).where(saved_views.c.id == known[name].id).values(query=query))
        return None
    if len(known) >= MOST:
        return "too_many_views"
    row = {"account_id": account_id, "name": name, "query": query, "created_at": now}
    connection.execute(saved_views.insert().values(row))
    return None


def rename_view(connection: Connection, account_id: int, view_id: int, name: str) -> str | None:
    """Returns the code of what is wrong, if anything is."""
    one_at_a_time(connection, f"views {account_id}")
    known = views_of(connection, account_id)
    if view_id not in {each.id for each in known}:
        return "no_such_view"
    if not name:
        return "view_name_missing"
    if any(each.name == name and each.id != view_id for each in known):
        return "view_name_taken"
    connection.execute(update(saved_views).where(saved_views.c.id == view_id).values(name=name))
    return None


def delete_view(connection: Connection, account_id: int, view_id: int) -> str | None:
    """Returns the code of what is wrong, if anything is."""
    mine = (saved_views.c.account_id == account_id, saved_views.c.id == view_id)
    return None if connection.execute(delete(saved_views).where(*mine)).rowcount else "no_such_view"


def tidy_name(given: str) -> str:
    return " ".join(given.split())[:LONGEST_NAME]
