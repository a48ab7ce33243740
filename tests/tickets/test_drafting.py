"""What a draft says of its posts, and how its title is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city import City
from tests.tickets.event_posts import load
from tickets.drafting import CERTAIN, draft, title
from tickets.place import Nearness, Place, nearness, phrase
from tickets.read_post import ReadPost

FLOOD = [each.post for each in load("choose") if each.event == "kaligawe-banjir banjir"]


def street(text: str, *, kelurahan: str | None = None, precision: str = "street", detail: str = "") -> Place:
    return Place(text, precision, kelurahan, None, detail)


@given(st.permutations(FLOOD))
def test_a_draft_never_depends_on_the_order_of_its_posts(city: City, posts: list[ReadPost]) -> None:
    assert draft(posts, city) == draft(FLOOD, city)


def test_posts_of_one_moment_have_a_first_too(city: City) -> None:
    one, other = FLOOD[0], replace(FLOOD[0], id=99, source_id="s9", text="lain")
    assert draft([one, other], city).text == draft([other, one], city).text == one.text


def test_the_most_urgent_lends_the_priority_and_the_sharpest_the_place(city: City) -> None:
    vague, late = FLOOD[2], replace(FLOOD[1], created_at=FLOOD[2].created_at + timedelta(hours=1), priority="darurat")
    drawn = draft([vague, late], city)
    assert (drawn.text, drawn.priority, drawn.priority_rank) == (vague.text, "darurat", 0)
    assert drawn.place is not None
    assert drawn.place["precision"] == "street"


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (street("jl. pandanaran"), "Jl. Pandanaran"),
        (street("jln majapahit", detail="no 12 rt 3/rw 5", precision="address"), "Jl. Majapahit No. 12 RT 3/rw 5"),
        (Place("dpn pasar JOHAR", "landmark", "Kauman", "Semarang Tengah"),
         "Depan Pasar Johar, Kel. Kauman, Kec. Semarang Tengah"),
        (Place("wonodri", "kelurahan", "Wonodri", None), "Kel. Wonodri"),
        (Place("sayung", "kecamatan", None, None, "", "Kabupaten Demak"), "Kabupaten Demak"),
        (None, ""),
    ],
)  # fmt: skip
def test_a_place_is_spelt_as_an_office_would(place: Place | None, told: str) -> None:
    assert phrase(place) == told


def test_a_title_states_what_is_sure_and_supposes_what_is_not(city: City) -> None:
    place = street("jl gajah")
    assert title("pju", "disperkim", place, city, certain=True) == "Lampu penerangan jalan umum di Jl. Gajah"
    supposed = "Aduan warga di Jl. Gajah (kemungkinan: Lampu penerangan jalan umum)"
    assert title("pju", "disperkim", place, city, certain=False) == supposed
    assert title(None, None, None, city, certain=False) == "Aduan warga"
    assert "kemungkinan kewenangan PT PLN" in title("bukan_kewenangan", "pln", place, city, certain=True)
    barely = replace(FLOOD[0], category_p=CERTAIN - 0.01)
    assert "kemungkinan" in draft([barely], city).title


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (street("jl. pandanaran"), street("Jalan Pandanaran"), Nearness.SAME),
        (street("jl pandanaran"), street("jl pahlawan"), Nearness.CONFLICT),
        (street("jl menoreh raya"), street("jl menoreh barat"), Nearness.CONFLICT),
        (street("jl gajah", detail="no 4"), street("jl gajah", detail="no 90"), Nearness.CONFLICT),
        (street("jl gajah", detail="no 4"), street("jl gajah"), Nearness.SAME),
        (street("jl gajah", kelurahan="A"), street("jl gajah", kelurahan="B"), Nearness.CONFLICT),
        (street("pasar johar", precision="landmark"), street("johar", precision="landmark"), Nearness.SAME),
        (street("pasar johar", precision="landmark"), street("halte johar", precision="landmark"), Nearness.CONFLICT),
        (street("jl hamka"), street("depan pasar", precision="landmark"), Nearness.UNKNOWN),
        (street("jl hamka", kelurahan="A"), street("depan pasar", kelurahan="A", precision="landmark"), Nearness.NEAR),
        (street("kaligawe", precision="kelurahan"), street("jl kaligawe"), Nearness.NEAR),
        (street("ngaliyan", precision="kecamatan"), street("ngaliyan", precision="kecamatan"), Nearness.UNKNOWN),
        (Place("sayung", "kecamatan", None, None, "", "Demak"), street("jl gajah"), Nearness.CONFLICT),
        (None, street("jl gajah"), Nearness.UNKNOWN),
    ],
)
def test_two_places_are_one_spot_only_where_the_words_say_so(
    one: Place | None, other: Place | None, expected: Nearness
) -> None:
    assert nearness(one, other) is nearness(other, one) is expected
