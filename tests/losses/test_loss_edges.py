"""No NaN at the edges: where a loss, its slope or its bend is 0 or infinite, it says so.

Zero times infinity, infinity less infinity and 0 / 0 are how a formula that is right elsewhere ends
in NaN at the ends of its domain, at its kinks, or where squares leave float64.
"""

import itertools
import math
import warnings

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf

from benchmarks.cases import instances
from benchmarks.references import reference
from lossbook import losses
from lossbook.losses.binary import BinaryLoss
from lossbook.losses.margin import MarginLoss
from lossbook.losses.multiclass import MulticlassLoss
from lossbook.losses.ranking import RankingLoss

MORE = {
    losses.Focal: [
        {"gamma": gamma, "alpha": alpha, "from_logits": logits}
        for gamma in (0.0, 0.3, 1.0, 1.5, 2.0, 5.0)
        for alpha in (None, 0.25)
        for logits in (False, True)
    ],
    losses.Barron: [
        {"alpha": alpha, "scale": scale}
        for alpha in (-math.inf, -1e300, -2.0, -1e-300, 0.0, 1e-300, 0.5, 1.0, 1.999, 2.0)
        for scale in (1e-300, 1e-160, 1.0, 1e160, 1e300)
    ],
    losses.PseudoHuber: [{"scale": 1e-160}, {"scale": 1e160}],
    losses.Cauchy: [{"scale": 1e-160}, {"scale": 1e160}, {"scale": 1e-300}, {"scale": 1e300}],
    losses.Tukey: [{"scale": 1e-160}, {"scale": 1e160}, {"scale": 1e-300}, {"scale": 1e300}],
}
SIZES = [5e-324, 1e-308, 1e-160, 1e-16, 0.5, 1.0, 2.0, 40.0, 700.0, 746.0, 1e16, 1e160, 1e307]
SIZES += [8e307, 1e308, 1.7e308]
EVERYWHERE = [0.0, -0.0, *SIZES, *(-s for s in SIZES)]

ENDS = [0.0, 1.0, -1.0, 1e-308, 700.0, -746.0, 1e16, 1e160, 1e308, -1e308, 1.7e308]


def every_instance():
    found = instances(extreme=True)
    found += [cls(**options) for cls, each in MORE.items() for options in each]
    return list({repr(loss): loss for loss in found}.values())


def edges(loss):
    """Arguments at the ends of the domain, at the kinks, and tiny and huge ones."""
    if isinstance(loss, BinaryLoss):
        labels = [0.0, 1.0] if isinstance(loss, losses.Focal) else [0.0, 5e-324, 0.3, 0.5, 1.0]
        inside = [v for v in EVERYWHERE if 0 <= v <= 1] + [1 - 2**-53]
        return pairs(labels, EVERYWHERE if loss.from_logits else inside)
    if isinstance(loss, MarginLoss):
        return pairs([-1.0, 1.0], EVERYWHERE)
    if isinstance(loss, losses.PoissonNLL):
        given = EVERYWHERE if loss.log_input else [v for v in EVERYWHERE if v >= 0]
        return pairs([0.0, 1.0, 3.0, 1e16, 1e160, 1e308], given)
    if isinstance(loss, losses.MeanSquaredLogarithmicError):
        inside = [v for v in EVERYWHERE if v > -1] + [-1 + 2**-53]
        return pairs(inside, inside)
    if isinstance(loss, losses.MeanAbsolutePercentageError):
        y, p = pairs([v for v in EVERYWHERE if v], EVERYWHERE)
        with np.errstate(over="ignore"):
            kept = np.isfinite(p - y)
        return y[kept], p[kept]
    if isinstance(loss, losses.GaussianNLL):
        rows = list(itertools.product([0.0, 1.0, -1e160, 1e308], EVERYWHERE, SIZES))
        y, mean, variance = np.array(rows).T
        return y, np.stack([mean, variance], axis=1)
    if isinstance(loss, MulticlassLoss):
        return rows_of(loss)
    if isinstance(loss, RankingLoss):
        p = np.array(list(itertools.product(ENDS, ENDS, ENDS)))
        y = np.array([[2.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.5, 900.0]])
        return np.repeat(y, len(p), axis=0), np.tile(p, (len(y), 1))
    if isinstance(loss, losses.HingeEmbedding):
        return pairs([-1.0, 1.0], [*EVERYWHERE, loss.margin])
    ends = [loss.hyperparameters.get(name) for name in ("delta", "epsilon", "c", "scale")]
    ends = [end for end in ends if end is not None]
    y, p = pairs([0.0, 1.0, -1e160, 1e308], [*EVERYWHERE, *ends, *(-e for e in ends)])
    with np.errstate(over="ignore"):
        kept = np.isfinite(p - y)  # else the residual itself is beyond float64
    return y[kept], p[kept]


def pairs(y, p):
    y, p = np.array(list(itertools.product(y, p))).T
    return y.copy(), p.copy()


def rows_of(loss):
    if loss._predicts_distributions or loss._predicts_log_distributions:
        rows = [[1, 0, 0], [0, 1, 0], [0.5, 0.5, 0], [1 - 2**-53, 2**-53, 0], [1, 5e-324, 1e-308]]
        rows.append([0.2, 0.3, 0.5])
    else:
        rows = list(itertools.product(ENDS, ENDS, ENDS))
    p = np.array(rows, float)
    if loss._predicts_log_distributions:
        with np.errstate(divide="ignore"):
            p = np.log(p)
    if loss._takes_indices:
        y = np.arange(len(p)) % 3
        return np.concatenate([y, (y + 1) % 3, (y + 2) % 3]), np.concatenate([p, p, p])
    targets = np.array([[1, 0, 0], [0, 1, 0], [0.5, 0.5, 0], [0.2, 0.3, 0.5], [1, 5e-324, 0]])
    return np.repeat(targets, len(p), axis=0), np.tile(p, (len(targets), 1))


