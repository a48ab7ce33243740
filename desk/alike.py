"""Tickets that may tell of the same event as the open one, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Any

from sqlalchemy import Connection

from city import City
from city.shapes import Point
from desk.names import category_name
from desk.texts import N_
from desk.times import how_long
from desk.visits import Visit
from tickets.blind import plain_title
from tickets.place import Nearness, parse, phrase
from tickets.similar import similar

_EARTH_KM = 6371.0
NEARNESS: Mapping[Nearness, str] = {
    Nearness.SAME: N_("tempat yang sama"),
    Nearness.NEAR: N_("kelurahan yang sama"),
    Nearness.UNKNOWN: "",
    Nearness.CONFLICT: N_("tempat lain"),
}


@dataclass(frozen=True, slots=True)
class Alike:
    number: str
    matter: str
    place: str
    middle: Point | None  # of its kelurahan
    where: str  # how its place relates to the open one's
    apart: str
    words: Sequence[str]


def alike_to(connection: Connection, row: Mapping[str, Any], visit: Visit) -> list[Alike]:
    city, words = visit.parts.city, visit.words
    return [
        Alike(
            number=each.row["number"],
            matter=_matter(each.row, city),
            place=phrase(parse(each.row["place"])),
            middle=_middle(city, each.row),
            where=_distance(city, row, each.row) or words.say(NEARNESS[each.nearness]),
            apart=how_long(each.apart, words),
            words=each.words,
        )
        for each in similar(connection, row)
    ]


def _matter(row: Mapping[str, Any], city: City) -> str:
    if row["blind"]:
        return plain_title(row)
    return str(row["title"]) if "title" in row["chosen"] else category_name(city, row["category"])


def _distance(city: City, row: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """Between the middles of two kelurahan; empty within one, or where one is not known."""
    here, there = _middle(city, row), _middle(city, other)
    if here is None or there is None or here == there:
        return ""
    return f"± {_km(here, there):.0f} km"


def _middle(city: City, row: Mapping[str, Any]) -> Point | None:
    place = parse(row["place"])
    named = [each for each in city.kelurahan.values() if place and each.name == place.kelurahan]
    return (named[0].longitude, named[0].latitude) if len(named) == 1 else None


def _km(here: Point, there: Point) -> float:
    """The great-circle distance (haversine)."""
    (east, north), (other_east, other_north) = ((radians(x), radians(y)) for x, y in (here, there))
    half = sin((other_north - north) / 2) ** 2 + cos(north) * cos(other_north) * sin((other_east - east) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(half))
