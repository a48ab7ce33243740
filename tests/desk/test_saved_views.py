"""Lists that one comes back to, by a name of one's own."""

from __future__ import annotations

import re

from tests.desk.conftest import Colleague, Forms, Office
from tests.desk.test_pages import listed

FILTER = "opd=dpu&kategori=drainase_banjir&urut=terlama"
NAME = "Banjir, terlama dulu"


def views(page: str) -> dict[str, str]:
    """{name: address} of the views in the filter panel."""
    (panel,) = re.findall(r'<section class="filter-group views".*?</section>', page, re.DOTALL)
    found = re.findall(r'<a href="(/antrean[^"]*)"[^>]*>([^<]+)</a>', panel)
    return {name: address.replace("&amp;", "&") for address, name in found}


def saved(office: Office, name: str = NAME, query: str = FILTER) -> Colleague:
    ratna = office.colleague()
    ratna.open(f"/antrean?{query}")
    ratna.send("/tampilan", nama=name)
    return ratna


def test_a_filter_and_its_order_are_saved_under_a_name_and_opened_again(office: Office) -> None:
    ratna = saved(office)
    address = views(ratna.open("/antrean"))[NAME]
    assert address == f"/antrean?{FILTER}"
    assert f'<a href="{address.replace("&", "&amp;")}" aria-current="true">' in ratna.open(address)
    assert listed(ratna.page.text) == listed(ratna.open(f"/antrean?{FILTER}"))


def test_a_view_is_the_list_from_its_top_whichever_ticket_lay_open(office: Office) -> None:
    ratna = saved(office, query="opd=dlh&setelah=2026-000001&tiket=2026-000002")
    assert views(ratna.page.text)[NAME] == "/antrean?opd=dlh"
    assert "tiket=2026-000002" in str(ratna.page.url), "and one stays where one was"


def test_the_address_of_a_view_shows_a_colleague_the_same_list(office: Office) -> None:
    ratna = saved(office, query="urgensi=tinggi")
    budi = office.colleague("budi")
    assert listed(budi.open(views(ratna.page.text)[NAME])) == listed(ratna.open("/antrean?urgensi=tinggi"))
    assert views(budi.page.text) == {}, "it is in nobody else's panel"


def test_saving_under_the_same_name_puts_the_new_list_in_its_place(office: Office) -> None:
    saved(office)
    assert views(saved(office, query="opd=dlh").page.text) == {NAME: "/antrean?opd=dlh"}


def test_a_view_is_renamed_and_deleted(office: Office) -> None:
    ratna = saved(office)
    page = ratna.send("/nama", nama="  Banjir   saja ")
    assert [*views(page)] == ["Banjir saja"]
    assert views(ratna.send("/hapus")) == {}


def test_a_name_that_is_missing_or_taken_is_refused_with_what_was_typed(office: Office) -> None:
    ratna = saved(office)
    assert "Beri nama dulu" in ratna.send("/tampilan", nama="  ")
    assert ratna.page.status_code == 422
    ratna.open("/antrean?opd=dlh")
    ratna.send("/tampilan", nama="Sampah")
    page = ratna.send("/tampilan/1/nama", nama="Sampah")
    assert "Nama itu sudah dipakai tampilan lain." in page
    assert {*views(page)} == {NAME, "Sampah"}


def test_nobody_renames_or_deletes_anothers_view(office: Office) -> None:
    ratna = saved(office)
    budi = office.colleague("budi")
    budi.open("/antrean?opd=dlh")
    budi.send("/tampilan", nama="Sampah")
    (theirs,) = {address for address, _ in Forms(ratna.page.text).found if address.endswith("/hapus")}
    token = next(fields["token"] for address, fields in Forms(budi.page.text).found if address.endswith("/hapus"))
    assert budi.client.post(theirs, data={"token": token}).status_code == 403
    assert [*views(ratna.open("/antrean"))] == [NAME]


def test_a_panel_holds_fifty_views_and_no_more(office: Office) -> None:
    ratna = saved(office)
    for number in range(49):
        ratna.send("/tampilan", nama=f"Nomor {number}")
    assert "Tampilan tersimpan sudah 50" in ratna.send("/tampilan", nama="Satu lagi")
    assert len(views(ratna.page.text)) == 50
    assert ratna.send("/tampilan", nama=NAME)
    assert ratna.page.status_code == 200, "what is there can still be changed"


def test_a_view_that_was_deleted_elsewhere_is_told_of(office: Office) -> None:
    ratna = saved(office)
    page = ratna.page
    ratna.send("/hapus")
    ratna.page = page
    assert "Tampilan itu tidak ada lagi." in ratna.send("/nama", nama="Banjir")
    assert ratna.page.status_code == 404
