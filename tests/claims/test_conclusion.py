"""Numbers that the last chapter and its guide state and that no cell of the chapter asserts."""

import numpy as np

from lossbook import losses

from ..explorers import Names

ROWS = ("squared", "Huber, δ = 50", "absolute", "squared log", "expectile 0.9", "pinball 0.9")
COLUMNS = ("squared", "absolute", "squared log", "pinball 0.9")


def excess():
    cells = Names("conclusion")
    assert (*cells["TRAINED"],) == ROWS and (*cells["JUDGES"],) == COLUMNS
    return 100 * cells["EXCESS"]


def test_who_wins():
    worse = excess()
    winners = [ROWS[i] for i in worse.argmin(axis=0)]
    assert sum(w == c for w, c in zip(winners, COLUMNS, strict=True)) == 3
    assert winners[0] == "squared log" and 0 < worse[0, 0] < 1
    assert sorted(worse[:, 0]).index(worse[0, 0]) == 2  # third
    assert round(worse[0, 2], 1) == 8.5 == round(worse[:4, :3].max(), 1)
    assert worse[:4, 3].min() > 130
    assert [round(f(worse[5, :3])) for f in (min, max)] == [57, 63]


def test_what_nothing_costs():
    assert round(np.log(10), 2) == 2.30
    # certain, right, and through a second softmax
    assert round(np.log(np.e + 9) - 1, 2) == 1.46


def test_counts_near_a_small_rate_weigh_more():
    loss = losses.PoissonNLL()

    def regret(count, rate):
        return loss(count, np.log(rate)) - loss(count, np.log(count))

    assert regret(1000.0, 1010.0) < 0.06 < 2 < regret(12.0, 22.0)


def test_twice_and_half():
    loss = losses.MeanSquaredLogarithmicError()
    twice, half = loss(1000.0, 2000.0), loss(1000.0, 500.0)
    assert abs(twice / half - 1) < 0.01


def test_a_wrong_label_costs_one_at_the_most():
    assert losses.Brier().pointwise(1.0, 0.0) == 1.0
    assert losses.Perceptron().pointwise(1.0, 0.0) == 0.0
