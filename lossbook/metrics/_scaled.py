"""Arithmetic that neither over- nor underflows: numbers m * 2^e, where e is an integer of its own."""

from __future__ import annotations

import math

import numpy as np

#: mantissas, 0 or from 1/2 to 1 in size, and exponents; that of 0 is below all others
Scaled = tuple[np.ndarray, np.ndarray]

_BELOW = -(2**20)


def scaled(values: np.ndarray) -> Scaled:
    """The values, exactly."""
    mantissa, exponent = np.frexp(values)
    return mantissa, np.where(mantissa == 0, np.int32(_BELOW), exponent)


def difference(x: Scaled, y: Scaled) -> Scaled:
    """x - y, rounded once."""
    unit = np.maximum(x[1], y[1])
    mantissa, exponent = scaled(np.ldexp(x[0], x[1] - unit) - np.ldexp(y[0], y[1] - unit))
    return mantissa, exponent + unit


def absolute(x: Scaled) -> Scaled:
    """The size of x."""
    return np.abs(x[0]), x[1]


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
    unit = x[1].max()
    mantissa, exponent = scaled(np.array(math.fsum(np.ldexp(x[0], x[1] - unit).ravel().tolist())))
    return mantissa, exponent + unit


def weighted(x: Scaled, weight: np.ndarray | None) -> Scaled:
    """The sum of all entries times their weights."""
    return total(x if weight is None else product(x, scaled(weight)))


def mean(x: Scaled, weight: np.ndarray | None) -> Scaled:
    """The weighted mean; the weights are not all 0."""
    ones = scaled(np.ones(x[0].shape))
    return quotient(weighted(x, weight), weighted(ones, weight))


def number(x: Scaled) -> float:
    """As a float: infinite where it is too large for one."""
    with np.errstate(over="ignore"):
        return float(np.ldexp(*x))
