"""Which posts to label next: those of which the model is least sure, that say something new, and are unlike each other.

A share is drawn at random beside them: only that share shows how good the model is on posts as they come.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from classifier.post import Post
from classifier.prediction import Prediction
from classifier.reader import Reader

_NEW_WORDS_COUNT = 0.5  # of a post of wholly new words, beside a post of which nothing is sure

Kind = Literal["random", "useful"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    post: Post
    prediction: Prediction
    kind: Kind
    doubt: float  # 0 = sure of complaint and office, 1 = of nothing
    new_words: float  # share of its words that the model never met


def suggest(posts: Sequence[Post], reader: Reader, count: int, random_share: float, seed: int) -> list[Suggestion]:
    """`count` of `posts`, the random ones first."""
    predictions = reader.read(posts)
    rows = list(range(len(posts)))
    drawn = random.Random(seed).sample(rows, min(len(rows), round(count * random_share)))
    chosen = [_suggestion(posts[row], predictions[row], reader, "random") for row in drawn]
    taken = set(drawn)
    rest = [_suggestion(posts[row], predictions[row], reader, "useful") for row in rows if row not in taken]
    return chosen + _unlike(rest, count - len(chosen))


def _suggestion(post: Post, prediction: Prediction, reader: Reader, kind: Kind) -> Suggestion:
    words = prediction.normalised.split()
    new = sum(not reader.knows(word) for word in words) / len(words) if words else 0.0
    return Suggestion(post, prediction, kind, _doubt(prediction), new)


def _doubt(prediction: Prediction) -> float:
    """How far from sure: of whether it is a complaint, or, when it is one, of whose."""
    p = prediction.actionable
    undecided = 0.0 if p is None else 1 - abs(2 * p - 1)
    office = 1 - prediction.opd_top3[0].p if prediction.opd_top3 else 0.0
    return max(undecided, office * (1.0 if p is None else p))


def _unlike(candidates: list[Suggestion], count: int) -> list[Suggestion]:
    """The worthiest, one after the other; a post is worth less the more it is like one chosen before."""
    words = [frozenset(one.prediction.normalised.split()) for one in candidates]
    worth = [one.doubt + _NEW_WORDS_COUNT * one.new_words for one in candidates]
    likeness = [0.0] * len(candidates)
    chosen: list[Suggestion] = []
    left = set(range(len(candidates)))
    while left and len(chosen) < count:
        best = max(left, key=lambda row: (worth[row] * (1 - likeness[row]), -row))
        left.remove(best)
        chosen.append(candidates[best])
        for row in left:
            common = len(words[row] & words[best])
            if common:
                likeness[row] = max(likeness[row], common / len(words[row] | words[best]))
    return chosen
