"""Rows that are to find what belongs to them among all others, by a softmax over similarities."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import vectors
from .elementary import sigmoid, softplus
from .vectors import column

_MODERATE = 300.0  # the exponentials of two such logits may be divided by each other


def powers(z: np.ndarray, bound: float) -> tuple[np.ndarray, Any]:
    """The exponentials of rows of logits, each less a number of its row; and these numbers.

    `bound` is one for the size of the logits: up to a certain one nothing needs to be subtracted.
    """
    if bound <= _MODERATE:
        return np.exp(z), 0.0
    top = z.max(axis=1)
    return np.exp(z - column(top)), top


def own_column(z: np.ndarray, bound: float, share: Any) -> tuple[np.ndarray, Any]:
    """Cross-entropy of rows (n, n), each of which has the class of its own number.

    With the gradients, each row times its share, unless that is None.
    """
    e, top = powers(z, bound)
    np.fill_diagonal(e, 0.0)
    rest = e.sum(axis=1)
    t = np.log(rest) + (top - z.diagonal())
    if share is None:
        return softplus(t), None
    lost = share * sigmoid(t)
    e *= column(_ratio(lost, rest))
    np.fill_diagonal(e, -lost)
    return softplus(t), e


def counts(labels: np.ndarray) -> np.ndarray:
    """How many other rows have the label of each."""
    _, place, times = np.unique(labels, return_inverse=True, return_counts=True)
    return times[place] - 1.0


def pairs(labels: np.ndarray) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Which rows have the same label, each and itself too; and the pairs of different ones."""
    alike = column(labels) == labels
    first, second = np.divmod(np.flatnonzero(alike), len(alike))  # faster than np.nonzero
    apart = first != second
    return alike, (first[apart], second[apart])


def pair_among_negatives(
    z: np.ndarray, bound: float, labels: np.ndarray, share: Any
) -> tuple[np.ndarray, Any]:
    """For each row the mean over its positives of -log of the positive's part of the exponentials.

    The sum has that of one positive at a time and those of all negatives. The logits are used up.
    """
    n = len(z)
    alike, (rows, others) = pairs(labels)
    near = z[rows, others]
    z[alike] = -np.inf  # else a positive, or the row itself, could be subtracted from negatives
    e, top = powers(z, bound)
    rest = e.sum(axis=1)
    t = (np.log(rest) + top)[rows] - near
    part = 1.0 / np.bincount(rows, minlength=n)[rows]
    value = np.bincount(rows, part * softplus(t), n)
    if share is None:
        return value, None
    lost = part * share[rows] * sigmoid(t)
    e *= column(_ratio(np.bincount(rows, lost, n), rest))
    e[rows, others] = -lost
    return value, e


def pairs_among_all(
    z: np.ndarray, bound: float, labels: np.ndarray, share: Any
) -> tuple[np.ndarray, Any]:
    """As `pair_among_negatives`, but the sum has the exponentials of all other rows."""
    alike = column(labels) == labels
    np.fill_diagonal(alike, False)
    number = alike.sum(axis=1)
    part = _ratio(np.ones(len(z)), number)
    np.fill_diagonal(z, -np.inf)
    e, top = powers(z, bound)
    np.fill_diagonal(z, 0.0)
    total = e.sum(axis=1)
    near = alike * column(part)
    value = (number > 0) * (np.log(total) + top - vectors.dots(near, z))
    one = np.flatnonzero(number == 1)  # there the loss may be small: no difference
    place = alike[one].argmax(axis=1)
    rest = e[one]
    rest[np.arange(one.size), place] = 0.0
    rest = rest.sum(axis=1)
    ratio = rest / e[one, place]  # infinite, or NaN, where the exponential of the positive is 0
    value[one] = np.where(np.isfinite(ratio), np.log1p(ratio), value[one])
    if share is None:
        return value, None
    e *= column(share * (number > 0) / total)
    e -= near * column(share)
    e[one, place] = -share[one] * rest / total[one]
    return value, e


def circle(
    cosines: np.ndarray, labels: np.ndarray, gamma: float, margin: float, share: Any
) -> tuple[np.ndarray, Any]:
    """softplus(logsumexp of gamma (d^2 - m^2) + logsumexp of gamma [1 + m - d]+ (1 - m - d)).

    With d = 1 - cosine: the first sum is over the positives of a row, the second over negatives.
    """
    n = len(cosines)
    alike, (rows, others) = pairs(labels)
    s = np.minimum(cosines, 1.0)
    d = 1.0 - s[rows, others]
    near = gamma * (d - margin) * (d + margin)
    far = gamma * np.maximum(s + margin, 0.0) * (s - margin)
    far[alike] = -np.inf
    e, top = powers(far, gamma)
    rest, high = e.sum(axis=1), np.zeros(n)
    if 4.0 * gamma > 2.0 * _MODERATE:  # d is up to 2; below, no exponential overflows alone
        high = np.full(n, -np.inf)
        np.maximum.at(high, rows, near)
        near = near - high[rows]
    own = np.exp(near)
    total = np.bincount(rows, own, n)
    t = np.log(total) + high + np.log(rest) + top
    value = softplus(t)
    if share is None:
        return value, None
    lost = gamma * (2.0 * share * sigmoid(t))
    s *= s > -margin
    e *= s
    e *= column(lost / rest)
    e[rows, others] = -(_ratio(lost, total))[rows] * own * d
    return value, e


def _ratio(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a / b, and 0 where b is: of exponentials so small nothing is left."""
    return np.where(b > 0.0, a / b, 0.0)
