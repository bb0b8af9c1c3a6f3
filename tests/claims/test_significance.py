"""Claims of the chapter on significance that no cell of it asserts."""

import numpy as np
import pytest

from lossbook import losses, metrics
from lossbook.answers import significance
from lossbook.check import feedback

BELIEF = 0.3
FORECASTS = np.linspace(0.01, 0.99, 99)


def expected(score):
    """The expected score of each forecast, for one who believes in 30 percent."""
    return BELIEF * score(1.0) + (1 - BELIEF) * score(0.0)


@pytest.mark.parametrize("loss", [losses.BinaryCrossEntropy(), losses.Brier()], ids=repr)
def test_honesty_pays_under_a_proper_score(loss):
    values = expected(lambda y: loss.pointwise(np.full(99, y), FORECASTS))
    assert FORECASTS[values.argmin()] == pytest.approx(BELIEF)


def test_the_error_rate_pays_51_percent_like_99():
    score = np.log(FORECASTS / (1 - FORECASTS))
    zero_one = losses.ZeroOne()
    values = expected(lambda y: zero_one.pointwise(np.full(99, 2 * y - 1), score))
    assert values[50] == values[98] != values[0]
    assert FORECASTS[50] == pytest.approx(0.51) and FORECASTS[98] == pytest.approx(0.99)


def test_typical_probability_is_the_reciprocal_of_perplexity():
    p = np.array([0.9, 0.8, 0.7, 0.05])
    typical = np.exp(-losses.BinaryCrossEntropy()(np.ones(4), p))
    table = np.column_stack([1 - p, p])
    assert typical == pytest.approx(1 / metrics.perplexity(np.ones(4, dtype=int), table))


def test_rmse_is_never_below_mae():
    rng = np.random.default_rng(0)
    for r in rng.standard_t(2, (200, 5)):
        zero = np.zeros(5)
        rmse = losses.MeanSquaredError()(zero, r) ** 0.5
        assert rmse > losses.MeanAbsoluteError()(zero, r)
    same = np.array([3.0, -3.0, 3.0])
    zero = np.zeros(3)
    rmse = losses.MeanSquaredError()(zero, same) ** 0.5
    assert rmse == pytest.approx(losses.MeanAbsoluteError()(zero, same))


@pytest.mark.parametrize("J", [2, 10])
@pytest.mark.parametrize("rho", [0.1, 0.5])
def test_the_variance_of_correlated_differences(J, rho):
    """The dropdown: the mean varies by 1/J + (1 - 1/J) rho, and E[s^2] is 1 - rho."""
    rng = np.random.default_rng(0)
    common = rng.standard_normal((200_000, 1))
    d = np.sqrt(rho) * common + np.sqrt(1 - rho) * rng.standard_normal((200_000, J))
    assert d.mean(axis=1).var() == pytest.approx(1 / J + (1 - 1 / J) * rho, rel=0.02)
    assert d.var(axis=1, ddof=1).mean() == pytest.approx(1 - rho, rel=0.02)
    factor = d.mean(axis=1).var() / d.var(axis=1, ddof=1).mean()
    assert factor == pytest.approx(1 / J + rho / (1 - rho), rel=0.03)


def test_two_test_sets_of_fixed_differences_are_correlated_by_their_share():
    rng = np.random.default_rng(0)
    n, n2 = 20, 5
    values = rng.standard_normal((100_000, n))
    pick = np.argsort(rng.random((2, 100_000, n)), axis=2)[:, :, :n2]
    first, second = (np.take_along_axis(values, p, axis=1).mean(axis=1) for p in pick)
    assert np.corrcoef(first, second)[0, 1] == pytest.approx(n2 / n, abs=0.01)


def test_the_angle_of_the_compass():
    for kappa in (2.0, 11.0, 100.0):
        angle = np.linspace(0, np.pi / 2, 200_001)
        home = np.array([np.cos(angle), np.sin(angle)])
        arrow = np.array([[1.0], [kappa]]) * home
        cosine = (home * arrow).sum(0) / np.linalg.norm(arrow, axis=0)
        assert cosine.min() == pytest.approx(2 * np.sqrt(kappa) / (kappa + 1))


def test_ridge_of_scikit_learn_has_the_alpha_of_the_exercise():
    from sklearn.linear_model import Ridge

    from lossbook import datasets
    from lossbook.models import LinearModel
    from lossbook.penalties import L2

    data = datasets.diabetes()
    ours = LinearModel().fit(data.X, data.y, losses.MeanSquaredError(), L2(0.5))
    alpha = next(e for e in significance.EXERCISES if e.key.endswith("ridge")).answer()
    assert np.allclose(Ridge(alpha=alpha).fit(data.X, data.y).coef_, ours.coef)


def test_the_lasso_lets_go_where_the_exercise_says():
    from lossbook import datasets
    from lossbook.models import LinearModel
    from lossbook.penalties import L1

    data = datasets.diabetes()
    at = next(e for e in significance.EXERCISES if e.key.endswith("lasso")).answer()

    def kept(strength):
        return LinearModel().fit(data.X, data.y, losses.MeanSquaredError(), L1(strength)).coef

    assert not kept(at * 1.001).any()
    assert np.flatnonzero(kept(at * 0.999)).tolist() == [data.feature_names.index("bmi")]


@pytest.mark.parametrize("exercise", significance.EXERCISES, ids=lambda e: e.key)
def test_the_answer_is_right_and_the_mistakes_are_told(exercise):
    answer = exercise.answer if exercise.kind == "function" else exercise.answer()
    assert feedback(exercise.key, answer).right
    for mistake in exercise.mistakes:
        wrong = mistake.wrong if exercise.kind == "function" else mistake.wrong()
        assert feedback(exercise.key, wrong).message == mistake.message
