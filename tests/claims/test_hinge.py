"""What the chapter on the hinge loss states and no cell of it asserts.

Its comparisons over seeds are listed in `seeds.py`.
"""

import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy.optimize import linprog
from sklearn.svm import SVC, LinearSVC

from lossbook import losses
from lossbook.models import LinearModel
from lossbook.penalties import L2
from lossbook.teaching.exercises.answers import hinge as answers

from ..figures import Names, figures_of
from ..text import prose_of
from .seeds import over_seeds

STREET = Names("hinge")
HINGE = losses.Hinge()


def fit(point, loss=HINGE):
    X = np.vstack([STREET["POINTS"], point])
    sign = np.append(STREET["SIGN"], 1.0)
    model = LinearModel().fit(X, sign, loss, L2(0.001))
    return model, sign * model.predict(X)


def figure(name):
    return figures_of(STREET.path)[name][0]


def test_off_the_street_a_point_is_not_heard():
    alone = LinearModel().fit(STREET["POINTS"], STREET["SIGN"], HINGE, L2(0.001 * 15 / 14))
    heard = quiet = 0
    for x in np.arange(0.5, 6, 0.5):
        for y in np.arange(0, 4.5, 0.5):
            score = alone.predict(np.array([[x, y]]))[0]
            model, margins = fit((x, y))
            same = np.allclose(model.parameters, alone.parameters, atol=1e-6)
            if abs(score - 1) > 1e-6:
                assert same == (score > 1)
            assert 2 <= np.sum(margins < 1 + 1e-6) <= 5  # "the few points"
            heard, quiet = heard + (not same), quiet + same
    assert heard > 20 and quiet > 20


def test_the_points_named_in_the_text():
    touching, margins = fit((4, 3))
    assert margins[-1] == pytest.approx(1, abs=1e-6)
    assert 2 / np.linalg.norm(touching.coef) == pytest.approx(2.06, abs=0.005)
    assert np.sum(fit((2.5, 2))[1] < 1 + 1e-6) == 3


def test_the_street_counts_depth_and_not_points():
    """Another street of the same width can have fewer points on it: they lie deeper."""
    X, sign = STREET["CLOUDS"], STREET["CLASS"]
    svm = LinearModel().fit(X, sign, HINGE, L2(0.3))
    length, own = np.linalg.norm(svm.coef), sign * svm.predict(X)
    fewest = len(X)
    for angle in np.linspace(0, np.pi, 91):
        for shift in np.linspace(-4, 2, 61):
            w = length * np.array([np.cos(angle), np.sin(angle)])
            margins = sign * (X @ w + shift)
            assert np.maximum(0, 1 - margins).sum() >= np.maximum(0, 1 - own).sum() - 1e-9
            fewest = min(fewest, np.sum(margins < 1))
    assert fewest < np.sum(own < 1)


def test_separable_and_small_lambda_is_the_widest_street():
    X, sign = STREET["POINTS"], STREET["SIGN"]
    hard = SVC(kernel="linear", C=1e9, tol=1e-10).fit(X, sign)
    widest = 2 / np.linalg.norm(hard.coef_)
    for lam in (0.001, 0.0001):
        model = LinearModel().fit(X, sign, HINGE, L2(lam))
        assert 2 / np.linalg.norm(model.coef) == pytest.approx(widest, rel=1e-5)
        assert (sign * model.predict(X)).min() > 1 - 1e-6
    assert 2 / np.linalg.norm(LinearModel().fit(X, sign, HINGE, L2(3.0)).coef) > 1.1 * widest


def division(seed):
    tumors, sign = STREET["tumors"], STREET["sign"]
    shuffled = np.random.default_rng(seed).permutation(569)
    rows, others = shuffled[:400], shuffled[400:]
    Z = (tumors.X - tumors.X[rows].mean(axis=0)) / tumors.X[rows].std(axis=0)
    return Z[rows], sign[rows], Z[others], sign[others]


