"""Captions of figures in the chapters that no test of their chapter names, over the states of their controls."""

import numpy as np
import pytest
from scipy.special import expit

from lossbook import losses

from ..explorers import Names, explorers

FUNDAMENTALS, SIGNIFICANCE = Names("fundamentals"), Names("significance")
CROSS_ENTROPY, HINGE = Names("cross_entropy"), Names("hinge")


def controls_of(names, figure):
    return {c.name: c.values for c in explorers(names.path)[figure][1]}


# ---------------------------------------------------------------------------------- What a loss is


def test_caption_a_line_is_a_point():
    """No line of the map is below the cross, and the two losses have crosses of their own."""
    places = controls_of(FUNDAMENTALS, "a_line_is_a_point")
    best = FUNDAMENTALS["BEST_LINES"]
    for name, loss in FUNDAMENTALS["TWO_LOSSES"].items():
        for a in places["intercept"]:
            for b in places["slope"]:
                fit = a + b * FUNDAMENTALS["distance"]
                assert loss(FUNDAMENTALS["velocity"], fit) > best[name].value
    found = [(round(line.intercept), round(line.coef[0])) for line in best.values()]
    assert found == [(-41, 454), (276, 407)]


def test_caption_three_kinds():
    r, m = np.linspace(-3, 3, 241), np.linspace(-3, 3, 241)
    for loss in (losses.MeanSquaredError(), losses.MeanAbsoluteError(), losses.Pinball()):
        assert r[loss.pointwise(np.zeros_like(r), r).argmin()] == pytest.approx(0)
    for loss in (losses.ZeroOne(), losses.Hinge(), losses.Logistic()):
        assert np.all(np.diff(loss.pointwise(np.ones_like(m), m)) <= 0)
    p = np.linspace(0, 1, 101)
    for loss, at_zero in [(losses.Brier(), 1.0), (losses.BinaryCrossEntropy(), np.inf)]:
        value = loss.pointwise(np.ones_like(p), p)
        assert value[0] == at_zero and value[-1] == 0 and np.all(np.diff(value) < 0)


def test_caption_one_number_for_all():
    lengths, bowls = FUNDAMENTALS["LENGTHS"], FUNDAMENTALS["BOWLS"]
    lowest = [lengths[bowl.argmin()] for bowl in bowls.values()]
    assert np.allclose(lowest, [3.76, 4.35, 5.8, 5.09, 1.45], atol=0.051)
    petals = FUNDAMENTALS["petals"]
    near = [np.sum(abs(petals - c) <= 0.25) for c in lowest]
    assert near[0] < min(near[1:])  # the mean stands where few flowers are


def test_caption_drag_the_bell():
    """By the width, the cost of a bell has one valley; left of it it explodes, and at the center it is below zero."""
    cost, widths = FUNDAMENTALS["bell_cost"], np.linspace(0.03, 0.41, 96)
    for center in controls_of(FUNDAMENTALS, "drag_the_bell")["center"]:
        values = np.array([cost(center, w) for w in widths])
        low = values.argmin()
        assert np.all(np.diff(values[: low + 1]) < 0) and np.all(np.diff(values[low:]) > 0)
        assert values[0] > 5
    assert min(cost(1.45, w) for w in widths) < 0
    assert 1 / (0.17 * np.sqrt(2 * np.pi)) > 1  # a density above one


# ---------------------------------------------------------------------------------- What a loss is for


def test_caption_compass_field():
    """81 arrows: long where most calls are wrong, fading as a wrong model gets surer, none."""
    starts, arrows = SIGNIFICANCE["STARTS"], SIGNIFICANCE["ARROWS"]
    fields = SIGNIFICANCE["FIELDS"]
    assert len(starts) == 81
    lengths = {name: np.hypot(*arrows[name].T) for name in fields}
    wrong = np.array([fields["error rate"](start)[0] for start in starts])
    assert wrong.max() > 0.8 and np.sum(wrong > 0.5) > 20
    assert lengths["log loss"][wrong > 0.5].min() > 0.3
    assert lengths["Brier score"][wrong > 0.5].min() < 0.01
    assert (lengths["error rate"] == 0).all()
    for start in starts[wrong > 0.6]:
        louder = [np.hypot(*fields["Brier score"](k * start)[1]) for k in (1, 2, 4, 8)]
        assert louder[-1] < louder[0] and louder[-1] < 0.5 * max(louder)
        path = SIGNIFICANCE["PATHS"]["error rate", *start].path
        assert (path == start).all()


def test_caption_penalty_paths():
    trails, strengths = SIGNIFICANCE["TRAILS"], SIGNIFICANCE["LAMBDAS"]
    assert len(strengths) == 25
    for kind, (errors, coefs) in trails.items():
        seen, unseen = errors.T
        assert np.all(np.diff(seen) > -1e-6)  # rises all the way
        low = unseen.argmin()
        assert 0 < low < 24 and unseen[0] > unseen[-1] > unseen[low] + 10
        zero = np.sum(coefs == 0, axis=1)
        if kind == "ridge":
            assert (zero == 0).all()
        else:
            assert zero[-1] == 64 and zero[low] > 32


# ---------------------------------------------------------------------------------- Squared error


def test_caption_as_printed():
    """Least squares is off by more than two million calls in every year but one; least absolute error is near."""
    cells = Names("mse")
    calls, year = cells["calls"], cells["year"]
    off = {}
    for loss in (losses.MeanSquaredError(), losses.MeanAbsoluteError()):
        line = cells["LinearModel"]().fit(calls.X, calls.y, loss)
        off[type(loss)] = np.abs(line.predict(calls.X) - calls.y)
    honest = (year < 1964) | (year > 1969)
    assert len(year) == 24 and honest.sum() in (16, 18)
    assert np.sum(off[losses.MeanSquaredError] > 2) == 23
    assert np.median(off[losses.MeanAbsoluteError][honest]) < 1


