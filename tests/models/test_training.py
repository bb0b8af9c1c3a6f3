"""`train`: batches, validation, early stopping, penalties, divergence."""

import numpy as np
import pytest

from lossbook import datasets, losses, optim
from lossbook.models import MLP, LinearModel, train
from lossbook.penalties import L1, L2, ElasticNet

rng = np.random.default_rng(5)
X = rng.normal(size=(60, 3))
Y = X @ [1.0, -2.0, 0.0] + 0.5 + 0.1 * rng.normal(size=60)
MSE = losses.MeanSquaredError()


def line():
    model = MLP((3, 1))
    model.parameters[:] = 0
    return model


def test_full_batches_are_minimize():
    for penalty in (None, L2(0.1), L1(0.3)):
        model = MLP((3, 4, 1), seed=2)
        start = model.parameters.copy()
        run = optim.minimize(
            MLP((3, 4, 1)).objective(X, Y, MSE),
            start,
            optim.Adam(0.01),
            steps=30,
            penalty=penalty and penalty.restricted(model.is_weight),
        )
        model.fit(X, Y, MSE, penalty, optimizer=optim.Adam(0.01), epochs=30)
        np.testing.assert_array_equal(model.parameters, run.x)
        np.testing.assert_allclose(model.history.loss, run.values[:-1], rtol=1e-14)
        assert model.history.stopped == "out of steps" and model.history.epochs == 30


class Recorder:
    """A model that keeps the batches it is shown."""

    def __init__(self):
        self.parameters = np.zeros(1)
        self.is_weight = np.ones(1, dtype=bool)
        self.batches = []

    def predict(self, X):
        return np.zeros(len(X))

    def value_and_gradient(self, X, y, loss, sample_weight=None):
        self.batches.append((X[:, 0].copy(), y.copy(), sample_weight))
        return 1.0, np.zeros(1)


def test_batches_cover_the_data_once_an_epoch():
    x = np.arange(10.0)[:, None]
    model = Recorder()
    train(model, x, 2 * x[:, 0], MSE, epochs=3, batch_size=4, seed=1)
    assert [len(b) for b, _, _ in model.batches] == [4, 4, 2] * 3
    epochs = [np.concatenate([b for b, _, _ in model.batches[3 * k : 3 * k + 3]]) for k in range(3)]
    for order in epochs:
        np.testing.assert_array_equal(np.sort(order), x[:, 0])
    assert not np.array_equal(epochs[0], epochs[1])
    for inputs, targets, weights in model.batches:
        np.testing.assert_array_equal(targets, 2 * inputs)
        assert weights is None
    again = Recorder()
    train(again, x, 2 * x[:, 0], MSE, epochs=3, batch_size=4, seed=1)
    assert all(
        np.array_equal(a[0], b[0]) for a, b in zip(model.batches, again.batches, strict=True)
    )
    other = Recorder()
    train(other, x, 2 * x[:, 0], MSE, epochs=3, batch_size=4, seed=2)
    assert not np.array_equal(model.batches[0][0], other.batches[0][0])


def test_weights_travel_with_their_samples():
    x = np.arange(1.0, 11.0)[:, None]
    model = Recorder()
    weight = np.where(x[:, 0] == 3, 0.0, x[:, 0])
    train(model, x, x[:, 0], MSE, epochs=1, batch_size=4, sample_weight=weight)
    assert sum(len(b) for b, _, _ in model.batches) == 9
    for inputs, _, w in model.batches:
        np.testing.assert_allclose(w / w[0], inputs / inputs[0])


def test_mini_batches_find_the_optimum():
    exact = LinearModel().fit(X, Y, MSE)
    schedule = optim.InverseTimeDecay(0.05, 0.02)
    model = line().fit(
        X, Y, MSE, optimizer=optim.GradientDescent(schedule), batch_size=8, epochs=300
    )
    np.testing.assert_allclose(model.predict(X), exact.predict(X), atol=0.01)
    assert model.history.learning_rate[-1] == schedule(300 * 8 - 1)
    assert model.history.loss[-1] < 0.01 * model.history.loss[0]


@pytest.mark.parametrize("penalty", [L1(0.2), L2(0.2), ElasticNet(0.2)], ids=repr)
def test_converges_to_the_penalized_optimum(penalty):
    exact = LinearModel().fit(X, Y, MSE, penalty)
    model = line()
    history = train(
        model,
        X,
        Y,
        MSE,
        optimizer=optim.GradientDescent(0.1),
        epochs=3000,
        penalty=penalty,
        tol=1e-10,
    )
    assert history.stopped == "converged" and "Converged" in history.message
    np.testing.assert_allclose(model.weights[0][:, 0], exact.coef, atol=1e-9)
    np.testing.assert_array_equal(model.weights[0][:, 0] == 0, exact.coef == 0)
    assert model.biases[0][0] == pytest.approx(exact.intercept, abs=1e-9)
    assert history.loss[-1] == pytest.approx(exact.value, rel=1e-12)


