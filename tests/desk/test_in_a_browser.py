"""The desk in a real Chromium: keys, going on without a wait, and what a screen reader would stumble over."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from database.engine import writing
from database.tables import tickets
from tests.desk.conftest import Office
from tests.desk.served import CHROMIUM
from tests.desk.test_deciding import FLOOD, LAMP, at, number_of
from tests.desk.test_model import WORSE, a_judgement, with_models
from tests.desk.test_replies import decided
from tests.screenshots import NARROW, WIDE, log_in
from tickets.lots import SECOND_LOOK

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]

STANDARD = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def number(page: Page) -> str:
    return str(page.locator("#laporan article").get_attribute("data-number"))


def open_drafts(office: Office) -> list[str]:
    return [row["number"] for row in office.store.alive() if row["status"] == "belum_terverifikasi"]


def test_ten_clean_drafts_take_ten_keys(desk: tuple[Office, str], at_desk: Page) -> None:
    office, _ = desk
    seen = []
    for _ in range(10):
        seen.append(number(at_desk))
        at_desk.keyboard.press("t")
        at_desk.wait_for_function(
            "number => document.querySelector('#laporan article')?.dataset.number !== number", arg=seen[-1]
        )
    expect(at_desk.locator("body")).not_to_have_class("desk busy")
    at_desk.wait_for_function("() => !document.body.classList.contains('busy')")
    assert len(set(seen)) == 10
    assert not set(seen) & set(open_drafts(office))
    expect(at_desk.locator("#judul-daftar")).to_have_text("2 draf menunggu")


def test_the_next_draft_is_there_in_under_a_tenth_of_a_second(at_desk: Page) -> None:
    at_desk.wait_for_timeout(700)  # a person reads before deciding; the next draft is fetched meanwhile
    took = at_desk.evaluate(
        """async () => {
            const before = document.querySelector("#laporan article").dataset.number;
            const began = performance.now();
            document.dispatchEvent(new KeyboardEvent("keydown", {key: "t", bubbles: true}));
            const shown = () => document.querySelector("#laporan article").dataset.number;
            while (shown() === before) await new Promise(requestAnimationFrame);
            return performance.now() - began;
        }"""
    )
    at_desk.wait_for_function("() => !document.body.classList.contains('busy')")
    assert took < 100


def counted(page: Page, choice: str) -> int:
    """The number beside a choice of the filters."""
    return int(page.locator("#pilihan a", has_text=choice).locator(".count").first.inner_text())


def test_the_counts_are_right_after_each_act_and_after_a_colleagues_without_reloading(
    desk: tuple[Office, str], at_desk: Page
) -> None:
    office, _ = desk
    at_desk.clock.install()
    at_desk.reload()
    at_desk.evaluate("window.here = true")
    at_desk.locator(".filters summary").click()
    statuses = ("Belum terverifikasi", "Dalam proses", "Ditolak")
    waiting, dealt, rejected = (counted(at_desk, status) for status in statuses)
    for key in ("t", "j", "t", "j", "t", "j"):  # one has moved on before the answer comes
        before = number(at_desk)
        at_desk.keyboard.press(key)
        at_desk.wait_for_function(
            "was => document.querySelector('#laporan article').dataset.number !== was", arg=before
        )
    at_desk.wait_for_function("() => !document.body.classList.contains('busy')")
    expect(at_desk.locator("#judul-daftar")).to_have_text(f"{waiting - 3} draf menunggu")
    # The first of them was not the city's.
    assert [counted(at_desk, status) for status in statuses] == [waiting - 3, dealt + 2, rejected + 1]
    budi = office.colleague("budi")
    budi.open("/antrean")
    budi.send("/terima")
    at_desk.locator(".rows a").last.focus()  # somebody is at the list
    at_desk.clock.fast_forward(31_000)
    expect(at_desk.locator("#judul-daftar")).to_have_text(f"{waiting - 4} draf menunggu")
    assert counted(at_desk, "Dalam proses") == dealt + 3
    expect(at_desk.locator(".rows a").last).to_be_focused()
    assert at_desk.evaluate("window.here")


def test_a_wrong_office_takes_two_keys_and_undo_two_more(desk: tuple[Office, str], at_desk: Page) -> None:
    office, address = desk
    (card,) = [row for row in office.store.alive() if "bolak balik" in row["text"]]
    at_desk.goto(f"{address}/antrean?tiket={card['number']}")
    at_desk.keyboard.press("2")
    expect(at_desk.locator(".proposal")).to_contain_text("dipilih orang")
    at_desk.keyboard.press("t")
    expect(at_desk.locator("#pesan")).to_contain_text("diterima")
    assert (office.store.ticket(card["id"])["opd"], office.store.ticket(card["id"])["status"]) == (
        "kec_pedurungan",
        "dalam_proses",
    )
    at_desk.keyboard.press("u")
    expect(at_desk.locator("#pesan")).to_contain_text("diurungkan")
    at_desk.keyboard.press("u")
    expect(at_desk.locator(".proposal dd strong").first).to_have_text("Dinas Kependudukan dan Pencatatan Sipil")
    assert office.store.ticket(card["id"])["opd"] == "dispendukcapil"


def test_no_key_fires_while_a_text_is_written(desk: tuple[Office, str], at_desk: Page) -> None:
    office, _ = desk
    before = open_drafts(office)
    at_desk.keyboard.press("/")
    at_desk.keyboard.type("tetap utuh")
    expect(at_desk.locator("#cari")).to_have_value("tetap utuh")
    at_desk.keyboard.press("Escape")
    at_desk.keyboard.press("l")
    at_desk.locator("#keterangan-tolak").focus()
    at_desk.keyboard.type("tulisan tentang tanah")
    assert open_drafts(office) == before


def test_a_draft_that_a_colleague_changed_comes_back_with_the_reason(desk: tuple[Office, str], at_desk: Page) -> None:
    office, _ = desk
    at_desk.wait_for_timeout(500)
    mine = number(at_desk)
    budi = office.colleague("budi")
    budi.open(f"/antrean?tiket={mine}")
    budi.send("/judul", judul="Kabel putus")
    at_desk.keyboard.press("l")
    at_desk.locator("#keterangan-tolak").fill("kabelnya sudah dipotong")
    at_desk.keyboard.press("Enter")
    expect(at_desk.locator("#pesan")).to_contain_text("Budi mengganti judul")
    assert number(at_desk) == mine
    expect(at_desk.locator("#keterangan-tolak")).to_have_value("kabelnya sudah dipotong")


def test_a_blind_verdict_without_an_office_is_told_in_the_desks_words(desk: tuple[Office, str], at_desk: Page) -> None:
    office, address = desk
    blind = without_proposals(office)
    at_desk.goto(f"{address}/antrean?tiket={blind}")
    at_desk.keyboard.press("t")
    expect(at_desk.locator("#opd-buta")).to_be_focused()
    told = "field => field.validationMessage"
    assert at_desk.locator("#opd-buta").evaluate(told).startswith("Pilih OPD-nya dulu, baru terima.")
    at_desk.keyboard.type("Dinas Perhubungan")
    assert at_desk.locator("#opd-buta").evaluate(told) == ""
    at_desk.keyboard.press("Enter")
    assert at_desk.locator("#kategori-buta").evaluate(told).startswith("Pilih kategorinya dulu")
    assert blind in open_drafts(office)


def test_one_key_says_that_it_is_no_emergency_and_another_takes_that_back(
    desk: tuple[Office, str], at_desk: Page
) -> None:
    office, _ = desk
    cable = number(at_desk)
    expect(at_desk.locator("#laporan .urgency").first).to_have_text("Darurat")
    at_desk.keyboard.press("7")
    expect(at_desk.locator("#laporan .urgency").first).to_have_text("Biasa")
    (row,) = [row for row in office.store.alive() if row["number"] == cable]
    assert row["priority"] == "biasa"
    at_desk.keyboard.press("u")
    expect(at_desk.locator("#laporan .urgency").first).to_have_text("Darurat")


def test_leaving_by_a_link_or_a_form_cuts_no_decision_off(desk: tuple[Office, str], at_desk: Page) -> None:
    office, _ = desk
    at_desk.wait_for_timeout(700)
    mine = number(at_desk)
    at_desk.route("**/terima", lambda route: (at_desk.wait_for_timeout(600), route.continue_()))
    at_desk.route("**/bukan-kewenangan", lambda route: (at_desk.wait_for_timeout(600), route.continue_()))
    at_desk.keyboard.press("t")
    at_desk.locator(".places a", has_text="Angka").click()
    at_desk.wait_for_url("**/angka")
    assert mine not in open_drafts(office)


def test_moving_and_the_help_need_no_mouse(at_desk: Page) -> None:
    first = number(at_desk)
    at_desk.keyboard.press("j")
    at_desk.wait_for_function(
        "number => document.querySelector('#laporan article').dataset.number !== number", arg=first
    )
    at_desk.keyboard.press("k")
    at_desk.wait_for_function(
        "number => document.querySelector('#laporan article').dataset.number === number", arg=first
    )
    at_desk.keyboard.press("?")
    expect(at_desk.locator("dialog")).to_contain_text("Urungkan keputusan terakhir")
    at_desk.keyboard.press("Escape")
    expect(at_desk.locator("dialog")).to_have_count(0)


def test_a_phone_shows_the_list_or_one_draft_and_nothing_is_wider_than_it(
    browser: Browser, desk: tuple[Office, str]
) -> None:
    page = log_in(browser, desk[1], NARROW, "light")
    expect(page.locator("#laporan")).to_be_hidden()
    page.locator(".rows a").first.click()
    expect(page.locator("#daftar")).to_be_hidden()
    expect(page.locator("[data-act=accept]")).to_be_visible()
    page.locator(".back-to-list a").click()
    expect(page.locator("#daftar")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


PLACES = (
    "/antrean", "/antrean?tiket=2026-000003", "/antrean?status=selesai", "/tersaring", "/angka", "/audit?mesin=ya",
    "/status", "/tombol", "/tulisan", "/token", "/belajar", "/model", "/model/pergeseran", "/keputusan",
    "/lihat-lagi", "/tidak-ada",
)  # fmt: skip


@pytest.mark.parametrize(
    ("size", "scheme"), [(WIDE, "light"), (WIDE, "dark"), (NARROW, "light"), (NARROW, "dark")], ids=str
)
def test_axe_finds_nothing_on_any_page(
    browser: Browser, desk: tuple[Office, str], size: tuple[int, int], scheme: str
) -> None:
    address = desk[1]
    stranger = browser.new_page(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)  # type: ignore[arg-type]
    stranger.goto(f"{address}/masuk")
    complaints = axe(stranger, "/masuk")
    busy = desk[0].colleague()
    busy.open("/antrean?opd=dlh")
    busy.send("/tampilan", nama="Sampah")
    busy.open("/token")
    busy.send("/token", nama="dasbor", berlaku="1t")
    page = log_in(browser, address, size, scheme)
    decided(desk[0], FLOOD)
    decided(desk[0], FLOOD, "/selesai", syarat="menunggu suku cadang")
    answer = f"/tiket/{number_of(desk[0], FLOOD)}/balas"
    a_judgement(with_models(desk[0]), [WORSE])
    blind = f"/antrean?tiket={without_proposals(desk[0])}"
    colleague = desk[0].colleague("budi")
    colleague.open(answer)
    colleague.send("/balas", cara="clipboard")
    for place in (*PLACES, "/balasan", answer, blind):
        page.goto(address + place)
        page.evaluate(
            "document.querySelectorAll('details:not(.me)').forEach(details => details.removeAttribute('name'))"
        )
        page.evaluate("document.querySelectorAll('details:not(.me)').forEach(details => details.open = true)")
        complaints += axe(page, place)
    page.close()
    stranger.close()
    assert complaints == [], "\n".join(complaints)


def without_proposals(office: Office) -> str:
    """A ticket that waits for Ratna's second look, and a draft that is shown blind; returns its number."""
    at(office, LAMP, "budi").send("/terima")
    lamp, blind = number_of(office, LAMP), open_drafts(office)[-1]
    with writing(office.store.engine) as connection:
        connection.execute(update(tickets).where(tickets.c.number == lamp).values(lot=SECOND_LOOK.start))
        connection.execute(update(tickets).where(tickets.c.number == blind).values(blind=True))
    return blind


def axe(page: Page, place: str) -> list[str]:
    found = Axe().run(page, options=STANDARD).response["violations"]
    return [
        f"{place}: {each['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for each in found
        for node in each["nodes"]
    ]


def test_the_list_prints_on_one_page(at_desk: Page) -> None:
    printed = at_desk.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1
