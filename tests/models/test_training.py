"""`train`: batches, validation, early stopping, penalties, divergence."""

import numpy as np
import pytest

from lossbook import datasets, losses, optim
from lossbook.models import MLP, LinearModel, train
from lossbook.penalties import L1, L2, ElasticNet


def data():
    rng = np.random.default_rng(5)
    X = rng.normal(size=(60, 3))
    return X, X @ [1.0, -2.0, 0.0] + 0.5 + 0.1 * rng.normal(size=60)


X, Y = data()
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


# Weights in mini-batches


def rate(k):
    return 0.1 / (1 + 0.01 * k)


@pytest.mark.parametrize("batch_size", [1, 3, 4, 20, 200])
@pytest.mark.parametrize("scale", [1.0, 1e-300, 1e300])
def test_every_batch_size_leads_to_the_weighted_mean(batch_size, scale):
    ones, y, w = np.ones((200, 1)), np.repeat([0.0, 1], 100), scale * np.repeat([9.0, 1], 100)
    model = MLP((1, 1), seed=3)
    model.fit(
        ones,
        y,
        MSE,
        sample_weight=w,
        batch_size=batch_size,
        epochs=max(20, 2 * batch_size),
        optimizer=optim.GradientDescent(rate),
    )
    assert model.predict([[1.0]])[0] == pytest.approx(0.1, abs=0.03)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("batch_size", "epochs"), [(1, 100), (7, 300), (25, 600)])
def test_small_batches_find_the_weighted_optimum(seed, batch_size, epochs):
    rng = np.random.default_rng(seed)
    inputs, w = rng.normal(size=(100, 2)), rng.exponential(size=100) ** 2
    w[:10] = 0
    y = inputs[:, 0] ** 2 + inputs[:, 1]  # no line fits it, so the weights decide which is best
    exact = LinearModel().fit(inputs, y, MSE, sample_weight=w)
    plain = LinearModel().fit(inputs, y, MSE)
    model = MLP((2, 1), seed=seed)
    model.fit(
        inputs,
        y,
        MSE,
        sample_weight=w,
        batch_size=batch_size,
        epochs=epochs,
        optimizer=optim.GradientDescent(optim.InverseTimeDecay(0.05, 0.01)),
        seed=seed,
    )
    off = np.abs(model.predict(inputs) - exact.predict(inputs)).max()
    assert off < 0.1 * np.abs(plain.predict(inputs) - exact.predict(inputs)).max()


@pytest.mark.parametrize("batch_size", [1, 7, 16, 60])
@pytest.mark.parametrize("penalty", [None, L1(0.1), L2(0.1)], ids=repr)
@pytest.mark.parametrize("weighted", [False, True])
def test_the_history_is_the_weighted_mean_it_says_it_is(batch_size, penalty, weighted):
    """With steps of next to nothing the parameters stay, and each epoch has the same mean."""
    w = np.random.default_rng(0).exponential(size=60) if weighted else None
    if weighted:
        w[::5] = 0
    model = MLP((3, 4, 1), seed=1)
    expected = MSE(Y, model.predict(X), w)
    if penalty is not None:
        expected += penalty.value(model.parameters[model.is_weight])
    model.fit(
        X,
        Y,
        MSE,
        penalty,
        w,
        batch_size=batch_size,
        epochs=3,
        optimizer=optim.GradientDescent(1e-300),
    )
    np.testing.assert_allclose(model.history.loss, expected, rtol=1e-12)


