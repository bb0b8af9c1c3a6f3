"""Checks of vectors, one a row, of their labels, and of what is computed with them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from lossbook._validate import as_classes, check_finite, check_indices, matrix, number

_LARGEST = 1e300


def directions(name: str, values: Any) -> np.ndarray:
    """The values as a float64 array of vectors (n, d), finite, none of them 0."""
    array = matrix(name, values, hint=f"np.asarray({name})[None] makes a row of one vector")
    check_directions(name, array)
    return array


def check_directions(name: str, array: np.ndarray) -> None:
    """Raise if a row of vectors is 0, and so has no direction."""
    none = ~array.any(axis=1)
    if none.any():
        raise ValueError(
            f"{name} holds a vector of length 0 at index {int(none.argmax())}; expected one with a "
            "direction, whose cosine with others is taken"
        )


def labels(name: str, values: Any, n: int, of: str) -> np.ndarray:
    """The values as integers (n,): labels of the n rows of the argument `of`."""
    array = as_classes(name, values)
    if array.shape != (n,):
        raise ValueError(
            f"{name} has shape {array.shape} and {of} {n} rows; expected ({n},), a label for each"
        )
    if array.dtype.kind == "f":
        check_finite(name, array)
        raise TypeError(
            f"{name} holds {array[0]} at index 0, of dtype {array.dtype}; expected labels of an "
            f"integer type: np.asarray({name}).astype(int) makes them"
        )
    return array


def check_centers(labels: np.ndarray, rows: np.ndarray, centers: np.ndarray) -> None:
    """Raise unless there is a center for each label, of the rows' dimension."""
    if centers.shape[1] != rows.shape[1] or len(centers) < 2:
        raise ValueError(
            f"centers has shape {centers.shape}, embeddings has shape {rows.shape}; expected (K, d) "
            "against (n, d), with a center for each of 2 classes or more"
        )
    check_indices("labels", labels, len(centers))


def degree(name: str, value: Any) -> float:
    """The degree of a norm as a float of at least 1, or infinity."""
    if isinstance(value, (float, np.floating)) and value == math.inf:
        return math.inf
    return number(name, value, at_least=1)


def factor(name: str, value: Any) -> float:
    """What similarities are multiplied by, as a float above 0: sums of some products are finite."""
    return number(name, value, above=0, at_most=_LARGEST)


def temperature(name: str, value: Any) -> float:
    """What similarities are divided by, as a float above 0 that is no smaller than that."""
    found = number(name, value, above=0)
    if found < 1.0 / _LARGEST:
        raise ValueError(f"{name} is {found}; expected a number of at least {1.0 / _LARGEST:g}")
    return found
