"""scikit-learn and SciPy compute the same, where they compute it."""

import numpy as np
import pytest
import scipy.special
import sklearn.linear_model
import sklearn.metrics

from lossbook import losses


def data():
    rng = np.random.default_rng(21)
    y = rng.normal(size=500)
    return y, y + rng.standard_t(2, size=500), rng.random(500)


Y, P, W = data()


@pytest.mark.parametrize(
    "loss, metric",
    [
        (losses.MeanSquaredError(), sklearn.metrics.mean_squared_error),
        (losses.MeanAbsoluteError(), sklearn.metrics.mean_absolute_error),
        (
            losses.Pinball(quantile=0.3),
            lambda y, p, sample_weight: sklearn.metrics.mean_pinball_loss(
                y, p, alpha=0.3, sample_weight=sample_weight
            ),
        ),
    ],
)
def test_scikit_learn_metrics(loss, metric):
    assert loss(Y, P) == pytest.approx(metric(Y, P, sample_weight=None), rel=1e-13)
    assert loss(Y, P, W) == pytest.approx(metric(Y, P, sample_weight=W), rel=1e-13)


@pytest.mark.parametrize("delta", [0.2, 1.0, 7.0])
def test_scipy_huber(delta):
    np.testing.assert_allclose(
        losses.Huber(delta=delta).pointwise(Y, P), scipy.special.huber(delta, P - Y), rtol=1e-13
    )


def test_the_quantile_of_scikit_learn_minimizes_the_pinball_loss(rng):
    x = rng.normal(size=(120, 1))
    y = 2 * x[:, 0] + rng.exponential(size=120)
    loss = losses.Pinball(quantile=0.8)
    fit = sklearn.linear_model.QuantileRegressor(quantile=0.8, alpha=0, solver="highs").fit(x, y)
    best = loss(y, fit.predict(x))
    for change in (-0.02, 0.02):
        assert loss(y, fit.predict(x) + change) > best
        assert loss(y, fit.predict(x) + change * x[:, 0]) > best


def test_the_huber_fit_of_scikit_learn_is_stationary(rng):
    x = rng.normal(size=(200, 2))
    y = x @ [1.0, -2.0] + rng.standard_t(2, size=200)
    fit = sklearn.linear_model.HuberRegressor(epsilon=1.5, alpha=0, tol=1e-10).fit(x, y)
    loss = losses.Huber(delta=1.5 * fit.scale_)
    slope = loss.value_and_gradient(y, fit.predict(x))[1]
    assert np.abs(slope @ x).max() < 1e-5 and abs(slope.sum()) < 1e-5
