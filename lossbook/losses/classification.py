r"""Losses for two classes with labels 0 and 1 (or soft labels between), from probabilities or
logits. For more classes: `categorical`."""

import math

import numpy as np

from lossbook import _validate
from lossbook.losses import _exact, _softmax
from lossbook.losses.base import Loss
from lossbook.losses.facts import Facts, Noise


class BinaryLoss(Loss):
    r"""A loss of labels between 0 and 1 and predictions of one shape.

    With `from_logits` the predictions are any real numbers x, and the probability of the class 1 is
    :math:`1 / (1 + e^{-x})`, so that :math:`-\infty` rules the class 1 out and :math:`\infty` the
    class 0; else they are probabilities, checked to lie in [0, 1].
    """

    elementwise = True
    from_logits = False

    @property
    def _finite_by_check(self):
        return ("y_true",) if self.from_logits else ("y_true", "y_pred")

    def _check(self, y_true, y_pred):
        y_true, y_pred = super()._check(y_true, y_pred)
        self._check_labels(y_true)
        if not self.from_logits:
            _validate.check_range("y_pred", y_pred, 0.0, 1.0, "probabilities from 0 to 1")
        return y_true, y_pred

    def _check_labels(self, y_true):
        _validate.check_range("y_true", y_true, 0.0, 1.0, "labels from 0 to 1")

    def _check_finite(self, y_true, y_pred):
        _validate.check_finite("y_true", y_true)
        if self.from_logits:
            y_pred = np.where(np.isinf(y_pred), 0.0, y_pred)
        _validate.check_finite("y_pred", y_pred)

    def _facts(self, **facts):
        common = {"task": "binary classification", "bounded": False}
        return Facts(**{**common, **facts})


class BinaryCrossEntropy(BinaryLoss):
    r"""Binary cross-entropy :math:`-y \log p - (1 - y) \log(1 - p)`, in nats.

    Gradient :math:`(p - y) / (p (1 - p))` with respect to p; :math:`p - y` with respect to the
    logit, to the last digits also where p is close to a label between 0 and 1. No clipping: p = 0
    with y = 1 costs infinity. With labels that are 0 or 1 it is the negative log-likelihood of the
    Bernoulli distribution.

    From logits: with the loss of a wrong answer in :math:`P = |[x \ge 0] - y|`, the share of the
    label on the other side, it is :math:`\log(1 + e^{-|x|}) + |x| P`.

    Parameters
    ----------
    from_logits : whether `y_pred` holds logits instead of probabilities.
    label_smoothing : :math:`\alpha` in [0, 1): y is replaced by
        :math:`(1 - \alpha) y + \alpha / 2`.

    Source: `good1952`, label smoothing `szegedy2016`.
    """

    def __init__(self, *, from_logits=False, label_smoothing=0.0):
        self.from_logits = _validate.boolean("from_logits", from_logits)
        self.label_smoothing = _validate.smoothing("label_smoothing", label_smoothing)

    def pointwise(self, y_true, y_pred):
        if not self.from_logits:
            y, other = self._smooth(y_true), self._smooth(1.0 - y_true)
            hit = np.where(y > 0.0, y * np.log(y_pred), 0.0)
            return np.where(other > 0.0, -other * np.log1p(-y_pred), 0.0) - hit
        size = np.abs(y_pred)
        far = _product(size, self._other_side(y_true, y_pred))
        return np.log1p(np.exp(-size)) + far

    def gradient(self, y_true, y_pred):
        if not self.from_logits:
            difference = y_pred - y_true  # of numbers close to each other it has no rounding
            if self.label_smoothing:
                label = _exact.smoothed((y_true, 0.0), self.label_smoothing, 2)
                difference = _exact.add((y_pred, 0.0), _exact.negative(label))[0]
            spread = y_pred * (1.0 - y_pred)
            sure = np.logical_and(spread == 0.0, difference == 0.0)
            return np.where(sure, 1.0 - 2.0 * y_true, difference / spread)
        e = np.exp(-np.abs(y_pred))
        other = self._other_side(y_true, y_pred)
        left, alpha = 1.0 - other, self.label_smoothing
        half = np.copysign(0.5, y_pred) * ((other - left * e) / (1.0 + e))
        return 2.0 * _softmax.binary_slope(y_true, y_pred, other, left, e, alpha, half)

    def hessian(self, y_true, y_pred):
        if not self.from_logits:
            y, other = self._smooth(y_true), self._smooth(1.0 - y_true)
            hit = np.where(y > 0.0, y / y_pred / y_pred, 0.0)  # the square would underflow
            return hit + np.where(other > 0.0, other / np.square(1.0 - y_pred), 0.0)
        e = np.exp(-np.abs(y_pred))
        return e / np.square(1.0 + e)

    def _smooth(self, y):
        alpha = self.label_smoothing
        return y if alpha == 0.0 else (1.0 - alpha) * y + 0.5 * alpha

    def _other_side(self, y, x):
        """The share of the label that lies on the other side than the logit."""
        return self._smooth(np.abs(_step(x) - y))

    @property
    def facts(self):
        plain = self.label_smoothing == 0.0
        label = "y" if plain else "y'"
        where = "" if plain else r", \quad y' = (1 - \alpha) y + \frac{\alpha}{2}"
        common = {
            "convex": True,
            "strictly_convex": True,
            "smooth": True,
            "strictly_proper": plain,
            "proper": plain,
            "classification_calibrated": True,
            "reference": "good1952",
        }
        if self.from_logits:
            return self._facts(
                name="Binary cross-entropy of logits",
                formula=rf"\log(1 + e^{{\hat y}}) - {label} \hat y{where}",
                gradient=rf"\frac{{1}}{{1 + e^{{-\hat y}}}} - {label}{where}",
                best_constant="log-odds of the mean" if plain else "log-odds of the smoothed mean",
                noise=Noise(name="Bernoulli", distribution="bernoulli", predicted="p", link="logit")
                if plain
                else None,
                gradient_lipschitz=0.25,
                lipschitz=1.0 - self.label_smoothing / 2.0,
                link="logit",
                **common,
            )
        return self._facts(
            name="Binary cross-entropy",
            formula=rf"-{label} \log \hat y - (1 - {label}) \log(1 - \hat y){where}",
            gradient=rf"\frac{{\hat y - {label}}}{{\hat y (1 - \hat y)}}{where}",
            best_constant="mean" if plain else "smoothed mean",
            noise=Noise(name="Bernoulli", distribution="bernoulli", predicted="p")
            if plain
            else None,
            gradient_lipschitz=math.inf,
            lipschitz=math.inf,
            **common,
        )


