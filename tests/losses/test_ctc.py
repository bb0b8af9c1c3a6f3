"""CTC against the sum over all paths, mpmath and PyTorch; lengths, infinity and bad input."""

import itertools
import json
import math
import re

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from benchmarks import references
from lossbook import losses

from . import torch_sequences

CTC = losses.CTC()
assert references.mp.dps == 50


def softmax_of(row):
    """The probabilities of one step, as mpmath numbers."""
    top = max(row)
    e = [mpmath.exp(mpf(float(v)) - mpf(float(top))) if v > -math.inf else mpf(0) for v in row]
    return [v / sum(e) for v in e]


def spelled(path, blank):
    """What a path spells: repeats merged, then blanks dropped."""
    return [k for k, _ in itertools.groupby(path) if k != blank]


def all_paths(target, z, blank):
    """The probability of the target, and the share of its paths in each class at each step."""
    steps, classes = z.shape
    p = [softmax_of(row) for row in z]
    total, shares = mpf(0), [[mpf(0)] * classes for _ in range(steps)]
    for path in itertools.product(range(classes), repeat=steps):
        if spelled(path, blank) == list(target):
            weight = mpmath.fprod(p[t][k] for t, k in enumerate(path))
            total += weight
            for t, k in enumerate(path):
                shares[t][k] += weight
    return p, total, shares


def by_states(target, z, blank):
    """The probability of the target by the forward recursion, in 50 digits."""
    states = [blank, *itertools.chain.from_iterable((k, blank) for k in target)]
    alpha = [mpf(s == 0) for s in range(len(states) + 1)]  # before the first step
    for t, row in enumerate(z):
        p, before = softmax_of(row), alpha
        alpha = []
        for s, k in enumerate(states):
            into = before[s] + (before[s - 1] if s else 0)
            if s > 1 and k != blank and k != states[s - 2]:
                into += before[s - 2]
            if t == 0:
                into = mpf(s < 2)
            alpha.append(into * p[k])
    return sum(alpha[-2:]) if len(states) > 1 else alpha[0]


def cases(count, rng):
    for _ in range(count):
        classes, steps = (
            int(rng.integers(2, 5)),
            int(rng.integers(1, 7 if rng.random() < 0.3 else 5)),
        )
        blank = int(rng.integers(classes))
        labels = [k for k in range(classes) if k != blank]
        target = rng.choice(labels, rng.integers(0, steps + 1))
        z = rng.normal(size=(steps, classes)) * 10 ** rng.uniform(-2, 1)
        if rng.random() < 0.2:
            z[rng.integers(steps), rng.integers(classes)] = -np.inf
        yield blank, target, z


@pytest.mark.filterwarnings("ignore:CTC.* is infinite")
def test_the_sum_over_all_paths():
    """Value and gradient; for a target that no path can spell infinity and 0."""
    rng, endless, finite = np.random.default_rng(5), 0, 0
    for blank, target, z in cases(150, rng):
        loss = losses.CTC(blank=blank)
        p, total, shares = all_paths(target, z, blank)
        value, gradient = loss.value_and_gradient(target, z)
        assert value == loss.pointwise(target, z) == loss(target, z)
        np.testing.assert_array_equal(gradient, loss.gradient(target, z))
        if not total:
            endless += 1
            assert value == math.inf and not gradient.any()
            assert losses.CTC(blank=blank, zero_infinity=True)(target, z) == 0
            continue
        finite += 1
        exact = -mpmath.log(total)
        bound = 2**-50 * len(z) * max(1, float(exact))
        assert abs(mpf(float(value)) - exact) <= bound
        for t, k in np.ndindex(z.shape):
            slope = p[t][k] - shares[t][k] / total
            assert abs(mpf(float(gradient[t, k])) - slope) <= bound, (t, k)
        assert by_states(target, z, blank) == pytest.approx(total, rel=1e-40)
    assert endless > 20 and finite > 60


def test_a_certain_target_costs_nothing():
    """No path but its own has a chance: 0, and not a little less by rounding, nor minus 0."""
    rng = np.random.default_rng(6)
    for _ in range(300):
        path = rng.integers(0, 3, rng.integers(1, 6))
        z = np.full((len(path), 3), -np.inf)
        z[np.arange(len(path)), path] = rng.normal(size=len(path))
        free = rng.integers(len(path))
        z[free, 0] = rng.normal()  # at this step it may be the blank instead
        repeats = path[(np.diff(path, prepend=-1) != 0)]
        target = repeats[repeats != 0]
        value, _ = losses.CTC().value_and_gradient(target, z)
        assert value >= 0 and not math.copysign(1, value) < 0
        assert math.copysign(1, losses.CTC().pointwise(target, z)) > 0


