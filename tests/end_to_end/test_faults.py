"""All that can go wrong at X, mixed at random: once it has passed, the same tickets stand for the same posts."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from city import City, load_city
from city.watchlist import load_watchlist
from classifier import Reader
from database.engine import open_store, reading
from database.tables import posts, tickets
from listener.budget import Budget
from listener.capture import Listening, capture
from listener.emulator import KINDS, Emulator, read_bundle
from listener.emulator.bundle import POSTS
from listener.sources.x.client import Patience, XClient
from listener.sources.x.session import Limits
from tests.end_to_end.conftest import HOME
from tests.listener.conftest import ZONE, Clock
from tickets.ledger import ledger
from tickets.reading import read_waiting

CITY = HOME / "city" / "semarang"
# Those that only make a run slow, and those in which X tells another text: the listener's own stories tell of them.
ELSEWHERE = {"drip", "stall", "rate_limit", "half_a_character", "invalid_utf8"}
# A post that X garbles twice running stays in quarantine until a person looks.
PASSING_AT_ONCE = {"post_without_text", "post_with_null_text", "null_post", "bad_created_at"}
MIXED = sorted(set(KINDS) - ELSEWHERE)


@pytest.fixture(scope="session")
def city() -> City:
    return load_city(CITY)


@pytest.fixture(scope="session")
def reader() -> Reader:
    """The champion as it ships: `make setup` has made it."""
    return Reader.load(HOME / "models")


@pytest.fixture
def clock() -> Clock:
    return Clock()


def listen_and_read(x: Emulator, engine: Engine, clock: Clock, city: City, reader: Reader) -> Callable[[], str]:
    watchlist = load_watchlist(CITY / "watchlist.toml")
    listening = Listening(
        engine=engine,
        source=XClient(
            x.token,
            x.url,
            patience=Patience(attempts=2, first_wait=0, longest_wait=0, rate_limit=0, pace=0),
            limits=Limits(connect=2, read=2, whole=3),
        ),
        terms=watchlist.terms,
        own_accounts=watchlist.own_accounts,
        budget=Budget(monthly=10**12, post=5_000, user=10_000),
        zone=ZONE,
        clock=clock,
        stop=threading.Event(),
    )

    def turn() -> str:
        run_id = capture(listening)
        read_waiting(engine, reader, clock, city=city, run_id=run_id, own_accounts=watchlist.own_accounts)
        return run_id

    return turn


def stands(engine: Engine) -> set[tuple[object, ...]]:
    """Every open draft: what it says, and the posts it stands for."""
    members: dict[int, list[str]] = {}
    with reading(engine) as connection:
        for ticket, source_id in connection.execute(
            select(posts.c.ticket_id, posts.c.source_id).where(posts.c.ticket_id.is_not(None))
        ):
            members.setdefault(ticket, []).append(source_id)
        kept = select(tickets).where(tickets.c.merged_into.is_(None), tickets.c.withdrawn_at.is_(None))
        return {
            (row.text, row.category, row.opd, row.priority, row.decision, tuple(sorted(members.get(row.id, []))))
            for row in connection.execute(kept)
        }


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_after_any_mixture_of_faults_the_same_tickets_stand_for_the_same_posts(
    engine: Engine, sqlite_url: str, clock: Clock, city: City, reader: Reader
) -> None:
    chance = random.Random(8)
    runs = 200 if engine.dialect.name == "sqlite" else 60
    pool = [post.text for post in read_bundle(POSTS) if post.text and not post.retweets]
    chance.shuffle(pool)
    with Emulator(now=clock) as x:
        turn = listen_and_read(x, engine, clock, city, reader)
        written: list[str] = []
        # Given hours in which people write, edit and delete while X fails in every way it can,
        for _ in range(runs):
            clock.move(minutes=chance.randint(15, 55))
            fresh: list[str] = []
            for _ in range(chance.randint(0, 3)):
                author = f"contoh_{chance.randint(1, 60):03}"
                late = timedelta(minutes=chance.choice([0, 0, 0, 20]))
                at = clock() - timedelta(minutes=chance.randint(1, 10))
                fresh += x.publish(pool[len(written + fresh) % len(pool)], author=author, at=at, indexed_after=late)
            written += fresh
            for kind in chance.sample(MIXED, chance.randint(0, 2)):
                times = 1 if kind in PASSING_AT_ONCE else chance.randint(1, 3)
                x.fault(kind, times=times, after=chance.randint(0, 1), seconds=600)
            turn()
            if fresh and chance.random() < 0.2:  # minutes later, after it was read
                _edit_or_delete(x, clock, fresh[-1], pool, chance)
        # when it is over,
        x.mend()
        for _ in range(2):
            clock.move(minutes=30)
            turn()
        # then a listener that comes late and undisturbed has the same tickets.
        calm_engine = open_store(sqlite_url.replace("simak.db", "calm.db"))
        from database.upgrade import upgrade

        upgrade(sqlite_url.replace("simak.db", "calm.db"))
        listen_and_read(x, calm_engine, clock, city, reader)()
        assert stands(engine) == stands(calm_engine)
        calm_engine.dispose()
    assert ledger(engine).balances


def _edit_or_delete(x: Emulator, clock: Clock, post_id: str, pool: list[str], chance: random.Random) -> None:
    """What its author may do a few minutes after writing."""
    clock.move(minutes=3)
    if chance.random() < 0.5:
        x.edit(post_id, chance.choice([text for text in pool if "#laporhendi" in text.lower()]))
    else:
        x.delete(post_id)
