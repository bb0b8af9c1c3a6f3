"""Arithmetic that neither over- nor underflows: numbers m * 2^e, where e is an integer of its own."""

from __future__ import annotations

import math

import numpy as np

#: mantissas, 0 or from 1/2 to 1 in size, and exponents
Scaled = tuple[np.ndarray, np.ndarray]


def scaled(values: np.ndarray) -> Scaled:
    """The values, exactly."""
    mantissa, exponent = np.frexp(values)
    return mantissa, exponent.astype(np.int64)


def difference(a: np.ndarray, b: np.ndarray) -> Scaled:
    """a - b, rounded once."""
    unit = np.maximum(scaled(a)[1], scaled(b)[1])
    mantissa, exponent = scaled(np.ldexp(a, -unit) - np.ldexp(b, -unit))
    return mantissa, exponent + unit


def distance(a: np.ndarray, b: np.ndarray) -> Scaled:
    """The absolute value of a - b."""
    mantissa, exponent = difference(a, b)
    return np.abs(mantissa), exponent


def product(x: Scaled, y: Scaled) -> Scaled:
    """x times y, rounded once."""
    mantissa, exponent = scaled(x[0] * y[0])
    return mantissa, exponent + x[1] + y[1]


def quotient(x: Scaled, y: Scaled) -> Scaled:
    """x by y, rounded once; y is not 0."""
    mantissa, exponent = scaled(x[0] / y[0])
    return mantissa, exponent + x[1] - y[1]


def total(x: Scaled) -> Scaled:
    """The sum of all entries, rounded once."""
    mantissa, exponent = x
    unit = exponent[mantissa != 0].max(initial=np.iinfo(np.int32).min)
    found, more = scaled(np.array(math.fsum(np.ldexp(mantissa, exponent - unit).ravel().tolist())))
    return found, more + unit


def mean(x: Scaled, weight: np.ndarray | None) -> Scaled:
    """The weighted mean; the weights are not all 0."""
    if weight is None:
        return quotient(total(x), scaled(np.array(float(x[0].size))))
    w = scaled(weight)
    return quotient(total(product(x, w)), total(w))


def number(x: Scaled) -> float:
    """As a float: infinite where it is too large for one."""
    with np.errstate(over="ignore"):
        return float(np.ldexp(*x))
