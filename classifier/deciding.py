"""Probabilities → what is to be done with a post: the order of its answers, and route, review, drop or not ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from city import City
from classifier.model import OF_KECAMATAN, YES, Model, Question
from classifier.place import Place
from classifier.prediction import Choice, Decision
from classifier.priority import Level, Priority
from classifier.reading import ReadText

_MOST = 3
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model says of one post, before it is told."""

    actionable: float | None
    categories: tuple[Choice, ...]  # likeliest first
    opds: tuple[Choice, ...]
    confidence: float  # that the first OPD is right, and the post a complaint
    decision: Decision
    priority: Level


class Decider:
    """Turns the probabilities of one model into answers for one city."""

    def __init__(self, model: Model, city: City) -> None:
        self._model = model
        self._authorities = city.authorities.keys()
        self._offices = {district.name: district.opd for district in city.kecamatan.values()}

    def decide(self, probabilities: Mapping[Question, np.ndarray], texts: Sequence[ReadText]) -> list[Answer]:
        """One answer a post. `texts`: where each post is and what it says of danger, as far as that is known."""
        count = len(texts)
        actionable = self._actionable(probabilities, count)
        categories = self._likeliest("category", probabilities, count)
        opds = self._likeliest("opd", probabilities, count)
        levels = self._levels(probabilities, [text.danger for text in texts])
        return [
            self._answer(actionable[row], categories[row], self._resolved(opds[row], texts[row].place), levels[row])
            for row in range(count)
        ]

    def _levels(self, probabilities: Mapping[Question, np.ndarray], dangers: Sequence[Priority]) -> list[Level]:
        """The model's level, which has heard the rules; the rules' own where it was taught none.

        An emergency by a rule that the model does not believe is a hazard still.
        """
        if "priority" not in probabilities:
            return [danger.level for danger in dangers]
        p = dict(zip(self._model.heads["priority"].labels, probabilities["priority"].T, strict=True))
        emergency = p["darurat"] >= self._model.darurat_from if "darurat" in p else np.zeros(len(dangers), bool)
        hazard = 1 - p["biasa"] >= _HALF if "biasa" in p else np.ones(len(dangers), bool)
        return [
            "darurat" if urgent else "tinggi" if high or danger.level == "darurat" else "biasa"
            for urgent, high, danger in zip(emergency, hazard, dangers, strict=True)
        ]

    def _actionable(self, probabilities: Mapping[Question, np.ndarray], count: int) -> list[float | None]:
        if "actionable" not in probabilities:
            return [None] * count
        column = self._model.heads["actionable"].labels.index(YES)
        return [float(p) for p in probabilities["actionable"][:, column]]

    def _likeliest(
        self, question: Question, probabilities: Mapping[Question, np.ndarray], count: int
    ) -> list[list[Choice]]:
        if question not in probabilities:
            return [[] for _ in range(count)]
        labels, p = self._model.heads[question].labels, probabilities[question]
        order = np.argsort(-p, axis=1, kind="stable")[:, : _MOST + 1]
        likeliest = np.take_along_axis(p, order, axis=1).tolist()
        return [
            [Choice(labels[column], value) for column, value in zip(columns, values, strict=True)]
            for columns, values in zip(order.tolist(), likeliest, strict=True)
        ]

    def _resolved(self, choices: list[Choice], place: Place | None) -> tuple[Choice, ...]:
        """The office of the place's kecamatan for "of the kecamatan"; without a place that choice names nobody."""
        office = self._offices.get(place.kecamatan) if place is not None and place.kecamatan else None
        named = (Choice(office or "", c.p) if c.code == OF_KECAMATAN else c for c in choices)
        return tuple(choice for choice in named if choice.code)[:_MOST]

    def _answer(
        self, actionable: float | None, categories: list[Choice], opds: tuple[Choice, ...], level: Level
    ) -> Answer:
        confidence = (1.0 if actionable is None else actionable) * (opds[0].p if opds else 0.0)
        decision = self._decision(actionable, opds[0].code if opds else "", confidence)
        return Answer(actionable, tuple(categories[:_MOST]), opds, confidence, decision, level)

    def _decision(self, actionable: float | None, opd: str, confidence: float) -> Decision:
        if actionable is not None and actionable < self._model.drop_below:
            return "drop"
        if opd in self._authorities:
            return "not_ours"
        threshold = self._model.promise.threshold
        return "route" if opd and threshold is not None and confidence >= threshold else "review"
