"""Learning-rate schedules: functions of the step t = 0, 1, 2, ... that give the rate of that step.

Any function of the step may stand in for them: `Adam(learning_rate=lambda t: 0.1 / (1 + t))`.
"""

import math
from dataclasses import dataclass

from .. import _validate

__all__ = [
    "CosineDecay",
    "ExponentialDecay",
    "InverseTimeDecay",
    "Schedule",
    "StepDecay",
    "Warmup",
]


class Schedule:
    """A learning rate that depends on the step: `schedule(t)`, t = 0, 1, 2, ...

    A subclass defines `rate_at(t)`.
    """

    def __call__(self, t):
        return self.rate_at(_validate.count("t", t, at_least=0))

    def rate_at(self, t):
        raise NotImplementedError


@dataclass(frozen=True)
class StepDecay(Schedule):
    """rate * factor ** (t // every): constant for a while, then lower at once; 0 < factor <= 1."""

    rate: float
    factor: float = 0.1
    every: int = 1000

    def __post_init__(self):
        _validate.settle(self, "rate", above=0)
        _validate.settle(self, "factor", above=0, at_most=1)
        _validate.settle(self, "every", _validate.count)

    def rate_at(self, t):
        return self.rate * self.factor ** (t // self.every)


@dataclass(frozen=True)
class ExponentialDecay(Schedule):
    """rate * factor ** t; 0 < factor <= 1."""

    rate: float
    factor: float = 0.99

    def __post_init__(self):
        _validate.settle(self, "rate", above=0)
        _validate.settle(self, "factor", above=0, at_most=1)

    def rate_at(self, t):
        return self.rate * self.factor**t


@dataclass(frozen=True)
class InverseTimeDecay(Schedule):
    """rate / (1 + decay * t); decay >= 0.

    For decay > 0 its sum diverges and its sum of squares does not (`robbinsmonro1951`).
    """

    rate: float
    decay: float = 0.01

    def __post_init__(self):
        _validate.settle(self, "rate", above=0)
        _validate.settle(self, "decay", at_least=0)

    def rate_at(self, t):
        return self.rate / (1 + self.decay * t)


@dataclass(frozen=True)
class CosineDecay(Schedule):
    """final + (rate - final) (1 + cos(pi t / steps)) / 2, and `final` from t = steps on; final <= rate.

    Source: `loshchilovhutter2017`, without restarts.
    """

    rate: float
    steps: int
    final: float = 0.0

    def __post_init__(self):
        _validate.settle(self, "rate", above=0)
        _validate.settle(self, "steps", _validate.count)
        _validate.settle(self, "final", at_least=0, at_most=self.rate)

    def rate_at(self, t):
        progress = min(t / self.steps, 1.0)
        return self.final + (self.rate - self.final) * (1 + math.cos(math.pi * progress)) / 2


@dataclass(frozen=True)
class Warmup(Schedule):
    """Raise the rate linearly over the first `steps` steps: (t + 1) / steps of the schedule's own.

    `schedule` is a rate or a schedule; it sees the same t, warm-up included.
    """

    schedule: float | Schedule
    steps: int

    def __post_init__(self):
        _validate.settle(self, "steps", _validate.count)
        if not callable(self.schedule):
            _validate.settle(self, "schedule", above=0)

    def rate_at(self, t):
        rate = self.schedule
        if callable(rate):
            rate = _validate.number(f"schedule({t})", rate(t), at_least=0)
        return rate * min((t + 1) / self.steps, 1.0)
