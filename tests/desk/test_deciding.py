"""Every decision through the forms of the page, as a browser without scripts sends them."""

from __future__ import annotations

import pytest

from tests.desk.conftest import Colleague, Office

LAMP, FLOOD, WIRE, FAMILY_CARD = "ndedet", "Kaligawe", "percikan", "bolak balik"


def number_of(office: Office, words: str) -> str:
    return str(next(ticket["number"] for ticket in office.store.alive() if words in ticket["text"]))


def ticket(office: Office, words: str) -> dict[str, object]:
    return dict(next(ticket for ticket in office.store.alive() if words in ticket["text"]))


def at(office: Office, words: str, name: str = "ratna") -> Colleague:
    colleague = office.colleague(name)
    colleague.open(f"/antrean?tiket={number_of(office, words)}")
    return colleague


def test_the_queue_begins_with_what_is_most_urgent_and_that_lies_open(office: Office) -> None:
    page = office.colleague().open("/antrean")
    assert page.index("Darurat") < page.index("Mendesak") < page.index("Biasa")
    assert "<mark>kabel</mark>" in page
    assert "PT PLN (Persero) UP3 Semarang" in page
    assert "PSIS" not in page, "what is no complaint is no draft"


def test_accepting_goes_on_to_the_next_draft_of_the_same_list(office: Office) -> None:
    ratna = office.colleague()
    ratna.open(f"/antrean?urut=terlama&tiket={number_of(office, LAMP)}")
    page = ratna.send("/terima")
    assert ticket(office, LAMP)["status"] == "dalam_proses"
    assert f"{number_of(office, LAMP)} diterima" in page
    assert "kelanjutannya" in page, "the next oldest lies open"
    assert "urut=terlama" in str(ratna.page.url)


def test_a_wrong_office_is_changed_by_one_of_the_three_proposals_and_then_accepted(office: Office) -> None:
    ratna = at(office, FAMILY_CARD)
    forms = [fields for sent_to, fields in _forms(ratna) if fields.get("opd") == "kec_pedurungan"]
    ratna.page = ratna.client.post(f"/tiket/{number_of(office, FAMILY_CARD)}/ubah", data=forms[0])
    assert ticket(office, FAMILY_CARD)["opd"] == "kec_pedurungan"
    assert "dipilih orang" in ratna.page.text
    ratna.send("/terima")
    assert ticket(office, FAMILY_CARD)["status"] == "dalam_proses"


def _forms(colleague: Colleague) -> list[tuple[str, dict[str, str]]]:
    from tests.desk.conftest import Forms

    return Forms(colleague.page.text).found


@pytest.mark.parametrize(
    ("said", "meant"),
    [("dishub", "dishub"), ("Dinas Perhubungan", "dishub"), ("DLLAJ", "dishub"), ("dkpp", "disperkim")],
)
def test_an_office_is_found_by_name_code_alias_or_the_beginning_of_one(office: Office, said: str, meant: str) -> None:
    ratna = at(office, LAMP)
    number = number_of(office, LAMP)
    fields = next(fields for sent_to, fields in _forms(ratna) if sent_to.endswith("/ubah"))
    ratna.client.post(f"/tiket/{number}/ubah", data=fields | {"opd": said, "kategori": "parkir"})
    assert (ticket(office, LAMP)["opd"], ticket(office, LAMP)["category"]) == (meant, "parkir")


def test_an_office_that_nobody_knows_is_refused_and_what_was_typed_stays(office: Office) -> None:
    ratna = at(office, LAMP)
    fields = next(fields for sent_to, fields in _forms(ratna) if sent_to.endswith("/ubah"))
    page = ratna.client.post(f"/tiket/{number_of(office, LAMP)}/ubah", data=fields | {"opd": "dinas lampu"})
    assert page.status_code == 422
    assert "OPD itu tidak dikenal" in page.text
    assert 'value="dinas lampu"' in page.text


def test_a_draft_is_rejected_with_its_reason(office: Office) -> None:
    at(office, LAMP).send("/tolak", alasan="too_little", keterangan="gereja yang mana?")
    found = ticket(office, LAMP)
    assert (found["status"], found["rejection"], found["reason"]) == ("ditolak", "too_little", "gereja yang mana?")


