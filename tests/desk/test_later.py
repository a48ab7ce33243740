"""Not now, and tags, through the forms of the page."""

from __future__ import annotations

import re

import pytest

from tests.desk.conftest import Office
from tests.desk.test_bulk import choose
from tests.desk.test_deciding import FLOOD, LAMP, at, number_of, ticket
from tests.tickets.test_workflow import state


def listed(page: str) -> list[str]:
    return re.findall(r'data-number="([^"]+)"(?=[^>]*>\s*<span class="line">)', page)


def test_a_draft_is_put_off_leaves_the_queue_and_the_next_one_lies_open(office: Office) -> None:
    ratna = at(office, LAMP)
    number = number_of(office, LAMP)
    assert "kosong: 25 Nov 2026 07.30" in ratna.page.text, "the next working morning"
    page = ratna.send("/nanti", mengapa="photo")
    assert f"{number} ditunda" in page
    assert "Kembali ke ditunda karena: kosong" in page
    assert number not in listed(page)
    assert f'data-number="{number}" data-version' not in page, "it goes on to the next"
    assert number not in listed(ratna.open("/antrean"))
    page = ratna.open("/antrean?nanti=photo")
    assert listed(page) == [number]
    assert "Ditunda: tunggu foto. Kembali sendiri ke antrean 25 Nov 2026 07.30" in page
    assert listed(ratna.open("/antrean?nanti=unsure")) == []
    assert re.search(r"tunggu foto <span class=\"count\">1<", ratna.open("/antrean")), "the queue says how many wait"


def test_it_is_back_in_every_list_on_the_next_working_morning(office: Office) -> None:
    ratna = at(office, LAMP)
    ratna.send("/nanti", mengapa="ask_opd")
    number = number_of(office, LAMP)
    office.later(hours=14)
    assert number not in office.colleague().client.get("/antrean.csv").text
    office.later(hours=9)  # 08.40 the next day
    assert number in office.colleague().client.get("/antrean.csv").text
    back = office.colleague()
    page = back.open(f"/antrean?tiket={number}")
    assert number in listed(page)
    assert "Simak" in page
    assert "mengembalikan ke antrean" in page
    assert "/nanti" not in back.open("/keputusan"), "nothing to undo: it came back by itself"


def test_a_day_of_ones_own_choice_or_none_that_has_passed(office: Office) -> None:
    ratna = at(office, LAMP)
    assert "Waktu itu sudah lewat" in ratna.send("/nanti", mengapa="unsure", sampai="2026-11-20")
    assert "tidak dapat dibaca" in ratna.send("/nanti", mengapa="unsure", sampai="kapan-kapan")
    assert "Tuliskan alasannya" in ratna.send("/nanti", mengapa="malas", sampai="")
    ratna.send("/nanti", mengapa="unsure", sampai="2026-12-01")
    assert str(ticket(office, LAMP)["later_until"]) == "2026-12-01 00:30:00+00:00"


def test_what_was_chosen_and_typed_is_still_there_when_putting_off_is_refused(office: Office) -> None:
    ratna = at(office, LAMP)
    page = ratna.send("/nanti", mengapa="photo", sampai="2020-01-01")
    assert "Waktu itu sudah lewat" in page
    assert re.search(r'value="photo" checked', page)
    assert 'value="2020-01-01"' in page
    page = choose(office.colleague("budi"), "/antrean?opd=dpu", "nanti", mengapa="ask_opd", sampai="2020-01-01")
    assert re.search(r'value="ask_opd" checked', page)
    assert 'value="2020-01-01"' in page


def test_putting_off_is_undone_and_ended_by_hand(office: Office) -> None:
    before = state(office.store)
    ratna = at(office, LAMP)
    ratna.send("/nanti", mengapa="unsure")
    ratna.send("/urungkan")
    assert state(office.store) == before
    ratna = at(office, LAMP)
    ratna.send("/nanti", mengapa="unsure")
    ratna = at(office, LAMP)
    ratna.send("/antre-lagi")
    assert state(office.store) == before


def test_all_of_a_filter_is_put_off_and_comes_back_with_one_undo(office: Office) -> None:
    before = state(office.store)
    ratna = office.colleague()
    assert "Tunda: tanya OPD" in choose(ratna, "/antrean?opd=dpu", "nanti", mengapa="ask_opd")
    ratna.send("/kerjakan")
    assert listed(ratna.open("/antrean?opd=dpu")) == []
    assert len(listed(ratna.open("/antrean?opd=dpu&nanti=ask_opd"))) == 2
    ratna.send("/urungkan")
    assert state(office.store) == before


@pytest.mark.parametrize(("typed", "kept"), [("Rapat-Senin", "rapat-senin"), ("#banjir", "banjir")])
def test_a_tag_is_given_shown_found_and_taken_away(office: Office, typed: str, kept: str) -> None:
    ratna = at(office, FLOOD)
    page = ratna.send("/cap", cap=typed)
    assert f"#{kept}" in page
    assert ticket(office, FLOOD)["tag"] == kept
    page = ratna.open(f"/antrean?cap={kept}")
    assert listed(page) == [number_of(office, FLOOD)]
    assert re.search(rf'{kept} <span class="count">1<', page)
    ratna.open(f"/antrean?tiket={number_of(office, FLOOD)}")
    ratna.send("/cap", cap="")
    assert ticket(office, FLOOD)["tag"] is None


def test_a_tag_of_two_words_is_refused_with_what_was_typed(office: Office) -> None:
    page = at(office, FLOOD).send("/cap", cap="dua kata")
    assert "Cap itu satu kata" in page
    assert 'value="dua kata"' in page


def test_an_address_with_a_tag_that_can_be_none_shows_the_whole_queue(office: Office) -> None:
    ratna = office.colleague()
    assert len(listed(ratna.open("/antrean?cap=dua+kata&nanti=entah"))) == len(listed(ratna.open("/antrean")))