# ---------------------------------------------------------------------------------- Cross-entropy


def test_caption_turn_up_the_volume():
    volumes, mean = CROSS_ENTROPY["VOLUMES"], np.array(CROSS_ENTROPY["ON_TEST"])
    low = mean.argmin()
    assert volumes[low] == pytest.approx(0.3, abs=0.051) and round(mean[low], 2) == 0.15
    assert np.all(np.diff(mean[low:]) > 0)
    assert np.all((mean > np.log(2))[volumes > 2.6]) and not np.any((mean > np.log(2))[low:80])
    assert CROSS_ENTROPY["WRONG"].sum() == 14 and len(CROSS_ENTROPY["WRONG"]) == 285


def test_caption_moons_reliability():
    """The best temperatures, and what they do to the diagram, network by network."""
    temperatures = CROSS_ENTROPY["TEMPERATURES"]
    assert controls_of(CROSS_ENTROPY, "moons_reliability")["temperature"] == (*temperatures,)
    best, straighter = {}, {}
    for name, (_, _, costs, _, gaps) in CROSS_ENTROPY["FORECASTERS"].items():
        at = int(np.argmin(costs))
        best[name] = temperatures[at]
        straighter[name] = gaps[at] < gaps[temperatures.index(1)] - 1e-12
    assert best == {
        "2,000 epochs": 8,
        "300 epochs": 2,
        "300, smoothing 0.1": 1,
        "300, smoothing 0.2": best["300, smoothing 0.2"],
        "2,000, smoothing 0.2": 1.5,
        "300, focal γ = 5": best["300, focal γ = 5"],
    }
    assert best["300, smoothing 0.2"] < 1 > best["300, focal γ = 5"]
    assert [name for name, better in straighter.items() if not better] == [
        "300, smoothing 0.1",
        "2,000, smoothing 0.2",
    ]


def test_caption_moons_cliff():
    """After 2,000 epochs less than half as much of the map lies between 0.01 and 0.99."""
    x, y = np.meshgrid(np.linspace(-1.9, 2.9, 97), np.linspace(-1.5, 2.0, 71))
    between = []
    for name in ("300 epochs", "2,000 epochs"):
        net = CROSS_ENTROPY["FORECASTERS"][name][0]
        p = expit(net.predict(np.column_stack([x.ravel(), y.ravel()])))
        between.append(np.mean((p > 0.01) & (p < 0.99)))
    assert between[1] < 0.5 * between[0] and between[1] < 0.2


# ---------------------------------------------------------------------------------- Hinge loss


def test_caption_stairs_and_roofs():
    """Pulls: 1 or nothing, less than 1, at most 1, harder and harder; all six agree on the right side."""
    m = np.linspace(-3, 3, 121)[np.abs(np.linspace(-3, 3, 121)) > 1e-9]
    pulls = {n: -s.gradient(np.ones_like(m), m) for n, s in HINGE["SURROGATES"].items()}
    assert len(pulls) == 6 and all((pull >= 0).all() for pull in pulls.values())
    for name in ("hinge", "perceptron"):
        assert set(np.abs(pulls[name])) == {0.0, 1.0}
    assert pulls["logistic"].min() > 0 and pulls["logistic"].max() < 1
    assert pulls["smoothed hinge"].max() == 1
    for name in ("squared hinge", "exponential"):
        assert np.all(np.diff(pulls[name][m < 1]) < 0)


def test_caption_width_of_the_street():
    """The street widens with lambda until it has nearly all points, and the boundary turns to the means."""
    streets = [HINGE["STREETS"][lam] for lam in HINGE["LAMBDAS"]]
    clouds, sign = HINGE["CLOUDS"], HINGE["CLASS"]
    widths = [2 / np.linalg.norm(s.coef) for s in streets]
    on = [np.sum(sign * s.predict(clouds) < 1 + 1e-6) for s in streets]
    assert np.all(np.diff(widths) > 0) and np.all(np.diff(on) >= 0) and on[-1] >= 76
    between = clouds[sign > 0].mean(axis=0) - clouds[sign < 0].mean(axis=0)
    cosine = [s.coef @ between / np.linalg.norm(s.coef) / np.linalg.norm(between) for s in streets]
    assert cosine[-1] > 0.999 and cosine[-1] > cosine[0]


def test_caption_what_a_score_tells():
    """The hinge answers with a sign, the other three with a number that grows with the share."""
    scores, risk = HINGE["SCORES"], HINGE["risk"]
    shares = controls_of(HINGE, "what_a_score_tells")["share"]
    best = {name: [] for name in HINGE["ANSWERS"]}
    for share in shares:
        for name, answer in HINGE["ANSWERS"].items():
            said, loss = float(answer(np.array(share))), HINGE["SURROGATES"][name]
            least = risk(loss, share, np.array([said]))[0]
            assert np.all(risk(loss, share, scores) >= least - 1e-12)
            best[name].append(said)
    assert set(best["hinge"]) == {-1.0, 1.0}
    assert all(np.all(np.diff(best[n]) > 0) for n in best if n != "hinge")
    ahead = HINGE["ANSWERS"]["hinge"](np.array([0.51, 0.99]))
    assert ahead.tolist() == [1, 1]
