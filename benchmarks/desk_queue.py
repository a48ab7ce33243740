"""The desk's queue page in a big city: 100,000 tickets, 10,000 of them open, on SQLite and on PostgreSQL.

A page is the list, the draft that lies open, and the count beside every choice of every filter; it is timed from the
request to the last byte, without a network. Asked for by turns: no filter, each filter, several, all orders, deep in
the list, and words. First the store stands still; then a draft is decided before every page, so that nothing counted
before may be used again. Processor time is that of the desk: PostgreSQL's own is not in it.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine, select, text
from starlette.applications import Starlette

from city import City, load_city
from city.reading_replies import load_replies
from database.engine import open_store, reading, writing
from database.tables import tickets
from database.upgrade import upgrade
from desk.accounts import add_account
from desk.app import application
from desk.parts import Parts
from desk.sessions import COOKIE, begin_session
from tests import postgresql
from tests.desk.crowd import crowd
from tickets.steps import Accept, Actor
from tickets.workflow import perform

HOME = Path(__file__).resolve().parents[1]
CITY = HOME / "city" / "semarang"
NOW = datetime(2026, 11, 24, 2, 40, tzinfo=UTC)
TICKETS, OPEN_DRAFTS = 100_000, 10_000
PAGES = 240
PASSWORD = "kopi tubruk"
GOAL_MS, GOAL_KB = 60, 100


@dataclass(frozen=True, slots=True)
class Page:
    query: str
    wall: float  # milliseconds
    processor: float
    size: int  # bytes


class Browser:
    """Asks the application itself, as a server would; one request at a time."""

    def __init__(self, app: Starlette, cookie: str) -> None:
        self._app = app
        self._headers = [(b"host", b"desk"), (b"cookie", f"{COOKIE}={cookie}".encode())]

    async def page(self, query: str) -> Page:
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": "/antrean", "raw_path": b"/antrean", "root_path": "", "query_string": query.encode(),
            "headers": self._headers, "client": ("127.0.0.1", 1), "server": ("desk", 80), "state": {},
        }  # fmt: skip
        told: list[Any] = []

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            told.append(message)

        begun, used = time.perf_counter(), time.process_time()
        await self._app(scope, receive, send)
        wall, processor = time.perf_counter() - begun, time.process_time() - used
        assert told[0]["status"] == 200, (query, told)
        return Page(query, wall * 1_000, processor * 1_000, sum(len(each.get("body", b"")) for each in told))


def queries(city: City, numbers: Sequence[str], rng: random.Random) -> list[str]:
    """What people ask the list for; each as often as the others."""
    opds, categories = [*city.opds], [*city.categories]
    kecamatan = [each.name for each in city.kecamatan.values()]
    kinds = [
        lambda: "",
        lambda: "urut=terlama",
        lambda: "urut=ragu",
        lambda: f"setelah={rng.choice(numbers)}",
        lambda: f"urut=ragu&setelah={rng.choice(numbers)}",
        lambda: f"tiket={rng.choice(numbers)}",
        lambda: f"opd={rng.choice(opds)}",
        lambda: f"opd={rng.choice(opds)}&opd={rng.choice(opds)}&urut=terlama",
        lambda: f"kategori={rng.choice(categories)}",
        lambda: f"kecamatan={rng.choice(kecamatan)}".replace(" ", "+"),
        lambda: f"kanal={rng.choice(('x', 'sms', 'whatsapp'))}",
        lambda: f"yakin={rng.choice(('sure', 'fair', 'unsure'))}",
        lambda: f"urgensi={rng.choice(('darurat', 'tinggi', 'biasa'))}&umur={rng.choice(('1j', '1h', '3h'))}",
        lambda: "dari=2026-11-01&sampai=2026-11-20",
        lambda: f"status={rng.choice(('dalam_proses', 'selesai', 'ditolak'))}",
        lambda: "status=belum_terverifikasi&status=dalam_proses&status=selesai&status=ditolak",
        lambda: f"cari={rng.choice(('lampu', 'kaligawe banjir', 'pandanaran lampu mati', 'pohon miring fatmawati'))}",
        lambda: f"cari={rng.choice(('jl', 'tolong dicek', 'ban', 'sam'))}",
        lambda: f"cari={rng.choice(numbers)}",
        lambda: f"cari=lampu&opd={rng.choice(opds)}&urgensi=biasa",
        lambda: "cari=banjir&status=selesai&urut=terlama",
        lambda: "cari=tidakadadisini",
    ]
    return [kinds[number % len(kinds)]().replace(" ", "+") for number in range(PAGES)]


@contextmanager
def stores() -> Iterator[Iterator[tuple[str, str]]]:
    """Name and URL of an empty store on each database."""
    with tempfile.TemporaryDirectory() as folder, postgresql.running_server() as server:
        engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("CREATE DATABASE queue"))
        engine.dispose()
        yield iter((("SQLite", f"sqlite:///{folder}/queue.db"), ("PostgreSQL", f"{server}/queue")))


def measure(name: str, url: str, city: City) -> list[Page]:
    upgrade(url)
    engine = open_store(url)
    begun = time.perf_counter()
    crowd(engine, city, NOW, count=TICKETS, open_drafts=OPEN_DRAFTS)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    print(f"{name}: {TICKETS:,} tickets, {OPEN_DRAFTS:,} open, written in {time.perf_counter() - begun:.0f} s")
    parts = Parts(
        engine,
        city,
        lambda: NOW,
        ZoneInfo("Asia/Jakarta"),
        HOME / "models",
        Decimal(50),
        x_is_on=True,
        reply_texts=load_replies(CITY / "replies.toml", city),
        own_accounts=frozenset(),
    )
    with writing(engine) as connection:
        person = add_account(connection, "ratna", PASSWORD, "city_admin", None, NOW, opds=city.opds)
        cookie = begin_session(connection, person, NOW)
    browser = Browser(application(parts), cookie)
    with reading(engine) as connection:
        open_ones = select(tickets.c.id, tickets.c.number).where(tickets.c.status == "belum_terverifikasi")
        drafts = connection.execute(open_ones.order_by(tickets.c.id)).all()
    rng = random.Random(3)
    asked = queries(city, [draft.number for draft in drafts], rng)
    rng.shuffle(drafts)

    def decide() -> None:
        with writing(engine) as connection:
            actor = Actor("ratna", "city_admin", None, "bench")
            perform(connection, city, drafts.pop().id, Accept(), actor, NOW, version=1)

    async def take(*, deciding: bool) -> list[Page]:
        pages = []
        for query in asked:
            if deciding:
                decide()
            pages.append(await browser.page(query))
        return pages

    found = []
    for told, deciding in (("the store stands still", False), ("a draft decided before every page", True)):
        asyncio.run(browser.page(""))  # a warm-up, uncounted
        pages = asyncio.run(take(deciding=deciding))
        print(line(f"{name}, {told}", pages))
        found += pages
    engine.dispose()
    return found


def line(name: str, pages: Sequence[Page]) -> str:
    def both(values: Sequence[float]) -> str:
        return f"{median(values):6.1f} / {quantiles(values, n=20)[-1]:6.1f} / {max(values):6.1f}"

    wall, processor = [page.wall for page in pages], [page.processor for page in pages]
    size = max(page.size for page in pages)
    return (
        f"{name:52} wall {both(wall)} ms  processor {both(processor)} ms  largest {size / 1_000:5.1f} kB"
        f"  (median / p95 / max, n = {len(pages)}, load {os.getloadavg()[0]:.1f})"
    )


def main() -> None:
    city = load_city(CITY)
    with stores() as found:
        for name, url in found:
            pages = measure(name, url, city)
            if "--slowest" in sys.argv:
                for page in sorted(pages, key=lambda page: -page.wall)[:25]:
                    print(f"    {page.wall:7.1f} ms {page.processor:7.1f} ms {page.size:7d} B  {page.query}")
    print(f"the goal: p95 under {GOAL_MS} ms, pages under {GOAL_KB} kB")


if __name__ == "__main__":
    main()
