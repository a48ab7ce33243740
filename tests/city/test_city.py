"""What is true of a city: read whole, refused by line, and never written into the code."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import time
from pathlib import Path

import pytest

from city import City, CityError, load_city

ROOT = Path(__file__).parents[2]
SMALL_CITY = Path(__file__).parent / "kota_awan"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small city, free to be spoilt."""
    return Path(shutil.copytree(SMALL_CITY, tmp_path / "kota"))


@pytest.fixture(scope="module")
def shipped() -> City:
    return load_city(ROOT / "city" / "semarang")


def test_a_second_city_needs_a_second_folder_and_nothing_else() -> None:
    city = load_city(SMALL_CITY)
    assert (city.name, city.emergency_number) == ("Kota Awan", "113")
    assert list(city.opds) == ["jalan", "kec_hulu", "kec_muara"]
    assert city.categories["pelayanan_kelurahan"].of_kecamatan
    assert city.categories["bukan_kewenangan"].not_ours
    assert [area.kecamatan for area in city.kelurahan.values() if area.name == "Melur"] == ["Muara", "Hulu"]
    assert city.places[0].authority == "balai_jalan"
    assert city.deadlines[0].working_days == 3


def test_no_line_of_code_names_the_city_that_is_shipped(shipped: City) -> None:
    # Given the name of the shipped city and of what only it has,
    names = re.compile(
        "|".join(["semarang", "laporhendi", "sapambakita", *(area.name for area in shipped.kecamatan.values())])
    )
    # then no module of the rooms that know cities says one of them in what it does.
    for module in [*ROOT.glob("city/*.py"), *ROOT.glob("classifier/*.py")]:
        code = re.sub(r'""".*?"""|#.*', "", module.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not names.search(code), f"{module.name} speaks of one city: {names.search(code)}"


def test_the_shipped_city_is_whole(shipped: City) -> None:
    assert len(shipped.kecamatan) == 16
    assert len(shipped.kelurahan) == 177
    assert {area.kecamatan for area in shipped.kelurahan.values()} == {area.name for area in shipped.kecamatan.values()}
    assert len({area.opd for area in shipped.kecamatan.values()}) == 16
    assert {"jalan_rusak", "darurat", "bukan_kewenangan", "bukan_aduan"} <= shipped.categories.keys()
    assert all(category.usual_opds or category.of_kecamatan or category.not_ours or category.code == "bukan_aduan"
               for category in shipped.categories.values())  # fmt: skip
    assert not shipped.opds.keys() & shipped.authorities.keys()


def test_no_handle_is_shipped_as_sure_that_nobody_has_confirmed(shipped: City) -> None:
    assert {opd.handle_status for opd in shipped.opds.values() if opd.handles} <= {
        "unverified",
        "retired_or_unverified",
    }


def test_no_strong_alias_belongs_to_two_offices_but_those_told_of_as_clashes(shipped: City) -> None:
    owners: dict[str, set[str]] = {}
    for opd in shipped.opds.values():
        for alias in opd.aliases:
            owners.setdefault(alias.lower(), set()).add(opd.code)
    shared = {alias: codes for alias, codes in owners.items() if len(codes) > 1}
    assert shared == {clash.alias: set(clash.codes) for clash in shipped.name_clashes if clash.alias in shared}


def _change(file: str, before: str, after: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert before in text
        (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")

    return spoil


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            _change("kelurahan.csv", "Sendangjati,Muara", "Sendangjati,Mura"),
            "kelurahan.csv:4: kecamatan 'Mura' is unknown; write one of kecamatan.csv",
        ),
        (
            _change("places.csv", "balai_jalan", "balai"),
            "places.csv:2: authority 'balai' is unknown; write one of authorities.csv",
        ),
        (_change("places.csv", "street", "road"), "places.csv:2: kind is 'road'; write one of"),
        (_change("places.csv", ",no", ",perhaps"), "places.csv:3: confirmed is 'perhaps'; write one of no, yes"),
        (_change("categories.csv", ",jalan,", ",dinas,"), "categories.csv:2: usual_opds 'dinas' is unknown"),
        (
            _change("departments.csv", "kec_muara,", "kec_hulu,"),
            "departments.csv:4: code 'kec_hulu' stood there before",
        ),
        (_change("departments.csv", "Dinas Jalan", ""), "departments.csv:2: name is empty; write the name"),
        (_change("departments.csv", ",valid_to", ",until"), "departments.csv:1: columns are"),
        (
            _change("holidays.csv", "2026-08-17", "17-8-2026"),
            "holidays.csv:2: date is '17-8-2026'; write a date as in 2026-01-31",
        ),
        (_change("stops.csv", "-5.2", "5,2 LS"), "stops.csv:2: 7 cells found; write 6"),
        (_change("kecamatan.csv", "-5.1", "selatan"), "kecamatan.csv:2: latitude is 'selatan'; write a number"),
        (_change("authorities.csv", ",telepon 100", ","), "authorities.csv:2: onward_channel is empty"),
        (
            _change("name_clashes.csv", "jalan;kec_hulu", "jalan"),
            "name_clashes.csv:2: codes is 'jalan'; write two codes or more",
        ),
        (_change("city.toml", 'name = "Kota Awan"', ""), 'city.toml: name is None; write name = "…"'),
        (
            _change("deadlines.toml", "working_days = 3", "working_days = 3\nhours = 72"),
            "deadlines.toml: deadline 1: found ['working_days', 'hours']",
        ),
        (
            _change("deadlines.toml", "working_days = 3", 'working_days = 3\ncategory = "pju"'),
            "category 'pju' is unknown",
        ),
        (_change("deadlines.toml", "step", "stpe"), "deadlines.toml: deadline 1: 'stpe' is unknown; the keys are"),
        (_change("places.csv", "Jalan Tumenggung Raya", '"Jalan Tumenggung Raya'), "places.csv:"),
    ],
)
def test_a_slip_is_told_by_file_line_and_remedy(folder: Path, spoil: Callable[[Path], None], message: str) -> None:
    spoil(folder)
    with pytest.raises(CityError) as told:
        load_city(folder)
    assert message in str(told.value)
    assert "\n" not in str(told.value)


