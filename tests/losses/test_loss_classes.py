"""Losses of classes: accuracy of whole rows, ties with scikit-learn and SciPy, bad labels."""

import math

import numpy as np
import pytest
import scipy.special
import sklearn.metrics

from benchmarks.references import softmax, ulps
from lossbook import losses

BCE = losses.BinaryCrossEntropy
CE = losses.CrossEntropy


def logits():
    rng = np.random.default_rng(33)
    usual = 3 * rng.normal(size=(60, 5))
    wide = rng.normal(size=(60, 5)) * 10 ** rng.uniform(-20, 2.5, (60, 1))
    mixed = rng.normal(size=(60, 5)) * 10 ** rng.uniform(-12, 2.4, (60, 5))
    huge = rng.normal(size=(40, 5)) * 10 ** rng.uniform(3, 300, (40, 1))
    edges = [[40, 0, -1e4, 1e4, 3], [0, 0, 0, 0, 0], [700, 701, 0, 1, 2], [1e4, -1e4, 0, 0, 0]]
    edges += [[-700, -710, -720, -730, -740], [709.5, 709.6, 709.7, 709.8, 0], [1e308, 0, 1, 2, 3]]
    return [usual, wide, mixed, huge, np.array(edges, float)]


@pytest.mark.parametrize("z", logits(), ids=["usual", "wide", "mixed", "huge", "edges"])
def test_cross_entropy_of_logits_within_four_ulp(z, rng):
    loss = CE(from_logits=True)
    y = rng.integers(0, 5, len(z))
    value, gradient = loss.pointwise(y, z), loss.gradient(y, z)
    for i, row in enumerate(z):
        single, slope = loss.value_and_gradient(y[i : i + 1], row[None])
        exact, exact_slope = softmax(row, y[i])
        assert ulps(value[i], exact) <= 4 and ulps(single, exact) <= 4, (row, y[i])
        for k in range(5):
            assert ulps(gradient[i, k], exact_slope[k]) <= 4, (row, y[i], k)
            assert ulps(slope[0, k], exact_slope[k]) <= 4, (row, y[i], k)


def test_one_logit_far_ahead_keeps_its_loss():
    value, gradient = CE(from_logits=True).value_and_gradient([0], [[40.0, 0.0]])
    assert value == pytest.approx(4.248354255291589e-18, rel=1e-15)
    assert gradient[0].tolist() == pytest.approx([-value, value], rel=1e-15)


@pytest.mark.parametrize("from_logits", [False, True])
def test_targets_of_every_kind_agree(from_logits, rng):
    y, z = rng.integers(0, 4, 50), rng.normal(size=(50, 4))
    p = z if from_logits else scipy.special.softmax(z, axis=1)
    hot = np.eye(4)[y]
    plain, smooth = CE(from_logits=from_logits), CE(from_logits=from_logits, label_smoothing=0.2)
    np.testing.assert_allclose(plain.pointwise(y, p), plain.pointwise(hot, p), rtol=1e-13)
    np.testing.assert_allclose(plain.gradient(y, p), plain.gradient(hot, p), rtol=1e-12, atol=1e-15)
    soft = 0.8 * hot + 0.05
    np.testing.assert_allclose(smooth.pointwise(y, p), plain.pointwise(soft, p), rtol=1e-13)
    np.testing.assert_allclose(smooth.gradient(y, p), plain.gradient(soft, p), rtol=1e-12)
    assert plain(y, p) == pytest.approx(
        sklearn.metrics.log_loss(y, scipy.special.softmax(z, axis=1), labels=range(4)), rel=1e-12
    )


