"""Binary cross-entropy of logits: its formulas, and slopes exact to the last digit.

With :math:`P = |[x \\ge 0] - y|`, the share of the label on the other side than the logit, the loss
is :math:`\\log(1 + e^{-|x|}) + |x| P`. Its slope cancels where the sigmoid of a logit is close to a
soft label; there it is computed again, in pairs.
"""

from __future__ import annotations

import threading
import weakref
from typing import Any

import numpy as np

from lossbook.losses import _exact

_BLOCK = 8192
_WIDE = 32_768
_seen = threading.local()  # the labels checked last in this thread, if all are 0 or 1


def smoothed(y: Any, alpha: float) -> Any:
    """The labels (1 - alpha) y + alpha / 2."""
    return y if alpha == 0.0 else (1.0 - alpha) * y + 0.5 * alpha


def product(a: Any, b: Any) -> Any:
    """a b of numbers that are not negative, where 0 times infinity is 0."""
    return np.fmax(a * b, 0.0)


def cross_entropy(y: Any, x: Any, alpha: float) -> Any:
    """log(1 + e^-|x|) + |x| P: nothing overflows, and 0 times an infinite logit is 0."""
    size = np.abs(x)
    return np.log1p(np.exp(-size)) + product(size, _other_side(y, x, alpha))


def moderate(y: Any, x: Any, alpha: float) -> Any:
    """The same of finite logits."""
    size = np.abs(x)
    return np.log1p(np.exp(-size)) + size * _other_side(y, x, alpha)


def slope(y: Any, x: Any, alpha: float) -> Any:
    """sigmoid(x) - y, as the difference of P and 1 - P times e^-|x|, over 1 + e^-|x|."""
    e = np.exp(-np.abs(x))
    other = _other_side(y, x, alpha)
    found = 2.0 * ((_step(x) - 0.5) * ((other - (1.0 - other) * e) / (1.0 + e)))
    if isinstance(x, np.ndarray):  # and no symbol
        found = np.asarray(found)
        correct(y, x, None, 1.0, found, alpha)
    return found


def bend(x: Any) -> Any:
    """sigmoid(x) (1 - sigmoid(x)), without the difference."""
    e = np.exp(-np.abs(x))
    return e / np.square(1.0 + e)


def note_if_hard(y: np.ndarray) -> bool:
    """Whether all labels are 0 or 1; `correct` will remember it."""
    flat = y.reshape(-1)
    with np.errstate(over="ignore"):
        for start in range(0, flat.size, _WIDE):
            block = flat[start : start + _WIDE]
            if np.count_nonzero(np.square(block) == block) != block.size:
                _seen.hard = None
                return False
    _seen.hard = weakref.ref(y)
    return True


def correct(y: Any, x: Any, w: Any, k: float, out: Any, alpha: float) -> None:
    """Where slopes in `out` are small differences of their two parts: exact ones, times k (and w).

    Hard labels, which the check of the arguments has noticed, have none.
    """
    hard = getattr(_seen, "hard", None)
    if hard is None or hard() is not y or alpha:
        with np.errstate(all="ignore"):
            _correct_soft(y.reshape(-1), x.reshape(-1), w, k, out.reshape(-1), alpha)


def _correct_soft(y: Any, x: Any, w: Any, k: float, flat: Any, alpha: float) -> None:
    for start in range(0, y.size, _BLOCK):
        block = slice(start, start + _BLOCK)
        other = _other_side(y[block], x[block], alpha)
        part = (1.0 - other) * np.exp(-np.abs(x[block]))
        apart = np.abs(other - part)
        known = np.maximum(other, part)
        for close, short in ((0.5, True), (2.0**-12, False)):  # few digits are left
            at = start + np.flatnonzero((apart < close * known) & (part > 1e-260))
            if not at.size:
                break
            scale = k if w is None else k * w.reshape(-1)[at]
            flat[at] = scale * _exact_slope(y[at], x[at], short, alpha)


def _exact_slope(y: Any, x: Any, short: bool, alpha: float) -> Any:
    step = _step(x)
    other = _exact.two_sum(step, (1.0 - 2.0 * step) * y)
    if alpha:
        other = _exact.smoothed(other, alpha, 2)
    e = _exact.exp((-np.abs(x), 0.0), short)
    part = _exact.multiply(_exact.less(other), e)
    difference = _exact.add(other, _exact.negative(part))[0]
    return (2.0 * step - 1.0) * (difference / (1.0 + e[0]))


def _other_side(y: Any, x: Any, alpha: float) -> Any:
    """P: the share of the label that lies on the other side than the logit."""
    return smoothed(np.abs(_step(x) - y), alpha)


def _step(x: Any) -> Any:
    """1.0 where x is 0 or more, else 0.0."""
    return (x >= 0.0) * 1.0
