"""Claims of the chapter on optimization that no cell of it asserts.

Its comparisons over seeds are listed in `seeds.py`.
"""

import numpy as np
import pytest
from scipy.fft import dct, idct

from lossbook import losses
from lossbook.models import MLP
from lossbook.optim import (
    AdaGrad,
    Adam,
    AdamW,
    GradientDescent,
    InverseTimeDecay,
    Momentum,
    Nesterov,
    RMSProp,
    minimize,
)
from lossbook.teaching.exercises.answers import optimization as answers

from ..figures import Names
from ..text import prose_of
from .seeds import over_seeds
from .states import readouts_of

CHAPTER = Names("optimization")
FRESH = range(5, 10)  # starts that the chapter does not show


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


def test_the_caption_of_the_turned_ravine_holds_in_all_its_states():
    assert {"AdaGrad", "RMSProp", "Adam"} < {*CHAPTER["WALKERS"]}
    for walker in CHAPTER["WALKERS"]:
        ends = []
        for turned in (0, 15, 30, 45):
            a = np.radians(turned + 20)
            start = np.array([np.cos(a), np.sin(a)])
            run = minimize(
                CHAPTER["ravine"](turned), start, CHAPTER["WALKERS"][walker], steps=60, tol=0
            )
            ends.append(np.linalg.norm(run.x))
            shown = readouts_of(CHAPTER.path, "the_turned_ravine", walker=walker, turned=turned)
            assert shown == {"distance after 60 steps": f"{ends[-1]:.3f}"}
        if walker in ("AdaGrad", "RMSProp", "Adam"):
            assert np.all(np.diff(ends) > 0), (walker, ends)
        else:
            assert np.allclose(ends, ends[0])


def test_who_notices_that_the_ravine_is_turned():
    best = {key: min(steps) for key, steps in CHAPTER["ARRIVAL"].items()}
    for name in ("gradient descent", "momentum", "Nesterov"):
        assert best[name, 0] == best[name, 45]
    assert best["AdaGrad", 0] == pytest.approx(5, abs=1) and best["AdaGrad", 45] > 300
    for rate in (1.5, 2, 3, 5, 10):  # nor is it the end of the list of rates that holds it back
        assert CHAPTER["arrival"](AdaGrad(rate), 45) > 300
    assert 1.7 < best["Adam", 45] / best["Adam", 0] < 2.3
    for rate in (0.18, 0.2, 0.22, 0.28):
        assert CHAPTER["arrival"](Adam(rate), 45) > 1.7 * best["Adam", 0]
    tenth = CHAPTER["ARRIVAL"]["AdaGrad", 0][CHAPTER["TRIED"].index(0.1)]
    assert tenth == pytest.approx(111, abs=1)
    assert min(best["RMSProp", turned] for turned in (0, 45)) > 1000


def paths(walker, start, steps):
    """Distances from the minimum along the axes, and the steps of the memory's own rate."""
    w, matrix = np.array(start), CHAPTER["curvatures"](0)
    memory, distances, rates = walker.init(w), [], []
    for t in range(1, steps + 1):
        scale = walker.step(w, w @ matrix, memory)
        distances.append(np.hypot(*w.T))
        rates.append(np.broadcast_to(scale, w.shape).copy())
        assert t == memory.t
    return np.array(distances), np.array(rates)


def test_a_fading_memory_throws_the_walk_out():
    a = np.radians(20)
    distance, rate = paths(RMSProp(0.05), [[np.cos(a), np.sin(a)]], 300)
    inside = distance[:, 0] <= 0.01
    first = int(np.argmax(inside))
    thrown = first + int(np.argmin(inside[first:]))
    assert (first + 1, thrown + 1) == (7, 180)
    # for some time before, a step across has been longer than the bound 2 / L = 2 / 100
    assert (rate[thrown - 5 : thrown, 0, 1] > 0.02).all() and rate[first, 0, 1] < 0.02
    angle = np.arange(0.1, 2 * np.pi, np.pi / 8)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    for walker in (RMSProp(0.05), Adam(0.3)):
        distance, _ = paths(walker, circle, 3000)
        back = [np.any(np.diff((d[200:] <= 0.01).astype(int)) < 0) for d in distance.T]
        assert np.mean(back) > 0.7, walker


