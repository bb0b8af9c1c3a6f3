"""Metrics worth reading beside a loss: calibration, perplexity, R squared."""

from dataclasses import dataclass

import numpy as np

from .losses import _validate

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
    count: number of forecasts. edges: the edges of all bins, empty ones included.
    """

    mean_predicted: np.ndarray
    observed: np.ndarray
    count: np.ndarray
    edges: np.ndarray


def reliability_curve(y_true, y_prob, *, bins=10, strategy="uniform"):
    """How often it happened when the forecast said p: the points of a reliability diagram.

    y_true: labels 0 and 1, shape (n,). y_prob: probabilities of the label 1, shape (n,).
    strategy: "uniform", bins of equal width on [0, 1], or "quantile", bins of (nearly) equal count.
    A bin holds its right edge, the first one its left edge too. Returns a `ReliabilityCurve`; a
    calibrated forecast has `observed` near `mean_predicted`.

    Raises ValueError for labels other than 0 and 1, probabilities outside [0, 1] and bins < 1.
    Source: `degrootfienberg1983`.
    """
    y, p = _labels_and_probabilities(y_true, y_prob)
    if isinstance(bins, bool) or not isinstance(bins, int | np.integer) or bins < 1:
        raise ValueError(f"bins is {bins!r}; expected an integer of at least 1")
    if strategy == "uniform":
        edges = np.linspace(0, 1, bins + 1)
    elif strategy == "quantile":
        edges = np.unique(np.quantile(p, np.linspace(0, 1, bins + 1)))
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
    if p.ndim != 2 or 0 in p.shape:
        raise ValueError(f"y_prob has shape {p.shape}; expected (n, K)")
    y = np.asarray(y_true)
    if y.shape != p.shape[:1]:
        raise ValueError(
            f"y_true has shape {y.shape}; expected {p.shape[:1]}, a class for each row"
        )
    if y.dtype.kind not in "iu":
        raise TypeError(f"y_true holds values of dtype {y.dtype}; expected integer classes")
    if y.min() < 0 or y.max() >= p.shape[1]:
        raise ValueError(f"y_true holds {y.min()} to {y.max()}; expected 0 to {p.shape[1] - 1}")
    _in_unit_interval("y_prob", p)
    total = p.sum(axis=1)
    if np.abs(total - 1).max() > 1e-6:
        worst = int(np.abs(total - 1).argmax())
        raise ValueError(f"row {worst} of y_prob sums to {total[worst]}; expected 1")
    with np.errstate(divide="ignore"):
        return float(np.exp(-np.mean(np.log(p[np.arange(len(y)), y]))))


def r_squared(y_true, y_pred, sample_weight=None):
    """1 - sum (y - prediction)^2 / sum (y - mean y)^2: the share of the variance explained.

    Arrays of one shape. 1 is perfect, 0 as good as the mean of y, and below 0 is worse than that;
    there is no lower bound. Raises ValueError where y is constant (nothing to explain).
    Source: `kvalseth1985`.
    """
    y, p = _validate.check_pair(y_true, y_pred)
    _validate.check_finite("y_true", y)
    _validate.check_finite("y_pred", p)
    w = None if sample_weight is None else _validate.check_weights(sample_weight, y.shape)
    spread = np.average((y - np.average(y, weights=w)) ** 2, weights=w)
    if (y == y.flat[0]).all() or spread == 0:
        raise ValueError(f"y_true is constant, {y.flat[0]}; expected values that differ")
    return float(1 - np.average((y - p) ** 2, weights=w) / spread)


def _labels_and_probabilities(y_true, y_prob):
    y, p = _validate.check_pair(y_true, y_prob)
    if y.ndim != 1:
        raise ValueError(f"y_true has shape {y.shape}; expected (n,)")
    if not np.isin(y, (0.0, 1.0)).all():
        raise ValueError(f"y_true holds {np.unique(y)[:4]}; expected the labels 0 and 1")
    _in_unit_interval("y_prob", p)
    return y, p


def _in_unit_interval(name, p):
    if not ((p >= 0) & (p <= 1)).all():
        wrong = p[~((p >= 0) & (p <= 1))].flat[0]
        raise ValueError(f"{name} holds {wrong}; expected probabilities in [0, 1]")
