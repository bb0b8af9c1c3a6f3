"""The optimum of a linear model: which method is exact and fast for which loss."""

import numpy as np

from .. import losses
from ._newton import newton, quasi_newton
from ._piecewise import solve as solve_piecewise


def optimum(Z, y, loss, w, l1, l2):
    """Minimize the w-weighted mean loss of Z theta, plus sum_j l1_j |theta_j| + l2_j theta_j^2 / 2.

    Z: (n, d), its columns of a size around 1. l1, l2: (d,). w: (n,), sum 1, or None.
    Returns theta and "converged", "out of steps", or "diverged" (there is no minimum: the loss
    falls for ever as theta grows).
    """
    weight = np.full(len(Z), 1 / len(Z)) if w is None else w
    loss(y, np.zeros(len(Z)), w)  # the loss checks y, in its own words
    parts = _squares_and_pieces(loss, Z, np.asarray(y, dtype=float), weight)
    if parts is not None:
        return _exact(Z, y, weight, *parts, l1, l2), "converged"

    if type(loss) is losses.ZeroOne:
        raise ValueError(
            f"loss is {loss!r}, whose slope is 0; expected a surrogate such as Hinge()"
        )

    def evaluate(theta):
        try:
            value, slope = loss.value_and_gradient(y, Z @ theta, w)
        except ValueError:  # a prediction outside the loss's domain: no place to go
            return np.inf, np.zeros_like(theta), 0.0
        pull = l2 * theta
        scale = float(np.abs(slope).sum() + np.abs(pull).sum())
        return value + float(pull @ theta) / 2, slope @ Z + pull, scale

    def curvature(theta):
        bend = weight * loss.hessian(y, Z @ theta)
        return Z.T @ (bend[:, None] * Z) + np.diag(l2)

    theta, arrived = _start(Z, y, loss, weight), False
    if not np.isfinite(evaluate(theta)[0]):
        theta = np.zeros_like(theta)
    if loss.facts.smooth is not False and _has_hessian(loss, y, Z @ theta):
        theta, flatness = newton(evaluate, curvature, theta, l1)
        arrived = flatness <= 1e-6
    if not arrived:
        theta, arrived = quasi_newton(evaluate, theta, l1)
    value = evaluate(theta)[0] + l1 @ np.abs(theta)
    if not np.isfinite(value):
        loss(y, Z @ theta, w)  # says so if it takes probabilities only
        return theta, "diverged"
    further = evaluate(2 * theta)[0] + 2 * l1 @ np.abs(theta)
    if further < value - 0.01 * abs(value):
        return theta, "diverged"
    return theta, "converged" if arrived else "out of steps"


def _squares_and_pieces(loss, Z, y, weight):
    """The loss as a multiple of the squared error and rows (Z, t, above, below) of straight pieces.

    None if the loss is not made of these.
    """
    squares, rows = 0.0, []
    for factor, term in getattr(loss, "terms", ((1.0, loss),)):
        w = factor * weight
        if factor < 0:
            return None
        if type(term) is losses.MeanSquaredError:
            squares += factor
        elif type(term) is losses.MeanAbsoluteError:
            rows.append((Z, y, w, w))
        elif type(term) is losses.Pinball:
            rows.append((Z, y, term.quantile * w, (1 - term.quantile) * w))
        elif type(term) is losses.EpsilonInsensitive:
            rows.append((Z, y + term.epsilon, 0 * w, w))
            rows.append((Z, y - term.epsilon, w, 0 * w))
        elif type(term) in (losses.Hinge, losses.Perceptron):
            margin = np.full_like(y, type(term) is losses.Hinge)
            rows.append((y[:, None] * Z, margin, w, 0 * w))
        else:
            return None
    return squares, rows


def _exact(Z, y, weight, squares, rows, l1, l2):
    d = Z.shape[1]
    if l1.any():
        rows = [*rows, (np.eye(d)[l1 > 0], np.zeros(np.count_nonzero(l1)), l1[l1 > 0], l1[l1 > 0])]
    if not rows:
        root = np.sqrt(2 * squares * weight)
        A = np.vstack([root[:, None] * Z, np.diag(np.sqrt(l2))])
        return np.linalg.lstsq(A, np.concatenate([root * y, np.zeros(d)]), rcond=None)[0]
    stacked = [np.concatenate(part) for part in zip(*rows, strict=True)]
    if not squares and not l2.any():
        return solve_piecewise(*stacked)
    bend = 2 * squares * weight
    P = Z.T @ (bend[:, None] * Z) + np.diag(l2)
    theta = solve_piecewise(*stacked, P, Z.T @ (bend * y))
    # The interior-point method stops short of the zeros that an L1 penalty makes.
    return np.where((l1 > 0) & (np.abs(theta) <= 1e-9 * np.abs(theta).max()), 0.0, theta)


def _start(Z, y, loss, weight):
    facts = loss.facts
    if facts.task not in ("regression", None):
        return np.zeros(Z.shape[1])
    y = np.asarray(y, dtype=float)
    if facts.convex is False:  # a redescending loss finds the minimum near its start: a robust one
        return solve_piecewise(Z, y, weight, weight)
    root = np.sqrt(weight)
    return np.linalg.lstsq(root[:, None] * Z, root * y, rcond=None)[0]


def _has_hessian(loss, y, p):
    try:
        loss.hessian(y, p)
    except NotImplementedError:
        return False
    return True
