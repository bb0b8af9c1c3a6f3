"""Calibration against scikit-learn, and by hand."""

import functools
import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lossbook.metrics import expected_calibration_error, reliability_curve

from .exact import fractions, near, patient, weights


def calibrated():
    rng = np.random.default_rng(3)
    p = rng.random(5000)
    return p, (rng.random(5000) < p).astype(int)


P, Y = calibrated()
TOP = functools.partial(expected_calibration_error, top_label=True)


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


# Of the top label


def classes(rng, n=300, K=4):
    p = rng.dirichlet(np.ones(K), size=n)
    return rng.integers(0, K, n), p


@pytest.mark.parametrize("strategy", ["uniform", "quantile"])
@pytest.mark.parametrize("bins", [1, 10, 15])
def test_the_top_label_is_an_event_of_two_classes(rng, bins, strategy):
    y, p = classes(rng)
    w = rng.exponential(size=len(y))
    right, confidence = (p.argmax(axis=1) == y).astype(int), p.max(axis=1)
    options = {"bins": bins, "strategy": strategy}
    for weight in (None, w):
        found = reliability_curve(y, p, weight, **options, top_label=True)
        expected = reliability_curve(right, confidence, weight, **options)
        for name in ("mean_predicted", "observed", "count", "weight", "edges"):
            np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
        error = expected_calibration_error(y, p, weight, **options, top_label=True)
        assert error == expected_calibration_error(right, confidence, weight, **options)
        gap = np.abs(found.observed - found.mean_predicted)
        assert error == pytest.approx(np.average(gap, weights=found.weight), rel=1e-12)


def test_of_two_classes_it_is_another_number():
    y, chance = [1, 1, 0, 1], np.array([0.2, 0.2, 0.8, 0.8])
    rows = np.stack([1 - chance, chance], axis=1)
    assert expected_calibration_error(y, chance) == pytest.approx((0.8 + 0.3) / 2)
    assert expected_calibration_error(y, rows, top_label=True) == pytest.approx(0.8 - 0.25)


def test_the_first_of_equal_probabilities_is_predicted():
    rows = [[0.5, 0.5]] * 2
    assert reliability_curve([0, 1], rows, top_label=True).observed.tolist() == [0.5]
    assert expected_calibration_error([1, 1], rows, top_label=True) == 0.5


# Weights


def by_hand(y, p, w, bins):
    """The error of equal bins by its definition, in fractions."""
    y, p, w = fractions(y), fractions(p), fractions(w)
    edges = fractions(np.linspace(0, 1, bins + 1))
    gaps = [
        abs(
            sum(
                c * (a - b)
                for a, b, c in zip(y, p, w, strict=True)
                if left < b <= right or b == left == 0
            )
        )
        for left, right in itertools.pairwise(edges)
    ]
    return sum(gaps) / sum(w)


@patient
@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.one_of(st.floats(0, 1), st.just(0.5)), weights),
        min_size=1,
        max_size=12,
    ),
    st.integers(1, 5),
)
def test_the_error_is_its_definition(samples, bins):
    y, p, w = map(np.array, zip(*samples, strict=True))
    assume(w.any())
    found = expected_calibration_error(y, p, w, bins=bins)
    expected = by_hand(y, p, w, bins)
    # a weight times a probability is rounded, and their sum may cancel
    assert abs(Fraction(found) - expected) <= Fraction(1, 2**52)
    ones = np.ones(len(y))
    found = expected_calibration_error(y, p, bins=bins)
    assert near(found, by_hand(y, p, ones, bins), 2)
    assert near(expected_calibration_error(y, p, ones, bins=bins), by_hand(y, p, ones, bins), 2)


