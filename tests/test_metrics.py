"""Metrics against scikit-learn and by hand."""

import numpy as np
import pytest

from lossbook.metrics import expected_calibration_error, perplexity, r_squared, reliability_curve

rng = np.random.default_rng(3)
P = rng.random(5000)
Y = (rng.random(5000) < P).astype(int)


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


def test_perplexity():
    from sklearn.metrics import log_loss

    p = rng.dirichlet(np.ones(4), size=100)
    y = rng.integers(0, 4, size=100)
    assert perplexity(y, p) == pytest.approx(np.exp(log_loss(y, p, labels=range(4))), rel=1e-12)
    assert perplexity(y, np.full((100, 4), 0.25)) == pytest.approx(4)
    assert perplexity([1, 0], [[0.0, 1.0], [1.0, 0.0]]) == 1
    assert perplexity([1, 0], [[1.0, 0.0], [1.0, 0.0]]) == np.inf


def test_r_squared():
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
