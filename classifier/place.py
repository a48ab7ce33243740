"""Where a post says that it is: from the gazetteer of the city, never guessed. A wrong place is worse than none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from city import City
from classifier.normalise import Normalised

Precision = Literal["address", "street", "landmark", "kelurahan", "kecamatan"]


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

    def as_dict(self) -> dict[str, str | None]:
        """The `place` of a prediction as other programs read it."""
        return {
            "kelurahan": self.kelurahan,
            "kecamatan": self.kecamatan,
            "text": self.text,
            "precision": self.precision,
            "outside": self.outside,
            "found_by": self.found_by,
        }


class PlaceFinder:
    """Finds the places of one city. Build it once; it is read-only afterwards."""

    def __init__(self, city: City) -> None:
        self._city = city

    def find(self, normalised: Normalised, original_text: str) -> Place | None:
        """The place that the post is about, or None when text and tables don't settle one."""
        return None
