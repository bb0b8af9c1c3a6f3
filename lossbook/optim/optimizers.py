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

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from types import SimpleNamespace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from .schedules import Schedule

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

#: a rate, or the rates of the steps 0, 1, 2, ...
Rate = float | Callable[[int], float]
#: the factor of the gradient in a step: a number, or one for each entry
Factor = float | np.ndarray
Step = Callable[[np.ndarray, np.ndarray, SimpleNamespace], Factor]

_LARGE = 1e154  # squares of smaller numbers do not overflow


@dataclass(frozen=True)
class Optimizer:
    r"""Base class of the optimizers: a subclass lists its arrays in `remembers` and defines `update`.

    An optimizer is immutable and holds hyperparameters only. What a run remembers, :math:`t` and
    arrays in the shape of the parameters, is in the memory that `init` makes, so that one optimizer
    serves many runs. In the update rules :math:`x` are the parameters, :math:`g` is the gradient,
    :math:`\eta` the learning rate of the step, and :math:`t = 1` at the first step.

    Parameters
    ----------
    learning_rate : float or callable
        A number above 0; or a `Schedule`, or any function of the step 0, 1, 2, ... that gives the
        rate of that step, at least 0.

    Raises
    ------
    TypeError
        If a hyperparameter is no number (and `learning_rate` no function).
    ValueError
        If a hyperparameter is out of its range.

    Examples
    --------
    >>> from dataclasses import dataclass, fields, replace
    >>> @dataclass(frozen=True)
    ... class SignDescent(Optimizer):
    ...     def update(self, x, g, memory, eta):
    ...         x -= eta * np.sign(g)
    ...         return eta
    >>> x, optimizer = np.array([1.0, -2.0]), SignDescent(learning_rate=0.25)
    >>> optimizer.step(x, [8.0, -3.0], optimizer.init(x))
    0.25
    >>> x, optimizer.rate(0)
    (array([ 0.75, -1.75]), 0.25)
    """

    learning_rate: Rate
    remembers: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        if not callable(self.learning_rate):
            _validate.settle(self, "learning_rate", above=0)

    def rate(self, t: int) -> float:
        """The learning rate of the step t.

        Parameters
        ----------
        t : int
            The step: 0, 1, 2, ...

        Returns
        -------
        float
            The rate, at least 0.
        """
        if callable(self.learning_rate):
            return _validate.number(f"learning_rate({t})", self.learning_rate(t), at_least=0)
        return self.learning_rate

    def after(self, loss: float) -> Self:
        """The optimizer after an epoch that ended with this loss: for schedules that watch it.

        Parameters
        ----------
        loss : float
            What the schedule watches: the validation loss, say. It may be infinite or NaN.

        Returns
        -------
        Optimizer
            One with the same hyperparameters, and with the schedule `after` this loss. The memory
            of the run goes on with it.

        Examples
        --------
        >>> from lossbook.optim import ReduceOnPlateau
        >>> optimizer = Adam(ReduceOnPlateau(0.1, factor=0.5, patience=0))
        >>> [optimizer.after(2.0).rate(1), optimizer.after(2.0).after(2.0).rate(2)]
        [0.1, 0.05]
        """
        rate = self.learning_rate
        if not isinstance(rate, Schedule) or (later := rate.after(loss)) is rate:
            return self
        return replace(self, learning_rate=later)

    def init(self, x: ArrayLike) -> SimpleNamespace:
        """The memory of a new run.

        Parameters
        ----------
        x : array_like
            The parameters, of any shape.

        Returns
        -------
        SimpleNamespace
            The count of the steps, `t`, and an array of zeros in the shape of x for each name in
            `remembers`.
        """
        shape = np.shape(x)
        return SimpleNamespace(t=0, **{name: np.zeros(shape) for name in self.remembers})

    def step(self, x: np.ndarray, gradient: ArrayLike, memory: SimpleNamespace) -> Factor:
        """Change x and the memory in place by one step.

        Parameters
        ----------
        x : ndarray
            The parameters: floating-point numbers of any precision, of any shape.
        gradient : array_like
            The gradient at x, in the shape of x; finite.
        memory : SimpleNamespace
            What `init` made for this run.

        Returns
        -------
        float or ndarray
            The factor by which the gradient was multiplied (in the long run, where there is
            momentum), a number or one for each entry: the proximal step of a penalty takes it too.

        Raises
        ------
        TypeError
            If x is not a NumPy array of floating-point numbers.
        ValueError
            If x is read-only, if shapes differ, or if a number is not finite.
        """
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

    def run(self, clip: Callable[[np.ndarray], np.ndarray] | None = None) -> Step:
        """The step for a loop that has made sure of x and the gradient itself.

        Parameters
        ----------
        clip : callable, optional
            A function of the gradient that is applied before the step, such as `ClipByNorm`.

        Returns
        -------
        callable
            A function of x, the gradient and the memory, like `step`.

        Examples
        --------
        >>> x, optimizer = np.array([1.0]), GradientDescent(learning_rate=0.5)
        >>> step, memory = optimizer.run(), optimizer.init(x)
        >>> step(x, 2 * x, memory), x
        (0.5, array([0.]))
        """
        if clip is not None:
            return lambda x, g, memory: self.step(x, clip(g), memory)
        return self._advance if type(self).step is Optimizer.step else self.step

    def _advance(self, x: np.ndarray, g: np.ndarray, memory: SimpleNamespace) -> Factor:
        """One step, without checks."""
        eta = self.rate(memory.t)
        memory.t += 1
        if x.dtype is _validate.FLOAT64:
            return self.update(x, g, memory, eta)
        precise = x.astype(np.float64)
        scale = self.update(precise, g, memory, eta)
        x[...] = precise
        return scale

    def update(self, x: np.ndarray, g: np.ndarray, memory: SimpleNamespace, eta: float) -> Factor:
        """The update rule: change x and the arrays of the memory in place.

        Parameters
        ----------
        x : ndarray of float64
            The parameters.
        g : ndarray of float64
            The gradient, in the shape of x.
        memory : SimpleNamespace
            The memory of the run; its `t` counts this step already, so that it is 1 at the first.
        eta : float
            The learning rate of the step.

        Returns
        -------
        float or ndarray
            The factor of the gradient, as for `step`.
        """
        raise NotImplementedError


