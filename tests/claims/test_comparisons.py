"""What the chapter on losses of comparisons states and no cell of it asserts.

Its comparisons over seeds are listed in `seeds.py`.
"""

import functools

import matplotlib.pyplot as plt
import numpy as np
import pytest
from readers.frameworks import Subject
from scipy.special import expit, log_softmax

from lossbook import losses

from ..figures import Names
from ..text import prose_of
from .seeds import over_seeds
from .states import readouts_of, settings, states

CELLS = Names("comparisons")
PAGE = CELLS.path


def numbers(readouts):
    """The readouts of a state as numbers, where they are."""
    found = {}
    for name, text in readouts.items():
        try:
            found[name] = float(str(text).replace("−", "-").rstrip("%"))
        except ValueError:
            found[name] = text
    return found


# ---------------------------------------------------------------------------------- digits in the plane


TEN = range(10)  # the chapter's five divisions and starts, and five fresh ones


@functools.cache
def on_the_digits(name, seed):
    """The losses of a run of the chapter, and the share that lies nearest to the center of its digit."""
    batch_loss, numbers = CELLS["CONTEST"].get(name) or (CELLS["triplets"](name), 2)
    net, values, _ = CELLS["embed"](batch_loss, seed, numbers=numbers)
    cosines = "NT-Xent" in name or "supervised" in name
    return values, CELLS["nearest_center"](net, seed, unit=cosines)


def share(name, seed):
    """As `on_the_digits` has it; the chapter's own where it has one."""
    found = CELLS["FOUND"][name]
    return found[seed] if seed < len(found) else on_the_digits(name, seed)[1]


def test_semi_hard_triplets_learn_and_the_hardest_collapse():
    over_seeds(lambda s: share("semi-hard", s), above=0.9, seeds=TEN)
    over_seeds(lambda s: share("hardest", s), above=0.11, below=0.6, seeds=TEN)
    late = {s: on_the_digits("hardest", s)[0][150:] for s in TEN}
    over_seeds(lambda s: np.abs(late[s] - 1).max(), below=0.01, seeds=TEN)
    over_seeds(lambda s: on_the_digits("hardest", s)[0][0], above=1.4, seeds=TEN)
    over_seeds(lambda s: on_the_digits("semi-hard", s)[0][-20:].mean(), below=0.2, seeds=TEN)


def test_caption_islands():
    """By the steps: the hardest shrink into one spot at the margin, the others part and cost less."""
    shown = {(s["triplets"], s["step"]): numbers(drawn[1]) for s, drawn in states(PAGE, "islands")}
    for how in ("semi-hard", "hardest"):
        at = [shown[how, step] for step in CELLS["MARKS"]]
        assert at[0]["loss"] > 2 * at[-1]["loss"] if how == "semi-hard" else at[0]["loss"] > 1.7
    collapsed, parted = shown["hardest", 300], shown["semi-hard", 300]
    name = "mean distance from the middle"
    assert collapsed["loss"] == 1.0 and collapsed[name] < 0.001
    assert parted["loss"] < 0.1 and parted[name] > 5
    at = CELLS["logarithmic"](CELLS["LEARNED"]["semi-hard"][0][2][300][:80])
    digit = CELLS["DIGIT"][CELLS["SHOWN"]]
    centers = np.array([np.median(at[digit == k], axis=0) for k in range(10)])
    own = np.linalg.norm(at[:, None] - centers, axis=2).argmin(axis=1) == digit
    assert own.mean() > 0.9
    for how in ("semi-hard", "hardest"):
        for z in CELLS["LEARNED"][how][0][2].values():
            assert np.abs(CELLS["logarithmic"](z[:80])).max() < 3.6