def test_what_is_anothers_matter_is_told_whose_with_one_button(office: Office) -> None:
    ratna = at(office, WIRE)
    assert "Terima: bukan kewenangan kita" in ratna.page.text
    fields = next(fields for sent_to, fields in _forms(ratna) if fields.get("kewenangan") == "pln")
    ratna.client.post(f"/tiket/{number_of(office, WIRE)}/bukan-kewenangan", data=fields)
    found = ticket(office, WIRE)
    assert (found["status"], found["rejection"], found["opd"]) == ("ditolak", "not_ours", "pln")


def test_an_accepted_ticket_is_closed_with_a_condition_and_opened_again(office: Office) -> None:
    at(office, LAMP).send("/terima")
    at(office, LAMP).send("/selesai", syarat="menunggu tiang baru")
    assert "menunggu tiang baru" in at(office, LAMP).page.text
    at(office, LAMP).send("/buka-lagi", keterangan="masih gelap")
    assert ticket(office, LAMP)["status"] == "dalam_proses"


def test_an_office_sends_back_what_is_not_its_own(office: Office) -> None:
    joko = at(office, FLOOD, "joko")
    assert "Ubah OPD" not in joko.page.text
    joko.send("/kembalikan", keterangan="pompa itu milik BBWS")
    assert ticket(office, FLOOD)["opd"] is None
    assert "pompa itu milik BBWS" in at(office, FLOOD).page.text


def test_two_drafts_are_merged_and_the_old_number_leads_on(office: Office) -> None:
    ratna = at(office, LAMP)
    old, into = number_of(office, LAMP), number_of(office, FLOOD)
    ratna.send("/gabung", ke=into)
    page = ratna.open(f"/antrean?tiket={old}")
    assert "Sudah digabungkan ke" in page
    assert into in page
    ratna.open(f"/antrean?tiket={into}")
    assert "ndedet" in ratna.page.text


def test_a_merge_into_a_number_that_is_none_is_refused(office: Office) -> None:
    assert "tidak dapat dijadikan tujuan" in at(office, LAMP).send("/gabung", ke="2026-999999")


def test_some_posts_are_split_off_into_a_draft_of_their_own(office: Office) -> None:
    ratna = at(office, FLOOD)
    number = number_of(office, FLOOD)
    fields = next(fields for sent_to, fields in _forms(ratna) if sent_to.endswith("/pisah"))
    third = next(post["id"] for post in office.store.posts() if "macet total" in post["text"])
    before = len(office.store.alive())
    ratna.client.post(f"/tiket/{number}/pisah", data=fields | {"kiriman": str(third)})
    assert len(office.store.alive()) == before + 1
    assert ticket(office, "macet total")["post_count"] == 1


def test_a_title_is_made_clearer(office: Office) -> None:
    at(office, LAMP).send("/judul", judul="PJU padam di Jl. Pandanaran")
    assert ticket(office, LAMP)["title"] == "PJU padam di Jl. Pandanaran"


def test_who_comes_second_is_told_who_was_first_and_when_and_loses_no_word(office: Office) -> None:
    ratna = at(office, LAMP)
    at(office, LAMP, "budi").send("/judul", judul="Lampu padam")
    office.later(minutes=2)
    page = ratna.send("/tolak", alasan="too_little", keterangan="tempatnya kurang jelas")
    assert ratna.page.status_code == 409
    assert "Budi mengganti judul laporan ini 2 menit lalu" in page
    assert 'value="tempatnya kurang jelas"' in page
    ratna.send("/tolak", alasan="too_little")
    assert ticket(office, LAMP)["reason"] == "tempatnya kurang jelas", "sent once more, it is done"


def test_a_decision_is_undone_from_the_list_of_ones_own_and_says_what_it_brings_back(office: Office) -> None:
    ratna = at(office, LAMP)
    page = ratna.send("/terima")
    assert "status: Belum terverifikasi" in page
    page = ratna.send("/urungkan")
    assert ticket(office, LAMP)["status"] == "belum_terverifikasi"
    assert "diurungkan" in page


def test_what_somebody_has_built_on_is_not_undone(office: Office) -> None:
    ratna = at(office, LAMP)
    ratna.send("/terima")
    at(office, LAMP, "budi").send("/selesai")
    page = ratna.send("/urungkan")
    assert ratna.page.status_code == 409
    assert "Budi menyatakan selesai" in page
    assert ticket(office, LAMP)["status"] == "selesai"
