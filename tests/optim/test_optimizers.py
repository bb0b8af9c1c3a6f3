"""Optimizers and schedules, step by step against recorded paths of PyTorch, and by arithmetic."""

import json
from pathlib import Path

import numpy as np
import pytest

from lossbook import models, optim

RECORDED = json.loads(Path(__file__).with_name("torch_paths.json").read_text())
EVERY = [
    optim.GradientDescent(0.1),
    optim.Momentum(0.02),
    optim.Nesterov(0.02),
    optim.AdaGrad(0.9),
    optim.RMSProp(optim.ExponentialDecay(0.1, 0.99)),
    optim.Adam(0.1),
    optim.AdamW(0.1, weight_decay=0.0),
]


def rosenbrock(x):
    a, b = x
    gradient = np.array([-2 * (1 - a) - 400 * a * (b - a * a), 200 * (b - a * a)])
    return (1 - a) ** 2 + 100 * (b - a * a) ** 2, gradient


def bowl(x):
    """A quadratic with the curvatures 1, 4, 9 and the minimum 0 at (1, 2, 3)."""
    curvature = np.array([1.0, 4.0, 9.0])
    r = x - np.array([1.0, 2.0, 3.0])
    return 0.5 * float(curvature @ (r * r)), curvature * r


@pytest.mark.parametrize("ours", RECORDED["paths"])
def test_path_equals_that_of_pytorch(ours):
    path = np.array(RECORDED["paths"][ours])
    run = f"optim.minimize(rosenbrock, path[0], {ours}, steps=len(path) - 1)"
    names = {**vars(optim), "optim": optim, "rosenbrock": rosenbrock, "path": path, "len": len}
    result = eval(run, {"__builtins__": {}}, names)
    # PyTorch's clip_grad_norm_ divides by norm + 1e-6.
    tolerance = 1e-5 if "ClipByNorm" in ours else 1e-10
    np.testing.assert_allclose(result.path, path, rtol=tolerance, atol=tolerance)
    assert np.ptp(path, axis=0).min() > 0.01


def test_every_optimizer_is_recorded():
    recorded = " ".join(RECORDED["paths"])
    for optimizer in EVERY:
        assert type(optimizer).__name__ in recorded


@pytest.mark.parametrize("optimizer", EVERY, ids=lambda o: type(o).__name__)
def test_finds_the_minimum_of_a_bowl(optimizer):
    result = optim.minimize(bowl, np.zeros(3), optimizer, steps=5000, tol=1e-6)
    assert result.stopped == "converged", result.message
    np.testing.assert_allclose(result.x, [1, 2, 3], atol=1e-5)


@pytest.mark.parametrize("optimizer", EVERY, ids=lambda o: type(o).__name__)
def test_runs_share_nothing(optimizer):
    first = optim.minimize(bowl, np.zeros(3), optimizer, steps=20)
    second = optim.minimize(bowl, np.zeros(3), optimizer, steps=20)
    np.testing.assert_array_equal(first.path, second.path)


def test_momentum_zero_is_gradient_descent():
    plain = optim.minimize(bowl, np.zeros(3), optim.GradientDescent(0.05), steps=30)
    for kind in (optim.Momentum, optim.Nesterov):
        heavy = optim.minimize(bowl, np.zeros(3), kind(0.05, momentum=0.0), steps=30)
        np.testing.assert_allclose(heavy.path, plain.path, rtol=1e-14)


def test_first_step_of_adam_is_the_learning_rate():
    result = optim.minimize(bowl, np.zeros(3), optim.Adam(0.01), steps=1)
    np.testing.assert_allclose(result.path[1], 0.01, rtol=1e-8)


def test_schedules():
    assert [optim.StepDecay(1.0, 0.5, 2)(t) for t in range(5)] == [1, 1, 0.5, 0.5, 0.25]
    assert optim.ExponentialDecay(2.0, 0.5)(3) == 0.25
    assert optim.InverseTimeDecay(1.0, 0.5)(2) == 0.5
    cosine = optim.CosineDecay(1.0, 10, final=0.2)
    assert cosine(0) == 1 and cosine(5) == pytest.approx(0.6) and cosine(10) == cosine(99) == 0.2
    warm = optim.Warmup(optim.ExponentialDecay(1.0, 0.5), 4)
    assert [warm(t) for t in range(5)] == [0.25, 0.25, 0.1875, 0.125, 0.0625]
    assert optim.GradientDescent(lambda t: 1 / (t + 1)).rate(3) == 0.25


def test_clipping():
    g = np.array([3.0, -4.0])
    np.testing.assert_allclose(optim.ClipByNorm(1.0)(g), [0.6, -0.8])
    np.testing.assert_array_equal(optim.ClipByNorm(5.0)(g), g)
    np.testing.assert_array_equal(optim.ClipByNorm(1.0)(np.zeros(2)), 0)
    np.testing.assert_array_equal(optim.ClipByValue(3.5)(g), [3, -3.5])


# A mask of the decay


def test_where_the_mask_is_false_adamw_is_adam(rng):
    mask = np.array([True, False, True])
    gradients = rng.normal(size=(20, 3))
    found = {}
    for name, optimizer in {
        "masked": optim.AdamW(0.1, weight_decay=0.3, mask=mask),
        "a function": optim.AdamW(0.1, weight_decay=0.3, mask=lambda x: np.arange(len(x)) != 1),
        "all": optim.AdamW(0.1, weight_decay=0.3, mask=np.ones(3, bool)),
        "none": optim.AdamW(0.1, weight_decay=0.3, mask=np.zeros(3, bool)),
        "AdamW": optim.AdamW(0.1, weight_decay=0.3),
        "Adam": optim.Adam(0.1),
    }.items():
        x = np.ones(3)
        memory = optimizer.init(x)
        for g in gradients:
            optimizer.step(x, g, memory)
        found[name] = x
    np.testing.assert_array_equal(found["masked"], np.where(mask, found["AdamW"], found["Adam"]))
    np.testing.assert_array_equal(found["a function"], found["masked"])
    np.testing.assert_array_equal(found["all"], found["AdamW"])
    np.testing.assert_array_equal(found["none"], found["Adam"])
    assert (found["AdamW"] != found["Adam"]).all()


