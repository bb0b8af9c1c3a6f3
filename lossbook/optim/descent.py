"""`minimize`: run an optimizer and keep the whole path."""

from dataclasses import dataclass

import numpy as np

from . import _checks, _progress
from .optimizers import Optimizer

__all__ = ["MinimizeResult", "minimize"]

# Beyond this size a run has diverged: the next squared error would overflow.
_HUGE = 1e100


@dataclass(frozen=True, eq=False)
class MinimizeResult:
    """What `minimize` did. Row k of `path`, shape (steps + 1, d), is x after k steps.

    `values` and `gradient_norms`, shape (steps + 1,), belong to the rows of the path and include
    the penalty. `stopped` is "converged", "out of steps" or "diverged"; `message` says it in full.
    Everything is finite, in a run that diverged too: the path ends before the first overflow.
    """

    x: np.ndarray
    value: float
    path: np.ndarray
    values: np.ndarray
    gradient_norms: np.ndarray
    stopped: str
    message: str

    @property
    def steps(self):
        return len(self.path) - 1

    @property
    def converged(self):
        return self.stopped == "converged"


def minimize(
    value_and_gradient,
    x0,
    optimizer,
    *,
    steps=1000,
    tol=1e-8,
    penalty=None,
    clip=None,
    progress=True,
):
    """Minimize f(x) + penalty(x) from x0 by at most `steps` steps of an optimizer.

    Parameters
    ----------
    value_and_gradient
        A function of x, shape (d,), that returns f(x) and its gradient, shape (d,).
    optimizer
        ``GradientDescent(learning_rate=0.1)``, ``Adam()``, ...
    tol
        Converged once the norm of the gradient is at most this; with a penalty, the norm of the
        subgradient of least norm of the sum.
    penalty
        Its gradient is added where it has one; a penalty with a kink (L1) takes a proximal step
        after each step of the optimizer, so that weights become exactly zero.
    clip
        A function of the gradient, such as ``ClipByNorm(1.0)``.
    progress
        Show a progress bar.

    Returns
    -------
    A `MinimizeResult`. A run has diverged if x, the value or the gradient overflowed, or if at the
    end both value and gradient are larger than at the start.
    """
    if not callable(value_and_gradient):
        raise TypeError(
            f"value_and_gradient is {value_and_gradient!r}; expected a function of x that returns"
            " the value and the gradient"
        )
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"optimizer is {optimizer!r}; expected one such as Adam()")
    steps = _checks.count("steps", steps, at_least=0)
    tol = _checks.number("tol", tol, at_least=0)
    x = _start(x0)
    memory = optimizer.init(x)
    path, values, norms = [], [], []
    stopped = None
    with np.errstate(over="ignore", invalid="ignore"):
        for k in _progress.steps(steps + 1, "minimize", progress):
            if not _reasonable(x):
                stopped = "diverged"
                break
            value, gradient = _evaluate(value_and_gradient, x)
            slope = gradient
            if penalty is not None:
                value += penalty.value(x)
                slope = penalty.least_subgradient(x, gradient)
            norm = float(np.linalg.norm(slope))
            if not (abs(value) < _HUGE and norm < _HUGE):
                stopped = "diverged"
                break
            path.append(x.copy())
            values.append(value)
            norms.append(norm)
            if norm <= tol:
                stopped = "converged"
                break
            if k == steps:
                break
            if penalty is not None and penalty.smooth:
                gradient = slope
            scale = optimizer.step(x, gradient if clip is None else clip(gradient), memory)
            if penalty is not None and not penalty.smooth:
                x[:] = penalty.prox(x, scale)
    if not path:
        raise ValueError(
            f"value_and_gradient(x0) is ({value}, {gradient}); expected finite numbers"
        )
    if stopped is None:
        grew = values[-1] > values[0] and norms[-1] > norms[0]
        stopped = "diverged" if grew else "out of steps"
    return MinimizeResult(
        x=path[-1].copy(),
        value=values[-1],
        path=np.array(path),
        values=np.array(values),
        gradient_norms=np.array(norms),
        stopped=stopped,
        message=_message(stopped, values, norms, tol),
    )


def _start(x0):
    try:
        x = np.array(x0, dtype=float)
    except (TypeError, ValueError):
        raise TypeError(f"x0 is {x0!r}; expected numbers of the shape (d,)") from None
    if x.ndim != 1 or x.size == 0:
        raise ValueError(f"x0 has the shape {x.shape}; expected (d,)")
    if not _reasonable(x):
        raise ValueError(f"x0 is {x0!r}; expected finite numbers below {_HUGE:g}")
    return x


def _evaluate(value_and_gradient, x):
    value, gradient = value_and_gradient(x)
    gradient = np.asarray(gradient, dtype=float)
    if gradient.shape != x.shape:
        raise ValueError(
            f"value_and_gradient returns a gradient of the shape {gradient.shape};"
            f" expected that of x, {x.shape}"
        )
    return float(value), gradient


def _reasonable(x):
    return bool(np.all(np.abs(x) < _HUGE))


def _message(stopped, values, norms, tol):
    k = len(values) - 1
    if stopped == "converged":
        return f"Converged after {k} steps: gradient norm {norms[-1]:.3g}, at most {tol:g}."
    if stopped == "diverged":
        return (
            f"Diverged: from the value {values[0]:.3g} to {values[-1]:.3g} in {k} steps."
            " Try a smaller learning rate."
        )
    return f"Out of steps after {k}: gradient norm {norms[-1]:.3g}, above {tol:g}."
