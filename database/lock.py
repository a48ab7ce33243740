"""One holder at a time, and a lock that dies with its holder.

PostgreSQL: an advisory lock of a connection of its own. SQLite: a file lock beside the database. Neither has to be
cleaned up after a kill.
"""

from __future__ import annotations

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from database.engine import StoreBusy


@contextmanager
def one_holder(engine: Engine, name: str) -> Iterator[None]:
    """Hold the lock `name` for the length of the block. Raises StoreBusy at once if another process has it."""
    holder = _hold_postgresql(engine, name) if engine.dialect.name == "postgresql" else _hold_file(engine, name)
    with holder:
        yield


def one_at_a_time(connection: Connection, name: str) -> None:
    """Wait for the lock `name` and hold it until this transaction ends. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _key(name)})


def _key(name: str) -> int:
    return zlib.crc32(f"simak {name}".encode())


@contextmanager
def _hold_postgresql(engine: Engine, name: str) -> Iterator[None]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _key(name)}).scalar():
            raise StoreBusy(f"another process holds {name!r} on this database; wait for it to end, or stop it")
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _key(name)})


@contextmanager
def _hold_file(engine: Engine, name: str) -> Iterator[None]:
    if engine.url.database in (None, "", ":memory:"):
        yield  # a store in memory is this process's alone
        return
    path = Path(f"{engine.url.database}.{name}.lock")
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreBusy(f"another process holds {path}; wait for it to end, or stop it") from None
        yield
