"""`minimize`: the path, why it stopped, penalties, and what it refuses."""

import numpy as np
import pytest

from lossbook.optim import (
    AdaGrad,
    Adam,
    ClipByNorm,
    ExponentialDecay,
    GradientDescent,
    Momentum,
    Nesterov,
    RMSProp,
    minimize,
)
from lossbook.penalties import L1, L2, ElasticNet


def data():
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(40, 4))
    return inputs, inputs @ np.array([2.0, 0.0, -1.0, 0.05]) + 0.1 * rng.normal(size=40)


A, B = data()


def least_squares(x):
    r = A @ x - B
    return r @ r / (2 * len(B)), A.T @ r / len(B)


LIPSCHITZ = np.linalg.eigvalsh(A.T @ A / len(B))[-1]


def test_path_and_values_belong_together():
    result = minimize(least_squares, np.zeros(4), GradientDescent(0.1), steps=50, tol=0)
    assert result.path.shape == (51, 4) and result.steps == 50
    assert result.values.shape == result.gradient_norms.shape == (51,)
    for k in (0, 1, 17, 50):
        value, gradient = least_squares(result.path[k])
        assert result.values[k] == value
        assert result.gradient_norms[k] == np.linalg.norm(gradient)
    np.testing.assert_array_equal(result.path[0], 0)
    np.testing.assert_array_equal(result.x, result.path[-1])
    assert result.value == result.values[-1]
    assert result.stopped == "out of steps" and not result.converged
    assert "Out of steps after 50" in result.message


def test_converges_to_least_squares():
    result = minimize(least_squares, np.zeros(4), GradientDescent(1 / LIPSCHITZ), tol=1e-12)
    assert result.converged and result.gradient_norms[-1] <= 1e-12
    np.testing.assert_allclose(result.x, np.linalg.lstsq(A, B, rcond=None)[0], atol=1e-10)


@pytest.mark.parametrize(("factor", "stopped"), [(1.99, "converged"), (2.01, "diverged")])
def test_step_size_bound(factor, stopped):
    rate = GradientDescent(factor / LIPSCHITZ)
    result = minimize(least_squares, np.zeros(4), rate, steps=3000, tol=1e-6)
    assert result.stopped == stopped


@pytest.mark.parametrize("rate", [2.2, 10.0, 1e60, 1e200])
@pytest.mark.parametrize("steps", [3, 40, 2000])
def test_divergence_is_reported_and_everything_is_finite(rate, steps):
    result = minimize(least_squares, np.ones(4), GradientDescent(rate), steps=steps)
    if rate == 1e200 or (rate * LIPSCHITZ > 2 and steps > 3):
        assert result.stopped == "diverged" and "Diverged" in result.message
    for array in (result.path, result.values, result.gradient_norms):
        assert np.isfinite(array).all()


@pytest.mark.filterwarnings("error")
def test_objective_that_turns_nan():
    def log(x):
        return float(np.log(x[0])), 1 / x

    result = minimize(log, [1.0], GradientDescent(0.6), steps=100)
    assert result.stopped == "diverged"
    assert np.isfinite(result.values).all() and (result.path > 0).all()


def test_already_there_and_no_steps():
    solution = np.linalg.lstsq(A, B, rcond=None)[0]
    result = minimize(least_squares, solution, GradientDescent(0.1))
    assert result.converged and result.steps == 0
    assert minimize(least_squares, np.zeros(4), Adam(), steps=0).stopped == "out of steps"


def test_start_is_left_alone():
    start = np.zeros(4)
    minimize(least_squares, start, GradientDescent(0.1), steps=5)
    np.testing.assert_array_equal(start, 0)


EVERY = [
    GradientDescent(0.1),
    Momentum(0.01),
    Nesterov(0.01),
    AdaGrad(0.5),
    RMSProp(ExponentialDecay(0.1, 0.995)),
    Adam(ExponentialDecay(0.1, 0.998)),
]
PENALTIES = [L1(0.2), L2(0.5), ElasticNet(0.3, 0.6)]


@pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
@pytest.mark.parametrize("optimizer", EVERY, ids=lambda o: type(o).__name__)
def test_penalized_minimum_is_that_of_scikit_learn(optimizer, penalty):
    from sklearn.linear_model import ElasticNet as Reference

    strength = penalty.l1 + penalty.l2
    reference = Reference(
        alpha=strength, l1_ratio=penalty.l1 / strength, fit_intercept=False, tol=1e-14
    ).fit(A, B)
    result = minimize(least_squares, np.zeros(4), optimizer, steps=6000, tol=1e-9, penalty=penalty)
    assert result.converged, result.message
    np.testing.assert_allclose(result.x, reference.coef_, atol=1e-7)
    np.testing.assert_array_equal(result.x == 0, reference.coef_ == 0)
    assert result.value == pytest.approx(least_squares(result.x)[0] + penalty.value(result.x))


def test_restricted_penalty_leaves_the_rest_alone():
    mask = np.array([False, True, True, True])
    result = minimize(
        least_squares,
        np.zeros(4),
        GradientDescent(0.2),
        penalty=L1(100.0).restricted(mask),
        steps=5000,
        tol=1e-12,
    )
    np.testing.assert_array_equal(result.x[1:], 0)
    assert result.x[0] == pytest.approx(A[:, 0] @ B / (A[:, 0] @ A[:, 0]))


def test_clip_limits_each_step():
    result = minimize(
        least_squares, np.full(4, 100.0), GradientDescent(0.5), steps=30, clip=ClipByNorm(2.0)
    )
    lengths = np.linalg.norm(np.diff(result.path, axis=0), axis=1)
    assert lengths.max() <= 1.0 + 1e-12 and lengths[0] == pytest.approx(1.0)


def test_progress_bar_goes_to_stderr(capsys):
    minimize(least_squares, np.zeros(4), GradientDescent(0.1), steps=5, progress=True)
    assert capsys.readouterr().out == ""


GD = GradientDescent(0.1)
BAD = [
    (lambda: minimize(3, [0.0], GD), TypeError, "value_and_gradient is 3"),
    (lambda: minimize(least_squares, np.zeros(4), 0.1), TypeError, "optimizer is 0.1"),
    (
        lambda: minimize(least_squares, np.zeros((4, 1)), GD),
        ValueError,
        r"x0 has the shape \(4, 1\)",
    ),
    (lambda: minimize(least_squares, [], GD), ValueError, r"x0 has the shape \(0,\)"),
    (lambda: minimize(least_squares, [np.nan] * 4, GD), ValueError, "x0 holds nan at index 0"),
    (lambda: minimize(least_squares, "abc", GD), TypeError, "x0 holds strings"),
    (lambda: minimize(least_squares, np.zeros(4), GD, steps=-1), ValueError, "steps is -1"),
    (lambda: minimize(least_squares, np.zeros(4), GD, tol=-1), ValueError, "tol is -1"),
    (lambda: minimize(lambda x: (1.0, np.ones(3)), np.zeros(4), GD), ValueError, "gradient of the"),
    (lambda: minimize(lambda x: (np.nan, x), np.zeros(4), GD), ValueError, "value_and_gradient"),
]


@pytest.mark.parametrize(("call", "error", "match"), BAD)
def test_bad_input(call, error, match):
    with pytest.raises(error, match=match + ".*expected"):
        call()