@pytest.mark.parametrize("loss", [CE(from_logits=True), losses.WestonWatkins()], ids=repr)
@pytest.mark.parametrize("n", [1, 7, 13_107, 20_001])
@pytest.mark.parametrize("classes", [2, 5])
def test_blocks_of_rows(loss, n, classes, rng):
    y, z = rng.integers(0, classes, n), 2 * rng.normal(size=(n, classes))
    w = rng.random(n)
    for weight in (None, w):
        value, gradient = loss.value_and_gradient(y, z, weight)
        share = np.ones(n) / n if weight is None else w / w.sum()
        assert value == pytest.approx(share @ loss.pointwise(y, z), rel=1e-12)
        np.testing.assert_allclose(gradient, loss.gradient(y, z) * share[:, None], rtol=1e-11)


def test_gradients_of_rows_by_differences(rng):
    y, z = rng.integers(0, 4, 6), rng.normal(size=(6, 4))
    soft = rng.dirichlet(np.ones(4), 6)
    cases = [(CE(from_logits=True), y, z), (CE(from_logits=True), soft, z)]
    cases += [(losses.MulticlassHinge(), y, z), (losses.WestonWatkins(), y, z)]
    p = rng.dirichlet(np.ones(4), 6)
    cases += [(CE(), y, p), (CE(label_smoothing=0.1), soft, p), (losses.KLDivergence(), soft, p)]
    gauss = np.stack([rng.normal(size=6), rng.exponential(size=6) + 0.1], axis=1)
    cases.append((losses.GaussianNLL(), rng.normal(size=6), gauss))
    for loss, target, given in cases:
        gradient = loss.gradient(target, given)
        for k in range(given.shape[1]):
            h = np.zeros_like(given)
            h[:, k] = 1e-6
            # the bare formulas: a shifted row of probabilities does not sum to 1
            with np.errstate(invalid="ignore"):  # infinity in the place of the true class
                numeric = loss._pointwise(target, given + h) - loss._pointwise(target, given - h)
            np.testing.assert_allclose(gradient[:, k], numeric / 2e-6, rtol=1e-6, atol=1e-8)


def test_kl_divergence(rng):
    y, p = rng.dirichlet(np.ones(4), (2, 40))
    kl = losses.KLDivergence().pointwise(y, p)
    np.testing.assert_allclose(kl, scipy.special.rel_entr(y, p).sum(axis=1), rtol=1e-12)
    assert losses.KLDivergence()([[0.0, 1.0]], [[0.5, 0.5]]) == pytest.approx(math.log(2))
    assert losses.KLDivergence()(y, y) == 0.0


def test_probability_zero_costs_infinity():
    assert BCE()([1.0, 0.0], [0.0, 0.0]) == math.inf
    assert BCE()([0.0, 1.0], [0.0, 1.0]) == 0.0
    assert BCE().gradient([0.0, 1.0], [0.0, 1.0]).tolist() == [1.0, -1.0]
    assert CE()([0, 1], [[1.0, 0.0], [1.0, 0.0]]) == math.inf
    assert CE()([0, 1], [[1.0, 0.0], [1.0, 0.0]], [1.0, 0.0]) == 0.0
    assert losses.PoissonNLL(log_input=False)([0, 2], [0.0, 0.0]) == math.inf


@pytest.mark.parametrize("loss", [BCE(from_logits=True), losses.Focal(from_logits=True)], ids=repr)
def test_an_infinite_logit_rules_a_class_out(loss):
    y, x = np.array([0.0, 1.0, 1.0, 0.0]), np.array([-math.inf, math.inf, -math.inf, math.inf])
    assert loss.pointwise(y, x).tolist() == [0.0, 0.0, math.inf, math.inf]
    assert loss.gradient(y, x).tolist() == [0.0, 0.0, -1.0, 1.0]
    assert loss.hessian(y, x).tolist() == [0.0] * 4
    value, gradient = loss.value_and_gradient(y, x, [1.0, 1.0, 0.0, 0.0])
    assert value == 0.0 and not gradient.any()
    assert loss([1.0, 0.0], [0.0, -math.inf]) == loss([1.0, 0.0], [0.0, -1e6])
    with pytest.raises(ValueError, match="y_pred holds nan at index 1"):
        loss([0.0, 0.0], [-math.inf, math.nan])


