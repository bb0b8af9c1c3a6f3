"""What the chapter on cross-entropy states and no cell of it asserts.

Its comparisons over seeds are listed in `seeds.py`.
"""

from functools import partial

import numpy as np
import pytest
from readers.frameworks import Subject
from scipy.optimize import minimize_scalar
from scipy.special import expit, softmax
from sklearn.metrics import log_loss
from sklearn.model_selection import KFold, StratifiedKFold, train_test_split
from sklearn.svm import SVC

from lossbook import datasets, losses, metrics
from lossbook.models import MLP, LinearModel
from lossbook.optim import Adam
from lossbook.penalties import L2
from lossbook.teaching.exercises import feedback

from ..figures import Names
from .seeds import over_seeds
from .states import readouts_of

BCE = losses.BinaryCrossEntropy(from_logits=True)
CHAPTER = Names("cross_entropy")
figure = partial(readouts_of, CHAPTER.path)


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
    wrong = [s for s in CHAPTER["STARTS"] if s < 0]
    fast, slow = np.array([list(figure("stuck_neuron", start=s).values()) for s in wrong]).T
    assert fast.max() < 20 and (slow.min(), slow.max()) == (37, 1542)
    assert np.all(np.diff(slow) < 0)  # the more wrong, the longer
    for start in CHAPTER["STARTS"]:
        fast, slow = figure("stuck_neuron", start=start).values()
        assert fast < slow or fast == slow <= 1
    p = np.linspace(0, 1, 1001)
    hump = (2 * (1 - p) * p * (1 - p)).max()
    assert 4 * hump > 1  # four times as large a step more than makes up for it
    assert steps_to_nine_tenths(-8.0, lambda p: 2 * (p - 1) * p * (1 - p), 4.0) == 387


def steps_to_nine_tenths(z, gradient, rate):
    steps = 0
    while expit(z) < 0.9:
        z, steps = z - rate * gradient(expit(z)), steps + 1
    return steps


@pytest.mark.parametrize("optimizer", [0.2, 0.5, 1.0, Adam(0.01)])
def test_stuck_digits(optimizer):
    c = CHAPTER
    assert len(c["new_images"]) == 1197

    def right(name, seed):
        model = c["SoftmaxModel"](64, 10)
        model.weights[0][:] = 3 * np.random.default_rng(seed).standard_normal((64, 10))
        first = softmax(model.predict(c["new_images"]), axis=1)
        assert first.max(axis=1).mean() > 0.89
        assert np.mean(first.argmax(axis=1) == c["new_digit"]) < 0.2
        adam = isinstance(optimizer, Adam)
        descent = Adam(0.01) if adam else c["GradientDescent"](optimizer)
        loss = c["contestants"][name]
        model.fit(c["images"], c["target"], loss, optimizer=descent, epochs=500)
        return np.mean(model.predict(c["new_images"]).argmax(axis=1) == c["new_digit"])

    high, low = (
        ((0.75, 0.85), (0.59, 0.71))
        if isinstance(optimizer, Adam)
        else ((0.67, 0.91), (0.08, 0.40))
    )
    over_seeds(lambda seed: right("cross-entropy", seed), above=high[0], below=high[1])
    over_seeds(lambda seed: right("squared, after softmax", seed), above=low[0], below=low[1])


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
    # the line of the smoothed loss turns away; the other two hardly move
    tilt = {n: np.degrees(np.arctan2(p[-1, 2], p[-1, 1])) for n, p in c["RUNS"].items()}
    assert (
        tilt["with label smoothing"] > 45 > 30 > max(tilt["cross-entropy"], tilt["with a penalty"])
    )
    # with smoothing every flower wants the probability 0.95 or 0.05
    smooth = losses.BinaryCrossEntropy(from_logits=True, label_smoothing=0.1)
    assert smooth.gradient(1.0, np.log(0.95 / 0.05)) == pytest.approx(0, abs=1e-15)


