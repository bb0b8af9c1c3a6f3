"""What the chapter on training that misbehaves says of things that were computed.

- five runs, where each breaks first, all states of the figure: `test_the_caption_of_the_five_runs`
- the root of the mean square circles where all can be fitted, and settles elsewhere:
  `test_the_root_circles_where_everything_can_be_fitted` (5 draws)
- rounding to bfloat16: `test_bfloat16_rounds_to_nearest_even` (5,000 numbers)
- the window of the loss scale, all states: `test_the_caption_of_the_loss_scale`
- five precisions: `test_precisions_from_fresh_starts` (5 starts that the chapter does not show)
- two micro-batches, all states: `test_the_caption_of_two_micro_batches`
- the last bias: `test_the_caption_of_where_it_starts` (all states), `test_a_bias_at_the_base_rate`
  (5 fresh starts), `test_a_regression_that_starts_at_zero_is_thrown_out` (5 starts)
- what tells the causes of one answer to all: `test_three_numbers_tell_the_causes` (5 starts)
- slips that one batch shows: `test_slips_stay_above_the_floor` (5 fresh starts)
- training and validation loss by what is on and when it is taken: `test_the_caption_of_two_curves`
  (all states; 5 starts), `test_the_mean_over_a_pass_is_older` (10 starts)
- a harder training part: `test_with_shifts_the_training_part_is_the_harder_one` (10 splits)
- small validation sets: `test_small_splits_are_a_lottery` (5 fresh starts)
- the validation loss rises with the accuracy: `test_surer_and_wrong` (10 starts), the caption:
  `test_the_caption_of_surer_and_wrong`
- teeth of a saw: `test_teeth_have_the_size_of_chance` (5 fresh starts)
- clipping: `test_a_clipped_loss_leaves_images_unlearned` (5 fresh starts)
"""

import numpy as np
import pytest

from lossbook import datasets, losses
from lossbook.models import MLP
from lossbook.optim import Adam, GradientDescent
from lossbook.teaching.exercises import find

from ..figures import Names
from ..text import prose_of
from .seeds import over_seeds
from .states import readouts_of, settings, states

CHAPTER = Names("training")
FRESH = range(5, 10)
LABELS = [  # where the clinic leads
    *("nan-and-infinity", "half-precision", "masks-and-means", "accumulation"),
    *("where-training-starts", "overfit-one-batch", "two-curves", "clipping"),
    *("whole-loop", "before-you-ask"),
]


def test_the_clinic_finds_its_sections():
    text = prose_of(CHAPTER.path)
    for label in LABELS:
        assert f"({label})=\n#" in text, label


# ---------------------------------------------------------------------------------- not a number


def test_the_caption_of_the_five_runs():
    for name, seen in CHAPTER["RUNS"].items():
        bad = ~np.isfinite(seen)
        first = int(np.argmax(bad[:, 1]))  # of the gradient
        assert bad[first, 1], name
        assert bad[first + 1, 2] and not bad[first, 2], name
        assert bad[first + 2 :].all(), name
    bad = {name: ~np.isfinite(seen) for name, seen in CHAPTER["RUNS"].items()}
    assert not bad["A"][0].any() and np.isnan(CHAPTER["RUNS"]["A"][2:]).all()
    assert np.isfinite(CHAPTER["RUNS"]["B"][0, 0]) and bad["B"][0, 1]
    assert not bad["C"][:3].any() and bad["C"][3, 0]
    assert not bad["D"][:15].any() and np.isinf(CHAPTER["RUNS"]["D"][15, 0])
    growing = CHAPTER["RUNS"]["E"] > 1e6
    turned_gold = [int(np.argmax(row)) for row in growing.T]
    assert turned_gold == sorted(set(turned_gold)) and turned_gold[-1] < 5
    assert not bad["E"][:9].any() and np.isinf(CHAPTER["RUNS"]["E"][10, 0])
    chances = settings(CHAPTER.path, "who_was_first")
    assert len(chances) == 125
    seen = readouts_of(CHAPTER.path, "who_was_first", run="B", step=0)
    assert seen["loss"] == "3.9" and seen["largest gradient"] == "not a number"


def test_the_root_circles_where_everything_can_be_fitted():
    def late(seed, inputs, root):
        rng = np.random.default_rng(seed)
        A, target = rng.standard_normal((8, inputs)), rng.standard_normal(8)
        w, rate = np.zeros(inputs), 0.02
        for _ in range(4000):
            r = A @ w - target
            slope = r / np.sqrt(8 * r @ r) if root else 2 / 8 * r
            step = rate * A.T @ slope
            w = w - step
        return np.linalg.norm(step)

    over_seeds(lambda s: late(s, 16, root=True), above=1e-3)
    over_seeds(lambda s: late(s, 16, root=False), below=1e-6)
    over_seeds(lambda s: late(s, 2, root=True), below=1e-6)