def _check_parameters(x: object) -> None:
    """Raise unless x is an array that a step can change."""
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


def _check_sizes(x: np.ndarray, g: np.ndarray) -> None:
    """Raise if x or g, or a square of g, is not finite."""
    _validate.check_finite("gradient", g)
    _validate.check_below("abs(gradient)", np.abs(g), _LARGE, "numbers")
    _validate.check_finite("x", x)


def _ratio(eta: float, root: np.ndarray, epsilon: float) -> np.ndarray:
    """eta / (root + epsilon), and the largest float instead of infinity: 0 times it is 0."""
    ratio = eta / (root + epsilon)
    return ratio if eta / epsilon < math.inf else np.minimum(ratio, sys.float_info.max)


@dataclass(frozen=True)
class GradientDescent(Optimizer):
    r"""Gradient descent: a step against the gradient.

    .. math:: x \leftarrow x - \eta g

    On a convex function it converges for :math:`\eta < 2 / L`, :math:`L` the Lipschitz constant of
    the gradient.

    Parameters
    ----------
    learning_rate : float or callable
        The rate :math:`\eta`, above 0, or a function of the step.

    References
    ----------
    :cite:p:`cauchy1847`

    Examples
    --------
    >>> x, optimizer = np.array([1.0, -2.0]), GradientDescent(learning_rate=0.25)
    >>> optimizer.step(x, [2.0, -4.0], optimizer.init(x)), x
    (0.25, array([ 0.5, -1. ]))
    """

    def update(self, x: np.ndarray, g: np.ndarray, memory: SimpleNamespace, eta: float) -> Factor:
        x -= eta * g
        return eta


