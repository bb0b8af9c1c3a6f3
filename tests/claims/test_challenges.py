"""Claims of the chapter on challenges that no cell of it asserts."""

import numpy as np
import pytest

from lossbook import losses

from ..explorers import Names

CHAPTER = Names("challenges")


def test_the_six_patients():
    patients = CHAPTER["PATIENTS"]
    learned = {who: h.loss[-1] for who, h in patients.items()}
    unseen = {who: h.validation_loss[-1] for who, h in patients.items()}
    ignorance = np.log(10)
    assert min(learned, key=learned.get) == "B" and unseen["B"] > 30 * learned["B"]
    best = int(np.argmin(patients["B"].validation_loss))
    assert 20 < best < 45
    assert np.all(np.diff(patients["A"].loss) < 0) and learned["A"] > 1.5
    assert min(unseen, key=unseen.get) == "C"
    assert learned["D"] < ignorance < unseen["D"] - 1
    assert patients["D"].validation_loss[10] > ignorance
    assert abs(learned["E"] - ignorance) < 0.02 and abs(unseen["E"] - ignorance) < 0.02
    assert np.sum(np.diff(patients["F"].loss) > 0) > 15


def test_the_sum_over_all_labels():
    p = np.array([0.7, 0.2, 0.1])
    z = np.log(p)[None, :]
    total = sum(CHAPTER["Generalized"](1.0)(np.array([k]), z) for k in range(3))
    assert total == pytest.approx(3 - 1)
    small = CHAPTER["Generalized"](1e-6)(np.array([1]), z)
    assert small == pytest.approx(losses.CrossEntropy(from_logits=True)(np.array([1]), z), rel=1e-5)


def test_the_gradient_of_the_generalized_loss():
    loss, y, z = CHAPTER["Generalized"](0.7), np.array([2]), np.array([[0.3, -1.0, 0.5]])
    for k in range(3):
        step = np.eye(3)[[k]] * 1e-6
        numerical = (loss(y, z + step) - loss(y, z - step)) / 2e-6
        assert loss.gradient(y, z)[0, k] == pytest.approx(numerical, rel=1e-6)


def test_the_budget():
    food = CHAPTER["food"]
    assert np.median(food) < food.mean()
    assert round(food.sum() - 235 * np.median(food)) == 9778


def test_weights_move_along_the_plain_model_s_curve():
    for weight in CHAPTER["WEIGHTS"]:
        found, false = CHAPTER["found_and_false"](CHAPTER["LOGITS"][weight], 0)
        sweep = CHAPTER["SWEEP"]
        same = sweep[sweep[:, 1] <= false + 1e-9][:, 0].max()
        assert abs(found - same) < 0.05


def test_the_first_pass_of_a_healthy_patient():
    """The training loss is a mean over the pass, so at first the unseen loss lies below it."""
    healthy = CHAPTER["PATIENTS"]["C"]
    assert healthy.validation_loss[0] < healthy.loss[0]
    assert healthy.validation_loss[-1] > healthy.loss[-1]


@pytest.mark.parametrize("eta", [0.2, 0.6, 0.85])
def test_even_noise_is_the_clean_loss_times_a_number(eta):
    loss, z = CHAPTER["Generalized"](1.0), np.array([[0.4, -1.2, 0.9, 0.1], [2.0, 0.3, -0.5, 0.0]])
    for scores in z:
        each = np.array([loss(np.array([k]), scores[None]) for k in range(4)])
        seen = (1 - eta) * each[2] + eta / 3 * (each.sum() - each[2])
        assert seen == pytest.approx((1 - eta - eta / 3) * each[2] + eta / 3 * (4 - 1))
    assert (1 - eta - eta / 3 > 0) == (1 - eta > eta / 3)


def test_the_influence_formula():
    """To first order a new value moves the constant by its pull over the sum of the curvatures."""
    noise = CHAPTER["NOISE"]
    for loss in (losses.MeanSquaredError(), losses.PseudoHuber(delta=1.0), losses.LogCosh()):
        y = np.repeat(noise, 50)
        fit = CHAPTER["LinearModel"]().fit
        before = fit(np.zeros((len(y), 1)), y, loss).intercept
        after = fit(np.zeros((len(y) + 1, 1)), np.append(y, 3.0), loss).intercept
        pull = loss.gradient(np.array([3.0]), np.array([before]))[0]
        bend = loss.hessian(y, np.full(len(y), before)).sum()
        assert after - before == pytest.approx(-pull / bend, rel=0.01)


def test_a_model_of_exponentials_under_squared_error_asks_for_the_mean():
    y = np.rint(CHAPTER["FAT"])
    slope = 2 * (y.mean() - y).mean() * y.mean()  # of (e^f - y)^2 at e^f = the mean
    assert slope == pytest.approx(0, abs=1e-9)


def test_the_penalty_follows_the_unit():
    per_deviation, in_units = CHAPTER["per_deviation"], CHAPTER["in_units"]
    spared = [per_deviation(in_units(u), 100)[0] for u in ("1 t", "100 kg", "1 kg", "100 g", "1 g")]
    assert np.all(np.diff(spared) > 0)
    shares = per_deviation(in_units("standardized"), 0.5) / per_deviation(CHAPTER["PAIR"], 0)
    assert np.all((shares > 0.75) & (shares < 0.95))


def test_stopping_is_a_penalty_for_every_number_of_steps():
    bends, stopped, penalized = (CHAPTER[k] for k in ("BENDS", "stopped", "penalized"))
    fine = np.geomspace(1e-3, 20, 3000)
    for t in (5, 10, 20, 50, 100, 200, 500):
        gaps = [np.abs(stopped(t)(bends) - penalized(lam)(bends)).max() for lam in fine]
        assert min(gaps) < 0.12


def test_the_two_curves_of_many_short_steps():
    mpmath = pytest.importorskip("mpmath")
    at = mpmath.findroot(lambda u: mpmath.exp(-u) - 1 / (1 + u) ** 2, 2.5)
    assert float(1 / (1 + at) - mpmath.exp(-at)) == pytest.approx(0.2036, abs=5e-5)


def test_a_larger_delta_is_a_larger_loss_and_the_likelihood_is_not_fooled():
    deltas, own, likely = CHAPTER["DELTAS"], CHAPTER["OWN"], CHAPTER["LIKELY"]
    assert int(np.argmin(own)) == 0 and deltas[int(np.argmin(likely))] == 2
