"""When do two posts tell of one event?

A symmetric, pure relation of two posts as they were read; an incident is a connected component of it, so that the same
posts in any order give the same incidents. A wrong join hides a citizen's complaint and a missed one costs a reviewer
a key: what cannot be told is left apart. Finding and writing is `linking`'s work.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from tickets.place import Nearness, Place, nearness
from tickets.read_post import ReadPost
from tickets.words import copy_of, likeness

# People tell of an event within hours, stragglers over a weekend; next week's flood in the same street is another one.
WINDOW = timedelta(hours=48)

# Dangers at one spot within half a day are one event as soon as anything is said alike: who shouts repeats nobody.
ACUTE = timedelta(hours=12)

# How alike the words must be, by what else the two posts share. Chosen on the hand-made pairs of
# tests/tickets/event_posts.csv: no wrong join there, and as few missed ones as that allows.
ALIKE_ACUTE = 0.02
ALIKE_SAME_SPOT = 0.16
ALIKE_SAME_AREA = 0.34
ALIKE_SAME_AUTHOR = 0.12
ALIKE_OTHER_MATTER = 0.30  # one office but two categories, a flood and the drain that made it; or two offices


def same_event(one: ReadPost, other: ReadPost) -> bool:
    """Whether the two posts tell of one event, as far as they say."""
    if _apart(one, other) > WINDOW or not _related(one, other):
        return False
    near = nearness(one.place, other.place)
    if near is Nearness.CONFLICT:
        return False
    if _answers(one, other) or _answers(other, one) or _copies(one, other):
        return True
    return _alike(one, other) >= _needed(one, other, near)


def _related(one: ReadPost, other: ReadPost) -> bool:
    """What is nobody's matter is no event; otherwise the category or the office agrees."""
    if "drop" in (one.decision, other.decision):
        return False
    return _agree(one.category, other.category) or _agree(one.opd, other.opd)


def _same_matter(one: ReadPost, other: ReadPost) -> bool:
    """The category and the office agree: "not the city's" alone says nothing about whose it is."""
    return _agree(one.category, other.category) and one.opd == other.opd


def _apart(one: ReadPost, other: ReadPost) -> timedelta:
    return abs(one.created_at - other.created_at)


def _acute(one: ReadPost, other: ReadPost) -> bool:
    return _apart(one, other) <= ACUTE and "biasa" not in (one.priority, other.priority)


def _agree(one: str | None, other: str | None) -> bool:
    return one is not None and one == other


def _answers(one: ReadPost, other: ReadPost) -> bool:
    return one.channel == other.channel and one.reply_to == other.source_id


def _copies(one: ReadPost, other: ReadPost) -> bool:
    copied = copy_of(one.text)
    return copied is not None and copied == copy_of(other.text)


def _needed(one: ReadPost, other: ReadPost, near: Nearness) -> float:
    """How alike the words must be; above 1 where no words suffice."""
    same_author = one.author is not None and (one.channel, one.author) == (other.channel, other.author)
    same_matter = _same_matter(one, other)
    needed = 2.0
    if near is Nearness.SAME:
        needed = ALIKE_ACUTE if same_matter and _acute(one, other) else ALIKE_SAME_SPOT
    elif near is Nearness.NEAR and same_matter:
        needed = ALIKE_SAME_AREA
    if same_author:
        needed = min(needed, ALIKE_SAME_AUTHOR)
    return needed if same_matter else max(needed, ALIKE_OTHER_MATTER)


def _alike(one: ReadPost, other: ReadPost) -> float:
    place_words = _place_words(one.place) | _place_words(other.place)
    return likeness(one.normalised or one.text, other.normalised or other.text, place_words)


def _place_words(place: Place | None) -> frozenset[str]:
    if place is None:
        return frozenset()
    areas = f"{place.kelurahan or ''} {place.kecamatan or ''}".lower().split()
    return place.names | frozenset(areas)


# ── Keys: two posts of one event always share one ─────────────────────────────────────────────────────────────────

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_STRIDE = 0x9E3779B97F4A7C15  # odd, and far from any pattern in the marks: stretches of one mark spread evenly


@dataclass(frozen=True, slots=True)
class Keys:
    """Numbers that tell what a post is about without telling what it says."""

    own: tuple[
        int, ...
    ]  # its author, place, wording and itself, each with its stretch of days: it is filed under these
    search: tuple[
        int, ...
    ]  # the same in this stretch and its neighbours: posts of the same event are filed under these


def keys(post: ReadPost) -> Keys:
    """Pure, and the same on every machine."""
    stretch = (post.created_at - _EPOCH) // WINDOW
    marks = sorted({_hashed(mark) for mark in _marks(post)})
    own = tuple(_key(mark, stretch) for mark in marks)
    return Keys(own, tuple(_key(mark, stretch + step) for mark in marks for step in (-1, 0, 1)))


def _marks(post: ReadPost) -> Iterator[str]:
    yield f"post {post.channel} {post.source_id}"
    if post.reply_to:
        yield f"post {post.channel} {post.reply_to}"
    if post.author:
        yield f"author {post.channel} {post.author}"
    if copied := copy_of(post.text):
        yield f"copy {copied}"
    if post.place:
        yield from (f"name {name}" for name in post.place.names)
    if post.place and post.place.kelurahan:
        yield f"kelurahan {post.place.kelurahan} {post.category}"


def _hashed(mark: str) -> int:
    return int.from_bytes(blake2b(mark.encode(), digest_size=8).digest())


def _key(mark: int, stretch: int) -> int:
    """63 bits, so that it fits a signed column."""
    return (mark + stretch * _STRIDE) % (1 << 63)
