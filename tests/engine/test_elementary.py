"""Elementary functions against mpmath, over the range of float64."""

import numpy as np
import pytest
from mpmath import mp, mpf

from benchmarks.cases import magnitudes
from benchmarks.references import ulps
from lossbook._engine import elementary

SIZES = magnitudes(np.random.default_rng(3), 40)
NUMBERS = np.concatenate([[0.0], SIZES, -SIZES])
OTHERS = np.random.default_rng(4).permutation(SIZES)


@pytest.mark.parametrize(
    "function, truth, arguments",
    [
        (elementary.softplus, lambda x: mp.log1p(mp.exp(x)), [NUMBERS]),
        (elementary.sigmoid, lambda x: 1 / (1 + mp.exp(-x)), [NUMBERS]),
        (elementary.sigmoid_slope, lambda x: 1 / (2 + mp.exp(x) + mp.exp(-x)), [NUMBERS]),
        (elementary.gauss, lambda x: mp.exp(-x * x / 2), [NUMBERS]),
        (lambda a: elementary.hypot(a, 3.0), lambda a: mp.sqrt(a * a + 9), [SIZES]),
        (
            lambda a: elementary.leveling(a, 3.0),
            lambda a: a / mp.sqrt(1 + (a / 3) ** 2),
            [SIZES],
        ),
        (elementary.log_ratio, lambda y, p: mp.log1p(p) - mp.log1p(y), [SIZES, OTHERS]),
        (elementary.log_quotient, lambda a, b: mp.log(a / b), [SIZES, OTHERS]),
        (
            elementary.log_quotient,
            lambda a, b: mp.log(a / b),
            [1 + np.linspace(-1e-3, 1e-3, 400), np.ones(400)],
        ),
        (elementary.shortfall, lambda a, b: 1 - (a - b), [NUMBERS, np.flip(NUMBERS) + 1.0]),
    ],
)
def test_within_a_few_ulp(function, truth, arguments):
    with np.errstate(all="ignore"), mp.workdps(700):
        found = function(*arguments)
        for value, *given in zip(found, *arguments, strict=True):
            due = truth(*(mpf(float(x)) for x in given))
            assert ulps(float(value), due) <= 4, f"{given}: {value}"


def test_0_times_infinity_is_0():
    with np.errstate(invalid="ignore"):
        found = elementary.product(np.array([0.0, 2.0, 2.0]), np.array([np.inf, np.inf, 3.0]))
    assert found.tolist() == [0.0, np.inf, 6.0]


def test_the_step_is_at_the_sign():
    found = elementary.step(np.array([-np.inf, -2.0, -0.0, 0.0, 1e-300, np.inf]))
    assert found.tolist() == [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]


def test_labels_as_rows():
    rows = elementary.one_hot(np.array([2, 0]), 3)
    assert rows.tolist() == [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    np.testing.assert_allclose(elementary.smoothed(rows, 0.3, 3).sum(axis=1), 1.0)
    assert elementary.smoothed(rows, 0.0, 3) is rows
