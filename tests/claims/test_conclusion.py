"""Numbers that the last chapter, its guide and its exercises state and that no cell of the chapter asserts.

Its comparisons over seeds are listed in `seeds.py`.
"""

import numpy as np
import pytest

from lossbook import datasets, losses
from lossbook.models import LinearModel
from lossbook.penalties import L2
from lossbook.teaching.exercises.answers import conclusion as answers

from ..figures import Names, figures_of
from ..paths import ROOT
from .seeds import over_seeds

CELLS = Names("conclusion")
PAGE = ROOT / "chapters" / "conclusion.ipynb"
ROWS = ("squared", "Huber, δ = 50", "absolute", "squared log", "expectile 0.9", "pinball 0.9")
COLUMNS = ("squared", "absolute", "squared log", "pinball 0.9")


def excess():
    assert (*CELLS["TRAINED"],) == ROWS and (*CELLS["JUDGES"],) == COLUMNS
    return 100 * CELLS["EXCESS"]


def test_who_wins():
    worse = excess()
    winners = [ROWS[i] for i in worse.argmin(axis=0)]
    assert sum(w == c for w, c in zip(winners, COLUMNS, strict=True)) == 3
    assert winners[0] == "squared log" and 0 < worse[0, 0] < 1
    assert sorted(worse[:, 0]).index(worse[0, 0]) == 2  # third


def test_caption_four_examiners():
    """Within 9 percent of each other wherever a middle is asked for; the text has the numbers."""
    worse = excess()
    assert worse[:4, :3].max() < 9
    assert round(worse[0, 2], 1) == 8.5 == round(worse[:4, :3].max(), 1)
    assert worse[:4, 3].min() > 130
    assert [round(f(worse[5, :3])) for f in (min, max)] == [57, 63]
    # the choice among the four is worth more where no middle is asked for, and there all fail
    assert (1 + worse[:4, 3].max() / 100) / (1 + worse[:4, 3].min() / 100) > 1.085
    assert worse[5, 3] == 0  # "the pinball loss has no bar at its own measure"
    # "a factor of two": from 1.6 to 2.6, where an answer of the other kind was asked for
    assert 1 + worse[5, :3].min() / 100 > 1.5 and 1 + worse[:4, 3].max() / 100 < 2.65


def test_what_is_asked_weighs_more_than_which_loss_asks():
    halves = CELLS["HALVES"]
    over_seeds(
        lambda seed: halves[seed][:4, 3].min() - halves[seed][:4, :3].max(),
        above=0.3,
        seeds=range(20),
    )
    over_seeds(
        lambda seed: halves[seed][5, :3].min() - halves[seed][:4, :3].max(),
        above=0.1,
        seeds=range(20),
    )


def test_whether_a_namesake_wins_is_luck():
    """On the halves: 18 of 20 times for the level, 14 for the factor, less than half for mean and median."""
    halves = CELLS["HALVES"]

    def lead(column):
        """How far the best of the others is behind the namesake."""
        row = ROWS.index(COLUMNS[column])
        return lambda seed: (
            np.delete(halves[seed], row, axis=0)[:, column].min() - halves[seed][row, column]
        )

    over_seeds(lead(3), above=0, at_least=18, seeds=range(20))
    over_seeds(lead(2), above=0, at_least=14, seeds=range(20))
    over_seeds(lead(0), below=0, at_least=11, seeds=range(20))
    over_seeds(lead(1), below=0, at_least=11, seeds=range(20))


def turned(loss, X, sign, point, strength=0.01):
    """By how many degrees the boundary turns when the point is added as one of the upper moon."""
    fits = (
        LinearModel().fit(X, sign, loss, L2(strength)),
        LinearModel().fit(np.vstack([X, point]), np.append(sign, -1.0), loss, L2(strength)),
    )
    angles = [np.degrees(np.arctan2(*fit.coef[::-1])) for fit in fits]
    return abs((angles[1] - angles[0] + 180) % 360 - 180)


