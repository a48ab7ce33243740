"""The rows that a run writes about itself: when it ran, what each of its queries brought, what it could not have."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from database.tables import gaps, run_queries, runs
from listener.cursor import Window
from listener.keeping import Kept


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of a term that its source no longer answers for."""

    term: str
    start: datetime
    end: datetime
    why: str


@dataclass(frozen=True, slots=True)
class RunError:
    """What went wrong in a run, in the words of CONTRACTS: its kind, and a line for a person."""

    kind: str
    message: str


def begin_run(connection: Connection, kind: str, channel: str, now: datetime) -> str:
    """Write the run down before it does anything; returns its id."""
    run_id = uuid.uuid4().hex
    connection.execute(runs.insert().values(id=run_id, kind=kind, channel=channel, started_at=now, errors=[]))
    return run_id


def begin_query(
    connection: Connection, run_id: str, query: str, terms: tuple[str, ...] = (), window: Window | None = None
) -> int:
    """Write one question of the run down; returns its position."""
    count = select(func.count()).select_from(run_queries).where(run_queries.c.run_id == run_id)
    position = int(connection.execute(count).scalar_one())
    edges = {"after_id": window.after, "up_to_id": window.up_to} if window else {}
    row = {"run_id": run_id, "position": position, "query": query, "terms": list(terms), **edges}
    connection.execute(run_queries.insert().values(row))
    return position


def count_page(
    connection: Connection, run_id: str, position: int, kept: Kept, *, billed: int = 0, finished: bool = False
) -> None:
    """Add a page to its query's row."""
    column = run_queries.c
    connection.execute(
        update(run_queries)
        .where(column.run_id == run_id, column.position == position)
        .values(
            pages=column.pages + 1,
            seen=column.seen + kept.seen,
            duplicate=column.duplicate + kept.duplicate,
            updated=column.updated + kept.updated,
            reads_billed=column.reads_billed + billed,
            finished=finished,
        )
    )


def record_gaps(connection: Connection, run_id: str, found: Iterable[Gap]) -> None:
    rows = [
        {"run_id": run_id, "term": gap.term, "from_at": gap.start, "to_at": gap.end, "why": gap.why} for gap in found
    ]
    if rows:
        connection.execute(gaps.insert(), rows)


def end_run(connection: Connection, run_id: str, status: str, errors: list[RunError], now: datetime) -> None:
    told = [{"kind": error.kind, "message": error.message} for error in errors]
    connection.execute(update(runs).where(runs.c.id == run_id).values(finished_at=now, status=status, errors=told))


def end_turn(connection: Connection, run_id: str, now: datetime, problem: RunError | None) -> None:
    """Note when the reading that followed a run ended, and what kept it from being read, if anything did."""
    changes: dict[str, object] = {"finished_at": now}
    if problem:
        errors = connection.execute(select(runs.c.errors).where(runs.c.id == run_id)).scalar_one()
        changes["errors"] = [*errors, {"kind": problem.kind, "message": problem.message}]
    connection.execute(update(runs).where(runs.c.id == run_id).values(changes))
