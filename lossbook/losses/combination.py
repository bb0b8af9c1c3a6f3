"""Sums and multiples of losses: `0.7 * MeanSquaredError() + 0.3 * MeanAbsoluteError()`."""

import math
from collections.abc import Iterable

import numpy as np

from lossbook import _validate
from lossbook.losses.base import Loss
from lossbook.losses.entries import Facts


class Combination(Loss):
    r"""The loss :math:`\sum_j a_j \ell_j(y, \hat y)`, made by ``a * loss1 + b * loss2``.

    Parameters
    ----------
    terms : pairs (factor, loss), at least one; factors are finite numbers. A combination among the
        losses is taken apart into its terms, and terms of one loss are added. A term of factor 0
        takes no part, though its loss may be infinite; if all are 0, so is the loss.
    """

    def __init__(self, terms):
        flat = []
        for factor, loss in _pairs(terms):
            factor = _validate.real("factor", factor)
            inner = loss.terms if isinstance(loss, Combination) else ((1.0, loss),)
            flat += [(factor * a, b) for a, b in inner]
        terms = _gathered(flat)
        # of nothing but zeros, the losses still say which arguments are right
        self.terms = tuple(term for term in terms if term[0] != 0) or tuple(terms)

    def pointwise(self, y_true, y_pred):
        return self._sum_of("_pointwise", y_true, y_pred)

    def gradient(self, y_true, y_pred):
        return self._sum_of("_gradient", y_true, y_pred)

    def hessian(self, y_true, y_pred):
        return self._sum_of("_hessian", y_true, y_pred)

    def _sum_of(self, formula, y_true, y_pred):
        if self._is_zero:
            whole = formula == "_pointwise"
            return np.zeros(self._loss_shape(y_true, y_pred) if whole else y_pred.shape)
        return sum(a * getattr(loss, formula)(y_true, y_pred) for a, loss in self.terms)

    @property
    def _is_zero(self):
        return self.terms[0][0] == 0

    @property
    def elementwise(self):
        return all(loss.elementwise for _, loss in self.terms) and not self._is_zero

    @property
    def _unexposed(self):
        return tuple({name for _, loss in self.terms for name in loss._unexposed})

    def _check(self, y_true, y_pred):
        for _, loss in self.terms:
            checked = loss._check(y_true, y_pred)
        return checked

    def _check_finite(self, y_true, y_pred):
        for _, loss in self.terms:
            loss._check_finite(y_true, y_pred)

    def _count(self, y_true, y_pred):
        return self.terms[0][1]._count(y_true, y_pred)

    def _loss_shape(self, y_true, y_pred):
        return self.terms[0][1]._loss_shape(y_true, y_pred)

    @property
    def facts(self):
        """What follows from the facts of the terms; `None` where nothing does."""
        facts = [loss.facts for _, loss in self.terms]
        factors = [a for a, _ in self.terms]
        one_sign = all(a >= 0 for a in factors)

        def shared(name):
            return True if all(getattr(f, name) for f in facts) else None

        def bound(name):
            bounds = [getattr(f, name) for f in facts]
            if len(facts) == 1 and bounds[0] is not None:
                return abs(factors[0]) * bounds[0] if factors[0] else 0.0
            return None

        tasks = {f.task for f in facts}
        return Facts(
            name=" + ".join(f"{a:g} {f.name}" for a, f in zip(factors, facts, strict=True)),
            task=tasks.pop() if len(tasks) == 1 else None,
            convex=shared("convex") if one_sign else None,
            strictly_convex=(
                True
                if one_sign
                and all(f.convex for f in facts)
                and any(f.strictly_convex and a > 0 for a, f in zip(factors, facts, strict=True))
                else None
            ),
            smooth=shared("smooth"),
            lipschitz=bound("lipschitz"),
            gradient_lipschitz=bound("gradient_lipschitz"),
            bounded=shared("bounded"),
            symmetric=shared("symmetric"),
            kinks=tuple(sorted({kink for f in facts for kink in f.kinks if math.isfinite(kink)})),
        )

    def __repr__(self):
        return " + ".join(f"{a:g} * {loss!r}" for a, loss in self.terms)


def _pairs(terms):
    """The terms, if they are pairs with a loss, and at least one."""
    if not isinstance(terms, Iterable):
        raise TypeError(f"terms is {terms!r}; expected pairs (factor, loss)")
    terms = list(terms)
    if not terms:
        raise ValueError("terms is empty; expected at least one pair (factor, loss)")
    for i, term in enumerate(terms):
        if not (isinstance(term, tuple | list) and len(term) == 2 and isinstance(term[1], Loss)):
            raise TypeError(f"terms holds {term!r} at index {i}; expected a pair (factor, loss)")
    return terms


def _gathered(terms):
    """The terms with the factors of each loss added up."""
    found = []
    for factor, loss in terms:
        same = next((i for i, (_, other) in enumerate(found) if _same(loss, other)), None)
        if same is None:
            found.append((factor, loss))
        else:
            found[same] = found[same][0] + factor, found[same][1]
    return [(_validate.real("factor", factor), loss) for factor, loss in found]


def _same(a, b):
    """Whether two losses hold the same; equality sees only what their signatures name."""
    if a is b:
        return True
    try:
        return type(a) is type(b) and bool(a.__getstate__() == b.__getstate__())
    except ValueError:  # arrays
        return False
