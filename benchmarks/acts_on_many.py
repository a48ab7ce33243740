"""One act on 10,000 drafts, and its undo, while a colleague works: `python -m benchmarks.acts_on_many [COUNT]`.

For each database: how long the preview takes, how long doing and undoing take, and how long a colleague waits meanwhile
for the queue page and for a decision of their own to be written.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from decimal import Decimal
from itertools import count as counting
from statistics import median, quantiles
from threading import Thread
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from benchmarks.desk_queue import CITY, HOME, NOW, PASSWORD, Browser, stores
from city import City, load_city
from city.reading_replies import load_replies
from database.engine import open_store, reading, writing
from database.upgrade import upgrade
from desk.accounts import add_account
from desk.app import application
from desk.parts import Parts
from desk.sessions import begin_session
from tests.desk.crowd import crowd
from tickets.batches import batch_of, matching, prepare
from tickets.bulk import Direction, begin, begin_undo, carry_on
from tickets.queue import Filter
from tickets.steps import Accept, Actor, Tag
from tickets.workflow import look, perform

RATNA, BUDI = Actor("ratna", "city_admin"), Actor("budi", "city_admin")
DRAFTS = Filter(statuses=("belum_terverifikasi",))
DECIDED = 2_000  # tickets beside the drafts
PAUSE = 0.3  # seconds between two things that the colleague does


def browser_over(engine: Engine, city: City) -> Browser:
    texts = load_replies(CITY / "replies.toml", city)
    parts = Parts(
        engine, city, lambda: NOW, ZoneInfo("Asia/Jakarta"), HOME / "models", Decimal(50), x_is_on=True,
        reply_texts=texts, own_accounts=frozenset(),
    )  # fmt: skip
    with writing(engine) as connection:
        person = add_account(connection, BUDI.name, PASSWORD, BUDI.role, None, NOW, opds=city.opds)
        cookie = begin_session(connection, person, NOW)
    return Browser(application(parts), cookie)


def tag_one(engine: Engine, city: City, serial: int) -> float:
    """Tag one of the tickets that are not in the batch; returns how long that took, in milliseconds."""
    begun = time.perf_counter()
    with writing(engine) as connection:
        seen = look(connection, f"2026-{1 + serial % DECIDED:06d}", BUDI)
        perform(connection, city, seen.id, Tag(f"w{time.time_ns()}"), BUDI, NOW, version=seen.version)
    return (time.perf_counter() - begun) * 1_000


def watched(engine: Engine, city: City, browser: Browser, batch_id: int, direction: Direction, name: str) -> None:
    """Carry the batch on in a thread, as the desk does, and work beside it."""
    asyncio.run(browser.page(""))  # a warm-up, uncounted
    work = Thread(target=carry_on, args=(engine, city, batch_id, direction, RATNA, lambda: NOW))
    begun, pages, acts = time.perf_counter(), [], []
    work.start()
    for serial in counting():
        pages.append(asyncio.run(browser.page("")).wall)
        acts.append(tag_one(engine, city, serial))
        if not work.is_alive():
            break
        time.sleep(PAUSE)
    took = time.perf_counter() - begun
    print(
        f"{name:22} {took:6.0f} s · queue page {told(pages)} · a decision {told(acts)} · load {os.getloadavg()[0]:.1f}"
    )


def told(waits: Sequence[float]) -> str:
    return f"{median(waits):.0f} / {quantiles(waits, n=20)[-1]:.0f} / {max(waits):.0f} ms"


def measure(name: str, url: str, city: City, count: int) -> None:
    upgrade(url)
    engine = open_store(url)
    crowd(engine, city, NOW, count=count + DECIDED, open_drafts=count)
    browser = browser_over(engine, city)
    begun = time.perf_counter()
    with writing(engine) as connection:
        batch_id = prepare(connection, city, matching(connection, DRAFTS), Accept(), RATNA, NOW)
    print(f"{name}: {count:,} drafts written down for the preview in {time.perf_counter() - begun:.1f} s")
    with reading(engine) as connection:
        waiting = batch_of(connection, batch_id, RATNA).of("waiting")
    with writing(engine) as connection:
        begin(connection, batch_id, RATNA, "uji", NOW)
    watched(engine, city, browser, batch_id, "doing", f"{name}, doing")
    with writing(engine) as connection:
        begin_undo(connection, batch_id, RATNA)
    watched(engine, city, browser, batch_id, "undoing", f"{name}, undoing")
    with reading(engine) as connection:
        assert batch_of(connection, batch_id, RATNA).of("undone") == waiting
    engine.dispose()


def main(count: int = 10_000) -> None:
    city = load_city(CITY)
    print("waits: median / p95 / longest")
    with stores() as found:
        for name, url in found:
            measure(name, url, city, count)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
