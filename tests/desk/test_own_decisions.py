"""One's own decisions, page by page and filtered: as far back as the store goes, each with its way back."""

from __future__ import annotations

import re

from database.engine import writing
from tests.desk.conftest import Colleague, Office
from tests.desk.test_bulk import choose
from tests.desk.test_deciding import FLOOD, LAMP, number_of
from tickets.steps import Actor, Tag
from tickets.workflow import look, perform

RATNA = Actor("ratna", "city_admin", origin="desk")


def tag_often(office: Office, times: int) -> list[str]:
    """As many decisions, a minute after each other; returns their tags, the newest first."""
    number = number_of(office, LAMP)
    with writing(office.store.engine) as connection:
        for turn in range(times):
            office.later(minutes=1)
            seen = look(connection, number, RATNA)
            perform(connection, office.store.city, seen.id, Tag(f"cap{turn}"), RATNA, office.now, version=seen.version)
    return [f"cap{turn}" for turn in reversed(range(times))]


def told(page: str) -> list[str]:
    """What undoing each decision of the page would bring back."""
    return re.findall(r'<p class="back">Kembali ke cap: (\w+)</p>', page)


def older(colleague: Colleague) -> str:
    """Go on by the link at the end of the page."""
    (address,) = re.findall(r'href="(/keputusan\?[^"]*sebelum=[^"]+)"', colleague.page.text)
    return colleague.open(address.replace("&amp;", "&"))


def test_they_go_on_page_by_page_and_none_is_missed_or_told_twice(office: Office) -> None:
    tags = tag_often(office, 70)
    ratna = office.colleague()
    choose(ratna, "/antrean?opd=dpu", "cap", cap="rapat")
    ratna.send("/kerjakan")
    tag_often(office, 60)
    ratna.open("/keputusan")
    found, pages = told(ratna.page.text), [ratna.page.text]
    while "Yang lebih lama" in ratna.page.text:
        pages.append(older(ratna))
        found += told(ratna.page.text)
    before = [*(f"cap{turn}" for turn in reversed(range(59))), "cap69", *tags[1:], "kosong"]
    assert found == before
    assert [sum('action="/massal/' in page for page in pages), len(pages)] == [1, 3]


def test_they_are_filtered_by_what_was_done_to_which_report_and_when(office: Office) -> None:
    tag_often(office, 65)
    ratna = office.colleague()
    ratna.open(f"/antrean?tiket={number_of(office, FLOOD)}")
    ratna.send("/terima")
    flood = f'tiket={number_of(office, FLOOD)}"'
    page = ratna.open("/keputusan?apa=accept")
    assert (flood in page, told(page)) == (True, [])
    assert flood in ratna.open(f"/keputusan?nomor={number_of(office, FLOOD)}")
    ratna.open("/keputusan?apa=tag")
    assert flood not in ratna.page.text
    assert "apa=tag" in ratna.page.text.partition("Yang lebih lama")[0].rpartition("href=")[2]
    assert len(told(older(ratna))) == 5
    assert "Tidak ada yang cocok." in ratna.open("/keputusan?dari=2030-01-01")


def test_an_old_one_is_taken_back_from_there(office: Office) -> None:
    ratna = office.colleague()
    ratna.open(f"/antrean?tiket={number_of(office, FLOOD)}")
    ratna.send("/terima")
    tag_often(office, 65)
    ratna.open("/keputusan")
    older(ratna)
    ratna.send("/urungkan", keputusan=re.findall(r'name="keputusan" value="(\d+)"', ratna.page.text)[-1])
    assert f"diurungkan={number_of(office, FLOOD)}" in str(ratna.page.url)


def test_an_address_that_says_nothing_clear_begins_at_the_top(office: Office) -> None:
    tag_often(office, 2)
    ratna = office.colleague()
    for address in ("/keputusan?sebelum=x-y", "/keputusan?sebelum=" + "9" * 40, "/keputusan?sebelum=-999999"):
        assert len(told(ratna.open(address))) == 2, address
