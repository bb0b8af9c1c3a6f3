"""Captions of figures in the chapters that no test of their chapter names, over the states of their controls."""

import numpy as np
import pytest
from scipy.special import expit

from lossbook import losses

from ..figures import Names, figures_of

FUNDAMENTALS, SIGNIFICANCE = Names("fundamentals"), Names("significance")
CROSS_ENTROPY, HINGE = Names("cross_entropy"), Names("hinge")


def controls_of(names, figure):
    return {c.name: c.values for c in figures_of(names.path)[figure][1]}


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
    """Arrows are long where most calls are wrong, and fade as a wrong model gets surer, or are none."""
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
    honest = (year < 1963) | (year > 1970)
    assert (len(year), honest.sum()) == (24, 16)
    assert np.sum(off[losses.MeanSquaredError] > 2) == 23
    assert np.sum(off[losses.MeanAbsoluteError][honest] < 2) == 14


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


# ---------------------------------------------------------------------------------- Challenges

CHALLENGES, CUSTOM, OPTIMIZATION = (
    Names("challenges"),
    Names("custom_losses"),
    Names("optimization"),
)


def test_caption_one_stray_value():
    """A straight line; two that rise and turn level; one that falls back to where it began."""
    pulls = CHALLENGES["PULLS"]
    assert np.allclose(np.diff(pulls["squared"], 2), 0, atol=0.0021)
    assert pulls["squared"][-1] > pulls["squared"][0] + 1
    for name in ("absolute", "Huber"):
        steps = np.diff(pulls[name])
        assert np.all(steps > -1e-9) and pulls[name][-1] > pulls[name][0]
        assert np.allclose(steps[:5], 0) and np.allclose(steps[-5:], 0)
    tukey = pulls["Tukey"]
    assert tukey[0] == pytest.approx(tukey[-1], abs=0.0011)
    low, high = tukey.argmin(), tukey.argmax()
    assert low < high and tukey[low] < tukey[0] - 0.02 and tukey[high] > tukey[0] + 0.02
    strays = CHALLENGES["STRAYS"]  # where the panels show it, the gradient behind is near the curve
    near = np.abs(strays) <= 6
    for name, curve in pulls.items():
        gap = np.abs(CHALLENGES["pull"](name, strays[near]) - curve[near])
        assert gap.max() < (0.08 if name == "absolute" else 0.03), name


def test_caption_power_means():
    powers, means = np.array(CHALLENGES["POWERS"]), CHALLENGES["MEANS"]
    assert np.all(np.diff(means) > 0) and (round(means[0]), round(means[-1])) == (91, 139)
    assert np.all((means < means[powers == 1]) == (powers < 1))
    assert np.allclose(CHALLENGES["MEDIANS"], 101.5, atol=0.06)
    bent, fat = CHALLENGES["bent"], CHALLENGES["FAT"]
    for p, mean in zip(powers, means, strict=True):  # the mean of what the histogram shows
        assert bent(p, mean) == pytest.approx(bent(p, fat).mean())
    skew = [np.mean(bent(p, fat)) - np.median(bent(p, fat)) for p in (0, 1, 2)]
    assert abs(skew[0]) < 0.02 < skew[1]


def test_caption_grams_and_tons():
    """The unit decides whom a penalty spares, and how long the descent takes; standardized, it does not."""
    effect, in_units = CHALLENGES["per_deviation"], CHALLENGES["in_units"]
    full = effect(in_units("standardized"), 0)
    assert len(CHALLENGES["STRENGTHS"]) > 4
    for lam in CHALLENGES["STRENGTHS"][1:]:
        grams, tons = (effect(in_units(unit), lam) for unit in ("1 g", "1 t"))
        assert grams[0] > 0.99 * full[0] and grams[1] < full[1]
        assert abs(tons[0]) < 0.02 * full[0]
    falls = CHALLENGES["FALLS"]
    for unit in ("1 kg", "standardized"):
        assert falls[unit][100] < 1e-3 * falls[unit][0]
    for unit in ("1 g", "1 t"):
        assert falls[unit][1000] > 0.5 * falls[unit][10] > 1


def test_caption_judged_by_itself():
    deltas = np.array(CHALLENGES["DELTAS"])
    own, fixed = np.array(CHALLENGES["OWN"]), np.array(CHALLENGES["FIXED"])
    assert np.all(np.diff(own) > 0) and (deltas[0], deltas[-1]) == (0.1, 100)
    level = fixed[deltas <= 2]
    assert level.max() < 1.3 * level.min() and np.all(np.diff(fixed[deltas >= 2]) > 0)
    assert fixed[-1] > 5 * level.max()


