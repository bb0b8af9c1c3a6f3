"""Losses of lists: against all orders of a short list, and against mpmath; their masks and errors."""

import itertools
import json
import math

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf

from benchmarks.references import ulps
from lossbook import losses
from lossbook._engine import lists

from . import ranking_cases

RECORD = json.loads(ranking_cases.RECORD.read_text("utf-8"))
LOSSES = [losses.ListNet(), losses.PlackettLuce(), losses.PairwiseLogistic(), losses.LambdaRank()]
each_loss = pytest.mark.parametrize("loss", LOSSES, ids=repr)
K = 5
SMALL = float(np.spacing(1e-305))  # below, float64 has fewer digits


def relevances(loss, rng, n, items=K):
    """Grades from 0 to 4, two of them in each list at least; all different, or with ties below."""
    if isinstance(loss, losses.PlackettLuce):
        y = rng.permuted(np.tile(np.arange(items) * 1.0, (n, 1)), axis=1)
        return np.maximum(y, rng.integers(0, items - 1, (n, 1)))
    y = rng.integers(0, 5, (n, items)) * 1.0
    y[:, 0], y[:, 1] = rng.integers(1, 5, n), 0.0
    return rng.permuted(y, axis=1)


def scores(rng, count):
    """Usual ones, close to each other and far from 0, and over the range of float64."""
    usual = 3 * rng.normal(size=(count, K))
    near = rng.normal(size=(count, 1)) * 10 ** rng.uniform(0, 6, (count, 1))
    near = near + rng.normal(size=(count, K)) * 10 ** rng.uniform(-6, 1, (count, K))
    small = rng.normal(size=(count, K)) * 10 ** rng.uniform(-300, 0, (count, K))
    far = rng.normal(size=(count, K)) * 10 ** rng.uniform(1, 3.3, (count, 1))
    huge = rng.normal(size=(count, K)) * 10 ** rng.uniform(3, 306, (count, 1))
    ties = rng.integers(0, 3, (count, K)) * 1.0
    edges = [[40, 0, -1e4, 1e4, 3], [0, 0, 0, 0, 0], [700, 701, 0, 1, 2], [745, 0, 0, 0, 0]]
    edges += [[-745, -744, -743, 0, 0], [0, 1e307, -1e307, 9e306, -7e306]]
    return np.concatenate([usual, near, small, far, huge, ties, np.array(edges, float)])


def exact(row):
    return [mpf(float(v)) for v in row]


# The definitions


def list_net(y, s):
    log_sum = log_of_sum(s)
    return sum(a * (log_sum - b) for a, b in zip(y, s, strict=True))


def log_of_sum(s):
    top = max(s)
    rest = sum(mpmath.exp(v - top) for k, v in enumerate(s) if k != s.index(top))
    return top + mpmath.log1p(rest)


def chosen_first(order, s):
    """Minus the log of the probability that items are chosen in this order, one after another."""
    left = [s[k] for k in order]
    return sum(log_of_sum(left[i:]) - left[i] for i in range(len(left)))


def plackett_luce(y, s):
    """Of the items above the least relevance, in order, from all that are left."""
    order = sorted(range(len(y)), key=lambda k: -y[k])
    left = [s[k] for k in order]
    return sum(log_of_sum(left[i:]) - left[i] for i in range(len(y)) if y[order[i]] > min(y))


def pairs(y):
    return [(i, j) for i in range(len(y)) for j in range(len(y)) if y[i] > y[j]]


def logistic(margin):
    return mpmath.log1p(mpmath.exp(-margin)) if margin > -1000 else -margin


def pairwise(y, s):
    return sum(logistic(s[i] - s[j]) for i, j in pairs(y))


def ndcg(y, order):
    """Of items in this order, the first at rank 1."""

    def dcg(grades):
        return sum((2**g - 1) / mpmath.log(r + 2, 2) for r, g in enumerate(grades))

    return dcg([y[k] for k in order]) / dcg(sorted(y, reverse=True))


