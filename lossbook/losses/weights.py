"""Sample weights that make classes count as one wants."""

import numpy as np

from lossbook.losses import _validate


def class_weights(y_true, weights="balanced"):
    r"""One weight for each sample, for the `sample_weight` of any loss of classes.

    Parameters
    ----------
    y_true : labels of shape (n,).
    weights : a dict that gives each label its weight, or "balanced": :math:`n / (K n_k)` for the
        :math:`n_k` samples of class k, so that all K classes present weigh the same in total and
        the mean weight is 1.

    Returns
    -------
    array of shape (n,). A loss divides by the sum of the weights: they shift attention between
    classes and leave its scale alone.

    Raises
    ------
    ValueError
        For an unknown rule, a label without a weight, a negative weight or other shapes.
    """
    labels = np.asarray(y_true)
    if labels.ndim != 1 or not labels.size:
        raise ValueError(f"y_true has shape {labels.shape}; expected labels of shape (n,), n > 0")
    classes, index, counts = np.unique(labels, return_inverse=True, return_counts=True)
    if isinstance(weights, str):
        if weights != "balanced":
            raise ValueError(f"weights is {weights!r}; expected 'balanced' or a dict")
        return (labels.size / (classes.size * counts))[index]
    if not isinstance(weights, dict):
        raise TypeError(f"weights is {weights!r}; expected 'balanced' or a dict of label: weight")
    missing = [label.item() for label in classes if label.item() not in weights]
    if missing:
        raise ValueError(
            f"weights has no entry for the label {missing[0]!r}; expected one for each"
        )
    return np.array(
        [_validate.nonnegative(f"weights[{c.item()!r}]", weights[c.item()]) for c in classes]
    )[index]
