"""What the chapter on mean squared error states and no cell of it asserts.

Bias and variance of the polynomials are computed, not sampled (the cell `bias-check`).

Its comparisons over seeds are listed in `seeds.py`.
"""

from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from sklearn.model_selection import KFold, train_test_split

from lossbook import datasets, losses
from lossbook.models import LinearModel
from lossbook.teaching.exercises import feedback

from ..figures import Names
from .seeds import over_seeds
from .states import readouts_of

CHAPTER = Names("mse")
figure = partial(readouts_of, CHAPTER.path)
MSE = losses.MeanSquaredError()
MAE = losses.MeanAbsoluteError()
CALLS = datasets.telephone_calls()
YEAR = CALLS.X[:, 0]
HONEST = (YEAR < 1963) | (YEAR > 1970)


def number(text):
    return float(text.rstrip("%").replace("−", "-"))


def line(year=None, record=None, loss=MSE):
    x, y = CALLS.X[HONEST], CALLS.y[HONEST].copy()
    if year:
        y[x[:, 0] == year] = record
    return LinearModel().fit(x, y, loss)


def test_the_first_figure():
    assert HONEST.sum() == 16
    assert (CALLS.y[0], CALLS.y[12], CALLS.y[-1]) == (4.4, 16.1, 29.0)
    assert round(line().coef[0], 2) == 1.08
    assert round(line(1973, 200).coef[0], 2) == 4.05
    assert round(line(1962, 200).coef[0], 2) == 1.77
    assert YEAR[HONEST].mean() == 1959
    for loss in (MAE, losses.Huber(delta=2.0)):
        for year in (1950, 1956, 1962, 1973):
            assert abs(line(year, 200, loss).coef[0] - line(loss=loss).coef[0]) < 0.05
    # at 1962 the line is lifted everywhere; at 1973 one end goes down, below zero
    ends = np.array([[1950.0], [1973.0]])
    assert (line(1962, 200).predict(ends) > line().predict(ends)).all()
    assert line(1973, 200).predict(ends)[0] < 0


def test_the_line_through_all_years_is_off_nearly_everywhere():
    error = np.abs(LinearModel().fit(CALLS.X, CALLS.y, MSE).predict(CALLS.X) - CALLS.y)
    assert np.sort(error)[0] < 2 < np.sort(error)[1]


def test_shares():
    def share(loss, r):
        each = loss.pointwise(np.zeros(4), np.array([1.0, 5.0, 10.0, r]))
        return each[-1] / each.sum()

    assert share(MSE, 12) >= 0.5 > share(MSE, 11)
    assert share(MAE, 16) >= 0.5 > share(MAE, 15)
    assert share(MSE, 49) >= 0.95 > share(MSE, 48)
    assert share(MAE, 304) >= 0.95 > share(MAE, 303)


def test_improbable_residuals():
    assert round(np.exp(12.5), -3) == 268_000
    assert round(np.exp(5)) == 148
    assert round(np.exp(5 * np.sqrt(2)), -2) == 1200


def test_condition_numbers():
    def condition(x):
        X = np.column_stack([np.ones(16), x])
        return np.linalg.cond(X.T @ X)

    x = YEAR[HONEST]
    assert condition(x) == pytest.approx(3e11, rel=0.05)
    assert round(condition(x - 1950)) == 346
    assert condition(x - x.mean()) == pytest.approx(50.5)
    assert condition((x - x.mean()) / x.std()) == pytest.approx(1)
    X = np.vander(x, 5)
    lengths = np.linalg.norm(X, axis=0)
    assert round(np.log10(lengths[0] / lengths[-1])) == 13


def test_diabetes():
    data = datasets.diabetes()
    assert data.X.shape == (442, 10)
    assert round(data.y.std()) == 77
    residual = LinearModel().fit(data.X, data.y, MSE).predict(data.X) - data.y
    z = (residual - residual.mean()) / residual.std()
    assert abs(np.mean(z**3)) < 0.05
    assert -0.5 < np.mean(z**4) - 3 < 0


def test_a_typo_among_the_years():
    x = CALLS.X[HONEST].copy()
    x[-1] = 2973.0
    for loss in (MSE, MAE, losses.Huber(delta=2.0)):
        assert abs(LinearModel().fit(x, CALLS.y[HONEST], loss).predict(x)[-1] - 29) < 1


def test_the_median_needs_more_samples():
    """pi / 2 times as many, in the limit; here by simulation. Under Laplace noise, half as many."""

    def ratio(seed, draw):
        samples = draw(np.random.default_rng(seed), size=(8_000, 201))
        return np.median(samples, axis=1).var() / samples.mean(axis=1).var()

    def gaussian(seed):
        return ratio(seed, np.random.Generator.normal) - np.pi / 2

    def laplace(seed):
        return ratio(seed, np.random.Generator.laplace)

    over_seeds(gaussian, above=-0.08, below=0.08, seeds=range(6))
    over_seeds(laplace, above=0.45, below=0.65, seeds=range(6))


