"""What a model knows beside its weights: the city it serves and the language its people write, frozen with it."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from city import City, CityError, load_city
from city.changes import as_of
from classifier.errors import DataRefused
from classifier.lexicon import Lexicon, load_lexicon
from classifier.meanings import Meanings, load_concepts
from classifier.place import PlaceFinder
from classifier.stem import Stemmer

_KINDS = frozenset({".csv", ".toml"})
_NOT_READ = frozenset({"watchlist.toml", "replies.toml"})  # the listener's, and the desk's


@dataclass(frozen=True, slots=True)
class Knowledge:
    city: City
    lexicon: Lexicon
    places: PlaceFinder
    meanings: Meanings


def load_knowledge(city_folder: Path, language_folder: Path, day: date | None = None) -> Knowledge:
    """Read both folders; the city is that of `day`, or as its files have it.

    Raises DataRefused with file, line and remedy.
    """
    city = city_of(city_folder, day)
    meanings = Meanings(Stemmer(), load_concepts(language_folder / "concepts.csv"))
    return Knowledge(city, load_lexicon(language_folder), PlaceFinder(city), meanings)


def city_of(folder: Path, day: date | None) -> City:
    """The city as it is on `day`, or as its files have it. Raises DataRefused with file, line and remedy."""
    try:
        city = load_city(folder)
        return as_of(city, day) if day else city
    except CityError as error:
        raise DataRefused(str(error)) from None


def freeze_knowledge(city_folder: Path, language_folder: Path, into: Path) -> str:
    """Copy what `load_knowledge` reads to `into`/city and `into`/language; returns its hash."""
    for name, folder in (("city", city_folder), ("language", language_folder)):
        (into / name).mkdir(parents=True)
        for path in _files(folder):
            shutil.copyfile(path, into / name / path.name)
    return frozen_hash(into)


def frozen_knowledge(folder: Path, day: date) -> Knowledge:
    return load_knowledge(folder / "city", folder / "language", day)


def frozen_hash(folder: Path) -> str:
    return knowledge_hash(folder / "city", folder / "language")


def knowledge_hash(city_folder: Path, language_folder: Path) -> str:
    """A hash of every file that `load_knowledge` reads, with its name."""
    digest = hashlib.sha256()
    for folder in (city_folder, language_folder):
        for path in _files(folder):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.name} {content}\n".encode())
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.glob("*")):
        if path.suffix in _KINDS and path.name not in _NOT_READ:
            yield path