def changes(y, s):
    """By pair: how NDCG changes if the two change places, as a mean over all orders by score."""
    orders = [
        order
        for order in itertools.permutations(range(len(s)))
        if all(s[a] >= s[b] for a, b in itertools.pairwise(order))
    ]
    found = {}
    for i, j in pairs(y):
        swap = {i: j, j: i}
        apart = [abs(ndcg(y, order) - ndcg(y, [swap.get(k, k) for k in order])) for order in orders]
        found[i, j] = sum(apart) / len(apart)
    return found


def lambda_rank(y, s):
    return sum(w * logistic(s[i] - s[j]) for (i, j), w in changes(y, s).items())


def parts(loss, y, s):
    """What pulls each item up and what pushes it down; the gradient is the second less the first."""
    up, down = [mpf(0)] * len(s), [mpf(0)] * len(s)

    def softmax(left):
        log_sum = log_of_sum([s[k] for k in left])
        return {k: mpmath.exp(s[k] - log_sum) for k in left}

    if isinstance(loss, losses.ListNet):
        p, total = softmax(range(len(s))), sum(y)
        for k in range(len(s)):  # Y p_k - y_k
            up[k] = y[k] * sum(p[j] for j in p if j != k)
            down[k] = (total - y[k]) * p[k]
    elif isinstance(loss, losses.PlackettLuce):
        left = sorted(range(len(s)), key=lambda k: -y[k])
        while y[left[0]] > min(y):
            p = softmax(left)
            up[left[0]] += sum(p[j] for j in left[1:])
            for j in left[1:]:
                down[j] += p[j]
            left = left[1:]
    else:
        weights = changes(y, s) if isinstance(loss, losses.LambdaRank) else {}
        for i, j in pairs(y):
            pull = weights.get((i, j), 1) / (1 + mpmath.exp(s[i] - s[j]))
            up[i] += pull
            down[j] += pull
    return up, down


DEFINITIONS = {
    losses.ListNet: list_net,
    losses.PlackettLuce: plackett_luce,
    losses.PairwiseLogistic: pairwise,
    losses.LambdaRank: lambda_rank,
}


@each_loss
def test_against_mpmath(loss):
    """Values in ulp, and gradients in ulp of the greater of their two parts."""
    rng = np.random.default_rng(41)
    s = scores(rng, 4 if isinstance(loss, losses.LambdaRank) else 40)
    y = relevances(loss, rng, len(s))
    value, gradient = loss.pointwise(y, s), loss.gradient(y, s)
    worst = [0.0, 0.0]
    with mp.workdps(400):
        for i in range(len(s)):
            a, b = exact(y[i]), exact(s[i])
            truth = DEFINITIONS[type(loss)](a, b)
            if truth > SMALL * 2**52:
                worst[0] = max(worst[0], ulps(value[i], truth))
            assert worst[0] <= 4, (y[i], s[i], value[i])
            for k, (up, down) in enumerate(zip(*parts(loss, a, b), strict=True)):
                unit = mpf(max(float(np.spacing(float(max(up, down)))), SMALL))
                worst[1] = max(worst[1], float(abs(mpf(gradient[i, k]) - (down - up)) / unit))
                assert worst[1] <= 4, (y[i], s[i], k, gradient[i, k])
    assert min(worst) > 0.4  # it was a measure


@each_loss
def test_the_gradient_is_the_derivative_of_the_definition(loss):
    rng = np.random.default_rng(42)
    s = 2 * rng.normal(size=(6, K))
    y, h = relevances(loss, rng, len(s)), mpf(10) ** -15
    for i in range(len(s)):
        a, b = exact(y[i]), exact(s[i])
        for k, (up, down) in enumerate(zip(*parts(loss, a, b), strict=True)):
            high, low = (
                DEFINITIONS[type(loss)](a, [*b[:k], b[k] + d, *b[k + 1 :]]) for d in (h, -h)
            )
            assert math.isclose((high - low) / (2 * h), down - up, rel_tol=1e-12, abs_tol=1e-14)