def test_losses_on_the_digits():
    def ahead(one, other):
        return lambda seed: share(one, seed) - share(other, seed)

    over_seeds(ahead("semi-hard", "triplets, random"), mean_above=0.02, seeds=TEN)
    over_seeds(ahead("semi-hard", "contrastive, random pairs"), mean_above=0, seeds=TEN)
    over_seeds(ahead("contrastive, random pairs", "triplets, random"), mean_above=0, seeds=TEN)
    over_seeds(ahead("triplets, semi-hard then hardest", "semi-hard"), above=-0.04, seeds=TEN)
    for narrow, wide in (
        ("NT-Xent, on a circle", "NT-Xent, 8 numbers"),
        ("supervised contrastive, circle", "supervised contrastive, 8"),
    ):
        over_seeds(lambda s, w=wide: share(w, s), above=0.95, below=0.995, seeds=TEN)
        over_seeds(ahead(wide, narrow), above=0.03, seeds=TEN)


def test_at_a_tenth_of_the_rate_the_hardest_wait_at_the_margin_and_leave_it():
    def run(seed):
        net, values, _ = CELLS["embed"](CELLS["triplets"]("hardest"), seed, rate=0.003, steps=3000)
        return values[280:300].mean(), values[-50:].mean(), CELLS["nearest_center"](net, seed)

    runs = [run(seed) for seed in TEN]
    over_seeds(lambda s: runs[s][0], above=1, below=1.06, seeds=TEN)
    over_seeds(lambda s: runs[s][1], below=0.05, seeds=TEN)
    over_seeds(lambda s: runs[s][2], above=0.9, seeds=TEN)


def test_random_triplets_start_below_the_margin():
    """A network that has learned nothing maps like to like already; a low temperature magnifies."""
    random = CELLS["triplets"]("random")
    values = over_seeds(
        lambda s: CELLS["embed"](random, s, steps=1)[1][0], above=0.6, below=1, seeds=range(20)
    )
    assert values.mean() == pytest.approx(0.85, abs=0.05)

    def above_log(seed, temperature):
        _, values, _ = CELLS["without_labels"](seed, 64, temperature=temperature, steps=1)
        return values[0] - np.log(64)

    over_seeds(lambda s: above_log(s, 0.05) - above_log(s, 0.2), above=0.5)
    over_seeds(lambda s: above_log(s, 0.05), above=1)


def test_with_the_sign_reversed_the_digits_collapse_at_the_margin():
    """What sentence-transformers 5.0 to 5.3 did: positive and negative have changed places."""

    def reversed_triplets(z, label, rng, step):
        anchor, positive, negative = CELLS["choose"]("random", z, label, rng)
        rows = anchor, negative, positive
        unit, length = CELLS["unit"](z), np.linalg.norm(z, axis=1, keepdims=True)
        loss = losses.Triplet(margin=5)
        value, slopes = loss.value_and_gradient(*(unit[r] for r in rows))
        gradient = np.zeros_like(z)
        for r, slope in zip(rows, slopes, strict=True):
            np.add.at(gradient, r, slope)
        along = np.sum(gradient * unit, axis=1, keepdims=True) * unit
        return value, (gradient - along) / length

    def run(seed):
        net, values, _ = CELLS["embed"](reversed_triplets, seed, numbers=8)
        return values[-50:], CELLS["nearest_center"](net, seed, unit=True)

    runs = [run(seed) for seed in range(5)]
    over_seeds(lambda s: np.abs(runs[s][0] - 5).max(), below=0.005)
    over_seeds(lambda s: runs[s][1], below=0.3)


def test_to_exchange_what_is_compared_costs_more():
    """In a case that is in order: the test of a sign, for the losses of the chapter."""
    near, far, anchor = np.array([[1.0, 0.1]]), np.array([[-0.2, 1.0]]), np.array([[1.0, 0.0]])
    assert losses.Triplet()(anchor, near, far) < losses.Triplet()(anchor, far, near)
    assert losses.BradleyTerry()([2.0], [0.5]) < losses.BradleyTerry()([0.5], [2.0])
    assert losses.MarginRanking()([1], [2.0], [0.5]) < losses.MarginRanking()([1], [0.5], [2.0])
    policy, reference = ([-40.0], [-60.0]), ([-41.0], [-50.0])
    for loss in (losses.DPO(), losses.IPO()):
        assert loss(*policy, *reference) < loss(*policy[::-1], *reference[::-1])
    views, keys = np.vstack([near, far]), np.vstack([anchor, far])
    assert losses.InfoNCE()(views, keys) < losses.InfoNCE()(views, keys[::-1])
    y, s = np.array([1.0, 0.0, 0.0]), np.array([2.0, 0.5, -1.0])
    for loss in (losses.ListNet(), losses.PairwiseLogistic(), losses.LambdaRank()):
        assert loss(y, s) < loss(y, s[[1, 0, 2]])
    # at the margin of 5 all triplets of unit length cost between 3 and 7
    opposite = -anchor
    assert losses.Triplet(margin=5)(anchor, anchor, opposite) == 3
    assert losses.Triplet(margin=5)(anchor, opposite, anchor) == 7


