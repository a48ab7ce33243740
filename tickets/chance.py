"""How likely it is that two posts tell of one event: a logistic model over what `evidence` finds.

The weights stand in `chance.csv`; `python -m benchmarks.weighing_traits` makes them anew from the hand-written events
that are there to choose by. Pure and symmetric.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import exp, log1p
from pathlib import Path

from tickets.evidence import Evidence, same_author
from tickets.kinds import known_kinds, tells_of_the_past
from tickets.matter import bits_of, is_consequence, kinds_told, place_words, said
from tickets.place import Closeness
from tickets.read_post import Choices, ReadPost
from tickets.senses import senses_alike
from tickets.traits import lanes, looks_back, says_again, says_still, spots, unknown_words

WEIGHTS = Path(__file__).with_name("chance.csv")
_JAM, _REMAINS = "jam", "remains"
_A_WHILE, _A_DAY, _AT_ONCE = 4, 20, 3  # hours
_ACUTE = 12  # hours: what is over by then
_MOST_BITS, _MOST_NAMES, _MOST_SENSES = 40, 30, 12
_VAGUE = (Closeness.AREA, Closeness.DISTRICT, Closeness.BESIDE)


def chance(seen: Evidence) -> float:
    """From 0 to 1."""
    weights = known_weights()
    return 1 / (1 + exp(-weights[""] - sum(weights.get(name, 0.0) * value for name, value in traits(seen).items())))


@lru_cache(maxsize=1)
def known_weights() -> Mapping[str, float]:
    """{trait: what it adds to the log-odds}; "" is where they begin."""
    with WEIGHTS.open(encoding="utf-8", newline="") as file:
        return {row["trait"]: float(row["weight"]) for row in csv.DictReader(file)}


def traits(seen: Evidence) -> dict[str, float]:
    """What is weighed: only what is not 0, each from 0 to about 1."""
    told = dict([*_of_place(seen), *_of_matter(seen), *_of_words(seen), *_of_time(seen)])
    told |= dict(_together(seen, told))
    return {name: value for name, value in told.items() if value}


def _of_place(seen: Evidence) -> Iterator[tuple[str, float]]:
    one, other = seen.one, seen.other
    if seen.near is Closeness.UNKNOWN:
        yield ("neither placed" if one.place is other.place is None else "place unsure", 1)
    else:
        yield (seen.near.name.lower(), 1)
    here, there = spots(one.text), spots(other.text)
    yield ("spot shared", not here.isdisjoint(there))
    if here and there and here.isdisjoint(there):
        yield ("spots differ", bool(seen.kinds) and not seen.wide and seen.near > Closeness.UNKNOWN)
    here_lanes, there_lanes = lanes(one.text), lanes(other.text)
    yield ("lane shared", not here_lanes.isdisjoint(there_lanes))
    yield ("lanes differ", lanes_differ(one, other))


def lanes_differ(one: ReadPost, other: ReadPost) -> bool:
    """Whether one tells of "gang 9" and the other of "gang 12"."""
    here, there = lanes(one.text), lanes(other.text)
    both = {noun for noun, _ in here} & {noun for noun, _ in there}
    return bool(both) and here.isdisjoint(there)


def _of_matter(seen: Evidence) -> Iterator[tuple[str, float]]:
    one, other = kinds_told(seen.one), kinds_told(seen.other)
    plain, others = one - {_JAM}, other - {_JAM}
    if shared := plain & others:
        yield ("kind shared", 1)
        extra = [kind for kind in plain ^ others if not _related(frozenset({kind}), shared)]
        yield ("kinds beside", min(len(extra), 3) / 2)
        yield ("kinds beside one", bool(extra) and (plain <= others or others <= plain))
    elif plain and others:
        yield ("kinds related" if _related(plain, others) else "kinds differ", 1)
    elif one and other and not (plain or others):
        yield ("kind shared", 1)
    elif plain or others:
        both_jam = _JAM in one and _JAM in other
        made = is_consequence(seen.one, seen.other)
        yield ("jam shared" if both_jam else "consequence" if made else "kind untold", 1)
    else:
        yield ("kinds untold", 1)
    yield ("left over", log1p(seen.hours) * (_REMAINS in one ^ other))
    yield ("category", overlap(seen.one.categories, seen.other.categories))
    yield ("office", overlap(seen.one.opds, seen.other.opds))


def _related(kinds: frozenset[str], others: frozenset[str]) -> bool:
    known = known_kinds().by_name
    return any(other in known[kind].along or kind in known[other].along for kind in kinds for other in others)


def overlap(some: Choices, others: Choices) -> float:
    """How far the classifier's likeliest answers for two posts agree, from 0 to 1."""
    return sum(min(p, other_p) for code, p in some for other, other_p in others if code == other)


def _of_words(seen: Evidence) -> Iterator[tuple[str, float]]:
    cosine, telling = senses_alike(said(seen.one), said(seen.other))
    yield ("senses alike", cosine)
    yield ("senses shared", min(telling, _MOST_SENSES) / 10)
    yield ("words shared", min(sum(map(bits_of, seen.words)), _MOST_BITS) / 20)
    yield ("names shared", names_shared(seen) / 10)


def names_shared(seen: Evidence) -> int:
    """Bits of the words that both say and that are most likely names, of something else than the place of both."""
    both = unknown_words(seen.one.text) & unknown_words(seen.other.text) - known_kinds().vocabulary
    both -= place_words(seen.one.place) & place_words(seen.other.place)
    return min(sum(map(bits_of, both)), _MOST_NAMES)


def _of_time(seen: Evidence) -> Iterator[tuple[str, float]]:
    hours, lasts = seen.hours, seen.lasts.total_seconds() / 3600
    later = max(seen.one, seen.other, key=lambda post: post.order)
    again = hours > _A_DAY and says_again(later.text)
    yield ("time", min(hours / lasts, 3))
    yield ("hours", log1p(hours))
    yield ("one author", same_author(seen.one, seen.other))
    yield ("again", again)
    yield ("still", hours > _A_WHILE and not again and says_still(later.text))
    yield ("one looks back", looks_back(seen.one.text) != looks_back(seen.other.text))
    yield ("one tells of the past", tells_of_the_past(said(seen.one)) != tells_of_the_past(said(seen.other)))


def _together(seen: Evidence, told: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    shared, category = told.get("kind shared", 0), told["category"]
    vague, far = seen.near in _VAGUE, seen.near <= Closeness.AREA
    posts = (seen.one, seen.other)
    unsure = any(post.decision == "not_ours" or post.priority == "darurat" for post in posts)
    yield ("wide and vague", vague and seen.wide)
    yield ("narrow and vague", vague and not seen.wide)
    yield ("kind shared afar", far * shared)
    yield ("kind shared here", (not far) * shared)
    yield ("hours afar", far * told["hours"])
    yield ("acute afar", far and seen.hours > _AT_ONCE and seen.lasts.total_seconds() <= _ACUTE * 3600)
    yield ("category of one kind", shared * category)
    yield ("category of other kinds", (not shared) * category)
    yield ("category unsure", unsure * (1 - category))
    yield ("one kind, other category", (not unsure) * shared * (1 - category))
    yield ("kinds beside, other category", (not unsure) * told.get("kinds beside", 0) * (1 - category))
    yield ("still here", (not far) * told["still"])
