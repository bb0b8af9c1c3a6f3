"""Gradient clipping: functions of the gradient, applied before the optimizer sees it.

They take whatever NumPy can read as real numbers and return float64. NaN and infinity are errors:
they have no direction, and a limit on their size would hide that the run has failed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate

__all__ = ["ClipByNorm", "ClipByValue"]


@dataclass(frozen=True)
class ClipByNorm:
    r"""A shorter step in the same direction, where the gradient is too long.

    .. math:: g \leftarrow g \min\left(1, \frac{\mathrm{max\_norm}}{\lVert g \rVert_2}\right)

    Parameters
    ----------
    max_norm : float
        The greatest Euclidean norm of the gradient, above 0.

    Raises
    ------
    TypeError, ValueError
        If `max_norm` is no number above 0.

    References
    ----------
    :cite:p:`pascanu2013`

    Examples
    --------
    >>> ClipByNorm(max_norm=1.0)([3.0, -4.0])
    array([ 0.6, -0.8])
    """

    max_norm: float

    def __post_init__(self) -> None:
        _validate.settle(self, "max_norm", above=0)

    def __call__(self, gradient: ArrayLike) -> np.ndarray:
        """The gradient, clipped.

        Parameters
        ----------
        gradient : array_like
            Finite numbers, of any shape.

        Returns
        -------
        ndarray of float64
            The gradient in its shape; not always a copy.

        Raises
        ------
        ValueError
            If an entry is NaN or infinite.
        """
        g = _validate.as_float64("gradient", gradient)
        norm = math.sqrt(np.vdot(g, g))
        if 1e-140 < norm < math.inf and norm < 1e290 * self.max_norm:
            return g * (self.max_norm / norm) if norm > self.max_norm else g
        # Squares or the factor over- or underflow: in units of the largest entry they do not.
        _validate.check_finite("gradient", g)
        top = float(np.abs(g).max(initial=0.0))
        if top == 0:
            return g
        unit = g / top
        norm = math.sqrt(np.vdot(unit, unit))
        return unit * (self.max_norm / norm) if norm > self.max_norm / top else g


@dataclass(frozen=True)
class ClipByValue:
    """Each entry of the gradient limited to [-limit, limit]; this turns the direction.

    Parameters
    ----------
    limit : float
        The greatest size of an entry, above 0.

    Raises
    ------
    TypeError, ValueError
        If `limit` is no number above 0.

    Examples
    --------
    >>> ClipByValue(limit=1.0)([3.0, -0.5])
    array([ 1. , -0.5])
    """

    limit: float

    def __post_init__(self) -> None:
        _validate.settle(self, "limit", above=0)

    def __call__(self, gradient: ArrayLike) -> np.ndarray:
        """The gradient, clipped.

        Parameters
        ----------
        gradient : array_like
            Finite numbers, of any shape.

        Returns
        -------
        ndarray of float64
            The gradient in its shape; not always a copy.

        Raises
        ------
        ValueError
            If an entry is NaN or infinite.
        """
        return np.clip(_validate.as_finite("gradient", gradient), -self.limit, self.limit)
