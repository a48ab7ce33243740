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


@dataclass(frozen=True, slots=True)
class Place:
    """A place as the prediction gives it; `text` is the citizen's words for it."""

    text: str
    precision: str
    kelurahan: str | None
    kecamatan: str | None
    detail: str = ""  # house number, RT and RW, as the citizen wrote them
    outside: str | None = None  # the other region it lies in

    @property
    def names(self) -> frozenset[str]:
        """The words of the name itself: neither the kind of place, nor a number."""
        return _sorted(self.text)[0]

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
    return Place(text, precision, *areas, str(content.get("detail") or ""), _name(content.get("outside")))


def _name(value: object) -> str | None:
    return str(value) if value else None


def nearness(one: Place | None, other: Place | None) -> Nearness:
    """Symmetric. Areas that differ are a conflict, and so are two streets, two landmarks, or two numbers in one."""
    if one is None or other is None:
        return Nearness.UNKNOWN
    if one.outside != other.outside:
        return Nearness.CONFLICT
    if _differ(one.kecamatan, other.kecamatan) or _differ(one.kelurahan, other.kelurahan):
        return Nearness.CONFLICT
    same_area = one.kelurahan is not None and one.kelurahan == other.kelurahan
    if not (one.is_spot and other.is_spot):
        # "kaligawe" may be the street or the kelurahan: the name is shared, the spot is not settled.
        named_alike = "kecamatan" not in (one.precision, other.precision) and _same_name(one, other)
        return Nearness.NEAR if same_area or named_alike else Nearness.UNKNOWN
    if one.numbers and other.numbers and one.numbers.isdisjoint(other.numbers):
        return Nearness.CONFLICT
    if _same_name(one, other):
        return Nearness.SAME
    if (one.precision == "landmark") != (other.precision == "landmark"):
        return Nearness.NEAR if same_area else Nearness.UNKNOWN  # "Jl. Hamka" and "depan pasar" may be one spot
    return Nearness.CONFLICT


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _same_name(one: Place, other: Place) -> bool:
    """One name covers the other ("pandanaran", "jl. pandanaran"), and they are not two kinds ("pasar …", "halte …")."""
    shorter, longer = sorted((one.names, other.names), key=len)
    if not shorter or not shorter <= longer or one.sides != other.sides:
        return False
    both_landmarks = one.precision == other.precision == "landmark"
    return one.kinds == other.kinds or (both_landmarks and not (one.kinds and other.kinds))


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
