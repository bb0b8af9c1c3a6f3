"""Each loss a second time, in mpmath, from its definition: what the tests compare with."""

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass

import mpmath
from mpmath import mp, mpf

from lossbook import losses

mp.dps = 50
LARGEST = mpf(sys.float_info.max)


@dataclass(frozen=True)
class Reference:
    """Value and derivative of a loss as mpmath functions of (y, p)."""

    value: Callable
    gradient: Callable


def ulps(computed, exact):
    """How far `computed` is from `exact`, in units in the last place of `exact`."""
    if math.isinf(computed):
        # right if float64 has no number for it
        return 0.0 if abs(exact) > LARGEST * (1 - mpf(2) ** -51) and computed * exact > 0 else 1e9
    if math.isnan(computed):
        return 1e9
    nearest = float(exact)
    if math.isinf(nearest):
        nearest = math.copysign(float(LARGEST), nearest)
    unit = math.ulp(nearest) if abs(nearest) < LARGEST else math.ulp(1.7e308)
    return float(abs(mpf(computed) - exact) / mpf(unit))


def sign(x):
    return mpf((x > 0) - (x < 0))


def clip(x, low, high):
    return min(max(x, low), high)


def reference(loss):
    """The `Reference` of a loss with its hyperparameters."""
    return MAKERS[type(loss)](loss)


def squared(loss):
    return Reference(lambda y, p: (p - y) ** 2, lambda y, p: 2 * (p - y))


def absolute(loss):
    return Reference(lambda y, p: abs(p - y), lambda y, p: sign(p - y))


def percentage(loss):
    return Reference(lambda y, p: abs(p - y) / abs(y), lambda y, p: sign(p - y) / abs(y))


def huber(loss):
    d = mpf(loss.delta)

    def value(y, p):
        a = abs(p - y)
        return a**2 / 2 if a <= d else d * (a - d / 2)

    return Reference(value, lambda y, p: clip(p - y, -d, d))


def log_cosh(loss):
    def value(y, p):
        a = abs(p - y)
        if a > 200:  # log cosh a = a - log 2 + log(1 + exp(-2 a)), and exp(-400) is no digit here
            return a - mpmath.log(2)
        with mp.workdps(700):  # cosh(1e-307) is 1 + 5e-615
            return mpmath.log(mpmath.cosh(a))

    def gradient(y, p):
        r = p - y
        return sign(r) if abs(r) > 200 else mpmath.tanh(r)

    return Reference(value, gradient)


def pinball(loss):
    tau = mpf(loss.quantile)

    def value(y, p):
        return tau * (y - p) if p < y else (1 - tau) * (p - y)

    def gradient(y, p):
        return mpf(0) if p == y else (-tau if p < y else 1 - tau)

    return Reference(value, gradient)


def expectile(loss):
    tau = mpf(loss.expectile)

    def side(r):
        return tau if r < 0 else 1 - tau

    return Reference(
        lambda y, p: side(p - y) * (p - y) ** 2, lambda y, p: 2 * side(p - y) * (p - y)
    )


def epsilon_insensitive(loss):
    e = mpf(loss.epsilon)
    return Reference(
        lambda y, p: max(abs(p - y) - e, mpf(0)),
        lambda y, p: sign(p - y) if abs(p - y) > e else mpf(0),
    )


def squared_epsilon_insensitive(loss):
    e = mpf(loss.epsilon)
    return Reference(
        lambda y, p: max(abs(p - y) - e, mpf(0)) ** 2,
        lambda y, p: 2 * sign(p - y) * max(abs(p - y) - e, mpf(0)),
    )


def log1p(x):
    with mp.workdps(400):
        return mpmath.log(1 + x)


def squared_log(loss):
    def ratio(y, p):
        with mp.workdps(400):  # 1 + 1e-307
            return mpmath.log((1 + p) / (1 + y))

    def gradient(y, p):
        return 2 * ratio(y, p) / (1 + p)

    return Reference(lambda y, p: ratio(y, p) ** 2, gradient)


def pseudo_huber(loss):
    c = mpf(loss.scale)

    def value(y, p):
        with mp.workdps(1300):
            return c * c * (mpmath.sqrt(1 + ((p - y) / c) ** 2) - 1)

    return Reference(value, lambda y, p: (p - y) / mpmath.sqrt(1 + ((p - y) / c) ** 2))