@pytest.mark.parametrize("strategy", ["uniform", "quantile"])
def test_weights_count_as_often_and_have_no_unit(rng, strategy):
    y, p = rng.integers(0, 2, 80), rng.random(80).round(2)
    w = rng.integers(0, 4, 80)
    options = {"bins": 7, "strategy": strategy}
    curve = reliability_curve(y, p, w, **options)
    assert curve.weight.sum() == w.sum() and curve.count.sum() == np.count_nonzero(w)
    if strategy == "uniform":
        often = reliability_curve(np.repeat(y, w), np.repeat(p, w), **options)
        np.testing.assert_allclose(curve.observed, often.observed, rtol=1e-14)
        np.testing.assert_allclose(curve.mean_predicted, often.mean_predicted, rtol=1e-14)
        np.testing.assert_array_equal(curve.weight, often.count)
    else:  # bins of nearly equal weight
        assert (
            np.abs(curve.weight - w.sum() / 7).max() <= 3 * np.bincount((100 * p).astype(int)).max()
        )
    error = expected_calibration_error(y, p, w, **options)
    gap = np.abs(curve.observed - curve.mean_predicted)
    assert error == pytest.approx(np.average(gap, weights=curve.weight), rel=1e-13)
    for factor in (1e-300, 0.1, 1e306):
        scaled = reliability_curve(y, p, factor * w, **options)
        np.testing.assert_allclose(scaled.observed, curve.observed, rtol=1e-14)
        np.testing.assert_allclose(scaled.weight / factor, curve.weight, rtol=1e-14)
        assert expected_calibration_error(y, p, factor * w, **options) == pytest.approx(error)
    one = reliability_curve(y, p, np.full(80, 3.0), **options)
    plain = reliability_curve(y, p, **options)
    for name in ("mean_predicted", "observed", "count", "edges"):
        np.testing.assert_allclose(getattr(one, name), getattr(plain, name), rtol=4e-16)
    np.testing.assert_array_equal(one.weight, 3 * plain.weight)


def test_what_has_no_weight_may_hold_anything(rng):
    y, p = classes(rng, 50)
    w = rng.integers(0, 2, 50)
    rows, kept = w == 0, w > 0
    for strategy in ("uniform", "quantile"):
        options = {"strategy": strategy, "top_label": True}
        expected = expected_calibration_error(y[kept], p[kept], **options)
        given = p.copy()
        given[rows] = np.nan
        assert expected_calibration_error(y, given, w, **options) == expected
        assert np.isnan(given[rows]).all()
        options["top_label"] = False
        expected = expected_calibration_error(y[kept] > 1, p[kept, 0], **options)
        labels = np.where(rows, np.nan, y > 1)
        assert expected_calibration_error(labels, given[:, 0], w, **options) == expected


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
    (lambda: reliability_curve([0, 1], [0.1, 0.2], [0, 0]), ValueError, "sample_weight holds only"),
    (lambda: reliability_curve([0, 1], [0.1, 0.2], [1]), ValueError, r"sample_weight has shape"),
    (lambda: reliability_curve([0], [0.1], top_label=1), TypeError, "top_label is 1"),
    (lambda: reliability_curve(0, 0.1, 1.0), ValueError, r"y_true has shape \(\)"),
    (lambda: TOP([0, 1], [[0.5, 0.5]]), ValueError, r"y_true has shape \(2,\) and y_prob"),
    (lambda: TOP([0], [0.5]), ValueError, r"y_prob has shape \(1,\)"),
    (lambda: TOP([[0, 1]], [[0.5, 0.5]]), ValueError, r"y_true has shape \(1, 2\)"),
    (lambda: TOP([2], [[0.5, 0.5]]), ValueError, "y_true holds 2 at index 0"),
    (lambda: TOP([0.0], [[0.5, 0.5]]), TypeError, "y_true holds 0.0 at index 0"),
    (lambda: TOP([0], [[0.5, 0.4]]), ValueError, "y_prob holds a row that sums to 0.9"),
    (lambda: TOP([0], [[np.nan, 0.4]]), ValueError, "y_prob holds nan"),
]


@pytest.mark.parametrize(("call", "error", "match"), BAD)
def test_bad_input(call, error, match):
    with pytest.raises(error, match=match + ".*expected"):
        call()
