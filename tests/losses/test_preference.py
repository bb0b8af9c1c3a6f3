"""Losses of preferences against mpmath, each from its definition; what they see, and what they refuse."""

import json
import math

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf

from benchmarks.cases import instances_of_several, magnitudes, sample
from benchmarks.references import exp, ulps
from lossbook import losses
from lossbook.losses.preference import PreferenceLoss

from . import ranking_cases
from .latex import evaluate

RECORD = json.loads(ranking_cases.RECORD.read_text("utf-8"))
PREFERENCES = [a for a in instances_of_several() if isinstance(a, PreferenceLoss)]
BETAS = (0.1, 1.0, 3.7, 1e-5)


def logistic(x):
    """log(1 + exp(-x))."""
    return mpmath.log1p(exp(-x)) if x > -1e4 else -x


def chance(x):
    """1 / (1 + exp(x))."""
    return 1 / (1 + mpmath.exp(x)) if x < 1e4 else exp(-x)


def hold(computed, truth, where):
    distance = ulps(float(computed), truth)
    assert distance <= 4, f"{distance:.3g} ulp at {where}: {computed!r}, truth {float(truth)!r}"


def pairs_of_scores(rng, count=300):
    """Usual, close to each other and far from 0, and over the range of float64."""
    usual = 3 * rng.normal(size=(2, count))
    center = rng.normal(size=count) * 10 ** rng.uniform(0, 15, count)
    near = center + rng.normal(size=(2, count)) * 10 ** rng.uniform(-3, 2.8, count)
    wide = magnitudes(rng)
    wide = np.stack([wide, rng.permutation(wide)]) * rng.choice([-1.0, 1.0], (2, wide.size))
    wide = wide[:, np.abs(wide).max(axis=0) < 8e307]  # or differences exceed float64
    alone = np.stack([np.zeros(wide.shape[1]), wide[0]])
    return np.concatenate([usual, near, wide, alone], axis=1)


def log_probabilities(rng, count=400):
    """Of long and short answers, of policies near and far from the reference; and cancelling ones."""
    reference = -(10 ** rng.uniform(-2, 4, (2, count)))
    policy = reference + rng.normal(size=(2, count)) * 10 ** rng.uniform(-9, 3, count)
    same = np.concatenate([reference, reference])
    same[0] = np.nextafter(same[0], rng.choice([-1e9, 1e9], count))
    tiny = rng.normal(size=(4, 50)) * 10 ** rng.uniform(-300, 0, (4, 50))
    found = [np.concatenate([policy, reference]), same, tiny, 100 * rng.normal(size=(4, 50))]
    return np.concatenate(found, axis=1)


def test_bradley_terry():
    loss = losses.BradleyTerry()
    a, b = pairs_of_scores(np.random.default_rng(51))
    value, (win, lose) = loss.pointwise(a, b), loss.gradient(a, b)
    for i in range(a.size):
        with mp.workdps(700):
            d = mpf(float(a[i])) - mpf(float(b[i]))
            hold(value[i], logistic(d), (a[i], b[i]))
            hold(win[i], -chance(d), (a[i], b[i]))
    np.testing.assert_array_equal(lose, -win)


def margin(inputs, i):
    win, lose, v, k = (mpf(float(a[i])) for a in inputs)
    return (win - lose) - (v - k)


@pytest.mark.parametrize("beta", BETAS)
def test_dpo(beta):
    loss = losses.DPO(beta=beta)
    inputs = log_probabilities(np.random.default_rng(52))
    value, (chosen, rejected) = loss.pointwise(*inputs), loss.gradient(*inputs)
    for i in range(value.size):
        with mp.workdps(400):
            x = mpf(beta) * margin(inputs, i)
            hold(value[i], logistic(x), inputs[:, i])
            hold(chosen[i], -mpf(beta) * chance(x), inputs[:, i])
    np.testing.assert_array_equal(rejected, -chosen)


@pytest.mark.parametrize("beta", BETAS)
def test_ipo(beta):
    """Also where m is close to its target; not where 15 digits and more of the inputs cancel."""
    rng = np.random.default_rng(53)
    loss, inputs = losses.IPO(beta=beta), log_probabilities(rng)
    near = inputs.copy()
    near[0] = (
        near[1] + (near[2] - near[3]) + 0.5 / beta * (1 + 10 ** rng.uniform(-16, 0, near.shape[1]))
    )
    inputs = np.concatenate([inputs, near], axis=1)
    value, (chosen, rejected) = loss.pointwise(*inputs), loss.gradient(*inputs)
    close = kept = 0
    for i in range(value.size):
        with mp.workdps(400):
            excess = margin(inputs, i) - 1 / (2 * mpf(beta))
            close += abs(excess) < 1e-10 / beta
            if abs(excess) > 1e-14 * max(0.5 / beta, np.abs(inputs[:, i]).max()):
                kept += 1
                hold(value[i], excess**2, inputs[:, i])
                hold(chosen[i], 2 * excess, inputs[:, i])
    np.testing.assert_array_equal(rejected, -chosen)
    assert close > 200 and kept > 1000