def test_the_bound_of_long_sequences():
    """Two hundred steps, of usual and of far logits, and of a model that is nearly sure."""
    rng = np.random.default_rng(6)
    for scale in (0.1, 3.0, 60.0):
        for repeat in (False, True):
            target = np.full(20, 3) if repeat else rng.integers(1, 8, 20)
            z = scale * rng.normal(size=(200, 8))
            exact = -mpmath.log(by_states(target, z, 0))
            assert abs(mpf(float(CTC(target, z))) - exact) <= 2**-50 * 200 * max(1, exact)
    sure = np.zeros((6, 3))
    sure[np.arange(6), [0, 1, 1, 0, 2, 2]] = 30.0
    exact = -mpmath.log(by_states([1, 2], sure, 0))
    assert 0 < exact < 1e-11
    assert abs(mpf(float(CTC([1, 2], sure))) - exact) <= 6 * mpf(2) ** -50
    nothing = np.zeros((6, 3))
    nothing[:, 0] = 40.0  # one path, and no sum that could cancel
    assert CTC([], nothing) == pytest.approx(
        6 * losses.CrossEntropy(from_logits=True)([0], nothing[:1])
    )


def test_the_gradient_is_the_derivative():
    rng = np.random.default_rng(7)
    z = rng.normal(size=(5, 4))
    gradient = CTC.gradient([1, 3, 3], z)
    for t, k in np.ndindex(z.shape):
        h = mpf(10) ** -15

        def moved(sign, t=t, k=k, h=h):
            rows = [[mpf(float(v)) for v in row] for row in z]
            rows[t][k] += sign * h
            p = [[mpmath.exp(v) / sum(map(mpmath.exp, row)) for v in row] for row in rows]
            paths = (q for q in itertools.product(range(4), repeat=5) if spelled(q, 0) == [1, 3, 3])
            return -mpmath.log(sum(mpmath.fprod(p[i][c] for i, c in enumerate(q)) for q in paths))

        assert gradient[t, k] == pytest.approx(float((moved(1) - moved(-1)) / (2 * h)), rel=1e-12)
    np.testing.assert_allclose(gradient.sum(axis=1), 0.0, atol=1e-15)


def batch(rng):
    """A batch of sequences of their own lengths, and junk behind their ends."""
    z, y = rng.normal(size=(6, 9, 5)), rng.integers(1, 5, (6, 4))
    steps, lengths = np.array([9, 7, 8, 9, 5, 6]), np.array([4, 3, 0, 1, 2, 3])
    for i in range(6):
        z[i, steps[i] :], y[i, lengths[i] :] = np.nan, -1
    return y, z, steps, lengths


def test_a_batch_is_its_sequences():
    y, z, steps, lengths = batch(np.random.default_rng(8))
    single = [
        CTC.value_and_gradient(y[i, : lengths[i]], z[i, : steps[i]]) for i in range(6)
    ]  # one at a time, cut to length
    values, gradient = CTC.pointwise(y, z, steps, lengths), CTC.gradient(y, z, steps, lengths)
    np.testing.assert_allclose(values, [value for value, _ in single], rtol=1e-15)
    for i, (_, slope) in enumerate(single):
        np.testing.assert_allclose(gradient[i, : steps[i]], slope, atol=1e-15)
        assert not gradient[i, steps[i] :].any()
    named = CTC.pointwise(y_pred=z, y_true=y, target_lengths=lengths, input_lengths=steps)
    np.testing.assert_array_equal(named, values)
    w = np.array([1.0, 0.0, 2.0, 0.5, 1.0, 3.0])
    keep = np.array([True, True, False, True, True, True])
    spoiled, labels = z.copy(), y.copy()
    spoiled[[1, 2]], labels[[1, 2]] = np.inf, 77
    value, slope = CTC.value_and_gradient(
        labels, spoiled, steps, lengths, sample_weight=w, mask=keep
    )
    share = w * keep / (w * keep).sum()
    assert value == pytest.approx(share @ values, rel=1e-14)
    np.testing.assert_allclose(slope, share[:, None, None] * gradient, atol=1e-16)
    assert (CTC + 2 * losses.CTC(zero_infinity=True))(y, z, steps, lengths) == pytest.approx(
        3 * values.mean(), rel=1e-14
    )
    assert (3 * CTC)([1], np.zeros((2, 2))) == pytest.approx(3 * -np.log(0.75))


