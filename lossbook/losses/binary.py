r"""Losses for two classes with labels 0 and 1 (or soft labels between), from probabilities or logits.

For more classes: `multiclass`; for labels -1 and +1: `margin`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lossbook import _validate, _weights
from lossbook._engine import logistic, pairs, softmax
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
            last = y_pred.shape[-1] if y_pred.ndim else 1
            _weights.check_count("pos_weight", self.pos_weight, last, "as the last axis of y_pred")
        return y_true, y_pred

    def _check_finite(self, y_true: np.ndarray, y_pred: np.ndarray) -> None:
        _validate.check_finite("y_true", y_true)
        if self.from_logits and _of_classes(y_true, y_pred):
            _validate.check_logits("y_pred", y_pred)
            return
        if self.from_logits:
            y_pred = np.where(np.isinf(y_pred), 0.0, y_pred)
        _validate.check_finite("y_pred", y_pred)


class BinaryCrossEntropy(BinaryLoss):
    r"""Binary cross-entropy :math:`-w y \log p - (1 - y) \log(1 - p)`, in nats.

    Gradient :math:`(1 - y) / (1 - p) - w y / p` with respect to p; :math:`(1 - y) p - w y (1 - p)`
    with respect to the logit. No clipping: p = 0 with y = 1 costs infinity. With labels 0 or 1, and
    w = 1, it is the negative log-likelihood of the Bernoulli distribution.

    Parameters
    ----------
    from_logits : bool, default False
        Whether `y_pred` holds logits instead of probabilities.
    label_smoothing : float, default 0.0
        :math:`\alpha` in [0, 1): y is replaced by :math:`(1 - \alpha) y + \alpha / 2`.
    pos_weight : float or array_like of shape (K,), optional
        :math:`w`, at least 0; or one a label, on the last axis. The mean divides by the count.

    References
    ----------
    :cite:p:`good1952`, :cite:p:`szegedy2016`

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
        self.pos_weight = _weights.optional(_weights.one_or_each, "pos_weight", pos_weight)
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


class ClassLoss(BinaryLoss):
    """A loss that takes class indices (n,), of an integer type, against rows (n, K) too."""

    alpha: float | tuple[float, ...] | None = None

    def _check(self, y_true: Any, y_pred: Any) -> tuple[np.ndarray, np.ndarray]:
        y_pred = _validate.as_float64("y_pred", y_pred)
        y_true = _validate.as_classes("y_true", y_true)
        if y_true.ndim != 1 or y_pred.ndim != 2 or y_pred.shape[1] < 2:
            _weights.check_count("alpha", self.alpha, 2, "for the labels 0 and 1")
            return super()._check(y_true, y_pred)
        _validate.check_rows(y_true, y_pred, indices=True, distributions=False)
        _weights.check_count("alpha", self.alpha, y_pred.shape[1], "as y_pred has columns")
        if not self.from_logits:
            _validate.check_distributions("y_pred", y_pred)
        return y_true, y_pred


class Brier(ClassLoss):
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


class Focal(ClassLoss):
    r"""Focal loss :math:`-\alpha_t (1 - p_t)^\gamma \log p_t`: easy samples count less.

    The true class has the probability :math:`p_t`: of two classes with labels 0 and 1 against
    predictions of one shape, or of K with class indices (n,), of an integer type, against (n, K).
    With :math:`\gamma = 0` and no `alpha` it is cross-entropy; else it is not proper. Right to 8 ulp
    for `gamma` up to 2. Class indices have no second derivative: of a row it would be a matrix.

    Parameters
    ----------
    gamma : float, default 2.0
        How much less easy samples count; at least 0.
    alpha : float or array_like of shape (K,), optional
        The weights of the classes, in their order; all 1 by default. A number, in (0, 1), is that
        of the label 1, the rare one, and :math:`1 - \alpha` that of 0; with class indices it is the
        weight of every class.
    from_logits : bool, default False
        Whether `y_pred` holds logits instead of probabilities.

    References
    ----------
    :cite:p:`lin2017`

    Examples
    --------
    >>> Focal()([1.0], [0.5]) == Focal()([1], [[0.5, 0.5]])
    True
    """

    _hard_labels = True

    def __init__(
        self, *, gamma: float = 2.0, alpha: ArrayLike | None = None, from_logits: bool = False
    ):
        self.gamma = _validate.nonnegative("gamma", gamma)
        self.alpha = _weights.optional(_weights.alpha, "alpha", alpha)
        self.from_logits = _validate.boolean("from_logits", from_logits)

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # -alpha_t (1 - p_t)^gamma log p_t
        miss, cost, _ = _true_class(self, y_true, y_pred)
        return _weight(self, y_true, y_pred) * (np.power(miss, self.gamma) * cost)

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        slope = _slope_of_rows if _of_classes(y_true, y_pred) else _focal_slope
        return slope(self, y_true, y_pred)

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return _weight(self, y_true, y_pred) * _focal_bend(self, y_true, y_pred)


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
    label = pairs.smoothed((y, 0.0), alpha, 2) if alpha else (y, 0.0)
    if not logistic.is_one(weight):
        hit = pairs.multiply(label, (weight, 0.0))
        over = pairs.multiply(pairs.less(label), (p, 0.0))
        difference = pairs.add(over, pairs.negative(pairs.multiply(hit, pairs.less((p, 0.0)))))[0]
    elif alpha:
        difference = pairs.add((p, 0.0), pairs.negative(label))[0]
    spread = p * (1.0 - p)
    sure = np.logical_and(spread == 0.0, difference == 0.0)
    limit = 1.0 - 2.0 * y if logistic.is_one(weight) else (1.0 - y) - weight * y
    return np.where(sure, limit, difference / spread)


