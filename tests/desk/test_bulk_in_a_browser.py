"""One act on many, and what follows a correction, in a real Chromium: by keys alone, watched, undone, accessible."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.desk.conftest import Office
from tests.desk.served import CHROMIUM
from tests.desk.test_deciding import number_of
from tests.desk.test_in_a_browser import axe
from tests.desk.test_same_way import WORDS, add_lights, owners
from tests.screenshots import NARROW, WIDE, log_in
from tests.tickets.test_workflow import state

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


def go_by_key(page: Page, key: str, where: str) -> None:
    page.keyboard.press(key)
    page.wait_for_url(where)


def test_all_of_a_filter_is_done_from_the_keyboard_and_undone_with_one_key(
    desk: tuple[Office, str], at_desk: Page
) -> None:
    office, address = desk
    before = state(office.store)
    at_desk.goto(f"{address}/antrean?urgensi=biasa")
    go_by_key(at_desk, "w", "**/massal?**")
    at_desk.locator("form:has(input[value=tolak]) button").focus()
    go_by_key(at_desk, "Enter", "**/massal/*")
    chosen = [row["id"] for row in office.store.alive() if row["priority"] == "biasa"]
    expect(at_desk.locator(".big-words")).to_have_text(f"{len(chosen)} laporan akan berubah.")
    expect(at_desk.locator(".sample li")).to_have_count(5)
    assert state(office.store) == before
    at_desk.locator("#keterangan").focus()
    at_desk.keyboard.type("ulangan uji tahun lalu")
    at_desk.keyboard.press("Enter")
    expect(at_desk.locator(".done")).to_have_text(f"{len(chosen)} laporan ditolak.")
    assert {office.store.ticket(each)["reason"] for each in chosen} == {"ulangan uji tahun lalu"}
    # The queue shows it as one decision, and one key takes it back.
    at_desk.goto(f"{address}/antrean")
    expect(at_desk.locator(".decisions li").first).to_contain_text(f"{len(chosen)} laporan ditolak")
    go_by_key(at_desk, "u", "**/massal/*")
    expect(at_desk.locator(".done")).to_contain_text(f"{len(chosen)} laporan dikembalikan")
    assert state(office.store) == before


def test_a_long_one_is_watched_and_its_page_says_by_itself_when_it_is_over(
    desk: tuple[Office, str], at_desk: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tickets.bulk.PIECE", 1)
    monkeypatch.setattr("tickets.bulk.REST", 0.3)
    monkeypatch.setattr("desk.bulk_page.PATIENCE", 0.1)
    office, address = desk
    at_desk.goto(f"{address}/massal")
    at_desk.locator("#cap").fill("rapat")
    at_desk.keyboard.press("Enter")
    at_desk.locator(".primary").click()
    expect(at_desk.locator("[data-under-way]")).to_be_visible()
    expect(at_desk.locator(".done")).to_contain_text("laporan diberi cap", timeout=20_000)
    expect(at_desk.locator("h1")).to_be_focused()
    assert {row["tag"] for row in office.store.alive()} == {"rapat"}


def test_a_correction_is_followed_by_two_keys_for_all_that_are_wrong_the_same_way(
    desk: tuple[Office, str], at_desk: Page
) -> None:
    office, address = desk
    add_lights(office)
    before = state(office.store)
    at_desk.goto(f"{address}/antrean?tiket={number_of(office, WORDS[0])}")
    at_desk.keyboard.press("2")
    expect(at_desk.locator("#pesan")).to_contain_text("2 draf terbuka lain akan berubah dengan cara yang sama")
    assert owners(office) == ["dishub", "disperkim", "disperkim"], "nothing without the key"
    go_by_key(at_desk, "c", "**/serupa/*")
    go_by_key(at_desk, "c", "**/massal/*")
    expect(at_desk.locator(".done")).to_have_text("2 laporan diubah.")
    assert owners(office) == ["dishub"] * 3
    at_desk.keyboard.press("u")
    expect(at_desk.locator(".done")).to_contain_text("2 laporan dikembalikan")
    at_desk.locator("a.button").click()
    at_desk.wait_for_url("**/antrean**")
    at_desk.keyboard.press("u")
    expect(at_desk.locator("#pesan")).to_contain_text("diurungkan")
    assert state(office.store) == before


def test_n_puts_off_with_a_reason_and_goes_on_and_u_brings_it_back(desk: tuple[Office, str], at_desk: Page) -> None:
    office, _ = desk
    before = state(office.store)
    first = str(at_desk.locator("#laporan article").get_attribute("data-number"))
    at_desk.keyboard.press("n")
    at_desk.keyboard.press("ArrowDown")
    at_desk.keyboard.press("Enter")
    expect(at_desk.locator("#pesan")).to_contain_text(f"{first} ditunda")
    expect(at_desk.locator(f'.rows [data-number="{first}"]')).to_have_count(0)
    put_off = next(row for row in office.store.alive() if row["number"] == first)
    assert put_off["later"] == "ask_opd"
    at_desk.keyboard.press("u")
    expect(at_desk.locator("#pesan")).to_contain_text("diurungkan")
    assert state(office.store) == before


@pytest.fixture
def places(desk: tuple[Office, str], at_desk: Page) -> list[str]:
    """Each page of a batch in each of its states, and that of a correction."""
    office, address = desk
    add_lights(office)
    found = ["/massal", "/keputusan"]
    at_desk.goto(f"{address}/massal")
    at_desk.locator("form:has(input[value=terima]) button").click()
    at_desk.wait_for_url("**/massal/*")
    found.append(at_desk.url.removeprefix(address))
    for act in ("cap", "ubah"):
        at_desk.goto(f"{address}/massal")
        at_desk.locator("#cap" if act == "cap" else "#opd").fill("rapat" if act == "cap" else "dishub")
        at_desk.keyboard.press("Enter")
        at_desk.wait_for_url("**/massal/*")
        at_desk.locator("#keterangan").fill("sekali saja")
        at_desk.locator(".primary").click()
        expect(at_desk.locator(".done")).to_be_visible()
        found.append(at_desk.url.removeprefix(address))
    at_desk.keyboard.press("u")
    expect(at_desk.locator(".done")).to_contain_text("dikembalikan")
    at_desk.goto(f"{address}/antrean?tiket={number_of(office, WORDS[0])}")
    at_desk.keyboard.press("2")
    expect(at_desk.locator("#pesan")).to_contain_text("dengan cara yang sama")
    found.append(f"/serupa/{number_of(office, WORDS[0])}")
    return found


def testaxe_finds_nothing_on_any_of_these_pages_and_none_is_wider_than_a_phone(
    browser: Browser, desk: tuple[Office, str], places: list[str]
) -> None:
    complaints = []
    for size, scheme in ((WIDE, "light"), (WIDE, "dark"), (NARROW, "light"), (NARROW, "dark")):
        page = log_in(browser, desk[1], size, scheme)
        for place in places:
            page.goto(desk[1] + place)
            complaints += axe(page, place)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                complaints.append(f"{place} is wider than {size[0]}")
        page.close()
    assert complaints == [], "\n".join(complaints)
