"""The multilayer perceptron: backpropagation against differences and PyTorch, and its memory."""

import json
from pathlib import Path

import numpy as np
import pytest

from lossbook import datasets, losses, optim
from lossbook.models import MLP

from . import record_torch_mlp as recorded

RECORDED = json.loads(Path(__file__).with_name("torch_mlp.json").read_text())
X = np.random.default_rng(11).normal(size=(17, 3))


def cases():
    rng = np.random.default_rng(12)
    yield (3, 1), losses.MeanSquaredError(), rng.normal(size=17)
    yield (3, 5, 1), losses.Huber(delta=0.7), rng.normal(size=17)
    yield (3, 6, 4, 1), losses.Logistic(), np.sign(rng.normal(size=17))
    yield (3, 5, 4), losses.CrossEntropy(from_logits=True), rng.integers(0, 4, size=17)
    yield (3, 7, 5, 2), losses.MeanSquaredError(), rng.normal(size=(17, 2))


CASES = list(cases())


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
@pytest.mark.parametrize(("sizes", "loss", "y"), CASES, ids=lambda c: str(c)[:20])
@pytest.mark.parametrize("weighted", [False, True])
def test_backpropagation_is_the_derivative(sizes, loss, y, activation, weighted, rng):
    shape = 17 if loss != losses.MeanSquaredError() or y.ndim == 1 else (17, 2)
    weight = rng.random(shape) if weighted else None
    model = MLP(sizes, activation, seed=3)
    value, gradient = model.value_and_gradient(X, y, loss, weight)
    gradient = gradient.copy()
    assert value == pytest.approx(loss(y, model.predict(X), weight), rel=1e-14)
    step = 1e-6
    for j in range(len(model.parameters)):
        start = model.parameters[j]
        model.parameters[j] = start + step
        above = model.value_and_gradient(X, y, loss, weight)[0]
        model.parameters[j] = start - step
        below = model.value_and_gradient(X, y, loss, weight)[0]
        model.parameters[j] = start
        assert gradient[j] == pytest.approx((above - below) / (2 * step), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize(
    ("activation", "loss"),
    [
        ("tanh", losses.MeanSquaredError()),
        ("relu", losses.Huber(delta=0.5)),
        ("sigmoid", losses.MeanAbsoluteError()),
    ],
)
def test_training_is_pytorchs(activation, loss):
    model = MLP(recorded.SIZES, activation)
    model.parameters[:] = recorded.start(len(model.parameters))
    inputs, target = recorded.data()
    model.fit(inputs, target, loss, optimizer=optim.Adam(0.02), epochs=recorded.STEPS)
    path = np.array(RECORDED["losses"][activation])
    np.testing.assert_allclose(model.history.loss, path, rtol=1e-9)
    assert path[-1] < 0.8 * path[0]


def test_parameters_weights_and_biases_are_one_memory():
    model = MLP((3, 4, 2))
    assert [W.shape for W in model.weights] == [(3, 4), (4, 2)]
    assert [b.shape for b in model.biases] == [(4,), (2,)]
    assert len(model.parameters) == 12 + 4 + 8 + 2
    flat = np.concatenate(
        [model.weights[0].ravel(), model.biases[0], model.weights[1].ravel(), model.biases[1]]
    )
    np.testing.assert_array_equal(model.parameters, flat)
    model.weights[1][0, 0] = 42.0
    assert 42.0 in model.parameters
    assert model.is_weight.sum() == 20 and (model.parameters[~model.is_weight] == 0).all()


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_initial_weights(activation):
    model = MLP((200, 300, 100), activation, seed=1)
    for W in model.weights:
        inputs, outputs = W.shape
        variance = 2 / inputs if activation == "relu" else 2 / (inputs + outputs)
        assert W.var() == pytest.approx(variance, rel=0.02)
        assert abs(W.mean()) < 5 * np.sqrt(variance / W.size)
    same, other = MLP((200, 300, 100), activation, seed=1), MLP((200, 300, 100), activation, seed=2)
    np.testing.assert_array_equal(model.parameters, same.parameters)
    assert not np.array_equal(model.parameters, other.parameters)


def test_predictions_are_not_overwritten():
    model = MLP((3, 4, 1))
    first = model.predict(X)
    kept = first.copy()
    model.predict(X + 1)
    np.testing.assert_array_equal(first, kept)
    for n in (1, 2, 3, 4, 5, 6, 7, 17):
        np.testing.assert_allclose(model.predict(X[:n]), kept[:n], rtol=1e-12)


def test_sigmoid_does_not_overflow():
    model = MLP((1, 1, 1), "sigmoid")
    model.parameters[:] = [1000.0, 0.0, 1.0, 0.0]
    with np.errstate(over="raise"):
        np.testing.assert_array_equal(model.predict([[-5.0], [0.0], [5.0]]), [0, 0.5, 1])


def test_objective_for_minimize():
    data = datasets.two_moons()
    model = MLP((2, 8, 1), seed=1)
    label = 2.0 * data.y - 1
    objective = model.objective(data.X, label, losses.Logistic())
    run = optim.minimize(objective, model.parameters, optim.Adam(0.05), steps=300)
    assert run.value < 0.1 * run.values[0] and run.stopped == "out of steps"
    assert objective(run.x)[0] == run.value
    np.testing.assert_array_equal(model.parameters, run.x)
    assert ((model.predict(data.X) > 0) == (label > 0)).mean() > 0.98


BAD = [
    (lambda: MLP((3,)), ValueError, r"sizes is \(3,\)"),
    (lambda: MLP((3, 0, 1)), ValueError, r"sizes\[1\] is 0"),
    (lambda: MLP((3, 2.5)), TypeError, r"sizes\[1\] is 2.5"),
    (lambda: MLP((3, 1), "step"), ValueError, "activation is 'step'"),
    (lambda: MLP((3, 1)).predict(X[:, :2]), ValueError, "X has 2 columns"),
    (lambda: MLP((3, 1)).fit(X, X[:, 0], "mse"), TypeError, "loss is 'mse'"),
    (lambda: MLP((3, 1)).fit(X[:, 0], X[:, 0], CASES[0][1]), ValueError, "X has the shape"),
]


@pytest.mark.parametrize(("call", "error", "match"), BAD)
def test_bad_input(call, error, match):
    with pytest.raises(error, match=match + ".*expected"):
        call()


def test_sizes_and_seeds_that_are_none():
    for call, match in [
        (lambda: MLP(3), "sizes is 3; expected"),
        (lambda: MLP((3, True)), r"sizes\[1\] is True; expected"),
        (lambda: MLP((3, 1), ["tanh"]), r"activation is \['tanh'\]; expected"),
        (lambda: MLP((3, 1), seed="one"), "seed is 'one'; expected an integer"),
        (lambda: MLP((3, 1), seed=-1), "seed is -1; expected an integer"),
        (lambda: MLP((3, 1)).forward(X[:, :2]), "X has 2 columns; expected 3"),
        (lambda: MLP((3, 1)).forward(X * np.inf), "X holds .* at index .*; expected finite"),
    ]:
        with pytest.raises((TypeError, ValueError), match=match):
            call()
    assert MLP(np.array([3, 1])).sizes == (3, 1)


def test_an_infinite_input_does_not_end_in_a_saturated_unit():
    model, far = MLP((3, 4, 1)), X.copy()
    far[5, 1] = np.inf
    with pytest.raises(ValueError, match=r"^X holds inf at index \(5, 1\); expected finite"):
        model.value_and_gradient(far, CASES[0][2], losses.MeanSquaredError())
