"""What the chapter on custom losses states and no cell of it asserts.

Its comparisons over seeds are listed in `seeds.py`.
"""

import re
from functools import cache

import numpy as np
import pytest
from scipy.special import expit
from sklearn.model_selection import KFold, StratifiedKFold

from lossbook import custom, datasets, losses
from lossbook.models import LinearModel
from lossbook.penalties import L2
from lossbook.teaching.exercises.answers import custom_losses as answers
from lossbook.teaching.exercises.answers.custom_losses import _between

from ..figures import Names, figures_of
from ..paths import CHAPTERS
from ..text import prose_of
from .seeds import over_seeds

CHAPTER = CHAPTERS / "custom_losses.ipynb"
NAMES = Names("custom_losses")


class Linex(losses.Loss):
    def __init__(self, *, a):
        self.a = a

    def pointwise(self, y_true, y_pred):
        x = self.a * (y_pred - y_true)
        return np.expm1(x) - x

    def gradient(self, y_true, y_pred):
        return self.a * np.expm1(self.a * (y_pred - y_true))

    def hessian(self, y_true, y_pred):
        return self.a**2 * np.exp(self.a * (y_pred - y_true))


@pytest.mark.parametrize("price", [2, 4, 9])
def test_the_bill_beats_least_squares_at_each_split_and_price(price):
    """For five ends of the training the margins stated, and one dial on the envelope's forecast."""
    month, forecast, actual = NAMES["month"], NAMES["forecast"], NAMES["actual"]
    bill = (price + 1) * losses.Pinball(quantile=price / (price + 1))

    def costs(year):
        past = month < 12 * (year - 1948)
        X, y = forecast[:, None], actual

        def cost(loss):
            fitted = LinearModel().fit(X[past], y[past], loss)
            return bill(y[~past], fitted.predict(X[~past]))

        ratio = actual[past] / forecast[past]
        dial = np.quantile(ratio, price / (price + 1), method="inverted_cdf")
        return cost(losses.MeanSquaredError()), cost(bill), bill(y[~past], dial * forecast[~past])

    if price == 4:  # the line for the bill has not the worst RMSE in all cases
        past, X = month < 72, forecast[:, None]
        p, q = (
            LinearModel().fit(X[past], actual[past], loss).predict(X[~past])
            for loss in (bill, losses.MeanSquaredError())
        )
        assert np.mean((p - actual[~past]) ** 2) < np.mean((q - actual[~past]) ** 2)
    years = range(1954, 1959)
    over_seeds(lambda year: costs(year)[1] / costs(year)[0], above=0.22, below=0.87, seeds=years)
    over_seeds(lambda year: costs(year)[2] / costs(year)[1], above=0.915, below=1.34, seeds=years)
    over_seeds(lambda year: costs(year)[2] / costs(year)[0], below=1, seeds=years)


def test_the_cheapest_margin_is_the_quantile_to_a_percent():
    ratio, margins, costs = NAMES["RATIO"], NAMES["MARGINS"], NAMES["COSTS"]
    assert len(costs) == 5
    for price, each in costs.items():
        quantile = np.quantile(ratio, price / (price + 1), method="inverted_cdf")
        assert abs(margins[each.argmin()] - quantile) < 1


@cache
def allowances(name, seed):
    """What lines that have not seen a family would give it, by ten folds."""
    loss = {
        "linex": Linex(a=-0.02),
        "pinball": losses.Pinball(quantile=0.8),
        "squared": losses.MeanSquaredError(),
    }[name]
    data = datasets.engel()
    given = np.empty_like(data.y)
    for train, test in KFold(10, shuffle=True, random_state=seed).split(data.X):
        model = LinearModel().fit(data.X[train], data.y[train], loss)
        given[test] = model.predict(data.X[test])
    return given


def harm(name, seed):
    return Linex(a=-0.02)(datasets.engel().y, allowances(name, seed))


def test_linex_and_pinball_tie():
    ratios = over_seeds(
        lambda s: harm("linex", s) / harm("pinball", s), above=0.98, below=1.02, seeds=range(6)
    )
    assert ratios.min() < 1 < ratios.max()
    y = datasets.engel().y

    def short(name, seed):
        return np.mean(allowances(name, seed) < y)

    over_seeds(lambda s: short("linex", s) - short("pinball", s), above=0.04, seeds=range(6))
    over_seeds(
        lambda s: allowances("pinball", s).mean() - allowances("linex", s).mean(),
        above=7.5,
        below=8.5,
        seeds=range(6),
    )


