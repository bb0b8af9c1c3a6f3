"""Numbers in two parts, high and low, for formulas that would cancel.

The functions of pairs return pairs: the rounded result, and what the rounding left out. What is
computed with them is right to some 98 bits.
"""

import decimal
import functools
import math

import numpy as np

_STEPS = 64  # of the table of powers of two
_SPLITTER = 2.0**27 + 1.0


def two_sum(a, b):
    """The rounded sum of arrays a and b, and what the rounding left out (Knuth)."""
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


def two_product(a, b):
    """The rounded product, and what the rounding left out (Dekker)."""
    product = a * b
    (a, a_low), (b, b_low) = _halves(a), _halves(b)
    return product, a_low * b_low - (((product - a * b) - a_low * b) - a * b_low)


def _halves(a):
    wide = _SPLITTER * a
    high = wide - (wide - a)
    return high, a - high


def add(a, b):
    """The sum of two pairs."""
    high, low = two_sum(a[0], b[0])
    return two_sum(high, low + (a[1] + b[1]))


def multiply(a, b):
    """The product of two pairs."""
    high, low = two_product(a[0], b[0])
    return two_sum(high, low + (a[0] * b[1] + a[1] * b[0]))


def negative(a):
    return -a[0], -a[1]


def less(a):
    """1 - a of a pair."""
    return add((1.0, 0.0), negative(a))


def smoothed(y, alpha, classes):
    """(1 - alpha) y + alpha / classes of a pair y, as y + alpha (1 / classes - y)."""
    share = 1.0 / classes
    product, lost = two_product(share, float(classes))
    share = share, ((1.0 - product) - lost) / classes
    return add(y, multiply((alpha, 0.0), add(share, negative(y))))


def total(a):
    """The sum of rows of numbers that are not negative, as a pair of vectors.

    All are cut at one bit so high that the sum of what is above has no rounding.
    """
    _, exponent = np.frexp(a.max(axis=1) * a.shape[1])
    cut = np.ldexp(1.0, np.maximum(exponent, -900) + 1)[:, None]
    high = (a + cut) - cut
    return two_sum(high.sum(axis=1), (a - high).sum(axis=1))


def exp(x, short=False):
    """The exponential of a pair between -600 and 0; to 66 bits only, but three times faster, if
    `short`.

    x = j log(2) / 64 + r, and exp(r) by its series, of which only the first terms need two parts.
    """
    (first, second, third), powers = _constants()
    j = np.rint(x[0] / first)
    r = two_sum(x[0] - j * first, -j * second)  # of what is subtracted first no digit is lost
    r = two_sum(r[0], r[1] - j * third + x[1])
    tail = 0.0
    for k in range(8, 1, -1) if short else range(12, 5, -1):
        tail = tail * r[0] + 1.0 / math.factorial(k)
    if short:
        q = two_sum(1.0, r[0])
        q = two_sum(q[0], q[1] + (r[1] + tail * r[0] * r[0]))
    else:
        q = tail, 0.0
        for c in _inverse_factorials():
            q = add(multiply(q, r), c)
    place = j.astype(np.int64)
    step = place & (_STEPS - 1)
    q = multiply(q, (powers[0].take(step), powers[1].take(step)))
    power = (((place >> 6) + 1023) << 52).view(np.float64)  # 2^(j // 64), by its bits
    return q[0] * power, q[1] * power


@functools.cache
def _constants():
    """log(2) / 64 in three parts, the first two short, and the powers of 2^(1 / 64) as pairs."""
    with decimal.localcontext(prec=60):
        rest = decimal.Decimal(2).ln() / _STEPS
        parts = []
        for bits in (42, 78):
            parts.append(math.ldexp(math.floor(rest * 2**bits), -bits))
            rest -= decimal.Decimal(parts[-1])
        parts.append(float(rest))
        powers = [decimal.Decimal(2) ** (decimal.Decimal(i) / _STEPS) for i in range(_STEPS)]
        pairs = [_pair(power) for power in powers]
    return tuple(parts), np.array(pairs).T


@functools.cache
def _inverse_factorials():
    """1 / k! for k from 5 to 0, as pairs."""
    with decimal.localcontext(prec=60):
        return [_pair(1 / decimal.Decimal(math.factorial(k))) for k in range(5, -1, -1)]


def _pair(number):
    high = float(number)
    return high, float(number - decimal.Decimal(high))