# ---------------------------------------------------------------------------------- half precision


def test_bfloat16_rounds_to_nearest_even():
    rng = np.random.default_rng(0)
    x = (rng.choice([-1, 1], 5000) * 2.0 ** rng.uniform(-120, 126, 5000)).astype(np.float32)
    x = np.append(x, 1 + np.arange(0, 256, dtype=np.float32) / 512)  # with every halfway case
    spacing = 2.0 ** (np.floor(np.log2(np.abs(x.astype(float)))) - 7)
    assert np.array_equal(CHAPTER["bfloat16"](x), np.rint(x.astype(float) / spacing) * spacing)
    special = CHAPTER["bfloat16"]([np.nan, -np.nan, np.inf, -np.inf, 0.0, 3.4e38])
    assert np.isnan(special[:2]).all()
    assert special[2:].tolist() == [np.inf, -np.inf, 0, np.inf]
    every_nan = np.array([0x7FFFFFFF, 0xFFFFFFFF], np.uint32).view(np.float32)
    assert np.isnan(CHAPTER["bfloat16"](every_nan)).all()


def test_the_caption_of_the_loss_scale():
    found = {
        (s["kind"], s["passes"], s["power"]): drawn[1]
        for s, drawn in states(CHAPTER.path, "loss_scale")
    }
    powers = sorted({power for _, _, power in found})
    for passes in CHAPTER["SIZES"]:
        seen = [found["float16", passes, p] for p in powers]
        gone = [float(s["rounded to 0"].rstrip("%")) for s in seen]
        over = [s["overflow"] for s in seen]
        assert gone == sorted(gone, reverse=True) and over == sorted(over)
        assert over[-1] > 0 and seen[-1]["the step"] == "skipped" and over[0] == 0
        assert any(g < 1 and o == 0 for g, o in zip(gone, over, strict=True))  # the window
        for power in powers:
            assert found["bfloat16", passes, power]["rounded to 0"] == "0.0%"
            assert found["bfloat16", passes, power]["overflow"] == 0
    assert found["float16", 60, 0]["rounded to 0"] == "14.2%"  # one in seven
    assert found["float16", 0, 0]["rounded to 0"] == "0.0%"


def test_precisions_from_fresh_starts():
    runs = {
        (name, seed): CHAPTER["train_in"](seed=seed, **options)
        for name, options in CHAPTER["PRECISIONS"].items()
        for seed in FRESH
    }

    def more(name, what, seed):
        return runs[name, seed][what] - runs["double precision", seed][what]

    loss, right, skipped = 0, 1, 2
    over_seeds(lambda s: more("float16", loss, s), above=-5e-4, below=5e-4, seeds=FRESH)
    over_seeds(lambda s: more("float16, a 65,536th", right, s), below=0, seeds=FRESH)
    over_seeds(lambda s: more("float16, dynamic", loss, s), above=-0.005, below=0.005, seeds=FRESH)
    over_seeds(lambda s: more("weights in bfloat16", loss, s), above=0, seeds=FRESH)
    assert all(7 <= runs["float16, dynamic", s][skipped] <= 10 for s in FRESH)


# ---------------------------------------------------------------------------------- means


def test_the_caption_of_two_micro_batches():
    for setting, (_, readouts) in states(CHAPTER.path, "two_micro_batches"):
        n, m = setting["prose"], setting["years"]
        a, b = CHAPTER["push"](CHAPTER["PROSE"][:n]), CHAPTER["push"](CHAPTER["YEARS"][:m])
        whole = CHAPTER["push"](CHAPTER["PROSE"][:n] + CHAPTER["YEARS"][:m])
        along = (whole - a) @ (b - a) / ((b - a) @ (b - a))  # 0 at the prose, 1 at the years
        assert whole == pytest.approx(a + along * (b - a)) and along == pytest.approx(m / (n + m))
        assert (readouts["angle between the two"] == "0°") == (n == m)
        assert a[0] > 0 > a[1] and b[1] > 0 > b[0]  # to the right, upward


# ---------------------------------------------------------------------------------- the start


def test_the_caption_of_where_it_starts():
    starts, prior = CHAPTER["STARTS"], CHAPTER["PRIOR"]
    assert all(curves[:, -1].max() < CHAPTER["IGNORANT"] for curves in starts.values())
    steps = {b: np.mean([CHAPTER["wasted"](c) for c in curves]) for b, curves in starts.items()}
    low = [steps[b] for b in sorted(starts) if b < prior]
    high = [steps[b] for b in sorted(starts) if b > prior]
    assert low == sorted(low, reverse=True) and high == sorted(high)
    assert steps[0.0] > 15 and max(steps[-2.0], steps[-2.5]) < 5
    for b, curves in starts.items():
        if b >= 0:
            assert CHAPTER["wasted"](curves.mean(axis=0)) >= 10
    assert len(settings(CHAPTER.path, "where_it_starts")) == 19


