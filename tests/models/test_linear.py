"""The linear model against scikit-learn, SciPy and the conditions of optimality."""

import warnings

import numpy as np
import pytest
from scipy.optimize import minimize as scipy_minimize

from lossbook import datasets, losses, optim
from lossbook.models import LinearModel, SoftmaxModel
from lossbook.penalties import L1, L2, ElasticNet

BCE = losses.BinaryCrossEntropy()
CE = losses.CrossEntropy(from_logits=True)


def data():
    rng = np.random.default_rng(7)
    X = rng.normal(size=(120, 4)) * [1.0, 10.0, 0.1, 1.0] + [0.0, 100.0, 0.0, -3.0]
    y = X @ [1.0, -0.2, 5.0, 0.0] + rng.standard_t(2, size=120)
    weight = rng.integers(0, 4, size=120)
    return X, y, weight, np.where(y + 6 * rng.normal(size=120) > np.median(y), 1.0, -1.0)


X, Y, WEIGHT, LABEL = data()

LOSSES = [
    losses.MeanSquaredError(),
    losses.MeanAbsoluteError(),
    losses.Pinball(quantile=0.9),
    losses.Huber(delta=1.345),
    losses.Huber(delta=0.01),
    losses.LogCosh(),
    losses.MeanSquaredError() + 0.5 * losses.MeanAbsoluteError(),
    0.3 * losses.Huber(delta=0.5) + losses.LogCosh(),
    losses.EpsilonInsensitive(epsilon=0.5),
    losses.Expectile(expectile=0.8),
    losses.PseudoHuber(scale=0.7),
    0.3 * losses.Huber(delta=0.5) + losses.MeanAbsoluteError(),
]
MARGIN = [
    losses.Hinge(),
    losses.SquaredHinge(),
    losses.SmoothedHinge(),
    losses.ModifiedHuber(),
    losses.Logistic(),
    losses.Exponential(),
    losses.Hinge() + 0.5 * losses.Perceptron(),
]
SMOOTH = [loss for loss in LOSSES if loss.facts.smooth]
PENALTIES = [None, L1(0.1), L2(0.3), ElasticNet(0.2, 0.4)]


def cost(model, loss, penalty, y):
    value = loss(y, model.predict(X))
    return value + (penalty.value(model.coef) if penalty else 0.0)


@pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
@pytest.mark.parametrize("loss", [*LOSSES, *MARGIN], ids=repr)
def test_no_general_solver_finds_less(loss, penalty, rng):
    y = LABEL if loss in MARGIN else Y
    model = LinearModel().fit(X, y, loss, penalty)
    assert model.stopped == "converged"
    assert model.value == pytest.approx(cost(model, loss, penalty, y), rel=1e-14)
    center, size = X.mean(axis=0), X.std(axis=0)
    start = np.concatenate([[model.intercept + center @ model.coef], model.coef * size])

    def other(theta):
        rival = LinearModel()
        coef = theta[1:] / size
        rival.parameters = np.concatenate([[theta[0] - center @ coef], coef])
        return cost(rival, loss, penalty, y)

    for spread in (1e-6, 1e-3, 0.1, 1.0):
        near = start + spread * rng.normal(size=5)
        found = scipy_minimize(other, near, method="Powell", options={"xtol": 1e-10})
        assert model.value <= found.fun * (1 + 1e-10)


@pytest.mark.parametrize("penalty", [None, L2(0.3)], ids=repr)
@pytest.mark.parametrize("loss", SMOOTH, ids=repr)
def test_gradient_vanishes(loss, penalty):
    model = LinearModel().fit(X, Y, loss, penalty)
    slope = loss.value_and_gradient(Y, model.predict(X))[1]
    pull = 0 if penalty is None else penalty.gradient(model.coef)
    assert abs(slope.sum()) < 1e-12
    np.testing.assert_allclose((slope @ (X - X.mean(axis=0)) + pull) / X.std(axis=0), 0, atol=1e-11)


