"""Losses from functions, gradient checks, property checks."""

import pickle

import numpy as np
import numpy as renamed
import pytest
from numpy import exp

from benchmarks.cases import classes, sample
from lossbook import custom, losses
from lossbook.custom import check_gradient, check_properties, from_function


def data():
    rng = np.random.default_rng(3)
    y = rng.normal(size=40)
    return y, y + 2 * rng.normal(size=40)


Y, P = data()


def quartic(y_true, y_pred):
    return (y_pred - y_true) ** 4


def helper(r):
    return np.log1p(np.square(r))


def with_helper(y_true, y_pred):
    return helper(y_pred - y_true)


def asymmetric(y_true, y_pred, under=2.0, over=1.0):
    r = y_pred - y_true
    return renamed.where(r < 0, under, over) * np.square(r)


def linex(y_true, y_pred, a=0.5):
    r = y_pred - y_true
    return exp(a * r) - a * r - 1


def test_gradient_and_hessian_by_autograd(rng):
    loss = from_function(quartic)
    r = P - Y
    np.testing.assert_allclose(loss.gradient(Y, P), 4 * r**3, rtol=1e-13)
    np.testing.assert_allclose(loss.hessian(Y, P), 12 * r**2, rtol=1e-13)
    value, gradient = loss.value_and_gradient(Y, P)
    assert value == pytest.approx(np.mean(r**4))
    np.testing.assert_allclose(gradient, 4 * r**3 / 40, rtol=1e-13)
    w = rng.random(40)
    assert loss(Y, P, w) == pytest.approx(np.average(r**4, weights=w))


@pytest.mark.parametrize(
    "loss, slope",
    [
        (from_function(with_helper), lambda r: 2 * r / (1 + r * r)),
        (from_function(asymmetric), lambda r: np.where(r < 0, 4, 2) * r),
        (from_function(asymmetric, under=5.0), lambda r: np.where(r < 0, 10, 2) * r),
        (from_function(linex), lambda r: 0.5 * np.exp(0.5 * r) - 0.5),
        (
            from_function(lambda y, p: np.abs(p - y) ** 1.5),
            lambda r: 1.5 * np.sign(r) * abs(r) ** 0.5,
        ),
        (from_function(lambda y, p: np.clip(p - y, -1, 1) ** 2), lambda r: 2 * r * (abs(r) < 1)),
    ],
)
def test_plain_numpy_functions(loss, slope):
    np.testing.assert_allclose(loss.gradient(Y, P), slope(P - Y), rtol=1e-12)
    assert check_gradient(loss, Y, P)


def test_closures_and_functions_in_closures():
    def make(power):
        def inner(r):
            return np.abs(r) ** power

        return lambda y, p: inner(p - y)

    loss = from_function(make(3.0))
    np.testing.assert_allclose(loss.gradient(Y, P), 3 * np.sign(P - Y) * (P - Y) ** 2, rtol=1e-12)


def test_the_function_itself_is_left_alone():
    from_function(quartic).gradient(Y, P)
    assert quartic.__globals__["np"] is np


def test_rows_of_predictions(rng):
    def softmax_entropy(y_true, y_pred):
        top = np.max(y_pred, axis=1, keepdims=True)
        log_sum = np.log(np.sum(np.exp(y_pred - top), axis=1)) + top[:, 0]
        return log_sum - np.sum(y_true * y_pred, axis=1)

    y, z = rng.dirichlet(np.ones(4), 9), rng.normal(size=(9, 4))
    loss, truth = from_function(softmax_entropy), losses.CrossEntropy(from_logits=True)
    np.testing.assert_allclose(loss.gradient(y, z), truth.gradient(y, z), rtol=1e-9, atol=1e-12)
    w = rng.random(9)
    value, gradient = loss.value_and_gradient(y, z, w)
    assert value == pytest.approx(truth(y, z, w))
    np.testing.assert_allclose(gradient, truth.value_and_gradient(y, z, w)[1], rtol=1e-9)
    assert check_gradient(loss, y, z)


def test_identity_and_sums():
    loss = from_function(linex, a=2.0)
    assert repr(loss) == "from_function(linex, a=2.0)"
    assert loss == from_function(linex, a=2.0) != from_function(linex, a=1.0)
    assert loss.hyperparameters == {"a": 2.0} and loss.a == 2.0
    both = 0.5 * loss + losses.MeanSquaredError()
    assert both(Y, P) == pytest.approx(0.5 * loss(Y, P) + losses.MeanSquaredError()(Y, P))
    np.testing.assert_allclose(
        both.gradient(Y, P), 0.5 * loss.gradient(Y, P) + 2 * (P - Y), rtol=1e-12
    )
    with pytest.raises(AttributeError, match=r"immutable.*replace\(a=1.0\) makes another"):
        loss.a = 1.0
    assert loss.replace(a=1.0) == from_function(linex, a=1.0) != loss
    assert from_function(asymmetric).replace(under=5.0) == from_function(asymmetric, under=5.0)
    twin = pickle.loads(pickle.dumps(loss))
    assert twin == loss and twin(Y, P) == loss(Y, P)
    with pytest.raises(TypeError, match="'gradient' is a name that every loss has"):
        from_function(linex, gradient=1.0)


