"""Numbers that the chapter on cross-entropy states in its prose and that no cell of it asserts."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy.special import expit, softmax
from sklearn.svm import SVC

from lossbook import losses, metrics
from lossbook.models import MLP, LinearModel
from lossbook.optim import Adam

from ..explorers import Names, explorers

BCE = losses.BinaryCrossEntropy(from_logits=True)
CHAPTER = Names("cross_entropy")


def figure(name, **choices):
    fig, readouts = explorers(CHAPTER.path)[name][0](**choices)
    plt.close(fig)
    return readouts


def test_the_first_figure():
    c = CHAPTER
    y, logit, wrong = c["y_test"], c["logit"], c["WRONG"]
    assert (len(y), wrong.sum(), len(c["y_train"])) == (285, 14, 284)
    assert round(1 - wrong.mean(), 3) == 0.951

    def loss(volume):
        return BCE(y, volume * logit)

    assert round(loss(3.0), 2) == 0.81 and round(np.log(2), 2) == 0.69
    assert loss(2.5) < np.log(2) < loss(2.6)
    volumes = np.arange(0.05, 3, 0.01)
    best = volumes[np.argmin([loss(v) for v in volumes])]
    assert round(best, 1) == 0.3
    assert round(loss(0.3), 2) == 0.15 and loss(0.3) == pytest.approx(loss(1) / 2, rel=0.02)
    each = BCE.pointwise(y, logit)
    assert round(each[wrong].sum() / each.sum(), 2) == 0.96
    assert round(each.max() / each.sum(), 2) == 0.26
    assert y[each.argmax()] == 1 and round(np.exp(-each.max()) * 1e10) == 4
    brier = losses.Brier()
    assert round(brier(y, expit(logit)), 3) == 0.041
    assert round(brier(y, expit(3 * logit)), 3) == 0.046
    # the training half is separable, and its loss says nothing of all this
    assert np.all((c["doctor"].predict(c["Z_train"]) > 0) == c["y_train"])
    assert round(BCE(c["y_train"], c["doctor"].predict(c["Z_train"])), 3) == 0.012
    with pytest.warns(RuntimeWarning, match="separable"):
        LinearModel().fit(c["Z_train"], c["y_train"], BCE)


def test_the_table():
    nats = -np.log([0.99, 0.9, 0.1, 0.01])
    assert round(nats[1] - nats[0], 3) == 0.095
    assert round(nats[3] - nats[2], 1) == 2.3 == round(np.log(10), 1)
    assert round(1 / np.log(2), 2) == 1.44


def test_by_hand():
    given = np.array([0.9, 0.6, 0.5, 0.01])
    each = -np.log(given)
    assert each.round(3).tolist() == [0.105, 0.511, 0.693, 4.605]
    assert round(each[-1] / each.sum(), 2) == 0.78
    assert round(given.prod(), 4) == 0.0027
    assert round(given.prod() ** 0.25, 3) == 0.228


def test_honesty():
    q = np.linspace(0.1, 0.9, 9)

    def best(payment, truth=0.3):
        costs = [
            float(figure("honesty_pays", payment=payment, truth=truth, forecast=f)["expected loss"])
            for f in q.round(1)
        ]
        return q[np.argmin(costs)].round(1)

    assert best("cross-entropy") == best("Brier score") == 0.3
    assert best("absolute error") == 0.1
    # the arch of the Brier score is p (1 - p), the price of a wrong belief (p - q)^2
    expected = CHAPTER["expected"]
    for p in (0.1, 0.5, 0.8):
        cost = expected(losses.Brier(), p, q)
        np.testing.assert_allclose(cost, p * (1 - p) + (p - q) ** 2)
        # and a line touches the arch of cross-entropy from above
        said = expected(losses.BinaryCrossEntropy(), p, q)
        least = expected(losses.BinaryCrossEntropy(), p, p)
        assert (said >= least - 1e-15).all()


def test_log_odds():
    assert round(np.log(9), 1) == 2.2
    assert expit(2.2 + np.log(10)) / expit(-2.2 - np.log(10)) == pytest.approx(10 * np.exp(2.2))
    z = np.array([0.3, -1.0, 2.0])
    np.testing.assert_allclose(softmax(z), softmax(z + 5))
    assert softmax([1.3, 0])[0] == pytest.approx(expit(1.3))


def test_gradients_in_the_logit():
    z = np.linspace(-700, 700, 2001)
    assert np.abs(BCE.gradient(np.ones_like(z), z)).max() <= 1
    squared = CHAPTER["squared_after_sigmoid"]
    value = squared(np.array([-3.0, 0.5]))[0]
    slope = (squared(np.array([-3.0, 0.5]) + 1e-6)[0] - value) / 1e-6
    np.testing.assert_allclose(slope, squared(np.array([-3.0, 0.5]))[1], rtol=1e-4)
    assert round(1 / expit(-8.0), -3) == 3000


def test_the_stuck_neuron():
    for start, fast, slow in [(-8.0, 19, 1542), (-2.0, 12, 43)]:
        steps = figure("stuck_neuron", start=start)
        assert list(steps.values()) == [fast, slow]
    for start in CHAPTER["STARTS"]:
        fast, slow = figure("stuck_neuron", start=start).values()
        assert fast < 20 and fast < slow < 1543


def test_stuck_digits():
    c = CHAPTER
    accuracy = {}
    for name in ("cross-entropy", "squared, after softmax"):
        model = c["SoftmaxModel"](64, 10)
        model.weights[0][:] = c["start"]
        sure = softmax(model.predict(c["new_images"]), axis=1).max(axis=1).mean()
        guess = np.mean(model.predict(c["new_images"]).argmax(axis=1) == c["new_digit"])
        assert round(sure, 2) == 0.95 and guess < 0.2
        model.fit(
            c["images"],
            c["target"],
            c["contestants"][name],
            optimizer=c["GradientDescent"](0.5),
            epochs=500,
        )
        accuracy[name] = np.mean(model.predict(c["new_images"]).argmax(axis=1) == c["new_digit"])
    assert accuracy["cross-entropy"] > 0.75 > 0.4 > accuracy["squared, after softmax"]
    assert len(c["new_images"]) == 1197


def test_runaway_weights():
    c = CHAPTER
    path = c["RUNS"]["cross-entropy"]
    marks = c["MARKS"]
    size = dict(zip(marks, np.linalg.norm(path[:, 1:], axis=1), strict=True))
    assert round(size[3000], 1) == 7.1 and round(size[30_000], 1) == 9.8
    band = {step: 2 * np.log(9) / size[step] for step in (3000, 30_000)}  # between 0.1 and 0.9
    assert round(band[3000], 2) == 0.62 and round(band[30_000], 2) == 0.45
    for step in marks[1:]:
        z = path[marks.index(step)] @ np.vstack([np.ones(100), (c["PETAL"] - c["MIDDLE"]).T])
        assert np.all((z > 0) == c["SPECIES"])
    angles = np.degrees(np.arctan2(path[1:, 2], path[1:, 1]))
    assert round(angles[0]) == 21 and round(angles[-1]) == 27
    # where it is going: the widest gap, the intercept counted as a weight like the others (points
    # mirrored at the origin make it so), or not
    Z = c["PETAL"] - c["MIDDLE"]
    augmented = np.column_stack([np.ones(100), Z])
    mirrored = np.vstack([augmented, -augmented]), np.append(c["SPECIES"], 1 - c["SPECIES"])
    for data, angle in [(mirrored, 36), ((Z, c["SPECIES"]), 32)]:
        widest = SVC(kernel="linear", C=1e8).fit(*data).coef_[0][-2:]
        assert round(np.degrees(np.arctan2(widest[1], widest[0]))) == angle
    last = {name: np.linalg.norm(path[-1, 1:]) for name, path in c["RUNS"].items()}
    before = {name: np.linalg.norm(path[-2, 1:]) for name, path in c["RUNS"].items()}
    for name, length in [("with a penalty", 2.8), ("with label smoothing", 2.4)]:
        assert round(last[name], 1) == length
        assert last[name] == pytest.approx(before[name], rel=1e-3)
    # with smoothing every flower wants the probability 0.95 or 0.05
    smooth = losses.BinaryCrossEntropy(from_logits=True, label_smoothing=0.1)
    assert smooth.gradient(1.0, np.log(0.95 / 0.05)) == pytest.approx(0, abs=1e-15)


def test_reliability():
    c = CHAPTER
    long, short, smooth, focal = c["FORECASTERS"].values()
    at = c["TEMPERATURES"].index
    net, z, costs, curves, gaps = long
    best = c["TEMPERATURES"][int(np.argmin(costs))]
    assert best == 8
    assert costs[at(1)] == pytest.approx(1.46, abs=0.03) and costs[at(1)] > 2 * np.log(2)
    assert costs[at(8)] == pytest.approx(0.37, abs=0.01)
    assert np.mean((z > 0) == c["MANY"].y) == pytest.approx(0.83, abs=0.01)
    second = curves[at(1)]
    assert second.mean_predicted[-1] > 0.985
    assert second.observed[-1] == pytest.approx(0.86, abs=0.02)
    assert np.ptp(second.observed[1:-1]) < 0.25 < 0.6 < np.ptp(second.mean_predicted[1:-1])
    assert gaps[at(8)] < gaps[at(1)] / 3
    assert c["TEMPERATURES"][int(np.argmin(short[2]))] == 2
    for timid in (smooth, focal):
        assert c["TEMPERATURES"][int(np.argmin(timid[2]))] < 1
        curve = timid[3][at(1)]
        assert curve.observed[0] < curve.mean_predicted[0]
        assert curve.observed[-1] > curve.mean_predicted[-1]
    assert np.all((net.predict(c["MOONS"].X) > 0) == c["MOONS"].y)
    # always saying the base rate is calibrated
    y = c["MANY"].y
    assert metrics.expected_calibration_error(y, np.full(len(y), y.mean())) < 1e-12


def test_answers_behind_the_losses():
    for setting in ("cross-entropy", "Brier score"):
        loss, weight = CHAPTER["SETTINGS"][setting]
        np.testing.assert_allclose(CHAPTER["truth_behind"](loss, weight), CHAPTER["SAID"])
    for setting, said in [("focal, γ = 2", 0.69), ("focal, γ = 5", 0.60)]:
        answer = figure("what_it_answers", setting=setting, truth=0.9)
        assert round(float(answer["best answer"]), 2) == said
    weighted = figure("what_it_answers", setting="class 1 counts 9 times", truth=0.1)
    assert float(weighted["best answer"]) == 0.5
    for p in (0.1, 0.4):
        answer = 9 * p / (9 * p + 1 - p)
        assert np.log(answer / (1 - answer)) == pytest.approx(np.log(p / (1 - p)) + np.log(9))
    for setting, (loss, weight) in CHAPTER["SETTINGS"].items():
        behind = CHAPTER["truth_behind"](loss, weight)
        assert (np.diff(behind) > 0).all(), setting
        if weight == 1:  # the right side of one half
            said = CHAPTER["SAID"]
            assert ((behind > 0.5) == (said > 0.5))[np.abs(said - 0.5) > 1e-9].all()


def test_focal_numbers():
    y, easy, missed = 1.0, 0.99, 0.1
    cost = losses.BinaryCrossEntropy().pointwise
    focal = losses.Focal(gamma=2.0).pointwise
    assert round(cost(y, easy), 2) == 0.01 and round(cost(y, missed), 1) == 2.3
    assert 1000 * cost(y, easy) / cost(y, missed) == pytest.approx(4.4, abs=0.05)
    assert focal(y, missed) / (1000 * focal(y, easy)) == pytest.approx(1850, rel=0.01)


def test_two_softmaxes_train_worse():
    c = CHAPTER
    accuracy = {}
    for name, loss in [
        ("twice", c["from_function"](c["softmax_twice"])),
        ("once", c["cross_entropy"]),
    ]:
        right = []
        for seed in range(3):
            net = MLP((64, 32, 10), "relu", seed=seed)
            net.fit(c["images"], c["target"], loss, optimizer=Adam(0.01), epochs=200)
            assert name == "once" or 1.461 < net.history.loss[-1] < 1.65
            right.append(np.mean(net.predict(c["new_images"]).argmax(axis=1) == c["new_digit"]))
        accuracy[name] = np.mean(right)
    assert accuracy["once"] - accuracy["twice"] == pytest.approx(0.08, abs=0.04)


def test_perplexity_of_equal_choices():
    p = np.full((5, 27), 1 / 27)
    assert metrics.perplexity(np.arange(5), p) == pytest.approx(27)
    given = np.array([0.9, 0.6, 0.5, 0.01])
    rows = np.column_stack([given, 1 - given])
    assert metrics.perplexity(np.zeros(4, int), rows) == pytest.approx(1 / given.prod() ** 0.25)
    assert round(np.exp(2.4)) == 11
