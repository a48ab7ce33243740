"""The desk's queue page in a big city: 100,000 tickets, 10,000 of them open, on SQLite and on PostgreSQL.

A page is the list, the draft that lies open, and the count beside every choice of every filter; it is timed from the
request to the last byte, without a network. Asked for by turns: no filter, each filter, several, all orders, deep in
the list, and words. First the store stands still; then a draft is decided before every page, so that nothing counted
before may be used again.

Beside the clock's time stands that of the processor, which another's work on the machine disturbs less: the desk's
own, without PostgreSQL's. Between them a page of the desk that lists nothing (the floor) and a fixed sum (the
yardstick) tell how fast the machine was just then. Each figure is the median over RUNS runs.

    python -m benchmarks.desk_queue [--slowest] [sqlite|postgresql]
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
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
from desk.serving import warm_up
from desk.sessions import COOKIE, begin_session
from tests import postgresql
from tests.desk.crowd import crowd
from tickets.counts import count
from tickets.queue import Filter
from tickets.steps import Accept, Actor
from tickets.workflow import perform

HOME = Path(__file__).resolve().parents[1]
CITY = HOME / "city" / "semarang"
NOW = datetime(2026, 11, 24, 2, 40, tzinfo=UTC)
TICKETS, OPEN_DRAFTS = 100_000, 10_000
PAGES, RUNS = 154, 3
PASSWORD = "kopi tubruk"
GOAL_MS, GOAL_KB = 60, 100
FLOOR = "/tombol"  # the keys: a page of the same desk that lists nothing


@dataclass(frozen=True, slots=True)
class Page:
    kind: int  # which of the kinds of query
    query: str
    wall: float  # milliseconds
    processor: float
    size: int  # bytes


class Browser:
    """Asks the application itself, as a server would; one request at a time."""

    def __init__(self, app: Starlette, cookie: str) -> None:
        self._app = app
        self._headers = [(b"host", b"desk"), (b"cookie", f"{COOKIE}={cookie}".encode())]

    async def page(self, query: str, kind: int = 0, path: str = "/antrean") -> Page:
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": path, "raw_path": path.encode(), "root_path": "", "query_string": query.encode(),
            "headers": self._headers, "client": ("127.0.0.1", 1), "server": ("desk", 80), "state": {},
        }  # fmt: skip
        told: list[Any] = []
        ended: list[tuple[float, float]] = []

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            told.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                ended.append(
                    (time.perf_counter(), time.process_time())
                )  # what is noted afterwards keeps nobody waiting

        begun, used = time.perf_counter(), time.process_time()
        await self._app(scope, receive, send)
        wall, processor = ended[0][0] - begun, ended[0][1] - used
        assert told[0]["status"] == 200, (query, told)
        return Page(kind, query, wall * 1_000, processor * 1_000, sum(len(each.get("body", b"")) for each in told))


def queries(city: City, numbers: Sequence[str], rng: random.Random) -> list[tuple[int, str]]:
    """What people ask the list for, and of which kind that is; each as often as the others."""
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
    asked = [number % len(kinds) for number in range(PAGES)]
    return [(kind, kinds[kind]().replace(" ", "+")) for kind in asked]


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

    async def take(*, deciding: bool) -> Run:
        pages, floor, yardsticks = [], [], []
        for number, (kind, query) in enumerate(asked):
            if deciding:
                decide()
            pages.append(await browser.page(query, kind))
            if number % 10 == 0:
                floor.append(await browser.page("", path=FLOOR))
                yardsticks.append(yardstick())
        return Run(pages, floor, yardsticks)

    first = asyncio.run(browser.page(""))
    print(f"{name}: the first page of a desk that has read nothing yet {first.wall / 1_000:.2f} s")
    warm_up(parts)
    found = []
    for told, deciding in (("the store stands still", False), ("a draft decided before every page", True)):
        runs = [asyncio.run(take(deciding=deciding)) for _ in range(RUNS)]
        print(line(f"{name}, {told}", runs))
        found += [page for run in runs for page in run.pages]
    with reading(engine) as connection:
        begun, used = time.perf_counter(), time.process_time()
        count(connection, city, Filter(hides_blind=True), NOW)
        wall, processor = time.perf_counter() - begun, time.process_time() - used
    print(f"{name}: the numbers of the whole period {wall:.2f} s, processor {processor:.2f} s")
    engine.dispose()
    return found


@dataclass(frozen=True, slots=True)
class Run:
    pages: Sequence[Page]
    floor: Sequence[Page]
    yardsticks: Sequence[float]  # milliseconds


def yardstick() -> float:
    """Processor time of a fixed sum: about 8 ms on the machine that the figures in the docs come from."""
    used = time.process_time()
    sum(number * number for number in range(200_000))
    return (time.process_time() - used) * 1_000


def p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20)[-1]


def line(name: str, runs: Sequence[Run]) -> str:
    def over_runs(of_run: Callable[[Run], float]) -> float:
        return median(of_run(run) for run in runs)

    def both(of_page: Callable[[Page], float]) -> str:
        middle = over_runs(lambda run: median(map(of_page, run.pages)))
        return f"{middle:5.1f} / {over_runs(lambda run: p95([*map(of_page, run.pages)])):5.1f}"

    floor = over_runs(lambda run: median(page.processor for page in run.floor))
    size = max(page.size for run in runs for page in run.pages)
    return (
        f"{name:46} processor {both(lambda page: page.processor)} ms  wall {both(lambda page: page.wall)} ms"
        f"  (median / p95, {len(runs)} runs of n = {len(runs[0].pages)}; floor {floor:.1f} ms,"
        f" yardstick {over_runs(lambda run: median(run.yardsticks)):.1f} ms, load {os.getloadavg()[0]:.1f};"
        f" largest {size / 1_000:.1f} kB)"
    )


def by_kind(pages: Sequence[Page]) -> Iterator[str]:
    """The kinds of query, the dearest first."""
    kinds: dict[int, list[Page]] = defaultdict(list)
    for page in pages:
        kinds[page.kind].append(page)
    for those in sorted(kinds.values(), key=lambda those: -p95([page.processor for page in those])):
        processor, wall = [page.processor for page in those], [page.wall for page in those]
        yield (
            f"    processor {median(processor):5.1f} / {p95(processor):5.1f} ms  wall {median(wall):5.1f} /"
            f" {p95(wall):5.1f} ms  n = {len(those):3}  {those[0].query or 'no filter'}"
        )


def main() -> None:
    city, chosen = load_city(CITY), {*sys.argv[1:]} & {"sqlite", "postgresql"}
    with stores() as found:
        for name, url in found:
            if chosen and name.lower() not in chosen:
                continue
            pages = measure(name, url, city)
            print("\n".join(by_kind(pages)))
            if "--slowest" in sys.argv:
                for page in sorted(pages, key=lambda page: -page.processor)[:25]:
                    print(f"    {page.wall:7.1f} ms {page.processor:7.1f} ms {page.size:7d} B  {page.query}")
    print(f"the goal: p95 under {GOAL_MS} ms, pages under {GOAL_KB} kB")


if __name__ == "__main__":
    main()