class Turned:
    """Coordinates turned by an orthogonal map that leaves no axis where it was."""

    def __init__(self, n, seed):
        self.signs = np.random.default_rng(seed).choice([-1.0, 1.0], (3, n))

    def to(self, x):
        for sign in self.signs:
            x = dct(sign * x, norm="ortho")
        return x

    def back(self, x):
        for sign in self.signs[::-1]:
            x = sign * idct(x, norm="ortho")
        return x


def loss_in_turned_coordinates(optimizer, seed, turn, passes=20):
    images, truth = CHAPTER["IMAGES"][:1000], CHAPTER["TRUTH"][:1000]
    loss, net = CHAPTER["cross_entropy"], MLP((64, 32, 10), "relu", seed=seed)
    u = turn.to(net.parameters) if turn else net.parameters.copy()
    memory, rng = optimizer.init(u), np.random.default_rng(seed)
    for rows in rng.permuted(np.tile(np.arange(1000), (passes, 1)), axis=1).reshape(-1, 50):
        net.parameters[:] = turn.back(u) if turn else u
        gradient = net.value_and_gradient(images[rows], truth[rows], loss)[1].copy()
        optimizer.step(u, turn.to(gradient) if turn else gradient, memory)
    net.parameters[:] = turn.back(u) if turn else u
    return loss(truth, net.predict(images))


def test_the_network_in_turned_coordinates():
    def ratio(optimizer, seed, passes=20):
        turned, plain = (
            loss_in_turned_coordinates(optimizer, seed, turn, passes)
            for turn in (Turned(2410, 100 + seed), None)
        )
        return turned / plain

    assert ratio(GradientDescent(0.1), 0, passes=3) == pytest.approx(1, abs=1e-9)
    over_seeds(lambda seed: ratio(Adam(0.003), seed), below=1, above=0.8, seeds=range(10))
    over_seeds(lambda seed: ratio(Adam(0.1), seed), above=2, seeds=range(10), at_least=8)


def test_the_floor_goes_by_rate_over_batch():
    def floor(batch, rate, seed):
        return CHAPTER["drunkards"](batch, rate, seed=seed)[-100:].mean()

    over_seeds(lambda s: floor(4, 0.1, s), above=0.055, below=0.065)
    over_seeds(lambda s: floor(16, 0.1, s), above=0.0125, below=0.0135)
    over_seeds(lambda s: floor(4, 0.025, s) / floor(16, 0.1, s), above=0.8, below=1.1)
    over_seeds(lambda s: floor(1, 0.1, s) / floor(4, 0.1, s), above=6)
    curve = CHAPTER["NOISY"][64, 0.01]
    assert curve[-1] < 0.8 * curve[-100]  # not yet on its floor


def test_the_caption_of_the_floor_holds_in_all_its_states():
    def still_falling(key):  # by the last 100 steps against the 100 before
        curve = CHAPTER["NOISY"][key]
        return curve[-100:].mean() / curve[-200:-100].mean()

    for batch in CHAPTER["BATCHES"]:
        assert 0.85 < still_falling((batch, 0.1)) < 1.15
        assert still_falling((batch, 0.003)) < 0.7
    for (batch, rate), curve in CHAPTER["NOISY"].items():  # the dotted line, where the floor is low
        floor = rate / batch * CHAPTER["LOUDNESS"] / 4
        if still_falling((batch, rate)) > 0.98 and rate / batch < 0.02:
            assert curve[-100:].mean() == pytest.approx(floor, rel=0.3), (batch, rate)
    floors = [CHAPTER["NOISY"][b, 0.1][-100:].mean() for b in CHAPTER["BATCHES"]]
    assert np.all(np.diff(floors) < 0)


def test_a_decay_and_the_constant_rates():
    def late(rate, steps, seed):
        return CHAPTER["drunkards"](4, rate, steps=steps, seed=seed)[-100:].mean()

    decay = InverseTimeDecay(0.1, decay=0.02)
    over_seeds(lambda s: late(decay, 400, s) / late(0.01, 400, s), above=0.9, below=1.1)
    over_seeds(lambda s: late(0.003, 400, s) / late(0.01, 400, s), above=1)
    over_seeds(lambda s: late(0.003, 1600, s) / late(0.01, 1600, s), below=1)
    ends = [late(decay, 6400, s) for s in range(5)]
    for rate in (0.001, 0.0015, 0.002, 0.003):  # higher ones stand on higher floors
        over_seeds(lambda s, r=rate: late(r, 6400, s) / ends[s], above=2)


