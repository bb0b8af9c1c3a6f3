"""Cross-entropy of one logit x for two classes: exact to the last digits, for labels from 0 to 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import pairs
from .elementary import product, smoothed, step
from .softmax import CLOSE, ROWS
from .tracing import as_one_operation


def cost(y: Any, x: Any, alpha: float, weight: Any = 1.0) -> Any:
    """W log(1 + e^-|x|) + |x| P, where P is the share of the label on the other side than x.

    The share y of the class 1 has a weight; W is the sum of both. Nothing overflows, and 0 times
    an infinite logit is 0.
    """
    size, (other, left) = np.abs(x), _sides(y, x, alpha, weight)
    log = np.log1p(np.exp(-size))
    return (log if left is None else (other + left) * log) + product(size, other)


def slope(y: Any, x: Any, alpha: float, weight: Any = 1.0) -> Any:
    """sigmoid(x) - y, as +- (P - (1 - P) e^-|x|) / (1 + e^-|x|): it cancels near soft labels only."""
    e, (other, left) = np.exp(-np.abs(x)), _sides(y, x, alpha, weight)
    left = 1.0 - other if left is None else left
    half = np.copysign(0.5, x) * ((other - left * e) / (1.0 + e))
    return 2.0 * _sharpened(y, x, other, left, e, alpha, weight, half)


def shares(y: Any, alpha: float, weight: Any) -> tuple[Any, Any]:
    """What the label gives to the class 1, times its weight, and to the class 0."""
    hit = smoothed(y, alpha)
    return hit if is_one(weight) else weight * hit, smoothed(1.0 - y, alpha)


def is_one(weight: Any) -> bool:
    """Whether no weight was given: not worth a pass over the data."""
    return np.ndim(weight) == 0 and bool(weight == 1.0)


def _sides(y: Any, x: Any, alpha: float, weight: Any) -> tuple[Any, Any]:
    """The shares on the other side than the logit, and on its own: None for 1 less the other."""
    above = step(x)
    if is_one(weight):
        return smoothed(np.abs(above - y), alpha), None
    positive, negative = shares(y, alpha, weight)
    below = 1.0 - above
    return above * negative + below * positive, above * positive + below * negative


@as_one_operation
def _sharpened(
    y: Any,
    x: Any,
    other: Any,
    left: Any,
    e: Any,
    alpha: float,
    weight: Any,
    rough: Any,
    out: Any = None,
) -> Any:
    """Half the slope of the cross-entropy of two classes in the logit x, to the last digits.

    With the shares of the label y on the `other` side than x and `left` on its own, smoothed by
    alpha, that of the class 1 weighted, and e = exp(-|x|), the slope is +- (other - left e) / (1 + e),
    and `rough` is half of it as computed so. Of labels between 0 and 1 that difference may cancel.
    """
    if out is None:
        out = np.asarray(rough)
    elif out is not rough:
        np.copyto(out, rough)
    if alpha or np.vdot(other, left):
        if np.ndim(weight):
            weight = np.broadcast_to(weight, out.shape).reshape(-1)
        flat = [a.reshape(-1) for a in (y, x, other, left, e, out)]
        for start in range(0, out.size, ROWS):
            block = slice(start, start + ROWS)
            w = weight[block] if np.ndim(weight) else weight
            _sharpen(alpha, w, *(a[block] for a in flat))
    return out


def _sharpen(
    alpha: float, weight: Any, y: Any, x: Any, other: Any, left: Any, e: Any, out: np.ndarray
) -> None:
    part = left * e
    apart, known = np.abs(other - part), np.maximum(other, part)
    known[part < 1e-260] = 0.0
    for close, short in CLOSE:
        at = np.flatnonzero(apart < close * known)
        if not at.size:
            break
        w = weight[at] if np.ndim(weight) else weight
        out[at] = _exact_slope(y[at], x[at], alpha, w, short)


def _exact_slope(y: Any, x: Any, alpha: float, weight: Any, short: bool) -> np.ndarray:
    step = x >= 0.0
    free = 1.0 - y
    positive: pairs.Pair = y, np.zeros_like(y)
    negative: pairs.Pair = free, (1.0 - free) - y
    if alpha:
        positive = pairs.smoothed(positive, alpha, 2)
        negative = pairs.less(positive)
    if not is_one(weight):
        positive = pairs.multiply(positive, (weight, 0.0))
    other = [np.where(step, b, a) for a, b in zip(positive, negative, strict=True)]
    left = [np.where(step, a, b) for a, b in zip(positive, negative, strict=True)]
    if short:
        e, e_low = pairs.exp_short((-np.abs(x), 0.0))
        high, low = pairs.halves(left[0])
        rest = other[1] - left[1] * e - left[0] * e_low
        difference = (other[0] - high * e) - low * e + rest
        e = e + e_low
    else:
        e, e_low = pairs.exp((-np.abs(x), 0.0))
        part = pairs.multiply((left[0], left[1]), (e, e_low))
        difference = pairs.add((other[0], other[1]), pairs.negative(part))[0]
    return (step - 0.5) * (difference / (1.0 + e))
