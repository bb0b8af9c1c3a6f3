r"""Losses for K classes: a row of K probabilities, logits or scores for each sample."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from lossbook import _distributions, _masks, _validate, _weights
from lossbook._engine import divergence, softmax
from lossbook._engine.elementary import log_quotient, one_hot, shortfall, smoothed
from lossbook.losses.base import Loss, silent
from lossbook.losses.several import SeveralLoss

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = [
    "NLL",
    "CrossEntropy",
    "Distillation",
    "KLDivergence",
    "MulticlassHinge",
    "WestonWatkins",
]


class MulticlassLoss(Loss):
    """A loss of n rows with K columns: `y_pred` has the shape (n, K), `pointwise` the shape (n,).

    `y_true` holds class indices 0 to K - 1, of an integer type, in the shape (n,); or, where the
    loss allows it, a distribution over the classes for each sample, in the shape (n, K). There is
    no `hessian`: of a row it would be a matrix.
    """

    from_logits = False
    class_weight: tuple[float, ...] | None = None
    ignore_index: int | None = None
    _takes_indices = True
    _takes_distributions = True
    _predicts_distributions = False
    _predicts_log_distributions = False

    def _check(self, y_true: Any, y_pred: Any) -> tuple[np.ndarray, np.ndarray]:
        y_pred = _validate.as_float64("y_pred", y_pred)
        y_true = _validate.as_classes("y_true", y_true)
        keep = self._kept(y_true)
        if keep is None or y_pred.ndim != 2 or len(y_true) != len(y_pred):
            self._check_rows(y_true, y_pred)
        elif keep.any():
            with _masks.renumbered(keep):
                self._check_rows(y_true[keep], y_pred[keep])
        return y_true, y_pred

    def _check_rows(self, y_true: np.ndarray, y_pred: np.ndarray) -> None:
        _validate.check_rows(y_true, y_pred, self._takes_indices, self._takes_distributions)
        classes = y_pred.shape[1]
        _weights.check_count("class_weight", self.class_weight, classes, "as y_pred has columns")
        if self.ignore_index is not None and 0 <= self.ignore_index < classes:
            raise ValueError(
                f"ignore_index is {self.ignore_index}, which is a class; expected a number that is "
                f"none of 0 to {classes - 1}, or mask=y_true != {self.ignore_index}, to leave a "
                "class out of the mean"
            )
        if y_true.ndim == 2:
            _validate.check_distributions("y_true", y_true)
        if self._predicts_distributions:
            _validate.check_distributions("y_pred", y_pred)
        if self._predicts_log_distributions:
            _distributions.check_log_distributions("y_pred", y_pred)

    def _kept(self, y_true: np.ndarray) -> np.ndarray | None:
        """Where the label is not `ignore_index`; None if it is nowhere."""
        if self.ignore_index is None or y_true.ndim != 1:
            return None
        keep = y_true != self.ignore_index
        return None if keep.all() else keep

    def _check_finite(self, y_true: np.ndarray, y_pred: np.ndarray) -> None:
        keep = self._kept(y_true)
        if y_true.ndim == 2:
            _validate.check_finite("y_true", y_true)
        elif keep is not None:
            y_pred = np.where(keep[:, None], y_pred, 0.0)
        if self.from_logits:
            _validate.check_logits("y_pred", y_pred)
        elif not self._predicts_log_distributions:  # in which -inf is a chance of 0
            _validate.check_finite("y_pred", y_pred)

    @property
    def _own_weights(self) -> bool:  # type: ignore[override]
        return self.class_weight is not None or self.ignore_index is not None

    def _weight_of(self, y_true: np.ndarray, w: Any, weight: float) -> float:
        if self.class_weight is None or y_true.ndim == 2:
            return weight
        own = np.array(self.class_weight)[y_true]
        weight = float(own.sum() if w is None else own.dot(w))
        if weight == 0.0:
            raise ValueError(
                f"class_weight is 0 for all labels that count, as {y_true[0]}; expected something "
                "to take the mean of"
            )
        return weight

    def _mean(
        self, y_true: Any, y_pred: Any, sample_weight: Any, mask: Any, with_gradient: bool
    ) -> Any:
        if self.ignore_index is not None:
            mask = _masks.without_label(y_true, self.ignore_index, mask)
        return super()._mean(y_true, y_pred, sample_weight, mask, with_gradient)

    def _loss_shape(self, y_true: np.ndarray, y_pred: np.ndarray) -> tuple[int, ...]:
        return y_pred.shape[:1]


class CrossEntropy(MulticlassLoss):
    r"""Cross-entropy :math:`-\sum_k w_k y_k \log p_k`, in nats; with class indices :math:`-w_y \log p_y`.

    Gradient :math:`-w_k y_k / p_k` with respect to the probabilities; with respect to the logits,
    whose softmax is p, :math:`p_k \sum_j w_j y_j - w_k y_k`. No clipping: :math:`p_y = 0` costs
    infinity; a logit of :math:`-\infty` rules its class out. No `hessian`: a row's is a matrix.

    Parameters
    ----------
    from_logits : bool, default False
        Whether `y_pred` holds logits instead of probabilities.
    label_smoothing : float, default 0.0
        :math:`\alpha` in [0, 1): the target is replaced by :math:`(1 - \alpha) y + \alpha / K`.
    class_weight : array_like of shape (K,), optional
        :math:`w`, at least 0; else 1. The mean over class indices is divided by the sum of the
        weights of the labels, that over distributions by their number.
    ignore_index : int, optional
        A number that is no class: where it is the label, the loss is 0 and no part of the mean.

    References
    ----------
    :cite:p:`good1952`, softmax :cite:p:`bridle1990`, label smoothing :cite:p:`szegedy2016`

    Examples
    --------
    >>> CrossEntropy(from_logits=True, ignore_index=-1).pointwise([0, -1], [[0.0, 0.0], [9.0, 0.0]])
    array([0.69314718, 0.        ])
    """

    _sum = silent(softmax.sum_of)

    def __init__(
        self,
        *,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        class_weight: ArrayLike | None = None,
        ignore_index: int | None = None,
    ) -> None:
        self.from_logits = _validate.boolean("from_logits", from_logits)
        self.label_smoothing = _validate.smoothing("label_smoothing", label_smoothing)
        self.class_weight = _weights.optional(_weights.of_classes, "class_weight", class_weight)
        self.ignore_index = _weights.optional(_weights.integer, "ignore_index", ignore_index)
        self._predicts_distributions = not self.from_logits

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return _cost(self, y_true, y_pred)

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return _slope(self, y_true, y_pred)


class NLL(MulticlassLoss):
    r"""Negative log-likelihood of the label, :math:`-w_y \log p_y`, from log-probabilities, in nats.

    The cross-entropy of class indices (n,), for models that return :math:`\log p` (n, K): the
    gradient with respect to it is :math:`-w_y` at the label and 0 elsewhere. Rows whose
    exponentials do not sum to 1 are an error: of them it is no likelihood, and training lowers it
    without end. A class of :math:`\log p = -\infty` is ruled out. No `hessian`: it would be 0.

    Parameters
    ----------
    class_weight : array_like of shape (K,), optional
        :math:`w`, at least 0; else 1. The mean is divided by the sum of the labels' weights.
    ignore_index : int, optional
        A number that is no class: where it is the label, the loss is 0 and no part of the mean.

    References
    ----------
    :cite:p:`good1952`

    Examples
    --------
    >>> NLL(ignore_index=-100)([0, 1, -100], np.log([[0.25, 0.75], [0.75, 0.25], [0.5, 0.5]]))
    1.3862943611198906
    """

    _takes_distributions = False
    _predicts_log_distributions = True

    def __init__(
        self, *, class_weight: ArrayLike | None = None, ignore_index: int | None = None
    ) -> None:
        self.class_weight = _weights.optional(_weights.of_classes, "class_weight", class_weight)
        self.ignore_index = _weights.optional(_weights.integer, "ignore_index", ignore_index)

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return _cost_of_log(self, y_true, y_pred)

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return _slope_of_log(self, y_true, y_pred)


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


class Distillation(SeveralLoss):
    r"""Distillation: the cross-entropy of the labels, and the divergence from a teacher at a temperature.

    .. math:: (1 - \alpha) \operatorname{CE}(y, z) + \alpha T^2 \operatorname{KL}(p \,\|\, q)

    with :math:`p = \operatorname{softmax}(t / T)` and :math:`q = \operatorname{softmax}(z / T)`.
    Class indices (n,) or distributions (n, K), and logits (n, K) of `student` :math:`z` and `teacher`
    :math:`t`. Gradient with respect to the student; its soft part is :math:`\alpha T (q - p)`, which
    stays, as q - p fades as 1 / T: without :math:`T^2` it would fade as :math:`1 / T^2`. Nothing
    cancels near the teacher: at any size of logits the divergence is right to 6 ulp, and its slope to
    6 ulp of :math:`T \max(p_k, q_k)`, or of that times the largest :math:`|\log(q_j / p_j)|` of the
    row, if this is below 1. No `hessian`: of a row it would be a matrix.

    Parameters
    ----------
    temperature : float, default 2.0
        :math:`T`, above 0.
    alpha : float, default 0.5
        :math:`\alpha` in [0, 1], the share of the teacher; 1 - alpha is that of the labels.

    References
    ----------
    :cite:p:`hinton2015`

    Examples
    --------
    >>> Distillation(temperature=4.0, alpha=1.0).gradient([0], [[1.0, 0.0]], [[1.0, 0.0]])
    array([[0., 0.]])
    """

    inputs, predicted = ("y_true", "student", "teacher"), ("student",)

    def __init__(self, *, temperature: float = 2.0, alpha: float = 0.5) -> None:
        self.temperature = _validate.positive("temperature", temperature)
        self.alpha = _validate.number("alpha", alpha, at_least=0, at_most=1)

    def pointwise(self, y_true: Any, student: Any, teacher: Any) -> np.ndarray:
        # (1 - alpha) CE(y, z) + alpha T^2 KL(softmax(t / T) || softmax(z / T))
        return _distilled(self, y_true, student, teacher)[0]

    def gradient(self, y_true: Any, student: Any, teacher: Any) -> np.ndarray:
        return _distilled(self, y_true, student, teacher)[1]

    def _check(self, y_true: Any, student: Any, teacher: Any) -> tuple[np.ndarray, ...]:
        return _check_distillation(y_true, student, teacher)

    def _both(self, share: Any, *inputs: Any, **named: Any) -> tuple[np.ndarray, tuple[Any, ...]]:
        losses, slopes = _distilled(self, *inputs)
        slopes *= share[:, None]
        return losses, (slopes,)


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


def of_kept(formula: Any) -> Any:
    """The formula where the label is not `ignore_index`, and 0 where it is."""

    @functools.wraps(formula)
    def whole(loss: MulticlassLoss, y: np.ndarray, p: np.ndarray) -> np.ndarray:
        keep = loss._kept(y)
        if keep is None:
            return formula(loss, y, p)
        found = formula(loss, y[keep], p[keep])
        result = np.zeros((len(keep), *found.shape[1:]))
        result[keep] = found
        return result

    return whole


@of_kept
def _cost(loss: CrossEntropy, y: np.ndarray, p: np.ndarray) -> np.ndarray:
    """-sum_k w_k y_k log p_k, where 0 log 0 is 0."""
    if loss.from_logits:
        return softmax.weighted(y, p, loss.label_smoothing, loss.class_weight, False)[0]
    y = _target(loss, y, p)
    terms = np.where(y > 0.0, y * np.log(p), 0.0)
    if loss.class_weight is not None:
        w = np.array(loss.class_weight)
        terms = np.where(w > 0.0, w * terms, 0.0)
    return -np.sum(terms, axis=1)


@of_kept
def _slope(loss: CrossEntropy, y: np.ndarray, p: np.ndarray) -> np.ndarray:
    if loss.from_logits:
        return softmax.weighted(y, p, loss.label_smoothing, loss.class_weight)[1]
    y = _target(loss, y, p)
    if loss.class_weight is None:
        return np.where(y > 0.0, -y / p, 0.0)
    w = np.array(loss.class_weight)
    slope = np.where(y < 1e-150, w * (y / p), w * y / p)  # no part leaves float64 before the whole
    return np.where((y > 0.0) & (w > 0.0), -slope, 0.0)


@of_kept
def _cost_of_log(loss: NLL, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """-w_y x_y, where 0 times infinity is 0."""
    cost = 0.0 - x[np.arange(len(y)), y]
    w = _own_weight(loss, y)
    return cost if w is None else np.where(w > 0.0, w * cost, 0.0)


@of_kept
def _slope_of_log(loss: NLL, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    slope, w = np.zeros(x.shape), _own_weight(loss, y)
    slope[np.arange(len(y)), y] = -1.0 if w is None else -w
    return slope


def _own_weight(loss: MulticlassLoss, y: np.ndarray) -> np.ndarray | None:
    """The weight of each label's class."""
    return None if loss.class_weight is None else np.array(loss.class_weight)[y]


