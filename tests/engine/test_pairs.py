"""Numbers in two parts are right to some 98 bits."""

import numpy as np
import pytest
from mpmath import mp, mpf

from lossbook._engine import pairs


def exactly(pair):
    return [mpf(float(high)) + mpf(float(low)) for high, low in zip(*pair, strict=True)]


def test_the_exponential():
    rng = np.random.default_rng(15)
    x = -np.concatenate([10 ** rng.uniform(-20, np.log10(600), 300), rng.random(100)])
    low = x * rng.uniform(-1, 1, x.size) * 2.0**-54
    with mp.workprec(200):
        for found, argument in zip(exactly(pairs.exp((x, low))), exactly((x, low)), strict=True):
            truth = mp.exp(argument)
            assert abs(found - truth) < mpf(2) ** -98 * truth


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_a_smoothed_label(classes):
    label = np.array([0.3]), np.array([1e-18])
    with mp.workprec(200):
        (found,) = exactly(pairs.smoothed(label, 0.1, classes))
        truth = (1 - mpf(0.1)) * (mpf(0.3) + mpf(1e-18)) + mpf(0.1) / classes
        assert abs(found - truth) < mpf(2) ** -104