def test_torch_computes_the_same():
    """Its `reduction="mean"` divides each loss by the length of its target first; ours does not."""
    record = json.loads(torch_sequences.RECORD.read_text("utf-8"))
    for case in torch_sequences.cases():
        due = record[case.name]
        loss = losses.CTC(blank=case.blank, zero_infinity=True)
        inputs = case.target, case.logits, case.steps, case.lengths
        np.testing.assert_allclose(loss.pointwise(*inputs), due["each"], rtol=1e-12)
        np.testing.assert_allclose(loss.gradient(*inputs), due["gradient"], rtol=1e-9, atol=1e-13)
        per_label = loss(
            *inputs, sample_weight=1 / np.maximum(case.lengths, 1)
        )  # a weighted mean is divided by the sum of the weights, torch's by the batch
        theirs = due["mean"] * len(case.lengths) / np.sum(1 / np.maximum(case.lengths, 1))
        assert per_label == pytest.approx(theirs, rel=1e-12)


def test_the_record_is_what_torch_computes():
    pytest.importorskip("torch")
    record = json.loads(torch_sequences.RECORD.read_text("utf-8"))
    found = torch_sequences.record()
    assert found.keys() == record.keys()
    for name, due in record.items():
        for part in due:
            np.testing.assert_allclose(found[name][part], due[part], rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize(
    ("target", "steps", "why"),
    [
        ([1, 2, 1], 2, "the target [1, 2, 1]: it needs 3 steps, one a label, and has 2;"),
        ([1, 1], 2, "it needs 3 steps, one a label and 1 for blanks between equal ones, and has 2"),
        ([1, 1, 1, 2], 5, "it needs 6 steps, one a label and 2 for blanks between equal ones"),
        ([2], 0, "it needs 1 steps, one a label, and has 0"),
    ],
)
def test_an_infinite_loss_says_why(target, steps, why):
    z = np.zeros((2, 6, 3))
    y = np.array([target, [1] + [0] * (len(target) - 1)])
    inputs = y, z, [steps, 6], [len(target), 1]
    for method in (CTC, CTC.pointwise, CTC.gradient, CTC.value_and_gradient):
        with pytest.warns(RuntimeWarning, match="is infinite for 1 of 2 sequences") as caught:
            found = method(*inputs)
        assert len(caught) == 1 and why in str(caught[0].message)
        assert caught[0].filename == __file__
    value, gradient = found
    assert value == math.inf and not gradient[0].any() and gradient[1].any()
    zero = losses.CTC(zero_infinity=True)
    assert zero.pointwise(*inputs)[0] == 0 and zero(*inputs) == zero.pointwise(*inputs)[1] / 2
    alone = zero(y[1:], z[1:], [6], [1])
    assert CTC(*inputs, mask=[False, True]) == alone


def test_what_the_card_says():
    """Neither convex nor bounded, and smooth: of the target aa over ten steps, along one line."""
    facts, x = CTC.facts, np.linspace(-60, 60, 24_001)
    z = np.stack([np.zeros((x.size, 10)), np.tile(x[:, None], 10)], axis=2)
    value, slope = CTC.pointwise([[1, 1]] * x.size, z), CTC.gradient([[1, 1]] * x.size, z)
    along = slope[:, :, 1].sum(axis=1)
    assert facts.convex is facts.strictly_convex is facts.bounded is False and facts.smooth
    assert np.sum((along[:-1] < 0) & (along[1:] >= 0)) == 2  # two valleys
    np.testing.assert_allclose(np.diff(value) / np.diff(x), (along[:-1] + along[1:]) / 2, atol=1e-5)
    assert np.abs(np.diff(along)).max() < 0.01
    assert value[0] == pytest.approx(2 * 60 - np.log(36), rel=1e-9)  # two labels in 36 places
    assert value[-1] == pytest.approx(60 - np.log(8), rel=1e-9)  # one blank in 8 places
    assert facts.lipschitz is None  # each step adds to it
    steps = [np.linalg.norm(CTC.gradient([1], np.tile([40.0, -40.0], (n, 1)))) for n in (1, 4, 16)]
    assert steps[0] == pytest.approx(np.sqrt(2)) and steps[2] < 1  # of one label in many places


def test_a_target_that_just_fits():
    """As many steps as it needs: one path, blanks and all."""
    z = np.random.default_rng(9).normal(size=(3, 2))
    path = losses.CrossEntropy(from_logits=True).pointwise([1, 0, 1], z)
    assert CTC([1, 1], z) == pytest.approx(path.sum(), rel=1e-15)


def test_weight_and_mask_of_one_sequence_are_numbers_as_its_loss():
    z = np.random.default_rng(11).normal(size=(4, 3))
    value, gradient = CTC.value_and_gradient([1, 2], z)
    for case in ({"sample_weight": 2.0}, {"mask": True}, {"sample_weight": np.array(3), "mask": 1}):
        again, slope = CTC.value_and_gradient([1, 2], z, **case)
        assert again == value == CTC([1, 2], z, **case)
        np.testing.assert_array_equal(slope, gradient)
    with pytest.raises(ValueError, match="mask holds only False"):
        CTC([1, 2], z, mask=False)
    with pytest.raises(ValueError, match="sample_weight holds only zeros"):
        CTC([1, 2], z, sample_weight=0.0)
    with pytest.raises(ValueError, match=r"sample_weight has shape \(1,\); expected \(\), one for"):
        CTC([1, 2], z, sample_weight=[2.0])
    with pytest.raises(ValueError, match=r"mask has shape \(4,\); expected \(\), one for the seq"):
        CTC([1, 2], z, mask=[True] * 4)
    with pytest.raises(ValueError, match="input_lengths holds rows of different lengths"):
        CTC([1, 2], z, [[1], [1, 2]])


def test_what_is_ruled_out_says_so():
    with pytest.warns(RuntimeWarning, match="every path to it has a logit of -inf"):
        assert CTC([1], [[0.0, -np.inf]]) == math.inf


@pytest.mark.parametrize("shift", [0.0, 1e6, -1e12, 1e300])
def test_large_logits(shift):
    z = np.array([[0.0, 2.0, 1.0], [1.0, 0.0, 0.5], [0.0, 0.0, 3.0]])
    moved = np.round(z + shift, 0) if abs(shift) < 1e300 else np.full((3, 3), shift)
    plain = CTC([1, 2], moved - shift)
    assert CTC([1, 2], moved) == pytest.approx(plain, rel=1e-14)
    assert np.isfinite(CTC.gradient([1], np.array([[1e308, -1e308]]) * [[1.0], [-1.0]])).all()


Z = np.zeros((4, 3))
BAD = [
    (
        ([1, 0], Z),
        ValueError,
        "y_true holds 0 at index 1, which is the blank; expected labels with",
    ),
    (([1, 3], Z), ValueError, "y_true holds 3 at index 1; expected labels from 0 to 2"),
    (([1, -1], Z), ValueError, "y_true holds -1 at index 1; .* target_lengths"),
    (([1.0], Z), TypeError, "y_true holds values of dtype float64; expected labels of an integer"),
    ((["a"], Z), TypeError, "y_true holds strings"),
    (([[1]], Z), ValueError, r"y_true has shape \(1, 1\) and y_pred has shape \(4, 3\); expected"),
    (([1], Z[0]), ValueError, r"y_pred has shape \(3,\); expected labels \(n, S\) against"),
    (([[1]], Z[None, :0]), ValueError, "empty; expected at least one sequence, step and class"),
    (([[1], [1]], Z[None]), ValueError, r"y_true has shape \(2, 1\) and y_pred"),
    (([1], Z, 5), ValueError, "input_lengths holds 5 at index 0; expected lengths from 0 to 4"),
    (([1], Z, 4, 2), ValueError, "target_lengths holds 2 at index 0; expected lengths from 0 to 1"),
    (([1], Z, 4, -1), ValueError, "target_lengths holds -1"),
    (([1], Z, 3.0), TypeError, "input_lengths holds values of dtype float64; expected integers"),
    (([[1]], Z[None], [1, 2]), ValueError, r"input_lengths has shape \(2,\); expected \(1,\)"),
    (([1], [[0.0, math.nan]]), ValueError, r"y_pred holds nan at index \(0, 1\); expected finite"),
    (([1], [[math.inf, 0.0]]), ValueError, r"y_pred holds inf at index \(0, 0\)"),
    (([1], np.full((2, 3), -math.inf)), ValueError, "y_pred holds only -inf at index 0; expected"),
    (([1],), TypeError, "is not given y_pred; expected"),
]


@pytest.mark.parametrize(("inputs", "error", "match"), BAD, ids=str)
def test_bad_input_is_named(inputs, error, match):
    for method in (CTC, CTC.pointwise, CTC.gradient, CTC.value_and_gradient):
        with pytest.raises(error, match=match):
            method(*inputs)


def test_other_bad_input():
    with pytest.raises(ValueError, match="blank is 3 and y_pred has 3 classes; expected one of 0"):
        losses.CTC(blank=3)([1], Z)
    with pytest.raises(ValueError, match="blank is -1; expected an integer of at least 0"):
        losses.CTC(blank=-1)
    with pytest.raises(TypeError, match="zero_infinity is 1; expected True or False"):
        losses.CTC(zero_infinity=1)
    y, z, steps, lengths = batch(np.random.default_rng(10))
    with pytest.raises(ValueError, match=re.escape("y_true holds 9 at index (3, 0)")):
        y[3, 0] = 9
        CTC(y, z, steps, lengths, mask=np.arange(6) > 1)
    with pytest.raises(TypeError, match=r"CTC.* takes \(y_true, y_pred, input_lengths, .*Huber"):
        CTC + losses.Huber()
    with pytest.raises(NotImplementedError, match="CTC does not define hessian"):
        CTC.hessian([[1]], Z[None])