def test_cases_off_the_street_can_go():
    def change(seed, loss=HINGE, keep=True):
        X, y, *_ = division(seed)
        heard = y * LinearModel().fit(X, y, HINGE, L2(0.01)).predict(X) < 1 + 1e-7
        lam = 0.01 * 400 / heard.sum() if keep else 0.01
        before = LinearModel().fit(X, y, loss, L2(0.01)).coef
        after = LinearModel().fit(X[heard], y[heard], loss, L2(lam)).coef
        return np.abs(after - before).max(), heard.sum()

    six = range(6)
    over_seeds(lambda s: change(s)[1], above=32, below=44, seeds=six)
    over_seeds(lambda s: change(s)[0], below=1e-6, seeds=six)
    over_seeds(lambda s: change(s, keep=False)[0], above=0.8, seeds=six)
    over_seeds(lambda s: change(s, losses.Logistic())[0], above=0.4, seeds=six)


def test_mistakes_hardly_care_about_lambda():
    sign = STREET["CLASS"]

    def span(seed):
        X = STREET["cloud"](seed)
        models = [LinearModel().fit(X, sign, HINGE, L2(lam)) for lam in STREET["LAMBDAS"]]
        margins = np.array([sign * model.predict(X) for model in models])
        widths = [2 / np.linalg.norm(model.coef) for model in models]
        assert np.all(np.diff(widths) > -1e-9) and np.all(
            np.diff((margins < 1 + 1e-6).sum(axis=1)) >= 0
        )
        # at the largest, the boundary stands square to the line between the means
        apart = X[40:].mean(axis=0) - X[:40].mean(axis=0)
        w = models[-1].coef
        assert w @ apart > np.cos(np.radians(3)) * np.linalg.norm(w) * np.linalg.norm(apart)
        return np.ptp((margins <= 0).sum(axis=1))

    over_seeds(span, below=4, seeds=range(10))

    def on_tumors(seed):
        X, y, Z, truth = division(seed)
        lams = (0.0003, 0.001, 0.003, 0.01, 0.03)
        models = (LinearModel().fit(X, y, HINGE, L2(lam)) for lam in lams)
        return np.ptp([np.sum(truth * model.predict(Z) <= 0) for model in models])

    over_seeds(on_tumors, below=5)


def test_how_bold_a_score_is_depends_on_lambda():
    runs = {
        (lam, seed): STREET["forecasts"](lam, seed)
        for lam in STREET["PENALTIES"]
        for seed in range(5)
    }
    bce, truth = STREET["bce"], STREET["truth"]

    def slopes(lam, seed):
        return [curve.coef[0] for curve in runs[lam, seed][1]]

    def cost(name, lam, seed):
        return bce(truth, runs[lam, seed][0][name])

    over_seeds(lambda s: min(slopes(0.1, s)), above=3)
    over_seeds(lambda s: max(slopes(0.1, s)), below=6.5)
    over_seeds(lambda s: min(slopes(0.01, s)), above=1.4)
    over_seeds(lambda s: max(slopes(0.01, s)), below=4)
    for lam in (0.0001, 0.001):
        both = [slope for seed in range(5) for slope in slopes(lam, seed)]
        assert min(both) < 0.9 and max(both) > 1.5
    for seed in range(5):  # the larger lambda, the smaller the scores
        means = [np.mean(slopes(lam, seed)) for lam in STREET["PENALTIES"]]
        assert means[1] < means[2] < means[3]
    for lam in (0.01, 0.1):
        over_seeds(
            lambda s, lam=lam: cost("Platt", lam, s) / cost("score as logit", lam, s), below=1
        )
    over_seeds(
        lambda s: cost("Platt", 0.1, s) / cost("score as logit", 0.1, s), above=0.35, below=0.6
    )
    small = [cost("Platt", 0.001, s) / cost("score as logit", 0.001, s) for s in range(5)]
    assert max(small) > 1 > min(small)

    def crossed(seed):
        raw, platt = runs[0.01, seed][0].values()
        return np.sum((raw > 0) != (platt > 0))

    over_seeds(crossed, above=0, below=7)


