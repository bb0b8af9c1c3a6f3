"""Penalties on the size of the weights, to be added to a loss.

Each gives its value, its gradient, and its proximal step

    prox(w, s) = argmin_u penalty(u) + sum_j (u_j - w_j)^2 / (2 s_j),

which stands in for a gradient step where the gradient does not exist, and makes weights exactly 0.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .optim import _checks

__all__ = ["L1", "L2", "ElasticNet", "Penalty"]


class Penalty:
    """Base class. A penalty is l1 sum |w_j| + l2/2 sum w_j^2, or a subclass that overrides
    `value`, `gradient`, `prox` and `smooth` and leaves `l1` and `l2` at None.

    w may have any shape. `smooth` says whether the gradient exists everywhere.
    """

    l1: float | None = None
    l2: float | None = None

    @property
    def smooth(self):
        return self.l1 == 0

    def value(self, w):
        """The penalty of the weights, at least 0."""
        w = np.asarray(w, dtype=float)
        return self.l1 * float(np.abs(w).sum()) + self.l2 / 2 * float((w * w).sum())

    def gradient(self, w):
        """The gradient, in the shape of w; at the kink of |w_j| its subgradient 0."""
        w = np.asarray(w, dtype=float)
        return self.l1 * np.sign(w) + self.l2 * w

    def prox(self, w, step):
        """The proximal step: shrink by step l1 towards 0, and not beyond; divide by 1 + step l2.

        step: a number of at least 0, or an array of such in the shape of w.
        """
        shrunk = np.maximum(np.abs(w) - step * self.l1, 0)
        return np.sign(w) * shrunk / (1 + step * self.l2)

    def least_subgradient(self, w, gradient):
        """Of all subgradients of f + penalty at w, the one of least norm; `gradient` is that of f.

        It is zero exactly where f + penalty has its minimum, if f is convex.
        """
        total = gradient + self.gradient(w)
        if not self.l1:
            return total
        at_kink = np.sign(gradient) * np.maximum(np.abs(gradient) - self.l1, 0)
        return np.where(w == 0, at_kink, total)

    def restricted(self, mask):
        """This penalty on the entries of w where `mask` is true only (weights, say, not biases)."""
        return _Restricted(self, mask)


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
        _checks.number("strength", self.strength, at_least=0)

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
        _checks.number("strength", self.strength, at_least=0)

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
        _checks.number("strength", self.strength, at_least=0)
        if _checks.number("l1_ratio", self.l1_ratio, at_least=0) > 1:
            raise ValueError(f"l1_ratio is {self.l1_ratio!r}; expected a number in [0, 1]")

    @property
    def l1(self):
        return self.strength * self.l1_ratio

    @property
    def l2(self):
        return self.strength * (1 - self.l1_ratio)


class _Restricted(Penalty):
    """A penalty that leaves the entries where the mask is false alone."""

    def __init__(self, penalty, mask):
        self.penalty, self.mask = penalty, np.asarray(mask, dtype=bool)

    @property
    def smooth(self):
        return self.penalty.smooth

    def value(self, w):
        return self.penalty.value(w[self.mask])

    def gradient(self, w):
        return np.where(self.mask, self.penalty.gradient(w), 0.0)

    def prox(self, w, step):
        return np.where(self.mask, self.penalty.prox(w, step), w)

    def least_subgradient(self, w, gradient):
        return np.where(self.mask, self.penalty.least_subgradient(w, gradient), gradient)
