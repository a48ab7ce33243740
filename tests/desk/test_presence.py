"""Who has a ticket open, taking it over, and what changed since one saw it: as a browser without scripts tells it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from database.engine import reading, writing
from database.tables import accounts
from desk.looks import LIFE, leave
from desk.sessions import COOKIE, session_of
from tests.desk.conftest import Colleague, Forms, Office
from tests.desk.test_deciding import FAMILY_CARD, FLOOD, LAMP, at, number_of

BUDI_IS_HERE = "Budi sedang membuka laporan ini"


def row_of(page: str, number: str) -> str:
    """What the list says of one ticket."""
    return next(row for row in re.findall(r"<li class=\"row.*?</li>", page, re.DOTALL) if number in row)


def beat(colleague: Colleague, number: str) -> str:
    """A sign of life, as the script gives it while this page lies open."""
    fields = next(fields for sent_to, fields in Forms(colleague.page.text).found if sent_to.endswith("/hadir"))
    script = {"X-Requested-With": "desk.js"}
    return str(colleague.client.post(f"/tiket/{number}/hadir", data=fields, headers=script).text)


def test_who_has_a_ticket_open_is_named_in_the_list_and_on_it(office: Office) -> None:
    at(office, LAMP, "budi")
    office.later(minutes=1)
    page = at(office, LAMP).page.text
    assert f"{BUDI_IS_HERE}, sejak 1 menit lalu." in page
    assert "dibuka Budi" in row_of(page, number_of(office, LAMP))
    assert "dibuka" not in row_of(page, number_of(office, FLOOD))


def test_a_ticket_is_free_again_when_one_moves_on_leaves_or_falls_silent(office: Office) -> None:
    ratna, lamp, flood = office.colleague(), number_of(office, LAMP), number_of(office, FLOOD)
    office.later(minutes=1)
    budi = at(office, LAMP, "budi")
    assert BUDI_IS_HERE in ratna.open(f"/antrean?tiket={lamp}")
    budi.open(f"/antrean?tiket={flood}")
    assert BUDI_IS_HERE not in ratna.open(f"/antrean?tiket={lamp}"), "he moved on"
    assert BUDI_IS_HERE in ratna.open(f"/antrean?tiket={flood}")
    budi.send("/lepas")
    assert BUDI_IS_HERE not in ratna.open(f"/antrean?tiket={flood}"), "he left"
    budi.open(f"/antrean?tiket={flood}")
    budi.send("/keluar")
    assert BUDI_IS_HERE not in ratna.open(f"/antrean?tiket={flood}"), "he logged out"
    at(office, FLOOD, "budi")
    office.later(seconds=LIFE.total_seconds())
    assert BUDI_IS_HERE not in ratna.open(f"/antrean?tiket={flood}"), "he fell silent"


def test_signs_of_life_keep_a_ticket_in_hand(office: Office) -> None:
    budi, lamp = at(office, LAMP, "budi"), number_of(office, LAMP)
    for _ in range(4):
        office.later(minutes=2)
        beat(budi, lamp)
    assert f"{BUDI_IS_HERE}, sejak 8 menit lalu." in at(office, LAMP).page.text


def test_what_the_script_fetches_or_the_browser_ahead_of_time_opens_nothing(office: Office) -> None:
    budi = office.colleague("budi")
    for headers in ({"X-Requested-With": "desk.js"}, {"Sec-Purpose": "prefetch;prerender"}):
        budi.client.get(f"/antrean?tiket={number_of(office, LAMP)}", headers=headers)
        assert BUDI_IS_HERE not in at(office, LAMP).page.text


def test_taking_over_is_one_click_and_is_told_to_the_other(office: Office) -> None:
    budi, lamp = at(office, LAMP, "budi"), number_of(office, LAMP)
    office.later(seconds=5)
    ratna = at(office, LAMP)
    assert "Saya kerjakan" in ratna.page.text
    page = ratna.send("/ambil-alih")
    assert "Budi juga membuka laporan ini." in page
    office.later(seconds=30)
    assert "Ratna mengambil alih laporan ini" in beat(budi, lamp), "whose browser runs the script is told by itself"
    assert f"Ratna mengambil alih {lamp}" in budi.open("/antrean?opd=dlh"), "whose does not, on the next page"
    assert f"Ratna mengambil alih {lamp}" not in budi.open("/antrean?opd=dlh"), "and once"


def test_what_was_taken_over_can_be_taken_back(office: Office) -> None:
    budi = at(office, LAMP, "budi")
    ratna = at(office, LAMP)
    ratna.send("/ambil-alih")
    office.later(seconds=5)
    budi.open(f"/antrean?tiket={number_of(office, LAMP)}")
    assert "Ratna mengambil alih" in budi.page.text
    assert "Ratna juga membuka" in budi.send("/ambil-alih")


def test_who_may_not_decide_holds_nothing_and_takes_nothing(office: Office) -> None:
    at(office, FLOOD, "tamu")
    assert "sedang membuka" not in at(office, FLOOD).page.text
    page = at(office, FLOOD, "dewi").page.text
    assert "Ratna sedang membuka" in page
    assert "Saya kerjakan" not in page


def test_an_account_that_was_closed_holds_nothing(office: Office) -> None:
    at(office, LAMP, "budi")
    with writing(office.store.engine) as connection:
        connection.execute(update(accounts).where(accounts.c.name == "budi").values(disabled_at=office.now))
    assert BUDI_IS_HERE not in at(office, LAMP).page.text


def test_a_ticket_of_another_office_can_be_neither_held_nor_taken(office: Office) -> None:
    joko, lamp = at(office, FLOOD, "joko"), number_of(office, LAMP)
    with reading(office.store.engine) as connection:
        session = session_of(connection, joko.client.cookies[COOKIE], office.now)
    assert session is not None
    for path in ("hadir", "lepas", "ambil-alih"):
        address = f"/tiket/{lamp}/{path}"
        assert joko.client.post(address, data={"token": session.form_token(address)}).status_code == 404
    assert "dibuka" not in row_of(at(office, LAMP).page.text, lamp)


# ── What changed since one saw it ─────────────────────────────────────────────────────────────────────────────────


def test_a_ticket_is_unread_until_one_has_opened_it_oneself(office: Office) -> None:
    lamp = number_of(office, LAMP)
    at(office, LAMP, "budi")
    ratna = office.colleague()
    assert "Belum Anda buka:" in row_of(ratna.open("/antrean?urut=terlama&opd=disperkim"), lamp)
    ratna.open(f"/antrean?tiket={lamp}")
    row = row_of(ratna.open("/antrean"), lamp)
    assert ("unread" in row, "Belum Anda buka:" in row) == (False, False)


def test_what_others_changed_since_is_told_in_the_list_and_on_the_ticket_and_then_no_more(office: Office) -> None:
    ratna, card = at(office, FAMILY_CARD), number_of(office, FAMILY_CARD)
    ratna.open("/antrean?opd=dlh")
    budi = at(office, FAMILY_CARD, "budi")
    forms = [fields for _, fields in Forms(budi.page.text).found if fields.get("opd") == "kec_pedurungan"]
    budi.client.post(f"/tiket/{card}/ubah", data=forms[0])
    office.later(minutes=2)
    page = ratna.open("/antrean?status=belum_terverifikasi")
    assert "Budi mengubah OPD" in row_of(page, card)
    assert "Budi" not in row_of(page, number_of(office, FLOOD))
    page = ratna.open(f"/antrean?tiket={card}")
    assert "Berubah sejak Anda lihat 2 menit lalu:" in page
    assert re.search(
        r"Budi mengubah OPD 2 menit lalu<span class=\"change\">OPD: Dinas Kependudukan.* → Kecamatan Pedurungan", page
    )
    assert "Berubah sejak" not in ratna.open(f"/antrean?tiket={card}")
    assert "Budi mengubah" not in row_of(ratna.page.text, card)


def test_what_one_did_oneself_is_no_news(office: Office) -> None:
    ratna = at(office, LAMP)
    ratna.send("/terima")
    ratna.open(f"/antrean?tiket={number_of(office, LAMP)}")
    assert "Berubah sejak" not in ratna.page.text


def test_new_posts_of_the_same_event_are_news(office: Office) -> None:
    ratna, flood = at(office, FLOOD), number_of(office, FLOOD)
    ratna.open("/antrean?opd=dlh")
    twin = next(row for row in office.store.posts() if "terboyo" in (row["text"] or ""))
    office.store.post(twin["text"], "contoh_999", created_at=twin["created_at"])
    office.store.read()
    assert "Simak menambahkan kiriman" in row_of(ratna.open("/antrean?opd=dpu"), flood)


def test_a_change_under_ones_eyes_is_told_by_the_next_sign_of_life(office: Office) -> None:
    ratna, lamp = at(office, LAMP), number_of(office, LAMP)
    assert "Muat ulang" not in beat(ratna, lamp)
    at(office, LAMP, "budi").send("/judul", judul="Lampu padam")
    office.later(minutes=1)
    told = beat(ratna, lamp)
    assert "Budi mengganti judul 1 menit lalu" in told
    assert "Muat ulang laporan ini" in told


@pytest.mark.parametrize("act", ["opd", "category"])
def test_who_comes_second_is_told_which_field_was_changed(office: Office, act: str) -> None:
    ratna, card = at(office, FAMILY_CARD), number_of(office, FAMILY_CARD)
    budi = at(office, FAMILY_CARD, "budi")
    forms = [fields for sent_to, fields in Forms(budi.page.text).found if sent_to.endswith("/ubah")]
    change = {"opd": "dishub"} if act == "opd" else {"opd": "", "kategori": "parkir"}
    budi.client.post(f"/tiket/{card}/ubah", data=forms[-1] | change)
    office.later(minutes=2)
    page = ratna.send("/judul", judul="Mengurus KK lama")
    field = "OPD" if act == "opd" else "kategori"
    assert f"Budi mengubah {field} 2 menit lalu. Isian Anda masih ada" in page
    assert 'value="Mengurus KK lama"' in page


def test_leaving_nothing_open_is_no_fault(office: Office) -> None:
    with writing(office.store.engine) as connection:
        leave(connection, 1)
