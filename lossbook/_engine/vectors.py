"""Lengths, distances and directions of rows of vectors, right to the last digits."""

from __future__ import annotations

import numpy as np

from .pairs import two_product

_LOW, _HIGH = 1e-280, 1e280  # squares in between have all their digits


def dots(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The inner products of the rows."""
    return np.einsum("ij,ij->i", a, b)


def column(a: np.ndarray) -> np.ndarray:
    """Numbers for rows, to multiply these by."""
    return a[:, None]


def lengths(x: np.ndarray) -> np.ndarray:
    """The Euclidean lengths of the rows: no square overflows or is lost."""
    square = dots(x, x)
    if square.size and not _LOW < square.min() <= square.max() < _HIGH:
        high = np.abs(x).max(axis=1)
        unit = x / column(np.where((high > 0.0) & np.isfinite(high), high, 1.0))
        return high * np.sqrt(dots(unit, unit))
    return np.sqrt(square)


def norms(x: np.ndarray, p: float) -> np.ndarray:
    """The lengths of the rows in the norm of the degree p, from 1 to infinity."""
    if p == 2.0:
        return lengths(x)
    size = np.abs(x)
    if p == 1.0:
        return size.sum(axis=1)
    high = size.max(axis=1)
    if p == np.inf:
        return high
    unit = size / column(np.where(high > 0.0, high, 1.0))
    return high * np.power(np.power(unit, p).sum(axis=1), 1.0 / p)


def norm_slopes(x: np.ndarray, p: float, norm: np.ndarray) -> np.ndarray:
    """The gradients of the norms of the rows, of which `norm` holds the values; 0 at 0."""
    if p == 1.0:
        return np.sign(x)
    safe = column(np.where(norm > 0.0, norm, 1.0))
    if p == 2.0:
        return x / safe
    if p == np.inf:  # the largest entries share the slope 1
        first = (np.abs(x) == safe) * np.sign(x)
        return first / np.maximum(np.abs(first).sum(axis=1, keepdims=True), 1.0)
    return np.sign(x) * np.power(np.abs(x) / safe, p - 1.0)


def moderate(x: np.ndarray) -> tuple[np.ndarray, np.ndarray | float]:
    """Rows, none of which is 0, as others times powers of two; with those, whose squares keep all digits."""
    square = dots(x, x)
    if _LOW < square.min() <= square.max() < _HIGH:
        return x, 1.0
    exponent = np.frexp(np.abs(x).max(axis=1))[1]
    return np.ldexp(x, -column(exponent)), np.ldexp(1.0, exponent)


def units(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows, none of which is 0, divided by their lengths; and the lengths."""
    small, scale = moderate(x)
    length = np.sqrt(dots(small, small))
    return small / column(length), length * scale


def rejections(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """What of rows a is perpendicular to rows b, both of moderate length.

    The products are exact, and what the rounding of the first share leaves of b is taken off a
    second time: rows that are almost parallel keep their digits.
    """
    square = dots(b, b)
    share = column(dots(a, b) / square)
    product, lost = two_product(share, b)
    rest = (a - product) - lost
    return rest - column(dots(rest, b) / square) * b


def cosines(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The cosines of the rows, none of which is 0, and 1 - cosine without the difference."""
    (a, _), (b, _) = moderate(a), moderate(b)
    cosine = dots(a, b) / (lengths(a) * lengths(b))
    sine = lengths(rejections(a, b)) / lengths(a)
    return cosine, np.where(cosine > 0.5, sine * sine / (1.0 + cosine), 1.0 - cosine)


def cosine_slopes(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The cosines of the rows, and their gradients with respect to both."""
    (a, a_scale), (b, b_scale) = moderate(a), moderate(b)
    size = lengths(a) * lengths(b)
    first = rejections(b, a) / column(size * a_scale)
    return dots(a, b) / size, first, rejections(a, b) / column(size * b_scale)


def backward(slopes: np.ndarray, unit: np.ndarray, length: np.ndarray) -> np.ndarray:
    """Gradients with respect to rows, from those with respect to the rows divided by their lengths."""
    return (slopes - column(dots(slopes, unit)) * unit) / column(length)
