"""Rows that are to find what belongs to them among all others, by a softmax over similarities."""

from __future__ import annotations

from typing import Any

import numpy as np

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
    first, second = np.nonzero(alike)
    apart = first != second
    return alike, (first[apart], second[apart])


def pair_among_negatives(
    z: np.ndarray, bound: float, labels: np.ndarray, share: Any
) -> tuple[np.ndarray, Any]:
    """For each row the mean over its positives of -log of the positive's part of the exponentials.

    The sum has that of one positive at a time and those of all negatives.
    """
    n = len(z)
    alike, (rows, others) = pairs(labels)
    e, top = powers(z, bound)
    e[alike] = 0.0
    rest = e.sum(axis=1)
    t = (np.log(rest) + top)[rows] - z[rows, others]
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
    n = len(z)
    _, (rows, others) = pairs(labels)
    np.fill_diagonal(z, -np.inf)
    e, top = powers(z, bound)
    first, every = e.argmax(axis=1), np.arange(n)
    highest = e[every, first]
    e[every, first] = 0.0
    rest = e.sum(axis=1)  # all but the highest: the total less that would cancel
    e[every, first] = highest
    total, size = rest + highest, e[rows, others]
    without = np.where(first[rows] == others, rest[rows], total[rows] - size)
    t = np.log(without) + (np.broadcast_to(top, n)[rows] - z[rows, others])
    number = np.bincount(rows, minlength=n)
    part = 1.0 / number[rows]
    value = np.bincount(rows, part * softplus(t), n)
    if share is None:
        return value, None
    e *= column(share * (number > 0) / total)
    alone = number[rows] == 1
    lost = np.where(alone, sigmoid(t), part - size / total[rows])
    e[rows, others] = -share[rows] * lost
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
    top = far.max(axis=1)
    e = np.exp(far - column(top))
    rest = e.sum(axis=1)
    high = np.full(n, -np.inf)
    np.maximum.at(high, rows, near)
    own = np.exp(near - high[rows])
    total = np.bincount(rows, own, n)
    t = np.log(total) + high + np.log(rest) + top
    value = softplus(t)
    if share is None:
        return value, None
    lost = 2.0 * gamma * share * sigmoid(t)
    e *= s * (s > -margin) * column(lost / rest)
    e[rows, others] = -(lost / total)[rows] * own * d
    return value, e


def _ratio(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a / b, and 0 where b is: of exponentials so small nothing is left."""
    return np.where(b > 0.0, a / b, 0.0)