def test_the_last_yard_in_all_its_states():
    """Absolute error comes to its saw within the figure from 0.4 on; squared error leaves above 1."""
    assert min(CHAPTER["STEP_SIZES"]) < 0.4 and max(CHAPTER["STEP_SIZES"]) >= 1
    for rate in CHAPTER["STEP_SIZES"]:
        squared = CHAPTER["constant_path"](losses.MeanSquaredError(), rate)
        assert (abs(squared[-1] - 4) < 0.1) == (rate < 1)
        slower = np.diff(np.abs(np.diff(squared)))
        assert np.all(slower < 0) if rate < 1 else np.all(slower >= -1e-12)
        path = CHAPTER["constant_path"](losses.MeanAbsoluteError(), rate)
        steps = -np.diff(path)
        falling = steps[: int(np.argmin(path)) or None]
        assert np.all(np.diff(falling) <= 1e-12)  # ever less steep on the way down
        assert (abs(path[-1] - 3) < rate / 7) == (rate >= 0.4)


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


def test_the_penalty_that_adam_divides_away():
    def left(optimizer, penalty, seed):
        rng, noise = np.random.default_rng(seed), np.repeat([100.0, 10, 1, 0.1], 500)
        w = np.ones(2000)
        memory = optimizer.init(w)
        for _ in range(1000):
            optimizer.step(w, noise * rng.standard_normal(2000) + penalty * w, memory)
        return w.reshape(4, 500).mean(axis=1)

    inside = [left(Adam(0.003), 0.3, seed) for seed in range(5)]
    over_seeds(lambda s: inside[s][0], above=0.98)
    over_seeds(lambda s: inside[s][3], below=0.02)
    over_seeds(lambda s: np.ptp(left(AdamW(0.003, weight_decay=0.3), 0.0, s)), below=0.02)


def test_the_best_rates_read_nearly_the_same():
    means, spans = {}, {}
    for name, tests in CHAPTER["ACCURACY"].items():
        chosen_by, judged = np.moveaxis(tests, -1, 0)
        best = chosen_by.mean(axis=1).argmax()
        means[name], spans[name] = judged[best].mean(), judged[best]
    assert min(means, key=means.get) == "gradient descent" and max(means, key=means.get) == "Adam"
    assert min(means.values()) > 0.96 and max(means.values()) < 0.985
    assert round(497 * (means["Adam"] - means["gradient descent"])) == 7
    for name in ("gradient descent", "Adam"):  # "from 95 to 97", "97 to 98"
        assert np.ptp(spans[name]) < 0.03
    assert CHAPTER["SWEEP"][CHAPTER["ACCURACY"]["gradient descent"][..., 1].mean(1).argmax()] == 1
    fresh = {
        name: np.array(
            [CHAPTER["read_right"](CHAPTER["MAKERS"][name](rate), seed)[1] for seed in range(5, 15)]
        )
        for name, rate in [("gradient descent", 1.0), ("Adam", 10**-1.5)]
    }
    assert fresh["gradient descent"].mean() == pytest.approx(0.974, abs=0.002)
    assert fresh["Adam"].mean() == pytest.approx(0.977, abs=0.002)
    more = fresh["Adam"] - fresh["gradient descent"]
    assert abs(more.mean()) < 2 * more.std(ddof=1) / np.sqrt(10)  # no ranking


