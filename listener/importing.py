"""A run whose posts come from a file: a replayed archive, or another channel's export.

It goes through the same door as a page of X, under the same lock, into the same ledger; reading the same file again
adds nothing, so that a run that was stopped is simply started again.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from database.engine import writing
from listener.keeping import Capture, keep
from listener.ledger import RunError, begin_query, begin_run, count_page, end_run
from listener.post import Captured, Unreadable
from listener.sources.files import Reading, read_file

_AT_ONCE = 500  # posts in one transaction


def import_file(
    engine: Engine,
    path: Path,
    reading: Reading,
    clock: Callable[[], datetime],
    *,
    stop: threading.Event | None = None,
    on_page: Callable[[int], None] = lambda seen: None,
) -> str:
    """Store what the file holds; returns the run's id. Raises FileRefused before anything is written."""
    posts = read_file(path, reading)
    stop = stop or threading.Event()
    with writing(engine) as connection:
        run_id = begin_run(connection, "import", reading.channel, clock())
        position = begin_query(connection, run_id, path.name)
    unreadable = 0
    for batch in _batches(posts):
        if stop.is_set():
            break
        with writing(engine) as connection:
            kept = keep(connection, batch, Capture(run_id, position, clock(), revives=False))
            count_page(connection, run_id, position, kept)
        unreadable += sum(isinstance(post, Unreadable) for post in batch)
        on_page(kept.seen)
    _end(engine, run_id, clock(), unreadable=unreadable, stopped=stop.is_set())
    return run_id


def _batches(posts: Iterator[Captured]) -> Iterator[list[Captured]]:
    while batch := list(itertools.islice(posts, _AT_ONCE)):
        yield batch


def _end(engine: Engine, run_id: str, now: datetime, *, unreadable: int, stopped: bool) -> None:
    errors = []
    if unreadable:
        told = f"{unreadable} posts cannot be read; see `python -m tickets list --filtered`"
        errors.append(RunError("bad_payload", told))
    if stopped:
        errors.append(RunError("transient", "stopped before the end of the file; start it again to go on"))
    with writing(engine) as connection:
        end_run(connection, run_id, "partial" if stopped else "complete", errors, now)
