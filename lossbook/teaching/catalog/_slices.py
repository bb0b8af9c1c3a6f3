"""How a loss is drawn: along one line of predictions, at each setting of a control."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

ERRORS = np.linspace(-6, 6, 121)
MARGINS = np.linspace(-3, 3, 121)
LOGITS = np.linspace(-6, 6, 121)
DISTANCES = np.linspace(0.025, 3.0, 120)
ANGLES = np.linspace(0.0, np.pi, 121)
CHANCES = np.linspace(0.005, 0.995, 100)


@dataclass(frozen=True)
class Slice:
    """How a loss is drawn: a loss and arguments for each setting, along one line of predictions."""

    x: np.ndarray
    label: str
    make: Callable[..., Any]  #: the loss, from the control's value
    y_true: Any = 0.0  #: a number for all, or a function of the control's value
    row: Callable[..., np.ndarray] | None = None  #: predictions of one sample, from x and the value
    slope: Callable[[np.ndarray], np.ndarray] = lambda g: g  #: the derivative along the line
    #: arguments of a loss of several predictions, from x and the control's value: rows for all x, or,
    #: where rows meet in a batch, the batch for one; and the derivative, from the gradients and x
    inputs: Callable[..., tuple] | None = None
    along: Callable[..., Any] = lambda g, x: g
    control: str = ""  #: the argument that the slider sets; nothing: a marker moves along the curve
    values: tuple[float, ...] = ()
    start: float = 0.0
    breaks: Callable[[float], tuple[float, ...]] = lambda v: ()  #: where the loss jumps
    top: float = 6.0
    pull: tuple[float, float] = (-2.6, 2.6)


def steps(low: float, high: float, step: float) -> tuple[float, ...]:
    """From the low end to the high one, both included, for a slider."""
    return tuple(round(v, 10) + 0.0 for v in np.arange(low, high + step / 2, step).tolist())


def several(
    x: np.ndarray,
    label: str,
    make: Callable[..., Any],
    inputs: Callable[..., tuple],
    along: Callable[..., Any],
    control: str,
    values: tuple,
    start: float,
    **more: Any,
) -> Slice:
    """The slice of a loss of several predictions."""
    told = {"control": control, "values": values, "start": start}
    return Slice(x, label, make, inputs=inputs, along=along, **told, **more)
