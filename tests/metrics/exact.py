"""What a metric should give: by fractions, in which nothing is rounded."""

import math
from fractions import Fraction

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

#: a busy machine is no fault of a metric
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

#: numbers over the whole range of float64, and of equal size
numbers = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(-10, 10),
    st.sampled_from([0.0, 5e-324, 1e-300, 1.0, -1.0, 1.7e308, -1.7e308]),
)
weights = st.one_of(
    st.floats(0, 1.7e308), st.floats(0, 2), st.sampled_from([0.0, 5e-324, 1.0, 3.0, 1e308])
)


def fractions(values):
    """Each number, exactly."""
    return [Fraction(float(v)) for v in np.ravel(values)]


def mean(values, weight):
    return sum(v * w for v, w in zip(values, weight, strict=True)) / sum(weight)


def rounded(fraction):
    """The float next to a fraction; infinite where it is too large for one."""
    try:
        return float(fraction)
    except OverflowError:
        return math.inf if fraction > 0 else -math.inf


def near(found, expected, ulps):
    """Whether a float is so many units in the last place from a fraction."""
    expected = rounded(expected)
    if math.isinf(expected) or math.isinf(found):
        return found == expected or min(abs(found), abs(expected)) > 1.7976931348623e308
    return abs(found - expected) <= ulps * math.ulp(expected)