def test_the_steps_of_an_epoch_add_up_to_the_gradient():
    rng = np.random.default_rng(0)
    w = rng.exponential(size=60)
    model = MLP((3, 4, 1), seed=1)
    start = model.parameters.copy()
    _, gradient = MLP((3, 4, 1), seed=1).value_and_gradient(X, Y, MSE, w)
    for size in (1, 5, 20, 60):
        model.parameters[:] = start
        model.fit(
            X,
            Y,
            MSE,
            sample_weight=w,
            batch_size=size,
            epochs=1,
            optimizer=optim.GradientDescent(1e-9),
        )
        np.testing.assert_allclose(
            (start - model.parameters) / 1e-9, gradient * (60 // size), atol=1e-5
        )


def test_a_weight_for_each_row_of_several_outputs():
    rng = np.random.default_rng(0)
    targets, w = rng.normal(size=(60, 2)), rng.exponential(size=60)
    both = np.repeat(w[:, None], 2, axis=1)
    model = MLP((3, 5, 2), seed=1)
    expected = MSE(targets, model.predict(X), both)
    for weight in (w, both):
        assert model.value_and_gradient(X, targets, MSE, weight)[0] == expected
    assert model.objective(X, targets, MSE, w)(model.parameters)[0] == pytest.approx(expected)
    model.fit(X, targets, MSE, sample_weight=w, epochs=3)
    assert model.history.loss[0] == pytest.approx(expected, rel=1e-14)
    with pytest.raises(
        ValueError, match=r"sample_weight has the shape \(60, 2\); expected \(60,\)"
    ):
        model.fit(X, targets, MSE, sample_weight=both)
    distribution = rng.dirichlet(np.ones(2), 60)
    loss = losses.CrossEntropy(from_logits=True)
    value = model.value_and_gradient(X, distribution, loss, w)[0]
    assert value == loss(distribution, model.predict(X), w)


# The best epoch


class Script:
    """A model whose validation losses are given: its one prediction is their square root."""

    def __init__(self, validation):
        self.parameters = np.zeros(1)
        self.is_weight = np.zeros(1, dtype=bool)
        self.validation = validation

    def predict(self, X):
        return np.full(len(X), np.sqrt(self.validation[min(round(self.parameters[0]), 99) - 1]))

    def value_and_gradient(self, X, y, loss, sample_weight=None):
        return 1.0, np.full(1, -1.0)


def scripted(validation, **options):
    """Epoch k ends with the parameter k + 1, and the validation loss number k."""
    model = Script(list(validation) + [np.inf] * 100)
    x = np.zeros((4, 1))
    history = train(
        model,
        x,
        x[:, 0],
        MSE,
        validation=(x, x[:, 0]),
        optimizer=optim.GradientDescent(1.0),
        epochs=len(validation),
        **options,
    )
    return model, history


@pytest.mark.parametrize("seed", range(20))
def test_the_best_epoch_is_that_of_the_lowest_validation_loss(seed):
    rng = np.random.default_rng(seed)
    validation = 2.0 ** -rng.integers(0, 9, 40)  # with ties
    if seed % 2:
        validation = np.sort(validation)[::-1] + 0.25 * rng.random(40)
    validation[rng.random(40) < 0.1] = np.inf
    for min_delta in (0.0, 0.01, 0.3, 10.0):
        for patience in (None, 1, 3, 10, 100):
            model, history = scripted(validation, min_delta=min_delta, patience=patience)
            seen = history.validation_loss
            np.testing.assert_allclose(seen, validation[: len(seen)], rtol=1e-15)
            if np.isinf(seen).all():
                assert history.best_epoch is None and "never finite" in history.message
                continue
            assert history.best_epoch == np.argmin(seen)
            if patience is not None:  # its parameters are back
                assert model.parameters[0] == history.best_epoch + 1
                assert f"back to epoch {history.best_epoch}, the best" in history.message
            else:
                assert model.parameters[0] == 40 and "back to" not in history.message


def test_patience_counts_falls_of_more_than_min_delta():
    slow = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5]  # each fall is too small, three together are not
    for min_delta, patience, epochs in [(0.25, 3, 6), (0.25, 2, 3), (0.0, 1, 6), (0.15, 2, 6)]:
        model, history = scripted(slow, min_delta=min_delta, patience=patience)
        assert history.epochs == epochs
        assert history.best_epoch == epochs - 1 and model.parameters[0] == epochs
    assert scripted([1.0, 0.99, 1, 1, 1], min_delta=0.1, patience=3)[1].best_epoch == 1


def test_validation_losses_that_are_never_finite():
    model, history = scripted([np.inf] * 8, patience=3)
    assert history.stopped == "early stopping" and history.epochs == 4
    assert history.best_epoch is None and model.parameters[0] == 4
    assert "the validation loss was never finite, so no epoch is the best" in history.message
    assert "back to" not in history.message


# What goes wrong


