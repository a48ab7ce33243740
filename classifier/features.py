"""Units of a post → numbers: a sparse vector a unit, of the word, its stem and its runs of letters.

A post's vector is the weighted sum of its units' vectors over a length that treats units as if they had nothing in
common. So a unit speaks for a label with the same voice in every post, its vector is computed once, and what it said
can be told exactly.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from classifier.document import CONCEPTS, SIGN, Document
from classifier.meanings import Meanings

_WORD, _STEM, _CONCEPT = "=", "~", "^"  # begin the names of features; no word has such a letter
_WORDS = frozenset({_WORD, _STEM, _CONCEPT})
_RAREST_SHARE = 5_000  # of very many posts, one in so many must have a feature


@dataclass(frozen=True, slots=True)
class FeatureSettings:
    """What is looked at. Chosen by cross-validation; the figures are in docs/model-card.md."""

    shortest_run: int = 2  # letters, with the marks of a word's beginning and end
    longest_run: int = 5  # 0 = no runs of letters
    stems: bool = True
    concepts: bool = True  # of words, phrases and, side by side, of words near each other
    pairs: bool = True
    rarest: int = 2  # a feature counts when so many posts have it
    run_weight: float = 0.4  # of a run of letters beside a word, its stem or a pair
    concepts_weight: float = 0.7  # of two concepts side by side
    sign_weight: float = 3.0  # of what no single word says: whose place, which account


def for_many(settings: FeatureSettings, posts: int) -> FeatureSettings:
    """What is looked at in very many posts: no runs of letters and no concepts, which help few most; nothing rare."""
    return replace(settings, longest_run=0, concepts=False, rarest=max(settings.rarest, posts // _RAREST_SHARE))


@dataclass(frozen=True, slots=True)
class Features:
    """The features that a model knows, and the weight of each: the rarer, the heavier."""

    settings: FeatureSettings
    index: dict[str, int]
    weights: np.ndarray  # float32, one a feature

    def knows(self, word: str, meanings: Meanings) -> bool:
        return f"{_WORD}{word}" in self.index or f"{_STEM}{meanings.stem(word)}" in self.index

    def vectors(self, units: Sequence[str], meanings: Meanings) -> sparse.csr_matrix:
        """One row a unit, one column a feature. What the model never met is left out."""
        columns = array("i")
        ends = [0]
        for unit in units:
            found = (self.index.get(feature) for feature in features_of(unit, self.settings, meanings))
            columns.extend(column for column in found if column is not None)
            ends.append(len(columns))
        indices = np.array(columns, dtype=np.int32)  # a copy: the matrix sorts it in place
        shape = (len(units), len(self.index))
        matrix = sparse.csr_matrix((self.weights[indices], indices, np.array(ends)), shape=shape)
        matrix.sum_duplicates()
        return matrix


def features_of(unit: str, settings: FeatureSettings, meanings: Meanings) -> Iterator[str]:
    """The names of a unit's features: `=` the unit, `~` its stem, `^` its concepts, the rest runs of its letters."""
    if unit.startswith(CONCEPTS):
        if settings.concepts:
            yield unit
        return
    if unit.startswith(SIGN):
        yield unit
        return
    first, _, second = unit.partition(" ")
    if second and not settings.pairs:
        return
    yield f"{_WORD}{unit}"
    if settings.stems:
        yield f"{_STEM}{meanings.stem(first)} {meanings.stem(second)}" if second else f"{_STEM}{meanings.stem(first)}"
    if settings.concepts:
        yield from (f"{_CONCEPT}{concept}" for concept in meanings.concepts_of(first, second))
    if not second and settings.longest_run:
        yield from _runs(f"<{unit}>", settings)


def _runs(word: str, settings: FeatureSettings) -> Iterator[str]:
    for length in range(settings.shortest_run, min(settings.longest_run, len(word)) + 1):
        for start in range(len(word) - length + 1):
            yield word[start : start + length]


def learn_features(
    documents: Iterable[Document], settings: FeatureSettings, meanings: Meanings, also: Iterable[Document] = ()
) -> Features:
    """The features of `documents` that are not too rare, and all words of `also` (what is known beforehand)."""
    posts_with: Counter[str] = Counter()
    known: dict[str, tuple[str, ...]] = {}
    count = 0
    for document in documents:
        count += 1
        posts_with.update(_document_features(document, settings, meanings, known))
    kept = {feature for feature, posts in posts_with.items() if posts >= settings.rarest}
    for document in also:
        kept.update(_document_features(document, settings, meanings, known))
    index = {feature: column for column, feature in enumerate(sorted(kept))}
    weights = [
        _weight_of_kind(feature, settings) * (math.log((1 + count) / (1 + posts_with[feature])) + 1)
        for feature in index
    ]
    return Features(settings, index, np.array(weights, dtype=np.float32))


def _weight_of_kind(feature: str, settings: FeatureSettings) -> float:
    if feature.startswith(CONCEPTS):
        return settings.concepts_weight
    if feature.startswith(SIGN):
        return settings.sign_weight
    return 1.0 if feature[0] in _WORDS else settings.run_weight


def _document_features(
    document: Document, settings: FeatureSettings, meanings: Meanings, known: dict[str, tuple[str, ...]]
) -> set[str]:
    found: set[str] = set()
    for unit in document.units():
        if unit not in known:
            known[unit] = tuple(features_of(unit, settings, meanings))
        found.update(known[unit])
    return found


@dataclass(frozen=True, slots=True)
class Matrix:
    """Documents as rows of unit weights (already over their length), and those units as rows of features."""

    shares: sparse.csr_matrix  # documents × units
    vectors: sparse.csr_matrix  # units × features

    @property
    def rows(self) -> sparse.csr_matrix:
        """Documents × features."""
        return (self.shares @ self.vectors).tocsr()


def matrix_of(documents: Sequence[Document], features: Features, meanings: Meanings) -> Matrix:
    places: dict[str, int] = {}
    columns, weights = array("i"), array("f")  # lists of as many numbers would take four times the memory
    ends = [0]
    for document in documents:
        for unit, weight in document.units().items():
            columns.append(places.setdefault(unit, len(places)))
            weights.append(weight)
        ends.append(len(columns))
    vectors = features.vectors(list(places), meanings)
    shares = sparse.csr_matrix(
        (np.frombuffer(weights, dtype=np.float32), np.frombuffer(columns, dtype=np.int32), np.array(ends)),
        shape=(len(documents), len(places)),
    )
    return Matrix(shares_of_length(shares, squared_lengths(vectors)), vectors)


def squared_lengths(vectors: sparse.csr_matrix) -> np.ndarray:
    return np.asarray(vectors.multiply(vectors).sum(axis=1), dtype=np.float32).ravel()


def shares_of_length(shares: sparse.csr_matrix, squares: np.ndarray) -> sparse.csr_matrix:
    """`shares` with each row over the length of its document's vector; a document of nothing known stays 0.

    The order of the terms is kept.
    """
    squared = sparse.csr_matrix((shares.data**2, shares.indices, shares.indptr), shape=shares.shape)
    lengths = np.sqrt(squared @ squares)
    lengths[lengths == 0] = 1
    data = shares.data / np.repeat(lengths, np.diff(shares.indptr))
    return sparse.csr_matrix((data, shares.indices, shares.indptr), shape=shares.shape)
