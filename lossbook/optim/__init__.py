"""Optimizers as their update rules, learning-rate schedules, gradient clipping, `minimize`."""

from .clipping import ClipByNorm, ClipByValue
from .descent import MinimizeResult, minimize
from .optimizers import (
    AdaGrad,
    Adam,
    AdamW,
    GradientDescent,
    Momentum,
    Nesterov,
    Optimizer,
    RMSProp,
)
from .schedules import (
    CosineDecay,
    ExponentialDecay,
    InverseTimeDecay,
    ReduceOnPlateau,
    Schedule,
    StepDecay,
    Warmup,
)

__all__ = [
    "AdaGrad",
    "Adam",
    "AdamW",
    "ClipByNorm",
    "ClipByValue",
    "CosineDecay",
    "ExponentialDecay",
    "GradientDescent",
    "InverseTimeDecay",
    "MinimizeResult",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "RMSProp",
    "ReduceOnPlateau",
    "Schedule",
    "StepDecay",
    "Warmup",
    "minimize",
]
