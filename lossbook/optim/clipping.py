"""Gradient clipping: functions of the gradient, applied before the optimizer sees it."""

from dataclasses import dataclass

import numpy as np

from . import _checks

__all__ = ["ClipByNorm", "ClipByValue"]


@dataclass(frozen=True)
class ClipByNorm:
    """g * min(1, max_norm / ||g||_2): a shorter step in the same direction (`pascanu2013`)."""

    max_norm: float

    def __post_init__(self):
        _checks.number("max_norm", self.max_norm, above=0)

    def __call__(self, gradient):
        norm = np.linalg.norm(gradient)
        return gradient * (self.max_norm / norm) if norm > self.max_norm else gradient


@dataclass(frozen=True)
class ClipByValue:
    """Each entry of the gradient limited to [-limit, limit]; this turns the direction."""

    limit: float

    def __post_init__(self):
        _checks.number("limit", self.limit, above=0)

    def __call__(self, gradient):
        return np.clip(gradient, -self.limit, self.limit)