def test_one_wrong_label_in_other_moons():
    four = CELLS["FOUR"]
    assert [*four] == ["exponential", "squared", "logistic", "hinge"]

    def turns(seed):
        moons = datasets.two_moons(n=40, noise=0.15, seed=seed)
        sign = np.where(moons.y == 1, 1.0, -1.0)
        return [turned(loss, moons.X, sign, (1.0, -4.0)) for loss in four.values()]

    seeds = range(10, 20)  # the figure has 3
    drawn = {seed: turns(seed) for seed in seeds}
    for place in range(3):
        over_seeds(lambda s, i=place: drawn[s][i] - drawn[s][i + 1], above=0, seeds=seeds)
    low, high = np.min([*drawn.values()], axis=0), np.max([*drawn.values()], axis=0)
    assert np.round(low).tolist() == [63, 51, 42, 7]
    assert np.round(high).tolist() == [71, 58, 53, 22]


def test_under_other_penalties_the_hinge_turns_least_and_the_others_change_places():
    four, seeds, hinge = CELLS["FOUR"], range(10, 20), []
    for strength, above, below in [(0.001, 1, 2), (0.1, 0, 1)]:  # the two that change places
        drawn = {}
        for seed in seeds:
            moons = datasets.two_moons(n=40, noise=0.15, seed=seed)
            sign = np.where(moons.y == 1, 1.0, -1.0)
            drawn[seed] = [turned(f, moons.X, sign, (1.0, -4.0), strength) for f in four.values()]
        over_seeds(lambda s, d=drawn: min(d[s][:3]) - d[s][3], above=5, seeds=seeds)
        assert any(d[above] < d[below] for d in drawn.values())
        hinge += [d[3] for d in drawn.values()]
    assert [round(min(hinge)), round(max(hinge))] == [7, 23]


def test_caption_wrong_label():
    moons, signs = CELLS["moons"], CELLS["SIGNS"]
    _, (x, y) = figures_of(PAGE)["wrong_label"]
    below = [at_y for at_y in y.values if at_y <= -2]
    assert len(below) > 2 and len(x.values) > 2
    for at_x in x.values:
        for at_y in below:
            point = (at_x, at_y)
            turns = [turned(loss, moons.X, signs, point) for loss in CELLS["FOUR"].values()]
            assert turns[0] == max(turns) and turns[3] == min(turns), point
            assert turns[0] > turns[3] + 5
        for at_y in [at_y for at_y in y.values if at_y >= 0]:
            point = (at_x, at_y)
            turns = [turned(loss, moons.X, signs, point) for loss in CELLS["FOUR"].values()]
            assert max(turns) < 10, point


def test_caption_name_the_loss():
    """The verdict is "right" for the same loss and for no other."""
    pull, names = CELLS["pull"], {k: v for k, v in CELLS["NAMES"].items() if v is not None}
    for secret in CELLS["MYSTERIES"].values():
        same = [name for name, loss in names.items() if (pull(loss) == pull(secret)).all()]
        assert len(same) == 1 and type(names[same[0]]) is type(secret)
    # what settles most of them
    curves = {letter: pull(loss) for letter, loss in CELLS["MYSTERIES"].items()}
    middle = len(CELLS["ERRORS"]) // 2
    jumps = {k for k, c in curves.items() if abs(c[middle + 1] - c[middle - 1]) > 0.5}
    level = {
        k for k in curves if np.ptp(curves[k][middle + 1 :]) == 0 == np.ptp(curves[k][:middle])
    }
    assert jumps == level == {"E", "G"}
    assert {k for k, c in curves.items() if c[-1] > 1.9} == {"C", "D"}
    falls = {k for k, c in curves.items() if c[-1] < c[middle:].max() - 1e-3}
    assert falls == {"A", "H"}


def test_the_quantile_that_numpy_interpolates_costs_more():
    loss, targets = losses.Pinball(quantile=0.9), answers.TARGETS
    between = np.quantile(targets, 0.9)
    assert between == pytest.approx(8.8)
    assert loss(targets, np.full(5, between)) > loss(targets, np.full(5, 12.0)) + 0.1


def test_what_nothing_costs():
    assert round(np.log(10), 2) == 2.30
    # certain, right, and through a second softmax
    assert round(np.log(np.e + 9) - 1, 2) == 1.46


