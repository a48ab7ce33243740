"""Scores → probabilities that mean what they say, learnt from scores of posts that the scoring model had not seen.

A softmax with one scale and a small shift a label: p ∝ exp(scale · score + shift). Temperature scaling (Guo et al.
2017) with the shifts held back by a penalty, since rare labels have few posts to learn one from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize, minimize_scalar

_HOLD_BACK = 1.0  # penalty on the squared shifts, in posts


@dataclass(frozen=True, slots=True)
class Calibration:
    scale: float
    shift: np.ndarray  # float32, one a label

    def probabilities(self, scores: np.ndarray) -> np.ndarray:
        """One row a post, summing to 1. Row by row: a post's answer does not depend on its neighbours."""
        return softmax(scores * np.float64(self.scale) + self.shift)


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def calibrate(scores: np.ndarray, right: np.ndarray) -> Calibration:
    """The calibration under which the right labels (`right`: a column number a row) were likeliest."""
    count, labels = scores.shape
    rows = np.arange(count)

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        scale, shift = np.exp(parameters[0]), parameters[1:]
        p = softmax(scores * scale + shift)
        value = -np.log(np.maximum(p[rows, right], 1e-12)).sum() + _HOLD_BACK * (shift**2).sum()
        p[rows, right] -= 1
        slope = np.concatenate([[(p * scores).sum() * scale], p.sum(axis=0) + 2 * _HOLD_BACK * shift])
        return float(value), slope

    found = minimize(loss, np.zeros(labels + 1), jac=True, method="L-BFGS-B")
    return Calibration(float(np.exp(found.x[0])), found.x[1:])


def expected_calibration_error(confidence: np.ndarray, was_right: np.ndarray, bins: int = 10) -> float:
    """How far confidence and truth lie apart over bins of equal width, weighted by their posts (0 is best)."""
    if not len(confidence):
        return float("nan")
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = np.bincount(places, confidence - was_right, minlength=bins)
    return float(np.abs(gaps).sum() / len(confidence))


def sharpness(p: np.ndarray, right: np.ndarray) -> float:
    """The power to which probabilities are raised so that the right labels become likeliest."""
    logits = np.log(np.maximum(p, 1e-12))

    def loss(power: float) -> float:
        chosen = softmax(logits * power)[np.arange(len(right)), right]
        return float(-np.log(np.maximum(chosen, 1e-12)).sum())

    return float(minimize_scalar(loss, bounds=(0.2, 3.0), method="bounded").x)
