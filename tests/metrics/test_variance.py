"""R squared against scikit-learn, and by hand."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lossbook.metrics import r_squared

from .exact import fractions, mean, numbers, patient, weights


def test_r_squared(rng):
    from sklearn.metrics import r2_score

    y = rng.normal(size=200)
    p, w = y + rng.normal(size=200), rng.random(200)
    assert r_squared(y, p) == pytest.approx(r2_score(y, p), rel=1e-12)
    assert r_squared(y, p, w) == pytest.approx(r2_score(y, p, sample_weight=w), rel=1e-12)
    assert r_squared(y, y) == 1
    assert r_squared(y, np.full(200, y.mean())) == pytest.approx(0, abs=1e-15)
    assert r_squared([0.0, 1.0], [1.0, 0.0]) == -3


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


@settings(patient, max_examples=300)
@given(st.lists(st.tuples(numbers, numbers, weights), min_size=2, max_size=6), st.booleans())
def test_it_is_its_definition_to_a_few_units_in_the_last_place(samples, weighted):
    y, p, w = map(np.array, zip(*samples, strict=True))
    rows = np.flatnonzero(w) if weighted else np.arange(len(y))
    assume(len(rows) and (y[rows] != y[rows[0]]).any())
    exact_y, exact_p = fractions(y[rows]), fractions(p[rows])
    weight = fractions(w[rows]) if weighted else [1] * len(y)
    middle = mean(exact_y, weight)
    ratio = mean([(a - b) ** 2 for a, b in zip(exact_y, exact_p, strict=True)], weight) / mean(
        [(a - middle) ** 2 for a in exact_y], weight
    )
    found = r_squared(y, p, w if weighted else None)
    # 1 less the ratio cancels where they are close: of these, the ratio is what is right
    if ratio > 2**1030:
        assert found == -np.inf
    else:
        assert abs(Fraction(max(found, -1.7e308)) - (1 - ratio)) <= 16 * max(1, ratio) / 2**53 or (
            found == -np.inf and ratio > 1.7e308
        )


def test_rows_without_weight_may_hold_anything():
    assert r_squared([1.0, 2, np.nan], [1, 2.5, np.inf], [1, 1, 0]) == 0.5


BAD = [
    (lambda: r_squared([1.0, 1.0], [0.0, 2.0]), ValueError, "y_true is constant, 1.0"),
    (lambda: r_squared([1.0, 2.0], [1.0]), ValueError, "shape"),
    (lambda: r_squared([1.0, 2.0], [np.inf, 1.0]), ValueError, "y_pred holds inf"),
    (lambda: r_squared([1.0, 2.0], [1.0, 1.0], [-1, 1]), ValueError, "sample_weight holds -1"),
]


@pytest.mark.parametrize(("call", "error", "match"), BAD)
def test_bad_input(call, error, match):
    with pytest.raises(error, match=match + ".*expected"):
        call()