def test_reliability():
    c = CHAPTER
    at = c["TEMPERATURES"].index
    long, short, mild, smooth, long_smooth, focal = c["FORECASTERS"].values()

    def best(network):
        return c["TEMPERATURES"][int(np.argmin(network[2]))]

    net, z, costs, curves, _ = long
    assert costs[at(1)] == pytest.approx(1.46, abs=0.03) and costs[at(1)] > 2 * np.log(2)
    assert costs[at(8)] == pytest.approx(0.37, abs=0.01)
    assert np.mean((z > 0) == c["MANY"].y) == pytest.approx(0.83, abs=0.01)
    second = curves[at(1)]
    assert second.mean_predicted[-1] > 0.985
    assert second.observed[-1] == pytest.approx(0.86, abs=0.02)
    assert np.ptp(second.observed[1:-1]) < 0.25 < 0.6 < np.ptp(second.mean_predicted[1:-1])
    assert [best(n) for n in (long, short, mild, long_smooth)] == [8, 2, 1, 1.5]
    assert mild[4][at(1)] < 0.03  # on the diagonal
    for timid in (smooth, focal):
        assert best(timid) < 1
        curve = timid[3][at(1)]
        assert curve.observed[0] < curve.mean_predicted[0]
        assert curve.observed[-1] > curve.mean_predicted[-1]
    for network in (long, short, smooth, focal):
        assert network[4][at(best(network))] < 0.7 * network[4][at(1)]
    assert long_smooth[2][at(1.5)] < long_smooth[2][at(1)]  # the loss falls, the error does not
    assert long_smooth[4][at(1.5)] > long_smooth[4][at(1)]
    assert np.all((net.predict(c["MOONS"].X) > 0) == c["MOONS"].y)
    # always saying the base rate is calibrated
    y = c["MANY"].y
    assert metrics.expected_calibration_error(y, np.full(len(y), y.mean())) < 1e-12


def test_training_on_makes_bolder_and_no_better():
    """300 against 2,000 epochs on five samples of the moons; and a little smoothing at 300."""
    many = CHAPTER["MANY"]
    smooth = losses.BinaryCrossEntropy(from_logits=True, label_smoothing=0.1)

    def new(seed, loss, epochs):
        points = datasets.two_moons(n=100, noise=0.35, seed=10 + seed)
        net = MLP((2, 32, 1), seed=seed)
        net.fit(points.X, points.y, loss, optimizer=Adam(0.02), epochs=epochs)
        z = net.predict(many.X)
        return np.mean((z > 0) == many.y), BCE(many.y, z)

    short, long, mild = (
        np.array([new(seed, loss, epochs) for seed in range(5)])
        for loss, epochs in [(BCE, 300), (BCE, 2000), (smooth, 300)]
    )
    over_seeds(lambda seed: (short - long)[seed, 0], above=0)
    over_seeds(lambda seed: (long - short)[seed, 1], above=0.5)
    over_seeds(lambda seed: (short - mild)[seed, 1], above=-0.02, mean_above=0)


def test_a_temperature_for_the_digits():
    c = CHAPTER

    def fitted(seed):
        net = MLP((64, 32, 10), "relu", seed=seed)
        loss, rate = c["cross_entropy"], Adam(0.01)
        net.fit(c["images"], c["digit"], loss, optimizer=rate, epochs=1000)
        z, y = net.predict(c["new_images"]), c["new_digit"]
        order = np.random.default_rng(seed).permutation(len(y))
        held, test = order[:400], order[400:]
        best = minimize_scalar(lambda t: loss(y[held], z[held] / t), bounds=(0.1, 20)).x
        p = [softmax(z[test] / t, axis=1) for t in (1, best)]
        assert np.all(p[0].argmax(axis=1) == p[1].argmax(axis=1)) and best > 1.4
        costs = [loss(y[test], z[test] / t) for t in (1, best)]
        right = p[0].argmax(axis=1) == y[test]
        gaps = [metrics.expected_calibration_error(right, q.max(axis=1)) for q in p]
        return costs[1] / costs[0], gaps[1] / gaps[0]

    found = [fitted(seed) for seed in range(10)]
    over_seeds(lambda seed: found[seed][0], above=0.66, below=0.87, seeds=range(10))
    over_seeds(lambda seed: found[seed][1], above=0.33, below=0.97, seeds=range(10))


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


