"""`minimize`: run an optimizer and keep the whole path."""

import math
from dataclasses import dataclass

import numpy as np

from .. import _validate
from ..penalties import Penalty
from . import _progress
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
    progress=False,
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
    expected = "a function of x that returns the value and the gradient"
    _validate.function("value_and_gradient", value_and_gradient, expected)
    _validate.instance("optimizer", optimizer, Optimizer, "Adam()")
    if penalty is not None:
        _validate.instance("penalty", penalty, Penalty, "L2(0.1)")
    if clip is not None:
        _validate.function("clip", clip, "a function of the gradient, such as ClipByNorm(1.0)")
    steps = _validate.count("steps", steps, at_least=0)
    tol = _validate.number("tol", tol, at_least=0)
    x = _start(x0)
    memory, step = optimizer.init(x), optimizer.run(clip)
    path, values, norms = [], [], []
    stopped = None
    with np.errstate(over="ignore", invalid="ignore"):
        for k in _progress.steps(steps + 1, "minimize", progress):
            if not _reasonable(x):
                stopped = "diverged"
                break
            value, gradient = _evaluate(value_and_gradient, x)
            slope, norm = gradient, math.sqrt(np.vdot(gradient, gradient))
            if penalty is not None and norm < _HUGE:
                value += penalty.value(x)
                slope = penalty.least_subgradient(x, gradient)
                norm = math.sqrt(np.vdot(slope, slope))
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
            scale = step(x, gradient, memory)
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
    x = np.array(_validate.as_float64("x0", x0))
    if x.ndim != 1 or x.size == 0:
        raise ValueError(f"x0 has the shape {x.shape}; expected (d,)")
    _validate.check_finite("x0", x)
    if not _reasonable(x):
        raise ValueError(f"x0 is {x0!r}; expected numbers below {_HUGE:g}")
    return x


def _evaluate(value_and_gradient, x):
    result = value_and_gradient(x)
    try:
        value, gradient = result
    except (TypeError, ValueError):
        raise TypeError(
            f"value_and_gradient returns a {type(result).__name__}; expected a pair, the value and"
            " the gradient"
        ) from None
    if type(value) is not float:
        value = _validate.as_float64("the value that value_and_gradient returns", value)
        if value.ndim:
            raise ValueError(
                f"value_and_gradient returns a value of the shape {value.shape}; expected a number"
            )
    gradient = _validate.as_float64("the gradient that value_and_gradient returns", gradient)
    if gradient.shape != x.shape:
        raise ValueError(
            f"value_and_gradient returns a gradient of the shape {gradient.shape};"
            f" expected that of x, {x.shape}"
        )
    return float(value), gradient


def _reasonable(x):
    return np.vdot(x, x) < _HUGE**2


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
