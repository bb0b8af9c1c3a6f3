"""Optimizers, each written as its update rule.

An optimizer holds hyperparameters only. `init(x)` makes the memory for a run (zeros, and the step
count t), `step(x, gradient, memory)` changes x and the memory in place. Notation: x parameters,
g gradient, eta the learning rate of the step, t = 1 at the first step.

x is an array of floating-point numbers of any precision; whatever it is, the memory and the step
are float64. A gradient that is not finite, or whose squares would not be, is an error.

`step` returns the factor, a number or an array like x, by which the gradient was multiplied (in the
long run, where there is momentum): a proximal step of a penalty must use the same factor, or the
run would settle away from the minimum.
"""

import math
import sys
from dataclasses import dataclass
from types import SimpleNamespace
from typing import ClassVar

import numpy as np

from .. import _validate
from .schedules import Schedule

_LARGE = 1e154  # squares of smaller numbers do not overflow

__all__ = [
    "AdaGrad",
    "Adam",
    "AdamW",
    "GradientDescent",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "RMSProp",
]


@dataclass(frozen=True)
class Optimizer:
    """Base class: a subclass lists its arrays in `remembers` and defines `update`.

    learning_rate: a positive number, or a function of the step 0, 1, 2, ... (see `Schedule`).
    """

    learning_rate: float | Schedule
    remembers: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self):
        if not callable(self.learning_rate):
            _validate.settle(self, "learning_rate", above=0)

    def rate(self, t):
        """The learning rate of the step t = 0, 1, 2, ..."""
        if callable(self.learning_rate):
            return _validate.number(f"learning_rate({t})", self.learning_rate(t), at_least=0)
        return self.learning_rate

    def init(self, x):
        """The memory of a new run for parameters of the shape of x."""
        shape = np.shape(x)
        return SimpleNamespace(t=0, **{name: np.zeros(shape) for name in self.remembers})

    def step(self, x, gradient, memory):
        """Change x and the memory in place by one step."""
        _check_parameters(x)
        g = _validate.as_float64("gradient", gradient)
        if g.shape != x.shape:
            raise ValueError(f"gradient has shape {g.shape}; expected that of x, {x.shape}")
        for name in self.remembers:
            if getattr(memory, name).shape != x.shape:
                raise ValueError(
                    f"memory is that of parameters of shape {getattr(memory, name).shape}; "
                    f"expected that of x, {x.shape}"
                )
        # Where both are finite, so are x and g, and no square of g overflows.
        if not (math.isfinite(np.vdot(g, g)) and math.isfinite(np.vdot(x, g))):
            _check_sizes(x, g)
        return self._advance(x, g, memory)

    def run(self, clip=None):
        """`step` for a loop that has made sure of x and the gradient, with `clip` before it."""
        if clip is not None:
            return lambda x, g, memory: self.step(x, clip(g), memory)
        return self._advance if type(self).step is Optimizer.step else self.step

    def _advance(self, x, g, memory):
        eta = self.rate(memory.t)
        memory.t += 1
        if x.dtype is _validate.FLOAT64:
            return self.update(x, g, memory, eta)
        precise = x.astype(np.float64)
        scale = self.update(precise, g, memory, eta)
        x[...] = precise
        return scale

    def update(self, x, g, memory, eta):
        raise NotImplementedError


def _check_parameters(x):
    if not isinstance(x, np.ndarray):
        raise TypeError(
            f"x is a {type(x).__name__}; expected a NumPy array of floating-point numbers, which "
            "the step changes in place"
        )
    if x.dtype is _validate.FLOAT64 and type(x) is np.ndarray and x.flags.writeable:
        return
    _validate.as_array("x", x)
    if x.dtype.kind != "f":
        raise TypeError(
            f"x holds values of dtype {x.dtype}; expected floating-point numbers: x.astype(float)"
        )
    if not x.flags.writeable:
        raise ValueError("x is read-only; expected an array that the step can change: x.copy()")


def _check_sizes(x, g):
    _validate.check_finite("gradient", g)
    _validate.check_below("abs(gradient)", np.abs(g), _LARGE, "numbers")
    _validate.check_finite("x", x)


def _ratio(eta, root, epsilon):
    """eta / (root + epsilon), and the largest float instead of infinity: 0 times it is 0."""
    ratio = eta / (root + epsilon)
    return ratio if eta / epsilon < math.inf else np.minimum(ratio, sys.float_info.max)