def test_two_softmaxes():
    """In about half of the starts a digit is never said, or two, and there the answers are lost."""
    c = CHAPTER
    never = []

    def lost(seed):
        right = []
        for loss in (c["cross_entropy"], c["from_function"](c["softmax_twice"])):
            net = MLP((64, 32, 10), "relu", seed=seed)
            net.fit(c["images"], c["target"], loss, optimizer=Adam(0.01), epochs=200)
            said = net.predict(c["new_images"]).argmax(axis=1)
            right.append(np.mean(said == c["new_digit"]))
        assert 1.461 < net.history.loss[-1] < 1.7
        never.append(10 - len(np.unique(said)))
        return right[0] - right[1]

    values = over_seeds(lost, below=0.25, seeds=range(20))
    never = np.array(never)
    assert never[0] == 1 and never.max() <= 2 and np.sum(never == 2) <= 3
    assert 5 <= np.sum(never > 0) <= 15
    assert np.all(np.abs(values[never == 0]) < 0.02)
    assert np.all(np.abs(values[never > 0] / never[never > 0] - 0.095) < 0.03)


def test_fresh_networks_start_near_log_10():
    c = CHAPTER
    for activation in ("tanh", "relu"):

        def first(seed, activation=activation):
            net = MLP((64, 32, 10), activation, seed=seed)
            z = net.predict(c["images"])
            assert softmax(z, axis=1).max(axis=1).mean() < 0.35  # none is sure of much
            return c["cross_entropy"](c["digit"], z)

        over_seeds(first, above=2.3, below=2.8, seeds=range(8))


def test_other_cuts_of_the_tumors():
    tumors = datasets.breast_cancer()

    def cut(seed, strength=1e-4):
        X, X_new, y, y_new = train_test_split(
            tumors.X, tumors.y, test_size=0.5, random_state=seed, stratify=tumors.y
        )
        center, spread = X.mean(0), X.std(0)
        model = LinearModel().fit((X - center) / spread, y, BCE, L2(strength))
        z = model.predict((X_new - center) / spread)
        best = minimize_scalar(lambda v: BCE(y_new, v * z), bounds=(0.01, 6)).x
        return best, *(BCE(y_new, v * z) for v in (best, 1, 3))

    volume, soft, one, loud = np.array([cut(seed) for seed in range(16)]).T
    others, saved = range(1, 16), 1 - soft / one
    over_seeds(lambda k: volume[k], above=0.3, below=0.7, seeds=others)
    over_seeds(lambda k: saved[k], above=0.065, below=0.445, seeds=others)
    over_seeds(lambda k: loud[k] / one[k], above=2, below=3, seeds=others)
    assert np.sum(loud[1:] > np.log(2)) == 1
    assert np.all(one[0] > one[1:]) and np.all(volume[0] < volume[1:])  # an unlucky cut
    # how loud a classifier is depends on the penalty
    over_seeds(lambda seed: cut(seed, 1e-2)[0], above=1, seeds=range(16))


def test_the_contest_however_the_folds_are_drawn():
    tumors, counts = datasets.breast_cancer(), []
    y = tumors.y
    contestants = [
        (BCE, y, expit),
        (losses.MeanSquaredError(), y, lambda p: p),
        (losses.Hinge(), 2 * y - 1, expit),
    ]

    def row(folds, loss, labels, squash):
        out = np.empty(569)
        for train, test in folds.split(tumors.X, y):
            X = tumors.X[train]
            Z = (tumors.X - X.mean(0)) / X.std(0)
            out[test] = LinearModel().fit(Z[train], labels[train], loss, L2(0.01)).predict(Z[test])
        p = squash(out)
        q = np.clip(p, 0, 1)
        wrong = np.sum((p > 0.5) != y)
        return wrong, np.mean(p != q), losses.BinaryCrossEntropy()(y, q), losses.Brier()(y, q)

    def worst(seed, kind):
        rows = [row(kind(10, shuffle=True, random_state=seed), *c) for c in contestants]
        likelihood, square, hinge = np.array(rows)
        counts.append((likelihood[0], hinge[0]))
        assert 0.25 < square[1] < 0.35 and likelihood[2] < hinge[2] < square[2]
        return square[3] - max(likelihood[3], hinge[3])

    for kind in (StratifiedKFold, KFold):
        over_seeds(lambda seed, kind=kind: worst(seed, kind), above=0, seeds=range(6))
    assert len(counts) == 12 and np.min(counts) >= 10 and np.max(counts) <= 18