def _bend(y: Any, p: Any, alpha: float, weight: Any) -> Any:
    """w y / p^2 + (1 - y) / (1 - p)^2."""
    y, other = logistic.shares(y, alpha, weight)
    hit = np.where(y > 0.0, y / p / p, 0.0)  # the square would underflow
    return hit + np.where(other > 0.0, other / np.square(1.0 - p), 0.0)


def _bend_of_logit(y: Any, x: Any, alpha: float, weight: Any) -> Any:
    """(w y + 1 - y) p (1 - p)."""
    hit, other = logistic.shares(y, alpha, weight)
    return sigmoid_slope(x) if logistic.is_one(weight) else (hit + other) * sigmoid_slope(x)


def _of_classes(y: Any, p: Any) -> bool:
    """Whether y holds class indices for rows of probabilities; symbols have no shape."""
    return getattr(y, "ndim", 0) < getattr(p, "ndim", 0)


def _as_predicted(y: Any, p: Any) -> Any:
    """The labels in the shape of the predictions: class indices as rows of 0 and 1."""
    return one_hot(y, p.shape[1]) if _of_classes(y, p) else y


def _true_class(loss: Focal, y: Any, t: Any) -> tuple[Any, Any, Any]:
    """The probability 1 - p_t that misses the true class, the cost -log p_t, and p_t itself.

    Each to the last digit, which 1 less the other would not give.
    """
    if _of_classes(y, t):
        if loss.from_logits:
            return _softmax(y, t)[:3]
        y, t = 1.0, t[np.arange(len(y)), y]
    if loss.from_logits:
        z = (2.0 * y - 1.0) * t
        e = np.exp(-np.abs(z))
        miss, cost = np.exp(-np.maximum(z, 0.0)) / (1.0 + e), np.maximum(-z, 0.0) + np.log1p(e)
        return miss, cost, sigmoid(z)
    return np.abs(y - t), np.where(y == 1.0, -np.log(t), -np.log1p(-t)), np.abs((1.0 - y) - t)


def _softmax(y: np.ndarray, z: np.ndarray) -> Any:
    """The same three of rows of logits, and the slopes of the cost in these."""
    cost, slopes = softmax.cross_entropy(y, z)
    return -slopes[np.arange(len(y)), y], cost, np.exp(-cost), slopes


def _focal_slope(loss: Focal, y: Any, t: Any) -> Any:
    """The derivative, in which all terms have one sign."""
    miss, cost, hit = _true_class(loss, y, t)
    size = (_size_of_logit if loss.from_logits else _size)(loss.gamma, miss, cost, hit)
    return _weight(loss, y, t) * ((1.0 - 2.0 * y) * size)


def _size_of_logit(g: float, miss: Any, cost: Any, hit: Any) -> Any:
    """The size of the derivative: of a logit, p_t has the slope p_t (1 - p_t)."""
    return np.power(miss, g) * (miss + g * product(cost, hit))


def _size(g: float, miss: Any, cost: Any, hit: Any) -> Any:
    """The size of the derivative in p_t."""
    size = np.power(miss, g) / hit
    if g > 0.0:
        # cost / miss tends to 1 where the prediction is right
        size = size + g * (np.power(miss, g) * np.where(miss > 0.0, cost / miss, 1.0))
    return size


def _slope_of_rows(loss: Focal, y: np.ndarray, t: np.ndarray) -> np.ndarray:
    """The gradients of rows: of logits, those of the cost, each row times a number."""
    g, weight = loss.gamma, _weight(loss, y, t)
    if loss.from_logits:
        miss, cost, hit, slopes = _softmax(y, t)
        times = np.power(miss, g) * (1.0 + g * product(cost, hit) / miss)
        return np.where(miss > 0.0, weight * times, 0.0)[:, None] * slopes
    gradient = np.zeros(t.shape)
    gradient[np.arange(len(y)), y] = -weight * _size(g, *_true_class(loss, y, t))
    return gradient


def _focal_bend(loss: Focal, y: Any, t: Any) -> Any:
    """The second derivative."""
    if _of_classes(y, t):
        raise NotImplementedError("Focal has no hessian of class indices: a row's is a matrix")
    g = loss.gamma
    miss, cost, hit = _true_class(loss, y, t)
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


def _weight(loss: Focal, y: Any, t: Any) -> Any:
    """The weight of the true class."""
    alpha = loss.alpha
    if alpha is None:
        return 1.0
    if _of_classes(y, t):
        return alpha if isinstance(alpha, float) else np.array(alpha)[y]
    zero, one = (1.0 - alpha, alpha) if isinstance(alpha, float) else alpha
    return y * one + (1.0 - y) * zero
