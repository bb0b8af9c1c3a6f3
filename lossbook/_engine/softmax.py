"""Cross-entropy of logits: exact to the last digits, and fast for class indices."""

from __future__ import annotations

import math
import threading
from typing import Any

import numpy as np

from . import pairs, sums
from .elementary import one_hot, product, smoothed
from .pairs import two_sum

BLOCK = 65_536  # logits
ROWS = 8192  # logits in rows for which many intermediate results are kept
CLOSE = (0.5, True), (2.0**-12, False)  # differences, in units of what is subtracted, and if a
# short exponential will do
MODERATE = 600.0  # exp of minus it keeps all its digits
_buffers = threading.local()


def cross_entropy(
    target: np.ndarray,
    z: np.ndarray,
    smoothing: float = 0.0,
    with_gradient: bool = True,
    left: np.ndarray | None = None,
) -> tuple[np.ndarray, Any]:
    """Losses (n,) and gradients (n, K) for class indices (n,) or distributions (n, K).

    `smoothing` is the share of the uniform distribution that the target is mixed with. Rows of other
    sums than 1 need `left`, the sum of their other entries for each. Without gradients, None takes
    their place.

    With d = z - max z and s = sum of exp(d) without the maximum, log p_k = d_k - log1p(s). The
    rounding of z - max z is carried into exp(d), or large logits would lose hundreds of ulp. A
    logit of -inf, or one so far below the maximum that d is beyond float64, has the probability 0.
    """
    step = max(1, ROWS // z.shape[1])
    if len(z) > step:
        blocks = [slice(start, start + step) for start in range(0, len(z), step)]
        parts = [
            cross_entropy(
                target[b], z[b], smoothing, with_gradient, None if left is None else left[b]
            )
            for b in blocks
        ]
        values, gradients = zip(*parts, strict=True)
        return np.concatenate(values), np.concatenate(gradients) if with_gradient else None
    if target.ndim == 1 and smoothing:
        target = one_hot(target, z.shape[1])
    given, weighted = target, left is not None
    if target.ndim == 2 and not weighted:
        left = 1.0 - target
    if smoothing:
        change = smoothing * (1.0 / z.shape[1] - target)
        target, left = target + change, left - change  # 1 - target would cancel
    rows = np.arange(len(z))
    top = z.argmax(axis=1)
    highest = z[rows, top][:, None]
    d, error = two_sum(z, -highest)
    beyond = np.isneginf(d)
    error[~np.isfinite(error)] = 0.0
    e = np.exp(d)
    e += e * error
    others = e.copy()
    others[rows, top] = 0.0
    rest = others.sum(axis=1)
    log_sum = np.log1p(rest)
    if target.ndim == 1:
        value = log_sum - (d + error)[rows, target]
        if not with_gradient:
            return value, None
        others = e.copy()
        others[rows, target] = 0.0
        gradient = e / (1.0 + rest)[:, None]
        gradient[rows, target] = -others.sum(axis=1) / (1.0 + rest)
        return value, gradient
    surplus = target * (log_sum[:, None] - (d + error))
    if beyond.any():  # the share of such a class may be so small that its cost is not infinite
        surplus = np.where(beyond, target * highest - target * z, surplus)
    surplus[target == 0.0] = 0.0
    value = surplus.sum(axis=1)
    if not with_gradient:
        return value, None
    p = e / (1.0 + rest)[:, None]
    miss = 1.0 - p
    miss[rows, top] = rest / (1.0 + rest)  # 1 - p would cancel
    over, under = left * p, target * miss
    gradient = over - under
    if weighted:
        return value, gradient
    known = np.maximum(over, under)
    for close, short in CLOSE:  # of differences few digits are left
        near = (np.abs(gradient) < close * known) & (p > 1e-260)
        at = np.flatnonzero(near.any(axis=1))
        if not at.size:
            break
        exact = _differences(given[at], d[at], error[at], top[at], smoothing, short)
        gradient[at] = np.where(near[at], exact, gradient[at])
    return value, gradient


def normalizer(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """log of the sum of e^z (n,), and the probabilities (n, K), of rows of logits.

    Where the sum is close to 1, and its logarithm to 0, the sum is taken as a pair, and log1p of
    what it exceeds 1 by keeps the digits.
    """
    if _all_moderate(z):
        e = np.exp(z)
        total = e.sum(axis=1)
        log_z = np.log(total)
        e /= total[:, None]
    else:
        log_z, e = _far_normalizer(z)
    near = np.flatnonzero(np.abs(log_z) < 2.0)
    if near.size:
        rows = z[near]
        parts = pairs.exp((np.maximum(rows, -MODERATE), 0.0))
        low = rows < -MODERATE
        parts[0][low], parts[1][low] = np.exp(rows[low]), 0.0
        high = pairs.total(parts[0])
        excess = pairs.add((high[0], high[1] + parts[1].sum(axis=1)), (-1.0, 0.0))
        log_z[near] = np.log1p(excess[0])
    return log_z, e


def _far_normalizer(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same with the greatest logit subtracted, whose rounding is carried on."""
    at = np.arange(len(z)), z.argmax(axis=1)
    highest = z[at]
    d, error = two_sum(z, -highest[:, None])
    error[~np.isfinite(error)] = 0.0
    e = np.exp(d)
    e += e * error
    e[at] = 0.0
    rest = e.sum(axis=1)
    e[at] = 1.0
    e /= (1.0 + rest)[:, None]
    return highest + np.log1p(rest), e


def of_indices(y: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Losses (n,) and gradients (n, K) of class indices: nothing subtracted, unless logits are far out."""
    if not _all_moderate(z):
        return cross_entropy(y, z)
    at = np.arange(len(z)), y
    e = np.exp(z)
    hit = e[at]
    e[at] = 0.0
    miss = e.sum(axis=1)
    total = hit + miss
    e /= total[:, None]
    e[at] = -miss / total
    value = np.log1p(miss / hit)
    lost = np.flatnonzero(np.isinf(value))  # the quotient is beyond float64
    if lost.size:
        value[lost] = cross_entropy(y[lost], z[lost], with_gradient=False)[0]
    return value, e


def _differences(
    target: Any, d: Any, error: Any, top: Any, smoothing: float, short: bool
) -> np.ndarray:
    """The gradients p - target as (1 - target) p - target (1 - p), in pairs."""
    rows, classes = np.arange(len(d)), d.shape[1]
    own = np.maximum(d, -600.0), error
    own = two_sum(*pairs.exp_short(own)) if short else pairs.exp(own)
    rest = own[0].copy(), own[1].copy()
    for part in rest:
        part[rows, top] = 0.0
    others = pairs.total(rest[0])
    others = pairs.two_sum(others[0], others[1] + rest[1].sum(axis=1))
    total = pairs.add((1.0, 0.0), others)
    rest = pairs.add((total[0][:, None], total[1][:, None]), pairs.negative(own))
    for part, without in zip(rest, others, strict=True):
        part[rows, top] = without  # the total less the greatest would cancel
    share = target, 0.0
    if smoothing:
        share = pairs.smoothed(share, smoothing, classes)
    over = pairs.multiply(pairs.less(share), own)
    under = pairs.multiply(share, rest)
    return pairs.add(over, pairs.negative(under))[0] / total[0][:, None]


def weighted(
    target: np.ndarray,
    z: np.ndarray,
    smoothing: float,
    weight: tuple[float, ...] | None,
    with_gradient: bool = True,
) -> tuple[np.ndarray, Any]:
    """As `cross_entropy`, of -sum_k w_k y_k log p_k; a gradient keeps its digits where y is hard.

    With y_k soft, the gradient is a difference of parts that are right to the last digits.
    """
    if weight is None:
        return cross_entropy(target, z, smoothing, with_gradient)
    w = np.array(weight)
    if target.ndim == 1 and not smoothing:
        value, gradient = cross_entropy(target, z, with_gradient=with_gradient)
        own = w[target]
        return product(own, value), own[:, None] * gradient if with_gradient else None
    classes = z.shape[1]
    share = w * smoothed(
        one_hot(target, classes) if target.ndim == 1 else target, smoothing, classes
    )
    return cross_entropy(share, z, 0.0, with_gradient, others(share))


def others(share: np.ndarray) -> np.ndarray:
    """For each entry the sum of the others in its row, from both ends: a difference would cancel."""
    left = np.zeros_like(share)
    np.cumsum(share[:, :-1], axis=1, out=left[:, 1:])
    left[:, :-1] += np.cumsum(share[:, :0:-1], axis=1)[:, ::-1]
    return left


def sum_of(loss: Any, y: Any, p: Any, w: Any, k: float, out: Any) -> float:
    """As `sums.sum_of`, of the cross-entropy: from logits the gradient is computed with it."""
    if not loss.from_logits or out is None:
        return sums.sum_of(loss, y, p, w, k, out)
    if y.ndim == 1 and not loss.label_smoothing:
        if loss.class_weight is not None:
            own = np.array(loss.class_weight)[y]
            w = own if w is None else w * own
        return _fused(y, p, w, k, out)
    loss._check_finite(y, p)
    return _careful(y, p, w, k, out, loss.label_smoothing, loss.class_weight)


def _fused(y: np.ndarray, z: np.ndarray, w: Any, k: float, out: np.ndarray) -> float:
    """The sum of (w times) the losses; k (times w) times the gradients go to `out`.

    Unless a logit is below -600 or above 600, nothing needs to be subtracted, and so nothing is
    rounded. Row sums and the scaling of rows are matrix products, which NumPy
    does fastest.
    """
    n, classes = z.shape
    step = max(1, BLOCK // classes)
    if classes > 4096 or not z.flags.c_contiguous:
        return _careful(y, z, w, k, out)
    totals = []
    for start in range(0, n, step):
        block = slice(start, start + step)
        rows = z[block]
        weight, place = None if w is None else w[block], out[block]
        total = math.nan
        if _all_moderate(rows):
            total = _direct(y[block], rows, weight, k, place)
        if not math.isfinite(total):
            total = _careful(y[block], rows, weight, k, place)
        totals.append(total)
    return sums.exact_sum(totals)


def _all_moderate(z: np.ndarray) -> bool:
    flat = z.reshape(-1)
    if flat.dot(flat) <= MODERATE**2:  # of few logits one look tells
        return True
    return -MODERATE <= flat.min() <= flat.max() <= MODERATE


def _direct(y: np.ndarray, z: np.ndarray, w: Any, k: float, out: np.ndarray) -> float:
    n, classes = z.shape
    ones, offsets, scale = _constants(n, classes)
    at = offsets + (y if y.dtype.kind == "i" else y.astype(np.intp))  # uint64 would make floats
    np.exp(z, out)
    flat = out.reshape(-1)
    hit = flat.take(at)
    flat[at] = 0.0
    miss = out.dot(ones)
    value = np.log1p(miss / hit)
    factor = k / (hit + miss)
    if w is not None:
        factor *= w
    np.dot(factor[:, None], ones[None, :], scale)
    np.multiply(out, scale, out)
    flat[at] = -miss * factor
    return float(np.add.reduce(value) if w is None else value.dot(w))


def _careful(
    y: np.ndarray,
    z: np.ndarray,
    w: Any,
    k: float,
    out: np.ndarray,
    smoothing: float = 0.0,
    class_weight: tuple[float, ...] | None = None,
) -> float:
    value, gradient = weighted(y, z, smoothing, class_weight)
    sums.scale_rows(gradient, k if w is None else k * w, out)
    return float(np.add.reduce(value) if w is None else value.dot(w))


def _constants(n: int, classes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A vector of ones, the position of each row in the flat array, and a buffer for the scale."""
    key = (n, classes)
    kept = _buffers.__dict__.setdefault("kept", {})
    if key not in kept:
        if len(kept) > 4:
            kept.clear()
        kept[key] = np.ones(classes), np.arange(n) * classes, np.empty((n, classes))
    return kept[key]
