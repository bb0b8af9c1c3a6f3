"""Checks of distributions that are given by their logarithms."""

from __future__ import annotations

import math

import numpy as np

from lossbook import _validate


def check_log_distributions(name: str, array: np.ndarray) -> None:
    """Raise unless the exponentials of every row are a distribution: their sum 1 up to rounding.

    As in `check_distributions`, with more room for numbers that carry fewer digits.
    """
    with np.errstate(over="ignore"):
        sums = np.exp(array).sum(axis=1)
    off = np.abs(sums - 1.0)
    if off.max() <= 1e-6:
        return
    missing = np.isnan(array) | (array == math.inf)
    if missing.any():
        raise ValueError(
            f"{name} holds {_validate.first(array, missing)}; expected log-probabilities of at most 0"
        )
    rows = np.flatnonzero(off > 1e-6)
    given = array[rows]
    size = np.where(np.isfinite(given), np.abs(given), 0.0).max(axis=1)
    rows = rows[off[rows] > _validate.row_tolerance(given) * np.maximum(1.0, size)]
    if rows.size:
        row = int(rows[off[rows].argmax()])
        raise ValueError(
            f"{name} holds a row whose exponentials sum to {sums[row]:.9g} at index {row}; expected "
            "log-probabilities, with the sum 1: log_softmax makes them of logits, and log of "
            "probabilities"
        )