def test_half_a_label_on_an_infinite_logit():
    loss = BCE(from_logits=True)
    assert loss([0.5], [math.inf]) == loss([0.5], [-math.inf]) == math.inf
    smooth = BCE(from_logits=True, label_smoothing=0.1)
    assert smooth([1.0], [math.inf]) == math.inf


def test_brier_of_class_indices(rng):
    y, p = rng.integers(0, 4, 50), rng.dirichlet(np.ones(4), 50)
    loss, hot, w = losses.Brier(), np.eye(4)[y], rng.random(50)
    assert loss(y, p) == pytest.approx(
        sklearn.metrics.brier_score_loss(y, p, labels=range(4)), rel=1e-12
    )
    np.testing.assert_allclose(loss.pointwise(y, p), np.sum((p - hot) ** 2, axis=1), rtol=1e-14)
    np.testing.assert_allclose(loss.gradient(y, p), 2 * (p - hot), rtol=1e-14)
    assert loss.hessian(y, p).shape == (50, 4)
    value, gradient = loss.value_and_gradient(y, p, w)
    assert value == pytest.approx(np.average(np.sum((p - hot) ** 2, axis=1), weights=w))
    np.testing.assert_allclose(gradient, 2 * (p - hot) * (w / w.sum())[:, None], rtol=1e-13)
    one = np.stack([1 - p[:, 0], p[:, 0]], axis=1)
    binary = (y % 2).astype(int)
    assert loss(binary, one) == pytest.approx(2 * loss(binary, p[:, 0]))
    assert loss(hot, p) == pytest.approx(loss(y, p) / 4)  # entry by entry, as before
    assert (2 * loss)(y, p) == pytest.approx(2 * loss(y, p))
    for bad, rows, error, match in [
        ([4], p[:1], ValueError, "y_true holds 4 at index 0; expected class indices from 0 to 3"),
        ([0], [[0.5, 0.6]], ValueError, "y_pred holds a row that sums to 1.1"),
        ([0], [[0.5, math.nan]], ValueError, "y_pred holds nan"),
        ([0, 1, 2], p[:1], ValueError, r"y_true has shape \(3,\)"),
        ([0.0, 1.0], [[0.5], [0.5]], ValueError, r"y_pred.ravel\(\)"),
    ]:
        for method in (loss, loss.value_and_gradient, loss.gradient):
            with pytest.raises(error, match=match):
                method(bad, rows)


@pytest.mark.parametrize("cls", [BCE, CE])
def test_a_subclass_with_formulas_of_its_own_is_computed_by_them(cls, rng):
    class Twice(cls):
        def pointwise(self, y_true, y_pred):
            return 2.0 * super()._pointwise(y_true, y_pred)

        def gradient(self, y_true, y_pred):
            return 2.0 * super()._gradient(y_true, y_pred)

    y, x = np.array([0.5, 1.0, 0.25]), np.array([3.0, 2.0, 1.0])
    if cls is CE:
        y, x = np.array([0, 1, 1]), rng.normal(size=(3, 2))
    value, gradient = Twice(from_logits=True).value_and_gradient(y, x)
    due, slope = cls(from_logits=True).value_and_gradient(y, x)
    assert value == pytest.approx(2 * due, rel=1e-15)
    np.testing.assert_allclose(gradient, 2 * slope, rtol=1e-15)


@pytest.mark.parametrize("dtype", ["u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8"])
def test_class_indices_of_every_integer_type(dtype, rng):
    y, z = rng.integers(0, 3, 7), rng.normal(size=(7, 3))
    p = scipy.special.softmax(z, axis=1)
    cases = [(CE(), p), (CE(from_logits=True), z), (CE(from_logits=True, label_smoothing=0.1), z)]
    cases += [(losses.Brier(), p), (losses.MulticlassHinge(), z), (losses.WestonWatkins(), z)]
    for loss, given in cases:
        value, gradient = loss.value_and_gradient(y, given)
        other, slope = loss.value_and_gradient(y.astype(dtype), given)
        assert other == value and loss(y.astype(dtype), given) == pytest.approx(value, rel=1e-15)
        np.testing.assert_array_equal(slope, gradient)


