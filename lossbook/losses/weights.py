"""Sample weights that make classes count as one wants."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lossbook import _validate


def class_weights(
    y_true: ArrayLike, weights: str | Mapping[Hashable, float] = "balanced"
) -> np.ndarray:
    r"""One weight for each sample, for the `sample_weight` of any loss of classes.

    A loss divides by the sum of the weights: they shift attention between classes and leave its
    scale alone.

    Parameters
    ----------
    y_true : array_like of shape (n,)
        Labels: numbers, strings, or any objects that can be keys of a dict.
    weights : "balanced" or dict, default "balanced"
        A dict gives each label its weight, at least 0. "balanced": :math:`n / (K n_k)` for the
        :math:`n_k` samples of class k, so that all K classes present weigh the same in total and
        the mean weight is 1.

    Returns
    -------
    ndarray of shape (n,)

    Raises
    ------
    ValueError, TypeError
        For an unknown rule, a label without a weight, a missing label (NaN, None, masked), a
        negative weight or other shapes.

    Examples
    --------
    >>> class_weights(["cat", "dog", "dog", "dog"])
    array([2.        , 0.66666667, 0.66666667, 0.66666667])
    """
    labels = _as_given(_validate.as_array("y_true", y_true), y_true)
    if labels.ndim != 1 or not labels.size:
        raise ValueError(f"y_true has shape {labels.shape}; expected labels of shape (n,), n > 0")
    classes, index, counts = _classes(labels)
    if isinstance(weights, str):
        if weights != "balanced":
            raise ValueError(f"weights is {weights!r}; expected 'balanced' or a dict")
        return (labels.size / (len(classes) * counts))[index]
    if not isinstance(weights, Mapping):
        raise TypeError(f"weights is {weights!r}; expected 'balanced' or a dict of label: weight")
    missing = [label for label in classes if label not in weights]
    if missing:
        raise ValueError(
            f"weights has no entry for the label {missing[0]!r}; expected one for each"
        )
    return np.array([_validate.nonnegative(f"weights[{c!r}]", weights[c]) for c in classes])[index]


def _as_given(labels: np.ndarray, y_true: Any) -> np.ndarray:
    """Of a list of strings and others NumPy makes strings: 'nan' of NaN, '1' of 1."""
    if labels.dtype.kind not in "US" or labels.ndim != 1 or not isinstance(y_true, (list, tuple)):
        return labels
    if all(isinstance(label, (str, bytes)) for label in y_true):
        return labels
    labels = np.empty(len(y_true), dtype=object)
    labels[:] = y_true
    return labels


def _classes(labels: np.ndarray) -> tuple[list, np.ndarray, np.ndarray]:
    """The classes as Python objects, the class of each sample, and how many samples each has."""
    if labels.dtype.kind != "O":
        classes, first, index, counts = np.unique(labels, True, True, True)
        for label, i in zip(classes, first, strict=True):
            _refuse_missing(label, i)
        return classes.tolist(), index, counts
    number: dict[Hashable, int] = {}
    index = np.empty(labels.size, dtype=np.intp)
    for i, label in enumerate(labels):
        _refuse_missing(label, i)
        try:
            index[i] = number.setdefault(label, len(number))
        except TypeError:
            raise TypeError(
                f"y_true holds {label!r} at index {i}; expected labels, such as numbers or strings"
            ) from None
    return list(number), index, np.bincount(index)


def _refuse_missing(label: Any, index: int) -> None:
    """NaN and NaT differ from themselves; comparing pandas' NA gives NA, which is not a bool."""
    try:
        missing = label is None or bool(label != label)
    except (TypeError, ValueError):
        missing = True
    if missing:
        raise ValueError(f"y_true holds {label!s} at index {index}; expected a label")
