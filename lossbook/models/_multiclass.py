"""The multiclass hinge losses, exactly: they are made of straight pieces, one for a pair of classes."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from .. import losses
from ..losses import Loss
from ._optimality import NEAR, TOLERANCE
from ._pieces import ACCURATE, solve


class Scores(Protocol):
    """The objective of a linear score for each of K classes."""

    Z: np.ndarray
    y: np.ndarray
    v: np.ndarray
    l1: np.ndarray
    l2: np.ndarray
    K: int
    loss: Loss

    def at(self, theta: np.ndarray, P: np.ndarray) -> tuple[float, np.ndarray]: ...


def others(F: Scores) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The true class of each sample, the others, (n, K - 1), and `still`: which of these are true
    too. Where y_true holds distributions, all classes with a share are; the first is the true one.
    """
    y = np.asarray(F.y)
    share = y > 0 if y.ndim == 2 else y[:, None] == np.arange(F.K)
    true = share.argmax(axis=1)
    other = np.arange(F.K - 1) + (np.arange(F.K - 1) >= true[:, None])
    return true, other, np.take_along_axis(share, other, axis=1)


def pairs(Z: np.ndarray, true: np.ndarray, other: np.ndarray) -> np.ndarray:
    """A, whose rows times theta are score_other - score_true, for each sample and other class."""
    (n, m), K = Z.shape, other.shape[1] + 1
    i = np.arange(n)
    A = np.zeros((n, K - 1, m, K))
    for j in range(K - 1):
        A[i, j, :, other[:, j]] = Z
        A[i, j, :, true] = -Z
    return A.reshape(n * (K - 1), m * K)


def hinge_minimum(F: Scores) -> np.ndarray:
    """theta, by the linear program or the interior-point method for straight pieces.

    Of Weston and Watkins' loss, each pair is one: v max(0, 1 + A theta). Crammer and Singer's, the
    largest of these, is a height xi_i >= 0 above them all; what a height falls short costs twice
    what the height does, so that it never pays.
    """
    A = pairs(F.Z, *others(F)[:2])
    # A shift that all classes share changes nothing: where it is free, or next to free, the first
    # class stays at 0.
    fixed = (F.l1 + F.l2 < 1e-14) & (np.arange(A.shape[1]) % F.K == 0)
    A, l1, l2 = A[:, ~fixed], F.l1[~fixed], F.l2[~fixed]
    (factor, loss), d = getattr(F.loss, "terms", ((1.0, F.loss),))[0], A.shape[1]
    n, v = len(F.v), factor * F.v
    price = np.repeat(v, F.K - 1)
    rows, c = [[-A, np.ones(len(A)), price]], np.zeros(d)
    if type(loss) is losses.MulticlassHinge:
        heights = np.repeat(np.eye(n), F.K - 1, axis=0)
        above = [np.zeros((n, d)), np.eye(n)]
        rows = [[np.hstack([-A, heights]), np.ones(len(A)), 2 * price]]
        rows += [[np.hstack(above), np.zeros(n), 2 * v]]
        c = np.concatenate([c, -v])
    rows = [[*row, 0 * row[2]] for row in rows]
    if l1.any():
        l1 = np.minimum(l1, 1.01 * (2 * price) @ np.abs(A))  # more cannot be needed
        rows.append([np.eye(d, len(c))[l1 > 0], np.zeros((l1 > 0).sum()), l1[l1 > 0], l1[l1 > 0]])
    Z, t, up, down = (np.concatenate(part) for part in zip(*rows, strict=True))
    P = np.diag(np.r_[l2, np.zeros(len(c) - d)]) if l2.any() else None
    found = solve(Z, t, up, down, P, c)[:d]
    theta = np.zeros(len(fixed))
    theta[~fixed] = np.where((l1 > 0) & (np.abs(found) <= 1e-9 * np.abs(found).max()), 0.0, found)
    return theta


def hinge_is_minimum(F: Scores, theta: np.ndarray, scores: np.ndarray) -> bool:
    """Whether the slopes that the pairs may have, given these scores, add up to 0."""
    from scipy.optimize import linprog

    true, other, _ = others(F)
    A = pairs(F.Z, true, other)
    factor, loss = getattr(F.loss, "terms", ((1.0, F.loss),))[0]
    n, v = len(F.v), factor * F.v
    i = np.arange(n)
    short = 1 + scores[i[:, None], other] - scores[i, true][:, None]
    near = NEAR * max(1.0, np.abs(scores).max())
    one_each = type(loss) is losses.MulticlassHinge
    highest = short.max(axis=1)[:, None] if one_each else short
    high = np.where((short > -near) & (short > highest - near), v[:, None], 0.0)
    low = np.where((short > near) & (not one_each), v[:, None], 0.0)
    zero = (np.abs(theta) <= NEAR * max(1.0, np.abs(scores).max())) & (F.l1 * np.abs(theta) <= NEAR)
    box = np.where(zero, F.l1, 0.0)
    fixed = F.l2 * theta + np.where(zero, 0.0, F.l1 * np.sign(theta))
    size = np.repeat(v, F.K - 1) @ np.abs(A) + F.l1 + F.l2 * np.abs(theta)
    size += 1e-5 + 30 * np.sqrt(F.l2 * (abs(F.at(theta, scores)[0]) + 1e-14))
    size = np.where(size > 0, size, 1.0)
    sides = (np.vstack([A, np.eye(len(theta))]).T / size[:, None], -fixed / size)
    one = np.ones((len(theta), 1))
    A_ub, b_ub = np.block([[sides[0], -one], [-sides[0], -one]]), np.r_[sides[1], -sides[1]]
    if one_each:  # the pairs of a sample share its weight: all of it, where the loss is positive
        sums = np.hstack([np.repeat(np.eye(n), F.K - 1, axis=1), np.zeros((n, len(theta) + 1))])
        full = highest[:, 0] > near
        A_ub = np.vstack([A_ub, sums, -sums[full]])
        b_ub = np.r_[b_ub, v, -v[full]]
    bounds = [*zip(low.ravel(), high.ravel(), strict=True), *zip(-box, box, strict=True), (0, None)]
    cost = np.r_[np.zeros(len(bounds) - 1), 1.0]
    found = linprog(cost, A_ub=A_ub, b_ub=b_ub, bounds=bounds, options=ACCURATE)
    return found.status == 0 and found.fun <= TOLERANCE