def test_squared_error_starves_some_family():
    harms = over_seeds(lambda s: harm("squared", s), seeds=range(6), above=31, below=333)
    assert round(harms.min()) == 31 and round(harms.max()) == 333
    over_seeds(lambda s: harm("squared", s) / harm("linex", s), seeds=range(6), above=20)


def test_one_dial_on_least_squares_is_not_enough():
    """A factor for all families, the best for linex on the families that the line has seen."""
    data, linex, factors = datasets.engel(), Linex(a=-0.02), np.linspace(1, 1.6, 121)

    def turned(seed):
        given = np.empty_like(data.y)
        for train, test in KFold(10, shuffle=True, random_state=seed).split(data.X):
            X, y = data.X[train], data.y[train]
            line = LinearModel().fit(X, y, losses.MeanSquaredError())
            dial = min(factors, key=lambda f: linex(y, f * line.predict(X)))
            given[test] = dial * line.predict(data.X[test])
        return linex(data.y, given)

    over_seeds(lambda s: turned(s) / harm("linex", s), above=1.4, below=2.05, seeds=range(6))


def test_a_slip_moves_linex_a_hundred_times_as_far():
    data = datasets.engel()

    def moves(record, loss):
        spoiled = data.y.copy()
        spoiled[record] *= 10
        before, after = (
            LinearModel().fit(data.X, y, loss).predict(np.array([[900.0]]))[0]
            for y in (data.y, spoiled)
        )
        return after - before

    records = [0, 50, 100, 150, 200, 234]
    linex = over_seeds(lambda k: moves(k, Linex(a=-0.02)), above=1500, seeds=records)
    over_seeds(lambda k: moves(k, losses.MeanSquaredError()), above=0, below=31, seeds=records)
    assert linex.argmin() == 0  # the chapter's record is the mildest of these


def test_the_third_with_the_highest_incomes_spreads_most():
    data = datasets.engel()
    rest = data.y - NAMES["ALLOWANCE"][0].predict(data.X)
    thirds = np.array_split(np.argsort(data.X[:, 0]), 3)
    assert [round(rest[k].std()) for k in thirds] == [48, 74, 171]


def test_the_digits_of_three_differences():
    exponents = NAMES["EXPONENTS"]

    def errors(x):
        return np.array([NAMES["difference_errors"](10.0**-k, x) for k in exponents])

    places = [0.3, 0.7, 1.0, 1.7, 2.5]
    over_seeds(lambda x: errors(x)[:, 0].min(), below=1e-8, seeds=places)
    over_seeds(lambda x: exponents[errors(x)[:, 0].argmin()], above=7.4, below=9.1, seeds=places)
    over_seeds(lambda x: errors(x)[:, 1].min(), above=1e-12, below=1e-10, seeds=places)
    over_seeds(lambda x: errors(x)[exponents >= 8, 2].max(), below=1e-15, seeds=places)
    # the chapter's place is the lucky one
    assert min(places, key=lambda x: errors(x)[:, 0].min()) == 1.0


def test_only_losses_of_residuals_owe_us_the_first_two_properties():
    poisson = custom.check_properties(losses.PoissonNLL(log_input=False), 3.0, errors=2.5)
    assert not poisson["non-negative"].holds and not poisson["zero at the target"].holds


def test_the_slip_is_the_poisson_likelihood():
    """Iteratively reweighted least squares, with the weights held still, arrives at its fit."""
    rng = np.random.default_rng(0)
    x = rng.uniform(1, 4, 200)
    y = rng.poisson(1 + 2 * x).astype(float)
    X = np.column_stack([np.ones(200), x])
    w = np.array([y.mean(), 0.0])
    for _ in range(100):
        weight = 1 / (X @ w)
        w = np.linalg.solve(X.T @ (weight[:, None] * X), X.T @ (weight * y))
    slope = losses.PoissonNLL(log_input=False).gradient(y, X @ w)
    np.testing.assert_allclose(slope @ X, 0, atol=1e-8)
    # while (p - y)^2 / p asks for the root of the mean square
    c = np.sqrt(np.mean(y**2))
    assert np.mean(1 - (y / c) ** 2) == pytest.approx(0, abs=1e-12) and c > y.mean()


