"""Distillation, z-loss and the negative log-likelihood of log-probabilities, against mpmath."""

import json
import math

import mpmath
import numpy as np
import pytest
import scipy.special
from mpmath import mpf

from benchmarks.references import exp, mp, ulps
from lossbook import losses

from . import torch_cases
from .latex import evaluate

CE = losses.CrossEntropy(from_logits=True)
EPS, LARGEST = 2.0**-52, np.finfo(float).max


def exactly(row):
    return [mpf(float(v)) for v in row]


def softmax(row, temperature=1):
    top = max(row)
    e = [exp((v - top) / temperature) for v in row]
    total = sum(e)
    return [v / total for v in e]


def log_normalizer(row):
    top = max(row)
    return top + mpmath.log(sum(exp(v - top) for v in row))


# ---------------------------------------------------------------------------------- distillation


def distilled(loss, y, z, t, digits=120):
    """Value and gradient by the definition, with as many digits as it takes."""
    with mp.workdps(digits):
        z, t = exactly(z), exactly(t)
        alpha, T = mpf(loss.alpha), mpf(loss.temperature)
        p, q, own = softmax(t, T), softmax(z, T), softmax(z)
        far = log_normalizer([v / T for v in t]) - log_normalizer([v / T for v in z])
        gaps = [(a - b) / T - far for a, b in zip(t, z, strict=True)]  # log p - log q
        kl = sum(a * gap for a, gap in zip(p, gaps, strict=True) if a)
        value = (1 - alpha) * (log_normalizer(z) - z[y]) + alpha * T**2 * kl
        slope = [
            (1 - alpha) * (own[k] - (k == y)) + alpha * T * (q[k] - p[k]) for k in range(len(z))
        ]
        return value, slope


def rows(rng, count, K=5):
    """Student and teacher: apart, close, moved together, and of one the multiple of the other."""
    teacher = rng.normal(size=(4 * count, K)) * 10 ** rng.uniform(-2, 1, (4 * count, 1))
    student = rng.normal(size=(4 * count, K)) * 10 ** rng.uniform(-2, 1, (4 * count, 1))
    near = slice(count, 3 * count)
    student[near] = teacher[near] + rng.normal(size=(2 * count, K)) * 10 ** rng.uniform(
        -12, -1, (2 * count, 1)
    )
    student[2 * count : 3 * count] += 10 * rng.normal(size=(count, 1))
    student[3 * count :] = teacher[3 * count :] * rng.uniform(0.5, 2, (count, 1))
    return student, teacher


def check_digits(temperature, student, teacher, digits=120):
    """Of the teacher alone: 6 ulp, those of a gradient as the docstring says; float64 has no more
    digits where KL or a probability is below 1e-307."""
    loss = losses.Distillation(temperature=temperature, alpha=1.0)
    value, gradient = loss.value_and_gradient([0], [student], [teacher])
    exact, slope = distilled(loss, 0, student, teacher, digits)
    least = mpf("1e-322") * max(temperature, 1)
    off = abs(mpf(value) - exact)
    assert off <= 6 * EPS * abs(exact) + least * max(temperature, 1), (student, teacher)
    with mp.workdps(digits):
        q, p = softmax(exactly(student), temperature), softmax(exactly(teacher), temperature)
        change = max(
            abs(mpmath.log(a / b)) if a and b else mpf(1) for a, b in zip(q, p, strict=True)
        )
        for k in range(len(p)):
            unit = EPS * temperature * max(p[k], q[k]) * min(change, 1)
            off = abs(mpf(float(gradient[0, k])) - slope[k])
            assert off <= 6 * unit + least, (student, teacher, k)


@pytest.mark.parametrize("temperature", [0.01, 0.5, 1.0, 3.0, 20.0])
def test_the_divergence_keeps_its_digits(temperature):
    """At any distance, and however large the logits over T."""
    for z, t in zip(*rows(np.random.default_rng(31), 50), strict=True):
        check_digits(temperature, z, t, 400)