def cauchy(loss):
    c = mpf(loss.scale)

    def value(y, p):
        with mp.workdps(700):
            return c * c / 2 * mpmath.log(1 + ((p - y) / c) ** 2)

    return Reference(value, lambda y, p: (p - y) / (1 + ((p - y) / c) ** 2))


def tukey(loss):
    c = mpf(loss.scale)

    def value(y, p):
        r = p - y
        if abs(r) > c:
            return c * c / 6
        with mp.workdps(700):
            return c * c / 6 * (1 - (1 - (r / c) ** 2) ** 3)

    def gradient(y, p):
        r = p - y
        return r * (1 - (r / c) ** 2) ** 2 if abs(r) < c else mpf(0)

    return Reference(value, gradient)


def barron(loss):
    alpha, c = loss.alpha, mpf(loss.scale)

    def value(y, p):
        v = ((p - y) / c) ** 2
        with mp.workdps(700):
            if alpha == 2:
                return v / 2
            if alpha == 0:
                return mpmath.log(1 + v / 2)
            if math.isinf(alpha):
                return 1 - mpmath.exp(-v / 2) if v < 2000 else mpf(1)
            b = 2 - mpf(alpha)
            return b / mpf(alpha) * ((v / b + 1) ** (mpf(alpha) / 2) - 1)

    def gradient(y, p):
        v = ((p - y) / c) ** 2
        if math.isinf(alpha):
            weight = mpmath.exp(-v / 2) if v < 1e5 else mpf(0)
        else:
            b = 2 - mpf(alpha)
            weight = (v / b + 1) ** (mpf(alpha) / 2 - 1) if b else mpf(1)
        return (p - y) / c**2 * weight

    return Reference(value, gradient)


def margin(value, slope):
    """A loss of the margin y f, and its derivative with respect to the margin."""
    return lambda loss: Reference(lambda y, f: value(y * f), lambda y, f: y * slope(y * f))


hinge = margin(lambda m: max(1 - m, mpf(0)), lambda m: mpf(-(m < 1)))
squared_hinge = margin(lambda m: max(1 - m, mpf(0)) ** 2, lambda m: -2 * max(1 - m, mpf(0)))
smoothed_hinge = margin(
    lambda m: mpf(0) if m >= 1 else ((1 - m) ** 2 / 2 if m > 0 else mpf(1) / 2 - m),
    lambda m: -clip(1 - m, mpf(0), mpf(1)),
)
modified_huber = margin(
    lambda m: max(1 - m, mpf(0)) ** 2 if m >= -1 else -4 * m,
    lambda m: -2 * clip(1 - m, mpf(0), mpf(2)),
)
perceptron = margin(lambda m: max(-m, mpf(0)), lambda m: mpf(-(m <= 0)))
exponential = margin(lambda m: exp(-m), lambda m: -exp(-m))
zero_one = margin(lambda m: mpf(m <= 0), lambda m: mpf(0))


def exp(x):
    """exp, without numbers whose exponents have hundreds of digits."""
    if x < -1e5:
        return mpf(0)
    return mpf("1e400") if x > 1e5 else mpmath.exp(x)


def softplus(x):
    """log(1 + exp(x))."""
    if abs(x) > 1e4:
        return max(x, mpf(0))
    with mp.workdps(60 + int(abs(x))):
        return mpmath.log(1 + mpmath.exp(x))


def log(x):
    return mpmath.log(x) if x > 0 else -mpmath.inf


def times_log(a, x):
    """a log x, and 0 where a is 0."""
    return a * log(x) if a else mpf(0)


def softmax(z, y):
    """The cross-entropy of label `y`, and its gradient, of one row of logits, with as many digits as it takes."""
    with mp.workdps(60):
        z = [mpf(float(v)) for v in z]
        top = max(z)
        e = [mpmath.exp(v - top) if v - top > -1e5 else mpf(0) for v in z]
        others = sum(v for k, v in enumerate(e) if k != y)
        far = e[y] == 0
        value = top - z[y] + mpmath.log(others) if far else mpmath.log1p(others / e[y])
        total = others + e[y]
        return value, [-others / total if k == y else v / total for k, v in enumerate(e)]


