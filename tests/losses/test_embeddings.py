"""Losses of a batch of embeddings: against brute force in mpmath, peers, and their formulas."""

import json
import math

import numpy as np
import pytest
from mpmath import acos, cos, exp, log, mp, mpf

from benchmarks import references
from benchmarks.cases import instances_of_several, sample
from lossbook import losses
from lossbook.losses.embeddings import LabeledLoss

from . import comparison_cases
from .exact import dot, norm
from .latex import evaluate

assert references.mp.dps >= 50
EPS = 2.0**-52
LOSSES = [a for a in instances_of_several() if type(a).__module__.endswith("embeddings")]
each_loss = pytest.mark.parametrize("loss", LOSSES, ids=repr)
RECORD = json.loads(comparison_cases.RECORD.read_text("utf-8"))
NAMED = [name for name in RECORD if name.startswith(("NT", "Info", "CLIP", "Sig", "Circle"))]


def scale_of(loss):
    """How much a cosine is multiplied by: digits of the losses are counted in it."""
    known = loss.hyperparameters
    return known.get("scale") or known.get("gamma", 0) * 4 or 1 / known["temperature"]


def number(v):
    return v if isinstance(v, mpf) else mpf(float(v))


def as_tuple(slopes):
    return slopes if isinstance(slopes, tuple) else (slopes,)


def exact(a):
    return [[mpf(float(v)) for v in row] for row in a]


def cosines(a, b):
    return [[dot(u, v) / norm(u) / norm(v) for v in b] for u in a]


def truth(loss, inputs):
    """The losses of all rows by their definitions: sums of exponentials, a pair at a time."""
    if isinstance(loss, LabeledLoss):
        labels, x = inputs
        return [_labeled(loss, i, labels, row) for i, row in enumerate(cosines(x, x))]
    if isinstance(loss, losses.ArcFace):
        labels, x, w = inputs
        t, found = mpf(loss.scale), []
        for y, row in zip(labels, cosines(x, w), strict=True):
            z = [t * (cos(acos(c) + mpf(loss.margin)) if k == y else c) for k, c in enumerate(row)]
            found.append(log(sum(map(exp, z))) - z[y])
        return found
    c = cosines(*inputs[:2])
    n = range(len(c))
    if isinstance(loss, losses.SigLIP):
        t, b = map(number, inputs[2:])
        signs = [[1 if i == k else -1 for k in n] for i in n]
        return [sum(log(1 + exp(-signs[i][k] * (t * c[i][k] + b))) for k in n) for i in n]
    clip = isinstance(loss, losses.CLIP)
    t = number(inputs[2]) if clip else 1 / mpf(loss.temperature)
    rows = [log(sum(exp(t * c[i][k]) for k in n)) - t * c[i][i] for i in n]
    columns = [log(sum(exp(t * c[k][i]) for k in n)) - t * c[i][i] for i in n]
    return [(a + b) / 2 for a, b in zip(rows, columns, strict=True)] if clip else rows


def _labeled(loss, i, labels, row):
    others = [k for k in range(len(row)) if k != i]
    positives = [k for k in others if labels[k] == labels[i]]
    negatives = [k for k in others if labels[k] != labels[i]]
    if not positives:
        return mpf(0)
    if isinstance(loss, losses.Circle):
        g, m = mpf(loss.gamma), mpf(loss.margin)
        near = sum(exp(g * (1 - row[p] + m) * (1 - row[p] - m)) for p in positives)
        far = sum(exp(g * max(mpf(0), m + row[k]) * (row[k] - m)) for k in negatives)
        return log(1 + near * far)
    t = mpf(loss.temperature)
    among = negatives if isinstance(loss, losses.NTXent) else others
    return sum(log(sum(exp((row[k] - row[p]) / t) for k in {*among, p})) for p in positives) / len(
        positives
    )


def mp_inputs(inputs):
    return [exact(a) if np.ndim(a) == 2 else a for a in inputs]


def batches(loss, rng):
    """Batches: usual, with positives almost parallel, and with vectors of all lengths."""
    for case in range(6):
        inputs = list(sample(loss, rng, 6))
        vectors = [k for k, a in enumerate(inputs) if np.ndim(a) == 2]
        if case in (2, 3):  # what belongs together is close: the losses are small
            if isinstance(loss, LabeledLoss):
                inputs[1] = np.eye(4)[inputs[0] % 4] + 1e-3 * rng.normal(size=(6, 4))
            elif isinstance(loss, losses.ArcFace):
                inputs[1] = inputs[2][inputs[0]] + 1e-2 * rng.normal(size=(6, 4))
            else:
                inputs[1] = inputs[0] + 1e-3 * rng.normal(size=(6, 4))
        if case > 3:
            for k in vectors:
                inputs[k] = inputs[k] * 10.0 ** rng.uniform(-150, 150, (len(inputs[k]), 1))
        yield inputs


