"""A blind look at the desk: nothing gives the proposal away before the verdict, and after it one is told."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from database.engine import reading, writing
from database.tables import labels, tickets
from tests.desk.conftest import Office
from tests.desk.test_api import program
from tests.desk.test_bulk import choose
from tests.desk.test_deciding import FLOOD, number_of, ticket

GIVEN_AWAY = ("drainase", "dinas pekerjaan umum", "%")  # what of the flood's proposal a page would say


@pytest.fixture
def number(office: Office) -> str:
    number = number_of(office, FLOOD)
    with writing(office.store.engine) as connection:
        connection.execute(update(tickets).where(tickets.c.number == number).values(blind=True))
    return number


def ticket_part(page: str) -> str:
    """What the page says of the open draft, without the lists that one chooses from."""
    return page.partition('<article class="ticket"')[2].partition("<datalist")[0].lower()


def test_the_page_says_that_and_why_it_shows_no_proposal(office: Office, number: str) -> None:
    ratna = office.colleague()
    page = ratna.open(f"/antrean?tiket={number}")
    assert "Lihat tanpa usulan" in page
    assert "kaligawe" in ticket_part(page), "the citizen's words and the place are there"
    assert [word for word in GIVEN_AWAY if word in ticket_part(page)] == []
    assert "Tiga OPD paling mungkin" not in page
    row = page.partition(f'data-number="{number}"')[2].partition("</li>")[0].lower()
    assert [word for word in GIVEN_AWAY if word in row] == []
    assert number not in ratna.open("/antrean?opd=dpu"), "a list by office would give it away"


def test_what_is_missing_is_said_in_the_desks_words_and_not_in_the_browsers(office: Office, number: str) -> None:
    ratna = office.colleague()
    page = ratna.open(f"/antrean?tiket={number}")
    (form,) = [form for form in page.split("<form ")[1:] if "blind-verdict" in form]
    assert "novalidate" in form.partition(">")[0]
    assert form.count("required data-missing=") == 2
    assert "Pilih kategorinya dulu, baru terima." in ratna.send("/terima", opd="", kategori="")


def test_after_the_verdict_one_is_told_what_was_proposed(office: Office, number: str) -> None:
    ratna = office.colleague()
    ratna.open(f"/antrean?tiket={number}")
    assert "Pilih kategorinya" in ratna.send("/terima", opd="dpu", kategori="")
    assert 'value="dpu"' in ratna.page.text, "what was typed is still there"
    page = ratna.send("/terima", opd="dpu", kategori="Jalan rusak")
    assert "Usulan Simak: " in page
    assert "Berbeda dengan pilihan Anda: kategori." in page
    assert (ticket(office, FLOOD)["status"], ticket(office, FLOOD)["category"]) == ("dalam_proses", "jalan_rusak")
    with reading(office.store.engine) as connection:
        said = {*connection.execute(select(labels.c.saw_prediction)).scalars()}
    assert said == {False}
    assert "Usulan Simak" not in office.colleague("budi").open(str(ratna.page.url.raw_path.decode()))


def test_neither_program_nor_file_nor_trail_gives_it_away(office: Office, number: str) -> None:
    client = program(office)
    one = client.get(f"/api/v1/tickets/{number}").json()
    assert (one["blind"], one["opd"], one["category"], one["opd_top3"], one["why"]) == (True, None, None, [], [])
    assert "correct" not in one["may"]
    assert [line["after"].get("opd") for line in one["history"]] == [None] * len(one["history"])
    refused = client.post(f"/api/v1/tickets/{number}/accept", json={"version": one["version"]})
    assert (refused.status_code, refused.json()["code"]) == (422, "category_missing")
    ratna = office.colleague()
    for address in ("/antrean.csv", f"/audit.csv?mesin=ya&nomor={number}", f"/audit?mesin=ya&nomor={number}"):
        told = ratna.open(address)
        lines = [line for line in told.splitlines() if number in line]
        assert lines, address
        assert [word for line in lines for word in ("dpu", "drainase") if word in line.lower()] == [], address


def test_bulk_acceptance_leaves_it_out_and_says_why(office: Office, number: str) -> None:
    ratna = office.colleague()
    page = choose(ratna, "/antrean", "terima")
    (refused,) = [part for part in page.split("</section>") if "Tidak dapat, jadi dibiarkan" in part]
    assert number in refused
    assert "Dinilai tanpa usulan" in refused
