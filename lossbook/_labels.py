"""Labels of classes: numbers, strings, or any objects that can be keys of a dict."""

from __future__ import annotations

from typing import Any

import numpy as np

from lossbook import _validate


def classes_of(name: str, values: Any) -> tuple[list, np.ndarray, np.ndarray]:
    """The classes as Python objects, the class of each sample, and how many samples each has."""
    labels = _as_given(_validate.as_array(name, values), values)
    if labels.ndim != 1 or not labels.size:
        raise ValueError(f"{name} has shape {labels.shape}; expected labels of shape (n,), n > 0")
    if labels.dtype.kind != "O":
        classes, first, index, counts = np.unique(labels, True, True, True)
        for label, i in zip(classes, first, strict=True):
            _refuse_missing(name, label, i)
        return classes.tolist(), index, counts
    number: dict[Any, int] = {}
    index = np.empty(labels.size, dtype=np.intp)
    for i, label in enumerate(labels):
        _refuse_missing(name, label, i)
        try:
            index[i] = number.setdefault(label, len(number))
        except TypeError:
            raise TypeError(
                f"{name} holds {label!r} at index {i}; expected labels, such as numbers or strings"
            ) from None
    return list(number), index, np.bincount(index)


def _as_given(labels: np.ndarray, values: Any) -> np.ndarray:
    """Of a list of strings and others NumPy makes strings: 'nan' of NaN, '1' of 1."""
    if labels.dtype.kind not in "US" or labels.ndim != 1 or not isinstance(values, (list, tuple)):
        return labels
    if all(isinstance(label, (str, bytes)) for label in values):
        return labels
    labels = np.empty(len(values), dtype=object)
    labels[:] = values
    return labels


def _refuse_missing(name: str, label: Any, index: int) -> None:
    """NaN and NaT differ from themselves; comparing pandas' NA gives NA, which is not a bool."""
    try:
        missing = label is None or bool(label != label)
    except (TypeError, ValueError):
        missing = True
    if missing:
        raise ValueError(f"{name} holds {label!s} at index {index}; expected a label")