def test_the_landing_page():
    y = np.array([1.0, 2, 2, 3, 4, 6, 0])

    def best(loss, seventh):
        y[-1] = seventh
        return LinearModel().fit(np.zeros((7, 1)), y, loss).intercept

    assert best(MAE, 4) == best(MAE, 30) == pytest.approx(3)
    huber = losses.Huber(delta=2.0)
    assert best(huber, 4) == pytest.approx(3) and best(huber, 30) == pytest.approx(3.25)
    assert best(MSE, 30) - best(MSE, 4) == pytest.approx(26 / 7)


# ------------------------------------------------------------------ captions, state by state


def test_the_wrong_record():
    """The squared error moves by the same amount each time; the other two stop, and soon."""
    records = range(0, 201, 20)
    for year in (0, 6, 12, 15):
        states = [figure("wrong_record", wrong_year=year, record=r) for r in records]
        slopes = {k: [number(s[k]) for s in states] for k in states[0]}
        np.testing.assert_allclose(np.diff(slopes["slope, squared"], 2), 0, atol=0.0201)
        for other in ("slope, absolute", "slope, Huber"):
            assert np.ptp(slopes[other][3:]) < 0.011  # from 60 million on
            assert np.ptp([*slopes[other], line().coef[0]]) < 0.13


def test_who_pays():
    for fourth in range(1, 61):
        shares = {k: number(v) for k, v in figure("who_pays", fourth=fourth).items()}
        assert (shares["squared"] >= 50) == (fourth >= 12)
        assert (shares["absolute"] >= 50) == (fourth >= 16)
        assert fourth < 10 or shares["squared"] == max(shares.values())
    left = {name: 100 - share for name, share in shares.items()}  # at 60
    assert left == {"squared": 3, "absolute": 21, "Huber": 15}


def test_the_best_constant():
    for richest in (10, 15, 20, 25, 30):
        y = np.array([1.0, 2, 2, 3, 4, 6, richest])
        states = {c: figure("best_constant", c=c, richest=richest) for c in np.arange(0, 10.1, 0.5)}
        best = min(states, key=lambda c: states[c]["mean squared error"])
        assert abs(best - y.mean()) <= 0.25
        assert min(states, key=lambda c: states[c]["mean absolute error"]) == 3


def test_belief_about_noise():
    assert len(CHAPTER["NOISE"]) > 2 and any("Gaussian" in noise for noise in CHAPTER["NOISE"])
    for noise in CHAPTER["NOISE"]:
        times = figure("noise_and_loss", noise=noise, r=5.0)["rarer than 0 by a factor of"]
        assert (times > 1e5) if "Gaussian" in noise else (times < 200)
        r = np.linspace(-12, 12, 2401)
        density = np.exp(-CHAPTER["NOISE"][noise].pointwise(np.zeros(2401), r))
        at_six = density[1800] / (density.sum() * 0.01)
        assert (at_six < 1e-8) if "Gaussian" in noise else (at_six > 1e-4)
    # a loss that stops growing has no density: the tails of exp(-loss) do not fall
    assert np.exp(-losses.Tukey()(0.0, 1e3)) == np.exp(-losses.Tukey()(0.0, 1e6)) > 0


def test_hubers_loss_is_half_the_square_and_then_a_force():
    for delta in np.arange(0.25, 5.1, 0.5):
        for r in np.arange(0, 6.1, 1.0):
            state = figure("huber_delta", delta=delta, r=r)
            assert state["gradient"] == min(r, delta)
            assert r > delta or state["loss"] == r**2 / 2
            assert r < delta or state["loss"] == pytest.approx(delta * (r - delta / 2))  # a line


def test_the_ways_to_write_the_input():
    floor = {name: run.values / least - 1 for name, (run, least, _) in CHAPTER["RUNS"].items()}
    assert np.argmax(floor["standardized"] < 0.01) == 1
    assert 200 < np.argmax(floor["centered"] < 0.01) < 300
    assert 900 < np.argmax(floor["years since 1950"] < 0.01) < 1001
    assert floor["year as printed"].min() > 50
    assert floor["centered"][20] > floor["years since 1950"][20]  # behind at the start


