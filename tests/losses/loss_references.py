"""Each loss a second time, in mpmath, from its definition: what the tests compare with."""

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


MAKERS = {
    losses.MeanSquaredError: squared,
    losses.MeanAbsoluteError: absolute,
    losses.Huber: huber,
    losses.LogCosh: log_cosh,
    losses.Pinball: pinball,
}
