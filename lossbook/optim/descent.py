"""`minimize`: run an optimizer and keep the whole path."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from ..penalties import Penalty
from . import _progress
from .optimizers import Optimizer

__all__ = ["MinimizeResult", "minimize"]

# Beyond this size a run has diverged: the next squared error would overflow.
_HUGE = 1e100


@dataclass(frozen=True, eq=False)
class MinimizeResult:
    """What `minimize` did.

    Everything is finite, in a run that diverged too: the path ends before the first overflow.

    Parameters
    ----------
    x : ndarray of shape (d,)
        Where the run ended.
    value : float
        The value there, penalty included.
    path : ndarray of shape (steps + 1, d)
        Row k is x after k steps.
    values : ndarray of shape (steps + 1,)
        The values at the rows of the path, penalty included.
    gradient_norms : ndarray of shape (steps + 1,)
        The norms of the gradients there; with a penalty, of the subgradients of least norm.
    stopped : {"converged", "out of steps", "diverged"}
        Why the run ended.
    message : str
        The same in a sentence.

    Examples
    --------
    >>> from lossbook.optim import GradientDescent
    >>> result = minimize(lambda x: (x @ x, 2 * x), [4.0], GradientDescent(0.25))
    >>> result.steps, result.converged
    (30, True)
    """

    x: np.ndarray
    value: float
    path: np.ndarray
    values: np.ndarray
    gradient_norms: np.ndarray
    stopped: str
    message: str

    @property
    def steps(self) -> int:
        """How many steps were taken."""
        return len(self.path) - 1

    @property
    def converged(self) -> bool:
        """Whether the norm of the gradient fell to `tol`."""
        return self.stopped == "converged"


def minimize(
    value_and_gradient: Callable[[np.ndarray], tuple[ArrayLike, ArrayLike]],
    x0: ArrayLike,
    optimizer: Optimizer,
    *,
    steps: int = 1000,
    tol: float = 1e-8,
    penalty: Penalty | None = None,
    clip: Callable[[np.ndarray], np.ndarray] | None = None,
    progress: bool = False,
) -> MinimizeResult:
    r"""Minimize a function, and a penalty, by the steps of an optimizer.

    .. math:: \min_x f(x) + \mathrm{penalty}(x)

    A penalty that is smooth joins the gradient. One with a kink (L1) takes a proximal step after
    each step of the optimizer, so that weights become exactly zero.

    Parameters
    ----------
    value_and_gradient : callable
        A function of x, of shape (d,), that returns f(x), a number, and its gradient, of shape
        (d,).
    x0 : array_like of shape (d,)
        Where to start.
    optimizer : Optimizer
        The rule of a step: `GradientDescent(0.1)`, `Adam()`, ... A schedule that watches the loss
        is told of the value, penalty included, at each step.
    steps : int, default 1000
        The most steps to take, at least 0.
    tol : float, default 1e-8
        Converged once the norm of the gradient is at most this; with a penalty, the norm of the
        subgradient of least norm of the sum.
    penalty : Penalty, optional
        What is added to f: `L1`, `L2`, `ElasticNet` or one of your own.
    clip : callable, optional
        A function of the gradient of f that is applied before the step: `ClipByNorm(1.0)`.
    progress : bool, default False
        Show a progress bar on stderr once the run has taken two seconds; needs tqdm.

    Returns
    -------
    MinimizeResult
        The whole path. A run has diverged if x, the value or the gradient overflowed, or if at the
        end both value and gradient are larger than at the start.

    Raises
    ------
    TypeError
        If an argument, or what `value_and_gradient` returns, is of the wrong kind.
    ValueError
        If a shape is wrong, or if the value or the gradient at `x0` is not finite.

    Examples
    --------
    >>> from lossbook.optim import GradientDescent
    >>> result = minimize(lambda x: (x @ x, 2 * x), [4.0, -2.0], GradientDescent(0.5))
    >>> result.x, result.message
    (array([0., 0.]), 'Converged after 1 steps: gradient norm 0, at most 1e-08.')
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
    path: list[np.ndarray] = []
    values: list[float] = []
    norms: list[float] = []
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
            if (later := optimizer.after(value)) is not optimizer:
                optimizer = later
                step = optimizer.run(clip)
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


def _start(x0: ArrayLike) -> np.ndarray:
    """x0 as an array of its own."""
    x = np.array(_validate.as_float64("x0", x0))
    if x.ndim != 1 or x.size == 0:
        raise ValueError(f"x0 has the shape {x.shape}; expected (d,)")
    _validate.check_finite("x0", x)
    if not _reasonable(x):
        raise ValueError(f"x0 is {x0!r}; expected numbers below {_HUGE:g}")
    return x


def _evaluate(
    value_and_gradient: Callable[[np.ndarray], tuple[ArrayLike, ArrayLike]], x: np.ndarray
) -> tuple[float, np.ndarray]:
    """The value and the gradient at x, checked."""
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


def _reasonable(x: np.ndarray) -> bool:
    """Whether x is finite and far from overflow."""
    return np.vdot(x, x) < _HUGE**2


def _message(stopped: str, values: list[float], norms: list[float], tol: float) -> str:
    """How the run went, in a sentence."""
    k = len(values) - 1
    if stopped == "converged":
        return f"Converged after {k} steps: gradient norm {norms[-1]:.3g}, at most {tol:g}."
    if stopped == "diverged":
        return (
            f"Diverged: from the value {values[0]:.3g} to {values[-1]:.3g} in {k} steps."
            " Try a smaller learning rate."
        )
    return f"Out of steps after {k}: gradient norm {norms[-1]:.3g}, above {tol:g}."
