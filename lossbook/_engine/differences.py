"""Logistic functions of a difference, and of what its rounding left out.

The difference d of two large numbers has few digits of its own, and exp(-d) needs them all.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .pairs import Pair, halves, two_sum


def difference(a: Any, b: Any) -> Pair:
    """a - b in two parts."""
    return finite(two_sum(a, -b))


def finite(a: Pair) -> Pair:
    """The parts, the low one 0 where the high one, or its half product, is beyond float64."""
    known = np.isfinite(a[1])
    return a if known.all() else (a[0], np.where(known, a[1], 0.0))


def normal(a: Pair) -> Pair:
    """The pair with all digits that it can have in the high part."""
    high, low = finite(a)
    whole = high + low
    return finite((whole, low - (whole - high)))


def times(factor: float, a: Pair) -> Pair:
    """A number times a pair, whose low part may be no less than the high one."""
    high, low = a
    product = factor * high
    (top, rest), (most, least) = halves(high), halves(factor)
    error = least * rest - (((product - most * top) - most * rest) - least * top)
    return normal((product, error + factor * low))


def decay(d: Pair) -> Any:
    """exp(-|d|)."""
    high, low = d
    e = np.exp(-np.abs(high))
    return e - e * (low * np.sign(high))


def cost(d: Pair, e: Any) -> Any:
    """log(1 + exp(-d)), with e = exp(-|d|)."""
    return np.log1p(e) - np.minimum(d[0], 0.0)


def miss(d: Pair, e: Any) -> Any:
    """1 / (1 + exp(d)), with e = exp(-|d|): the chance of the other outcome."""
    return np.where(d[0] > 0.0, e, 1.0) / (1.0 + e)