@pytest.mark.parametrize("loss", LOSSES[:6], ids=repr)
def test_weights_are_repetitions(loss):
    weighted = LinearModel().fit(X, Y, loss, sample_weight=WEIGHT)
    repeated = LinearModel().fit(np.repeat(X, WEIGHT, axis=0), np.repeat(Y, WEIGHT), loss)
    np.testing.assert_allclose(weighted.coef, repeated.coef, rtol=1e-6, atol=1e-8)
    assert weighted.value == pytest.approx(repeated.value, rel=1e-12)


@pytest.mark.parametrize("fit_intercept", [True, False])
def test_least_squares_and_ridge_are_scikit_learns(fit_intercept):
    from sklearn.linear_model import LinearRegression, Ridge

    loss = losses.MeanSquaredError()
    model = LinearModel(fit_intercept=fit_intercept)
    reference = LinearRegression(fit_intercept=fit_intercept).fit(X, Y, WEIGHT)
    model.fit(X, Y, loss, sample_weight=WEIGHT)
    np.testing.assert_allclose(model.coef, reference.coef_, rtol=1e-9)
    assert model.intercept == pytest.approx(reference.intercept_, rel=1e-9)
    # scikit-learn sums the squares, and its penalty has no 1/2.
    reference = Ridge(alpha=0.3 / 2 * len(Y), fit_intercept=fit_intercept).fit(X, Y)
    model.fit(X, Y, loss, L2(0.3))
    np.testing.assert_allclose(model.coef, reference.coef_, rtol=1e-9)


@pytest.mark.parametrize("ratio", [1.0, 0.5])
def test_lasso_and_elastic_net_are_scikit_learns(ratio):
    from sklearn.linear_model import ElasticNet as Reference

    data = datasets.diabetes()
    # scikit-learn halves the squared error.
    reference = Reference(alpha=0.4, l1_ratio=ratio, tol=1e-14).fit(data.X, data.y)
    model = LinearModel().fit(data.X, data.y, losses.MeanSquaredError(), ElasticNet(0.8, ratio))
    np.testing.assert_allclose(model.coef, reference.coef_, atol=1e-5 * np.abs(model.coef).max())
    np.testing.assert_array_equal(model.coef == 0, reference.coef_ == 0)
    assert (model.coef == 0).any()


@pytest.mark.parametrize("penalty", [None, L1(0.02)], ids=repr)
@pytest.mark.parametrize("quantile", [0.1, 0.5, 0.9])
def test_quantiles_are_scikit_learns(quantile, penalty):
    from sklearn.linear_model import QuantileRegressor

    data = datasets.engel()
    reference = QuantileRegressor(quantile=quantile, alpha=penalty.l1 if penalty else 0)
    reference.fit(data.X, data.y)
    model = LinearModel().fit(data.X, data.y, losses.Pinball(quantile=quantile), penalty)
    assert model.coef[0] == pytest.approx(reference.coef_[0], rel=1e-8)
    assert model.intercept == pytest.approx(reference.intercept_, rel=1e-6)


@pytest.mark.parametrize("strength", [1e-3, 0.1, 3.0])
def test_support_vector_machines_are_scikit_learns(strength):
    from sklearn.svm import SVC, SVR

    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    C = 1 / (len(Y) * strength)
    reference = SVC(kernel="linear", C=C, tol=1e-9).fit(Z, LABEL)
    model = LinearModel().fit(Z, LABEL, losses.Hinge(), L2(strength))
    np.testing.assert_allclose(model.coef, reference.coef_[0], atol=1e-5)
    reference = SVR(kernel="linear", C=C, epsilon=0.5, tol=1e-9).fit(Z, Y)
    model = LinearModel().fit(Z, Y, losses.EpsilonInsensitive(epsilon=0.5), L2(strength))
    np.testing.assert_allclose(model.coef, reference.coef_[0], atol=1e-5)


@pytest.mark.parametrize("far", [5, 12, 16, 20, 30, 40])
def test_interior_point_goes_on_when_the_error_rises_on_the_way(far):
    """One point far on the right side: f(x) = x has no hinge loss, and no smaller slope has less."""
    X = np.array([-4.0, -3, -2, -1, 1, 2, 3, far])[:, None]
    y = np.repeat([-1.0, 1.0], 4)
    model = LinearModel().fit(X, y, losses.Hinge(), L2(0.01))
    assert model.value == pytest.approx(0.01 / 2, rel=1e-9)
    assert model.coef[0] == pytest.approx(1) and model.intercept == pytest.approx(0, abs=1e-9)


