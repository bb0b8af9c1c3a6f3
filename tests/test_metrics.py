"""Metrics against scikit-learn and by hand."""

import numpy as np
import pytest

from lossbook.metrics import expected_calibration_error, perplexity, r_squared, reliability_curve


def data():
    rng = np.random.default_rng(3)
    p = rng.random(5000)
    return p, (rng.random(5000) < p).astype(int)


P, Y = data()


@pytest.mark.parametrize("strategy", ["uniform", "quantile"])
@pytest.mark.parametrize("bins", [1, 5, 17])
def test_reliability_curve_is_scikit_learns(strategy, bins):
    from sklearn.calibration import calibration_curve

    observed, predicted = calibration_curve(Y, P, n_bins=bins, strategy=strategy)
    curve = reliability_curve(Y, P, bins=bins, strategy=strategy)
    np.testing.assert_allclose(curve.observed, observed)
    np.testing.assert_allclose(curve.mean_predicted, predicted)
    assert curve.count.sum() == len(P) and len(curve.edges) == bins + 1


def test_edges_and_empty_bins():
    curve = reliability_curve([0, 1, 1, 0], [0.0, 0.5, 1.0, 0.51], bins=2)
    np.testing.assert_allclose(curve.mean_predicted, [0.25, 0.755])
    np.testing.assert_array_equal(curve.count, [2, 2])
    sparse = reliability_curve([0, 1], [0.05, 0.95], bins=10)
    np.testing.assert_array_equal(sparse.count, [1, 1])
    assert len(sparse.edges) == 11
    same = reliability_curve([0, 1, 1], [0.3, 0.3, 0.3], strategy="quantile")
    assert same.count.tolist() == [3] and same.observed[0] == pytest.approx(2 / 3)


def test_expected_calibration_error():
    assert expected_calibration_error(Y, P) < 0.03
    # 0.9 forecast, true half of the time
    assert expected_calibration_error([0, 1], [0.9, 0.9]) == pytest.approx(0.4)
    two = expected_calibration_error([1, 1, 1, 0], [0.1, 0.1, 0.1, 0.9])
    assert two == pytest.approx(0.75 * 0.9 + 0.25 * 0.9)
    overconfident = np.clip(P + 0.3 * np.sign(P - 0.5), 0, 1)
    assert expected_calibration_error(Y, overconfident) > 0.15
    assert expected_calibration_error([0, 1], [0.0, 1.0]) == 0


def test_perplexity(rng):
    from sklearn.metrics import log_loss

    p = rng.dirichlet(np.ones(4), size=100)
    y = rng.integers(0, 4, size=100)
    assert perplexity(y, p) == pytest.approx(np.exp(log_loss(y, p, labels=range(4))), rel=1e-12)
    assert perplexity(y, np.full((100, 4), 0.25)) == pytest.approx(4)
    assert perplexity([1, 0], [[0.0, 1.0], [1.0, 0.0]]) == 1
    assert perplexity([1, 0], [[1.0, 0.0], [1.0, 0.0]]) == np.inf


def test_r_squared(rng):
    from sklearn.metrics import r2_score

    y = rng.normal(size=200)
    p, w = y + rng.normal(size=200), rng.random(200)
    assert r_squared(y, p) == pytest.approx(r2_score(y, p), rel=1e-12)
    assert r_squared(y, p, w) == pytest.approx(r2_score(y, p, sample_weight=w), rel=1e-12)
    assert r_squared(y, y) == 1
    assert r_squared(y, np.full(200, y.mean())) == pytest.approx(0, abs=1e-15)
    assert r_squared([0.0, 1.0], [1.0, 0.0]) == -3


