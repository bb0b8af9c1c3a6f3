"""Cross-entropy of logits: exact to the last digits, and fast for class indices."""

import math
import threading

import numpy as np

from lossbook.losses import _exact
from lossbook.losses._exact import two_sum

BLOCK = 65_536  # logits
SMALLEST = -600.0  # exp of it keeps all its digits
_buffers = threading.local()


def cross_entropy(target, z, smoothing=0.0):
    """Losses (n,) and gradients (n, K) for class indices (n,) or distributions (n, K).

    `smoothing` is the share of the uniform distribution that the target is mixed with.

    With d = z - max z and s = sum of exp(d) without the maximum, log p_k = d_k - log1p(s). The
    rounding of z - max z is carried into exp(d), or large logits would lose hundreds of ulp. A
    logit of -inf, or one so far below the maximum that d is beyond float64, has the probability 0.
    """
    if target.ndim == 1 and smoothing:
        target = (target[:, None] == np.arange(z.shape[1])) * 1.0
    given = target
    left = 1.0 - target if target.ndim == 2 else None
    if smoothing:  # both are sums, or 1 - target would cancel
        classes = z.shape[1]
        target = (1.0 - smoothing) * target + smoothing / classes
        left = (1.0 - smoothing) * left + smoothing * (classes - 1) / classes
    rows = np.arange(len(z))
    top = z.argmax(axis=1)
    highest = z[rows, top][:, None]
    d, error = two_sum(z, -highest)
    beyond = np.isneginf(d)
    error[beyond] = 0.0
    e = np.exp(d)
    e += e * error
    others = e.copy()
    others[rows, top] = 0.0
    rest = others.sum(axis=1)
    log_sum = np.log1p(rest)
    if target.ndim == 1:
        value = log_sum - (d + error)[rows, target]
        others = e.copy()
        others[rows, target] = 0.0
        gradient = e / (1.0 + rest)[:, None]
        gradient[rows, target] = -others.sum(axis=1) / (1.0 + rest)
        return value, gradient
    surplus = target * (log_sum[:, None] - (d + error))
    if beyond.any():  # the share of such a class may be so small that its cost is not infinite
        surplus = np.where(beyond, target * highest - target * z, surplus)
    surplus[target == 0.0] = 0.0
    p = e / (1.0 + rest)[:, None]
    miss = 1.0 - p
    miss[rows, top] = rest / (1.0 + rest)  # 1 - p would cancel
    over, under = left * p, target * miss
    gradient = over - under
    near = ((over < 2.0 * under) & (under < 2.0 * over) & (p > 1e-260)).any(axis=1)
    if near.any():
        exact = _differences(given[near], d[near], error[near], top[near], smoothing)
        gradient[near] = np.where(p[near] > 1e-260, exact, gradient[near])
    return surplus.sum(axis=1), gradient


def _differences(target, d, error, top, smoothing):
    """The gradients p - target of rows where they are small differences: in pairs."""
    classes = d.shape[1]
    e = _exact.exp((np.maximum(d, -600.0), error))
    others = np.zeros(len(d)), np.zeros(len(d))
    for k in range(classes):
        others = _exact.add(others, _only(top != k, e[0][:, k], e[1][:, k]))
    total = _exact.add((1.0, 0.0), others)
    gradient = np.empty_like(d)
    for k in range(classes):
        own = e[0][:, k], e[1][:, k]
        # what the other classes have: for the greatest their sum, 1 less of which would cancel
        rest = _exact.add(total, _exact.negative(own))
        rest = tuple(np.where(top == k, a, b) for a, b in zip(others, rest, strict=True))
        share = target[:, k], np.zeros(len(d))
        if smoothing:
            share = _exact.smoothed(share, smoothing, classes)
        over = _exact.multiply(_exact.less(share), own)
        under = _exact.multiply(share, rest)
        gradient[:, k] = _exact.add(over, _exact.negative(under))[0] / total[0]
    return gradient


def _only(where, high, low):
    return np.where(where, high, 0.0), np.where(where, low, 0.0)


def fused(y, z, w, k, out):
    """The sum of (w times) the losses; k (times w) times the gradients go to `out`.

    Unless a logit is below -600, or so large that exp(z) overflows, nothing needs to be subtracted,
    and so nothing is rounded. Row sums and the scaling of rows are matrix products, which NumPy
    does fastest.
    """
    n, classes = z.shape
    step = max(1, BLOCK // classes)
    if classes > 4096 or not z.flags.c_contiguous:
        return _careful(y, z, w, k, out)
    sums = []
    for start in range(0, n, step):
        block = slice(start, start + step)
        rows = z[block]
        weight, place = None if w is None else w[block], out[block]
        total = math.nan
        if rows.min() >= SMALLEST:
            total = _direct(y[block], rows, weight, k, place)
        if not math.isfinite(total):
            total = _careful(y[block], rows, weight, k, place)
        sums.append(total)
    return sums[0] if len(sums) == 1 else math.fsum(sums) if np.isfinite(sums).all() else np.nan


def _direct(y, z, w, k, out):
    n, classes = z.shape
    ones, offsets, scale = _constants(n, classes)
    at = offsets + y
    np.exp(z, out)
    flat = out.reshape(-1)
    hit = flat.take(at)
    flat[at] = 0.0
    miss = out.dot(ones)
    value = np.log1p(miss / hit)
    both = hit + miss
    if not math.isfinite(np.add.reduce(both)):
        return math.nan  # an exponential is beyond float64, though its loss need not show it
    factor = k / both
    if w is not None:
        factor *= w
    np.dot(factor[:, None], ones[None, :], scale)
    np.multiply(out, scale, out)
    flat[at] = -miss * factor
    return float(np.add.reduce(value) if w is None else value.dot(w))


def _careful(y, z, w, k, out):
    value, gradient = cross_entropy(y, z)
    factor = k if w is None else k * w[:, None]
    np.multiply(gradient, factor, out)
    return float(np.add.reduce(value) if w is None else value.dot(w))


def _constants(n, classes):
    """A vector of ones, the position of each row in the flat array, and a buffer for the scale."""
    key = (n, classes)
    kept = _buffers.__dict__.setdefault("kept", {})
    if key not in kept:
        if len(kept) > 4:
            kept.clear()
        kept[key] = np.ones(classes), np.arange(n) * classes, np.empty((n, classes))
    return kept[key]