@pytest.mark.parametrize("loss", every_instance(), ids=repr)
def test_no_nan_at_the_edges(loss):
    y, p = edges(loss)
    methods = ["pointwise", "gradient"] + ["hessian"] * loss.elementwise
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # infinite results are answers, not faults
        for name in methods:
            result = getattr(loss, name)(y, p)
            wrong = np.isnan(result).reshape(len(y), -1).any(axis=1)
            assert not wrong.any(), (name, y[wrong][0], p[wrong][0], int(wrong.sum()))
        for i in range(len(y)):
            value, gradient = loss.value_and_gradient(y[i : i + 1], p[i : i + 1])
            assert not math.isnan(value), (y[i], p[i])
            assert not np.isnan(gradient).any(), (y[i], p[i])


@pytest.mark.parametrize("y, p", [([1.0], [1.0]), ([0.0], [0.0])])
@pytest.mark.parametrize(
    "gamma, bend", [(0.0, 1.0), (0.3, math.inf), (1.0, 2.0), (1.5, 0.0), (2.0, 0.0)]
)
def test_bend_of_the_focal_loss_at_its_ends(gamma, bend, y, p):
    loss = losses.Focal(gamma=gamma)
    assert loss.hessian(y, p) == bend
    assert loss.hessian(y, 1 - np.array(p)) == math.inf


@pytest.mark.parametrize("gamma", [0.3, 1.0, 1.5, 2.0])
def test_bend_of_the_focal_loss_near_its_ends(gamma):
    loss = losses.Focal(gamma=gamma)
    for p in (1e-300, 1e-9, 0.3, 1 - 2**-40, 1 - 2**-53):
        q = mpf(p)
        exact = mpmath.diff(
            lambda q: -((1 - q) ** mpf(gamma)) * mpmath.log(q), q, 2, h=q * (1 - q) / 10**12
        )
        assert math.isclose(loss.hessian(1.0, p), exact, rel_tol=1e-9), p


def test_bends_that_vanish():
    assert losses.Barron(alpha=-np.inf).hessian([0.0], [1e160]) == 0.0
    assert losses.Focal(from_logits=True).hessian([1.0, 0.0], [-1e308, 1e308]).tolist() == [0, 0]


def test_poisson_beyond_float64():
    loss = losses.PoissonNLL()
    assert loss([3], [1.7e308]) == math.inf and loss([3], [-1.7e308]) == math.inf
    assert loss([0, 3], [1.0, 1e308], [1.0, 0.0]) == pytest.approx(math.e)
    for y, x in [(3.0, 709.9), (1e308, 709.0), (1e308, 710.0), (1e306, 712.0), (1e308, 730.0)]:
        exact = mpmath.exp(mpf(x)) - mpf(y) * mpf(x)
        due = float(exact) if abs(exact) < 1.79e308 else math.copysign(math.inf, exact)
        assert loss([y], [x]) == pytest.approx(due, rel=1e-13), (y, x)


@pytest.mark.parametrize("alpha", [-2.0, 0.0, 0.5, 1.0, 1.5])
@pytest.mark.parametrize("scale", [1e-300, 1e-160, 0.5])
def test_barron_where_the_residual_in_units_of_the_scale_is_beyond_float64(alpha, scale):
    loss = losses.Barron(alpha=alpha, scale=scale)
    truth = reference(loss)
    for r in (1e-3, 1.0, 1e10, 1e200, 1e308):
        with mp.workdps(1500):
            pairs = [(loss.pointwise(0.0, r), truth.value(mpf(0), mpf(r)))]
            pairs.append((loss.gradient(0.0, -r), truth.gradient(mpf(0), mpf(-r))))
            step = mpf(r) / 10**30
            bend = truth.gradient(0, mpf(r) + step) - truth.gradient(0, mpf(r) - step)
            pairs.append((loss.hessian(0.0, r), bend / (2 * step)))
        for computed, exact in pairs:
            if abs(exact) > mpf("1.79e308"):
                assert computed == math.copysign(math.inf, exact)
            else:
                assert computed == pytest.approx(float(exact), rel=1e-11, abs=1e-300), r


def test_facts_at_the_ends_of_float64():
    """The facts of each loss can be asked for."""
    for loss in every_instance():
        assert loss.facts.name


@pytest.mark.parametrize("alpha", [1.5, 1.0, 0.0, -2.0, -1e6, -np.inf])
@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e300])
def test_barron_where_the_residual_overflows(alpha, scale):
    loss = losses.Barron(alpha=alpha, scale=scale)
    for y in (1e308, -1e308):
        near, far = loss.gradient([0.5 * y, y], [-0.5 * y, -y])
        assert not np.isnan([near, far, *loss.hessian([y], [-y])]).any()
        assert np.sign(far) in (0.0, np.sign(near), -np.sign(y))


def test_second_derivatives_whose_squares_would_not_be_finite():
    p = 5.843990863510602e-254
    bend = losses.BinaryCrossEntropy().hessian([p], [p])
    np.testing.assert_allclose(bend, 1 / p, rtol=1e-15)
    bend = losses.PoissonNLL(log_input=False).hessian([1e300], [1e200])
    np.testing.assert_allclose(bend, 1e-100, rtol=1e-15)


def test_labels_far_off_are_an_error_without_a_warning(recwarn):
    for loss in (losses.BinaryCrossEntropy(), losses.BinaryCrossEntropy(from_logits=True)):
        with pytest.raises(ValueError, match="y_true holds 1e"):
            loss([1e160], [0.5])
    assert not recwarn.list
