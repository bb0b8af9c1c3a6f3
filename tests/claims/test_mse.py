"""Numbers that the chapter on mean squared error states in its prose and that no cell of it asserts."""

import numpy as np
import pytest

from lossbook import datasets, losses
from lossbook.models import LinearModel

MSE = losses.MeanSquaredError()
MAE = losses.MeanAbsoluteError()
CALLS = datasets.telephone_calls()
YEAR = CALLS.X[:, 0]
HONEST = (YEAR < 1963) | (YEAR > 1970)


def line(year=None, record=None, loss=MSE):
    x, y = CALLS.X[HONEST], CALLS.y[HONEST].copy()
    if year:
        y[x[:, 0] == year] = record
    return LinearModel().fit(x, y, loss)


def test_the_first_figure():
    assert HONEST.sum() == 16
    assert (CALLS.y[0], CALLS.y[12], CALLS.y[-1]) == (4.4, 16.1, 29.0)
    assert round(line().coef[0], 2) == 1.08
    assert round(line(1973, 200).coef[0], 2) == 4.05
    assert round(line(1962, 200).coef[0], 2) == 1.77
    assert YEAR[HONEST].mean() == 1959
    for loss in (MAE, losses.Huber(delta=2.0)):
        for year in (1950, 1956, 1962, 1973):
            assert abs(line(year, 200, loss).coef[0] - line(loss=loss).coef[0]) < 0.05
    # at 1962 the line is lifted everywhere; at 1973 one end goes down, below zero
    ends = np.array([[1950.0], [1973.0]])
    assert (line(1962, 200).predict(ends) > line().predict(ends)).all()
    assert line(1973, 200).predict(ends)[0] < 0


def test_the_line_through_all_years_is_off_nearly_everywhere():
    error = np.abs(LinearModel().fit(CALLS.X, CALLS.y, MSE).predict(CALLS.X) - CALLS.y)
    assert np.sort(error)[0] < 2 < np.sort(error)[1]


def test_shares():
    def share(loss, r):
        each = loss.pointwise(np.zeros(4), np.array([1.0, 5.0, 10.0, r]))
        return each[-1] / each.sum()

    assert share(MSE, 12) >= 0.5 > share(MSE, 11)
    assert share(MAE, 16) >= 0.5 > share(MAE, 15)
    assert share(MSE, 49) >= 0.95 > share(MSE, 48)
    assert share(MAE, 304) >= 0.95 > share(MAE, 303)


def test_improbable_residuals():
    assert round(np.exp(12.5), -3) == 268_000
    assert round(np.exp(5)) == 148
    assert round(np.exp(5 * np.sqrt(2)), -2) == 1200


def test_condition_numbers():
    def condition(x):
        X = np.column_stack([np.ones(16), x])
        return np.linalg.cond(X.T @ X)

    x = YEAR[HONEST]
    assert condition(x) == pytest.approx(3e11, rel=0.05)
    assert round(condition(x - 1950)) == 346
    assert condition(x - x.mean()) == pytest.approx(50.5)
    assert condition((x - x.mean()) / x.std()) == pytest.approx(1)
    X = np.vander(x, 5)
    lengths = np.linalg.norm(X, axis=0)
    assert round(np.log10(lengths[0] / lengths[-1])) == 13


def test_diabetes():
    data = datasets.diabetes()
    assert data.X.shape == (442, 10)
    assert round(data.y.std()) == 77
    residual = LinearModel().fit(data.X, data.y, MSE).predict(data.X) - data.y
    z = (residual - residual.mean()) / residual.std()
    assert abs(np.mean(z**3)) < 0.05
    assert -0.5 < np.mean(z**4) - 3 < 0


def test_a_typo_among_the_years():
    x = CALLS.X[HONEST].copy()
    x[-1] = 2973.0
    for loss in (MSE, MAE, losses.Huber(delta=2.0)):
        assert abs(LinearModel().fit(x, CALLS.y[HONEST], loss).predict(x)[-1] - 29) < 1


def test_the_median_needs_more_samples():
    """pi / 2 times as many, in the limit; here by simulation."""
    rng = np.random.default_rng(0)
    samples = rng.standard_normal((20_000, 201))
    ratio = np.median(samples, axis=1).var() / samples.mean(axis=1).var()
    assert ratio == pytest.approx(np.pi / 2, rel=0.03)


def test_the_landing_page():
    y = np.array([1.0, 2, 2, 3, 4, 6, 0])

    def best(loss, seventh):
        y[-1] = seventh
        return LinearModel().fit(np.zeros((7, 1)), y, loss).intercept

    assert best(MAE, 4) == best(MAE, 30) == pytest.approx(3)
    huber = losses.Huber(delta=2.0)
    assert best(huber, 4) == pytest.approx(3) and best(huber, 30) == pytest.approx(3.25)
    assert best(MSE, 30) - best(MSE, 4) == pytest.approx(26 / 7)
