r"""The class `SeveralLoss`: losses of more than one prediction, or of other arguments than a pair.

Pairs and triplets, embeddings in a batch, lists, sequences: such a loss names its arguments, and
everything else is as for a `Loss`.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from lossbook import _masks, _validate
from lossbook._engine import sums
from lossbook.losses.arithmetic import AnyLoss, Terms, one_shape, sum_of_means
from lossbook.losses.base import scaled, silent

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["BatchLoss", "SeveralLoss"]


def _checked(formula: Any) -> Any:
    """The method that binds and checks its arguments before it applies the formula."""

    @functools.wraps(formula)
    def method(self: SeveralLoss, *inputs: Any, **named: Any) -> Any:
        checked = self._check(*self._bound(inputs, named))
        with np.errstate(all="ignore"):
            return formula(self, *checked)

    return method


class SeveralLoss(AnyLoss):
    r"""A loss :math:`\ell` with arguments of its own, and a gradient for each that is predicted.

    A subclass names its arguments in `inputs`, and those that are predicted in `predicted`. It
    defines `pointwise` and `gradient`, which see checked arrays, and `_check`, which converts the
    arguments and raises for what is wrong with them. The mean, weights, masks, sums and multiples
    follow. Arguments are given by position or by name; `sample_weight` and `mask` by name.

    Each argument has a row for each loss, along its first axis, but for those in `shared`. Those in
    `optional` may be left out, and are None then. Each row is a loss of its own; where rows meet,
    the class is a `BatchLoss`.

    Raises
    ------
    ValueError, TypeError
        For everything wrong, here and in all methods: it names the argument, what it holds and what
        was expected.

    Examples
    --------
    >>> class Gap(SeveralLoss):
    ...     inputs = predicted = ("high", "low")
    ...
    ...     def _check(self, high, low):
    ...         return _validate.check_alike(high=high, low=low)
    ...
    ...     def pointwise(self, high, low):
    ...         return np.square(high - low)
    ...
    ...     def gradient(self, high, low):
    ...         return 2 * (high - low), 2 * (low - high)
    >>> Gap().value_and_gradient(low=[1.0, np.nan], high=[3.0, 3.0], mask=[True, False])
    (4.0, (array([4., 0.]), array([-4.,  0.])))
    """

    optional: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in ("pointwise", "gradient", "hessian"):
            if name in cls.__dict__:
                formula = cls.__dict__[name]
                setattr(cls, f"_{name}", formula)
                setattr(cls, name, _checked(formula))

    def pointwise(self, *inputs: Any, **named: Any) -> np.ndarray:
        """The losses of the rows.

        Parameters
        ----------
        *inputs, **named : array_like
            The arguments in `inputs`, by position or by name.

        Returns
        -------
        ndarray of shape (n,)
            One for each row.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define pointwise")

    def gradient(self, *inputs: Any, **named: Any) -> Any:
        """The derivative of each row's loss with respect to what is predicted in the row.

        At a kink: the subgradient of least norm. With respect to what all rows share: the
        derivative of the sum of the losses.

        Parameters
        ----------
        *inputs, **named : array_like
            As for `pointwise`.

        Returns
        -------
        ndarray, or tuple of ndarray
            One for each argument in `predicted` that is given, in its shape; not in a tuple if there
            is but one.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define gradient")

    def hessian(self, *inputs: Any, **named: Any) -> NoReturn:
        """None: it would be a matrix.

        Parameters
        ----------
        *inputs, **named : array_like
            As for `pointwise`.

        Raises
        ------
        NotImplementedError
            Always.

        Examples
        --------
        >>> from lossbook import losses
        >>> losses.Triplet().hessian([[0.0]], [[1.0]], [[2.0]])
        Traceback (most recent call last):
        NotImplementedError: Triplet does not define hessian
        """
        raise NotImplementedError(f"{type(self).__name__} does not define hessian")

    _pointwise, _gradient, _hessian = pointwise, gradient, hessian

    def __call__(
        self,
        *inputs: Any,
        sample_weight: ArrayLike | None = None,
        mask: ArrayLike | None = None,
        **named: Any,
    ) -> float:
        r"""The weighted mean :math:`\sum_i w_i \ell_i / \sum_i w_i` of the rows that count.

        Where the mask is False, or the weight 0, anything may stand in a row: it is not looked at,
        and has no part in the mean. Where rows meet in a batch it takes part in no other row's
        loss either.

        Parameters
        ----------
        *inputs : array_like
            The arguments in `inputs`, as for `pointwise`.
        sample_weight : array_like of shape (n,), optional
            A weight for each row, none negative, not all 0; all ones by default.
        mask : array_like of bool, of shape (n,), optional
            True (or 1) for the rows that count; True everywhere by default.
        **named : array_like
            Arguments by name.

        Returns
        -------
        float
            In the unit of `pointwise`.

        Raises
        ------
        ValueError
            If nothing counts; or if a loss that counts is NaN: an infinite loss less another.
        """
        return self._mean_of(self._bound(inputs, named), sample_weight, mask, False)[0]

    def value_and_gradient(
        self,
        *inputs: Any,
        sample_weight: ArrayLike | None = None,
        mask: ArrayLike | None = None,
        **named: Any,
    ) -> tuple[float, Any]:
        """The weighted mean and its gradients, in one pass; errors as for a call.

        Parameters
        ----------
        *inputs, sample_weight, mask, **named : array_like
            As for a call.

        Returns
        -------
        float
            The mean.
        ndarray, or tuple of ndarray
            The gradients *of the mean*, as those of `gradient`; 0 in the rows that do not count.
        """
        value, slopes = self._mean_of(self._bound(inputs, named), sample_weight, mask, True)
        return value, slopes[0] if len(slopes) == 1 else slopes

    def _bound(self, given: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
        """The arguments in their order; None for an optional one that is not given."""
        if not named and len(given) == len(self.inputs):
            return given
        takes = f"expected ({', '.join(self.inputs)})"
        if len(given) > len(self.inputs):
            hint = "; sample_weight and mask are given by name"
            raise TypeError(f"{self!r} is given {len(given)} arguments; {takes}{hint}")
        found = dict(zip(self.inputs, given, strict=False))
        for name in named:
            if name not in self.inputs:
                raise TypeError(f"{self!r} has no argument {name!r}; {takes}")
            if name in found:
                raise TypeError(f"{self!r} is given {name} twice; {takes}")
        found |= named
        missing = [n for n in self.inputs if n not in found and n not in self.optional]
        if missing:
            raise TypeError(f"{self!r} is not given {' and '.join(missing)}; {takes}")
        return tuple(found.get(name) for name in self.inputs)

    # The mean

    def _mean_of(
        self, inputs: tuple[Any, ...], sample_weight: Any, mask: Any, with_gradient: bool
    ) -> tuple[float, tuple[np.ndarray, ...]]:
        """The mean and, if asked for, its gradients: of the rows that count."""
        if sample_weight is None and mask is None:
            return self._mean_of_rows(self._check(*inputs), None, with_gradient)
        by_row = [v is not None and n not in self.shared for n, v in self._named(inputs)]
        arrays = [
            _masks.as_entries(name, v) if its else v
            for its, (name, v) in zip(by_row, self._named(inputs), strict=True)
        ]
        n = [a.shape[:1] for a, its in zip(arrays, by_row, strict=True) if its]
        if len(set(n)) != 1 or n[0] in ((), (0,)):
            self._check(*inputs)  # which says what does not fit
            raise ValueError(f"{', '.join(self.inputs)} have {n} rows; expected as many of each")
        w, keep = _masks.of_rows(sample_weight, mask, n[0])
        if keep is None:
            return self._mean_of_rows(self._check(*inputs), w, with_gradient)
        at = np.flatnonzero(keep)
        kept = [
            _masks.kept_rows(name, a, keep, at, name in self.predicted) if its else a
            for its, a, name in zip(by_row, arrays, self.inputs, strict=True)
        ]
        with _masks.renumbered(keep, self.shared):
            checked = self._check(*kept)
            value, slopes = self._mean_of_rows(checked, w if w is None else w[at], with_gradient)
        if not with_gradient:
            return value, slopes
        whole = [
            slope if name in self.shared else _scattered(slope, at, n[0])
            for name, slope in zip(self._learned(inputs), slopes, strict=True)
        ]
        return value, tuple(whole)

    def _learned(self, inputs: tuple[Any, ...]) -> list[str]:
        """The predicted arguments that are given."""
        return [n for n, v in self._named(inputs) if n in self.predicted and v is not None]

    def _named(self, inputs: tuple[Any, ...]) -> list[tuple[str, Any]]:
        return list(zip(self.inputs, inputs, strict=True))

    @silent
    def _mean_of_rows(self, checked: Any, w: Any, with_gradient: bool) -> Any:
        """Of checked arguments, with weights above 0."""
        n = self._count(*checked)
        own = self._row_weights(*checked)
        if own is not None:
            w = own if w is None else _times(w, own)
        if w is None:
            weight: float = n
            share = np.full(n, 1.0 / n)
        else:
            w, weight = scaled(w)
            share = w / weight
        if with_gradient:
            losses, slopes = self._both(share, *checked)
        else:
            losses, slopes = self._pointwise(*checked), ()
        total = float(np.add.reduce(losses) if w is None else losses.dot(w))
        mean = total / weight if math.isfinite(total) else self._mean_of_large(losses, share)
        return mean + 0.0, slopes

    def _mean_of_large(self, losses: np.ndarray, share: np.ndarray) -> float:
        """The mean where the plain sum is not finite: no overflow before the division."""
        counts = share != 0.0  # NaN if no row has a weight, which is no mean
        mean = sums.exact_sum((losses[counts] * share[counts]).tolist())
        if math.isnan(mean):
            where = np.isnan(losses) & counts
            if not where.any():
                raise ValueError(f"the mean of {self!r} is nan: it is inf here, and -inf there")
            raise ValueError(
                f"{self!r} is nan{_validate.at(_validate.first_index(where))}; expected a number "
                "(infinity less infinity, and 0 times it, are nan)"
            )
        return mean

    def _both(
        self, share: Any, *inputs: Any, **named: Any
    ) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
        """The losses, and the gradients of the sum of them, each times its share."""
        slopes = self._gradient(*inputs)
        slopes = slopes if isinstance(slopes, tuple) else (slopes,)
        return self._pointwise(*inputs), tuple(
            slope * share.reshape(share.shape + (1,) * (slope.ndim - 1)) for slope in slopes
        )

    # What a family of losses adapts

    def _check(self, *inputs: Any, **named: Any) -> tuple[Any, ...]:
        """All arguments converted and checked, or an error that says what is wrong."""
        raise NotImplementedError(f"{type(self).__name__} does not define _check")

    def _count(self, *inputs: Any, **named: Any) -> int:
        """How many losses there are."""
        rows = [v for n, v in self._named(inputs) if v is not None and n not in self.shared]
        return len(rows[0])

    def _row_weights(self, *inputs: Any, **named: Any) -> np.ndarray | None:
        """What each row counts in the mean, times its weight, if not 1: how many pairs it has, say."""
        return None

    def _combined(self, terms: Any) -> SeveralCombination:
        return SeveralCombination(terms)


class BatchLoss(SeveralLoss):
    r"""A loss whose rows meet in a batch: each row's loss depends on other rows too.

    A subclass defines `_both`, which returns the losses and the gradients of their weighted sum;
    `pointwise` and `gradient` follow from it. `gradient` is that of the *sum* of all losses, as a
    row takes part in the losses of others.

    Examples
    --------
    >>> class Spread(BatchLoss):
    ...     inputs = predicted = ("x",)
    ...
    ...     def _check(self, x):
    ...         return _validate.check_alike(x=x)
    ...
    ...     def _both(self, share, x):
    ...         apart = x - x.mean()
    ...         if share is None:
    ...             return np.square(apart), ()
    ...         slope = 2 * share * apart
    ...         return np.square(apart), (slope - slope.mean(),)
    >>> Spread()([1.0, 3.0]), Spread().gradient([1.0, 3.0])
    (1.0, array([-2.,  2.]))
    """

    def pointwise(self, *inputs: Any, **named: Any) -> np.ndarray:
        return self._both(None, *inputs)[0]

    def gradient(self, *inputs: Any, **named: Any) -> Any:
        slopes = self._both(np.ones(self._count(*inputs)), *inputs)[1]
        return slopes if len(slopes) > 1 else slopes[0]

    def _both(self, share: Any, *inputs: Any, **named: Any) -> Any:
        """The losses, and the gradients of the sum of them, each times its share; or () without."""
        raise NotImplementedError(f"{type(self).__name__} does not define _both")


class SeveralCombination(Terms, SeveralLoss):
    r"""The loss :math:`\sum_j a_j \ell_j` of losses with the same arguments."""

    def __init__(self, terms: Any) -> None:
        super().__init__(terms)
        first = self.terms[0][1]
        for name in ("inputs", "predicted", "optional", "shared"):
            setattr(self, name, getattr(first, name))

    def pointwise(self, *inputs: Any, **named: Any) -> np.ndarray:
        if self._is_zero:
            return np.zeros(self._count(*inputs))
        parts = [a * loss._pointwise(*inputs) for a, loss in self.terms]
        one_shape(self.terms, map(np.shape, parts))
        return sum(parts)

    def gradient(self, *inputs: Any, **named: Any) -> Any:
        slopes = self._both(np.ones(self._count(*inputs)), *inputs)[1]
        return slopes if len(slopes) > 1 else slopes[0]

    def _both(self, share: Any, *inputs: Any, **named: Any) -> Any:
        if self._is_zero:
            named = dict(self._named(inputs))
            learned = self._learned(inputs)
            return self._pointwise(*inputs), tuple(np.zeros_like(named[n]) for n in learned)
        one_shape(self.terms, [(loss._count(*inputs),) for _, loss in self.terms])
        losses, slopes = zip(*(loss._both(share, *inputs) for _, loss in self.terms), strict=True)

        def whole(parts: Any) -> Any:
            return sum(a * part for (a, _), part in zip(self.terms, parts, strict=True))

        return whole(losses), tuple(whole(parts) for parts in zip(*slopes, strict=True))

    @silent
    def _mean_of_rows(self, checked: Any, w: Any, with_gradient: bool) -> Any:
        if self._is_zero or _counted_alike(self.terms, checked):
            return super()._mean_of_rows(checked, w, with_gradient)
        means = [loss._mean_of_rows(checked, w, with_gradient) for _, loss in self.terms]
        values, slopes = zip(*means, strict=True)
        parts = [[a * s for s in own] for (a, _), own in zip(self.terms, slopes, strict=True)]
        whole = tuple(sum(of_one) for of_one in zip(*parts, strict=True))
        return sum_of_means(self, values), whole

    def _check(self, *inputs: Any, **named: Any) -> tuple[Any, ...]:
        return [loss._check(*inputs) for _, loss in self.terms][-1]

    def _count(self, *inputs: Any, **named: Any) -> int:
        return self.terms[0][1]._count(*inputs)


def _counted_alike(terms: Any, checked: Any) -> bool:
    """Whether one mean, over rows of one weight, is the sum of the terms' means."""
    return len({loss._count(*checked) for _, loss in terms}) == 1 and all(
        loss._row_weights(*checked) is None for _, loss in terms
    )


def _times(w: np.ndarray, own: np.ndarray) -> np.ndarray:
    """The weights times what each row counts; of their ratios only, if a product is lost."""
    both = w * own
    lost = ~np.isfinite(both) | ((both == 0.0) & (w > 0.0) & (own > 0.0))
    return both if not lost.any() else w / w[own > 0.0].max() * own


def _scattered(slope: np.ndarray, at: np.ndarray, n: tuple[int]) -> np.ndarray:
    """The slopes of the rows that count, and 0 in the others."""
    whole = np.zeros(n + slope.shape[1:])
    whole[at] = slope
    return whole
