"""Offices and categories change at a date: what was theirs is found again, and history keeps its names."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from city import City, CityError, load_city
from city.changes import as_of, forward, name_on, successors
from tests.changed_city import write_changes

SMALL_CITY = Path(__file__).parent / "kota_awan"
THE_EVE, THE_DAY = date(2026, 12, 31), date(2027, 1, 1)
OFFICES = (
    "air,Dinas Air,dinas,dinas air,,,none_found,saluran,,,,2027-01-01,\n"
    "taman,Dinas Taman,dinas,dinas taman,,,none_found,taman,,,,,\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small city with two more offices, of which Air begins with 2027, and one more category."""
    copy = Path(shutil.copytree(SMALL_CITY, tmp_path / "kota"))
    with (copy / "departments.csv").open("a") as file:
        file.write(OFFICES)
    with (copy / "categories.csv").open("a") as file:
        file.write("banjir,Banjir,jalan,Air menggenang.,got mampet,,genangan,1\n")
    return copy


def changed(folder: Path, *lines: str) -> City:
    write_changes(folder, lines)
    return load_city(folder)


# ── Renamed, merged, split ────────────────────────────────────────────────────────────────────────────────────────


def test_an_office_that_is_renamed_keeps_its_code_and_has_the_name_of_the_day(folder: Path) -> None:
    city = changed(folder, "2027-01-01,jalan,jalan,,,Dinas Bina Jalan,Perda 1/2027")
    assert name_on(city, "jalan", THE_EVE) == "Dinas Bina Jalan"
    assert name_on(city, "jalan", THE_DAY) == "Dinas Jalan"
    assert as_of(city, THE_EVE).opds["jalan"].name == "Dinas Bina Jalan"
    assert as_of(city, THE_DAY).opds["jalan"].name == "Dinas Jalan"
    assert forward(as_of(city, THE_DAY), "jalan") == "jalan"


def test_an_office_that_becomes_another_hands_on_what_it_did_and_how_it_was_called(folder: Path) -> None:
    city = changed(folder, "2027-01-01,jalan,air,,,,Perda 1/2027")
    # Given the eve, nothing has changed yet, and the new office is not there yet;
    eve = as_of(city, THE_EVE)
    assert "jalan" in eve.opds
    assert "air" not in eve.opds
    assert forward(eve, "jalan") == "jalan"
    assert eve.categories["banjir"].usual_opds == ("jalan",)
    # then, on the day itself, the new one owns all, is known by the old one's words, and the old one is history.
    day = as_of(city, THE_DAY)
    assert list(day.opds) == ["kec_hulu", "kec_muara", "air", "taman"]
    assert forward(day, "jalan") == "air"
    assert day.categories["banjir"].usual_opds == ("air",)
    assert {"dinas air", "dinas jalan"} <= {*day.opds["air"].aliases}
    assert {"saluran", "jalan berlubang"} <= {*day.opds["air"].duties}
    assert name_on(day, "jalan", THE_EVE) == "Dinas Jalan"
    assert successors(day, "jalan") == ("air",)


def test_two_offices_that_merge_lead_to_one(folder: Path) -> None:
    day = as_of(changed(folder, "2027-01-01,jalan,air,,,,x", "2027-01-01,taman,air,,,,x"), THE_DAY)
    assert [forward(day, code) for code in ("jalan", "taman", "air")] == ["air", "air", "air"]
    assert {"jalan berlubang", "taman", "saluran"} <= {*day.opds["air"].duties}


def test_an_office_is_split_by_category_and_what_cannot_be_told_apart_waits_for_a_person(folder: Path) -> None:
    day = as_of(changed(folder, "2027-01-01,jalan,air,banjir,,,x", "2027-01-01,jalan,taman,,,,x"), THE_DAY)
    assert forward(day, "jalan", categories=["banjir"]) == "air"
    assert forward(day, "jalan", categories=["jalan_rusak"]) == "taman"
    assert forward(day, "jalan") is None
    assert successors(day, "jalan") == ("air", "taman")
    assert day.categories["banjir"].usual_opds == ("air",)
    assert day.categories["jalan_rusak"].usual_opds == ("taman",)