def smoothed(alpha, y, classes=2):
    return (1 - mpf(alpha)) * y + mpf(alpha) / classes


def binary_cross_entropy(loss):
    w = mpf(1 if loss.pos_weight is None else loss.pos_weight)

    def label(y):
        return smoothed(loss.label_smoothing, y)

    def from_probability(y, p):
        with mp.workdps(400):
            return -w * times_log(label(y), p) - times_log(1 - label(y), 1 - p)

    def slope(y, p):
        y = label(y)
        right = -w * y / p if y and p else (-mpmath.inf if y else mpf(0))
        wrong = (1 - y) / (1 - p) if 1 - y and 1 - p else (mpmath.inf if 1 - y else mpf(0))
        return right + wrong

    def from_logit(y, x):
        with mp.workdps(700):
            return w * label(y) * softplus(-x) + (1 - label(y)) * softplus(x)

    def slope_of_logit(y, x):
        with mp.workdps(700):
            return (1 - label(y)) / (1 + exp(-x)) - w * label(y) / (1 + exp(x))

    if loss.from_logits:
        return Reference(from_logit, slope_of_logit)
    return Reference(from_probability, slope)


def focal(loss):
    g = mpf(loss.gamma)

    def weight(y):
        if isinstance(loss.alpha, tuple):
            return mpf(loss.alpha[int(y)])
        return mpf(1) if loss.alpha is None else (mpf(loss.alpha) if y else 1 - mpf(loss.alpha))

    def value(y, t):
        with mp.workdps(700):
            if loss.from_logits:
                z = t if y else -t
                return weight(y) * (1 / (1 + exp(z))) ** g * softplus(-z)
            right = t if y else 1 - t
            return -weight(y) * (1 - right) ** g * log(right)

    def gradient(y, t):
        with mp.workdps(700):
            side = 1 if y else -1
            if loss.from_logits:
                z = side * t
                miss, hit = 1 / (1 + exp(z)), 1 / (1 + exp(-z))
                return -side * weight(y) * miss**g * (miss + g * hit * softplus(-z))
            right = t if y else 1 - t
            miss = 1 - right
            if right == 0:
                return -side * mpmath.inf
            pull = -g * miss ** (g - 1) * log(right) if g and miss else mpf(0)
            return -side * weight(y) * (miss**g / right + pull)

    return Reference(value, gradient)


def poisson(loss):
    if loss.log_input:
        return Reference(lambda y, x: exp(x) - y * x, lambda y, x: exp(x) - y)
    return Reference(
        lambda y, rate: rate - times_log(y, rate),
        lambda y, rate: 1 - y / rate if y and rate else (-mpmath.inf if y else mpf(1)),
    )


def hinge_embedding(loss):
    limit = mpf(loss.margin)
    return Reference(
        lambda y, d: d if y > 0 else max(mpf(0), limit - d),
        lambda y, d: mpf(1) if y > 0 else -mpf(d < limit),
    )


logistic = margin(lambda m: softplus(-m), lambda m: -1 / (1 + exp(m)))

MAKERS = {
    losses.BinaryCrossEntropy: binary_cross_entropy,
    losses.Brier: squared,
    losses.Focal: focal,
    losses.PoissonNLL: poisson,
    losses.Hinge: hinge,
    losses.HingeEmbedding: hinge_embedding,
    losses.SquaredHinge: squared_hinge,
    losses.SmoothedHinge: smoothed_hinge,
    losses.ModifiedHuber: modified_huber,
    losses.Logistic: logistic,
    losses.Perceptron: perceptron,
    losses.Exponential: exponential,
    losses.ZeroOne: zero_one,
    losses.Expectile: expectile,
    losses.EpsilonInsensitive: epsilon_insensitive,
    losses.SquaredEpsilonInsensitive: squared_epsilon_insensitive,
    losses.MeanSquaredLogarithmicError: squared_log,
    losses.MeanAbsolutePercentageError: percentage,
    losses.PseudoHuber: pseudo_huber,
    losses.Cauchy: cauchy,
    losses.Tukey: tukey,
    losses.Barron: barron,
    losses.MeanSquaredError: squared,
    losses.MeanAbsoluteError: absolute,
    losses.Huber: huber,
    losses.LogCosh: log_cosh,
    losses.Pinball: pinball,
}
