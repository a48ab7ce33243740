"""A morning's work at the desk in a real Chromium, from the keyboard alone: thirty drafts of the demo as the shipped
champion reads them, every other kind of act, a restart and a colleague in between, and all of it taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from city import City
from classifier import Reader
from database.engine import open_store
from database.kind import claim_kind
from listener.emulator import read_bundle
from listener.emulator.bundle import POSTS
from tests.desk.conftest import Office, open_office
from tests.desk.invented import NOW
from tests.desk.served import CHROMIUM, served
from tests.screenshots import HOME, WIDE, log_in
from tests.tickets.builder import Desk as Store
from tests.tickets.test_workflow import state
from tickets.lots import BLIND

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]

# Complaints of the demo, and the offices that a person takes for theirs: read without looking at what is proposed.
OWNERS = {
    "p001": "pdam", "p002": "dpu", "p005": "dlh", "p006": "trans_semarang", "p008": "disperkim", "p010": "satpolpp",
    "p011": "pln", "p014": "disperkim", "p015": "satpolpp", "p017": "dispendukcapil", "p019": "dlh dishub",
    "p022": "dishub", "p024": "disdik", "p025": "trans_semarang", "p026": "dpu disperkim", "p028": "dishub",
    "p029": "disperkim", "p031": "dinkes", "p032": "dpu", "p033": "pertamina", "p035": "dispertan", "p037": "dpu",
    "p038": "bapenda", "p041": "satpolpp", "p042": "satpolpp polrestabes", "p043": "dishub", "p044": "dlh",
    "p046": "bbws", "p049": "dispertan", "p050": "dpu", "p052": "disnaker", "p053": "diskominfo", "p054": "disdag",
    "p055": "dishub", "p057": "dlh", "p059": "dpu", "p060": "dpu",
}  # fmt: skip
DRAFTS, KEYS_A_DRAFT = 30, 1.2
CORRECTIONS = 6  # at most so many offices of the thirty are chosen anew: each is an act of its own


@pytest.fixture
def office(sqlite_url: str, city: City, tmp_path: Path) -> Iterator[Office]:
    """A desk over the demo's complaints, read by the champion as it ships."""
    engine = open_store(sqlite_url)
    claim_kind(engine, "demo")
    store = Store(engine, city, reader=Reader.load(HOME / "models"), now=NOW)  # type: ignore[arg-type]
    for post in read_bundle(POSTS):
        if post.key in OWNERS:
            store.post(post.text, post.author, created_at=NOW + post.offset)
    store.read()
    yield open_office(store, tmp_path / "models")
    engine.dispose()


@dataclass
class Worker:
    """Somebody whose keys are counted."""

    page: Page
    office: Office
    keys: int = 0

    @property
    def number(self) -> str:
        return str(self.page.locator("#laporan article").get_attribute("data-number"))

    def press(self, *keys: str) -> None:
        self.keys += len(keys)
        for key in keys:
            self.page.keyboard.press(key)

    def goes_on_with(self, key: str) -> None:
        was = self.number
        self.press(key)
        self.page.wait_for_function(
            "was => document.querySelector('#laporan article')?.dataset.number !== was", arg=was
        )

    def rests(self) -> None:
        """Until everything pressed has arrived."""
        self.page.wait_for_function("() => !document.body.classList.contains('busy')")

    def open(self, address: str, number: str) -> None:
        self.office.later(seconds=20)
        self.page.goto(f"{address}/antrean?tiket={number}")

    def accept(self, count: int) -> None:
        """So many drafts, passing over those that are shown without a proposal."""
        while count:
            if self.page.locator("#opd-buta").count():
                self.goes_on_with("j")
            else:
                self.decide()
                count -= 1
        self.rests()

    def decide(self) -> None:
        """Accept what is open, for the office that a person takes for right."""
        self.office.later(seconds=20)
        (draft,) = [row for row in self.office.store.alive() if row["number"] == self.number]
        owners, proposed = owners_of(draft["text"]), [each["code"] for each in draft["prediction"]["opd_top3"]]
        if draft["opd"] not in owners:
            place = next((str(at) for at, code in enumerate(proposed, 1) if code in owners), None)
            self.press(*(place or ("o", *owners[0], "Enter")))
            expect(self.page.locator(".proposal")).to_contain_text("dipilih orang")
        self.goes_on_with("t")