def test_the_caption_of_the_reliability_diagram_holds_in_all_its_states():
    for lam in STREET["PENALTIES"]:
        _, raw = figure("reliability")("score as logit", lam)
        _, platt = figure("reliability")("Platt", lam)
        assert platt["points outside their bar"].startswith("0 of")
        if lam >= 0.01:
            assert int(raw["points outside their bar"][0]) >= 3
    sizes = [
        np.median(np.abs(STREET["FORECASTS"][lam][0]["score as logit"]))
        for lam in STREET["PENALTIES"]
    ]
    assert np.all(np.diff(sizes) < 0)
    steep = [
        np.mean([c.coef[0] for c in STREET["FORECASTS"][lam][1]]) for lam in STREET["PENALTIES"]
    ]
    assert 1 < steep[1] < 1.3 and 1.7 < steep[2] < 2.3 and 3.5 < steep[3] < 4.5
    assert max(curve.coef[0] for curve in STREET["FORECASTS"][0.0001][1]) < 0.9


def test_a_perceptron_that_says_nothing_costs_nothing():
    y = np.array([1.0, -1.0, 1.0])
    assert losses.Perceptron()(y, np.zeros(3)) == 0
    assert (losses.Perceptron().gradient(y, np.zeros(3)) == -y).all()


def test_a_tie_of_the_leaders_is_a_minimum_of_weston_and_watkins():
    """As a linear program: no scores do better than (1, 1, 0) for shares of 0.4, 0.35, 0.25."""
    chance, rows = np.array([0.4, 0.35, 0.25]), []
    pairs = [(k, j) for k in range(3) for j in range(3) if j != k]
    for at, (k, j) in enumerate(pairs):  # 1 - z_k + z_j <= cost of the pair
        row = np.zeros(9)
        row[[k, j, 3 + at]] = -1, 1, -1
        rows.append(row)
    weights = np.concatenate([np.zeros(3), [chance[k] for k, _ in pairs]])
    bounds = [(None, None)] * 3 + [(0, None)] * 6
    least = linprog(weights, A_ub=rows, b_ub=-np.ones(6), bounds=bounds).fun
    tie = np.tile([1.0, 1.0, 0.0], (3, 1))
    assert losses.WestonWatkins()(np.arange(3), tie, sample_weight=chance) == pytest.approx(
        least / chance.sum()
    )


def test_the_least_risk_of_four_classes_is_no_candidate_of_a_list():
    rng, chance = np.random.default_rng(0), np.array([0.45, 0.25, 0.2, 0.1])
    least = answers._least_risk()
    assert least == pytest.approx(1)
    for scores in rng.normal(0, 1.5, (2000, 4)):
        cost = losses.MulticlassHinge()(np.arange(4), np.tile(scores, (4, 1)), sample_weight=chance)
        assert cost >= least - 1e-9


def test_no_majority_in_all_its_states():
    for p in np.arange(0.34, 0.81, 0.02):
        _, leads = figure("no_majority")(float(p))
        if abs(p - 0.5) > 1e-6:
            assert leads["lead, Crammer-Singer"] == ("1" if p > 0.5 else "0")
        assert leads["lead, Weston-Watkins"] == "1"
        plt.close("all")


def test_five_losses_are_no_ranking():
    counts = {
        name: np.array([np.sum(STREET["sign"] * out <= 0) for out, _ in runs])
        for name, runs in STREET["JUDGED"].items()
    }
    means = {name: count.mean() for name, count in counts.items()}
    assert min(means.values()) > 11.5 and max(means.values()) < 17.5
    assert counts["hinge"].min() == 11 and counts["hinge"].max() == 18
    assert {np.ptp(count) for count in counts.values()} <= {4, 5, 6, 7}