def test_plackett_luce_of_all_orders():
    """Their probabilities add up to 1; without an order below, those of all that it leaves open."""
    s = np.array([0.3, -1.2, 2.0, 0.9])
    orders = list(itertools.permutations(range(4)))
    loss = losses.PlackettLuce()
    y = np.zeros((len(orders), 4))
    for row, order in zip(y, orders, strict=True):
        row[list(order)] = [4, 3, 2, 1]
    chance = np.exp(-loss.pointwise(y, np.tile(s, (len(orders), 1))))
    assert chance.sum() == pytest.approx(1, rel=1e-14)
    for k, order in enumerate(orders):
        truth = mpmath.exp(-chosen_first(order, exact(s)))
        assert chance[k] == pytest.approx(float(truth), rel=1e-14)
    for given in ([2, 0, 1, 0], [0, 0, 0, 1], [0, 3, 1, 2]):
        agree = [
            all(given[a] >= given[b] for a, b in itertools.pairwise(order)) for order in orders
        ]
        assert np.exp(-loss(given, s)) == pytest.approx(chance[agree].sum(), rel=1e-14)


def test_the_weights_of_pairs_follow_ndcg():
    """A pair weighs what its exchange changes in NDCG, found by exchanging, for every order."""
    y = [3, 0, 1, 2]
    for order in itertools.permutations(range(4)):
        s = np.empty(4)
        s[list(order)] = [0.4, 0.3, 0.2, 0.1]
        due = float(lambda_rank([mpf(v) for v in y], exact(s)))
        assert losses.LambdaRank()(y, s) == pytest.approx(due, rel=1e-14)


def test_equal_scores_start_training_and_do_not_see_the_order_of_the_items():
    rng = np.random.default_rng(43)
    loss, y = losses.LambdaRank(), np.array([2.0, 0, 1, 0, 2])
    for s in (np.zeros(5), np.array([1.0, 0, 1, 0, 0])):
        value, gradient = loss(y, s), loss.gradient(y, s)
        assert gradient[0] < 0 < gradient[1]
        assert gradient.sum() == pytest.approx(0, abs=1e-15)
        for _ in range(9):
            at = rng.permutation(5)
            assert loss(y[at], s[at]) == pytest.approx(value, rel=1e-14)
            np.testing.assert_allclose(loss.gradient(y[at], s[at]), gradient[at], rtol=1e-13)


@each_loss
def test_only_differences_of_scores_count(loss):
    rng = np.random.default_rng(44)
    s = rng.integers(-40, 40, (20, K)) / 8
    y = relevances(loss, rng, 20)
    np.testing.assert_allclose(loss.pointwise(y, s + 1024), loss.pointwise(y, s), rtol=1e-14)
    np.testing.assert_allclose(loss.gradient(y, s).sum(axis=1), 0, atol=1e-14)


def test_pairs_bound_the_share_of_wrong_ones():
    """Divided by log 2 and their number: above 1 - AUC."""
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(45)
    for _ in range(20):
        y, s = (rng.random(30) < 0.4) * 1.0, rng.normal(size=30)
        mean = losses.PairwiseLogistic()(y, s) / (y.sum() * (1 - y).sum())
        assert mean / math.log(2) >= 1 - metrics.roc_auc_score(y, s)


def test_families_are_related():
    rng = np.random.default_rng(46)
    s, label = rng.normal(size=(30, 4)), rng.integers(0, 4, 30)
    hot = np.eye(4)[label]
    due = losses.CrossEntropy(from_logits=True).pointwise(label, s)
    np.testing.assert_allclose(losses.ListNet().pointwise(hot, s), due, rtol=1e-14)
    np.testing.assert_allclose(losses.PlackettLuce().pointwise(hot, s), due, rtol=1e-14)
    two, win = s[:, :2], np.tile([1.0, 0.0], (30, 1))
    due = losses.Logistic().pointwise(np.ones(30), s[:, 0] - s[:, 1])
    for loss in (losses.ListNet(), losses.PlackettLuce(), losses.PairwiseLogistic()):
        np.testing.assert_allclose(loss.pointwise(win, two), due, rtol=1e-13)
    weight = 1 - 1 / np.log2(3)
    np.testing.assert_allclose(losses.LambdaRank().pointwise(win, two), weight * due, rtol=1e-13)


