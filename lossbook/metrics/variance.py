"""The share of the variance that predictions explain."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ._pairs import mean_of_outputs, paired
from ._scaled import difference, mean, number, product, quotient, scaled, weighted

__all__ = ["r_squared"]


def r_squared(
    y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None = None
) -> float:
    r"""The share of the variance that the predictions explain.

    .. math:: 1 - \frac{\sum_i w_i (y_i - \hat y_i)^2}{\sum_i w_i (y_i - \bar y)^2}

    Parameters
    ----------
    y_true : array_like of shape (n,) or (n, k)
        The targets; for k outputs the mean of the k values is taken, as in scikit-learn.
    y_pred : array_like of the same shape
        The predictions.
    sample_weight : array_like of shape (n,), optional
        The weights, at least 0 and not all 0; all 1 by default.

    Returns
    -------
    float
        1 is perfect, 0 as good as the mean of y, and below 0 is worse than that; there is no lower
        bound.

    Raises
    ------
    ValueError
        If shapes differ, if a number is not finite, or if y, or an output of it, is constant: there
        is nothing to explain. Samples of weight 0 take no part, whatever they hold.

    References
    ----------
    :cite:p:`kvalseth1985`

    Examples
    --------
    >>> r_squared([1.0, 2.0, 3.0], [1.0, 2.0, 2.0])  # 1 - 1 / 2
    0.5
    """
    return mean_of_outputs(_explained, *paired(y_true, y_pred, sample_weight))


def _explained(output: str, y: np.ndarray, p: np.ndarray, w: np.ndarray | None) -> float:
    """R squared of one output."""
    counted = y if w is None else y[w > 0]
    if (counted == counted[0]).all():
        raise ValueError(f"y_true{output} is constant, {counted[0]}; expected values that differ")
    reference = y[0] if w is None else y[w.argmax()]
    spread = difference(scaled(y), scaled(np.full(y.shape, reference)))
    spread = difference(spread, mean(spread, w))
    error = difference(scaled(y), scaled(p))
    squares = (weighted(product(x, x), w) for x in (error, spread))
    return 1 - number(quotient(*squares))