def far_rows(rng, K=4):
    """Student and teacher with logits of all sizes, a class (nearly) ruled out, or all moved far."""
    size = 10 ** rng.uniform(-300, 307, (8, K))
    student, teacher = rng.normal(size=(2, 8, K))
    student[0], teacher[0] = student[0] * size[0], teacher[0] * size[1]
    student[1], teacher[1] = student[1] * size[1, 0], teacher[1] * size[2, 0]
    teacher[2] *= size[3, 0]
    student[2] = teacher[2] * (1 + 10 ** rng.uniform(-16, 0) * rng.normal(size=K))
    teacher[3, 1] = rng.choice([-math.inf, -LARGEST, -1e298, -1e20])
    teacher[4, 1], student[4, 1] = rng.choice([-math.inf, -LARGEST, -1e300], 2)
    teacher[4, 1] = min(teacher[4, 1], student[4, 1])
    teacher[5, 2] = 10 ** rng.uniform(10, 308)
    student[6] += 10 ** rng.uniform(0, 25)
    teacher[6] += 10 ** rng.uniform(0, 25)
    teacher[7, 3] -= rng.uniform(600, 1400)  # a probability below float64 times what is as large
    student[7, 3] -= 10 ** rng.uniform(200, 308)
    return student, teacher


@pytest.mark.parametrize("seed", range(6))
def test_the_divergence_keeps_its_digits_at_any_size(seed):
    rng = np.random.default_rng((41, seed))
    for z, t in zip(*far_rows(rng), strict=True):
        for temperature in (1.0, 10 ** rng.uniform(-8, 8)):
            check_digits(temperature, z, t, 1400)


def test_many_classes_and_one_far_off():
    rng = np.random.default_rng(42)
    for drop in (1.0, 100.0, 690.0):
        teacher = 0.01 * rng.normal(size=1000)
        student = teacher.copy()
        student[teacher.argmax()] -= drop
        check_digits(1.0, student, teacher)


def test_logits_that_a_mask_fills_are_as_good_as_infinite():
    loss = losses.Distillation(temperature=2.0, alpha=1.0)
    due = loss.value_and_gradient([0], [[0.2, 1.5, -math.inf]], [[1.0, 0.3, -math.inf]])
    assert due[0] == pytest.approx(0.4931630368, rel=1e-9)
    only = loss.value_and_gradient([0], [[0.2, 1.5, 0.1]], [[1.0, 0.3, -math.inf]])
    for mask in (-1e9, -3.4e38, -1e290, -1e299, -LARGEST):
        found = loss.value_and_gradient([0], [[0.2, 1.5, mask]], [[1.0, 0.3, mask]])
        assert found[0] == due[0] and (found[1] == due[1]).all()
        found = loss.value_and_gradient([0], [[0.2, 1.5, 0.1]], [[1.0, 0.3, mask]])
        assert found[0] == only[0] and (found[1] == only[1]).all()
    value, slope = loss.value_and_gradient([0], [[0.0, 1e220, 0.0]], [[1e308] * 3])
    assert value == pytest.approx(4e220 / 3, rel=1e-15)
    np.testing.assert_allclose(slope, [[-2 / 3, 4 / 3, -2 / 3]], rtol=1e-15)


@pytest.mark.parametrize("top", [1e15, 1e16, 1e17, 1e100, 1e308])
def test_a_teacher_who_is_sure(top):
    """Then KL is the cross-entropy with the teacher's class."""
    loss = losses.Distillation(temperature=1.0, alpha=1.0)
    value, slope = loss.value_and_gradient([0], [[1.0, 0.0]], [[top, 0.0]])
    due, steep = CE.value_and_gradient([0], [[1.0, 0.0]])
    assert value == pytest.approx(due, rel=1e-15)
    np.testing.assert_allclose(slope, steep, rtol=1e-15)


def test_the_gradients_of_both_classes_cancel():
    """Where both probabilities are close to 1, too: their difference is that of what they lack."""
    loss = losses.Distillation(temperature=1.0, alpha=1.0)
    slope = loss.gradient([0], [[0.0, -1e12]], [[0.0, -20.0]])[0]
    assert slope[0] == pytest.approx(-slope[1], rel=1e-15, abs=0.0) and slope[0] > 0