@each_loss
def test_one_list_and_many(loss):
    rng = np.random.default_rng(47)
    s, n = 2 * rng.normal(size=(9, K)), 9
    y = relevances(loss, rng, n)
    value, gradient = loss.pointwise(y, s), loss.gradient(y, s)
    for i in range(n):
        one = loss.pointwise(y[i], s[i])
        assert isinstance(one, float) and one == value[i] == loss(y[i], s[i])
        np.testing.assert_array_equal(loss.gradient(y[i], s[i]), gradient[i])
        mean, slope = loss.value_and_gradient(y[i], s[i])
        assert mean == value[i]
        np.testing.assert_array_equal(slope, gradient[i])
    many = np.tile(y, (3000, 1)), np.tile(s, (3000, 1))
    assert loss(*many) == pytest.approx(value.mean(), rel=1e-14)
    np.testing.assert_array_equal(loss.gradient(*many)[-n:], gradient)


@each_loss
@pytest.mark.parametrize("nothing", [np.nan, np.inf, -7.0])
def test_items_that_are_not_there(loss, nothing):
    """Lists of other lengths, filled up with anything: as if each stood alone."""
    rng = np.random.default_rng(48)
    s = rng.normal(size=(12, 7)) * np.where(np.arange(12) % 3, 1.0, 500.0)[:, None]
    y = relevances(loss, rng, 12, 7)
    mask, w = np.zeros((12, 7), bool), rng.random(12)
    due, slopes = np.zeros(12), np.zeros((12, 7))
    for i in range(12):
        order = np.argsort(y[i])
        least, most = order[0], order[-1]
        others = rng.permutation(np.setdiff1d(np.arange(7), [least, most]))
        mask[i, [least, most, *others[: i % 6]]] = True
        kept = y[i, mask[i]], s[i, mask[i]]
        due[i] = loss.pointwise(*kept)
        slopes[i, mask[i]] = loss.gradient(*kept)
    y, s = np.where(mask, y, nothing), np.where(mask, s, nothing)
    mean, gradient = loss.value_and_gradient(y, s, mask=mask)
    assert mean == pytest.approx(due.mean(), rel=1e-14) == loss(y, s, mask=mask)
    np.testing.assert_allclose(gradient * 12, slopes, rtol=1e-13, atol=1e-15)
    assert not gradient[~mask].any()
    mask[3] = False
    mean, gradient = loss.value_and_gradient(y, s, sample_weight=w, mask=mask)
    w[3] = 0
    assert mean == pytest.approx(np.average(due, weights=w), rel=1e-14)
    np.testing.assert_allclose(gradient, slopes * (w / w.sum())[:, None], rtol=1e-13, atol=1e-15)
    one = loss.value_and_gradient(y[5], s[5], mask=mask[5])
    assert one[0] == pytest.approx(due[5], rel=1e-14)
    np.testing.assert_allclose(one[1], slopes[5], rtol=1e-13, atol=1e-15)
    marked = np.where(mask, y, np.nan)[:3], np.where(mask, s, -np.inf)[:3]
    np.testing.assert_allclose(loss.pointwise(*marked), due[:3], rtol=1e-14)
    np.testing.assert_allclose(loss.gradient(*marked), slopes[:3], rtol=1e-13, atol=1e-15)


@each_loss
@pytest.mark.parametrize("gap", [50.0, 700.0, 1e6])
def test_items_that_are_not_there_beside_scores_far_apart(loss, gap):
    """However many are missing: no NaN, the values of what is left, no slope of what is not."""
    y, s = np.array([3.0, 2.0, 0.0]), np.array([0.0, gap, 5.0])
    value, slopes = loss.pointwise(y, s), loss.gradient(y, s)
    for missing in (1, 2, 4):
        there = np.arange(3 + missing) < 3
        for turn in range(3 + missing):
            mask = np.roll(there, turn)
            padded = [np.ones(mask.size), np.ones(mask.size)]
            for full, kept in zip(padded, (y, s), strict=True):
                full[mask] = kept
            found, gradient = loss.value_and_gradient(*padded, mask=mask)
            assert found == pytest.approx(value, rel=1e-15)
            np.testing.assert_allclose(gradient[mask], slopes, rtol=1e-13, atol=1e-300)
            assert not gradient[~mask].any()


