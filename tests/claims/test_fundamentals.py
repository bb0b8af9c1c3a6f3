"""Numbers that the first chapter states in its prose and that no cell of it asserts.

The other numbers come from data sets as they are, or from algebra.

Its comparisons over seeds are listed in `seeds.py`.
"""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from lossbook import datasets, losses
from lossbook.models import LinearModel
from lossbook.penalties import L2
from lossbook.teaching.exercises import feedback

from ..figures import Names
from ..paths import CHAPTERS, ROOT
from .seeds import over_seeds
from .states import states

CHAPTER = Names("fundamentals")
MSE = losses.MeanSquaredError()
NEBULAE = datasets.hubble()


def petals():
    from sklearn.datasets import load_iris

    return load_iris().data[:, 2]


def test_the_book_has_more_than_fifty_losses():
    assert len(losses.all_losses()) > 50


def test_the_valley_is_long_and_tilted():
    def cost(intercept, slope):
        return MSE(NEBULAE.y, intercept + slope * NEBULAE.X[:, 0])

    least = LinearModel().fit(NEBULAE.X, NEBULAE.y, MSE).value
    assert cost(-250, 650) < 1.34 * least  # steeper from a lower start
    assert cost(150, 250) < 1.34 * least < 1.69 * least < cost(150, 450)
    assert 454 / 72 > 6


def test_the_first_sample_of_five():
    everyone = datasets.diabetes().y
    assert len(everyone) == 442 and 442**2 == 195_364
    sample = np.random.default_rng(501).choice(everyone, 5)
    assert round(sample.var() / everyone.var(), 2) == 0.40
    risk = everyone.var() + (sample.mean() - everyone.mean()) ** 2
    assert round(risk / everyone.var(), 2) == 1.70


@pytest.mark.parametrize("n", [2, 5, 20])
def test_optimism(n):
    everyone = datasets.diabetes().y
    samples = np.random.default_rng(0).choice(everyone, (40_000, n))
    seen = samples.var(axis=1).mean() / everyone.var()
    risk = 1 + ((samples.mean(axis=1) - everyone.mean()) ** 2).mean() / everyone.var()
    assert seen == pytest.approx(1 - 1 / n, rel=0.01)
    assert risk == pytest.approx(1 + 1 / n, rel=0.01)


def test_some_draws_err_on_the_other_side():
    everyone = datasets.diabetes().y
    draws = [np.random.default_rng(500 + d).choice(everyone, 5) for d in range(1, 9)]
    risks = [everyone.var() + (s.mean() - everyone.mean()) ** 2 for s in draws]
    kinder = [s.var() > risk for s, risk in zip(draws, risks, strict=True)]
    assert any(s.var() > everyone.var() for s in draws) and not all(kinder)


@pytest.mark.parametrize("far", range(3, 33))
def test_the_least_squares_zero_is_the_mean(far):
    x = np.array([-4.0, -3, -2, -1, 1, 2, 3, far])
    labels = np.repeat([-1.0, 1.0], 4)
    line = LinearModel().fit(x[:, None], labels, MSE, L2(0.01))
    assert -line.intercept / line.coef[0] == pytest.approx(x.mean(), abs=1e-9)
    assert x.mean() == pytest.approx((far - 4) / 8)


def test_hit_or_miss_narrows_to_the_mode():
    """For a smooth density the center of the fullest window tends to its top."""
    density = stats.gamma(3)  # skewed: the mode is 2, the mean is 3
    centers = np.linspace(1, 4, 3001)
    fullest = [
        centers[np.argmax(density.cdf(centers + h) - density.cdf(centers - h))]
        for h in (1.0, 0.5, 0.1)
    ]
    errors = np.abs(np.array(fullest) - 2)
    assert errors[0] > errors[1] > errors[2] and errors[2] < 0.01


def test_the_expectile_is_unique():
    y = petals()
    loss = losses.Expectile(expectile=0.9)
    slopes = [loss.gradient(y, np.full(150, c)).mean() for c in np.linspace(1, 7, 61)]
    assert np.all(np.diff(slopes) > 0)


