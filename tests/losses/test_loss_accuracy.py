"""Values and gradients against mpmath, in units in the last place, over the range of float64."""

import math

import numpy as np
import pytest
from loss_cases import accuracy_points, instances
from loss_references import reference
from mpmath import mp, mpf

from lossbook import losses

MOST_ULP = {losses.Barron: 8.0, losses.Focal: 8.0}  # 4 for all others
LARGEST = mpf(np.finfo(float).max)


def ulps(computed, exact):
    """How far `computed` is from `exact`, in units in the last place of `exact`."""
    if math.isinf(computed):
        # right if float64 has no number for it
        return 0.0 if abs(exact) > LARGEST * (1 - mpf(2) ** -51) and computed * exact > 0 else 1e9
    if math.isnan(computed):
        return 1e9
    nearest = float(exact)
    if math.isinf(nearest):
        nearest = math.copysign(float(LARGEST), nearest)
    unit = math.ulp(nearest) if abs(nearest) < LARGEST else math.ulp(1.7e308)
    return float(abs(mpf(computed) - exact) / mpf(unit))


def worst(computed, function, y, p):
    """The largest distance, and where."""
    distances = [
        ulps(float(c), function(mpf(float(a)), mpf(float(b))))
        for c, a, b in zip(computed, y, p, strict=True)
    ]
    at = int(np.argmax(distances))
    return distances[at], f"y_true={y[at]!r}, y_pred={p[at]!r}: {computed[at]!r}"


@pytest.mark.parametrize("loss", instances(extreme=True, elementwise=True), ids=repr)
@pytest.mark.parametrize("what", ["value", "gradient"])
def test_within_a_few_ulp(loss, what):
    y, p = accuracy_points(loss, np.random.default_rng(11))
    method = {"value": loss.pointwise, "gradient": loss.gradient}[what]
    distance, where = worst(method(y, p), getattr(reference(loss), what), y, p)
    assert distance <= MOST_ULP.get(type(loss), 4.0), f"{distance:.3g} ulp at {where}"


@pytest.mark.parametrize("loss", instances(extreme=True, elementwise=True), ids=repr)
def test_the_fused_pass_is_as_exact(loss):
    """value_and_gradient of one sample at a time, against the formulas alone."""
    y, p = accuracy_points(loss, np.random.default_rng(12))
    for a, b in zip(y[::7], p[::7], strict=True):
        value, gradient = loss.value_and_gradient(a, b)
        single = float(loss.pointwise(a, b))
        assert value == single or abs(value - single) <= 2 * np.spacing(single)
        assert gradient == pytest.approx(float(loss.gradient(a, b)), rel=1e-15, abs=1e-320)


def test_the_measure_itself():
    assert ulps(1.0, mpf(1)) == 0
    assert ulps(1.0 + 2**-52, mpf(1)) == 1
    assert ulps(float("inf"), mpf(10) ** 400) == 0
    assert ulps(float("inf"), mpf(1)) > 1e6
    assert ulps(float("nan"), mpf(1)) > 1e6
    assert ulps(0.0, mp.mpf(10) ** -330) < 1
