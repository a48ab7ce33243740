"""The books of capture and reading: what every run saw, and what became of it. They must balance.

`seen = duplicate + updated + drafted + joined + filtered + quarantined + waiting`, for each query, each run, and in
total. Seen, duplicate and updated are what a run counted; the five outcomes are counted from the posts it stored first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, ScalarSelect, bindparam, func, select

from database.engine import reading
from database.tables import OUTCOMES, cursors, gaps, posts, reads, run_queries, runs
from tickets.errors import NoSuchRun

_MICROS = 1_000_000  # millionths of a dollar, the unit of the store
# An X id holds the milliseconds since this moment, above 22 bits of machine and sequence.
_X_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657_000, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers that must balance."""

    seen: int = 0
    duplicate: int = 0
    updated: int = 0
    drafted: int = 0
    joined: int = 0
    filtered: int = 0
    quarantined: int = 0
    waiting: int = 0

    @property
    def balances(self) -> bool:
        return self.seen == self.duplicate + self.updated + self.posts

    @property
    def posts(self) -> int:
        """How many posts were stored first."""
        return self.drafted + self.joined + self.filtered + self.quarantined + self.waiting

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Counts)))

    def as_dict(self) -> dict[str, int]:
        return {one.name: getattr(self, one.name) for one in fields(Counts)}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which posts of a term are missing: still to be read, or (with `why`) out of reach for good."""

    term: str
    start: datetime
    end: datetime
    why: str | None = None

    def as_dict(self) -> dict[str, str]:
        told = {"term": self.term, "from": moment(self.start), "to": moment(self.end)}
        return told if self.why is None else told | {"why": self.why}


@dataclass(frozen=True, slots=True)
class RunError:
    kind: str
    message: str

    def as_dict(self) -> dict[str, str]:
        return {"kind": self.kind, "message": self.message}


@dataclass(frozen=True, slots=True)
class RunReport:
    """One run: what `python run_listener.py --once --json` prints."""

    run_id: str
    started_at: datetime
    finished_at: datetime | None
    status: str
    counts: Counts = Counts()
    reads_billed: int = 0
    cost_usd: Decimal = Decimal(0)
    budget_left_usd: Decimal = Decimal(0)
    read: int = 0
    unfinished: tuple[Stretch, ...] = ()
    gaps: tuple[Stretch, ...] = ()
    errors: tuple[RunError, ...] = ()

    @property
    def needs_a_person(self) -> bool:
        return bool(self.errors or self.gaps or self.counts.quarantined) or self.status == "failed"

    def as_dict(self) -> dict[str, object]:
        return {
            "run_id": self.run_id,
            "started_at": moment(self.started_at),
            "finished_at": self.finished_at and moment(self.finished_at),
            "status": self.status,
            **self.counts.as_dict(),
            "reads_billed": self.reads_billed,
            "cost_usd": float(self.cost_usd),
            "budget_left_usd": float(self.budget_left_usd),
            "read": self.read,
            "unfinished": [stretch.as_dict() for stretch in self.unfinished],
            "gaps": [stretch.as_dict() for stretch in self.gaps],
            "errors": [error.as_dict() for error in self.errors],
        }

    def in_words(self) -> str:
        """One line for a person at a terminal."""
        told = ", ".join(f"{count} {name}" for name, count in self.counts.as_dict().items() if count)
        line = f"{self.status}: {told or 'nothing new'}; read {self.read}; cost ${self.cost_usd}"
        if self.unfinished:
            line += f"; {len(self.unfinished)} unfinished, the next run goes on there"
        return line + (f"; {len(self.gaps)} gaps" if self.gaps else "")


def failed_report(kind: str, message: str, now: datetime) -> RunReport:
    """A run that could not even be written down."""
    return RunReport("", now, now, "failed", errors=(RunError(kind, message),))


def run_report(engine: Engine, run_id: str, *, monthly_budget_usd: Decimal = Decimal(0)) -> RunReport:
    """How one run went, as it stands now. Raises NoSuchRun."""
    with reading(engine) as connection:
        rows = connection.execute(select(runs).where(runs.c.id == run_id)).mappings().all()
        if not rows:
            raise NoSuchRun(f"there is no run {run_id!r}; `python -m tickets ledger` lists them")
        return _reports(connection, rows, monthly_budget_usd)[0]


@dataclass(frozen=True, slots=True)
class Imbalance:
    """A query whose numbers do not add up. There should be none, ever."""

    run_id: str
    query: int
    counts: Counts

    def in_words(self) -> str:
        rest = self.counts.duplicate + self.counts.updated + self.counts.posts
        return f"run {self.run_id}, query {self.query}: {self.counts.seen} seen, but {rest} accounted for"


@dataclass(frozen=True, slots=True)
class Ledger:
    """All runs, newest last, and their sum."""

    runs: tuple[RunReport, ...]
    imbalances: tuple[Imbalance, ...]
    totals: Counts = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "totals", sum((run.counts for run in self.runs), Counts()))

    @property
    def balances(self) -> bool:
        return not self.imbalances and self.totals.balances

    def as_dict(self) -> dict[str, object]:
        billed = {
            "reads_billed": sum(run.reads_billed for run in self.runs),
            "cost_usd": float(sum((run.cost_usd for run in self.runs), Decimal(0))),
        }
        return {
            "totals": self.totals.as_dict() | billed | {"balances": self.balances},
            "runs": [run.as_dict() for run in self.runs],
        }


def ledger(engine: Engine, *, monthly_budget_usd: Decimal = Decimal(0)) -> Ledger:
    """Every run, and every query that does not balance."""
    with reading(engine) as connection:
        rows = connection.execute(select(runs).order_by(runs.c.started_at, runs.c.id)).mappings().all()
        reports = _reports(connection, rows, monthly_budget_usd)
        wrong = [
            Imbalance(run_id, query, counts)
            for (run_id, query), counts in sorted(_counts(connection).items())
            if not counts.balances
        ]
    return Ledger(tuple(reports), tuple(wrong))


def waiting_count(engine: Engine) -> int:
    """How many posts wait to be read: when there are none, no model need be loaded."""
    with reading(engine) as connection:
        count = select(func.count()).select_from(posts).where(posts.c.outcome == "waiting")
        return int(connection.execute(count).scalar_one())


def balances(engine: Engine) -> bool:
    """Whether the books balance, for each query and in total."""
    return ledger(engine).balances


def _reports(connection: Connection, rows: Iterable[Mapping[Any, Any]], budget: Decimal) -> list[RunReport]:
    listed = list(rows)
    only = listed[0]["id"] if len(listed) == 1 else None
    counts: dict[str, Counts] = defaultdict(Counts)
    for (run_id, _), part in _counts(connection, only).items():
        counts[run_id] += part
    billed, cost = _billed(connection, only)
    newest = connection.execute(
        select(runs.c.id).where(runs.c.kind == "search").order_by(runs.c.started_at.desc(), runs.c.id.desc()).limit(1)
    ).scalar()
    lost = _gaps(connection, only)
    return [
        RunReport(
            run_id=row["id"],
            started_at=row["started_at"],
            finished_at=row["finished_at"],
            status=row["status"] or "partial",  # still running, or killed: something is unfinished
            counts=counts[row["id"]],
            reads_billed=billed[row["id"]],
            cost_usd=_usd(cost[row["id"]]),
            budget_left_usd=budget - _usd(spent(connection, row["finished_at"] or row["started_at"])),
            read=row["read"],
            # What one run left is taken on by the next: what is unfinished now stands with the newest.
            unfinished=_unfinished(connection) if row["id"] == newest else (),
            gaps=tuple(lost[row["id"]]),
            errors=tuple(RunError(error["kind"], error["message"]) for error in row["errors"]),
        )
        for row in listed
    ]


def _counts(connection: Connection, run_id: str | None = None) -> dict[tuple[str, int], Counts]:
    """The numbers of each query of each run, or of one."""
    asked = select(run_queries)
    stored = select(posts.c.first_run_id, posts.c.first_query, posts.c.outcome, func.count().label("posts"))
    if run_id is not None:
        asked = asked.where(run_queries.c.run_id == run_id)
        stored = stored.where(posts.c.first_run_id == run_id)
    counts: dict[tuple[str, int], Counts] = defaultdict(Counts)
    for row in connection.execute(asked):
        counts[row.run_id, row.position] += Counts(seen=row.seen, duplicate=row.duplicate, updated=row.updated)
    for row in connection.execute(stored.group_by(posts.c.first_run_id, posts.c.first_query, posts.c.outcome)):
        assert row.outcome in OUTCOMES
        counts[row.first_run_id, row.first_query] += Counts(**{row.outcome: row.posts})
    return counts


def _billed(connection: Connection, run_id: str | None) -> tuple[dict[str, int], dict[str, int]]:
    """{run: posts billed}, {run: what posts and accounts cost}, in millionths of a dollar."""
    query = select(reads.c.run_id, reads.c.kind, func.count(), func.sum(reads.c.price_micros))
    if run_id is not None:
        query = query.where(reads.c.run_id == run_id)
    billed: dict[str, int] = defaultdict(int)
    cost: dict[str, int] = defaultdict(int)
    for of_run, kind, count, price in connection.execute(query.group_by(reads.c.run_id, reads.c.kind)):
        billed[of_run] += count if kind == "post" else 0
        cost[of_run] += int(price)
    return billed, cost


def _sum_of(column: ColumnElement[int], day: ColumnElement[date]) -> ScalarSelect[int]:
    whole = select(func.coalesce(func.sum(column), 0))
    return whole.where(day >= bindparam("first"), day < bindparam("following")).scalar_subquery()


# Asked for every page: put together once.
_SPENT = select(_sum_of(reads.c.price_micros, reads.c.day), _sum_of(runs.c.asked_micros, runs.c.asked_on))


def spent(connection: Connection, at: datetime) -> int:
    """Millionths of a dollar spent in the month (UTC) of `at`, answers that a kill may have lost included."""
    day = at.astimezone(UTC).date()
    first, following = day.replace(day=1), date(day.year + day.month // 12, day.month % 12 + 1, 1)
    billed, lost = connection.execute(_SPENT, {"first": first, "following": following}).one()
    return int(billed) + int(lost)


def _unfinished(connection: Connection) -> tuple[Stretch, ...]:
    query = select(cursors).where(cursors.c.unfinished_up_to.is_not(None)).order_by(cursors.c.term)
    return tuple(
        Stretch(
            row.term,
            _moment_of_id(row.unfinished_after),
            _moment_of_id(row.unfinished_up_to if row.oldest_read is None else row.oldest_read),
        )
        for row in connection.execute(query)
    )


def _gaps(connection: Connection, run_id: str | None) -> dict[str, list[Stretch]]:
    query = select(gaps).order_by(gaps.c.id)
    found: dict[str, list[Stretch]] = defaultdict(list)
    for row in connection.execute(query if run_id is None else query.where(gaps.c.run_id == run_id)):
        found[row.run_id].append(Stretch(row.term, row.from_at, row.to_at, row.why))
    return found


def _moment_of_id(post_id: int | None) -> datetime:
    return _X_EPOCH + timedelta(milliseconds=(post_id or 0) >> 22)


def _usd(micros: int) -> Decimal:
    return Decimal(micros) / _MICROS


def moment(at: datetime) -> str:
    """A time as every output of the project writes it: UTC, with a Z."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
