"""Bad input: each case ends in an error that names the argument, what it holds, what was due."""

import decimal
import math

import numpy as np
import pytest

from benchmarks.cases import instances, sample
from lossbook import losses

each_loss = pytest.mark.parametrize("loss", instances(), ids=repr)
MSE = losses.MeanSquaredError()


def every_method(loss):
    second = [loss.hessian] if loss.elementwise else []
    return [loss, loss.pointwise, loss.gradient, loss.value_and_gradient, *second]


def raises(error, match, method, *args, **kwargs):
    with pytest.raises(error, match=match):
        method(*args, **kwargs)


def ruled_out(loss, logit):
    """Whether such a logit says that a class has the probability 0."""
    if isinstance(loss, losses.NLL):
        return logit == -math.inf
    if not getattr(loss, "from_logits", False):
        return False
    return logit == -math.inf or (logit == math.inf and loss.elementwise)


@pytest.mark.parametrize("n", [1, 5, 3000])
@pytest.mark.parametrize("label", [0, 2])
def test_infinite_logits_are_not_lost_in_the_fused_pass(n, label):
    y, z = np.full(n, label), np.zeros((n, 3))
    z[-1] = [math.inf, 0.0, 0.0]
    loss = losses.CrossEntropy(from_logits=True)
    raises(ValueError, "y_pred holds inf at index .* or -inf for a class", loss, y, z)
    raises(ValueError, "y_pred holds inf at index", loss.value_and_gradient, y, z)
    z[-1] = -math.inf
    for method in (loss, loss.value_and_gradient, loss.pointwise, loss.gradient):
        raises(ValueError, f"y_pred holds only -inf at index {n - 1}; expected a", method, y, z)


@each_loss
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("n", [1, 5, 3000])
def test_nan_and_infinity(loss, bad, n):
    for which in (0, 1):
        arguments = list(sample(loss, np.random.default_rng(0), n))
        if arguments[which].dtype.kind == "i":
            continue
        if which == 1 and ruled_out(loss, bad):
            continue
        arguments[which].flat[-1] = bad
        name = ("y_true", "y_pred")[which]
        for method in every_method(loss):
            raises(ValueError, f"{name} holds {bad} at index", method, *arguments)


@each_loss
def test_both_infinite(loss):
    y, p = sample(loss, np.random.default_rng(0), 3)
    if y.dtype.kind == "i":
        pytest.skip("integer labels hold no infinity")
    y.flat[0] = p.flat[0] = math.inf
    for method in every_method(loss):
        raises(ValueError, "y_true holds inf", method, y, p)


@each_loss
def test_different_lengths_and_empty(loss):
    y, p = sample(loss, np.random.default_rng(0), 4)
    for method in every_method(loss):
        raises(ValueError, r"y_true .*shape \(3.* y_pred .*shape \(4", method, y[:3], p)
        raises(ValueError, "empty", method, y[:0], p[:0])


@each_loss
def test_strings_and_other_kinds(loss):
    y, p = sample(loss, np.random.default_rng(0), 3)
    for method in every_method(loss):
        raises(TypeError, "y_pred holds strings; expected real numbers", method, y, ["a", "b", "c"])
        raises(TypeError, "y_true holds strings; expected", method, ["a", "b", "c"], p)
        raises(TypeError, "y_pred holds complex", method, y, p * 1j)


@pytest.mark.parametrize("shape", [((3,), (3, 1)), ((3, 1), (3,)), ((), (3,)), ((2, 3), (3, 2))])
def test_nothing_is_broadcast(shape):
    y, p = np.zeros(shape[0]), np.ones(shape[1])
    for method in every_method(MSE):
        with pytest.raises(ValueError, match="expected equal shapes: nothing is broadcast") as info:
            method(y, p)
        assert str(shape[0]) in str(info.value) and str(shape[1]) in str(info.value)


def test_the_cure_for_a_column_is_named():
    raises(ValueError, r"y_pred.ravel\(\)", MSE, np.zeros(3), np.zeros((3, 1)))


def test_other_odd_arguments():
    raises(ValueError, "y_true holds rows of different lengths", MSE, [[1, 2], [3]], [[1, 2], [3]])
    raises(TypeError, "y_pred holds values of dtype object", MSE, [1.0], [decimal.Decimal(1)])
    raises(TypeError, "y_pred holds values of dtype object", MSE, [1.0], [None])
    raises(TypeError, "y_true holds dates", MSE, np.array(["2020-01-01"], "M8[D]"), [1.0])


@each_loss
@pytest.mark.parametrize(
    "bad, error, match",
    [
        ([1, -2, 1], ValueError, r"sample_weight holds -2.0 at index 1; expected weights of at"),
        ([0, 0, 0], ValueError, "sample_weight holds only zeros"),
        ([1, math.nan, 1], ValueError, "sample_weight holds nan at index 1"),
        ([1, math.inf, math.inf], ValueError, r"sample_weight holds inf at index 1 \(and 1 more"),
        ([1, 2], ValueError, r"sample_weight has shape \(2,\); expected \(3,\)"),
        (1.0, ValueError, r"sample_weight has shape \(\); expected \(3,\)"),
        ([[1], [2], [3]], ValueError, r"sample_weight has shape \(3, 1\)"),
        (["a", "b", "c"], TypeError, "sample_weight holds strings"),
    ],
)
def test_weights(loss, bad, error, match):
    y, p = sample(loss, np.random.default_rng(0), 3)
    raises(error, match, loss, y, p, bad)
    raises(error, match, loss.value_and_gradient, y, p, sample_weight=bad)


@pytest.mark.parametrize("bad", [0, -1.0, math.nan, math.inf, -math.inf])
def test_delta(bad):
    raises(ValueError, f"delta is {float(bad)}|delta is {bad}", losses.Huber, delta=bad)


@pytest.mark.parametrize("bad", [0, 1, -0.1, 1.5, math.nan, math.inf])
def test_quantile(bad):
    raises(ValueError, "quantile is .*; expected", losses.Pinball, quantile=bad)


@pytest.mark.parametrize("bad", ["1", None, True, [1.0], 1j, np.ones(2)])
def test_hyperparameters_are_numbers(bad):
    raises(TypeError, "delta is .*; expected a real number", losses.Huber, delta=bad)
    raises(TypeError, "quantile is .*; expected a real number", losses.Pinball, quantile=bad)


def test_numpy_numbers_are_hyperparameters_too():
    assert losses.Huber(delta=np.float32(0.5)) == losses.Huber(delta=0.5)
    assert losses.Huber(delta=np.array(2)) == losses.Huber(delta=2.0)
