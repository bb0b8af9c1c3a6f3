"""Learning-rate schedules: functions of the step t = 0, 1, 2, ... that give the rate of that step.

A schedule never changes. One that watches the loss, `ReduceOnPlateau`, is told of it by `after`, which
returns the schedule to go on with; `train` and `minimize` do so.

Any function of the step may stand in for them: `Adam(learning_rate=lambda t: 0.1 / (1 + t))`.
"""

from __future__ import annotations

import copy
import math
import numbers
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from .. import _validate

__all__ = [
    "CosineDecay",
    "ExponentialDecay",
    "InverseTimeDecay",
    "ReduceOnPlateau",
    "Schedule",
    "StepDecay",
    "Warmup",
]


class Schedule:
    """Base class of the learning rates that depend on the step: a subclass defines `rate_at`.

    Examples
    --------
    >>> class Harmonic(Schedule):
    ...     def rate_at(self, t):
    ...         return 1 / (1 + t)
    >>> schedule = Harmonic()
    >>> schedule(3), schedule.rate_at(1)
    (0.25, 0.5)
    """

    def __call__(self, t: int) -> float:
        """The learning rate of the step t.

        Parameters
        ----------
        t : int
            The step: 0, 1, 2, ...

        Returns
        -------
        float
            The rate, at least 0.

        Raises
        ------
        TypeError, ValueError
            If t is not an integer of at least 0.

        Examples
        --------
        >>> StepDecay(rate=1.0, factor=0.5, every=2)(4)
        0.25
        """
        return self.rate_at(_validate.count("t", t, at_least=0))

    def after(self, loss: float) -> Schedule:
        """The schedule after an epoch that ended with this loss: itself, unless it watches the loss.

        Parameters
        ----------
        loss : float
            What is watched, the validation loss, say; it may be infinite or NaN.

        Returns
        -------
        Schedule
            The schedule to go on with.

        Examples
        --------
        >>> StepDecay(rate=1.0).after(0.3)
        StepDecay(rate=1.0, factor=0.1, every=1000)
        """
        return self

    def rate_at(self, t: int) -> float:
        """The rule, for a step that is known to be an integer of at least 0.

        Parameters
        ----------
        t : int
            The step: 0, 1, 2, ...

        Returns
        -------
        float
            The rate, at least 0.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class StepDecay(Schedule):
    r"""Constant for a while, then lower at once.

    .. math:: \eta_t = \mathrm{rate} \cdot \mathrm{factor}^{\lfloor t / \mathrm{every} \rfloor}

    Parameters
    ----------
    rate : float
        The rate of the first steps, above 0.
    factor : float, default 0.1
        What each fall multiplies the rate by, above 0 and at most 1.
    every : int, default 1000
        How many steps lie between falls, at least 1.

    Raises
    ------
    TypeError, ValueError
        If a parameter is no number, or out of its range.

    Examples
    --------
    >>> [StepDecay(rate=1.0, factor=0.5, every=2)(t) for t in range(5)]
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """

    rate: float
    factor: float = 0.1
    every: int = 1000

    def __post_init__(self) -> None:
        _validate.settle(self, "rate", above=0)
        _validate.settle(self, "factor", above=0, at_most=1)
        _validate.settle(self, "every", _validate.count)

    def rate_at(self, t: int) -> float:
        return self.rate * self.factor ** (t // self.every)


@dataclass(frozen=True)
class ExponentialDecay(Schedule):
    r"""Lower by the same factor at every step.

    .. math:: \eta_t = \mathrm{rate} \cdot \mathrm{factor}^t

    Parameters
    ----------
    rate : float
        The rate of the first step, above 0.
    factor : float, default 0.99
        What each step multiplies the rate by, above 0 and at most 1.

    Raises
    ------
    TypeError, ValueError
        If a parameter is no number, or out of its range.

    Examples
    --------
    >>> [ExponentialDecay(rate=2.0, factor=0.5)(t) for t in range(4)]
    [2.0, 1.0, 0.5, 0.25]
    """

    rate: float
    factor: float = 0.99

    def __post_init__(self) -> None:
        _validate.settle(self, "rate", above=0)
        _validate.settle(self, "factor", above=0, at_most=1)

    def rate_at(self, t: int) -> float:
        return self.rate * self.factor**t


@dataclass(frozen=True)
class InverseTimeDecay(Schedule):
    r"""Lower like one over the time.

    .. math:: \eta_t = \frac{\mathrm{rate}}{1 + \mathrm{decay} \cdot t}

    For a decay above 0 the sum of all rates diverges and that of their squares does not, as
    stochastic approximation asks.

    Parameters
    ----------
    rate : float
        The rate of the first step, above 0.
    decay : float, default 0.01
        One over the number of steps after which the rate is half of the first; at least 0.

    Raises
    ------
    TypeError, ValueError
        If a parameter is no number, or out of its range.

    References
    ----------
    :cite:p:`robbinsmonro1951`

    Examples
    --------
    >>> [InverseTimeDecay(rate=1.0, decay=0.5)(t) for t in (0, 2, 6)]
    [1.0, 0.5, 0.25]
    """

    rate: float
    decay: float = 0.01

    def __post_init__(self) -> None:
        _validate.settle(self, "rate", above=0)
        _validate.settle(self, "decay", at_least=0)

    def rate_at(self, t: int) -> float:
        return self.rate / (1 + self.decay * t)


@dataclass(frozen=True)
class CosineDecay(Schedule):
    r"""Half a wave of the cosine down to a final rate, which then stays.

    .. math::

       \begin{aligned}
       \eta_t = {} & \mathrm{final} + (\mathrm{rate} - \mathrm{final}) \\
       & \cdot \frac{1 + \cos(\pi \min(t / \mathrm{steps}, 1))}{2}
       \end{aligned}

    Parameters
    ----------
    rate : float
        The rate of the first step, above 0.
    steps : int
        The step from which on the rate is final, at least 1.
    final : float, default 0.0
        The last rate, at least 0 and at most `rate`.

    Raises
    ------
    TypeError, ValueError
        If a parameter is no number, or out of its range.

    References
    ----------
    :cite:p:`loshchilovhutter2017`, without restarts

    Examples
    --------
    >>> [CosineDecay(rate=1.0, steps=10)(t) for t in (0, 5, 10, 15)]
    [1.0, 0.5, 0.0, 0.0]
    """

    rate: float
    steps: int
    final: float = 0.0

    def __post_init__(self) -> None:
        _validate.settle(self, "rate", above=0)
        _validate.settle(self, "steps", _validate.count)
        _validate.settle(self, "final", at_least=0, at_most=self.rate)

    def rate_at(self, t: int) -> float:
        progress = min(t / self.steps, 1.0)
        return self.final + (self.rate - self.final) * (1 + math.cos(math.pi * progress)) / 2


@dataclass(frozen=True)
class ReduceOnPlateau(Schedule):
    r"""Lower once the loss has stopped falling.

    .. math::

       \begin{aligned}
       & \eta \leftarrow \max(\mathrm{factor} \cdot \eta, \mathrm{min\_rate}) \\
       & \text{after more than } \mathrm{patience} \text{ epochs} \\
       & \text{without progress}
       \end{aligned}

    An epoch makes progress if its loss is below the best before by more than the threshold:
    :math:`\ell < \ell_{\text{best}} - \mathrm{threshold} \cdot |\ell_{\text{best}}|`, or
    :math:`\ell < \ell_{\text{best}} - \mathrm{threshold}` in the mode "abs". A loss that is NaN makes
    none. `train` reports the validation loss after each epoch, or without one the training loss;
    `minimize` the value at each step. In a loop of your own, `after` takes it.

    The names and the count are those of PyTorch's ``ReduceLROnPlateau``, which differs for losses
    below 0 (its relative threshold is on the other side of the best loss then) and leaves out
    changes of the rate below 1e-8. Keras lowers the rate one epoch earlier: its ``patience=p`` is
    p - 1 here, its ``min_delta`` the threshold in the mode "abs".

    Parameters
    ----------
    rate : float
        The rate at the start, above 0.
    factor : float, default 0.1
        What each fall multiplies the rate by, above 0 and below 1.
    patience : int, default 10
        How many epochs in a row without progress leave the rate as it is, at least 0: the next one
        lowers it.
    threshold : float, default 1e-4
        How much lower a loss must be to be progress: at least 0, as a share of the best one (below 1
        then), or in the unit of the loss.
    threshold_mode : {"rel", "abs"}, default "rel"
        Which of the two.
    cooldown : int, default 0
        How many epochs after a fall are not counted, at least 0.
    min_rate : float, default 0.0
        The rate does not fall below this: at least 0, and at most `rate`.

    Attributes
    ----------
    best : float
        The lowest loss so far; infinite at the start.
    waited : int
        The epochs since without progress, as far as they count.
    cooling : int
        The epochs of the cooldown that are left.

    Raises
    ------
    TypeError, ValueError
        If a parameter is no number, or out of its range.

    Examples
    --------
    >>> schedule = ReduceOnPlateau(rate=1.0, factor=0.5, patience=1)
    >>> rates = []
    >>> for loss in [3.0, 2.0, 2.0, 2.5, 1.0]:
    ...     schedule = schedule.after(loss)
    ...     rates.append(schedule(0))
    >>> rates
    [1.0, 1.0, 1.0, 0.5, 0.5]
    """

    rate: float
    factor: float = 0.1
    patience: int = 10
    threshold: float = 1e-4
    threshold_mode: str = "rel"
    cooldown: int = 0
    min_rate: float = 0.0
    best: float = field(default=math.inf, init=False)
    waited: int = field(default=0, init=False)
    cooling: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        _validate.settle(self, "rate", above=0)
        _validate.settle(self, "factor", above=0, below=1)
        _validate.settle(self, "patience", _validate.count, at_least=0)
        if self.threshold_mode not in ("rel", "abs"):
            raise ValueError(f"threshold_mode is {self.threshold_mode!r}; expected 'rel' or 'abs'")
        _validate.settle(self, "threshold", at_least=0)
        if self.threshold_mode == "rel":
            _validate.settle(self, "threshold", below=1)
        _validate.settle(self, "cooldown", _validate.count, at_least=0)
        _validate.settle(self, "min_rate", at_least=0, at_most=self.rate)

    def rate_at(self, t: int) -> float:
        return self.rate

    def after(self, loss: float) -> ReduceOnPlateau:
        if isinstance(loss, bool) or not isinstance(loss, numbers.Real):
            raise TypeError(f"loss is {loss!r}; expected a number")
        best, waited, cooling, rate = self.best, self.waited + 1, self.cooling, self.rate
        if loss < self._progress():
            best, waited = float(loss), 0
        if cooling > 0:
            waited, cooling = 0, cooling - 1
        if waited > self.patience:
            waited, cooling = 0, self.cooldown
            rate = max(self.factor * rate, self.min_rate)
        later = copy.copy(self)
        for name, value in (
            ("best", best),
            ("waited", waited),
            ("cooling", cooling),
            ("rate", rate),
        ):
            object.__setattr__(later, name, value)
        return later

    def _progress(self) -> float:
        """A loss below this is progress."""
        if self.threshold_mode == "abs":
            return self.best - self.threshold
        return self.best * (1 - math.copysign(self.threshold, self.best))


@dataclass(frozen=True)
class Warmup(Schedule):
    r"""Raise the rate linearly over the first steps to that of another schedule.

    .. math:: \eta_t = \min\left(\frac{t + 1}{\mathrm{steps}}, 1\right) \eta'_t

    Parameters
    ----------
    schedule : float or callable
        The rate :math:`\eta'`, above 0, or a function of the step; it sees the same t, and the same
        losses, warm-up included.
    steps : int
        How many steps the rise takes, at least 1.

    Raises
    ------
    TypeError, ValueError
        If a parameter is no number (and `schedule` no function), or out of its range.

    Examples
    --------
    >>> [Warmup(0.5, steps=4)(t) for t in range(5)]
    [0.125, 0.25, 0.375, 0.5, 0.5]
    """

    schedule: float | Callable[[int], float]
    steps: int

    def __post_init__(self) -> None:
        _validate.settle(self, "steps", _validate.count)
        if not callable(self.schedule):
            _validate.settle(self, "schedule", above=0)

    def after(self, loss: float) -> Warmup:
        if not isinstance(self.schedule, Schedule):
            return self
        later = self.schedule.after(loss)
        return self if later is self.schedule else replace(self, schedule=later)

    def rate_at(self, t: int) -> float:
        rate = self.schedule
        if callable(rate):
            rate = _validate.number(f"schedule({t})", rate(t), at_least=0)
        return rate * min((t + 1) / self.steps, 1.0)