def owners_of(text: str) -> list[str]:
    (key,) = [post.key for post in read_bundle(POSTS) if post.text == text]
    return OWNERS[key].split()


def waiting(office: Office) -> list[str]:
    return [row["number"] for row in office.store.alive() if row["status"] == "belum_terverifikasi"]


def seen(office: Office) -> list[str]:
    """Numbers of what waits and is shown with its proposal."""
    return [
        row["number"] for row in office.store.alive() if row["number"] in waiting(office) and row["lot"] not in BLIND
    ]


def test_a_morning_takes_few_keys_and_all_of_it_can_be_taken_back(office: Office, browser: Browser) -> None:
    before = state(office.store)
    first_waiting = len(waiting(office))
    with served(office.parts) as address:
        worker = Worker(log_in(browser, address, WIDE, "light"), office)
        page, context = worker.page, worker.page.context
        worker.accept(DRAFTS // 2)
    assert len(waiting(office)) == first_waiting - DRAFTS // 2

    with served(office.parts) as address:  # the server was restarted; who was logged in still is
        page = context.pages[0]
        page.goto(f"{address}/antrean")
        worker.accept(DRAFTS - DRAFTS // 2)
        assert len(waiting(office)) == first_waiting - DRAFTS
        assert worker.keys <= DRAFTS * KEYS_A_DRAFT

        acts = DRAFTS + a_colleague_comes_between(worker, address) + every_other_act(worker, address)
        assert state(office.store) != before

        for _ in range(acts + CORRECTIONS):
            page.goto(f"{address}/antrean")
            if "Belum ada" in page.locator("#samping").inner_text():
                break
            page.keyboard.press("u")
            expect(page.locator("#pesan, .done").first).to_contain_text(re.compile("diurungkan|dikembalikan"))
            worker.rests()
        budi = office.colleague("budi")
        budi.open("/antrean")
        budi.send("/urungkan")
        assert state(office.store) == before
        page.close()


def every_other_act(worker: Worker, address: str) -> int:
    """Correct, merge, split and a bulk act on what still waits; returns how many acts there were."""
    page, office = worker.page, worker.office
    one, other = seen(office)[:2]
    worker.open(address, one)
    worker.press("a")
    page.locator("#kategori").select_option("lainnya")
    worker.press("Tab", "Enter")
    expect(page.locator("#pesan")).to_contain_text(f"{one} diubah")
    worker.open(address, one)
    worker.press("g")
    page.keyboard.type(other)
    page.keyboard.press("Enter")
    expect(page.locator("#pesan")).to_contain_text(f"{one} digabungkan")
    assert one not in waiting(office)
    worker.open(address, other)
    worker.press("p", "Space", "Enter")
    expect(page.locator("#pesan")).to_contain_text("dipisah")
    office.later(seconds=20)
    page.goto(f"{address}/massal")
    page.locator("#cap").fill("rapat")
    page.keyboard.press("Enter")
    page.wait_for_url("**/massal/*")
    page.locator(".primary").click()
    expect(page.locator(".done")).to_contain_text("diberi cap")
    return 4


def a_colleague_comes_between(worker: Worker, address: str) -> int:
    """Budi retitles the draft that is open here: its rejection is refused with his name, and what was typed is kept
    until it can be sent. Returns how many acts there were."""
    mine = next(row for row in worker.office.store.alive() if row["number"] == seen(worker.office)[-1])
    worker.open(address, mine["number"])
    budi = worker.office.colleague("budi")
    budi.open(f"/antrean?tiket={mine['number']}")
    budi.send("/judul", judul="Judul dari Budi")
    worker.press("l")
    worker.page.locator("#keterangan-tolak").fill("ketikan saya")
    worker.page.keyboard.press("Enter")
    expect(worker.page.locator("#pesan")).to_contain_text("Budi mengganti judul")
    expect(worker.page.locator("#keterangan-tolak")).to_have_value("ketikan saya")
    worker.page.locator("#keterangan-tolak").focus()
    worker.goes_on_with("Enter")
    worker.rests()
    assert worker.office.store.ticket(mine["id"])["reason"] == "ketikan saya"
    return 1