def test_early_stopping_returns_to_the_best():
    data = datasets.two_moons(n=60, noise=0.4, seed=3)
    label = 2.0 * data.y - 1
    held_out = (data.X[40:], label[40:])
    model = MLP((2, 32, 1), seed=1)
    model.fit(
        data.X[:40],
        label[:40],
        losses.Logistic(),
        optimizer=optim.Adam(0.05),
        epochs=2000,
        validation=held_out,
        patience=50,
    )
    history = model.history
    assert history.stopped == "early stopping" and history.epochs < 2000
    assert history.best_epoch == np.argmin(history.validation_loss)
    assert history.epochs == history.best_epoch + 51 == len(history.validation_loss)
    best = losses.Logistic()(held_out[1], model.predict(held_out[0]))
    assert best == history.validation_loss.min()
    assert f"epoch {history.best_epoch}" in history.message


def test_validation_without_patience_only_watches():
    watched, alone = line(), line()
    options = {"optimizer": optim.Adam(0.1), "epochs": 40}
    watched.fit(X, Y, MSE, validation=(X[:5], Y[:5]), **options)
    alone.fit(X, Y, MSE, **options)
    np.testing.assert_array_equal(watched.parameters, alone.parameters)
    assert len(watched.history.validation_loss) == 40 and alone.history.best_epoch is None


def test_min_delta():
    history = (
        line()
        .fit(
            X,
            Y,
            MSE,
            optimizer=optim.GradientDescent(1e-6),
            epochs=100,
            validation=(X, Y),
            patience=3,
            min_delta=0.5,
        )
        .history
    )
    assert history.stopped == "early stopping" and history.epochs == 4


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("loss", [MSE, losses.LogCosh(), losses.Pinball(quantile=0.3)], ids=repr)
@pytest.mark.parametrize("rate", [3.0, 1e3, 1e120, 1e300])
@pytest.mark.parametrize("sizes", [(3, 1), (3, 8, 8, 1)])
def test_divergence_is_reported_and_parameters_stay_finite(loss, rate, sizes):
    model = MLP(sizes, "relu", seed=1)
    model.fit(X, Y, loss, optimizer=optim.GradientDescent(rate), epochs=400)
    history = model.history
    assert history.stopped == "diverged" or rate == 3.0
    assert np.isfinite(model.parameters).all() and np.isfinite(history.loss).all()
    assert np.isfinite(model.predict(X)).all()


def test_clip_tames_a_rate_that_diverges():
    rate = optim.GradientDescent(optim.CosineDecay(2.0, 400, final=0.001))
    wild = line().fit(X, Y, MSE, optimizer=rate, epochs=400)
    tame = line().fit(X, Y, MSE, optimizer=rate, epochs=400, clip=optim.ClipByNorm(0.05))
    assert wild.history.stopped == "diverged"
    assert tame.history.stopped == "out of steps" and tame.history.loss[-1] < 0.1


def test_digits_are_learned():
    data = datasets.digits()
    X, y = data.X / 16, data.y
    model = MLP((64, 32, 10), "relu", seed=0)
    model.fit(
        X[:1200],
        y[:1200],
        losses.CrossEntropy(from_logits=True),
        L2(1e-4),
        optimizer=optim.Adam(5e-3),
        epochs=15,
        batch_size=64,
    )
    assert (model.predict(X[1200:]).argmax(axis=1) == y[1200:]).mean() > 0.9


BAD = [
    ({"epochs": 0}, ValueError, "epochs is 0"),
    ({"batch_size": 0}, ValueError, "batch_size is 0"),
    ({"batch_size": 2.0}, TypeError, "batch_size is 2.0"),
    ({"optimizer": "adam"}, TypeError, "optimizer is 'adam'"),
    ({"penalty": 0.1}, TypeError, "penalty is 0.1"),
    ({"patience": 5}, ValueError, "patience is 5 without validation"),
    ({"validation": X}, TypeError, "validation is a ndarray"),
    ({"validation": (X[:, :2], Y)}, ValueError, "validation X has 2 columns"),
    ({"validation": (X, Y[:4])}, ValueError, r"validation y has the shape \(4,\)"),
    ({"validation": (X, Y), "patience": 0}, ValueError, "patience is 0"),
    ({"tol": -1.0}, ValueError, "tol is -1.0"),
    ({"tol": 0.1, "batch_size": 5}, ValueError, "tol is 0.1 with batches of 5"),
    ({"min_delta": -1}, ValueError, "min_delta is -1.0"),
    ({"sample_weight": -Y}, ValueError, "sample_weight holds"),
]


@pytest.mark.parametrize(("options", "error", "match"), BAD)
def test_bad_input(options, error, match):
    with pytest.raises(error, match=match + ".*expected"):
        line().fit(X, Y, MSE, **options)


def test_errors_of_the_loss_are_not_swallowed():
    with pytest.raises(ValueError, match=r"^y holds .* at index 0 .*; expected labels -1 or \+1"):
        line().fit(X, Y, losses.Hinge(), epochs=3)
    with pytest.raises(ValueError, match=r"^y holds nan at index 0"):
        line().fit(X, Y * np.nan, MSE, epochs=3)


def test_progress_bar_on_stderr_only(capsys):
    line().fit(X, Y, MSE, epochs=3)
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""
