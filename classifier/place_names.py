"""Every way to write the names of a city's places, what each may mean, and what it needs beside it to be believed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import combinations
from typing import Literal

from city import City
from city.model import Authority, KnownPlace, Opd, Stop
from classifier.place_words import COMPASS, place_words

Level = Literal["street", "landmark", "kelurahan", "kecamatan", "outside"]
Words = tuple[str, ...]  # a name in the spelling of `place_words`

_LONG_NAME = 10  # letters: a street's name of two words that long is hardly met by chance
_STREET_KINDS = frozenset({"street", "toll_road"})
# The words that may stand before a weak name of each kind. Kinds that are not here have no such word.
_LEADS_BY_KIND = {
    "street": ("jalan", "jalan raya"),
    "toll_road": ("tol", "jalan tol"),
    "junction": ("simpang", "perempatan", "pertigaan", "bundaran", "bangjo", "tanjakan"),
    "market": ("pasar",), "terminal": ("terminal",), "station": ("stasiun",), "campus": ("kampus", "universitas"),
    "hospital": ("rs",), "park": ("taman",), "mall": ("mall", "mal"), "river": ("kali", "sungai"),
    "polder": ("polder",), "estate": ("perumahan", "kompleks"), "kampung": ("kampung",), "beach": ("pantai",),
    "quarter": ("kawasan",), "school": ("sma", "smp", "smk", "sd"), "bridge": ("jembatan",), "sports": ("gor",),
    "reservoir": ("waduk",), "harbour": ("pelabuhan",), "landfill": ("tpa",), "office": ("kantor",),
}  # fmt: skip


class Trust(IntEnum):
    """What a name needs beside it to be believed."""

    ALONE = 0  # nothing
    START = 1  # a word such as di, depan, lewat before it, or that the post begins with it
    LOCATED = 2  # such a word
    CAPITAL = 3  # such a word, and a capital letter: it is an ordinary word too


@dataclass(frozen=True, slots=True)
class Sense:
    """One thing that a name may mean."""

    level: Level
    name: str  # as the city writes it
    kelurahan: frozenset[str] = frozenset()  # codes; empty = not established
    kecamatan: frozenset[str] = frozenset()  # names; empty = not established
    authority: str | None = None
    outside: str | None = None  # the region, when it is not in the city
    far: bool = False  # no neighbour: nobody can be sent there


Spelling = tuple[Words, Trust, Sense]
Ordinary = Callable[[str], bool]  # whether a name consists of words of the language


def split(name: str) -> Words:
    """The words of a name as they are searched for."""
    return tuple(word.word for word in place_words(name))


def area_names(city: City, ordinary: Ordinary) -> Iterator[Spelling]:
    """Kecamatan and kelurahan, alone, after their word, and a kelurahan before its kecamatan."""
    for district in city.kecamatan.values():
        sense = Sense("kecamatan", district.name, kecamatan=frozenset({district.name}))
        yield split(district.name), Trust[district.believed.upper()], sense
        yield ("kecamatan", *split(district.name)), Trust.ALONE, sense
    for area in city.kelurahan.values():
        sense = Sense("kelurahan", area.name, frozenset({area.code}), frozenset({area.kecamatan}))
        for alias in (area.name, *area.aliases, *area.weak_aliases):
            words = split(alias)
            yield words, Trust.CAPITAL if alias in area.weak_aliases else Trust[area.believed.upper()], sense
            yield ("kelurahan", *words), Trust.ALONE, sense
            yield ("desa", *words), Trust.ALONE, sense
            yield (*words, *split(area.kecamatan)), Trust.ALONE, sense
    yield from _family_names(city, ordinary)


def _family_names(city: City, ordinary: Ordinary) -> Iterator[Spelling]:
    """What kelurahan that lie side by side are called together: Lor and Kidul, Kulon and Wetan left out."""
    families: dict[str, list[str]] = defaultdict(list)
    for area in city.kelurahan.values():
        if len(words := split(area.name)) > 1 and words[-1] in COMPASS:
            families[" ".join(area.name.split()[:-1])].append(area.code)
    for name, codes in families.items():
        if len(codes) > 1:
            districts = frozenset(city.kelurahan[code].kecamatan for code in codes)
            yield (
                split(name),
                Trust.CAPITAL if ordinary(name) else Trust.ALONE,
                Sense("kelurahan", name, frozenset(codes), districts),
            )


def known_place_names(city: City, ordinary: Ordinary) -> Iterator[Spelling]:
    """Streets and landmarks by all their aliases; weak ones after the word for their kind, or where something lies."""
    for place in city.places:
        sense = _sense_of(place, city)
        for alias in (place.name, *place.aliases):
            yield from ((words, Trust.ALONE, sense) for words in _variants(place, alias, city.aliases))
            if place.kind in _STREET_KINDS:
                yield from _bare_street(alias, sense, ordinary)
        for alias in place.weak_aliases:
            words = split(alias)
            yield from (((*split(lead), *words), Trust.ALONE, sense) for lead in _LEADS_BY_KIND.get(place.kind, ()))
            yield words, Trust.LOCATED if ordinary(alias) else Trust.START, sense


def _sense_of(place: KnownPlace, city: City) -> Sense:
    if not place.kecamatan and place.authority not in (None, "city") and place.kind in ("outside", "estate"):
        region = next((region.name for region in city.regions if region.authority == place.authority), place.name)
        return Sense("outside", place.name, authority=place.authority, outside=region)
    codes = frozenset(
        area.code
        for area in city.kelurahan.values()
        if area.name in place.kelurahan and (not place.kecamatan or area.kecamatan in place.kecamatan)
    )
    level: Level = "street" if place.kind in _STREET_KINDS else "landmark"
    return Sense(level, place.name, codes, frozenset(place.kecamatan), place.authority)


def _variants(place: KnownPlace, alias: str, city_aliases: Iterable[str]) -> Iterator[Words]:
    """The ways to write one alias; a school's also without the city's name, and with any short form of its kind."""
    words = split(alias)
    yield words
    if place.kind != "school":
        return
    for name in map(split, city_aliases):
        if words[-len(name) :] == name:
            words = words[: -len(name)]
    if words[-1].isdigit():
        kind, number = words[0][:3], words[-1]
        for form in ((kind,), (kind, "n"), (kind + "n",), (kind, "negeri")):
            yield *form, number


def _bare_street(alias: str, sense: Sense, ordinary: Ordinary) -> Iterator[Spelling]:
    """A street's name without the word for street and without raya, as people say it."""
    words = split(alias)
    if words[0] != "jalan":
        return
    bare = words[2:] if words[1:2] == ("raya",) else words[1:]
    yield ("jalan", "raya", *bare), Trust.ALONE, sense
    if bare[-1:] == ("raya",):
        yield bare, Trust.ALONE, sense
        bare = bare[:-1]
        yield ("jalan", *bare), Trust.ALONE, sense
    long = len(bare) > 1 and sum(map(len, bare)) >= _LONG_NAME
    if ordinary(" ".join(alias.split()[-len(bare) :])):
        yield bare, Trust.LOCATED if long else Trust.CAPITAL, sense
    else:
        yield bare, Trust.ALONE if long else Trust.START, sense


