"""The words of the language that comparing posts and writing titles need, from `language.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Language:
    """See the remarks in the file."""

    filler: frozenset[str]
    beside_names: frozenset[str]
    sides: frozenset[str]
    kinds: frozenset[str]
    numbered: frozenset[str]
    lines: frozenset[str]
    before_spots: frozenset[str]
    no_spots: frozenset[str]
    again: frozenset[str]
    still: frozenset[str]
    looking_back: frozenset[str]
    spellings: Mapping[str, str]


@lru_cache(maxsize=1)
def language() -> Language:
    with Path(__file__).with_name("language.toml").open("rb") as file:
        told = tomllib.load(file)
    listed = {name: frozenset(words.split()) for name, words in told.items() if name != "spellings"}
    return Language(**listed, spellings=told["spellings"])
