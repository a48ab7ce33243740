"""A citizen's words → words that a model can compare, each knowing where it stood and why it was changed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from classifier.lexicon import Lexicon

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Token:
    """A normal word, and the span of the original text that it stands for."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One change, for the desk: `original` became `became` by `rule`."""

    original: str
    became: str
    rule: str


@dataclass(frozen=True, slots=True)
class Normalised:
    text: str  # the words, in small letters, between single spaces
    tokens: tuple[Token, ...]
    trace: tuple[Rewrite, ...]


def normalise(text: str, lexicon: Lexicon) -> Normalised:
    """The words of `text` in their common form. Pure: the same text and lexicon give the same answer."""
    tokens: list[Token] = []
    trace: list[Rewrite] = []
    for found in _WORD.finditer(text):
        word = found[0].lower()
        became = lexicon.slang.get(word, word)
        if became != word:
            trace.append(Rewrite(word, became, "slang"))
        tokens += (Token(part, found.start(), found.end()) for part in became.split())
    return Normalised(" ".join(token.word for token in tokens), tuple(tokens), tuple(trace))
