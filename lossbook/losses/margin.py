r"""Margin losses for two classes: labels -1 and +1, and a real score f with margin :math:`m = y f`.

All derivatives are with respect to the score f. The class predicted is the sign of f.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lossbook import _validate
from lossbook._engine.elementary import sigmoid, sigmoid_slope, softplus
from lossbook.losses.base import Loss

__all__ = [
    "Exponential",
    "Hinge",
    "Logistic",
    "ModifiedHuber",
    "Perceptron",
    "SmoothedHinge",
    "SquaredHinge",
    "ZeroOne",
]


class MarginLoss(Loss):
    """A loss of labels -1 or +1 and scores of one shape; other labels raise a `ValueError`."""

    elementwise = True
    _finite_by_check = ("y_true",)

    def _check(self, y_true: Any, y_pred: Any) -> tuple[np.ndarray, np.ndarray]:
        y_true, y_pred = super()._check(y_true, y_pred)
        _validate.check_signs("y_true", y_true)
        return y_true, y_pred


class Hinge(MarginLoss):
    r"""Hinge loss :math:`\max(0, 1 - m)` of support vector machines.

    Gradient :math:`-y` where :math:`m < 1`, else 0.

    References
    ----------
    :cite:p:`cortesvapnik1995`

    Examples
    --------
    >>> Hinge().pointwise([1.0, -1.0], [0.25, 0.25])
    array([0.75, 1.25])
    """

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.maximum(1.0 - y_true * y_pred, 0.0)

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return -1.0 * (y_true * (1.0 - y_true * y_pred > 0.0))

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.zeros_like(y_pred)


class SquaredHinge(MarginLoss):
    r"""Squared hinge loss :math:`\max(0, 1 - m)^2`.

    Gradient :math:`-2 y \max(0, 1 - m)`. Smooth at the margin 1. Its best score is
    :math:`2 p - 1` for the probability p of the label +1, so that p can be read from it.

    References
    ----------
    :cite:p:`cortesvapnik1995`

    Examples
    --------
    >>> SquaredHinge().pointwise([1.0, -1.0], [0.5, 0.5])
    array([0.25, 2.25])
    """

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.square(np.maximum(1.0 - y_true * y_pred, 0.0))

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return -2.0 * (y_true * np.maximum(1.0 - y_true * y_pred, 0.0))

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return (y_true * y_pred < 1.0) * 2.0


class SmoothedHinge(MarginLoss):
    r"""Smoothed hinge: :math:`(1 - m)^2 / 2` between the margins 0 and 1, a hinge elsewhere.

    0 for :math:`m \ge 1` and :math:`1/2 - m` for :math:`m \le 0`: the Huber loss of the hinge.
    Gradient :math:`-y \min(\max(1 - m, 0), 1)`. Its best score is :math:`2 - 1/p` where the label
    +1 has the probability :math:`p \ge 1/2`, and :math:`1/(1 - p) - 2` else.

    References
    ----------
    :cite:p:`renniesrebro2005`

    Examples
    --------
    >>> SmoothedHinge().pointwise([1.0, 1.0], [0.5, -3.0])
    array([0.125, 3.5  ])
    """

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # (1 - m)^2 / 2 where 0 < m < 1, 1/2 - m where m <= 0, else 0
        short = 1.0 - y_true * y_pred
        g = np.clip(short, 0.0, 1.0)
        return g * (short - 0.5 * g)  # the three cases at once, and no square that overflows

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return -1.0 * (y_true * np.clip(1.0 - y_true * y_pred, 0.0, 1.0))

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        m = y_true * y_pred
        return ((m < 1.0) & (m > 0.0)) * 1.0


class ModifiedHuber(MarginLoss):
    r"""Modified Huber loss: :math:`\max(0, 1 - m)^2` for :math:`m \ge -1`, :math:`-4 m` below.

    Gradient :math:`-2 y \min(\max(1 - m, 0), 2)`. Four times the smoothed hinge of
    :math:`(m + 1)/2`. Its best score is :math:`2 p - 1`, as that of the squared hinge.

    References
    ----------
    :cite:p:`zhang2004`

    Examples
    --------
    >>> ModifiedHuber().pointwise([1.0, 1.0], [0.5, -3.0])
    array([ 0.25, 12.  ])
    """

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # max(0, 1 - m)^2 where m >= -1, else -4 m
        short = 1.0 - y_true * y_pred
        g = np.clip(short, 0.0, 2.0)
        return 2.0 * g * (short - 0.5 * g)  # both cases at once, and no square that overflows

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return -2.0 * (y_true * np.clip(1.0 - y_true * y_pred, 0.0, 2.0))

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        m = y_true * y_pred
        return ((m < 1.0) & (m > -1.0)) * 2.0


class Logistic(MarginLoss):
    r"""Logistic loss :math:`\log(1 + e^{-m})`: cross-entropy from logits, with labels -1 and +1.

    Gradient :math:`-y / (1 + e^m)`.

    References
    ----------
    :cite:p:`cox1958`

    Examples
    --------
    >>> Logistic().pointwise([1.0, 1.0], [0.0, -1000.0]).round(3)
    array([6.93e-01, 1.00e+03])
    """

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return softplus(-(y_true * y_pred))

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return -1.0 * (y_true * sigmoid(-(y_true * y_pred)))

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return sigmoid_slope(y_pred)


class Perceptron(MarginLoss):
    r"""Perceptron loss :math:`\max(0, -m)`: only errors cost.

    Gradient :math:`-y` where :math:`m \le 0`, else 0. At the kink :math:`m = 0` it is :math:`-y`
    and not the subgradient of least norm, or training from zero weights would never start. The
    score 0 for all minimizes the mean whatever the data: it is not calibrated without a constraint.

    References
    ----------
    :cite:p:`rosenblatt1958`

    Examples
    --------
    >>> Perceptron().gradient([1.0, -1.0, -1.0], [0.0, 0.5, -0.5])
    array([-1.,  1.,  0.])
    """

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.maximum(-(y_true * y_pred), 0.0)

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return -1.0 * (y_true * (y_true * y_pred <= 0.0))

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.zeros_like(y_pred)


class Exponential(MarginLoss):
    r"""Exponential loss :math:`e^{-m}` of AdaBoost.

    Gradient :math:`-y e^{-m}`. Its best score is half the log-odds.

    References
    ----------
    :cite:p:`freundschapire1997`, :cite:p:`friedman2000`

    Examples
    --------
    >>> Exponential()([1.0, -1.0], [0.0, 0.0])
    1.0
    """

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.exp(-(y_true * y_pred))

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return -1.0 * (y_true * np.exp(-(y_true * y_pred)))

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.exp(-(y_true * y_pred))


class ZeroOne(MarginLoss):
    r"""Zero-one loss: 1 if :math:`m \le 0`, else 0. Its mean is the share of errors.

    A score of 0 is counted as an error. The gradient is 0 wherever it exists, which is why one
    trains with another loss. It is proper, but not strictly: whoever believes in the probability p
    of the label +1 pays least with the score :math:`2 p - 1`, and no more with any other score of
    its sign (at :math:`p = 1/2` with any score but 0).

    References
    ----------
    :cite:p:`bartlett2006`

    Examples
    --------
    >>> ZeroOne()([1.0, -1.0, 1.0, -1.0], [2.0, -2.0, 0.1, 0.1])
    0.25
    """

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return (y_true * y_pred <= 0.0) * 1.0

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return 0.0 * y_pred

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.zeros_like(y_pred)
