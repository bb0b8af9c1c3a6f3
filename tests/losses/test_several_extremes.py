"""Losses of several predictions at the ends of float64: of finite numbers no loss makes NaN."""

import math

import numpy as np
import pytest
from mpmath import mp, mpf

from benchmarks.cases import instances_of_several, sample
from lossbook import losses

from .exact import as_tuple

LOSSES = instances_of_several()
each_loss = pytest.mark.parametrize("loss", LOSSES, ids=repr)
LARGEST = np.finfo(float).max
SIZES = [5e-324, 1e-300, 1e-160, 1e-20, 1e20, 1e160, 1e300, LARGEST]


def resized(loss, inputs, size):
    """What is predicted, and what it is compared with, times a size; labels and scales stay."""
    return [
        a
        if a is None or a.ndim == 0 or a.dtype.kind != "f" or name == "y_true"
        else _times(a, size)
        for name, a in zip(loss.inputs, inputs, strict=True)
    ]


def _times(a, size):
    """The array with its largest entries of this size; a vector stays one that has a direction."""
    with np.errstate(over="ignore"):
        moved = np.clip(a / np.abs(a).max() * size, -LARGEST, LARGEST)
    return np.where(moved == 0.0, np.copysign(5e-324, a), moved)


@pytest.mark.filterwarnings("ignore:CTC")
@each_loss
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("turned", [False, True])
def test_finite_predictions_make_no_nan(loss, size, turned):
    inputs = resized(loss, sample(loss, np.random.default_rng(61), 6), size)
    if turned:  # differences as large as they can be
        inputs[-1] = -inputs[0] if inputs[-1].shape == inputs[0].shape else inputs[-1]
    assert not np.isnan(loss.pointwise(*inputs)).any()
    value, slopes = loss.value_and_gradient(*inputs)
    assert not math.isnan(value) and loss(*inputs) == value
    for slope in (*as_tuple(slopes), *as_tuple(loss.gradient(*inputs))):
        assert not np.isnan(slope).any()


def _extremes():
    """The losses with each hyperparameter at the ends of what it may be."""
    for cls in {type(loss): None for loss in LOSSES}:
        for name, default in cls().hyperparameters.items():
            if type(default) is not float:
                continue
            for value in (
                1e-308,
                1e-300,
                1e-160,
                1e160,
                1e300,
                LARGEST,
                0.0,
                1.0,
                math.nextafter(1.0, 0.0),
            ):
                try:
                    yield cls(**{name: value})
                except ValueError:  # out of its range
                    continue


@pytest.mark.parametrize("loss", list(_extremes()), ids=repr)
@pytest.mark.parametrize("size", [1e-160, 1.0, 1e160])
def test_no_hyperparameter_makes_nan(loss, size):
    inputs = resized(loss, sample(loss, np.random.default_rng(62), 6), size)
    if "scale" in loss.inputs:
        inputs = inputs[:2]
    assert not np.isnan(loss.pointwise(*inputs)).any()
    for slope in as_tuple(loss.value_and_gradient(*inputs)[1]):
        assert not np.isnan(slope).any()


def test_no_scale_is_beyond_float64():
    for cls in (losses.NTXent, losses.SupervisedContrastive, losses.InfoNCE):
        with pytest.raises(
            ValueError, match="temperature is 1e-301; expected a number of at least"
        ):
            cls(temperature=1e-301)
    for cls in (losses.CLIP, losses.SigLIP, losses.ArcFace, losses.Circle):
        name = next(iter(cls().hyperparameters))
        with pytest.raises(
            ValueError, match=rf"{name} is 1e\+301; .* above 0 and of at most 1e\+300"
        ):
            cls(**{name: 1e301})
    for loss in (losses.CLIP(), losses.SigLIP()):
        with pytest.raises(
            ValueError, match=r"scale is 1e\+301; expected a number above 0 and of at"
        ):
            loss(np.eye(2), np.eye(2), scale=1e301)


@pytest.mark.parametrize("degree", [40.0, 1e5, 1e16, 1e300])
def test_a_norm_of_a_high_degree_is_that_of_the_largest_entry(degree):
    """Also in its slope, which equal entries share."""
    rng, p = np.random.default_rng(63), mpf(degree)
    near, far = np.rint(rng.uniform(-3, 3, (2, 50, 4)))
    _, positive, negative = losses.Triplet(margin=9.0, p=degree).gradient(0 * near, near, far)
    for rows, slopes in ((near, positive), (-far, negative)):
        for row, slope in zip(rows, slopes, strict=True):
            with mp.workdps(400):
                unit = [abs(mpf(v)) / int(np.abs(row).max()) for v in row]
                total = sum(v**p for v in unit) ** (1 - 1 / p)
                due = [float(v ** (p - 1) / total) for v in unit]
            np.testing.assert_allclose(slope, np.sign(row) * due, rtol=1e-14, atol=1e-300)


@pytest.mark.parametrize("degree", [3.5, 50.0, 500.0])
@pytest.mark.parametrize("size", [1e-290, 1.0, 1e290])
def test_the_slope_of_a_norm_keeps_its_digits(degree, size):
    """A power of a quotient multiplies what the rounding of the quotient leaves out."""
    near = np.random.default_rng(64).normal(size=(20, 100)) * size
    _, slopes, _ = losses.Triplet(margin=1.0, p=degree).gradient(0 * near, near, 0 * near)
    for row, slope in zip(near, slopes, strict=True):
        with mp.workdps(400):
            norm = sum(abs(mpf(v)) ** mpf(degree) for v in row) ** (1 / mpf(degree))
            due = [float((abs(mpf(v)) / norm) ** (mpf(degree) - 1)) for v in row]
        np.testing.assert_allclose(slope, np.sign(row) * due, rtol=3e-15, atol=1e-300)


