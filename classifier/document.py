"""What the model sees of a post: its normal words in their order, and signs that no single word carries."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from classifier.meanings import Meanings
from classifier.normalise import Normalised
from classifier.place import Place
from classifier.priority import Priority

_AREAS = frozenset({"kelurahan", "kecamatan", "desa"})
_NEIGHBOURHOODS = frozenset({"rt", "rw"})
_RETWEET = re.compile(r"rt\s*:?\s*@", re.IGNORECASE)

_NEAR = 6  # words within which two concepts stand near each other

SIGN = "§"  # begins a unit that is no word; the normaliser leaves no such letter in a word
CONCEPTS = f"{SIGN}&"  # begins a sign of two concepts


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


def document_of(
    text: str, normalised: Normalised, place: Place | None, danger: Priority, meanings: Meanings
) -> Document:
    words = tuple(_words(text, normalised, meanings))
    return Document(words, (*signs_of(normalised, place, danger), *concept_pairs(words, meanings)))


def concept_pairs(words: Sequence[str], meanings: Meanings) -> list[str]:
    """A sign for any two concepts that stand near each other, each once: a lamp that is dark, a house that is."""
    near = meanings.concepts_along(words)
    found: dict[str, None] = {}
    for place, concepts in enumerate(near):
        for others in near[place : place + _NEAR] if concepts else ():
            found.update((_sign_of(one, other), None) for one in concepts for other in others if other != one)
    return sorted(found)


@lru_cache(maxsize=200_000)  # one string for all posts
def _sign_of(one: str, other: str) -> str:
    return f"{CONCEPTS}{min(one, other)} {max(one, other)}"


def _words(text: str, normalised: Normalised, meanings: Meanings) -> Iterator[str]:
    """The words without those that only say where: "RT 05/RW 07 kelurahan X" is an address, no matter of an office.

    A kelurahan is taken to be named when the next word is none of the language. And `RT @` is a retweet.
    """
    tokens = normalised.tokens
    before = ""
    for place, token in enumerate(tokens):
        word, after = token.word, tokens[place + 1].word if place + 1 < len(tokens) else ""
        if word in _NEIGHBOURHOODS:
            is_address = after.isdigit() or after in _NEIGHBOURHOODS or _RETWEET.match(text, token.start) is not None
        elif word.isdigit():
            is_address = before in _NEIGHBOURHOODS
        else:
            is_address = word in _AREAS and after != "" and not meanings.knows(after)
        # A number after RT 05 stands for the RW that nobody writes out: "RT 05/07".
        before = before if is_address and word.isdigit() else word
        if not is_address:
            yield word


def signs_of(normalised: Normalised, place: Place | None, danger: Priority) -> tuple[str, ...]:
    """Who owns the place, whether it lies elsewhere, which accounts are spoken to, and which danger is told of."""
    signs = [f"{SIGN}handle {handle}" for handle in dict.fromkeys(normalised.handles)]
    if place is not None and place.authority not in (None, "city"):
        signs.append(f"{SIGN}owner {place.authority}")
    if place is not None and place.outside is not None:
        signs.append(f"{SIGN}outside")
    if danger.rule is not None:
        signs.append(f"{SIGN}danger {danger.rule}")
    return tuple(signs)
