"""What one post says that tells events apart: senses, spots, numbers of lanes, and whether it is news. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from tickets.language import language
from tickets.senses import means_nothing
from tickets.words import content_words, in_digits

_LANE = re.compile(r"\b(gang|gg|rt|rw|blok|no|km)\b\.?\s*(\d+|[ivx]+)\b", re.IGNORECASE)
_SPELT = {"gg": "gang"}
_WORD = re.compile(r"[^\W\d_]{3,}")
_SPOT_WORDS = 2  # after "depan": what it is, and its name


@lru_cache(maxsize=50_000)
def lanes(text: str) -> frozenset[tuple[str, str]]:
    """("gang", "9"), ("rw", "7"): numbers that tell two spots of one street or kampung apart."""
    found = [(noun.lower(), number.lower()) for noun, number in _LANE.findall(text)]
    return frozenset((_SPELT.get(noun, noun), in_digits(number)) for noun, number in found)


@lru_cache(maxsize=50_000)
def spots(text: str) -> frozenset[str]:
    """What something is in front of or beside: "puskesmas" of "dekat puskesmas"."""
    words, known = _WORD.findall(text.lower()), language()
    after = [words[at + 1 : at + 1 + _SPOT_WORDS] for at, word in enumerate(words) if word in known.before_spots]
    return frozenset(word for few in after for word in few) - known.no_spots


@lru_cache(maxsize=50_000)
def unknown_words(text: str) -> frozenset[str]:
    """The words that carry meaning and that no list of senses has: mostly names."""
    return frozenset(word for word in content_words(text) if means_nothing(word))


@lru_cache(maxsize=50_000)
def says_again(text: str) -> bool:
    return not language().again.isdisjoint(_WORD.findall(text.lower()))


@lru_cache(maxsize=50_000)
def says_still(text: str) -> bool:
    return not language().still.isdisjoint(_WORD.findall(text.lower()))


@lru_cache(maxsize=50_000)
def looks_back(text: str) -> bool:
    return not language().looking_back.isdisjoint(_WORD.findall(text.lower()))
