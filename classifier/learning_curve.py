"""How much more labels would help: figures of models that learnt from a quarter, half, three quarters and all posts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from classifier.evaluation import evaluate, said
from classifier.folds import folds_of
from classifier.knowledge import Knowledge
from classifier.labels import LabelledPost
from classifier.post import Post
from classifier.prediction import Prediction
from classifier.reader import Reader
from classifier.recipe import Recipe
from classifier.training import train

_PARTS = 5  # one is held out, the others are added one after the other
_JUDGED = 5  # posts of a label, below which its gain is not told


@dataclass(frozen=True, slots=True)
class Point:
    """A model that learnt from `rows` posts, on the same posts held out from all."""

    rows: int
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Gain:
    """How a label fares with half of the posts and with all: what still rises gains most from more labels."""

    question: str
    label: str
    n: int  # held out
    learnt: int  # posts of it among all that were learnt from
    half: float  # share found
    whole: float


@dataclass(frozen=True, slots=True)
class Curve:
    points: tuple[Point, ...]
    gains: tuple[Gain, ...]  # the steepest first

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def learning_curve(
    posts: Sequence[LabelledPost], knowledge: Knowledge, recipe: Recipe, progress: Callable[[str], None]
) -> Curve:
    parts = folds_of([post.together for post in posts], _PARTS, recipe.seed)
    held = [post for post, part in zip(posts, parts, strict=True) if part == 0]
    points = []
    said_by: list[list[Prediction]] = []
    for last in range(1, _PARTS):
        learnt = [post for post, part in zip(posts, parts, strict=True) if 0 < part <= last]
        progress(f"learning from {len(learnt)} posts")
        reader = Reader(f"{len(learnt)} posts", train(learnt, knowledge, recipe).model, knowledge)
        said_by.append(reader.read([Post(post.text) for post in held]))
        answers = [said(prediction) for prediction in said_by[-1]]
        points.append(Point(len(learnt), evaluate(held, answers, reader.model, recipe.error, recipe.seed)))
    learnt = [post for post, part in zip(posts, parts, strict=True) if part]
    return Curve(tuple(points), tuple(_gains(held, learnt, said_by[len(said_by) // 2 - 1], said_by[-1])))


def _gains(
    held: Sequence[LabelledPost],
    learnt: Sequence[LabelledPost],
    half: Sequence[Prediction],
    whole: Sequence[Prediction],
) -> list[Gain]:
    gains = []
    for question in ("category", "opd"):
        labels = [getattr(post, question) for post in held]
        for label in sorted({label for label in labels if label}):
            rows = [row for row, own in enumerate(labels) if own == label]
            if len(rows) >= _JUDGED:
                found = [
                    sum(_first(said[row], question) == label for row in rows) / len(rows) for said in (half, whole)
                ]
                count = sum(getattr(post, question) == label for post in learnt)
                gains.append(Gain(question, label, len(rows), count, *found))
    return sorted(gains, key=lambda gain: (gain.half - gain.whole, gain.whole))


def _first(prediction: Prediction, question: str) -> str:
    choices = prediction.opd_top3 if question == "opd" else prediction.category_top3
    return choices[0].code if choices else ""


def lines(curve: Curve) -> Iterator[str]:
    yield "rows learnt   complaint F1            category right          OPD right               OPD macro F1"
    for point in curve.points:
        figures = point.figures
        values = (figures["actionable"]["f1"], figures["category"]["accuracy"], figures["opd"]["accuracy"])
        yield f"{point.rows:11}   " + "   ".join(_told(value) for value in (*values, figures["opd"]["macro_f1"]))
    yield "labels that would gain most from more posts (found with half → with all, n held out):"
    for gain in curve.gains[:8]:
        yield f"  {gain.question} {gain.label}: {gain.half:.2f} → {gain.whole:.2f} (n = {gain.n}, learnt {gain.learnt})"


def _told(value: list[float | None]) -> str:
    return "–" if value[0] is None else f"{value[0]:.3f} [{value[1]:.3f}, {value[2]:.3f}]"
