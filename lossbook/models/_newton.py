"""Newton's method with Levenberg's damping; quasi-Newton where there is no second derivative."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from . import _pieces
from ._pieces import Rows

#: theta to the value, the gradient, and the size of the terms whose sum the gradient is
Evaluate = Callable[[np.ndarray], tuple[float, np.ndarray, float]]
#: theta to the matrix of second derivatives
Curvature = Callable[[np.ndarray], np.ndarray]


def newton(
    evaluate: Evaluate,
    curvature: Curvature,
    theta: np.ndarray,
    l1: np.ndarray,
    *,
    iterations: int = 200,
    tol: float = 1e-13,
) -> np.ndarray:
    """Minimize f(theta) + sum_j l1_j |theta_j| by damped Newton steps.

    evaluate(theta) -> (value, gradient, scale) of f, where `scale` is the size of the terms whose
    sum the gradient is: at the minimum the sum is zero up to rounding of that size.
    curvature(theta) -> the matrix of second derivatives, which need not be positive (Huber's is
    singular far out, those of the redescending losses are indefinite).
    Returns theta.
    """
    best = _Point(evaluate, theta, l1)
    # A perfect fit leaves rounding only; the size of the gradient at 0 tells it from a slope. Where
    # the loss grows like an exponential that size is astronomical: there, as far as the curvature
    # here reaches (for a quadratic loss the two are the same).
    at_zero, damping = evaluate(np.zeros_like(theta))[2], 0.0
    for _ in range(iterations):
        matrix = curvature(best.theta)
        if not np.isfinite(matrix).all():
            break
        reach = float(np.linalg.norm(matrix @ best.theta)) + best.scale
        size = max(best.scale, 1e-10 * min(at_zero, 1e6 * reach))
        if best.norm <= tol * size:
            break
        # With l1: a Newton step within the orthant of the signs, weights that stay at 0 left out.
        sign = np.where(best.theta == 0, -np.sign(best.slope), np.sign(best.theta))
        free = sign != 0 if np.any(l1) else np.ones(len(theta), dtype=bool)
        bend, axes = np.linalg.eigh(matrix[np.ix_(free, free)])
        bend = np.abs(bend)  # negative curvature counts as positive: away from a saddle
        top = bend.max() or 1.0
        along = axes.T @ best.slope[free]
        trial = None
        # A loss that is flat far out has hardly any curvature there: go some 1000 units at most.
        least = max(1e-3 * top, best.norm / (1e3 * (1 + float(np.linalg.norm(best.theta)))))
        while damping <= 1e15 * least:
            moved = best.theta.copy()
            moved[free] -= axes @ (along / np.maximum(bend + damping, 1e-12 * top))
            moved[(l1 > 0) & (np.sign(moved) != sign)] = 0.0
            trial = _Point(evaluate, moved, l1)
            if trial.improves(best):
                break
            trial, damping = None, max(4 * damping, least)
        if trial is None:
            break
        best = trial
        damping = damping / 10 if damping > 1e-10 * top else 0.0
    return best.theta


def proximal_newton(
    evaluate: Evaluate,
    curvature: Curvature,
    rows: Rows,
    theta: np.ndarray,
    *,
    iterations: int = 100,
) -> np.ndarray:
    """Minimize f(theta) + straight pieces: f is replaced by a parabola, again and again.

    evaluate, curvature: of f, as for `newton`. rows: (Z, t, above, below), the pieces as
    `_pieces.solve` takes them; it finds the exact minimum of each sum of parabola and pieces.
    Returns theta.
    """
    Z, t, above, below = rows

    def pieces(theta: np.ndarray) -> float:
        r = t - Z @ theta
        return float(above @ np.maximum(r, 0) + below @ np.maximum(-r, 0))

    value, slope, _ = evaluate(theta)
    value, damping = value + pieces(theta), 0.0
    for _ in range(iterations):
        matrix = curvature(theta)
        if not np.isfinite(matrix).all():
            break
        matrix = matrix + damping * np.eye(len(theta))
        target = _pieces.solve(*rows, P=matrix, c=matrix @ theta - slope)
        step = target - theta
        promised = slope @ step + pieces(target) - pieces(theta)
        if not promised < -1e-16 * abs(value):
            break
        length = 1.0
        while length > 1e-10:
            trial = theta + length * step
            smooth, slope_there, _ = evaluate(trial)
            if smooth + pieces(trial) <= value + 0.1 * length * promised + 1e-15 * abs(value):
                break
            length /= 4
        else:
            break
        damping = damping / 10 if length == 1 else max(10 * damping, 1e-3 * np.trace(matrix))
        gain = value - smooth - pieces(trial)
        theta, value, slope = trial, smooth + pieces(trial), slope_there
        if length == 1 and gain <= 1e-16 * abs(value):
            break
    return theta


class _Point:
    """A place with its value (with the l1 part), least subgradient, and the norm of that."""

    def __init__(self, evaluate: Evaluate, theta: np.ndarray, l1: np.ndarray) -> None:
        self.theta = theta
        value, gradient, self.scale = evaluate(theta)
        self.value = value + float(l1 @ np.abs(theta))
        at_kink = np.sign(gradient) * np.maximum(np.abs(gradient) - l1, 0)
        self.slope = np.where(theta == 0, at_kink, gradient + l1 * np.sign(theta))
        self.norm = float(np.linalg.norm(self.slope))

    def improves(self, other: _Point) -> bool:
        """Lower; or, where the values agree up to rounding, flatter."""
        if not np.isfinite(self.value):
            return False
        noise = 1e-14 * (abs(self.value) + abs(other.value))
        if self.value < other.value - noise:
            return True
        return self.value <= other.value + noise and self.norm < other.norm


def quasi_newton(
    evaluate: Evaluate, theta: np.ndarray, l1: np.ndarray, *, restarts: int = 6
) -> np.ndarray:
    """Value and gradient only: BFGS, or L-BFGS-B for many parameters; with l1 on the parts
    theta = plus - minus >= 0, of which |theta| is the sum.

    Restarted until the value stays, since at a kink the methods stop early. Returns theta.
    """
    from scipy.optimize import minimize

    d = len(theta)

    def split(x: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient, _ = evaluate(x[:d] - x[d:])
        return value + float(l1 @ (x[:d] + x[d:])), np.concatenate([gradient + l1, l1 - gradient])

    options = {"ftol": 1e-15, "gtol": 1e-11, "maxiter": 5000, "maxfun": 10_000, "maxcor": 20}
    best = _Point(evaluate, theta, l1).value
    for _ in range(restarts):
        if not np.any(l1):
            result = minimize(
                lambda x: evaluate(x)[:2],
                theta,
                jac=True,
                method="BFGS" if d <= 100 else "L-BFGS-B",
                options=options if d > 100 else {"gtol": 1e-12, "maxiter": 2000},
            )
            theta = result.x
        else:
            result = minimize(
                split,
                np.concatenate([np.maximum(theta, 0), np.maximum(-theta, 0)]),
                jac=True,
                method="L-BFGS-B",
                bounds=[(0, None)] * (2 * d),
                options=options,
            )
            theta = result.x[:d] - result.x[d:]
        if result.fun >= best - 1e-10 * abs(best):
            break
        best = result.fun
    return theta
