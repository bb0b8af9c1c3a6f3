"""Numbers that the first chapter states in its prose and that no cell of it asserts."""

import numpy as np
import pytest
from scipy import stats

from lossbook import datasets, losses
from lossbook.models import LinearModel
from lossbook.penalties import L2

MSE = losses.MeanSquaredError()
NEBULAE = datasets.hubble()


def petals():
    from sklearn.datasets import load_iris

    return load_iris().data[:, 2]


def test_the_valley_is_long_and_tilted():
    def cost(intercept, slope):
        return MSE(NEBULAE.y, intercept + slope * NEBULAE.X[:, 0])

    least = LinearModel().fit(NEBULAE.X, NEBULAE.y, MSE).value
    assert cost(-250, 650) < 1.34 * least  # steeper from a lower start
    assert cost(150, 250) < 1.34 * least < 1.69 * least < cost(150, 450)
    assert 454 / 72 > 6


def test_the_first_sample_of_five():
    everyone = datasets.diabetes().y
    assert len(everyone) == 442 and 442**2 == 195_364
    sample = np.random.default_rng(501).choice(everyone, 5)
    assert round(sample.var() / everyone.var(), 2) == 0.40
    risk = everyone.var() + (sample.mean() - everyone.mean()) ** 2
    assert round(risk / everyone.var(), 2) == 1.70


@pytest.mark.parametrize("n", [2, 5, 20])
def test_optimism(n):
    everyone = datasets.diabetes().y
    samples = np.random.default_rng(0).choice(everyone, (40_000, n))
    seen = samples.var(axis=1).mean() / everyone.var()
    risk = 1 + ((samples.mean(axis=1) - everyone.mean()) ** 2).mean() / everyone.var()
    assert seen == pytest.approx(1 - 1 / n, rel=0.01)
    assert risk == pytest.approx(1 + 1 / n, rel=0.01)


def test_some_draws_err_on_the_other_side():
    everyone = datasets.diabetes().y
    draws = [np.random.default_rng(500 + d).choice(everyone, 5) for d in range(1, 9)]
    risks = [everyone.var() + (s.mean() - everyone.mean()) ** 2 for s in draws]
    kinder = [s.var() > risk for s, risk in zip(draws, risks, strict=True)]
    assert any(s.var() > everyone.var() for s in draws) and not all(kinder)


@pytest.mark.parametrize("far", range(3, 33))
def test_the_least_squares_zero_is_the_mean(far):
    x = np.array([-4.0, -3, -2, -1, 1, 2, 3, far])
    labels = np.repeat([-1.0, 1.0], 4)
    line = LinearModel().fit(x[:, None], labels, MSE, L2(0.01))
    assert -line.intercept / line.coef[0] == pytest.approx(x.mean(), abs=1e-9)
    assert x.mean() == pytest.approx((far - 4) / 8)


def test_hit_or_miss_narrows_to_the_mode():
    """On smooth data the center of the fullest window tends to the top of the density."""
    density = stats.gamma(3)  # skewed: the mode is 2, the mean is 3
    centers = np.linspace(1, 4, 3001)
    fullest = [
        centers[np.argmax(density.cdf(centers + h) - density.cdf(centers - h))]
        for h in (1.0, 0.5, 0.1)
    ]
    errors = np.abs(np.array(fullest) - 2)
    assert errors[0] > errors[1] > errors[2] and errors[2] < 0.01


def test_the_expectile_is_unique():
    y = petals()
    loss = losses.Expectile(expectile=0.9)
    slopes = [loss.gradient(y, np.full(150, c)).mean() for c in np.linspace(1, 7, 61)]
    assert np.all(np.diff(slopes) > 0)


def test_cauchy_goes_quiet():
    pull = losses.Cauchy().gradient(np.zeros(2), np.array([0.001, 1000.0]))
    assert pull[0] == pytest.approx(pull[1])


def test_equal_petals_have_no_best_width():
    y = np.full(50, 1.5)
    widths = np.geomspace(1e-6, 1, 25)
    costs = [losses.GaussianNLL()(y, np.column_stack([y, np.full(50, w**2)])) for w in widths]
    assert np.all(np.diff(costs) > 0) and costs[0] < -13


def test_most_petals_gain_from_the_narrow_bell():
    y = petals()[:50]

    def each(width):
        return losses.GaussianNLL().pointwise(y, np.tile([1.45, width**2], (50, 1)))

    assert np.mean(each(0.075) < each(0.175)) > 0.5
    assert np.max(np.abs(y - 1.45)) > 5 * 0.075


def test_labels_of_zero_teach_nothing():
    score = np.linspace(-5, 5, 11)
    margin = 0 * score
    assert (np.maximum(0, 1 - margin) == 1).all()
    with pytest.raises(ValueError, match="expected labels -1 or"):
        losses.Hinge()(np.zeros(11), score)


def test_percentage_error_prefers_the_small():
    y = np.array([1.0, 2.0, 10.0])
    grid = np.linspace(0.5, 11, 1051)
    mape = [np.mean(np.abs(c - y) / y) for c in grid]
    assert grid[np.argmin(mape)] == pytest.approx(1)
