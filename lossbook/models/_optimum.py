"""The optimum of a linear model: which method is exact and fast for which loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import losses
from ..losses import Loss
from ._barrier import barrier_newton, off_the_wall, start_inside
from ._columns import Columns
from ._newton import newton, proximal_newton, quasi_newton
from ._objective import Objective, terms
from ._optimality import falls_for_ever, is_minimum
from ._pieces import Rows
from ._pieces import solve as solve_piecewise


@dataclass(frozen=True)
class Optimum:
    """Where a fit ended: the value includes the penalty."""

    coef: np.ndarray
    intercept: Any  # a float, or (K,) for K outputs
    value: float
    stopped: str


def optimum(columns: Columns, y: np.ndarray, loss: Loss, w: np.ndarray | None) -> Optimum:
    """Minimize the w-weighted mean loss of Z theta, plus sum_j l1_j |theta_j| + l2_j theta_j^2 / 2.

    columns: a `Columns`, with Z, l1, l2. w: (n,), above 0, sum 1, or None.
    Returns an `Optimum`, stopped by "converged": it is the minimum, as far as the subgradient
    tells; "diverged": there is none, the loss falls for ever; or "out of steps".
    """
    if any(type(term) is losses.ZeroOne for _, term in terms(loss)):
        raise ValueError(
            f"loss is {loss!r}, whose slope is 0; expected a surrogate such as Hinge()"
        )
    F = Objective(columns.Z, y, loss, w, columns.l1, columns.l2)
    best: Any = None  # there is at least one candidate
    with np.errstate(all="ignore"):
        for theta in _candidates(F, columns):
            intercept, coef, p = columns.back(theta)
            value, slope = F.at(theta, p)
            settled = is_minimum(F, theta, p, value, slope)
            if settled or best is None or value < best[0]:
                best = value, theta, intercept, coef, p, slope
            if settled:
                break
        value, theta, intercept, coef, p, slope = best
        stopped = "converged" if settled else "out of steps"
        if _has_no_minimum(F, columns.free, theta, p, value, slope, settled):
            stopped = "diverged"
    if not np.isfinite(value):
        loss(y, p, w)  # if it does not take these predictions, it says so
    return Optimum(coef, float(intercept), value, stopped)


def _candidates(F: Objective, columns: Columns) -> Iterator[np.ndarray]:
    """Ever more patient attempts at the minimum."""
    squares, rows, rest = _parts(F)
    F = _capped(F, squares, rows, rest)
    if not rest:
        yield _exact(F, squares, rows)
        return
    theta = _start(F)
    smooth = F.loss.facts.smooth is not False and F.has_hessian(theta)
    if rows:
        f = Objective(F.Z, F.y, losses.Combination(rest), F.w, F.l1, F.l2)
        if f.has_hessian(theta):
            theta = proximal_newton(f.smooth_part, f.curvature, _stacked(F, rows), theta)
            yield _snapped(F, theta)
    elif smooth:
        theta = newton(F.smooth_part, F.curvature, theta, F.l1)
        yield off_the_wall(F, theta, columns.rounding(theta)) if F.bounded else theta
    if F.bounded and smooth:
        theta = barrier_newton(F, start_inside(F))
        theta = off_the_wall(F, theta, columns.rounding(theta))
        yield theta
    theta = quasi_newton(F.smooth_part, theta, F.l1)
    yield theta
    if smooth:
        yield newton(F.smooth_part, F.curvature, theta, F.l1)


def _has_no_minimum(
    F: Objective,
    free: np.ndarray,
    theta: np.ndarray,
    p: np.ndarray,
    value: float,
    slope: np.ndarray,
    settled: bool,
) -> bool:
    """Whether the objective falls for ever. Where it is settled that the slope is 0, up to what
    counts as rounding, that is still asked if some samples contribute next to nothing to it."""
    facts = F.loss.facts
    if not facts.convex:
        unit = 1e3 * (np.abs(F.y).max() or 1.0)
        for way in unit * np.vstack([np.eye(len(theta)), -np.eye(len(theta))]):
            if value > F.value(theta + way) > F.value(theta + 1e3 * way):
                return True
    if settled:
        if facts.task == "regression":
            return False
        size = np.abs(slope)
        if not ((size > 0) & (size < 1e-4 * np.abs(F.slopes(0 * p)).max())).any():
            return False
    if not F.bounded and falls_for_ever(F.Z[:, free], *F.never_rising(p)):
        return True
    if settled or not free.all():  # a penalty ends what a convex loss gains
        return False
    return F.value(2 * theta) < value - 0.01 * abs(value)


def _parts(F: Objective) -> tuple[float, list[Rows], list[tuple[float, Loss]]]:
    """The loss as a multiple of the squared error, rows (Z, t, above, below) of straight pieces,
    and a list of the other terms (with the squares, if there are any)."""
    squares, rows, rest, Z, y = 0.0, [], [], F.Z, np.asarray(F.y, dtype=float)
    parts = terms(F.loss)
    if any(factor < 0 for factor, _ in parts):
        return 0.0, [], parts
    for factor, term in parts:
        w = factor * F.weight
        if type(term) is losses.MeanSquaredError:
            squares += factor
        elif type(term) is losses.MeanAbsoluteError:
            rows.append((Z, y, w, w))
        elif type(term) is losses.MeanAbsolutePercentageError:
            rows.append((Z, y, w / np.abs(y), w / np.abs(y)))
        elif type(term) is losses.Pinball:
            rows.append((Z, y, term.quantile * w, (1 - term.quantile) * w))
        elif type(term) is losses.EpsilonInsensitive:
            rows.append((Z, y + term.epsilon, 0 * w, w))
            rows.append((Z, y - term.epsilon, w, 0 * w))
        elif type(term) in (losses.Hinge, losses.Perceptron):
            margin = np.full_like(y, type(term) is losses.Hinge)
            rows.append((y[:, None] * Z, margin, w, 0 * w))
        else:
            rest.append((factor, term))
    if rest and squares:
        rest.append((squares, losses.MeanSquaredError()))
    return squares, rows, rest


def _stacked(F: Objective, rows: list[Rows]) -> Rows:
    """One array each of Z, t, above and below; an L1 penalty is rows too."""
    if F.l1.any():
        l1 = F.l1[F.l1 > 0]
        rows = [*rows, (np.eye(len(F.l1))[F.l1 > 0], np.zeros(len(l1)), l1, l1)]
    Z, t, above, below = (np.concatenate(part) for part in zip(*rows, strict=True))
    return Z, t, above, below


def _exact(F: Objective, squares: float, rows: list[Rows]) -> np.ndarray:
    """The minimum of squares, straight pieces and penalties."""
    y = np.asarray(F.y, dtype=float)
    if not rows and not F.l1.any():
        return _least_squares(F, squares)
    if not squares and not F.l2.any():
        return solve_piecewise(*_stacked(F, rows))
    bend = 2 * squares * F.weight
    P = F.Z.T @ (bend[:, None] * F.Z) + np.diag(F.l2)
    return _snapped(F, solve_piecewise(*_stacked(F, rows), P=P, c=F.Z.T @ (bend * y)))


def _least_squares(F: Objective, factor: float) -> np.ndarray:
    """The minimum of squares and an L2 penalty."""
    root = np.sqrt(2 * factor * F.weight)
    A, b = root[:, None] * F.Z, root * F.y
    if F.l2.any():
        A, b = np.vstack([A, np.diag(np.sqrt(F.l2))]), np.concatenate([b, 0 * F.l2])
    return np.linalg.lstsq(A, b, rcond=None)[0]


def _snapped(F: Objective, theta: np.ndarray) -> np.ndarray:
    """The interior-point method stops short of the zeros that an L1 penalty makes."""
    unit = max(np.abs(theta).max(), np.abs(F.y).max())
    return np.where((F.l1 > 0) & (np.abs(theta) <= 1e-9 * unit), 0.0, theta)


def _capped(
    F: Objective, squares: float, rows: list[Rows], rest: list[tuple[float, Loss]]
) -> Objective:
    """The objective with every l1 cut to what is enough to hold a parameter at 0, since solvers
    suffer from an astronomical one."""
    if not F.l1.any():
        return F
    theta = np.zeros(F.Z.shape[1])
    if rest:
        unit = np.abs(F.y).max()
        slopes = np.abs([F.slopes(np.full(len(F.Z), far)) for far in (0.0, unit, -unit)])
        enough = 10 * np.nan_to_num(slopes).max(axis=0) @ np.abs(F.Z)
    else:  # no slope of the pieces is more, nor of the squares at the minimum
        enough = 2 * np.sqrt(squares * F.value(theta) * (F.weight @ (F.Z * F.Z)))
        for Z, _, above, below in rows:
            enough += np.maximum(above, below) @ np.abs(Z)
    l1 = np.where(enough > 0, np.minimum(F.l1, 1.01 * enough), F.l1)
    return Objective(F.Z, F.y, F.loss, F.w, l1, F.l2)


def _start(F: Objective) -> np.ndarray:
    """Where to start: at the least squares, or the least absolute deviations, if the loss is finite there."""
    theta = np.zeros(F.Z.shape[1])
    if F.loss.facts.task in ("regression", None):
        if F.loss.facts.convex is False:  # finds the minimum near its start: a robust one
            y = np.asarray(F.y, dtype=float)
            theta = _exact(F, 0.0, [(F.Z, y, F.weight, F.weight)])
        elif not F.l1.any():
            theta = _least_squares(F, 1.0)
        if not np.isfinite(F.value(theta)):
            theta = np.zeros_like(theta)
    if np.isfinite(F.value(theta)):
        return theta
    return start_inside(F)