def test_a_split_between_two_without_more_words_is_always_for_a_person(folder: Path) -> None:
    day = as_of(changed(folder, "2027-01-01,jalan,air;taman,,,,x"), THE_DAY)
    assert forward(day, "jalan", categories=["banjir"], kecamatan="Hulu") is None
    assert day.categories["banjir"].usual_opds == ("air", "taman")


def test_an_office_hands_on_a_part_in_one_kecamatan_and_goes_on_itself(folder: Path) -> None:
    day = as_of(changed(folder, "2027-01-01,jalan,taman,jalan_rusak,Hulu,,x"), THE_DAY)
    assert "jalan" in day.opds
    assert forward(day, "jalan", categories=["jalan_rusak"], kecamatan="Hulu") == "taman"
    assert forward(day, "jalan", categories=["jalan_rusak"], kecamatan="Muara") == "jalan"
    assert forward(day, "jalan", categories=["banjir"]) == "jalan"
    assert forward(day, "jalan", categories=["jalan_rusak"]) is None


def test_what_was_said_after_a_part_was_handed_on_was_meant_so(folder: Path) -> None:
    day = as_of(changed(folder, "2027-01-01,jalan,taman,jalan_rusak,,,x"), date(2028, 1, 1))
    assert forward(day, "jalan", categories=["jalan_rusak"], after=THE_EVE) == "taman"
    assert forward(day, "jalan", categories=["jalan_rusak"], after=THE_DAY) == "jalan"


def test_two_offices_may_swap_parts_on_one_day(folder: Path) -> None:
    lines = ("2027-01-01,jalan,taman,,Hulu,,x", "2027-01-01,taman,jalan,,Hulu,,x")
    day = as_of(changed(folder, *lines), THE_DAY)
    assert forward(day, "jalan", kecamatan="Hulu") == "taman"
    assert forward(day, "taman", kecamatan="Hulu") == "jalan"


def test_changes_follow_each_other_whatever_the_order_of_their_lines(folder: Path) -> None:
    city = changed(folder, "2028-01-01,air,taman,,,,x", "2027-01-01,jalan,air,,,,x")
    assert forward(as_of(city, THE_DAY), "jalan") == "air"
    assert forward(as_of(city, date(2028, 1, 1)), "jalan") == "taman"
    assert successors(city, "jalan") == ("taman",)
    # On one day as well:
    at_once = changed(folder, "2027-01-01,air,taman,,,,x", "2027-01-01,jalan,air,,,,x")
    assert forward(as_of(at_once, THE_DAY), "jalan") == "taman"


def test_a_category_that_merges_hands_on_its_words_and_its_deadline(folder: Path) -> None:
    deadlines = (folder / "deadlines.toml").read_text()
    (folder / "deadlines.toml").write_text(f'{deadlines}category = "banjir"\n')
    day = as_of(changed(folder, "2027-01-01,banjir,jalan_rusak,,,,x"), THE_DAY)
    assert forward(day, "banjir") == "jalan_rusak"
    assert "got mampet" in day.categories["jalan_rusak"].includes
    assert day.deadlines[0].category == "jalan_rusak"
    assert "banjir" not in day.categories


def test_an_office_may_be_handed_to_another_authority_and_a_kecamatan_to_another_office(folder: Path) -> None:
    lines = ("2027-01-01,jalan,balai_jalan,,,,x", "2027-01-01,kec_hulu,kec_muara,,,,x")
    day = as_of(changed(folder, *lines), THE_DAY)
    assert forward(day, "jalan") == "balai_jalan"
    assert {each.opd for each in day.kecamatan.values()} == {"kec_muara"}


def test_without_the_file_or_with_an_empty_one_nothing_has_changed(folder: Path) -> None:
    without = load_city(folder)
    assert as_of(without, THE_DAY) is without
    (folder / "changes.csv").write_text("")
    assert load_city(folder) == without
    write_changes(folder, [])
    assert load_city(folder) == without


