"""Several people at one desk, each with a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from database.engine import reading
from desk.unsent import all_unsent
from tests.desk.conftest import Office
from tests.desk.served import CHROMIUM, served
from tests.desk.test_in_a_browser import axe, number
from tests.screenshots import NARROW, WIDE, log_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture
def budi(browser: Browser, desk: tuple[Office, str]) -> Iterator[Page]:
    """He was there first."""
    page = log_in(browser, desk[1], WIDE, "light", "budi")
    desk[0].later(seconds=5)
    yield page
    page.close()


def is_there(page: Page) -> None:
    """Wait until the page has given its sign of life."""
    with page.expect_response("**/hadir"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_a_colleague_is_seen_taken_over_from_with_one_key_and_told(
    desk: tuple[Office, str], budi: Page, at_desk: Page
) -> None:
    is_there(at_desk)
    assert number(at_desk) == number(budi)
    expect(at_desk.locator("#hadir")).to_contain_text("Budi sedang membuka laporan ini")
    at_desk.keyboard.press("y")
    expect(at_desk.locator("#hadir")).to_contain_text("Budi juga membuka laporan ini")
    is_there(budi)
    expect(budi.locator("#hadir")).to_contain_text("Ratna mengambil alih laporan ini")


def test_moving_on_with_a_key_and_closing_the_window_set_a_ticket_free(
    desk: tuple[Office, str], browser: Browser, at_desk: Page
) -> None:
    budi = log_in(browser, desk[1], WIDE, "light", "budi")
    is_there(budi)
    desk[0].later(seconds=5)
    is_there(at_desk)
    expect(at_desk.locator("#hadir")).to_contain_text("Budi")
    with budi.expect_response("**/hadir"):
        budi.keyboard.press("j")
    is_there(at_desk)
    expect(at_desk.locator("#hadir")).not_to_contain_text("Budi")
    with at_desk.expect_response("**/hadir"):
        at_desk.keyboard.press("j")
    expect(at_desk.locator("#hadir")).to_contain_text("Budi")
    budi.goto(f"{desk[1]}/status")
    is_there(at_desk)
    expect(at_desk.locator("#hadir")).not_to_contain_text("Budi")
    budi.close()


def test_what_has_been_opened_is_no_longer_unread_though_the_list_was_fetched_before(at_desk: Page) -> None:
    first = number(at_desk)
    is_there(at_desk)
    row = at_desk.locator(f".rows li:has([data-number='{first}'])")
    expect(row).not_to_have_class("unread")
    with at_desk.expect_response("**/hadir"):
        at_desk.keyboard.press("j")
    expect(row).not_to_contain_text("Belum Anda buka")
    expect(at_desk.locator(".rows li.unread")).to_have_count(10)


def test_a_change_by_a_colleague_shows_under_ones_eyes_and_is_loaded_with_a_click(
    desk: tuple[Office, str], at_desk: Page
) -> None:
    is_there(at_desk)
    budi = desk[0].colleague("budi")
    budi.open(f"/antrean?tiket={number(at_desk)}")
    budi.send("/judul", judul="Kabel putus di depan pasar")
    is_there(at_desk)
    expect(at_desk.locator("#hadir")).to_contain_text("Budi mengganti judul")
    at_desk.get_by_text("Muat ulang laporan ini").click()
    expect(at_desk.locator("#judul-laporan")).to_have_text("Kabel putus di depan pasar")


WORDS = "kabelnya sudah dipotong, tapi tiangnya miring"


def write_a_reason(page: Page, words: str = WORDS) -> None:
    """Type until the words are kept."""
    page.keyboard.press("l")
    page.locator("#keterangan-tolak").press_sequentially(words)
    expect(page.locator("#tulisan-tersimpan")).to_be_visible()


def test_what_is_typed_is_back_after_a_reload_and_on_another_device(
    desk: tuple[Office, str], browser: Browser, at_desk: Page
) -> None:
    write_a_reason(at_desk)
    mine = number(at_desk)
    at_desk.reload()
    expect(at_desk.locator("#keterangan-tolak")).to_have_value(WORDS)
    at_desk.keyboard.press("l")
    expect(at_desk.locator("#keterangan-tolak")).to_be_visible()  # the key leads into what lies open, and closes it not
    phone = log_in(browser, desk[1], NARROW, "light")
    phone.goto(f"{desk[1]}/antrean?tiket={mine}")
    expect(phone.locator("#keterangan-tolak")).to_have_value(WORDS)
    expect(phone.locator("#keterangan-tolak")).to_be_visible()
    phone.close()


def test_words_survive_a_quick_look_at_the_next_draft_and_a_restart_of_the_server(
    desk: tuple[Office, str], browser: Browser
) -> None:
    office, address = desk
    page = log_in(browser, address, WIDE, "light")
    page.wait_for_timeout(500)
    first = number(page)
    page.keyboard.press("l")
    page.locator("#keterangan-tolak").press_sequentially(WORDS)
    page.keyboard.press("Escape")
    page.keyboard.press("j")  # at once, before anything was kept
    expect(page.locator("#laporan article")).not_to_have_attribute("data-number", first)
    page.keyboard.press("k")
    expect(page.locator("#laporan article")).to_have_attribute("data-number", first)
    expect(page.locator("#keterangan-tolak")).to_have_value(WORDS)
    with served(office.parts) as again:
        page.goto(f"{again}/antrean?tiket={first}")
        expect(page.locator("#keterangan-tolak")).to_have_value(WORDS)
        page.locator("#keterangan-tolak").press("Enter")
        expect(page.locator("#pesan")).to_contain_text(f"{first} ditolak")
    assert next(row for row in office.store.alive() if row["number"] == first)["reason"] == WORDS
    with reading(office.store.engine) as connection:
        assert all_unsent(connection, 1) == []
    page.close()


def test_what_cannot_be_kept_just_now_is_kept_as_soon_as_the_server_answers(
    desk: tuple[Office, str], browser: Browser
) -> None:
    page = log_in(browser, desk[1], WIDE, "light")
    page.route("**/tulisan", lambda route: route.abort())
    page.keyboard.press("l")
    page.locator("#keterangan-tolak").press_sequentially(WORDS)
    page.wait_for_event("requestfailed")
    expect(page.locator("#tulisan-tersimpan")).to_be_hidden()
    page.unroute("**/tulisan")
    expect(page.locator("#tulisan-tersimpan")).to_be_visible(timeout=10_000)
    page.reload()
    expect(page.locator("#keterangan-tolak")).to_have_value(WORDS)
    page.close()


def test_words_thrown_away_do_not_come_back(at_desk: Page) -> None:
    write_a_reason(at_desk)
    at_desk.reload()
    at_desk.get_by_role("button", name="Buang tulisan ini").click()
    expect(at_desk.locator(".unsent")).to_have_count(0)
    at_desk.reload()
    expect(at_desk.locator("#keterangan-tolak")).to_have_value("")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_colleagues_are_at_work(
    desk: tuple[Office, str], browser: Browser, budi: Page, scheme: str
) -> None:
    page = log_in(browser, desk[1], NARROW, scheme)
    mine = number(page)
    page.goto(f"{desk[1]}/antrean?tiket={mine}")
    page.goto(f"{desk[1]}/antrean?opd=dlh")
    colleague = desk[0].colleague("budi")
    colleague.open(f"/antrean?tiket={mine}")
    colleague.send("/judul", judul="Kabel putus di depan pasar")
    is_there(budi)
    page.goto(f"{desk[1]}/antrean?tiket={desk[0].store.ticket(2)['number']}")
    expect(page.locator("#daftar")).to_contain_text("Budi mengganti judul")
    assert axe(page, "the list") == []
    page.keyboard.press("l")
    page.locator("#keterangan-tolak").press_sequentially("sudah ditangani")
    expect(page.locator("#tulisan-tersimpan")).to_be_visible()
    page.reload()
    assert axe(page, "unsent words") == []
    page.goto(f"{desk[1]}/tulisan")
    assert axe(page, "all unsent words") == []
    page.goto(f"{desk[1]}/antrean?tiket={mine}")
    expect(page.locator("#laporan")).to_contain_text("Berubah sejak Anda lihat")
    expect(page.locator("#laporan")).to_contain_text("Budi sedang membuka laporan ini")
    assert axe(page, "the ticket") == []
    page.close()


def test_a_reply_is_kept_as_one_types_and_forgotten_when_it_was_given(desk: tuple[Office, str], at_desk: Page) -> None:
    office, address = desk
    accepted = office.colleague()
    (lamp,) = [row["number"] for row in office.store.alive() if "ndedet" in row["text"]]
    accepted.open(f"/antrean?tiket={lamp}")
    accepted.send("/terima")
    at_desk.goto(f"{address}/tiket/{lamp}/balas")
    at_desk.locator("textarea").fill("Terima kasih, sudah kami teruskan.")
    expect(at_desk.locator("#tulisan-tersimpan")).to_be_visible()
    at_desk.reload()
    expect(at_desk.locator("textarea")).to_have_value("Terima kasih, sudah kami teruskan.")
    assert axe(at_desk, "a reply that was begun") == []
    at_desk.locator("textarea").press("End")
    at_desk.locator("textarea").press_sequentially(" Salam.")
    at_desk.locator("[data-copy]").click()  # at once, before the last words were kept
    expect(at_desk.locator(".page")).to_contain_text("Tercatat")
    at_desk.wait_for_timeout(700)
    with reading(office.store.engine) as connection:
        assert all_unsent(connection, 1) == []