def embedding(seed, n=32, classes=8, size=8):
    z = np.random.default_rng(seed).normal(size=(n, size))
    return z / np.linalg.norm(z, axis=1, keepdims=True), np.repeat(np.arange(classes), n // classes)


def test_collapse_lies_downhill():
    """The hardest triplets of an embedding that knows nothing cost several margins, random ones at
    least one; at one point every triplet costs exactly the margin."""
    hardest = CELLS["hardest"]
    over_seeds(lambda seed: hardest(*embedding(seed)), above=4 * 0.2, below=6 * 0.2)
    over_seeds(lambda seed: hardest(0.1 * embedding(seed)[0], embedding(seed)[1]), below=0.3)

    def any_triplet(seed):
        z, label = embedding(seed)
        d = np.linalg.norm(z[:, None] - z, axis=2)
        same = label[:, None] == label
        a, p, n = np.nonzero((same & ~np.eye(32, dtype=bool))[:, :, None] & ~same[:, None])
        return np.maximum(0, 0.2 + d[a, p] - d[a, n]).mean()

    over_seeds(any_triplet, above=0.2, below=hardest(*embedding(0)) / 2, seeds=range(10))
    z, label = embedding(0)
    assert hardest(0 * z, label) == pytest.approx(0.2)


def test_at_one_point_nothing_pulls():
    """Distances, squared distances and cosines between equal embeddings give no gradient that parts them."""
    z = np.full((4, 3), 0.5)
    assert all((slope == 0).all() for slope in losses.Triplet().gradient(z, z, z))
    assert np.abs(losses.InfoNCE().gradient(z, z)).max() < 1e-12
    step = 1e-6 * np.eye(3)[0]
    for k in range(3):
        moved = z.copy()
        moved[k] += step
        squared = np.sum((moved[0] - moved[1]) ** 2) - np.sum((moved[0] - moved[2]) ** 2)
        assert squared / 1e-6 == pytest.approx(0, abs=1e-5)


# ---------------------------------------------------------------------------------- differences


def test_caption_only_the_gap():
    """Along a diagonal nothing changes, and the pulls are opposite and equal."""
    by_gap = {}
    for setting, drawn in states(PAGE, "only_the_gap"):
        gap = setting["better"] - setting["other"]
        by_gap.setdefault(gap, set()).add(tuple(sorted(drawn[1].items())))
        for loss in (losses.BradleyTerry(), losses.MarginRanking(margin=1.0)):
            scores = [setting["better"]], [setting["other"]]
            pair = scores if isinstance(loss, losses.BradleyTerry) else ([1.0], *scores)
            up, down = loss.gradient(*pair)
            assert up[0] == -down[0]
    assert len(by_gap) == 13 and all(len(shown) == 1 for shown in by_gap.values())


def test_caption_drag_the_negative():
    """Inside the outer circle the negative is pushed away from the anchor with force 1, outside with none."""
    for setting in settings(PAGE, "drag_the_negative"):
        place = np.array([[setting["x"], setting["y"]]])
        rows = np.zeros((1, 2)), np.array([[1.0, 0.0]]), place
        a, p, n = (-slope[0] for slope in losses.Triplet().gradient(*rows))
        distance = np.linalg.norm(place)
        inside = distance < 2
        assert np.linalg.norm(n) == pytest.approx(1.0 if inside else 0.0)
        assert np.allclose(p, [-1.0 if inside else 0.0, 0.0])
        assert np.allclose(n, place[0] / distance if inside else 0.0) and np.allclose(a, -p - n)
    near, far = (readouts_of(PAGE, "drag_the_negative", x=0.0, y=y)["it is"] for y in (0.25, 1.75))
    assert (near, far) == ("hard", "semi-hard")


def test_farther_negatives_are_louder_with_squares():
    """Of gamma + d(a, p)^2 - d(a, n)^2 the slope in the negative has the length 2 d(a, n)."""
    for d in (0.25, 1.0, 1.75):
        assert ((d + 1e-6) ** 2 - d**2) / 1e-6 == pytest.approx(2 * d, rel=1e-5)


# ---------------------------------------------------------------------------------- InfoNCE


def test_caption_who_is_pushed():
    """The lower the temperature, the more of the push is on the same digit: a tenth to more than half."""
    share = CELLS["FALSE"]
    over_seeds(lambda s: share[s, 0], above=0.58, below=0.72)
    assert share[:, 0].mean() == pytest.approx(0.64, abs=0.04)
    over_seeds(lambda s: share[s, -1], above=0.1, below=0.14)
    over_seeds(lambda s: np.diff(share[s]).max(), below=0)
    assert CELLS["TEMPERATURES"][0] == 0.05 and CELLS["TEMPERATURES"][-1] == 2
    for temperature in CELLS["TEMPERATURES"]:
        similarity, push, _ = CELLS["pushes"](CELLS["RUNS"][64][0][0], 0, temperature, n=64)
        own = np.eye(64, dtype=bool)
        assert np.argmax(push[0]) == np.argmax(np.where(own[0], -9, similarity[0]))
        assert push[0].max() < 1.03
    _, _, same = CELLS["pushes"](CELLS["RUNS"][64][0][0], 0, 1.0)
    assert same.sum() / (256 * 255) == pytest.approx(0.1, abs=0.01)


def test_caption_what_the_batch_buys():
    """The larger the batch the higher the loss and the more are recognized; each starts near log N."""
    seen, runs = CELLS["SEEN"], CELLS["RUNS"]
    for small, large in ((4, 16), (16, 64), (64, 256)):
        over_seeds(lambda s, a=small, b=large: seen[b][s] - seen[a][s], above=0.02)
        over_seeds(
            lambda s, a=small, b=large: runs[b][s][1][-20:].mean() - runs[a][s][1][-20:].mean(),
            above=0.3,
        )
    pixels = CELLS["PIXELS"]
    over_seeds(lambda s: seen[4][s] - pixels[s], below=0)
    over_seeds(lambda s: seen[16][s] - pixels[s], above=0)
    ends = [np.mean([r[1][-20:].mean() for r in runs[N]]) for N in CELLS["SIZES"]]
    assert np.allclose(ends, [1.0, 1.6, 2.2, 3.1], atol=0.06)
    for N in (64, 256):
        over_seeds(lambda s, N=N: runs[N][s][1][0] - np.log(N), above=-0.2, below=0.8)
    for setting, (_, shown) in states(PAGE, "what_the_batch_buys"):
        assert float(shown["log N"]) == pytest.approx(np.log(setting["N"]), abs=0.005)
    means = [100 * np.mean(s) for s in (seen[256], seen[4], pixels)]
    assert np.allclose(means, [80, 45, 54], atol=2)


def test_what_else_was_asked_of_the_batch():
    found = CELLS["RECOGNIZED"]
    base = found["batch 64"]

    def against(name, other=base):
        return lambda s: found[name][s] - other[s]

    for T in ("0.5", "1", "2"):
        over_seeds(against(f"batch 64, temperature {T}"), below=-0.02)
    over_seeds(against("batch 64, temperature 0.05"), above=-0.045, below=0.02)
    over_seeds(against("batch 64, no false negatives"), above=0.005)
    over_seeds(against("batch 256, no false negatives", found["batch 256"]), above=0.005)
    for name in ("batch 64, debiased", "batch 64, farther negatives only"):
        over_seeds(against(name), below=0)
    for size in ("batch 64", "batch 256"):
        gain = np.mean(found[f"{size}, no false negatives"]) - np.mean(found[size])
        assert 100 * gain == pytest.approx(3.5, abs=0.75)
    cured = [
        100 * np.mean(found[f"batch 64{n}"]) for n in ("", ", debiased", ", farther negatives only")
    ]
    assert np.allclose(cured, [73, 70, 66], atol=1)
    over_seeds(against("batch 16, four times the steps"), above=-0.03, below=0.03)
    over_seeds(against("batch 256, a quarter of the steps"), below=-0.03)


def test_the_layer_before_the_last_does_worse_here():
    """Other than SimCLR's: the chapter says so, and to try both."""

    class Hidden:
        def __init__(self, net):
            self.predict = lambda x: net.forward(x)[-2]

    over_seeds(
        lambda s: CELLS["recognized"](Hidden(CELLS["RUNS"][64][s][0]), s) - CELLS["SEEN"][64][s],
        below=-0.03,
    )


def test_halves_cost_less_than_the_whole():
    """Fewer terms in the denominator: for any similarities, and 0.16 against 0.49 for those shown."""
    info_nce = CELLS["info_nce"]

    def saved(seed):
        s = 3 * np.eye(8) + np.random.default_rng(seed).normal(size=(8, 8))
        return info_nce(s) - (info_nce(s[:4, :4]) + info_nce(s[4:, 4:])) / 2

    over_seeds(saved, above=0)
    assert round(info_nce(CELLS["similarity"]), 2) == 0.49
    assert round(np.mean(CELLS["halves"]), 2) == 0.16


def test_infonce_is_a_logistic_loss_of_one_difference():
    rng = np.random.default_rng(0)
    for T in (0.05, 0.5, 3.0):
        s = rng.normal(size=9)
        soft = T * np.log(np.exp(s[1:] / T).sum())
        assert losses.Logistic()([1.0], [(s[0] - soft) / T]) == pytest.approx(
            -log_softmax(s / T)[0]
        )


@pytest.mark.parametrize("cure", ["told", "farther only", "debiased"])
def test_the_gradients_of_the_cures_for_false_negatives(cure):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 6, 3))
    more = np.array([0, 0, 1, 2, 2, 3]), 0.3
    of_cosines, loss = CELLS["of_cosines"], CELLS["CURES"][cure]
    value, slopes = of_cosines(loss, a, b, *more)
    step = 1e-6
    for which in (0, 1):
        for i, j in ((0, 0), (2, 1), (5, 2)):
            moved = [a.copy(), b.copy()]
            moved[which][i, j] += step
            found = (of_cosines(loss, *moved, *more)[0] - value) / step
            assert found == pytest.approx(slopes[which][i, j], rel=1e-4, abs=1e-6)


