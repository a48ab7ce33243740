"""A trained model: the weights of every answer to every question, and what turns them into probabilities.

Pure numbers. What a post says is made into documents by `reading`; what is done with an answer is `deciding`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from classifier.agreement import Agreement
from classifier.calibration import Calibration
from classifier.features import Features
from classifier.promise import Promise

Question = Literal["actionable", "category", "opd", "priority"]
QUESTIONS: tuple[Question, ...] = ("actionable", "category", "opd", "priority")
FORMAT = 3  # of the artefact; another one is refused

YES, NO = "1", "0"  # the labels of `actionable`
OF_KECAMATAN = "kec_*"  # the OPD label that stands for the office of whichever kecamatan the place lies in


@dataclass(frozen=True, slots=True)
class Head:
    """One question: its possible answers are the columns from `first` on of the model's weights."""

    question: Question
    labels: tuple[str, ...]
    first: int
    calibration: Calibration

    @property
    def columns(self) -> slice:
        return slice(self.first, self.first + len(self.labels))


@dataclass(frozen=True, slots=True)
class Model:
    features: Features
    weights: np.ndarray  # float32, features × labels of all heads
    bias: np.ndarray  # float32, labels of all heads
    heads: Mapping[Question, Head]
    agreement: Agreement | None  # where both category and OPD are asked
    sharpen: Mapping[Question, float]  # after they agreed: p ∝ p^sharpen
    drop_below: float  # a post less probably a complaint than this is none
    promise: Promise
    darurat_from: float = 1.0  # probability of an emergency from which on a post is taken for one

    def probabilities(self, scores: np.ndarray) -> dict[Question, np.ndarray]:
        """`scores`: posts × labels of all heads, float64. For each question posts × its labels, rows summing to 1."""
        answers = {
            question: head.calibration.probabilities(np.ascontiguousarray(scores[:, head.columns]))
            for question, head in self.heads.items()
        }
        return agreed(answers, self.agreement, self.sharpen)


def agreed(
    answers: dict[Question, np.ndarray], agreement: Agreement | None, sharpen: Mapping[Question, float]
) -> dict[Question, np.ndarray]:
    if agreement is None:
        return answers
    categories, opds = agreement.reconcile(answers["category"], answers["opd"])
    return {
        **answers,
        "category": sharpened(categories, sharpen["category"]),
        "opd": sharpened(opds, sharpen["opd"]),
    }


def sharpened(p: np.ndarray, power: float) -> np.ndarray:
    raised = p**power
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
