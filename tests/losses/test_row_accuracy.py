"""Losses of rows against mpmath: classes, and a mean with its variance; at most 4 ulp.

Where a result is a difference of parts that nearly cancel, no formula of float64 inputs that rounds
the parts can keep its digits. Such points are left out of the bound in ulp of the result, by a
condition that each test states; `KLDivergence` is held there to ulp of its largest term.
"""

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf

from benchmarks.cases import magnitudes
from benchmarks.references import exp, smoothed, times_log, ulps
from lossbook import losses

MOST = 4.0
K = 5


def distributions(rng, count):
    """Rows with parts from 5e-324 to 1, zeros and a one among them; each sums to 1."""
    wide = 10 ** rng.uniform(-323, -1, (count, K)) * (rng.random((count, K)) < 0.8)
    dense = 10 ** rng.uniform(-20, -1, (count, K))
    usual = rng.dirichlet(np.ones(K), count)
    wide[:, 0], dense[:, 0] = 1 - wide[:, 1:].sum(axis=1), 1 - dense[:, 1:].sum(axis=1)
    hot = np.eye(K)[rng.integers(0, K, count // 4)]
    edges = [[1 - 2**-53, 2**-53, 0, 0, 0], [1, 5e-324, 0, 0, 0], [0.5, 0.5, 2.3e-308, 0, 0]]
    rows = np.concatenate([wide, dense, usual, hot, edges])
    return np.clip(rng.permuted(rows, axis=1), 0.0, 1.0)


def scores(rng, count):
    """Rows of scores over the range of float64, and scores close to each other."""
    signs = rng.choice([-1.0, 1.0], (4 * count, K))
    wide = rng.choice(magnitudes(rng), (4 * count, K)) * signs
    wide = wide[np.abs(wide).max(axis=1) < 8e307]  # or differences exceed float64
    near = rng.normal(size=(count, 1)) * 10 ** rng.uniform(-3, 18, (count, 1))
    close = near + rng.normal(size=(count, K)) * 10 ** rng.uniform(-12, 1, (count, K))
    margin = 1 + 10 ** rng.uniform(-16, 0, (count, K)) * rng.choice([-1, 1], (count, K))
    margin[:, 0] = 0.0
    rounded = -np.exp(rng.uniform(-3, 0, (count, 1))) + rng.integers(
        0, 2, (count, K)
    )  # 1 apart, about
    usual = 3 * rng.normal(size=(count, K))
    return np.concatenate([wide, close, usual, margin, -margin, rounded])


def logits(rng, count):
    """Rows of logits, usual and so large that only one class is left."""
    wide = rng.normal(size=(count, K)) * 10 ** rng.uniform(-20, 2.5, (count, 1))
    mixed = rng.normal(size=(count, K)) * 10 ** rng.uniform(-12, 2.4, (count, K))
    huge = rng.normal(size=(count, K)) * 10 ** rng.uniform(3, 300, (count, 1))
    edges = [[40, 0, -1e4, 1e4, 3], [0, 0, 0, 0, 0], [700, 701, 0, 1, 2], [40, 0, 0, 0, 0]]
    edges += [[710, 0, 1, 2, 3], [745, 0, 0, 0, 0], [0, 1e308, -1e308, 9e307, -7e307]]
    edges += [[1.7e308, -1.7e308, 1.7e308, 0, 1], [-1e308, -9e307, 1e308, 1e308, 0]]
    usual = 3 * rng.normal(size=(count, K))
    return np.concatenate([usual, wide, mixed, huge, np.array(edges, float)])


def exact(row):
    return [mpf(float(v)) for v in row]


def hold(computed, truth, where, most=MOST):
    distance = ulps(float(computed), truth)
    assert distance <= most, f"{distance:.3g} ulp at {where}: {computed!r}, truth {float(truth)!r}"


@pytest.mark.parametrize("alpha", [0.0, 0.1])
@pytest.mark.parametrize("kind", ["indices", "one-hot", "soft"])
def test_cross_entropy_of_probabilities(kind, alpha):
    """Nothing cancels: all points."""
    rng = np.random.default_rng(21)
    loss = losses.CrossEntropy(label_smoothing=alpha)
    p = distributions(rng, 80)
    y, target = targets(rng, kind, len(p))
    value, gradient = loss.pointwise(y, p), loss.gradient(y, p)
    for i, (t, q) in enumerate(zip(target, p, strict=True)):
        t, q = [smoothed(alpha, v, K) for v in exact(t)], exact(q)
        hold(value[i], -sum(map(times_log, t, q)), (t, p[i]))
        for k in range(K):
            slope = -t[k] / q[k] if t[k] and q[k] else (-mpmath.inf if t[k] else mpf(0))
            hold(gradient[i, k], slope, (t, p[i], k))


def targets(rng, kind, n):
    """What to pass as y_true, and the same as distributions."""
    if kind == "soft":
        target = rng.permutation(distributions(rng, n))[:n]
        return target, target
    y = rng.integers(0, K, n)
    return (y if kind == "indices" else np.eye(K)[y]), np.eye(K)[y]


@pytest.mark.parametrize("alpha", [0.0, 0.1])
@pytest.mark.parametrize("kind", ["one-hot", "soft"])
def test_cross_entropy_of_logits(kind, alpha):
    """All points; the gradient p - t passes through 0 where p is near a soft target t."""
    rng = np.random.default_rng(22)
    loss = losses.CrossEntropy(from_logits=True, label_smoothing=alpha)
    z = logits(rng, 50)
    y, target = targets(rng, kind, len(z))
    value, gradient = loss.pointwise(y, z), loss.gradient(y, z)
    for i, (t, row) in enumerate(zip(target, z, strict=True)):
        with mp.workdps(700):
            t, row = [smoothed(alpha, v, K) for v in exact(t)], exact(row)
            top = row.index(max(row))
            e = [exp(v - row[top]) for v in row]
            rest = sum(v for k, v in enumerate(e) if k != top)
            log_sum = mpmath.log(1 + rest)
            loss_i = sum(a * (log_sum + row[top] - v) for a, v in zip(t, row, strict=True))
            hold(value[i], loss_i, (target[i], z[i]))
            for k in range(K):
                others = sum(v for j, v in enumerate(e) if j != k)
                slope = ((1 - t[k]) * e[k] - t[k] * others) / (1 + rest)
                hold(gradient[i, k], slope, (target[i], z[i], k))


@pytest.mark.parametrize("alpha", [0.0, 0.1])
def test_cross_entropy_of_logits_near_soft_targets(alpha):
    """|p - t| log-spaced, from the spacing of float64 at t to t."""
    rng = np.random.default_rng(27)
    loss = losses.CrossEntropy(from_logits=True, label_smoothing=alpha)
    z = rng.normal(size=(150, K)) * 10 ** rng.uniform(-3, 1.3 if not alpha else 0.3, (150, 1))
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    y = p * (1 + rng.uniform(-1, 1, p.shape) * 10 ** rng.uniform(-16, 0, (150, 1)))
    y = np.clip((y - alpha / K) / (1 - alpha), 0.0, 1.0)
    y /= y.sum(axis=1, keepdims=True)
    gradient, near = loss.gradient(y, z), 0
    for i in range(len(z)):
        e = [mpmath.exp(v) for v in exact(z[i])]
        for k, given in enumerate(exact(y[i])):
            t = smoothed(alpha, given, K)
            slope = e[k] / sum(e) - t
            near += abs(slope) < 1e-10 * t
            if abs(slope) > mpf(2) ** -52 * t:
                hold(gradient[i, k], slope, (y[i], z[i], k))
        slope = loss.value_and_gradient(y[i : i + 1], z[i : i + 1])[1]
        np.testing.assert_array_equal(slope[0], gradient[i])
    assert near > 100


SIZES = (1.0, 2.5, 1e-3, 40.0, 0.3)


@pytest.mark.parametrize("alpha", [0.0, 0.1])
@pytest.mark.parametrize("kind", ["indices", "one-hot", "soft"])
def test_weighted_classes(kind, alpha):
    """All values, and all gradients of probabilities and of indices; of soft labels the gradient
    of logits is the difference of two parts, and the bound is in ulp of the greater."""
    rng = np.random.default_rng(28)
    loss = losses.CrossEntropy(from_logits=True, label_smoothing=alpha, class_weight=SIZES)
    z = logits(rng, 30)
    y, target = targets(rng, kind, len(z))
    value, gradient = loss.pointwise(y, z), loss.gradient(y, z)
    for i, (t, row) in enumerate(zip(target, z, strict=True)):
        with mp.workdps(700):
            t = [mpf(w) * smoothed(alpha, v, K) for w, v in zip(SIZES, exact(t), strict=True)]
            row = exact(row)
            top = row.index(max(row))
            e = [exp(v - row[top]) for v in row]
            rest = sum(v for k, v in enumerate(e) if k != top)
            log_sum = mpmath.log(1 + rest)
            loss_i = sum(a * (log_sum + row[top] - v) for a, v in zip(t, row, strict=True))
            hold(value[i], loss_i, (target[i], z[i]))
            for k in range(K):
                over, under = (sum(t) - t[k]) * e[k], t[k] * (sum(e) - e[k])
                slope, size = (over - under) / (1 + rest), max(over, under) / (1 + rest)
                if kind == "indices" and not alpha:
                    hold(gradient[i, k], slope, (target[i], z[i], k))
                else:
                    unit = mpf(float(np.spacing(float(size))))
                    assert abs(mpf(float(gradient[i, k])) - slope) <= 8 * unit, (t, z[i], k)
    p = distributions(rng, 60)
    y, target = targets(rng, kind, len(p))
    loss = loss.replace(from_logits=False)
    value, gradient = loss.pointwise(y, p), loss.gradient(y, p)
    for i, (t, q) in enumerate(zip(target, p, strict=True)):
        t = [mpf(w) * smoothed(alpha, v, K) for w, v in zip(SIZES, exact(t), strict=True)]
        q = exact(q)
        hold(value[i], -sum(map(times_log, t, q)), (target[i], p[i]))
        for k in range(K):
            slope = -t[k] / q[k] if t[k] and q[k] else (-mpmath.inf if t[k] else mpf(0))
            hold(gradient[i, k], slope, (target[i], p[i], k))


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 1.5, 2.0])
def test_focal_of_class_indices(gamma):
    """At most 8 ulp, of logits far out and probabilities near 0 and 1 too; gamma above 2 costs more."""
    rng = np.random.default_rng(29)
    loss, z = losses.Focal(gamma=gamma, from_logits=True), logits(rng, 50)
    y = rng.integers(0, K, len(z))
    value, gradient = loss.pointwise(y, z), loss.gradient(y, z)
    g, least = mpf(gamma), mpf("1e-305")  # below, float64 has fewer digits
    for i, row in enumerate(z):
        with mp.workdps(700):
            row = exact(row)
            top = max(row)
            e = [exp(v - top) for v in row]
            miss = sum(v for k, v in enumerate(e) if k != y[i]) / sum(e)
            hit = e[y[i]] / sum(e)
            cost = top - row[y[i]] + mpmath.log(sum(e))
            times = miss ** (g - 1) * (miss + g * hit * cost) if miss else mpf(0)
            truth = miss**g * cost if miss or g else cost
            if truth > least or truth == 0:
                hold(value[i], truth, (y[i], z[i]), 8.0)
            for k in range(K):
                slope = times * (-miss if k == y[i] else e[k] / sum(e))
                if abs(slope) > least:
                    hold(gradient[i, k], slope, (y[i], z[i], k), 8.0)
    p = distributions(rng, 50)
    y, rows = rng.integers(0, K, len(p)), np.arange(len(p))
    two, loss = losses.Focal(gamma=gamma), loss.replace(from_logits=False)
    one, own = np.ones(len(p)), p[rows, y]
    np.testing.assert_array_equal(loss.pointwise(y, p), two.pointwise(one, own))
    gradient = loss.gradient(y, p)
    np.testing.assert_array_equal(gradient[rows, y], two.gradient(one, own))
    assert np.count_nonzero(gradient) <= len(p)


