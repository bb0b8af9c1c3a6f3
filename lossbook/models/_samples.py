"""The samples that a model is given: inputs, targets, and a weight for each row."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate

Samples = tuple[np.ndarray, np.ndarray, np.ndarray | None]


def samples(
    X: ArrayLike,
    y: ArrayLike,
    sample_weight: ArrayLike | None,
    *,
    columns: int | None = None,
    of: str = "",
) -> Samples:
    """X (n, d), y with n rows, weights (n,) that sum to 1, all finite; errors speak of `of` X.

    Rows of weight 0 take no part and may hold anything: they come back as numbers.
    """
    X_name, y_name = f"{of}X", f"{of}y"
    inputs, targets = _validate.as_float64(X_name, X), _validate.as_numbers(y_name, y)
    w = None
    if sample_weight is not None and inputs.ndim == 2:
        with _validate.renamed(sample_weight=f"{of}sample_weight", X=X_name):
            w = _validate.weights(sample_weight, len(inputs))
        if w is not None and not w.all():
            inputs = _with_rows(inputs, w)
            if targets.shape[:1] == w.shape:
                targets = _with_rows(targets, w)
    inputs = _validate.matrix(X_name, inputs, columns)
    return inputs, _validate.target(y_name, targets, len(inputs), X_name), w


def _with_rows(values: np.ndarray, w: np.ndarray) -> np.ndarray:
    """The values, with a row that has weight in the place of those that have none."""
    values = values.copy()
    values[w == 0] = values[w.argmax()]
    return values
