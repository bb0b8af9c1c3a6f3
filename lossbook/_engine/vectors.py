"""Lengths, distances and directions of rows of vectors, right to the last digits."""

from __future__ import annotations

import numpy as np

from .pairs import add, two_product

_LOW, _HIGH = 1e-280, 1e280  # squares in between have all their digits
_CLOSE = 1e-6  # sine below which a rejection is taken in pairs


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


def norm_slopes(x: np.ndarray, p: float, norm: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """The gradients of the norms of the rows, `norm`, each times its factor; 0 at 0."""
    if p == 1.0:
        return np.sign(x) * column(factor)
    safe = np.where(norm > 0.0, norm, 1.0)
    if p == 2.0:
        if safe.min() > _LOW and safe.max() < _HIGH:
            return x * column(factor / safe)
        return x / column(safe) * column(factor)
    if p == np.inf:  # the largest entries share the slope 1
        first = (np.abs(x) == column(safe)) * np.sign(x)
        return first * column(factor / np.maximum(np.abs(first).sum(axis=1), 1.0))
    size = np.abs(x)
    high = size.max(axis=1)
    powers = _powers(size, column(np.where(high > 0.0, high, 1.0)), p - 1.0)
    total = np.maximum((powers[0] * powers[1]).sum(axis=1), 1.0)
    scale = factor / np.power(total, 1.0 - 1.0 / p)  # not by the norm: p may be large
    return np.sign(x) * powers[1] * column(scale)


def _powers(size: np.ndarray, high: np.ndarray, p: float) -> tuple[np.ndarray, np.ndarray]:
    """size / high, at most 1, and the power p of it: not of what the rounding makes of it."""
    unit, exponent = size / high, np.frexp(high)[1]
    size = np.ldexp(size, -exponent)
    product, error = two_product(unit, np.ldexp(high, -exponent))
    lost = np.divide((size - product) - error, size, out=np.zeros_like(size), where=size > _LOW)
    return unit, np.power(unit, p) * np.exp(np.clip(p * lost, -300.0, 300.0))


def moderate(x: np.ndarray) -> tuple[np.ndarray, np.ndarray | float]:
    """Rows, none of which is 0, as others times powers of two; with those, whose squares keep all digits."""
    square = dots(x, x)
    if _LOW < square.min() <= square.max() < _HIGH:
        return x, 1.0
    exponent = np.frexp(np.abs(x).max(axis=1))[1] - 1  # of which the power is in float64
    return np.ldexp(x, -column(exponent)), np.ldexp(1.0, exponent)


def units(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows, none of which is 0, divided by their lengths; and the lengths."""
    small, scale = moderate(x)
    length = np.sqrt(dots(small, small))
    return small / column(length), length * scale


def rejections(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """What of rows a is perpendicular to rows b, both of moderate length.

    Where little is left, the products are exact, and what the rounding of the first share leaves of
    b is taken off a second time: rows that are almost parallel keep their digits.
    """
    square = dots(b, b)
    share = dots(a, b) / square
    rest = a - column(share) * b
    at = np.flatnonzero(dots(rest, rest) < 0.5 * dots(a, a))
    if at.size:
        along, unit = b[at], square[at]
        product, lost = two_product(column(share[at]), along)
        left = (a[at] - product) - lost
        rest[at] = left - column(dots(left, along) / unit) * along
        nearly = dots(rest[at], rest[at]) < _CLOSE**2 * dots(a[at], a[at])
        if nearly.any():
            at = at[nearly]
            rest[at] = _rejections_in_pairs(a[at], b[at])
    return rest


def _rejections_in_pairs(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The same of rows that only rounding parts: shares are taken off until none is left."""
    left, square = (a, np.zeros_like(a)), dots(b, b)
    for _ in range(4):
        product, lost = two_product(column(dots(left[0], b) / square), b)
        left = add(left, (-product, -lost))
    return left[0]


def cosines(
    a: np.ndarray, b: np.ndarray, with_slopes: bool
) -> tuple[np.ndarray, np.ndarray, tuple[np.ndarray, ...]]:
    """The cosines of the rows, none of which is 0; 1 - cosine without the difference; and the
    gradients of the cosines with respect to both."""
    (a, a_scale), (b, b_scale) = moderate(a), moderate(b)
    a_length, b_length = lengths(a), lengths(b)
    size = a_length * b_length
    cosine, away = dots(a, b) / size, rejections(a, b)
    miss, at = 1.0 - cosine, np.flatnonzero(cosine > 0.5)
    sine = lengths(away[at]) / a_length[at]
    miss[at] = sine * sine / (1.0 + cosine[at])
    if not with_slopes:
        return cosine, miss, ()
    slopes = rejections(b, a), away
    for slope, scale in zip(slopes, (a_scale, b_scale), strict=True):
        slope /= column(size)
        slope /= column(np.broadcast_to(scale, size.shape))
    return cosine, miss, slopes


def backward(slopes: np.ndarray, unit: np.ndarray, length: np.ndarray) -> np.ndarray:
    """Gradients with respect to rows, from those with respect to the rows divided by their lengths."""
    return (slopes - column(dots(slopes, unit)) * unit) / column(length)
