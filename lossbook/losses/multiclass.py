r"""Losses for K classes: a row of K probabilities, logits or scores for each sample."""

from __future__ import annotations

from typing import Any

import numpy as np

from lossbook import _validate
from lossbook._engine import softmax
from lossbook._engine.elementary import log_quotient, one_hot, shortfall, smoothed
from lossbook.losses.base import Loss, silent

__all__ = ["CrossEntropy", "KLDivergence", "MulticlassHinge", "WestonWatkins"]


class MulticlassLoss(Loss):
    """A loss of n rows with K columns: `y_pred` has the shape (n, K), `pointwise` the shape (n,).

    `y_true` holds class indices 0 to K - 1, of an integer type, in the shape (n,); or, where the
    loss allows it, a distribution over the classes for each sample, in the shape (n, K). There is
    no `hessian`: of a row it would be a matrix.
    """

    from_logits = False
    _takes_indices = True
    _takes_distributions = True
    _predicts_distributions = False

    def _check(self, y_true: Any, y_pred: Any) -> tuple[np.ndarray, np.ndarray]:
        y_pred = _validate.as_float64("y_pred", y_pred)
        y_true = _validate.as_classes("y_true", y_true)
        _validate.check_rows(y_true, y_pred, self._takes_indices, self._takes_distributions)
        if y_true.ndim == 2:
            _validate.check_distributions("y_true", y_true)
        if self._predicts_distributions:
            _validate.check_distributions("y_pred", y_pred)
        return y_true, y_pred

    def _check_finite(self, y_true: np.ndarray, y_pred: np.ndarray) -> None:
        if y_true.ndim == 2:
            _validate.check_finite("y_true", y_true)
        if self.from_logits:
            _validate.check_logits("y_pred", y_pred)
        else:
            _validate.check_finite("y_pred", y_pred)

    def _loss_shape(self, y_true: np.ndarray, y_pred: np.ndarray) -> tuple[int, ...]:
        return y_pred.shape[:1]


class CrossEntropy(MulticlassLoss):
    r"""Cross-entropy :math:`-\sum_k y_k \log p_k`, in nats; with class indices :math:`-\log p_y`.

    Gradient :math:`-y_k / p_k` with respect to the probabilities; with respect to the logits
    :math:`p_k - y_k`, where :math:`p` is their softmax. No clipping: :math:`p_y = 0` costs
    infinity. A logit of :math:`-\infty` rules its class out: it has the probability 0, and the
    gradient 0 unless it is the label. It is the negative log-likelihood of the categorical
    distribution. No `hessian`: of a row it would be a matrix.

    Parameters
    ----------
    from_logits : bool, default False
        Whether `y_pred` holds logits instead of probabilities.
    label_smoothing : float, default 0.0
        :math:`\alpha` in [0, 1): the target is replaced by :math:`(1 - \alpha) y + \alpha / K`.

    Raises
    ------
    ValueError
        If `label_smoothing` is below 0, or not below 1.

    References
    ----------
    :cite:p:`good1952`, softmax :cite:p:`bridle1990`, label smoothing :cite:p:`szegedy2016`

    Examples
    --------
    >>> CrossEntropy(from_logits=True).gradient([0], [[0.0, 0.0]])
    array([[-0.5,  0.5]])
    """

    _sum = silent(softmax.sum_of)

    def __init__(self, *, from_logits: bool = False, label_smoothing: float = 0.0) -> None:
        self.from_logits = _validate.boolean("from_logits", from_logits)
        self._predicts_distributions = not self.from_logits
        self.label_smoothing = _validate.smoothing("label_smoothing", label_smoothing)

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # -sum_k y_k log p_k, where 0 log 0 is 0
        if self.from_logits:
            return softmax.cross_entropy(y_true, y_pred, self.label_smoothing, False)[0]
        y = _target(y_true, y_pred, self.label_smoothing)
        return -np.sum(np.where(y > 0.0, y * np.log(y_pred), 0.0), axis=1)

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        if self.from_logits:
            return softmax.cross_entropy(y_true, y_pred, self.label_smoothing)[1]
        y = _target(y_true, y_pred, self.label_smoothing)
        return np.where(y > 0.0, -y / y_pred, 0.0)