@dataclass(frozen=True)
class GradientDescent(Optimizer):
    """x <- x - eta g. Converges for eta < 2/L, L the Lipschitz constant of the gradient.

    Source: `cauchy1847`.
    """

    def update(self, x, g, memory, eta):
        x -= eta * g
        return eta


@dataclass(frozen=True)
class Momentum(Optimizer):
    """v <- mu v + g; x <- x - eta v: the heavy ball. 0 <= mu < 1 (`polyak1964`)."""

    momentum: float = 0.9
    remembers: ClassVar = ("v",)

    def __post_init__(self):
        super().__post_init__()
        _validate.settle(self, "momentum", at_least=0, below=1)

    def update(self, x, g, memory, eta):
        memory.v *= self.momentum
        memory.v += g
        x -= eta * memory.v
        return min(eta / (1 - self.momentum), sys.float_info.max)


@dataclass(frozen=True)
class Nesterov(Momentum):
    """v <- mu v + g; x <- x - eta (g + mu v): the gradient is taken where momentum will lead.

    This is Nesterov's method (`nesterov1983`) in the variable of `sutskever2013`, x + mu v there,
    so that the gradient is asked for at x only.
    """

    def update(self, x, g, memory, eta):
        memory.v *= self.momentum
        memory.v += g
        x -= eta * (g + self.momentum * memory.v)
        return min(eta / (1 - self.momentum), sys.float_info.max)


@dataclass(frozen=True)
class AdaGrad(Optimizer):
    """s <- s + g^2; x <- x - eta g / (sqrt(s) + eps), entry by entry (`duchi2011`)."""

    learning_rate: float | Schedule = 0.01
    epsilon: float = 1e-10
    remembers: ClassVar = ("s",)

    def __post_init__(self):
        super().__post_init__()
        _validate.settle(self, "epsilon", above=0)

    def update(self, x, g, memory, eta):
        memory.s += g * g
        scale = _ratio(eta, np.sqrt(memory.s), self.epsilon)
        x -= scale * g
        return scale


@dataclass(frozen=True)
class RMSProp(Optimizer):
    """s <- rho s + (1 - rho) g^2; x <- x - eta g / (sqrt(s) + eps), by entry (`tieleman2012`)."""

    learning_rate: float | Schedule = 0.01
    rho: float = 0.99
    epsilon: float = 1e-8
    remembers: ClassVar = ("s",)

    def __post_init__(self):
        super().__post_init__()
        _validate.settle(self, "rho", at_least=0, below=1)
        _validate.settle(self, "epsilon", above=0)

    def update(self, x, g, memory, eta):
        memory.s += (1 - self.rho) * (g * g - memory.s)
        scale = _ratio(eta, np.sqrt(memory.s), self.epsilon)
        x -= scale * g
        return scale


@dataclass(frozen=True)
class Adam(Optimizer):
    """m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2; x <- x - eta m' / (sqrt(v') + eps).

    m' = m / (1 - b1^t) and v' = v / (1 - b2^t) undo the bias of the zeros at the start. Source:
    `kingmaba2015`, algorithm 1.
    """

    learning_rate: float | Schedule = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    remembers: ClassVar = ("m", "v")

    def __post_init__(self):
        super().__post_init__()
        _validate.settle(self, "beta1", at_least=0, below=1)
        _validate.settle(self, "beta2", at_least=0, below=1)
        _validate.settle(self, "epsilon", above=0)

    def update(self, x, g, memory, eta):
        m, v = memory.m, memory.v
        m += (1 - self.beta1) * (g - m)
        v += (1 - self.beta2) * (g * g - v)
        scale = _ratio(eta, np.sqrt(v / (1 - self.beta2**memory.t)), self.epsilon)
        x -= scale * (m / (1 - self.beta1**memory.t))
        return scale


@dataclass(frozen=True)
class AdamW(Adam):
    """x <- x - eta lambda x, then Adam's step: the weights decay apart from the gradient.

    Adding lambda x to the gradient instead (an L2 penalty) would have Adam divide it away. Source:
    `loshchilovhutter2019`. The decay acts on every parameter, biases included.
    """

    weight_decay: float = 0.01

    def __post_init__(self):
        super().__post_init__()
        _validate.settle(self, "weight_decay", at_least=0)

    def update(self, x, g, memory, eta):
        x *= max(1 - eta * self.weight_decay, -sys.float_info.max)
        return super().update(x, g, memory, eta)
