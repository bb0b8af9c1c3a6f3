r"""Margin losses for two classes: labels -1 and +1, and a real score f with margin :math:`m = y f`.

All derivatives are with respect to the score f. The class predicted is the sign of f.
"""

import math

import numpy as np

from lossbook import _validate
from lossbook.losses.base import Loss
from lossbook.losses.facts import Facts, Noise


class MarginLoss(Loss):
    """A loss of labels -1 or +1 and scores of one shape; other labels raise a `ValueError`."""

    elementwise = True
    _finite_by_check = ("y_true",)

    def _check(self, y_true, y_pred):
        y_true, y_pred = super()._check(y_true, y_pred)
        _validate.check_signs("y_true", y_true)
        return y_true, y_pred

    def _facts(self, **facts):
        common = {"task": "binary classification", "bounded": False, "gradient_lipschitz": math.inf}
        return Facts(**{**common, **facts})


class Hinge(MarginLoss):
    r"""Hinge loss :math:`\max(0, 1 - m)` of support vector machines.

    Gradient :math:`-y` where :math:`m < 1`, else 0.

    Source: `cortesvapnik1995`.
    """

    def pointwise(self, y_true, y_pred):
        return np.maximum(1.0 - y_true * y_pred, 0.0)

    def gradient(self, y_true, y_pred):
        return -1.0 * (y_true * (1.0 - y_true * y_pred > 0.0))

    def hessian(self, y_true, y_pred):
        return np.zeros_like(y_pred)

    @property
    def facts(self):
        return self._facts(
            name="Hinge loss",
            formula=r"\max(0, 1 - m)",
            gradient=r"\begin{cases} -y & m < 1 \\ 0 & m \ge 1 \end{cases}",
            best_constant="majority class, as -1 or +1",
            convex=True,
            strictly_convex=False,
            smooth=False,
            lipschitz=1.0,
            strictly_proper=False,
            proper=False,
            classification_calibrated=True,
            kinks=(1.0,),
            reference="cortesvapnik1995",
        )


class SquaredHinge(MarginLoss):
    r"""Squared hinge loss :math:`\max(0, 1 - m)^2`.

    Gradient :math:`-2 y \max(0, 1 - m)`. Smooth at the margin 1. Its best score is
    :math:`2 p - 1` for the probability p of the label +1, so that p can be read from it.

    Source: `cortesvapnik1995`.
    """

    def pointwise(self, y_true, y_pred):
        return np.square(np.maximum(1.0 - y_true * y_pred, 0.0))

    def gradient(self, y_true, y_pred):
        return -2.0 * (y_true * np.maximum(1.0 - y_true * y_pred, 0.0))

    def hessian(self, y_true, y_pred):
        return (y_true * y_pred < 1.0) * 2.0

    @property
    def facts(self):
        return self._facts(
            name="Squared hinge loss",
            formula=r"\max(0, 1 - m)^2",
            gradient=r"-2 y \max(0, 1 - m)",
            best_constant="mean",
            convex=True,
            strictly_convex=False,
            smooth=True,
            gradient_lipschitz=2.0,
            lipschitz=math.inf,
            strictly_proper=True,
            proper=True,
            link="2 p - 1",
            classification_calibrated=True,
            reference="cortesvapnik1995",
        )