def test_a_mask_of_the_weights_leaves_the_biases_alone():
    net = models.MLP((2, 3, 1), seed=1)
    net.biases[0][:] = net.biases[1][:] = 1.0
    before = net.parameters.copy()
    optimizer = optim.AdamW(0.1, weight_decay=0.5, mask=net.is_weight)
    optimizer.step(net.parameters, np.zeros_like(before), optimizer.init(net.parameters))
    assert (net.biases[0] == 1).all() and (net.biases[1] == 1).all()
    np.testing.assert_allclose(net.weights[0].ravel(), 0.95 * before[:6], rtol=1e-15)


def test_the_mask_cannot_be_changed_and_is_compared():
    mask = np.array([True, False])
    optimizer = optim.AdamW(0.1, mask=mask)
    mask[:] = True
    assert optimizer.mask.tolist() == [True, False] and not optimizer.mask.flags.writeable
    assert optimizer == optim.AdamW(0.1, mask=[True, False]) != optim.AdamW(0.1, mask=mask)
    assert hash(optimizer) == hash(optim.AdamW(0.1, mask=[True, False]))
    assert optim.AdamW(0.1) != optimizer and optim.AdamW(0.1) == optim.AdamW(0.1)
    assert optim.AdamW(0.1) != optim.AdamW(0.1, weight_decay=0.3) and optim.AdamW() != optim.Adam()
    square = np.ones((2, 2))
    matrix = optim.AdamW(0.1, weight_decay=0.5, mask=np.eye(2, dtype=bool))
    matrix.step(square, np.zeros((2, 2)), matrix.init(square))
    np.testing.assert_allclose(square, [[0.95, 1], [1, 0.95]])


BAD = [
    (lambda: optim.GradientDescent(-0.1), ValueError, "learning_rate is -0.1"),
    (lambda: optim.Adam(0.0), ValueError, "learning_rate is 0.0"),
    (lambda: optim.Adam(np.nan), ValueError, "learning_rate is nan"),
    (lambda: optim.Adam("fast"), TypeError, "learning_rate is 'fast'"),
    (lambda: optim.Adam(True), TypeError, "learning_rate is True"),
    (lambda: optim.Momentum(0.1, 1.0), ValueError, "momentum is 1.0"),
    (lambda: optim.Nesterov(0.1, -0.5), ValueError, "momentum is -0.5"),
    (lambda: optim.AdaGrad(epsilon=0), ValueError, "epsilon is 0.0"),
    (lambda: optim.RMSProp(rho=1), ValueError, "rho is 1.0"),
    (lambda: optim.Adam(beta1=1.5), ValueError, "beta1 is 1.5"),
    (lambda: optim.Adam(beta2=-1), ValueError, "beta2 is -1.0"),
    (lambda: optim.AdamW(weight_decay=-1), ValueError, "weight_decay is -1.0"),
    (lambda: optim.AdamW(mask=[1.0, 0.0]), TypeError, "mask holds values of dtype float64"),
    (lambda: optim.AdamW(mask=True).init(np.ones(2)), ValueError, r"mask has shape \(\)"),
    (
        lambda: optim.minimize(bowl, np.ones(3), optim.AdamW(mask=[True, False])),
        ValueError,
        r"mask has shape \(2,\)",
    ),
    (
        lambda: optim.AdamW(mask=lambda x: x).init(np.ones(2)),
        TypeError,
        r"mask\(x\) holds values of dtype float64",
    ),
    (
        lambda: optim.AdamW(mask=lambda x: x[:1] > 0).init(np.ones(2)),
        ValueError,
        r"mask\(x\) has shape \(1,\)",
    ),
    (lambda: optim.StepDecay(0.0), ValueError, "rate is 0.0"),
    (lambda: optim.StepDecay(1.0, every=0), ValueError, "every is 0"),
    (lambda: optim.StepDecay(1.0, every=1.5), TypeError, "every is 1.5"),
    (lambda: optim.StepDecay(1.0, 2.0), ValueError, "factor is 2.0"),
    (lambda: optim.ExponentialDecay(1.0, -1), ValueError, "factor is -1.0"),
    (lambda: optim.ExponentialDecay(1.0, 2.0), ValueError, "factor is 2.0"),
    (lambda: optim.InverseTimeDecay(1.0, -1), ValueError, "decay is -1.0"),
    (lambda: optim.CosineDecay(1.0, 0), ValueError, "steps is 0"),
    (lambda: optim.Warmup(-1.0, 3), ValueError, "schedule is -1.0"),
    (lambda: optim.ClipByNorm(0), ValueError, "max_norm is 0.0"),
    (lambda: optim.ClipByValue(-2), ValueError, "limit is -2.0"),
    (
        lambda: optim.GradientDescent(lambda t: -1.0).rate(5),
        ValueError,
        r"learning_rate\(5\) is -1",
    ),
]


@pytest.mark.parametrize(("make", "error", "match"), BAD)
def test_bad_hyperparameters(make, error, match):
    with pytest.raises(error, match=match + ".*; expected"):
        make()
