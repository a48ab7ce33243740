"""Hashtags → the words that are written together in them: #JalanRusak, #jalanrusak → jalan rusak."""

from __future__ import annotations

import re

from classifier.lexicon import Lexicon

_PARTS = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![^\W\d_A-Z])|\d+")
_SHORTEST_WORD = 3  # shorter pieces would cut any word to bits
_LONGEST_WORD = 16


def hashtag_words(tag: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The words of a hashtag (without #), in small letters: cut at capitals and digits, then where known words end."""
    words: list[str] = []
    for part in _PARTS.findall(tag):
        words += split_words(part.lower(), lexicon)
    return tuple(words)


def split_words(letters: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The fewest known words that `letters` consists of; `letters` itself when there are none, or it is one."""
    if letters.isdigit() or lexicon.knows(letters) or letters in lexicon.words:
        return (letters,)
    best: list[tuple[str, ...] | None] = [(), *[None] * len(letters)]
    for end in range(_SHORTEST_WORD, len(letters) + 1):
        for start in range(max(0, end - _LONGEST_WORD), end - _SHORTEST_WORD + 1):
            before, word = best[start], letters[start:end]
            if before is not None and _is_word(word, lexicon):
                candidate = (*before, word)
                current = best[end]
                if current is None or len(candidate) < len(current):
                    best[end] = candidate
    return best[-1] or (letters,)


def _is_word(word: str, lexicon: Lexicon) -> bool:
    # Roots and the files' words only: a stem may be reached from letters that merely look like affixes.
    return word in lexicon.known or word in lexicon.words or lexicon.stemmer.is_root(word)