def test_where_nothing_is_false_the_cures_are_infonce():
    a, b = np.random.default_rng(0).normal(size=(2, 6, 3))
    whole, same = losses.InfoNCE(temperature=0.3).value_and_gradient(a, b)
    for name, loss in (
        ("all apart", lambda s: CELLS["CURES"]["told"](s, np.arange(6), 0.3)),
        ("a share of 0", lambda s: CELLS["debiased"](s, 0.3, share=0.0)),
    ):
        value, slopes = CELLS["of_cosines"](loss, a, b)
        assert value == pytest.approx(whole) and np.allclose(slopes, same), name


def test_a_partner_is_no_fair_sample_of_its_digit():
    """What the debiased loss takes it for: its e^(s / T) is twice another image's and more."""

    def times(seed):
        similarity, _, same = CELLS["pushes"](CELLS["RUNS"][64][seed][0], seed, 0.2)
        each = np.exp(similarity / 0.2)
        return np.diag(each).mean() / each[same].mean()

    over_seeds(times, above=2, below=3)


# ---------------------------------------------------------------------------------- rankings


def test_caption_push_in_a_list():
    """One ninth each at a lead of 0; pairwise below a fifth, listwise nearly all, lambda between."""
    shown = {s["rival"]: numbers(drawn[1]) for s, drawn in states(PAGE, "push_in_a_list")}
    assert set(shown[0.0].values()) == {11.0}
    assert shown[3.0] == {"pairwise": 19.0, "listwise": 72.0, "lambda": 54.0}
    curves = CELLS["LEADER"]
    assert max(curves["pairwise"]) < 0.2 and curves["listwise"][-1] > 0.97
    for curve in curves.values():
        assert np.all(np.diff(curve) > -1e-12)
    after = CELLS["LEADS"] > 2.5
    assert (np.array(curves["lambda"]) < np.array(curves["listwise"]))[after].all()
    assert np.diff(curves["lambda"]).max() > 0.2


