"""Gradient clipping: functions of the gradient, applied before the optimizer sees it.

They take whatever NumPy can read as real numbers and return float64. NaN and infinity are errors:
they have no direction, and a limit on their size would hide that the run has failed.
"""

import math
from dataclasses import dataclass

import numpy as np

from .. import _validate

__all__ = ["ClipByNorm", "ClipByValue"]


@dataclass(frozen=True)
class ClipByNorm:
    """g * min(1, max_norm / ||g||_2): a shorter step in the same direction (`pascanu2013`)."""

    max_norm: float

    def __post_init__(self):
        _validate.settle(self, "max_norm", above=0)

    def __call__(self, gradient):
        g = _validate.as_float64("gradient", gradient)
        norm = math.sqrt(np.vdot(g, g))
        if 1e-140 < norm < math.inf and norm < 1e290 * self.max_norm:
            return g * (self.max_norm / norm) if norm > self.max_norm else g
        # Squares or the factor over- or underflow: in units of the largest entry they do not.
        _validate.check_finite("gradient", g)
        top = float(np.abs(g).max(initial=0.0))
        if top == 0:
            return g
        unit = g / top
        norm = math.sqrt(np.vdot(unit, unit))
        return unit * (self.max_norm / norm) if norm > self.max_norm / top else g


@dataclass(frozen=True)
class ClipByValue:
    """Each entry of the gradient limited to [-limit, limit]; this turns the direction."""

    limit: float

    def __post_init__(self):
        _validate.settle(self, "limit", above=0)

    def __call__(self, gradient):
        return np.clip(_validate.as_finite("gradient", gradient), -self.limit, self.limit)
