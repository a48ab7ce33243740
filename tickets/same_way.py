"""Open drafts that are wrong in the same way as one that a person has just corrected: shown, never changed by itself.

Of drafts with the same wrong proposal most are right, so more must speak for one:

- the model's own second thought: the corrected office or category is among its likeliest three for this draft too,
- and the same deciding words, or rare words that both say, and no other kind of event;
- or nearly the same words altogether.

Measured on labelled posts that the model had not seen, split by event (a model of 3,554 posts, 2,264 proposals read,
312 of them of a wrong office; `python -m benchmarks.same_way`): of what is shown after a correction, 87 in 100 want the
same on average over the corrections, and 78 in 100 of all that is shown; the same wrong proposal alone would be right
for 3 in 100.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, select

from database.tables import tickets
from tickets.kinds import kinds_of
from tickets.matter import bits_of, place_words
from tickets.moves import DRAFT
from tickets.place import parse
from tickets.queue import Filter
from tickets.steps import Actor, Correct
from tickets.words import content_words, likeness
from tickets.workflow import in_reach

_LOOKED_AT = 1_000  # the newest with the same proposal: enough for a day, few enough while a page waits
_SECOND_THOUGHT = 0.1  # least probability of the corrected office in this draft's own prediction
_CERTAIN = 0.8  # from which probability on the model's own proposal stands against it
_DECIDING = 0.6  # share of the weight for the proposal that its heaviest words carry
_SAME_WORDS = 0.34  # of all deciding words of two drafts: more than one of three is in both
_RARE_BITS = 10  # a word of every 1,024th post, or two of every 32nd
_SAME_TEXT = 0.5
_COLUMNS = (
    "id", "number", "version", "title", "text", "category", "opd", "opd_p", "place", "prediction", "chosen", "blind",
)  # fmt: skip
_ADDRESSED = re.compile(r"[@#]\w+")
_FIELDS = {"opd": "opd_top3", "category": "category_top3"}


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person changed on a draft that the model had proposed otherwise, and other drafts to change like it."""

    row: Mapping[str, Any]  # some columns of the corrected one
    step: Correct
    others: Sequence[Likewise]


@dataclass(frozen=True, slots=True)
class Likewise:
    """Another draft, and why it is taken for the same: words that decided both, and how likely the model held it."""

    row: Mapping[str, Any]
    words: tuple[str, ...]
    p: float | None
    score: float


def same_way(connection: Connection, number: str, by: Actor) -> Correction | None:
    """What follows from correcting the draft `number`; None if nobody corrected a proposal of the model in it."""
    found = connection.execute(_drafts().where(tickets.c.number == number)).mappings().one_or_none()
    row = dict(found) if found else {}
    if not row or not in_reach(row, by):
        return None
    changed = {name: row["chosen"][name] for name in _FIELDS if _proposed(row, name) not in (None, _chosen(row, name))}
    if not changed:
        return None
    told = Told(row)
    alike = [compared(told, Told(other), changed) for other in _candidates(connection, row, changed, by)]
    others = sorted((each for each in alike if each), key=lambda each: (-each.score, each.row["id"]))
    return Correction(row, Correct(changed.get("category"), changed.get("opd")), others)


def _drafts() -> Any:
    wanted = Filter(statuses=(DRAFT,)).conditions()
    return select(*(tickets.c[name] for name in _COLUMNS)).where(*wanted, tickets.c.blind.is_(False))


def _proposed(row: Mapping[str, Any], name: str) -> str | None:
    """What the model proposed in this column."""
    return (row["prediction"].get(name) or {}).get("code")


def _chosen(row: Mapping[str, Any], name: str) -> str | None:
    """What a person chose there; if nobody did, what the model proposed."""
    return str(row["chosen"][name]) if row["chosen"].get(name) else _proposed(row, name)


def _candidates(
    connection: Connection, row: Mapping[str, Any], changed: Mapping[str, str], by: Actor
) -> list[Mapping[str, Any]]:
    """Drafts with the same proposal, of which nobody has chosen what was corrected here."""
    same = [tickets.c[name] == _proposed(row, name) for name in _FIELDS]
    query = _drafts().where(*same, tickets.c.id != row["id"]).order_by(tickets.c.id.desc()).limit(_LOOKED_AT)
    found = [dict(other) for other in connection.execute(query).mappings()]
    return [other for other in found if in_reach(other, by) and not other["chosen"].keys() & changed.keys()]


class Told:
    """What a draft says, taken apart once, and only as far as it is asked for."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.row = row
        self.said = _ADDRESSED.sub(" ", str(row["prediction"].get("normalised") or row["text"]))
        self.deciding = _deciding(row["prediction"].get("why", []))

    @cached_property
    def place(self) -> frozenset[str]:
        return place_words(parse(self.row["place"]))

    @cached_property
    def words(self) -> frozenset[str]:
        """Whoever complains writes the same hashtag; it is left out, also where the normaliser took its sign away."""
        return content_words(self.said) - {word[1:].lower() for word in _ADDRESSED.findall(self.row["text"])}

    @cached_property
    def kinds(self) -> frozenset[str]:
        return kinds_of(self.said)

    def likelihood(self, name: str, code: str) -> float:
        """How likely the model held `code` in this column; 0 for one that was not among its likeliest."""
        top = self.row["prediction"].get(_FIELDS[name], [])
        return next((float(each["p"]) for each in top if each["code"] == code), 0.0)


def _deciding(why: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """The heaviest words for the proposal, that together carry the most of it."""
    spoke = sorted((each for each in why if each["weight"] > 0), key=lambda each: -each["weight"])
    enough, carried, found = _DECIDING * sum(each["weight"] for each in spoke), 0.0, set()
    for each in spoke:
        if carried >= enough:
            break
        found.add(str(each["term"]).lower())
        carried += each["weight"]
    return frozenset(found)


def compared(one: Told, other: Told, changed: Mapping[str, str]) -> Likewise | None:
    """The other draft, if it is wrong in the same way."""
    places = one.place | other.place
    shared = (one.words & other.words) - places
    decided = one.deciding & other.deciding
    p = min(other.likelihood(name, code) for name, code in changed.items())
    doubted = p >= _SECOND_THOUGHT and (other.row["opd_p"] or 0.0) < _CERTAIN
    same_words = len(decided) >= _SAME_WORDS * len(one.deciding | other.deciding) > 0
    for_it = doubted and (same_words or sum(map(bits_of, shared)) >= _RARE_BITS)
    fewest = min(len(one.words), len(other.words))
    like = likeness(one.said, other.said, places) if for_it or 3 * len(shared) >= fewest else 0.0
    if not (for_it or like >= _SAME_TEXT) or _are_other_events(one, other):
        return None
    told = sorted(decided) + sorted(shared - decided, key=lambda word: (-bits_of(word), word))
    return Likewise(other.row, tuple(told[:5]), p or None, like + len(decided) + p)


def _are_other_events(one: Told, other: Told) -> bool:
    return bool(one.kinds and other.kinds) and one.kinds.isdisjoint(other.kinds)