def test_distances_beyond_float64():
    """The distances are infinite, their difference is not; what they pull at neither."""
    far = np.array([[1.5e308, 0.0]])
    loss = losses.Triplet(margin=1.0)
    value, (a, p, n) = loss.value_and_gradient(far, -far, -far)
    assert value == 1.0 and a.tolist() == [[0.0, 0.0]]
    np.testing.assert_array_equal(p, -n)
    assert losses.Triplet()(far, -far, 0 * far) == pytest.approx(1.5e308, rel=1e-15)
    value, slopes = losses.Contrastive().value_and_gradient([-1], far, -far)
    assert value == 0.0 and not np.any(slopes)
    x = np.array([1.5e308])
    assert losses.DPO().pointwise(x, -x, x, -x) == pytest.approx(math.log(2), rel=1e-15)
    assert losses.IPO(beta=0.5).pointwise(x, -x, x, -x) == 1.0


def test_a_direction_is_one_at_any_length():
    """Gradients are inverse to the lengths, those near the ends of float64 too."""
    a, b = [[3.0, 4.0]], [[5.0, 12.0]]
    due = losses.CosineEmbedding().gradient([1], a, b)
    for power in (-1000, -700, 700, 1018, 1021):
        moved = np.ldexp(a, power)
        first, second = losses.CosineEmbedding().gradient([1], moved, b)
        np.testing.assert_allclose(second, due[1], rtol=1e-14)
        np.testing.assert_allclose(first, np.ldexp(due[0], -power), rtol=1e-14, atol=5e-324)
        for loss in (losses.InfoNCE(), losses.CLIP()):
            rows, keys = np.array([[3.0, 4.0], [1.0, -1.0]]), np.eye(2)
            plain, found = (loss.gradient(x, keys)[0] for x in (rows, np.ldexp(rows, power)))
            np.testing.assert_allclose(found, np.ldexp(plain, -power), rtol=1e-13, atol=5e-324)


def test_a_logit_that_is_ruled_out_is_not_clipped():
    """Of the others the normalizer is 1: then the z-loss has no slope, and else one that is as small."""
    for low in (-math.inf, -1e300, -700.0, -650.0):
        slope = losses.ZLoss(coefficient=1.0).gradient([0], [[0.0, low]])
        np.testing.assert_allclose(slope, [[2 * math.exp(low), 0.0]], rtol=1e-14)


def test_a_short_way_to_a_wide_margin():
    """The push is as long as the margin, however close the two are."""
    x1, x2 = losses.Contrastive(margin=1e300).gradient([-1.0], [[3e-300, 0.0]], [[0.0, 4e-300]])
    np.testing.assert_allclose(x1, [[-6e299, 8e299]], rtol=1e-15)
    np.testing.assert_array_equal(x2, -x1)


@pytest.mark.parametrize("size", [1e299, 5e307])
def test_far_logits_of_ctc(size):
    """Four paths of two steps, of which three spell the label: the best costs one far step."""
    z = np.array([[size, -size], [size, -size]])
    value, gradient = losses.CTC().value_and_gradient([1], z)
    assert value == 2 * size
    np.testing.assert_allclose(gradient, [[0.5, -0.5], [0.5, -0.5]], atol=1e-15)


@pytest.mark.parametrize("size", [1e-60, 1.0, 1e60])
def test_the_temperature_of_distillation_at_its_ends(size):
    """T^2 KL tends to half the variance of the logits' differences, and to T times a gap of logits."""
    rng = np.random.default_rng(64)
    t, z = size * rng.normal(size=(2, 5, 4))
    y, d = np.zeros(5, int), z - t
    for temperature in (1e100, 1e155, 1e300, LARGEST):
        loss = losses.Distillation(temperature=temperature, alpha=1.0)
        np.testing.assert_allclose(loss.pointwise(y, z, t), np.var(d, axis=1) / 2, rtol=1e-13)
        due = (d - d.mean(axis=1)[:, None]) / 4
        np.testing.assert_allclose(loss.gradient(y, z, t), due, rtol=1e-12, atol=1e-15 * size)
    rows, best = np.arange(5), t.argmax(axis=1)
    for temperature in (1e-70, 1e-200, 1e-308, 1e-320):
        loss = losses.Distillation(temperature=temperature, alpha=1.0)
        due = temperature * (z.max(axis=1) - z[rows, best])
        np.testing.assert_allclose(loss.pointwise(y, z, t), due, rtol=1e-12, atol=5e-324)
        slope = np.zeros((5, 4))
        slope[rows, z.argmax(axis=1)] += temperature
        slope[rows, best] -= temperature
        np.testing.assert_allclose(loss.gradient(y, z, t), slope, rtol=1e-15)


def test_a_class_that_only_the_student_has_costs_the_more_the_higher_the_temperature():
    loss = losses.Distillation(temperature=1e100, alpha=1.0)
    value, slope = loss.value_and_gradient([0], [[0.0, 0.0]], [[0.0, -math.inf]])
    assert value == pytest.approx(1e200 * math.log(2)) and slope.tolist() == [[-5e99, 5e99]]
    value, slope = loss.value_and_gradient([0], [[0, 1, -math.inf]], [[0, 2, -math.inf]])
    assert value == pytest.approx(1 / 8)
    np.testing.assert_allclose(slope, [[0.25, -0.25, 0.0]], atol=1e-15)