def test_columns_of_one_size():
    mistakes = STREET["test_mistakes"]
    over_seeds(lambda s: mistakes(s, 0.01, False) - mistakes(s, 0.01, True), above=0)
    gap = {}
    for lam in (0.01, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7):
        gap[lam] = over_seeds(
            lambda s, lam=lam: mistakes(s, lam, False) - mistakes(s, 0.01, True),
            mean_above=0,
            seeds=range(10),
        ).mean()
    assert 0.4 < min(gap.values()) / gap[0.01] < 0.6  # "the best closes only half of the gap"


def test_who_gives_way_to_wrong_labels():
    flipped, flips = STREET["FLIPPED"], list(STREET["FLIPS"])
    at = flips.index(12)
    means = {name: counts[:, at].mean() for name, counts in flipped.items()}
    assert round(means["hinge"]) == 7 and round(means["smoothed hinge"]) == 8
    for name in ("logistic", "squared hinge", "modified Huber", "exponential"):
        assert round(means[name]) == 11
        more = flipped[name][:, at] - flipped["hinge"][:, at]
        over_seeds(lambda s, more=more: more[s], above=0, seeds=range(20), at_least=18)
    four = {name: counts[:, flips.index(4)].mean() for name, counts in flipped.items()}
    assert max(four.values()) < 8.5
    silent = [s for s in range(20) if flipped["hinge"][s, -1] == 40]  # the same to everybody
    assert len(silent) == 4
    for counts in flipped.values():
        assert (counts[silent, -1] <= 40).all()
    pulls = {
        name: np.divide(*STREET["CONTEST"][name].gradient(np.ones(2), np.array([-3.0, 0.5])))
        for name in flipped
    }
    assert pulls["hinge"] == 1 and min(pulls.values()) == 1
    assert pulls["smoothed hinge"] == 2 and pulls["logistic"] == pytest.approx(2.52, abs=0.01)


def test_who_gives_way_in_fresh_clouds():
    X, C, count = STREET["cloud"], STREET["CLASS"], STREET["after_flips"]
    smooth = losses.Logistic()
    over_seeds(
        lambda s: count(smooth, X(s), 12) - count(HINGE, X(s), 12),
        above=0,
        seeds=range(20, 50),
        at_least=24,
    )

    def by_the_true_direction(loss, s, lam):
        order = np.argsort(-C * ((X(s) - [1.0, 0.6]) @ [2.0, 1.2]))
        noisy = C.copy()
        noisy[order[:12]] *= -1
        return np.sum(C * LinearModel().fit(X(s), noisy, loss, L2(lam)).predict(X(s)) <= 0)

    for lam in (0.001, 0.1):
        over_seeds(
            lambda s, lam=lam: (
                by_the_true_direction(smooth, s, lam) - by_the_true_direction(HINGE, s, lam)
            ),
            mean_above=1,
            seeds=range(12),
        )


def test_how_loud_a_mistake_may_get():
    one, wrong = np.ones(61), np.linspace(-30, 0, 61)
    assert {"squared hinge", "exponential"} < {*STREET["SURROGATES"]}
    for name, loss in STREET["SURROGATES"].items():
        pull = -loss.gradient(one, wrong)
        if name in ("squared hinge", "exponential"):
            assert np.all(np.diff(pull) < 0) and pull[0] > 60
        else:
            assert pull.max() <= 1


def test_labels_that_are_flipped_at_random():
    means = [
        np.mean(
            [
                STREET["after_flips"](loss, STREET["cloud"](s), 12, cruel=False, seed=50 + s)
                for s in range(20)
            ]
        )
        for loss in STREET["CONTEST"].values()
    ]
    assert np.ptp(means) < 1.5


