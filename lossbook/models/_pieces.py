"""Exact fits for convex losses of straight pieces and squares: absolute, pinball, hinge, lasso.

All of them are, for rows z_i and targets t_i, the problem

    minimize over theta   sum_i above_i max(r_i, 0) + below_i max(-r_i, 0)
                          + theta' P theta / 2 - c' theta,        r_i = t_i - z_i theta,

and an L1 penalty l1 |theta_j| is one more row: z = e_j, t = 0, above = below = l1. Its dual has one
bounded variable a row and one equation a parameter,

    maximize over a   t' a - theta' P theta / 2   with   Z' a + c = P theta,  -below <= a <= above,

which is small enough for a page to solve it hundreds of times.
"""

from __future__ import annotations

import numpy as np

#: Z, t, above, below: a row for each piece
Rows = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]

# With few parameters the presolve costs more than it saves.
ACCURATE = {
    "presolve": False,
    "primal_feasibility_tolerance": 1e-10,
    "dual_feasibility_tolerance": 1e-10,
}


def solve(
    Z: np.ndarray,
    t: np.ndarray,
    above: np.ndarray,
    below: np.ndarray,
    P: np.ndarray | None = None,
    c: np.ndarray | None = None,
) -> np.ndarray:
    """theta, shape (d,): by a linear program where P is None, else by an interior-point method."""
    used = above + below > 1e-18 * np.max(above + below)
    if P is not None and c is not None and not used.any():
        return np.linalg.lstsq(P, c, rcond=None)[0]
    Z, t, above, below = Z[used], t[used], above[used], below[used]
    # All scales are free; near 1 they suit the solvers' tolerances.
    unit = np.abs(t).max()
    price = max(above.max(), below.max())
    if P is None:
        unit = unit or 1.0
        c = np.zeros(Z.shape[1]) if c is None else c / price
        return unit * _linear_program(Z, t / unit, above / price, below / price, c)
    c = np.zeros(Z.shape[1]) if c is None else c
    unit = max(unit, np.abs(np.linalg.lstsq(P, c, rcond=None)[0]).max()) or 1.0
    return unit * _interior_point(
        Z, t / unit, above / price, below / price, P * unit / price, c / price
    )


def _linear_program(
    Z: np.ndarray, t: np.ndarray, above: np.ndarray, below: np.ndarray, c: np.ndarray
) -> np.ndarray:
    """theta where there are straight pieces only: the multipliers of the dual."""
    from scipy.optimize import linprog

    bounds = np.column_stack([-below, above])
    result = linprog(-t, A_eq=Z.T, b_eq=-c, bounds=bounds, options=ACCURATE)
    if result.status != 0:
        raise ArithmeticError(f"the linear program was not solved: {result.message}")
    return -result.eqlin.marginals


def _interior_point(
    Z: np.ndarray,
    t: np.ndarray,
    above: np.ndarray,
    below: np.ndarray,
    P: np.ndarray,
    c: np.ndarray,
    iterations: int = 60,
) -> np.ndarray:
    """Mehrotra's predictor-corrector method for both problems at once (`koenker2005`).

    up - down = r are the parts of the residual, top = above - a and bottom = a + below the
    distances of a to its bounds. At the solution up * top = down * bottom = 0.
    """
    theta, a = np.zeros(Z.shape[1]), (above - below) / 2
    up = np.maximum(t, 0) + 1.0
    down = up - t
    top, bottom = above - a, a + below
    best, best_error, since = theta, np.inf, 0
    for _ in range(iterations):
        primal, dual = t - up + down - Z @ theta, Z.T @ a + c - P @ theta
        gap = up @ top + down @ bottom
        error = gap + np.abs(primal).sum() + np.abs(dual).sum()
        since += 1
        if error < best_error:
            best, best_error, since = theta, error, 0
        if best_error <= 1e-5 * len(t) and since == 0:
            exact = _polished(Z, t, above, below, P, c, theta, a)
            if exact is not None:
                return exact
        # The error may rise for some steps on the way; near the end, rounding has the last word.
        patience = 2 if best_error <= 1e-6 * len(t) else 10
        if error <= 1e-14 * len(t) or since > patience:
            break
        newton = _NewtonStep(Z, P, up, down, top, bottom, primal, dual)
        step, da, du, dd = newton.towards(-up * top, -down * bottom)
        length = _length((up, du), (down, dd), (top, -da), (bottom, da))
        ahead = (up + length * du) @ (top - length * da)
        ahead += (down + length * dd) @ (bottom + length * da)
        aim = gap / (2 * len(t)) * (ahead / gap) ** 3
        step, da, du, dd = newton.towards(aim - up * top + du * da, aim - down * bottom - dd * da)
        length = 0.9995 * _length((up, du), (down, dd), (top, -da), (bottom, da))
        theta, a = theta + length * step, a + length * da
        up, down = up + length * du, down + length * dd
        top, bottom = top - length * da, bottom + length * da
    return best