BAD = [
    (lambda: reliability_curve([0, 2], [0.1, 0.2]), ValueError, "y_true holds"),
    (lambda: reliability_curve([-1, 1], [0.1, 0.2]), ValueError, "y_true holds"),
    (lambda: reliability_curve([0, 1], [0.1, 1.2]), ValueError, "y_prob holds 1.2"),
    (lambda: reliability_curve([0, 1], [0.1, np.nan]), ValueError, "y_prob holds nan"),
    (lambda: reliability_curve([0, 1], [[0.1, 0.2]]), ValueError, "shape"),
    (lambda: reliability_curve([[0, 1]], [[0.1, 0.2]]), ValueError, r"y_true has shape \(1, 2\)"),
    (lambda: reliability_curve([], []), ValueError, "empty"),
    (lambda: reliability_curve([0, 1], [0.1, 0.2], bins=0), ValueError, "bins is 0"),
    (lambda: reliability_curve([0, 1], [0.1, 0.2], bins=2.5), TypeError, "bins is 2.5"),
    (lambda: reliability_curve([0], [0.1], strategy="log"), ValueError, "strategy is 'log'"),
    (lambda: perplexity([0, 2], [[0.5, 0.5]] * 2), ValueError, "y_true holds 2 at index 1"),
    (lambda: perplexity([0, -1], [[0.5, 0.5]] * 2), ValueError, "y_true holds -1 at index 1"),
    (lambda: perplexity([0.0], [[0.5, 0.5]]), TypeError, "y_true holds 0.0 at index 0"),
    (
        lambda: perplexity([0], [[0.5, 0.4]]),
        ValueError,
        "y_prob holds a row that sums to 0.9 at index 0",
    ),
    (lambda: perplexity([0], [[1.5, -0.5]]), ValueError, "y_prob holds 1.5"),
    (lambda: perplexity([0, 1], [[0.5, 0.5]]), ValueError, r"y_true has shape \(2,\)"),
    (lambda: perplexity([0], [0.5]), ValueError, r"y_prob has shape \(1,\)"),
    (lambda: r_squared([1.0, 1.0], [0.0, 2.0]), ValueError, "y_true is constant, 1.0"),
    (lambda: r_squared([1.0, 2.0], [1.0]), ValueError, "shape"),
    (lambda: r_squared([1.0, 2.0], [np.inf, 1.0]), ValueError, "y_pred holds inf"),
    (lambda: r_squared([1.0, 2.0], [1.0, 1.0], [-1, 1]), ValueError, "sample_weight holds -1"),
]


@pytest.mark.parametrize(("call", "error", "match"), BAD)
def test_bad_input(call, error, match):
    with pytest.raises(error, match=match + ".*expected"):
        call()


# Ties, and forecasts that are all alike


def test_the_lowest_forecast_keeps_its_bin():
    y, p = [1, 1, 1, 0, 0, 0, 1, 0, 0, 0], [0] * 6 + [1] * 4
    quantile = {"bins": 2, "strategy": "quantile"}
    assert expected_calibration_error(y, p, **quantile) == pytest.approx(0.6)
    curve = reliability_curve(y, p, **quantile)
    assert curve.mean_predicted.tolist() == [0, 1] and curve.edges.tolist() == [0, 0, 1]


@pytest.mark.parametrize("bins", [1, 2, 10])
def test_forecasts_that_are_all_equal(bins):
    for strategy in ("uniform", "quantile"):
        for value in (0.0, 0.3, 1.0):
            for n in (1, 2, 7):
                y = np.arange(n) % 2
                curve = reliability_curve(y, np.full(n, value), bins=bins, strategy=strategy)
                assert curve.count.tolist() == [n] and curve.observed[0] == y.mean()
                assert curve.mean_predicted[0] == pytest.approx(value)
                assert len(curve.edges) == (2 if strategy == "quantile" else bins + 1)
                gap = abs(y.mean() - value)
                error = expected_calibration_error(
                    y, np.full(n, value), bins=bins, strategy=strategy
                )
                assert error == pytest.approx(gap)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("strategy", ["uniform", "quantile"])
def test_tied_forecasts_are_binned_as_in_scikit_learn(seed, strategy):
    from sklearn.calibration import calibration_curve

    rng = np.random.default_rng(seed)
    values = rng.random(1 + seed) if seed % 2 else np.arange(seed + 1) / 8
    p = np.clip(rng.choice(values, 60), 0, 1)
    y = (rng.random(60) < p).astype(int)
    for bins in (1, 2, 3, 10, 59, 60, 200):
        observed, predicted = calibration_curve(y, p, n_bins=bins, strategy=strategy)
        curve = reliability_curve(y, p, bins=bins, strategy=strategy)
        np.testing.assert_allclose(curve.observed, observed, rtol=1e-14)
        np.testing.assert_allclose(curve.mean_predicted, predicted, rtol=1e-14)
        # The edges tell the bins: (left, right], the first one with its left end.
        left, right = curve.edges[:-1], curve.edges[1:]
        inside = (p[:, None] > left) & (p[:, None] <= right)
        inside[:, 0] |= p == left[0]
        assert (inside.sum(axis=1) == 1).all()
        np.testing.assert_array_equal(curve.count, inside.sum(axis=0)[inside.any(axis=0)])
        assert (np.diff(curve.edges[1:]) > 0).all() and left[0] <= right[0]


