"""The exact solvers on several hundred designs that are hard on them, drawn at random.

Each fit ends at a value that SciPy or HiGHS does not beat, as "converged"; or, where a linear
program finds a direction in which the loss falls for ever, as "diverged".
"""

import warnings

import numpy as np
import pytest
from scipy.optimize import linprog

from lossbook import losses
from lossbook.models import LinearModel, SoftmaxModel
from lossbook.penalties import L1, L2

from . import drawn

EACH = 6


def fitted(model, loss, penalty, X, y, w):
    """The model; a fit may warn that there is no minimum, and of nothing else."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message=".*has no minimum here")
        return model.fit(X, y, loss, penalty, w)


def direction_down(rows, still):
    """Whether some direction makes none of rows @ d positive, one negative, and all of still 0."""
    if not len(rows) or not rows.shape[1]:
        return False
    equal = {"A_eq": still, "b_eq": np.zeros(len(still))} if len(still) else {}
    m = np.zeros(len(rows))
    # sum of the margins, each of at most 1
    found = linprog(
        np.r_[np.zeros(rows.shape[1]), -np.ones(len(rows))],
        A_ub=np.hstack([rows, np.eye(len(rows))]),
        b_ub=m,
        bounds=[(None, None)] * rows.shape[1] + [(0, 1)] * len(rows),
        **({k: np.hstack([v, np.zeros((len(still), len(rows)))]) if v.ndim == 2 else v
            for k, v in equal.items()}),
    )  # fmt: skip
    return bool(found.x[rows.shape[1] :].max() > 1e-6)


def falls_for_ever(loss, penalty, X, y, w):
    """By what is known of the loss: which scores may grow for nothing."""
    terms = [term for _, term in getattr(loss, "terms", ((1, loss),))]
    D, _ = drawn.scaled(X, w)
    kept = slice(None) if w is None else w > 0
    Z = np.hstack([np.ones((len(X), 1)), D if penalty is None else D[:, :0]])[kept]
    y = y[kept]
    kinds = (losses.Logistic, losses.Exponential, losses.BinaryCrossEntropy, losses.Focal)
    if isinstance(terms[0], losses.PoissonNLL):
        return direction_down(Z[y == 0], Z[y > 0])
    if not isinstance(terms[0], kinds) or getattr(terms[0], "label_smoothing", 0):
        return False
    sign = y if isinstance(terms[0], (losses.Logistic, losses.Exponential)) else 2 * y - 1
    return direction_down(-sign[:, None] * Z, Z[:0])


def judge(model, loss, penalty, X, y, w, coef, least, forever):
    """The three promises; returns how the fit ended."""
    about = f"{loss!r}, {penalty!r}, X {X.shape}"
    assert model.stopped == ("diverged" if forever else "converged"), about
    X, y, w = (X, y, None) if w is None else (X[w > 0], y[w > 0], w[w > 0])
    value = loss(y, model.predict(X), w) + (penalty.value(coef) if penalty else 0.0)
    assert model.value == pytest.approx(value, rel=1e-9, abs=1e-12), about
    if not forever:
        # a prediction may be off by its rounding, whoever computes it
        rounding = 4 * np.finfo(float).eps * float((np.abs(X) @ np.abs(coef)).max())
        assert value <= least + 1e-8 * abs(least) + 1e-12 + rounding, about
    return model.stopped


@pytest.mark.parametrize("penalty", drawn.PENALTIES, ids=repr)
@pytest.mark.parametrize("loss", [*drawn.PIECES, *drawn.SMOOTH, *drawn.MIXED], ids=repr)
def test_linear_model_is_at_the_minimum(loss, penalty):
    rng = np.random.default_rng([*repr((loss, penalty)).encode()])
    for _ in range(EACH):
        X, w = drawn.design(rng)
        y = drawn.target(loss, rng, X, w)
        model = fitted(LinearModel(), loss, penalty, X, y, w)
        least = drawn.least(loss, X, y, w, penalty)
        forever = falls_for_ever(loss, penalty, X, y, w)
        judge(model, loss, penalty, X, y, w, model.coef, least, forever)


@pytest.mark.parametrize("penalty", drawn.PENALTIES, ids=repr)
@pytest.mark.parametrize("loss", drawn.SCORES, ids=repr)
def test_softmax_model_is_at_the_minimum(loss, penalty):
    rng = np.random.default_rng([*repr((loss, penalty)).encode()])
    for _ in range(EACH):
        X, y, w = drawn.classes(rng)
        model = fitted(SoftmaxModel(X.shape[1], drawn.CLASSES), loss, penalty, X, y, w)
        least = drawn.least_scores(loss, X, y, w, penalty)
        forever = False
        if isinstance(loss, losses.CrossEntropy) and not loss.label_smoothing:
            D, _ = drawn.scaled(X, w)
            kept = slice(None) if w is None else w > 0
            Z = np.hstack([np.ones((len(X), 1)), D if penalty is None else D[:, :0]])[kept]
            rows = [
                np.outer(z, np.eye(drawn.CLASSES)[k] - np.eye(drawn.CLASSES)[true]).ravel()
                for z, true in zip(Z, y[kept], strict=True)
                for k in range(drawn.CLASSES)
                if k != true
            ]
            forever = direction_down(np.array(rows), np.zeros((0, len(rows[0]))))
        judge(model, loss, penalty, X, y, w, model.weights[0], least, forever)


def test_the_designs_are_of_all_kinds():
    rng = np.random.default_rng(0)
    ends = {"converged": 0, "diverged": 0}
    designs = [drawn.design(rng) for _ in range(300)]
    assert sum(w is not None and (w == 0).any() for _, w in designs) > 30
    assert sum(X.shape[1] >= len(X) for X, _ in designs) > 50
    assert sum(drawn.scaled(X, w)[1].size < X.shape[1] for X, w in designs) > 100  # constant
    for X, w in designs[:60]:
        y = drawn.target(losses.Logistic(), rng, X, w)
        ends[fitted(LinearModel(), losses.Logistic(), None, X, y, w).stopped] += 1
    assert min(ends.values()) > 5


# What the review of the package found, with the right answers


@pytest.mark.parametrize("penalty", [None, L2(1e-3), L1(1e-3)], ids=repr)
def test_a_constant_column_is_not_divided_by_its_rounding(penalty):
    X, y = np.full((1000, 1), 14.62), np.linspace(4, 6, 1000)
    model = LinearModel().fit(X, y, losses.MeanSquaredError(), penalty)
    assert model.coef[0] == 0.0 and model.stopped == "converged"
    assert model.predict(X)[0] == pytest.approx(5.0, rel=1e-14)
    assert model.value == pytest.approx(np.var(y), rel=1e-12)


@pytest.mark.parametrize("loss", [losses.MeanSquaredError(), losses.Huber()], ids=repr)
@pytest.mark.parametrize("unit", [1e-162, 1e-300, 1.0, 1e155, 1e300])
def test_columns_of_any_unit(loss, unit):
    model = LinearModel().fit(unit * np.array([[1.0], [2], [3]]), [1.0, 2, 3], loss)
    assert model.stopped == "converged"
    assert model.coef[0] * unit == pytest.approx(1.0, rel=1e-12)
    assert model.intercept == pytest.approx(0.0, abs=1e-12)


def test_a_coefficient_that_float64_does_not_hold():
    X = [[1e-310], [2e-310], [3e-310]]
    with pytest.raises(ValueError, match=r"X\[:, 0\] holds numbers of at most 3e-310.*expected"):
        LinearModel().fit(X, [1.0, 2, 3], losses.MeanSquaredError())


SIDES = np.array([[-2.0], [-1], [0], [0], [1], [2]])


@pytest.mark.parametrize(
    ("X", "y", "loss"),
    [
        (SIDES, [0, 0, 0, 1, 1, 1], losses.BinaryCrossEntropy(from_logits=True)),
        (SIDES, [0, 0, 0, 1, 1, 1], losses.Focal(from_logits=True)),
        (SIDES, [-1, -1, -1, 1, 1, 1], losses.Logistic()),
        (SIDES, [-1, -1, -1, 1, 1, 1], losses.Exponential()),
        (SIDES, [1, 1, 1, 1, 1, 1], losses.Logistic()),
        ([[1.0], [1], [0], [0]], [0, 0, 1, 3], losses.PoissonNLL()),
        ([[1.0], [2], [3], [4]], [0, 0, 0, 0], losses.PoissonNLL()),
        ([[1.0], [2], [3], [4]], [1, 2, 3, 5], -1.0 * losses.MeanSquaredError()),
        (
            [[1.0], [2], [3], [4]],
            [1, 2, 3, 5],
            losses.MeanAbsoluteError() - 0.1 * losses.MeanSquaredError(),
        ),
    ],
    ids=repr,
)
def test_no_minimum_is_found_out(X, y, loss):
    with pytest.warns(RuntimeWarning, match="has no minimum here"):
        model = LinearModel().fit(X, y, loss)
    assert model.stopped == "diverged" and np.isfinite(model.coef).all()


def test_no_minimum_for_classes_that_touch_or_never_occur():
    CE = losses.CrossEntropy(from_logits=True)
    y = np.array([0, 0, 0, 1, 1, 1])
    for classes in (2, 3):
        with pytest.warns(RuntimeWarning, match="has no minimum here"):
            assert SoftmaxModel(1, classes).fit(SIDES, y, CE).stopped == "diverged"
    with pytest.warns(RuntimeWarning, match="has no minimum here"):  # the bias of class 2
        assert SoftmaxModel(1, 3).fit(SIDES, y, CE, L2(0.1)).stopped == "diverged"
    assert SoftmaxModel(1, 2).fit(SIDES, y, CE, L2(0.1)).stopped == "converged"


def test_a_hinge_that_reaches_its_end_has_a_minimum():
    y = [-1, -1, -1, 1, 1, 1]
    for loss in (losses.Hinge(), losses.SquaredHinge(), losses.ModifiedHuber()):
        assert LinearModel().fit(SIDES, y, loss).stopped == "converged"


# Losses that take some predictions only


def test_rates_from_a_feasible_start():
    model = LinearModel().fit(
        [[0.0], [1], [2], [3]], [1, 2, 3, 5], losses.PoissonNLL(log_input=False)
    )
    assert model.stopped == "converged"
    assert model.value == pytest.approx(-0.42064, abs=1e-5)
    assert model.intercept == pytest.approx(0.926, abs=1e-3)
    assert model.coef[0] == pytest.approx(1.216, abs=1e-3)


PROBABILITIES = [losses.BinaryCrossEntropy(), losses.Brier(), losses.Focal()]


@pytest.mark.parametrize("penalty", [None, L1(0.01), L2(0.1)], ids=repr)
@pytest.mark.parametrize("loss", PROBABILITIES, ids=repr)
def test_probabilities_from_a_feasible_start(loss, penalty):
    """The minimum may lie at the end of what the loss takes, where no gradient is 0."""
    from scipy.optimize import minimize

    X, y = np.array([[0.0, 1], [1, 0], [2, 1], [3, -1]]), np.array([0, 1, 0, 1.0])
    model = fitted(LinearModel(), loss, penalty, X, y, None)
    assert model.stopped == "converged"
    p = model.predict(X)
    assert 0 <= p.min() <= p.max() <= 1
    Z = np.hstack([np.ones((4, 1)), X])

    def value(theta):
        penalized = penalty.value(theta[1:]) if penalty else 0.0
        return loss(y, (Z @ theta).clip(1e-15, 1 - 1e-15)) + penalized

    ends = [{"type": "ineq", "fun": lambda t: Z @ t}, {"type": "ineq", "fun": lambda t: 1 - Z @ t}]
    for seed in range(5):
        start = [0.5, *0.1 * np.random.default_rng(seed).normal(size=2)]
        found = minimize(value, start, method="SLSQP", constraints=ends, options={"ftol": 1e-15})
        inside = (Z @ found.x).min() > -1e-9 and (Z @ found.x).max() < 1 + 1e-9
        assert not inside or model.value <= found.fun * (1 + 1e-6) + 1e-9


@pytest.mark.parametrize("penalty", drawn.PENALTIES, ids=repr)
@pytest.mark.parametrize("loss", drawn.LIMITED, ids=repr)
def test_losses_of_some_predictions_are_at_the_minimum(loss, penalty):
    rng = np.random.default_rng([*repr((loss, penalty)).encode()])
    for _ in range(EACH):
        X, w = drawn.design(rng)
        y, low, high = drawn.limited_target(loss, rng, X, w)
        model = fitted(LinearModel(), loss, penalty, X, y, w)
        least = drawn.least_inside(loss, X, y, w, penalty, low, high)
        judge(model, loss, penalty, X, y, w, model.coef, least, False)


@pytest.mark.parametrize(
    ("loss", "y"),
    [
        (losses.PoissonNLL(log_input=False), [1, 2, 3, 4]),
        (losses.BinaryCrossEntropy(), [1, 1, 0, 0]),
    ],
    ids=repr,
)
def test_no_line_within_is_an_error(loss, y):
    with pytest.raises(ValueError, match=r"takes predictions from 0 to .*; expected data on which"):
        LinearModel(fit_intercept=False).fit([[-1.0], [1], [2], [3]], y, loss)


class Rate(losses.Loss):
    """The Poisson loss of a rate, by an author who says nothing of what it takes."""

    def pointwise(self, y_true, y_pred):
        return y_pred - y_true * np.log(y_pred)

    def gradient(self, y_true, y_pred):
        return 1 - y_true / y_pred

    def hessian(self, y_true, y_pred):
        return y_true / y_pred**2


class Infinite(Rate):
    def pointwise(self, y_true, y_pred):
        return np.full_like(y_pred, np.inf)


def test_a_loss_of_ones_own_that_is_infinite_at_0():
    X, y = [[0.0], [1], [2], [3]], [1.0, 2, 3, 5]
    model = fitted(LinearModel(), Rate(), None, X, y, None)
    assert model.stopped == "converged" and model.value == pytest.approx(-0.42064, abs=1e-5)
    for intercept in (True, False):
        with pytest.raises(ValueError, match=r"loss is Infinite\(\), infinite at .*; expected"):
            LinearModel(fit_intercept=intercept).fit(X, y, Infinite())


class Kinked(losses.Loss):
    """|r| + r^2, with no second derivative to be had."""

    def pointwise(self, y_true, y_pred):
        r = y_pred - y_true
        return np.abs(r) + r * r

    def gradient(self, y_true, y_pred):
        r = y_pred - y_true
        return np.sign(r) + 2 * r


class Wrong(losses.MeanSquaredError):
    """A gradient that is not that of the loss: no point is a minimum by it."""

    elementwise = False

    def gradient(self, y_true, y_pred):
        return 2 * (y_pred - y_true) + np.where(y_pred > y_true, 5.0, 1.0)

    def hessian(self, y_true, y_pred):
        return np.full_like(y_pred, 2.0)


def test_converged_is_a_promise():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(40, 2))
    y = X @ [1.0, 2.0] + rng.normal(size=40)
    exact = LinearModel().fit(X, y, losses.MeanAbsoluteError() + losses.MeanSquaredError())
    assert exact.stopped == "converged"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = LinearModel().fit(X, y, Kinked())
    assert (model.stopped == "converged") == (not caught)
    if model.stopped == "converged":
        assert model.value == pytest.approx(exact.value, rel=1e-8)
    with pytest.warns(RuntimeWarning, match="its gradient at the end is not 0"):
        assert LinearModel().fit(X, y, Wrong()).stopped == "out of steps"


@pytest.mark.parametrize("loss", [*drawn.PIECES[3:], losses.SquaredHinge()], ids=repr)
@pytest.mark.parametrize("label", [-1.0, 1.0])
def test_targets_of_one_class_are_met(loss, label):
    """All slopes are 0 at the minimum, so that a rounding of the penalty's is all that is left."""
    rng = np.random.default_rng(4)
    for _ in range(60):
        X = rng.normal(size=(3, int(rng.choice([2, 14]))))
        model = fitted(LinearModel(), loss, L2(0.1), X, np.full(3, label), None)
        assert model.stopped == "converged" and model.value < 1e-12
