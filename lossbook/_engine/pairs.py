"""Numbers in two parts, high and low, for formulas that would cancel.

The functions of pairs return pairs: the rounded result, and what the rounding left out. What is
computed with them is right to some 98 bits.
"""

from __future__ import annotations

import functools
import math
from typing import Any, TypeAlias

import numpy as np

Pair: TypeAlias = tuple[Any, Any]  # of arrays, or of floats
_SPLITTER = 2.0**27 + 1.0


def two_sum(a: Any, b: Any) -> Pair:
    """The rounded sum of arrays a and b, and what the rounding left out (Knuth)."""
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


def two_product(a: Any, b: Any) -> Pair:
    """The rounded product, and what the rounding left out (Dekker)."""
    product = a * b
    (a, a_low), (b, b_low) = halves(a), halves(b)
    return product, a_low * b_low - (((product - a * b) - a_low * b) - a * b_low)


def halves(a: Any) -> Pair:
    """a in two parts of 26 bits."""
    wide = _SPLITTER * a
    high = wide - (wide - a)
    return high, a - high


def add(a: Pair, b: Pair) -> Pair:
    """The sum of two pairs."""
    high, low = two_sum(a[0], b[0])
    return two_sum(high, low + (a[1] + b[1]))


def multiply(a: Pair, b: Pair) -> Pair:
    """The product of two pairs."""
    high, low = two_product(a[0], b[0])
    return two_sum(high, low + (a[0] * b[1] + a[1] * b[0]))


def negative(a: Pair) -> Pair:
    return -a[0], -a[1]


def less(a: Pair) -> Pair:
    """1 - a of a pair."""
    return add((1.0, 0.0), negative(a))


def smoothed(y: Pair, alpha: float, classes: int) -> Pair:
    """(1 - alpha) y + alpha / classes of a pair y, as y + alpha (1 / classes - y)."""
    high = 1.0 / classes
    product, lost = two_product(high, float(classes))
    share = high, ((1.0 - product) - lost) / classes
    return add(y, multiply((alpha, 0.0), add(share, negative(y))))


def total(a: np.ndarray) -> Pair:
    """The sum of rows of numbers that are not negative, as a pair of vectors.

    All are cut at one bit so high that the sum of what is above has no rounding.
    """
    _, exponent = np.frexp(a.max(axis=1) * a.shape[1])
    cut = np.ldexp(1.0, np.maximum(exponent, -900) + 1)[:, None]
    high = (a + cut) - cut
    return two_sum(high.sum(axis=1), (a - high).sum(axis=1))


def exp(x: Pair) -> Pair:
    """The exponential of a pair between -600 and 0.

    x = j log(2) / 64 + r, and exp(r) by its series, of which only the first terms need two parts.
    """
    (first, second, third), powers = _table(64, 53)
    j = np.rint(x[0] / first)
    r = two_sum(x[0] - j * first, -j * second)  # of what is subtracted first no digit is lost
    r = two_sum(r[0], r[1] - j * third + x[1])
    tail = 0.0
    for k in range(12, 5, -1):
        tail = tail * r[0] + 1.0 / math.factorial(k)
    q: Pair = tail, 0.0
    for c in _inverse_factorials():
        q = add(multiply(q, r), c)
    power, step = _power_of_two(j, 64)
    q = multiply(q, (powers[0].take(step), powers[1].take(step)))
    return q[0] * power, q[1] * power


def exp_short(x: Pair) -> Pair:
    """The exponential of a pair between -600 and 0, to 65 bits; the high part has 26 of them.

    x = j log(2) / 2048 + r with so small an r that exp(r) - 1 is needed to 53 bits only.
    """
    (first, second, _), powers = _table(2048, 26)
    j = np.rint(x[0] * (1.0 / first))
    r = x[0] - j * first - j * second + x[1]
    tail = r * (1.0 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24))))
    power, step = _power_of_two(j, 2048)
    high, low = powers[0].take(step), powers[1].take(step)
    return high * power, (low + (high + low) * tail) * power


def _power_of_two(j: Any, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """2^(j // steps), by its bits, and j % steps."""
    place = j.astype(np.int64)
    whole = place >> (steps.bit_length() - 1)
    return ((whole + 1023) << 52).view(np.float64), place & (steps - 1)


@functools.cache
def _table(steps: int, bits: int) -> tuple[tuple[float, ...], np.ndarray]:
    """log(2) / steps in three parts, the first two short, and the powers of 2^(1 / steps) as pairs.

    The high parts of the pairs have so many bits.
    """
    import decimal  # half a millisecond, and few need it

    with decimal.localcontext(prec=60):
        rest = decimal.Decimal(2).ln() / steps
        parts = []
        for cut in (42, 78):
            parts.append(math.ldexp(math.floor(rest * 2**cut), -cut))
            rest -= decimal.Decimal(parts[-1])
        power, root = decimal.Decimal(1), decimal.Decimal(2) ** (decimal.Decimal(1) / steps)
        pairs = []
        for _ in range(steps):
            high = math.ldexp(round(math.ldexp(float(power), bits - 1)), 1 - bits)
            pairs.append((high, float(power - decimal.Decimal(high))))
            power *= root
    return (*parts, float(rest)), np.array(pairs).T


@functools.cache
def _inverse_factorials() -> list[Pair]:
    """1 / k! for k from 5 to 0, as pairs."""
    import decimal

    with decimal.localcontext(prec=60):
        exact = [1 / decimal.Decimal(math.factorial(k)) for k in range(5, -1, -1)]
        return [(float(c), float(c - decimal.Decimal(float(c)))) for c in exact]
