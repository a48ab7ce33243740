"""The counts beside the filters: whatever happens to tickets, they say what the search itself finds."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, func, select

from database.care import purge
from database.engine import reading, writing
from database.tables import CHANNELS, LATER, PRIORITIES, STATUSES, tickets
from tests.tickets.builder import NOON, Desk
from tests.tickets.test_together import many_posts
from tests.tickets.test_workflow import ADMIN, act
from tickets.bits import ids_of
from tickets.census import Census
from tickets.errors import WorkflowError
from tickets.later import wake
from tickets.queue import TicketView
from tickets.search import DIMENSIONS, NOT_PUT_OFF, ORDERS, SURENESS, Dimension, Search, page
from tickets.steps import Accept, Close, Correct, Later, Merge, Reject, Reopen, Split, Step, Tag
from tickets.undoing import undo, undoable

VALUES: dict[Dimension, tuple[str, ...]] = {
    "statuses": STATUSES,
    "priorities": PRIORITIES,
    "opds": ("dpu", "disperkim", "dlh", "dishub"),
    "categories": ("pju", "drainase_banjir", "sampah", "jalan_rusak"),
    "kecamatan": ("Genuk",),
    "sureness": tuple(SURENESS),
    "channels": CHANNELS,
    "later": (*LATER, NOT_PUT_OFF),
    "tags": ("rapat", "banjir"),
}
WORDS = ("lampu", "mati gajah", "JL", "2026-", "tidakada", "?!")


def chosen(rng: random.Random) -> Search:
    """Some search that a person may ask for."""
    choices: dict[str, Any] = {
        name: tuple(rng.sample(values, rng.randrange(1, len(values) + 1)))
        for name, values in VALUES.items()
        if rng.random() < 0.2
    }
    at = NOON + timedelta(hours=rng.randrange(-24, 240))
    times = {name: at for name in ("since", "until", "posted_before") if rng.random() < 0.2}
    return Search(**choices, **times, words=rng.choice(WORDS) if rng.random() < 0.3 else "")


def ids(connection: Connection, wanted: Search) -> list[int]:
    return sorted(connection.execute(select(tickets.c.id).where(*wanted.conditions())).scalars())


def assert_right(connection: Connection, census: Census, wanted: Search) -> None:
    counted = census.facets(connection, wanted)
    assert ids_of(counted.found) == ids(connection, wanted)
    for name in DIMENSIONS:
        for value in VALUES[name]:
            alone = replace(wanted, **{name: (value,)})
            number = connection.execute(select(func.count()).where(*alone.conditions())).scalar_one()
            assert counted.counts[name].get(value, 0) == number, (name, value, wanted)


def something(desk: Desk, rng: random.Random) -> None:
    """One more thing that may happen on a day."""
    alive = [row["id"] for row in desk.alive()]
    ticket, other = rng.sample(alive, 2)
    theirs = [row["id"] for row in desk.posts() if row["ticket_id"] == ticket]
    steps: list[Step] = [
        Accept(), Accept(), Accept(), Correct(opd="dlh"), Correct(category="sampah"), Reject("no_complaint"), Close(),
        Reopen("belum"), Merge(other), Split(frozenset(theirs[:1])), Tag(rng.choice(VALUES["tags"])),
        Later("photo", desk.now + timedelta(minutes=rng.randrange(1, 60))),
    ]  # fmt: skip
    happens = rng.random()
    if happens < 0.15:
        desk.post(f"sampah di jl. {rng.choice(('Gajah', 'Naga'))}", "w", channel=rng.choice(("x", "sms")), minutes=9)
        desk.read()
    elif happens < 0.25:
        desk.remove(rng.choice([row["id"] for row in desk.posts()]))
        desk.read()
    elif happens < 0.3:
        wake(desk.engine, desk.now)
    elif happens < 0.4:
        with writing(desk.engine) as connection:
            for done in undoable(connection, ADMIN, 1):
                undo(connection, desk.city, done.audit_id, ADMIN, desk.now)
    else:
        done = desk.ticket(ticket)["status"] == "dalam_proses" and rng.random() < 0.5
        act(desk, ticket, Close() if done else rng.choice(steps))


def test_after_whatever_happens_each_count_is_how_many_the_search_finds(desk: Desk) -> None:
    rng = random.Random(20)
    many_posts(desk, 60)
    desk.read()
    census = Census()
    for _ in range(60):
        try:
            something(desk, rng)
        except WorkflowError:
            continue
        desk.later(7)
        with reading(desk.engine) as connection:
            for _ in range(3):
                assert_right(connection, census, chosen(rng))
    assert len({row["status"] for row in desk.alive()}) == len(STATUSES)


def test_after_whatever_happens_each_page_is_the_one_that_the_store_gives(desk: Desk) -> None:
    rng = random.Random(21)
    many_posts(desk, 60)
    desk.read()
    census = Census()
    for _ in range(12):
        with reading(desk.engine) as connection:
            for wanted in (chosen(rng), chosen(rng), Search(words="jl"), Search()):
                found = census.find(connection, wanted)
                for order in ORDERS:
                    turned = partial(census.page, connection, found, order)
                    assert pages(turned) == pages(partial(page, connection, wanted, order)), (wanted, order)
        for _ in range(5):
            with suppress(WorkflowError):
                something(desk, rng)
        desk.later(7)


def test_a_page_goes_on_after_a_ticket_that_was_decided_or_merged_meanwhile(desk: Desk) -> None:
    many_posts(desk, 30)
    desk.read()
    census, drafts = Census(), Search(statuses=(STATUSES[0],))
    with reading(desk.engine) as connection:
        before = census.page(connection, census.find(connection, drafts), "urgent", limit=30)
    seen, then = before[3].row, before[4].row
    for gone in (Merge(before[0].row["id"]), Accept()):
        act(desk, (seen if isinstance(gone, Merge) else then)["id"], gone)
    for census_again in (census, Census()):  # one that saw it come and go, and one that did not
        with reading(desk.engine) as connection:
            found = census_again.find(connection, drafts)
            after = census_again.page(connection, found, "urgent", limit=1, after=seen["number"])
        assert [view.row["id"] for view in after] == [before[5].row["id"]]


def pages(turned: Callable[..., list[TicketView]]) -> list[str]:
    """All numbers that one meets on the way down."""
    seen: list[str] = []
    while more := turned(limit=4, after=seen[-1] if seen else None):
        seen += [view.row["number"] for view in more]
    return seen


def test_words_that_were_purged_are_found_no_more_by_whoever_remembers_them(desk: Desk) -> None:
    desk.tell("lampu mati di jl. Gajah")
    census, wanted = Census(), Search(words="gajah mati")
    act(desk, 1, Accept())
    act(desk, 1, Close())
    with reading(desk.engine) as connection:
        assert census.facets(connection, wanted).total == 1
    purge(desk.engine, desk.now + timedelta(days=90), desk.now + timedelta(days=91))
    with reading(desk.engine) as connection:
        assert census.facets(connection, wanted).total == len(ids(connection, wanted))
