"""Errors of forecasts without a unit: relative to the values, or to those of a naive forecast."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from ._pairs import by_output, mean_of_outputs, paired
from ._scaled import Scaled, absolute, difference, mean, number, quotient, scaled, weighted

__all__ = [
    "mean_absolute_percentage_error",
    "mean_absolute_scaled_error",
    "symmetric_mean_absolute_percentage_error",
    "weighted_absolute_percentage_error",
]


def mean_absolute_percentage_error(
    y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None = None
) -> float:
    r"""The mean error relative to the true value (MAPE), as a fraction: 0.1 is 10 %.

    .. math:: \frac{1}{\sum_i w_i} \sum_i w_i \frac{|y_i - \hat y_i|}{|y_i|}

    A forecast of 0 never costs more than 1, one that is too high may cost any number, so that a
    model chosen by it forecasts too low. At :math:`y = 0` it is not defined, and small values of y
    rule the mean. scikit-learn divides by at least :math:`2^{-52}` instead, so that a single
    :math:`y = 0` makes it huge.

    Parameters
    ----------
    y_true : array_like of shape (n,) or (n, k)
        The true values, none of them 0; for k outputs the mean of the k values is taken.
    y_pred : array_like of the same shape
        The forecasts.
    sample_weight : array_like of shape (n,), optional
        The weights :math:`w_i`, at least 0 and not all 0; all 1 by default. Samples of weight 0
        take no part, whatever they hold.

    Returns
    -------
    float
        From 0, for a perfect forecast, without an upper bound.

    Raises
    ------
    ValueError
        If a true value is 0, if shapes differ, or if a number is not finite.

    References
    ----------
    :cite:p:`hyndmankoehler2006`

    Examples
    --------
    >>> mean_absolute_percentage_error([100.0, 200.0], [110.0, 150.0])  # 10 % and 25 %
    0.175
    """
    y, p, w = paired(y_true, y_pred, sample_weight)
    if not y.all():
        raise ValueError(
            f"y_true holds {_validate.first(y, y == 0)}; expected numbers other than 0, which errors "
            "are divided by (weighted_absolute_percentage_error and mean_absolute_scaled_error take "
            "zeros)"
        )

    def measure(output: str, y: np.ndarray, p: np.ndarray, w: np.ndarray | None) -> float:
        return number(mean(quotient(_distance(y, p), scaled(np.abs(y))), w))

    return mean_of_outputs(measure, y, p, w)


def weighted_absolute_percentage_error(
    y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None = None
) -> float:
    r"""The sum of the errors relative to the sum of the true values (WAPE), as a fraction.

    .. math:: \frac{\sum_i w_i |y_i - \hat y_i|}{\sum_i w_i |y_i|}

    The mean of the relative errors, weighted by the true values; also the mean absolute error over
    the mean size, MAD/mean. Single zeros in y do no harm, and samples count by their size.

    Parameters
    ----------
    y_true : array_like of shape (n,) or (n, k)
        The true values, not all of them 0; for k outputs the mean of the k values is taken.
    y_pred : array_like of the same shape
        The forecasts.
    sample_weight : array_like of shape (n,), optional
        The weights :math:`w_i`, at least 0 and not all 0; all 1 by default. Samples of weight 0
        take no part, whatever they hold.

    Returns
    -------
    float
        From 0, for a perfect forecast, without an upper bound; 1 is as good as forecasts of 0.

    Raises
    ------
    ValueError
        If all true values, or all of an output, are 0, if shapes differ, or if a number is not
        finite.

    References
    ----------
    :cite:p:`kolassaschutz2007`

    Examples
    --------
    >>> weighted_absolute_percentage_error([0.0, 100.0, 300.0], [10.0, 80.0, 310.0])  # 40 / 400
    0.1
    """

    def measure(output: str, y: np.ndarray, p: np.ndarray, w: np.ndarray | None) -> float:
        if not (y if w is None else y[w > 0]).any():
            raise ValueError(
                f"y_true{output} holds only zeros; expected a number other than 0: the errors are divided "
                "by the sum of the true values"
            )
        return number(quotient(weighted(_distance(y, p), w), weighted(scaled(np.abs(y)), w)))

    return mean_of_outputs(measure, *paired(y_true, y_pred, sample_weight))


def symmetric_mean_absolute_percentage_error(
    y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None = None
) -> float:
    r"""The mean error relative to the mean size of value and forecast (sMAPE), as a fraction.

    .. math:: \frac{1}{\sum_i w_i} \sum_i w_i \frac{2 |y_i - \hat y_i|}{|y_i| + |\hat y_i|}

    This is the definition of the M4 competition (the first source), from 0 to 2. The measure that
    brought the name (the second) divides by :math:`|y + \hat y| / 2` instead, which is the same for
    numbers of one sign and has no upper bound for others; some leave out the 2. Symmetric is that y
    and its forecast can change places: of two errors of one size, that below y costs more.

    Where y is 0, it is 2 for every forecast but 0. Where both are 0, the forecast is perfect, and
    the term is 0.

    Parameters
    ----------
    y_true : array_like of shape (n,) or (n, k)
        The true values; for k outputs the mean of the k values is taken.
    y_pred : array_like of the same shape
        The forecasts.
    sample_weight : array_like of shape (n,), optional
        The weights :math:`w_i`, at least 0 and not all 0; all 1 by default. Samples of weight 0
        take no part, whatever they hold.

    Returns
    -------
    float
        From 0, for a perfect forecast, to 2, for one that is always of the wrong sign, or 0 where y
        is not, or not 0 where y is.

    Raises
    ------
    ValueError
        If shapes differ, or if a number is not finite.

    References
    ----------
    :cite:p:`makridakis2020`, :cite:p:`makridakis1993`; what is wrong with it:
    :cite:p:`hyndmankoehler2006`

    Examples
    --------
    >>> symmetric_mean_absolute_percentage_error([100.0, 0.0], [300.0, 0.0])  # 2 * 200 / 400 and 0
    0.5
    """

    def measure(output: str, y: np.ndarray, p: np.ndarray, w: np.ndarray | None) -> float:
        size = _distance(np.abs(y), -np.abs(p))
        size[0][size[0] == 0] = 1.0  # both are 0, and so is their distance
        return 2 * number(mean(quotient(_distance(y, p), size), w))

    return mean_of_outputs(measure, *paired(y_true, y_pred, sample_weight))


def mean_absolute_scaled_error(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    y_train: ArrayLike,
    sample_weight: ArrayLike | None = None,
    *,
    season: int = 1,
) -> float:
    r"""The mean absolute error over that of the naive forecast on the training series (MASE).

    .. math:: \frac{\frac{1}{\sum_i w_i} \sum_i w_i |y_i - \hat y_i|}
              {\frac{1}{T - m} \sum_{t = m + 1}^T |y^{\text{train}}_t - y^{\text{train}}_{t - m}|}

    The naive forecast is the value before, or a season of m steps before. Zeros in y do no harm,
    and errors above and below cost the same. The forecasts in the divisor are one step, or one
    season, ahead: for longer horizons a value above 1 is no failure.

    Parameters
    ----------
    y_true : array_like of shape (n,) or (n, k)
        The true values; for k series the mean of the k values is taken.
    y_pred : array_like of the same shape
        The forecasts.
    y_train : array_like of shape (T,) or (T, k)
        The series that the forecast was made from, in its order; T is above `season`.
    sample_weight : array_like of shape (n,), optional
        The weights :math:`w_i` of the forecasts, at least 0 and not all 0; all 1 by default.
        Samples of weight 0 take no part, whatever they hold.
    season : int, default 1
        The steps m of a season, at least 1: 12 for months in a year, 1 for no season.

    Returns
    -------
    float
        From 0, for a perfect forecast, without an upper bound; below 1 is better than the naive
        forecast was in training.

    Raises
    ------
    TypeError
        If `season` is not an integer.
    ValueError
        If the training series is constant, or each season is the same: the naive forecast has no
        error. If shapes do not fit, or if a number is not finite.

    References
    ----------
    :cite:p:`hyndmankoehler2006`

    Examples
    --------
    >>> mean_absolute_scaled_error([7.0, 8.0], [6.0, 8.0], y_train=[1.0, 3.0, 5.0])  # 0.5 / 2
    0.25
    """
    y, p, w = paired(y_true, y_pred, sample_weight)
    season = _validate.count("season", season)
    train = _validate.as_float64("y_train", y_train)
    if train.ndim != y.ndim or train.shape[1:] != y.shape[1:]:
        expected = "(T,)" if y.ndim == 1 else f"(T, {y.shape[1]})"
        raise ValueError(
            f"y_train has shape {train.shape}; expected {expected}, as y_true has shape {y.shape}"
        )
    if len(train) <= season:
        raise ValueError(
            f"y_train holds {len(train)} values with season = {season}; expected more than a season"
        )
    _validate.check_finite("y_train", train)
    scales = {
        output: _naive_error(f"y_train{output}", series, season)
        for output, series in by_output(train).items()
    }

    def measure(output: str, y: np.ndarray, p: np.ndarray, w: np.ndarray | None) -> float:
        return number(quotient(mean(_distance(y, p), w), scales[output]))

    return mean_of_outputs(measure, y, p, w)


def _naive_error(name: str, series: np.ndarray, season: int) -> Scaled:
    """The mean absolute error of the naive forecast of a series."""
    errors = _distance(series[season:], series[:-season])
    if not errors[0].any():
        constant = (series == series[0]).all()
        what = f"is constant, {series[0]}" if constant else f"repeats itself every {season} steps"
        raise ValueError(
            f"{name} {what}; expected a series that changes: the errors are divided by those of the "
            "naive forecast, which are 0"
        )
    return mean(errors, None)


def _distance(a: np.ndarray, b: np.ndarray) -> Scaled:
    """The sizes of a - b."""
    return absolute(difference(scaled(a), scaled(b)))
