"""The pictures of the docs: `python -m tests.screenshots` fills a store with invented posts, opens the desk in a real
Chromium and writes docs/screenshots/*.png."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page
from sqlalchemy import update

from city import load_city
from database.engine import open_store, writing
from database.kind import claim_kind
from database.tables import tickets
from database.upgrade import upgrade
from tests.desk.conftest import PASSWORD, Office, fill, open_office
from tests.desk.served import chromium, served

HOME = Path(__file__).parents[1]
PICTURES = HOME / "docs" / "screenshots"
WIDE, NARROW = (1280, 800), (390, 844)

# Name of the picture, address, and a key to press first.
SCENES: tuple[tuple[str, str, str], ...] = (
    ("antrean", "/antrean", ""),
    ("laporan", "/antrean?tiket=2026-000001", ""),
    ("tolak", "/antrean?cari=sampah", "l"),
    ("saring", "/antrean", "d"),
    ("nanti", "/antrean?cari=sampah", "n"),
    ("massal", "/massal?urgensi=biasa", ""),
    ("mirip", "/antrean?cari=pandanaran", ""),
    ("tombol", "/antrean", "?"),
    ("balas", "/tiket/{accepted}/balas", ""),
    ("balasan", "/balasan", ""),
    ("angka", "/angka", ""),
    ("tersaring", "/tersaring", ""),
    ("buta", "/antrean?tiket={blind}", ""),
    ("peta", "/antrean?tiket={flood}", ""),
    ("belajar", "/belajar", ""),
    ("model", "/model", ""),
    ("pergeseran", "/model/pergeseran", ""),
    ("keputusan", "/keputusan", ""),
    ("audit", "/audit", ""),
    ("status", "/status", ""),
)


IN_THE_DARK = ("antrean", "tolak", "model", "pergeseran")
SCROLLED_TO: Mapping[str, str] = {"peta": ".map"}  # what the picture is about, where it is not on top


@contextmanager
def office_with_posts() -> Iterator[Office]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/simak.db"
        upgrade(url)
        engine = open_store(url)
        claim_kind(engine, "demo")
        office = open_office(fill(engine, load_city(HOME / "city" / "semarang")), Path(folder) / "models")
        decide_a_little(office)
        weigh_a_candidate(office)
        see_drift(office, 280, 1820, monkeys=50)
        judge_blind(office)
        yield office
        engine.dispose()


def decide_a_little(office: Office) -> None:
    """So that the last decisions lie open on the pictures."""
    ratna = office.colleague()
    for words, act, typed in (("BRT", "/terima", {}), ("kelanjutannya", "/tolak", {"alasan": "too_little"})):
        (number,) = [row["number"] for row in office.store.alive() if words in row["text"]]
        ratna.open(f"/antrean?tiket={number}")
        ratna.send(act, **typed)


def weigh_a_candidate(office: Office) -> None:
    from tests.desk.test_model import WORSE, a_judgement, with_models

    a_judgement(with_models(office), [WORSE])


def see_drift(office: Office, lately: int, before: int, *, monkeys: int) -> None:
    from tests.desk.test_drift import seen

    seen(office, lately, before, monkeys=monkeys)


def judge_blind(office: Office) -> None:
    """One draft that is judged without its proposal."""
    with writing(office.store.engine) as connection:
        connection.execute(update(tickets).where(tickets.c.number == _about(office, "Pandanaran")).values(blind=True))


def _about(office: Office, words: str) -> str:
    return next(str(row["number"]) for row in office.store.alive() if words in row["text"])


def log_in(browser: Browser, address: str, size: tuple[int, int], scheme: str, name: str = "ratna") -> Page:
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,  # type: ignore[arg-type]
        locale="id-ID",
        reduced_motion="reduce",
        device_scale_factor=2 if size == NARROW else 1,
    )
    page.goto(f"{address}/masuk")
    page.fill("#nama", name)
    page.fill("#sandi", PASSWORD)
    page.click("button.primary")
    page.wait_for_url("**/antrean")
    return page


def take(folder: Path, only: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with office_with_posts() as office, served(office.parts) as address, chromium() as browser:
        (accepted,) = [row["number"] for row in office.store.alive() if row["status"] == "dalam_proses"]
        numbers = {"accepted": accepted, "blind": _about(office, "Pandanaran"), "flood": _about(office, "Kaligawe")}
        stranger = browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]})
        stranger.goto(f"{address}/masuk")
        stranger.screenshot(path=folder / "masuk-1280.png")
        for size, scheme, ending in ((WIDE, "light", "1280"), (WIDE, "dark", "1280-gelap"), (NARROW, "light", "390")):
            page = log_in(browser, address, size, scheme)
            for name, where, key in SCENES:
                if only not in name or (scheme == "dark" and name not in IN_THE_DARK):
                    continue
                page.goto(address + where.format(**numbers))
                if key:
                    page.keyboard.press(key)
                if name in SCROLLED_TO:
                    page.locator(SCROLLED_TO[name]).first.scroll_into_view_if_needed()
                page.screenshot(path=folder / f"{name}-{ending}.png")


if __name__ == "__main__":
    take(PICTURES, *sys.argv[1:2])
