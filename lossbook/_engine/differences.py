"""Logistic functions of a difference, and of what its rounding left out.

The difference d of two large numbers has few digits of its own, and exp(-d) needs them all.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import pairs
from .pairs import Pair, two_sum


def difference(a: Any, b: Any) -> Pair:
    """a - b in two parts; the low one is 0 where the high one is beyond float64."""
    high, low = two_sum(a, -b)
    return finite((high, low))


def finite(a: Pair) -> Pair:
    """The pair, without the low part where the high one is infinite."""
    high, low = a
    if not np.isfinite(low).all():
        low = np.where(np.isfinite(high) & np.isfinite(low), low, 0.0)
    return high, low


def times(factor: float, a: Pair) -> Pair:
    """A positive number times a pair."""
    high, low = pairs.multiply((factor, 0.0), a)
    plain = factor * a[0]
    lost = ~np.isfinite(low)  # products of halves are beyond float64 before the whole is
    return (np.where(lost, plain, high), np.where(lost, 0.0, low)) if lost.any() else (high, low)


def decay(d: Pair) -> Any:
    """exp(-|d|)."""
    e = np.exp(-np.abs(d[0]))
    return e - e * (d[1] * np.sign(d[0]))


def cost(d: Pair, e: Any) -> Any:
    """log(1 + exp(-d)), with e = exp(-|d|)."""
    return np.log1p(e) + np.maximum(-d[0], 0.0)


def miss(d: Pair, e: Any) -> Any:
    """1 / (1 + exp(d)), with e = exp(-|d|): the chance of the other outcome."""
    return np.where(d[0] > 0.0, e, 1.0) / (1.0 + e)
