"""Cross-entropy of one logit x for two classes: exact to the last digits, for labels from 0 to 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import pairs
from .elementary import product, smoothed, step
from .softmax import CLOSE, ROWS
from .tracing import as_one_operation


def cost(y: Any, x: Any, alpha: float) -> Any:
    """log(1 + e^-|x|) + |x| P, where P is the share of the label on the other side than x.

    Nothing overflows, and 0 times an infinite logit is 0.
    """
    size = np.abs(x)
    return np.log1p(np.exp(-size)) + product(size, _other_side(y, x, alpha))


def slope(y: Any, x: Any, alpha: float) -> Any:
    """sigmoid(x) - y, as +- (P - (1 - P) e^-|x|) / (1 + e^-|x|): it cancels near soft labels only."""
    e, other = np.exp(-np.abs(x)), _other_side(y, x, alpha)
    left = 1.0 - other
    half = np.copysign(0.5, x) * ((other - left * e) / (1.0 + e))
    return 2.0 * _sharpened(y, x, other, left, e, alpha, half)


def _other_side(y: Any, x: Any, alpha: float) -> Any:
    """The share of the label that lies on the other side than the logit."""
    return smoothed(np.abs(step(x) - y), alpha)


@as_one_operation
def _sharpened(
    y: Any, x: Any, other: Any, left: Any, e: Any, alpha: float, rough: Any, out: Any = None
) -> Any:
    """Half the slope of the cross-entropy of two classes in the logit x, to the last digits.

    With the shares of the label y on the `other` side than x and `left` on its own, smoothed by
    alpha, and e = exp(-|x|), the slope is +- (other - left e) / (1 + e), and `rough` is half of it
    as computed so. Of labels between 0 and 1 that difference may cancel.
    """
    if out is None:
        out = np.asarray(rough)
    elif out is not rough:
        np.copyto(out, rough)
    if alpha or np.vdot(other, left):
        flat = [a.reshape(-1) for a in (y, x, other, left, e, out)]
        for start in range(0, out.size, ROWS):
            _sharpen(alpha, *(a[start : start + ROWS] for a in flat))
    return out


def _sharpen(alpha: float, y: Any, x: Any, other: Any, left: Any, e: Any, out: np.ndarray) -> None:
    part = left * e
    apart, known = np.abs(other - part), np.maximum(other, part)
    known[part < 1e-260] = 0.0
    for close, short in CLOSE:
        at = np.flatnonzero(apart < close * known)
        if not at.size:
            break
        out[at] = _exact_slope(y[at], x[at], alpha, short)


def _exact_slope(y: Any, x: Any, alpha: float, short: bool) -> np.ndarray:
    step = x >= 0.0
    free = 1.0 - y
    lost = (1.0 - free) - y
    other = np.where(step, free, y), np.where(step, lost, 0.0)
    left = np.where(step, y, free), np.where(step, 0.0, lost)
    if alpha:
        other = pairs.smoothed(other, alpha, 2)
        left = pairs.less(other)
    if short:
        e, e_low = pairs.exp_short((-np.abs(x), 0.0))
        high, low = pairs.halves(left[0])
        rest = other[1] - left[1] * e - left[0] * e_low
        difference = (other[0] - high * e) - low * e + rest
        e = e + e_low
    else:
        e, e_low = pairs.exp((-np.abs(x), 0.0))
        part = pairs.multiply(left, (e, e_low))
        difference = pairs.add(other, pairs.negative(part))[0]
    return (step - 0.5) * (difference / (1.0 + e))
