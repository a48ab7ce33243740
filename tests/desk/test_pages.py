"""The list and its filters, what is taken along from it, and the pages around it."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from database.engine import reading, writing
from database.tables import gaps, runs
from desk.view import EMPTY, view_of
from tests.desk.conftest import Office
from tests.desk.test_deciding import LAMP, at, number_of
from tickets.census import Census
from tickets.search import ORDERS, Search, page

HOME = Path(__file__).resolve().parents[2]


def listed(text: str) -> list[str]:
    return re.findall(r'data-number="(\d{4}-\d{6})"(?: aria-current="true")?>\s*<span class="line"', text)


def test_the_address_is_the_query_and_says_the_same_when_written_back(office: Office) -> None:
    query = "opd=dpu&kategori=drainase_banjir&cari=kaligawe&umur=1j&dari=2026-11-01&urut=terlama&tiket=2026-000003"
    view = view_of(query, office.store.city)
    assert view_of(view.query(), office.store.city) == view
    assert view.query() == query
    assert view_of("opd=tidak-ada&urut=aneh&tiket=%00&dari=kemarin&umur=9", office.store.city) == EMPTY


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("opd=dlh", ["kokrosono"]),
        ("urgensi=darurat", ["percikan"]),
        ("kategori=pju&opd=disperkim", ["ndedet", "ibu saya takut"]),
        ("kecamatan=Genuk", ["terboyo"]),
        ("cari=KALIGAWE+pompa", ["terboyo"]),
        ("cari=100%25", []),
        ("yakin=ragu&yakin=sure&cari=soto", []),
        ("umur=1h&urgensi=tinggi", []),
        ("kanal=sms", []),
        ("status=selesai", []),
    ],
)
def test_each_filter_finds_what_it_says(office: Office, query: str, words: list[str]) -> None:
    found = listed(office.colleague().open(f"/antrean?{query}"))
    texts = [row["text"] for row in office.store.alive() if row["number"] in found]
    assert len(texts) == len(words)
    assert all(any(word in text for text in texts) for word in words)


def test_the_count_beside_a_choice_is_how_many_it_shows(office: Office) -> None:
    ratna = office.colleague()
    at(office, LAMP).send("/terima")
    for query in ("", "?opd=dpu", "?cari=jl&urgensi=biasa", "?status=dalam_proses"):
        text = ratna.open(f"/antrean{query}")
        choices = re.findall(r'<a href="([^"]+)">[^<]+<span class="count">(\d+)</span>', text)
        assert choices
        for address, count in choices:
            if not query and "status=" not in address:
                assert len(listed(ratna.open(address.replace("&amp;", "&")))) == int(count), address


@pytest.mark.parametrize("order", ORDERS)
def test_page_by_page_every_draft_comes_once_in_every_order(office: Office, order: Any) -> None:
    with reading(office.store.engine) as connection:
        whole = [view.row["number"] for view in page(connection, Search(), order, limit=100)]
        seen: list[str] = []
        while found := page(connection, Search(), order, limit=3, after=seen[-1] if seen else None):
            seen += [view.row["number"] for view in found]
        assert Census().facets(connection, Search()).total == len(whole)
    assert seen == whole
    assert len(set(whole)) == len(office.store.alive())


def test_no_list_goes_on_by_counting_off_the_rows_before_it() -> None:
    sources = [path for package in ("desk", "tickets") for path in (HOME / package).rglob("*.py")]
    assert len(sources) > 100
    assert [path.name for path in sources if ".offset(" in path.read_text()] == []


def test_what_was_filtered_is_shown_with_its_reason(office: Office) -> None:
    text = office.colleague().open("/tersaring")
    assert "PSIS main malam ini" in text
    assert "Bukan aduan" in text


def test_the_numbers_lead_to_their_tickets(office: Office) -> None:
    at(office, LAMP).send("/terima")
    ratna = office.colleague()
    text = ratna.open("/angka")
    for address, number in re.findall(r'<a href="(/antrean[^"]+)">(\d+)</a>', text):
        assert len(listed(ratna.open(address.replace("&amp;", "&")))) == int(number), address
    assert '<a href="/antrean?' not in ratna.open("/angka?dari=2020-01-01&sampai=2020-12-31")


def test_the_trail_says_who_did_what_and_is_taken_along(office: Office) -> None:
    at(office, LAMP, "budi").send("/tolak", alasan="too_little", keterangan="tempatnya mana?")
    ratna = office.colleague()
    assert "tempatnya mana?" in ratna.open("/audit")
    assert "tempatnya mana?" in ratna.open(f"/audit?siapa=budi&apa=reject&nomor={number_of(office, LAMP)}")
    assert "tempatnya mana?" not in ratna.open("/audit?siapa=ratna")
    rows = list(csv.DictReader(io.StringIO(ratna.open("/audit.csv?siapa=budi").lstrip("\ufeff"))))
    assert [(row["actor"], row["action"]) for row in rows] == [("budi", "reject")]
    assert json.loads(rows[0]["after"])["rejection"] == "too_little"


def test_when_all_is_well_the_status_says_so_and_no_banner_shows(office: Office) -> None:
    ratna = office.colleague()
    assert "Semua berjalan baik" in ratna.open("/status")
    assert "seimbang" in ratna.page.text
    assert "Apa yang perlu dilakukan" not in ratna.open("/antrean")


def test_what_needs_a_person_is_told_on_every_page_with_what_to_do(office: Office) -> None:
    ratna = office.colleague()
    with writing(office.store.engine) as connection:
        connection.execute(update(runs).values(errors=[{"kind": "auth", "message": "401 Unauthorized"}]))
        row = {"run_id": "run-1", "term": "#laporhendi", "from_at": office.now, "to_at": office.now, "why": "too old"}
        connection.execute(gaps.insert().values(row))
    assert "X menolak token kami" in ratna.open("/antrean")
    text = ratna.open("/status")
    assert "SIMAK_X_BEARER_TOKEN" in text
    assert "401 Unauthorized" in text
    assert "1 rentang waktu" in text


def test_hours_of_silence_of_the_listener_are_noticed(office: Office) -> None:
    office.later(hours=5)
    assert "Sudah 5 jam tidak menyimak" in office.colleague().open("/antrean")


def test_drafts_that_may_tell_of_the_same_event_are_shown_and_joined_with_one_button(office: Office) -> None:
    ratna = at(office, LAMP)
    (other,) = [row for row in office.store.alive() if "ibu saya takut" in row["text"]]
    assert "Mungkin kejadian yang sama" in ratna.page.text
    assert f'value="{other["number"]}"' in ratna.page.text
    ratna.send("/gabung", ke=other["number"])
    assert office.store.ticket(other["id"])["post_count"] == 2
    page_of_it = ratna.open(f"/antrean?tiket={other['number']}")
    assert "ndedet" in page_of_it
