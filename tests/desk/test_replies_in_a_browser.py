"""Answering in a real Chromium: one press copies and records, the count is X's, and nothing needs a script."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from city.x_length import x_length
from tests.desk.conftest import Office
from tests.desk.served import CHROMIUM
from tests.desk.test_deciding import FLOOD, LAMP, number_of
from tests.desk.test_replies import MENTION, Mouth, decided, rows
from tests.screenshots import WIDE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


def test_an_accepted_draft_is_answered_by_three_presses_and_no_mouse(desk: tuple[Office, str], at_desk: Page) -> None:
    office, address = desk
    at_desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    number = number_of(office, LAMP)
    at_desk.goto(f"{address}/antrean?tiket={number}")
    at_desk.keyboard.press("t")
    expect(at_desk.locator("#pesan")).to_contain_text("diterima")
    expect(at_desk.locator("#laporan article")).not_to_have_attribute("data-number", number)
    at_desk.keyboard.press("x")
    draft = at_desk.locator("textarea").first
    expect(draft).to_be_focused()
    at_desk.keyboard.press("Control+End")
    at_desk.keyboard.type(" Nggih.")
    at_desk.keyboard.press("Control+Enter")
    expect(at_desk.locator(".done[role=status]")).to_contain_text("Ratna membalas")
    copied = at_desk.evaluate("navigator.clipboard.readText()")
    (row,) = rows(office)
    assert copied == row["text"]
    assert copied.endswith(" Nggih.")
    expect(at_desk.locator("[data-back]")).to_be_focused()
    at_desk.keyboard.press("Enter")
    expect(at_desk.locator("#daftar")).to_be_visible()


def test_a_page_without_tls_copies_too(desk: tuple[Office, str], at_desk: Page) -> None:
    office, address = desk
    decided(office, LAMP)
    at_desk.goto(f"{address}/tiket/{number_of(office, LAMP)}/balas")
    at_desk.evaluate(
        """() => {
            navigator.clipboard.writeText = () => Promise.reject(new Error("not here"));
            document.addEventListener("copy", () => sessionStorage.setItem("copied", String(getSelection())));
        }"""
    )
    at_desk.get_by_role("button", name="Salin").click()
    expect(at_desk.locator(".done[role=status]")).to_contain_text("Ratna membalas")
    assert at_desk.evaluate("sessionStorage.getItem('copied')") == rows(office)[0]["text"]


def test_what_is_typed_is_counted_as_x_and_the_server_count_it(desk: tuple[Office, str], at_desk: Page) -> None:
    office, address = desk
    decided(office, LAMP)
    at_desk.goto(f"{address}/tiket/{number_of(office, LAMP)}/balas")
    for text in (
        "Terima kasih", "lihat lapor.go.id atau https://x.com/a/b?c=1 ya", "Jl.Pemuda RT.03 dr.Kariadi",
        "👨\u200d👩\u200d👧 🙏🏽 🇮🇩 1⃣ ☺ ©", "のの ﷺ", "A\u0301 é ñ “kutip” – garis…", "meja@kota.go.id", "",
    ):  # fmt: skip
        at_desk.locator("textarea").first.fill(text)
        shown = at_desk.locator("[data-count]").first.inner_text()
        assert int(shown) == x_length(text), json.dumps(text)
    at_desk.locator("textarea").first.fill("a" * 281)
    expect(at_desk.locator(".over")).to_be_visible()


def test_an_answer_pressed_twice_is_sent_once(desk: tuple[Office, str], at_desk: Page) -> None:
    office, address = desk
    mouth = Mouth()
    object.__setattr__(office.parts, "sender", mouth)  # the desk is served already
    decided(office, FLOOD)
    at_desk.goto(f"{address}/tiket/{number_of(office, FLOOD)}/balas")
    card = at_desk.locator("section.reply", has_text=MENTION)
    card.get_by_role("button", name="Kirim lewat X").dblclick()
    expect(at_desk.locator(".done[role=status]")).to_contain_text("membalas lewat X")
    assert len(mouth.said) == 1


def test_without_scripts_the_text_can_be_read_selected_and_recorded(browser: Browser, desk: tuple[Office, str]) -> None:
    office, address = desk
    decided(office, LAMP)
    context = browser.new_context(java_script_enabled=False, viewport={"width": WIDE[0], "height": WIDE[1]})
    page = context.new_page()
    page.goto(f"{address}/masuk")
    page.fill("#nama", "ratna")
    page.fill("#sandi", "kopi tubruk")
    page.click("button.primary")
    page.goto(f"{address}/tiket/{number_of(office, LAMP)}/balas")
    expect(page.get_by_role("button", name="Salin")).to_be_hidden()
    text = page.locator("textarea").input_value()
    assert number_of(office, LAMP) in text
    page.get_by_role("button", name="Catat sudah dibalas").click()
    expect(page.locator(".done[role=status]")).to_contain_text("Ratna membalas")
    assert rows(office)[0]["text"] == text
    context.close()