def test_bad_functions():
    with pytest.raises(TypeError, match="function is 3; expected a function"):
        from_function(3)
    with pytest.raises(ValueError, match=r"returned the shape \(\).*not their mean"):
        from_function(lambda y, p: np.mean((p - y) ** 2))(Y, P)
    with pytest.raises(ValueError, match="returned the shape"):
        from_function(lambda y, p: np.zeros(3))(Y, P)
    with pytest.raises(TypeError, match="autograd cannot differentiate"):
        from_function(lambda y, p: np.array([float(v) for v in p])).gradient(Y, P)
    with pytest.raises(ValueError, match="y_pred holds nan"):
        from_function(quartic)([0.0], [np.nan])


def test_a_gradient_that_autograd_loses_is_an_error_and_its_cure_works():
    def rooted(y, p):
        return np.where(p >= 0, p**2, np.sqrt(-p))

    for method in (from_function(rooted).gradient, from_function(rooted).value_and_gradient):
        with pytest.raises(
            ValueError, match=r"gradient of rooted is nan where y_pred holds 1.0 at "
        ):
            method([0.0, 0.0], [-4.0, 1.0])
    with pytest.raises(ValueError, match=r"hessian of rooted is nan where y_pred holds 1.0, tho"):
        from_function(rooted).hessian(0.0, 1.0)
    cured = from_function(lambda y, p: np.where(p >= 0, p**2, np.sqrt(np.where(p < 0, -p, 1.0))))
    value, gradient = cured.value_and_gradient([0.0, 0.0], [1.0, -4.0])
    assert (value, gradient.tolist()) == (1.5, [1.0, -0.125])
    beyond = from_function(lambda y, p: np.log(p - y))  # nan by itself, for both
    assert np.isnan(beyond.pointwise([1.0], [0.0])) and np.isfinite(beyond.gradient([1.0], [0.0]))


class WrongSign(losses.Loss):
    def pointwise(self, y_true, y_pred):
        return np.square(y_pred - y_true)

    def gradient(self, y_true, y_pred):
        return 2 * (y_true - y_pred)


class WrongFar(WrongSign):
    def gradient(self, y_true, y_pred):
        r = y_pred - y_true
        return np.where(np.abs(r) < 3, 2 * r, 2.001 * r)


class Flattened(WrongSign):
    def gradient(self, y_true, y_pred):
        return np.zeros(3)


@pytest.mark.parametrize("loss", [cls() for cls in classes()], ids=repr)
def test_check_gradient_passes_every_loss(loss, capsys):
    y, p = sample(loss, np.random.default_rng(2), 25)
    assert check_gradient(loss, y, p)
    assert "gradient right at all" in capsys.readouterr().out


def test_check_gradient_finds_what_is_wrong(capsys):
    report = check_gradient(WrongSign(), [0.0, 1.0], [2.0, 1.0])
    assert not report and report.checked == 2 and len(report.rows) == 1
    index, y, p, gradient, numeric = report.rows[0]
    assert (index, y, p, gradient) == (0, 0.0, 2.0, -4.0) and numeric == pytest.approx(4.0)
    assert "at 0: y_true 0.0, y_pred 2: gradient -4, numerically 4, off by -8" in (
        capsys.readouterr().out
    )
    r = np.array([1.0, 2.0, 4.0, 10.0])
    report = check_gradient(WrongFar(), np.zeros(4), r)
    assert sorted(row[0] for row in report.rows) == [2, 3]
    assert report.worst == pytest.approx(5e-4, rel=1e-3)
    with pytest.raises(ValueError, match=r"gradient has shape \(3,\); expected \(4,\)"):
        check_gradient(Flattened(), np.zeros(4), r)
    assert not check_gradient(WrongSign(), 0.0, 2.0)


def test_check_gradient_at_kinks():
    assert check_gradient(losses.MeanAbsoluteError(), [0.0], [0.0])
    assert check_gradient(losses.Hinge(), [1.0, -1.0], [1.0, -1.0])
    assert check_gradient(losses.Perceptron(), [1.0, -1.0], [0.0, 0.0])

    class Outside(losses.MeanAbsoluteError):
        def gradient(self, y_true, y_pred):
            return np.full_like(y_pred, 1.5)

    assert not check_gradient(Outside(), [0.0], [0.0])


