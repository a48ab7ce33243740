"""Documents → scores, quickly and always alike: what a unit says of every label is computed once and kept.

A post's scores are one row of a sparse product (its units' shares) with the table of what those units say. Sparse
products go row by row and term by term, so a post has the same scores, to the bit, in a batch of any size and order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from classifier.document import Document
from classifier.features import shares_of_length, squared_lengths
from classifier.meanings import Meanings
from classifier.model import Model


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of a batch, and the parts of which they are the sums."""

    scores: np.ndarray  # float64, posts × labels
    units: list[list[str]]  # of each post, in the order of `shares`
    shares: sparse.csr_matrix  # posts × places in the table
    said: np.ndarray  # float32, places in the table × labels

    def spoken(self, row: int, column: int) -> dict[str, float]:
        """What each unit of a post added to one label's score."""
        start, end = self.shares.indptr[row], self.shares.indptr[row + 1]
        parts = self.shares.data[start:end] * self.said[self.shares.indices[start:end], column]
        return dict(zip(self.units[row], parts.tolist(), strict=True))


class Scorer:
    """Scores documents with one model. Its memory of units is bounded, and never changes an answer."""

    def __init__(self, model: Model, meanings: Meanings, capacity: int = 100_000) -> None:
        self._model = model
        self._meanings = meanings
        self._capacity = capacity
        self._forget()

    def _forget(self) -> None:
        # The first row is that of all units that say nothing: most pairs of words.
        self._places: dict[str, int] = {}
        self._used = 1
        self._said = np.zeros((1024, len(self._model.bias)), dtype=np.float32)
        self._squares = np.zeros(1024, dtype=np.float32)

    def score(self, documents: Sequence[Document]) -> Scored:
        weighted = [document.units() for document in documents]
        self._learn(weighted)
        places = self._places
        columns = np.array([places[unit] for units in weighted for unit in units], dtype=np.int32)
        weights = np.array([weight for units in weighted for weight in units.values()], dtype=np.float32)
        ends = np.cumsum([0, *map(len, weighted)])
        shares = sparse.csr_matrix((weights, columns, ends), shape=(len(documents), self._used))
        shares = shares_of_length(shares, self._squares[: self._used])
        said = self._said[: self._used]
        scores = np.asarray(shares @ said, dtype=np.float64) + self._model.bias
        return Scored(scores, [list(units) for units in weighted], shares, said)

    def _learn(self, weighted: Sequence[dict[str, float]]) -> None:
        """Compute what every unit not met before says."""
        fresh = self._not_met(weighted)
        if len(self._places) + len(fresh) > self._capacity and self._places:
            self._forget()
            fresh = self._not_met(weighted)
        if not fresh:
            return
        vectors = self._model.features.vectors(fresh, self._meanings)
        speaks = np.diff(vectors.indptr) > 0
        places = np.where(speaks, self._used - 1 + np.cumsum(speaks), 0)
        self._places.update(zip(fresh, places.tolist(), strict=True))
        self._write(vectors[speaks])

    def _not_met(self, weighted: Sequence[dict[str, float]]) -> list[str]:
        return list(dict.fromkeys(unit for units in weighted for unit in units if unit not in self._places))

    def _write(self, vectors: sparse.csr_matrix) -> None:
        first, end = self._used, self._used + vectors.shape[0]
        if end > len(self._said):
            self._said = _with_room(self._said, 2 * end)
            self._squares = _with_room(self._squares, 2 * end)
        self._said[first:end] = vectors @ self._model.weights
        self._squares[first:end] = squared_lengths(vectors)
        self._used = end


def _with_room(array: np.ndarray, rows: int) -> np.ndarray:
    roomy = np.zeros((rows, *array.shape[1:]), dtype=array.dtype)
    roomy[: len(array)] = array
    return roomy