def test_cauchy_goes_quiet():
    pull = losses.Cauchy().gradient(np.zeros(2), np.array([0.001, 1000.0]))
    assert pull[0] == pytest.approx(pull[1])


def test_equal_petals_have_no_best_width():
    y = np.full(50, 1.5)
    widths = np.geomspace(1e-6, 1, 25)
    costs = [losses.GaussianNLL()(y, np.column_stack([y, np.full(50, w**2)])) for w in widths]
    assert np.all(np.diff(costs) > 0) and costs[0] < -13


def test_half_of_the_petals_gain_from_the_narrow_bell():
    """The others are two to six widths away."""
    y = petals()[:50]

    def each(width):
        return losses.GaussianNLL().pointwise(y, np.tile([1.45, width**2], (50, 1)))

    dearer = each(0.075) > each(0.175)
    assert 0.45 < np.mean(dearer) < 0.5
    away = np.abs(y - 1.45)[dearer] / 0.075
    assert away.min() == pytest.approx(2) and away.max() == pytest.approx(6)


def test_the_mean_petal_lies_between_the_small_and_most_of_the_large():
    y = petals()
    assert not np.any((y > 1.9) & (y < 3)) and np.sum(y < 3) == 50
    assert np.mean(y[y >= 3] > y.mean()) > 0.9


def test_labels_of_zero_teach_nothing():
    score = np.linspace(-5, 5, 11)
    margin = 0 * score
    assert (np.maximum(0, 1 - margin) == 1).all()
    with pytest.raises(ValueError, match="expected labels -1 or"):
        losses.Hinge()(np.zeros(11), score)


def test_percentage_error_prefers_the_small():
    y = np.array([1.0, 2.0, 10.0])
    grid = np.linspace(0.5, 11, 1051)
    mape = [np.mean(np.abs(c - y) / y) for c in grid]
    assert grid[np.argmin(mape)] == pytest.approx(1)


def test_seven_numbers_of_the_front_page():
    """Squared error follows, Huber's loss follows for a quarter of a unit, absolute error stays."""
    seventh, best = [], []
    for setting, figure in states(ROOT / "intro.md", "seven_numbers"):
        seventh.append(setting["seventh"])
        best.append([dot.get_xdata()[0] for dot in figure.axes[0].lines[3::2]])
    squared, huber, absolute = np.array(best)[np.argsort(seventh)].T
    assert np.allclose(np.diff(squared), 0.5 / 7)
    assert huber[0] == pytest.approx(3) and np.allclose(huber[3:], 3.25)
    assert np.allclose(absolute, 3)
    assert max(seventh) == 30 and squared[-1] > 6  # the largest of the other six


def test_a_positive_factor_and_a_constant_before_the_mean_an_increasing_function_after():
    y = petals()
    grid = np.linspace(1, 7, 601)
    each = np.array([MSE.pointwise(y, np.full(150, c)) for c in grid])
    best = each.mean(axis=1).argmin()
    assert (3 * each + 7).mean(axis=1).argmin() == best
    assert np.sqrt(each.mean(axis=1)).argmin() == np.log(each.mean(axis=1)).argmin() == best
    for bent in (np.sqrt(each), np.log1p(each), each**2):
        assert abs(grid[bent.mean(axis=1).argmin()] - grid[best]) > 0.1


def test_the_root_beside_a_penalty_is_another_objective():
    """At L2(1), standardized diabetes: the weight of the body mass index under MSE and its root."""
    from scipy.optimize import minimize

    data = datasets.diabetes()
    X = data.X / data.X.std(axis=0)
    squared = LinearModel().fit(X, data.y, MSE, L2(1.0)).coef[2]

    def objective(p):
        return MSE(data.y, p[0] + X @ p[1:]) ** 0.5 + p[1:] @ p[1:] / 2

    rooted = minimize(objective, np.r_[data.y.mean(), np.zeros(10)]).x[3]
    assert round(squared, 1) == 18.2 and round(rooted, 1) == 0.6
    tripled = LinearModel().fit(X, data.y, 3 * MSE, L2(1.0)).coef[2]
    assert tripled > squared + 2  # even a factor counts beside a penalty