def test_properties(capsys):
    def holds(loss, **options):
        return {name: bool(found) for name, found in check_properties(loss, **options).items()}

    names = ("non-negative", "zero at the target", "monotone", "convex")
    assert holds(losses.MeanSquaredError()) == dict.fromkeys(names, True)
    assert holds(losses.Pinball(quantile=0.2), y_true=3.0) == dict.fromkeys(names, True)
    assert holds(losses.Cauchy()) == {**dict.fromkeys(names, True), "convex": False}
    capsys.readouterr()
    shifted = from_function(lambda y, p: np.square(p - y - 1) - 0.5)
    found = check_properties(shifted)
    assert [bool(found[name]) for name in names] == [False, False, False, True]
    printed = capsys.readouterr().out
    assert "NO  non-negative: fails at the error 1 by 0.5" in printed
    assert "yes convex: at 399 errors tried" in printed
    assert isinstance(found["convex"], custom.Property)


def test_a_wave_is_not_monotone():
    wave = from_function(lambda y, p: np.square(np.sin(p - y)))
    found = check_properties(wave)
    assert not found["monotone"] and not found["convex"]
    assert found["non-negative"] and found["zero at the target"]


def test_hyperparameters_that_the_function_does_not_take():
    for make in (
        lambda: from_function(linex, b=1.0),
        lambda: from_function(linex, a=1.0).replace(b=1.0),
        lambda: from_function(linex, y_true=1.0),
        lambda: from_function(lambda y_true, y_pred, power: (y_pred - y_true) ** power),
    ):
        with pytest.raises(TypeError, match="does not take"):
            make()
    assert from_function(lambda y, p, **more: more["k"] * (p - y), k=2.0)([0.0], [3.0]) == 6.0
    assert from_function(np.subtract)([3.0], [1.0]) == 2.0


def test_hyperparameters_that_are_arrays():
    def scaled(y_true, y_pred, unit):
        return unit * (y_pred - y_true) ** 2

    loss = from_function(scaled, unit=np.array([1.0, 2.0]))
    same, other = (loss.replace(unit=np.array([1.0, k])) for k in (2.0, 3.0))
    assert loss == same and hash(loss) == hash(same)
    assert loss != other and loss != loss.replace(unit=1.0)
    assert loss != loss.replace(unit=np.array([1.0, 2.0, 3.0]))


def test_a_loss_that_is_nan_is_an_error_in_a_mean():
    def entropy(y_true, y_pred):
        return -y_true * np.log(y_pred) - (1 - y_true) * np.log(1 - y_pred)

    loss = from_function(entropy)
    for mean in (loss, loss.value_and_gradient):
        with pytest.raises(ValueError, match="nan at index 1, where y_true holds 1"):
            mean([0.0, 1.0], [0.5, 1.0])
    assert loss([0.0, 1.0], [0.5, 1.0], [1.0, 0.0]) == pytest.approx(np.log(2))
    with pytest.raises(TypeError, match="complex"):
        from_function(lambda y, p: (p - y) * 1j)([0.0], [1.0])


def test_no_warning_of_what_is_not_asked(recwarn):
    loss = from_function(lambda y, p: np.where(p > 0, p, np.sqrt(np.abs(p)) + 0 * np.log(p)))
    assert loss([0.0], [2.0]) == 2.0
    assert not recwarn.list


def test_check_gradient_leaves_out_what_is_not_finite(capsys):
    report = check_gradient(losses.BinaryCrossEntropy(), [1.0, 1.0], [0.0, 0.5])
    assert report and report.checked == 1
    assert not check_gradient(losses.MeanSquaredError(), [0.0], [1e300])
    assert "not checked" in capsys.readouterr().out
    z = np.array([[1e300, 0.0, 0.0], [1.0, 2.0, 3.0]])
    assert check_gradient(losses.CrossEntropy(from_logits=True), [1, 0], z).checked >= 3


def test_checks_say_what_they_take():
    with pytest.raises(TypeError, match=r"^loss is .*MeanSquaredError"):
        check_gradient(quartic, [0.0], [1.0])
    with pytest.raises(TypeError, match=r"^loss is .*MeanSquaredError"):
        check_properties(quartic)
    with pytest.raises(ValueError, match="tolerance is -1"):
        check_gradient(losses.Huber(), [0.0], [1.0], tolerance=-1)
    with pytest.raises(ValueError, match="errors is -1"):
        check_properties(losses.Huber(), errors=-1)
    with pytest.raises(ValueError, match="count is 2"):
        check_properties(losses.Huber(), count=2)