def test_weights_of_boosted_trees_move_the_push_from_the_leader():
    """LightGBM's and XGBoost's weights, divided by the distance of the scores, against the paper's."""
    s = np.array([0.0, 3.0, *np.linspace(-1, 1, 8)])
    push = losses.LambdaRank().gradient(CELLS["RELEVANCE"], s)[1:]
    assert push[0] / push.sum() == pytest.approx(0.59, abs=0.005)
    divided = push / (np.abs(s[1:] - s[0]) + 0.01)
    assert divided[0] / divided.sum() == pytest.approx(0.23, abs=0.005)


def test_the_zero_one_loss_of_all_pairs_is_one_minus_auc():
    y, s = np.array([1, 1, 0, 0, 0.0]), np.array([0.3, -1.0, 0.1, -2.0, 1.0])
    wrong = np.mean(np.subtract.outer(s[y > 0], s[y == 0]) < 0)
    assert losses.PairwiseLogistic()(y, s) / np.log(2) / 6 >= wrong


def test_the_games_of_the_season():
    """Each team has eight games at home, sixteen in all against thirteen others; wins as in the table."""
    games, wins, teams = CELLS["GAMES"], CELLS["WINS"], CELLS["TEAMS"]
    assert (np.bincount(games[:, 0]) == 8).all() and (np.bincount(games[:, 1]) == 8).all()
    for team in range(32):
        assert len(np.unique(games[(games == team).any(axis=1)])) - 1 == 13
    table = dict(zip(teams, wins.tolist(), strict=True))
    most = {"NE": 16, "DAL": 13, "GB": 13, "IND": 13, "JAX": 11, "SD": 11, "CLE": 10, "NYG": 10}
    assert {team: table[team] for team in most} == most
    ten = {team for team, won in table.items() if won == 10}
    assert ten == {"CLE", "NYG", "PIT", "SEA", "TEN"} and table["WAS"] == 9 and table["MIA"] == 1