def test_the_root_averaged_over_batches_is_another_objective():
    batches = petals().reshape(3, 50)
    grid = np.linspace(1, 7, 601)
    by_batch = [np.mean([MSE(b, np.full(50, c)) ** 0.5 for b in batches]) for c in grid]
    assert abs(grid[np.argmin(by_batch)] - petals().mean()) > 0.2


def test_the_stairs_are_flat_and_the_bowl_is_not():
    for setting, (_, readouts) in states(CHAPTERS / "fundamentals.ipynb", "stairs_and_slope"):
        slope = float(readouts["slope of the logistic loss"].replace("−", "-"))
        assert readouts["slope of the errors"] == "0"
        assert np.sign(slope) == np.sign(setting["threshold"] - 14.34) != 0


def test_most_losses_of_the_book_look_at_one_of_three_things():
    def kind(loss):
        if isinstance(loss, losses.PoissonNLL | losses.GaussianNLL):
            return "distribution"
        if loss.facts.task == "regression":
            return "residual" if of_a_residual(loss) else "other"
        if loss.facts.task != "binary classification":
            scores = isinstance(loss, losses.MulticlassHinge | losses.WestonWatkins)
            return "other" if scores else "distribution"
        try:
            one = loss.pointwise(np.array([1.0]), np.array([0.3]))
            return (
                "margin" if one == loss.pointwise(np.array([-1.0]), np.array([-0.3])) else "other"
            )
        except ValueError:  # labels 0 and 1
            return "distribution"

    kinds = [kind(k()) for k in losses.all_losses()]
    assert {"residual", "margin", "distribution"} < set(kinds)
    assert kind(losses.MeanSquaredLogarithmicError()) == "other"
    assert kinds.count("other") < 0.2 * len(kinds)


def test_squared_error_on_classes_is_a_loss_of_the_margin():
    rng = np.random.default_rng(0)
    y, z = rng.choice([-1.0, 1.0], 1000), rng.uniform(-5, 5, 1000)
    assert np.allclose(MSE.pointwise(y, z), (1 - y * z) ** 2)
    margins = np.linspace(-3, 5, 801)
    for loss in (losses.Hinge(), losses.SquaredHinge(), losses.Logistic(), losses.ZeroOne()):
        assert np.all(np.diff(loss.pointwise(np.ones(801), margins)) <= 0)
    assert np.any(np.diff(MSE.pointwise(np.ones(801), margins)) > 0)


def test_too_right_at_each_place():
    for setting, (figure, readouts) in states(CHAPTERS / "fundamentals.ipynb", "too_right"):
        cut_off = int(readouts["wrong, squared"][0])
        assert (cut_off > 0) == (setting["far"] >= 12) and cut_off <= 3
        assert readouts["wrong, logistic"] == "0 of 8"
        marks = [line.get_xdata()[0] for line in figure.axes[0].lines if line.get_marker() == "|"]
        assert abs(marks[0]) < 0.01 and marks[1] == pytest.approx((setting["far"] - 4) / 8)
    labels = np.repeat([-1.0, 1.0], 4)
    for far in [*range(3, 33), 1e3, 1e6]:  # the same parabola without its rising branch
        x = np.array([-4.0, -3, -2, -1, 1, 2, 3, far])[:, None]
        line = LinearModel().fit(x, labels, losses.SquaredHinge(), L2(0.01))
        assert abs(line.intercept / line.coef[0]) < 0.01


@pytest.mark.parametrize("penalty", [None, L2(0.01)])
def test_a_model_that_bends_is_right_under_squared_error_too(penalty):
    labels = np.repeat([-1.0, 1.0], 4)
    for far in range(3, 33):
        x = np.array([-4.0, -3, -2, -1, 1, 2, 3, far])
        inputs = np.column_stack([x, x**2])
        bent = LinearModel().fit(inputs, labels, MSE, penalty)
        assert np.all(bent.predict(inputs) * labels > 0)


