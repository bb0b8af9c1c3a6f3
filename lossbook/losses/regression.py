r"""Losses for regression, in the residual :math:`r = \hat y - y`."""

import math

import numpy as np

from lossbook import _validate
from lossbook.losses.base import Loss
from lossbook.losses.facts import Facts, Noise


class RegressionLoss(Loss):
    """A loss of one number and its prediction, any shape; the prediction is unbounded."""

    elementwise = True


class MeanSquaredError(RegressionLoss):
    r"""Squared error :math:`\ell = (\hat y - y)^2`, without the factor 1/2.

    Gradient :math:`2 (\hat y - y)`, second derivative 2. The mean minimizes it. Up to a constant it
    is the negative log-likelihood of Gaussian noise with standard deviation
    :math:`1/\sqrt 2`. Its unit is the square of that of y.

    Source: `legendre1805`, `gauss1809`.
    """

    def pointwise(self, y_true, y_pred):
        return np.square(y_pred - y_true)

    def gradient(self, y_true, y_pred):
        return 2.0 * (y_pred - y_true)

    def hessian(self, y_true, y_pred):
        return np.full_like(y_pred, 2.0)

    @property
    def facts(self):
        return Facts(
            name="Squared error",
            task="regression",
            formula=r"(\hat y - y)^2",
            gradient=r"2 (\hat y - y)",
            best_constant="mean",
            noise=Noise(
                name="Gaussian", distribution="norm", parameters=(("scale", math.sqrt(0.5)),)
            ),
            convex=True,
            strictly_convex=True,
            smooth=True,
            gradient_lipschitz=2.0,
            lipschitz=math.inf,
            bounded=False,
            symmetric=True,
            reference="legendre1805",
        )


class MeanAbsoluteError(RegressionLoss):
    r"""Absolute error :math:`\ell = |\hat y - y|`.

    Gradient: the sign of the residual, 0 at the kink. The median minimizes it. Up to a constant it
    is the negative log-likelihood of Laplace noise with scale 1. Its unit is that of y.

    Source: `koenkerbassett1978`.
    """

    def pointwise(self, y_true, y_pred):
        return np.abs(y_pred - y_true)

    def gradient(self, y_true, y_pred):
        return np.sign(y_pred - y_true)

    def hessian(self, y_true, y_pred):
        return np.zeros_like(y_pred)

    @property
    def facts(self):
        return Facts(
            name="Absolute error",
            task="regression",
            formula=r"|\hat y - y|",
            gradient=r"\operatorname{sign}(\hat y - y)",
            best_constant="median",
            noise=Noise(name="Laplace", distribution="laplace", parameters=(("scale", 1.0),)),
            convex=True,
            strictly_convex=False,
            smooth=False,
            gradient_lipschitz=math.inf,
            lipschitz=1.0,
            bounded=False,
            symmetric=True,
            kinks=(0.0,),
            reference="koenkerbassett1978",
        )


class Huber(RegressionLoss):
    r"""Huber loss: quadratic up to :math:`\delta`, linear beyond.

    .. math:: \ell = \begin{cases} r^2 / 2 & |r| \le \delta \\
              \delta (|r| - \delta / 2) & |r| > \delta \end{cases}

    With :math:`g = \min(\max(r, -\delta), \delta)`, the gradient, this is :math:`g (r - g/2)`.
    For small residuals it is *half* the squared error. SmoothL1 of other libraries is this divided
    by :math:`\delta`.

    Parameters
    ----------
    delta : where the loss turns linear, in the unit of y; above 0.

    Source: `huber1964`.
    """

    def __init__(self, *, delta=1.0):
        self.delta = _validate.positive("delta", delta)

    def pointwise(self, y_true, y_pred):
        r = y_pred - y_true
        g = np.clip(r, -self.delta, self.delta)
        return g * (r - 0.5 * g)

    def gradient(self, y_true, y_pred):
        return np.clip(y_pred - y_true, -self.delta, self.delta)

    def hessian(self, y_true, y_pred):
        return (np.abs(y_pred - y_true) <= self.delta) * 1.0

    @property
    def facts(self):
        return Facts(
            name="Huber loss",
            task="regression",
            formula=(
                r"\begin{cases} \frac{1}{2} (\hat y - y)^2 & |\hat y - y| \le \delta \\"
                r" \delta \left(|\hat y - y| - \frac{\delta}{2}\right)"
                r" & |\hat y - y| > \delta \end{cases}"
            ),
            gradient=r"\min(\max(\hat y - y, -\delta), \delta)",
            best_constant="Huber's M-estimate",
            noise=Noise(name="Gaussian center with Laplace tails"),
            convex=True,
            strictly_convex=False,
            smooth=True,
            gradient_lipschitz=1.0,
            lipschitz=self.delta,
            bounded=False,
            symmetric=True,
            reference="huber1964",
        )


