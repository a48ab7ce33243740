from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine, update
from starlette.testclient import TestClient

from city import City, load_city
from city.reading_replies import load_replies
from city.reply_texts import ReplyTexts
from city.shapes import load_shapes
from database.engine import open_store, writing
from database.kind import claim_kind
from database.tables import run_queries, runs
from desk import accounts
from desk.accounts import add_account
from desk.app import application
from desk.city_map import CityMap
from desk.parts import Parts
from tests.desk.invented import NOW, POSTS, InventedReader
from tests.desk.served import chromium, served
from tests.tickets.builder import Desk as Store

PASSWORD = "kopi tubruk"
SEMARANG = Path(__file__).parents[2] / "city" / "semarang"
ADDRESS = "http://meja.test"


@pytest.fixture(scope="session")
def city() -> City:
    return load_city(SEMARANG)


@pytest.fixture(autouse=True)
def _light_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same algorithm, with less work: stories log in often."""
    monkeypatch.setattr(accounts, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def store(engine: Engine, city: City) -> Store:
    """A store with the invented posts, captured and read."""
    return fill(engine, city)


def fill(engine: Engine, city: City) -> Store:
    store = Store(engine, city, reader=InventedReader(), now=NOW)  # type: ignore[arg-type]
    for number, post in enumerate(POSTS, 1):
        media = [f"https://pbs.twimg.example/media/{number}-{photo}.jpg" for photo in range(1, post.media + 1)]
        url = f"https://x.com/{post.author}/status/{1000 + number}"
        store.post(post.text, post.author, created_at=post.at, media=media, url=url, parent_text=post.parent)
    store.read()
    with writing(engine) as connection:
        connection.execute(update(run_queries).values(seen=len(POSTS), finished=True))
        connection.execute(update(runs).values(status="complete", finished_at=NOW, read=len(POSTS)))
    return store


class Forms(HTMLParser):
    """The forms of a page: where each is sent, and its fields as they stand."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._written: str | None = None  # the text field that is being read
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form" and given.get("method") == "post":
            self.found.append((given["action"], {}))
        elif tag in ("input", "button") and self.found and given.get("name") and given.get("type") != "checkbox":
            self.found[-1][1].setdefault(given["name"], given.get("value", ""))
        elif tag == "textarea" and self.found:
            self._written = given["name"]
            self.found[-1][1][self._written] = ""

    def handle_data(self, data: str) -> None:
        if self._written is not None:
            self.found[-1][1][self._written] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._written = None


@dataclass
class Colleague:
    """Somebody at the desk, with a browser that knows no scripts."""

    client: TestClient
    page: Any = None

    def log_in(self, name: str, password: str = PASSWORD) -> Colleague:
        self.page = self.client.post("/masuk", data={"nama": name, "sandi": password})
        return self

    def open(self, address: str) -> str:
        self.page = self.client.get(address)
        return str(self.page.text)

    def send(self, action: str, **typed: str) -> str:
        """Fill in the form on the page that is sent to `action`, and send it."""
        fields = next(fields for sent_to, fields in Forms(self.page.text).found if sent_to.endswith(action))
        (address,) = {sent_to for sent_to, _ in Forms(self.page.text).found if sent_to.endswith(action)}
        self.page = self.client.post(address, data=fields | typed)
        return str(self.page.text)


@dataclass
class Office:
    """The desk over a store, its clock, and everyone who works there."""

    store: Store
    parts: Parts
    now: datetime = NOW

    def colleague(self, name: str = "ratna", password: str = PASSWORD) -> Colleague:
        return Colleague(TestClient(application(self.parts), base_url=ADDRESS)).log_in(name, password)

    def stranger(self) -> Colleague:
        return Colleague(TestClient(application(self.parts), base_url=ADDRESS))

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)


PEOPLE = (
    ("ratna", "city_admin", None),
    ("budi", "city_admin", None),
    ("joko", "opd_admin", "dpu"),
    ("dewi", "data_team", None),
    ("tamu", "viewer", None),
)


def replies_of(city: City) -> ReplyTexts:
    return load_replies(SEMARANG / "replies.toml", city)


def open_office(store: Store, models_dir: Path) -> Office:
    def clock() -> datetime:
        return office.now

    parts = Parts(
        store.engine,
        store.city,
        clock,
        ZoneInfo("Asia/Jakarta"),
        models_dir,
        Decimal(50),
        x_is_on=True,
        reply_texts=replies_of(store.city),
        own_accounts=frozenset({"laporsemar", "sapambakita"}),
        city_map=CityMap(load_shapes(SEMARANG)),
    )
    office = Office(store, parts)
    with writing(store.engine) as connection:
        for name, role, opd in PEOPLE:
            add_account(connection, name, PASSWORD, role, opd, NOW, opds=store.city.opds)
    return office


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    return open_office(store, tmp_path / "models")


# ── In a real Chromium ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def desk(sqlite_url: str, city: City, tmp_path: Path) -> Iterator[tuple[Office, str]]:
    engine = open_store(sqlite_url)
    claim_kind(engine, "demo")
    office = open_office(fill(engine, city), tmp_path / "models")
    with served(office.parts) as address:
        yield office, address
    engine.dispose()


@pytest.fixture
def at_desk(browser: Browser, desk: tuple[Office, str]) -> Iterator[Page]:
    from tests.screenshots import WIDE, log_in  # which fills its stores as the stories here do

    page = log_in(browser, desk[1], WIDE, "light")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console", lambda message: message.type == "error" and "409" not in message.text and faults.append(message.text)
    )
    yield page
    page.close()
    assert faults == [], "no script fails, and nothing breaks the content policy"
