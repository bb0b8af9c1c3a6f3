"""Losses of pairs and triplets: against mpmath, PyTorch and their formulas; kinks and collapse."""

import json
import math

import numpy as np
import pytest
from mpmath import mp, mpf

from benchmarks import references
from benchmarks.cases import instances_of_several, sample
from lossbook import losses

from . import comparison_cases
from .exact import dot, norm
from .latex import evaluate

assert mp.dps >= references.mp.dps >= 50  # digits of the truth
EPS = 2.0**-52
PAIRS = [loss for loss in instances_of_several() if type(loss).__module__.endswith("pairs")]
each_loss = pytest.mark.parametrize("loss", PAIRS, ids=repr)
RECORD = json.loads(comparison_cases.RECORD.read_text("utf-8"))
MOST = {losses.MarginRanking: 1, losses.CosineEmbedding: 8}  # ulp; else 4


def exact(inputs, i):
    """Row i of the arguments, as lists of mpmath numbers."""
    return [[mpf(float(v)) for v in np.atleast_1d(a[i])] for a in inputs]


def minus(a, b):
    return [u - v for u, v in zip(a, b, strict=True)]


def truth(loss, row):
    """The loss of one row, and the size of the largest part of it: what its digits are counted in."""
    if isinstance(loss, losses.Triplet):
        a, p, n = row
        near, far = norm(minus(a, p), loss.p), norm(minus(a, n), loss.p)
        if loss.swap:
            far = min(far, norm(minus(p, n), loss.p))
        return max(mpf(0), near - far + mpf(loss.margin)), max(near, far, mpf(loss.margin))
    (y,), a, b = row
    if isinstance(loss, losses.MarginRanking):
        value = max(mpf(0), mpf(loss.margin) - y * (a[0] - b[0]))
        return value, value
    if isinstance(loss, losses.Contrastive):
        d, m = norm(minus(a, b)), mpf(loss.margin)
        short = max(mpf(0), m - d)
        return (d**2 / 2, d**2 / 2) if y > 0 else (short**2 / 2, short * m)
    c = dot(a, b) / norm(a) / norm(b)
    return (1 - c, 1 - c) if y > 0 else (max(mpf(0), c - mpf(loss.margin)), mpf(1))


def points(loss, rng, n):
    """Usual rows, rows in which vectors or scores are close to each other, and rows of all sizes."""

    def times(a, factor):
        return a * factor.reshape((n,) + (1,) * (a.ndim - 1))

    usual = sample(loss, rng, n)
    close, size = 10.0 ** rng.uniform(-12, 0, n), 10.0 ** rng.uniform(-140, 140, n)
    first = loss.inputs.index(loss.predicted[0])
    near = [a if k <= first else usual[first] + times(a, close) for k, a in enumerate(usual)]
    wide = [a if k < first else times(a, size) for k, a in enumerate(usual)]
    return tuple(np.concatenate(parts) for parts in zip(usual, near, wide, strict=True))


@each_loss
def test_the_value_against_mpmath(loss):
    inputs = points(loss, np.random.default_rng(41), 150)
    value = loss.pointwise(*inputs)
    for i, found in enumerate(value):
        with mp.workdps(400):
            due, size = truth(loss, exact(inputs, i))
            off = abs(mpf(float(found)) - due)
            assert off <= MOST.get(type(loss), 4) * EPS * size, [a[i] for a in inputs]


@each_loss
def test_the_gradient_against_mpmath(loss):
    inputs = sample(loss, np.random.default_rng(43), 40)
    slopes, h = loss.gradient(*inputs), mpf(10) ** -20
    for i in range(40):
        row = exact(inputs, i)
        for name, slope in zip(loss.predicted, slopes, strict=True):
            place = loss.inputs.index(name)
            for k in range(len(row[place])):
                ends = []
                for step in (h, -h):
                    moved = [list(r) for r in row]
                    moved[place][k] += step
                    ends.append(truth(loss, moved)[0])
                due = float((ends[0] - ends[1]) / (2 * h))
                assert np.atleast_1d(slope[i])[k] == pytest.approx(due, rel=1e-13, abs=1e-14)


@pytest.mark.parametrize("d", [2, 3, 4, 8])
def test_almost_parallel_vectors(d):
    """1 - cosine, and the gradient, keep their digits, also where rounding alone parts the vectors."""
    rng, loss, n = np.random.default_rng(42), losses.CosineEmbedding(), 300
    a = rng.normal(size=(n, d))
    apart = rng.normal(size=(n, d)) * 10 ** rng.uniform(-25, 0, (n, 1))
    inputs = np.ones(n), a, a * rng.uniform(0.5, 2.0, (n, 1)) + apart
    value, slopes, seen = loss.pointwise(*inputs), loss.gradient(*inputs), 0
    for i in range(n):
        _, u, v = exact(inputs, i)
        with mp.workdps(150):  # of which 1 - c takes most
            due = truth(loss, [[1], u, v])[0]
        seen += due < 1e-20
        assert abs(mpf(float(value[i])) - due) <= 8 * EPS * due, i
        for g, (x, y) in zip(slopes, ((u, v), (v, u)), strict=True):
            share = dot(x, y) / dot(x, x)
            slope = [-(q - share * p) / (norm(x) * norm(y)) for p, q in zip(x, y, strict=True)]
            off = norm([mpf(float(f)) - s for f, s in zip(g[i], slope, strict=True)])
            assert off <= 8 * EPS * norm(slope), i
    assert seen > 50