def _distilled(
    loss: Distillation, y: np.ndarray, z: np.ndarray, t: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Losses and gradients; a part with the weight 0 takes none, though it may be infinite."""
    alpha = loss.alpha
    value, slope = np.zeros(len(z)), np.zeros(z.shape)
    if alpha < 1.0:
        value, slope = (softmax.of_indices if y.ndim == 1 else softmax.cross_entropy)(y, z)
        value *= 1.0 - alpha
        slope *= 1.0 - alpha
    if alpha > 0.0:
        soft, slopes = divergence.of_logits(t, z, loss.temperature)
        value += alpha * soft
        slope += alpha * slopes
    return value, slope


def _check_distillation(y: Any, student: Any, teacher: Any) -> tuple[np.ndarray, ...]:
    student = _validate.as_float64("student", student)
    teacher = _validate.as_float64("teacher", teacher)
    y, names = _validate.as_classes("y_true", y), ("y_true", "student")
    _validate.check_rows(y, student, True, True, names)
    if teacher.shape != student.shape:
        raise ValueError(
            f"student has shape {student.shape} and teacher has shape {teacher.shape}; expected "
            "logits of the same classes"
        )
    if y.ndim == 2:
        _validate.check_distributions("y_true", y)
    _validate.check_logits("student", student)
    _validate.check_logits("teacher", teacher)
    return y, student, teacher


def _target(loss: CrossEntropy, y: np.ndarray, p: np.ndarray) -> np.ndarray:
    """The distributions (1 - smoothing) y + smoothing / K, of class indices too."""
    classes = p.shape[1]
    return smoothed(one_hot(y, classes) if y.ndim == 1 else y, loss.label_smoothing, classes)


def _scores(y: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row numbers, the true class's scores, and all scores with -inf in its place."""
    rows = np.arange(y.size)
    wrong = z.copy()
    wrong[rows, y] = -np.inf
    return rows, z[rows, y], wrong
