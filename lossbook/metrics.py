"""Metrics worth reading beside a loss: calibration, perplexity, R squared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from . import _validate

__all__ = [
    "ReliabilityCurve",
    "expected_calibration_error",
    "perplexity",
    "r_squared",
    "reliability_curve",
]


@dataclass(frozen=True, eq=False)
class ReliabilityCurve:
    """Forecasts by bin: an entry for each bin that holds a forecast.

    Parameters
    ----------
    mean_predicted : ndarray of shape (used bins,)
        The mean forecast probability, from 0 to 1.
    observed : ndarray of shape (used bins,)
        The relative frequency of the event, from 0 to 1.
    count : ndarray of int, of shape (used bins,)
        How many forecasts the bin holds.
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
    edges: np.ndarray


def reliability_curve(
    y_true: ArrayLike, y_prob: ArrayLike, *, bins: int = 10, strategy: str = "uniform"
) -> ReliabilityCurve:
    """How often it happened when the forecast said p: the points of a reliability diagram.

    A calibrated forecast has `observed` near `mean_predicted`. A bin holds its right edge, the
    first one its left edge too.

    Parameters
    ----------
    y_true : array_like of shape (n,)
        The labels, 0 and 1.
    y_prob : array_like of shape (n,)
        The probabilities of the label 1, from 0 to 1.
    bins : int, default 10
        How many bins, at least 1.
    strategy : {"uniform", "quantile"}, default "uniform"
        Bins of equal width on [0, 1], or of (nearly) equal count; as equal forecasts stay together,
        there are fewer of these where many are equal.

    Returns
    -------
    ReliabilityCurve
        The forecasts by bin.

    Raises
    ------
    ValueError
        For labels other than 0 and 1, probabilities outside of [0, 1], and bins below 1.

    References
    ----------
    :cite:p:`degrootfienberg1983`

    Examples
    --------
    >>> reliability_curve([0, 1, 1, 1], [0.1, 0.2, 0.8, 0.9], bins=2).observed
    array([0.5, 1. ])
    """
    y, p = _validate.check_pair(y_true, y_prob, ("y_true", "y_prob"))
    if y.ndim != 1:
        raise ValueError(f"y_true has shape {y.shape}; expected (n,)")
    _validate.check_binary("y_true", y)
    _validate.check_range("y_prob", p, 0.0, 1.0, "probabilities from 0 to 1")
    bins = _validate.count("bins", bins)
    if strategy == "uniform":
        edges = np.linspace(0, 1, bins + 1)
    elif strategy == "quantile":
        edges = np.quantile(p, np.linspace(0, 1, bins + 1))
        # Tied forecasts: the first edge may be the right edge of the first bin as well.
        inner = np.unique(edges[1:-1])
        edges = np.concatenate([edges[:1], inner[inner < edges[-1]], edges[-1:]])
    else:
        raise ValueError(f"strategy is {strategy!r}; expected 'uniform' or 'quantile'")
    inner = edges[1:-1]
    bin_of = np.searchsorted(inner, p, side="left")
    count = np.bincount(bin_of, minlength=len(inner) + 1)
    used = count > 0
    return ReliabilityCurve(
        mean_predicted=np.bincount(bin_of, p, len(count))[used] / count[used],
        observed=np.bincount(bin_of, y, len(count))[used] / count[used],
        count=count[used],
        edges=edges,
    )


def expected_calibration_error(
    y_true: ArrayLike, y_prob: ArrayLike, *, bins: int = 10, strategy: str = "uniform"
) -> float:
    r"""The mean gap between forecast and frequency over the bins.

    .. math:: \sum_b \frac{n_b}{n} \lvert \bar y_b - \bar p_b \rvert

    It is 0 for a calibrated forecast with many samples. It depends on the bins, and with few
    samples a bin it is above 0 for a calibrated forecast too.

    Parameters
    ----------
    y_true : array_like of shape (n,)
        The labels, 0 and 1.
    y_prob : array_like of shape (n,)
        The probabilities of the label 1, from 0 to 1.
    bins : int, default 10
        How many bins, at least 1.
    strategy : {"uniform", "quantile"}, default "uniform"
        Bins of equal width on [0, 1], or of (nearly) equal count; as equal forecasts stay together,
        there are fewer of these where many are equal.

    Returns
    -------
    float
        The gap, from 0 to 1.

    Raises
    ------
    ValueError
        For labels other than 0 and 1, probabilities outside of [0, 1], and bins below 1.

    References
    ----------
    :cite:p:`naeini2015`

    Examples
    --------
    >>> expected_calibration_error([0, 1, 1, 1], [0.25, 0.25, 0.75, 0.75], bins=2)
    0.25
    """
    curve = reliability_curve(y_true, y_prob, bins=bins, strategy=strategy)
    gap = np.abs(curve.observed - curve.mean_predicted)
    return float(curve.count @ gap / curve.count.sum())