@pytest.mark.parametrize("beta", BETAS)
@pytest.mark.parametrize("kl", [0.0, 0.3, 1e3])
def test_kto(beta, kl):
    rng = np.random.default_rng(54)
    loss = losses.KTO(beta=beta, desirable_weight=1.3, undesirable_weight=0.7)
    policy, _, reference, _ = log_probabilities(rng)
    y = rng.integers(0, 2, policy.size)
    value, slope = (f(y, policy, reference, kl) for f in (loss.pointwise, loss.gradient))
    for i in range(y.size):
        with mp.workdps(400):
            sign, weight = (1, mpf(1.3)) if y[i] else (-1, mpf(0.7))
            gain = mpf(float(policy[i])) - mpf(float(reference[i])) - mpf(kl)
            x = sign * mpf(beta) * gain
            where = (y[i], policy[i], reference[i])
            hold(value[i], weight * chance(x), where)
            hold(slope[i], -sign * mpf(beta) * weight * chance(x) * chance(-x), where)


def test_they_are_logistic_losses_of_a_difference():
    rng = np.random.default_rng(55)
    win, lose, v, k = 4 * rng.normal(size=(4, 30))
    due = losses.Logistic().pointwise(np.ones(30), win - lose)
    np.testing.assert_allclose(losses.BradleyTerry().pointwise(win, lose), due, rtol=1e-12)
    rewards = 0.3 * (win - v), 0.3 * (lose - k)
    dpo = losses.DPO(beta=0.3)
    np.testing.assert_allclose(
        dpo.pointwise(win, lose, v, k), losses.BradleyTerry().pointwise(*rewards), rtol=1e-12
    )
    square = losses.MeanSquaredError().pointwise(np.full(30, 1 / 0.6), (win - lose) - (v - k))
    np.testing.assert_allclose(losses.IPO(beta=0.3).pointwise(win, lose, v, k), square, rtol=1e-9)
    lists = np.stack([win, lose], axis=1), np.tile([1.0, 0.0], (30, 1))
    np.testing.assert_allclose(losses.PlackettLuce().pointwise(*lists[::-1]), due, rtol=1e-12)


def test_at_the_reference():
    """Where training starts: log 2, 1 / (4 beta^2), and half of the weight."""
    same = np.full(5, -30.0), np.full(5, -40.0)
    assert losses.DPO(beta=0.1)(*same, *same) == pytest.approx(math.log(2), rel=1e-15)
    assert losses.IPO(beta=0.1)(*same, *same) == pytest.approx(25.0, rel=1e-15)
    kto = losses.KTO(desirable_weight=3.0)
    assert kto.pointwise([1, 0], [-3.0, -4.0], [-3.0, -4.0], 0).tolist() == [1.5, 0.5]


def test_only_the_gap_of_the_rewards_counts():
    """Both may fall, and the loss with them."""
    win, lose, v, k = np.array([[-10.0], [-12.0], [-10.0], [-12.0]])
    for loss in (losses.DPO(), losses.IPO(beta=0.01)):
        start = loss(win, lose, v, k)
        assert loss(win - 8, lose - 8, v, k) == start
        assert loss(win - 8, lose - 20, v, k) < start


def test_a_preference_without_exception():
    """DPO is paid for every further step; IPO for none beyond its target; KTO less and less."""
    gap = np.array([1.0, 5.0, 50.0, 500.0])
    zero = np.zeros(4)
    assert (losses.DPO().gradient(gap, zero, zero, zero)[0] < 0).all()
    slope = losses.IPO(beta=0.1).gradient(gap, zero, zero, zero)[0]
    np.testing.assert_allclose(slope, [-8.0, 0.0, 90.0, 990.0], atol=1e-14)
    felt = losses.KTO().gradient(np.ones(4), gap, zero, 0)
    assert (np.diff(felt) > 0).all() and (felt < 0).all()


def test_labels_may_be_booleans_and_the_reference_point_a_number_of_any_kind():
    kto, policy, reference = losses.KTO(), [-3.0, -4.0], [-3.5, -3.0]
    due = kto([1, 0], policy, reference, 0.5)
    for y, kl in (([True, False], np.float64(0.5)), (np.array([1.0, 0.0]), np.array(0.5))):
        assert kto(y, policy, reference, kl) == kto(y, policy, reference, kl=kl) == due


def test_sums_and_what_cannot_be_added():
    win, lose, v, k = np.random.default_rng(56).normal(size=(4, 6))
    both = losses.DPO() + 0.5 * losses.IPO()
    due = losses.DPO()(win, lose, v, k) + 0.5 * losses.IPO()(win, lose, v, k)
    assert both(win, lose, v, k) == pytest.approx(due, rel=1e-14)
    with pytest.raises(TypeError, match=r"DPO\(beta=0.1\) takes \(policy_chosen, .*KTO\(beta=0.1"):
        losses.DPO() + losses.KTO()