def test_most_draws_praise_themselves():
    """The strip of what_a_sample_says: dots below rings, both nearer to 1 with more people in a draw."""
    draws = CHAPTER["DRAWS"]
    for seen, risk in (d.T for d in draws.values()):
        assert len(seen) == 60 and np.all(risk >= 1 - 1e-12)
    few = np.concatenate([draws[n] for n in (2, 5, 10)])
    assert 0.6 < np.mean(few[:, 0] < few[:, 1]) < 1
    assert draws[5][0] == pytest.approx([0.40, 1.70], abs=0.005)  # the first, in the text
    off = [np.abs(draws[n] - 1).mean() for n in (2, 5, 20, 100)]
    assert off == sorted(off, reverse=True)
    for setting, (_, readouts) in states(CHAPTERS / "fundamentals.ipynb", "what_a_sample_says"):
        seen, risk = draws[setting["n"]][: setting["draw"]].mean(axis=0)
        assert readouts["on the sample"] == f"{seen:.2f}" and readouts["risk"] == f"{risk:.2f}"
        if setting["draw"] == 60 and setting["n"] <= 10:
            assert seen == pytest.approx(1 - 1 / setting["n"], abs=0.16) and seen < risk


def test_a_memory_on_strangers():
    from sklearn.dummy import DummyRegressor
    from sklearn.linear_model import LinearRegression
    from sklearn.model_selection import KFold, cross_val_predict
    from sklearn.neighbors import KNeighborsRegressor

    data = datasets.diabetes()

    def strangers(model, seed):
        folds = KFold(10, shuffle=True, random_state=seed)
        return MSE(data.y, cross_val_predict(model, data.X, data.y, cv=folds))

    ten = range(1, 11)
    over_seeds(lambda s: strangers(KNeighborsRegressor(1), s), above=5550, below=6330, seeds=ten)
    over_seeds(lambda s: strangers(DummyRegressor(), s), above=5930, below=5990, seeds=ten)
    over_seeds(lambda s: strangers(LinearRegression(), s), above=2900, below=3055, seeds=ten)


def test_the_fullest_window():
    """1.45 is no flower's length; narrower windows end on one of the two most frequent lengths."""
    y = petals()
    assert not np.isclose(y, 1.45).any()
    values, counts = np.unique(np.round(y, 1), return_counts=True)
    assert sorted(counts)[-2:] == [13, 13] and set(values[counts == 13]) == {1.4, 1.5}
    centers = np.round(np.arange(1, 7.001, 0.01), 2)
    inside = (np.abs(centers[:, None] - y) <= 0.25 + 1e-9).sum(axis=1)
    assert list(centers[inside == inside.max()]) == [1.45] and inside.max() == 46
    inside = (np.abs(centers[:, None] - y) <= 0.02 + 1e-9).sum(axis=1)
    fullest = centers[inside == inside.max()]
    assert np.all(np.minimum(np.abs(fullest - 1.4), np.abs(fullest - 1.5)) < 0.021)


def test_each_guess_wins_under_its_own_loss_and_no_other():
    table = CHAPTER["table"]
    assert (np.sort(table, axis=0)[1] > table.min(axis=0) + 1e-6).all()
    assert (table.argmin(axis=0) == np.arange(5)).all()


@pytest.mark.parametrize("loss", [losses.MeanAbsoluteError(), losses.Pinball(quantile=0.9)])
def test_zero_lies_between_the_slopes_at_a_kink(loss):
    y = petals()
    best = LinearModel().fit(np.zeros((150, 1)), y, loss).intercept

    def pull(c):
        return loss.gradient(y, np.full(150, c)).mean()

    assert pull(best - 0.01) <= 0 <= pull(best + 0.01)
    assert losses.Pinball(quantile=0.9).gradient(y, np.full(150, 5.8)).sum() != pytest.approx(0)


