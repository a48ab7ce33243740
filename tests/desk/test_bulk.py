"""One act on all of a list, through the forms of the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from threading import Event
from time import sleep
from typing import Any

import pytest

from database.engine import reading
from desk.working import Working
from tests.desk.conftest import Colleague, Forms, Office
from tests.desk.test_deciding import FLOOD, LAMP, at, number_of, ticket
from tests.tickets.test_workflow import state
from tickets.batches import BatchView, batch_of
from tickets.bulk import a_piece
from tickets.steps import Actor

RATNA = Actor("ratna", "city_admin")


def after_a_restart(office: Office) -> Colleague:
    """At another server over the same store: nothing is under way in it."""
    return Office(office.store, replace(office.parts, working=Working()), office.now).colleague()


def seen(office: Office, batch_id: int) -> BatchView:
    with reading(office.store.engine) as connection:
        return batch_of(connection, batch_id, RATNA)


def choose(colleague: Colleague, address: str, act: str, **typed: str) -> str:
    """Open a list, go to what can be done to all of it, choose `act`, and look at what it would do."""
    page = colleague.open(address)
    (link,) = re.findall(r'href="(/massal[^"]*)"', page)
    colleague.open(link.replace("&amp;", "&"))
    fields = next(fields for _, fields in Forms(colleague.page.text).found if fields.get("tindakan") == act)
    colleague.page = colleague.client.post("/massal", data=fields | typed)
    return str(colleague.page.text)


def drafts(office: Office) -> list[str]:
    return [row["number"] for row in office.store.alive() if row["status"] == "belum_terverifikasi"]


def test_all_of_a_filter_is_looked_at_done_named_and_undone_from_the_list_of_last_decisions(office: Office) -> None:
    before = state(office.store)
    ratna = office.colleague()
    page = choose(ratna, "/antrean?urgensi=biasa", "tolak", alasan="too_little")
    chosen = [row["number"] for row in office.store.alive() if row["priority"] == "biasa"]
    assert f"{len(chosen)} laporan akan berubah" in page
    assert "Urgensi: Biasa" in page
    assert len(re.findall(r'<ol class="sample">.*?</ol>', page, re.DOTALL)[0].split("<li>")) - 1 == 5
    assert state(office.store) == before, "looking does nothing"
    page = ratna.send("/kerjakan", keterangan="tempatnya tidak ada")
    assert f"{len(chosen)} laporan ditolak" in page
    told = {(row["rejection"], row["reason"]) for row in office.store.alive() if row["number"] in chosen}
    assert told == {("too_little", "tempatnya tidak ada")}
    page = ratna.open("/antrean")
    assert f"{len(chosen)} laporan" in page
    assert "Status dan OPD-nya kembali seperti semula" in page
    page = ratna.send("/urungkan")
    assert f"{len(chosen)} laporan dikembalikan" in page
    assert state(office.store) == before
    assert "dikembalikan" in ratna.open(str(ratna.page.url)), "and it still says so tomorrow"


def test_it_is_all_of_the_filter_not_of_the_page_that_is_seen(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.queue_page.PAGE_SIZE", 3)
    ratna = office.colleague()
    page = choose(ratna, "/antrean", "cap", cap="#Rapat")
    assert f"{len(drafts(office))} laporan akan berubah" in page
    ratna.send("/kerjakan")
    assert {row["tag"] for row in office.store.alive()} == {"rapat"}


def test_what_cannot_be_done_is_counted_and_named_before_it_is_done(office: Office) -> None:
    not_ours = [row["number"] for row in office.store.alive() if row["opd"] not in office.store.city.opds]
    ratna = office.colleague()
    page = choose(ratna, "/antrean", "terima")
    assert f"{len(drafts(office)) - len(not_ours)} laporan akan berubah" in page
    (refused,) = re.findall(r"Tidak dapat, jadi dibiarkan</h2>(.*?)</section>", page, re.DOTALL)
    assert re.findall(r"\d{4}-\d{6}(?=</a>)", refused) == not_ours
    assert "Pilih OPD-nya dulu" in refused


def test_what_a_colleague_changed_since_the_look_is_skipped_and_named_with_who_and_when(office: Office) -> None:
    ratna = office.colleague()
    choose(ratna, "/antrean?opd=dpu", "terima")
    at(office, FLOOD, "budi").send("/judul", judul="Banjir Kaligawe")
    office.later(minutes=2)
    page = ratna.send("/kerjakan")
    (skipped,) = re.findall(r"Dilewati</h2>(.*?)</section>", page, re.DOTALL)
    assert number_of(office, FLOOD) in skipped
    assert "Budi mengganti judul 2 menit lalu" in skipped
    assert ticket(office, FLOOD)["status"] == "belum_terverifikasi"
    again = ratna.send("/urungkan")
    assert "dikembalikan" in again


def test_undoing_names_what_was_changed_since_and_brings_the_rest_back(office: Office) -> None:
    ratna = office.colleague()
    choose(ratna, "/antrean?opd=dpu", "terima")
    ratna.send("/kerjakan")
    at(office, FLOOD, "budi").send("/selesai", syarat="pompa diganti")
    page = ratna.send("/urungkan")
    (kept,) = re.findall(r"Dibiarkan, karena sudah diubah sesudahnya</h2>(.*?)</section>", page, re.DOTALL)
    assert re.findall(r"\d{4}-\d{6}(?=</a>)", kept) == [number_of(office, FLOOD)]
    assert "Budi menyatakan selesai" in kept
    assert [row["status"] for row in office.store.alive() if row["opd"] == "dpu"].count("dalam_proses") == 0


def test_an_office_that_nobody_knows_is_refused_with_what_was_typed(office: Office) -> None:
    ratna = office.colleague()
    page = choose(ratna, "/antrean?opd=dpu", "ubah", opd="dinas lampu")
    assert ratna.page.status_code == 422
    assert "OPD itu tidak dikenal" in page
    assert 'value="dinas lampu"' in page


def test_moving_many_needs_a_reason_that_each_of_them_keeps(office: Office) -> None:
    ratna = office.colleague()
    assert "Pindahkan ke Dinas Perhubungan" in choose(ratna, "/antrean?opd=dpu", "ubah", opd="dishub")
    assert "Tuliskan alasannya" in ratna.send("/kerjakan")
    assert "laporan diubah" in ratna.send("/kerjakan", keterangan="jalan provinsi")
    moved = [row for row in office.store.alive() if row["opd"] == "dishub" and row["chosen"]]
    assert moved
    lines = [line for row in moved for line in office.store.history(row["id"]) if line["action"] == "correct"]
    assert {line["reason"] for line in lines} == {"jalan provinsi"}


def test_many_are_merged_into_the_earliest_and_parted_again(office: Office) -> None:
    before = state(office.store)
    ratna = office.colleague()
    page = choose(ratna, "/antrean?cari=jl", "gabung")
    assert "Gabungkan ke 2026-" in page
    ratna.send("/kerjakan")
    assert len(office.store.alive()) < len(before) - 1
    ratna.send("/urungkan")
    assert state(office.store) == before


def test_an_office_finds_only_its_own_and_what_it_may(office: Office) -> None:
    joko = office.colleague("joko")
    joko.open("/massal?opd=dlh")
    offered = {fields["tindakan"] for _, fields in Forms(joko.page.text).found if "tindakan" in fields}
    assert offered == {"terima", "ubah", "nanti", "cap"}
    fields = next(fields for _, fields in Forms(joko.page.text).found if fields.get("tindakan") == "terima")
    joko.page = joko.client.post("/massal", data=fields | {"pandangan": "opd=dlh"})
    joko.send("/kerjakan")
    assert {row["opd"] for row in office.store.alive() if row["status"] == "dalam_proses"} == {"dpu"}
    joko.page = joko.client.post("/massal", data=fields | {"tindakan": "tolak", "alasan": "too_little"})
    assert "/kerjakan" not in joko.page.text, "it may reject none"


def test_nobody_opens_a_colleagues_batch_but_the_city(office: Office) -> None:
    ratna = office.colleague()
    choose(ratna, "/antrean", "terima")
    address = str(ratna.page.url.path)
    assert office.colleague("joko").client.get(address).status_code == 404
    assert "/kerjakan" not in office.colleague("budi").open(address), "and a city admin begins no other's"
    for unknown in ("/massal/99", "/massal/x", "/massal/99999999999999999999"):
        assert ratna.client.get(unknown).status_code == 404


@pytest.fixture
def halting(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Pieces of three, of which the second waits until it is let go."""
    gate, made = Event(), [0]

    def piece(*given: Any, size: int) -> bool:
        made[0] += 1
        if made[0] == 2:
            gate.wait(20)
        return a_piece(*given, size=3)

    monkeypatch.setattr("tickets.bulk.a_piece", piece)
    monkeypatch.setattr("desk.bulk_page.PATIENCE", 0.5)
    return gate.set


