"""Opening the store: SQLite on one small server, PostgreSQL for a team."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError


class StoreError(Exception):
    """The store cannot be used as it is: what was found, and what to do.

    StoreError
    ├── StoreBusy        another process holds what was asked for
    ├── SchemaMismatch   the schema is older or newer than this code
    └── WrongStore       a demo's store where a real one was meant, or the other way round
    """


class StoreBusy(StoreError):
    pass


class SchemaMismatch(StoreError):
    pass


class WrongStore(StoreError):
    pass


BUSY_TIMEOUT_MS = 10_000


def _as_json(value: Any) -> str:
    return orjson.dumps(value).decode()


def open_store(url: str) -> Engine:
    """An engine for `url`. Raises StoreError if the URL names no database that can be spoken to."""
    try:
        parsed = make_url(url)
        engine = create_engine(
            parsed,
            pool_pre_ping=parsed.get_backend_name() != "sqlite",
            json_serializer=_as_json,
            json_deserializer=orjson.loads,
        )
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise StoreError(f"{url!r} is no usable database URL ({error}); use sqlite:///… or postgresql://…") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say so, see _begin_sqlite
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")  # with WAL: a committed page survives a power cut, not only a kill
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that begins by reading and then writes can be refused at once when another wrote in between,
    # whatever the busy timeout. One that will write takes its turn at the beginning.
    writes = connection.get_execution_options().get("simak_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that may write; committed at the end of the block, undone if it raises."""
    with engine.connect().execution_options(simak_writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that only reads, and sees one moment of the store."""
    with engine.connect() as connection, connection.begin():
        yield connection
