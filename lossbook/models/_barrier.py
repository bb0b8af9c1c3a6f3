"""Losses that take some predictions only, such as probabilities: a start, and a way along the wall."""

from __future__ import annotations

import numpy as np

from ._newton import newton
from ._objective import Objective


def start_inside(F: Objective) -> np.ndarray:
    """Parameters with all predictions in the loss's domain, and a finite loss; or an error."""
    Z, low, high = F.Z, F.low, F.high
    constant = np.eye(Z.shape[1])[0]
    if not (Z[:, 0] == 1).all():  # no intercept, but the columns may make up one
        constant = np.linalg.lstsq(Z, np.ones(len(Z)), rcond=None)[0]
    if np.allclose(Z @ constant, 1.0, rtol=0, atol=1e-12):
        middle = (low + high) / 2 if high < np.inf else max(float(F.weight @ F.y), low + 1e-3)
        theta = middle * constant
    else:
        theta = _most_inside(F) if F.bounded else 0 * constant
    if not F.bounded and not np.isfinite(F.value(theta)):
        raise ValueError(
            f"loss is {F.loss!r}, infinite at {(Z @ theta)[0]:.4g} for all; expected one that is"
            " finite there"
        )
    if theta is None or not np.isfinite(F.value(theta)):
        raise ValueError(
            f"loss is {F.loss!r}, which takes predictions from {low:.4g} to {high:.4g}; expected"
            " data on which some line, by fit_intercept, stays within: a loss from logits or"
            " log_input takes any"
        )
    return theta


def _most_inside(F: Objective) -> np.ndarray | None:
    """The parameters, of at most 1 in size, that keep farthest from the ends of the domain."""
    from scipy.optimize import linprog

    Z = F.Z[np.abs(F.Z).max(axis=1) > 0]
    m, one = Z.shape[1], np.ones((len(Z), 1))
    A, b = [np.hstack([-Z, one])], [np.full(len(Z), -F.low)]
    if F.high < np.inf:
        A, b = [*A, np.hstack([Z, one])], [*b, np.full(len(Z), F.high)]
    found = linprog(
        np.r_[np.zeros(m), -1.0],
        A_ub=np.vstack(A),
        b_ub=np.concatenate(b),
        bounds=[(-1, 1)] * m + [(None, None)],
    )
    return found.x[:m] if found.status == 0 and found.x[m] > 1e-9 else None


def barrier_newton(F: Objective, theta: np.ndarray) -> np.ndarray:
    """Newton's method behind a wall, -mu log(distance to the end), that is moved out to the end.

    The minimum of the sum lies at most 2 mu above that of F alone (`boydvandenberghe2004`).
    """
    low, high, weight = F.low, F.high, F.weight
    weight = np.where(np.abs(F.Z).max(axis=1) > 0, weight, 0.0)
    unit = abs(F.value(theta)) + 1e-3

    def distances(theta: np.ndarray) -> list[tuple[float, np.ndarray]]:
        p = F.Z @ theta
        return [(sign, d) for sign, d in ((-1.0, p - low), (1.0, high - p)) if np.isfinite(d).all()]

    for mu in unit * 10.0 ** -np.arange(1.0, 12.0):

        def evaluate(theta: np.ndarray, mu: float = mu) -> tuple[float, np.ndarray, float]:
            value, gradient, scale = F.smooth_part(theta)
            for sign, d in distances(theta):
                if not (d[weight > 0] > 0).all():
                    return np.inf, np.zeros_like(theta), 0.0
                push = np.where(weight > 0, mu * weight / d, 0.0)
                value -= mu * float(weight[weight > 0] @ np.log(d[weight > 0]))
                gradient = gradient + sign * push @ F.Z
                scale += float(push.sum())
            return value, gradient, scale

        def curvature(theta: np.ndarray, mu: float = mu) -> np.ndarray:
            matrix = F.curvature(theta)
            for _, d in distances(theta):
                bend = np.where(weight > 0, mu * weight / (d * d), 0.0)
                matrix = matrix + F.Z.T @ (bend[:, None] * F.Z)
            return matrix

        theta = newton(evaluate, curvature, theta, F.l1, iterations=50)
    return _along_the_wall(F, theta)


def off_the_wall(F: Objective, theta: np.ndarray, rounding: float) -> np.ndarray:
    """Parameters that stay within by more than the rounding of a prediction."""
    p, room = F.Z @ theta, max(1e-12, rounding)
    if (p > F.low + room).all() and (p < F.high - room).all():
        return theta
    try:
        return theta + 10 * room * (start_inside(F) - theta)
    except ValueError:  # there is no room
        return theta


def _along_the_wall(F: Objective, theta: np.ndarray) -> np.ndarray:
    """Newton's method among the parameters that leave what is at an end there, and zeros at 0.

    Across the wall rounding has the last word, so that `newton` does not see what is left along it.
    """
    theta = np.where((F.l1 > 0) & (np.abs(theta) <= 1e-9 * np.abs(theta).max()), 0.0, theta)
    p = F.Z @ theta
    held = [
        F.Z[(p < F.low + 1e-9) | (p > F.high - 1e-9)],
        np.eye(len(theta))[(theta == 0) & (F.l1 > 0)],
    ]
    _, size, axes = np.linalg.svd(np.vstack(held))
    along = axes[np.count_nonzero(size > 1e-9) :].T
    for _ in range(5):
        slope = F.smooth_part(theta)[1] + F.l1 * np.sign(theta)
        bend = along.T @ F.curvature(theta) @ along
        if not np.isfinite(bend).all():
            break
        trial = theta - along @ np.linalg.lstsq(bend, along.T @ slope, rcond=None)[0]
        if not F.value(trial) <= F.value(theta) + 1e-14 * abs(F.value(theta)):
            break
        theta = trial
    return theta