def test_a_folder_from_before_cities_told_their_hours_loads_with_usual_ones(folder: Path) -> None:
    # Given city.toml as models froze it then,
    kept = [line for line in (folder / "city.toml").read_text().splitlines() if line.split()[0] in _FACTS_OF_OLD]
    (folder / "city.toml").write_text("\n".join(kept))
    # then the city loads, with the hours and the week of most offices;
    city = load_city(folder)
    assert (city.office_opens, city.weekend) == (time(8), frozenset({5, 6}))
    # and hours that are written, but wrong, are refused as before.
    (folder / "city.toml").write_text("\n".join([*kept, 'office_opens = "pagi"']))
    with pytest.raises(CityError, match=r"office_opens is 'pagi'; write office_opens = 07:30:00"):
        load_city(folder)


_FACTS_OF_OLD = frozenset({"name", "aliases", "emergency_number"})


def test_a_missing_file_or_folder_is_told_in_one_line(folder: Path) -> None:
    (folder / "stops.csv").unlink()
    with pytest.raises(CityError, match=r"stops\.csv: cannot be read"):
        load_city(folder)
    with pytest.raises(CityError, match="no such folder"):
        load_city(folder / "elsewhere")


def test_a_file_saved_by_a_spreadsheet_program_is_read(folder: Path) -> None:
    # Given a mark of byte order and lines that end in CR LF, as such programs write them,
    table = folder / "kelurahan.csv"
    table.write_bytes(b"\xef\xbb\xbf" + table.read_bytes().replace(b"\n", b"\r\n"))
    # then nothing is different.
    assert load_city(folder) == load_city(SMALL_CITY)