def test_the_caption_of_the_flipped_labels():
    states = [figure("flipped_labels")(flipped)[1] for flipped in range(17)]
    plt.close("all")
    wrong = {name: [int(s[name].split()[0]) for s in states] for name in STREET["FLIPPERS"]}
    assert max(wrong["hinge"]) <= 7
    for name in ("squared hinge", "logistic"):
        assert wrong[name][16] > 15 and wrong[name][8] > wrong["hinge"][8]
        assert all(a >= b for a, b in zip(wrong[name][6:], wrong["hinge"][6:], strict=True))

    def angle(name, flipped):
        sign = STREET["CLASS"].copy()
        sign[STREET["DEEPEST"][:flipped]] *= -1
        model = LinearModel().fit(STREET["CLOUDS"], sign, STREET["FLIPPERS"][name], L2(0.01))
        return np.degrees(np.arctan2(*model.coef[::-1]))

    for flipped in range(6, 17):  # "turns about half as far"
        turned = {n: angle(n, flipped) - angle(n, 0) for n in wrong}
        assert 0.3 < turned["hinge"] / turned["logistic"] < 0.65
        assert turned["squared hinge"] == pytest.approx(turned["logistic"], rel=0.1)


def test_a_border_at_one_half():
    sign, runs = STREET["sign"], STREET["JUDGED"]["hinge"]

    def missed(seed, border):
        return np.sum((sign > 0) & (runs[seed][0] <= border))

    def alarms(seed, border):
        return np.sum((sign < 0) & (runs[seed][0] > border))

    over_seeds(lambda s: missed(s, 0.5) / missed(s, 0), above=1.4, below=2.5)
    over_seeds(lambda s: alarms(s, 0) - alarms(s, 0.5), above=0, below=6)


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


def test_the_table_of_four_tenths_and_no_less():
    """The hinge written by hand, with labels of 0 and 1; with labels of +-1 it goes to zero."""
    rng = np.random.default_rng(0)
    X = np.vstack([rng.normal((3, 1), 0.4, (120, 2)), rng.normal((1, 3), 0.4, (80, 2))])
    A, seen = np.column_stack([np.ones(200), X]), {}
    for labels, other in [("0 and 1", 0.0), ("+-1", -1.0)]:
        y, w = np.repeat([1.0, other], [120, 80]), np.zeros(3)
        seen[labels] = []
        for t in range(30_001):
            z = A @ w
            if t in (0, 100, 300, 30_000):
                loss = np.maximum(0, 1 - y * z).mean()
                seen[labels].append((t, loss, z.min(), z.max(), np.sum(z > 0)))
            w = w + 0.001 * (y * (y * z < 1)) @ A / 200
    text = prose_of(STREET.path)
    for t, loss, low, high, count in seen["0 and 1"]:
        assert f"| {t:,} | {loss:.2f} | {low:.2f} | {high:.2f} | {count} of 200 |" in text
    assert seen["0 and 1"][-1][1] == pytest.approx(0.4)
    assert seen["+-1"][-1][1] < 0.05 and seen["+-1"][-1][4] == 120


def test_with_labels_0_and_1_the_best_model_says_yes_to_everyone():
    """Zero weights and an intercept of 1: no other parameters cost less, nor as little if w != 0."""
    X, label = STREET["Z"], STREET["tumors"].y.astype(float)

    def objective(w, intercept):
        return np.maximum(0, 1 - label * (X @ w + intercept)).mean() + 0.005 * w @ w

    least, rng = objective(np.zeros(30), 1.0), np.random.default_rng(0)
    assert least == pytest.approx(np.mean(label == 0))
    for size in (0.01, 0.1, 1.0):
        for _ in range(100):
            assert objective(rng.normal(0, size, 30), rng.normal(1, 1)) > least


def test_the_hole_in_the_proof():
    """With the same lambda the boundary moves, with the same lambda N it does not."""
    X, y, *_ = division(0)
    full = LinearModel().fit(X, y, HINGE, L2(0.01))
    kept = y * full.predict(X) <= 1 + 1e-7
    same = LinearModel().fit(X[kept], y[kept], HINGE, L2(0.01))
    mended = LinearModel().fit(X[kept], y[kept], HINGE, L2(0.01 * 400 / kept.sum()))
    assert np.abs(same.coef - full.coef).max() > 0.5 > 1e-6 > np.abs(mended.coef - full.coef).max()
