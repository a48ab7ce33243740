"""What the model sees of a post: its normal words in their order, and signs that no single word carries."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from classifier.normalise import Normalised
from classifier.place import Place

SIGN = "§"  # begins a unit that is no word; the normaliser leaves no such letter in a word


@dataclass(frozen=True, slots=True)
class Document:
    words: tuple[str, ...]
    signs: tuple[str, ...] = ()

    def units(self) -> dict[str, float]:
        """Words, pairs of neighbours and signs, each with its weight: 1, and a little more when it is said again."""
        counts = Counter(self.words)
        units = {word: 1.0 + math.log(count) for word, count in counts.items()}
        units.update((f"{first} {second}", 1.0) for first, second in zip(self.words, self.words[1:], strict=False))
        units.update((sign, 1.0) for sign in self.signs)
        return units


def document_of(normalised: Normalised, place: Place | None) -> Document:
    return Document(tuple(token.word for token in normalised.tokens), signs_of(normalised, place))


def signs_of(normalised: Normalised, place: Place | None) -> tuple[str, ...]:
    """Who owns the place, whether it lies elsewhere, and which accounts are spoken to."""
    signs = [f"{SIGN}handle {handle}" for handle in dict.fromkeys(normalised.handles)]
    if place is not None and place.authority not in (None, "city"):
        signs.append(f"{SIGN}owner {place.authority}")
    if place is not None and place.outside is not None:
        signs.append(f"{SIGN}outside")
    return tuple(signs)
