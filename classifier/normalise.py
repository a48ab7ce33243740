"""A citizen's words → words that a model can compare, each knowing where it stood and why it was changed.

A word goes through these steps, each leaving a line in the trace when it changes something:

1. links, handles, entities and emoji are taken out (an emoji may stand for a word); hashtags are cut into their words;
2. phrases of the lexicon are replaced ("ga nyala");
3. words with a number for doubling are written out (jalan2 → jalan-jalan), stretched words shortened (rusakkk → rusak);
4. slang, short forms and Javanese words are replaced where they mean one thing only;
5. words that mean several things are replaced where their neighbours settle which;
6. informal affixes are brought to the form that the stemmer knows (dibetulin → dibetulkan).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from classifier.hashtags import hashtag_words
from classifier.lexicon import NUMBER, Lexicon
from classifier.pieces import Piece, pieces
from classifier.word_forms import form_of

ENOUGH_JAVANESE = 2  # so many words that are only Javanese make a post Javanese
SHORT_POST = 6  # in a post of so few words, one is enough
_LONGEST_NUMBER = 6  # digits; longer ones name a person, a bill or a device, and are never a word
_LONGEST_PHRASE = 3


class Token(NamedTuple):  # made by the dozen for each post, three times as fast as a frozen dataclass
    """A normal word, and the span of the original text that it stands for."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One change, for the desk: `original` became `became` by `rule`; empty = taken out."""

    original: str
    became: str
    rule: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Normalised:
    """The common form of a text."""

    text: str  # the words, in small letters, between single spaces
    tokens: tuple[Token, ...]
    trace: tuple[Rewrite, ...]
    handles: tuple[str, ...] = ()  # accounts that the text mentions, in small letters, without @


class _Raw(NamedTuple):
    """A word as it was written, before any rule of the lexicon."""

    word: str
    start: int
    end: int


def normalise(text: str, lexicon: Lexicon) -> Normalised:
    """The words of `text` in their common form. Pure: the same text and lexicon give the same answer."""
    trace: list[Rewrite] = []
    found = tuple(pieces(text))
    raw = list(_raw_words(found, lexicon, trace))
    javanese = _is_javanese(raw, lexicon)
    tokens: list[Token] = []
    index = 0
    while index < len(raw):
        length, became, rule = _rewritten(raw, index, lexicon, javanese)
        start, end = raw[index].start, raw[index + length - 1].end
        tokens += (Token(word, start, end) for word in became)
        if rule:
            trace.append(Rewrite(text[start:end], " ".join(became), rule, start, end))
        index += length
    trace.sort(key=lambda rewrite: rewrite.start)
    handles = tuple(piece.text[1:].lower() for piece in found if piece.kind == "handle")
    return Normalised(" ".join(token.word for token in tokens), tuple(tokens), tuple(trace), handles)


def _raw_words(found: Sequence[Piece], lexicon: Lexicon, trace: list[Rewrite]) -> Iterator[_Raw]:
    """The words that `found` holds; what is taken out or cut apart is written down in `trace`."""
    for piece in found:
        words = _words_of(piece, lexicon)
        if piece.kind != "word" and words != (piece.text,):
            trace.append(Rewrite(piece.text, " ".join(words), piece.kind, piece.start, piece.end))
        for word in words:
            yield _Raw(word, piece.start, piece.end)


def _words_of(piece: Piece, lexicon: Lexicon) -> tuple[str, ...]:
    if piece.kind == "word":
        return form_of(piece.text, lexicon).parts
    if piece.kind == "number":
        return (piece.text,) if len(piece.text) <= _LONGEST_NUMBER else ("nomor",)
    if piece.kind == "hashtag":
        return hashtag_words(piece.text[1:], lexicon)
    if piece.kind == "emoji" and (word := lexicon.emoji.get(piece.text)):
        return (word,)
    return ()


def _is_javanese(raw: Sequence[_Raw], lexicon: Lexicon) -> bool:
    hits = len({word.word for word in raw if word.word in lexicon.javanese})
    return hits >= ENOUGH_JAVANESE or (hits == 1 and len(raw) <= SHORT_POST)


def _rewritten(
    raw: Sequence[_Raw], index: int, lexicon: Lexicon, javanese: bool
) -> tuple[int, tuple[str, ...], str | None]:
    """How many words from `index` on are taken together, what they become, and by which rule (None: unchanged)."""
    word = raw[index].word
    if word in lexicon.phrase_starts:
        for length in range(_LONGEST_PHRASE, 1, -1):
            phrase = tuple(part.word for part in raw[index : index + length])
            if len(phrase) == length and (entry := lexicon.phrases.get(phrase)):
                return length, entry.becomes, entry.rule
    if word in lexicon.contexts:
        before = _neighbour(raw, index - 1)
        after = _neighbour(raw, index + 1)
        for context in lexicon.contexts[word]:
            if context.fits(before, after, javanese):
                return 1, context.becomes, "context" if context.becomes != (word,) else None
        return 1, (word,), None
    if javanese and word in lexicon.in_javanese:
        return 1, lexicon.in_javanese[word].becomes, "javanese"
    form = form_of(word, lexicon)
    return 1, form.becomes, form.rule


def _neighbour(raw: Sequence[_Raw], index: int) -> str:
    if not 0 <= index < len(raw):
        return ""
    word = raw[index].word
    return NUMBER if word[0].isdigit() else word