def test_bias_and_variance():
    for sigma, best in [(0.2, 5), (0.5, 3), (1.0, 3)]:
        states = [figure("bias_and_variance", degree=d, sigma=sigma) for d in range(10)]
        bias, variance = ([s[k] for s in states] for k in ("bias²", "variance"))
        assert np.argmin(np.add(bias, variance)) == best
        assert all(b <= a * (1 + 1e-9) for a, b in pairwise(bias))
        assert all(b > a for a, b in pairwise(variance))
    bias, spread = CHAPTER["BIAS_2"], CHAPTER["SPREAD"]
    best = [np.argmin(bias + sigma**2 * spread) for sigma in np.geomspace(1e-6, 1e3, 200)]
    assert best[0] == 9 and best[-1] == 0 and np.all(np.diff(best) <= 0)


def test_the_lines_fan_out():
    taus = np.arange(0.05, 0.96, 0.05)
    states = [figure("engel_quantiles", tau=float(t)) for t in taus]
    assert len(CHAPTER["FOOD"]) == 235
    assert len(states) == 19 and np.all(np.diff([number(s["slope"]) for s in states]) > 0)
    below = [number(s["households below the line"]) / 100 for s in states]
    np.testing.assert_allclose(below, taus, atol=0.02)

    def opening(seed):  # of the lines for 10 and for 90 percent, in other samples of the families
        rows = np.random.default_rng(seed).integers(0, 235, 235)
        income, food = CHAPTER["INCOME"][rows], CHAPTER["FOOD"][rows]
        low, high = (
            LinearModel().fit(income, food, losses.Pinball(quantile=q)).coef[0] for q in (0.1, 0.9)
        )
        return high - low

    over_seeds(opening, above=0.1, seeds=range(10))


# ------------------------------------------------------------------ trained and sampled


DIABETES = datasets.diabetes()


def test_saying_the_mean_on_the_test_set():
    *_, y_train, y_test = train_test_split(DIABETES.X, DIABETES.y, random_state=0)
    assert round(y_test.std(), 1) == 70.5
    assert round(np.mean((y_test - y_train.mean()) ** 2) ** 0.5, 1) == 70.5


def test_one_split_is_a_lottery_ticket():
    """The first one lost: fewer than one in ten of the others are worse."""
    first, *_ = scores = [CHAPTER["test_r_squared"](seed) for seed in range(100)]
    assert round(first, 2) == 0.36 and np.mean(np.array(scores) < first) < 0.1
    assert round(np.mean(np.sqrt(1 - np.array(scores))), 1) == 0.7  # the RMSE over the mean's


CONTESTANTS = {"squared": MSE, "absolute": MAE, "Huber": losses.Huber(delta=50.0)}


def unseen(loss, y, seed):
    out = np.empty_like(y)
    for train, test in KFold(10, shuffle=True, random_state=seed).split(DIABETES.X):
        out[test] = LinearModel().fit(DIABETES.X[train], y[train], loss).predict(DIABETES.X[test])
    return out


def test_the_contest_however_the_folds_are_drawn():
    y, spread, behind = DIABETES.y, [], []

    def hair(seed):
        out = {name: unseen(loss, y, seed) for name, loss in CONTESTANTS.items()}
        for score in (MSE, MAE):
            costs = [score(y, p) ** (0.5 if score is MSE else 1) for p in out.values()]
            spread.append(max(costs) / min(costs))
        each = np.abs(out["absolute"] - y) - np.abs(out["squared"] - y)
        behind.append(MAE(y, out["Huber"]) - MAE(y, out["squared"]))
        if seed == 0:
            assert (round(each.mean(), 2), round(each.std() / len(y) ** 0.5, 1)) == (0.66, 0.3)
        return each.mean()

    over_seeds(hair, above=0, seeds=range(8))
    assert max(spread) < 1.03 and min(behind) > 0


def test_gaussian_noise_favors_the_mean():
    """The diabetes data with Gaussian noise about the plane, and people that were not seen."""
    plane = LinearModel().fit(DIABETES.X, DIABETES.y, MSE).predict(DIABETES.X)
    width = np.std(DIABETES.y - plane)

    def hair(seed):
        y = plane + width * np.random.default_rng(seed).standard_normal(len(plane))
        return MAE(y, unseen(MAE, y, seed)) - MAE(y, unseen(MSE, y, seed))

    over_seeds(hair, mean_above=0, seeds=range(12))


# ------------------------------------------------------------------ theorems and computers


def test_a_fixed_step_under_absolute_error_ends_to_and_fro():
    for start, step in [(3.14, 0.1), (-2.0, 0.3), (0.05, 1.0)]:
        r, seen = start, []
        for _ in range(200):
            r -= step * MAE.gradient(np.zeros(1), np.array([r]))[0]
            seen.append(r)
        assert np.ptp(seen[-2:]) == pytest.approx(step) and seen[-1] * seen[-2] < 0
    assert MAE.gradient(np.zeros(1), np.zeros(1)) == 0  # whoever lands on the target stays