def test_a_bias_at_the_base_rate():
    curves = {
        (name, seed): CHAPTER["from_bias"](bias, seed)
        for name, bias in (
            ("zero", 0.0),
            ("prior", CHAPTER["PRIOR"]),
            ("high", CHAPTER["PRIOR"] + 4),
        )
        for seed in FRESH
    }
    saved = over_seeds(
        lambda s: CHAPTER["wasted"](curves["zero", s]) - CHAPTER["wasted"](curves["prior", s]),
        mean_above=0,
        seeds=FRESH,
    )
    assert saved.mean() > 5
    over_seeds(lambda s: curves["zero", s][-1] - curves["prior", s][-1], above=0, seeds=FRESH)
    over_seeds(lambda s: curves["high", s][-1] - curves["zero", s][-1], above=0, seeds=FRESH)


def test_a_regression_that_starts_at_zero_is_thrown_out():
    patients = datasets.diabetes()
    X = (patients.X - patients.X.mean(axis=0)) / patients.X.std(axis=0)
    assert 145 < patients.y.mean() < 155

    def run(bias, seed):
        net = MLP((10, 32, 1), "relu", seed=seed)
        net.biases[-1][:] = bias
        options = {"optimizer": GradientDescent(0.01), "epochs": 100, "batch_size": 50}
        return net.fit(X, patients.y, losses.MeanSquaredError(), seed=seed, **options).history

    for seed in range(5):
        assert run(0.0, seed).stopped == "diverged"
        assert run(patients.y.mean(), seed).loss[-1] < 0.6 * patients.y.var()


def test_three_numbers_tell_the_causes():
    for seed in range(5):
        found = {name: CHAPTER["examined"](name, seed) for name in CHAPTER["ILL"]}
        most, on, gradient = found["healthy"]
        assert most < 0.2 and on > 0.7 and gradient > 0.01
        most, on, gradient = found["two in three are threes"]
        assert most > 0.5 and on > 0.5 and gradient > 0.01
        most, on, gradient = found["inputs divided twice"]
        assert most > 0.99 and on > 0.2 and gradient > 1e-4
        for name in ("inputs up to 1,600", "rate of 3"):
            most, on, gradient = found[name]
            assert most > 0.9 and on < 0.05 and gradient < 1e-12
        most, on, gradient = found["twelve sigmoids"]
        assert most > 0.99 and on == 1 and 1e-10 < gradient < 1e-7


def test_slips_stay_above_the_floor():
    by_heart = {
        (slip, seed): CHAPTER["learned_by_heart"](slip, seed)
        for slip in CHAPTER["SLIPS"]
        for seed in FRESH
    }
    over_seeds(lambda s: by_heart["none", s][0], below=0.002, seeds=FRESH)
    for slip in CHAPTER["SLIPS"][1:]:
        over_seeds(lambda s, slip=slip: by_heart[slip, s][0], above=0.1, seeds=FRESH)
    assert all(by_heart["first layer detached", s][1] == 1 for s in FRESH)


# ---------------------------------------------------------------------------------- two curves


def test_the_caption_of_two_curves():
    on_and_taken = settings(CHAPTER.path, "two_curves")
    assert len(on_and_taken) == 8
    for on, options in CHAPTER["SWITCHED_ON"].items():
        runs = [
            CHAPTER["CURVES"][on],
            *(CHAPTER["three_curves"](s, **options) for s in range(1, 5)),
        ]
        for during, after, validation in runs:
            assert after[-1] < validation[-1]
            if on in ("dropout 0.5", "shifts by a pixel"):
                assert (during > validation).all()
            if on == "nothing":
                above = during > validation
                assert above[:8].all() and not above[15:].any()
                assert during[-1] < 0.5 * validation[-1]


def test_the_mean_over_a_pass_is_older():
    def passes_below(seed):
        during, _, validation = CHAPTER["three_curves"](seed)
        return np.sum(during > validation)

    over_seeds(passes_below, above=7, below=14, seeds=range(10))


