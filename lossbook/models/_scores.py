"""The optimum of a linear score for each of K classes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .. import losses
from ..losses import Loss
from ._columns import Columns
from ._multiclass import hinge_is_minimum, hinge_minimum, others, pairs
from ._newton import newton, quasi_newton
from ._objective import terms
from ._optimality import NEAR, TOLERANCE, falls_for_ever
from ._optimum import Optimum, optimum

# Above this many parameters a Newton step costs more than the many steps of L-BFGS.
_NEWTON = 200
# The most entries of a matrix with a row for every sample and pair of classes.
_DENSE = 5_000_000


def optimum_of_scores(
    columns: Columns, y: np.ndarray, K: int, loss: Loss, w: np.ndarray | None
) -> Optimum:
    """Minimize the w-weighted mean loss of the scores Z theta, theta of the shape (m, K), plus
    sum_jk l1_j |theta_jk| + l2_j theta_jk^2 / 2. As `_optimum.optimum`; coef is (d, K)."""
    if loss.elementwise:
        return _column_by_column(columns, y, K, loss)
    F = _Scores(columns, y, K, loss, w)
    best: Any = None  # there is at least one candidate
    with np.errstate(all="ignore"):
        for theta in F.candidates():
            theta = F.centered(theta)
            intercept, coef, P = columns.back(theta)
            theta = theta.ravel()
            value, slope = F.at(theta, P)
            settled = np.isfinite(value) and F.is_minimum(theta, P, slope)
            if settled or best is None or value < best[0]:
                best = value, theta, intercept, coef
            if settled:
                break
        value, theta, intercept, coef = best
        stopped = "converged" if settled else "out of steps"
        if F.has_no_minimum(theta, value, settled):
            stopped = "diverged"
    return Optimum(coef, intercept, value, stopped)


def _column_by_column(columns: Columns, y: np.ndarray, K: int, loss: Loss) -> Optimum:
    """A loss of single entries is the mean of K that have nothing to do with each other."""
    strengths = columns.l1, columns.l2
    columns.l1, columns.l2 = K * columns.l1, K * columns.l2
    found = [optimum(columns, y[:, k], loss, columns.v) for k in range(K)]
    columns.l1, columns.l2 = strengths
    worst = [
        s for s in ("diverged", "out of steps", "converged") if s in {f.stopped for f in found}
    ]
    return Optimum(
        np.stack([f.coef for f in found], axis=1),
        np.array([f.intercept for f in found]),
        sum(f.value for f in found) / K,
        worst[0],
    )


class _Scores:
    """The objective, of theta as a flat array."""

    def __init__(
        self, columns: Columns, y: np.ndarray, K: int, loss: Loss, w: np.ndarray | None
    ) -> None:
        self.Z, self.v, self.y, self.K, self.loss, self.w = columns.Z, columns.v, y, K, loss, w
        self.free = columns.free
        self.l1, self.l2 = np.repeat(columns.l1, K), np.repeat(columns.l2, K)
        parts = terms(loss)
        self.entropy = sum(a for a, term in parts if isinstance(term, losses.CrossEntropy))
        self.only_entropy = all(a > 0 and isinstance(t, losses.CrossEntropy) for a, t in parts)
        self.hinge = (
            len(parts) == 1
            and parts[0][0] > 0
            and type(parts[0][1])
            in (
                losses.MulticlassHinge,
                losses.WestonWatkins,
            )
        )

    def candidates(self) -> Iterator[np.ndarray]:
        """Ever more patient attempts at the minimum."""
        theta = np.zeros(self.Z.shape[1] * self.K)
        if isinstance(self.loss, losses.GaussianNLL):
            theta[:2] = self.v @ self.y, self.v @ (self.y - self.v @ self.y) ** 2
        n, m = self.Z.shape
        if self.hinge and n * self.K * (m * self.K + n) <= _DENSE:
            yield hinge_minimum(self)
        small = len(theta) <= _NEWTON
        if self.only_entropy and small:
            theta = newton(self.smooth_part, self.curvature, theta, self.l1)
            yield theta
        theta = quasi_newton(self.smooth_part, theta, self.l1)
        yield theta
        if self.only_entropy and not small:
            yield newton(self.smooth_part, self.curvature, theta, self.l1, iterations=20)

    def at(self, theta: np.ndarray, P: np.ndarray) -> tuple[float, np.ndarray]:
        """The value at theta and the samples' weighted slopes, (n, K), for the scores P."""
        try:
            value, slope = self.loss.value_and_gradient(self.y, P, self.w)
        except ValueError:
            return np.inf, np.zeros_like(P)
        return value + float(self.l1 @ np.abs(theta) + (self.l2 * theta) @ theta / 2), slope

    def smooth_part(self, theta: np.ndarray) -> tuple[float, np.ndarray, float]:
        """As that of an `Objective`."""
        value, slope = self.at(theta, self.Z @ theta.reshape(-1, self.K))
        pull = self.l2 * theta
        if not np.isfinite(value):
            return np.inf, np.zeros_like(theta), 0.0
        scale = float(np.abs(slope).sum() + np.abs(pull).sum())
        return value - float(self.l1 @ np.abs(theta)), (self.Z.T @ slope).ravel() + pull, scale

    def curvature(self, theta: np.ndarray) -> np.ndarray:
        """That of cross-entropy: of classes k and l, p_k ([k = l] - p_l)."""
        P = self.Z @ theta.reshape(-1, self.K)
        P = np.exp(P - P.max(axis=1)[:, None])
        P /= P.sum(axis=1)[:, None]
        m, K = self.Z.shape[1], self.K
        H = np.empty((m, K, m, K))
        for k in range(K):
            for j in range(k + 1):
                bend = self.entropy * self.v * P[:, k] * ((j == k) - P[:, j])
                H[:, k, :, j] = H[:, j, :, k] = self.Z.T @ (bend[:, None] * self.Z)
        return H.reshape(m * K, m * K) + np.diag(self.l2)

    def centered(self, theta: np.ndarray) -> np.ndarray:
        """These losses do not see a shift that all classes share: where it is free, it is taken out."""
        theta = theta.reshape(-1, self.K).copy()
        if self.only_entropy or self.hinge:
            theta[self.free] -= theta[self.free].mean(axis=1)[:, None]
        return theta

    def is_minimum(self, theta: np.ndarray, P: np.ndarray, slope: np.ndarray) -> bool:
        """Whether 0 is a subgradient, at scores within rounding of P."""
        if self.hinge and len(self.y) * self.K * len(theta) <= _DENSE:
            return hinge_is_minimum(self, theta, P)
        gradient = (self.Z.T @ slope).ravel() + self.l2 * theta
        size = (np.abs(self.Z).T @ np.abs(slope)).ravel() + self.l2 * np.abs(theta) + self.l1
        size += np.sqrt(self.l2 * abs(self.at(theta, P)[0])) + 1e-5
        if self.only_entropy:  # its slopes where the scores differ by rounding
            near = NEAR * max(1.0, np.abs(P).max())
            size += self.entropy * near / TOLERANCE * np.repeat(self.v @ np.abs(self.Z), self.K)
        gradient += self.l1 * np.sign(theta)
        box = np.where(theta == 0, self.l1, 0.0)
        return bool((np.abs(gradient) <= box + TOLERANCE * size).all())

    def has_no_minimum(self, theta: np.ndarray, value: float, settled: bool) -> bool:
        """Whether there is a direction in which cross-entropy always falls; see `falls_for_ever`."""
        P = self.Z @ theta.reshape(-1, self.K)
        likely = (P - P.max(axis=1)[:, None]).min() < -7  # a class is nearly ruled out
        smoothed = any(getattr(term, "label_smoothing", 0) for _, term in terms(self.loss))
        if self.only_entropy and not smoothed and (likely or not settled):
            true, other, still = others(self)
            moves = np.take_along_axis(P, other, 1) - np.take_along_axis(P, true[:, None], 1)
            separable = (moves < 0)[~still].any() and not (moves > 0).any() and not still.any()
            if self.free.all() and separable:
                return True
            Z = self.Z[:, self.free]
            if len(Z) * (self.K - 1) * Z.shape[1] * self.K <= _DENSE:
                A, still = pairs(Z, true, other), still.ravel()
                A, first = np.unique(A, axis=0, return_index=True)
                still = still[first]
                if falls_for_ever(A, still & False, ~still, still & False, ~still):
                    return True
        further = self.smooth_part(2 * theta)[0] + 2 * self.l1 @ np.abs(theta)
        return not settled and further < value - 0.01 * abs(value)
