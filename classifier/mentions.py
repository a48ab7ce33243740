"""Finding the names of places in a post: boundaries checked, the longest wins, weak names only where they are led.

What the names mean together is decided in `place`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classifier.gazetteer import Gazetteer, Name
from classifier.place_names import Level, Sense, Trust
from classifier.place_words import (
    AREA_LEADS,
    DIRECTIONS,
    ELSEWHERE,
    JUNCTION_LEADS,
    KECAMATAN_LEADS,
    KELURAHAN_LEADS,
    LANDMARK_LEADS,
    LEADS,
    LOCATIVES,
    RT_RW,
    SMALL_WORDS,
    STOP_LEADS,
    STREET_LEADS,
    STREET_TAILS,
    STREET_THINGS,
    PlaceWord,
    place_words,
)

_INSIDE_A_NAME = re.compile(r"[ \t.\-/'’]*")  # what may stand between the words of one name; a comma or a line may not
_ENDINGS = ("nya", "ne", "e")  # Javanese and Indonesian "its", written together with a name
_JOINED_BEFORE = frozenset({"di", "ke"})  # "ditlogosari"
_LONGEST_SHORT_FORM = 3  # letters of jln., the longest short form before a street's name
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
    for first, last, name in (*found, *_unknown_streets(words, text, gazetteer)):
        if taken.isdisjoint(range(first, last)):
            taken.update(range(first, last))
            mentions.append((first, last, name))
    mentions.sort(key=lambda hit: hit[0])
    return [
        _mention(words, first, last, name, taken)
        for first, last, name in mentions
        if name.senses and not _is_elsewhere(words, first)
    ]


def _names(words: Sequence[PlaceWord], text: str, gazetteer: Gazetteer) -> Iterator[tuple[int, int, Name]]:
    """Every believable name as (first word, one past the last word, name)."""
    letters = "".join(word.word for word in words)
    edges = _Edges.of(words)
    for begin, end, names in gazetteer.find(letters):
        long = end - begin >= _SHORTEST_JOINED
        first, last = edges.first(begin, letters, long), edges.last(end, letters, long)
        if first is None or last is None or not _one_name(words, first, last, text):
            continue
        written = tuple(word.word for word in words[first:last])
        joined = begin not in edges.starts
        for name in names:
            if _spelled(written, name) and (joined or _believable(words, first, last, name, text)):
                yield first, last, name


@dataclass(frozen=True, slots=True)
class _Edges:
    """Where the words of a post begin and end, in letters without spaces → index of the word, one past it."""

    starts: dict[int, int]
    ends: dict[int, int]

    @classmethod
    def of(cls, words: Sequence[PlaceWord]) -> _Edges:
        edges = cls({}, {})
        position = 0
        for index, word in enumerate(words):
            edges.starts[position] = index
            position += len(word.word)
            edges.ends[position] = index + 1
        return edges

    def first(self, begin: int, letters: str, long: bool) -> int | None:
        """The word that begins at `begin`; for a long name also one with di or ke written together with it."""
        if begin not in self.starts and long and letters[begin - 2 : begin] in _JOINED_BEFORE:
            return self.starts.get(begin - 2)
        return self.starts.get(begin)

    def last(self, end: int, letters: str, long: bool) -> int | None:
        """One past the word that ends at `end`; for a long name also one with an ending."""
        if end in self.ends or not long:
            return self.ends.get(end)
        return next((self.ends.get(end + len(tail)) for tail in _ENDINGS if letters.startswith(tail, end)), None)


def _unknown_streets(words: Sequence[PlaceWord], text: str, gazetteer: Gazetteer) -> Iterator[tuple[int, int, Name]]:
    """Streets that no table holds: capitals after the word for street, and no words of the language."""
    for first, word in enumerate(words[:-1]):
        if word.word not in STREET_LEADS:
            continue
        if text[word.end : word.end + 1] == "." and word.end - word.start > _LONGEST_SHORT_FORM:
            continue  # "di jalan. Suwun": a sentence that ends, not a short form
        last = first + 1
        while last < min(len(words), first + 4) and _names_a_street(words, last, text, gazetteer):
            last += 1
        if last > first + 1:
            written = text[word.start : words[last - 1].end]
            sense = Sense("street", written)
            yield first, last, Name(tuple(part.word for part in words[first:last]), Trust.ALONE, [sense])


def _names_a_street(words: Sequence[PlaceWord], index: int, text: str, gazetteer: Gazetteer) -> bool:
    if words[index].word in LEADS:
        return False
    written = text[words[index].start : words[index].end]
    if len(written) <= 2 or not written[0].isupper() or written.isupper():
        return False
    if words[index - 1].word in STREET_LEADS:  # the first word proves it, the others follow: "Jl. Kyai Mojo"
        return _one_name(words, index - 1, index + 1, text) and not gazetteer.knows(written.lower())
    return text[words[index - 1].end : words[index].start] == " "


def _is_elsewhere(words: Sequence[PlaceWord], first: int) -> bool:
    """Whether the words before say that nothing lies there: "lulusan Undip", "kayak di Simpang Lima"."""
    before = [word.word for word in words[max(0, first - 2) : first]]
    return bool(before) and (before[-1] in ELSEWHERE or (before[0] in ELSEWHERE and before[-1] in LOCATIVES))


def _one_name(words: Sequence[PlaceWord], first: int, last: int, text: str) -> bool:
    return all(
        _INSIDE_A_NAME.fullmatch(text, words[index].end, words[index + 1].start) for index in range(first, last - 1)
    )


def _spelled(written: tuple[str, ...], name: Name) -> bool:
    """Whether the words are this name, be it written apart or together: never by chance over words of their own."""
    if written == name.words:
        return True
    if sum(map(len, name.words)) < _SHORTEST_JOINED:
        return False
    return len(written) <= len(name.words) or all(len(word) > 2 and word not in SMALL_WORDS for word in written)


def _believable(words: Sequence[PlaceWord], first: int, last: int, name: Name, text: str) -> bool:
    """Whether what stands around a name gives it the trust that it needs."""
    if name.trust == Trust.ALONE:
        return True
    before = words[first - 1].word if first else ""
    if before in AREA_LEADS or _beside_rt_rw(words, first, last):
        return True
    if name.trust != Trust.CAPITAL:
        return before in LOCATIVES or (name.trust == Trust.START and first == 0)
    if before in STREET_THINGS and any(sense.level == "street" for sense in name.senses):
        return True
    word = text[words[first].start : words[first].end]
    capital = word[0].isupper() and not word.isupper()
    located = before in LOCATIVES - STREET_LEADS or text[: words[first].start].endswith("(")
    return capital and located


def _beside_rt_rw(words: Sequence[PlaceWord], first: int, last: int) -> bool:
    """Whether RT or RW stands beside a name, as it does beside that of a kelurahan: "Kudu RW 4", "RW 02 Kudu"."""
    after = words[last].word if last < len(words) else ""
    before = words[first - 2].word if first > 1 and words[first - 1].word.isdigit() else ""
    return after in RT_RW or before in RT_RW


def _mention(words: Sequence[PlaceWord], first: int, last: int, name: Name, taken: set[int]) -> Mention:
    """The mention with the words that lead and follow it, and the senses that those leave."""
    lead = words[first - 1].word if first and first - 1 not in taken else ""
    senses, level = _senses_after(lead, name, _beside_rt_rw(words, first, last))
    begin = first
    if lead in LEADS - AREA_LEADS and level in ("street", "landmark") and words[first].word not in LEADS:
        begin = first - 1
    while level == "street" and last < len(words) and last not in taken and words[last].word in STREET_TAILS:
        last += 1
    before = words[begin - 1].word if begin else ""
    return Mention(
        begin, last, words[begin].start, words[last - 1].end, level, senses, before in DIRECTIONS, lead in LEADS
    )


def _senses_after(lead: str, name: Name, beside_rt_rw: bool) -> tuple[tuple[Sense, ...], Level]:
    """The senses that the word before a name leaves, and what kind of place it makes of it."""

    def only(*levels: Level) -> tuple[Sense, ...]:
        return tuple(sense for sense in name.senses if sense.level in levels)

    if (lead in KELURAHAN_LEADS or beside_rt_rw) and (left := only("kelurahan")):
        return left, "kelurahan"
    if lead in KECAMATAN_LEADS and (left := only("kecamatan")):
        return left, "kecamatan"
    if outside := only("outside"):
        return outside, "outside"
    senses = tuple(name.senses)
    if lead in STREET_LEADS or (lead in STREET_THINGS and only("street")):
        return only("street") or senses, "street"
    if lead in LANDMARK_LEADS | JUNCTION_LEADS | STOP_LEADS:
        return senses, "landmark"
    return senses, _widest(senses)


def _widest(senses: Sequence[Sense]) -> Level:
    """The level of a name with several senses: the widest area that it may mean."""
    order: tuple[Level, ...] = ("kecamatan", "kelurahan", "landmark", "street")
    return next(level for level in order if any(sense.level == level for sense in senses))