@pytest.mark.parametrize("name", [n for n in RECORD if n.startswith(("Cos", "Mar", "Tri", "Hin"))])
def test_pytorch_computes_the_same(name):
    """Without its epsilons: that of the triplet loss can be set to 0, that of the cosine is 1e-12."""
    loss = eval(name, vars(losses))
    signs, vectors, scores, distances, _ = comparison_cases.arrays()
    inputs = {
        losses.HingeEmbedding: (signs, distances),
        losses.CosineEmbedding: (signs, *vectors[:2]),
        losses.MarginRanking: (signs, *scores),
        losses.Triplet: tuple(vectors),
    }[type(loss)]
    bounds = {"rtol": 1e-13, "atol": 1e-11 if isinstance(loss, losses.CosineEmbedding) else 1e-14}
    np.testing.assert_allclose(loss.pointwise(*inputs), RECORD[name]["each"], **bounds)
    slopes = loss.gradient(*inputs)
    slopes = slopes if isinstance(slopes, tuple) else (slopes,)
    for slope, due in zip(slopes, RECORD[name]["gradients"], strict=True):
        np.testing.assert_allclose(slope, due, **bounds)


# The formulas on the cards


def letters(loss, row):
    """What the letters of the formulas stand for, one entry of a vector at a time."""
    found = {r"\gamma": mpf(loss.margin), r"\ell": truth(loss, row)[0]}
    if isinstance(loss, losses.Triplet):
        a, p, n = row
        near, far = minus(a, p), minus(a, n)
        ways = [near, far, minus(p, n)]
        found |= {"d": [norm(way, loss.p) for way in ways], "p": 0, "n": 1, "s": 2}
        return found | {"u": _norm_slope(near, loss.p), "v": _norm_slope(far, loss.p)}
    (y,), a, b = row
    if isinstance(loss, losses.MarginRanking):
        return found | {"y": y, "x": [None, a[0], b[0]]}
    d = norm(minus(a, b))
    if isinstance(loss, losses.Contrastive):
        return found | {"y": y, "D": d, "u": [v / d for v in minus(a, b)]}
    units = [None, *([v / norm(x) for v in x] for x in (a, b))]
    return found | {"y": y, "c": dot(*units[1:]), r"\rho": [None, norm(a)], "units": units}


def _norm_slope(x, p):
    d = norm(x, p)
    return [mpf((v > 0) - (v < 0)) * (abs(v) / d) ** (mpf(p) - 1) for v in x]


def entry_of(names, k):
    """The names with entry k of the vectors."""
    found = {**names, **({"u": names["u"][k]} if "u" in names else {})}
    if "v" in names:
        found["v"] = names["v"][k]
    if "units" in names:
        found["u"] = [None, names["units"][1][k], names["units"][2][k]]
    return found


@each_loss
def test_the_formulas_are_those_of_the_code(loss):
    inputs = sample(loss, np.random.default_rng(44), 40)
    value, slopes = loss.pointwise(*inputs), loss.gradient(*inputs)[0]
    for i in range(40):
        names = letters(loss, exact(inputs, i))
        assert value[i] == pytest.approx(
            float(evaluate(loss.facts.formula, names)), rel=1e-12, abs=1e-13
        )
        for k, slope in enumerate(np.atleast_1d(slopes[i])):
            due = evaluate(loss.facts.gradient, entry_of(names, k))
            assert slope == pytest.approx(float(due), rel=1e-12, abs=1e-13)


# Kinks: the subgradient of least norm, of all predictions together


def test_at_the_margin_nothing_pulls():
    first, second = losses.MarginRanking(margin=0.5).gradient([1.0], [1.0], [0.5])
    assert first.tolist() == second.tolist() == [0.0]
    assert losses.HingeEmbedding(margin=0.5).gradient([-1.0], [0.5]).tolist() == [0.0]
    for slope in losses.Triplet(margin=1.0).gradient([[0.0]], [[1.0]], [[2.0]]):
        assert slope.tolist() == [[0.0]]


def test_what_has_collapsed_stays():
    point = np.full((3, 2), 0.7)
    for p in (1.0, 2.0, 3.0, math.inf):
        for swap in (False, True):
            loss = losses.Triplet(margin=0.25, p=p, swap=swap)
            value, slopes = loss.value_and_gradient(point, point, point)
            assert value == 0.25 and not np.any(slopes)
    value, slopes = losses.Contrastive(margin=2.0).value_and_gradient([-1.0, -1, -1], point, point)
    assert value == 2.0 and not np.any(slopes)
    value, slopes = losses.CosineEmbedding().value_and_gradient([-1, 1, -1], point, 2 * point)
    assert value == pytest.approx(2 / 3) and not np.any(slopes)


