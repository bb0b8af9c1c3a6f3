"""What a fit minimizes, as a function of the parameters."""

from __future__ import annotations

import itertools

import numpy as np

from .. import losses
from ..losses import Loss


class Objective:
    """F(theta) = weighted mean loss of Z theta + sum_j l1_j |theta_j| + l2_j theta_j^2 / 2.

    Z: (n, m). l1, l2: (m,). w: (n,), sum 1, or None. low and high bound the loss's domain.
    """

    def __init__(
        self,
        Z: np.ndarray,
        y: np.ndarray,
        loss: Loss,
        w: np.ndarray | None,
        l1: np.ndarray,
        l2: np.ndarray,
    ) -> None:
        self.Z, self.y, self.loss, self.w, self.l1, self.l2 = Z, y, loss, w, l1, l2
        self.weight = np.full(len(Z), 1 / len(Z)) if w is None else w
        self.low, self.high = _domain(loss)

    @property
    def bounded(self) -> bool:
        """Whether there are predictions that the loss does not take."""
        return self.low > -np.inf or self.high < np.inf

    def smooth_part(self, theta: np.ndarray) -> tuple[float, np.ndarray, float]:
        """The value without l1, its gradient, and the size of the terms that are summed in it.

        Infinite, with the gradient 0, outside of the loss's domain: no place to go.
        """
        p = self.Z @ theta
        try:
            value, slope = self.loss.value_and_gradient(self.y, p, self.w)
        except ValueError:
            value = np.inf
        if not np.isfinite(value) or not np.isfinite(slope).all():
            return np.inf, np.zeros_like(theta), 0.0
        pull = self.l2 * theta
        scale = float(np.abs(slope).sum() + np.abs(pull).sum())
        return value + float(pull @ theta) / 2, slope @ self.Z + pull, scale

    def curvature(self, theta: np.ndarray) -> np.ndarray:
        """The matrix of second derivatives, of all but l1."""
        bend = self.weight * self.loss.hessian(self.y, self.Z @ theta)
        return self.Z.T @ (bend[:, None] * self.Z) + np.diag(self.l2)

    def value(self, theta: np.ndarray) -> float:
        """The value, l1 included; infinite outside of the loss's domain."""
        try:
            value = self.loss(self.y, self.Z @ theta, self.w)
        except ValueError:
            return np.inf
        value += float(self.l1 @ np.abs(theta) + (self.l2 * theta) @ theta / 2)
        return value if np.isfinite(value) else np.inf

    def at(self, theta: np.ndarray, p: np.ndarray) -> tuple[float, np.ndarray]:
        """The value at theta, l1 included, and the samples' weighted slopes, for predictions p."""
        try:
            value, slope = self.loss.value_and_gradient(self.y, p, self.w)
        except ValueError:
            return np.inf, np.full_like(p, np.nan)
        return value + float(self.l1 @ np.abs(theta) + (self.l2 * theta) @ theta / 2), slope

    def slopes(self, p: np.ndarray) -> np.ndarray:
        """The weighted derivatives of the samples' losses, at predictions p; NaN outside."""
        try:
            return self.weight * self.loss.gradient(self.y, p)
        except ValueError:
            return np.full_like(p, np.nan)

    def slopes_near(
        self, p: np.ndarray, slope: np.ndarray, step: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """The least and the greatest of them within a step of p; unbounded at a domain's end."""
        below, above = np.maximum(p - step, self.low), np.minimum(p + step, self.high)
        sides = self.slopes(below), self.slopes(above)
        lowest = np.minimum(np.minimum(*sides), slope)
        highest = np.maximum(np.maximum(*sides), slope)
        if self.bounded:
            lowest[(below == self.low) | np.isnan(lowest)] = -np.inf
            highest[(above == self.high) | np.isnan(highest)] = np.inf
        return lowest, highest

    def usual_slope(self) -> float:
        """The sum of the sizes of the samples' slopes at a constant that fits none too well."""
        unit = np.abs(self.y).max() or 1.0
        far: tuple[float, ...] = (3 * unit, -3 * unit)
        if self.bounded:
            far = ((self.low + self.high) / 2 if self.high < np.inf else self.low + 2 * unit,)
        sums = [np.abs(self.slopes(np.full(len(self.Z), p))).sum() for p in far]
        # a hinge is flat on one side of targets of one class
        return min((total for total in sums if 0 < total < np.inf), default=0.0)

    def never_rising(self, p: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Which samples' losses never rise as their prediction grows from p, or shrinks; and which
        of them fall. Four arrays of booleans."""
        found = []
        for sign in (1.0, -1.0):
            far = [self._samples(p + sign * t) for t in (0.0, 1.0, 10.0, 100.0, 1e3, 1e6)]
            never = np.all([b <= a for a, b in itertools.pairwise(far)], axis=0)
            # A hinge soon ends; by 100, what falls has not fallen to the smallest number.
            falls = np.all([b < a for a, b in itertools.pairwise(far[:4])], axis=0)
            found.append((never, never & falls))
        return found[0][0], found[1][0], found[0][1], found[1][1]

    def _samples(self, p: np.ndarray) -> np.ndarray:
        """The losses of the samples; infinite outside of the loss's domain."""
        try:
            return np.nan_to_num(self.loss.pointwise(self.y, p), nan=np.inf)
        except ValueError:
            return np.full_like(p, np.inf)

    def has_hessian(self, theta: np.ndarray) -> bool:
        """Whether the loss has a second derivative."""
        try:
            self.loss.hessian(self.y, self.Z @ theta)
        except NotImplementedError:
            return False
        return True


def terms(loss: Loss) -> list[tuple[float, Loss]]:
    """The loss as pairs (factor, loss) that add up to it; none of the factors is 0."""
    return [(a, term) for a, term in getattr(loss, "terms", ((1.0, loss),)) if a != 0]


def _domain(loss: Loss) -> tuple[float, float]:
    """The predictions that the loss takes: an interval."""
    low, high = -np.inf, np.inf
    for _, term in terms(loss):
        if getattr(term, "from_logits", None) is False:
            low, high = max(low, 0.0), min(high, 1.0)
        elif isinstance(term, losses.PoissonNLL) and not term.log_input:
            low = max(low, 0.0)
        elif isinstance(term, losses.MeanSquaredLogarithmicError):
            low = max(low, np.nextafter(-1.0, 0.0))
    return low, high
