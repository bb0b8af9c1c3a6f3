r"""Negative log-likelihoods of counts and of numbers with a predicted variance."""

import math

import numpy as np

from lossbook import _validate
from lossbook.losses.base import Loss
from lossbook.losses.facts import Facts, Noise


class PoissonNLL(Loss):
    r"""Negative log-likelihood of counts, :math:`\lambda - y \log \lambda`, without the constant
    :math:`\log y!`.

    With `log_input` the prediction is :math:`x = \log \lambda`, the loss :math:`e^x - y x` and the
    gradient :math:`e^x - y`; else the prediction is the rate :math:`\lambda \ge 0` and the gradient
    :math:`1 - y / \lambda`. No clipping: the rate 0 costs infinity unless y = 0. Being a negative
    log-likelihood without its constant, it may be negative. Where :math:`\lambda` and
    :math:`y \log \lambda` are close, their difference cancels.

    Parameters
    ----------
    log_input : whether `y_pred` holds the logarithms of rates.

    Labels: integers of at least 0, of any numeric type.

    Source: `mccullaghnelder1989`.
    """

    elementwise = True

    def __init__(self, *, log_input=True):
        self.log_input = _validate.boolean("log_input", log_input)

    def _check(self, y_true, y_pred):
        y_true, y_pred = _validate.check_pair(y_true, y_pred)
        _validate.check_counts("y_true", y_true)
        if not self.log_input:
            _validate.check_range("y_pred", y_pred, 0.0, math.inf, "rates of at least 0")
        return y_true, y_pred

    def pointwise(self, y_true, y_pred):
        if self.log_input:
            near = np.exp(y_pred) - y_true * y_pred
            # beyond e^709 in two factors: no difference of infinities
            x = np.minimum(y_pred, 1400.0)
            root = np.exp(0.5 * np.maximum(x, 0.0))
            return np.where(np.isfinite(near), near, root * (root - y_true / root * x))
        return y_pred - np.where(y_true > 0.0, y_true * np.log(y_pred), 0.0)

    def gradient(self, y_true, y_pred):
        if self.log_input:
            return np.exp(y_pred) - y_true
        return np.where(y_true > 0.0, (y_pred - y_true) / y_pred, 1.0)

    def hessian(self, y_true, y_pred):
        if self.log_input:
            return np.exp(y_pred)
        return np.where(y_true > 0.0, y_true / y_pred / y_pred, 0.0)  # no square overflows

    @property
    def facts(self):
        common = {
            "task": "count regression",
            "convex": True,
            "smooth": True,
            "gradient_lipschitz": math.inf,
            "lipschitz": math.inf,
            "bounded": False,
            "reference": "mccullaghnelder1989",
        }
        if self.log_input:
            return Facts(
                name="Poisson negative log-likelihood of log-rates",
                formula=r"e^{\hat y} - y \hat y",
                gradient=r"e^{\hat y} - y",
                best_constant="log of the mean",
                noise=Noise(name="Poisson", distribution="poisson", predicted="mu", link="log"),
                strictly_convex=True,
                **common,
            )
        return Facts(
            name="Poisson negative log-likelihood",
            formula=r"\hat y - y \log \hat y",
            gradient=r"1 - \frac{y}{\hat y}",
            best_constant="mean",
            noise=Noise(name="Poisson", distribution="poisson", predicted="mu"),
            strictly_convex=False,
            **common,
        )


class GaussianNLL(Loss):
    r"""Negative log-likelihood of a Gaussian whose mean and variance are both predicted,
    :math:`\frac{1}{2}\bigl(\log v + (y - \mu)^2 / v\bigr)`, without the constant
    :math:`\frac{1}{2} \log 2 \pi`.

    Shapes: `y_true` (n,) against `y_pred` (n, 2), the columns being the mean :math:`\mu` and the
    variance :math:`v > 0`; the gradient has the shape (n, 2). With :math:`w = (\mu - y) / v` it is
    :math:`(w,\; \frac{1}{2 v} - \frac{w^2}{2})`. Not convex in both together; as the negative
    logarithm of a density it may be negative, and digits cancel where it is close to 0.

    Source: `nixweigend1994`.
    """

    def _check(self, y_true, y_pred):
        y_true = _validate.as_float64("y_true", y_true)
        y_pred = _validate.as_float64("y_pred", y_pred)
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

    def pointwise(self, y_true, y_pred):
        mean, variance = y_pred.T
        r = mean - y_true
        w = r / variance
        square = np.where(np.isfinite(w), 0.5 * r * w, 0.5 * r * r / variance)
        return 0.5 * np.log(variance) + square

    def gradient(self, y_true, y_pred):
        mean, variance = y_pred.T
        r = mean - y_true
        w = r / variance
        inside = 0.5 * (1.0 - r * w) / variance
        outside = -0.5 * w * w * (1.0 - variance / r / r)  # no difference of infinities
        return np.stack([w, np.where(r * w < 1.0, inside, outside)], axis=1)

    @property
    def facts(self):
        return Facts(
            name="Gaussian negative log-likelihood",
            task="regression with a variance",
            formula=r"\frac{1}{2} \left(\log \hat v + \frac{(\hat y - y)^2}{\hat v}\right)",
            gradient=(
                r"\left(\frac{\hat y - y}{\hat v},\;"
                r" \frac{1}{2 \hat v} - \frac{(\hat y - y)^2}{2 \hat v^2}\right)"
            ),
            best_constant="mean and variance",
            noise=Noise(name="Gaussian", distribution="norm"),
            convex=False,
            strictly_convex=False,
            smooth=True,
            gradient_lipschitz=math.inf,
            lipschitz=math.inf,
            bounded=False,
            reference="nixweigend1994",
        )
