r"""Losses for regression with a preferred side, an insensitive tube, or a logarithmic scale."""

import math

import numpy as np

from lossbook import _validate
from lossbook.losses._exact import two_sum
from lossbook.losses.facts import Facts, Noise
from lossbook.losses.regression import RegressionLoss


class Expectile(RegressionLoss):
    r"""Asymmetric squared error: :math:`\tau (\hat y - y)^2` if :math:`\hat y < y`, else
    :math:`(1 - \tau) (\hat y - y)^2`.

    The :math:`\tau`-expectile minimizes it, as the quantile minimizes the pinball loss. With
    :math:`\tau = 1/2` it is half the squared error, and the expectile is the mean.

    Parameters
    ----------
    expectile : :math:`\tau`, strictly between 0 and 1.

    Source: `newey1987powell`.
    """

    def __init__(self, *, expectile=0.5):
        self.expectile = _validate.open_unit("expectile", expectile)

    def pointwise(self, y_true, y_pred):
        r = y_pred - y_true
        return np.clip(np.sign(r), -self.expectile, 1.0 - self.expectile) * np.abs(r) * r

    def gradient(self, y_true, y_pred):
        r = y_pred - y_true
        return 2.0 * (np.clip(np.sign(r), -self.expectile, 1.0 - self.expectile) * np.abs(r))

    def hessian(self, y_true, y_pred):
        return 2.0 * np.where(y_pred < y_true, self.expectile, 1.0 - self.expectile)

    @property
    def facts(self):
        tau = self.expectile
        return Facts(
            name="Expectile loss",
            task="regression",
            formula=(
                r"\begin{cases} \tau (\hat y - y)^2 & \hat y < y \\"
                r" (1 - \tau) (\hat y - y)^2 & \hat y \ge y \end{cases}"
            ),
            gradient=(
                r"\begin{cases} 2 \tau (\hat y - y) & \hat y < y \\"
                r" 2 (1 - \tau) (\hat y - y) & \hat y \ge y \end{cases}"
            ),
            best_constant="expectile",
            noise=Noise(name="Gaussian with a different scale on each side"),
            convex=True,
            strictly_convex=True,
            smooth=True,
            gradient_lipschitz=2.0 * max(tau, 1.0 - tau),
            lipschitz=math.inf,
            bounded=False,
            symmetric=tau == 0.5,
            reference="newey1987powell",
        )


class EpsilonInsensitive(RegressionLoss):
    r"""Epsilon-insensitive loss :math:`\max(|\hat y - y| - \varepsilon, 0)` of support vector
    regression: errors within the tube are free.

    With the excess :math:`e = r - \min(\max(r, -\varepsilon), \varepsilon)` it is :math:`|e|`, and
    its gradient :math:`\operatorname{sign} e`.

    Parameters
    ----------
    epsilon : half the width of the tube, in the unit of y; at least 0.

    Source: `smolascholkopf2004`.
    """

    def __init__(self, *, epsilon=0.1):
        self.epsilon = _validate.nonnegative("epsilon", epsilon)

    def pointwise(self, y_true, y_pred):
        r = y_pred - y_true
        return np.abs(r - np.clip(r, -self.epsilon, self.epsilon))

    def gradient(self, y_true, y_pred):
        r = y_pred - y_true
        return np.sign(r - np.clip(r, -self.epsilon, self.epsilon))

    def hessian(self, y_true, y_pred):
        return np.zeros_like(y_pred)

    @property
    def facts(self):
        return Facts(
            name="Epsilon-insensitive loss",
            task="regression",
            formula=r"\max(|\hat y - y| - \varepsilon, 0)",
            gradient=(
                r"\begin{cases} \operatorname{sign}(\hat y - y) & |\hat y - y| > \varepsilon \\"
                r" 0 & |\hat y - y| \le \varepsilon \end{cases}"
            ),
            best_constant="center of a tube with as many samples above as below",
            noise=Noise(name="Uniform in the tube with Laplace tails"),
            convex=True,
            strictly_convex=False,
            smooth=False,
            gradient_lipschitz=math.inf,
            lipschitz=1.0,
            bounded=False,
            symmetric=True,
            kinks=tuple(sorted({-self.epsilon + 0.0, self.epsilon})),
            reference="smolascholkopf2004",
        )


