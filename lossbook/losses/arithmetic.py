"""What every loss has, whatever its arguments: facts, and sums and multiples."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from lossbook import _validate
from lossbook._engine import sums
from lossbook._immutable import Immutable, same
from lossbook.losses.entries import Facts, facts_of, facts_of_sum

__all__ = ["AnyLoss"]


class AnyLoss(Immutable):
    """A loss of whatever arguments: of one prediction (`Loss`), or of several (`SeveralLoss`).

    Examples
    --------
    >>> from lossbook import losses
    >>> losses.Huber().inputs, losses.Triplet().predicted
    (('y_true', 'y_pred'), ('anchor', 'positive', 'negative'))
    """

    #: the names of the arguments, and of those that are predicted
    inputs: tuple[str, ...] = ()
    predicted: tuple[str, ...] = ()

    @property
    def facts(self) -> Facts:
        """The `Facts` of this loss, with these hyperparameters.

        ``Huber().facts`` are those of the class with its default hyperparameters.
        """
        return facts_of(self)

    def _combined(self, terms: Any) -> Any:
        """The sum of multiples of losses such as this one."""
        raise NotImplementedError(f"{type(self).__name__} cannot be summed")

    def __add__(self, other: Any) -> Any:
        if not isinstance(other, AnyLoss):
            return self if _is_zero(other) else NotImplemented
        return self._combined([(1.0, self), (1.0, other)])

    __radd__ = __add__  # sum() begins with 0

    def __neg__(self) -> Any:
        return -1.0 * self

    def __mul__(self, factor: Any) -> Any:
        if isinstance(factor, AnyLoss):
            raise TypeError(f"the product of {self!r} and {factor!r} is not a loss")
        return self._combined([(factor, self)])

    __rmul__ = __mul__

    def __sub__(self, other: Any) -> Any:
        return self + -1.0 * other if isinstance(other, AnyLoss) else self + other

    def __rsub__(self, other: Any) -> Any:
        return -self if _is_zero(other) else NotImplemented

    def __truediv__(self, divisor: Any) -> Any:
        number = _validate.real("divisor", divisor)
        if number == 0:
            raise ValueError(f"divisor is {divisor}; expected a number other than 0")
        return self * (1.0 / number)


class Terms(AnyLoss):
    """Factors and losses of the same arguments: what a sum of losses is made of."""

    def __init__(self, terms: Iterable[tuple[float, Any]]) -> None:
        found: list[tuple[float, Any]] = []
        for factor, loss in self._of_one_kind(_pairs(terms)):
            factor = _validate.real("factor", factor)
            inner = loss.terms if isinstance(loss, Terms) else ((1.0, loss),)
            for a, part in inner:
                # equality sees only what the signature names
                same = [i for i, (_, other) in enumerate(found) if _same_inside(part, other)]
                before = found.pop(same[0])[0] if same else 0.0
                at = same[0] if same else len(found)
                found.insert(at, (_validate.real("factor", before + factor * a), part))
        # of nothing but zeros, the losses still say which arguments are right
        self.terms: tuple[tuple[float, Any], ...] = tuple(
            term for term in found if term[0] != 0
        ) or tuple(found)
        self._is_zero = self.terms[0][0] == 0

    def _of_one_kind(self, terms: list[tuple[Any, AnyLoss]]) -> list[tuple[Any, Any]]:
        """The terms, if all take the same arguments, and this is how they are summed."""
        first = terms[0][1]
        for _, loss in terms:
            if loss.inputs != first.inputs or type(loss)._combined is not type(first)._combined:
                takes, others = (f"{a!r} takes ({', '.join(a.inputs)})" for a in (first, loss))
                raise TypeError(f"{takes}, and {others}; expected losses of the same arguments")
        if type(first)._combined is not type(self)._combined:
            raise TypeError(f"terms holds {first!r}; expected a sum written a * loss + b * loss")
        return terms

    @property
    def facts(self) -> Facts:
        """What follows from the facts of the terms; `None` where nothing does."""
        return facts_of_sum([(a, loss.facts) for a, loss in self.terms])

    def __repr__(self) -> str:
        return " + ".join(f"{a:g} * {loss!r}" for a, loss in self.terms)


def one_shape(terms: Any, shapes: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    """The shape that the losses of all terms have, or an error that names two that differ."""
    first, *others = shapes
    for (_, loss), shape in zip(terms[1:], others, strict=True):
        if shape != first:
            raise ValueError(
                f"the losses of {terms[0][1]!r} have shape {first}, and those of {loss!r} have "
                f"shape {shape}; expected equal shapes: nothing is broadcast, and only the means "
                "of these losses can be summed"
            )
    return first


def sum_of_means(combination: Terms, means: Iterable[float]) -> float:
    """The means of the terms times their factors, summed: in any order the same."""
    pairs = zip(combination.terms, means, strict=True)
    parts = [a * mean for (a, _), mean in pairs]
    if math.inf in parts and -math.inf in parts:
        raise ValueError(f"the mean of {combination!r} is nan: one term is inf, and another -inf")
    return sums.exact_sum(parts)


def _pairs(terms: Any) -> list[tuple[Any, AnyLoss]]:
    """The terms, if they are pairs with a loss, and at least one."""
    if not isinstance(terms, Iterable):
        raise TypeError(f"terms is {terms!r}; expected pairs (factor, loss)")
    terms = list(terms)
    if not terms:
        raise ValueError("terms is empty; expected at least one pair (factor, loss)")
    for i, term in enumerate(terms):
        pair = isinstance(term, tuple | list) and len(term) == 2
        if not (pair and isinstance(term[1], AnyLoss)):
            raise TypeError(f"terms holds {term!r} at index {i}; expected a pair (factor, loss)")
    return terms


def _same_inside(a: Any, b: Any) -> bool:
    return type(a) is type(b) and same(vars(a), vars(b))


def _is_zero(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == 0