ONES = np.ones(2)


@pytest.mark.parametrize(
    "make, inputs, match",
    [
        (
            losses.BradleyTerry,
            (ONES, np.ones(3)),
            r"chosen has shape \(2,\), rejected has .*\(3,\)",
        ),
        (
            losses.BradleyTerry,
            (1.0, 2.0),
            r"chosen and rejected have shape \(\); expected at least",
        ),
        (losses.BradleyTerry, (np.ones((2, 1)),) * 2, r"shape \(2, 1\); expected \(n,\)"),
        (losses.DPO, (ONES, np.ones(3), ONES, ONES), r"policy_rejected has shape \(3,\)"),
        (losses.DPO, (ONES, [1, math.inf], ONES, ONES), "policy_rejected holds inf at index 1"),
        (losses.IPO, (ONES, ONES, ONES, [math.nan, 1]), "reference_rejected holds nan at index 0"),
        (losses.KTO, ([1, -1], ONES, ONES, 0), r"y_true holds -1.0 at index 1; expected labels 0"),
        (losses.KTO, (ONES, ONES, ONES, -0.3), "kl is -0.3; expected one number .* at least 0"),
        (losses.KTO, (ONES, ONES, ONES, ONES), r"kl has shape \(2,\); expected one number"),
        (losses.KTO, (ONES, ONES, ONES, math.nan), "kl holds nan"),
    ],
)
def test_bad_arguments(make, inputs, match):
    loss = make()
    for method in (loss, loss.pointwise, loss.gradient, loss.value_and_gradient):
        with pytest.raises(ValueError, match=match):
            method(*inputs)


@pytest.mark.parametrize("bad", [0, -0.1, math.nan, math.inf])
@pytest.mark.parametrize("make", [losses.DPO, losses.IPO, losses.KTO])
def test_beta(make, bad):
    with pytest.raises(ValueError, match="beta is "):
        make(beta=bad)
    for name in ("desirable_weight", "undesirable_weight"):
        with pytest.raises(ValueError, match=f"{name} is "):
            losses.KTO(**{name: bad})


def named(loss, inputs):
    """What the letters of the formulas stand for, of one row."""
    found = {r"\beta": mpf(getattr(loss, "beta", 1)), "w": 0, "l": 1}
    row = [mpf(float(np.ravel(a)[0])) for a in inputs]
    if isinstance(loss, losses.KTO):
        y, policy, reference, kl = row
        weight = mpf(loss.desirable_weight if y else loss.undesirable_weight)
        return {**found, "y": y, r"\pi": policy, r"\rho": reference, "z": kl, r"\lambda": weight}
    return {**found, "s": row[:2], r"\pi": row[:2], r"\rho": row[2:]}


@pytest.mark.parametrize("loss", PREFERENCES, ids=repr)
def test_the_formulas_of_the_card_are_those_of_the_code(loss):
    for seed in range(9):
        inputs = sample(loss, np.random.default_rng(seed), 1)
        names = named(loss, inputs)
        value = evaluate(loss.facts.formula, names)
        assert loss.pointwise(*inputs)[0] == pytest.approx(float(value), rel=1e-13)
        slopes = np.atleast_2d(loss.gradient(*inputs))
        for k, slope in enumerate(slopes[:, 0]):
            due = evaluate(loss.facts.gradient, {**names, "k": k})
            assert slope == pytest.approx(float(due), rel=1e-12)
    for name, value in loss.hyperparameters.items():
        other = named(loss.replace(**{name: 0.75 * value}), inputs)
        changed = evaluate(loss.facts.formula, other) != evaluate(loss.facts.formula, names)
        assert changed or name.endswith("desirable_weight")


@pytest.mark.parametrize("name", ["BradleyTerry", "DPO", "IPO", "KTO"])
def test_pytorch_computes_the_same(name):
    """As TRL writes them."""
    four, y = ranking_cases.answers()
    weights = {"desirable_weight": 1.3, "undesirable_weight": 0.8} if name == "KTO" else {}
    beta = {} if name == "BradleyTerry" else {"beta": 0.2}
    inputs = {"BradleyTerry": four[:2], "KTO": (y, four[0], four[2], 0.7)}.get(name, four)
    value, slopes = getattr(losses, name)(**beta, **weights).value_and_gradient(*inputs)
    assert value == pytest.approx(RECORD[name]["mean"], rel=1e-13)
    slopes = slopes if isinstance(slopes, tuple) else (slopes,)
    for slope, theirs in zip(slopes, RECORD[name]["gradients"], strict=True):
        np.testing.assert_allclose(slope, theirs, rtol=1e-11, atol=1e-16)