class SquaredEpsilonInsensitive(RegressionLoss):
    r"""The square of the epsilon-insensitive loss, :math:`\max(|\hat y - y| - \varepsilon, 0)^2`.

    Gradient :math:`2 e` with the excess e of `EpsilonInsensitive`; smooth at the tube.

    Parameters
    ----------
    epsilon : half the width of the tube, in the unit of y; at least 0.

    Source: `hastie2009`, section 12.3.6.
    """

    def __init__(self, *, epsilon=0.1):
        self.epsilon = _validate.nonnegative("epsilon", epsilon)

    def pointwise(self, y_true, y_pred):
        r = y_pred - y_true
        return np.square(r - np.clip(r, -self.epsilon, self.epsilon))

    def gradient(self, y_true, y_pred):
        r = y_pred - y_true
        return 2.0 * (r - np.clip(r, -self.epsilon, self.epsilon))

    def hessian(self, y_true, y_pred):
        return (np.abs(y_pred - y_true) > self.epsilon) * 2.0

    @property
    def facts(self):
        return Facts(
            name="Squared epsilon-insensitive loss",
            task="regression",
            formula=r"\max(|\hat y - y| - \varepsilon, 0)^2",
            gradient=(r"2 \operatorname{sign}(\hat y - y) \max(|\hat y - y| - \varepsilon, 0)"),
            best_constant="point where the excesses over the tube balance",
            noise=Noise(name="Uniform in the tube with Gaussian tails"),
            convex=True,
            strictly_convex=self.epsilon == 0,
            smooth=True,
            gradient_lipschitz=2.0,
            lipschitz=math.inf,
            bounded=False,
            symmetric=True,
            reference="hastie2009",
        )


class MeanSquaredLogarithmicError(RegressionLoss):
    r"""Squared difference of logarithms :math:`\bigl(\log(1 + \hat y) - \log(1 + y)\bigr)^2`.

    For quantities that grow by factors: counts, prices. Both arguments above -1. Gradient
    :math:`2 \log\frac{1 + \hat y}{1 + y} / (1 + \hat y)`. Not convex: far above the target the
    slope falls again.

    Source: `boxcox1964`.
    """

    def pointwise(self, y_true, y_pred):
        return np.square(_log_ratio(y_true, y_pred))

    def gradient(self, y_true, y_pred):
        return 2.0 * (_log_ratio(y_true, y_pred) / (1.0 + y_pred))

    def hessian(self, y_true, y_pred):
        return 2.0 * (1.0 - _log_ratio(y_true, y_pred)) / np.square(1.0 + y_pred)

    def _check(self, y_true, y_pred):
        y_true, y_pred = super()._check(y_true, y_pred)
        _validate.check_above("y_true", y_true, -1.0)
        _validate.check_above("y_pred", y_pred, -1.0)
        return y_true, y_pred

    @property
    def facts(self):
        return Facts(
            name="Squared logarithmic error",
            task="regression",
            formula=r"\bigl(\log(1 + \hat y) - \log(1 + y)\bigr)^2",
            gradient=r"\frac{2}{1 + \hat y} \log \frac{1 + \hat y}{1 + y}",
            best_constant="geometric mean of 1 + y, less 1",
            noise=Noise(name="Gaussian in log(1 + y)"),
            convex=False,
            strictly_convex=False,
            smooth=True,
            gradient_lipschitz=math.inf,
            lipschitz=math.inf,
            bounded=False,
            symmetric=False,
            reference="boxcox1964",
        )


def _log_ratio(y, p):
    """log((1 + p) / (1 + y)) without cancellation and without overflow."""
    low, high = np.minimum(y, p), np.maximum(y, p)
    base, base_error = two_sum(1.0, low)
    apart, apart_error = two_sum(high, -low)
    excess = apart / base  # (1 + high) / (1 + low) - 1
    excess = excess + (apart_error - excess * base_error) / base
    size = np.where(excess < 1e300, np.log1p(excess), np.log(high) - np.log1p(low))
    return np.copysign(size, p - y)
