"""scikit-learn, SciPy and PyTorch compute the same, where they compute it."""

import json

import numpy as np
import pytest
import scipy.special
import sklearn.linear_model
import sklearn.metrics

from lossbook import losses
from lossbook.models import LinearModel

from . import torch_cases


def data():
    rng = np.random.default_rng(21)
    y = rng.normal(size=500)
    return y, y + rng.standard_t(2, size=500), rng.random(500)


Y, P, W = data()


@pytest.mark.parametrize(
    "loss, metric",
    [
        (losses.MeanSquaredError(), sklearn.metrics.mean_squared_error),
        (losses.MeanAbsoluteError(), sklearn.metrics.mean_absolute_error),
        (
            losses.Pinball(quantile=0.3),
            lambda y, p, sample_weight: sklearn.metrics.mean_pinball_loss(
                y, p, alpha=0.3, sample_weight=sample_weight
            ),
        ),
    ],
)
def test_scikit_learn_metrics(loss, metric):
    assert loss(Y, P) == pytest.approx(metric(Y, P, sample_weight=None), rel=1e-13)
    assert loss(Y, P, W) == pytest.approx(metric(Y, P, sample_weight=W), rel=1e-13)


@pytest.mark.parametrize("delta", [0.2, 1.0, 7.0])
def test_scipy_huber(delta):
    np.testing.assert_allclose(
        losses.Huber(delta=delta).pointwise(Y, P), scipy.special.huber(delta, P - Y), rtol=1e-13
    )


def test_the_quantile_of_scikit_learn_minimizes_the_pinball_loss(rng):
    x = rng.normal(size=(120, 1))
    y = 2 * x[:, 0] + rng.exponential(size=120)
    loss = losses.Pinball(quantile=0.8)
    fit = sklearn.linear_model.QuantileRegressor(quantile=0.8, alpha=0, solver="highs").fit(x, y)
    best = loss(y, fit.predict(x))
    for change in (-0.02, 0.02):
        assert loss(y, fit.predict(x) + change) > best
        assert loss(y, fit.predict(x) + change * x[:, 0]) > best


def test_the_huber_fit_of_scikit_learn_is_stationary(rng):
    x = rng.normal(size=(200, 2))
    y = x @ [1.0, -2.0] + rng.standard_t(2, size=200)
    fit = sklearn.linear_model.HuberRegressor(epsilon=1.5, alpha=0, tol=1e-10).fit(x, y)
    loss = losses.Huber(delta=1.5 * fit.scale_)
    slope = loss.value_and_gradient(y, fit.predict(x))[1]
    assert np.abs(slope @ x).max() < 1e-5 and abs(slope.sum()) < 1e-5


def test_the_fit_of_percentages_is_that_of_absolute_errors_weighted_by_one_over_the_target(rng):
    x = rng.normal(size=(60, 2))
    y = np.exp(1 + x @ [0.3, 0.2] + 0.3 * rng.normal(size=60))
    shares = LinearModel().fit(x, y, losses.MeanAbsolutePercentageError())
    errors = LinearModel().fit(x, y, losses.MeanAbsoluteError(), sample_weight=1 / y)
    assert shares.value == pytest.approx(errors.value * np.mean(1 / y), rel=1e-12)
    np.testing.assert_allclose(shares.predict(x), errors.predict(x), rtol=1e-9)


TORCH = json.loads(torch_cases.RECORD.read_text("utf-8"))


def assert_as_in_torch(loss, target, case):
    """The losses, their mean and its gradient; PyTorch keeps some digits less."""
    due, z = TORCH[case], np.array(torch_cases.LOGITS)
    mean, gradient = loss.value_and_gradient(target, z)
    np.testing.assert_allclose(loss.pointwise(target, z), due["each"], rtol=1e-13, atol=1e-15)
    assert mean == pytest.approx(due["mean"], rel=1e-13) == loss(target, z)
    np.testing.assert_allclose(gradient, due["gradient"], rtol=1e-12, atol=1e-15)
    return mean