def _polished(
    Z: np.ndarray,
    t: np.ndarray,
    above: np.ndarray,
    below: np.ndarray,
    P: np.ndarray,
    c: np.ndarray,
    theta: np.ndarray,
    a: np.ndarray,
) -> np.ndarray | None:
    """The exact solution, if it is known by now which residuals are 0 and which signs the others
    have: a system of linear equations. Where its solution contradicts this, that is mended; None if
    that leads nowhere."""
    r, width = t - Z @ theta, above + below
    at_kink = np.abs(r) < np.minimum(above - a, a + below) / width
    for attempt in range(40):
        a = np.where(at_kink, 0.0, np.where(r > 0, above, -below))
        K = Z[at_kink]
        system = np.block([[P, -K.T], [K, np.zeros((len(K), len(K)))]])
        right = np.concatenate([c + Z.T @ a, t[at_kink]])
        found = np.linalg.lstsq(system, right, rcond=None)[0]
        trial, a[at_kink] = found[: len(theta)], found[len(theta) :]
        r_trial = t - Z @ trial
        crossed = ~at_kink & (np.sign(r_trial) * np.sign(r) < 0) & (np.abs(r_trial) > 1e-13)
        loose = at_kink & ((a > above * (1 + 1e-9)) | (a < -below * (1 + 1e-9)))
        if not (crossed.any() or loose.any()):
            wrong = system @ found - right
            return trial if (np.abs(wrong) <= 1e-12 * (1 + np.abs(right).max())).all() else None
        if attempt > 4:  # one at a time, lest they go round in circles
            excess = np.maximum(a - above, -below - a) / width
            wrong = np.where(loose, excess, np.where(crossed, np.abs(r_trial), 0.0))
            worst = np.arange(len(t)) == wrong.argmax()
            loose, crossed = loose & worst, crossed & worst
        r = np.where(loose, a, r)
        at_kink = (at_kink & ~loose) | crossed
    return None


class _NewtonStep:
    """The linearized conditions; everything but a d x d system is eliminated by hand."""

    def __init__(
        self,
        Z: np.ndarray,
        P: np.ndarray,
        up: np.ndarray,
        down: np.ndarray,
        top: np.ndarray,
        bottom: np.ndarray,
        primal: np.ndarray,
        dual: np.ndarray,
    ) -> None:
        self.Z, self.up, self.down, self.top, self.bottom = Z, up, down, top, bottom
        self.primal, self.dual = primal, dual
        self.weight = 1 / (up / top + down / bottom)
        self.system = Z.T @ (self.weight[:, None] * Z) + P
        # In units that make the diagonal 1. Columns may depend on each other, and are not to drift
        # then: hence the small addition, whose effect `towards` takes back.
        unit = np.sqrt(self.system.diagonal())
        unit = np.outer(unit, unit) + (unit == 0)
        firm = self.system / unit + 1e-13 * np.eye(len(P))
        try:
            self.inverse = np.linalg.inv(firm) / unit
        except np.linalg.LinAlgError:
            self.inverse = np.linalg.pinv(firm) / unit

    def towards(
        self, aim_up: np.ndarray, aim_down: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Changes of theta, a, up and down for top du - up da = aim_up, and so below."""
        e = self.primal - aim_up / self.top + aim_down / self.bottom
        right = self.Z.T @ (self.weight * e) + self.dual
        step = self.inverse @ right
        for _ in range(2):  # what rounding has cost, and the addition
            step += self.inverse @ (right - self.system @ step)
        da = self.weight * (e - self.Z @ step)
        return (
            step,
            da,
            (aim_up + self.up * da) / self.top,
            (aim_down - self.down * da) / self.bottom,
        )


def _length(*pairs: tuple[np.ndarray, np.ndarray]) -> float:
    """The longest step of at most 1 that leaves every value, given with its change, at least 0."""
    return 1.0 / max(1.0, *(np.max(-change / value) for value, change in pairs))