def test_the_curve_is_most_of_the_difference():
    """A slope and an intercept for each model, fitted on held-back folds of its training set."""
    tumors = datasets.breast_cancer()
    y = tumors.y

    def score(rows, judged, loss, labels):
        X = tumors.X[rows]
        Z = (tumors.X - X.mean(0)) / X.std(0)
        return LinearModel().fit(Z[rows], labels[rows], loss, L2(0.01)).predict(Z[judged])

    def costs(seed, loss, labels, squash):
        """Without the curve and with it."""
        raw, curved = np.empty(569), np.empty(569)
        outer, inner = (StratifiedKFold(k, shuffle=True, random_state=seed) for k in (10, 5))
        for train, test in outer.split(tumors.X, y):
            held = np.empty(len(train))
            for a, b in inner.split(tumors.X[train], y[train]):
                held[b] = score(train[a], train[b], loss, labels)
            curve = LinearModel().fit(held[:, None], y[train], BCE)
            raw[test] = score(train, test, loss, labels)
            curved[test] = curve.predict(raw[test, None])
        return losses.BinaryCrossEntropy()(y, squash(raw)), BCE(y, curved)

    contestants = [
        (BCE, y, expit),
        (losses.Hinge(), 2 * y - 1, expit),
        (losses.MeanSquaredError(), y, lambda p: np.clip(p, 0, 1)),
    ]
    found = np.array([[costs(seed, *c) for c in contestants] for seed in range(6)])
    limits = [(0.069, 0.079), (0.069, 0.085), (0.082, 0.089)]
    for k, (low, high) in enumerate(limits):
        over_seeds(lambda seed, k=k: found[seed, k, 1], above=low, below=high, seeds=range(6))
        over_seeds(lambda seed, k=k: np.diff(found[seed, k])[0], below=0, seeds=range(6))
    # the gap to cross-entropy is less than half of what it was
    for k in (1, 2):
        gap = found[:, k] - found[:, 0]
        over_seeds(lambda seed, g=gap: g[seed, 1] / g[seed, 0], below=0.5, seeds=range(6))


def test_shouting_and_exchanged_labels():
    """Both cost more than log 2; the accuracy tells which it is."""
    c = CHAPTER
    p, y = c["malignant"], datasets.breast_cancer().y
    assert BCE(c["y_test"], 3 * c["logit"]) > np.log(2)
    assert round(np.mean((p > 0.5) == y), 2) == 0.98
    assert round(np.mean((p > 0.5) == 1 - y), 2) == 0.02


def test_perplexity_of_equal_choices():
    p = np.full((5, 27), 1 / 27)
    assert metrics.perplexity(np.arange(5), p) == pytest.approx(27)
    given = np.array([0.9, 0.6, 0.5, 0.01])
    rows = np.column_stack([given, 1 - given])
    assert metrics.perplexity(np.zeros(4, int), rows) == pytest.approx(1 / given.prod() ** 0.25)
    assert round(np.exp(2.4)) == 11


# ------------------------------------------------------------------ captions, state by state


def test_the_bar_and_the_arch():
    """Nobody stands below the arch; under a proper loss the truth alone stands on it."""
    steps = np.arange(0.1, 0.95, 0.1).round(1)
    assert {"absolute error"} < {*CHAPTER["PAYMENTS"]}
    for payment in CHAPTER["PAYMENTS"]:
        for truth in steps:
            bars = []
            for forecast in steps:
                state = figure("honesty_pays", payment=payment, truth=truth, forecast=forecast)
                bars.append(float(state["beyond the least"]))
            assert min(bars) >= 0
            if payment != "absolute error":
                assert [s for s, b in zip(steps, bars, strict=True) if b == 0] == [truth]
            else:  # the line of a forecast meets the tent at its top and nowhere else
                assert (max(bars) == 0) == (truth == 0.5) and (min(bars) == 0) == (truth == 0.5)