def test_float16_overflows_beyond_11():
    with np.errstate(over="ignore"):
        assert np.isfinite(np.exp(np.float16(11))) and np.isinf(np.exp(np.float16(11.1)))


def test_a_sum_of_losses_that_are_not_convex_may_leave_the_interval():
    """Best constants 0 and -6; that of the sum is 10."""
    near = [9.2, 9.6, 10.4, 10.8]
    y = np.array([0.0] * 4 + [10.0] * 3 + near + [*np.linspace(-6.9, -5.1, 8)])
    grid = np.linspace(-10, 12, 2201)

    def best(*parts):
        risks = sum(np.array([loss(y, np.full(y.size, c)) for c in grid]) for loss in parts)
        return grid[risks.argmin()]

    narrow, wide = 6 / 0.01 * losses.Tukey(scale=0.1), 6 / 4 * losses.Tukey(scale=2.0)
    ends = sorted([best(narrow), best(wide)])
    assert ends == pytest.approx([-6, 0], abs=0.2) and best(narrow, wide) > 9.5
    convex = losses.MeanSquaredError(), losses.MeanAbsoluteError()
    low, high = sorted(best(loss) for loss in convex)
    assert low - 0.01 <= best(*convex) <= high + 0.01
    assert _between() == "b" and _between(losses.MeanSquaredError()) != "b"


def test_a_column_less_a_row_gives_everybody_the_same():
    needs, a = datasets.engel().y[:64], -0.02
    constant = -np.log(np.mean(np.exp(-a * needs))) / a
    given = np.full((64, 1), constant)
    slope = a * np.expm1(a * (given - needs))
    assert slope.shape == (64, 64)
    np.testing.assert_allclose(slope.mean(axis=1), 0, atol=1e-12)


def test_a_loss_that_is_not_convex_keeps_a_search_where_it_began():
    """The chapter's lines are where short steps of gradient descent end, too, for each shape."""
    year, y, starts = NAMES["YEAR"] - 1961.5, NAMES["calls"].y, NAMES["STARTS"]
    X, size = np.column_stack([np.ones(24), year]), np.array([1, np.mean(year**2)])
    honest, wrong = starts

    def descend(alpha, c, start):
        loss, w = losses.Barron(alpha=alpha, scale=c), np.array(starts[start])
        for _ in range(20_000):
            step = loss.gradient(y, X @ w) @ X / 24 / size
            w = w - 0.5 * c**2 * step
            if np.abs(step).max() < 1e-10:
                break
        return w[1]

    assert len(NAMES["ALPHAS"]) == 12
    for alpha in NAMES["ALPHAS"]:
        for start in starts:
            found = NAMES["BARRON"][alpha, start][1]
            assert descend(alpha, 1.0, start) == pytest.approx(found, abs=0.01)
    scales = [0.5, 0.7, 1.0, 2.0, 5.0]
    over_seeds(lambda c: descend(0.5, c, wrong), above=10, below=14, seeds=scales)
    over_seeds(lambda c: descend(0.5, c, honest), above=1.1, below=1.3, seeds=scales)
    over_seeds(lambda c: descend(1.0, c, wrong), above=1.5, below=2, seeds=scales)


def test_a_task_that_is_learned_exactly_takes_all_the_weight():
    task_losses, s = np.array([0.0, 900.0]), np.zeros(2)
    for _ in range(2000):
        s -= 0.05 * 0.5 * (1 - np.exp(-s) * task_losses)
    assert np.exp(-s)[0] > 1e20 and np.exp(-s)[1] == pytest.approx(1 / 900)
    assert np.prod(task_losses) == np.prod([0.0, 1e9]) == 0


