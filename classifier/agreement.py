"""Category and OPD that agree: each is asked by itself, and then both answers are weighed by how well they go together.

With p(c) and p(o) from the text and lift(c, o) = p(c, o) / (p(c) p(o)) from labels and taxonomy, the pair is taken as
p(c, o) ∝ p(c) · p(o) · lift(c, o)^strength, and each answer is the sum over the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse


@dataclass(frozen=True, slots=True)
class Agreement:
    lift: np.ndarray  # categories × OPDs, float64, already raised to its strength

    def reconcile(self, categories: np.ndarray, opds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Both probabilities after each has heard the other; a row a post."""
        return _heard(categories, opds, self.lift.T), _heard(opds, categories, self.lift)


def _heard(own: np.ndarray, other: np.ndarray, lift: np.ndarray) -> np.ndarray:
    # A sparse product goes row by row: the answer for a post is the same to the bit in a batch of any size.
    weighed = own * (sparse.csr_array(other) @ np.ascontiguousarray(lift))
    return np.asarray(weighed / weighed.sum(axis=1, keepdims=True))


def learn_agreement(counts: np.ndarray, usual: np.ndarray, strength: float, doubt: float = 0.05) -> Agreement:
    """`counts`: labelled posts of each pair; `usual`: 1 where the taxonomy names the OPD for the category, else 0.

    `doubt`: posts that every pair is taken to have, so that none is impossible; a usual pair is taken to have one.
    """
    pairs = counts + usual + doubt
    joint = pairs / pairs.sum()
    lift = joint / (joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True))
    return Agreement(np.asarray(lift**strength))