@pytest.mark.parametrize("kind", ["indices", "one-hot", "soft"])
def test_a_class_ruled_out_is_a_class_less(kind):
    """A logit of -inf: as if the class were not there, or infinite if it is the label."""
    rng = np.random.default_rng(26)
    loss = losses.CrossEntropy(from_logits=True)
    z = logits(rng, 20)
    y, target = targets(rng, kind, len(z))
    for out in range(K):
        ruled = z.copy()
        ruled[:, out] = -np.inf
        value, gradient = loss.pointwise(y, ruled), loss.gradient(y, ruled)
        asked = target[:, out] > 0
        assert np.isinf(value[asked]).all()
        np.testing.assert_allclose(gradient[asked, out], -target[asked, out], rtol=1e-15)
        left = np.delete(ruled, out, axis=1)[~asked]
        rest = np.delete(target, out, axis=1)[~asked]
        np.testing.assert_array_equal(value[~asked], loss.pointwise(rest, left))
        assert not gradient[~asked, out].any()
        np.testing.assert_allclose(
            np.delete(gradient, out, axis=1)[~asked], loss.gradient(rest, left), rtol=1e-14, atol=0
        )
        for i in range(0, len(z), 9):
            mean, slope = loss.value_and_gradient(y[i : i + 1], ruled[i : i + 1])
            assert mean == pytest.approx(value[i], rel=1e-15)
            np.testing.assert_allclose(slope[0], gradient[i], rtol=1e-14, atol=1e-320)


