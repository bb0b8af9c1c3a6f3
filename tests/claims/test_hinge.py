"""Numbers that the chapter on the hinge loss states in its prose and that no cell of it asserts."""

import warnings

import numpy as np
import pytest
from sklearn.svm import SVC, LinearSVC

from lossbook import losses
from lossbook.models import LinearModel
from lossbook.penalties import L2

from ..explorers import Names

STREET = Names("hinge")
HINGE = losses.Hinge()


def fit(point, loss=HINGE):
    X = np.vstack([STREET["POINTS"], point])
    sign = np.append(STREET["SIGN"], 1.0)
    model = LinearModel().fit(X, sign, loss, L2(0.001))
    return model, sign * model.predict(X)


def test_off_the_street_a_point_is_not_heard():
    alone = LinearModel().fit(STREET["POINTS"], STREET["SIGN"], HINGE, L2(0.001 * 15 / 14))
    heard = quiet = 0
    for x in np.arange(0.5, 6, 0.5):
        for y in np.arange(0, 4.5, 0.5):
            score = alone.predict(np.array([[x, y]]))[0]
            same = np.allclose(fit((x, y))[0].parameters, alone.parameters, atol=1e-6)
            if abs(score - 1) > 1e-6:
                assert same == (score > 1)
            heard, quiet = heard + (not same), quiet + same
    assert heard > 20 and quiet > 20


def test_the_points_named_in_the_text():
    touching, margins = fit((4, 3))
    assert margins[-1] == pytest.approx(1, abs=1e-6)
    assert 2 / np.linalg.norm(touching.coef) == pytest.approx(2.06, abs=0.005)
    assert np.sum(fit((2.5, 2))[1] < 1 + 1e-6) == 3


def test_a_perceptron_that_says_nothing_costs_nothing():
    y = np.array([1.0, -1.0, 1.0])
    assert losses.Perceptron()(y, np.zeros(3)) == 0
    assert (losses.Perceptron().gradient(y, np.zeros(3)) == -y).all()


def test_modified_huber_pulls_with_four_at_the_start_of_its_arm():
    assert losses.ModifiedHuber().gradient([1.0], [-1.0]) == [-4]


def test_a_doubled_margin_doubles_the_weights():
    """max(0, 2 - y z) under half the penalty is the same problem in doubled weights."""
    X, sign = STREET["POINTS"], STREET["SIGN"]
    doubled = 2 * LinearModel().fit(X, sign, HINGE, L2(0.001)).parameters
    rng = np.random.default_rng(0)

    def objective(theta, lam):
        z = theta[0] + X @ theta[1:]
        return np.maximum(0, 2 - sign * z).mean() + lam / 2 * theta[1:] @ theta[1:]

    for _ in range(200):
        other = doubled + rng.normal(0, 0.05, 3)
        assert objective(doubled, 0.0005) <= objective(other, 0.0005) + 1e-12


def test_what_the_text_says_of_scikit_learn():
    assert LinearSVC().loss == "squared_hinge"
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        SVC(probability=True).fit(np.arange(20.0)[:, None], np.repeat([0, 1], 10))
    import sklearn

    if tuple(map(int, sklearn.__version__.split(".")[:2])) >= (1, 9):
        assert any(issubclass(w.category, FutureWarning) for w in seen)