def test_caption_weight_or_threshold():
    """At each weight the marker is near the curve of the plain model, and the mean forecast higher."""
    logits, curve = CHALLENGES["LOGITS"], CHALLENGES["SWEEP"]
    means = [expit(logits[weight]).mean() for weight in CHALLENGES["WEIGHTS"]]
    assert np.all(np.diff(means) > 0)
    share = np.mean(CHALLENGES["EIGHTS"])
    assert round(share, 1) == 0.1 and means[-1] > 1.3 * share
    for weight in CHALLENGES["WEIGHTS"]:
        found, false = CHALLENGES["found_and_false"](logits[weight], 0)
        assert np.abs(curve - [found, false]).max(axis=1).min() < 0.06


def test_caption_stop_or_shrink():
    """From five steps on there is a penalty that goes nearly as far in each of the ten directions."""
    bends, grid = CHALLENGES["BENDS"], np.geomspace(1e-3, 20, 400)
    assert len(bends) == 10
    for t in CHALLENGES["STOPS"]:
        far = CHALLENGES["stopped"](t)(bends)
        gaps = [abs(far - CHALLENGES["penalized"](lam)(bends)).max() for lam in grid]
        if t >= 5:
            assert min(gaps) < 0.2
            twin = CHALLENGES["shrunk"](0, CHALLENGES["penalized"](grid[np.argmin(gaps)]))
            assert twin == pytest.approx(CHALLENGES["AFTER"][t], rel=0.03)
        if t == 20:
            offered = CHALLENGES["LAMBDAS"]
            gaps = [abs(far - CHALLENGES["penalized"](lam)(bends)).max() for lam in offered]
            assert offered[np.argmin(gaps)] == 0.25


# ---------------------------------------------------------------------------------- Building your own loss


def test_caption_linex_allowance():
    """Over the line of least squares: up for a below zero, more so at higher incomes; down above zero."""
    incomes = np.linspace(1000, 3000, 9)[:, None]
    lines = {a: line.predict(incomes) for a, line in CUSTOM["ALLOWANCE"].items()}
    assert len(lines) > 4
    for a, line in lines.items():
        lift = np.sign(-a) * (line - lines[0])
        assert a == 0 or (np.all(lift > 0) and np.all(np.diff(lift) > 0)), a


def test_caption_difference_step():
    exponents = CUSTOM["EXPONENTS"]
    forward, central, complex_step = CUSTOM["STEP_ERRORS"].T
    assert abs(exponents[forward.argmin()] - 8) <= 1 and forward.min() < 1e-8
    assert abs(exponents[central.argmin()] - 5) <= 1 and central.min() < 1e-10
    assert forward[-1] > 100 * forward.min() and central[-1] > 100 * central.min()
    assert complex_step[exponents >= 8].max() < 1e-15


def test_caption_two_tasks():
    """The learned weights do not notice the unit; equal ones do."""
    tasks = CUSTOM["TASKS"]
    assert np.allclose(tasks["mg/dL"], tasks["mmol/L"], atol=1e-6)
    (hdl, pressure), (hdl_small, pressure_large) = tasks["mg/dL", 0.0], tasks["mmol/L", 0.0]
    assert hdl_small < hdl - 0.05 and pressure_large > pressure + 0.02
    front = CUSTOM["FRONT"]
    assert np.all(np.diff(front[:, 0]) >= -1e-9) and np.all(np.diff(front[:, 1]) <= 1e-9)


def test_caption_robust_dial():
    """Two starts, one answer above 1/2 and two from there down, one of them near the honest line."""
    lines, (honest, wrong) = CUSTOM["BARRON"], CUSTOM["STARTS"]
    slope = CUSTOM["STARTS"][honest][1]
    assert lines[2.0, honest][1] > 4 * slope
    for alpha in CUSTOM["ALPHAS"]:
        ours, other = lines[alpha, honest][1], lines[alpha, wrong][1]
        if alpha <= 0.5:
            assert ours == pytest.approx(slope, rel=0.15)
        assert (abs(ours - other) > 0.5 * slope) == (alpha <= 0.5), alpha
        convex = losses.Barron(alpha=alpha).facts.convex
        assert convex == (alpha >= 1)


