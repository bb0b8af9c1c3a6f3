"""Claims of the chapter on optimization that no cell of it asserts."""

import numpy as np
import pytest

from lossbook.optim import Adam, AdamW, GradientDescent, Momentum, Nesterov, minimize

from ..explorers import Names

CHAPTER = Names("optimization")


@pytest.mark.parametrize(
    "walker", [GradientDescent(2 / 101), Momentum(0.01, momentum=0.9), Nesterov(0.01, momentum=0.9)]
)
def test_these_walkers_take_the_same_path_in_a_turned_ravine(walker):
    a = np.pi / 4
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    start = np.array([0.6, 0.7])
    straight = minimize(CHAPTER["ravine"](0), start, walker, steps=100, tol=0).path
    turned = minimize(CHAPTER["ravine"](45), turn @ start, walker, steps=100, tol=0).path
    assert np.allclose(straight @ turn.T, turned)


def test_the_floor_goes_by_rate_over_batch():
    floors = {key: curve[-100:].mean() for key, curve in CHAPTER["NOISY"].items()}
    assert floors[4, 0.1] / floors[16, 0.1] == pytest.approx(4, rel=0.2)
    assert floors[4, 0.1] / floors[4, 0.03] == pytest.approx(10 / 3, rel=0.35)
    assert floors[1, 0.1] > 6 * floors[4, 0.1]
    curve = CHAPTER["NOISY"][64, 0.01]
    assert curve[-1] < 0.8 * curve[-100]  # not yet on its floor


def test_the_decayed_rate_goes_through_the_floor():
    decayed = CHAPTER["drunkards"](4, 0.1, decay=True)[-100:].mean()
    assert CHAPTER["NOISY"][4, 0.1][-100:].mean() / decayed == pytest.approx(10, rel=0.15)


def test_adamw_decays_and_adam_does_not_where_the_gradient_is_zero():
    for optimizer, left in [
        (AdamW(0.003, weight_decay=0.3), (1 - 0.0009) ** 1000),
        (Adam(0.003), 1),
    ]:
        x, memory = np.ones(3), optimizer.init(np.ones(3))
        for _ in range(1000):
            optimizer.step(x, np.zeros(3), memory)
        assert x == pytest.approx(left)
    assert round((1 - 0.0009) ** 1000, 3) == 0.406


def test_the_window_of_good_rates():
    accuracy, rates = CHAPTER["ACCURACY"], CHAPTER["SWEEP"]

    def window(name):
        good = rates[accuracy[name] > accuracy[name].max() - 0.02]
        return good.max() / good.min()

    assert window("Adam") == pytest.approx(10**1.5) and window("gradient descent") < 3.5
    best = [curve.max() for curve in accuracy.values()]
    assert round(797 * (max(best) - min(best))) == 10


def test_a_shut_rectifier_hears_nothing():
    _, derivative = CHAPTER["forward_backward"](-0.5)
    assert derivative["loss"] == 1 and derivative["h"] != 0
    assert derivative["z"] == derivative["w"] == 0
