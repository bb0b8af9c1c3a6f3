"""The class `Loss`: what every loss of a truth and a prediction shares; and sums of them."""

from __future__ import annotations

import contextlib
import functools
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from lossbook import _masks, _validate
from lossbook._engine import sums
from lossbook.losses.arithmetic import AnyLoss, Terms, one_shape, sum_of_means

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["Combination", "Loss"]

silent = np.errstate(all="ignore")  # an infinite loss is an answer, not a fault


def _checked(formula: Any) -> Any:
    """The method that checks its arguments before it applies the formula."""

    @functools.wraps(formula)
    def method(self: Loss, y_true: ArrayLike, y_pred: ArrayLike) -> np.ndarray:
        y, p = self._check(y_true, y_pred)
        self._check_finite(y, p)
        with np.errstate(all="ignore"):
            result = formula(self, y, p)
        return result[()] if isinstance(result, np.ndarray) and result.ndim == 0 else result

    return method


class Loss(AnyLoss):
    r"""A loss :math:`\ell(y, \hat y)` of a true value and a prediction, with its derivatives.

    A subclass that defines `pointwise` and `gradient` (and, if it exists, `hessian`) is a loss in
    full: arguments are checked and converted before these methods see them, and the weighted mean,
    its gradient, sums and multiples follow. With the class attribute ``elementwise = True`` it
    promises that each entry of a result depends on the same entry of the arguments alone; the work
    is then done in cache-sized blocks.

    All arguments are numbers or arrays of them, finite (but for logits that rule a class out), and
    of one shape. Integers, booleans and float32 are converted to float64, and results are float64.
    Results that are too large for float64 are `inf`.

    Hyperparameters are keyword arguments and attributes, checked when the loss is made. After that
    a loss cannot be changed; `replace` makes another one. Losses of one class with equal
    hyperparameters are equal.

    Raises
    ------
    ValueError, TypeError
        For everything wrong, here and in all methods: it names the argument, what it holds and what
        was expected.

    Examples
    --------
    >>> class Quartic(Loss):
    ...     def pointwise(self, y_true, y_pred):
    ...         return (y_pred - y_true) ** 4
    ...
    ...     def gradient(self, y_true, y_pred):
    ...         return 4 * (y_pred - y_true) ** 3
    >>> Quartic().value_and_gradient([1.0, 1.0], [1.0, 3.0])
    (8.0, array([ 0., 16.]))
    """

    elementwise: bool = False
    inputs = ("y_true", "y_pred")
    predicted = ("y_pred",)
    # The arguments that `_check` refuses unless they are finite. In all others the sum of the losses
    # has to show it, which may cost a pass; what a check does cannot be read from the formulas.
    _finite_by_check: tuple[str, ...] = ()
    # Whether the mean of the losses is divided by something else than the sum of the weights.
    _own_weights = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = [name for name in ("pointwise", "gradient", "hessian") if name in cls.__dict__]
        for name in own:
            formula = cls.__dict__[name]
            setattr(cls, f"_{name}", formula)
            setattr(cls, name, _checked(formula))
        if own and "_sum" not in cls.__dict__:
            cls._sum = Loss._sum  # type: ignore[method-assign]  # not that of other formulas

    # The three formulas

    def pointwise(self, y_true: ArrayLike, y_pred: ArrayLike) -> np.ndarray:
        """The losses of the single samples.

        Parameters
        ----------
        y_true, y_pred : array_like
            Of one shape, or as the class says.

        Returns
        -------
        ndarray
            In the shape of the arguments, or (n,) for rows of predictions (n, K).
        """
        raise NotImplementedError(f"{type(self).__name__} does not define pointwise")

    def gradient(self, y_true: ArrayLike, y_pred: ArrayLike) -> np.ndarray:
        """The derivative of `pointwise` with respect to `y_pred`.

        At a kink: the subgradient of least norm, so 0 where the loss has its minimum.

        Parameters
        ----------
        y_true, y_pred : array_like
            As for `pointwise`.

        Returns
        -------
        ndarray
            In the shape of `y_pred`.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define gradient")

    def hessian(self, y_true: ArrayLike, y_pred: ArrayLike) -> np.ndarray:
        """The second derivative of `pointwise` with respect to `y_pred`, where there is one.

        At a point where it does not exist: the value from one side.

        Parameters
        ----------
        y_true, y_pred : array_like
            As for `pointwise`.

        Returns
        -------
        ndarray
            In the shape of `y_pred`.

        Examples
        --------
        >>> from lossbook import losses
        >>> losses.Huber(delta=1.0).hessian([0.0, 0.0], [0.5, 2.0])
        array([1., 0.])
        """
        raise NotImplementedError(f"{type(self).__name__} does not define hessian")

    _pointwise, _gradient, _hessian = pointwise, gradient, hessian

    # The mean

    def __call__(
        self,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        sample_weight: ArrayLike | None = None,
        mask: ArrayLike | None = None,
    ) -> float:
        r"""The weighted mean :math:`\sum_i w_i \ell_i / \sum_i w_i` of what counts.

        The sum is taken pairwise within blocks and exactly between them: rounding costs some 40 ulp
        at worst, however many the samples. It does not overflow unless a loss does.

        Where the mask is False, or the weight 0, anything may stand in `y_true` and `y_pred`: NaN,
        infinity, a label that is none. It is not looked at, and has no part in the mean. NumPy's
        masked arrays are no masks by themselves: pass ``mask=~np.ma.getmaskarray(y_true)``.

        Parameters
        ----------
        y_true, y_pred : array_like
            As for `pointwise`.
        sample_weight : array_like, optional
            In the shape of `pointwise`, none negative, not all 0; all ones by default. For several
            outputs, (n, m), also one weight a row, (n,): that of each of its entries.
        mask : array_like of bool, optional
            True (or 1) where there is something to learn from, in a shape as that of the weights;
            True everywhere by default.

        Returns
        -------
        float
            In the unit of `pointwise`.

        Raises
        ------
        ValueError
            If nothing counts; or if a loss that counts is NaN: an infinite loss less another.

        Examples
        --------
        >>> from lossbook import losses
        >>> losses.MeanSquaredError()([1.0, 1.0], [1.0, 3.0], sample_weight=[3, 1])
        1.0
        >>> losses.MeanSquaredError()([1.0, np.nan], [3.0, 3.0], mask=[True, False])
        4.0
        """
        return self._mean(y_true, y_pred, sample_weight, mask, with_gradient=False)[0]

    def value_and_gradient(
        self,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        sample_weight: ArrayLike | None = None,
        mask: ArrayLike | None = None,
    ) -> tuple[float, np.ndarray]:
        r"""The weighted mean and its gradient, in one pass; errors as for a call.

        Parameters
        ----------
        y_true, y_pred, sample_weight, mask : array_like
            As for a call.

        Returns
        -------
        float
            The mean.
        ndarray
            The gradient *of the mean*, in the shape of `y_pred`: entry i is
            :math:`w_i / \sum_j w_j` times the derivative :math:`\ell'_i` that `gradient` returns,
            and 0 where the mask is False.

        Examples
        --------
        >>> from lossbook import losses
        >>> losses.MeanSquaredError().value_and_gradient([1.0, 1.0], [1.0, 3.0])
        (2.0, array([0., 2.]))
        """
        return self._mean(y_true, y_pred, sample_weight, mask, with_gradient=True)

    def _mean(
        self, y_true: Any, y_pred: Any, sample_weight: Any, mask: Any, with_gradient: bool
    ) -> Any:
        if sample_weight is None and mask is None:
            return self._mean_of_all(y_true, y_pred, None, with_gradient)
        return _masks.mean(self, y_true, y_pred, sample_weight, mask, with_gradient)

    def _mean_of_all(self, y_true: Any, y_pred: Any, w: Any, with_gradient: bool) -> Any:
        y, p = self._check(y_true, y_pred)
        return self._mean_of_checked(y, p, self._loss_shape(y, p), w, with_gradient)

    def _mean_of_checked(self, y: Any, p: Any, shape: Any, w: Any, with_gradient: bool) -> Any:
        if w is None:
            weight = float(math.prod(shape))
        else:
            w, weight = scaled(_masks.spread(w, shape))
        if self._own_weights:
            w, weight = _moderate(w, weight)
            weight = self._weight_of(y, w, weight)
        out = np.empty(p.shape) if with_gradient else None
        total = self._sum(y, p, w, 1.0 / weight, out)
        if math.isfinite(total):
            mean = total / weight + 0.0
        else:
            self._check_finite(y, p)
            mean = self._mean_of_large(y, p, 1.0 / weight if w is None else w / weight, out)
        return mean, out if out is None or out.ndim else out[()]

    @silent
    def _sum(self, y: Any, p: Any, w: Any, k: float, out: Any) -> float:
        """What `sums.sum_of` describes; a family with another way to the same sum overrides it."""
        return sums.sum_of(self, y, p, w, k, out)

    @silent
    def _mean_of_large(self, y: Any, p: Any, share: Any, out: Any) -> float:
        """The mean where the plain sum is not finite: no overflow before the division."""
        value = np.asarray(self._pointwise(y, p))
        share = np.broadcast_to(share, value.shape)
        counts = share > 0
        if out is not None:
            sums.scale_rows(self._gradient(y, p), share, out)
            out[~counts] = 0.0
        mean = sums.exact_sum((value[counts] * share[counts]).tolist())
        if math.isnan(mean):
            missing = np.isnan(value) & counts
            if not missing.any():
                raise ValueError(f"the mean of {self!r} is nan: it is inf here, and -inf there")
            i = _validate.first_index(missing)
            raise ValueError(
                f"{self!r} is nan{_validate.at(i)}, where y_true holds {y[i[: y.ndim]]} and y_pred "
                f"{p[i]}; expected a number (infinity less infinity, and 0 times it, are nan)"
            )
        return mean

    # What a family of losses adapts

    def _check(self, y_true: Any, y_pred: Any) -> tuple[np.ndarray, np.ndarray]:
        """Both arguments as float64 arrays, checked for everything but finiteness."""
        return _validate.check_pair(y_true, y_pred)

    def _check_finite(self, y_true: np.ndarray, y_pred: np.ndarray) -> None:
        _validate.check_finite("y_true", y_true)
        _validate.check_finite("y_pred", y_pred)

    def _loss_shape(self, y_true: np.ndarray, y_pred: np.ndarray) -> tuple[int, ...]:
        """The shape of `pointwise`, and so of the weights."""
        return y_true.shape

    def _weight_of(self, y_true: np.ndarray, w: Any, weight: float) -> float:
        """What the sum is divided by, if it is not the sum of the weights, `weight`."""
        return weight

    def _combined(self, terms: Any) -> Combination:
        return Combination(terms)


class Combination(Terms, Loss):
    r"""The loss :math:`\sum_j a_j \ell_j(y, \hat y)`, made by ``a * loss1 + b * loss2``.

    The mean is the sum of the terms' means. Where some terms have a loss for each row, and others
    one for each entry, there is no `pointwise`, and `gradient` is the sum of the terms' own.

    Parameters
    ----------
    terms : iterable of (float, Loss)
        Factors, finite, and their losses; at least one pair. A combination among the losses is
        taken apart into its terms, and terms of one loss are added. A term of factor 0 takes no
        part, though its loss may be infinite; if all are 0, so is the loss.

    Raises
    ------
    ValueError, TypeError
        If there are no terms, or a term is no such pair.

    Examples
    --------
    >>> from lossbook import losses
    >>> losses.MeanSquaredError() - 0.5 * losses.MeanAbsoluteError()
    1 * MeanSquaredError() + -0.5 * MeanAbsoluteError()
    """

    def __init__(self, terms: Iterable[tuple[float, Loss]]) -> None:
        super().__init__(terms)
        parts = [loss for _, loss in self.terms]
        self.elementwise = all(loss.elementwise for loss in parts) and not self._is_zero
        finite = set.intersection(*(set(loss._finite_by_check) for loss in parts))
        self._finite_by_check = tuple(sorted(finite))
        self._own_weights = any(loss._own_weights for loss in parts) and not self._is_zero

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        if self._is_zero:
            return np.zeros(one_shape(self.terms, self._shapes(y_true, y_pred)))
        parts = [a * loss._pointwise(y_true, y_pred) for a, loss in self.terms]
        if not self.elementwise:  # all others are in the shape of the arguments
            one_shape(self.terms, map(np.shape, parts))
        return sum(parts)

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return self._sum_of("_gradient", y_true, y_pred)

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return self._sum_of("_hessian", y_true, y_pred)

    def _sum_of(self, formula: str, y_true: Any, y_pred: Any) -> Any:
        if self._is_zero:
            return np.zeros(y_pred.shape)
        return sum(a * getattr(loss, formula)(y_true, y_pred) for a, loss in self.terms)

    def _mean(
        self, y_true: Any, y_pred: Any, sample_weight: Any, mask: Any, with_gradient: bool
    ) -> Any:
        given = y_true, y_pred, sample_weight, mask, with_gradient
        if not self._own_weights:
            return super()._mean(*given)
        return _summed(self, [loss._mean(*given) for _, loss in self.terms])

    def _mean_of_all(self, y_true: Any, y_pred: Any, w: Any, with_gradient: bool) -> Any:
        y, p = self._check(y_true, y_pred)
        shapes = self._shapes(y, p)
        if self._is_zero or len(set(shapes)) == 1:
            return self._mean_of_checked(y, p, max(shapes, key=len), w, with_gradient)
        return _summed(self, [a._mean_of_all(y, p, w, with_gradient) for _, a in self.terms])

    def _sum(self, y: Any, p: Any, w: Any, k: float, out: Any) -> float:
        if not self._is_zero:
            return super()._sum(y, p, w, k, out)
        self._check_finite(y, p)
        if out is not None:
            out[...] = 0.0
        return 0.0

    def _check(self, y_true: Any, y_pred: Any) -> tuple[np.ndarray, np.ndarray]:
        pairs = [loss._check(y_true, y_pred) for _, loss in self.terms]
        # class indices do for all terms, the numbers that another made of them do not
        indices = [pair for pair in pairs if np.asarray(pair[0]).dtype.kind in "iu"]
        return (indices or pairs)[-1]

    def _check_finite(self, y_true: np.ndarray, y_pred: np.ndarray) -> None:
        for _, loss in self.terms:
            loss._check_finite(y_true, y_pred)

    def _shapes(self, y_true: np.ndarray, y_pred: np.ndarray) -> list[tuple[int, ...]]:
        return [loss._loss_shape(y_true, y_pred) for _, loss in self.terms]

    def _loss_shape(self, y_true: np.ndarray, y_pred: np.ndarray) -> tuple[int, ...]:
        """The coarsest of the terms': weights for it are weights for all."""
        shapes = []
        for _, loss in self.terms:
            with contextlib.suppress(Exception):  # a function need not take what is masked
                shapes.append(loss._loss_shape(y_true, y_pred))
        return min(shapes or self._shapes(y_true, y_pred), key=len)


@silent
def _summed(combination: Combination, means: list[tuple[float, Any]]) -> tuple[float, Any]:
    """The mean and, if the terms have them, the gradients, from those of the terms."""
    values, slopes = zip(*means, strict=True)
    value = sum_of_means(combination, values)
    if slopes[0] is None:
        return value, None
    pairs = zip(combination.terms, slopes, strict=True)
    return value, sum(a * slope for (a, _), slope in pairs)


def scaled(w: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights and their sum; scaled by the largest if the sum or its inverse would be lost."""
    with np.errstate(over="ignore"):
        weight = float(np.sum(w))
    if not 1e-280 < weight < 1e280:
        w = w / w.max()
        weight = float(np.sum(w))
    return w, weight


def _moderate(w: Any, weight: float) -> tuple[Any, float]:
    """Weights, and their sum, that class weights can multiply: times a power of 2, which rounds nothing."""
    if w is None or 1e-180 < weight < 1e180:
        return w, weight
    power = 2.0 ** -math.frexp(weight)[1]
    return w * power, weight * power