def test_the_windows_of_good_rates():
    sweep = CHAPTER["SWEEP"]

    def window(name, seed):
        right = np.array(
            [CHAPTER["read_right"](CHAPTER["MAKERS"][name](float(r)), seed) for r in sweep]
        )
        good = sweep[right[:, 1] > right[:, 1].max() - 0.02]
        return good.min(), good.max(), sweep[right[:, 0].argmax()]

    found = {
        name: [window(name, seed) for seed in FRESH]
        for name in ("gradient descent", "momentum", "Adam")
    }

    def factors(name):
        return np.array([np.log10(high / low) for low, high, _ in found[name]])

    # in half decades: three is 1, ten is 2, thirty is 3
    assert set(np.round(2 * factors("gradient descent"))) <= {1, 2}
    for name in ("momentum", "Adam"):
        assert set(np.round(2 * factors(name))) <= {2, 3}
    assert np.abs(factors("Adam") - factors("momentum")).max() < 0.6
    over_seeds(
        lambda seed: found["gradient descent"][seed - 5][2] / found["Adam"][seed - 5][2],
        above=9,
        seeds=FRESH,
    )
    for tests in CHAPTER["ACCURACY"].values():  # the table's windows
        mean = tests[..., 1].mean(axis=1)
        close = sweep[mean > mean.max() - 0.02]
        assert close.max() / close.min() < 10.1


def test_schedules():
    images, truth = CHAPTER["IMAGES"][1000:], CHAPTER["TRUTH"][1000:]

    def run(name, rate, seed):
        net = CHAPTER["schooled"](CHAPTER["SCHEDULES"][name](rate), seed)
        return np.mean(net.predict(images).argmax(axis=1) == truth), net.history.loss[-1]

    runs = {
        (name, rate): [run(name, rate, seed) for seed in range(10)]
        for name, rate in [
            *((name, 0.1) for name in ("constant", "step", "cosine")),
            *((name, 0.2) for name in CHAPTER["SCHEDULES"]),
            *((name, 0.01) for name in ("constant", "step", "cosine", "warm-up and cosine")),
            *((name, 0.03) for name in ("constant", "warm-up")),
        ]
    }
    ten = range(10)

    def more(a, b, rate, s):
        return runs[a, rate][s][0] - runs[b, rate][s][0]

    for name in ("step", "cosine"):  # a start may tie or lose; the mean does not
        over_seeds(lambda s, n=name: more(n, "constant", 0.1, s), mean_above=0, seeds=ten)
    over_seeds(lambda s: more("cosine", "constant", 0.2, s), mean_above=0, seeds=ten)
    for name in ("step", "cosine"):  # "helps more"
        over_seeds(lambda s, n=name: more("warm-up", n, 0.2, s), mean_above=0.02, seeds=ten)
    bought = [more("warm-up", "constant", 0.03, s) for s in ten]
    assert np.mean(bought) < 2 * np.std(bought, ddof=1) / np.sqrt(10)
    for name in ("step", "cosine"):  # "hurts from some starts"
        assert min(more(name, "constant", 0.2, s) for s in ten) < 0
    assert np.mean([more("step", "constant", 0.2, s) for s in ten]) > 0.02
    over_seeds(lambda s: more("warm-up and cosine", "warm-up", 0.2, s), above=0, seeds=ten)
    over_seeds(lambda s: runs["warm-up and cosine", 0.2][s][0], above=0.955, seeds=ten)
    over_seeds(lambda s: runs["constant", 0.2][s][0], above=0.5, below=0.9, seeds=ten)
    for name in ("step", "cosine", "warm-up and cosine"):
        over_seeds(
            lambda s, n=name: runs[n, 0.01][s][1] / runs["constant", 0.01][s][1],
            above=1.3,
            seeds=ten,
        )


def test_shut_rectifiers():
    def count(name, rate, seed):
        return CHAPTER["shut"](CHAPTER["SCHEDULES"][name](rate), seed).sum()

    over_seeds(lambda s: count("constant", 0.2, s), above=0.7 * 32, seeds=FRESH)
    over_seeds(lambda s: count("warm-up", 0.2, s), above=0.2 * 32, below=0.45 * 32, seeds=FRESH)
    both = [count("warm-up", 0.2, s) - count("constant", 0.03, s) for s in range(10)]
    assert abs(np.mean(both)) < 2 * np.std(both, ddof=1) / np.sqrt(10)
    over_seeds(lambda s: count("constant", 0.001, s), below=5, seeds=range(10))
    for seed in range(10):  # "hardly more than the starting weights had shut by themselves"
        hidden = MLP((64, 32, 10), "relu", seed=seed).forward(CHAPTER["IMAGES"][:1000])[1]
        assert count("constant", 0.001, seed) - np.sum(~(hidden > 0).any(axis=0)) in (0, 1)