@each_loss
def test_the_value_against_brute_force(loss):
    """Relative to itself, however small, within as many ulp as cosines are multiplied by."""
    bound = 8 * (1 + scale_of(loss)) * EPS
    for inputs in batches(loss, np.random.default_rng(51)):
        value = loss.pointwise(*inputs)
        for found, due in zip(value, truth(loss, mp_inputs(inputs)), strict=True):
            assert abs(mpf(float(found)) - due) <= bound * due


@each_loss
def test_the_gradient_against_brute_force(loss):
    """Differences in mpmath of the sum of the losses, in each entry; the bound is that of its row."""
    rng, h = np.random.default_rng(52), mpf(10) ** -20
    bound = 32 * (1 + scale_of(loss)) * EPS
    for inputs in (sample(loss, rng, 5), *list(batches(loss, rng))[2:3]):
        slopes = as_tuple(loss.gradient(*inputs))
        given = mp_inputs(inputs)
        for name, slope in zip(loss.predicted, slopes, strict=True):
            place = loss.inputs.index(name)
            if not np.ndim(slope):
                ends = [
                    sum(truth(loss, [*given[:place], given[place] + s * h, *given[place + 1 :]]))
                    for s in (mpf(1), mpf(-1))
                ]
                due = (ends[0] - ends[1]) / (2 * h)
                assert float(slope) == pytest.approx(float(due), rel=1e-12)
                continue
            for i, row in enumerate(given[place]):
                due = []
                for k in range(len(row)):
                    ends = []
                    for step in (h, -h):
                        moved = [list(r) for r in given[place]]
                        moved[i][k] += step
                        ends.append(sum(truth(loss, [*given[:place], moved, *given[place + 1 :]])))
                    due.append((ends[0] - ends[1]) / (2 * h))
                off = norm([mpf(float(a)) - b for a, b in zip(slope[i], due, strict=True)])
                size = max(norm(due), mpf(scale_of(loss)) / norm(row) * mpf(10) ** -3)
                assert off <= bound * size, (name, i)


@each_loss
def test_only_directions_count(loss):
    """Lengths change nothing; gradients are perpendicular to what they are the gradients for."""
    rng = np.random.default_rng(53)
    inputs = list(sample(loss, rng, 8))
    value = loss.pointwise(*inputs)
    for name, slope in zip(loss.predicted, as_tuple(loss.gradient(*inputs)), strict=True):
        place = loss.inputs.index(name)
        rows = inputs[place]
        if np.ndim(rows) == 2:
            along = np.abs(np.sum(slope * rows, axis=1))
            size = np.linalg.norm(slope, axis=1) * np.linalg.norm(rows, axis=1)
            assert (along <= 1e-13 * np.maximum(size, scale_of(loss))).all()
            inputs[place] = rows * rng.uniform(0.1, 9.0, (len(rows), 1))
    np.testing.assert_allclose(loss.pointwise(*inputs), value, rtol=1e-11)


@pytest.mark.parametrize("name", NAMED)
def test_peers_compute_the_same(name):
    """PyTorch's cross-entropies of scaled cosines, optax's NT-Xent, Keras's circle loss."""
    loss, due = eval(name, vars(losses)), RECORD[name]
    _, (a, b, _), _, _, labels = comparison_cases.arrays()
    if "mean" in due:
        value, slope = loss.value_and_gradient(labels, a)
        assert value == pytest.approx(due["mean"], rel=1e-13)
        if "gradient" in due:
            np.testing.assert_allclose(slope, due["gradient"], rtol=1e-12, atol=1e-13)
        return
    learned = {"CLIP": (5.0,), "SigLIP": (5.0, -2.0)}.get(type(loss).__name__, ())
    np.testing.assert_allclose(loss.pointwise(a, b), due["each"], rtol=1e-13)
    np.testing.assert_allclose(loss.pointwise(a, b, *learned), due["each"], rtol=1e-13)
    for slope, other in zip(loss.gradient(a, b, *learned), due["gradients"], strict=False):
        np.testing.assert_allclose(slope, other, rtol=1e-12, atol=1e-14)


# The formulas on the cards, for one anchor


