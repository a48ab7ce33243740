"""Informal and Javanese affixes → the form that the stemmer knows: dibetulin → dibetulkan, lampune → lampunya.

A word is changed only when what is left without the affix is known to the lexicon or to Indonesian: names, and what
nobody knows, stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from classifier.lexicon import Lexicon

_SHORTEST_ROOT = 3
_VOWELS = "aeiou"
_CAUSATIVE = r"(?:in|ke|no|ake|aken|akn)"
_NEGATION = re.compile(r"(?:nggak|ngga|gak|ga|ndak|tdk|ora|rak)(?P<rest>\w{4,})|ra(?P<long>\w{5,})")


class Formal(NamedTuple):
    """The formal words for an informal one, and the rule that made them."""

    words: tuple[str, ...]
    rule: str


def formal(word: str, lexicon: Lexicon) -> Formal | None:
    """The formal form of an unknown `word`, or None when no rule leads to a word that is known."""
    for rule, change in _RULES:
        for words in change(word, lexicon):
            return Formal(words, rule)
    return None


def active(root: str) -> str:
    """`root` with the prefix me- as Indonesian joins it.

    >>> [active(root) for root in ("tabrak", "cuci", "buang", "kebut", "cek", "sapu", "ambil", "pukul")]
    ['menabrak', 'mencuci', 'membuang', 'mengebut', 'mengecek', 'menyapu', 'mengambil', 'memukul']
    """
    first, rest = root[0], root[1:]
    if sum(letter in _VOWELS for letter in root) == 1:
        return "menge" + root
    if first in "kpts":
        return {"k": "meng", "p": "mem", "t": "men", "s": "meny"}[first] + rest
    if first in _VOWELS + "gh":
        return "meng" + root
    if first in "bfv":
        return "mem" + root
    return ("men" if first in "cdjz" else "me") + root


def _root(base: str, lexicon: Lexicon) -> str | None:
    """The common word for `base` (slang and Javanese included), if there is one."""
    if len(base) < _SHORTEST_ROOT:
        return None
    entry = lexicon.words.get(base) or lexicon.in_javanese.get(base)
    if entry is not None:
        return _bare(entry.becomes[0], lexicon) if len(entry.becomes) == 1 else None
    return base if lexicon.knows(base) else None


def _bare(word: str, lexicon: Lexicon) -> str:
    """The word without me- or ber-, before another prefix is joined to it: gawe → membuat → buat."""
    return lexicon.stemmer.stem(word) if word.startswith(("me", "ber")) and lexicon.stemmer.knows(word) else word


def _passive(word: str, lexicon: Lexicon) -> Iterator[tuple[str, ...]]:
    """dibetulin → dibetulkan, dilaporke → dilaporkan, diresiki → dibersihkan."""
    if (found := re.fullmatch(rf"di(\w+?){_CAUSATIVE}", word)) and (root := _root(found[1], lexicon)):
        yield (f"di{root}kan",)
    if found := re.fullmatch(r"di(\w+?)(i|kan)?", word):
        root = _root(found[1], lexicon)
        if root and root != found[1]:
            yield (f"di{root}{'kan' if found[2] else ''}",)


def _accidental(word: str, lexicon: Lexicon) -> Iterator[tuple[str, ...]]:
    """ketabrak → tertabrak, kejebak → terjebak."""
    if word.startswith("ke") and (root := _root(word[2:], lexicon)):
        yield (f"ter{root}",)


def _nasal(word: str, lexicon: Lexicon) -> Iterator[tuple[str, ...]]:
    """ngebut → mengebut, nabrak → menabrak, nyuci → mencuci, mbuang → membuang, ngebenerin → membenarkan."""
    for base, tail in _without_causative(word):
        for candidate in _before_nasal(base):
            if root := _root(candidate, lexicon):
                joined = active(root) + tail
                yield (joined if lexicon.stemmer.stem(joined) == lexicon.stemmer.stem(root) else root,)


def _without_causative(word: str) -> Iterator[tuple[str, str]]:
    yield word, ""
    if found := re.fullmatch(rf"(\w+?){_CAUSATIVE}", word):
        yield found[1], "kan"
    if word.endswith("i"):
        yield word[:-1], "i"


def _before_nasal(word: str) -> Iterator[str]:
    """The roots that a nasal prefix may have made `word` from, likeliest first."""
    if word.startswith("nge"):
        yield word[3:]
    if word.startswith("ng"):
        yield word[2:]
        yield "k" + word[2:]
    elif word.startswith("ny"):
        yield "c" + word[2:]
        yield "s" + word[2:]
    elif word.startswith("n"):
        yield word[1:] if word[1:2] in ("d", "t", "j", "c", "g") else "t" + word[1:]
    elif word.startswith("m"):
        yield word[1:] if word[1:2] in ("b", "p") else "p" + word[1:]


def _causative(word: str, lexicon: Lexicon) -> Iterator[tuple[str, ...]]:
    """benerin → benarkan, laporke → laporkan."""
    if (found := re.fullmatch(rf"(\w{{4,}}?){_CAUSATIVE}", word)) and (root := _root(found[1], lexicon)):
        yield (f"{root}kan",)


def _possessive(word: str, lexicon: Lexicon) -> Iterator[tuple[str, ...]]:
    """lampune → lampunya, jalane → jalannya, jlnnya → jalannya."""
    if word.endswith("nya"):
        root = _root(word[:-3], lexicon)
    elif word.endswith("ne") and word[-3:-2] in tuple(_VOWELS):
        root = _root(word[:-2], lexicon) or _root(word[:-1], lexicon)
    elif word.endswith("e") and word[-2:-1] not in tuple(_VOWELS):
        root = _root(word[:-1], lexicon)
    else:
        return
    if root:
        yield (f"{root}nya",)


def _mine(word: str, lexicon: Lexicon) -> Iterator[tuple[str, ...]]:
    """omahku → rumahku, when the word itself is slang or Javanese."""
    if found := re.fullmatch(r"(\w+?)(ku|mu|lah|kah|an)", word):
        root = _root(found[1], lexicon)
        if root and root != found[1]:
            yield (root + found[2],)


def _by_me(word: str, lexicon: Lexicon) -> Iterator[tuple[str, ...]]:
    """taklaporke → saya laporkan."""
    if not word.startswith("tak"):
        return
    rest = word[3:]
    if root := _root(rest, lexicon):
        yield ("saya", root)
    for words in _causative(rest, lexicon):
        yield ("saya", *words)


def _joined_negation(word: str, lexicon: Lexicon) -> Iterator[tuple[str, ...]]:
    """gaada → tidak ada, ranyala → tidak nyala."""
    if (found := _NEGATION.fullmatch(word)) and (root := _root(found["rest"] or found["long"], lexicon)):
        yield ("tidak", root)


_RULES: tuple[tuple[str, Callable[[str, Lexicon], Iterator[tuple[str, ...]]]], ...] = (
    ("di-…-in", _passive),
    ("-e, -ne, -nya", _possessive),
    ("ng-, ny-, n-, m-", _nasal),
    ("-in, -ke", _causative),
    ("ke-", _accidental),
    ("-ku, -mu", _mine),
    ("tak-", _by_me),
    ("joined negation", _joined_negation),
)
