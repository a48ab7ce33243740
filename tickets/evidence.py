"""What speaks for two posts telling of one event: where, when, of what, and in which words.

Pure and symmetric. `incidents` joins by it, and the desk tells a reviewer of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache

from tickets.kinds import Kind
from tickets.language import language
from tickets.matter import is_rare, rarity, shared_kinds, shared_words
from tickets.place import Closeness, closeness
from tickets.read_post import ReadPost
from tickets.words import SHORTEST, numbered

USUAL = timedelta(hours=48)  # for so long people tell of an event of no known kind

_WORD = re.compile(r"[^\W_]+")
# Where a road leads is not where something is.
_TOWARDS = frozenset({"arah", "ke", "menuju", "sampai", "sampe", "tekan", "dari", "seko", "soko"})


@dataclass(frozen=True)
class Evidence:
    """Two posts, compared. What costs time is found out when it is asked for."""

    one: ReadPost
    other: ReadPost

    @cached_property
    def near(self) -> Closeness:
        return where(self.one, self.other)

    @cached_property
    def apart(self) -> timedelta:
        return abs(self.one.created_at - self.other.created_at)

    @property
    def hours(self) -> float:
        return self.apart.total_seconds() / 3600

    @cached_property
    def kinds(self) -> list[Kind]:
        """The kinds of event that both tell of."""
        return shared_kinds(self.one, self.other)

    @cached_property
    def lasts(self) -> timedelta:
        """For how long people tell of what both tell of."""
        return min((timedelta(hours=kind.lasts) for kind in self.kinds), default=USUAL)

    @cached_property
    def wide(self) -> bool:
        return any(kind.wide for kind in self.kinds)

    @cached_property
    def rarity(self) -> int:
        return rarity(self.one, self.other)

    @cached_property
    def words(self) -> frozenset[str]:
        return shared_words(self.one, self.other)


def where(one: ReadPost, other: ReadPost) -> Closeness:
    """How close the two places are.

    A post may name the other's place beside its own; and who repeats himself means the same spot, unless he says so.
    """
    near = closeness(one.place, other.place)
    if near > Closeness.UNKNOWN:
        return near
    repeated = near is Closeness.UNKNOWN and (same_author(one, other) or _of_one_number(one, other))
    named = repeated or _of_one_line(one, other) or _names(one, other) or _names(other, one)
    return Closeness.NAMED if named else near


def _of_one_number(one: ReadPost, other: ReadPost) -> bool:
    return not numbered(one.text).isdisjoint(numbered(other.text))


def _of_one_line(one: ReadPost, other: ReadPost) -> bool:
    """Whether both tell of "koridor 5", wherever it was seen."""
    both = numbered(one.text) & numbered(other.text)
    return any(noun in language().lines for noun, _ in both)


def same_author(one: ReadPost, other: ReadPost) -> bool:
    return one.author is not None and (one.channel, one.author) == (other.channel, other.author)


def lie_apart(one: ReadPost, other: ReadPost) -> bool:
    """Whether the two name different areas."""
    return one.place is not None and other.place is not None and one.place.lies_apart_from(other.place)


def _names(post: ReadPost, other: ReadPost) -> bool:
    """Whether a post that is about a spot names the other's place as well, unless that lies in another region."""
    place = other.place
    if place is None or place.precision == "kecamatan" or place.outside:
        return False
    if post.place is not None and place.names == post.place.names:
        return False  # one name, two places
    if post.place is not None and post.place.is_spot and place.names < post.place.names:
        return False  # "genuk" is no more than a part of "genuk indah"
    if not any(is_rare(name) and len(name) >= SHORTEST for name in place.names):
        return False
    if place.in_one_word in _spoken(post.text):
        return True
    is_vague = post.place is not None and not post.place.is_spot
    return place.names | place.sides <= _spoken(post.text) and not (is_vague and lie_apart(post, other))


@lru_cache(maxsize=50_000)
def _spoken(text: str) -> frozenset[str]:
    """The words of a text without the names of where something leads to."""
    spoken, leads = set(), False
    for word in _WORD.findall(text.lower()):
        if word in _TOWARDS:
            leads = True
        elif not leads:
            spoken.add(word)
        elif word not in language().beside_names:
            leads = False
    return frozenset(spoken)
