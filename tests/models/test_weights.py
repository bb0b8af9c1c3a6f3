"""A weight for each row: in training, in validation, for one output and for several."""

import numpy as np
import pytest

from lossbook import losses, optim
from lossbook.models import MLP, LinearModel, SoftmaxModel, train
from lossbook.penalties import L2

MSE = losses.MeanSquaredError()


def samples(seed, n=24, outputs=1):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3))
    y = X @ rng.normal(size=(3, outputs)) + rng.normal(0, 0.3, (n, outputs))
    return X, y[:, 0] if outputs == 1 else y, rng.integers(0, 4, n)


def spoiled(X, y, w):
    """The same, with nonsense where there is no weight."""
    X, y = X.copy(), y.copy()
    X[w == 0], y[w == 0] = np.nan, np.inf
    return X, y, w


#: name: the parameters and the value after a fit
FITS = {
    "LinearModel": lambda X, y, w: LinearModel().fit(X, y, MSE, L2(0.1), w).parameters,
    "LinearModel, trained": lambda X, y, w: (
        LinearModel().fit(X, y, MSE, L2(0.1), w, optimizer=optim.Adam(0.1), epochs=30).parameters
    ),
    "MLP": lambda X, y, w: (
        MLP((3, 5, np.ndim(y) and np.size(y) // len(y)), seed=1)
        .fit(X, y, MSE, L2(0.1), w, optimizer=optim.Adam(0.1), epochs=30)
        .parameters
    ),
    "SoftmaxModel": lambda X, y, w: SoftmaxModel(3, 2).fit(X, y, MSE, L2(0.1), w).parameters,
    "SoftmaxModel, trained": lambda X, y, w: (
        SoftmaxModel(3, 2)
        .fit(X, y, MSE, L2(0.1), w, optimizer=optim.Adam(0.1), epochs=30)
        .parameters
    ),
    "objective": lambda X, y, w: MLP((3, np.size(y) // len(y))).objective(X, y, MSE, w)(
        np.ones(4 * np.size(y) // len(y))
    )[1],
}
CASES = [
    (name, outputs)
    for name in FITS
    for outputs in (1, 2)
    if not (name.startswith("Linear") and outputs == 2)
    and not (name.startswith("Softmax") and outputs == 1)
]


@pytest.mark.parametrize(("name", "outputs"), CASES)
def test_a_weight_counts_a_row_as_often(name, outputs):
    X, y, w = samples(0, outputs=outputs)
    found = FITS[name](X, y, w)
    np.testing.assert_allclose(
        found,
        FITS[name](np.repeat(X, w, axis=0), np.repeat(y, w, axis=0), None),
        rtol=1e-6,
        atol=1e-8,
    )
    assert np.abs(found - FITS[name](X, y, None)).max() > 1e-3
    np.testing.assert_array_equal(FITS[name](*spoiled(X, y, w)), found)


def test_the_value_of_a_model_of_several_outputs():
    X, y, w = samples(0, outputs=2)
    model = SoftmaxModel(3, 2)
    for options in ({}, {"optimizer": optim.Adam(0.1), "epochs": 20}):
        model.fit(X, y, MSE, sample_weight=w, **options)
        expected = np.average((model.predict(X) - y) ** 2, axis=0, weights=w).mean()
        assert model.value == pytest.approx(expected, rel=1e-12)


# Validation


@pytest.mark.parametrize("outputs", [1, 2])
@pytest.mark.parametrize("hidden", [(), (6,)])
def test_the_validation_loss_is_the_weighted_mean(outputs, hidden):
    X, y, w = samples(0, outputs=outputs)
    held_X, held_y, held_w = samples(1, 15, outputs)
    net = MLP((3, *hidden, outputs), seed=2)
    options = {"optimizer": optim.Adam(0.05), "epochs": 12, "batch_size": 7, "sample_weight": w}
    history = train(net, X, y, MSE, **options, validation=(held_X, held_y, held_w))
    off = net.predict(held_X) - held_y
    row = off**2 if outputs == 1 else (off**2).mean(axis=1)
    assert history.validation_loss[-1] == pytest.approx(np.average(row, weights=held_w), rel=1e-13)
    assert history.validation_loss[-1] != pytest.approx(row.mean(), rel=1e-3)
    repeated = np.repeat(held_X, held_w, axis=0), np.repeat(held_y, held_w, axis=0)
    for given in (
        repeated,
        (*repeated, None),
        (held_X, held_y, 1e300 * held_w),
        spoiled(held_X, held_y, held_w),
    ):
        again = train(MLP((3, *hidden, outputs), seed=2), X, y, MSE, **options, validation=given)
        np.testing.assert_allclose(again.validation_loss, history.validation_loss, rtol=1e-12)


def test_the_weights_decide_when_training_stops():
    """One half of the held-out samples has the targets of the training set, the other their opposite."""
    X, y, _ = samples(0)
    held_X, held_y = np.concatenate([X, X]), np.concatenate([y, -y])
    good = np.repeat([1.0, 0.0], len(X))
    found = {}
    for name, w in {"good": good, "bad": 1 - good}.items():
        net = MLP((3, 1), seed=0)
        net.parameters[:] = 0.0
        found[name] = train(
            net,
            X,
            y,
            MSE,
            optimizer=optim.GradientDescent(0.02),
            epochs=200,
            validation=(held_X, held_y, w),
            patience=5,
        )
    assert found["bad"].best_epoch == 0 and found["bad"].stopped == "early stopping"
    assert found["good"].best_epoch > 100


def test_a_schedule_watches_the_weighted_mean():
    X, y, _ = samples(0)
    schedule = optim.ReduceOnPlateau(0.02, factor=0.5, patience=0)
    w = np.repeat([0.0, 1.0], len(X))
    history = train(
        MLP((3, 1), seed=0),
        X,
        y,
        MSE,
        optimizer=optim.GradientDescent(schedule),
        epochs=5,
        validation=(np.concatenate([X, X]), np.concatenate([y, y + 1e3 * X[:, 0]]), w),
    )
    for loss, rate in zip(history.validation_loss, history.learning_rate, strict=True):
        assert schedule(0) == rate
        schedule = schedule.after(loss)


X, Y, W = samples(0)
BAD = [
    ((X, Y, W, W), TypeError, "validation is a tuple of 4; expected a pair"),
    ((X,), TypeError, "validation is a tuple of 1"),
    ({"X": X}, TypeError, "validation is a dict; expected a pair"),
    ((X, Y, W[:3]), ValueError, r"validation sample_weight has the shape \(3,\); expected \(24,\)"),
    ((X, Y, -W), ValueError, "validation sample_weight holds -"),
    ((X, Y, 0 * W), ValueError, "validation sample_weight holds only zeros; expected"),
    ((X, Y, W * np.nan), ValueError, "validation sample_weight holds nan at index 0"),
    ((X, Y, [None] * 24), TypeError, "validation sample_weight holds values of dtype object"),
    ((X, Y * np.nan, W), ValueError, "validation y holds nan at index"),
    ((X * np.nan, Y), ValueError, "validation X holds nan at index"),
    ((X[:, :2], Y, W), ValueError, "validation X has 2 columns; expected 3"),
    (
        (X, Y[:3], W),
        ValueError,
        r"validation y has the shape \(3,\); expected 24 entries, as valid",
    ),
]


@pytest.mark.parametrize(("validation", "error", "match"), BAD)
def test_bad_validation(validation, error, match):
    with pytest.raises(error, match="^" + match):
        train(MLP((3, 1)), X, Y, MSE, validation=validation)


def test_a_label_that_the_loss_does_not_take_is_named_where_it_stands():
    labels = np.where(Y > 0, 1.0, -1.0)
    labels[5] = 3.0
    with pytest.raises(ValueError, match=r"^validation y holds 3\.0 at index 5"):
        train(MLP((3, 1)), X, np.sign(Y), losses.Hinge(), validation=(X, labels, np.ones(24)))
    # and not at all where it has no weight
    w = np.arange(24) != 5
    train(MLP((3, 1)), X, np.sign(Y), losses.Hinge(), epochs=2, validation=(X, labels, w))


# A mask of the decay, in the order in which the model keeps its parameters


def test_the_mask_of_a_linear_model():
    X, y, _ = samples(0)
    decay = {"weight_decay": 0.5, "learning_rate": 0.05}
    fit = {
        name: LinearModel().fit(X, y + 3, MSE, optimizer=optimizer, epochs=2000)
        for name, optimizer in {
            "all": optim.AdamW(**decay),
            "weights": optim.AdamW(**decay, mask=[False, True, True, True]),
            "a function": optim.AdamW(**decay, mask=lambda theta: np.arange(len(theta)) > 0),
            "none": optim.AdamW(**decay, mask=np.zeros(4, bool)),
        }.items()
    }
    assert fit["weights"].is_weight.tolist() == [False, True, True, True]
    np.testing.assert_array_equal(fit["weights"].parameters, fit["a function"].parameters)
    sizes = {name: np.abs(model.coef).sum() for name, model in fit.items()}
    assert sizes["weights"] < 0.9 * sizes["none"]
    assert abs(fit["all"].intercept) < abs(fit["weights"].intercept) - 0.2
    without = LinearModel(fit_intercept=False).fit(X, y, MSE)
    assert without.is_weight.tolist() == [True] * 3


def test_a_linear_model_is_trained_as_a_net_of_one_layer():
    X, y, w = samples(0)
    net = MLP((3, 1))
    net.parameters[:] = 0.0
    options = {"optimizer": optim.Adam(0.05), "epochs": 40, "batch_size": 5, "sample_weight": w}
    net.fit(X, y, MSE, L2(0.3), **options)
    model = LinearModel().fit(X, y, MSE, L2(0.3), **options)
    np.testing.assert_allclose(model.coef, net.weights[0][:, 0], rtol=1e-12)
    np.testing.assert_allclose(model.intercept, net.biases[0][0], rtol=1e-12)
    np.testing.assert_allclose(model.history.loss, net.history.loss, rtol=1e-12)