@pytest.mark.parametrize("top", [3, 30, 300, 999])
def test_grades_that_are_not_whole_keep_their_digits(top):
    rng, loss = np.random.default_rng(49), losses.LambdaRank()
    y, s = rng.uniform(0, top, (20, K)), 3 * rng.normal(size=(20, K))
    for row, value in enumerate(loss.pointwise(y, s)):
        with mp.workdps(400):
            assert ulps(value, lambda_rank(exact(y[row]), exact(s[row]))) <= 6


def test_discounts_of_long_lists_are_not_kept():
    rng = np.random.default_rng(50)
    losses.LambdaRank()(*rng.integers(0, 3, (2, 300)) * 1.0)
    kept = lists._discounts_of.cache_info()
    losses.LambdaRank()(*rng.integers(0, 3, (2, 301)) * 1.0)
    assert lists._discounts_of.cache_info() == kept


def test_sums_take_masks_of_items():
    y, s = np.array([[2.0, 1, 0], [1, 0, 9]]), np.array([[0.1, 0.4, 0.2], [0.3, 0.1, 7.0]])
    mask = np.array([[1, 1, 1], [1, 1, 0]])
    a, b = losses.ListNet(), losses.PairwiseLogistic()
    both = 0.5 * a - 2 * b
    value, gradient = both.value_and_gradient(y, s, mask=mask)
    assert value == pytest.approx(0.5 * a(y, s, mask=mask) - 2 * b(y, s, mask=mask))
    due = 0.5 * a.value_and_gradient(y, s, mask=mask)[1]
    due -= 2 * b.value_and_gradient(y, s, mask=mask)[1]
    np.testing.assert_allclose(gradient, due)
    np.testing.assert_allclose(
        both.pointwise(y, s), 0.5 * a.pointwise(y, s) - 2 * b.pointwise(y, s)
    )


LIST, PL, PAIR, LAMBDA = LOSSES
MASK = r"mask=y_true\.max\(axis=1\) > y_true\.min\(axis=1\) leaves it out"


@pytest.mark.parametrize("method", ["__call__", "pointwise", "gradient", "value_and_gradient"])
@pytest.mark.parametrize(
    "loss, y, match",
    [
        (
            LIST,
            [[1, 0], [0, 0]],
            r"without a relevant item at index 1: .* mask=y_true.max\(axis=1\) >",
        ),
        (
            LIST,
            [[1, 0], [0, -1]],
            r"y_true holds -1.0 at index \(1, 1\); expected relevances of at",
        ),
        (PL, [[1, 0], [2, 2]], f"relevances that are all 2 at index 1; .* {MASK}"),
        (PAIR, [[1, 0], [0, 0]], f"relevances that are all 0 at index 1; .* {MASK}"),
        (LAMBDA, [[3, 3], [1, 0]], f"relevances that are all 3 at index 0; .* {MASK}"),
        (LAMBDA, [[1, 0], [-0.5, 1]], r"y_true holds -0.5 .* at least 0 and at most 1000"),
        (LAMBDA, [[1, 0], [0, 1001]], r"y_true holds 1001.0 at index \(1, 1\)"),
        (
            PL,
            [[2, 1, 2], [3, 1, 2]],
            "a list with a tie at 2 at index 0; expected an order: .* least",
        ),
        (PL, [2, 1, 2], "a list with a tie at 2; expected an order"),
        (PAIR, [[1], [0]], r"shape \(2, 1\): a list of one item; expected two"),
        (PAIR, [[[1, 0]]], r"shape \(1, 1, 2\); expected lists \(n, K\), or one list \(K,\)"),
        (PAIR, 1.0, r"shape \(\); expected lists"),
        (PAIR, [math.nan, math.nan], "y_true holds nan at index 0"),
    ],
)
def test_bad_lists(loss, method, y, match):
    with pytest.raises(ValueError, match=match):
        getattr(loss, method)(y, np.zeros(np.shape(y)))