def test_the_runaway_state_by_state():
    marks = CHAPTER["MARKS"][1:]
    states = [figure("runaway_weights", loss="cross-entropy", steps=m) for m in marks]
    length = [float(s["length of the weights"]) for s in states]
    cost = [float(s["cross-entropy"]) for s in states]
    assert np.all(np.diff(length) > 0) and np.all(np.diff(cost) < 0)
    assert {s["misclassified"] for s in states} == {0}
    for name in ("with a penalty", "with label smoothing"):
        size = [
            float(figure("runaway_weights", loss=name, steps=m)["length of the weights"])
            for m in marks[-2:]
        ]
        assert size[0] == pytest.approx(size[1], rel=0.01)


def test_the_shapes_of_the_answers():
    said = CHAPTER["SAID"]
    for kind in ("smoothing", "times", "focal"):
        assert any(kind in setting for setting in CHAPTER["SETTINGS"])
    for setting, (loss, weight) in CHAPTER["SETTINGS"].items():
        truth = CHAPTER["truth_behind"](loss, weight)
        inside = (truth >= 0) & (truth <= 1)
        if "smoothing" in setting:
            half = 0.5 * float(setting.split()[-1])
            assert half - 0.01 < said[inside].min() and said[inside].max() < 1 - half + 0.01
        if "times" in setting:
            assert np.all(said > truth)
        if "focal" in setting:
            assert np.all(np.abs(said - 0.5) <= np.abs(truth - 0.5) + 1e-12)


@pytest.mark.parametrize("gamma", [0.1, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 50.0])
def test_focal_answers_stay_on_the_right_side(gamma):
    loss, p = losses.Focal(gamma=gamma), np.linspace(0.001, 0.999, 998)
    truth = np.linspace(0.02, 0.98, 25)
    cost = truth[:, None] * loss.pointwise(np.ones(998), p)
    cost = cost + (1 - truth[:, None]) * loss.pointwise(np.zeros(998), p)
    best = p[cost.argmin(axis=1)]
    assert np.all((best - 0.5) * (truth - 0.5) >= 0)
    assert np.all(np.abs(best - 0.5) <= np.abs(truth - 0.5) + 2e-3)


# ------------------------------------------------------------------ theorems and computers


def test_the_condition_for_proper():
    """p on the right-hand side is not enough: the negative Brier score has it, and lies."""
    p, pi = np.linspace(0.01, 0.99, 99), 0.3
    for sign, best in [(1, 0.3), (-1, 0.99)]:
        one, zero = sign * 2 * (p - 1), sign * 2 * p  # slopes of the losses for the two labels
        np.testing.assert_allclose(zero / (zero - one), p)
        slope = pi * one + (1 - pi) * zero
        np.testing.assert_allclose(slope, (p - pi) * (zero - one), atol=1e-15)
        expected = sign * (pi * (1 - p) ** 2 + (1 - pi) * p**2)
        assert p[expected.argmin()] == pytest.approx(best)


def test_the_length_of_the_gradient():
    loss = losses.CrossEntropy(from_logits=True)

    def longest(seed):
        z = np.random.default_rng(seed).standard_normal((2000, 10)) * 10.0 ** (seed - 1)
        gradient = loss.gradient(np.arange(2000) % 10, z)
        assert np.abs(gradient).max() <= 1 + 1e-15
        return np.linalg.norm(gradient, axis=1).max()

    over_seeds(longest, below=2**0.5 + 1e-12)
    far = loss.gradient(np.array([0]), np.array([[-50.0, 50.0, 0.0]]))
    assert np.linalg.norm(far) == pytest.approx(2**0.5)


