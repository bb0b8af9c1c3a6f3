"""Hyperparameters that weigh classes and labels, and one that ignores a label."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from lossbook import _validate

T = TypeVar("T")


def optional(check: Callable[[str, Any], T], name: str, value: Any) -> T | None:
    """What the check makes of the value; None stays None."""
    return None if value is None else check(name, value)


def integer(name: str, value: Any) -> int:
    """The value as a Python integer, if it is one."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} is {value!r}; expected an integer")
    return int(value)


def of_classes(name: str, values: Any) -> tuple[float, ...]:
    """A hyperparameter that weighs classes: one number of at least 0 for each, not all 0."""
    array = _validate.as_float64(name, values)
    if array.ndim != 1 or array.size < 2:
        raise ValueError(
            f"{name} has shape {array.shape}; expected (K,), one weight for each class"
        )
    _validate.check_weight_values(array, name)
    return _moderate(name, array)


def one_or_each(name: str, value: Any) -> float | tuple[float, ...]:
    """A hyperparameter of at least 0, or a vector of them."""
    if isinstance(value, numbers.Number) or np.ndim(value) == 0:
        return _moderate(name, np.array([_validate.nonnegative(name, value)]))[0]
    array = _validate.as_float64(name, value)
    if array.ndim != 1 or not array.size:
        raise ValueError(f"{name} has shape {array.shape}; expected a number, or a vector of them")
    _validate.check_range(name, array, 0.0, math.inf, "numbers of at least 0")
    return _moderate(name, array)


def alpha(name: str, value: Any) -> float | tuple[float, ...]:
    """A hyperparameter that weighs two classes by a number in (0, 1), or each by its own."""
    scalar = isinstance(value, numbers.Number) or np.ndim(value) == 0
    return _validate.open_unit(name, value) if scalar else of_classes(name, value)


def check_count(name: str, values: object, count: int, why: str) -> None:
    """Raise if a hyperparameter has several entries, and not as many."""
    if isinstance(values, tuple) and len(values) != count:
        raise ValueError(f"{name} has {len(values)} entries; expected {count}, {why}")


def _moderate(name: str, array: np.ndarray) -> tuple[float, ...]:
    """The weights, unless sums and products with them would leave float64."""
    wrong = (array != 0.0) & ~((array >= 1e-100) & (array <= 1e100))
    if wrong.any():
        at = float(array[wrong][0])
        raise ValueError(f"{name} holds {at}; expected 0, or numbers from 1e-100 to 1e100")
    return tuple(array.tolist())