@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize("p", [1.0, 2.0, 3.0])
@pytest.mark.parametrize("meets", ["positive", "negative", "positive and negative"])
def test_no_subgradient_is_shorter(p, swap, meets):
    """Where two meet, the distance between them has any slope of a ball: none makes all shorter."""
    rng = np.random.default_rng(7)
    a, far = rng.normal(size=(2, 1, 3))
    other = {
        "positive": (a, a, far),
        "negative": (a, far, a),
        "positive and negative": (a, far, far),
    }
    rows = other[meets]
    loss = losses.Triplet(margin=9.0, p=p, swap=swap)
    found = loss.gradient(*rows)
    length = sum(np.square(g).sum() for g in found)
    if meets == "positive and negative" and not swap:
        return  # no kink: the two are not compared
    q = math.inf if p == 1 else p / (p - 1)
    for _ in range(500):
        z = rng.normal(size=3)
        size = np.abs(z).max() if q == math.inf else np.sum(np.abs(z) ** q) ** (1 / q)
        z *= rng.random() / size  # a slope of the distance that is 0
        shorter = sum(np.square(g).sum() for g in _with_slope(loss, rows, meets, z))
        assert length <= shorter + 1e-12
    nudged = [row + 1e-7 * rng.normal(size=row.shape) for row in rows]
    assert sum(np.square(g).sum() for g in loss.gradient(*nudged)) >= length - 1e-5


def _with_slope(loss, rows, meets, z):
    """The gradients if the distance that is 0 had the slope z."""
    a, positive, negative = rows
    apart = (a - negative) if meets == "positive" else (a - positive)
    slope = np.array([float(v) for v in _norm_slope([mpf(v) for v in apart[0]], loss.p)])
    if meets == "positive":  # anchor and positive are one point: both distances are the same
        v, w = (0.5 * slope, 0.5 * slope) if loss.swap else (slope, 0 * slope)
        return z - v, -z - w, v + w
    if meets == "negative":
        return slope - z, -slope, z
    return slope, -slope - z, z


# Bad input


@pytest.mark.parametrize(
    "make, match",
    [
        (lambda: losses.Contrastive(margin=0.0), r"margin is 0\.0; expected a number above 0"),
        (lambda: losses.HingeEmbedding(margin=-1.0), r"margin is -1\.0; expected a number above 0"),
        (lambda: losses.Triplet(margin=math.nan), "margin is nan"),
        (lambda: losses.Triplet(p=0.5), r"p is 0\.5; expected a number of at least 1"),
        (lambda: losses.Triplet(swap=1), "swap is 1; expected True or False"),
        (lambda: losses.CosineEmbedding(margin=1.0), r"margin is 1\.0; .* at least -1 and below 1"),
        (lambda: losses.MarginRanking(margin=-0.1), r"margin is -0\.1; .* of at least 0"),
    ],
)
def test_hyperparameters_out_of_range(make, match):
    with pytest.raises((ValueError, TypeError), match=match):
        make()


def test_bad_input_is_named():
    two = np.ones((2, 3))
    for loss in (losses.Contrastive(), losses.CosineEmbedding()):
        with pytest.raises(ValueError, match=r"y_true holds 0\.0 at index 1; expected labels"):
            loss([1, 0], two, two)
        with pytest.raises(ValueError, match=r"x1 has shape \(2, 3\), x2 has shape \(2, 2\)"):
            loss([1, 1], two, two[:, :2])
        with pytest.raises(ValueError, match=r"expected \(n,\) against two of \(n, d\)"):
            loss([1, 1], two[0, :2], two[0, :2])
        with pytest.raises(ValueError, match=r"y_true has shape \(3,\), x1 and x2 have shape"):
            loss([1, 1, 1], two, two)
    with pytest.raises(ValueError, match="x2 holds a vector of length 0 at index 1; expected one"):
        losses.CosineEmbedding()([1, 1], two, [[1.0, 1, 1], [0, 0, 0]])
    with pytest.raises(ValueError, match="x1 holds a vector of length 0 at index 1"):
        losses.CosineEmbedding()([1, 1], [[1.0, 1], [0, 0]], [[1.0, 1], [0, 1]], mask=[True, True])
    assert losses.CosineEmbedding()([1, 1], [[1.0], [0.0]], [[1.0], [1.0]], mask=[1, 0]) == 0.0
    with pytest.raises(ValueError, match=r"expected \(n,\) against two of \(n,\)"):
        losses.MarginRanking()([1, 1], two, two)
    with pytest.raises(ValueError, match=r"anchor has shape \(3,\); expected rows \(n, d\)"):
        losses.Triplet()(two[0], two[0], two[0])
    with pytest.raises(ValueError, match=r"negative has shape \(1, 3\)"):
        losses.Triplet()(two, two, two[:1])
