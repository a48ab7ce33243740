"""Care of the store: copies that can be trusted, a look at its health, and forgetting what is no longer needed."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, and_, delete, func, make_url, or_, select, text, update
from sqlalchemy.exc import DBAPIError

from database.engine import StoreError, open_store, reading, writing
from database.tables import labels, posts, predictions, replies, run_queries, sessions, store_info, tickets, unsent
from database.upgrade import upgrade

_CLOSED = ("selesai", "ditolak")


def backup(url: str, target: Path) -> None:
    """Copy the store to `target` while it is in use. Raises StoreError; never overwrites a file."""
    if target.exists():
        raise StoreError(f"{target} exists already; name a new file")
    partial = target.with_name(target.name + ".part")
    try:
        if make_url(url).get_backend_name() == "sqlite":
            _copy_sqlite(_sqlite_file(url), partial)
        else:
            _run(["pg_dump", "--format=custom", f"--file={partial}", _libpq(url)])
        partial.rename(target)  # whole or not at all
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"the backup cannot be written: {error}") from None
    finally:
        partial.unlink(missing_ok=True)


def restore(source: Path, url: str) -> None:
    """Bring a backup into the store at `url`, which must be empty, and up to this program's schema."""
    if not source.exists():
        raise StoreError(f"{source} is not there; name a file that `backup` made")
    if make_url(url).get_backend_name() == "sqlite":
        target = _sqlite_file(url)
        if target.exists():
            raise StoreError(f"{target} exists already; name a new file after --into")
        try:
            _copy_sqlite(source, target)
        except sqlite3.Error as error:
            target.unlink(missing_ok=True)
            raise StoreError(f"{source} is no backup of a SQLite store: {error}") from None
    else:
        _refuse_used(url)
        _run(["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={_libpq(url)}", str(source)])
    upgrade(url)


def problems(engine: Engine) -> Iterator[str]:
    """What is wrong with the store, a line each; nothing if all is well."""
    with reading(engine) as connection:
        if engine.dialect.name == "sqlite":
            found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            yield from (f"damaged: {line}" for line in found if line != "ok")
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            yield from (f"row {row[1]} of {row[0]} refers to nothing in {row[2]}" for row in broken)
        yield from _imbalances(connection)


def _imbalances(connection: Connection) -> Iterator[str]:
    """Queries whose `seen - duplicate - updated` is not the number of posts they brought."""
    column = run_queries.c
    stored = (
        select(posts.c.first_run_id, posts.c.first_query, func.count().label("posts"))
        .group_by(posts.c.first_run_id, posts.c.first_query)
        .subquery()
    )
    matched = and_(stored.c.first_run_id == column.run_id, stored.c.first_query == column.position)
    new = column.seen - column.duplicate - column.updated
    brought = func.coalesce(stored.c.posts, 0)
    uneven = select(column.run_id, column.position, new, brought).outerjoin(stored, matched).where(new != brought)
    for run_id, position, expected, found in connection.execute(uneven):
        yield f"run {run_id}, query {position}: the ledger says {expected} posts, the store has {found}"


@dataclass(frozen=True, slots=True)
class Purged:
    """How much was, or would be, forgotten."""

    posts: int
    tickets: int
    labels: int
    sessions: int


def purge(
    engine: Engine, before: datetime, now: datetime, *, labels_too: bool = False, dry_run: bool = False
) -> Purged:
    """Forget the words and authors of matters that were closed, or posts that were filtered, before `before`.

    Rows, counts, verdicts and times stay, so that ledger and reports stay right. Labels keep their texts unless
    `labels_too`: the classifier learns from them.
    """
    # What was rejected was never closed: it ended when it was decided.
    ended = func.coalesce(tickets.c.closed_at, tickets.c.decided_at)
    closed = select(tickets.c.id).where(tickets.c.status.in_(_CLOSED), ended < before)
    old = or_(posts.c.ticket_id.in_(closed), and_(posts.c.ticket_id.is_(None), posts.c.captured_at < before))
    with writing(engine) as connection:
        forgotten = (posts.c.payload.is_not(None), posts.c.outcome != "waiting", old)
        ids = select(posts.c.id).where(*forgotten)
        done = Purged(
            posts=_count(connection, ids),
            tickets=_count(connection, select(tickets.c.id).where(tickets.c.id.in_(closed), tickets.c.text != "")),
            labels=_count(connection, select(labels.c.id).where(labels.c.at < before)) if labels_too else 0,
            sessions=_count(connection, select(sessions.c.token_hash).where(sessions.c.expires_at < now)),
        )
        if dry_run:
            return done
        bare: dict[str, object] = {"why": [], "normalised": "", "place": None}
        connection.execute(update(predictions).where(predictions.c.post_id.in_(ids)).values(content=bare))
        if labels_too:
            connection.execute(update(labels).where(labels.c.at < before).values(text=""))
        connection.execute(update(tickets).where(tickets.c.id.in_(closed)).values(text="", prediction=bare))
        connection.execute(
            update(posts)
            .where(*forgotten)
            .values(
                dict.fromkeys(("text", "parent_text", "payload", "author_id", "author_handle", "url")) | {"media": []}
            )
        )
        connection.execute(update(replies).where(replies.c.ticket_id.in_(closed)).values(text=""))
        connection.execute(delete(unsent).where(unsent.c.saved_at < before))
        connection.execute(delete(sessions).where(sessions.c.expires_at < now))
        connection.execute(delete(store_info).where(store_info.c.key == "purged_at"))  # for whoever remembers words
        connection.execute(store_info.insert().values(key="purged_at", value=now.isoformat()))
        if engine.dialect.name == "sqlite":  # whose full-text index keeps words until it is tidied up
            connection.exec_driver_sql("INSERT INTO ticket_words (ticket_words) VALUES ('optimize')")
    return done


def _count(connection: Connection, rows: object) -> int:
    return int(connection.execute(select(func.count()).select_from(rows.subquery())).scalar_one())  # type: ignore[attr-defined]


def _copy_sqlite(source: Path, target: Path) -> None:
    """SQLite's own online copy: right while others write, and of one moment."""
    with (
        contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new, pages=1024)
        new.execute("PRAGMA schema_version").fetchone()


def _sqlite_file(url: str) -> Path:
    name = make_url(url).database
    if name in (None, "", ":memory:"):
        raise StoreError("a store in memory cannot be copied")
    return Path(str(name))


def _refuse_used(url: str) -> None:
    engine = open_store(url)
    try:
        with reading(engine) as connection:
            found = connection.execute(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).scalar_one()
    except DBAPIError as error:
        raise StoreError(f"{engine.url!r} cannot be opened: {error.orig}") from None
    finally:
        engine.dispose()
    if found:
        raise StoreError(f"{engine.url!r} is in use ({found} tables); name an empty database after --into")


def _libpq(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _run(command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        raise StoreError(f"{command[0]} is not installed; install PostgreSQL's client programs")
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own words
    if done.returncode:
        raise StoreError(f"{command[0]} failed: {done.stderr.strip()}")