def test_the_best_bell_by_its_center():
    cost, widths = CHAPTER["bell_cost"], np.linspace(0.05, 0.5, 226)
    centers = np.round(np.arange(1.2, 1.701, 0.05), 2)
    costs = np.array([[cost(c, w) for w in widths] for c in centers])
    best = widths[costs.argmin(axis=1)]
    off = np.abs(centers - petals()[:50].mean())
    assert best[off.argmin()] == pytest.approx(0.17, abs=0.01) and costs[off.argmin()].min() < 0
    assert np.all(np.diff(best[np.argsort(off)]) > 0)
    assert costs[:, 0].min() > 0.9  # narrow bells, wherever they stand


def tail_is_finite(loss):
    """Whether e^(-loss) of a residual can be integrated: the loss must outgrow log|r|."""
    far = np.array([1e4, 1e8])
    growth = [np.diff(loss.pointwise(np.zeros(2), sign * far))[0] / np.log(1e4) for sign in (-1, 1)]
    return min(growth) > 1.001


def of_a_residual(loss):
    """Whether only the difference of prediction and truth counts."""
    if loss.facts.task != "regression" or isinstance(loss, losses.PoissonNLL | losses.GaussianNLL):
        return False
    y, p = np.array([1.0]), np.array([3.0])
    return bool(loss.pointwise(y, p) == loss.pointwise(y + 1, p + 1))


@pytest.mark.parametrize(
    "loss", [k() for k in losses.all_losses() if of_a_residual(k())], ids=lambda k: type(k).__name__
)
def test_a_loss_of_the_residual_has_a_noise_where_there_is_a_density(loss):
    assert (loss.facts.noise is not None) == tail_is_finite(loss)


@pytest.mark.parametrize(
    "loss",
    [losses.Hinge(), losses.SquaredHinge(), losses.Exponential(), losses.Logistic()],
    ids=lambda k: type(k).__name__,
)
def test_a_loss_of_the_margin_has_a_noise_where_its_probabilities_add_up(loss):
    """The sum of e^(-loss) over both classes must be the same at each score."""
    scores = np.linspace(-3, 3, 13)
    total = sum(np.exp(-loss.pointwise(np.full(13, y), scores)) for y in (-1.0, 1.0))
    assert (loss.facts.noise is not None) == bool(np.allclose(total, total[0]))


def test_a_bounded_loss_and_one_that_goes_quiet_differ():
    far = np.array([1e3, 1e6])
    cauchy = losses.Cauchy().pointwise(np.zeros(2), far)
    assert losses.Cauchy().facts.bounded is False and cauchy[1] > cauchy[0] + 5


def test_the_scale_of_cauchys_loss_decides_whether_it_has_a_noise():
    r = np.linspace(-30, 30, 61)
    loss = losses.Cauchy(scale=np.sqrt(2))
    nll = -stats.cauchy.logpdf(r, scale=np.sqrt(2))
    assert np.ptp(nll - loss.pointwise(np.zeros(61), r)) < 1e-12
    assert loss.facts.noise is not None and losses.Cauchy().facts.noise is None


def test_three_times_the_squared_error_believes_in_a_narrower_gaussian():
    r = np.linspace(-3, 3, 61)
    for factor in (1, 3):
        nll = -stats.norm.logpdf(r, scale=np.sqrt(0.5 / factor))
        assert np.ptp(nll - factor * MSE.pointwise(np.zeros(61), r)) < 1e-12


def test_the_logistic_loss_of_the_margin_zero():
    assert losses.Logistic().pointwise(1.0, 0.0) == pytest.approx(np.log(2))
    assert losses.Hinge().pointwise(1.0, 0.0) == 1


