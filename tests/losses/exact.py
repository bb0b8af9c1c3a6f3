"""Vectors of mpmath numbers, and gradients of losses of several predictions."""

import math

from mpmath import mpf


def dot(a, b):
    return sum(u * v for u, v in zip(a, b, strict=True))


def norm(a, p=2.0):
    if p == math.inf:
        return max(map(abs, a))
    return sum(abs(v) ** mpf(p) for v in a) ** (1 / mpf(p))


def as_tuple(slopes):
    """The gradients, of one argument too."""
    return slopes if isinstance(slopes, tuple) else (slopes,)
