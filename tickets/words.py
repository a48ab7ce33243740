"""How much two posts say the same, whatever place and politeness they share.

Pure and symmetric, and it weighs no word by how often others use it: the answer for two posts never depends on a third,
so that the order of capture cannot change which posts are joined.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tickets.language import language

SHORTEST = 3  # letters of a word that carries meaning
_WORD = re.compile(rf"[^\W\d_]{{{SHORTEST},}}")
_NUMBERED = re.compile(r"\b([^\W\d_]+) ?(\d{1,3}|[ivx]{1,4})\b")
_ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_SPACES = re.compile(r"\W+")
_NOT_SAID = re.compile(r"https?://\S+|[@#]\w+")
_GRAM = 4  # letters: long enough to need a common stem, short enough to pass over affixes and slips of the thumb
_COPY_WORDS = 8  # a sentence that two people write alike by chance is shorter


@lru_cache(maxsize=50_000)
def content_words(text: str, without: frozenset[str] = frozenset()) -> frozenset[str]:
    """The words that carry meaning, in small letters."""
    return frozenset(_WORD.findall(text.lower())) - language().filler - without


@lru_cache(maxsize=50_000)
def _grams(text: str, without: frozenset[str]) -> frozenset[str]:
    words = content_words(text, without)
    return frozenset(word[start : start + _GRAM] for word in words for start in range(max(1, len(word) - _GRAM + 1)))


@lru_cache(maxsize=50_000)
def numbered(text: str) -> frozenset[tuple[str, str]]:
    """What is told apart by a number: ("koridor", "5"), ("smp", "22")."""
    found = _NUMBERED.findall(text.lower())
    return frozenset(
        (noun.removesuffix("n"), in_digits(number)) for noun, number in found if noun in language().numbered
    )


def in_digits(number: str) -> str:
    """ "9" for "ix" and for "09"."""
    return str(_ROMAN.index(number)) if number in _ROMAN[1:] else number.lstrip("0") or "0"


def likeness(one: str, other: str, without: frozenset[str] = frozenset()) -> float:
    """0 (no word in common) to 1 (the same words): cosine over the letter groups of the words that carry meaning.

    `without`: words that do not count, such as those of the place both name.
    """
    grams, others = _grams(one, without), _grams(other, without)
    if not grams or not others:
        return 0.0
    return float(len(grams & others) / (len(grams) * len(others)) ** 0.5)


def copy_of(text: str) -> str | None:
    """What copies of one message have in common; None for a text too short to be told from chance."""
    words = _SPACES.sub(" ", _NOT_SAID.sub(" ", text.lower())).split()
    return " ".join(words) if len(words) >= _COPY_WORDS else None
