"""Calibration: how often it happened when the forecast said p."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from ._pairs import with_rows

__all__ = ["ReliabilityCurve", "expected_calibration_error", "reliability_curve"]

#: labels, forecasts, weights
Forecasts = tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True, eq=False)
class ReliabilityCurve:
    """Forecasts by bin: an entry for each bin that holds a forecast.

    Parameters
    ----------
    mean_predicted : ndarray of shape (used bins,)
        The weighted mean of the forecast probabilities, from 0 to 1.
    observed : ndarray of shape (used bins,)
        The relative frequency of the event, weighted, from 0 to 1.
    count : ndarray of int, of shape (used bins,)
        How many forecasts of a weight above 0 the bin holds.
    weight : ndarray of shape (used bins,)
        The sum of their weights: their number, where there are no weights.
    edges : ndarray of shape (bins + 1,)
        The edges of all bins, empty ones included.

    Examples
    --------
    >>> curve = reliability_curve([0, 1, 1, 1], [0.1, 0.2, 0.8, 0.9], bins=2)
    >>> curve.mean_predicted.round(2), curve.observed, curve.count
    (array([0.15, 0.85]), array([0.5, 1. ]), array([2, 2]))
    """

    mean_predicted: np.ndarray
    observed: np.ndarray
    count: np.ndarray
    weight: np.ndarray
    edges: np.ndarray


def reliability_curve(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    sample_weight: ArrayLike | None = None,
    *,
    bins: int = 10,
    strategy: str = "uniform",
    top_label: bool = False,
) -> ReliabilityCurve:
    """How often it happened when the forecast said p: the points of a reliability diagram.

    A calibrated forecast has `observed` near `mean_predicted`. A bin holds its right edge, the
    first one its left edge too.

    Parameters
    ----------
    y_true : array_like of shape (n,)
        The labels, 0 and 1; with `top_label` the class indices, from 0 to K - 1.
    y_prob : array_like of shape (n,) or (n, K)
        The probabilities of the label 1, from 0 to 1; with `top_label` those of the K classes, rows
        that sum to 1.
    sample_weight : array_like of shape (n,), optional
        The weights, at least 0 and not all 0; all 1 by default. Samples of weight 0 take no part,
        whatever `y_prob` holds there.
    bins : int, default 10
        How many bins, at least 1.
    strategy : {"uniform", "quantile"}, default "uniform"
        Bins of equal width on [0, 1], or of (nearly) equal count, of equal weight where weights
        differ; as equal forecasts stay together, there are fewer of these where many are equal.
    top_label : bool, default False
        Whether the event is that the predicted class is the true one: the forecast is then the
        confidence, the highest of the K probabilities, and the predicted class its first place.

    Returns
    -------
    ReliabilityCurve
        The forecasts by bin.

    Raises
    ------
    TypeError
        If the class indices are of no integer type.
    ValueError
        For labels other than 0 and 1, class indices out of range, probabilities outside of [0, 1],
        rows that are no distribution, weights of which none is above 0, and bins below 1.

    References
    ----------
    :cite:p:`degrootfienberg1983`; of the top label :cite:p:`guo2017`

    Examples
    --------
    >>> reliability_curve([0, 1, 1, 1], [0.1, 0.2, 0.8, 0.9], bins=2).observed
    array([0.5, 1. ])
    >>> rows = [[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]]
    >>> reliability_curve([0, 1], rows, bins=1, top_label=True).observed  # one of two is right
    array([0.5])
    """
    read = _forecasts(y_true, y_prob, sample_weight, top_label)
    edges = _edges(read, sample_weight is not None, _validate.count("bins", bins), strategy)
    used = _bins(read, edges)
    weight = np.array([math.fsum(w) for _, _, w in used])
    return ReliabilityCurve(
        mean_predicted=np.array([math.fsum(w * p) for _, p, w in used]) / weight,
        observed=np.array([math.fsum(w * y) for y, _, w in used]) / weight,
        count=np.array([len(w) for _, _, w in used]),
        weight=weight if sample_weight is None else np.ldexp(weight, _exponent(sample_weight)),
        edges=edges,
    )


def expected_calibration_error(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    sample_weight: ArrayLike | None = None,
    *,
    bins: int = 10,
    strategy: str = "uniform",
    top_label: bool = False,
) -> float:
    r"""The mean gap between forecast and frequency over the bins.

    .. math:: \sum_b \frac{w_b}{\sum_c w_c} \lvert \bar y_b - \bar p_b \rvert

    The :math:`w_b` are the sums of the weights by bin, the counts by default. It is 0 for a
    calibrated forecast with many samples. It depends on the bins, and with few samples a bin it is
    above 0 for a calibrated forecast too.

    For K classes, `top_label` gives the top-label calibration error, what papers on neural networks
    call ECE: :math:`\bar p_b` is the mean confidence in the predicted class, and :math:`\bar y_b`
    the accuracy. It says nothing of the other classes. For two classes it is another number than
    that of the probabilities of the label 1: forecasts of 0.2 and 0.8 have the same confidence.

    Parameters
    ----------
    y_true : array_like of shape (n,)
        The labels, 0 and 1; with `top_label` the class indices, from 0 to K - 1.
    y_prob : array_like of shape (n,) or (n, K)
        The probabilities of the label 1, from 0 to 1; with `top_label` those of the K classes, rows
        that sum to 1.
    sample_weight : array_like of shape (n,), optional
        The weights, at least 0 and not all 0; all 1 by default. Samples of weight 0 take no part,
        whatever `y_prob` holds there.
    bins : int, default 10
        How many bins, at least 1.
    strategy : {"uniform", "quantile"}, default "uniform"
        Bins of equal width on [0, 1], or of (nearly) equal count, of equal weight where weights
        differ; as equal forecasts stay together, there are fewer of these where many are equal.
    top_label : bool, default False
        Whether the event is that the predicted class is the true one: the forecast is then the
        confidence, the highest of the K probabilities, and the predicted class its first place.

    Returns
    -------
    float
        The gap, from 0 to 1.

    Raises
    ------
    TypeError
        If the class indices are of no integer type.
    ValueError
        For labels other than 0 and 1, class indices out of range, probabilities outside of [0, 1],
        rows that are no distribution, weights of which none is above 0, and bins below 1.

    References
    ----------
    :cite:p:`naeini2015`; of the top label :cite:p:`guo2017`, by that name :cite:p:`kumar2019`

    Examples
    --------
    >>> expected_calibration_error([0, 1, 1, 1], [0.25, 0.25, 0.75, 0.75], bins=2)
    0.25
    >>> rows = [[0.75, 0.25, 0.0], [0.0, 0.25, 0.75]]
    >>> expected_calibration_error([0, 1], rows, top_label=True)  # 0.75, right in 1 of 2
    0.25
    """
    read = _forecasts(y_true, y_prob, sample_weight, top_label)
    edges = _edges(read, sample_weight is not None, _validate.count("bins", bins), strategy)
    # The gap of a bin times its weight is one sum, |sum w y - sum w p|, which is rounded once.
    gaps = [abs(math.fsum([*(w * y), *(-w * p)])) for y, p, w in _bins(read, edges)]
    return math.fsum(gaps) / math.fsum(read[2])


def _forecasts(
    y_true: ArrayLike, y_prob: ArrayLike, sample_weight: ArrayLike | None, top_label: bool
) -> Forecasts:
    """Labels 0 and 1, probabilities, and weights of at most 1, those of 0 left out."""
    p = _validate.as_float64("y_prob", y_prob)
    n = p.shape[0] if p.ndim else 1
    w = np.ones(n)
    if sample_weight is not None and p.ndim:
        w = _validate.check_weights(sample_weight, (n,))
        w = np.ldexp(w, -_exponent(w))
    rows = w == 0
    if _validate.boolean("top_label", top_label):
        y, p = _top_label(y_true, p, rows)
    else:
        y, p = _events(y_true, y_prob, rows)
    return y[~rows], p[~rows], w[~rows]


def _events(
    y_true: ArrayLike, y_prob: ArrayLike, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Labels 0 and 1, and the probabilities of the label 1."""
    try:
        y, p = _validate.check_pair(y_true, y_prob, ("y_true", "y_prob"))
    except ValueError as error:
        shape = _validate.as_float64("y_prob", y_prob).shape
        if len(shape) == 2 and shape[1] > 1:
            hint = "y_prob[:, 1] of the label 1, or top_label=True for the predicted class"
            raise ValueError(f"{error} ({hint})") from None
        raise
    if y.ndim != 1:
        raise ValueError(f"y_true has shape {y.shape}; expected (n,)")
    y, p = with_rows(y, rows, 0.0), with_rows(p, rows, 0.0)
    _validate.check_binary("y_true", y)
    _validate.check_range("y_prob", p, 0.0, 1.0, "probabilities from 0 to 1")
    return y, p