@dataclass(frozen=True)
class Momentum(Optimizer):
    r"""The heavy ball: the step is a sum of gradients that fades with their age.

    .. math:: v \leftarrow \mu v + g, \qquad x \leftarrow x - \eta v

    Where the gradient stays the same, the steps grow to :math:`\eta g / (1 - \mu)`.

    Parameters
    ----------
    learning_rate : float or callable
        The rate :math:`\eta`, above 0, or a function of the step.
    momentum : float, default 0.9
        The share :math:`\mu` of the velocity that is kept, at least 0 and below 1.

    References
    ----------
    :cite:p:`polyak1964`

    Examples
    --------
    >>> x, optimizer = np.array([1.0]), Momentum(learning_rate=0.1, momentum=0.5)
    >>> factors = [optimizer.step(x, [1.0], memory) for memory in [optimizer.init(x)] * 2]
    >>> x.round(3)  # by 0.1, then by 0.1 (0.5 + 1)
    array([0.75])
    """

    momentum: float = 0.9
    remembers: ClassVar = ("v",)

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.settle(self, "momentum", at_least=0, below=1)

    def update(self, x: np.ndarray, g: np.ndarray, memory: SimpleNamespace, eta: float) -> Factor:
        memory.v *= self.momentum
        memory.v += g
        x -= eta * memory.v
        return min(eta / (1 - self.momentum), sys.float_info.max)


@dataclass(frozen=True)
class Nesterov(Momentum):
    r"""Nesterov's momentum: the gradient is taken where momentum will lead.

    .. math:: v \leftarrow \mu v + g, \qquad x \leftarrow x - \eta (g + \mu v)

    It is written in the variable :math:`x + \mu v` of the second source, so that the gradient is
    asked for at :math:`x` only.

    Parameters
    ----------
    learning_rate : float or callable
        The rate :math:`\eta`, above 0, or a function of the step.
    momentum : float, default 0.9
        The share :math:`\mu` of the velocity that is kept, at least 0 and below 1.

    References
    ----------
    :cite:p:`nesterov1983`, :cite:p:`sutskever2013`

    Examples
    --------
    >>> x, optimizer = np.array([1.0]), Nesterov(learning_rate=0.1, momentum=0.5)
    >>> factor = optimizer.step(x, [1.0], optimizer.init(x))
    >>> x.round(3)  # by 0.1 (1 + 0.5)
    array([0.85])
    """

    def update(self, x: np.ndarray, g: np.ndarray, memory: SimpleNamespace, eta: float) -> Factor:
        memory.v *= self.momentum
        memory.v += g
        x -= eta * (g + self.momentum * memory.v)
        return min(eta / (1 - self.momentum), sys.float_info.max)


@dataclass(frozen=True)
class AdaGrad(Optimizer):
    r"""AdaGrad: every entry has a rate of its own, which falls with the gradients it has seen.

    .. math:: s \leftarrow s + g^2, \qquad x \leftarrow x - \frac{\eta g}{\sqrt{s} + \epsilon}

    Parameters
    ----------
    learning_rate : float or callable, default 0.01
        The rate :math:`\eta`, above 0, or a function of the step; the first step of every entry is
        as long.
    epsilon : float, default 1e-10
        What keeps the divisor away from 0; above 0, in the unit of the gradient.

    References
    ----------
    :cite:p:`duchi2011`

    Examples
    --------
    >>> x, optimizer = np.array([1.0, 1.0]), AdaGrad(learning_rate=0.1)
    >>> factor = optimizer.step(x, [100.0, 0.01], optimizer.init(x))
    >>> x.round(6)
    array([0.9, 0.9])
    """

    learning_rate: Rate = 0.01
    epsilon: float = 1e-10
    remembers: ClassVar = ("s",)

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.settle(self, "epsilon", above=0)

    def update(self, x: np.ndarray, g: np.ndarray, memory: SimpleNamespace, eta: float) -> Factor:
        memory.s += g * g
        scale = _ratio(eta, np.sqrt(memory.s), self.epsilon)
        x -= scale * g
        return scale


