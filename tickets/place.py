"""Where a post says something is, and whether two posts can mean the same spot.

Comparing leans to "cannot tell": a wrong join of two posts hides one of them, a missed one costs a reviewer a key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from tickets.language import language

# From the sharpest to the vaguest, as the classifier names them.
PRECISIONS = ("address", "street", "landmark", "kelurahan", "kecamatan")
_SPOTS = frozenset({"address", "street", "landmark"})

_WORD = re.compile(r"[^\W_]+")


class Nearness(IntEnum):
    """How two places relate, from "cannot be one spot" to "the same spot"."""

    CONFLICT = 0
    UNKNOWN = 1
    NEAR = 2  # the same kelurahan, and nothing that speaks against
    SAME = 3  # the same street, landmark or address


class Closeness(IntEnum):
    """`Nearness`, told more finely."""

    ELSEWHERE = 0
    BESIDE = 1  # two spots of one kelurahan
    UNKNOWN = 2
    DISTRICT = 3  # one kecamatan, and both say no more than that; or a spot that is named after an area
    AREA = 4  # one kelurahan, and one of the two says no more than that
    NAMED = 5  # one name, which may stand for the street, the landmark or the kelurahan
    SPOT = 6


_NEARNESS: Mapping[Closeness, Nearness] = {
    Closeness.ELSEWHERE: Nearness.CONFLICT,
    Closeness.BESIDE: Nearness.CONFLICT,
    Closeness.UNKNOWN: Nearness.UNKNOWN,
    Closeness.DISTRICT: Nearness.UNKNOWN,
    Closeness.AREA: Nearness.NEAR,
    Closeness.NAMED: Nearness.NEAR,
    Closeness.SPOT: Nearness.SAME,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A place as the prediction gives it; `text` is the citizen's words for it."""

    text: str
    precision: str
    kelurahan: str | None
    kecamatan: str | None
    detail: str = ""  # house number, RT and RW, as the citizen wrote them
    outside: str | None = None  # the other region it lies in
    senses: frozenset[str] = frozenset()  # what the gazetteer takes it for, "street Jalan Kaligawe"; one, or several

    @property
    def names(self) -> frozenset[str]:
        """The words of the name itself: neither the kind of place, nor a number."""
        return _sorted(self.text)[0]

    @property
    def in_one_word(self) -> str:
        """ "tawangmas" for "Tawang Mas"; empty where the name is one word."""
        words = [word for word in _WORD.findall(self.text.lower()) if word not in language().beside_names]
        return "".join(words) if len(words) > 1 else ""

    @property
    def kinds(self) -> frozenset[str]:
        """Words such as "pasar": they name a spot only together with a name."""
        return _sorted(self.text)[1]

    @property
    def numbers(self) -> frozenset[str]:
        """House, lane, RT and RW numbers: what tells two spots of one street apart when both posts give one."""
        return _sorted(self.text)[2] | _sorted(self.detail)[2]

    @property
    def sides(self) -> frozenset[str]:
        """Words such as "barat": a street with one and a street without are two streets."""
        return _sorted(self.text)[3]

    @property
    def is_spot(self) -> bool:
        return self.precision in _SPOTS

    def lies_apart_from(self, other: Place) -> bool:
        """Whether the areas that the two name differ."""
        return self.outside != other.outside or _areas_differ(self, other)

    @property
    def spots(self) -> frozenset[str]:
        """The streets and landmarks that it may stand for."""
        return frozenset(sense for sense in self.senses if sense.startswith(("street ", "landmark ")))


@lru_cache(maxsize=20_000)
def _sorted(text: str) -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    """The words of a place, sorted into names, kinds, numbers and sides."""
    known, words = language(), frozenset(_WORD.findall(text.lower()))
    numbers = frozenset(word for word in words if any(sign.isdigit() for sign in word))
    kinds, sides = words & known.kinds, words & known.sides
    return words - numbers - kinds - sides - known.beside_names, kinds, numbers, sides


def parse(content: Mapping[str, object] | None) -> Place | None:
    """The place of a stored prediction; None where the post names none."""
    if not content:
        return None
    text, precision = str(content.get("text") or ""), str(content.get("precision") or "kecamatan")
    areas = (_name(content.get("kelurahan")), _name(content.get("kecamatan")))
    detail, outside = str(content.get("detail") or ""), _name(content.get("outside"))
    senses = frozenset(filter(None, str(content.get("found_by") or "").split(" / ")))
    return Place(text, precision, *areas, detail, outside, senses)


def _name(value: object) -> str | None:
    return str(value) if value else None


def nearness(one: Place | None, other: Place | None) -> Nearness:
    """Symmetric. Areas that differ are a conflict, and so are two streets, two landmarks, or two numbers in one."""
    return _NEARNESS[closeness(one, other)]


