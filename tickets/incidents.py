"""When do two posts tell of one event?

A symmetric, pure relation of two posts as they were read; `partition` makes incidents of it. A wrong join hides a
citizen's complaint and a missed one costs a reviewer a key: what cannot be told is left apart. What is compared is
`evidence`; finding and writing is `linking`'s work.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b

from tickets.chance import chance, lanes_differ, names_shared, overlap
from tickets.evidence import Evidence, lie_apart, same_author
from tickets.kinds import kinds_of, known_kinds, tells_of_the_past
from tickets.matter import is_rare, numbers_differ, said
from tickets.place import Closeness, Place
from tickets.read_post import ReadPost
from tickets.senses import senses_alike
from tickets.traits import lanes, spots
from tickets.words import content_words, copy_of, numbered

# People tell of an event within hours, stragglers over a weekend; next week's flood in the same street is another one.
WINDOW = timedelta(hours=72)

# From this chance on two posts are joined, and below that one two posts never stand under one ticket. Chosen on the
# parts `choose` and `develop` of tests/tickets/event_posts.csv, by scenes that the weights were not fitted to: wrong
# joins are 0.45 % of near misses there, half of what is allowed, for the words were chosen by the same scenes.
JOIN = 0.8
APART = 0.3
# Stragglers count for so many times as long as the event is news.
LINGERS = 4
# Bits of rare words that stand for a place where none is named, and as many as the longer post has words: in long posts
# rare words meet by chance.
RARE_AS_PLACE = 9
RARE_IN_DISTRICT = 5
AGREED = 0.6  # on category and office together
# How much two posts must mean the same where an area is all that places both.
_ALIKE_IN = {Closeness.BESIDE: 1.0, Closeness.DISTRICT: 0.55, Closeness.AREA: 0.25}

# The bond of an answer or a copy, surer than any other.
_CERTAIN = 99.0


def same_event(one: ReadPost, other: ReadPost) -> bool:
    """Whether the two posts tell of one event, as far as they say."""
    return bond(one, other) is not None


def bond(one: ReadPost, other: ReadPost) -> float | None:
    """How surely the two posts tell of one event; None where that is not sure enough to join them."""
    if abs(one.created_at - other.created_at) > WINDOW or "drop" in (one.decision, other.decision):
        return None
    seen = Evidence(one, other)
    if seen.near is Closeness.ELSEWHERE:
        return None
    if _answers(one, other) or _answers(other, one) or _copies(one, other):
        return _CERTAIN
    if cannot_be_one(seen):
        return None
    likely = chance(seen)
    return likely if likely >= JOIN else None


def cannot_be_one(seen: Evidence) -> bool:
    """What no likeness outweighs: other numbers, another week, or no place and nothing rare to go by."""
    one, other = seen.one, seen.other
    if numbers_differ(one, other) or (lanes_differ(one, other) and not seen.wide):
        return True
    if tells_of_the_past(said(one)) != tells_of_the_past(said(other)) or seen.apart > LINGERS * seen.lasts:
        return True
    if not seen.wide and seen.near in _ALIKE_IN and _says_no_more(seen):
        return True
    if one.place is not None or other.place is not None or same_author(one, other):
        return False
    agrees = overlap(one.categories, other.categories) + overlap(one.opds, other.opds) > AGREED
    if any(kind.citywide for kind in seen.kinds) and agrees:
        return False
    longer = max(len(content_words(said(post))) for post in (one, other))
    return not seen.kinds or max(seen.rarity, names_shared(seen)) < max(RARE_AS_PLACE, longer)


def _says_no_more(seen: Evidence) -> bool:
    """Whether nothing but an area places two posts, and they are not told so much alike that it must be one spot."""
    if seen.near is Closeness.BESIDE:
        return True
    here, there = spots(seen.one.text), spots(seen.other.text)
    if here & there or lanes(seen.one.text) & lanes(seen.other.text) or names_shared(seen) >= RARE_IN_DISTRICT:
        return False
    return bool(here and there) or senses_alike(said(seen.one), said(seen.other))[0] < _ALIKE_IN[seen.near]


def compatible(one: ReadPost, other: ReadPost) -> bool:
    """Whether two posts may stand under one ticket at all, if others join them.

    What fills an area, such as a flood, is seen at many spots of it; a dead lamp at one.
    """
    seen = Evidence(one, other)
    if numbers_differ(one, other):
        return False
    if seen.wide:
        return chance(seen) >= APART if seen.near is not Closeness.ELSEWHERE else not lie_apart(one, other)
    return seen.near > Closeness.BESIDE and not lanes_differ(one, other) and chance(seen) >= APART


def _answers(one: ReadPost, other: ReadPost) -> bool:
    return one.channel == other.channel and one.reply_to == other.source_id


def _copies(one: ReadPost, other: ReadPost) -> bool:
    copied = copy_of(one.text)
    return copied is not None and copied == copy_of(other.text)


# ── Keys: two posts of one event always share one ─────────────────────────────────────────────────────────────────

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_STRIDE = 0x9E3779B97F4A7C15  # odd, and far from any pattern in the marks: stretches of one mark spread evenly


@dataclass(frozen=True, slots=True)
class Keys:
    """Numbers that tell what a post is about without telling what it says."""

    # Of its author, place, wording and itself, each with its stretch of days: it is filed under these.
    own: tuple[int, ...]
    # The same in this stretch and its neighbours: posts of the same event are filed under these.
    search: tuple[int, ...]


def keys(post: ReadPost) -> Keys:
    """Pure, and the same on every machine."""
    who = [f"post {post.channel} {post.source_id}"]
    who += [f"post {post.channel} {post.reply_to}"] if post.reply_to else []
    who += [f"author {post.channel} {post.author}"] if post.author else []
    return _keys(tuple(who), post.text, said(post), post.place, (post.created_at - _EPOCH) // WINDOW)


@lru_cache(maxsize=20_000)
def _keys(who: tuple[str, ...], text: str, said: str, place: Place | None, stretch: int) -> Keys:
    marks = sorted({_hashed(mark) for mark in [*who, *_marks(text, said, place)]})
    own = tuple(_key(mark, stretch) for mark in marks)
    return Keys(own, tuple(_key(mark, stretch + step) for mark in marks for step in (-1, 0, 1)))


def _marks(text: str, said: str, place: Place | None) -> Iterator[str]:
    if copied := copy_of(text):
        yield f"copy {copied}"
    yield from (f"word {word}" for word in content_words(said) | content_words(text) if is_rare(word))
    yield from (f"word {noun} {number}" for noun, number in numbered(text))
    if place:
        yield from (f"word {name}" for name in (*place.names, place.in_one_word) if name)
        yield from (f"sense {sense}" for sense in place.senses)
        yield f"area {place.kelurahan or place.kecamatan}"
    else:
        kinds = known_kinds().by_name
        yield from (f"kind {name}" for name in kinds_of(said) if kinds[name].citywide)


@lru_cache(maxsize=200_000)
def _hashed(mark: str) -> int:
    return int.from_bytes(blake2b(mark.encode(), digest_size=8).digest())


def _key(mark: int, stretch: int) -> int:
    """63 bits, so that it fits a signed column."""
    return (mark + stretch * _STRIDE) % (1 << 63)
