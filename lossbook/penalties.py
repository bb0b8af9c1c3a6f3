"""Penalties on the size of the weights, to be added to a loss.

Each gives its value, its gradient, and its proximal step

    prox(w, s) = argmin_u penalty(u) + sum_j (u_j - w_j)^2 / (2 s_j),

which stands in for a gradient step where the gradient does not exist, and makes weights exactly 0.
"""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from . import _validate

__all__ = ["L1", "L2", "ElasticNet", "Penalty"]


class Penalty:
    """Base class. A penalty is l1 sum |w_j| + l2/2 sum w_j^2, or a subclass that overrides
    `value`, `gradient`, `prox` and `smooth` and leaves `l1` and `l2` at None.

    w may have any shape; its entries are finite. `smooth` says whether the gradient exists everywhere.
    """

    l1: float | None = None
    l2: float | None = None

    @property
    def smooth(self):
        return self.l1 == 0

    def value(self, w):
        """The penalty of the weights, at least 0."""
        w = _validate.as_float64("w", w)
        l1, l2 = self._strengths()
        with np.errstate(over="ignore"):
            total = l1 * float(np.abs(w).sum()) if l1 else 0.0
            if l2:
                total += l2 / 2 * float((w * w).sum())
            if not math.isfinite(total) or not (l1 or l2):
                _validate.check_finite("w", w)
                if l1 or l2:  # the sums may overflow though their multiples do not
                    half = math.sqrt(l2 / 2) * w
                    total = float((l1 * np.abs(w)).sum() + (half * half).sum())
        return total

    def gradient(self, w):
        """The gradient, in the shape of w; at the kink of |w_j| its subgradient 0."""
        w = _validate.as_finite("w", w)
        l1, l2 = self._strengths()
        return l1 * np.sign(w) + l2 * w

    def prox(self, w, step):
        """The proximal step: shrink by step l1 towards 0, and not beyond; divide by 1 + step l2.

        step: a number of at least 0, or an array of such in the shape of w.
        """
        w = _validate.as_finite("w", w)
        step = _step(step, w.shape)
        l1, l2 = self._strengths()
        shrunk = np.maximum(np.abs(w) - step * l1, 0)
        return np.sign(w) * shrunk / (1 + step * l2)

    def least_subgradient(self, w, gradient):
        """Of all subgradients of f + penalty at w, the one of least norm; `gradient` is that of f.

        It is zero exactly where f + penalty has its minimum, if f is convex.
        """
        w = _validate.as_finite("w", w)
        gradient = _validate.as_finite("gradient", gradient, w.shape)
        total = gradient + self.gradient(w)
        if not self.l1:
            return total
        at_kink = np.sign(gradient) * np.maximum(np.abs(gradient) - self.l1, 0)
        return np.where(w == 0, at_kink, total)

    def _strengths(self):
        if self.l1 is None or self.l2 is None:
            raise NotImplementedError(
                f"{type(self).__name__} has no l1 and l2; expected these, or value, gradient, prox "
                "and smooth of its own"
            )
        return self.l1, self.l2

    def restricted(self, mask):
        """This penalty on the entries of w where `mask` is true only (weights, say, not biases)."""
        return _Restricted(self, mask)


def _step(step, shape):
    if type(step) is float and 0 <= step < math.inf:
        return step
    step = _validate.as_float64("step", step)
    if step.shape not in ((), shape):
        raise ValueError(
            f"step has shape {step.shape}; expected a number, or the shape of w, {shape}"
        )
    if not (math.isfinite(np.vdot(step, step)) and step.min(initial=0.0) >= 0):
        _validate.check_finite("step", step)
        _validate.check_range("step", step, 0.0, math.inf, "numbers of at least 0")
    return step


@dataclass(frozen=True)
class L1(Penalty):
    r"""L1, :math:`\lambda \sum_j |w_j|`: sparse weights, the lasso; the prior is a Laplace density.

    Source: `tibshirani1996`. strength: at least 0.
    """

    strength: float
    formula: ClassVar = r"\lambda \sum_j |w_j|"
    prior: ClassVar = "Laplace"
    reference: ClassVar = "tibshirani1996"

    def __post_init__(self):
        _validate.settle(self, "strength", at_least=0)

    @property
    def l1(self):
        return self.strength

    @property
    def l2(self):
        return 0.0


@dataclass(frozen=True)
class L2(Penalty):
    """strength / 2 * sum w_j^2: small weights, ridge regression; the prior is Gaussian.

    Source: `hoerlkennard1970`. strength: at least 0.
    """

    strength: float
    formula: ClassVar = r"\frac{\lambda}{2} \sum_j w_j^2"
    prior: ClassVar = "Gaussian"
    reference: ClassVar = "hoerlkennard1970"

    def __post_init__(self):
        _validate.settle(self, "strength", at_least=0)

    @property
    def l1(self):
        return 0.0

    @property
    def l2(self):
        return self.strength


@dataclass(frozen=True)
class ElasticNet(Penalty):
    r"""Elastic net, :math:`\lambda (\rho \sum_j |w_j| + \frac{1 - \rho}{2} \sum_j w_j^2)`.

    :math:`\lambda` is `strength` and :math:`\rho` is `l1_ratio`, as in scikit-learn.

    Source: `zouhastie2005`. strength: at least 0; l1_ratio: in [0, 1].
    """

    strength: float
    l1_ratio: float = 0.5
    formula: ClassVar = r"\lambda \sum_j \rho |w_j| + \frac{1 - \rho}{2} w_j^2"
    prior: ClassVar = "Laplace times Gaussian"
    reference: ClassVar = "zouhastie2005"

    def __post_init__(self):
        _validate.settle(self, "strength", at_least=0)
        _validate.settle(self, "l1_ratio", at_least=0, at_most=1)

    @property
    def l1(self):
        return self.strength * self.l1_ratio

    @property
    def l2(self):
        return self.strength * (1 - self.l1_ratio)


class _Restricted(Penalty):
    """A penalty that leaves the entries where the mask is false alone."""

    def __init__(self, penalty, mask):
        mask = _validate.as_array("mask", mask)
        if mask.dtype.kind != "b":
            raise TypeError(
                f"mask holds values of dtype {mask.dtype}; expected True and False, one for each "
                "entry of w"
            )
        self.penalty, self.mask = penalty, mask

    def __repr__(self):
        return f"{self.penalty!r}.restricted({self.mask.tolist()})"

    @property
    def smooth(self):
        return self.penalty.smooth

    def value(self, w):
        w = _validate.as_finite("w", self._checked("w", w))  # in full: an index is that of w
        return self.penalty.value(w[self.mask])

    def gradient(self, w):
        return np.where(self.mask, self.penalty.gradient(self._checked("w", w)), 0.0)

    def prox(self, w, step):
        w = self._checked("w", w)
        return np.where(self.mask, self.penalty.prox(w, step), w)

    def least_subgradient(self, w, gradient):
        w, gradient = self._checked("w", w), self._checked("gradient", gradient)
        return np.where(self.mask, self.penalty.least_subgradient(w, gradient), gradient)

    def _checked(self, name, w):
        w = _validate.as_float64(name, w)
        if w.shape != self.mask.shape:
            raise ValueError(
                f"{name} has shape {w.shape}; expected that of the mask, {self.mask.shape}"
            )
        return w
