"""A run whose posts come from a file: a replayed archive, or another channel's export.

It goes through the same door as a page of X, under the same lock, into the same ledger; reading the same file again
adds nothing, so that a run that was stopped is simply started again.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from database.engine import writing
from listener.keeping import Capture, Kept, keep
from listener.ledger import RunError, begin_query, begin_run, count_page, end_run
from listener.post import Unreadable
from listener.sources.files import Reading, read_file

_AT_ONCE = 500  # posts in one transaction


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What a file brought: `seen` posts, of which some were known, some newer than known, some unreadable."""

    run_id: str
    seen: int = 0
    duplicate: int = 0
    updated: int = 0
    unreadable: int = 0

    def as_dict(self) -> dict[str, int | str]:
        return asdict(self)


def import_file(
    engine: Engine,
    path: Path,
    how: Reading,
    clock: Callable[[], datetime],
    *,
    stop: threading.Event | None = None,
    on_page: Callable[[int], None] = lambda seen: None,
) -> ImportedFile:
    """Store what the file holds, as one run. Raises FileRefused before anything is written."""
    posts = read_file(path, how)
    stop = stop or threading.Event()
    with writing(engine) as connection:
        run_id = begin_run(connection, "import", how.channel, clock())
        position = begin_query(connection, run_id, path.name)
    done = ImportedFile(run_id)
    while not stop.is_set() and (batch := list(itertools.islice(posts, _AT_ONCE))):
        with writing(engine) as connection:
            kept = keep(connection, batch, Capture(run_id, position, clock(), revives=False))
            count_page(connection, run_id, position, kept)
        done = _sum(done, kept, sum(isinstance(post, Unreadable) for post in batch))
        on_page(kept.seen)
    _end(engine, done, clock(), stopped=stop.is_set())
    return done


def _sum(done: ImportedFile, kept: Kept, unreadable: int) -> ImportedFile:
    return ImportedFile(
        done.run_id,
        done.seen + kept.seen,
        done.duplicate + kept.duplicate,
        done.updated + kept.updated,
        done.unreadable + unreadable,
    )


def _end(engine: Engine, done: ImportedFile, now: datetime, *, stopped: bool) -> None:
    errors = []
    if done.unreadable:
        told = f"{done.unreadable} posts cannot be read; see `python -m tickets list --filtered`"
        errors.append(RunError("bad_payload", told))
    if stopped:
        errors.append(RunError("transient", "stopped before the end of the file; start it again to go on"))
    with writing(engine) as connection:
        end_run(connection, done.run_id, "partial" if stopped else "complete", errors, now)