def perplexity(y_true: ArrayLike, y_prob: ArrayLike) -> float:
    r"""The number of equally likely classes that would surprise as much.

    .. math:: \exp\left(-\frac{1}{n} \sum_{i=1}^n \log p_{i, y_i}\right)

    It is exp of the cross-entropy in nats. A uniform guess has K.

    Parameters
    ----------
    y_true : array_like of int, of shape (n,)
        The class indices, from 0 to K - 1.
    y_prob : array_like of shape (n, K)
        The probabilities of the classes, rows that sum to 1.

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
        If shapes do not fit, an index is out of range, or a row is no distribution.

    References
    ----------
    :cite:p:`jelinek1977`

    Examples
    --------
    >>> perplexity([0, 1], [[0.25, 0.25, 0.25, 0.25], [0.25, 0.25, 0.25, 0.25]])
    4.0
    """
    p = _validate.as_float64("y_prob", y_prob)
    y = _validate.as_classes("y_true", y_true)
    if p.ndim != 2 or 0 in p.shape:
        raise ValueError(f"y_prob has shape {p.shape}; expected (n, K)")
    if y.shape != p.shape[:1]:
        raise ValueError(
            f"y_true has shape {y.shape}; expected {p.shape[:1]}, a class for each row"
        )
    _validate.check_indices("y_true", y, p.shape[1])
    _validate.check_distributions("y_prob", p)
    with np.errstate(divide="ignore", over="ignore"):
        return float(np.exp(-np.mean(np.log(p[np.arange(len(y)), y]))))


def r_squared(
    y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None = None
) -> float:
    r"""The share of the variance that the predictions explain.

    .. math:: 1 - \frac{\sum_i w_i (y_i - \hat y_i)^2}{\sum_i w_i (y_i - \bar y)^2}

    Parameters
    ----------
    y_true : array_like of shape (n,) or (n, k)
        The targets; for k outputs the mean of the k values is taken, as in scikit-learn.
    y_pred : array_like of the same shape
        The predictions.
    sample_weight : array_like of shape (n,), optional
        The weights, at least 0 and not all 0; all 1 by default.

    Returns
    -------
    float
        1 is perfect, 0 as good as the mean of y, and below 0 is worse than that; there is no lower
        bound.

    Raises
    ------
    ValueError
        If shapes differ, if a number is not finite, or if y, or an output of it, is constant over
        the samples of positive weight: there is nothing to explain.

    References
    ----------
    :cite:p:`kvalseth1985`

    Examples
    --------
    >>> r_squared([1.0, 2.0, 3.0], [1.0, 2.0, 2.0])  # 1 - 1 / 2
    0.5
    """
    y, p = _validate.check_pair(y_true, y_pred)
    if y.ndim not in (1, 2):
        raise ValueError(f"y_true has shape {y.shape}; expected (n,) or (n, k)")
    _validate.check_finite("y_true", y)
    _validate.check_finite("y_pred", p)
    w = None
    if sample_weight is not None:
        w = _validate.check_weights(sample_weight, y.shape[:1])
        y, p, w = y[w > 0], p[w > 0], _in_units(w[w > 0])[0]
    if y.ndim == 1:
        return _explained("y_true", y, p, w)
    return float(
        np.mean([_explained(f"y_true[:, {j}]", y[:, j], p[:, j], w) for j in range(y.shape[1])])
    )


def _explained(name: str, y: np.ndarray, p: np.ndarray, w: np.ndarray | None) -> float:
    """R squared of one output. Powers of 2 are taken out, so that no square over- or underflows."""
    _, exponent = _in_units(np.concatenate([y, p]))
    error, error_exponent = _in_units(np.ldexp(y, -exponent) - np.ldexp(p, -exponent))
    error_exponent += exponent
    y_units, exponent = _in_units(y)
    spread, spread_exponent = _in_units(y_units - np.average(y_units, weights=w))
    spread_exponent += exponent
    variance = np.average(spread**2, weights=w)
    if (y == y[0]).all() or variance == 0:
        raise ValueError(f"{name} is constant, {y[0]}; expected values that differ")
    with np.errstate(over="ignore"):
        ratio = np.ldexp(
            np.average(error**2, weights=w) / variance, 2 * (error_exponent - spread_exponent)
        )
    return float(1 - ratio)


def _in_units(values: np.ndarray) -> tuple[np.ndarray, int]:
    """The values, divided by the power of 2 above them all; and its exponent."""
    exponent = int(np.frexp(np.abs(values).max())[1])
    return np.ldexp(values, -exponent), exponent