def test_adams_first_step_at_a_large_rate():
    def after(seed):  # who does not move is at a blank pixel, or behind a rectifier that is shut
        net = MLP((64, 32, 10), "relu", seed=seed)
        batch = CHAPTER["IMAGES"][:50], CHAPTER["TRUTH"][:50]
        start = net.parameters.copy()
        gradient = net.value_and_gradient(*batch, CHAPTER["cross_entropy"])[1]
        moved = minimize(lambda w: (0.0, gradient), start, Adam(0.2), steps=1, tol=0).x - start
        net.parameters[:] = start + moved
        shut = ~(net.forward(CHAPTER["IMAGES"][:1000])[1] > 0).any(axis=0)
        return np.mean(np.abs(moved[: 64 * 32]) > 0.19), shut.sum()

    over_seeds(lambda s: after(s)[0], above=0.55, below=0.75)
    over_seeds(lambda s: after(s)[1], above=7, below=22, seeds=range(10))  # of 32


def test_what_is_shut_after_the_first_pass_is_shut_after_the_twentieth():
    for name, rate in [("constant", 0.2), ("constant", 0.03), ("warm-up and cosine", 0.2)]:
        for seed in range(5):
            schedule = CHAPTER["SCHEDULES"][name](rate)
            first, last = (CHAPTER["shut"](schedule, seed, passes=p) for p in (1, 20))
            assert last[first].all() and first.any()


def test_the_gradient_by_depth():
    images, truth = CHAPTER["IMAGES"][:200], CHAPTER["TRUTH"][:200]

    def first_over_last(activation, depth, seed):
        net = MLP((64, *[32] * depth, 10), activation, seed=seed)
        gradient = net.value_and_gradient(images, truth, CHAPTER["cross_entropy"])[1]
        last = gradient[-10 - 320 : -10]
        return np.linalg.norm(gradient[: 64 * 32]) / np.linalg.norm(last)

    over_seeds(lambda s: first_over_last("sigmoid", 4, s), above=1e-3)
    over_seeds(lambda s: first_over_last("sigmoid", 6, s), above=1e-4, below=5e-4)
    over_seeds(lambda s: first_over_last("sigmoid", 20, s), below=1e-11)
    for activation in ("tanh", "relu"):
        for depth in CHAPTER["DEPTHS"]:
            over_seeds(
                lambda s, a=activation, d=depth: first_over_last(a, d, s), above=0.1, below=10
            )


def test_the_caption_of_the_slice():
    surface = CHAPTER["SURFACE"]  # its lowest point is at most two of 40 steps from the center
    assert np.abs(np.subtract(np.unravel_index(surface.argmin(), surface.shape), 20)).max() <= 2
    assert surface.max() > 100 * surface.min()


def test_the_slice_hides_the_steep_directions():
    images, truth = CHAPTER["IMAGES"][:1000], CHAPTER["TRUTH"][:1000]

    def share(seed):
        net = MLP((64, 32, 10), "relu", seed=seed)
        net.fit(
            images, truth, CHAPTER["cross_entropy"], optimizer=Adam(0.01),
            epochs=20, batch_size=50, seed=seed,
        )  # fmt: skip
        objective = net.objective(images[:500], truth[:500], CHAPTER["cross_entropy"])
        center, rng = net.parameters.copy(), np.random.default_rng(seed)

        def push(d):
            d = d / np.linalg.norm(d)
            up, down = (objective(center + step * d)[1] for step in (1e-4, -1e-4))
            return d, (up - down) / 2e-4

        steep = rng.standard_normal(len(center))
        for _ in range(20):
            _, steep = push(steep)
        d, bent = push(steep)
        most = d @ bent
        parts = MLP((64, 32, 10), "relu")
        parts.parameters[:] = 0
        net.parameters[:] = center
        for mine, its in zip(parts.weights, net.weights, strict=True):
            mine[:] = rng.standard_normal(mine.shape)
            mine *= np.linalg.norm(its, axis=0) / np.linalg.norm(mine, axis=0)
        d, bent = push(parts.parameters)
        return most / (d @ bent)

    over_seeds(share, above=100)


