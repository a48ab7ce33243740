"""Dividing posts into folds so that posts that belong together are never on both sides."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence

import numpy as np


def folds_of(keys: Sequence[str], count: int, seed: int) -> np.ndarray:
    """A fold from 0 to `count` - 1 for each key, the same for the same key, and all nearly equally large."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        rows[key].append(row)
    # Largest first, ties in an order that depends on nothing but the key and the seed.
    order = sorted(rows, key=lambda key: (-len(rows[key]), hashlib.sha256(f"{seed} {key}".encode()).digest()))
    folds = np.zeros(len(keys), dtype=np.int64)
    sizes = [0] * count
    for key in order:
        smallest = sizes.index(min(sizes))
        folds[rows[key]] = smallest
        sizes[smallest] += len(rows[key])
    return folds