def test_kl_divergence():
    """The bound is in ulp of the largest term, and in ulp of the result where the terms, without
    their signs, add up to at most twice the result: where p is close to y they cancel."""
    rng = np.random.default_rng(23)
    loss = losses.KLDivergence()
    y, p = distributions(rng, 150), rng.permutation(distributions(rng, 150))
    near = y * (1 + 1e-3 * rng.normal(size=y.shape))
    near /= near.sum(axis=1)[:, None]
    y, p = np.concatenate([y, y]), np.concatenate([p, np.minimum(near, 1.0)])
    value, gradient = loss.pointwise(y, p), loss.gradient(y, p)
    plain = 0
    for i in range(len(y)):
        a, b = exact(y[i]), exact(p[i])
        if any(u and not v for u, v in zip(a, b, strict=True)):
            assert value[i] == np.inf
        else:
            terms = [u * mpmath.log(u / v) if u else mpf(0) for u, v in zip(a, b, strict=True)]
            total, size = (
                max(sum(terms), mpf(0)),
                max(map(abs, terms)),
            )  # sums are 1 but for rounding
            unit = mpf(float(np.spacing(float(size))))
            assert abs(mpf(float(value[i])) - total) <= MOST * unit, (y[i], p[i], value[i])
            if sum(map(abs, terms)) <= 2 * total:
                plain += 1
                hold(value[i], total, (y[i], p[i]))
        for k in range(K):
            slope = -a[k] / b[k] if a[k] and b[k] else (-mpmath.inf if a[k] else mpf(0))
            hold(gradient[i, k], slope, (y[i], p[i], k))
    assert plain > 100