@pytest.mark.parametrize("z", [[400.0, -400.0], [600.0, -600.0], [600.0, -110.0]])
def test_labels_far_below_the_top(z):
    """Class indices and the same as distributions, at a student who copies the teacher."""
    loss, gap = losses.Distillation(temperature=2.0, alpha=0.5), z[0] - z[1]
    for y in ([1], [[0.0, 1.0]]):
        value, slope = loss.value_and_gradient(y, [z], [z])
        assert value == gap / 2 and slope.tolist() == [[0.5, -0.5]]


@pytest.mark.parametrize("temperature", [1e-320, 1e-300, 0.01, 3.0, 1e300])
def test_each_row_stands_alone_and_none_is_nan(temperature):
    loss, rng = losses.Distillation(temperature=temperature, alpha=1.0), np.random.default_rng(43)
    student, teacher = far_rows(rng)
    student[:2, 3] = -math.inf
    many = np.tile(student, (400, 1)), np.tile(teacher, (400, 1))  # in several blocks
    y = np.zeros(3200, int)
    values, slopes = loss.pointwise(y, *many), loss.gradient(y, *many)
    assert (values >= 0).all() and np.isfinite(slopes).all()
    for i in range(8):
        rows = student[i : i + 1], teacher[i : i + 1]
        assert (values[i::8] == loss.pointwise([0], *rows)).all()
        assert (slopes[i::8] == loss.gradient([0], *rows)).all()


@pytest.mark.parametrize("alpha", [0.0, 0.3, 0.9])
def test_labels_and_teacher(alpha):
    rng = np.random.default_rng(32)
    loss = losses.Distillation(temperature=2.5, alpha=alpha)
    student, teacher = rows(rng, 12)
    y = rng.integers(0, 5, len(student))
    value, gradient = loss.pointwise(y, student, teacher), loss.gradient(y, student, teacher)
    for i in range(len(y)):
        exact, slope = distilled(loss, y[i], student[i], teacher[i])
        assert value[i] == pytest.approx(float(exact), rel=1e-14)
        np.testing.assert_allclose(gradient[i], [float(v) for v in slope], rtol=1e-13, atol=1e-15)
    hot = loss.pointwise(np.eye(5)[y], student, teacher)
    np.testing.assert_allclose(hot, value, rtol=1e-14)
    if not alpha:
        np.testing.assert_allclose(value, CE.pointwise(y, student), rtol=1e-15)


def test_a_copy_of_the_teacher_costs_nothing():
    t = np.random.default_rng(33).normal(size=(6, 4))
    loss = losses.Distillation(temperature=3.0, alpha=1.0)
    for student in (t, t + 4.0):  # sums such as t + 4 are rounded, and so no copy
        value, gradient = loss.value_and_gradient(np.zeros(6, int), student, t)
        assert 0 <= value < 1e-29 and np.abs(gradient).max() < 1e-15
    assert loss(np.zeros(6, int), t, t) == 0.0


def test_without_its_square_the_temperature_lets_the_gradient_fade():
    """T^2 KL tends to half the variance of the logits' differences, with weights 1 / K; its gradient
    with it. Without T^2 both fall as 1 / T^2."""
    z, t = np.array([[1.0, -0.5, 0.3]]), np.array([[0.2, 0.8, -1.0]])
    limit = np.var(z - t) / 2
    slope = (z - t - np.mean(z - t)) / 3
    for T in (1e2, 1e4):
        loss = losses.Distillation(temperature=T, alpha=1.0)
        value, gradient = loss.value_and_gradient([0], z, t)
        assert value == pytest.approx(limit, rel=2 / T)
        np.testing.assert_allclose(gradient, slope, rtol=5 / T)
        assert np.abs(gradient / T**2).max() < 1 / T**2


