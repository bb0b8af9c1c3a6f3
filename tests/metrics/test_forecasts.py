"""Errors of forecasts: by fractions over the whole range of float64, and against scikit-learn."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lossbook.metrics import (
    mean_absolute_percentage_error,
    mean_absolute_scaled_error,
    symmetric_mean_absolute_percentage_error,
    weighted_absolute_percentage_error,
)

from .exact import fractions, mean, near, numbers, patient, weights

MAPE, WAPE = mean_absolute_percentage_error, weighted_absolute_percentage_error
SMAPE, MASE = symmetric_mean_absolute_percentage_error, mean_absolute_scaled_error
TRAIN = [1.0, 3.0, 2.0, 7.0]


def scaled(y, p, w=None):
    """The scaled error, with a training series for each output."""
    train = np.array(TRAIN)
    return MASE(y, p, np.stack([train] * np.shape(y)[1], axis=1) if np.ndim(y) == 2 else train, w)


ALL = [MAPE, WAPE, SMAPE, scaled]
NAMES = ["MAPE", "WAPE", "sMAPE", "MASE"]

# each by its definition: of true values, forecasts and weights
DEFINED = [
    lambda y, p, w: mean([abs(a - b) / abs(a) for a, b in zip(y, p, strict=True)], w),
    lambda y, p, w: mean([abs(a - b) for a, b in zip(y, p, strict=True)], w) / mean(map(abs, y), w),
    lambda y, p, w: mean(
        [
            2 * abs(a - b) / (abs(a) + abs(b)) if a or b else Fraction(0)
            for a, b in zip(y, p, strict=True)
        ],
        w,
    ),
    lambda y, p, w: mean([abs(a - b) for a, b in zip(y, p, strict=True)], w) / Fraction(8, 3),
]
samples = st.lists(st.tuples(numbers, numbers, weights), min_size=1, max_size=6)


@pytest.mark.parametrize("which", range(4), ids=NAMES)
@settings(patient, max_examples=300)
@given(samples=samples, weighted=st.booleans())
def test_it_is_its_definition_to_a_few_units_in_the_last_place(which, samples, weighted):
    y, p, w = map(np.array, zip(*samples, strict=True))
    counted = w > 0 if weighted else np.ones(len(y), bool)
    assume(counted.any())
    if which == 0:
        assume(y[counted].all())
    if which == 1:
        assume(y[counted].any())
    found = ALL[which](y, p, w) if weighted else ALL[which](y, p)
    weight = fractions(w) if weighted else [Fraction(1)] * len(y)
    rows = [i for i in range(len(y)) if counted[i]]
    expected = DEFINED[which](*([v[i] for i in rows] for v in (fractions(y), fractions(p), weight)))
    assert near(found, expected, 5)


@pytest.mark.parametrize("metric", ALL, ids=NAMES)
def test_what_holds_for_all(metric, rng):
    y, p = rng.normal(3, 1, (2, 40))
    w = rng.integers(0, 4, 40)
    assert metric(y, y) == 0 and metric(y, y, w) == 0
    assert metric(y, p, np.ones(40)) == pytest.approx(metric(y, p), rel=1e-15)
    assert metric(y, p, w) == pytest.approx(metric(np.repeat(y, w), np.repeat(p, w)), rel=1e-14)
    for factor in (5e-324, 1e-300, 1e300):
        assert metric(y, p, w * factor) == pytest.approx(metric(y, p, w), rel=1e-15)
    order = rng.permutation(40)
    assert metric(y[order], p[order], w[order]) == pytest.approx(metric(y, p, w), rel=1e-15)
    # samples of weight 0 may hold anything
    y[w == 0], p[w == 0] = np.nan, np.inf
    assert metric(y, p, w) == pytest.approx(metric(y[w > 0], p[w > 0], w[w > 0]), rel=1e-15)
    # of two outputs the mean
    both = metric(np.stack([y, 2 * y], 1), np.stack([p, 3 * p], 1), w)
    assert both == pytest.approx((metric(y, p, w) + metric(2 * y, 3 * p, w)) / 2, rel=1e-15)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("outputs", [1, 3])
def test_the_percentage_error_is_scikit_learns_away_from_0(rng, weighted, outputs):
    from sklearn.metrics import mean_absolute_percentage_error as theirs

    y = rng.normal(size=(50, outputs)) * 10.0 ** rng.integers(-9, 9, (50, 1))
    p, w = y * rng.normal(1, 0.1, y.shape), rng.exponential(size=50) if weighted else None
    y, p = y.squeeze(), p.squeeze()
    assert MAPE(y, p, w) == pytest.approx(theirs(y, p, sample_weight=w), rel=1e-13)


def test_at_0_scikit_learn_divides_by_its_epsilon_and_lossbook_says_so():
    from sklearn.metrics import mean_absolute_percentage_error as theirs

    assert theirs([0.0, 1.0], [1.0, 1.0]) == 2.0**52 / 2
    with pytest.raises(ValueError, match=r"y_true holds 0\.0 at index 0; expected .* take zeros"):
        MAPE([0.0, 1.0], [1.0, 1.0])
    assert theirs([1e-20], [2e-20]) < 1e-3 and MAPE([1e-20], [2e-20]) == 1


def test_at_0():
    assert WAPE([0.0, 2.0], [1.0, 2.0]) == 0.5
    assert SMAPE([0.0, 0.0], [0.0, 1e-300]) == 1 and SMAPE([0.0], [0.0]) == 0
    assert SMAPE([1.0, 0.0, -0.0], [0.0, 5.0, 0.0]) == pytest.approx(4 / 3)
    assert MASE([0.0, 0.0], [1.0, 0.0], [0.0, 1.0, 0.0]) == 0.5
    assert MAPE([1.0, 0.0], [2.0, 5.0], [1, 0]) == 1


@patient
@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=5))
def test_the_symmetric_error_lies_between_0_and_2_and_takes_no_sides(pairs):
    y, p = map(np.array, zip(*pairs, strict=True))
    assert 0 <= SMAPE(y, p) <= 2 and SMAPE(y, p) == SMAPE(p, y)


def test_of_two_errors_of_one_size_the_symmetric_error_likes_that_above():
    assert SMAPE([100.0], [50.0]) == pytest.approx(2 / 3) and SMAPE([100.0], [150.0]) == 0.4
    assert MAPE([100.0], [50.0]) == MAPE([100.0], [150.0]) == 0.5


@pytest.mark.parametrize("season", [1, 2, 12])
@pytest.mark.parametrize("size", [1e-300, 1.0, 1e307])
def test_the_scaled_error_is_that_of_the_naive_forecast(rng, season, size):
    train, y, p = rng.normal(size=60), rng.normal(size=9), rng.normal(size=9)
    naive = [abs(train[t] - train[t - season]) for t in range(season, 60)]
    expected = np.mean(np.abs(y - p)) / np.mean(naive)
    found = MASE(y * size, p * size, train * size, season=season)
    assert found == pytest.approx(expected, rel=1e-14)
    # the naive forecast itself, in the training series
    assert MASE(train[season:], train[:-season], train, season=season) == pytest.approx(
        1, rel=1e-15
    )


def test_the_scaled_error_of_several_series(rng):
    train, y, p = rng.normal(size=(30, 2)), rng.normal(size=(5, 2)), rng.normal(size=(5, 2))
    train[:, 1] *= 1e9
    each = [MASE(y[:, j], p[:, j], train[:, j], season=4) for j in range(2)]
    assert MASE(y, p, train, season=4) == pytest.approx(np.mean(each), rel=1e-15)


def test_large_numbers():
    huge = [1.7e308, -1.7e308]
    assert MAPE(huge, huge[::-1]) == 2 and WAPE(huge, huge[::-1]) == 2
    assert SMAPE(huge, huge[::-1]) == 2 and MASE(huge, huge[::-1], huge) == 1
    assert MAPE([1e-300], [1e300]) == np.inf and MAPE([1e-300, 1.0], [1e300, 1.0], [0, 1]) == 0


BAD = [
    (lambda: MAPE([1, 0, 0], [1, 1, 1]), ValueError, r"y_true holds 0.0 at index 1 \(and 1 more"),
    (lambda: MAPE([[1, 2], [3, 0]], np.ones((2, 2))), ValueError, r"at index \(1, 1\)"),
    (lambda: WAPE([0.0, 0.0], [1.0, 2.0]), ValueError, "y_true holds only zeros"),
    (lambda: WAPE([0.0, 1.0], [1.0, 2.0], [1, 0]), ValueError, "y_true holds only zeros"),
    (lambda: WAPE([[0.0, 1.0]], [[1.0, 2.0]]), ValueError, r"y_true\[:, 0\] holds only zeros"),
    (lambda: MASE([1], [1], [5, 5, 5]), ValueError, r"y_train is constant, 5\.0"),
    (lambda: MASE([1], [1], [5, 6, 5, 6], season=2), ValueError, "y_train repeats itself every 2"),
    (
        lambda: MASE([[1, 1]], [[1, 1]], [[1, 5], [2, 5]]),
        ValueError,
        r"y_train\[:, 1\] is constant, 5\.0",
    ),
    (
        lambda: MASE([1], [1], [5, 6], season=2),
        ValueError,
        "y_train holds 2 values with season = 2",
    ),
    (lambda: MASE([1], [1], [5, 6], season=0), ValueError, "season is 0"),
    (lambda: MASE([1], [1], [5, 6], season=1.5), TypeError, "season is 1.5"),
    (lambda: MASE([1], [1], [5, np.nan]), ValueError, "y_train holds nan at index 1"),
    (
        lambda: MASE([1], [1], [[5], [6]]),
        ValueError,
        r"y_train has shape \(2, 1\); expected \(T,\)",
    ),
    (lambda: MASE([[1, 2]], [[1, 2]], [5, 6]), ValueError, r"expected \(T, 2\), as"),
]
for call in ALL:
    BAD += [
        (lambda f=call: f([1.0, 2.0], [1.0]), ValueError, "shape"),
        (lambda f=call: f([], []), ValueError, "empty"),
        (lambda f=call: f(np.ones((1, 1, 1)), np.ones((1, 1, 1))), ValueError, "y_true has shape"),
        (lambda f=call: f([1.0, np.nan], [1.0, 1.0]), ValueError, "y_true holds nan at index 1"),
        (lambda f=call: f([1.0, 2.0], [1.0, np.inf]), ValueError, "y_pred holds inf at index 1"),
        (lambda f=call: f([1.0, 2.0], [1.0, 2.0], [0, 0]), ValueError, "sample_weight holds only"),
        (lambda f=call: f([1.0, 2.0], [1.0, 2.0], [1, -1]), ValueError, "sample_weight holds -1"),
        (lambda f=call: f([1.0, 2.0], [1.0, 2.0], [1]), ValueError, r"sample_weight has shape \(1"),
        (lambda f=call: f(["a"], [1.0]), TypeError, "y_true holds strings"),
    ]


@pytest.mark.parametrize(("call", "error", "match"), BAD)
def test_bad_input(call, error, match):
    with pytest.raises(error, match=match) as caught:
        call()
    assert "expected" in str(caught.value)