class Brier(BinaryLoss):
    r"""Brier score :math:`(p - y)^2` of a probability. Its mean is a mean squared error.

    Gradient :math:`2 (p - y)`. With class indices it is Brier's own score, the sum over all K
    classes :math:`\sum_k (p_k - [k = y])^2`; with two columns that is twice the score of the one
    probability.

    Shapes: labels and probabilities of one shape, or class indices (n,), of an integer type,
    against the probabilities (n, K) of all classes.

    Source: `brier1950`.
    """

    def pointwise(self, y_true, y_pred):
        if _of_classes(y_true, y_pred):
            return np.sum(np.square(y_pred - _one_hot(y_true, y_pred)), axis=1)
        return np.square(y_pred - y_true)

    def gradient(self, y_true, y_pred):
        if _of_classes(y_true, y_pred):
            return 2.0 * (y_pred - _one_hot(y_true, y_pred))
        return 2.0 * (y_pred - y_true)

    def hessian(self, y_true, y_pred):
        return np.full_like(y_pred, 2.0)

    def _check(self, y_true, y_pred):
        y_pred = _validate.as_float64("y_pred", y_pred)
        y_true = _validate.as_classes("y_true", y_true)
        if y_true.ndim == 1 and y_pred.ndim == 2 and y_pred.shape[1] > 1:
            _validate.check_rows(y_true, y_pred, indices=True, distributions=False)
            _validate.check_distributions("y_pred", y_pred)
            return y_true, y_pred
        return super()._check(y_true, y_pred)

    @property
    def facts(self):
        return self._facts(
            name="Brier score",
            formula=r"(\hat y - y)^2",
            gradient=r"2 (\hat y - y)",
            best_constant="mean",
            convex=True,
            strictly_convex=True,
            smooth=True,
            gradient_lipschitz=2.0,
            lipschitz=2.0,
            bounded=True,
            strictly_proper=True,
            proper=True,
            classification_calibrated=True,
            reference="brier1950",
        )