def test_what_the_card_says_of_distillation():
    rng = np.random.default_rng(34)
    for loss in (losses.Distillation(), losses.Distillation(temperature=0.5, alpha=0.75)):
        facts, (student, teacher) = loss.facts, rows(rng, 4)
        for y, z, t in zip(rng.integers(0, 5, len(student)), student, teacher, strict=True):
            given = {r"\alpha": mpf(loss.alpha), "T": mpf(loss.temperature), "y": int(y)}
            given |= {r"\hat y": exactly(z), "t": exactly(t), "K": mpf(5)}
            given |= {"y_k": [mpf(int(k == y)) for k in range(5)]}
            value = evaluate(facts.formula, given)
            assert math.isclose(loss([y], [z], [t]), float(value), rel_tol=1e-9, abs_tol=1e-13)
            slopes = [evaluate(facts.gradient, {**given, "k": k}) for k in range(5)]
            np.testing.assert_allclose(
                loss.gradient([y], [z], [t])[0], [float(v) for v in slopes], rtol=1e-9, atol=1e-13
            )
        t = np.array([50.0, 0.0, 0.0])
        far = loss.gradient([0], [[-90.0, 90.0, 0.0]], [t])  # all on one wrong class
        assert np.linalg.norm(far) == pytest.approx(facts.lipschitz, rel=1e-9)
        steepest = 0.0
        for _ in range(400):
            a, b = rng.normal(size=(2, 3)) * 2
            if rng.random() < 0.5:
                a[2] = -60.0  # two classes share it all
            change = loss.gradient([0], [a + 1e-3 * b], [t]) - loss.gradient([0], [a], [t])
            steepest = max(steepest, np.linalg.norm(change) / np.linalg.norm(1e-3 * b))
        two = np.array([0.0, 0.0, -60.0])
        step = 1e-4 * np.array([1.0, -1.0, 0.0])
        change = loss.gradient([0], [two + step], [t]) - loss.gradient([0], [two - step], [t])
        most = np.linalg.norm(change) / np.linalg.norm(2 * step)
        assert steepest <= facts.gradient_lipschitz * (1 + 1e-9)
        assert most == pytest.approx(facts.gradient_lipschitz, rel=1e-6)
        assert facts.convex and not facts.strictly_convex and facts.smooth and not facts.bounded
        for _ in range(200):
            a, b = rng.normal(size=(2, 3)) * 4
            middle = loss([0], [(a + b) / 2], [t])
            assert middle <= (loss([0], [a], [t]) + loss([0], [b], [t])) / 2 + 1e-12
        assert loss([0], [[1.0, 2.0, 3.0]], [t]) == pytest.approx(loss([0], [[3.0, 4, 5]], [t]))
    q = np.array([0.2, 0.5, 0.3])  # only without a teacher are the true probabilities best
    for alpha in (0.0, 0.5):
        loss = losses.Distillation(alpha=alpha)
        teacher = np.tile([2.0, 0.0, 0.0], (3, 1))

        def risk(z, loss=loss, teacher=teacher):
            return loss(range(3), np.tile(z, (3, 1)), teacher, sample_weight=q)

        honest, moved = risk(np.log(q)), risk(np.log(q) + np.array([0.1, 0.0, 0.0]))
        assert (honest < moved) == (alpha == 0.0) == loss.facts.proper == loss.facts.strictly_proper


def test_classes_ruled_out():
    loss, inf = losses.Distillation(alpha=1.0), np.inf
    pair = loss([0], [[1.0, 0.0]], [[2.0, 0.5]])
    assert loss([0], [[1.0, 0.0, -inf]], [[2.0, 0.5, -inf]]) == pytest.approx(pair, rel=1e-15)
    assert loss([0], [[1.0, 0.0, -inf]], [[2.0, 0.5, 1.0]]) == inf
    slope = loss.gradient([0], [[1.0, 0.0, -inf]], [[2.0, 0.5, 1.0]])[0]
    assert slope[2] == pytest.approx(-2 * softmax([mpf(2), mpf("0.5"), mpf(1)], 2)[2])
    teacher_only = loss([0], [[1.0, 0.0, 1.0]], [[2.0, 0.5, -inf]])
    p, q = scipy.special.softmax([1.0, 0.25]), scipy.special.softmax([0.5, 0.0, 0.5])
    assert teacher_only == pytest.approx(4 * np.sum(p * np.log(p / q[:2])), rel=1e-14)


