"""The city's place names made ready for searching: every way to write each, what it may mean, and when to believe it.

A name may have several senses (a kelurahan and the street through it); which is meant is decided in `place`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

from city import City
from city.model import KnownPlace, Stop
from classifier.place_words import COMPASS, place_words
from classifier.stem import Stemmer

Level = Literal["street", "landmark", "kelurahan", "kecamatan", "outside"]

_LONG_NAME = 10  # letters: a street's name of two words that long is hardly met by chance
_STREET_KINDS = frozenset({"street", "toll_road"})
# The words that may stand before a weak name of each kind. Kinds that are not here take any lead that is in their name.
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
    kelurahan: frozenset[str]  # codes; empty = not established
    kecamatan: frozenset[str]  # names; empty = not established
    authority: str | None = None
    outside: str | None = None  # the region, when it is not in the city
    far: bool = False  # no neighbour: nobody can be sent there


@dataclass(slots=True)
class Name:
    """One way to write a name, with all its senses."""

    words: tuple[str, ...]
    trust: Trust
    senses: list[Sense] = field(default_factory=list)  # none: the name of an office, to be passed over


class Gazetteer:
    """All names of a city, searched for at once. Read-only once built."""

    def __init__(self, city: City) -> None:
        import ahocorasick  # here, because an hour with nothing new never needs it

        self._city = city
        self._stemmer = Stemmer()
        self._names: dict[tuple[str, ...], Name] = {}
        for words, trust, sense in self._all_names():
            self._add(words, trust, sense)
        for words in _office_names(city):
            if any(words[first:last] in self._names for first in range(len(words)) for last in range(first + 1, len(words) + 1)):
                self._names.setdefault(words, Name(words, Trust.ALONE))
        self._search = ahocorasick.Automaton()
        by_letters: dict[str, list[Name]] = defaultdict(list)
        for name in self._names.values():
            by_letters["".join(name.words)].append(name)
        for letters, names in by_letters.items():
            self._search.add_word(letters, tuple(names))
        self._search.make_automaton()

    def find(self, letters: str) -> Iterator[tuple[int, int, tuple[Name, ...]]]:
        """Every name written in `letters` (folded words without spaces): first letter, one past the last, names."""
        for last, names in self._search.iter(letters):
            length = sum(map(len, names[0].words))
            yield last + 1 - length, last + 1, names

    def is_ordinary(self, word: str) -> bool:
        """Whether `word` is a word of the language."""
        return self._stemmer.knows(word)

    # Making the names ---------------------------------------------------------------------------------------------

    def _add(self, words: tuple[str, ...], trust: Trust, sense: Sense) -> None:
        if not words or len("".join(words)) < 3:
            return
        name = self._names.setdefault(words, Name(words, trust))
        name.trust = min(name.trust, trust)
        if sense not in name.senses:
            name.senses.append(sense)

    def _all_names(self) -> Iterator[tuple[tuple[str, ...], Trust, Sense]]:
        yield from self._area_names()
        for place in self._city.places:
            yield from self._place_names(place)
        yield from self._stop_names(self._city.stops)
        for region in self._city.regions:
            sense = Sense(
                "outside", region.name, frozenset(), frozenset(), region.authority, region.name, region.kind == "far"
            )
            yield _split(region.name), Trust.ALONE, sense
            for alias in region.aliases:
                # A whole regency is mostly named for the way there: its parts are where something lies.
                whole = alias in region.name.lower()
                yield _split(alias), Trust.LOCATED if whole else Trust.ALONE, sense

    def _area_names(self) -> Iterator[tuple[tuple[str, ...], Trust, Sense]]:
        for district in self._city.kecamatan.values():
            sense = Sense("kecamatan", district.name, frozenset(), frozenset({district.name}))
            yield _split(district.name), Trust[district.believed.upper()], sense
            yield ("kecamatan", *_split(district.name)), Trust.ALONE, sense
        families: dict[tuple[str, ...], list[str]] = defaultdict(list)
        names: dict[tuple[str, ...], str] = {}
        for area in self._city.kelurahan.values():
            sense = Sense("kelurahan", area.name, frozenset({area.code}), frozenset({area.kecamatan}))
            for alias in (area.name, *area.aliases, *area.weak_aliases):
                weak = alias in area.weak_aliases
                yield _split(alias), Trust.CAPITAL if weak else Trust[area.believed.upper()], sense
                for lead in ("kelurahan", "desa"):
                    yield (lead, *_split(alias)), Trust.ALONE, sense
                yield (*_split(alias), *_split(area.kecamatan)), Trust.ALONE, sense
            if len(words := _split(area.name)) > 1 and words[-1] in COMPASS:
                families[words[:-1]].append(area.code)
                names[words[:-1]] = " ".join(area.name.split()[:-1])
        for words, codes in families.items():
            districts = frozenset(self._city.kelurahan[code].kecamatan for code in codes)
            sense = Sense("kelurahan", names[words], frozenset(codes), districts)
            yield words, Trust.CAPITAL if self._is_ordinary(names[words]) else Trust.ALONE, sense

    def _place_names(self, place: KnownPlace) -> Iterator[tuple[tuple[str, ...], Trust, Sense]]:
        sense = self._sense_of(place)
        for alias in (place.name, *place.aliases):
            for words in _variants(place, alias, self._city.aliases):
                yield words, Trust.ALONE, sense
            if place.kind in _STREET_KINDS:
                yield from self._bare_street(alias, sense)
        for alias in place.weak_aliases:
            words = _split(alias)
            for lead in _LEADS_BY_KIND.get(place.kind, ()):
                yield (*_split(lead), *words), Trust.ALONE, sense
            yield words, Trust.CAPITAL if self._is_ordinary(alias) else Trust.START, sense

    def _bare_street(self, alias: str, sense: Sense) -> Iterator[tuple[tuple[str, ...], Trust, Sense]]:
        """A street's name without the word for street and without raya, as people say it."""
        words = _split(alias)
        if words[0] != "jalan":
            return
        bare = words[2:] if words[1:2] == ("raya",) else words[1:]
        yield ("jalan", "raya", *bare), Trust.ALONE, sense
        if bare[-1:] == ("raya",):
            yield bare, Trust.ALONE, sense
            bare = bare[:-1]
            yield ("jalan", *bare), Trust.ALONE, sense
        if self._is_ordinary(" ".join(alias.split()[-len(bare) :])):
            yield bare, Trust.CAPITAL, sense
        else:
            long = len(bare) > 1 and sum(map(len, bare)) >= _LONG_NAME
            yield bare, Trust.ALONE if long else Trust.START, sense

    def _stop_names(self, stops: Iterable[Stop]) -> Iterator[tuple[tuple[str, ...], Trust, Sense]]:
        """Stops only after the word for a stop: most are named after what stands beside them."""
        by_name: dict[tuple[str, ...], list[Stop]] = defaultdict(list)
        for stop in stops:
            by_name[_stop_words(stop.name)].append(stop)
        for words, sides in by_name.items():
            codes = frozenset(
                area.code
                for area in self._city.kelurahan.values()
                for side in sides
                if (area.name, area.kecamatan) == (side.kelurahan, side.kecamatan)
            )
            districts = frozenset(side.kecamatan for side in sides if side.kecamatan)
            # A stop is named after what it stands at, and that may lie in several kelurahan.
            for known in self._names[words].senses if words in self._names else ():
                if known.kelurahan:
                    codes, districts = codes | known.kelurahan, districts | known.kecamatan
            sense = Sense("landmark", " ".join(words), codes, districts, "city")
            for lead in ("halte", "shelter"):
                yield (lead, *words), Trust.ALONE, sense

    def _sense_of(self, place: KnownPlace) -> Sense:
        codes = frozenset(
            area.code
            for area in self._city.kelurahan.values()
            if area.name in place.kelurahan and (not place.kecamatan or area.kecamatan in place.kecamatan)
        )
        if not place.kecamatan and place.authority not in (None, "city") and place.kind in ("outside", "estate"):
            region = next((r.name for r in self._city.regions if r.authority == place.authority), place.name)
            return Sense("outside", place.name, frozenset(), frozenset(), place.authority, region)
        level: Level = "street" if place.kind in _STREET_KINDS else "landmark"
        return Sense(level, place.name, codes, frozenset(place.kecamatan), place.authority)

    def _is_ordinary(self, name: str) -> bool:
        """Whether every word of a name is a word of the language, so that the name alone proves nothing."""
        return all(len(word) < 4 or self._stemmer.knows(word) for word in re.findall(r"[^\W\d_]+", name.lower()))


