"""Values and gradients against mpmath, in units in the last place, over the range of float64."""

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf

from benchmarks.cases import accuracy_points, instances
from benchmarks.references import reference, smoothed, ulps
from lossbook import losses

MOST_ULP = {losses.Barron: 8.0, losses.Focal: 8.0}  # 4 for all others


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


def near_soft_labels(loss, rng, count=600):
    """Soft labels y and predictions: |p - y| log-spaced, from the spacing of float64 at y to y."""
    x = rng.normal(size=count) * 10 ** rng.uniform(-3, 2, count)
    p = 1 / (1 + np.exp(-x))
    w = 1.0 if loss.pos_weight is None else loss.pos_weight
    best = p / (p + w * (1 - p))  # where (1 - y) p is w y (1 - p)
    y = best * (1 + rng.choice([-1, 1], count) * 10 ** rng.uniform(-16.5, 0, count))
    alpha = loss.label_smoothing
    y = (y - alpha / 2) / (1 - alpha)
    kept = (y > 0) & (y < 1) & (p < 1)
    return y[kept], (x if loss.from_logits else p)[kept]


@pytest.mark.parametrize("from_logits", [False, True])
@pytest.mark.parametrize("alpha", [0.0, 0.1, 1e-9])
@pytest.mark.parametrize("weight", [None, 4.0, 0.25])
def test_soft_labels_near_the_prediction(from_logits, alpha, weight):
    """Where the gradient is close to 0, that is; with a weight, the label is another one."""
    loss = losses.BinaryCrossEntropy(
        from_logits=from_logits, label_smoothing=alpha, pos_weight=weight
    )
    y, p = near_soft_labels(loss, np.random.default_rng(13))
    truth = reference(loss)
    said = [mpf(float(b)) if not from_logits else 1 / (1 + mpmath.exp(-mpf(float(b)))) for b in p]
    label = [smoothed(alpha, mpf(float(a))) for a in y]
    w = 1 if weight is None else mpf(weight)
    sides = [((1 - b) * a, w * b * (1 - a)) for a, b in zip(said, label, strict=True)]
    apart = np.array([float(abs(a - b) / max(a, b)) for a, b in sides])
    assert np.sum(apart < 1e-12) > 50
    kept = apart > 2.0**-52
    y, p = y[kept], p[kept]
    gradient = loss.gradient(y, p)
    distance, where = worst(gradient, truth.gradient, y, p)
    assert distance <= 4, f"{distance:.3g} ulp at {where}"
    distance, where = worst(loss.pointwise(y, p), truth.value, y, p)
    assert distance <= 4, f"{distance:.3g} ulp at {where}"
    w = np.random.default_rng(14).random(y.size)
    for weights in (None, w):
        share = np.full(y.size, 1 / y.size) if weights is None else w / w.sum()
        fused = loss.value_and_gradient(y, p, weights)[1]
        np.testing.assert_allclose(fused, share * gradient, rtol=1e-15)
    assert loss.gradient(y[0], p[0]) == gradient[0]
    flat = loss.value_and_gradient(y, p)[1]
    square = loss.value_and_gradient(y[:, None], p[:, None])[1]
    np.testing.assert_array_equal(square[:, 0], flat)


def test_one_soft_label_among_many_hard_ones():
    """It is seen wherever it is; and hard labels seen before do not hide it."""
    loss = losses.BinaryCrossEntropy(from_logits=True)
    n = 40_000
    x, hard = np.full(n, 0.7), np.ones(n)
    soft = hard.copy()
    soft[n - 5] = 1 / (1 + np.exp(-0.7)) * (1 + 1e-9)
    exact = 1 / (1 + mpmath.exp(-mpf(0.7))) - mpf(soft[n - 5])
    for y in (hard, soft, hard.copy(), soft):
        gradient = loss.value_and_gradient(y, x)[1]
        if y is soft:
            assert ulps(gradient[n - 5] * n, exact) <= 8
    hard[n - 5] = soft[n - 5]  # changed in place
    assert loss.value_and_gradient(hard, x)[1][n - 5] == gradient[n - 5]


def test_the_measure_itself():
    assert ulps(1.0, mpf(1)) == 0
    assert ulps(1.0 + 2**-52, mpf(1)) == 1
    assert ulps(float("inf"), mpf(10) ** 400) == 0
    assert ulps(float("inf"), mpf(1)) > 1e6
    assert ulps(float("nan"), mpf(1)) > 1e6
    assert ulps(0.0, mp.mpf(10) ** -330) < 1
