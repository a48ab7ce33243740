"""What the words of a post mean: "got", "selokan" and "parit" are one sense.

The concepts are those of the classifier's language, as the checkout has them and not as a champion carries them: posts
that stand together do so whatever champion reads the next one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import lru_cache
from math import log, sqrt
from pathlib import Path

from classifier.meanings import Concepts, Meanings, load_concepts
from classifier.stem import Stemmer

_HOME = Path(__file__).parent
_CONCEPTS = _HOME.parent / "training_data" / "language" / "concepts.csv"
_WORD = re.compile(r"[^\W_]+")
_NAMES = "nama_"  # senses that are lists of names


@lru_cache(maxsize=50_000)
def senses_of(text: str) -> frozenset[str]:
    """The senses of the words of `text`, and of its phrases of two words."""
    words = _WORD.findall(text.lower())
    return frozenset(sense for senses in _meanings().concepts_along(words) for sense in senses)


def senses_alike(one: str, other: str) -> tuple[float, float]:
    """How much two texts mean the same: a cosine from 0 to 1, and how much what both mean tells (natural units)."""
    told, told_there = _told(one), _told(other)
    shared = sum(weight * weight for sense, weight in told[0].items() if sense in told_there[0])
    length = told[1] * told_there[1]
    return (shared / length if length else 0.0), sqrt(shared)


@lru_cache(maxsize=50_000)
def _told(text: str) -> tuple[Mapping[str, float], float]:
    weights = _weights()
    told = {sense: weights[sense] for sense in sorted(senses_of(text)) if sense in weights}
    return told, sqrt(sum(weight * weight for weight in told.values()))


@lru_cache(maxsize=50_000)
def means_nothing(word: str) -> bool:
    """Whether a word has no sense beside being a name."""
    return all(sense.startswith(_NAMES) for sense in _concepts().get(word, ()))


@lru_cache(maxsize=1)
def _meanings() -> Meanings:
    return Meanings(Stemmer(), _concepts())


@lru_cache(maxsize=1)
def _concepts() -> Concepts:
    return load_concepts(_CONCEPTS)


@lru_cache(maxsize=1)
def _weights() -> Mapping[str, float]:
    """{sense: how much it tells, by the labelled posts that have it}."""
    with (_HOME / "sense_counts.csv").open(encoding="utf-8", newline="") as file:
        counts = {row["sense"]: int(row["posts"]) for row in csv.DictReader(file)}
    posts = counts.pop("")
    return {sense: log(posts / (1 + count)) for sense, count in counts.items()}
