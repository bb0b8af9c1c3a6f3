"""Is it the minimum? Is there one? Both are asked of the data, not of the solver."""

from __future__ import annotations

import numpy as np

from ._objective import Objective
from ._pieces import ACCURATE

# The gradient, relative to the sum of the absolute values of its terms, that counts as 0.
TOLERANCE = 1e-8
# Predictions this close, relative to the largest, are not told apart: a solver meets a kink, or a
# perfect fit, up to rounding only.
NEAR = 1e-9


def is_minimum(
    F: Objective, theta: np.ndarray, p: np.ndarray, value: float, slope: np.ndarray
) -> bool:
    """Whether 0 is a subgradient of the objective F, at predictions within rounding of p.

    A convex objective then has its minimum there, any other a stationary point. The predictions p
    are those of the coefficients, computed from X; value and slope are F's `at` them.
    """
    Z, l1, l2 = F.Z, F.l1, F.l2
    gradient = slope @ Z + l2 * theta
    size = np.abs(slope) @ np.abs(Z) + l2 * np.abs(theta) + l1
    if (np.abs(gradient) <= TOLERANCE * size).all() and not l1.any():
        return True
    if not np.isfinite(gradient).all():
        return False
    # Every slope between those on the two sides will do, and at theta_j = 0 any from -l1 to l1.
    unit = max(np.abs(p).max(), np.abs(F.y).max() or 1.0)
    lowest, highest = F.slopes_near(p, slope, NEAR * unit)
    zero = (np.abs(theta) <= NEAR * unit) & (l1 * np.abs(theta) <= NEAR * abs(value))
    gradient += np.where(zero, 0.0, l1 * np.sign(theta))
    box = np.where(zero, l1, 0.0)

    def balanced(size: np.ndarray) -> bool:
        if (np.abs(gradient) <= box + TOLERANCE * size).all():
            return True
        loose = highest - lowest > TOLERANCE * np.abs(slope).max()
        low = np.concatenate([(lowest - slope)[loose], -box[box > 0]])
        high = np.concatenate([(highest - slope)[loose], box[box > 0]])
        A = np.vstack([Z[loose], np.eye(len(theta))[box > 0]]).T
        size = np.where(size > 0, size, 1.0)
        return _has_solution(A / size[:, None], -gradient / size, low, high)

    if balanced(size):
        return True
    width = highest - lowest
    size += np.where(np.isfinite(width), width, 0.0) @ np.abs(Z) * NEAR
    # A perfect fit is one up to rounding, of the slopes that the loss has elsewhere.
    elsewhere = F.usual_slope()
    size += 1e-5 * elsewhere
    # Where the penalty rules, the gradient promises g^2 / (2 l2) less: 1e-13 of it is nothing.
    size += 30 * np.sqrt(l2 * (abs(value) + 1e-14 * elsewhere * unit))
    return balanced(size)


def _has_solution(A: np.ndarray, b: np.ndarray, low: np.ndarray, high: np.ndarray) -> bool:
    """Whether A x = b has a solution with low <= x <= high, up to the tolerance."""
    from scipy.optimize import linprog

    if not len(low):
        return False
    x = np.clip(np.linalg.lstsq(A, b, rcond=None)[0], low, high)
    if (np.abs(A @ x - b) <= TOLERANCE).all():  # so a vertex without ties is settled
        return True
    # In units of the widths, the least violation that any x makes.
    width = np.where(np.isfinite(high - low) & (high > low), high - low, 1.0)
    one = np.ones((len(b), 1))
    found = linprog(
        np.r_[np.zeros(len(x)), 1.0],
        A_ub=np.block([[A * width, -one], [-A * width, -one]]),
        b_ub=np.r_[b, -b],
        bounds=[*zip(low / width, high / width, strict=True), (0, None)],
        options=ACCURATE,
    )
    return found.status == 0 and found.fun <= TOLERANCE


def falls_for_ever(
    Z: np.ndarray,
    up: np.ndarray,
    down: np.ndarray,
    strict_up: np.ndarray,
    strict_down: np.ndarray,
) -> bool:
    """Whether there is a direction in which no sample's loss ever rises, and one's always falls.

    Z: (n, m), of the parameters without a penalty. up, down: which samples' losses never rise as
    their prediction grows, or shrinks. strict: ..., and fall. A convex loss has no minimum then:
    the classes are separable, say, all but for some on the boundary (`albertanderson1984`).
    """
    from scipy.optimize import linprog

    if not Z.shape[1] or not (strict_up.any() or strict_down.any()):
        return False

    def serves(direction: np.ndarray) -> bool:
        moves = Z @ direction
        fits = (up | (moves <= 1e-9)) & (down | (moves >= -1e-9))
        return bool(
            fits.all() and ((moves > 1e-6) & strict_up | (moves < -1e-6) & strict_down).any()
        )

    if Z.shape[1] == 1:
        return serves(np.ones(1)) or serves(-np.ones(1))
    push = (1.0 * strict_up - 1.0 * strict_down) @ Z
    still = ~(up | down)
    found = linprog(
        -push / max(np.abs(push).max(), 1e-300),
        A_ub=np.vstack([-Z[up & ~down], Z[down & ~up]]),
        b_ub=np.zeros(np.count_nonzero(up ^ down)),
        A_eq=Z[still],
        b_eq=np.zeros(np.count_nonzero(still)),
        bounds=(-1, 1),
        options=ACCURATE,
    )
    return found.status == 0 and serves(found.x)
