"""The softmax model against scikit-learn and its own conditions."""

import numpy as np
import pytest

from lossbook import datasets, losses, optim
from lossbook.models import SoftmaxModel
from lossbook.penalties import L1, L2, ElasticNet

CE = losses.CrossEntropy(from_logits=True)


def data():
    rng, units = np.random.default_rng(2), np.array([1, 10, 0.1, 1])
    X = rng.normal(size=(150, 4)) * units + [0, 5, 0, 0]
    scores = X / units @ rng.normal(size=(4, 3)) + 2 * rng.normal(size=(150, 3))
    return X, scores.argmax(axis=1)


X, Y = data()


def centered(W):
    """Softmax does not see a shift common to all classes."""
    return W - W.mean(axis=-1, keepdims=True)


def test_unpenalized_is_scikit_learns():
    from sklearn.linear_model import LogisticRegression

    reference = LogisticRegression(C=np.inf, tol=1e-12, max_iter=10_000).fit(X / X.std(axis=0), Y)
    model = SoftmaxModel(4, 3).fit(X, Y, CE)
    assert model.stopped == "converged"
    W = model.weights[0] * X.std(axis=0)[:, None]
    np.testing.assert_allclose(centered(W), centered(reference.coef_.T), atol=2e-4)


@pytest.mark.parametrize("penalty", [L2(0.05), L1(0.01), ElasticNet(0.03, 0.5)], ids=repr)
def test_least_subgradient_vanishes(penalty):
    model = SoftmaxModel(4, 3).fit(X, Y, CE, penalty)
    assert model.stopped == "converged"
    restricted = penalty.restricted(model.is_weight)
    gradient = model.value_and_gradient(X, Y, CE)[1]
    slope = restricted.least_subgradient(model.parameters, gradient)
    scale = np.abs(X).max(axis=0).mean()
    np.testing.assert_allclose(slope, 0, atol=1e-6 * scale)
    assert model.value == pytest.approx(CE(Y, model.predict(X)) + penalty.value(model.weights[0]))
    assert (penalty.l1 > 0) == bool((model.weights[0] == 0).any())


def test_weights_are_repetitions(rng):
    weight = rng.integers(0, 3, size=150)
    weighted = SoftmaxModel(4, 3).fit(X, Y, CE, L2(0.1), sample_weight=weight)
    repeated = SoftmaxModel(4, 3)
    repeated.fit(np.repeat(X, weight, axis=0), np.repeat(Y, weight), CE, L2(0.1))
    np.testing.assert_allclose(weighted.parameters, repeated.parameters, atol=1e-5)


def test_optimizer_reaches_the_same_minimum():
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    exact = SoftmaxModel(4, 3).fit(Z, Y, CE, L2(0.1))
    options = {"optimizer": optim.Momentum(0.2), "epochs": 2000, "tol": 1e-10}
    trained = SoftmaxModel(4, 3).fit(Z, Y, CE, L2(0.1), **options)
    assert trained.stopped == "converged"
    np.testing.assert_allclose(trained.parameters, exact.parameters, atol=1e-5)


@pytest.mark.parametrize("loss", [losses.MulticlassHinge(), losses.WestonWatkins()], ids=repr)
def test_multiclass_hinge_is_at_the_minimum(loss):
    from sklearn.svm import LinearSVC

    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    strength = 0.02
    reference = LinearSVC(
        multi_class="crammer_singer",
        C=1 / (strength * len(Z)),
        intercept_scaling=1e3,
        tol=1e-10,
        max_iter=1_000_000,
    ).fit(Z, Y)
    model = SoftmaxModel(4, 3).fit(Z, Y, loss, L2(strength))
    assert model.stopped == "converged"
    rival = loss(Y, reference.decision_function(Z)) + L2(strength).value(reference.coef_)
    assert model.value <= rival * (1 + 1e-9)


def test_single_numbers_are_linear_models(rng):
    from sklearn.linear_model import Ridge

    targets = np.c_[X @ [1, 0.1, 3, 0], rng.normal(size=150)]
    model = SoftmaxModel(4, 2).fit(X, targets, losses.MeanSquaredError(), L2(0.3))
    assert model.stopped == "converged"
    # the mean is over 2 n numbers, and scikit-learn's penalty has no 1/2
    reference = Ridge(alpha=0.3 * len(X)).fit(X, targets)
    np.testing.assert_allclose(model.weights[0], reference.coef_.T, rtol=1e-9)
    cost = losses.MeanSquaredError()(targets, model.predict(X)) + L2(0.3).value(model.weights[0])
    assert model.value == pytest.approx(cost, rel=1e-12)
    weight = rng.integers(0, 3, size=150)  # one a row
    model = SoftmaxModel(4, 2).fit(X, targets, losses.Huber(), sample_weight=weight)
    repeated = SoftmaxModel(4, 2)
    repeated.fit(np.repeat(X, weight, axis=0), np.repeat(targets, weight, axis=0), losses.Huber())
    np.testing.assert_allclose(model.parameters, repeated.parameters, rtol=1e-6, atol=1e-8)
    assert model.value == pytest.approx(repeated.value, rel=1e-10)


def test_separable_classes_have_no_minimum():
    x = np.array([[-1.0], [-0.9], [0.0], [0.1], [1.0], [1.1]])
    y = np.array([0, 0, 1, 1, 2, 2])
    with pytest.warns(RuntimeWarning, match="has no minimum here"):
        model = SoftmaxModel(1, 3).fit(x, y, CE)
    assert model.stopped == "diverged" and np.isfinite(model.parameters).all()


class Counted(losses.CrossEntropy):
    looks = 0

    def value_and_gradient(self, *arguments):
        Counted.looks += 1
        return super().value_and_gradient(*arguments)


def test_digits():
    data = datasets.digits()
    X = data.X / 16
    model = SoftmaxModel(64, 10).fit(X[:1200], data.y[:1200], Counted(from_logits=True), L2(1e-2))
    assert model.stopped == "converged"
    # some pixels are black but for a few digits; in units of their deviation it took 2,786
    assert 0 < Counted.looks < 150
    assert (model.predict(X[1200:]).argmax(axis=1) == data.y[1200:]).mean() > 0.88


def test_bad_input():
    with pytest.raises(ValueError, match="classes is 1; expected at least 2"):
        SoftmaxModel(4, 1)
    with pytest.raises(TypeError, match=r"loss is 3; expected one such as"):
        SoftmaxModel(4, 3).fit(X, Y, 3)
    with pytest.raises(ValueError, match=r"^y holds 3 at index 0"):
        SoftmaxModel(4, 3).fit(X, Y + 1, CE)
    with pytest.raises(ValueError, match=r"which takes probabilities; expected .*from_logits=True"):
        SoftmaxModel(4, 3).fit(X, Y, losses.CrossEntropy())