def letters(loss, inputs, i):
    """What the letters stand for, and what the gradient on the card is with respect to."""
    known = {"temperature": "T", "gamma": r"\gamma", "margin": "m"}
    found = {known[k]: mpf(v) for k, v in loss.hyperparameters.items() if k in known}
    given = mp_inputs(inputs)
    if isinstance(loss, LabeledLoss):
        labels, x = given
        row = cosines(x, x)[i]
        others = [k for k in range(len(row)) if k != i]
        found |= {"P": [k for k in others if labels[k] == labels[i]], "A": others}
        found |= {"N": [k for k in others if labels[k] != labels[i]]}
        found |= {"c": row, "d": [1 - c for c in row]}
        return found | {r"\hat y": row}
    if isinstance(loss, losses.ArcFace):
        labels, x, w = given
        angles = [acos(c) for c in cosines(x, w)[i]]
        return found | {r"\theta": angles, r"\hat y": angles, "y": labels[i], "t": mpf(loss.scale)}
    c = cosines(given[0], given[1])
    found |= {"c": c[i], "c'": [row[i] for row in c], r"\hat y": c[i], "y": i}
    for letter, value in zip("tb", inputs[2:], strict=False):
        found[letter] = number(value)
    return found


@each_loss
def test_the_formula_is_that_of_the_code(loss):
    inputs = sample(loss, np.random.default_rng(54), 6)
    for i, value in enumerate(loss.pointwise(*inputs)):
        names = letters(loss, inputs, i)
        if "P" in names and not names["P"]:
            continue
        due = float(evaluate(loss.facts.formula, names))
        assert value == pytest.approx(due, rel=1e-11, abs=1e-300)


@each_loss
def test_the_gradient_is_that_of_the_code(loss):
    """By the formula on the card, in the cosines, and the chain rule to one row's embedding."""
    inputs, n = list(sample(loss, np.random.default_rng(55), 6)), 6
    first = 1 if loss.inputs[0] == "labels" else 0
    other = inputs[2] if isinstance(loss, losses.ArcFace) else inputs[1]
    checked = loss._check(*inputs)
    for i in range(n):
        names = letters(loss, inputs, i)
        if "P" in names and not names["P"]:
            continue
        with np.errstate(all="ignore"):
            slopes = loss._both(np.eye(n)[i], *checked)[1][0][i]  # its own loss and embedding
        x = inputs[first][i]
        unit, w = x / np.linalg.norm(x), other / np.linalg.norm(other, axis=1)[:, None]
        c, due = w @ unit, np.zeros_like(x)
        for k in range(len(w)):
            if "P" in names and k == i:
                continue
            slope = float(evaluate(loss.facts.gradient, {**names, "k": k}))
            if isinstance(loss, losses.Circle):
                slope = -slope  # in the distance 1 - c
            if isinstance(loss, losses.ArcFace):
                slope /= -math.sqrt(1 - c[k] ** 2)  # in the angle
            due += slope * (w[k] - c[k] * unit) / np.linalg.norm(x)
        np.testing.assert_allclose(slopes, due, rtol=1e-9, atol=1e-10 * scale_of(loss))


# What they mean


def test_a_loss_that_starts_at_the_logarithm_of_the_batch():
    for n in (2, 5, 64):
        rows = np.ones((n, 3))
        assert losses.InfoNCE()(rows, rows) == pytest.approx(math.log(n), rel=1e-14)
        assert losses.CLIP()(rows, rows) == pytest.approx(math.log(n), rel=1e-14)
    labels = np.repeat(np.arange(5), 2)
    for loss in (losses.NTXent(), losses.SupervisedContrastive()):
        assert loss(labels, np.ones((10, 3))) == pytest.approx(math.log(9), rel=1e-14)


def test_with_one_positive_each_three_losses_are_one():
    rng = np.random.default_rng(56)
    labels, x = np.repeat(np.arange(4), 2), rng.normal(size=(8, 3))
    one, two = losses.NTXent(temperature=0.3), losses.SupervisedContrastive(temperature=0.3)
    value, slope = one.value_and_gradient(labels, x)
    again, other = two.value_and_gradient(labels, x)
    assert value == pytest.approx(again, rel=1e-14)
    np.testing.assert_allclose(slope, other, rtol=1e-12, atol=1e-15)


