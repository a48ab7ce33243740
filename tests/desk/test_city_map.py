"""The small map beside a draft: drawn from the city's own shapes, told in words as well."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from city import City, CityError
from city.shapes import Ring, Shapes, load_shapes
from desk.city_map import WIDTH, CityMap
from tests.desk.conftest import SEMARANG, Office
from tests.desk.test_deciding import FLOOD, LAMP, at
from tickets.place import Place


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return load_shapes(SEMARANG)


def drawn(page: str) -> str:
    found = re.search(r'<figure class="map">.*?</figure>', page, re.DOTALL)
    return found[0] if found else ""


def test_every_kecamatan_and_kelurahan_of_the_city_has_a_shape(shapes: Shapes, city: City) -> None:
    assert set(shapes.kecamatan) == {each.name for each in city.kecamatan.values()}
    assert set(shapes.kelurahan) == {(each.kecamatan, each.name) for each in city.kelurahan.values()}
    assert all(rings for rings in [*shapes.kecamatan.values(), *shapes.kelurahan.values()])


def holds(ring: Ring, east: float, north: float) -> bool:
    """Whether a ring lies around a point: a line from it to the east leaves the ring once more than it enters."""
    crossed = 0
    for (x, y), (other_x, other_y) in pairwise(ring):
        if (y > north) != (other_y > north):
            crossed += east < x + (north - y) / (other_y - y) * (other_x - x)
    return crossed % 2 == 1


def test_made_simple_areas_still_lie_where_their_middles_are(shapes: Shapes, city: City) -> None:
    for each in city.kecamatan.values():
        assert sum(holds(ring, each.longitude, each.latitude) for ring in shapes.kecamatan[each.name]) == 1, each.name
    inside = [
        any(holds(ring, each.longitude, each.latitude) for ring in shapes.kelurahan[each.kecamatan, each.name])
        for each in city.kelurahan.values()
    ]
    assert sum(inside) > 0.95 * len(inside)


def test_neighbours_share_their_border_exactly(shapes: Shapes) -> None:
    """Each stretch inside the city is walked by the two that it parts: no gap between them, and no overlap."""
    walked = [pair for rings in shapes.kecamatan.values() for ring in rings for pair in pairwise(ring)]
    shared = sum((end, begin) in set(walked) for begin, end in walked)
    rough = load_shapes(SEMARANG, tolerance=0)
    walked_before = [pair for rings in rough.kecamatan.values() for ring in rings for pair in pairwise(ring)]
    shared_before = sum((end, begin) in set(walked_before) for begin, end in walked_before)
    assert len(walked) < len(walked_before) / 3
    assert shared / len(walked) > 0.9 * shared_before / len(walked_before)


def test_a_draft_shows_where_it_lies_in_picture_and_words(office: Office) -> None:
    figure = drawn(at(office, LAMP).page.text)
    assert 'aria-label="Peta Kota Semarang: Kelurahan Pekunden di Kecamatan Semarang Tengah"' in figure
    assert figure.count('class="here"') == figure.count('class="spot"') == 1
    assert "<title>Semarang Tengah</title>" in figure
    assert "<title>Genuk</title>" in figure
    assert len(figure) < 6_000
    assert "style=" not in figure
    assert "//" not in figure


def test_where_only_the_kecamatan_is_known_all_of_it_is_filled_and_where_nothing_is_there_is_no_map(
    office: Office,
) -> None:
    ratna = office.colleague()
    pages = {}
    for row in office.store.alive():
        pages[row["text"]] = drawn(ratna.open(f"/antrean?tiket={row['number']}"))
    (card,) = [figure for text, figure in pages.items() if "bolak balik" in text]
    assert 'aria-label="Peta Kota Semarang: Kecamatan Pedurungan"' in card
    assert (card.count('class="here"'), card.count('class="spot"')) == (0, 1)
    (bus,) = [figure for text, figure in pages.items() if "koridor 2" in text]
    assert bus == ""


def test_tickets_like_it_are_dots(office: Office) -> None:
    figure = drawn(at(office, FLOOD).page.text)
    assert ("<circle" in figure) == ("Titik: laporan yang mirip" in figure)
    spot = CityMap(load_shapes(SEMARANG)).spot(Place("", "kelurahan", "Pekunden", "Semarang Tengah"), [(110.42, -6.98)])
    assert spot is not None
    assert all(0 < x < WIDTH and 0 < y < WIDTH for x, y in spot.others)


def test_a_city_without_shapes_has_no_map_and_a_broken_file_is_named(tmp_path: Path) -> None:
    assert CityMap(load_shapes(tmp_path)).spot(Place("", "kelurahan", "A", "B"), []) is None
    (tmp_path / "kecamatan.geojson").write_text('{"features": [{"properties": {}}]}')
    with pytest.raises(CityError, match=r"kecamatan\.geojson"):
        load_shapes(tmp_path)
