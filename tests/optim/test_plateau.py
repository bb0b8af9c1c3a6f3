"""Lower the rate on a plateau: step by step as PyTorch, and told of the loss by whatever trains."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from lossbook import losses, models, optim
from lossbook.optim import Adam, GradientDescent, Momentum, ReduceOnPlateau, Warmup

RECORDED = json.loads(Path(__file__).with_name("torch_paths.json").read_text())["plateaus"]


def rates(schedule, values):
    """The rate after each loss."""
    found = []
    for value in values:
        schedule = schedule.after(value)
        found.append(schedule(0))
    return found


@pytest.mark.parametrize("run", RECORDED, ids=lambda run: run["ours"])
def test_the_rates_are_those_of_pytorch(run):
    schedule = eval(run["ours"], {"__builtins__": {}, "ReduceOnPlateau": ReduceOnPlateau})
    assert rates(schedule, run["losses"]) == run["rates"]


def test_what_is_recorded_has_all_of_it():
    falls = [len(set(run["rates"])) for run in RECORDED]
    assert len(falls) == 144 and max(falls) > 10 and min(falls) >= 2
    values = [value for run in RECORDED for value in run["losses"]]
    assert any(map(math.isnan, values)) and math.inf in values


def keras(values, factor, patience, min_delta, cooldown, min_lr, rate=0.5):
    """The rates by the rule of keras.callbacks.ReduceLROnPlateau."""
    best, wait, cooling, found = math.inf, 0, 0, []
    for value in values:
        if cooling > 0:
            cooling, wait = cooling - 1, 0
        if value < best - min_delta:
            best, wait = value, 0
        elif cooling <= 0:
            wait += 1
            if wait >= patience and rate > min_lr:
                rate = max(rate * factor, min_lr)
                cooling, wait = cooldown, 0
        found.append(rate)
    return found


@pytest.mark.parametrize("patience", [1, 2, 5])
@pytest.mark.parametrize("min_delta", [0.0, 0.05])
def test_keras_lowers_the_rate_one_epoch_earlier(patience, min_delta, rng):
    values = [*np.cumsum(rng.normal(-0.01, 0.1, 200)) + 1]
    ours = ReduceOnPlateau(0.5, 0.5, patience - 1, min_delta, "abs", min_rate=1e-3)
    expected = keras(values, 0.5, patience, min_delta, 0, 1e-3)
    assert rates(ours, values) == expected and expected[-1] == 1e-3


def test_a_schedule_never_changes():
    start = ReduceOnPlateau(1.0, factor=0.5, patience=0)
    first = start.after(1.0)
    second = first.after(1.0)
    assert [start(7), first(7), second(7)] == [1.0, 1.0, 0.5]
    assert first == start.after(1.0) != start and hash(first) == hash(start.after(1.0))
    assert rates(start, [2.0, 2.0]) == rates(start, [2.0, 2.0]) == [1.0, 0.5]


def test_losses_below_0():
    schedule = ReduceOnPlateau(1.0, factor=0.5, patience=0, threshold=0.1)
    assert rates(schedule, [-1.0, -1.05]) == [1.0, 0.5]  # less than a tenth lower
    assert rates(schedule, [-1.0, -1.2, -1.3]) == [1.0, 1.0, 0.5]
    assert rates(schedule, [1.0, 0.95, 0.8]) == [1.0, 0.5, 0.5]


def test_the_rate_is_never_below_the_least():
    schedule = ReduceOnPlateau(1.0, factor=0.1, patience=0, min_rate=0.05)
    assert rates(schedule, [1.0] * 6) == [1.0, 0.1, 0.05, 0.05, 0.05, 0.05]
    assert rates(ReduceOnPlateau(1.0, patience=0), [1.0] * 400)[-1] == 0


@pytest.mark.parametrize("loss", [None, "1", True, [1.0]])
def test_a_loss_is_a_number(loss):
    with pytest.raises(TypeError, match=r"^loss is .*; expected a number"):
        ReduceOnPlateau(1.0).after(loss)


BAD = [
    ({"rate": 0}, ValueError, "rate is 0.0"),
    ({"factor": 1.0}, ValueError, "factor is 1.0"),
    ({"patience": -1}, ValueError, "patience is -1"),
    ({"patience": 1.5}, TypeError, "patience is 1.5"),
    ({"threshold": 1.0}, ValueError, "threshold is 1.0"),
    ({"threshold": -1.0, "threshold_mode": "abs"}, ValueError, "threshold is -1.0"),
    ({"threshold_mode": "relative"}, ValueError, "threshold_mode is 'relative'"),
    ({"cooldown": -1}, ValueError, "cooldown is -1"),
    ({"min_rate": 2.0}, ValueError, "min_rate is 2.0"),
]


@pytest.mark.parametrize(("options", "error", "match"), BAD)
def test_bad_parameters(options, error, match):
    with pytest.raises(error, match=match + ".*; expected"):
        ReduceOnPlateau(**{"rate": 1.0, **options})
    assert ReduceOnPlateau(1.0, threshold=3.0, threshold_mode="abs").threshold == 3.0


# Told of the loss


def regression(seed, n=60):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3))
    return X, X @ [1.0, -2.0, 0.5] + rng.normal(0, 0.5, n)


@pytest.mark.parametrize("validated", [False, True])
@pytest.mark.parametrize("batch_size", [None, 7])
def test_train_reports_the_loss_of_each_epoch(validated, batch_size):
    X, y = regression(0)
    schedule = ReduceOnPlateau(0.1, factor=0.5, patience=1, threshold=0.02)
    history = models.train(
        models.MLP((3, 1)),
        X,
        y,
        losses.MeanSquaredError(),
        optimizer=Momentum(schedule, 0.9),
        epochs=60,
        batch_size=batch_size,
        validation=regression(1) if validated else None,
    )
    watched = history.validation_loss if validated else history.loss
    expected = [0.1, *rates(schedule, watched)][:-1]  # the rate of an epoch hangs on those before
    assert history.learning_rate.tolist() == expected
    assert len(set(expected)) > 3


def test_minimize_reports_the_value_at_each_step():
    def valley(x):
        return float(x @ (x * [1, 30])) / 2, x * [1, 30]

    schedule = ReduceOnPlateau(0.07, factor=0.5, patience=0)  # too large for the second
    found = optim.minimize(valley, [1.0, 1.0], GradientDescent(schedule), steps=200, tol=0)
    steps = [0.07, *rates(schedule, found.values)]
    x = np.array([1.0, 1.0])
    for k, point in enumerate(found.path[1:]):
        x = x - steps[k] * valley(x)[1]
        np.testing.assert_allclose(point, x, rtol=1e-12)
    assert steps[20] < 0.07 and found.stopped == "out of steps" and found.value < 1e-3
    assert (
        optim.minimize(valley, [1.0, 1.0], GradientDescent(0.07), steps=200).stopped == "diverged"
    )


def test_a_run_leaves_the_optimizer_as_it_was():
    X, y = regression(0)
    optimizer = Adam(ReduceOnPlateau(0.1, patience=0))
    runs = [
        models.train(models.MLP((3, 1)), X, y, losses.MeanSquaredError(), optimizer=optimizer)
        for _ in range(2)
    ]
    np.testing.assert_array_equal(runs[0].loss, runs[1].loss)
    np.testing.assert_array_equal(runs[0].learning_rate, runs[1].learning_rate)
    assert runs[0].learning_rate[-1] < 0.1 == optimizer.rate(0)


def test_within_a_warm_up():
    schedule = Warmup(ReduceOnPlateau(1.0, factor=0.5, patience=0), steps=4)
    assert schedule.after(1.0).after(1.0)(1) == 0.25 and schedule(1) == 0.5
    constant = Warmup(1.0, steps=4)
    assert constant.after(1.0) is constant
    cosine = Warmup(optim.CosineDecay(1.0, 10), steps=4)
    assert cosine.after(1.0) is cosine


def test_the_state_of_adam_goes_on():
    """A lower rate does not begin Adam's means anew."""
    gradients = np.random.default_rng(0).normal(size=(8, 3))
    optimizer, x = Adam(ReduceOnPlateau(0.1, factor=0.5, patience=0)), np.zeros(3)
    memory, expected = optimizer.init(x), np.zeros(3)
    by_hand = Adam(lambda t: 0.1 * 0.5 ** max(t - 1, 0))
    theirs = by_hand.init(expected)
    for g in gradients:
        optimizer.step(x, g, memory)
        by_hand.step(expected, g, theirs)
        optimizer = optimizer.after(1.0)
    np.testing.assert_allclose(x, expected, rtol=1e-14)
