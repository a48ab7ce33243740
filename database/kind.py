"""Whose posts a store holds: a demo's invented ones or a city's real ones. The two never mix."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, Engine, delete, select

from database.engine import WrongStore, reading, writing
from database.tables import posts, store_info

Kind = Literal["demo", "real"]


_MARKED = select(store_info.c.value).where(store_info.c.key == "kind")
_ANY_POST = select(posts.c.id).limit(1)


def kind_of(engine: Engine) -> str | None:
    """`demo`, `real`, or None for a store that has not been used yet."""
    with reading(engine) as connection:
        return kind_told_by(connection)


def kind_told_by(connection: Connection) -> str | None:
    marked = connection.execute(_MARKED).scalar()
    if marked is None and connection.execute(_ANY_POST).scalar() is not None:
        return "real"  # posts came in from files before any listener ran
    return marked


def claim_kind(engine: Engine, kind: Kind) -> None:
    """Mark the store as a demo's or as real. Raises WrongStore if it is the other."""
    found = kind_of(engine)
    if found not in (None, kind):
        remedy = "set SIMAK_DATABASE_URL to another database, or move this one away"
        meant = "the demo's invented posts" if kind == "demo" else "real posts"
        raise WrongStore(
            f"the store holds {'a demo' if found == 'demo' else 'real posts'} and cannot take {meant}; {remedy}"
        )
    with writing(engine) as connection:
        if connection.execute(_MARKED).scalar() is None:
            connection.execute(store_info.insert().values(key="kind", value=kind))


def demo_began(engine: Engine, now: datetime) -> datetime:
    """When the demo of this store began: its invented posts keep their ids over a restart, for the week in which they
    can be searched for."""
    with writing(engine) as connection:
        told = connection.execute(select(store_info.c.value).where(store_info.c.key == "demo_began")).scalar()
        if told is not None and now - datetime.fromisoformat(told) < timedelta(days=7):
            return datetime.fromisoformat(told)
        connection.execute(delete(store_info).where(store_info.c.key == "demo_began"))
        connection.execute(store_info.insert().values(key="demo_began", value=now.isoformat()))
    return now
