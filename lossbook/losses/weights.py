"""Sample weights that make classes count as one wants."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from lossbook import _validate
from lossbook._labels import classes_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["class_weights"]


def class_weights(
    y_true: ArrayLike, weights: str | Mapping[Hashable, float] = "balanced"
) -> np.ndarray:
    r"""One weight for each sample, for the `sample_weight` of any loss of classes.

    A loss divides by the sum of the weights: they shift attention between classes and leave its
    scale alone. `CrossEntropy` takes the weights of classes by itself, as `class_weight`.

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
        As `sample_weight` takes them.

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
    classes, index, counts = classes_of("y_true", y_true)
    if isinstance(weights, str):
        if weights != "balanced":
            raise ValueError(f"weights is {weights!r}; expected 'balanced' or a dict")
        return (len(index) / (len(classes) * counts))[index]
    if not isinstance(weights, Mapping):
        raise TypeError(f"weights is {weights!r}; expected 'balanced' or a dict of label: weight")
    missing = [label for label in classes if label not in weights]
    if missing:
        raise ValueError(
            f"weights has no entry for the label {missing[0]!r}; expected one for each"
        )
    return np.array([_validate.nonnegative(f"weights[{c!r}]", weights[c]) for c in classes])[index]
