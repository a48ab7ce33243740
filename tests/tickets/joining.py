"""How well posts of known events are joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from tests.tickets.event_posts import Told
from tickets.partition import partition


@dataclass(frozen=True, slots=True)
class Joined:
    """Pairs of posts: told of one event or of two, and left together or apart."""

    right: int
    wrong: int
    missed: int
    apart: int  # rightly
    near_misses: int  # of two events of one scene
    wrong_near_misses: int

    @property
    def f1(self) -> float:
        return 2 * self.right / (2 * self.right + self.wrong + self.missed)

    @property
    def wrong_joins(self) -> float:
        """Of the pairs that are two events of one scene, how many stand together."""
        return self.wrong_near_misses / self.near_misses

    def __str__(self) -> str:
        return (
            f"{self.right + self.missed} pairs of one event, {self.near_misses} near misses, {self.apart + self.wrong} "
            f"of two events in all: {self.right} joined, {self.missed} missed, {self.wrong} wrongly joined; "
            f"F1 {self.f1:.3f}, wrong joins {self.wrong_joins:.2%} of near misses, "
            f"{self.wrong / max(1, self.right + self.wrong):.2%} of joined pairs"
        )


def total(parts: Iterable[Joined]) -> Joined:
    found = list(parts)
    return Joined(*(sum(getattr(each, name) for each in found) for name in Joined.__dataclass_fields__))


def joined(told: Sequence[Told]) -> Joined:
    """All posts put in place at once, whatever scene they are of."""
    home = {post.id: number for number, group in enumerate(partition([each.post for each in told])) for post in group}
    count = dict.fromkeys(Joined.__dataclass_fields__, 0)
    for one, other in combinations(told, 2):
        together, same = home[one.post.id] == home[other.post.id], one.event == other.event
        count["right" if together and same else "wrong" if together else "missed" if same else "apart"] += 1
        if one.scene == other.scene and not same:
            count["near_misses"] += 1
            count["wrong_near_misses"] += together
    return Joined(**count)