@pytest.mark.parametrize("target, options", list(torch_cases.classes()), ids=str)
def test_weighted_and_ignored_classes_are_those_of_torch(target, options):
    """What the mean is divided by, too: of indices the weights of the labels, of rows their number."""
    loss = losses.CrossEntropy(from_logits=True, **options)
    mean = assert_as_in_torch(loss, target, str((target, options)))
    p = scipy.special.softmax(torch_cases.LOGITS, axis=1)
    assert loss.replace(from_logits=False)(target, p) == pytest.approx(mean, rel=1e-12)


@pytest.mark.parametrize("options", torch_cases.labels(), ids=str)
def test_weighted_labels_are_those_of_torch(options):
    loss = losses.BinaryCrossEntropy(from_logits=True, **options)
    mean = assert_as_in_torch(loss, torch_cases.LABELS, str(options))
    p = scipy.special.expit(torch_cases.LOGITS)
    assert loss.replace(from_logits=False)(torch_cases.LABELS, p) == pytest.approx(mean, rel=1e-12)


def test_the_record_is_what_torch_computes():
    pytest.importorskip("torch")
    for case, due in torch_cases.record().items():
        for name, values in due.items():
            np.testing.assert_allclose(TORCH[case][name], values, rtol=1e-12, atol=1e-15)
    assert torch_cases.record().keys() == TORCH.keys()


@pytest.mark.parametrize("gamma, alpha", [(2.0, None), (0.0, [1.0, 2.0, 0.5]), (1.5, 0.25)])
def test_focal_of_class_indices_is_its_formula(gamma, alpha):
    z, y = np.array(torch_cases.LOGITS), torch_cases.INDICES
    p = scipy.special.softmax(z, axis=1)[np.arange(4), y]
    weight = (
        np.full(4, 0.25 if alpha == 0.25 else 1.0) if alpha in (None, 0.25) else np.array(alpha)[y]
    )
    due = -weight * (1 - p) ** gamma * np.log(p)
    loss = losses.Focal(gamma=gamma, alpha=alpha, from_logits=True)
    np.testing.assert_allclose(loss.pointwise(y, z), due, rtol=1e-14)
    probabilities = loss.replace(from_logits=False)
    rows = scipy.special.softmax(z, axis=1)
    np.testing.assert_allclose(probabilities.pointwise(y, rows), due, rtol=1e-13)
    mean = loss(y, z, [1.0, 2.0, 0.0, 1.0])
    assert mean == pytest.approx(np.average(due, weights=[1.0, 2.0, 0.0, 1.0]))
    step = 1e-6
    for k in range(3):
        moved = step * np.eye(3)[k]
        slope = (loss.pointwise(y, z + moved) - loss.pointwise(y, z - moved)) / (2 * step)
        np.testing.assert_allclose(loss.gradient(y, z)[:, k], slope, rtol=1e-7, atol=1e-9)
    own = -probabilities.gradient(y, rows)[np.arange(4), y]
    np.testing.assert_allclose(own, -losses.Focal(gamma=gamma).gradient(np.ones(4), p) * weight)
    with pytest.raises(NotImplementedError, match="no hessian of class indices"):
        loss.hessian(y, z)


def test_focal_of_two_classes_has_the_alpha_of_the_label_one():
    y, p = np.array([1.0, 0.0]), np.array([0.3, 0.6])
    by_number = losses.Focal(alpha=0.25).pointwise(y, p)
    np.testing.assert_allclose(losses.Focal(alpha=(0.75, 0.25)).pointwise(y, p), by_number)
    plain = losses.Focal().pointwise(y, p)
    np.testing.assert_allclose(by_number, [0.25 * plain[0], 0.75 * plain[1]])
    rows = np.stack([1 - p, p], axis=1)
    indices = losses.Focal(alpha=(0.75, 0.25)).pointwise(y.astype(int), rows)
    np.testing.assert_allclose(indices, by_number, rtol=1e-14)
    np.testing.assert_allclose(
        losses.Focal(alpha=0.25).pointwise(y.astype(int), rows), 0.25 * plain, rtol=1e-14
    )
