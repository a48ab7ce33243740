"""One word on its own → its common form, remembered by word: what a word becomes without looking at its neighbours."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from classifier.affixes import formal
from classifier.lexicon import Lexicon

_CAPACITY = 200_000  # words remembered; when it is full, remembering begins anew
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_DOUBLED_END = re.compile(r"([^\W\d_])\1+$")
_TWICE = re.compile(r"(?P<base>[^\W\d_]{2,})2(?P<tail>nya|an|ne|e|in|kan|lah|ku|mu)?")
_NOT_TWICE = frozenset({"rt", "rw", "km", "no", "blok", "gang", "gg", "jl", "rp", "cm", "kelas", "lantai", "pos", "sp"})
_LETTERS_AND_DIGITS = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_MARKS = re.compile(r"['’‘`]")
_HANGING = re.compile(r"(?P<base>\w+)-(?P<tail>nya|e|ne|an|ku|mu)")


@dataclass(frozen=True, slots=True)
class Form:
    """What a written word consists of, what it becomes, and the last rule that changed it (None: unchanged)."""

    parts: tuple[str, ...]  # the words that are written together in it, not yet rewritten
    becomes: tuple[str, ...]
    rule: str | None


def form_of(written: str, lexicon: Lexicon) -> Form:
    """The form of a written word; remembered, for most words of a post have been seen before."""
    form = lexicon.memory.get(written)
    if isinstance(form, Form):
        return form
    if len(lexicon.memory) >= _CAPACITY:
        lexicon.memory.clear()
    parts = _parts(_plain(written), lexicon)
    becomes, rule = _common(parts[0], lexicon) if len(parts) == 1 else (parts, "written together")
    form = lexicon.memory[written] = Form(parts, becomes, rule)
    return form


def _plain(written: str) -> str:
    """The word in small, plain letters without apostrophes: Jum'at → jumat."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", written)).lower()


def _parts(word: str, lexicon: Lexicon) -> tuple[str, ...]:
    """rt03 → rt 03, 10mnt → 10 mnt, pkl-nya → pkl; other words are one part."""
    if word in lexicon.words or word in lexicon.known:
        return (word,)
    if (hanging := _HANGING.fullmatch(word)) and hanging["base"] != hanging["tail"]:
        return (hanging["base"],)
    if any(letter.isdigit() for letter in word) and not _is_doubled(word):
        return tuple(_LETTERS_AND_DIGITS.findall(word)) or (word,)
    return (word,)


def _is_doubled(word: str) -> bool:
    found = _TWICE.fullmatch(word)
    return found is not None and found["base"] not in _NOT_TWICE


def _common(word: str, lexicon: Lexicon) -> tuple[tuple[str, ...], str | None]:
    """What a single word becomes, and by which rule."""
    if entry := lexicon.words.get(word):
        return entry.becomes, entry.rule
    if word in lexicon.known or word.isdigit():
        return (word,), None
    if _is_doubled(word):
        return (_doubled(word, lexicon),), "doubled by 2"
    shorter = _shortened(word, lexicon)
    if shorter != word:
        return _common(shorter, lexicon)[0], "stretched"
    if lexicon.knows(word):
        return (word,), None
    if changed := formal(word, lexicon):
        return changed.words, changed.rule
    return (word,), None


def _doubled(word: str, lexicon: Lexicon) -> str:
    """jalan2 → jalan-jalan, berkali2 → berkali-kali, org2nya → orang-orangnya."""
    found = _TWICE.fullmatch(word)
    assert found is not None
    base = " ".join(_common(found["base"], lexicon)[0])
    stem = lexicon.stemmer.stem(base)
    again = stem if base != stem and base.endswith(stem) else base
    return f"{base}-{again}{found['tail'] or ''}"


def _shortened(word: str, lexicon: Lexicon) -> str:
    """rusakkk → rusak, maaaf → maaf: the longest way to write it that is known, else with no letter stretched."""
    if not (_STRETCHED.search(word) or _DOUBLED_END.search(word)):
        return word
    if not _STRETCHED.search(word) and lexicon.knows(word):
        return word
    twice = _STRETCHED.sub(r"\1\1", word)
    once = _STRETCHED.sub(r"\1", word)
    for candidate in (twice, once, _DOUBLED_END.sub(r"\1", twice), _DOUBLED_END.sub(r"\1", once)):
        if candidate in lexicon.words or lexicon.knows(candidate):
            return candidate
    return once
