"""Where a post says that it is; a wrong place is worse than none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.normalise import normalise
from classifier.place import Place, PlaceFinder
from tests.classifier.language import finder, lexicon, shipped_city, small_finder


def find(text: str, places: PlaceFinder | None = None) -> Place | None:
    return (places or finder()).find(normalise(text, lexicon()), text)


def settled(text: str) -> tuple[str, str, str | None, str | None] | None:
    place = find(text)
    return (place.text, place.precision, place.kelurahan, place.kecamatan) if place else None


def test_a_street_is_not_the_kelurahan_that_sounds_like_it() -> None:
    place = find("lubang di Jl. Pandanaran dekat halte")
    assert place is not None
    assert (place.text, place.precision, place.kelurahan) == ("Jl. Pandanaran", "street", None)
    assert settled("got mampet di Pandean Lamper") == ("Pandean Lamper", "kelurahan", "Pandean Lamper", "Gayamsari")


@pytest.mark.parametrize(
    "written",
    [
        "Tlogosari Kulon",
        "tlogosari kulon",
        "TLOGOSARI KULON",
        "Telogosari Kulon",
        "tlogosarikulon",
        "#TlogosariKulon",
        "tlogo sari kulon",
    ],
)
def test_one_name_is_known_however_it_is_spelled(written: str) -> None:
    place = find(f"lampu mati di {written} min")
    assert place is not None
    assert (place.kelurahan, place.kecamatan) == ("Tlogosari Kulon", "Pedurungan")
    assert place.text == written.removeprefix("#")


@pytest.mark.parametrize("text", ["banjir ditlogosari", "jalan silayurnya rusak", "lampu di gunung pati mati"])
def test_a_name_written_together_with_di_or_its_ending_or_apart_is_known(text: str) -> None:
    assert find(text) is not None


def test_a_name_is_never_made_of_words_that_stand_side_by_side_by_chance() -> None:
    assert settled("mau ke mijen macet") == ("mijen", "kecamatan", None, "Mijen")  # not Kemijen
    assert find("airnya tanah, mas, bukan air bersih") is None  # not Tanah Mas
    assert find("kudu piye maneh, candi borobudur wae resik") is None
    assert find("demam panggung") is None  # not the kelurahan Panggung Lor and Panggung Kidul
    assert find("setane podo keramas") is None  # not Kramas
    assert find("asap peleburan aki bekas") is None  # not Pleburan
    assert find("kaki saya patah di tangga") is None  # not Jalan Raden Patah


def test_a_name_with_two_owners_stays_open_until_something_else_settles_it() -> None:
    assert settled("banjir di Purwosari") == ("Purwosari", "kelurahan", None, None)
    assert settled("banjir di Purwosari Mijen") == ("Purwosari Mijen", "kelurahan", "Purwosari", "Mijen")
    assert settled("banjir di Purwosari, kecamatan Semarang Utara") == (
        "Purwosari",
        "kelurahan",
        "Purwosari",
        "Semarang Utara",
    )
    assert settled("saluran di Tlogosari mampet") == ("Tlogosari", "kelurahan", None, "Pedurungan")


def test_what_stands_beside_a_street_narrows_down_where_on_it() -> None:
    assert settled("Jl Fatmawati dekat RSUD Wongsonegoro") == ("Jl Fatmawati", "street", "Mangunharjo", "Tembalang")


def test_where_a_way_leads_is_not_where_the_hole_is() -> None:
    place = find("jalan Setiabudi arah Ungaran berlubang")
    assert place is not None
    assert (place.text, place.outside) == ("jalan Setiabudi", None)
    assert find("bus arah Ungaran penuh") is None


@pytest.mark.parametrize(
    "text", ["lulusan Undip susah kerja", "rapi kayak di Simpang Lima", "tagihan dari Bhumi Pandanaran"]
)
def test_what_is_only_named_is_no_place(text: str) -> None:
    assert find(text) is None


def test_a_neighbours_place_is_known_as_such() -> None:
    place = find("jalan di Sayung tenggelam lagi")
    assert place is not None
    assert (place.text, place.kelurahan, place.kecamatan, place.authority) == ("Sayung", None, None, "kab_demak")
    assert place.outside == "Kabupaten Demak"
    assert getattr(find("jl Diponegoro Ungaran gelap"), "outside", None) == "Kabupaten Semarang"
    assert find("banjir di Surabaya") is None


def test_a_house_number_and_rt_rw_make_an_address() -> None:
    place = find("PJU mati di Jl. Sriwijaya No. 12 RT 03/RW 05")
    assert place is not None
    assert (place.text, place.precision, place.detail) == ("Jl. Sriwijaya", "address", "No. 12 RT 03/RW 05")
    assert place.kelurahan == "Pleburan"


def test_rt_and_rw_tell_that_a_word_is_a_kelurahan() -> None:
    assert settled("bising terus, Kudu RW 4 pak") == ("Kudu", "kelurahan", "Kudu", "Genuk")
    assert settled("warga RW 02 Karanganyar") == ("Karanganyar", "kelurahan", "Karanganyar", "Tugu")


def test_a_street_that_no_table_holds_is_kept_in_the_citizens_words() -> None:
    assert settled("gelap di Jl. Kyai Mojo, Sampangan") == ("Jl. Kyai Mojo", "street", "Sampangan", "Gajahmungkur")
    assert find("Jalan Rusak parah") is None


def test_whose_road_it_is_comes_with_the_place() -> None:
    authorities = [
        getattr(find(text), "authority", None)
        for text in ("Jl Kaligawe rusak", "Jl Pahlawan rusak", "Jl. Kyai Mojo rusak")
    ]
    assert authorities == ["bbpjn", "city", None]


def test_every_kelurahan_is_found_by_its_full_name_and_kecamatan() -> None:
    for area in shipped_city().kelurahan.values():
        place = find(f"lampu mati di kelurahan {area.name}, kecamatan {area.kecamatan}")
        assert place is not None, area
        assert (place.kelurahan, place.kecamatan) == (area.name, area.kecamatan)


def test_every_street_and_landmark_is_found_inside_the_areas_that_its_row_allows() -> None:
    for known in shipped_city().places:
        place = find(f"min, di {known.name} gelap")
        assert place is not None, known.name
        assert place.kelurahan is None or place.outside or not known.kelurahan or place.kelurahan in known.kelurahan
        assert place.kecamatan is None or not known.kecamatan or place.kecamatan in known.kecamatan


def test_another_city_has_other_places() -> None:
    place = find("Jl. Tumenggung rusak, dekat pasar kembang", small_finder())
    assert place is not None
    assert (place.kecamatan, place.kelurahan, place.authority) == ("Hulu", None, "balai_jalan")
    assert find("Jl Pandanaran", small_finder()) == Place(
        "Jl Pandanaran", "street", None, None, None, None, "street Jl Pandanaran"
    )
    assert find("di Melur gelap", small_finder()) == Place(
        "Melur", "kelurahan", None, None, None, None, "kelurahan Melur"
    )


def test_links_and_accounts_name_no_place() -> None:
    assert find("@kec_tembalang https://example.org/simpang-lima lihat") is None
    assert find("") is None


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_whatever_is_posted_the_words_of_a_place_are_the_citizens(text: str) -> None:
    place = find(text)
    assert place is None or (place.text and place.text in text)