@pytest.mark.parametrize("batch_size", [1, 7, 60])
def test_the_index_in_an_error_is_that_of_the_data(batch_size):
    label = np.sign(Y)
    label[41] = 0.5
    w = np.ones(60)
    w[:10] = 0
    for weight in (None, w):
        with pytest.raises(ValueError, match=r"^y holds 0\.5 at index 41; expected labels"):
            line().fit(
                X, label, losses.Hinge(), sample_weight=weight, batch_size=batch_size, epochs=2
            )
    with pytest.raises(ValueError, match=r"^the prediction holds .* at index .*probabilities"):
        line().fit(X, (Y > 0) * 1.0, losses.Brier(), batch_size=batch_size, epochs=50)


def test_the_name_of_the_target():
    held_out = (X, np.where(np.arange(60) == 7, 3.0, np.sign(Y)))
    with pytest.raises(ValueError, match=r"^validation y holds 3\.0 at index 7; expected labels"):
        line().fit(X, np.sign(Y), losses.Hinge(), validation=held_out)
    with pytest.raises(ValueError, match=r"^y has shape \(60, 1\) and the prediction has shape"):
        line().fit(X, Y[:, None], MSE)
    with pytest.raises(ValueError, match=r"^y holds .* at index 0 .*; expected labels -1 or"):
        line().objective(X, Y, losses.Hinge())(np.zeros(4))
    with pytest.raises(ValueError, match=r"^y holds .* at index 0 .*; expected labels -1 or"):
        line().value_and_gradient(X, Y, losses.Hinge())


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"optimizer": 0}, "optimizer is 0; expected one such as"),
        ({"clip": 1.0}, "clip is 1.0; expected a function"),
        ({"clip": lambda g: g * np.nan}, "gradient holds nan at index 0 .*; expected finite"),
        ({"seed": "one"}, "seed is 'one'; expected an integer"),
        ({"seed": -1}, "seed is -1; expected an integer of at least 0"),
        ({"sample_weight": np.ones((60, 1))}, r"sample_weight has the shape \(60, 1\); expected"),
        ({"sample_weight": np.zeros(60)}, "sample_weight holds only zeros; expected"),
    ],
)
def test_more_bad_input(options, match):
    with pytest.raises((TypeError, ValueError), match=match):
        line().fit(X, Y, MSE, **options)


def test_bad_models():
    with pytest.raises(TypeError, match=r"model is <object .*, without parameters; expected"):
        train(object(), X, Y, MSE)
    model = line()
    model.parameters[2] = np.nan
    with pytest.raises(ValueError, match=r"model.parameters holds nan at index 2; expected"):
        model.fit(X, Y, MSE)


class Overflowing(Script):
    """A model with a finite value whose gradient overflows at the third step."""

    calls = 0

    def value_and_gradient(self, X, y, loss, sample_weight=None):
        self.calls += 1
        return 1.0, np.full(1, np.inf if self.calls == self.last else -1.0)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("optimizer", [optim.GradientDescent(1.0), optim.Adam(1.0)], ids=repr)
@pytest.mark.parametrize("clip", [None, optim.ClipByNorm(1.0), optim.ClipByValue(1.0)], ids=repr)
@pytest.mark.parametrize("batch_size", [None, 1])
@pytest.mark.parametrize("penalty", [None, L1(0.1), L2(0.1)], ids=repr)
def test_a_gradient_that_overflows_is_a_run_that_diverged(optimizer, clip, batch_size, penalty):
    x = np.zeros((2, 1))
    options = {"optimizer": optimizer, "clip": clip, "batch_size": batch_size, "penalty": penalty}
    model = Overflowing([1.0])
    model.last = 4
    history = train(model, x, x[:, 0], MSE, **options)
    assert history.stopped == "diverged" and np.isfinite(model.parameters).all()
    assert history.epochs == (3 if batch_size is None else 1)
    model = Overflowing([1.0])
    model.last = 2
    history = train(model, x, x[:, 0], MSE, **options)
    assert history.stopped == "diverged" and history.epochs == 1  # what there was of it
    model = Overflowing([1.0])
    model.last = 1
    with pytest.raises(ValueError, match="the gradient at the start holds inf; expected finite"):
        train(model, x, x[:, 0], MSE, **options)
