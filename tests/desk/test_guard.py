"""Who may open and send what. The table is made from the routes themselves: a new page is in it at once."""

from __future__ import annotations

import re

import pytest

from database.engine import writing
from desk.app import PAGES
from desk.headers import SECURITY
from tests.desk.conftest import PEOPLE, Forms, Office
from tests.desk.invented import BY_TEXT, Invented
from tickets.batches import matching, prepare
from tickets.queue import Filter
from tickets.steps import Accept, Actor


def addressed(path: str, number: str = "2026-000006") -> str:  # an office's: neither it nor the city is refused it
    return path.replace("{number}", number).replace("{batch}", "1")


ADDRESSED = {page: addressed(page.path) for page in PAGES}
CLOSED = [page for page in PAGES if page.roles is not None]


@pytest.fixture(autouse=True)
def batch(office: Office) -> None:
    """The first batch: an office's, so that the city sees it too."""
    joko = Actor("joko", "opd_admin", "dpu")
    with writing(office.store.engine) as connection:
        chosen = matching(connection, Filter())
        assert prepare(connection, office.store.city, chosen, Accept(), joko, office.now) == 1


def test_no_page_opens_for_a_stranger(office: Office) -> None:
    client = office.stranger().client
    for page in CLOSED:
        answer = client.request(page.method, ADDRESSED[page], follow_redirects=False)
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/masuk"), page


@pytest.mark.parametrize(("name", "role"), [(name, role) for name, role, _ in PEOPLE])
def test_every_page_is_refused_to_whom_it_is_not_for_and_every_form_without_its_token(
    office: Office, name: str, role: str
) -> None:
    client = office.colleague(name).client
    for page in CLOSED:
        answer = client.request(page.method, ADDRESSED[page], follow_redirects=False)
        assert page.roles is not None
        if role not in page.roles:
            assert (answer.status_code, "Peran akun Anda" in answer.text) == (403, True), page
        elif page.method == "POST":
            assert (answer.status_code, "kedaluwarsa" in answer.text) == (403, True), page
        else:
            assert answer.status_code == 200, page


def test_the_token_of_one_form_opens_no_other(office: Office) -> None:
    ratna = office.colleague()
    ratna.open("/antrean?tiket=2026-000001")
    token = next(fields["token"] for sent_to, fields in Forms(ratna.page.text).found if sent_to.endswith("/terima"))
    for page in CLOSED:
        if page.method == "POST":
            other = addressed(page.path, "2026-000003")
            assert ratna.client.post(other, data={"token": token, "versi": "1"}).status_code == 403, page


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
def test_forms_of_other_sites_are_refused_even_with_the_token(office: Office, headers: dict[str, str]) -> None:
    ratna = office.colleague()
    ratna.open("/antrean?tiket=2026-000005")
    ratna.client.headers.update(headers)
    assert "situs lain" in ratna.send("/terima")
    assert office.store.ticket(5)["status"] == "belum_terverifikasi"


def test_an_office_is_shown_its_own_tickets_and_told_of_no_other(office: Office) -> None:
    joko = office.colleague("joko")
    page = joko.open("/antrean")
    assert "Kaligawe" in page
    assert "ndedet" not in page
    others = [t["number"] for t in office.store.alive() if t["opd"] != "dpu"]
    for number in others:
        joko.open(f"/antrean?tiket={number}")
        assert joko.page.status_code == 404
    joko.open("/antrean?opd=dlh")
    assert "TPS" not in joko.page.text, "an address opens no other office's list"


@pytest.mark.parametrize("name", ["joko", "dewi", "tamu"])
def test_only_the_city_desk_sees_who_wrote(office: Office, name: str) -> None:
    assert "contoh_" in office.colleague("ratna").open("/antrean?opd=dpu&status=belum_terverifikasi")
    page = office.colleague(name).open("/antrean?opd=dpu")
    assert "Kaligawe" in page
    assert "contoh_" not in page
    assert "@laporsemar" not in page


@pytest.mark.parametrize("address", ["/masuk", "/antrean", "/tidak-ada", "/healthz", "/statis/desk.css"])
def test_every_answer_carries_the_security_headers(office: Office, address: str) -> None:
    answer = office.colleague().client.get(address)
    assert {name: answer.headers[name] for name in SECURITY} == dict(SECURITY)
    assert answer.headers["cache-control"] == "no-store"


def test_no_page_holds_a_script_or_style_of_its_own_or_asks_another_host(office: Office) -> None:
    ratna = office.colleague()
    for address in ("/masuk", "/antrean", "/antrean?tiket=2026-000002"):
        page = ratna.open(address)
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=\"/statis/)", page)
        assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"(?!/statis/)", page)


def test_a_citizens_words_are_text_never_markup(office: Office) -> None:
    hostile = Invented(
        'lampu <script>alert(1)</script> "mati" & {{ 7*7 }}',
        "contoh_1",
        1,
        "pju",
        {"disperkim": 0.9},
        why={"lampu": 1.0},
    )
    BY_TEXT[hostile.text] = hostile
    office.store.post(hostile.text, hostile.author, created_at=hostile.at)
    office.store.read()
    page = office.colleague().open(f"/antrean?tiket=2026-{len(office.store.alive()):06d}")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7*7 }}" in page
