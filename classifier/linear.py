"""Learning linear weights for all labels of one question at once: least squares with a penalty (ridge).

Two ways to the same weights. `fit_directly` solves in the space of posts (n × n): one inverse serves any number of
labels, and tells exactly what a model without a fold of posts would have said of that fold, without training it.
`fit_by_steps` (conjugate gradients) needs no n × n matrix: for many posts, or few labels.

Source: Rifkin & Lippert, "Notes on Regularized Least-Squares" (MIT 2007), for the leave-out identity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse

DIRECT_UP_TO = 16_000  # posts; above, three n × n matrices of 4 bytes take more memory than a small server has
MANY = 20_000  # posts; above, fewer features and fewer steps lose nothing
FEW_LABELS = 4  # up to here, steps are quicker than an inverse
_BLOCK = 1_000  # rows
_MOST_STEPS = 150
_CLOSE_ENOUGH = 1e-5  # of the first residual; closer changes no figure
_CLOSE_ENOUGH_FOR_MANY = 0.01


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights (features × labels) and bias (labels); and each post's score by a model that never saw its fold."""

    weights: np.ndarray
    bias: np.ndarray
    held_out: np.ndarray  # not a number where a post was never held out


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is to be learnt: `targets` (posts × labels, 1 and -1), the importance and the fold of each post.

    A fold below 0 is never held out.
    """

    rows: sparse.csr_matrix
    targets: np.ndarray
    importance: np.ndarray
    folds: np.ndarray
    penalty: float


def gram_of(rows: sparse.csr_matrix) -> np.ndarray:
    """Products of all pairs of rows, float32; a block at a time, for a sparse product of all takes 3 x the memory."""
    columns = rows.T.tocsr()
    gram = np.empty((rows.shape[0], rows.shape[0]), dtype=np.float32)
    for first in range(0, len(gram), _BLOCK):
        gram[first : first + _BLOCK] = (rows[first : first + _BLOCK] @ columns).toarray()
    return gram


def fit_directly(lesson: Lesson, gram: np.ndarray) -> Fitted:
    """`gram`: products of all pairs of the lesson's rows; its memory is used for the rest of the work.

    Single precision: beside double it moved no score of 11,000 posts by more than 0.0001.
    """
    gram += 1  # the bias, as a feature that every post has
    gram[np.diag_indices_from(gram)] += (lesson.penalty / lesson.importance).astype(np.float32)
    inverse = linalg.inv(gram, overwrite_a=True, check_finite=False, assume_a="pos")
    alpha = inverse @ lesson.targets.astype(np.float32)
    held_out = np.full(lesson.targets.shape, np.nan)
    for fold in range(int(lesson.folds.max()) + 1):
        inside = np.flatnonzero(lesson.folds == fold)
        block = inverse[np.ix_(inside, inside)]
        held_out[inside] = lesson.targets[inside] - linalg.solve(
            block, alpha[inside], assume_a="pos", check_finite=False
        )
    weights = (lesson.rows.T @ alpha).astype(np.float32)
    return Fitted(weights, alpha.sum(axis=0).astype(np.float32), held_out)


def fit_by_steps(lesson: Lesson, folds: int) -> Fitted:
    """As `fit_directly`, holding out the first `folds` folds only, each by a training of its own."""
    rows = _with_bias(lesson.rows)
    held_out = np.full(lesson.targets.shape, np.nan)
    many = len(lesson.targets) > MANY
    for fold in range(folds):
        outside = np.flatnonzero(lesson.folds != fold)
        inside = np.flatnonzero(lesson.folds == fold)
        part = (rows[outside], lesson.targets[outside], lesson.importance[outside])
        weights = _steps(*part, lesson.penalty, many)
        held_out[inside] = rows[inside] @ weights
    weights = _steps(rows, lesson.targets, lesson.importance, lesson.penalty, many)
    return Fitted(weights[:-1].astype(np.float32), weights[-1].astype(np.float32), held_out)


def _with_bias(rows: sparse.csr_matrix) -> sparse.csr_matrix:
    ones = np.ones((rows.shape[0], 1), dtype=rows.dtype)
    return sparse.hstack([rows, ones], format="csr", dtype=rows.dtype)


def _steps(
    rows: sparse.csr_matrix, targets: np.ndarray, importance: np.ndarray, penalty: float, many: bool
) -> np.ndarray:
    """Conjugate gradients on the normal equations, for all labels side by side.

    With `many` posts a few steps do: to stop early is a penalty too.
    """
    weighted = (sparse.diags_array(importance.astype(rows.dtype)) @ rows).T.tocsr()
    residual = weighted @ targets.astype(rows.dtype)
    weights = np.zeros_like(residual)
    direction, square = residual.copy(), (residual * residual).sum(axis=0)
    enough = square * (_CLOSE_ENOUGH_FOR_MANY if many else _CLOSE_ENOUGH) ** 2
    for _ in range(_MOST_STEPS):
        image = weighted @ (rows @ direction) + penalty * direction
        step = square / np.maximum((direction * image).sum(axis=0), 1e-30)
        weights += step * direction
        residual -= step * image
        before, square = square, (residual * residual).sum(axis=0)
        if (square <= enough).all():
            break
        direction = residual + (square / np.maximum(before, 1e-30)) * direction
    return np.asarray(weights)
