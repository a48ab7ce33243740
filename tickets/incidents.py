"""When do two posts tell of one event?

A symmetric, pure relation of two posts as they were read; `partition` makes incidents of it. A wrong join hides a
citizen's complaint and a missed one costs a reviewer a key: what cannot be told is left apart. What is compared is
`evidence`; finding and writing is `linking`'s work.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b

from tickets.evidence import Evidence, lie_apart, where
from tickets.kinds import kinds_of, known_kinds, tells_of_the_past
from tickets.matter import Matter, are_other_matters, is_rare, said, shared_kinds
from tickets.place import Closeness, Place
from tickets.read_post import ReadPost
from tickets.words import content_words, copy_of, numbered

# People tell of an event within hours, stragglers over a weekend; next week's flood in the same street is another one.
WINDOW = timedelta(hours=72)

# The numbers below were chosen on the half `choose` of tests/tickets/event_posts.csv: no wrong join there, and as few
# missed ones as that allows.

# How alike the words must be, by how the matters relate. Two posts of two matters are never joined.
ALIKE: Mapping[Matter, float] = {
    Matter.SAME: 0.0,
    Matter.CONSEQUENCE: 0.0,
    Matter.UNTOLD: 0.25,
    Matter.HALF_UNTOLD: 0.34,
    Matter.MORE: 0.6,
}
# At one spot stragglers count for so many times as long as the event is news, elsewhere not.
LINGERS = 2
# In one area, where the matter fills none, and where its kind is untold.
ALIKE_IN_AREA = 0.15
ALIKE_IN_AREA_UNTOLD = 0.34
ALIKE_IN_DISTRICT = 0.34
# What is over within half a day happens once in three hours of a kelurahan, however it is told.
ACUTE, AT_ONCE = timedelta(hours=12), timedelta(hours=3)
# Bits of rare words that stand for a place which no gazetteer knows, or beside a place that says little.
RARE_AS_PLACE = 9
RARE_BESIDE_PLACE = 11  # where one of the two names a place, and maybe both name another
RARE_IN_AREA = 5
RARE_UNTOLD = 20
ALIKE_NOWHERE = 0.5

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
    if not (_tell_the_same(seen) and _in_time_and_place(seen)):
        return None
    return seen.near + 2 * (seen.matter is Matter.SAME) + seen.alike - seen.apart / seen.lasts


def _tell_the_same(seen: Evidence) -> bool:
    if seen.matter is Matter.OTHER or tells_of_the_past(said(seen.one)) != tells_of_the_past(said(seen.other)):
        return False
    needed = ALIKE[seen.matter]
    return needed == 0 or seen.alike >= needed


def _in_time_and_place(seen: Evidence) -> bool:
    if seen.near >= Closeness.NAMED:
        return seen.apart <= LINGERS * seen.lasts
    if seen.apart > seen.lasts:
        return False
    if seen.near in (Closeness.AREA, Closeness.DISTRICT):
        return _in_one_area(seen)
    if seen.near is Closeness.BESIDE:
        return seen.wide and seen.matter is Matter.SAME and 2 * seen.apart <= seen.lasts
    return seen.citywide or _nowhere(seen)


def _in_one_area(seen: Evidence) -> bool:
    if seen.matter is not Matter.SAME and seen.alike < ALIKE_IN_AREA_UNTOLD:
        return False
    if seen.wide or seen.rarity >= RARE_IN_AREA:
        return True
    if seen.near is Closeness.DISTRICT:
        return seen.alike >= ALIKE_IN_DISTRICT
    return seen.alike >= ALIKE_IN_AREA or (seen.lasts <= ACUTE and seen.apart <= AT_ONCE)


def _nowhere(seen: Evidence) -> bool:
    """Neither names a place that the gazetteer knows: rare words that both say may be one."""
    placed = [post for post in (seen.one, seen.other) if post.place and post.place.precision != "kecamatan"]
    if len(placed) == 1 and seen.matter is Matter.SAME and seen.apart <= AT_ONCE:
        return seen.rarity >= RARE_BESIDE_PLACE
    if placed:
        return False
    if seen.matter is Matter.SAME and seen.rarity >= RARE_AS_PLACE:
        return True
    return seen.rarity >= RARE_UNTOLD and seen.alike >= ALIKE_NOWHERE


def compatible(one: ReadPost, other: ReadPost) -> bool:
    """Whether two posts may stand under one ticket at all, if others join them.

    What fills an area, such as a flood, is seen at many spots of it; a dead lamp at one.
    """
    if are_other_matters(one, other):
        return False
    if where(one, other) > Closeness.BESIDE:
        return True
    return not lie_apart(one, other) and any(kind.wide for kind in shared_kinds(one, other))


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
        yield from (f"word {name}" for name in place.names)
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
