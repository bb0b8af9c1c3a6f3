"""Penalties on the size of the weights, to be added to a loss.

Each gives its value, its gradient, and its proximal step

    prox(w, s) = argmin_u penalty(u) + sum_j (u_j - w_j)^2 / (2 s_j),

which stands in for a gradient step where the gradient does not exist, and makes weights exactly 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from . import _validate

__all__ = ["L1", "L2", "ElasticNet", "Penalty"]


class Penalty:
    r"""Base class of the penalties.

    .. math:: \lambda_1 \sum_j |w_j| + \frac{\lambda_2}{2} \sum_j w_j^2

    A subclass gives `l1` and `l2`, both at least 0, or overrides `value`, `gradient`, `prox` and
    `smooth` and leaves `l1` and `l2` at None. w may have any shape; its entries are finite.

    Attributes
    ----------
    l1 : float or None
        The strength :math:`\lambda_1`.
    l2 : float or None
        The strength :math:`\lambda_2`.

    Examples
    --------
    >>> class Cap(Penalty):
    ...     smooth = False
    ...     def value(self, w):
    ...         return float(np.maximum(np.abs(w) - 1, 0).sum())
    ...     def gradient(self, w):
    ...         return np.sign(w) * (np.abs(w) > 1)
    ...     def prox(self, w, step):
    ...         w = np.asarray(w)
    ...         return np.clip(w, np.minimum(w + step, -1), np.maximum(w - step, 1))
    >>> cap = Cap()
    >>> cap.value([3.0, -0.5]), cap.gradient([3.0, -0.5]), cap.prox([3.0, -0.5], 1.0)
    (2.0, array([ 1., -0.]), array([ 2. , -0.5]))
    """

    if TYPE_CHECKING:

        @property
        def l1(self) -> float | None: ...
        @property
        def l2(self) -> float | None: ...
    else:  # attributes, so that a subclass may set them in any way
        l1 = l2 = None

    @property
    def smooth(self) -> bool:
        """Whether the gradient exists everywhere."""
        return self.l1 == 0

    def value(self, w: ArrayLike) -> float:
        """The penalty of the weights.

        Parameters
        ----------
        w : array_like
            The weights: finite numbers, of any shape.

        Returns
        -------
        float
            The sum over all entries, at least 0.

        Examples
        --------
        >>> L1(strength=0.5).value([3.0, -1.0])
        2.0
        """
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

    def gradient(self, w: ArrayLike) -> np.ndarray:
        r"""The gradient; at the kink of :math:`|w_j|` its subgradient 0.

        Parameters
        ----------
        w : array_like
            The weights: finite numbers, of any shape.

        Returns
        -------
        ndarray
            The derivative for each entry, in the shape of w.

        Examples
        --------
        >>> ElasticNet(strength=1.0, l1_ratio=0.5).gradient([3.0, 0.0])
        array([2., 0.])
        """
        w = _validate.as_finite("w", w)
        l1, l2 = self._strengths()
        return l1 * np.sign(w) + l2 * w

    def prox(self, w: ArrayLike, step: ArrayLike) -> np.ndarray:
        r"""The proximal step: shrink towards 0, and not beyond; then divide.

        .. math::

           \begin{aligned}
           & \arg\min_u \mathrm{penalty}(u) + \sum_j \frac{(u_j - w_j)^2}{2 s_j} \\
           & = \frac{\operatorname{sign}(w) \max(|w| - s \lambda_1, 0)}{1 + s \lambda_2}
           \end{aligned}

        Parameters
        ----------
        w : array_like
            The weights: finite numbers, of any shape.
        step : float or array_like
            The size :math:`s` of the step, at least 0: a number, or one for each entry of w.

        Returns
        -------
        ndarray
            The weights after the step, in the shape of w.

        Examples
        --------
        >>> L1(strength=1.0).prox([3.0, -0.2], step=0.5)
        array([ 2.5, -0. ])
        """
        w = _validate.as_finite("w", w)
        step = _step(step, w.shape)
        l1, l2 = self._strengths()
        shrunk = np.maximum(np.abs(w) - step * l1, 0)
        return np.sign(w) * shrunk / (1 + step * l2)

    def least_subgradient(self, w: ArrayLike, gradient: ArrayLike) -> np.ndarray:
        """Of all subgradients of f + penalty, the one of least norm.

        It is zero exactly where f + penalty has its minimum, if f is convex.

        Parameters
        ----------
        w : array_like
            The weights: finite numbers, of any shape.
        gradient : array_like
            The gradient of f at w, in the shape of w.

        Returns
        -------
        ndarray
            The subgradient, in the shape of w.

        Examples
        --------
        >>> L1(strength=1.0).least_subgradient([0.0, 0.0, 2.0], [0.3, -1.5, -1.0])
        array([ 0. , -0.5,  0. ])
        """
        w = _validate.as_finite("w", w)
        gradient = _validate.as_finite("gradient", gradient, w.shape)
        total = gradient + self.gradient(w)
        if not self.l1:
            return total
        at_kink = np.sign(gradient) * np.maximum(np.abs(gradient) - self.l1, 0)
        return np.where(w == 0, at_kink, total)

    def _strengths(self) -> tuple[float, float]:
        """l1 and l2, or an error of a subclass that lacks them."""
        if self.l1 is None or self.l2 is None:
            raise NotImplementedError(
                f"{type(self).__name__} has no l1 and l2; expected these, or value, gradient, prox "
                "and smooth of its own"
            )
        return self.l1, self.l2

    def restricted(self, mask: ArrayLike) -> Penalty:
        """This penalty on some entries of w only: on weights, say, and not on biases.

        Parameters
        ----------
        mask : array_like of bool
            True where the penalty acts, in the shape of w.

        Returns
        -------
        Penalty
            One that leaves the other entries alone.

        Raises
        ------
        TypeError
            If the mask holds anything but True and False.

        Examples
        --------
        >>> L2(strength=1.0).restricted([True, False]).gradient([3.0, 5.0])
        array([3., 0.])
        """
        return _Restricted(self, mask)


def _step(step: ArrayLike, shape: tuple[int, ...]) -> float | np.ndarray:
    """The step, checked."""
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
    r"""L1: sparse weights, the lasso; the prior is a Laplace density.

    .. math:: \lambda \sum_j |w_j|

    Parameters
    ----------
    strength : float
        The strength :math:`\lambda`, at least 0.

    Raises
    ------
    TypeError, ValueError
        If `strength` is no number of at least 0.

    References
    ----------
    :cite:p:`tibshirani1996`

    Examples
    --------
    >>> L1(strength=0.5).value([3.0, -1.0])
    2.0
    """

    strength: float
    formula: ClassVar = r"\lambda \sum_j |w_j|"
    prior: ClassVar = "Laplace"
    reference: ClassVar = "tibshirani1996"

    def __post_init__(self) -> None:
        _validate.settle(self, "strength", at_least=0)

    @property
    def l1(self) -> float:
        """The factor of the sum of the sizes."""
        return self.strength

    @property
    def l2(self) -> float:
        """The factor of half the sum of the squares."""
        return 0.0


@dataclass(frozen=True)
class L2(Penalty):
    r"""L2: small weights, ridge regression; the prior is Gaussian.

    .. math:: \frac{\lambda}{2} \sum_j w_j^2

    Parameters
    ----------
    strength : float
        The strength :math:`\lambda`, at least 0.

    Raises
    ------
    TypeError, ValueError
        If `strength` is no number of at least 0.

    References
    ----------
    :cite:p:`hoerlkennard1970`

    Examples
    --------
    >>> L2(strength=0.5).value([3.0, -1.0])
    2.5
    """

    strength: float
    formula: ClassVar = r"\frac{\lambda}{2} \sum_j w_j^2"
    prior: ClassVar = "Gaussian"
    reference: ClassVar = "hoerlkennard1970"

    def __post_init__(self) -> None:
        _validate.settle(self, "strength", at_least=0)

    @property
    def l1(self) -> float:
        """The factor of the sum of the sizes."""
        return 0.0

    @property
    def l2(self) -> float:
        """The factor of half the sum of the squares."""
        return self.strength


@dataclass(frozen=True)
class ElasticNet(Penalty):
    r"""Elastic net: a mixture of L1 and L2, in scikit-learn's terms.

    .. math:: \lambda \left(\rho \sum_j |w_j| + \frac{1 - \rho}{2} \sum_j w_j^2\right)

    Parameters
    ----------
    strength : float
        The strength :math:`\lambda`, at least 0.
    l1_ratio : float, default 0.5
        The share :math:`\rho` of L1, from 0 to 1.

    Raises
    ------
    TypeError, ValueError
        If a parameter is no number, or out of its range.

    References
    ----------
    :cite:p:`zouhastie2005`

    Examples
    --------
    >>> ElasticNet(strength=1.0, l1_ratio=0.5).value([3.0, -1.0])  # (4 + 10 / 2) / 2
    4.5
    """

    strength: float
    l1_ratio: float = 0.5
    formula: ClassVar = r"\lambda \sum_j \rho |w_j| + \frac{1 - \rho}{2} w_j^2"
    prior: ClassVar = "Laplace times Gaussian"
    reference: ClassVar = "zouhastie2005"

    def __post_init__(self) -> None:
        _validate.settle(self, "strength", at_least=0)
        _validate.settle(self, "l1_ratio", at_least=0, at_most=1)

    @property
    def l1(self) -> float:
        """The factor of the sum of the sizes."""
        return self.strength * self.l1_ratio

    @property
    def l2(self) -> float:
        """The factor of half the sum of the squares."""
        return self.strength * (1 - self.l1_ratio)


class _Restricted(Penalty):
    """A penalty that leaves the entries where the mask is false alone."""

    def __init__(self, penalty: Penalty, mask: ArrayLike) -> None:
        mask = _validate.as_array("mask", mask)
        if mask.dtype.kind != "b":
            raise TypeError(
                f"mask holds values of dtype {mask.dtype}; expected True and False, one for each "
                "entry of w"
            )
        self.penalty, self.mask = penalty, mask

    def __repr__(self) -> str:
        return f"{self.penalty!r}.restricted({self.mask.tolist()})"

    @property
    def smooth(self) -> bool:
        return self.penalty.smooth

    def value(self, w: ArrayLike) -> float:
        w = _validate.as_finite("w", self._checked("w", w))  # in full: an index is that of w
        return self.penalty.value(w[self.mask])

    def gradient(self, w: ArrayLike) -> np.ndarray:
        return np.where(self.mask, self.penalty.gradient(self._checked("w", w)), 0.0)

    def prox(self, w: ArrayLike, step: ArrayLike) -> np.ndarray:
        w = self._checked("w", w)
        return np.where(self.mask, self.penalty.prox(w, step), w)

    def least_subgradient(self, w: ArrayLike, gradient: ArrayLike) -> np.ndarray:
        w, gradient = self._checked("w", w), self._checked("gradient", gradient)
        return np.where(self.mask, self.penalty.least_subgradient(w, gradient), gradient)

    def _checked(self, name: str, w: ArrayLike) -> np.ndarray:
        """w as an array of the shape of the mask."""
        w = _validate.as_float64(name, w)
        if w.shape != self.mask.shape:
            raise ValueError(
                f"{name} has shape {w.shape}; expected that of the mask, {self.mask.shape}"
            )
        return w
