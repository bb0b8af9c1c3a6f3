"""Penalties: gradients against differences, proximal steps against their definition."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from lossbook.penalties import L1, L2, ElasticNet, Penalty

EVERY = [L1(0.7), L2(0.7), ElasticNet(0.7, 0.3), ElasticNet(2.0, 1.0), ElasticNet(2.0, 0.0), L1(0)]
W = np.array([-3.0, -1e-3, 0.0, 0.4, 1.5, 20.0])


@pytest.mark.parametrize("penalty", EVERY, ids=repr)
def test_prox_is_the_minimizer_that_defines_it(penalty):
    for step in (0.1, 1.0, 5.0):
        found = penalty.prox(W, step)
        for w, u in zip(W, found, strict=True):

            def cost(v, w=w, step=step):
                return penalty.value(np.array([v])) + (v - w) ** 2 / (2 * step)

            best = minimize_scalar(cost, bracket=(w - 1, w + 1), tol=1e-12)
            assert u == pytest.approx(best.x, abs=1e-6)
            assert cost(u) <= cost(best.x) + 1e-12


@pytest.mark.parametrize("penalty", EVERY, ids=repr)
def test_prox_takes_a_step_for_each_entry(penalty):
    steps = np.array([0.1, 0.2, 0.5, 1, 2, 10])
    one_by_one = [penalty.prox(W[i : i + 1], steps[i])[0] for i in range(len(W))]
    np.testing.assert_array_equal(penalty.prox(W, steps), one_by_one)


@pytest.mark.parametrize("penalty", EVERY, ids=repr)
def test_gradient(penalty):
    away = W[np.abs(W) > 1e-2]
    h = 1e-6
    for j in range(len(away)):
        e = np.zeros(len(away))
        e[j] = h
        slope = (penalty.value(away + e) - penalty.value(away - e)) / (2 * h)
        assert penalty.gradient(away)[j] == pytest.approx(slope, rel=1e-7)
    assert penalty.gradient(np.zeros(3)).tolist() == [0, 0, 0]
    assert penalty.gradient(W.reshape(2, 3)).shape == (2, 3)


def test_values():
    w = np.array([[1.0, -2.0], [0.0, 3.0]])
    assert L1(0.5).value(w) == 3.0
    assert L2(0.5).value(w) == 3.5
    assert ElasticNet(0.5, 0.25).value(w) == pytest.approx(0.25 * 3.0 + 0.75 * 3.5)


@pytest.mark.parametrize("penalty", EVERY, ids=repr)
def test_ends_of_the_elastic_net(penalty):
    assert L1(2.0).value(W) == ElasticNet(2.0, 1.0).value(W)
    assert L2(2.0).value(W) == ElasticNet(2.0, 0.0).value(W)
    assert penalty.smooth == (penalty.l1 == 0)


def test_least_subgradient_is_zero_at_the_minimum_only():
    # min (w - 1)^2/2 + 2|w| is at 0: the subgradients there are -1 + [-2, 2].
    assert L1(2.0).least_subgradient(np.array([0.0]), np.array([-1.0])) == 0
    assert L1(0.4).least_subgradient(np.array([0.0]), np.array([-1.0])) == pytest.approx(-0.6)
    assert L1(0.4).least_subgradient(np.array([0.6]), np.array([-0.4])) == pytest.approx(0.0)
    assert L2(0.5).least_subgradient(np.array([2.0]), np.array([-1.0])) == 0


def test_restricted():
    mask = np.array([True, False, True, False, True, False])
    penalty = L1(0.5).restricted(mask)
    assert penalty.value(W) == L1(0.5).value(W[mask]) and not penalty.smooth
    np.testing.assert_array_equal(penalty.prox(W, 1.0)[~mask], W[~mask])
    np.testing.assert_array_equal(penalty.gradient(W)[~mask], 0)
    np.testing.assert_array_equal(penalty.prox(W, 1.0)[mask], L1(0.5).prox(W[mask], 1.0))
    np.testing.assert_array_equal(penalty.least_subgradient(W, W)[~mask], W[~mask])


def test_own_penalty():
    class Positive(Penalty):
        """0 for weights of at least 0, infinite otherwise: projected gradient descent."""

        smooth = False

        def value(self, w):
            return 0.0 if np.all(w >= 0) else np.inf

        def gradient(self, w):
            return np.zeros_like(w)

        def prox(self, w, step):
            return np.maximum(w, 0)

    from lossbook.optim import GradientDescent, minimize

    target = np.array([1.0, -1.0])
    result = minimize(
        lambda x: (((x - target) ** 2).sum() / 2, x - target),
        np.ones(2),
        GradientDescent(0.5),
        penalty=Positive(),
        steps=100,
    )
    np.testing.assert_allclose(result.x, [1, 0], atol=1e-12)


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: L1(-1), "strength is -1.0"),
        (lambda: L2(np.inf), "strength is inf"),
        (lambda: ElasticNet(1, 1.5), "l1_ratio is 1.5"),
        (lambda: ElasticNet(1, -0.5), "l1_ratio is -0.5"),
    ],
)
def test_bad_strength(make, match):
    with pytest.raises(ValueError, match=match + ".*; expected"):
        make()
    with pytest.raises(TypeError, match="strength is '1'; expected"):
        L1("1")


# Numbers of every kind


def test_a_term_of_strength_zero_takes_no_part():
    w = np.array([1e200, -1e200])
    with np.errstate(over="raise"):
        assert L1(0.5).value(w) == 1e200
        assert L1(0.0).value(w) == L2(0.0).value(w) == ElasticNet(0.0).value(w) == 0
        assert ElasticNet(2.0, 1.0).value(w) == 4e200
        assert L2(1e-200).value(w) == pytest.approx(1e200)
        assert L2(1.0).value(w) == np.inf
        assert L1(1e-10).value([1.7e308] * 4) == pytest.approx(6.8e298)


@pytest.mark.filterwarnings("ignore:overflow")  # of step * l1, whose result is right
@pytest.mark.parametrize("penalty", EVERY, ids=repr)
@pytest.mark.parametrize("size", [5e-324, 1e-200, 1e153, 1e300])
def test_no_method_gives_nan(penalty, size):
    w = np.array([0.0, size, -size])
    assert not np.isnan(penalty.value(w)) and penalty.value(w) >= 0
    for step in (0.0, 5e-324, 1.0, 1e300, 1.7e308, np.array([0.0, 1.7e308, 1e-300])):
        found = penalty.prox(w, step)
        assert np.isfinite(found).all() and (np.abs(found) <= np.abs(w)).all()
    for f in (penalty.gradient(w), penalty.least_subgradient(w, w)):
        assert np.isfinite(f).all()


@pytest.mark.parametrize("penalty", EVERY, ids=repr)
def test_types_of_weights(penalty):
    w = np.array([-2.0, 0, 1, 5])
    for kind in (list, tuple, np.float16, np.int8, np.longdouble, object):
        given = kind(w) if kind in (list, tuple) else w.astype(kind)
        assert penalty.value(given) == penalty.value(w)
        for found, expected in [
            (penalty.gradient(given), penalty.gradient(w)),
            (penalty.prox(given, 0.25), penalty.prox(w, 0.25)),
            (penalty.prox(given, np.float16([0, 1, 2, 3])), penalty.prox(w, np.arange(4.0))),
            (penalty.least_subgradient(given, given), penalty.least_subgradient(w, w)),
        ]:
            assert found.dtype == np.float64
            np.testing.assert_array_equal(found, expected)
    assert penalty.prox(np.uint8([3]), 1.0) == penalty.prox(3.0, 1.0)


@pytest.mark.parametrize("penalty", [*EVERY, L1(1.0).restricted([True, False])], ids=repr)
@pytest.mark.parametrize(
    ("step", "match"),
    [
        (-0.5, "step holds -0.5; expected numbers of at least 0"),
        ([0.5, -1], "step holds -1.0 at index 1; expected numbers of at least 0"),
        ([0.5, np.nan], "step holds nan at index 1; expected finite numbers"),
        (np.inf, "step holds inf; expected finite numbers"),
        ([0.5], r"step has shape \(1,\); expected a number, or the shape of w, \(2,\)"),
        ([[0.5], [0.5]], r"step has shape \(2, 1\); expected a number"),
        ("0.5", "step holds strings; expected real numbers"),
        (None, "step is None; expected"),
    ],
)
def test_bad_steps(penalty, step, match):
    with pytest.raises((TypeError, ValueError), match=match):
        penalty.prox([1.0, 2.0], step)


@pytest.mark.parametrize("mask", [[0, 2], ["True", "False"], [1.0, 0.0], np.array([0, 1]), None])
def test_a_mask_is_of_true_and_false(mask):
    with pytest.raises(TypeError, match=r"mask holds values of dtype .*; expected True and False"):
        L1(1.0).restricted(mask)


def test_a_mask_of_another_shape():
    penalty = L1(1.0).restricted([True, False])
    w = np.ones(3)
    for call in (
        lambda: penalty.value(w),
        lambda: penalty.gradient(w),
        lambda: penalty.prox(w, 1.0),
        lambda: penalty.least_subgradient(w, w),
    ):
        with pytest.raises(ValueError, match=r"w has shape \(3,\); expected that of the mask"):
            call()
    with pytest.raises(ValueError, match=r"gradient has shape \(3,\); expected"):
        penalty.least_subgradient(w[:2], w)
    with pytest.raises(ValueError, match="mask is masked at index 1"):
        L1(1.0).restricted(np.ma.array([True, False], mask=[False, True]))


def test_a_penalty_that_lacks_its_formula_says_so():
    class Empty(Penalty):
        pass

    for call in (Empty().value, Empty().gradient, lambda w: Empty().prox(w, 1.0)):
        with pytest.raises(NotImplementedError, match="Empty has no l1 and l2; expected these"):
            call(np.ones(2))


@pytest.mark.parametrize("make", [L1, L2, ElasticNet, lambda s: ElasticNet(1.0, s)])
def test_strengths_are_kept_as_numbers_of_python(make):
    for value in (np.float16(0.5), np.float32(0.5), np.array(0.5)):
        assert make(value) == make(0.5) and hash(make(value)) == hash(make(0.5))
        assert {type(v) for v in vars(make(value)).values()} == {float}
    for bad in ("1", None, True, [1.0], 1j, np.nan, np.inf, -1, 10**400):
        with pytest.raises((TypeError, ValueError), match=r"^(strength|l1_ratio) is .*; expected"):
            make(bad)