def test_with_shifts_the_training_part_is_the_harder_one():
    loss, images, truth = CHAPTER["cross_entropy"], CHAPTER["IMAGES"], CHAPTER["DIGITS"]

    def passes_below(seed):
        order = np.random.default_rng(seed).permutation(1797)
        (X, U), (y, v) = np.split(images[order], [600]), np.split(truth[order], [600])
        net, rng = MLP((64, 64, 10), "relu", seed=seed), np.random.default_rng(seed)
        adam, below = Adam(0.003), 0
        memory = adam.init(net.parameters)
        for _ in range(60):
            for rows in rng.permutation(600).reshape(-1, 50):
                step = CHAPTER["training_gradient"](net, X[rows], y[rows], rng, shift=True)
                adam.step(net.parameters, step[1], memory)
            below += loss(y, net.predict(X)) > loss(v, net.predict(U))
        return below

    _, after, validation = CHAPTER["CURVES"]["shifts by a pixel"]
    assert np.sum(after > validation) == 18 and not (after > validation)[30:].any()
    assert sum(passes_below(seed) == 0 for seed in range(10)) == 8


def test_small_splits_are_a_lottery():
    for size, low, high in ((20, 0.25, 0.45), (50, 0.1, 0.3), (200, 0, 0.1)):
        over_seeds(
            lambda s, n=size: CHAPTER["share_below"](n, s), above=low, below=high, seeds=FRESH
        )
    *_, (_, net) = CHAPTER["passes"](0, count=20)  # "lower by a third"
    loss = CHAPTER["cross_entropy"]
    training = loss(CHAPTER["y"], net.predict(CHAPTER["X"]))
    unseen = loss(CHAPTER["UNSEEN_Y"], net.predict(CHAPTER["UNSEEN_X"]))
    assert training / unseen == pytest.approx(2 / 3, abs=0.05)


def test_surer_and_wrong():
    runs = [CHAPTER["by_verdict"](seed) for seed in range(10)]

    def after_the_lowest(seed):
        _, validation, share, right, wrong = runs[seed]
        low = int(validation.argmin())
        assert 15 < low < 60 and wrong[-1] > 1.4 * wrong[low] and right[-1] < right[low]
        return validation[-1] / validation[low], share[-1] - share[low]

    over_seeds(lambda s: after_the_lowest(s)[0], above=1.24, below=1.45, seeds=range(10))
    gained = over_seeds(lambda s: after_the_lowest(s)[1], mean_above=0, seeds=range(10))
    assert np.sum(gained > 0) == 7 and gained.min() > -0.006
    assert gained.mean() == pytest.approx(0.003, abs=0.001)


def test_the_caption_of_surer_and_wrong():
    _, validation, share, right, wrong = CHAPTER["VERDICTS"]
    low = int(validation.argmin())
    assert 25 <= low <= 40
    shown = [s - 1 for s in CHAPTER["SHOWN"] if s - 1 > low]
    assert np.all(np.diff(validation[shown]) > 0)
    for k in shown[1:]:
        assert share[k] >= share[low] and wrong[k] > wrong[low] and right[k] < right[low]
    assert wrong.min() < 2 and wrong[-1] > 4 and right[-1] < 0.02


def test_teeth_have_the_size_of_chance():
    for batch, low, high in ((4, 0.9, 1.15), (10, 0.85, 1.15), (20, 0.65, 0.95)):
        over_seeds(
            lambda s, b=batch: np.divide(*CHAPTER["teeth"](b, 0.03, s)),
            above=low,
            below=high,
            seeds=FRESH,
        )


# ---------------------------------------------------------------------------------- clipping


def test_a_clipped_loss_leaves_images_unlearned():
    runs = {
        (how, seed): CHAPTER["clipped"](how, seed) for how in CHAPTER["CLIPPED"] for seed in FRESH
    }
    over_seeds(lambda s: runs["loss of each sample", s][1], above=1 / 3, seeds=FRESH)
    over_seeds(
        lambda s: runs["loss of each sample", s][0] - runs["nothing", s][0], below=-0.2, seeds=FRESH
    )
    assert all(abs(runs["gradient", s][0] - runs["nothing", s][0]) < 0.005 for s in FRESH)
    both = [CHAPTER["CLIPPED"]["mean loss"][:, 0], [runs["mean loss", s][0] for s in FRESH]]
    assert min(map(min, both)) < 0.2 and max(map(max, both)) > 0.9  # a lottery


# ---------------------------------------------------------------------------------- the loop


def test_the_loop_returns_to_its_best_weights():
    loss, (X, y) = CHAPTER["cross_entropy"], CHAPTER["validation"]
    assert loss(y, CHAPTER["net"].predict(X)) == pytest.approx(CHAPTER["lowest"])


def test_counting_stops_where_the_exercise_says():
    count = np.float32(0)
    while CHAPTER["bfloat16"](count + 1) > count:
        count = CHAPTER["bfloat16"](count + 1)
    assert find("training.counting").answer() == count == 256