class Focal(BinaryLoss):
    r"""Focal loss :math:`-\alpha_t (1 - p_t)^\gamma \log p_t`, with :math:`p_t` the probability
    given to the true class: easy samples count less.

    With :math:`\gamma = 0` and no `alpha` it is binary cross-entropy. Labels are 0 or 1. It is not
    proper: the probabilities that minimize it lie nearer to 1/2 than the true ones.

    Parameters
    ----------
    gamma : how much less; at least 0.
    alpha : the weight of the class 1, with :math:`1 - \alpha` for the class 0, strictly between 0
        and 1; None weighs both by 1.
    from_logits : whether `y_pred` holds logits instead of probabilities.

    Values and gradients are right to 8 ulp for gamma up to 2.

    Source: `lin2017`.
    """

    def __init__(self, *, gamma=2.0, alpha=None, from_logits=False):
        self.gamma = _validate.nonnegative("gamma", gamma)
        self.alpha = None if alpha is None else _validate.open_unit("alpha", alpha)
        self.from_logits = _validate.boolean("from_logits", from_logits)

    def _check_labels(self, y_true):
        _validate.check_binary("y_true", y_true)

    def pointwise(self, y_true, y_pred):
        miss, cost = self._parts(y_true, y_pred)
        return self._weight(y_true) * (np.power(miss, self.gamma) * cost)

    def gradient(self, y_true, y_pred):
        g, sign = self.gamma, 1.0 - 2.0 * y_true
        miss, cost = self._parts(y_true, y_pred)
        hit = self._hit(y_true, y_pred)
        if self.from_logits:
            # with s' = s (1 - s): d/dx = s^g (s + g cost (1 - s)), all terms positive
            slope = np.power(miss, g) * (miss + g * _product(cost, hit))
        else:
            slope = np.power(miss, g) / hit
            if g > 0.0:
                # cost / miss tends to 1 where the prediction is right
                ratio = np.where(miss > 0.0, cost / miss, 1.0)
                slope = slope + g * (np.power(miss, g) * ratio)
        return self._weight(y_true) * (sign * slope)

    def hessian(self, y_true, y_pred):
        g = self.gamma
        miss, cost = self._parts(y_true, y_pred)
        hit = self._hit(y_true, y_pred)
        if self.from_logits:
            inside = hit * miss * (1.0 + 2.0 * g)
            inside = inside + g * _product(cost, hit) * (g * hit - miss)
            bend = np.power(miss, g) * inside
        else:
            bend = np.power(miss, g) / np.square(hit)
            if g > 0.0:
                # cost / miss tends to 1 where the prediction is right, and where it is wrong to
                # infinity, though more slowly than 1 / hit; the logarithm of no float is -1000
                ratio = np.minimum(np.where(miss > 0.0, cost / miss, 1.0), 1000.0)
                bend = bend + g * np.power(miss, g - 1.0) * (2.0 / hit + (g - 1.0) * ratio)
        return self._weight(y_true) * bend

    def _parts(self, y, t):
        """The probability given to the wrong class, and minus the log of that of the right one."""
        if self.from_logits:
            z = (2.0 * y - 1.0) * t
            e = np.exp(-np.abs(z))
            return np.exp(-np.maximum(z, 0.0)) / (1.0 + e), np.maximum(-z, 0.0) + np.log1p(e)
        miss = np.abs(y - t)
        return miss, np.where(y == 1.0, -np.log(t), -np.log1p(-t))

    def _hit(self, y, t):
        """The probability given to the right class."""
        if self.from_logits:
            z = (2.0 * y - 1.0) * t
            return np.exp(np.minimum(z, 0.0)) / (1.0 + np.exp(-np.abs(z)))
        return np.abs((1.0 - y) - t)

    def _weight(self, y):
        if self.alpha is None:
            return 1.0
        return y * self.alpha + (1.0 - y) * (1.0 - self.alpha)

    @property
    def facts(self):
        plain = self.gamma == 0.0 and self.alpha is None
        p = "p" if self.from_logits else r"\hat y"
        where = r", \quad p = \frac{1}{1 + e^{-\hat y}}" if self.from_logits else ""
        one, zero = ("", "") if self.alpha is None else (r"\alpha ", r"(1 - \alpha) ")
        slopes = (
            rf"\gamma (1 - {p})^{{\gamma - 1}} \log {p} - \frac{{(1 - {p})^\gamma}}{{{p}}}",
            rf"\frac{{{p}^\gamma}}{{1 - {p}}} - \gamma {p}^{{\gamma - 1}} \log(1 - {p})",
        )
        if self.from_logits:
            slopes = (
                r"(1 - p)^\gamma (\gamma p \log p - 1 + p)",
                r"p^\gamma (p - \gamma (1 - p) \log(1 - p))",
            )
        elif self.alpha is not None:
            slopes = tuple(rf"\left({slope}\right)" for slope in slopes)
        common = {
            "formula": (
                rf"\begin{{cases}} -{one}(1 - {p})^\gamma \log {p} & y = 1 \\"
                rf" -{zero}{p}^\gamma \log(1 - {p}) & y = 0 \end{{cases}}{where}"
            ),
            "gradient": (
                rf"\begin{{cases}} {one}{slopes[0]} & y = 1 \\"
                rf" {zero}{slopes[1]} & y = 0 \end{{cases}}{where}"
            ),
            "smooth": True,
            "strictly_proper": plain,
            "proper": plain,
            "classification_calibrated": self.alpha is None,
            "reference": "lin2017",
        }
        if self.from_logits:
            return self._facts(
                name="Focal loss of logits",
                convex=self.gamma == 0.0,
                strictly_convex=self.gamma == 0.0,
                link="logit",
                **common,
            )
        return self._facts(
            name="Focal loss",
            convex=True,
            strictly_convex=True,
            lipschitz=math.inf,
            gradient_lipschitz=math.inf,
            **common,
        )


def _of_classes(y, p):
    """Whether y holds class indices for rows of probabilities; symbols have no shape."""
    return getattr(y, "ndim", 0) < getattr(p, "ndim", 0)


def _one_hot(y, p):
    return (y[:, None] == np.arange(p.shape[1])) * 1.0


def _product(a, b):
    """a b of numbers that are not negative, where 0 times infinity is 0."""
    return np.fmax(a * b, 0.0)


def _step(x):
    """1.0 where x is above 0, else 0.0; of 0 the one or the other, by its sign."""
    return np.copysign(0.5, x) + 0.5  # a comparison times 1.0 takes three times as long