def test_a_sum_where_a_mean_was():
    features, target = CHAPTER["Z"], CHAPTER["progress"]

    def stopped(batch, total, seed):
        rows = np.random.default_rng(seed).integers(0, len(features), batch)

        def objective(w):
            r = features[rows] @ w - target[rows]
            share = 1 if total else batch
            return r @ r / share, 2 / share * r @ features[rows]

        rate = GradientDescent(0.03 if total else 0.24)
        return minimize(objective, np.zeros(2), rate, steps=3000, tol=1e-4).stopped

    for seed in range(20):
        assert stopped(8, True, seed) == stopped(8, False, seed)  # the same steps
        assert stopped(64, True, seed) == "diverged"
        assert stopped(64, False, seed) == "converged"
    assert np.mean([stopped(8, True, seed) == "converged" for seed in range(20)]) > 0.8


def test_one_weight_after_the_other():
    valley, bottom = CHAPTER["valley"], CHAPTER["valley"](CHAPTER["BEST"])[0]
    for start in np.array(np.meshgrid(*[np.arange(-1.5, 1.6, 0.75)] * 2)).reshape(2, -1).T:
        for rate in (0.54, 0.9):
            assert valley(CHAPTER["one_by_one"](start, rate, 200))[0] < bottom + 1e-12
            assert valley(CHAPTER["together"](start, rate, 200))[0] > bottom + 10
    grid = np.array(np.meshgrid(*[np.arange(-1.5, 1.6, 0.75)] * 2)).reshape(2, -1).T
    for rate, some in [(0.1, True), (0.3, True), (0.5, False)]:
        won = {}
        for start in grid:
            end = [valley(CHAPTER[walk](start, rate, 20))[0] for walk in ("one_by_one", "together")]
            won[tuple(start)] = end[0] < end[1]
        assert won[1.5, 0.75] and (min(won.values()) == (not some))
        assert sum(won.values()) > 12  # in most it is ahead
    start = np.array([1.5, 0.75])
    assert np.allclose(np.diag(CHAPTER["CURVATURE"]), 2)  # so the bound is a rate of 1
    assert valley(CHAPTER["one_by_one"](start, 1.05, 200))[0] > 10


def test_a_shut_rectifier_hears_nothing():
    _, derivative = CHAPTER["forward_backward"](-0.5)
    assert derivative["loss"] == 1 and derivative["h"] != 0
    assert derivative["z"] == derivative["w"] == 0


def test_the_table_of_the_loss_that_stands_still():
    """Adam at 1 shuts every rectifier in the first pass; then only the last biases learn."""
    images, truth = CHAPTER["IMAGES"][:1000], CHAPTER["TRUTH"][:1000]
    loss, net = CHAPTER["cross_entropy"], MLP((64, 32, 10), "relu", seed=1)
    optimizer, rng, seen = Adam(1.0), np.random.default_rng(1), []
    memory = optimizer.init(net.parameters)
    for _ in range(10):
        value, gradient = net.value_and_gradient(images, truth, loss)
        parts = np.split(gradient, np.cumsum([64 * 32, 32, 320]))
        seen.append([value, *(np.linalg.norm(part) for part in parts)])
        for rows in rng.permutation(1000).reshape(20, 50):
            gradient = net.value_and_gradient(images[rows], truth[rows], loss)[1]
            optimizer.step(net.parameters, gradient, memory)
    table = """2.65 1.16 0.35 0.70 0.26
               2.62 0 0 0 0.22
               2.46 0 0 0 0.22
               2.37 0 0 0 0.12"""
    assert np.allclose(seen[:4], np.array(table.split(), float).reshape(4, 5), atol=0.006)
    later = np.array(seen)[4:, 0]  # "then only wanders above it"
    assert np.log(10) < later.min() and later.max() < 2.45 and np.any(np.diff(later) > 0)
    assert np.all(np.array(seen)[1:, 1:4] == 0)
    text = prose_of(CHAPTER.path)
    for line in table.split("\n"):
        assert " | ".join(line.split()) in text


