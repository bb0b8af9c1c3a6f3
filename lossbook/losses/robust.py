r"""Robust losses for regression: quadratic near 0, far out linear, logarithmic or flat.

Each has a `scale` c, the size of residuals that count as small; :math:`u = r / c`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from lossbook import _validate
from lossbook._engine.elementary import gauss, hypot, leveling
from lossbook.losses.regression import RegressionLoss

__all__ = ["Barron", "Cauchy", "PseudoHuber", "Tukey"]

_LARGEST = float(np.finfo(np.float64).max)
_FAR = 2.0**27  # from here on 1 + u^2 is u^2 in float64
_TOO_FAR = 1e300  # in units of the scale; only a scale below 1 lets residuals come to this


class PseudoHuber(RegressionLoss):
    r"""Pseudo-Huber or Charbonnier loss :math:`c^2 (\sqrt{1 + (r / c)^2} - 1)`.

    Like :math:`r^2 / 2` for small residuals and :math:`c |r|` for large ones, with all derivatives.
    Gradient :math:`r / \sqrt{1 + (r/c)^2}`.

    Parameters
    ----------
    scale : float, default 1.0
        Where the loss turns linear: c, in the unit of y; above 0.

    Raises
    ------
    ValueError
        If `scale` is not above 0.

    References
    ----------
    :cite:p:`charbonnier1997`

    Examples
    --------
    >>> PseudoHuber(scale=3.0)([0.0], [4.0])
    6.0
    """

    def __init__(self, *, scale: float = 1.0) -> None:
        self.scale = _validate.positive("scale", scale)

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # c^2 (sqrt(1 + u^2) - 1), which would cancel, as the slope times a / (1 + 1 / sqrt(1 + u^2))
        a, c = np.abs(y_pred - y_true), self.scale
        return leveling(a, c) * (a / (1.0 + c / hypot(a, c)))

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        r = y_pred - y_true
        return np.copysign(leveling(np.abs(r), self.scale), r)

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return (self.scale / hypot(np.abs(y_pred - y_true), self.scale)) ** 3


class Cauchy(RegressionLoss):
    r"""Cauchy or Lorentzian loss :math:`\frac{c^2}{2} \log\bigl(1 + (r/c)^2\bigr)`.

    Like :math:`r^2 / 2` for small residuals; the gradient :math:`r / (1 + (r/c)^2)` falls back to 0
    for large ones, so that an outlier loses its pull. Not convex. For :math:`c > 1` it is the
    negative log-likelihood of Student noise with :math:`c^2 - 1` degrees of freedom; with
    :math:`c = \sqrt 2` that is Cauchy noise.

    Parameters
    ----------
    scale : float, default 1.0
        Where the pull is greatest: c, in the unit of y; above 0.

    Raises
    ------
    ValueError
        If `scale` is not above 0.

    References
    ----------
    :cite:p:`barron2019`

    Examples
    --------
    >>> Cauchy(scale=2.0).gradient([0.0, 0.0], [2.0, 20.0]).round(3)
    array([1.   , 0.198])
    """

    def __init__(self, *, scale: float = 1.0) -> None:
        self.scale = _validate.positive("scale", scale)

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # c^2 / 2 log(1 + u^2), as r^2 / 2 times log(1 + u^2) / u^2, whose digits do not vanish with
        # u^2; beyond _FAR log(1 + u^2) = log(_FAR^2) + 2 log(u / _FAR), and no square overflows
        a, c = np.abs(y_pred - y_true), self.scale
        u = np.clip(a / c, 1e-100, _FAR)
        q = np.minimum(a, _FAR * c)
        near = 0.5 * q * (q * (np.log1p(u * u) / (u * u)))
        return near + c * (c * np.log(np.maximum(a / (_FAR * c), 1.0)))

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        r = y_pred - y_true
        a, c = np.abs(r), self.scale
        t = np.minimum(a, c) / np.maximum(a, c)
        return np.copysign(np.where(a <= c, a, c * t) / (1.0 + t * t), r)

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        v = np.square((y_pred - y_true) / self.scale)
        return np.where(v < 1e100, (1.0 - v) / np.square(1.0 + v), -1.0 / v)


class Tukey(RegressionLoss):
    r"""Tukey's biweight :math:`\frac{c^2}{6} \bigl(1 - (1 - (r/c)^2)^3\bigr)`, constant beyond c.

    Gradient :math:`r (1 - (r/c)^2)^2`, and 0 where :math:`|r| > c`: such residuals have no pull at
    all. Bounded by :math:`c^2 / 6`, not convex.

    Parameters
    ----------
    scale : float, default 4.685
        Where the loss turns flat: c, in the unit of y; above 0. With 4.685 times the standard
        deviation of Gaussian noise, the estimate of a mean has 95 % of the efficiency of the mean.

    Raises
    ------
    ValueError
        If `scale` is not above 0.

    References
    ----------
    :cite:p:`beatontukey1974`, the constant :cite:p:`hollandwelsch1977`

    Examples
    --------
    >>> Tukey(scale=3.0).pointwise([0.0, 0.0], [3.0, 300.0])
    array([1.5, 1.5])
    """

    def __init__(self, *, scale: float = 4.685) -> None:
        self.scale = _validate.positive("scale", scale)

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # c^2 / 6 (1 - (1 - u^2)^3) up to c, multiplied out: 1 - (1 - u^2)^3 cancels near 0
        q = np.minimum(np.abs(y_pred - y_true), self.scale)
        v = np.square(q / self.scale)
        return q * (q * ((3.0 - v * (3.0 - v)) / 6.0))

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        c = self.scale
        q = np.clip(y_pred - y_true, -c, c)
        a = np.abs(q)
        return q * np.square((c - a) / c * ((c + a) / c))  # 1 - u^2 would cancel near c

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        v = np.minimum(np.square((y_pred - y_true) / self.scale), 1.0)
        return (1.0 - v) * (1.0 - 5.0 * v)


class Barron(RegressionLoss):
    r"""Barron's general robust loss, with the shape as a parameter.

    .. math::

       \begin{aligned}
       & \ell = \frac{b}{\alpha} \left(\left(\frac{u^2}{b} + 1\right)^{\alpha/2} - 1\right), \\
       & u = r / c, \quad b = 2 - \alpha
       \end{aligned}

    Its limits are :math:`u^2/2` for :math:`\alpha = 2` (squared error), :math:`\log(1 + u^2/2)` for
    0 (Cauchy), :math:`1 - \exp(-u^2/2)` for :math:`-\infty` (Welsch); 1 gives the pseudo-Huber
    loss, -2 Geman-McClure. Gradient :math:`(u / c) (u^2/b + 1)^{\alpha/2 - 1}`. Right to 8 ulp for
    residuals up to 1e307 c: a power multiplies the rounding of its base.

    Parameters
    ----------
    alpha : float, default 1.0
        The shape, at most 2, or -inf. The smaller, the less an outlier counts.
    scale : float, default 1.0
        The size of residuals that count as small: c, in the unit of y; above 0.

    Raises
    ------
    ValueError
        If `alpha` is above 2, or `scale` not above 0.

    References
    ----------
    :cite:p:`barron2019`

    Examples
    --------
    >>> Barron(alpha=-2.0)([0.0], [2.0])
    1.0
    """

    def __init__(self, *, alpha: float = 1.0, scale: float = 1.0) -> None:
        self.alpha, self.scale = _shape(alpha), _validate.positive("scale", scale)

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return _barron(np.abs(y_pred - y_true), self.alpha, self.scale)

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return _barron_slope(y_pred - y_true, self.alpha, self.scale)

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return _barron_bend(y_pred - y_true, self.alpha, self.scale)


def _shape(alpha: float) -> float:
    """The shape of Barron's loss, checked: the only hyperparameter that may be infinite."""
    limit = isinstance(alpha, (float, np.floating)) and alpha == -math.inf
    return -math.inf if limit else _validate.at_most("alpha", alpha, 2.0)