def test_both_precisions():
    with np.errstate(all="ignore"):
        single, double = np.float32, np.float64
        assert np.isinf(np.exp(single(89))) and np.isfinite(np.exp(single(88)))
        assert np.exp(single(-104)) == 0 < np.exp(single(-103))
        assert 1 + np.exp(single(-17)) == 1 < 1 + np.exp(single(-15))
        assert np.isinf(np.exp(double(1000))) and np.exp(double(-800)) == 0
    # scikit-learn moves 0 and 1 by the spacing of its input's type
    for number, moved in [(single, 1.2e-7), (double, 2.2e-16)]:
        p = np.array([[1, 0], [1, 0]], dtype=number)
        assert log_loss([1, 0], p) == pytest.approx(-np.log(moved) / 2, rel=1e-2)
    # Keras' limits: the upper one is not symmetric in single precision
    upper = single(1) - single(1e-7)
    assert single(1) - upper == pytest.approx(1.2e-7, rel=0.01)
    assert round(float(-np.log(single(1) - upper)), 1) == 15.9
    assert round(float(-np.log(single(1e-7))), 1) == 16.1 == round(-np.log(1e-7), 1)


def test_the_roundings_that_the_text_prints_are_accepted():
    for key, answer in [
        ("by-hand", 0.77),
        ("by-hand", 0.768),
        ("untrained", 10.82),
        ("volume", 0.63),
        ("volume", 0.631),
        ("floor", 0.55),
        ("gap", 4.51),
        ("undo", 0.14),
        ("undo", 0.143),
        ("focal", 0.98),
        ("focal", 0.976),
    ]:
        assert feedback(f"cross_entropy.{key}", answer).right, (key, answer)
    assert not feedback("cross_entropy.gap", np.log(90)).right


def test_the_stable_formula_of_two_classes():
    z, y = np.linspace(-40, 40, 161)[:, None], np.array([0.0, 0.3, 1.0])
    ours = np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))
    np.testing.assert_allclose(ours, np.logaddexp(0, z) - y * z, atol=1e-13)


def test_labels_beyond_0_and_1_have_no_least_loss():
    def loss(z, y):
        return np.logaddexp(0, z) - y * z

    z = np.linspace(-20, 20, 401)
    assert all((loss(z, y) >= 0).all() for y in (0.0, 0.5, 1.0))
    assert np.all(np.diff(loss(z, 2.0)) < 0) and loss(20.0, 2.0) < -15
    assert np.all(np.diff(loss(z, 255.0)) < 0)


def test_what_the_weights_of_classes_shift():
    """The best logits of a weighted cross-entropy lie log w above those of the plain one."""
    share, weight = np.array([0.5, 0.3, 0.2]), np.array([1.0, 2.0, 5.0])
    z = np.log(share) + np.log(weight)
    mean = sum(
        s * w * losses.CrossEntropy(from_logits=True).gradient([k], z[None])[0]
        for k, (s, w) in enumerate(zip(share, weight, strict=True))
    )
    np.testing.assert_allclose(mean, 0, atol=1e-15)


def test_labels_that_share_a_softmax():
    """k true labels cost k log k at least, each with 1/k: no other outputs cost less."""

    def cost(k, seed):
        p = np.random.default_rng(seed).dirichlet(np.ones(5))
        return -np.log(p[:k]).sum()

    for k in (1, 2, 3):
        over_seeds(partial(cost, k), above=k * np.log(k), seeds=range(200))


@pytest.mark.parametrize(
    "subject, stated",
    [
        ("binary_logits", ["loss 100.0, slope 0.000000", "loss 40.0, slope -0.000004"]),
        ("class_weight", ["1.4839", "3.957", "third alone 1.458"]),
        ("kl_divergence", ["-1.265", "0.0713", "0.0238"]),
        ("several_labels", ["1.3863", "0.8333", "accuracy by name 1.0"]),
        ("mistakes", ["0.0004", "1.4615"]),
        ("wrong_labels", ["-2.9514"]),
        ("class_indices", ["1.2056"]),
    ],
)
def test_numbers_of_the_tabs(subject, stated):
    records = Subject(f"cross_entropy/{subject}").records.values()
    printed = "".join(record["printed"] for record in records)
    assert all(number in printed for number in stated)