def test_share_below_the_quantile_line():
    data = datasets.engel()
    model = LinearModel().fit(data.X, data.y, losses.Pinball(quantile=0.8))
    residual = data.y - model.predict(data.X)
    assert (residual < -1e-6).mean() <= 0.8 <= (residual < 1e-6).mean()
    assert (np.abs(residual) < 1e-6).sum() == 2  # a line through two of the points


def test_huber_is_scikit_learns_at_its_scale():
    from sklearn.linear_model import HuberRegressor

    # HuberRegressor also estimates a scale; at that scale it minimizes Huber's loss.
    reference = HuberRegressor(epsilon=1.5, alpha=0, tol=1e-10, max_iter=10_000)
    reference.fit((X - X.mean(axis=0)) / X.std(axis=0), Y)
    model = LinearModel().fit(X, Y, losses.Huber(delta=1.5 * reference.scale_))
    np.testing.assert_allclose(model.coef * X.std(axis=0), reference.coef_, atol=1e-5)


def test_telephone_calls():
    data = datasets.telephone_calls()
    slope = {
        loss: LinearModel().fit(data.X, data.y, loss).coef[0]
        for loss in (losses.MeanSquaredError(), losses.MeanAbsoluteError(), losses.Huber())
    }
    assert slope[losses.MeanSquaredError()] == pytest.approx(5.0415, abs=1e-4)
    assert slope[losses.MeanAbsoluteError()] < 2 and slope[losses.Huber()] < 2


class Quartic(losses.Loss):
    """r^4, without a second derivative."""

    def pointwise(self, y_true, y_pred):
        return (y_pred - y_true) ** 4

    def gradient(self, y_true, y_pred):
        return 4 * (y_pred - y_true) ** 3


@pytest.mark.parametrize(
    "loss", [losses.Cauchy(), losses.Tukey(), losses.Barron(alpha=-2.0)], ids=repr
)
def test_redescending_loss_ignores_the_outliers(loss):
    data = datasets.telephone_calls()
    model = LinearModel().fit(data.X, data.y, loss)
    counted_calls = (data.X[:, 0] < 1963) | (data.X[:, 0] > 1970)
    clean = LinearModel().fit(data.X[counted_calls], data.y[counted_calls], loss)
    assert model.stopped == "converged"
    assert model.coef[0] == pytest.approx(clean.coef[0], abs=0.15)


def test_loss_without_second_derivative():
    model = LinearModel().fit(X, Y, Quartic())
    assert model.stopped == "converged"
    slope = Quartic().value_and_gradient(Y, model.predict(X))
    assert np.abs(slope[1] @ X / X.std(axis=0)).max() < 1e-6 * np.abs(slope[1]).sum()


@pytest.mark.parametrize(("penalty", "kind"), [(L2(0.1), "l2"), (L1(0.05), "l1")])
def test_logistic_regression_is_scikit_learns(penalty, kind, rng):
    from sklearn.linear_model import LogisticRegression

    label = np.where(Y + rng.normal(size=len(Y)) * 3 > np.median(Y), 1.0, -1.0)
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # older and newer scikit-learn name the penalty differently
        reference = LogisticRegression(
            C=1 / (len(Y) * penalty.strength),
            l1_ratio=1.0 if kind == "l1" else 0.0,
            solver="saga" if kind == "l1" else "lbfgs",
            tol=1e-12,
            max_iter=100_000,
        )
        if kind == "l1":
            reference.set_params(penalty="elasticnet")
        reference.fit(Z, label)
    model = LinearModel().fit(Z, label, losses.Logistic(), penalty)
    np.testing.assert_allclose(model.coef, reference.coef_[0], atol=1e-6)
    assert model.intercept == pytest.approx(reference.intercept_[0], abs=1e-6)