def test_caption_a_season():
    """The Patriots rise without end, the Dolphins come to rest; equal wins are not equal strengths."""
    strength, teams, wins = CELLS["STRENGTHS"], CELLS["TEAMS"], CELLS["WINS"]
    ne, mia = CELLS["NE"], CELLS["MIA"]
    top = [strength[lam].coef[ne] for lam in CELLS["PENALTIES"]]
    assert np.all(np.diff(top) < 0)
    free = [CELLS["strengths"](lam) for lam in (1e-5, 1e-6, 1e-7)]
    rest = [model.coef[mia] - np.delete(model.coef, ne).mean() for model in free]
    assert abs(rest[2] - rest[1]) < 0.02 < 0.5 < free[2].coef[ne] - free[1].coef[ne]
    for lam in CELLS["PENALTIES"]:
        model = strength[lam].coef
        ten = [t for t in range(32) if wins[t] == 10]
        assert max(ten, key=lambda t: model[t]) == CELLS["NYG"]
        assert np.ptp(model[ten]) > 0 and model.argmax() == ne and model.argmin() == mia
        if 0.001 <= lam <= 0.01:
            beaten = [model[teams.index(t)] for t in ("PIT", "CLE", "SEA")]
            assert model[teams.index("WAS")] > max(beaten)
    shown = readouts_of(PAGE, "a_season", penalty=0.01)["Giants beat them on neutral ground"]
    assert shown == "27%"