@pytest.mark.parametrize("size", [1e3, 1e100, 1e307])
def test_large_logits_overflow_nowhere(size):
    z, t = size * np.array([[1.0, -1.0, 0.0]]), size * np.array([[-1.0, 0.5, 0.25]])
    for temperature in (0.5, 1.0, 7.0):
        loss = losses.Distillation(temperature=temperature, alpha=1.0)
        exact = distilled(loss, 0, z[0], t[0])[0]
        value, gradient = loss.value_and_gradient([0], z, t)
        assert value == pytest.approx(float(exact), rel=1e-12) and np.isfinite(gradient).all()


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (
            lambda: losses.Distillation(temperature=0),
            ValueError,
            "temperature is 0.0; expected a n",
        ),
        (
            lambda: losses.Distillation(alpha=1.5),
            ValueError,
            "alpha is 1.5; expected a number of at",
        ),
        (
            lambda: losses.Distillation()([0], [[0.0, 1.0]], [[0.0, 1.0, 2.0]]),
            ValueError,
            r"student has shape \(1, 2\) and teacher has shape \(1, 3\); expected logits of the same",
        ),
        (
            lambda: losses.Distillation()([2], [[0.0, 1.0]], [[0.0, 1.0]]),
            ValueError,
            "y_true holds 2 at index 0; expected class indices from 0 to 1",
        ),
        (
            lambda: losses.Distillation()([[0.5, 0.6]], [[0.0, 1.0]], [[0.0, 1.0]]),
            ValueError,
            "y_true holds a row that sums to 1.1",
        ),
        (
            lambda: losses.Distillation()([0], [[0.0, 1.0]], [[0.0, math.nan]]),
            ValueError,
            "teacher holds nan at index",
        ),
        (lambda: losses.Distillation()([0], [[0.0, 1.0]]), TypeError, "is not given teacher"),
    ],
)
def test_bad_input_of_distillation(make, error, match):
    with pytest.raises(error, match=match):
        make()


# ---------------------------------------------------------------------------------- z-loss


def logits(rng, K=5):
    """Usual, far out, close to each other, and with exponentials that sum to nearly 1."""
    usual = 3 * rng.normal(size=(100, K))
    wide = rng.normal(size=(100, K)) * 10 ** rng.uniform(-20, 300, (100, 1))
    near = usual - scipy.special.logsumexp(usual, axis=1)[:, None]
    close = near + rng.choice([-1, 1], (100, 1)) * 10 ** rng.uniform(-10, 0, (100, 1))
    edges = [[40, 0, -1e4, 1e4, 3], [0] * K, [-np.log(5)] * K, [1e308, -1e308, 0, 0, 0]]
    return np.concatenate([usual, wide, near[:30] * 1.0001, close, np.array(edges, float)])


@pytest.mark.parametrize("coefficient", [1e-4, 1.0])
def test_the_z_loss_keeps_its_digits(coefficient):
    """All points but those of log Z below 1e-13: there the logits themselves are rounded to that."""
    rng = np.random.default_rng(35)
    loss, z = losses.ZLoss(coefficient=coefficient), logits(rng)
    y, seen = np.zeros(len(z), int), 0
    value, gradient = loss.pointwise(y, z), loss.gradient(y, z)
    for i, row in enumerate(z):
        with mp.workdps(700):
            row = exactly(row)
            log_z, p = log_normalizer(row), softmax(row)
            if abs(log_z) < 1e-13:
                continue
            seen += abs(log_z) < 1e-3
            c = mpf(coefficient)
            assert ulps(float(value[i]), c * log_z**2) <= 4, z[i]
            for k in range(5):
                if p[k] > mpf("1e-290"):
                    assert ulps(float(gradient[i, k]), 2 * c * log_z * p[k]) <= 6, (z[i], k)
    assert seen > 40


