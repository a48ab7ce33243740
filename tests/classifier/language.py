"""The shipped lexicons and city, read once for all stories of the text side."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from city import City, load_city
from classifier.lexicon import Lexicon, load_lexicon
from classifier.place import PlaceFinder

ROOT = Path(__file__).parents[2]
LANGUAGE = ROOT / "training_data" / "language"
SMALL_CITY = ROOT / "tests" / "city" / "kota_awan"


@cache
def lexicon() -> Lexicon:
    return load_lexicon(LANGUAGE)


@cache
def shipped_city() -> City:
    return load_city(ROOT / "city" / "semarang")


@cache
def finder() -> PlaceFinder:
    return PlaceFinder(shipped_city())


@cache
def small_finder() -> PlaceFinder:
    return PlaceFinder(load_city(SMALL_CITY))
