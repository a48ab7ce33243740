"""A city, an X and a listener between them, all on one clock that the stories move."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, func, select

from city.watchlist import Term
from database.engine import reading
from database.tables import gaps, post_versions, posts, reads, run_queries, runs
from listener.budget import Budget
from listener.capture import Listening, capture
from listener.emulator import Emulator
from listener.sources.x.client import Patience, XClient
from listener.sources.x.session import Limits

ZONE = ZoneInfo("Asia/Jakarta")
QUICK = Patience(attempts=2, first_wait=0.001, longest_wait=0.01, rate_limit=3, pace=0)


@dataclass
class Clock:
    moment: datetime = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **by: float) -> datetime:
        self.moment += timedelta(**by)
        return self.moment


@dataclass
class Store:
    """What the stories ask of the store."""

    engine: Engine

    def source_ids(self, **columns: object) -> list[str]:
        query = select(posts.c.source_id).order_by(posts.c.created_at, posts.c.source_id)
        for name, value in columns.items():
            query = query.where(posts.c[name] == value)
        return self._all(query)

    def post(self, source_id: str) -> object:
        with reading(self.engine) as connection:
            return connection.execute(select(posts).where(posts.c.source_id == source_id)).one()

    def run(self, run_id: str) -> object:
        with reading(self.engine) as connection:
            return connection.execute(select(runs).where(runs.c.id == run_id)).one()

    def counts(self) -> tuple[int, int, int, int]:
        """seen, duplicate and updated of all runs, and how many posts there are."""
        columns = (run_queries.c.seen, run_queries.c.duplicate, run_queries.c.updated)
        with reading(self.engine) as connection:
            sums = connection.execute(select(*(func.coalesce(func.sum(column), 0) for column in columns))).one()
            stored = connection.execute(select(func.count()).select_from(posts)).scalar_one()
        return (*map(int, sums), stored)

    def balances(self) -> bool:
        seen, duplicate, updated, stored = self.counts()
        return seen == duplicate + updated + stored

    def gaps(self) -> list[object]:
        return self._all(select(gaps.c.term).order_by(gaps.c.id))

    def billed(self, kind: str = "post") -> set[str]:
        return set(self._all(select(reads.c.source_id).where(reads.c.kind == kind)))

    def later_versions(self) -> dict[str, str]:
        with reading(self.engine) as connection:
            return dict(connection.execute(select(post_versions.c.version_id, post_versions.c.source_id)).all())

    def _all(self, query: object) -> list:  # type: ignore[type-arg]
        with reading(self.engine) as connection:
            return list(connection.execute(query).scalars())  # type: ignore[call-overload]


@dataclass
class Listener:
    """The real client, at the emulator, in front of a real store."""

    x: Emulator
    clock: Clock
    parts: Listening
    ids: list[str] = field(default_factory=list)

    def run(self, **changed: object) -> str:
        """One capture run now; returns the run's id."""
        return capture(replace(self.parts, **changed))  # type: ignore[arg-type]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def x(clock: Clock) -> Iterator[Emulator]:
    with Emulator(now=clock) as emulator:
        yield emulator


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


@pytest.fixture
def listener(x: Emulator, engine: Engine, clock: Clock) -> Listener:
    source = XClient(x.token, x.url, patience=QUICK, limits=Limits(connect=2, read=1, whole=1))
    parts = Listening(
        engine=engine,
        source=source,
        terms=(Term("#laporhendi"),),
        own_accounts=frozenset(),
        budget=Budget(monthly=50_000_000, post=5_000, user=10_000),
        zone=ZONE,
        clock=clock,
        stop=threading.Event(),
    )
    return Listener(x, clock, parts)


def dollars(amount: str) -> int:
    return int(Decimal(amount) * 1_000_000)