def _top_label(y_true: ArrayLike, p: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether the predicted class is the true one, and the confidence in it."""
    y = _validate.as_classes("y_true", y_true)
    if y.ndim == 2 and y.shape == p.shape:
        raise ValueError(
            f"y_true has shape {y.shape}; expected (n,), class indices: np.argmax(y_true, axis=1) "
            "makes them of one-hot rows"
        )
    _validate.check_rows(y, p, True, False, ("y_true", "y_prob"))
    p = with_rows(p, rows, 1 / p.shape[1])
    _validate.check_distributions("y_prob", p)
    return (p.argmax(axis=1) == y).astype(float), p.max(axis=1).clip(max=1.0)


def _edges(read: Forecasts, weighted: bool, bins: int, strategy: str) -> np.ndarray:
    """The edges of the bins."""
    if strategy == "uniform":
        return np.linspace(0, 1, bins + 1)
    if strategy != "quantile":
        raise ValueError(f"strategy is {strategy!r}; expected 'uniform' or 'quantile'")
    _, p, w = read
    shares = np.linspace(0, 1, bins + 1)
    if weighted and (w != w[0]).any():
        edges = np.quantile(p, shares, weights=w, method="inverted_cdf")
    else:
        edges = np.quantile(p, shares)
    # Tied forecasts: the first edge may be the right edge of the first bin as well.
    inner = np.unique(edges[1:-1])
    return np.concatenate([edges[:1], inner[inner < edges[-1]], edges[-1:]])


def _bins(read: Forecasts, edges: np.ndarray) -> list[Forecasts]:
    """The forecasts of each bin that holds one."""
    y, p, w = read
    bin_of = np.searchsorted(edges[1:-1], p, side="left")
    order = np.argsort(bin_of, kind="stable")
    starts = np.flatnonzero(np.diff(bin_of[order])) + 1
    return [(y[rows], p[rows], w[rows]) for rows in np.split(order, starts)]


def _exponent(sample_weight: ArrayLike) -> int:
    """That of the power of 2 above all weights: divided by it, they have a sum."""
    return int(np.frexp(_validate.as_float64("sample_weight", sample_weight).max())[1])