def test_counts_near_a_small_rate_weigh_more():
    loss = losses.PoissonNLL()

    def regret(count, rate):
        return loss(count, np.log(rate)) - loss(count, np.log(count))

    assert regret(1000.0, 1010.0) < 0.06 < 2 < regret(12.0, 22.0)


def test_the_poisson_loss_of_the_count_zero_has_no_lowest_point():
    loss, rates = losses.PoissonNLL(), np.linspace(-300, 3, 50)
    assert (loss.gradient(np.zeros(50), rates) > 0).all()
    assert np.argmin(loss.pointwise(np.full(61, 2.0), np.linspace(-3, 3, 61))) == round(
        (np.log(2) + 3) * 10
    )


def test_ratios_far_above_one_and_differences_below():
    loss = losses.MeanSquaredLogarithmicError()
    twice, half = loss(1000.0, 2000.0), loss(1000.0, 500.0)
    assert abs(twice / half - 1) < 0.01
    assert loss(500.0, 550.0) == pytest.approx(loss(50_000.0, 55_000.0), rel=0.01)
    # "near 1 and below, the 1 takes over"
    assert loss(0.5, 1.0) > 2 * loss(0.5, 0.25)
    assert loss(0.01, 0.02) == pytest.approx(loss(0.03, 0.04), rel=0.05)
    assert loss(5000.0, 5500.0) > 1.4 * loss(5.0, 5.5)


def test_on_skewed_data_huber_is_not_the_mean_and_need_not_lie_between():
    food = datasets.engel().y
    model = LinearModel().fit(np.zeros((len(food), 1)), food, losses.Huber(delta=50.0))
    assert model.intercept < np.median(food) < food.mean()


def test_a_weight_multiplies_the_odds():
    """The best constant of a loss whose label 1 weighs b times has b times the odds."""
    y = np.array([1.0] + 9 * [0.0])
    for b in (3.0, 20.0):
        model = LinearModel().fit(
            np.zeros((10, 1)),
            y,
            losses.BinaryCrossEntropy(from_logits=True),
            sample_weight=np.where(y == 1, b, 1.0),
        )
        assert np.exp(model.intercept) == pytest.approx(b / 9, rel=1e-6)


def test_the_best_score_of_the_hinge_tells_no_probability():
    scores = np.linspace(-2, 2, 401)
    for chance in (0.55, 0.7, 0.95):
        cost = [
            chance * losses.Hinge()([1.0], [z]) + (1 - chance) * losses.Hinge()([-1.0], [z])
            for z in scores
        ]
        assert scores[np.argmin(cost)] == pytest.approx(1)


def test_a_wrong_label_costs_one_at_the_most():
    assert losses.Brier().pointwise(1.0, 0.0) == 1.0
    assert losses.Perceptron().pointwise(1.0, 0.0) == 0.0


def test_one_bad_mistake_outweighs_thousands():
    loss = losses.Exponential()
    assert loss([1.0], [-10.0]) > 1000 * loss([1.0], [-1.0])


def test_the_model_that_does_not_move():
    """The table of the exercise: constants, a thousand steps, doubled targets."""
    food, loss = datasets.engel().y, losses.Huber(delta=answers.THRESHOLDS["small"])
    assert len(food) == 235 and (round(food.mean()), round(np.median(food))) == (624, 583)
    assert round(answers._constant(loss, food)) == 583
    assert answers._constant(loss, 2 * food) == pytest.approx(2 * answers._constant(loss, food))
    c = 0.0
    for _ in range(1000):
        c -= 0.1 * loss.value_and_gradient(food, np.full_like(food, c))[1].sum()
    assert c == pytest.approx(1)
    large = losses.Huber(delta=answers.THRESHOLDS["large"])
    assert answers._constant(large, food) == pytest.approx(food.mean())
    assert np.log(food).min() > 5 and np.log(food).max() < 8
    assert np.mean(food) > np.median(food)  # a tail to the right


def test_the_proof_with_a_hole():
    assert answers._hole() == "4"
    assert pytest.approx(1 / 9) == 1 - (1 + 7) / (2 + 7)
