r"""Losses for regression, in the residual :math:`r = \hat y - y`."""

from __future__ import annotations

from typing import Any

import numpy as np

from lossbook import _validate
from lossbook._engine.elementary import log_ratio, sigmoid_slope
from lossbook.losses.base import Loss

__all__ = [
    "EpsilonInsensitive",
    "Huber",
    "LogCosh",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "SquaredEpsilonInsensitive",
]


class RegressionLoss(Loss):
    """A loss of one number and its prediction, any shape; the prediction is unbounded."""

    elementwise = True


class MeanSquaredError(RegressionLoss):
    r"""Squared error :math:`\ell = (\hat y - y)^2`, without the factor 1/2.

    Gradient :math:`2 (\hat y - y)`, second derivative 2. The mean minimizes it. Up to a constant it
    is the negative log-likelihood of Gaussian noise with standard deviation
    :math:`1/\sqrt 2`. Its unit is the square of that of y.

    References
    ----------
    :cite:p:`legendre1805`, :cite:p:`gauss1809`

    Examples
    --------
    >>> MeanSquaredError()([1.0, 2.0], [3.0, 2.0])
    2.0
    """

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.square(y_pred - y_true)

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return 2.0 * (y_pred - y_true)

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.full_like(y_pred, 2.0)


class MeanAbsoluteError(RegressionLoss):
    r"""Absolute error :math:`\ell = |\hat y - y|`.

    Gradient: the sign of the residual, 0 at the kink. The median minimizes it. Up to a constant it
    is the negative log-likelihood of Laplace noise with scale 1. Its unit is that of y.

    References
    ----------
    :cite:p:`koenkerbassett1978`

    Examples
    --------
    >>> MeanAbsoluteError()([1.0, 2.0], [3.0, 2.0])
    1.0
    """

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.abs(y_pred - y_true)

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.sign(y_pred - y_true)

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.zeros_like(y_pred)


class Huber(RegressionLoss):
    r"""Huber loss: quadratic up to :math:`\delta`, linear beyond.

    .. math:: \ell = \begin{cases} r^2 / 2 & |r| \le \delta \\
              \delta (|r| - \delta / 2) & |r| > \delta \end{cases}

    For small residuals it is *half* the squared error. SmoothL1 of other libraries is this divided
    by :math:`\delta`.

    Parameters
    ----------
    delta : float, default 1.0
        Where the loss turns linear, in the unit of y; above 0.

    Raises
    ------
    ValueError
        If `delta` is not above 0.

    References
    ----------
    :cite:p:`huber1964`

    Examples
    --------
    >>> Huber(delta=1.0)([0.0], [3.0])
    2.5
    """

    def __init__(self, *, delta: float = 1.0) -> None:
        self.delta = _validate.positive("delta", delta)

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # r^2 / 2 where |r| <= delta, else delta (|r| - delta / 2)
        r = y_pred - y_true
        g = np.clip(r, -self.delta, self.delta)  # the gradient: r or +-delta
        return g * (r - 0.5 * g)  # both cases at once, and no square that overflows

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.clip(y_pred - y_true, -self.delta, self.delta)

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return (np.abs(y_pred - y_true) <= self.delta) * 1.0


class LogCosh(RegressionLoss):
    r"""Log-cosh :math:`\ell = \log \cosh(\hat y - y)`.

    Like :math:`r^2/2`, then like :math:`|r| - \log 2`. Gradient :math:`\tanh r`, second derivative
    :math:`1 / \cosh^2 r`. Up to a constant it is the negative log-likelihood of hyperbolic secant
    noise.

    References
    ----------
    :cite:p:`saleh2022`

    Examples
    --------
    >>> f"{LogCosh()([0.0], [1e-9]):.3g}"
    '5e-19'
    """

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # log cosh r, as log(1 + 2 sinh(r/2)^2), which keeps the digits of small residuals; from 20
        # on it grows by 1 a unit to the last digit, and sinh would overflow
        a = np.abs(y_pred - y_true)
        b = np.minimum(a, 20.0)
        return np.log1p(2.0 * np.square(np.sinh(0.5 * b))) + (a - b)

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.tanh(y_pred - y_true)

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return 4.0 * sigmoid_slope(2.0 * (y_pred - y_true))  # 1 - tanh^2 loses its digits far out