def test_kl_divergence_is_never_negative(rng):
    loss = losses.KLDivergence()
    assert loss([[0.5, 0.5]], [[0.5000004, 0.5000004]]) == 0.0
    y = rng.dirichlet(np.ones(5), 2000)
    for off in (0.0, 1e-16, 1e-12, 9e-7):
        p = y * (1 + off * rng.random((2000, 1)))
        assert loss.pointwise(y, np.minimum(p, 1.0)).min() >= 0.0


def test_scikit_learn_agrees(rng):
    y, x = rng.integers(0, 2, 200), 2 * rng.normal(size=200)
    p, s = scipy.special.expit(x), 2 * y - 1
    assert BCE()(y, p) == pytest.approx(sklearn.metrics.log_loss(y, p), rel=1e-12)
    assert BCE(from_logits=True)(y, x) == pytest.approx(sklearn.metrics.log_loss(y, p), rel=1e-12)
    assert losses.Logistic()(s, x) == pytest.approx(sklearn.metrics.log_loss(y, p), rel=1e-12)
    assert losses.Brier()(y, p) == pytest.approx(sklearn.metrics.brier_score_loss(y, p), rel=1e-12)
    assert losses.Hinge()(s, x) == pytest.approx(sklearn.metrics.hinge_loss(s, x), rel=1e-12)
    assert losses.ZeroOne()(s, x) == pytest.approx(sklearn.metrics.zero_one_loss(s, np.sign(x)))
    c, z = rng.integers(0, 4, 200), rng.normal(size=(200, 4))
    hinge = sklearn.metrics.hinge_loss(c, z, labels=range(4))
    assert losses.MulticlassHinge()(c, z) == pytest.approx(hinge, rel=1e-12)
    a, b = rng.exponential(size=(2, 200))
    msle = sklearn.metrics.mean_squared_log_error(a, b)
    assert losses.MeanSquaredLogarithmicError()(a, b) == pytest.approx(msle, rel=1e-12)
    mape = sklearn.metrics.mean_absolute_percentage_error(a, b)
    assert losses.MeanAbsolutePercentageError()(a, b) == pytest.approx(mape, rel=1e-12)


def test_families_are_related(rng):
    y, x = rng.integers(0, 2, 100), 4 * rng.normal(size=100)
    s = 2 * y - 1
    np.testing.assert_allclose(
        BCE(from_logits=True).pointwise(y, x), losses.Logistic().pointwise(s, x), rtol=1e-14
    )
    np.testing.assert_allclose(
        losses.Focal(gamma=0, from_logits=True).pointwise(y, x),
        BCE(from_logits=True).pointwise(y, x),
        rtol=1e-14,
    )
    np.testing.assert_allclose(
        losses.Focal(gamma=1.7, alpha=0.3, from_logits=True).pointwise(y, x),
        losses.Focal(gamma=1.7, alpha=0.3).pointwise(y, scipy.special.expit(x)),
        rtol=1e-10,
    )
    two = np.stack([np.zeros(100), x], axis=1)
    np.testing.assert_allclose(
        CE(from_logits=True).pointwise(y, two), BCE(from_logits=True).pointwise(y, x), rtol=1e-13
    )
    np.testing.assert_allclose(
        losses.Barron(alpha=1.0).pointwise(x, 0 * x),
        losses.PseudoHuber().pointwise(x, 0 * x),
        rtol=1e-13,
    )


def test_a_tie_is_shared():
    z = np.array([[0.0, 2.0, 2.0]])
    assert losses.MulticlassHinge().gradient([0], z).tolist() == [[-1.0, 0.5, 0.5]]
    assert losses.WestonWatkins().gradient([0], z).tolist() == [[-2.0, 1.0, 1.0]]