def test_gaussian_nll():
    """With s = (mean - y)^2 / v the value is (log v + s) / 2 and the second gradient
    (1 - s) / (2 v). Left out are values where -log v and s, and gradients where 1 and s, are
    within a factor of 10: they pass through 0 there."""
    rng = np.random.default_rng(24)
    r, v = magnitudes(rng), rng.permutation(magnitudes(rng))
    mean = np.concatenate([r, -r, 3 * rng.normal(size=300), np.zeros(50)])
    v = np.concatenate(
        [v, rng.permutation(v), rng.exponential(size=300), 10 ** rng.normal(size=50)]
    )
    y = np.zeros(mean.size)
    y[: r.size] = mean[: r.size] * (1 + rng.normal(size=r.size) * 10 ** rng.uniform(-12, 0, r.size))
    kept = np.isfinite(y - mean) & np.isfinite(y)
    y, prediction = y[kept], np.stack([mean, v], axis=1)[kept]
    loss = losses.GaussianNLL()
    value, gradient = loss.pointwise(y, prediction), loss.gradient(y, prediction)
    values = slopes = 0
    for i, (m, u) in enumerate(prediction):
        distance, u = mpf(float(m)) - mpf(float(y[i])), mpf(float(u))
        s, log = distance**2 / u, mpmath.log(u)
        where = (y[i], prediction[i])
        if log >= 0 or not s or not mpf("0.1") < -log / s < 10:
            values += 1
            hold(value[i], (log + s) / 2, where)
        hold(gradient[i, 0], distance / u, where)
        if not mpf("0.1") < s < 10:
            slopes += 1
            hold(gradient[i, 1], (1 - s) / (2 * u), where)
    assert min(values, slopes) > 0.7 * y.size


@pytest.mark.parametrize("loss", [losses.MulticlassHinge(), losses.WestonWatkins()], ids=repr)
def test_hinges_of_rows(loss):
    """All points: 1 - (true - other) is right to the last digit also where it cancels."""
    rng = np.random.default_rng(25)
    z = scores(rng, 100)
    y = rng.integers(0, K, len(z))
    value, gradient = loss.pointwise(y, z), loss.gradient(y, z)
    for i, row in enumerate(z):
        with mp.workdps(700):
            row = exact(row)
            short = [mpf(0) if k == y[i] else 1 - (row[y[i]] - v) for k, v in enumerate(row)]
            if isinstance(loss, losses.MulticlassHinge):
                wrong = [v for k, v in enumerate(row) if k != y[i]]
                truth = max(mpf(0), *(1 - (row[y[i]] - v) for v in wrong))
                first = [int(k != y[i] and v == max(wrong)) for k, v in enumerate(row)]
                slope = [mpf(f if truth > 0 else 0) / sum(first) for f in first]
            else:
                truth = sum(max(mpf(0), v) for v in short)
                slope = [mpf(v > 0) for v in short]
            slope[y[i]] = -sum(slope)
            hold(value[i], truth, (y[i], z[i]))
            for k in range(K):
                hold(gradient[i, k], slope[k], (y[i], z[i], k))