@pytest.mark.parametrize("years", ["all", "honest"])
def test_the_likelihood_s_dial_with_each_year_left_out(years):
    """It stays at 0 for all the years; for the honest ones two years can turn it."""
    calls, rows = datasets.telephone_calls(), np.arange(24)
    if years == "honest":
        rows = rows[NAMES["HONEST"]]
    scales = np.geomspace(0.3, 60, 25)
    constant = {a: NAMES["log_z"](a) for a in (2.0, 1.5, 1.0, 0.5, 0.0)}

    def dial(left_out):
        keep = rows[rows != left_out]
        X, y = calls.X[keep], calls.y[keep]
        nll = {
            a: z
            + min(
                np.log(c) + LinearModel().fit(X, y, losses.Barron(alpha=a, scale=c)).value
                for c in scales
            )
            for a, z in constant.items()
        }
        return min(nll, key=nll.get)

    usual = 0.0 if years == "all" else 2.0
    found = {calls.X[k, 0]: dial(k) for k in rows}
    turned = {year: alpha for year, alpha in found.items() if alpha != usual}
    assert turned == ({} if years == "all" else {1951: 1.0, 1971: 1.0})


@cache
def logits(price, seed):
    """Of tumors that neither the scaling nor the fit has seen."""
    tumors, bce = datasets.breast_cancer(), losses.BinaryCrossEntropy(from_logits=True)
    X, sick, out = tumors.X[:, :10], tumors.y == 1, np.empty(569)
    for train, test in StratifiedKFold(10, shuffle=True, random_state=seed).split(X, sick):
        center, size = X[train].mean(0), X[train].std(0)
        weight = np.where(sick[train], price, 1.0)
        model = LinearModel().fit(
            (X[train] - center) / size, tumors.y[train], bce, L2(1e-3), sample_weight=weight
        )
        out[test] = model.predict((X[test] - center) / size)
    return out


def test_the_chapter_s_logits_come_from_folds_that_were_not_seen():
    np.testing.assert_allclose(NAMES["PLAIN"], logits(1.0, 0))


def test_a_weight_and_a_threshold_differ_by_luck():
    outcome, six = NAMES["outcome"], range(6)

    def cost(price, weight, seed):
        return outcome(logits(weight, seed), np.log(weight / price), price)

    misses = [cost(20, 20.0, s)[0] - cost(20, 1.0, s)[0] for s in six]
    assert sorted(misses) == [-1, 0, 0, 0, 0, 1] and misses[0] == -1
    for weight in (1.0, 20.0):
        over_seeds(
            lambda s, w=weight: cost(20, w, s)[2] / outcome(logits(1.0, s), 0.0)[2],
            above=0.27,
            below=0.36,
            seeds=six,
        )
    for price in (1, 5, 20, 100):  # a new price needs a new threshold, and no new training
        over_seeds(
            lambda s, p=price: cost(p, 20.0, s)[2] / cost(p, 1.0, s)[2],
            above=5 / 6,
            below=7 / 6,
            seeds=six,
        )


def test_the_weight_is_undone_by_its_factor():
    y, bce = datasets.breast_cancer().y, losses.BinaryCrossEntropy(from_logits=True)
    over_seeds(lambda s: expit(logits(20.0, s)).mean(), above=0.53, below=0.55, seeds=range(6))
    undone = over_seeds(lambda s: expit(logits(20.0, s) - np.log(20)).mean(), above=0.36)
    assert np.all(np.abs(undone - y.mean()) < 0.01)
    over_seeds(
        lambda s: bce(y, logits(20.0, s) - np.log(20)) / bce(y, logits(1.0, s)),
        above=0.97,
        below=1.02,
        seeds=range(6),
    )


def test_captions_hold_in_every_state():
    found = figures_of(CHAPTER)
    function, controls = found["seats_to_offer"]
    prices = {c.name: c for c in controls}["turned_away"].values
    cheapest = [function(turned_away=p)[1]["cheapest margin"] for p in prices]
    assert cheapest == ["0%", "2%", "4%", "5%", "7%"]  # right on average suits one price

    below = [a / 1000 for a in NAMES["ALLOWANCE"] if a < 0]  # from the steepest to zero
    right = [Linex(a=a)(0.0, 200.0) / Linex(a=a)(0.0, 100.0) for a in below]
    left = [Linex(a=a)(0.0, -100.0) / Linex(a=a)(0.0, 100.0) for a in below]
    assert np.all(np.diff(right) > 0) and right[0] < 2.5 and np.all(np.diff(left) < 0)

    axis = np.linspace(1000, 3000, 9)[:, None]
    lines = NAMES["ALLOWANCE"]
    dotted = lines[0].predict(axis)
    for a, line in lines.items():
        lift = line.predict(axis) - dotted
        assert a == 0 or (
            np.all(lift * np.sign(-a) > 0) and np.all(np.diff(lift) * np.sign(-a) > 0)
        )

    scores = NAMES["TASKS"]
    left = scores["mmol/L", 0.0]
    assert left[0] - 0.164 < 0.005 and left[1] > 0.25
    assert 0.2 < scores["mg/dL", 0.0][0] < 0.24 and 0.2 < scores["mg/dL", 0.0][1] < 0.24
    texts = [text for text, _ in NAMES["WEIGHTS"]]
    assert texts[:3] == ["1 : 0.01", "1 : 0.03", "1 : 0.1"]
    assert texts[-2:] == ["1 : 3000", "1 : 10000"]

    outcome, plain = NAMES["outcome"], NAMES["PLAIN"]
    for price, costs in NAMES["CUT_COSTS"].items():
        assert outcome(plain, -np.log(price), price)[2] <= 1.5 * costs.min()


