"""Where a post says that it is: from the gazetteer of the city, never guessed. A wrong place is worse than none.

Of several places named the most precise is taken, and the others narrow down in which kelurahan and kecamatan it lies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from city import City
from classifier.gazetteer import Gazetteer
from classifier.mentions import Mention, find_mentions
from classifier.normalise import Normalised

Precision = Literal["address", "street", "landmark", "kelurahan", "kecamatan"]

_RANK = {"street": 4, "landmark": 4, "kelurahan": 3, "kecamatan": 2, "outside": 1}
_IN_ANOTHER_REGION = 5  # "jalan Boja", "Jl Diponegoro Ungaran": what is told lies there, whatever else is named
_BESIDE = 3  # words between two places that are told of as one
_ADDRESS = re.compile(
    r"(?=.)(?:[\s,.]*\b(?:no|nomor|nmr)\b[\s.:]*\d{1,4}[a-z]?\b)?"
    r"(?:[\s,.(]*\b(?:rt|rw)[\s.:]*\d{1,3}\b(?:[\s/,]*(?:rt|rw)?[\s.:]*\d{1,3}\b)?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place as far as text and tables settle it."""

    text: str  # the citizen's words for it
    precision: Precision
    kelurahan: str | None
    kecamatan: str | None
    authority: str | None  # whose it is: "city", a code of another authority, or None = unknown
    outside: str | None  # the other region it lies in; None = in the city
    found_by: str  # the rule, for the desk
    detail: str | None = None  # house number, RT and RW as the citizen wrote them

    def as_dict(self) -> dict[str, str | None]:
        """The `place` of a prediction as other programs read it."""
        return {
            "kelurahan": self.kelurahan,
            "kecamatan": self.kecamatan,
            "text": self.text,
            "precision": self.precision,
            "detail": self.detail,
            "outside": self.outside,
            "found_by": self.found_by,
        }


class PlaceFinder:
    """Finds the places of one city. Build it once; it is read-only afterwards."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._gazetteer = Gazetteer(city)

    def find(self, normalised: Normalised, original_text: str) -> Place | None:
        """The place that the post is about, or None when text and tables don't settle one.

        Names are looked for in the citizen's own words, which `normalised` may have changed beyond recognition.
        """
        if not normalised.tokens:
            return None  # nothing but links and handles
        mentions = find_mentions(original_text, self._gazetteer)
        if not mentions:
            return None
        main = _main(mentions)
        if main.level == "outside":
            return self._outside(main, original_text)
        kelurahan, kecamatan = self._settle(main, mentions)
        return self._place(main, kelurahan, kecamatan, original_text)

    def _outside(self, main: Mention, text: str) -> Place | None:
        sense = main.senses[0]
        if sense.far or main.direction:
            return None
        words = text[main.start : main.end]
        return Place(words, "kecamatan", None, None, sense.authority, sense.outside, f"outside: {sense.name}")

    def _settle(self, main: Mention, mentions: Iterable[Mention]) -> tuple[str | None, str | None]:
        """The one kelurahan and the one kecamatan that all that is named agrees on, if there is one."""
        codes, districts = _areas(main)
        for other in mentions:
            if other is main or not _tells_more(other, main):
                continue
            other_codes, other_districts = _areas(other)
            if districts and other_districts and not districts & other_districts:
                continue
            if codes and other_codes:
                codes = codes & other_codes or codes
            elif not codes and other.level == "kelurahan":
                codes = other_codes
            if other_districts:
                districts = districts & other_districts or other_districts
        if len(districts) == 1:
            codes = frozenset(code for code in codes if self._city.kelurahan[code].kecamatan in districts)
        of_codes = frozenset(self._city.kelurahan[code].kecamatan for code in codes)
        districts = of_codes or districts
        kelurahan = self._city.kelurahan[next(iter(codes))].name if len(codes) == 1 else None
        return kelurahan, next(iter(districts)) if len(districts) == 1 else None

    def _place(self, main: Mention, kelurahan: str | None, kecamatan: str | None, text: str) -> Place:
        assert main.level != "outside"
        detail = _address_after(main, text)
        precision: Precision = "address" if detail else main.level
        owners = {sense.authority for sense in main.senses}
        owner = owners.pop() if len(owners) == 1 and main.level in ("street", "landmark") else None
        names = " / ".join(dict.fromkeys(f"{sense.level} {sense.name}" for sense in main.senses))
        return Place(text[main.start : main.end], precision, kelurahan, kecamatan, owner, None, names, detail)


def _address_after(main: Mention, text: str) -> str | None:
    """The house number, RT and RW that stand right behind a street or landmark, as the citizen wrote them."""
    if main.level not in ("street", "landmark"):
        return None
    address = _ADDRESS.match(text, main.end)
    return (address[0].strip(" ,.(") or None) if address else None


def _tells_more(other: Mention, main: Mention) -> bool:
    """Whether `other` narrows down where `main` lies: an area that is named, or what stands right beside it."""
    if other.direction or other.level == "outside":
        return False
    beside = min(abs(other.first - main.last), abs(main.first - other.last)) <= _BESIDE
    return beside or other.level in ("kelurahan", "kecamatan")


def _main(mentions: Sequence[Mention]) -> Mention:
    """The mention that says most precisely where: no mere direction if there is another, then the first."""
    return max(mentions, key=lambda mention: (not mention.direction, _rank(mention, mentions), -mention.first))


def _rank(mention: Mention, mentions: Sequence[Mention]) -> int:
    if mention.level != "outside":
        return _RANK[mention.level]
    holds_another = any(
        (other.last == mention.first and other.level in ("street", "landmark"))
        or (mention.last == other.first and other.level == "street")
        for other in mentions
    )
    return _IN_ANOTHER_REGION if mention.led or holds_another else _RANK["outside"]


def _areas(mention: Mention) -> tuple[frozenset[str], frozenset[str]]:
    """The kelurahan and kecamatan that a mention may lie in; empty when a sense leaves them open."""
    codes = [sense.kelurahan for sense in mention.senses]
    districts = [sense.kecamatan for sense in mention.senses]
    return (
        frozenset().union(*codes) if all(codes) else frozenset(),
        frozenset().union(*districts) if all(districts) else frozenset(),
    )