def test_a_long_one_goes_on_by_itself_while_others_work_and_its_page_says_how_far_it_is(
    office: Office, halting: Callable[[], None]
) -> None:
    ratna = office.colleague()
    choose(ratna, "/antrean?opd=dpu&opd=disperkim&opd=dlh", "cap", cap="rapat")
    page = ratna.send("/kerjakan")
    assert "data-under-way" in page
    assert "Sedang dikerjakan" in page
    at(office, LAMP, "budi").send("/terima")
    assert ticket(office, LAMP)["status"] == "dalam_proses", "others are not kept waiting"
    halting()
    batch_id = int(str(ratna.page.url).rsplit("/", 1)[1])
    office.parts.working.wait(batch_id, "doing", 20)
    page = ratna.open(f"/massal/{batch_id}")
    assert "laporan diberi cap" in page
    assert "data-under-way" not in page


def test_one_that_was_cut_off_says_so_and_is_carried_on_with_or_undone(
    office: Office, halting: Callable[[], None]
) -> None:
    before = state(office.store)
    ratna = office.colleague()
    choose(ratna, "/antrean", "cap", cap="rapat")
    ratna.send("/kerjakan")
    batch_id = int(str(ratna.page.url).rsplit("/", 1)[1])
    restarted = after_a_restart(office)
    page = restarted.open(f"/massal/{batch_id}")
    assert "Terhenti di tengah" in page
    restarted.send("/urungkan")
    halting()
    office.parts.working.wait(batch_id, "doing", 20)
    for _ in range(200):  # the other server's thread is another's to wait for
        if seen(office, batch_id).state == "undone":
            break
        sleep(0.1)
    view = seen(office, batch_id)
    assert (view.state, view.of("done")) == ("undone", 0)
    assert state(office.store) == before


def test_fifty_decisions_and_more_lie_open_and_outlive_a_restart(office: Office) -> None:
    ratna = at(office, LAMP)
    for title in range(52):
        ratna.send("/judul", judul=f"judul {title}")
    assert "/keputusan" in ratna.open("/antrean")
    restarted = after_a_restart(office)
    page = restarted.open("/keputusan")
    assert page.count('name="keputusan"') == 52
    assert "Kembali ke judul: judul 50" in page
    restarted.send("/urungkan")
    assert ticket(office, LAMP)["title"] == "judul 50"