def closeness(one: Place | None, other: Place | None) -> Closeness:
    """Symmetric, as `nearness`."""
    if one is None or other is None:
        return Closeness.UNKNOWN
    if one.outside != other.outside:
        return Closeness.ELSEWHERE
    return _of_spots(one, other) if one.is_spot and other.is_spot else _of_areas(one, other)


def _of_spots(one: Place, other: Place) -> Closeness:
    if _areas_differ(one, other) or (one.numbers and other.numbers and one.numbers.isdisjoint(other.numbers)):
        return Closeness.ELSEWHERE
    shared = one.sides == other.sides and one.spots & other.spots
    if shared and len(one.senses) == len(other.senses) == 1:
        return Closeness.SPOT
    if _same_name(one, other):
        return Closeness.SPOT
    if shared:
        return Closeness.NAMED
    same_area = one.kelurahan is not None and one.kelurahan == other.kelurahan
    if (one.precision == "landmark") != (other.precision == "landmark"):
        return Closeness.AREA if same_area else Closeness.UNKNOWN  # "Jl. Hamka" and "depan pasar" may be one spot
    return Closeness.BESIDE if same_area else Closeness.ELSEWHERE


def _of_areas(one: Place, other: Place) -> Closeness:
    """At least one says no more than an area, or a name that may be one: "kaligawe", the street or the kelurahan."""
    if one.outside and one.senses and one.senses == other.senses:
        return Closeness.NAMED  # one village of another region
    if one.precision == other.precision == "kecamatan":
        same_district = one.kecamatan is not None and one.kecamatan == other.kecamatan
        return Closeness.DISTRICT if same_district else _far(one, other)
    if "kecamatan" not in (one.precision, other.precision) and (_same_name(one, other) or one.senses & other.senses):
        return Closeness.NAMED
    if one.kelurahan is not None and one.kelurahan == other.kelurahan:
        return Closeness.AREA
    return Closeness.DISTRICT if _is_of(one, other) or _is_of(other, one) else _far(one, other)


def _is_of(area: Place, spot: Place) -> bool:
    """Whether a spot has the name of an area: "genuk" and "pasar genuk", but not "genuk indah"."""
    if area.is_spot or area.sides or area.outside or _areas_differ(area, spot) or not area.names:
        return False
    return area.names == spot.names and (area.kecamatan == spot.kecamatan or area.kecamatan is None)


def _far(one: Place, other: Place) -> Closeness:
    return Closeness.ELSEWHERE if _areas_differ(one, other) else Closeness.UNKNOWN


def _areas_differ(one: Place, other: Place) -> bool:
    return _differ(one.kecamatan, other.kecamatan) or _differ(one.kelurahan, other.kelurahan)


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _same_name(one: Place, other: Place) -> bool:
    """One name covers the other ("pandanaran", "jl. pandanaran"), and they are not two kinds ("pasar …", "halte …")."""
    shorter, longer = sorted((one.names, other.names), key=len)
    if not shorter or not shorter <= longer or one.sides != other.sides:
        return False
    if shorter != longer and one.senses and other.senses and one.senses.isdisjoint(other.senses):
        return False  # "pertigaan genuk" and "genuk indah"
    both_landmarks = one.precision == other.precision == "landmark"
    return one.kinds == other.kinds or (both_landmarks and not (one.kinds and other.kinds))


def vagueness(precision: str | None, kelurahan: str | None) -> tuple[int, bool]:
    """The less, the better a place of this precision says where; None is no place."""
    known = PRECISIONS.index(precision) if precision in PRECISIONS else len(PRECISIONS)
    return len(PRECISIONS) + 1 if precision is None else known, kelurahan is None


def phrase(place: Place | None) -> str:
    """The place as a formal title names it, without a preposition; empty where there is none.

    >>> phrase(Place("jl. pandanaran", "street", "Pekunden", "Semarang Tengah"))
    'Jl. Pandanaran, Kel. Pekunden, Kec. Semarang Tengah'
    """
    if place is None:
        return ""
    if place.outside:
        return place.outside
    spot = _formal(f"{place.text} {place.detail}") if place.is_spot else ""
    areas = [f"Kel. {place.kelurahan}" if place.kelurahan else "", f"Kec. {place.kecamatan}" if place.kecamatan else ""]
    return ", ".join(part for part in (spot, *areas) if part)


def _formal(text: str) -> str:
    """The citizen's words for a spot, spelt as an office would."""
    known = language().spellings
    words = [known.get(word.lower().strip(".,"), word[:1].upper() + word[1:].lower()) for word in text.split()]
    spelt = " ".join(words).strip(" ,.;:-")
    return spelt[:1].upper() + spelt[1:]