def test_separable_classes_have_no_minimum():
    x = np.linspace(-1, 1, 10)[:, None]
    label = np.sign(x[:, 0])
    with pytest.warns(RuntimeWarning, match="has no minimum here"):
        model = LinearModel().fit(x, label, losses.Logistic())
    assert model.stopped == "diverged" and np.isfinite(model.coef).all()
    assert LinearModel().fit(x, label, losses.Logistic(), L2(1e-3)).stopped == "converged"


def test_losses_that_a_line_cannot_take():
    with pytest.raises(ValueError, match=r"loss is ZeroOne.*expected a surrogate"):
        LinearModel().fit(X, LABEL, losses.ZeroOne())
    with pytest.raises(ValueError, match=r"takes predictions from 0 to 1; expected data on which"):
        LinearModel(fit_intercept=False).fit(X - X.mean(axis=0), (np.median(Y) < Y) * 1.0, BCE)
    with pytest.raises(ValueError, match=r"^y holds .*expected labels"):
        LinearModel().fit(X, Y, losses.Hinge())


def test_trained_by_an_optimizer():
    z = (X - X.mean(axis=0)) / X.std(axis=0)
    loss, penalty = losses.Huber(delta=2.0), ElasticNet(0.1, 0.5)
    exact = LinearModel().fit(z, Y, loss, penalty)
    options = {"optimizer": optim.Nesterov(0.1), "epochs": 2000, "tol": 1e-9}
    trained = LinearModel().fit(z, Y, loss, penalty, **options)
    assert trained.stopped == trained.history.stopped == "converged"
    np.testing.assert_allclose(trained.parameters, exact.parameters, atol=1e-6)
    assert trained.value == pytest.approx(exact.value, rel=1e-10)
    with pytest.raises(ValueError, match="fit_intercept is False; expected True"):
        LinearModel(fit_intercept=False).fit(z, Y, loss, optimizer=optim.Adam(), epochs=3)


@pytest.mark.parametrize("options", [{"epochs": 100}, {"sample_wieght": WEIGHT}, {"seed": 1}])
def test_no_option_swaps_the_exact_solver_for_another(options):
    (name,) = options
    with pytest.raises(TypeError, match=f"{name} without an optimizer; expected optimizer="):
        LinearModel().fit(X, Y, LOSSES[0], **options)
    with pytest.raises(TypeError, match=f"{name} without an optimizer; expected optimizer="):
        SoftmaxModel(4, 3).fit(X, np.arange(120) % 3, CE, **options)
    with pytest.raises(TypeError, match="sample_wieght"):
        LinearModel().fit(X, Y, LOSSES[0], optimizer=optim.Adam(), sample_wieght=WEIGHT)


def test_perfect_fit_constant_column_and_more_columns_than_rows(rng):
    for loss in LOSSES[:6]:
        x = rng.normal(size=(20, 2))
        model = LinearModel().fit(np.hstack([x, np.ones((20, 1))]), x @ [2.0, -1.0] + 3, loss)
        np.testing.assert_allclose(model.predict(np.c_[x, np.ones(20)]), x @ [2.0, -1.0] + 3)
        assert model.stopped == "converged"
    wide = LinearModel().fit(rng.normal(size=(3, 5)), [1.0, 2.0, 4.0], losses.MeanSquaredError())
    assert wide.value == pytest.approx(0, abs=1e-20)


def test_objective_is_the_lesson():
    data = datasets.engel()
    x = (data.X - data.X.mean()) / data.X.std()
    loss = losses.Huber(delta=50.0)
    model = LinearModel().fit(x, data.y, loss)
    objective = LinearModel().objective(x, data.y, loss)
    value, gradient = objective(model.parameters)
    assert value == pytest.approx(model.value, rel=1e-14)
    np.testing.assert_allclose(gradient, 0, atol=1e-10)
    theta, step = np.array([500.0, 200.0]), 1e-4
    for j in range(2):
        e = step * np.eye(2)[j]
        difference = (objective(theta + e)[0] - objective(theta - e)[0]) / (2 * step)
        assert objective(theta)[1][j] == pytest.approx(difference, rel=1e-6)
    run = optim.minimize(objective, [600.0, 0.0], optim.GradientDescent(1.0), tol=1e-10)
    np.testing.assert_allclose(run.x, model.parameters, rtol=1e-8)
    trained = LinearModel()
    trained.parameters = run.x
    np.testing.assert_allclose(trained.predict(x), model.predict(x), rtol=1e-8)


