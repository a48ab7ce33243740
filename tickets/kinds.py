"""What kind of event a post tells of, by its words; the kinds stand in `events.toml`.

Classifying is the classifier's work, and it is sometimes wrong: of one fire it may call one post a fire and the next
one pollution. That both say "terbakar" is seen here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tickets.senses import senses_of

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 3  # words of one phrase
_SHORTEST_BEGINNING = 2  # letters before a *

Words = tuple[frozenset[str], ...]  # ways of telling: phrases that all stand in the post


@dataclass(frozen=True, slots=True)
class Kind:
    """See the remarks in the file."""

    name: str
    lasts: int
    wide: bool
    citywide: bool
    along: frozenset[str]
    words: Words
    unless: Words


@dataclass(frozen=True, slots=True)
class Kinds:
    """All kinds of event by name, and how the past is told."""

    by_name: Mapping[str, Kind]
    vocabulary: frozenset[str]  # all words of all kinds
    past: Words


@lru_cache(maxsize=1)
def known_kinds() -> Kinds:
    with Path(__file__).with_name("events.toml").open("rb") as file:
        told = tomllib.load(file)
    kinds = {name: _kind(name, each) for name, each in told["kind"].items()}
    phrases = [phrase for kind in kinds.values() for way in kind.words for phrase in way]
    vocabulary = frozenset(word.rstrip("*") for phrase in phrases for word in phrase.split())
    return Kinds(kinds, vocabulary, _words(told["past"]["words"]))


def _kind(name: str, told: Mapping[str, object]) -> Kind:
    return Kind(
        name=name,
        lasts=int(str(told["lasts"])),
        wide=bool(told.get("wide")),
        citywide=bool(told.get("citywide")),
        along=frozenset(str(told.get("along", "")).split()),
        words=_words(str(told["words"])),
        unless=_words(str(told.get("unless", ""))),
    )


def _words(listed: str) -> Words:
    return tuple(frozenset(way.replace("+", " ").split("&")) for way in listed.split())


@lru_cache(maxsize=50_000)
def kinds_of(text: str) -> frozenset[str]:
    """The names of the kinds that the words of a post tell of."""
    told = _phrases(text)
    kinds = known_kinds().by_name.values()
    return frozenset(kind.name for kind in kinds if _tells(told, kind.words) and not _tells(told, kind.unless))


@lru_cache(maxsize=50_000)
def tells_of_the_past(text: str) -> bool:
    return _tells(_phrases(text), known_kinds().past)


def _tells(told: frozenset[str], ways: Iterable[frozenset[str]]) -> bool:
    return any(way <= told for way in ways)


@lru_cache(maxsize=1_000)
def _phrases(text: str) -> frozenset[str]:
    """All that can stand in a list and stands in the text: words, neighbours, beginnings of words with a *, senses."""
    words = _WORD.findall(text.lower())
    return frozenset([*_neighbours(words), *_beginnings(words), *(f"@{sense}" for sense in senses_of(text))])


def _neighbours(words: list[str]) -> Iterator[str]:
    for start in range(len(words)):
        for length in range(1, _LONGEST + 1):
            yield " ".join(words[start : start + length])


def _beginnings(words: list[str]) -> Iterator[str]:
    for word in words:
        for end in range(_SHORTEST_BEGINNING, len(word) + 1):
            yield word[:end] + "*"