def test_with_many_positives_the_mean_counts_pairs_or_rows():
    rng = np.random.default_rng(57)
    labels, x = np.array([0, 0, 0, 1, 1, 2]), rng.normal(size=(6, 3))
    loss = losses.NTXent(temperature=0.5)
    each = loss.pointwise(labels, x)
    assert each[5] == 0.0
    assert loss(labels, x) == pytest.approx(np.average(each, weights=[2, 2, 2, 1, 1, 0]), rel=1e-14)
    for loss in (losses.SupervisedContrastive(), losses.Circle()):
        each = loss.pointwise(labels, x)
        assert each[5] == 0.0 and loss(labels, x) == pytest.approx(each[:5].mean(), rel=1e-14)


def test_an_extreme_temperature_is_no_trouble():
    """The exponentials of 1 / temperature are beyond float64, the losses are not."""
    rng = np.random.default_rng(58)
    labels, x = np.repeat(np.arange(4), 2), rng.normal(size=(8, 3))
    alone = np.array([[1.0, 0], [0, 1], [-1, 0], [0, -1]])  # nothing is near: neither kind is
    for t in (1e-3, 1e-6, 1e-300):
        cold = losses.NTXent(temperature=t)
        due = np.full(4, math.log(2))
        np.testing.assert_allclose(cold.pointwise([0, 0, 1, 1], alone), due, rtol=1e-14)
    for loss in (losses.NTXent(), losses.SupervisedContrastive(), losses.InfoNCE()):
        inputs = (x, x[::-1]) if isinstance(loss, losses.InfoNCE) else (labels, x)
        for t in (1e-3, 1e-6):
            loss = loss.replace(temperature=t)
            slopes = as_tuple(loss.gradient(*inputs))
            assert all(np.isfinite(slope).all() for slope in slopes)
        loss = loss.replace(temperature=1e-3)
        for size in (2, 3, 5):  # in few dimensions the row itself is far closer than all others
            x = rng.normal(size=(8, size))
            inputs = (x, x[::-1]) if isinstance(loss, losses.InfoNCE) else (labels, x)
            with mp.workdps(1500):
                due = [float(v) for v in truth(loss, mp_inputs(inputs))]
            np.testing.assert_allclose(loss.pointwise(*inputs), due, rtol=1e-11, atol=1e-300)
    for loss in (losses.NTXent(temperature=1e6), losses.Circle(gamma=1e4)):
        value, slope = loss.value_and_gradient(labels, x)
        assert math.isfinite(value) and np.isfinite(slope).all()
    assert losses.SigLIP(scale=1e5, bias=0.0)(x, -x) < math.inf
    assert losses.ArcFace(scale=1e5)([0, 1], x[:2], x[:2]) >= 0.0


def test_a_learned_scale_is_an_argument_with_a_gradient():
    rng = np.random.default_rng(59)
    a, b = rng.normal(size=(2, 5, 3))
    assert losses.CLIP(scale=3.0)(a, b) == losses.CLIP()(a, b, 3.0) == losses.CLIP()(a, b, scale=3)
    assert len(losses.CLIP().gradient(a, b)) == 2 and len(losses.CLIP().gradient(a, b, 3.0)) == 3
    loss = losses.SigLIP(scale=3.0, bias=-1.0)
    assert loss(a, b) == losses.SigLIP()(a, b, 3.0, -1.0) == loss(a, b, bias=-1.0)
    value, slopes = losses.SigLIP().value_and_gradient(a, b, bias=-1.0, mask=[1, 1, 0, 1, 1])
    assert len(slopes) == 3 and slopes[2].shape == () and not slopes[0][2].any()
    kept = np.array([0, 1, 3, 4])
    again, others = losses.SigLIP().value_and_gradient(a[kept], b[kept], bias=-1.0)
    assert value == again and slopes[2] == others[2]
    both = losses.CLIP() + 0.5 * losses.CLIP(scale=2.0)
    assert len(both.gradient(a, b)) == 2 and len((0 * both).gradient(a, b, 3.0)) == 3


def test_arcface_without_margin_is_the_cross_entropy_of_scaled_cosines():
    rng = np.random.default_rng(60)
    x, w, y = rng.normal(size=(6, 4)), rng.normal(size=(3, 4)), np.array([0, 1, 2, 2, 1, 0])
    z = 8.0 * (x / np.linalg.norm(x, axis=1)[:, None]) @ (w / np.linalg.norm(w, axis=1)[:, None]).T
    loss = losses.ArcFace(scale=8.0, margin=0.0)
    due = losses.CrossEntropy(from_logits=True).pointwise(y, z)
    np.testing.assert_allclose(loss.pointwise(y, x, w), due, rtol=1e-13)
    assert (losses.ArcFace(scale=8.0, margin=0.2).pointwise(y, x, w) > due).all()


