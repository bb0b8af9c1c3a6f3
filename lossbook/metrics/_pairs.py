"""Targets and predictions of one output or several, with weights: how all metrics of numbers read them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .. import _validate

#: the value of one output from what an error calls it, such as "[:, 1]", its targets, predictions, weights
Measure = Callable[[str, np.ndarray, np.ndarray, np.ndarray | None], float]


def paired(
    y_true: Any, y_pred: Any, sample_weight: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Both as finite numbers (n,) or (n, k), and the weights; rows of weight 0 may hold anything."""
    y, p = _validate.check_pair(y_true, y_pred)
    if y.ndim not in (1, 2):
        raise ValueError(f"y_true has shape {y.shape}; expected (n,) or (n, k)")
    w = None
    if sample_weight is not None:
        w = _validate.check_weights(sample_weight, y.shape[:1])
        y, p = with_rows(y, w == 0, 1.0), with_rows(p, w == 0, 1.0)
    _validate.check_finite("y_true", y)
    _validate.check_finite("y_pred", p)
    return y, p, w


def with_rows(values: np.ndarray, rows: np.ndarray, value: float) -> np.ndarray:
    """The values, with another one in these rows."""
    if not rows.any():
        return values
    values = values.copy()
    values[rows] = value
    return values


def by_output(values: np.ndarray) -> dict[str, np.ndarray]:
    """The columns by what an error calls them, "[:, 0]", "[:, 1]", ...; a vector by ""."""
    if values.ndim == 1:
        return {"": values}
    return {f"[:, {j}]": column for j, column in enumerate(values.T)}


def mean_of_outputs(measure: Measure, y: np.ndarray, p: np.ndarray, w: np.ndarray | None) -> float:
    """The measure of one output, or the mean of those of several."""
    predictions = by_output(p)
    outputs = by_output(y).items()
    return math.fsum(measure(j, column, predictions[j], w) / len(outputs) for j, column in outputs)
