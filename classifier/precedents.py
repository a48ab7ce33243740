"""Labelled posts that are most like a text: what people decided in cases of the same words.

Texts of real citizens never go into a model's folder, so they are looked up in the labels at hand.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from classifier.frozen import TRAIN_FILE
from classifier.labels import read_labels
from classifier.lexicon import load_lexicon
from classifier.normalise import normalise

_LEAST_ALIKE = 0.15


@dataclass(frozen=True, slots=True)
class Precedent:
    id: str
    text: str
    category: str | None  # None = no complaint
    opd: str | None
    likeness: float  # cosine of the normal words, rare ones heavier

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "likeness": round(self.likeness, 3)}


def nearest(words: str, labels: Path, language: Path, count: int = 3) -> list[Precedent]:
    """The posts of the training labels most like `words` (a normalised text), the likest first."""
    path = labels / TRAIN_FILE
    if not path.exists():
        return []
    lexicon = load_lexicon(language)
    posts, _ = read_labels(path)
    texts = [frozenset(normalise(post.text, lexicon).text.split()) for post in posts]
    seen = Counter(word for text in texts for word in text)
    rarity = {word: math.log((1 + len(texts)) / (1 + posts_with)) + 1 for word, posts_with in seen.items()}
    asked = frozenset(words.split())

    def length(text: frozenset[str]) -> float:
        return math.sqrt(sum(rarity.get(word, rarity_of_new) ** 2 for word in text)) or 1.0

    rarity_of_new = math.log(1 + len(texts)) + 1
    found = []
    for post, text in zip(posts, texts, strict=True):
        common = sum(rarity[word] ** 2 for word in asked & text)
        if common and (likeness := common / (length(asked) * length(text))) >= _LEAST_ALIKE:
            found.append(Precedent(post.id, " ".join(post.text.split()), post.category, post.opd, likeness))
    return sorted(found, key=lambda precedent: (-precedent.likeness, precedent.id))[:count]