def _barron(a: Any, alpha: float, c: float) -> Any:
    """b / alpha (h^alpha - 1) with h = sqrt(u^2 / b + 1), of residuals of the size a; or its limit."""
    u, b = a / c, 2.0 - alpha
    if alpha == 2.0:
        return 0.5 * u * u
    if alpha == -math.inf:
        return -np.expm1(-0.5 * u * u)
    u = u / math.sqrt(b)
    log_h = 0.5 * np.log1p(np.square(np.minimum(u, _FAR))) + np.log(np.maximum(u / _FAR, 1.0))
    if c < 1.0:
        log_h = np.where(u < _TOO_FAR, log_h, _log_spread(a, alpha, c))
    if alpha == 0.0:
        return 2.0 * log_h
    x = alpha * log_h
    # expm1 keeps small losses; for large ones the power is right where exp would lose digits
    power = np.power(hypot(u, 1.0), alpha) - 1.0
    if c < 1.0:
        power = np.where(u < _TOO_FAR, power, np.exp(x))
    return (b / alpha) * np.where(x < 1.5, np.expm1(x), power)


def _barron_slope(r: Any, alpha: float, c: float) -> Any:
    """u / c h^(alpha - 2), or its limit."""
    u = r / c
    if alpha == 2.0:
        return u / c
    if alpha == -math.inf:
        return np.clip(u, -40.0, 40.0) * gauss(u) / c
    u = np.clip(u, -_LARGEST, _LARGEST)  # infinity times a power that is 0 were NaN
    h = _spread(u, alpha)
    power = np.power(h, alpha - 1.0)  # h^(alpha - 2) would underflow
    slope = u / h * power / c
    if c >= 1.0:
        return slope
    log_h = _log_spread(np.minimum(np.abs(r), _LARGEST), alpha, c)
    far = math.sqrt(2.0 - alpha) * np.copysign(np.exp((alpha - 1.0) * log_h - math.log(c)), r)
    lost = np.logical_or(np.abs(u) > _TOO_FAR, power < 1e-290)
    return np.where(np.logical_and(lost, h > _FAR), far, slope)


def _barron_bend(r: Any, alpha: float, c: float) -> Any:
    """h^-b (alpha - 1 + b / h^2) / c^2, or its limit."""
    u = r / c
    if alpha == 2.0:
        return np.full_like(u, 1.0 / c / c)
    if alpha == -math.inf:
        return (1.0 - np.square(np.clip(u, -40.0, 40.0))) * gauss(u) / c / c
    h, a, b = _spread(u, alpha), alpha - 1.0, 2.0 - alpha
    bend = np.power(h, -b) * (a + b / np.square(h)) / c / c
    if c >= 1.0:
        return bend
    log_h, log_c = _log_spread(np.abs(r), alpha, c), math.log(c)
    far = b * np.exp(-(b + 2.0) * log_h - 2.0 * log_c)
    if a != 0.0:
        far = far + a * np.exp(-b * log_h - 2.0 * log_c)
    return np.where(h > 1e90, far, bend)


def _spread(u: Any, alpha: float) -> Any:
    """h = sqrt(u^2 / b + 1), never infinite."""
    return np.minimum(hypot(np.abs(u) / math.sqrt(2.0 - alpha), 1.0), _LARGEST)


def _log_spread(a: Any, alpha: float, c: float) -> Any:
    """log h of residuals so large that u itself is beyond float64."""
    return np.log(a) - math.log(c) - 0.5 * math.log(2.0 - alpha)
