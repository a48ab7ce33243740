"""Labels that are likely wrong, by confident learning: cleanlab, with types around it. It is an extra (`data`).

Source: Northcutt, Jiang, Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels" (JAIR 2021).
"""

from __future__ import annotations

import warnings

import numpy as np

from classifier.errors import PartMissing


def suspected(labels: np.ndarray, p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which labels are likely wrong, and the probability of each given label.

    `labels`: a column number a row; `p`: probabilities (rows × columns) by models that had not seen the row. Columns
    that no row is labelled with are left out. Raises PartMissing without cleanlab.
    """
    try:
        from cleanlab.filter import find_label_issues
        from cleanlab.rank import get_label_quality_scores
    except ImportError:
        raise PartMissing("cleanlab is not installed; install it: pip install -r requirements/data.txt") from None
    present, codes = np.unique(labels, return_inverse=True)
    shares = p[:, present] / p[:, present].sum(axis=1, keepdims=True)
    if len(present) < 2:
        return np.zeros(len(labels), dtype=bool), np.ones(len(labels))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of classes with few rows: all of ours are told by `check`
        wrong = find_label_issues(codes, shares, n_jobs=1)
    return np.asarray(wrong, dtype=bool), np.asarray(get_label_quality_scores(codes, shares), dtype=np.float64)
