r"""Negative log-likelihoods of counts and of numbers with a predicted variance."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from lossbook import _validate
from lossbook.losses.base import Loss

__all__ = ["GaussianNLL", "PoissonNLL"]


class PoissonNLL(Loss):
    r"""Negative log-likelihood of counts, :math:`\lambda - y \log \lambda`, without :math:`\log y!`.

    Of log-rates :math:`x = \log \lambda` the loss is :math:`e^x - y x`, the gradient
    :math:`e^x - y`; of rates :math:`\lambda \ge 0` the gradient is :math:`1 - y / \lambda`. Labels
    are integers of at least 0, of any numeric type. No clipping: the rate 0 costs infinity unless
    y = 0. It may be negative, and cancels where :math:`\lambda` and :math:`y \log \lambda` are close.

    Parameters
    ----------
    log_input : bool, default True
        Whether `y_pred` holds the logarithms of rates.

    References
    ----------
    :cite:p:`mccullaghnelder1989`

    Examples
    --------
    >>> PoissonNLL(log_input=False).gradient([3], [2.0])
    array([-0.5])
    """

    elementwise = True

    def __init__(self, *, log_input: bool = True) -> None:
        self.log_input = _validate.boolean("log_input", log_input)

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # lambda - y log lambda
        return (_of_log_rate if self.log_input else _of_rate)(y_true, y_pred)

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        if self.log_input:
            return np.exp(y_pred) - y_true
        return np.where(y_true > 0.0, (y_pred - y_true) / y_pred, 1.0)

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        if self.log_input:
            return np.exp(y_pred)
        return np.where(y_true > 0.0, y_true / y_pred / y_pred, 0.0)  # no square overflows

    def _check(self, y_true: Any, y_pred: Any) -> tuple[np.ndarray, np.ndarray]:
        y_true, y_pred = super()._check(y_true, y_pred)
        _validate.check_counts("y_true", y_true)
        if not self.log_input:
            _validate.check_range("y_pred", y_pred, 0.0, math.inf, "rates of at least 0")
        return y_true, y_pred


class GaussianNLL(Loss):
    r"""Negative log-likelihood of a Gaussian whose mean and variance are both predicted.

    It is :math:`\frac{1}{2}\bigl(\log v + (y - \mu)^2 / v\bigr)`, without
    :math:`\frac{1}{2} \log 2 \pi`: `y_true` (n,) against `y_pred` (n, 2), the columns being the mean
    :math:`\mu` and the variance :math:`v > 0`; the gradient has that shape too. With :math:`w = (\mu - y) / v` it is
    :math:`(w,\; \frac{1}{2 v} - \frac{w^2}{2})`. Not convex in both together; it may be negative,
    and digits cancel where it is close to 0. No `hessian`: of a row it would be a matrix.

    References
    ----------
    :cite:p:`nixweigend1994`

    Examples
    --------
    >>> GaussianNLL().gradient([0.0], [[1.0, 0.5]])
    array([[ 2., -1.]])
    """

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # (log v + r^2 / v) / 2, as r (r / v) unless r / v is infinite: no square overflows
        mean, variance = y_pred.T
        r = mean - y_true
        w = r / variance
        square = np.where(np.isfinite(w), 0.5 * r * w, 0.5 * r * r / variance)
        return 0.5 * np.log(variance) + square

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        mean, variance = y_pred.T
        r = mean - y_true
        w = r / variance
        inside = 0.5 * (1.0 - r * w) / variance
        outside = -0.5 * w * w * (1.0 - variance / r / r)  # no difference of infinities
        return np.stack([w, np.where(r * w < 1.0, inside, outside)], axis=1)

    def _check(self, y_true: Any, y_pred: Any) -> tuple[np.ndarray, np.ndarray]:
        return _moments(y_true, y_pred)


def _of_rate(y: Any, rate: Any) -> Any:
    """rate - y log rate, where 0 log 0 is 0."""
    return rate - np.where(y > 0.0, y * np.log(rate), 0.0)


def _of_log_rate(y: Any, x: Any) -> Any:
    """e^x - y x; beyond e^709 in two factors, lest it be a difference of infinities."""
    near = np.exp(x) - y * x
    low = np.minimum(x, 1400.0)
    root = np.exp(0.5 * np.maximum(low, 0.0))
    return np.where(np.isfinite(near), near, root * (root - y / root * low))


def _moments(y_true: Any, y_pred: Any) -> tuple[np.ndarray, np.ndarray]:
    """Numbers (n,) against means and variances (n, 2), as float64; finiteness is not looked at."""
    y_true, y_pred = _validate.as_float64("y_true", y_true), _validate.as_float64("y_pred", y_pred)
    shapes = f"y_true has shape {y_true.shape} and y_pred has shape {y_pred.shape}"
    if y_true.ndim != 1 or y_pred.shape != (y_true.size, 2):
        raise ValueError(
            f"{shapes}; expected (n,) against (n, 2), with columns for mean and variance"
        )
    if not y_true.size:
        raise ValueError(f"{shapes}: empty; expected at least one sample")
    if not y_pred[:, 1].min() > 0.0:
        _validate.check_finite("y_pred", y_pred)
        _validate.check_above("y_pred[:, 1], the variance,", y_pred[:, 1], 0.0)
    return y_true, y_pred