def region_names(city: City) -> Iterator[Spelling]:
    """Places outside the city. A whole regency is mostly named for the way there, its parts where something lies."""
    for region in city.regions:
        sense = Sense("outside", region.name, authority=region.authority, outside=region.name, far=region.kind == "far")
        yield split(region.name), Trust.ALONE, sense
        for alias in region.aliases:
            yield split(alias), Trust.LOCATED if alias in region.name.lower() else Trust.ALONE, sense


def stop_names(city: City, known: Mapping[Words, Sequence[Sense]]) -> Iterator[Spelling]:
    """Stops, only after the word for a stop: most are named after what stands beside them (`known`)."""
    codes_by_name = {(area.name, area.kecamatan): area.code for area in city.kelurahan.values()}
    by_name: dict[Words, list[Stop]] = defaultdict(list)
    for stop in city.stops:
        by_name[_stop_words(stop.name)].append(stop)
    for words, sides in by_name.items():
        codes = {codes_by_name[side.kelurahan, side.kecamatan] for side in sides if side.kelurahan and side.kecamatan}
        districts = {side.kecamatan for side in sides if side.kecamatan}
        for sense in known.get(words, ()):
            if sense.kelurahan:  # what it stands at may lie in more kelurahan than the stop's two sides
                codes |= sense.kelurahan
                districts |= sense.kecamatan
        sense = Sense("landmark", sides[0].name, frozenset(codes), frozenset(districts), "city")
        yield ("halte", *words), Trust.ALONE, sense
        yield ("shelter", *words), Trust.ALONE, sense


def _stop_words(name: str) -> Words:
    """A stop's name without its side (A, B, 1, 2, I, II) and without the word for a stop."""
    words = list(split(re.sub(r"\(.*?\)|\d\.\d", " ", name)))
    while len(words) > 1 and words[-1] in ("a", "b", "i", "ii", "l", "ll", "1", "2"):
        words.pop()
    while len(words) > 1 and words[0] in ("halte", "shelter"):
        words.pop(0)
    return tuple(words)


def office_names(city: City, places: Collection[Words]) -> Iterator[Words]:
    """Names of offices that have a place's name in them and name no place: a company called after a street.

    An office that is a place itself (a hospital, a zoo) is left out.
    """
    offices: tuple[Opd | Authority, ...] = (*city.opds.values(), *city.authorities.values())
    for office in offices:
        names = [split(name) for name in (office.name, *office.aliases)]
        if not any(name in places for name in names):
            yield from (name for name in names if _holds_a_place(name, places))


def _holds_a_place(words: Words, places: Collection[Words]) -> bool:
    return any(words[first:last] in places for first, last in combinations(range(len(words) + 1), 2))