@each_loss
def test_a_bad_list_may_be_masked(loss):
    y, s = np.array([[2.0, 1, 0], [0, 0, 0], [3, 3, math.nan]]), np.zeros((3, 3))
    due = loss(y[:1], s[:1])
    assert loss(y, s, mask=[1, 0, 0]) == loss(y, s, sample_weight=[2, 0, 0]) == due
    with pytest.raises(ValueError, match=r"y_true holds a list .* at index 1"):
        loss(y, s, mask=[1, 1, 0])
    with pytest.raises(ValueError, match=r"y_true holds a list .* at index 2"):
        loss(y, s, mask=[[1, 1, 1], [0, 0, 0], [1, 0, 0]])
    with pytest.raises(ValueError, match=r"mask has shape \(3, 2\); expected \(3,\).* or \(3, 3\)"):
        loss(y, s, mask=np.ones((3, 2), bool))
    with pytest.raises(ValueError, match="mask holds only False"):
        loss(y, s, mask=np.zeros((3, 3), bool))
    with pytest.raises(ValueError, match=r"sample_weight has shape \(3, 3\); expected \(3,\)"):
        loss(y, s, sample_weight=np.ones((3, 3)))
    with pytest.raises(ValueError, match=r"y_true holds nan at index .2, 2."):
        loss(y, s, mask=[[1, 1, 1], [0, 0, 0], [1, 1, 1]])


@each_loss
def test_a_mask_of_items_hides_no_other_fault(loss):
    y, s, mask = [2.0, 1.0, 0.0], [1.0, 2.0], np.array([True, True])
    for *given, keep in ((y, s, mask), ([y], [s], mask[None])):
        with pytest.raises(ValueError, match=r"y_true has shape .*3\S* and y_pred has shape .*2"):
            loss(*given, mask=keep)
    for bad, match in (("a", "y_true holds strings"), (1j, "y_true holds complex numbers")):
        with pytest.raises(TypeError, match=match):
            loss([2, 1, bad], [1.0, 2.0, 3.0], mask=[1, 1, 0])
        with pytest.raises(TypeError, match=match.replace("true", "pred")):
            loss([y], [[1.0, 2.0, bad]], mask=[[1, 1, 0]])
    due = loss(y[:2], s)
    assert loss([2, 1, None], [1.0, 2.0, None], mask=[1, 1, 0]) == due


@each_loss
def test_a_list_has_two_items_or_more(loss):
    """Of those that are there: of one or none there is no order, and that is what the error says."""
    gone = np.nan, -np.inf
    for there, items in ((0, "no items"), (1, "one item")):
        y, s = (np.array([[2.0, 1.0, 0.0], [1.0, a, a]]) for a in gone)
        y[1, there:], s[1, there:] = gone
        for method in (loss, loss.pointwise, loss.gradient, loss.value_and_gradient):
            with pytest.raises(
                ValueError, match=f"holds a list of {items} at index 1; expected two"
            ):
                method(y, s)
            with pytest.raises(ValueError, match=f"holds a list of {items}; expected two"):
                method(y[1], s[1])


@pytest.mark.parametrize("name", ["ListNet", "ListNet of what is there", "PlackettLuce"])
def test_optax_and_pytorch_compute_the_same(name):
    grades, order, s, there = ranking_cases.lists()
    loss, y = (PL, order) if name == "PlackettLuce" else (LIST, grades)
    value, gradient = loss.value_and_gradient(y, s, mask=there if "there" in name else None)
    assert value == pytest.approx(RECORD[name]["mean"], rel=1e-13)
    np.testing.assert_allclose(gradient, RECORD[name]["gradients"][0], rtol=1e-11, atol=1e-15)
