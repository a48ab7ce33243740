"""After a correction: what would change the same way is shown, and changed as one only if the person says so."""

from __future__ import annotations

import re

import pytest

from tests.desk.conftest import Colleague, Office
from tests.desk.invented import BY_TEXT, Invented
from tests.desk.test_deciding import at, number_of
from tests.tickets.test_workflow import state

_KELURAHAN = ("Pleburan", "Pekunden", "Randusari")
WORDS = ("simpang Polda", "simpang Tugu Muda", "simpang Kariadi")


@pytest.fixture(autouse=True)
def lights(office: Office) -> None:
    """Three traffic lights that the model takes for street lamps, with a second thought."""
    add_lights(office)


def add_lights(office: Office) -> None:
    for number, where in enumerate(WORDS):
        text = f"Lampu bangjo {where} mati, saya was-was dan bingung mau jalan #laporhendi"
        BY_TEXT[text] = Invented(
            text, f"contoh_9{number}", 2 + number, "pju", {"disperkim": 0.55, "dishub": 0.31}, "biasa",
            {"Lampu": 1.2, "bangjo": 0.9}, (where, "landmark", _KELURAHAN[number], None), "review",
        )  # fmt: skip
        office.store.post(text, f"contoh_9{number}", created_at=BY_TEXT[text].at)
    office.store.read()


def owners(office: Office) -> list[str]:
    return [next(row["opd"] for row in office.store.alive() if words in row["text"]) for words in WORDS]


def corrected(office: Office, name: str = "ratna") -> Colleague:
    colleague = at(office, WORDS[0], name)
    colleague.send("/ubah", opd="dishub")
    return colleague


def look(colleague: Colleague) -> str:
    (link,) = re.findall(r'href="(/serupa/[^"]*)"', colleague.page.text)
    return colleague.open(link.replace("&amp;", "&"))


def test_the_others_are_offered_shown_with_why_and_changed_as_one_that_can_be_undone(office: Office) -> None:
    ratna = corrected(office)
    before = state(office.store)
    assert "2 draf terbuka lain akan berubah dengan cara yang sama" in ratna.page.text
    page = look(ratna)
    assert "Pindahkan ke Dinas Perhubungan" in page
    assert "Kata yang sama: bangjo, lampu" in page
    assert "laporhendi" not in re.findall(r"Kata yang sama: [^·]*", page)[0], "everyone writes that"
    assert "terpikir oleh Simak: 31 %" in page
    assert owners(office) == ["dishub", "disperkim", "disperkim"], "nothing without a yes"
    page = send_ticked(ratna, page)
    assert "2 laporan diubah" in page
    assert owners(office) == ["dishub"] * 3
    last = office.store.history(next(row["id"] for row in office.store.alive() if WORDS[1] in row["text"]))
    (line,) = [line for line in last if line["action"] == "correct"]
    assert line["reason"] == f"sama dengan {number_of(office, WORDS[0])}"
    ratna.send("/urungkan")
    assert state(office.store) == before


def send_ticked(colleague: Colleague, page: str, *without: str) -> str:
    ticked = [each for each in re.findall(r'name="laporan" value="([^"]+)" checked', page) if each[:11] not in without]
    return colleague.send(str(colleague.page.url.path), laporan=ticked)  # type: ignore[arg-type]


def test_what_is_unticked_stays_and_what_a_colleague_changed_meanwhile_is_named(office: Office) -> None:
    ratna = corrected(office)
    page = look(ratna)
    at(office, WORDS[1], "budi").send("/judul", judul="Bangjo Tugu Muda")
    page = send_ticked(ratna, page)
    assert "1 laporan diubah" in page
    assert "Budi mengganti judul" in page
    assert owners(office) == ["dishub", "disperkim", "dishub"]


def test_with_everything_unticked_nothing_is_done(office: Office) -> None:
    ratna = corrected(office)
    page = look(ratna)
    told = send_ticked(ratna, page, *(number_of(office, words) for words in WORDS))
    assert "Tidak ada laporan yang dapat diperlakukan begitu" in told
    assert owners(office) == ["dishub", "disperkim", "disperkim"]


def test_an_acceptance_offers_nothing_and_another_offices_ticket_is_not_told_of(office: Office) -> None:
    ratna = at(office, WORDS[0])
    assert "/serupa/" not in ratna.send("/terima")
    assert office.colleague("joko").client.get(f"/serupa/{number_of(office, WORDS[1])}").status_code == 404