class SmoothedHinge(MarginLoss):
    r"""Smoothed hinge: 0 for :math:`m \ge 1`, :math:`(1 - m)^2 / 2` between 0 and 1,
    :math:`1/2 - m` below 0.

    With :math:`g = \min(\max(1 - m, 0), 1)` it is :math:`g (1 - m - g/2)`, the Huber loss of the
    hinge, and its gradient is :math:`-y g`. Its best score is :math:`2 - 1/p` where the label +1
    has the probability :math:`p \ge 1/2`, and :math:`1/(1 - p) - 2` else.

    Source: `renniesrebro2005`.
    """

    def pointwise(self, y_true, y_pred):
        short = 1.0 - y_true * y_pred
        g = np.clip(short, 0.0, 1.0)
        return g * (short - 0.5 * g)

    def gradient(self, y_true, y_pred):
        return -1.0 * (y_true * np.clip(1.0 - y_true * y_pred, 0.0, 1.0))

    def hessian(self, y_true, y_pred):
        m = y_true * y_pred
        return ((m < 1.0) & (m > 0.0)) * 1.0

    @property
    def facts(self):
        return self._facts(
            name="Smoothed hinge loss",
            formula=(
                r"\begin{cases} 0 & m \ge 1 \\ \frac{1}{2} (1 - m)^2 & 0 < m < 1 \\"
                r" \frac{1}{2} - m & m \le 0 \end{cases}"
            ),
            gradient=r"-y \min(\max(1 - m, 0), 1)",
            best_constant="1 less the odds of the minority, with the sign of the majority",
            convex=True,
            strictly_convex=False,
            smooth=True,
            gradient_lipschitz=1.0,
            lipschitz=1.0,
            strictly_proper=True,
            proper=True,
            link="1 less the odds of the minority, signed",
            classification_calibrated=True,
            reference="renniesrebro2005",
        )


class ModifiedHuber(MarginLoss):
    r"""Modified Huber loss: :math:`\max(0, 1 - m)^2` for :math:`m \ge -1`, :math:`-4 m` below.

    With :math:`g = \min(\max(1 - m, 0), 2)` it is :math:`g (2 (1 - m) - g)`, and its gradient is
    :math:`-2 y g`. Four times the smoothed hinge of :math:`(m + 1)/2`. Its best score is
    :math:`2 p - 1`, as that of the squared hinge.

    Source: `zhang2004`.
    """

    def pointwise(self, y_true, y_pred):
        short = 1.0 - y_true * y_pred
        g = np.clip(short, 0.0, 2.0)
        return 2.0 * g * (short - 0.5 * g)

    def gradient(self, y_true, y_pred):
        return -2.0 * (y_true * np.clip(1.0 - y_true * y_pred, 0.0, 2.0))

    def hessian(self, y_true, y_pred):
        m = y_true * y_pred
        return ((m < 1.0) & (m > -1.0)) * 2.0

    @property
    def facts(self):
        return self._facts(
            name="Modified Huber loss",
            formula=r"\begin{cases} \max(0, 1 - m)^2 & m \ge -1 \\ -4 m & m < -1 \end{cases}",
            gradient=r"-2 y \min(\max(1 - m, 0), 2)",
            best_constant="mean",
            convex=True,
            strictly_convex=False,
            smooth=True,
            gradient_lipschitz=2.0,
            lipschitz=4.0,
            strictly_proper=True,
            proper=True,
            link="2 p - 1",
            classification_calibrated=True,
            reference="zhang2004",
        )


class Logistic(MarginLoss):
    r"""Logistic loss :math:`\log(1 + e^{-m})`: cross-entropy from logits, with labels -1 and +1.

    Gradient :math:`-y / (1 + e^m)`. Computed as :math:`\max(-m, 0) + \log(1 + e^{-|m|})`, so that
    no margin overflows and none loses its digits.

    Source: `cox1958`.
    """

    def pointwise(self, y_true, y_pred):
        m = y_true * y_pred
        return np.maximum(-m, 0.0) + np.log1p(np.exp(-np.abs(m)))

    def gradient(self, y_true, y_pred):
        m = y_true * y_pred
        return -1.0 * (y_true * (np.exp(-np.maximum(m, 0.0)) / (1.0 + np.exp(-np.abs(m)))))

    def hessian(self, y_true, y_pred):
        e = np.exp(-np.abs(y_pred))
        return e / np.square(1.0 + e)

    @property
    def facts(self):
        return self._facts(
            name="Logistic loss",
            formula=r"\log(1 + e^{-m})",
            gradient=r"-\frac{y}{1 + e^{m}}",
            best_constant="log-odds of the share of +1",
            noise=Noise(name="Bernoulli", distribution="bernoulli", predicted="p", link="logit"),
            convex=True,
            strictly_convex=True,
            smooth=True,
            gradient_lipschitz=0.25,
            lipschitz=1.0,
            strictly_proper=True,
            proper=True,
            classification_calibrated=True,
            link="logit",
            reference="cox1958",
        )