def test_at_its_center_an_embedding_is_not_pulled_along_a_kink():
    w = np.eye(3)
    for_x, for_w = losses.ArcFace(scale=2.0).gradient([0], [[3.0, 0.0, 0.0]], w)
    free = losses.ArcFace(scale=2.0, margin=0.0).gradient([0], [[3.0, 0.0, 0.0]], w)[0]
    assert np.isfinite(for_w).all() and for_x[0, 0] == 0.0
    assert np.sign(for_x).tolist() == np.sign(free).tolist() == [[0.0, 1.0, 1.0]]


# Bad input


@pytest.mark.parametrize("bad", [0.0, -1.0, math.nan, math.inf])
def test_hyperparameters_out_of_range(bad):
    for cls, name in (
        (losses.NTXent, "temperature"),
        (losses.InfoNCE, "temperature"),
        (losses.SupervisedContrastive, "temperature"),
        (losses.CLIP, "scale"),
        (losses.SigLIP, "scale"),
        (losses.ArcFace, "scale"),
        (losses.Circle, "gamma"),
    ):
        with pytest.raises(ValueError, match=f"{name} is .*; expected a (finite )?number above 0"):
            cls(**{name: bad})
    for cls in (losses.CLIP, losses.SigLIP):
        with pytest.raises(ValueError, match=r"scale is .*; expected a (finite )?number above 0"):
            cls()(np.eye(2), np.eye(2), scale=bad)


def test_bad_input_is_named():
    x = np.eye(4)
    for loss in (losses.NTXent(), losses.SupervisedContrastive(), losses.Circle()):
        for call in (loss, loss.pointwise, loss.gradient, loss.value_and_gradient):
            with pytest.raises(ValueError, match=r"labels holds only 7; .* without negatives"):
                call([7, 7, 7, 7], x)
            with pytest.raises(
                ValueError, match=r"labels holds no label twice; .*without positives"
            ):
                call([0, 1, 2, 3], x)
            with pytest.raises(ValueError, match="labels holds only 5"):
                call([5], x[:1])
            with pytest.raises(
                ValueError, match="embeddings holds a vector of length 0 at index 3"
            ):
                call([0, 0, 1, 1], x * [[1], [1], [1], [0]])
            with pytest.raises(ValueError, match=r"embeddings has the shape .* makes a row of one"):
                call([0], [1.0, 2.0])
            with pytest.raises(TypeError, match=r"labels holds 0\.5 at index 0, of dtype float64"):
                call([0.5, 0.5, 1.0, 1.0], x)
            with pytest.raises(ValueError, match=r"labels has shape \(3,\) and embeddings 4 rows"):
                call([0, 0, 1], x)
        with pytest.raises(ValueError, match="labels holds no label twice"):
            loss([0, 0, 1, 1], x, mask=[1, 0, 1, 0])
    for loss in (losses.InfoNCE(), losses.CLIP(), losses.SigLIP()):
        first, second = loss.inputs[:2]
        with pytest.raises(ValueError, match=f"{first} and {second} have 1 row; .*without negativ"):
            loss(x[:1], x[:1])
        with pytest.raises(ValueError, match=f"{second} holds a vector of length 0 at index 1"):
            loss(x[:2], [[1.0, 0, 0, 0], [0, 0, 0, 0]])
        with pytest.raises(ValueError, match=rf"{first} has shape \(4, 4\), {second} has shape"):
            loss(x, x[:3])
        with pytest.raises(ValueError, match=f"{first} has the shape"):
            loss(np.ones((2, 2, 2)), np.ones((2, 2, 2)))
    loss = losses.ArcFace()
    with pytest.raises(
        ValueError, match="labels holds 4 at index 0; expected class indices from 0"
    ):
        loss([4], x[:1], x)
    with pytest.raises(ValueError, match=r"centers has shape \(4, 3\), embeddings has shape"):
        loss([0], x[:1], x[:, :3] + 1)
    with pytest.raises(ValueError, match="centers holds a vector of length 0 at index 1"):
        loss([0], x[:1], [[1.0, 0, 0, 0], [0, 0, 0, 0]])
    with pytest.raises(ValueError, match=r"margin is 4\.0; .* at least 0 and below 3\.14159"):
        losses.ArcFace(margin=4.0)
    with pytest.raises(
        ValueError, match=r"margin is 1\.0; expected a number of at least 0 and bel"
    ):
        losses.Circle(margin=1.0)