class LogCosh(RegressionLoss):
    r"""Log-cosh :math:`\ell = \log \cosh(\hat y - y)`: like :math:`r^2/2`, then like
    :math:`|r| - \log 2`.

    Gradient :math:`\tanh r`, second derivative :math:`1 / \cosh^2 r`. Up to a constant it is the
    negative log-likelihood of hyperbolic secant noise.

    Source: `saleh2022`.
    """

    def pointwise(self, y_true, y_pred):
        a = np.abs(y_pred - y_true)
        # log cosh b = log(1 + 2 sinh(b/2)^2) keeps small residuals; from 20 on the loss grows by 1
        # a unit to the last digit, and sinh would overflow
        b = np.minimum(a, 20.0)
        return np.log1p(2.0 * np.square(np.sinh(0.5 * b))) + (a - b)

    def gradient(self, y_true, y_pred):
        return np.tanh(y_pred - y_true)

    def hessian(self, y_true, y_pred):
        # 1 / cosh^2 = 4 e / (1 + e)^2; 1 - tanh^2 would lose all digits beyond r = 19
        e = np.exp(-2.0 * np.abs(y_pred - y_true))
        return 4.0 * e / np.square(1.0 + e)

    @property
    def facts(self):
        return Facts(
            name="Log-cosh",
            task="regression",
            formula=r"\log \cosh(\hat y - y)",
            gradient=r"\tanh(\hat y - y)",
            best_constant="log-cosh M-estimate",
            noise=Noise(
                name="Hyperbolic secant", distribution="hypsecant", parameters=(("scale", 1.0),)
            ),
            convex=True,
            strictly_convex=True,
            smooth=True,
            gradient_lipschitz=1.0,
            lipschitz=1.0,
            bounded=False,
            symmetric=True,
            reference="saleh2022",
        )


class Pinball(RegressionLoss):
    r"""Pinball or quantile loss: :math:`\tau (y - \hat y)` if :math:`\hat y < y`, else
    :math:`(1 - \tau) (\hat y - y)`.

    The :math:`\tau`-quantile minimizes it. With :math:`\tau = 1/2` it is half the absolute error.
    The gradient is 0 at the kink.

    Parameters
    ----------
    quantile : :math:`\tau`, strictly between 0 and 1.

    Source: `koenkerbassett1978`.
    """

    def __init__(self, *, quantile=0.5):
        self.quantile = _validate.open_unit("quantile", quantile)

    def pointwise(self, y_true, y_pred):
        r = y_pred - y_true
        return np.clip(np.sign(r), -self.quantile, 1.0 - self.quantile) * r

    def gradient(self, y_true, y_pred):
        return np.clip(np.sign(y_pred - y_true), -self.quantile, 1.0 - self.quantile)

    def hessian(self, y_true, y_pred):
        return np.zeros_like(y_pred)

    @property
    def facts(self):
        tau = self.quantile
        spread = math.sqrt(tau) * math.sqrt(1.0 - tau)
        return Facts(
            name="Pinball loss",
            task="regression",
            formula=r"\max\bigl(\tau (y - \hat y), (1 - \tau) (\hat y - y)\bigr)",
            gradient=(
                r"\begin{cases} -\tau & \hat y < y \\ 0 & \hat y = y \\"
                r" 1 - \tau & \hat y > y \end{cases}"
            ),
            best_constant="quantile",
            noise=Noise(
                name="Asymmetric Laplace",
                distribution="laplace_asymmetric",
                parameters=(
                    ("kappa", math.sqrt(tau / (1.0 - tau))),
                    ("scale", 1.0 / spread),
                ),
            ),
            convex=True,
            strictly_convex=False,
            smooth=False,
            gradient_lipschitz=math.inf,
            lipschitz=max(tau, 1.0 - tau),
            bounded=False,
            symmetric=tau == 0.5,
            kinks=(0.0,),
            reference="koenkerbassett1978",
        )