# ── What is refused ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["2027-01-01,jalanan,air,,,,x"], "changes.csv:2: code 'jalanan' is unknown; write one of departments.csv"),
        (["2027-01-01,jalan,udara,,,,x"], "changes.csv:2: becomes 'udara' is unknown; write one of departments.csv"),
        (["2027-01-01,jalan,banjir,,,,x"], "changes.csv:2: becomes 'banjir' is unknown"),
        (["2027-01-01,banjir,air,,,,x"], "changes.csv:2: becomes 'air' is unknown; write one of categories.csv"),
        (["1-1-2027,jalan,air,,,,x"], "changes.csv:2: date is '1-1-2027'; write a date as in 2026-01-31"),
        (["2027-01-01,jalan,,,,,x"], "changes.csv:2: becomes is ''; write who takes over"),
        (["2027-01-01,jalan,jalan;air,,,,x"], "becomes is 'jalan;air'; write who takes over; of a code that goes on"),
        (["2027-01-01,jalan,air,air,,,x"], "changes.csv:2: category 'air' is unknown; write one of categories.csv"),
        (["2027-01-01,jalan,air,,Hilir,,x"], "changes.csv:2: kecamatan 'Hilir' is unknown"),
        (["2027-01-01,banjir,jalan_rusak,banjir,,,x"], "category is 'banjir'; leave it empty"),
        (["2027-01-01,jalan,jalan,,,,x"], "changes.csv:2: 'jalan' becomes itself; write in name what it was called"),
        (["2027-01-01,jalan,air,,,Dinas Lama,x"], "changes.csv:2: name is 'Dinas Lama'; leave it empty"),
        (["2027-01-01,jalan,air,,,,"], "changes.csv:2: why is empty; write the why"),
        (
            ["2027-01-01,jalan,air,,,,x", "2028-01-01,jalan,taman,,,,x"],
            "changes.csv:3: code 'jalan' ended at changes.csv:2 already; keep one of the two lines",
        ),
        (
            ["2027-01-01,jalan,air,,,,x", "2028-01-01,jalan,taman,banjir,,,x"],
            "changes.csv:3: code 'jalan' ended on 2027-01-01; write its successor's code here",
        ),
        (
            ["2027-01-01,jalan,air,,,,x", "2028-01-01,air,taman,,,,x", "2029-01-01,taman,jalan,,,,x"],
            "changes.csv:2: 'jalan' becomes itself again; give what comes back a new code: a code ends once",
        ),
    ],
)
def test_a_slip_is_told_by_file_line_and_remedy(folder: Path, lines: list[str], message: str) -> None:
    with pytest.raises(CityError) as told:
        changed(folder, *lines)
    assert message in str(told.value)
    assert "\n" not in str(told.value)


def test_wrong_columns_are_told(folder: Path) -> None:
    (folder / "changes.csv").write_text("date,code,becomes\n")
    with pytest.raises(CityError, match=r"changes\.csv:1: columns are date,code,becomes; write date,code,becomes,cat"):
        load_city(folder)


def test_the_example_of_the_guide_is_one_that_the_shipped_city_takes(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    example = (
        (root / "docs" / "when-the-city-changes.md").read_text(encoding="utf-8").split("```csv\n")[1].split("```")[0]
    )
    folder = Path(shutil.copytree(root / "city" / "semarang", tmp_path / "kota"))
    (folder / "changes.csv").write_text(example, encoding="utf-8")
    city = as_of(load_city(folder), date(2028, 1, 1))
    assert forward(city, "disperkim", categories=["pju"]) == "dpu"
    assert forward(city, "disperkim", categories=["pasar"]) is None
    assert forward(city, "dishub", categories=["parkir"], kecamatan="Tugu") == "kec_tugu"
    assert forward(city, "rob") == "drainase_banjir"
    assert name_on(city, "distaru", THE_EVE) == "Dinas Tata Ruang Lama"