def _split(name: str) -> tuple[str, ...]:
    return tuple(word.word for word in place_words(name))


def _office_names(city: City) -> Iterator[tuple[str, ...]]:
    """Names of offices of several words: a place's name inside one names no place."""
    of_opds = (name for opd in city.opds.values() for name in (opd.name, *opd.aliases))
    of_others = (name for authority in city.authorities.values() for name in (authority.name, *authority.aliases))
    for name in (*of_opds, *of_others):
        if len(words := _split(name)) > 1:
            yield words


def _stop_words(name: str) -> tuple[str, ...]:
    """A stop's name without its side (A, B, 1, 2, I, II) and without the word for a stop."""
    words = list(_split(re.sub(r"\(.*?\)|\d\.\d", " ", name)))
    while len(words) > 1 and words[-1] in ("a", "b", "i", "ii", "l", "ll", "1", "2"):
        words.pop()
    while len(words) > 1 and words[0] in ("halte", "shelter"):
        words.pop(0)
    return tuple(words)


def _variants(place: KnownPlace, alias: str, city_aliases: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The ways to write one alias: with and without the city's name, and schools by any of their short forms."""
    words = _split(alias)
    yield words
    if place.kind != "school":
        return
    for name in city_aliases:
        if words[-len(_split(name)) :] == _split(name):
            words = words[: -len(_split(name))]
    number = words[-1]
    if number.isdigit():
        kind = words[0][:3]
        for form in ((kind,), (kind, "n"), (kind + "n",), (kind, "negeri")):
            yield *form, number
