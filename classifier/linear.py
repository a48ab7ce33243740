"""Learning linear weights for all labels of one question at once: least squares with a penalty (ridge).

Solved in the space of posts (n × n): one inverse serves every label, and tells exactly what a model without any fold
of posts would have said of that fold (`held_out`), without training it. Beyond `DIRECT_UP_TO` posts the same weights
are found by conjugate gradients, and the caller holds posts out by training twice.

Source: Rifkin & Lippert, "Notes on Regularized Least-Squares" (MIT 2007), for the leave-out identity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse

DIRECT_UP_TO = 12_000  # posts; above, the n × n matrix takes more memory than a small server has
_STEPS = 40  # of conjugate gradients; more changed no figure


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights (features × labels) and bias (labels); and each post's score by a model that never saw its fold."""

    weights: np.ndarray
    bias: np.ndarray
    held_out: np.ndarray | None


def fit_directly(
    rows: sparse.csr_matrix, targets: np.ndarray, importance: np.ndarray, penalty: float, folds: np.ndarray
) -> Fitted:
    """`targets`: posts × labels, 1 and -1; `importance`: a post; `folds`: a post's fold, below 0 = never held out."""
    gram = (rows @ rows.T).toarray().astype(np.float64)
    gram += 1  # the bias, as a feature that every post has
    gram[np.diag_indices_from(gram)] += penalty / importance
    inverse = linalg.inv(gram, overwrite_a=True, check_finite=False, assume_a="pos")
    alpha = inverse @ targets
    held_out = np.full(targets.shape, np.nan)
    for fold in range(int(folds.max()) + 1):
        inside = np.flatnonzero(folds == fold)
        block = inverse[np.ix_(inside, inside)]
        held_out[inside] = targets[inside] - linalg.solve(block, alpha[inside], assume_a="pos", check_finite=False)
    return Fitted((rows.T @ alpha).astype(np.float32), alpha.sum(axis=0).astype(np.float32), held_out)


def fit_by_steps(rows: sparse.csr_matrix, targets: np.ndarray, importance: np.ndarray, penalty: float) -> Fitted:
    """The same weights for many posts, without the n × n matrix."""
    rows = sparse.hstack([rows, np.ones((rows.shape[0], 1), dtype=np.float32)], format="csr", dtype=np.float32)
    weighted = sparse.diags_array(importance.astype(np.float32)) @ rows
    residual = (weighted.T @ targets.astype(np.float32)).astype(np.float32)
    weights = np.zeros_like(residual)
    direction, square = residual.copy(), (residual * residual).sum(axis=0)
    for _ in range(_STEPS):
        image = weighted.T @ (rows @ direction) + penalty * direction
        step = square / np.maximum((direction * image).sum(axis=0), 1e-12)
        weights += step * direction
        residual -= step * image
        before, square = square, (residual * residual).sum(axis=0)
        direction = residual + (square / np.maximum(before, 1e-12)) * direction
    return Fitted(weights[:-1], weights[-1], None)