@dataclass(frozen=True)
class RMSProp(Optimizer):
    r"""RMSProp: the gradient is divided by the root of the mean of its recent squares, by entry.

    .. math:: s \leftarrow \rho s + (1 - \rho) g^2, \qquad
              x \leftarrow x - \frac{\eta g}{\sqrt{s} + \epsilon}

    Parameters
    ----------
    learning_rate : float or callable, default 0.01
        The rate :math:`\eta`, above 0, or a function of the step.
    rho : float, default 0.99
        The share :math:`\rho` of the mean that is kept, at least 0 and below 1: it remembers about
        1 / (1 - rho) steps.
    epsilon : float, default 1e-8
        What keeps the divisor away from 0; above 0, in the unit of the gradient.

    References
    ----------
    :cite:p:`tieleman2012`

    Examples
    --------
    >>> x, optimizer = np.array([1.0, 1.0]), RMSProp(learning_rate=0.01, rho=0.99)
    >>> factor = optimizer.step(x, [100.0, 0.01], optimizer.init(x))
    >>> x.round(5)  # s starts at 0, so the first step is 1 / sqrt(1 - rho) times the rate
    array([0.9, 0.9])
    """

    learning_rate: Rate = 0.01
    rho: float = 0.99
    epsilon: float = 1e-8
    remembers: ClassVar = ("s",)

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.settle(self, "rho", at_least=0, below=1)
        _validate.settle(self, "epsilon", above=0)

    def update(self, x: np.ndarray, g: np.ndarray, memory: SimpleNamespace, eta: float) -> Factor:
        memory.s += (1 - self.rho) * (g * g - memory.s)
        scale = _ratio(eta, np.sqrt(memory.s), self.epsilon)
        x -= scale * g
        return scale


@dataclass(frozen=True)
class Adam(Optimizer):
    r"""Adam: the mean of recent gradients, divided by the root of the mean of their squares.

    .. math::

       \begin{aligned}
       m &\leftarrow \beta_1 m + (1 - \beta_1) g, \\
       v &\leftarrow \beta_2 v + (1 - \beta_2) g^2, \\
       x &\leftarrow x - \frac{\eta \hat m}{\sqrt{\hat v} + \epsilon}
       \end{aligned}

    :math:`\hat m = m / (1 - \beta_1^t)` and :math:`\hat v = v / (1 - \beta_2^t)` undo the bias of the
    zeros at the start. While the gradients of an entry agree in sign and size, it moves by about
    :math:`\eta` a step, whatever that size is.

    Parameters
    ----------
    learning_rate : float or callable, default 0.001
        The rate :math:`\eta`, above 0, or a function of the step; in the unit of x.
    beta1 : float, default 0.9
        The share :math:`\beta_1` of the mean gradient that is kept, at least 0 and below 1: it
        remembers about 1 / (1 - beta1) steps, ten here.
    beta2 : float, default 0.999
        The same of the mean square, :math:`\beta_2`: a thousand steps here.
    epsilon : float, default 1e-8
        What keeps the divisor away from 0; above 0, in the unit of the gradient. Gradients far
        below it lead to steps far below :math:`\eta`.

    References
    ----------
    :cite:p:`kingmaba2015`, algorithm 1

    Examples
    --------
    >>> x, optimizer = np.array([1.0, 1.0]), Adam(learning_rate=0.1)
    >>> factor = optimizer.step(x, [100.0, 0.01], optimizer.init(x))
    >>> x.round(6)
    array([0.9, 0.9])
    """

    learning_rate: Rate = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    remembers: ClassVar = ("m", "v")

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.settle(self, "beta1", at_least=0, below=1)
        _validate.settle(self, "beta2", at_least=0, below=1)
        _validate.settle(self, "epsilon", above=0)

    def update(self, x: np.ndarray, g: np.ndarray, memory: SimpleNamespace, eta: float) -> Factor:
        m, v = memory.m, memory.v
        m += (1 - self.beta1) * (g - m)
        v += (1 - self.beta2) * (g * g - v)
        scale = _ratio(eta, np.sqrt(v / (1 - self.beta2**memory.t)), self.epsilon)
        x -= scale * (m / (1 - self.beta1**memory.t))
        return scale