@pytest.mark.parametrize("cls", [c for c in losses.all_losses() if "margin" in c.__module__])
@pytest.mark.parametrize("labels", [[0, 1], [1, 2], [0.5, 1], [-1, 0]])
def test_labels_are_minus_or_plus_one(cls, labels):
    for method in (cls(), cls().pointwise, cls().gradient, cls().value_and_gradient):
        with pytest.raises(ValueError, match=r"y_true holds .* expected labels -1 or"):
            method(labels, [0.1, 0.2])


@pytest.mark.parametrize("method", ["pointwise", "gradient", "value_and_gradient", "__call__"])
@pytest.mark.parametrize(
    "loss, y, p, error, match",
    [
        (BCE(), [0, 1], [0.5, 1.1], ValueError, "y_pred holds 1.1 at index 1; expected prob"),
        (BCE(), [0, 1], [-1e-9, 0.5], ValueError, "y_pred holds -1e-09 at index 0; expected"),
        (BCE(), [0, 2], [0.5, 0.5], ValueError, "y_true holds 2.0 at index 1; expected labels"),
        (BCE(from_logits=True), [-1, 1], [0, 0], ValueError, "y_true holds -1.0"),
        (losses.Brier(), [0, 1], [0, 1.5], ValueError, "y_pred holds 1.5"),
        (losses.Focal(), [0, 0.5], [0.1, 0.2], ValueError, "y_true holds 0.5 .* labels 0 or 1"),
        (CE(), [0, 2], [[0.5, 0.5]] * 2, ValueError, "y_true holds 2 at index 1; expected class"),
        (CE(), [0, -1], [[0.5, 0.5]] * 2, ValueError, "y_true holds -1 at index 1"),
        (CE(), [0.0, 1.0], [[0.5, 0.5]] * 2, TypeError, "float64; expected class indices"),
        (CE(), [0, 1], [[0.5, 0.6]] * 2, ValueError, "y_pred holds a row that sums to 1.1 at"),
        (CE(), [0, 1], [[-0.5, 1.5]] * 2, ValueError, "y_pred holds -0.5"),
        (CE(), [[0.5, 0.6]], [[0.5, 0.5]], ValueError, "y_true holds a row that sums to 1.1"),
        (CE(), [0, 1], [0.5, 0.5], ValueError, r"y_pred has shape \(2,\); expected class indices"),
        (CE(), [[0], [1]], [[0.5, 0.5]] * 2, ValueError, r"y_true has shape \(2, 1\)"),
        (CE(from_logits=True), [0], [[1.0]], ValueError, "y_pred has 1 column"),
        (losses.KLDivergence(), [0, 1], [[0.5, 0.5]] * 2, ValueError, "expected distributions"),
        (losses.MulticlassHinge(), [[1, 0]], [[1, 0]], ValueError, "expected class indices"),
        (losses.MulticlassHinge(), [3], [[1, 0]], ValueError, "y_true holds 3"),
        (losses.WestonWatkins(), [5], [[1, 0]], ValueError, "y_true holds 5"),
        (losses.PoissonNLL(), [0.5], [1.0], ValueError, "y_true holds 0.5 .* expected counts"),
        (losses.PoissonNLL(), [-1], [1.0], ValueError, "y_true holds -1.0"),
        (losses.PoissonNLL(log_input=False), [1], [-0.1], ValueError, "y_pred holds -0.1"),
        (losses.GaussianNLL(), [1.0], [[0.0, -1.0]], ValueError, "variance, holds -1.0 at"),
        (losses.GaussianNLL(), [1.0], [[0.0, 0.0]], ValueError, "variance, holds 0.0 at"),
        (losses.GaussianNLL(), [1.0], [0.0], ValueError, r"expected \(n,\) against \(n, 2\)"),
        (losses.MeanSquaredLogarithmicError(), [0], [-1], ValueError, "y_pred holds -1.0"),
        (losses.MeanSquaredLogarithmicError(), [-2], [1], ValueError, "y_true holds -2.0"),
        (
            losses.MeanAbsolutePercentageError(),
            [1, 0],
            [1, 2],
            ValueError,
            "y_true holds 0.0 at index 1; expected no zeros, .* mask=y_true != 0 .* MeanAbsoluteError",
        ),
    ],
)
def test_bad_labels_and_predictions(loss, method, y, p, error, match):
    with pytest.raises(error, match=match):
        getattr(loss, method)(np.array(y), np.array(p))


