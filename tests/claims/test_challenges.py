"""Claims of the chapter on challenges that no cell of it asserts."""

import numpy as np
import pytest

from lossbook import losses

from ..explorers import ROOT, explorers

CHAPTER = explorers(ROOT / "chapters/challenges.ipynb")["six_patients"][0].__globals__
PATIENTS = CHAPTER["PATIENTS"]


def test_the_six_patients():
    learned = {who: h.loss[-1] for who, h in PATIENTS.items()}
    unseen = {who: h.validation_loss[-1] for who, h in PATIENTS.items()}
    ignorance = np.log(10)
    assert min(learned, key=learned.get) == "B" and unseen["B"] > 30 * learned["B"]
    best = int(np.argmin(PATIENTS["B"].validation_loss))
    assert 20 < best < 45
    assert np.all(np.diff(PATIENTS["A"].loss) < 0) and learned["A"] > 1.5
    assert min(unseen, key=unseen.get) == "C"
    assert learned["D"] < ignorance < unseen["D"] - 1
    assert PATIENTS["D"].validation_loss[10] > ignorance
    assert abs(learned["E"] - ignorance) < 0.02 and abs(unseen["E"] - ignorance) < 0.02
    assert np.sum(np.diff(PATIENTS["F"].loss) > 0) > 15


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