def test_ten_sigmoids_with_the_best_biases():
    """Biases of minus one half bring every unit to the steepest place."""
    a, slope = 0.5, 1.0
    for _ in range(10):
        s = 1 / (1 + np.exp(-(a - 0.5)))
        a, slope = s, slope * s * (1 - s)
    assert slope == pytest.approx(0.25**10)
    key = next(e for e in answers.EXERCISES if e.key == "optimization.sigmoids")
    assert key.feedback(9.5e-7).right and not key.feedback(3.9e-7).right


def trained_on_digits(optimizer, seed, passes=20):
    net = MLP((64, 32, 10), "relu", seed=seed)
    return net.fit(
        CHAPTER["IMAGES"][:1000], CHAPTER["TRUTH"][:1000], CHAPTER["cross_entropy"],
        optimizer=optimizer, epochs=passes, batch_size=50, seed=seed,
    ).history.loss  # fmt: skip


def test_more_momentum_where_the_rate_was_too_low_and_where_it_was_good():
    def last(rate, momentum, seed):
        return trained_on_digits(Momentum(rate, momentum=momentum), seed)[-1]

    low = [[last(r, b, s) for s in range(5)] for r, b in [(0.01, 0.9), (0.01, 0.99), (0.001, 0.99)]]
    good = [[last(r, b, s) for s in range(5)] for r, b in [(0.1, 0.9), (0.1, 0.99), (0.01, 0.99)]]
    assert np.mean(low, axis=1) == pytest.approx([0.21, 0.055, 0.25], abs=0.006)
    assert np.mean(good[0]) == pytest.approx(0.03, abs=0.005) and np.mean(good[1]) > 1
    over_seeds(lambda s: low[1][s] / low[0][s], below=0.7)
    over_seeds(lambda s: low[2][s] / low[0][s], above=1)
    over_seeds(lambda s: good[1][s] / good[0][s], above=3)
    over_seeds(lambda s: good[2][s] / good[0][s], above=1, below=5)


def test_waves_of_a_schedule_that_is_stepped_once_a_batch():
    """The table of the exercise is of start 0; other starts wave with the same length."""

    def losses_of(seed):
        optimizer = GradientDescent(lambda t: 0.5 * (1 + np.cos(np.pi * t / 60)))
        return np.array(trained_on_digits(optimizer, seed, passes=13))

    assert np.round(losses_of(0), 2).tolist() == answers.WAVES
    for seed in range(5):  # down between the passes 6 and 7, level about 3 and 9
        loss = losses_of(seed)
        assert loss[6] - loss[7] > 0.05 and np.abs(np.diff(loss[2:4])).max() < 0.03
        assert np.abs(np.diff(loss[8:10])).max() < 0.03
    text = prose_of(CHAPTER.path)
    assert "| loss | " + " | ".join(f"{x:.2f}" for x in answers.WAVES) + " |" in text


def test_the_caption_of_the_two_knobs_holds_in_all_its_states():
    """By the eigenvalues of a step, which takes (w, v) to (w + v', v'), and by the walks themselves."""
    factor, distances = CHAPTER["factor"], CHAPTER["distances"]
    for rate in np.arange(0.5, 4.1, 0.5):
        for momentum in np.arange(0, 0.95, 0.1):
            largest = max(
                np.abs(np.linalg.eigvals([[1 - rate * c, momentum], [-rate * c, momentum]])).max()
                for c in (1 / CHAPTER["KAPPA"], 1)
            )
            assert factor(rate, momentum) == pytest.approx(largest, abs=1e-6)
            shown = readouts_of(CHAPTER.path, "two_knobs", rate=rate, momentum=momentum)
            beyond = rate > 2 * (1 + momentum) - 1e-9
            assert (shown["steps for a factor of ten"] == "never") == beyond
            if momentum == pytest.approx(0.9):
                assert beyond or shown["steps for a factor of ten"] == "44"
            walk = distances(rate, momentum, 400)
            if rate > 2 * (1 + momentum) + 1e-9:
                assert walk[-1] > walk[0]
            elif not beyond:
                assert walk[-1] < 0.2 * walk[0]
    rates = np.linspace(0.01, 1.999, 2000)
    assert round(np.min(-1 / np.log10(factor(rates, 0)))) == 115
    assert round(-1 / np.log10(factor(1, 0))) == 229
    assert round(-1 / np.log10(factor(*CHAPTER["POLYAK"]))) == 11