def test_at_the_maximum_expected_wins_are_wins():
    """For the teams whose strengths are bounded; the unbeaten team falls short of its sixteen."""
    model = CELLS["strengths"](1e-7)
    chance = expit(model.predict(CELLS["SIDES"]))
    expected = np.bincount(CELLS["GAMES"][:, 0], chance, 32)
    expected += np.bincount(CELLS["GAMES"][:, 1], 1 - chance, 32)
    assert np.allclose(expected, CELLS["WINS"], atol=0.01) and expected[CELLS["NE"]] < 16


def test_strengths_forecast_better_than_a_coin_and_than_the_home_team_alone():
    won = CELLS["HOME_WON"]

    def home_alone(seed):
        order = np.random.default_rng(seed).permutation(256)
        share = won[order[:192]].mean()
        return -np.mean(np.where(won[order[192:]], np.log(share), np.log(1 - share)))

    twenty = range(20)
    over_seeds(lambda s: CELLS["UNSEEN"][0.01][s] - home_alone(s), below=0, seeds=twenty)
    over_seeds(lambda s: CELLS["UNSEEN"][0.01][s], below=np.log(2), seeds=twenty)


# ---------------------------------------------------------------------------------- preferences


def test_caption_both_fall():
    """An answer beyond the line: in the end the chosen one falls; none: it rises throughout."""
    gains, pair = CELLS["gains"], CELLS["with_pair"]
    some = beyond_the_edge = 0
    for setting in settings(PAGE, "both_fall"):
        answers = pair(setting["x"], setting["y"])
        arrow = answers[0] - answers[1]
        ahead = np.max((answers - answers[0]) @ arrow)
        curve = np.array([gains(answers, gap)[:2] for gap in CELLS["GAP"]])
        assert np.allclose(curve[:, 0] - curve[:, 1], CELLS["GAP"])
        if ahead > 1e-9:
            some += 1
            beyond_the_edge += curve[-1, 0] > curve[-2, 0]
            far = 400 * (arrow @ arrow) / ahead  # where the other has outgrown it
            assert gains(answers, far)[0] < -50
        else:
            assert np.all(np.diff(curve[:, 0]) > 0)
    assert 20 < some < 81 and beyond_the_edge == 2
    for x, y in ((0.5, 0.5), (1.5, 0.5)):
        shown = numbers(readouts_of(PAGE, "both_fall", x=x, y=y))
        assert shown["chosen, at a gap of 12"] < 0 and shown["answers beyond"] >= 1
    assert max(gains(pair(1.5, 0.5), gap)[0] for gap in CELLS["GAP"]) > 1  # rises first


def test_every_loss_of_the_gap_walks_along_the_arrow():
    """DPO and IPO trained by steps reach what `gains` says of their gap; the slope is the equation's."""
    answers = CELLS["with_pair"](1.5, 0.5)
    reference = log_softmax(answers @ np.zeros(2))
    for loss in (losses.DPO(beta=0.5), losses.IPO(beta=0.5)):
        h = np.zeros(2)
        for _ in range(300):
            now = log_softmax(answers @ h)
            chance = np.exp(now)
            up, down = loss.gradient(now[:1], now[1:2], reference[:1], reference[1:2])
            mean = chance @ answers
            h -= 0.05 * (up[0] * (answers[0] - mean) + down[0] * (answers[1] - mean))
        gain = log_softmax(answers @ h) - reference
        assert np.allclose(gain, CELLS["gains"](answers, gain[0] - gain[1]))
        if isinstance(loss, losses.IPO):
            assert gain[0] - gain[1] == pytest.approx(1.0, abs=1e-3)
    arrow, t = answers[0] - answers[1], 0.7
    chance = np.exp(log_softmax(t * answers @ arrow))
    slope = answers[0] @ arrow - chance @ (answers @ arrow)
    ahead, behind = (log_softmax((t + s) * answers @ arrow)[0] for s in (1e-6, -1e-6))
    assert (ahead - behind) / 2e-6 == pytest.approx(slope, rel=1e-6)