@pytest.mark.parametrize(
    "make, error, match",
    [
        (lambda: BCE(label_smoothing=1.0), ValueError, "label_smoothing is 1.0"),
        (lambda: CE(label_smoothing=-0.1), ValueError, "label_smoothing is -0.1"),
        (lambda: BCE(from_logits=1), TypeError, "from_logits is 1; expected True or False"),
        (lambda: losses.Focal(gamma=-1), ValueError, "gamma is -1.0"),
        (lambda: losses.Focal(alpha=1.0), ValueError, "alpha is 1.0"),
        (lambda: losses.PoissonNLL(log_input="yes"), TypeError, "log_input is 'yes'"),
        (lambda: losses.Barron(alpha=2.5), ValueError, "alpha is 2.5; expected a number of at"),
        (lambda: losses.Barron(alpha=math.nan), ValueError, "alpha is nan"),
        (lambda: losses.Barron(scale=0), ValueError, "scale is 0.0"),
        (lambda: losses.Cauchy(scale=-1), ValueError, "scale is -1.0"),
        (lambda: losses.Tukey(scale=0), ValueError, "scale is 0.0"),
        (lambda: losses.PseudoHuber(scale=0), ValueError, "scale is 0.0"),
        (lambda: losses.Expectile(expectile=1), ValueError, "expectile is 1.0"),
        (lambda: losses.EpsilonInsensitive(epsilon=-0.1), ValueError, "epsilon is -0.1"),
    ],
)
def test_bad_hyperparameters(make, error, match):
    with pytest.raises(error, match=match):
        make()


def test_class_weights():
    y = np.array([0, 0, 0, 1])
    assert losses.class_weights(y).tolist() == pytest.approx([2 / 3] * 3 + [2])
    assert losses.class_weights(["a", "b", "a"], {"a": 1, "b": 3}).tolist() == [1, 3, 1]
    p = np.array([0.2, 0.3, 0.1, 0.6])
    balanced = BCE()(y, p, losses.class_weights(y))
    assert balanced == pytest.approx((BCE()(y[:3], p[:3]) + BCE()(y[3:], p[3:])) / 2)
    for bad, error, match in [
        ("even", ValueError, "weights is 'even'"),
        ([1, 2], TypeError, "weights is .*; expected 'balanced' or a dict"),
        ({0: 1}, ValueError, "no entry for the label 1"),
        ({0: 1, 1: -2}, ValueError, r"weights\[1\] is -2.0"),
    ]:
        with pytest.raises(error, match=match):
            losses.class_weights(y, bad)
    with pytest.raises(ValueError, match="y_true has shape"):
        losses.class_weights([[0, 1]])


def test_class_weights_of_a_list_keep_the_labels_as_they_are():
    np.testing.assert_array_equal(losses.class_weights(["a", 1, 1], {"a": 2, 1: 3}), [2, 3, 3])
    np.testing.assert_allclose(losses.class_weights(["a", 1, 1]), [1.5, 0.75, 0.75])
    for missing in (float("nan"), None, np.float64("nan")):
        with pytest.raises(ValueError, match="at index 1; expected a label"):
            losses.class_weights(["a", missing])


def test_class_indices_of_mixed_integer_types():
    z = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 5.0]])
    mixed = [np.int64(0), np.uint64(1)]  # which NumPy makes floats of
    ce = losses.CrossEntropy(from_logits=True)
    assert ce(mixed, z) == ce([0, 1], z)
    with pytest.raises(ValueError, match="class indices"):
        ce([0, 10**30], z)
