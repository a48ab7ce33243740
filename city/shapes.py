"""Where kecamatan and kelurahan lie: their borders, made simple enough to be drawn small.

Two files of GeoJSON, `kecamatan.geojson` and `kelurahan.geojson`, which a city may have or lack. Borders that areas
share stay shared: each stretch between two corners where three areas meet is made simple once, for both its sides.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from city.errors import CityError

Point = tuple[float, float]  # degrees: east, north
Ring = tuple[Point, ...]  # closed: the last point is the first one

TOLERANCE = 0.0009  # degrees, about 100 m: what is left out is smaller than a line on the desk's map


@dataclass(frozen=True, slots=True)
class Shapes:
    """The borders of each area, by name; two kelurahan may bear one name, so they are told by their kecamatan too."""

    kecamatan: Mapping[str, Sequence[Ring]] = field(default_factory=dict)
    kelurahan: Mapping[tuple[str, str], Sequence[Ring]] = field(default_factory=dict)  # (kecamatan, name)


def load_shapes(folder: Path, *, tolerance: float = TOLERANCE) -> Shapes:
    """Of a city without the files: no shapes. Raises CityError for a file that holds none."""
    kecamatan = _areas(folder / "kecamatan.geojson", ("kecamatan",))
    kelurahan = _areas(folder / "kelurahan.geojson", ("kecamatan", "kelurahan"))
    simple = _simplified(kecamatan, tolerance)
    return Shapes(
        {name: simple[name,] for (name,) in kecamatan},
        {(of, name): rings for (of, name), rings in _simplified(kelurahan, tolerance / 2).items()},
    )


def _areas(path: Path, names: Sequence[str]) -> dict[tuple[str, ...], list[Ring]]:
    if not path.exists():
        return {}
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return {tuple(str(each["properties"][name]) for name in names): _rings(each["geometry"]) for each in features}
    except (ValueError, KeyError, TypeError) as error:
        raise CityError(f"{path.name}: no GeoJSON of areas with {' and '.join(names)} ({error!r})") from None


def _rings(geometry: Mapping[str, Any]) -> list[Ring]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [tuple((east, north) for east, north, *_ in ring) for polygon in polygons for ring in polygon]


# ── Making borders simple ─────────────────────────────────────────────────────────────────────────────────────────


def _simplified(areas: Mapping[tuple[str, ...], Sequence[Ring]], tolerance: float) -> dict[tuple[str, ...], list[Ring]]:
    corners = _corners(ring for rings in areas.values() for ring in rings)
    return {
        name: [simple for ring in rings if len(simple := _simple_ring(ring, corners, tolerance)) > 3]
        for name, rings in areas.items()
    }


def _corners(rings: Iterable[Ring]) -> set[Point]:
    """The points at which borders part: those with more than two neighbours."""
    neighbours: dict[Point, set[Point]] = defaultdict(set)
    for ring in rings:
        for one, other in pairwise(ring):
            neighbours[one].add(other)
            neighbours[other].add(one)
    return {point for point, beside in neighbours.items() if len(beside) > 2}


def _simple_ring(ring: Ring, corners: set[Point], tolerance: float) -> Ring:
    points = ring[:-1]
    begins = [number for number, point in enumerate(points) if point in corners] or [0, len(points) // 2]
    turned = points[begins[0] :] + points[: begins[0]]
    stops = [*(number - begins[0] for number in begins), len(points)]
    whole = (*turned, turned[0])
    simple = [
        point for first, last in pairwise(stops) for point in _simple_line(whole[first : last + 1], tolerance)[:-1]
    ]
    return (*simple, simple[0])


def _simple_line(line: Ring, tolerance: float) -> Ring:
    """The same for both directions in which a border may be walked."""
    if line[-1] < line[0]:
        return tuple(reversed(_simple_line(tuple(reversed(line)), tolerance)))
    return tuple(_kept(line, tolerance))


def _kept(line: Ring, tolerance: float) -> Iterator[Point]:
    """Douglas and Peucker (1973): a point stays if the straight line would pass it by further than `tolerance`."""
    far, at = max(((_distance(point, line[0], line[-1]), n) for n, point in enumerate(line)), default=(0.0, 0))
    if far <= tolerance or len(line) < 3:
        yield line[0]
        yield line[-1]
        return
    before, after = list(_kept(line[: at + 1], tolerance)), list(_kept(line[at:], tolerance))
    yield from before[:-1]
    yield from after


def _distance(point: Point, begin: Point, end: Point) -> float:
    """From a point to a stretch, in degrees: near the equator they are alike in both directions."""
    (x, y), (east, north) = (point[0] - begin[0], point[1] - begin[1]), (end[0] - begin[0], end[1] - begin[1])
    length = east * east + north * north
    along = max(0.0, min(1.0, (x * east + y * north) / length)) if length else 0.0
    return float(((x - along * east) ** 2 + (y - along * north) ** 2) ** 0.5)
