"""The sum of the losses of many samples, and its gradient, in one fast pass: `sum_of`."""

from __future__ import annotations

import math
import weakref
from typing import Any

import numpy as np

from .buffers import BLOCK
from .kernels import Kernel, compile_kernel
from .tracing import Untraceable


def sum_of(loss: Any, y: Any, p: Any, w: Any, k: float, out: Any) -> float:
    """The sum of (w times) the losses of a pair that `loss._check` has passed.

    k (times w) times the gradient goes to `out`, if it is an array. The sum is not finite if an
    argument is not, or if a loss or a part of it is beyond float64.
    """
    if y.ndim != p.ndim:
        return _plain_sum(loss, y, p, w, k, out)
    kind = id(loss), w is not None, out is not None
    kernel = _kernels[kind] if kind in _kernels else kernel_of(loss, *kind[1:])
    if kernel is None:
        return _plain_sum(loss, y, p, w, k, out)
    if y.ndim != 1:
        y, p, w, out = (a if a is None else a.reshape(-1) for a in (y, p, w, out))
    if y.size <= BLOCK:
        return float(kernel(k, y, p, w, out))
    sums = []
    for start in range(0, y.size, BLOCK):
        block = slice(start, start + BLOCK)
        sums.append(kernel(k, *(a if a is None else a[block] for a in (y, p, w, out))))
    return exact_sum(sums)


def _plain_sum(loss: Any, y: Any, p: Any, w: Any, k: float, out: Any) -> float:
    loss._check_finite(y, p)
    value = loss._pointwise(y, p)
    if out is not None:
        scale_rows(loss._gradient(y, p), k if w is None else k * w, out)
    return float(np.sum(value if w is None else w * value))


def scale_rows(rows: np.ndarray, factor: Any, out: np.ndarray) -> None:
    """Write the rows (entries, if `out` is a vector) to `out`, each times its factor."""
    factor = np.asarray(factor)
    if factor.ndim:
        factor = factor.reshape(factor.shape + (1,) * (out.ndim - factor.ndim))
    np.multiply(rows, factor, out=out)


def exact_sum(terms: list[float]) -> float:
    """The sum, rounded once; NaN or infinite where it is not finite."""
    try:
        return math.fsum(terms)
    except (OverflowError, ValueError):  # beyond float64, or infinities of both signs
        return float(np.sum(terms))


# Kernels are kept as long as their loss. Losses of the package with equal hyperparameters share
# them; not so those of others, whose formulas may read what no attribute of the loss shows.

_kernels: dict[tuple[int, bool, bool], Kernel | None] = {}  # of the loss with this id
_shared: dict[tuple[type, str, bool, bool], Kernel | None] = {}


def kernel_of(loss: Any, weighted: bool, with_gradient: bool) -> Kernel | None:
    """The kernel of a loss; None if its formulas are not elementwise, or cannot be recorded."""
    kind = id(loss), weighted, with_gradient
    if kind not in _kernels:
        cls, state = type(loss), vars(loss)
        share = cls.__module__.partition(".")[0] == __name__.partition(".")[0] and all(
            type(value) in (float, int, bool, str, type(None)) for value in state.values()
        )
        key = cls, repr(state), weighted, with_gradient  # as text: 0.0 is not -0.0
        if len(_shared) >= 1024:
            _shared.clear()
        kernel = _shared[key] if share and key in _shared else _new_kernel(loss, *kind[1:])
        if share:
            _shared[key] = kernel
        _kernels[kind] = kernel
        weakref.finalize(loss, _kernels.pop, kind, None).atexit = False
    return _kernels[kind]


def _new_kernel(loss: Any, weighted: bool, with_gradient: bool) -> Kernel | None:
    if not loss.elementwise:
        return None
    gradient = loss._gradient if with_gradient else None
    try:
        return compile_kernel(loss._pointwise, gradient, weighted, loss._finite_by_check)
    except Untraceable:
        return None