class KLDivergence(MulticlassLoss):
    r"""Kullback-Leibler divergence :math:`\sum_k y_k \log(y_k / p_k)`, in nats.

    Of the prediction p from the distribution y: cross-entropy less the entropy of y, and 0 for
    p = y. Gradient :math:`-y_k / p_k`. Both arguments are distributions in the shape (n, K). Each
    term is right to 4 ulp; their sum cancels where p is close to y. It is never negative, though
    rows that sum to 1 only nearly are accepted. No `hessian`: of a row it would be a matrix.

    References
    ----------
    :cite:p:`kullbackleibler1951`

    Examples
    --------
    >>> KLDivergence().pointwise([[0.5, 0.5], [0.0, 1.0]], [[0.5, 0.5], [0.5, 0.5]]) / np.log(2)
    array([0., 1.])
    """

    _takes_indices = False
    _predicts_distributions = True

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # sum_k y_k log(y_k / p_k), where 0 log 0 is 0
        terms = y_true * log_quotient(y_true, y_pred)
        total = np.sum(np.where(y_true > 0.0, terms, 0.0), axis=1)
        return np.maximum(total, 0.0)  # rows of a sum that is not quite 1 may go below

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.where(y_true > 0.0, -y_true / y_pred, 0.0)


class MulticlassHinge(MulticlassLoss):
    r"""Multiclass hinge loss of Crammer and Singer, :math:`\max(0, 1 + \max_{k \ne y} z_k - z_y)`.

    Gradient, where the loss is positive: 1 at the best wrong class, -1 at the true one. Where
    several wrong classes tie they share the 1 (the subgradient of least norm). Class indices (n,)
    against scores (n, K). No `hessian`: of a row it would be a matrix.

    References
    ----------
    :cite:p:`crammersinger2001`

    Examples
    --------
    >>> MulticlassHinge().pointwise([0, 0], [[2.0, 1.5, 0.0], [2.0, 0.5, 0.0]])
    array([0.5, 0. ])
    """

    _takes_distributions = False

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # max(0, 1 + max_{k != y} z_k - z_y); 1 - (z_y - z_k) with what its rounding leaves out
        _, true, wrong = _scores(y_true, y_pred)
        return np.maximum(0.0, shortfall(true, wrong.max(axis=1)))

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        rows, true, wrong = _scores(y_true, y_pred)
        best = wrong.max(axis=1)
        first = (wrong == best[:, None]) * 1.0
        share = first / first.sum(axis=1)[:, None]
        share[rows, y_true] = -1.0
        return share * (shortfall(true, best) > 0.0)[:, None]


class WestonWatkins(MulticlassLoss):
    r"""Multiclass hinge loss of Weston and Watkins, :math:`\sum_{k \ne y} \max(0, 1 + z_k - z_y)`.

    Gradient: 1 at each wrong class that comes closer than the margin 1, minus their number at the
    true class. Class indices (n,) against scores (n, K). No `hessian`: of a row it would be a
    matrix.

    References
    ----------
    :cite:p:`westonwatkins1999`

    Examples
    --------
    >>> WestonWatkins().gradient([0], [[2.0, 1.5, 1.25]])
    array([[-2.,  1.,  1.]])
    """

    _takes_distributions = False

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # sum_{k != y} max(0, 1 + z_k - z_y); 1 - (z_y - z_k) with what its rounding leaves out
        _, true, wrong = _scores(y_true, y_pred)
        return np.sum(np.maximum(0.0, shortfall(true[:, None], wrong)), axis=1)

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        rows, true, wrong = _scores(y_true, y_pred)
        close = (shortfall(true[:, None], wrong) > 0.0) * 1.0
        close[rows, y_true] = -close.sum(axis=1)
        return close


def _target(y: np.ndarray, p: np.ndarray, smoothing: float) -> np.ndarray:
    """The distributions (1 - smoothing) y + smoothing / K, of class indices too."""
    classes = p.shape[1]
    return smoothed(one_hot(y, classes) if y.ndim == 1 else y, smoothing, classes)


def _scores(y: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row numbers, the true class's scores, and all scores with -inf in its place."""
    rows = np.arange(y.size)
    wrong = z.copy()
    wrong[rows, y] = -np.inf
    return rows, z[rows, y], wrong