@dataclass(frozen=True, eq=False)
class AdamW(Adam):
    r"""AdamW: the weights decay apart from the gradient, then Adam takes its step.

    .. math:: x \leftarrow x - \eta \lambda x, \qquad
              x \leftarrow x - \frac{\eta \hat m}{\sqrt{\hat v} + \epsilon}

    Adding :math:`\lambda x` to the gradient instead (an L2 penalty) would have Adam divide it away.
    The decay acts on every parameter, biases included, unless a mask says which.

    Parameters
    ----------
    learning_rate : float or callable, default 0.001
        The rate :math:`\eta`, as for `Adam`.
    beta1 : float, default 0.9
        The share of the mean gradient that is kept, as for `Adam`.
    beta2 : float, default 0.999
        The share of the mean square that is kept, as for `Adam`.
    epsilon : float, default 1e-8
        What keeps the divisor away from 0, as for `Adam`.
    weight_decay : float, default 0.01
        The share :math:`\lambda` that, times :math:`\eta`, is taken off every parameter at a step; at
        least 0.
    mask : array_like of bool or callable, optional
        Which parameters decay, in their shape, or a function of the parameters that returns it,
        called once a run; all of them by default. Of an `MLP` or another model, the weights without
        the biases: ``mask=model.is_weight``. Adam's step is taken for all.

    Raises
    ------
    TypeError
        If a hyperparameter is no number, or the mask does not hold booleans.
    ValueError
        If a hyperparameter is out of its range, or, once a run begins, if the mask has another
        shape than the parameters.

    References
    ----------
    :cite:p:`loshchilovhutter2019`

    Examples
    --------
    >>> x, optimizer = np.array([1.0]), AdamW(learning_rate=0.1, weight_decay=0.5)
    >>> factor = optimizer.step(x, [0.0], optimizer.init(x))
    >>> x
    array([0.95])
    >>> x, optimizer = np.array([1.0, 1.0]), AdamW(0.1, weight_decay=0.5, mask=[True, False])
    >>> factor = optimizer.step(x, [0.0, 0.0], optimizer.init(x))
    >>> x
    array([0.95, 1.  ])
    """

    weight_decay: float = 0.01
    mask: ArrayLike | Callable[[np.ndarray], ArrayLike] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.settle(self, "weight_decay", at_least=0)
        if self.mask is not None and not callable(self.mask):
            mask = _booleans("mask", self.mask).copy()
            mask.flags.writeable = False
            object.__setattr__(self, "mask", mask)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def _values(self) -> tuple[object, ...]:
        """The hyperparameters; a mask as what can be compared."""
        values = (getattr(self, field.name) for field in fields(self))
        return tuple((v.shape, v.tobytes()) if isinstance(v, np.ndarray) else v for v in values)

    def init(self, x: ArrayLike) -> SimpleNamespace:
        memory = super().init(x)
        memory.mask = self.mask
        if self.mask is not None:
            name, mask = "mask", self.mask
            if callable(mask):
                name, mask = "mask(x)", mask(np.array(x, copy=True))
            memory.mask = _booleans(name, mask)
            if memory.mask.shape != np.shape(x):
                raise ValueError(
                    f"{name} has shape {memory.mask.shape}; expected that of the parameters, "
                    f"{np.shape(x)}"
                )
        return memory

    def update(self, x: np.ndarray, g: np.ndarray, memory: SimpleNamespace, eta: float) -> Factor:
        decay = max(1 - eta * self.weight_decay, -sys.float_info.max)
        x *= decay if memory.mask is None else np.where(memory.mask, decay, 1.0)
        if decay < -1:  # infinity less infinity is no number
            np.clip(x, -sys.float_info.max, sys.float_info.max, out=x)
        return super().update(x, g, memory, eta)


def _booleans(name: str, values: Any) -> np.ndarray:
    """The values as an array of booleans."""
    array = _validate.as_array(name, values)
    if array.dtype.kind != "b":
        raise TypeError(
            f"{name} holds values of dtype {array.dtype}; expected True for each parameter that "
            "decays, and False for the others"
        )
    return array
