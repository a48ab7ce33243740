"""Whether two posts tell of the same matter, by their words and by what the classifier made of them.

Pure and symmetric, and no word weighs by how often other waiting posts use it: the answer for two posts never depends
on a third. How often people use a word at all stands in `word_counts.csv`, counted once.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from pathlib import Path

from tickets.kinds import Kind, kinds_of, known_kinds
from tickets.place import Place
from tickets.read_post import ReadPost
from tickets.words import content_words, likeness, numbered

_RARE = 5  # bits: a word of every 32nd post or fewer
_BITS_OF_A_NUMBER = 12  # as rare as a word that nobody else uses
_AT_ONCE = 12  # hours: a jam comes of what is over by then
_JAM = frozenset({"jam"})


class Matter(Enum):
    """How the matters of two posts relate."""

    SAME = "same"  # a kind of event that both tell of, and nothing beside it
    CONSEQUENCE = "consequence"  # the jam that a flood or a dead traffic light makes
    MORE = "more"  # one tells of another kind of event as well
    UNTOLD = "untold"  # one tells of no known kind, and the classifier agrees on category and office
    HALF_UNTOLD = "half untold"  # and it agrees on one of them
    OTHER = "other"


def matter(one: ReadPost, other: ReadPost) -> Matter:
    if are_other_matters(one, other):
        return Matter.OTHER
    kinds, others = kinds_of(said(one)), kinds_of(said(other))
    if shared := _known(kinds & others):
        beside = frozenset().union(*(kind.along for kind in shared))
        return Matter.SAME if (kinds ^ others) <= beside else Matter.MORE
    if kinds and others:
        return Matter.CONSEQUENCE if _makes_jam(kinds, others) or _makes_jam(others, kinds) else Matter.OTHER
    agreeing = _agree(one.category, other.category) + _agree(one.opd, other.opd)
    return (Matter.OTHER, Matter.HALF_UNTOLD, Matter.UNTOLD)[agreeing]


def are_other_matters(one: ReadPost, other: ReadPost) -> bool:
    """Whether both tell of a kind of event, and of none alike, or of "koridor 5" and "koridor 6".

    Such two never stand together.
    """
    if numbers_differ(one, other):
        return True
    kinds, others = kinds_of(said(one)) - _JAM, kinds_of(said(other)) - _JAM
    return bool(kinds and others) and kinds.isdisjoint(others)


def numbers_differ(one: ReadPost, other: ReadPost) -> bool:
    """Whether the two tell of "koridor 5" and "koridor 6"."""
    some, others = numbered(one.text), numbered(other.text)
    both = {noun for noun, _ in some} & {noun for noun, _ in others}
    return bool(both) and some.isdisjoint(others)


def shared_kinds(one: ReadPost, other: ReadPost) -> list[Kind]:
    return _known(kinds_of(said(one)) & kinds_of(said(other)))


def kinds_told(post: ReadPost) -> frozenset[str]:
    return kinds_of(said(post))


def said(post: ReadPost) -> str:
    return post.normalised or post.text


def _known(names: frozenset[str]) -> list[Kind]:
    kinds = known_kinds().by_name
    return [kinds[name] for name in sorted(names)]


def _makes_jam(kinds: frozenset[str], others: frozenset[str]) -> bool:
    return others == _JAM and any(kind.along >= _JAM and kind.lasts <= _AT_ONCE for kind in _known(kinds))


def _agree(one: str | None, other: str | None) -> bool:
    return one is not None and one == other


# ── Words ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def alike(one: ReadPost, other: ReadPost) -> float:
    """How much the two say in the same words, from 0 to 1, those of their places left out."""
    return likeness(said(one), said(other), place_words(one.place) | place_words(other.place))


def shared_words(one: ReadPost, other: ReadPost) -> frozenset[str]:
    """The words that carry meaning and that both say, those of their places left out."""
    return content_words(said(one)) & content_words(said(other)) - place_words(one.place) - place_words(other.place)


def rarity(one: ReadPost, other: ReadPost) -> int:
    """How many bits the rare words tell that both say: n of a word in every 2^n-th post.

    The words that tell the kind of event don't count: two fires are told alike.
    """
    rare = (word for word in shared_words(one, other) if is_rare(word))
    bits = sum(_bits(word) for word in rare if word not in known_kinds().vocabulary)
    return bits + _BITS_OF_A_NUMBER * len(numbered(one.text) & numbered(other.text))


def bits_of(word: str) -> int:
    """How much a rare word tells: n of one in every 2^n-th post; a common word tells nothing."""
    return _bits(word) if is_rare(word) else 0


def is_rare(word: str) -> bool:
    return _bits(word) >= _RARE


def place_words(place: Place | None) -> frozenset[str]:
    """The words by which a place is named."""
    if place is None:
        return frozenset()
    areas = f"{place.kelurahan or ''} {place.kecamatan or ''}".lower().split()
    return place.names | frozenset(areas)


@lru_cache(maxsize=50_000)
def _bits(word: str) -> int:
    posts, counts = _counts()
    return (posts // counts.get(word, 1)).bit_length() - 1


@lru_cache(maxsize=1)
def _counts() -> tuple[int, Mapping[str, int]]:
    with Path(__file__).with_name("word_counts.csv").open(encoding="utf-8", newline="") as file:
        counts = {row["word"]: int(row["posts"]) for row in csv.DictReader(file)}
    return counts.pop(""), counts  # the empty word is in all posts
