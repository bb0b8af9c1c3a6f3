"""Metrics worth reading beside a loss: calibration, perplexity, R squared."""

from dataclasses import dataclass

import numpy as np

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
    """Forecasts by bin. Arrays have one entry for each bin that holds a forecast.

    mean_predicted: mean forecast probability. observed: relative frequency of the event.
    count: number of forecasts. edges: the edges of all bins, empty ones included: one more than
    there are bins.
    """

    mean_predicted: np.ndarray
    observed: np.ndarray
    count: np.ndarray
    edges: np.ndarray


def reliability_curve(y_true, y_prob, *, bins=10, strategy="uniform"):
    """How often it happened when the forecast said p: the points of a reliability diagram.

    y_true: labels 0 and 1, shape (n,). y_prob: probabilities of the label 1, shape (n,).
    strategy: "uniform", bins of equal width on [0, 1], or "quantile", bins of (nearly) equal count;
    as equal forecasts stay together, there are fewer of these where many are equal.
    A bin holds its right edge, the first one its left edge too. Returns a `ReliabilityCurve`; a
    calibrated forecast has `observed` near `mean_predicted`.

    Raises ValueError for labels other than 0 and 1, probabilities outside [0, 1] and bins < 1.
    Source: `degrootfienberg1983`.
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


def expected_calibration_error(y_true, y_prob, *, bins=10, strategy="uniform"):
    r"""The mean gap :math:`\sum_b \frac{n_b}{n} |\bar y_b - \bar p_b|` over the bins b, from 0 to 1.

    It is 0 for a calibrated forecast with many samples.

    Arguments as for `reliability_curve`. It depends on the bins, and with few samples a bin it is
    above 0 for a calibrated forecast too. Source: `naeini2015`.
    """
    curve = reliability_curve(y_true, y_prob, bins=bins, strategy=strategy)
    gap = np.abs(curve.observed - curve.mean_predicted)
    return float(curve.count @ gap / curve.count.sum())


def perplexity(y_true, y_prob):
    """exp(-mean log p(class)): the number of equally likely classes that would surprise as much.

    y_true: class indices 0, ..., K - 1, shape (n,). y_prob: probabilities, shape (n, K), rows that
    sum to 1. Between 1, for certain and right, and infinity, where a class that occurred was given
    the probability 0; a uniform guess has K. It is exp of the cross-entropy in nats.
    Source: `jelinek1977`.
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


def r_squared(y_true, y_pred, sample_weight=None):
    """1 - sum (y - prediction)^2 / sum (y - mean y)^2: the share of the variance explained.

    y_true, y_pred: shape (n,), or (n, k) for k outputs: then the mean of the k values, as in
    scikit-learn. sample_weight: shape (n,), at least 0. 1 is perfect, 0 as good as the mean of y,
    and below 0 is worse than that; there is no lower bound. Raises ValueError where y, or an output
    of it, is constant over the samples of positive weight (nothing to explain).
    Source: `kvalseth1985`.
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


def _explained(name, y, p, w):
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


def _in_units(values):
    """The values, divided by the power of 2 above them all; and its exponent."""
    exponent = int(np.frexp(np.abs(values).max())[1])
    return np.ldexp(values, -exponent), exponent
