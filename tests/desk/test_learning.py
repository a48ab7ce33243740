"""The pages of learning: second looks, and what comes of them."""

from __future__ import annotations

from sqlalchemy import update

from database.engine import writing
from database.tables import tickets
from tests.desk.conftest import Office
from tests.desk.test_deciding import FLOOD, at, number_of, ticket
from tickets.lots import SECOND_LOOK


def decided(office: Office) -> str:
    number = number_of(office, FLOOD)
    with writing(office.store.engine) as connection:
        connection.execute(update(tickets).values(lot=SECOND_LOOK.stop))
        connection.execute(update(tickets).where(tickets.c.number == number).values(lot=SECOND_LOOK.start))
    at(office, FLOOD).send("/terima")
    return number


def test_a_colleague_looks_again_without_verdict_and_proposal_and_takes_it_back(office: Office) -> None:
    number = decided(office)
    before = ticket(office, FLOOD)
    assert "Tidak ada yang perlu Anda lihat lagi" in office.colleague("ratna").open("/lihat-lagi")
    budi = office.colleague("budi")
    page = budi.open("/lihat-lagi").partition("<datalist")[0]
    assert "1 laporan menunggu" in page
    assert "Kaligawe" in page
    assert [
        word for word in ("drainase", "pekerjaan umum", "ratna", "%") if word in page.partition("<main")[2].lower()
    ] == []
    assert "Pilih OPD-nya" in budi.send(f"/{number}", opd="", kategori="Jalan rusak")
    page = budi.send(f"/{number}", opd="dishub", kategori="Jalan rusak")
    assert "Pandangan Anda dicatat" in page
    assert ticket(office, FLOOD) == before
    page = office.colleague("dewi").open("/belajar")
    differs = page.partition("Yang berbeda pendapat")[2]
    assert number in differs
    assert "Dinas Perhubungan" in differs
    assert "contoh_" not in page, "nobody is named to the data team"
    budi.send("/urungkan")
    assert "1 laporan menunggu" in budi.open("/lihat-lagi")


def test_the_verdict_is_not_told_to_whom_a_second_look_waits_for(office: Office) -> None:
    number = decided(office)
    with writing(office.store.engine) as connection:
        told = {**ticket(office, FLOOD)["prediction"], "opd": {"code": "dishub", "p": 0.5}}
        connection.execute(update(tickets).where(tickets.c.number == number).values(prediction=told))
    assert number not in office.colleague("budi").open("/belajar").partition("Yang berbeda pendapat")[2]
    assert number in office.colleague("ratna").open("/belajar").partition("Yang berbeda pendapat")[2]


def test_few_are_told_as_too_few(office: Office) -> None:
    page = office.colleague("dewi").open("/belajar")
    assert "Belum ada putusan tanpa usulan" in page
    assert "belum cukup" in page