def test_pairs_that_are_alike_drive_both_down():
    falls = CELLS["falls"]
    fresh = range(10, 15)
    over_seeds(lambda s: falls(0, 8, s), above=0.15, below=0.32, seeds=fresh)
    over_seeds(lambda s: falls(0.9, 8, s), above=0.8, below=0.93, seeds=fresh)
    over_seeds(lambda s: falls(0.9, 32, s), above=0.42, below=0.65, seeds=fresh)
    assert max(falls(0, 32, s) for s in fresh) < 0.02


def test_smoothed_labels_bound_the_gap_and_their_difference_does_not():
    """(1 - e) l(d) + e l(-d) is least at log((1 - e) / e); with a minus it falls below 0 for ever."""
    gap = np.linspace(-20, 200, 2201)
    right, wrong = (losses.Logistic().pointwise(np.full(2201, y), gap) for y in (1.0, -1.0))
    for share in (0.05, 0.1, 0.3):
        least = gap[np.argmin((1 - share) * right + share * wrong)]
        assert least == pytest.approx(np.log((1 - share) / share), abs=0.1)
        robust = ((1 - share) * right - share * wrong) / (1 - 2 * share)
        assert np.all(np.diff(robust) < 0) and robust[-1] < -5 < 0 < robust[0]


def test_kto_hears_what_is_near_its_level():
    z = np.linspace(-80, 80, 321)
    for y in (0, 1):
        pull = np.abs(losses.KTO().gradient(np.full(321, y), z, np.zeros(321), 3.0))
        assert z[pull.argmax()] == 3.0 and pull.max() == pytest.approx(0.1 / 4)
        assert pull[0] < 0.01 * pull.max() and pull[-1] < 0.01 * pull.max()


# ---------------------------------------------------------------------------------- exercises, tabs


def test_the_table_of_two_runs():
    text = prose_of(PAGE)
    for a, d, free, b, e, none in CELLS["log_of_two_runs"](0):
        row = f"| {a:.3f} | {d:.3f} | {free:.0%} | {b:.3f} | {e:.3f} | {none:.0%} |"
        assert row.replace("%", " %") in text
    # in run A the mean over what costs something rises at the end, while more and more is solved
    rows = {seed: np.array(list(CELLS["log_of_two_runs"](seed))) for seed in range(5)}
    over_seeds(lambda seed: rows[seed][3, 0] - rows[seed][2, 0], above=0)
    over_seeds(lambda seed: np.diff(rows[seed][:, 2]).min(), above=0.1)
    over_seeds(lambda seed: rows[seed][:, 1].min(), above=1.2)
    over_seeds(lambda seed: rows[seed][3, 3], above=0.3, below=0.302)


def test_no_step_of_the_proof_but_the_last_is_false():
    """The bound of step c and d holds, and the chosen answer rises before it falls."""
    answers = CELLS["with_pair"](1.5, 0.5)
    arrow = answers[0] - answers[1]
    ahead = np.max((answers - answers[0]) @ arrow)
    t = np.linspace(0, 20, 200)
    now = np.array([log_softmax(s * answers @ arrow)[0] for s in t])
    assert ahead > 0 and np.all(now <= -t * ahead + 1e-12) and now[1] > now[0] > now[-1]


@pytest.mark.parametrize(
    "subject, stated",
    [
        ("comparisons/triplet", ["0.04", "1.504", "exchanged 0.36", "collapsed 0.2", "nan"]),
        (
            "comparisons/infonce",
            ["0.2033", "0.0826", "0.9043", "1.3863", f"{np.log(7):.4f}"],
        ),
        ("comparisons/preference", ["0.7695", "0.6931", "-0.1 -1. "]),
        ("comparisons/ranking", ["0.19", "0.72", "margin 0.0"]),
    ],
)
def test_numbers_of_the_tabs(subject, stated):
    printed = "".join(record["printed"] for record in Subject(subject).records.values())
    assert all(number in printed for number in stated)
    plt.close("all")
