"""A small map of the city for one ticket: drawn here from the city's own shapes, and asked of nobody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from math import cos, radians

from city.shapes import Point, Ring, Shapes
from tickets.place import Place

WIDTH = 360  # units; a unit is less than a pixel's width on a telephone


@dataclass(frozen=True, slots=True)
class Outline:
    name: str
    path: str  # the `d` of an SVG path


@dataclass(frozen=True, slots=True)
class Spot:
    """What of the map is filled for one ticket, and where others lie."""

    kecamatan: str
    kelurahan: Outline | None
    others: Sequence[tuple[int, int]]


@dataclass(frozen=True)
class CityMap:
    """Drawn once from `shapes`; a city without shapes has no map."""

    shapes: Shapes = field(default_factory=Shapes)

    def spot(self, place: Place | None, others: Sequence[Point]) -> Spot | None:
        """None where nothing would be filled. `others`: where other tickets lie."""
        if place is None or place.outside or place.kecamatan not in self.shapes.kecamatan:
            return None
        key = (place.kecamatan or "", place.kelurahan or "")
        area = Outline(key[1], self._kelurahan[key]) if key in self._kelurahan else None
        return Spot(key[0], area, sorted({self._at(point) for point in others}))

    @cached_property
    def kecamatan(self) -> Sequence[Outline]:
        return [Outline(name, self._path(rings)) for name, rings in self.shapes.kecamatan.items()]

    @property
    def width(self) -> int:
        return WIDTH

    @cached_property
    def height(self) -> int:
        return round((self._north - self._south) * self._scale)

    @cached_property
    def _kelurahan(self) -> Mapping[tuple[str, str], str]:
        return {key: self._path(rings) for key, rings in self.shapes.kelurahan.items()}

    def _path(self, rings: Sequence[Ring]) -> str:
        return "".join(_drawn([self._at(point) for point in ring]) for ring in rings)

    # ── From degrees to units: flat, as a city of thirty kilometres is ────────────────────────────────────────────

    def _at(self, point: Point) -> tuple[int, int]:
        east, north = point
        narrow = cos(radians((self._north + self._south) / 2))
        return round((east - self._west) * narrow * self._scale), round((self._north - north) * self._scale)

    @cached_property
    def _points(self) -> Sequence[Point]:
        return [point for rings in self.shapes.kecamatan.values() for ring in rings for point in ring]

    @cached_property
    def _west(self) -> float:
        return min(east for east, _ in self._points)

    @cached_property
    def _north(self) -> float:
        return max(north for _, north in self._points)

    @cached_property
    def _south(self) -> float:
        return min(north for _, north in self._points)

    @cached_property
    def _scale(self) -> float:
        """Units in a degree from south to north."""
        wide = max(east for east, _ in self._points) - self._west
        return WIDTH / (wide * cos(radians((self._north + self._south) / 2)))


def _drawn(points: Sequence[tuple[int, int]]) -> str:
    """In steps from point to point, which takes half the letters of naming each point.

    >>> _drawn([(0, 0), (5, 0), (5, -3), (0, 0)])
    'M0 0l5 0 0-3z'
    """
    steps = [(x - was_x, y - was_y) for (was_x, was_y), (x, y) in pairwise(points[:-1])]
    told = "".join(f"{_after(x)}{_after(y)}" for x, y in steps if x or y).removeprefix(" ")
    return f"M{points[0][0]} {points[0][1]}l{told}z"


def _after(number: int) -> str:
    """A minus sign parts two numbers as well as a space."""
    return f"{number}" if number < 0 else f" {number}"
