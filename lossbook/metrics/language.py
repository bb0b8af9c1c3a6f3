"""Perplexity, the measure of language models."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate, _weights
from ..losses import CrossEntropy
from ._pairs import with_rows

__all__ = ["perplexity"]


def perplexity(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    sample_weight: ArrayLike | None = None,
    *,
    from_logits: bool = False,
    mask: ArrayLike | None = None,
    ignore_index: int | None = None,
) -> float:
    r"""The number of equally likely classes that would surprise as much.

    .. math:: \exp\left(-\frac{\sum_i w_i \log p_{i, y_i}}{\sum_i w_i}\right)

    It is exp of the cross-entropy in nats, of all tokens that count: the mean of the perplexities
    of sequences or batches is another number. A uniform guess has K. Its relative error is the
    absolute error of the cross-entropy, about :math:`2^{-52}` times the nats.

    Parameters
    ----------
    y_true : array_like of int, of shape (n,) or (..., time)
        The class indices, from 0 to K - 1: of samples, or of the tokens of sequences.
    y_prob : array_like of shape (n, K) or (..., time, K)
        The probabilities of the classes, rows that sum to 1; or their logits. The classes are on
        the last axis.
    sample_weight : array_like of the shape of `y_true`, optional
        The weights :math:`w_i`, at least 0 and not all 0; all 1 by default.
    from_logits : bool, default False
        Whether `y_prob` holds logits instead of probabilities. A logit of minus infinity rules its
        class out.
    mask : array_like of bool, of the shape of `y_true`, optional
        Which tokens count: False for padding.
    ignore_index : int, optional
        Tokens of this class do not count; -100 in PyTorch. It need not be a class.

    Returns
    -------
    float
        Between 1, for certain and right, and infinity, where a class that occurred was given the
        probability 0.

    Raises
    ------
    TypeError
        If the indices are of no integer type.
    ValueError
        If shapes do not fit, an index is out of range, a row is no distribution, a logit is NaN, or
        no token is left to count. What tokens hold that do not count is not looked at.

    References
    ----------
    :cite:p:`jelinek1977`

    Examples
    --------
    >>> perplexity([0, 1], [[0.25, 0.25, 0.25, 0.25], [0.25, 0.25, 0.25, 0.25]])
    4.0
    >>> logits = [[[0.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [9.0, 0.0]]]  # two sequences
    >>> round(perplexity([[0, 1], [1, -100]], logits, from_logits=True, ignore_index=-100), 12)
    2.0
    """
    p = _validate.as_float64("y_prob", y_prob)
    y = _validate.as_numbers("y_true", y_true)
    if p.ndim < 2 or 0 in p.shape:
        raise ValueError(f"y_prob has shape {p.shape}; expected (n, K), or (..., time, K)")
    if y.shape != p.shape[:-1]:
        raise ValueError(
            f"y_true has shape {y.shape}; expected {p.shape[:-1]}, a class for each row of y_prob"
        )
    w = np.ones(y.shape)
    if sample_weight is not None:
        w = _validate.check_weights(sample_weight, y.shape)
    w = np.where(_counted(y, mask, ignore_index), w, 0.0)
    if not w.any():
        given = {"mask": mask, "ignore_index": ignore_index, "sample_weight": sample_weight}
        who = " and ".join(name for name, value in given.items() if value is not None)
        raise ValueError(
            f"{who} leave{'' if ' and ' in who else 's'} none of the {y.size} entries of y_true;"
            " expected at least one that counts"
        )
    loss = CrossEntropy(from_logits=from_logits)
    out = w == 0
    # tokens that do not count: class 0 of a uniform distribution
    p, y = with_rows(p, out, 1 / p.shape[-1]), with_rows(y, out, 0)
    names = {"y_true": "y_true", "y_pred": "y_prob"}
    if y.ndim > 1:
        names = {"y_true": "y_true.ravel()", "y_pred": f"y_prob.reshape(-1, {p.shape[-1]})"}
    with _validate.renamed(**names):
        nats = loss(y.ravel(), p.reshape(y.size, -1), w.ravel())
    with np.errstate(over="ignore"):
        return float(np.exp(nats))


def _counted(y: np.ndarray, mask: ArrayLike | None, ignore_index: int | None) -> np.ndarray:
    """Which entries of y count."""
    counted = np.ones(y.shape, dtype=bool)
    if mask is not None:
        given = _validate.as_numbers("mask", mask)
        if given.shape != y.shape:
            raise ValueError(f"mask has shape {given.shape}; expected that of y_true, {y.shape}")
        wrong = (given != 0) & (given != 1)
        if given.dtype.kind == "f" or wrong.any():
            place = _validate.first_index(wrong if wrong.any() else np.ones_like(wrong))
            raise (TypeError if given.dtype.kind == "f" else ValueError)(
                f"mask holds {given[place]}{_validate.at(place)}, of dtype {given.dtype}; expected "
                "True and False, or the integers 1 and 0"
            )
        counted &= given != 0
    if ignore_index is not None:
        counted &= y != _weights.integer("ignore_index", ignore_index)
    return counted
