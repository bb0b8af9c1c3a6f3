r"""Losses for two classes with labels 0 and 1 (or soft labels between), from probabilities or logits.

For more classes: `multiclass`; for labels -1 and +1: `margin`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lossbook import _validate
from lossbook._engine import logistic, pairs
from lossbook._engine.elementary import one_hot, product, sigmoid, sigmoid_slope
from lossbook.losses.base import Loss

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["BinaryCrossEntropy", "Brier", "Focal"]


class BinaryLoss(Loss):
    r"""A loss of labels between 0 and 1 and predictions of one shape.

    With `from_logits` the predictions are any real numbers x, and the probability of the class 1 is
    :math:`1 / (1 + e^{-x})`, so that :math:`-\infty` rules the class 1 out and :math:`\infty` the
    class 0; else they are probabilities, checked to lie in [0, 1].
    """

    elementwise = True
    from_logits = False
    pos_weight: float | tuple[float, ...] | None = None
    _hard_labels = False  # whether labels between 0 and 1 are refused

    @property
    def _finite_by_check(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("y_true",) if self.from_logits else ("y_true", "y_pred")

    def _check(self, y_true: Any, y_pred: Any) -> tuple[np.ndarray, np.ndarray]:
        y_true, y_pred = super()._check(y_true, y_pred)
        if self._hard_labels:
            _validate.check_binary("y_true", y_true)
        else:
            _validate.check_range("y_true", y_true, 0.0, 1.0, "labels from 0 to 1")
        if not self.from_logits:
            _validate.check_range("y_pred", y_pred, 0.0, 1.0, "probabilities from 0 to 1")
        if isinstance(self.pos_weight, tuple):
            _validate.check_entries("pos_weight", self.pos_weight, y_pred)
        return y_true, y_pred

    def _check_finite(self, y_true: np.ndarray, y_pred: np.ndarray) -> None:
        _validate.check_finite("y_true", y_true)
        if self.from_logits:
            y_pred = np.where(np.isinf(y_pred), 0.0, y_pred)
        _validate.check_finite("y_pred", y_pred)


class BinaryCrossEntropy(BinaryLoss):
    r"""Binary cross-entropy :math:`-w y \log p - (1 - y) \log(1 - p)`, in nats.

    Gradient :math:`(1 - y) / (1 - p) - w y / p` with respect to p; :math:`(1 - y) p - w y (1 - p)`
    with respect to the logit, to the last digits also where it is close to 0. No clipping: p = 0
    with y = 1 costs infinity. With labels 0 or 1, and :math:`w = 1`, it is the negative
    log-likelihood of the Bernoulli distribution.

    Parameters
    ----------
    from_logits : bool, default False
        Whether `y_pred` holds logits instead of probabilities.
    label_smoothing : float, default 0.0
        :math:`\alpha` in [0, 1): y is replaced by :math:`(1 - \alpha) y + \alpha / 2`.
    pos_weight : float or array_like of shape (K,), optional
        :math:`w`, at least 0, of the label 1; or one for each of K labels on the last axis. It
        multiplies the odds that are learned by w. The mean is divided by the count all the same.

    References
    ----------
    :cite:p:`good1952`, label smoothing :cite:p:`szegedy2016`

    Examples
    --------
    >>> BinaryCrossEntropy(from_logits=True, pos_weight=3.0).gradient([1.0, 0.25], [0.0, 0.0])
    array([-1.5,  0. ])
    """

    def __init__(
        self,
        *,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        pos_weight: ArrayLike | None = None,
    ) -> None:
        self.from_logits = _validate.boolean("from_logits", from_logits)
        self.label_smoothing = _validate.smoothing("label_smoothing", label_smoothing)
        self.pos_weight = _validate.optional(_validate.one_or_each, "pos_weight", pos_weight)
        self.elementwise = not isinstance(self.pos_weight, tuple)

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # -w y log p - (1 - y) log(1 - p), where 0 log 0 is 0
        cost = logistic.cost if self.from_logits else _cross_entropy
        return cost(y_true, y_pred, self.label_smoothing, _odds(self))

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        slope = logistic.slope if self.from_logits else _slope
        return slope(y_true, y_pred, self.label_smoothing, _odds(self))

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        bend = _bend_of_logit if self.from_logits else _bend
        return bend(y_true, y_pred, self.label_smoothing, _odds(self))


class Brier(BinaryLoss):
    r"""Brier score :math:`(p - y)^2` of a probability. Its mean is a mean squared error.

    Gradient :math:`2 (p - y)`. Labels and probabilities have one shape. With class indices (n,), of
    an integer type, against the probabilities (n, K) of all classes, it is Brier's own score, the
    sum :math:`\sum_k (p_k - [k = y])^2`; with two columns that is twice the score of the one
    probability.

    References
    ----------
    :cite:p:`brier1950`

    Examples
    --------
    >>> Brier()([1.0], [0.5]), Brier()([1], [[0.5, 0.5]])
    (0.25, 0.5)
    """

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # (p - y)^2, for rows of classes summed
        square = np.square(y_pred - _as_predicted(y_true, y_pred))
        return np.sum(square, axis=1) if _of_classes(y_true, y_pred) else square

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return 2.0 * (y_pred - _as_predicted(y_true, y_pred))

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.full_like(y_pred, 2.0)

    def _check(self, y_true: Any, y_pred: Any) -> tuple[np.ndarray, np.ndarray]:
        y_pred = _validate.as_float64("y_pred", y_pred)
        y_true = _validate.as_classes("y_true", y_true)
        if y_true.ndim == 1 and y_pred.ndim == 2 and y_pred.shape[1] > 1:
            _validate.check_rows(y_true, y_pred, indices=True, distributions=False)
            _validate.check_distributions("y_pred", y_pred)
            return y_true, y_pred
        return super()._check(y_true, y_pred)


class Focal(BinaryLoss):
    r"""Focal loss :math:`-\alpha_t (1 - p_t)^\gamma \log p_t`: easy samples count less.

    The true class, 0 or 1, has the probability :math:`p_t`. With :math:`\gamma = 0` and no `alpha`
    it is binary cross-entropy; else it is not proper, and its answers lie nearer to 1/2 than the
    truth. Right to 8 ulp for `gamma` up to 2.

    Parameters
    ----------
    gamma : float, default 2.0
        How much less easy samples count; at least 0.
    alpha : float or None, default None
        The weight of the class 1, in (0, 1); that of 0 is :math:`1 - \alpha`. None: 1 for both.
    from_logits : bool, default False
        Whether `y_pred` holds logits instead of probabilities.

    Raises
    ------
    ValueError
        If `gamma` is below 0, or `alpha` not strictly between 0 and 1.

    References
    ----------
    :cite:p:`lin2017`

    Examples
    --------
    >>> Focal(gamma=2.0).pointwise([1.0, 1.0], [0.5, 0.9]).round(3)
    array([0.173, 0.001])
    """

    _hard_labels = True

    def __init__(
        self, *, gamma: float = 2.0, alpha: float | None = None, from_logits: bool = False
    ):
        self.gamma = _validate.nonnegative("gamma", gamma)
        self.alpha = None if alpha is None else _validate.open_unit("alpha", alpha)
        self.from_logits = _validate.boolean("from_logits", from_logits)

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # -alpha_t (1 - p_t)^gamma log p_t
        miss, cost = _miss_and_cost(self, y_true, y_pred)
        return _weight(self, y_true) * (np.power(miss, self.gamma) * cost)

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return _weight(self, y_true) * _focal_slope(self, y_true, y_pred)

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return _weight(self, y_true) * _focal_bend(self, y_true, y_pred)


def _odds(loss: BinaryCrossEntropy) -> Any:
    """How many times the label 1 counts: 1.0, another number, or an array."""
    weight = loss.pos_weight
    return np.array(weight) if isinstance(weight, tuple) else 1.0 if weight is None else weight


def _cross_entropy(y: Any, p: Any, alpha: float, weight: Any) -> Any:
    """-w y log p - (1 - y) log(1 - p) of a probability, where 0 log 0 is 0."""
    y, other = logistic.shares(y, alpha, weight)
    hit = np.where(y > 0.0, y * np.log(p), 0.0)
    return np.where(other > 0.0, -other * np.log1p(-p), 0.0) - hit


def _slope(y: Any, p: Any, alpha: float, weight: Any) -> Any:
    """((1 - y) p - w y (1 - p)) / (p (1 - p)), and its limit at 0 and 1."""
    difference = p - y  # of numbers close to each other it has no rounding
    if alpha or np.any(weight != 1.0):
        label = pairs.smoothed((y, 0.0), alpha, 2) if alpha else (y, 0.0)
        hit = pairs.multiply(label, (weight, 0.0))
        over = pairs.multiply(pairs.less(label), (p, 0.0))
        difference = pairs.add(over, pairs.negative(pairs.multiply(hit, pairs.less((p, 0.0)))))[0]
    spread = p * (1.0 - p)
    sure = np.logical_and(spread == 0.0, difference == 0.0)
    return np.where(sure, (1.0 - y) - weight * y, difference / spread)


def _bend(y: Any, p: Any, alpha: float, weight: Any) -> Any:
    """w y / p^2 + (1 - y) / (1 - p)^2."""
    y, other = logistic.shares(y, alpha, weight)
    hit = np.where(y > 0.0, y / p / p, 0.0)  # the square would underflow
    return hit + np.where(other > 0.0, other / np.square(1.0 - p), 0.0)


def _bend_of_logit(y: Any, x: Any, alpha: float, weight: Any) -> Any:
    """(w y + 1 - y) p (1 - p)."""
    hit, other = logistic.shares(y, alpha, weight)
    return sigmoid_slope(x) if np.all(weight == 1.0) else (hit + other) * sigmoid_slope(x)


def _of_classes(y: Any, p: Any) -> bool:
    """Whether y holds class indices for rows of probabilities; symbols have no shape."""
    return getattr(y, "ndim", 0) < getattr(p, "ndim", 0)


def _as_predicted(y: Any, p: Any) -> Any:
    """The labels in the shape of the predictions: class indices as rows of 0 and 1."""
    return one_hot(y, p.shape[1]) if _of_classes(y, p) else y


def _focal_slope(loss: Focal, y: Any, t: Any) -> Any:
    """The derivative, in which all terms have one sign."""
    g = loss.gamma
    (miss, cost), hit = _miss_and_cost(loss, y, t), _hit(loss, y, t)
    if loss.from_logits:
        # of a logit, p_t has the slope p_t (1 - p_t), and the cost p_t - 1
        size = np.power(miss, g) * (miss + g * product(cost, hit))
    else:
        size = np.power(miss, g) / hit
        if g > 0.0:
            # cost / miss tends to 1 where the prediction is right
            size = size + g * (np.power(miss, g) * np.where(miss > 0.0, cost / miss, 1.0))
    return (1.0 - 2.0 * y) * size


def _focal_bend(loss: Focal, y: Any, t: Any) -> Any:
    """The second derivative."""
    g = loss.gamma
    (miss, cost), hit = _miss_and_cost(loss, y, t), _hit(loss, y, t)
    if loss.from_logits:
        inside = hit * miss * (1.0 + 2.0 * g)
        return np.power(miss, g) * (inside + g * product(cost, hit) * (g * hit - miss))
    bend = np.power(miss, g) / np.square(hit)
    if g > 0.0:
        # cost / miss tends to 1 where the prediction is right, and where it is wrong to infinity,
        # though more slowly than 1 / hit; the logarithm of no float is -1000
        ratio = np.minimum(np.where(miss > 0.0, cost / miss, 1.0), 1000.0)
        bend = bend + g * np.power(miss, g - 1.0) * (2.0 / hit + (g - 1.0) * ratio)
    return bend


def _miss_and_cost(loss: Focal, y: Any, t: Any) -> tuple[Any, Any]:
    """The probability 1 - p_t that misses the true class, and the cost -log p_t."""
    if loss.from_logits:
        z = (2.0 * y - 1.0) * t
        e = np.exp(-np.abs(z))
        return np.exp(-np.maximum(z, 0.0)) / (1.0 + e), np.maximum(-z, 0.0) + np.log1p(e)
    return np.abs(y - t), np.where(y == 1.0, -np.log(t), -np.log1p(-t))


def _hit(loss: Focal, y: Any, t: Any) -> Any:
    """The probability p_t, which 1 less the other would not give to the last digit."""
    if loss.from_logits:
        return sigmoid((2.0 * y - 1.0) * t)
    return np.abs((1.0 - y) - t)


def _weight(loss: Focal, y: Any) -> Any:
    """alpha for the class 1, 1 - alpha for the class 0; 1 for both if it is None."""
    alpha = loss.alpha
    return 1.0 if alpha is None else y * alpha + (1.0 - y) * (1.0 - alpha)