def test_the_argument_is_named():
    for metric in (reliability_curve, expected_calibration_error):
        with pytest.raises(ValueError, match=r"y_true has shape \(2,\) and y_prob has shape"):
            metric([0, 1], [[0.3, 0.7], [0.2, 0.8]])
        with pytest.raises(ValueError, match=r"y_true holds 0\.5 at index 1; expected labels"):
            metric([0, 0.5], [0.3, 0.7])
        with pytest.raises(ValueError, match=r"y_prob holds 1\.2 at index 0; expected prob"):
            metric([0, 1], [1.2, 0.7])


# R squared


def test_samples_without_weight_take_no_part_in_r_squared():
    y, p, w = [0.1, 0.1, 0.1, 5], [0.1, 0.1, 0.2, 7], [1, 1, 1, 0]
    with pytest.raises(ValueError, match=r"y_true is constant, 0\.1; expected values that differ"):
        r_squared(y, p, w)
    rng = np.random.default_rng(0)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        y, p = rng.normal(size=(2, 30))
        w = rng.integers(0, 3, 30)
        y[w == 0] *= 1e200
        expected = r_squared(np.repeat(y, w), np.repeat(p, w))
        assert r_squared(y, p, w) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("size", [1e-320, 1e-300, 1e-200, 1e-160, 1.0, 1e160, 1e200, 1e300, 1e307])
def test_r_squared_has_no_unit(size):
    y, p = np.array([1.0, 2, 3]), np.array([1, 2, 3.125])
    expected = 1 - 0.125**2 / 2
    found = [r_squared(size * y, size * p)]
    for weight in (5e-324, 1e-300, 1.0, 1e307):
        found.append(r_squared(size * y, size * p, np.full(3, weight)))
        found.append(r_squared(size * (y - 2), size * (p - 2)))
        found.append(r_squared(-size * y, -size * p))
    np.testing.assert_allclose(found, expected, rtol=1e-3 if size == 1e-320 else 1e-14)


def test_r_squared_at_the_ends_of_the_range():
    assert r_squared([1.7e308, -1.7e308], [1.7e308, -1.7e308]) == 1
    assert r_squared([1.7e308, -1.7e308], [-1.7e308, 1.7e308]) == -3
    assert r_squared([0, 5e-324], [0, 5e-324]) == 1
    assert r_squared([0, 5e-324], [5e-324, 0]) == -3
    assert r_squared([0, 1e-200], [0, 1e200]) == -np.inf
    assert r_squared([0, 1e200], [1e-200, 1e200]) == 1
    with pytest.raises(ValueError, match=r"y_true is constant, 1e\+200; expected"):
        r_squared([1e200, 1e200], [1.0, 2.0])


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("weighted", [False, True])
def test_r_squared_of_several_outputs_is_scikit_learns(seed, weighted):
    from sklearn.metrics import r2_score

    rng = np.random.default_rng(seed)
    y = rng.normal(size=(40, 3)) * 10.0 ** rng.integers(-3, 4, 3)
    p = y + rng.normal(size=(40, 3)) * y.std(axis=0)
    w = rng.exponential(size=40) if weighted else None
    assert r_squared(y, p, w) == pytest.approx(r2_score(y, p, sample_weight=w), rel=1e-12)


def test_r_squared_of_several_outputs():
    y, p = [[1.0, 100], [2, 200], [3, 400]], [[1.0, 100], [2, 200], [2, 400]]
    assert r_squared(y, p) == pytest.approx(0.75)
    for y, p, w, match in [
        (
            [[1.0, 5], [2, 5]],
            [[1.0, 5], [2, 5]],
            None,
            r"y_true\[:, 1\] is constant, 5.0; expected",
        ),
        (
            [[1.0, 5], [2, 6]],
            [[1.0, 5], [2, 5]],
            [[1, 1], [1, 1]],
            r"sample_weight has shape \(2, 2",
        ),
        (np.zeros((2, 2, 2)), np.zeros((2, 2, 2)), None, r"y_true has shape \(2, 2, 2\); expected"),
        (1.0, 2.0, None, r"y_true has shape \(\); expected"),
        ([1.0], [2.0], None, "y_true is constant, 1.0; expected"),
    ]:
        with pytest.raises(ValueError, match=match):
            r_squared(y, p, w)


def test_perplexity_of_classes_of_every_type():
    p = np.array([[0.5, 0.5], [0.25, 0.75]])
    for dtype in ("bool", "uint8", "uint64", "int8", object):
        assert perplexity(np.array([0, 1], dtype), p) == perplexity([0, 1], p)
    with pytest.raises(
        TypeError, match=r"y_true holds 0\.0 at index 0, of dtype float16; expected"
    ):
        perplexity(np.zeros(2, np.float16), p)


def test_a_perplexity_beyond_float64_is_infinite_without_a_warning(recwarn):
    assert perplexity([0], [[5e-324, 1.0]]) == np.inf
    assert not recwarn.list
