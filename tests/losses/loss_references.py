"""Each loss a second time, in mpmath, from its definition: what the tests compare with."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import mpmath
from mpmath import mp, mpf

from lossbook import losses

mp.dps = 50


@dataclass(frozen=True)
class Reference:
    """Value and derivative of a loss as mpmath functions of (y, p)."""

    value: Callable
    gradient: Callable


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
    d = mpf(loss.delta)

    def value(y, p):
        with mp.workdps(1300):
            return d * d * (mpmath.sqrt(1 + ((p - y) / d) ** 2) - 1)

    return Reference(value, lambda y, p: (p - y) / mpmath.sqrt(1 + ((p - y) / d) ** 2))


def cauchy(loss):
    c = mpf(loss.scale)

    def value(y, p):
        with mp.workdps(700):
            return c * c / 2 * mpmath.log(1 + ((p - y) / c) ** 2)

    return Reference(value, lambda y, p: (p - y) / (1 + ((p - y) / c) ** 2))


def tukey(loss):
    c = mpf(loss.c)

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


MAKERS = {
    losses.Expectile: expectile,
    losses.EpsilonInsensitive: epsilon_insensitive,
    losses.SquaredEpsilonInsensitive: squared_epsilon_insensitive,
    losses.MeanSquaredLogarithmicError: squared_log,
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