def test_caption_cost_threshold():
    """The valley moves left as a miss grows dearer, and the formula is within half of its floor."""
    lowest = []
    for price, costs in CUSTOM["CUT_COSTS"].items():
        lowest.append(CUSTOM["EVERY_CUT"][costs.argmin()])
        assert CUSTOM["outcome"](CUSTOM["PLAIN"], -np.log(price), price)[2] <= 1.5 * costs.min()
    assert np.all(np.diff(lowest) <= 0) and lowest[-1] < lowest[0]


# ---------------------------------------------------------------------------------- Optimization


def test_caption_two_blood_values():
    """Below 0.527 every start ends at the cross, above it none does."""
    bends, axes = np.linalg.eigh(OPTIMIZATION["CURVATURE"])
    assert 2 / bends[-1] == pytest.approx(0.527, abs=5e-4)
    places = controls_of(OPTIMIZATION, "two_blood_values")
    for rate in places["rate"]:
        for w1 in places["w1"]:
            for w2 in places["w2"]:
                off = axes.T @ (np.array([w1, w2]) - OPTIMIZATION["BEST"])
                with np.errstate(over="ignore"):
                    after = np.abs((1 - rate * bends) ** 20_000 * off).max()
                assert (after < 1e-6) == (rate < 0.527) and (rate < 0.527 or after > 1e6)


def test_caption_backward_pass():
    """The derivatives are right where the rectifier is open and where it is shut."""
    run = OPTIMIZATION["forward_backward"]
    for w in controls_of(OPTIMIZATION, "backward_pass")["w"]:
        h = 1e-6
        slope = (run(w + h)[0]["loss"] - run(w - h)[0]["loss"]) / (2 * h)
        assert run(w)[1]["w"] == pytest.approx(slope, abs=1e-4)
        value, d = run(w)
        assert d["h"] == 3 * d["p"] + 2 * value["h"] * d["q"]
    assert len(OPTIMIZATION["NODES"]) == 7


def test_caption_every_rate():
    """At their best rates the seven read nearly the same share; the best rates differ by factors."""
    rates, best, read = OPTIMIZATION["SWEEP"], {}, {}
    for name, shares in OPTIMIZATION["ACCURACY"].items():
        assert shares.shape == (len(rates), 5, 2)
        choose, test = shares.mean(axis=1).T
        best[name], read[name] = rates[choose.argmax()], test[choose.argmax()]
    assert len(best) == 7 and max(read.values()) - min(read.values()) < 0.02
    assert max(best.values()) >= 10 * min(best.values())
    assert 0.3 < best["gradient descent"] < 3.2 and 0.009 < best["Adam"] < 0.04


def test_caption_rates_that_change():
    """Side by side at modest rates, where decay ends higher; at 0.2 only warm-up with cosine gets down."""
    trials, schedules = OPTIMIZATION["TRIALS"], OPTIMIZATION["SCHEDULES"]
    last = {key: trial[0][-1] for key, trial in trials.items()}
    decays = ("step", "cosine", "warm-up and cosine")
    for rate in (0.01, 0.03):
        for name in decays:
            assert 1 < last[name, rate] / last["constant", rate] < 2.1
    assert max(last[name, 0.1] for name in decays) < last["constant", 0.1]
    for name in schedules:
        assert (last[name, 0.2] < 0.01) == (name == "warm-up and cosine")


def test_caption_who_hears_the_loss():
    norms = OPTIMIZATION["NORMS"]
    assert {activation for activation, _ in norms} > {"sigmoid"}
    for (activation, depth), sizes in norms.items():
        assert len(sizes) == depth + 1
        if activation == "sigmoid":
            assert np.all(np.diff(sizes) > 0) and sizes[0] < 0.5**depth * sizes[-1]
        else:
            assert sizes.max() < 30 * sizes.min()


def test_caption_a_slice_of_the_landscape():
    """From its lowest point outward the surface only rises, along every ray; the space has 2,410 dimensions."""
    surface, plane = OPTIMIZATION["SURFACE"], OPTIMIZATION["PLANE"]
    assert OPTIMIZATION["center"].size == 2410 and len(plane) == 41
    row, column = np.unravel_index(surface.argmin(), surface.shape)
    assert max(abs(plane[row]), abs(plane[column])) < 0.2
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            ray, i, j = [], row, column
            while (down, right) != (0, 0) and 0 <= i < 41 and 0 <= j < 41:
                ray.append(surface[i, j])
                i, j = i + down, j + right
            assert np.all(np.diff(ray) > -1e-9)