BAD = [
    (lambda: LinearModel().fit(X[:, 0], Y, LOSSES[0]), ValueError, r"X has the shape \(120,\)"),
    (lambda: LinearModel().fit(X, Y[:3], LOSSES[0]), ValueError, r"y has the shape \(3,\)"),
    (lambda: LinearModel().fit(X, Y[:, None], LOSSES[0]), ValueError, "y"),
    (lambda: LinearModel().fit(X, Y[:, None], LOSSES[1]), ValueError, "y"),
    (lambda: LinearModel().fit(X, Y * np.nan, LOSSES[0]), ValueError, "y"),
    (lambda: LinearModel().fit(X, Y * np.nan, LOSSES[1]), ValueError, "y"),
    (lambda: LinearModel().fit(X * np.inf, Y, LOSSES[0]), ValueError, "X holds inf at index"),
    (lambda: LinearModel().fit([["a"]], [1.0], LOSSES[0]), TypeError, "X holds strings"),
    (lambda: LinearModel().fit(X, Y, "mse"), TypeError, "loss is 'mse'"),
    (lambda: LinearModel().fit(X, Y, LOSSES[0], 0.1), TypeError, "penalty is 0.1"),
    (lambda: LinearModel().fit(X, Y, LOSSES[0], None, Y), ValueError, "sample_weight holds"),
    (lambda: LinearModel().fit(X, Y, LOSSES[0], None, [1.0]), ValueError, "sample_weight has the"),
    (lambda: LinearModel().predict(X), ValueError, "the model is not fitted"),
    (lambda: LinearModel().fit(X, Y, LOSSES[0]).predict(X[:, :2]), ValueError, "X has 2 columns"),
    (lambda: LinearModel().objective(X, Y, 3), TypeError, "loss is 3"),
]


@pytest.mark.parametrize(("call", "error", "match"), BAD)
def test_bad_input(call, error, match):
    with pytest.raises(error, match=match + ".*expected"):
        call()


class Exponential(losses.Loss):
    """exp(x) - x - 1 with x = a (p - y): beyond a few residuals it is astronomical."""

    def __init__(self, *, a):
        self.a = a

    def pointwise(self, y_true, y_pred):
        x = self.a * (y_pred - y_true)
        return np.expm1(x) - x

    def gradient(self, y_true, y_pred):
        return self.a * np.expm1(self.a * (y_pred - y_true))

    def hessian(self, y_true, y_pred):
        return self.a**2 * np.exp(self.a * (y_pred - y_true))


@pytest.mark.parametrize("a", [-0.05, -0.03, 0.03])
def test_a_loss_that_explodes_is_followed_to_its_minimum(a):
    data = datasets.engel()
    loss = Exponential(a=a)
    model = LinearModel().fit(data.X, data.y, loss)
    assert model.stopped == "converged"
    slope = loss.gradient(data.y, model.predict(data.X))
    assert abs(slope.mean()) <= 1e-9 * np.abs(slope).mean()
    assert abs(slope @ data.X[:, 0]) <= 1e-9 * np.abs(slope) @ data.X[:, 0]


def test_parameters_are_finite():
    with pytest.raises(ValueError, match=r"^parameters holds nan at index 1"):
        LinearModel().parameters = [1.0, np.nan]


@pytest.mark.parametrize("size", [1e-200, 1e200, 1e300])
def test_the_value_where_a_square_of_the_coefficients_is_no_number(size):
    X, y = np.array([[0.0], [1.0], [2.0], [3.0]]), size * np.array([0.0, 1.0, 2.5, 3.0])
    for penalty in (None, L1(1e-3)):
        m = LinearModel().fit(X, y, losses.MeanAbsoluteError(), penalty)
        extra = 0.0 if penalty is None else penalty.value(m.coef)
        assert m.value == losses.MeanAbsoluteError()(y, m.predict(X)) + extra > 0
    two = SoftmaxModel(1, 2).fit(X, np.stack([y, y], axis=1), losses.MeanAbsoluteError())
    np.testing.assert_allclose(two.value, size / 8, rtol=1e-12)