def test_the_z_loss_holds_what_the_cross_entropy_does_not_see():
    z, y = np.array([[2.0, 0.0, -1.0]]), [1]
    both = CE + losses.ZLoss(coefficient=0.1)
    log_z = scipy.special.logsumexp(z)
    assert CE(y, z + 7) == pytest.approx(CE(y, z)) and both(y, z + 7) > both(y, z)
    assert both(y, z - log_z) == pytest.approx(CE(y, z), rel=1e-15)
    assert both(y, z) == pytest.approx(CE(y, z) + 0.1 * log_z**2)
    pushed = CE.gradient(y, z), both.gradient(y, z)
    assert pushed[0].sum() == pytest.approx(0, abs=1e-15)
    assert pushed[1].sum() == pytest.approx(0.2 * log_z)
    np.testing.assert_array_equal(
        losses.ZLoss().pointwise([0, 1], np.tile(z, (2, 1))), losses.ZLoss()(y, z)
    )
    with pytest.raises(ValueError, match=r"coefficient is -1.0; expected a number of at least 0"):
        losses.ZLoss(coefficient=-1)
    assert losses.ZLoss(coefficient=0)(y, [[1e200, 0.0]]) == 0.0


# ---------------------------------------------------------------------------------- NLL


@pytest.mark.parametrize(
    ("target", "options"),
    [(y, options) for y, options in torch_cases.classes() if not options["label_smoothing"]],
    ids=str,
)
def test_the_nll_of_log_softmax_is_the_cross_entropy_of_torch(target, options):
    if target is torch_cases.ROWS:
        pytest.skip("class indices only")
    due = json.loads(torch_cases.RECORD.read_text("utf-8"))[str((target, options))]
    log_p = scipy.special.log_softmax(torch_cases.LOGITS, axis=1)
    options = {name: options[name] for name in ("class_weight", "ignore_index")}
    loss = losses.NLL(**options)
    np.testing.assert_allclose(loss.pointwise(target, log_p), due["each"], rtol=1e-13, atol=1e-15)
    mean, gradient = loss.value_and_gradient(target, log_p)
    assert mean == pytest.approx(due["mean"], rel=1e-13)
    p = np.exp(log_p)
    chained = gradient - p * gradient.sum(axis=1)[:, None]  # through log_softmax
    np.testing.assert_allclose(chained, due["gradient"], rtol=1e-12, atol=1e-15)


def test_the_nll_is_minus_what_it_is_given():
    log_p = np.log(np.random.default_rng(36).dirichlet(np.ones(4), 50))
    y = np.arange(50) % 4
    np.testing.assert_array_equal(losses.NLL().pointwise(y, log_p), -log_p[np.arange(50), y])
    assert (
        losses.NLL()([1], [[-np.inf, 0.0]]) == 0 and losses.NLL()([0], [[-np.inf, 0.0]]) == np.inf
    )
    assert losses.NLL().gradient([0], [[-np.inf, 0.0]]).tolist() == [[-1.0, 0.0]]
    none = losses.NLL(class_weight=[0.0, 1.0])
    assert none.pointwise([0], [[-np.inf, 0.0]]).tolist() == [0.0]


@pytest.mark.parametrize("digits", [np.float32, np.float16])
def test_log_probabilities_of_few_digits_are_taken(digits):
    for classes in (3, 1000):
        z = np.random.default_rng(37).normal(size=(20, classes)).astype(digits)
        log_p = (z - scipy.special.logsumexp(z, axis=1)[:, None].astype(digits)).astype(digits)
        y = np.zeros(20, int)
        assert losses.NLL()(y, log_p) == pytest.approx(CE(y, z), rel=0.02)


@pytest.mark.parametrize(
    ("row", "match"),
    [
        ([0.25, 0.75], "exponentials sum to 3.40102543 at index 0; expected log-probabilities"),
        ([-3.0, -4.0], "exponentials sum to 0.0681027073 at index 0"),
        ([2.0, 5.0], "log_softmax makes them of logits"),
        ([math.nan, 0.0], r"y_pred holds nan at index \(0, 0\)"),
        ([-math.inf, math.inf], r"y_pred holds inf at index \(0, 1\)"),
        ([-math.inf, -math.inf], "exponentials sum to 0 at index 0"),
        ([1000.0, 0.0], "exponentials sum to inf at index 0"),
    ],
)
def test_what_is_no_log_probability_is_named(row, match):
    for method in (losses.NLL(), losses.NLL().gradient, losses.NLL().value_and_gradient):
        with pytest.raises(ValueError, match=match):
            method([0], [row])