def test_the_step_that_fails():
    """Steps 1 to 3 hold for Huber's loss and for the hyperbolic one; step 4 and the end do not."""
    y = np.array([0.0, 0.0, 3.0])
    for loss in (losses.Huber(delta=1.0), losses.PseudoHuber(), losses.LogCosh()):
        r = np.linspace(-5, 5, 101)
        slope = loss.gradient(np.zeros(101), r)
        assert np.allclose(slope, -slope[::-1]) and np.all(np.diff(slope) >= -1e-12)
        assert np.sum(y.mean() - y) == pytest.approx(0)
        assert abs(loss.gradient(y, np.full(3, y.mean())).sum()) > 0.1
        assert LinearModel().fit(np.zeros((3, 1)), y, loss).intercept < 0.9
    even = np.array([-2.0, 0.0, 2.0]) + 7  # about their mean: the conclusion holds after all
    assert LinearModel().fit(np.zeros((3, 1)), even, losses.Huber()).intercept == pytest.approx(7)


def by_samples_and_by_pairs(seed):
    """AUC on the others of the plain logistic loss and of the loss of pairs, as in the chapter."""
    data = datasets.breast_cancer()
    some, others = np.split(np.random.default_rng(seed).permutation(569), [100])
    X = data.X[:, [0, 1, 4]]
    X = (X - X[some].mean(axis=0)) / X[some].std(axis=0)
    y = np.where(data.y == 1, 1.0, -1.0)
    pairs = (X[some][y[some] > 0][:, None] - X[some][y[some] < 0]).reshape(-1, 3)
    both = np.vstack([pairs, -pairs]), np.repeat([1.0, -1.0], len(pairs))
    loss = losses.Logistic()
    models = LinearModel().fit(X[some], y[some], loss), LinearModel().fit(*both, loss)
    return [roc_auc_score(y[others], m.predict(X[others])) for m in models]


def test_pairs_gain_nothing_on_the_tumors():
    def gain(seed):
        by_samples, by_pairs = by_samples_and_by_pairs(seed)
        return abs(by_pairs - by_samples)

    over_seeds(gain, below=0.001)
    over_seeds(gain, below=0.005, seeds=range(5, 15))


def test_the_highest_area_is_that_of_the_probability():
    """Of any score that rises with it; scores in another order have less."""
    rng = np.random.default_rng(0)
    chance = rng.uniform(0.05, 0.95, 8)  # of the positive class, at eight inputs
    positive, negative = chance / chance.sum(), (1 - chance) / (1 - chance).sum()

    def area(score):
        gap = score[:, None] - score
        return positive @ ((gap > 0) + (gap == 0) / 2) @ negative

    best = area(chance)
    assert area(np.log(chance / (1 - chance))) == pytest.approx(best)
    assert all(area(rng.permutation(chance)) <= best + 1e-12 for _ in range(500))


def test_the_loss_of_pairs_bounds_the_area():
    rng = np.random.default_rng(0)
    for _ in range(200):
        gap = rng.normal(0, 3, (4, 6)).round(0)  # with ties
        missed = 1 - np.mean((gap > 0) + (gap == 0) / 2)
        pairs = losses.Logistic()(np.ones(24), gap.ravel())
        assert missed <= pairs / np.log(2)


def test_the_swing_of_gradients_that_are_never_cleared():
    """As wide at a quarter of the rate, twice as slow; with momentum 0.9 it dies away."""

    def run(rate, momentum, steps=61):
        x, y, w, kept, seen = np.array([1.0, 2, 3]), np.array([2.0, 4, 7]), 1.0, 0.0, []
        for _ in range(steps):
            loss, slope = MSE.value_and_gradient(y, w * x)
            kept = momentum * kept + slope @ x
            w -= rate * kept
            seen.append(loss)
        return np.array(seen)

    for rate, period in ((0.01, 10), (0.0025, 20)):
        swings = run(rate, 1.0)
        assert swings[period // 2 :: period].max() < 0.7 and swings[::period].min() > 6.5
        assert swings.max() < 7.3
    assert round(run(0.01, 0.9)[60], 2) == 0.13


@pytest.mark.parametrize("given", [-1.31, -1.305, -1.3052])
def test_roundings_of_the_units_are_accepted(given):
    assert feedback("fundamentals.units", given).right


@pytest.mark.parametrize("given", [1.305, 1.31, 1.3, 7.9, 0.033, -1.2, -1.29])
def test_mistakes_of_the_units_are_not(given):
    assert not feedback("fundamentals.units", given).right
