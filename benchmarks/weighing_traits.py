"""How much each trait of two posts speaks for one event: fits `tickets/chance.csv` on the events to choose by.

`python -m benchmarks.weighing_traits` fits and writes; with `--folds` it says instead how well posts of scenes that the
weights were not fitted to are joined.
"""

from __future__ import annotations

import csv
import random
import sys
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from sklearn.linear_model import LogisticRegression

from tests.tickets.event_posts import Told, load
from tests.tickets.joining import Joined, joined, total
from tickets import chance
from tickets.evidence import Evidence
from tickets.incidents import WINDOW, cannot_be_one
from tickets.place import Closeness
from tickets.read_post import ReadPost

FOLDS = 6
_STRENGTH = 0.5  # of the weights against the penalty on large ones: more fits the scenes at hand too well
_STRANGERS = 5_000  # pairs of two scenes, as if of one time
_WEIGHT_OF_STRANGERS = 0.3


@dataclass(frozen=True, slots=True)
class Pair:
    scene: str
    traits: Mapping[str, float]
    one_event: bool
    weight: float


def main(arguments: Sequence[str]) -> None:
    told = [*load("choose"), *load("develop")]
    pairs = [*_of_scenes(told), *_of_strangers(told)]
    if "--folds" in arguments:
        print_folds(told, pairs)
    else:
        write(fit(pairs))


def _of_scenes(told: Sequence[Told]) -> Iterator[Pair]:
    scenes: dict[str, list[Told]] = defaultdict(list)
    for each in told:
        scenes[each.scene].append(each)
    for scene, posts in scenes.items():
        for one, other in combinations(posts, 2):
            if traits := _weighed(one.post, other.post):
                yield Pair(scene, traits, one.event == other.event, 1)


def _of_strangers(told: Sequence[Told]) -> Iterator[Pair]:
    chosen = random.Random(1)
    starts: dict[str, ReadPost] = {}
    for each in told:
        starts.setdefault(each.scene, each.post)
    for _ in range(_STRANGERS):
        one, other = chosen.sample(told, 2)
        late = other.post.created_at - starts[other.scene].created_at
        moved = replace(other.post, created_at=starts[one.scene].created_at + late, author=f"{other.scene} stranger")
        if one.scene != other.scene and (traits := _weighed(one.post, moved)) and not {"spot", "named"} & {*traits}:
            yield Pair(one.scene, traits, False, _WEIGHT_OF_STRANGERS)


def _weighed(one: ReadPost, other: ReadPost) -> Mapping[str, float] | None:
    seen = Evidence(one, other)
    if seen.apart > WINDOW or seen.near is Closeness.ELSEWHERE or cannot_be_one(seen):
        return None
    return chance.traits(seen)


def fit(pairs: Sequence[Pair]) -> dict[str, float]:
    names = sorted({name for pair in pairs for name in pair.traits})
    table = np.array([[pair.traits.get(name, 0.0) for name in names] for pair in pairs])
    model = LogisticRegression(C=_STRENGTH, max_iter=5_000)
    model.fit(table, [pair.one_event for pair in pairs], sample_weight=[pair.weight for pair in pairs])
    return {"": float(model.intercept_[0]), **dict(zip(names, map(float, model.coef_[0]), strict=True))}


def write(weights: Mapping[str, float]) -> None:
    with chance.WEIGHTS.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("trait", "weight"))
        table.writerows((name, f"{weight:.3f}") for name, weight in weights.items())


def print_folds(told: Sequence[Told], pairs: Sequence[Pair]) -> None:
    found: list[Joined] = []
    for unseen in folds({each.scene for each in told}):
        weights = defaultdict(float, fit([pair for pair in pairs if pair.scene not in unseen]))
        chance.known_weights = lambda weights=weights: weights  # type: ignore[assignment]
        found.append(joined([each for each in told if each.scene in unseen]))
    print(total(found))


def folds(scenes: Collection[str]) -> Iterator[frozenset[str]]:
    shuffled = sorted(scenes)
    random.Random(0).shuffle(shuffled)
    for number in range(FOLDS):
        yield frozenset(shuffled[number::FOLDS])


if __name__ == "__main__":
    main(sys.argv[1:])