class Perceptron(MarginLoss):
    r"""Perceptron loss :math:`\max(0, -m)`: only errors cost.

    Gradient :math:`-y` where :math:`m \le 0`, else 0. At the kink :math:`m = 0` it is :math:`-y`
    and not the subgradient of least norm, or training from zero weights would never start. The
    score 0 for all minimizes the mean whatever the data: it is not calibrated without a constraint.

    Source: `rosenblatt1958`.
    """

    def pointwise(self, y_true, y_pred):
        return np.maximum(-(y_true * y_pred), 0.0)

    def gradient(self, y_true, y_pred):
        return -1.0 * (y_true * (y_true * y_pred <= 0.0))

    def hessian(self, y_true, y_pred):
        return np.zeros_like(y_pred)

    @property
    def facts(self):
        return self._facts(
            name="Perceptron loss",
            formula=r"\max(0, -m)",
            gradient=r"\begin{cases} -y & m \le 0 \\ 0 & m > 0 \end{cases}",
            best_constant="zero",
            convex=True,
            strictly_convex=False,
            smooth=False,
            lipschitz=1.0,
            strictly_proper=False,
            proper=False,
            classification_calibrated=False,
            kinks=(0.0,),
            reference="rosenblatt1958",
        )


class Exponential(MarginLoss):
    r"""Exponential loss :math:`e^{-m}` of AdaBoost.

    Gradient :math:`-y e^{-m}`. Its best score is half the log-odds.

    Source: `freundschapire1997`, `friedman2000`.
    """

    def pointwise(self, y_true, y_pred):
        return np.exp(-(y_true * y_pred))

    def gradient(self, y_true, y_pred):
        return -1.0 * (y_true * np.exp(-(y_true * y_pred)))

    def hessian(self, y_true, y_pred):
        return np.exp(-(y_true * y_pred))

    @property
    def facts(self):
        return self._facts(
            name="Exponential loss",
            formula=r"e^{-m}",
            gradient=r"-y e^{-m}",
            best_constant="half the log-odds of the share of +1",
            convex=True,
            strictly_convex=True,
            smooth=True,
            lipschitz=math.inf,
            strictly_proper=True,
            proper=True,
            classification_calibrated=True,
            link="half the logit",
            reference="friedman2000",
        )


class ZeroOne(MarginLoss):
    r"""Zero-one loss: 1 if :math:`m \le 0`, else 0. Its mean is the share of errors.

    A score of 0 is counted as an error. The gradient is 0 wherever it exists, which is why one
    trains with another loss. It is proper, but not strictly: whoever believes in the probability p
    of the label +1 pays least with the score :math:`2 p - 1`, and no more with any other score of
    its sign (at :math:`p = 1/2` with any score but 0).

    Source: `bartlett2006`.
    """

    def pointwise(self, y_true, y_pred):
        return (y_true * y_pred <= 0.0) * 1.0

    def gradient(self, y_true, y_pred):
        return 0.0 * y_pred

    def hessian(self, y_true, y_pred):
        return np.zeros_like(y_pred)

    @property
    def facts(self):
        return self._facts(
            name="Zero-one loss",
            formula=r"\begin{cases} 1 & m \le 0 \\ 0 & m > 0 \end{cases}",
            gradient="0",
            best_constant="majority class, as -1 or +1",
            convex=False,
            strictly_convex=False,
            smooth=False,
            gradient_lipschitz=None,
            lipschitz=math.inf,
            bounded=True,
            strictly_proper=False,
            proper=True,
            link="2 p - 1",
            classification_calibrated=True,
            kinks=(0.0,),
            reference="bartlett2006",
        )