def test_the_mean_of_roots():
    def gap(seed):
        batches = np.random.default_rng(seed).standard_cauchy((5, 7))
        return np.mean(batches**2) ** 0.5 - np.sqrt(np.mean(batches**2, axis=1)).mean()

    over_seeds(gap, above=0, seeds=range(50))
    agree = np.array([[1.0, 7.0], [-7.0, 1.0], [5.0, 5.0]])
    assert np.sqrt(np.mean(agree**2, axis=1)).mean() == pytest.approx(5)


def test_cosh_in_both_precisions():
    with np.errstate(over="ignore"):
        for number, large, one, more in [
            (np.float64, 711, 1e-9, 1e-7),
            (np.float32, 90, 3e-4, 1e-3),
        ]:
            assert np.isinf(np.cosh(number(large))) and np.isfinite(np.cosh(number(large - 1)))
            assert np.cosh(number(one)) == 1 < np.cosh(number(more))


def test_the_bottom_is_flat_for_the_median_line():
    rise, error = np.array(CHAPTER["lines"]).T
    best = np.isclose(error, error.min())
    assert len(rise) == 276 and best.sum() >= 3
    steep = LinearModel().fit(CALLS.X, CALLS.y, MSE).coef[0]
    assert np.round(steep / [rise[best].max(), rise[best].min()], 1).tolist() == [3.1, 4.4]


@pytest.mark.parametrize("c", [2.0, 4.685, 10.0])
@pytest.mark.parametrize("loss", [MSE, MAE, losses.Huber(delta=2.0)])
def test_tukeys_wrong_valley(loss, c):
    """Reweighted least squares goes down Tukey's loss; from the flat lines it does not get up."""
    x, y = CALLS.X[HONEST].copy(), CALLS.y[HONEST]
    x[-1] = 2973.0
    tukey = losses.Tukey(scale=c)
    assert losses.Tukey().scale == 4.685  # the chapter's
    X = np.column_stack([np.ones(16), x])
    line = LinearModel().fit(x, y, loss)
    w = np.array([line.intercept, *line.coef])
    costs = []
    for _ in range(300):
        r = X @ w - y
        costs.append(tukey(y, X @ w))
        weight = np.where(np.abs(r) < c, (1 - (r / c) ** 2) ** 2, 0)
        w = np.linalg.lstsq(X * np.sqrt(weight)[:, None], np.sqrt(weight) * y)[0]
    assert all(b <= a * (1 + 1e-9) for a, b in pairwise(costs))
    upright = LinearModel().fit(x[:-1], y[:-1], MSE)
    assert costs[-1] > 1.5 * tukey(y, upright.predict(x))
    assert c != 4.685 or costs[0] > 2 * tukey(y, upright.predict(x))
    assert abs(w[1]) < 0.1 < upright.coef[0]


def test_the_roundings_that_the_text_prints_are_accepted():
    slope = 100 * (1973 - 1959) / np.sum((YEAR[HONEST] - 1959) ** 2)
    for answer in (slope, round(slope, 2), round(slope, 3)):
        assert feedback("mse.leverage", answer).right
    assert not feedback("mse.leverage", round(slope, 1)).right


def test_a_draw_from_the_right_distribution_costs_twice_the_mean():
    """In expectation, whatever the distribution: 3 dB of PSNR."""

    def ratio(seed):
        rng = np.random.default_rng(seed)
        chance, images = rng.dirichlet(np.ones(6)), rng.random((6, 9))
        apart = np.mean((images[:, None] - images) ** 2, axis=2)
        of_the_mean = np.mean((images - chance @ images) ** 2, axis=1)
        return chance @ apart @ chance / (chance @ of_the_mean)

    over_seeds(ratio, above=2 - 1e-9, below=2 + 1e-9)


def test_a_median_of_pixels_keeps_an_edge_and_deletes_a_dot():
    """Where no place has half of the probability."""
    for seed in range(5):
        place = np.random.default_rng(seed).permutation(np.repeat([3, 4, 5], [3, 4, 3]))[:, None]
        assert set(np.median(1.0 * (np.arange(9) >= place), axis=0)) == {0, 1}
        assert not np.median(1.0 * (np.arange(9) == place), axis=0).any()


def test_a_single_sample_under_the_root_is_the_absolute_error():
    y, c = np.array([1.0, 2, 2, 3, 4, 6, 20]), 4.2
    assert np.mean([MSE([t], [c]) ** 0.5 for t in y]) == pytest.approx(MAE(y, np.full(7, c)))
