"""Finding the names of places in a post: boundaries checked, the longest wins, weak names only where they are led.

What the names mean together is decided in `place`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classifier.gazetteer import Gazetteer, Level, Name, Sense, Trust
from classifier.place_words import (
    DIRECTIONS,
    JUNCTION_LEADS,
    KECAMATAN_LEADS,
    KELURAHAN_LEADS,
    LANDMARK_LEADS,
    LEADS,
    LOCATIVES,
    SMALL_WORDS,
    STOP_LEADS,
    STREET_LEADS,
    STREET_TAILS,
    PlaceWord,
    place_words,
)

_INSIDE_A_NAME = re.compile(r"[ \t.\-/'’]*")  # what may stand between the words of one name; a comma or a line may not
_ENDINGS = frozenset({"e", "ne", "nya"})  # Javanese and Indonesian "its", written together with a name
_JOINED_BEFORE = frozenset({"di", "ke"})  # "ditlogosari"
_SHORTEST_JOINED = 6  # letters of a name that may be written apart, together or with an ending


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in a post, with the senses that its lead leaves open."""

    first: int  # index of its first word, leads included
    last: int  # one past its last word
    start: int  # its span in the post
    end: int
    level: Level
    senses: tuple[Sense, ...]
    direction: bool  # only where a way leads, or where somebody comes from
    led: bool  # a word for street, market, kelurahan … stands before it


def find_mentions(text: str, gazetteer: Gazetteer) -> list[Mention]:
    """The places that `text` names, in its order, none overlapping another."""
    words = place_words(text)
    if not words:
        return []
    found = sorted(_names(words, text, gazetteer), key=lambda hit: (hit[0] - hit[1], hit[0]))
    taken: set[int] = set()
    mentions = []
    for first, last, name in found:
        if taken.isdisjoint(range(first, last)):
            taken.update(range(first, last))
            mentions.append((first, last, name))
    mentions.sort(key=lambda hit: hit[0])
    return [_mention(words, first, last, name, taken) for first, last, name in mentions]


def _names(words: Sequence[PlaceWord], text: str, gazetteer: Gazetteer) -> Iterator[tuple[int, int, Name]]:
    """Every believable name as (first word, one past the last word, name)."""
    letters = "".join(word.word for word in words)
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    position = 0
    for index, word in enumerate(words):
        starts[position] = index
        position += len(word.word)
        ends[position] = index + 1
    for begin, end, names in gazetteer.find(letters):
        first = starts.get(begin)
        last = ends.get(end)
        joined = False
        if end - begin >= _SHORTEST_JOINED:
            if first is None and letters[begin - 2 : begin] in _JOINED_BEFORE:
                first, joined = starts.get(begin - 2), True
            if last is None:
                last = next((ends[end + len(e)] for e in _ENDINGS if letters.startswith(e, end) and end + len(e) in ends), None)
        if first is None or last is None or not _one_name(words, first, last, text):
            continue
        written = tuple(word.word for word in words[first:last])
        for name in names:
            if _spelled(written, name, joined) and _believable(words, first, name, text, joined):
                yield first, last, name


def _one_name(words: Sequence[PlaceWord], first: int, last: int, text: str) -> bool:
    return all(
        _INSIDE_A_NAME.fullmatch(text, words[index].end, words[index + 1].start) for index in range(first, last - 1)
    )


def _spelled(written: tuple[str, ...], name: Name, joined: bool) -> bool:
    """Whether the words are this name, be it written apart or together: never by chance over words of their own."""
    if written == name.words:
        return True
    if sum(map(len, name.words)) < _SHORTEST_JOINED:
        return False
    return len(written) <= len(name.words) or all(len(word) > 2 and word not in SMALL_WORDS for word in written)


def _believable(words: Sequence[PlaceWord], first: int, name: Name, text: str, joined: bool) -> bool:
    if name.trust == Trust.ALONE or joined:
        return True
    before = words[first - 1].word if first else ""
    if before in LEADS:
        return True
    if name.trust == Trust.LOCATED:
        return before in LOCATIVES
    word = text[words[first].start : words[first].end]
    return before in LOCATIVES and word[0].isupper() and not word.isupper()


def _mention(words: Sequence[PlaceWord], first: int, last: int, name: Name, taken: set[int]) -> Mention:
    """The mention with the words that lead and follow it, and the senses that its lead leaves."""
    lead = words[first - 1].word if first and first - 1 not in taken else ""
    senses, level = _senses_after(lead, name)
    begin = first
    if lead in LEADS and lead not in KELURAHAN_LEADS | KECAMATAN_LEADS and level in ("street", "landmark"):
        begin = first - 1
    while level == "street" and last < len(words) and last not in taken and words[last].word in STREET_TAILS:
        last += 1
    before = words[begin - 1].word if begin else ""
    return Mention(
        begin, last, words[begin].start, words[last - 1].end, level, senses, before in DIRECTIONS, lead in LEADS
    )


def _senses_after(lead: str, name: Name) -> tuple[tuple[Sense, ...], Level]:
    """The senses that the word before a name leaves, and what kind of place it makes of it."""
    def only(*levels: Level) -> tuple[Sense, ...]:
        return tuple(sense for sense in name.senses if sense.level in levels)

    if lead in KELURAHAN_LEADS and (left := only("kelurahan")):
        return left, "kelurahan"
    if lead in KECAMATAN_LEADS and (left := only("kecamatan")):
        return left, "kecamatan"
    senses = tuple(name.senses)
    if any(sense.level == "outside" for sense in senses):
        return only("outside"), "outside"
    if lead in STREET_LEADS:
        return only("street") or senses, "street"
    if lead in LANDMARK_LEADS | JUNCTION_LEADS | STOP_LEADS:
        return senses, "landmark"
    return senses, senses[0].level if len(senses) == 1 else _common_level(senses)


def _common_level(senses: Sequence[Sense]) -> Level:
    """The level of a name with several senses: the widest area that it may mean."""
    for level in ("kecamatan", "kelurahan", "landmark"):
        if any(sense.level == level for sense in senses):
            return level
    return "street"