class EpsilonInsensitive(RegressionLoss):
    r"""Epsilon-insensitive loss :math:`\max(|\hat y - y| - \varepsilon, 0)`.

    The loss of support vector regression: errors within the tube are free. Gradient: the sign of
    the residual outside the tube, 0 inside and on its edge.

    Parameters
    ----------
    epsilon : float, default 0.1
        Half the width of the tube, in the unit of y; at least 0.

    Raises
    ------
    ValueError
        If `epsilon` is below 0.

    References
    ----------
    :cite:p:`smolascholkopf2004`

    Examples
    --------
    >>> EpsilonInsensitive(epsilon=1.0).pointwise([0.0, 0.0], [0.5, 3.0])
    array([0., 2.])
    """

    def __init__(self, *, epsilon: float = 0.1) -> None:
        self.epsilon = _validate.nonnegative("epsilon", epsilon)

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.abs(_excess(y_pred - y_true, self.epsilon))

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.sign(_excess(y_pred - y_true, self.epsilon))

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.zeros_like(y_pred)


class SquaredEpsilonInsensitive(RegressionLoss):
    r"""The square of the epsilon-insensitive loss, :math:`\max(|\hat y - y| - \varepsilon, 0)^2`.

    Gradient :math:`2 e` with the excess e of the residual over the tube; smooth at its edge.

    Parameters
    ----------
    epsilon : float, default 0.1
        Half the width of the tube, in the unit of y; at least 0.

    Raises
    ------
    ValueError
        If `epsilon` is below 0.

    References
    ----------
    :cite:p:`hastie2009`, section 12.3.6

    Examples
    --------
    >>> SquaredEpsilonInsensitive(epsilon=1.0).pointwise([0.0, 0.0], [0.5, 3.0])
    array([0., 4.])
    """

    def __init__(self, *, epsilon: float = 0.1) -> None:
        self.epsilon = _validate.nonnegative("epsilon", epsilon)

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.square(_excess(y_pred - y_true, self.epsilon))

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return 2.0 * _excess(y_pred - y_true, self.epsilon)

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return (np.abs(y_pred - y_true) > self.epsilon) * 2.0


class MeanSquaredLogarithmicError(RegressionLoss):
    r"""Squared difference of logarithms :math:`\bigl(\log(1 + \hat y) - \log(1 + y)\bigr)^2`.

    For quantities that grow by factors: counts, prices. Both arguments above -1. Gradient
    :math:`2 \log\frac{1 + \hat y}{1 + y} / (1 + \hat y)`. Not convex: far above the target the
    slope falls again.

    References
    ----------
    :cite:p:`boxcox1964`

    Examples
    --------
    >>> MeanSquaredLogarithmicError()([0.0], [np.e - 1.0])
    1.0
    """

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.square(log_ratio(y_true, y_pred))

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return 2.0 * (log_ratio(y_true, y_pred) / (1.0 + y_pred))

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return 2.0 * (1.0 - log_ratio(y_true, y_pred)) / np.square(1.0 + y_pred)

    def _check(self, y_true: Any, y_pred: Any) -> tuple[np.ndarray, np.ndarray]:
        y_true, y_pred = super()._check(y_true, y_pred)
        _validate.check_above("y_true", y_true, -1.0)
        _validate.check_above("y_pred", y_pred, -1.0)
        return y_true, y_pred


class MeanAbsolutePercentageError(RegressionLoss):
    r"""Absolute error as a share of the truth, :math:`|\hat y - y| / |y|`: 0.1 is 10 percent.

    The truth is never 0. Gradient: the sign of the residual over :math:`|y|`, 0 at the kink. A
    prediction of 0 costs 1, one too high without limit, so that its best constant lies below the
    median of positive targets.

    References
    ----------
    :cite:p:`gneiting2011`, :cite:p:`hyndmankoehler2006`

    Examples
    --------
    >>> MeanAbsolutePercentageError().pointwise([100.0, 100.0], [0.0, 250.0])
    array([1. , 1.5])
    """

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.abs(y_pred - y_true) / np.abs(y_true)

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.sign(y_pred - y_true) / np.abs(y_true)

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.zeros_like(y_pred)

    def _check(self, y_true: Any, y_pred: Any) -> tuple[np.ndarray, np.ndarray]:
        y_true, y_pred = super()._check(y_true, y_pred)
        _validate.check_nonzero("y_true", y_true)
        return y_true, y_pred


def _excess(r: Any, epsilon: float) -> Any:
    """What of the residual is outside the tube: sign(r) max(|r| - epsilon, 0)."""
    return r - np.clip(r, -epsilon, epsilon)
