r"""Losses of pairs and triplets: which of two is closer, or which of two scores is the higher."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from lossbook import _validate, _vectors
from lossbook._engine import vectors
from lossbook._engine.pairs import two_sum
from lossbook._engine.vectors import column
from lossbook.losses.base import Loss
from lossbook.losses.several import SeveralLoss

__all__ = ["Contrastive", "CosineEmbedding", "HingeEmbedding", "MarginRanking", "Triplet"]


_SMALLER = 2.0**-64  # for rows of which a distance is beyond float64


class PairLoss(SeveralLoss):
    """A loss of labels -1 or +1 and two predictions `x1` and `x2`: rows (n, d), or numbers (n,)."""

    inputs = ("y_true", "x1", "x2")
    predicted = ("x1", "x2")
    _axes = 2

    def _check(self, y_true: Any, x1: Any, x2: Any) -> tuple[np.ndarray, ...]:
        x1, x2 = _validate.check_alike(x1=x1, x2=x2)
        y_true = _validate.as_float64("y_true", y_true)
        if x1.ndim != self._axes or y_true.shape != x1.shape[:1]:
            shape = "(n, d)" if self._axes == 2 else "(n,)"
            raise ValueError(
                f"y_true has shape {y_true.shape}, x1 and x2 have shape {x1.shape}; expected (n,) "
                f"against two of {shape}"
            )
        _validate.check_signs("y_true", y_true)
        return y_true, x1, x2


class HingeEmbedding(Loss):
    r"""Hinge embedding loss of a distance d: d for alike, :math:`\max(0, \gamma - d)` for different.

    Labels +1 say alike, -1 different. The prediction is a distance; of which two things, and how it
    is measured, is up to you. Gradient 1 for alike; for different -1 where :math:`d < \gamma`.

    Parameters
    ----------
    margin : float, default 1.0
        :math:`\gamma`, in the unit of the distance; above 0.

    Raises
    ------
    ValueError
        If `margin` is not above 0.

    References
    ----------
    :cite:p:`mobahi2009`

    Examples
    --------
    >>> HingeEmbedding(margin=1.0).pointwise([1.0, -1.0, -1.0], [0.25, 0.25, 3.0])
    array([0.25, 0.75, 0.  ])
    """

    elementwise = True
    _finite_by_check = ("y_true",)

    def __init__(self, *, margin: float = 1.0) -> None:
        self.margin = _validate.positive("margin", margin)

    def _check(self, y_true: Any, y_pred: Any) -> tuple[np.ndarray, np.ndarray]:
        y_true, y_pred = super()._check(y_true, y_pred)
        _validate.check_signs("y_true", y_true)
        return y_true, y_pred

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.where(y_true > 0.0, y_pred, np.maximum(self.margin - y_pred, 0.0))

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.where(y_true > 0.0, 1.0, -1.0 * (y_pred < self.margin))

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.zeros_like(y_pred)


class Contrastive(PairLoss):
    r"""Contrastive loss: :math:`D^2 / 2` for alike, :math:`\max(0, \gamma - D)^2 / 2` for different.

    D is the Euclidean distance of the rows of `x1` and `x2`; labels +1 say alike, -1 different.
    Gradient with respect to `x1`, and its opposite for `x2`: :math:`x_1 - x_2` for alike;
    :math:`-(\gamma - D) (x_1 - x_2) / D` for different and closer than the margin, but 0 at D = 0:
    what has collapsed into one point stays there. Right to 4 ulp (of up to 500 numbers a vector), but
    where D is close to the margin: there :math:`\gamma - D` is right to 4 ulp of the margin.
    No `hessian`.

    Parameters
    ----------
    margin : float, default 1.0
        :math:`\gamma`, the distance from which on different ones cost nothing; above 0.

    Raises
    ------
    ValueError
        If `margin` is not above 0.

    References
    ----------
    :cite:p:`hadsell2006`

    Examples
    --------
    >>> Contrastive(margin=2.0).pointwise([1, -1], [[0.0, 0.0]] * 2, [[0.0, 1.0]] * 2)
    array([0.5, 0.5])
    """

    def __init__(self, *, margin: float = 1.0) -> None:
        self.margin = _validate.positive("margin", margin)

    def pointwise(self, y_true: Any, x1: Any, x2: Any) -> np.ndarray:
        # D^2 / 2 for alike, max(0, margin - D)^2 / 2 for different
        distance = vectors.lengths(x1 - x2)
        apart = np.where(y_true > 0.0, distance, np.maximum(self.margin - distance, 0.0))
        return 0.5 * apart * apart

    def gradient(self, y_true: Any, x1: Any, x2: Any) -> tuple[np.ndarray, np.ndarray]:
        apart = x1 - x2
        distance = vectors.lengths(apart)
        push = column(np.maximum(self.margin - distance, 0.0))
        away = -push * (apart / column(np.where(distance > 0.0, distance, 1.0)))
        away = np.where(push > 0.0, away, 0.0)  # also where the distance is infinite
        slope = np.where(column(y_true) > 0.0, apart, away)
        return slope, 0.0 - slope


class CosineEmbedding(PairLoss):
    r"""Cosine embedding loss: :math:`1 - c` for alike, :math:`\max(0, c - \gamma)` for different.

    c is the cosine of the angle between the rows of `x1` and `x2`; labels +1 say alike, -1
    different. The gradient with respect to `x1`, of length :math:`\sin / |x_1|`, is perpendicular to
    `x1`: lengths are not learned. :math:`1 - c` is right to 8 ulp, of vectors that are parallel
    but for rounding too; c to 4 ulp of 1; both of up to 500 numbers. A vector of length 0 is an error.
    No `hessian`.

    Parameters
    ----------
    margin : float, default 0.0
        :math:`\gamma`, the cosine up to which different ones cost nothing; at least -1, below 1.

    Raises
    ------
    ValueError
        If `margin` is not in [-1, 1).

    References
    ----------
    Cosines between the outputs of two networks that share their weights: :cite:p:`bromley1993`

    Examples
    --------
    >>> CosineEmbedding().pointwise([1, -1], [[1.0, 0.0]] * 2, [[2.0, 0.0]] * 2)
    array([0., 1.])
    """

    def __init__(self, *, margin: float = 0.0) -> None:
        self.margin = _validate.number("margin", margin, at_least=-1.0, below=1.0)

    def _check(self, y_true: Any, x1: Any, x2: Any) -> tuple[np.ndarray, ...]:
        y_true, x1, x2 = super()._check(y_true, x1, x2)
        _vectors.check_directions("x1", x1)
        _vectors.check_directions("x2", x2)
        return y_true, x1, x2

    def pointwise(self, y_true: Any, x1: Any, x2: Any) -> np.ndarray:
        # 1 - c for alike, max(0, c - margin) for different
        return _cosine_embedding(self, None, y_true, x1, x2)[0]

    def gradient(self, y_true: Any, x1: Any, x2: Any) -> tuple[np.ndarray, ...]:
        return self._both(np.ones(len(x1)), y_true, x1, x2)[1]

    def _both(self, share: Any, y_true: Any, x1: Any, x2: Any) -> Any:
        return _cosine_embedding(self, share, y_true, x1, x2)


class MarginRanking(PairLoss):
    r"""Margin ranking loss :math:`\max(0, \gamma - y (x_1 - x_2))`: a hinge of a difference of scores.

    With y = +1 the first is to have the higher score, with -1 the second; scores (n,). Gradient
    -y for `x1` and y for `x2` where the loss is positive. Right to the last digit, also where the
    scores cancel. With the margin 0, equal scores cost nothing. No `hessian`.

    Parameters
    ----------
    margin : float, default 0.0
        :math:`\gamma`, by how much the higher score is to lead, in the unit of the scores; at
        least 0.

    Raises
    ------
    ValueError
        If `margin` is negative.

    References
    ----------
    :cite:p:`herbrich2000`

    Examples
    --------
    >>> MarginRanking(margin=1.0).pointwise([1, 1, -1], [2.0, 2.0, 2.0], [0.0, 1.5, 1.5])
    array([0. , 0.5, 1.5])
    """

    _axes = 1

    def __init__(self, *, margin: float = 0.0) -> None:
        self.margin = _validate.nonnegative("margin", margin)

    def pointwise(self, y_true: Any, x1: Any, x2: Any) -> np.ndarray:
        # max(0, margin - y (x1 - x2)), with what the rounding of the difference leaves out
        lead, lost = two_sum(y_true * x1, -y_true * x2)
        short, rest = two_sum(self.margin, -lead)
        return np.maximum(np.where(np.isfinite(short), short + (rest - lost), short), 0.0)

    def gradient(self, y_true: Any, x1: Any, x2: Any) -> tuple[np.ndarray, np.ndarray]:
        slope = np.where(self._pointwise(y_true, x1, x2) > 0.0, -y_true, 0.0)
        return slope, 0.0 - slope


class Triplet(SeveralLoss):
    r"""Triplet loss :math:`\max(0, d(a, p) - d(a, n) + \gamma)` of anchors, positives, negatives.

    A hinge: the negative is to be further from the anchor than the positive, by the margin. Rows
    (n, d) each; d is the distance in the norm of degree p (FaceNet's is squared). With u and v
    the gradients of the two distances, those of the loss, where it is positive, are u - v, -u
    and v. Where the anchor meets one of the two, its vector is half of the other's; where all
    three meet all are 0: what has collapsed stays. Right to 4 ulp of the largest of distances
    and margin. No `hessian`.

    Parameters
    ----------
    margin : float, default 1.0
        :math:`\gamma`, in the unit of the distances; above 0.
    p : float, default 2.0
        The degree of the norm, from 1 to infinity; there the largest entries share the slope alike.
    swap : bool, default False
        Whether the distance to the negative is the smaller of the anchor's and the positive's.

    References
    ----------
    :cite:p:`schroff2015`; swap :cite:p:`balntas2016`

    Examples
    --------
    >>> Triplet(margin=1.0)([[0.0, 0.0]], [[0.0, 3.0]], [[2.0, 0.0]])
    2.0
    """

    inputs = predicted = ("anchor", "positive", "negative")

    def __init__(self, *, margin: float = 1.0, p: float = 2.0, swap: bool = False) -> None:
        self.margin = _validate.positive("margin", margin)
        self.p = _vectors.degree("p", p)
        self.swap = _validate.boolean("swap", swap)

    def _check(self, anchor: Any, positive: Any, negative: Any) -> tuple[np.ndarray, ...]:
        rows = _validate.check_alike(anchor=anchor, positive=positive, negative=negative)
        if rows[0].ndim != 2:
            raise ValueError(f"anchor has shape {rows[0].shape}; expected rows (n, d)")
        return rows

    def pointwise(self, anchor: Any, positive: Any, negative: Any) -> np.ndarray:
        return _triplet(self, anchor, positive, negative, None)[0]

    def gradient(self, anchor: Any, positive: Any, negative: Any) -> tuple[np.ndarray, ...]:
        return self._both(np.ones(len(anchor)), anchor, positive, negative)[1]

    def _both(self, share: Any, anchor: Any, positive: Any, negative: Any) -> Any:
        return _triplet(self, anchor, positive, negative, share)


def _cosine_embedding(
    loss: CosineEmbedding, share: Any, y_true: np.ndarray, x1: np.ndarray, x2: np.ndarray
) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
    """The losses, and the gradients times the share; without one the losses alone."""
    cosine, miss, slopes = vectors.cosines(x1, x2, share is not None)
    value = np.where(y_true > 0.0, miss, np.maximum(cosine - loss.margin, 0.0))
    if share is None:
        return value, ()
    sign = np.where(y_true > 0.0, -1.0, cosine > loss.margin)
    for slope in slopes:
        slope *= column(share * sign)
        slope[sign == 0.0] = 0.0  # of very short vectors it is infinite
    return value, slopes


def _triplet(
    loss: Triplet, anchor: np.ndarray, positive: np.ndarray, negative: np.ndarray, share: Any
) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
    """The losses, and the gradients times the share; without one the losses alone.

    The gradients are put together of u, v and w, those of the distances of anchor and positive,
    anchor and negative, positive and negative.
    """
    p, near, far = loss.p, anchor - positive, anchor - negative
    to_near, to_far = vectors.norms(near, p), vectors.norms(far, p)
    if not math.isfinite(to_near.max() + to_far.max()):
        smaller = loss.replace(margin=max(_SMALLER * loss.margin, 5e-324))
        a, b, c = (_SMALLER * rows for rows in (anchor, positive, negative))
        value, slopes = _triplet(smaller, a, b, c, share)
        return value / _SMALLER, slopes
    if not loss.swap:
        value = np.maximum(to_near - to_far + loss.margin, 0.0)
        if share is None:
            return value, ()
        counts = share * (value > 0.0)
        u = vectors.norm_slopes(near, p, to_near, counts)
        v = vectors.norm_slopes(far, p, to_far, counts)
        met, gone = _nought(near, to_near, p), _nought(far, to_far, p)
        if met.any() or gone.any():  # the subgradient of least norm, of all three together
            u, v = np.where(met, 0.5 * v, u), np.where(gone, 0.5 * u, v)
        return value, (u - v, -u, v)
    other = positive - negative
    to_other = vectors.norms(other, p)
    value = np.maximum(to_near - np.minimum(to_far, to_other) + loss.margin, 0.0)
    if share is None:
        return value, ()
    counts = share * (value > 0.0)
    part = 0.5 * (to_far < to_other) + 0.5 * (to_far <= to_other)  # a half if they tie
    u = vectors.norm_slopes(near, p, to_near, counts)
    v = vectors.norm_slopes(far, p, to_far, counts * part)
    w = vectors.norm_slopes(other, p, to_other, counts * (1.0 - part))
    met, gone, lost = (_nought(*d, p) for d in ((near, to_near), (far, to_far), (other, to_other)))
    if met.any() or gone.any() or lost.any():
        part = column(part)
        u, v, w = (
            np.where(met, 0.5 * (v - w), u),
            np.where(gone, 0.5 * part * u, v),
            np.where(lost, -0.5 * (1.0 - part) * u, w),
        )
    return value, (u - v, -u - w, v + w)


def _nought(x: np.ndarray, norm: np.ndarray, p: float) -> np.ndarray:
    """Where the norm has a kink: at rows of 0, in the norm of degree 1 at each 0."""
    return x == 0.0 if p == 1.0 else column(norm == 0.0)