def test_linex_near_zero_is_half_the_square():
    r = np.array([-30.0, 7.0, 100.0])
    square = (1e-5 * r) ** 2 / 2
    np.testing.assert_allclose(Linex(a=1e-5).pointwise(np.zeros(3), r), square, rtol=1e-3)


def test_percentages_favor_small_numbers():
    """Always saying zero is never off by more than 100 percent; saying too much may be."""
    y = datasets.airline_passengers().y
    assert np.mean(np.abs(0 - y) / y) == 1.0 < np.mean(np.abs(622 - y) / y)


def test_barron_is_unbounded_exactly_for_nonnegative_alpha():
    far = [losses.Barron(alpha=a).pointwise(0.0, 1e200) for a in (1.0, 0.0, -1.0, -2.0)]
    assert far[0] > 1e199 and far[1] > 900 and far[2] == pytest.approx(3) and far[3] == 2


def test_a_network_trained_by_the_bill():
    """Five fresh starts beside the five of the table."""
    food, third, bill = NAMES["FOOD"], NAMES["THIRD"], NAMES["own_bill"]

    def starts(seed):
        return [NAMES["held_out_food"](NAMES[loss], seed) for loss in ("mse", "own_bill")]

    runs = {seed: starts(seed) for seed in range(5, 10)}

    def short(p, k):
        return np.mean((p < food)[third == k])

    for seeds, of in [
        (range(5, 10), lambda s: (*runs[s][0], runs[s][1][0])),
        (range(5), lambda s: (*NAMES["squared"][s], NAMES["FED"]["trained by the bill"][s])),
    ]:
        over_seeds(
            lambda s, of=of: bill(food, of(s)[3]) / bill(food, of(s)[1]), below=1, seeds=seeds
        )
        over_seeds(
            lambda s, of=of: bill(food, of(s)[3]) / bill(food, of(s)[2]),
            above=0.94, below=1.04, seeds=seeds,
        )  # fmt: skip
        over_seeds(
            lambda s, of=of: bill(food, of(s)[3]) / bill(food, of(s)[0]), below=0.75, seeds=seeds
        )
        for k in range(3):
            over_seeds(lambda s, k=k, of=of: short(of(s)[0], k), above=0.4, below=0.6, seeds=seeds)
            over_seeds(lambda s, k=k, of=of: short(of(s)[3], k), above=0.12, below=0.3, seeds=seeds)
        over_seeds(lambda s, of=of: short(of(s)[1], 2) - short(of(s)[1], 0), above=0.1, seeds=seeds)


def test_a_large_variance_excuses_a_bad_mean():
    wave, train = NAMES["WAVE"], NAMES["mean_and_spread"]

    def off(m):
        return np.sqrt(np.mean((m - wave) ** 2))

    fresh = range(5, 10)
    runs = {(beta, s): train(beta, s) for beta in (0, 0.5) for s in fresh}
    over_seeds(lambda s: off(runs[0, s][0]) / off(runs[0.5, s][0]), above=1.5, seeds=fresh)
    over_seeds(lambda s: off(train(0, s, steps=4000)[0]) / off(NAMES["LEARNED"][0][s][0]), below=1)


def test_the_log_of_the_exercise():
    text = prose_of(CHAPTER)
    for epoch, row in answers.FALLS.items():
        total = f"{answers._total(*row):.2f}".replace("-", "−")
        assert re.search(rf"\| {epoch} \| {total} \| ", text), (epoch, total)
