"""What the reading of a post knows of the language: slang, Javanese and words of danger, from files that people edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from city.tables import read_table
from classifier.errors import DataRefused


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words and what they are rewritten to."""

    slang: Mapping[str, str]


def load_lexicon(folder: Path) -> Lexicon:
    """Read and check the files of `folder`. Raises DataRefused with file, line and remedy."""
    rows = read_table(folder / "slang.csv", ("word", "meaning", "rewrite"), DataRefused)
    return Lexicon({row.text("word"): row.text("meaning").lower() for row in rows if row.yes("rewrite")})
