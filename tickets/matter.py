"""Of what matter two posts tell, by their words.

Pure and symmetric, and no word weighs by how often other waiting posts use it: the answer for two posts never depends
on a third. How often people use a word at all stands in `word_counts.csv`, counted once.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from tickets.kinds import Kind, kinds_of, known_kinds
from tickets.place import Place
from tickets.read_post import ReadPost
from tickets.words import content_words, numbered

_RARE = 5  # bits: a word of every 32nd post or fewer
_BITS_OF_A_NUMBER = 12  # as rare as a word that nobody else uses
_AT_ONCE = 12  # hours: a jam comes of what is over by then
_JAM = frozenset({"jam"})


def numbers_differ(one: ReadPost, other: ReadPost) -> bool:
    """Whether the two tell of "koridor 5" and "koridor 6"."""
    some, others = numbered(one.text), numbered(other.text)
    both = {noun for noun, _ in some} & {noun for noun, _ in others}
    return bool(both) and some.isdisjoint(others)


def shared_kinds(one: ReadPost, other: ReadPost) -> list[Kind]:
    return _known(kinds_told(one) & kinds_told(other))


def kinds_told(post: ReadPost) -> frozenset[str]:
    return kinds_of(said(post))


def said(post: ReadPost) -> str:
    return post.normalised or post.text


def _known(names: frozenset[str]) -> list[Kind]:
    kinds = known_kinds().by_name
    return [kinds[name] for name in sorted(names)]


def is_consequence(one: ReadPost, other: ReadPost) -> bool:
    """Whether one tells of no more than the jam that what the other tells of makes."""
    kinds, others = kinds_told(one), kinds_told(other)
    return _makes_jam(kinds, others) or _makes_jam(others, kinds)


def _makes_jam(kinds: frozenset[str], others: frozenset[str]) -> bool:
    return others == _JAM and any(kind.along >= _JAM and kind.lasts <= _AT_ONCE for kind in _known(kinds))


# ── Words ─────────────────────────────────────────────────────────────────────────────────────────────────────────


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
