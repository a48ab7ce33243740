"""Why a draft is called an emergency, and saying that it is none."""

from __future__ import annotations

from sqlalchemy import update

from database.engine import writing
from database.tables import tickets
from tests.desk.conftest import Office
from tests.desk.test_api import program
from tests.desk.test_deciding import at, number_of, ticket

CABLE = "percikan api"


def test_the_words_of_danger_are_told_and_marked_in_the_citizens_own(office: Office) -> None:
    page = at(office, CABLE).page.text
    why = page.partition('<details class="more why"')[2].partition("</details>")[0]
    assert "Dianggap berbahaya karena:" in why
    assert '<mark class="danger">percikan api</mark>' in why
    words = page.partition("<blockquote>")[2].partition("</blockquote>")[0]
    assert '<mark class="danger">percikan api</mark>' in words
    assert "<mark>kabel</mark>" in words
    assert "Tidak ada kata yang menyebut bahaya." in at(office, "kokrosono").page.text


def test_that_it_is_no_emergency_is_one_press_with_its_history_and_the_way_back(office: Office) -> None:
    ratna = at(office, CABLE)
    page = ratna.send("/urgensi", urgensi="biasa")
    assert ticket(office, CABLE)["priority"] == "biasa"
    assert "diubah urgensinya" in page
    assert "urgensi: Darurat → Biasa" in page
    assert "Kembali ke urgensi: Darurat" in page
    assert "dipilih orang" in page.partition('<details class="more why"')[2]
    ratna.send("/urungkan")
    assert ticket(office, CABLE)["priority"] == "darurat"
    assert "memang sudah begitu" in ratna.send("/urgensi", urgensi="darurat")
    assert "tidak dikenal" in ratna.send("/urgensi", urgensi="gawat")


def test_a_blind_draft_shows_its_urgency_and_no_word_that_would_give_its_category_away(office: Office) -> None:
    number = number_of(office, CABLE)
    with writing(office.store.engine) as connection:
        connection.execute(update(tickets).where(tickets.c.number == number).values(blind=True))
    ratna = at(office, CABLE)
    assert "<mark" not in ratna.page.text.partition("<blockquote>")[2].partition("</blockquote>")[0]
    ratna.send("/urgensi", urgensi="tinggi")
    assert (ticket(office, CABLE)["priority"], ticket(office, CABLE)["blind"]) == ("tinggi", True)


def test_a_program_says_it_too(office: Office) -> None:
    client, number = program(office), number_of(office, CABLE)
    read = client.get(f"/api/v1/tickets/{number}").json()
    told = {"version": read["version"], "priority": "tinggi"}
    assert client.post(f"/api/v1/tickets/{number}/prioritise", json=told).status_code == 200
    assert client.get(f"/api/v1/tickets/{number}").json()["priority"] == "tinggi"
