"""The columns of X as a solver wants them, and the way back to coefficients."""

from __future__ import annotations

from typing import Any

import numpy as np

EPS = np.finfo(float).eps
# In units of a column's largest entry. What varies by less is rounding: two roundings of one number
# differ by an eps or two, and no slope could be used that takes such a difference for news.
CONSTANT = 64 * EPS


class Columns:
    """A design Z, (n, m), and penalties such that Z theta = intercept + X coef.

    X: (n, d), its rows of the weights v > 0, of sum 1. l1, l2: the strengths of a penalty on coef.
    With an intercept the first column of Z is 1, and the others are centered; all are of a size
    around 1, or less where the penalty rules. `l1` and `l2`, (m,), are the penalty on theta;
    `free` says where there is none.

    Constant columns (beside an intercept) get the coefficient 0. So do, with a penalty, those so
    small that it leaves nothing of them. Without a penalty, columns that depend on each other are
    replaced by the directions in which they do vary.
    """

    def __init__(
        self, X: np.ndarray, v: np.ndarray, l1: float, l2: float, *, intercept: bool
    ) -> None:
        self.X, self.v, self.intercept = X, v, intercept
        # Powers of 2 change no digit, and no square overflows.
        self.unit = np.ldexp(1.0, np.frexp(np.abs(X).max(axis=0))[1] - 1)
        D = X / self.unit
        if intercept:
            D -= D[0]  # exact where a column hardly varies
            D -= v @ D
        largest, spread = np.abs(D).max(axis=0), np.sqrt(v @ (D * D))
        kink, bend = l1 / self.unit, np.sqrt(l2) / self.unit
        self.used = largest > CONSTANT
        if l1 or l2:
            self.used &= np.maximum(kink, bend) < 1e150
        if not self.used.all():
            D, largest, spread = D[:, self.used], largest[self.used], spread[self.used]
            kink, bend = kink[self.used], bend[self.used]
        size = np.maximum(np.maximum(spread, 1e-6 * largest), bend)
        Z, self.basis = D / size, None
        if not l1 and not l2 and _nearly_dependent(Z, v):
            _, size, axes = np.linalg.svd(np.sqrt(v)[:, None] * D, full_matrices=False)
            kept = size > 8 * np.sqrt(D.shape[1]) * EPS
            self.basis = axes[kept].T / size[kept]
            Z, kink, bend, size = D @ self.basis, 0.0, 0.0, np.ones(np.count_nonzero(kept))
        self.size = size
        free = int(intercept)
        self.Z = np.ones((len(X), free + Z.shape[1]))
        self.Z[:, free:] = Z
        self.l1, self.l2 = np.zeros((2, self.Z.shape[1]))
        self.free = np.arange(self.Z.shape[1]) < free
        if not l1 and not l2:
            self.free[:] = True
        else:
            self.l1[free:], self.l2[free:] = kink / size, (bend / size) ** 2

    def back(self, theta: np.ndarray) -> tuple[Any, np.ndarray, np.ndarray]:
        """(intercept, coef, predictions) of theta, shape (m,), or (m, K) for K outputs.

        The predictions are computed from X, as a user of the coefficients will.
        """
        slope = theta[int(self.intercept) :]
        slope = (slope.T / self.size).T if self.basis is None else self.basis @ slope
        coef = np.zeros((len(self.unit), *theta.shape[1:]))
        coef[self.used] = (slope.T / self.unit[self.used]).T
        if not np.isfinite(coef).all():
            j = int(np.argwhere(~np.isfinite(coef))[0, 0])
            raise ValueError(
                f"X[:, {j}] holds numbers of at most {np.abs(self.X[:, j]).max():.3g}, for which"
                " the coefficient overflows; expected another unit"
            )
        p = self.X @ coef
        if not self.intercept:
            return np.zeros(theta.shape[1:])[()], coef, p
        # Not -center @ coef: this makes up for the rounding of the coefficients.
        intercept = theta[0] - self.v @ p
        return intercept, coef, p + intercept

    def rounding(self, theta: np.ndarray) -> float:
        """By how much a prediction may be off."""
        return 4 * EPS * float((np.abs(self.X) @ np.abs(self.back(theta)[1])).max())


def _nearly_dependent(Z: np.ndarray, v: np.ndarray) -> bool:
    """Whether the columns of Z depend on each other, or nearly so."""
    n, d = Z.shape
    if d >= n:
        return True
    return d > 1 and np.linalg.eigvalsh(Z.T @ (v[:, None] * Z))[0] < 1e-8
