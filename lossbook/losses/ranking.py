r"""Losses of lists: the scores of some items against their relevances.

A list is a row: :math:`y_i` says how relevant its item i is, and :math:`s_i` is the score that ranks
it; of both, higher is better. Only differences of the scores of a list count.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from lossbook import _masks, _validate
from lossbook._engine import lists
from lossbook.losses.base import Loss, silent

__all__ = ["LambdaRank", "ListNet", "PairwiseLogistic", "PlackettLuce"]


class RankingLoss(Loss):
    """A loss of n lists of K items: `y_true` and `y_pred` have the shape (n, K), `pointwise` (n,).

    One list may have the shape (K,); its loss is a number. Lists of other lengths are filled up,
    and a mask of the shape (n, K) says which items are there; one of the shape (n,) says which
    lists. What is not there is not looked at, and has no part in its list. A weight, (n,), is that
    of a list. `pointwise` and `gradient`, which have no mask, leave out an item whose relevance is
    NaN and whose score is -inf, both. There is no `hessian`: of a list it would be a matrix.
    """

    _lowest, _highest = -np.inf, np.inf  # of relevances
    _needs_order = True
    _sum = silent(lists.sum_of)
    _own_weights = True  # in a sum each term takes its own mean, which knows masks of items

    def _mean(
        self, y_true: Any, y_pred: Any, sample_weight: Any, mask: Any, with_gradient: bool
    ) -> Any:
        if sample_weight is not None or mask is not None:
            y, s = _masks.as_entries("y_true", y_true), _masks.as_entries("y_pred", y_pred)
            one = y.ndim == s.ndim == 1
            if mask is not None and (one or s.ndim == np.ndim(mask) == 2):
                y_true, y_pred, mask = _masks.of_items(y, s, mask)
            if one:
                sample_weight, mask = _of_one(sample_weight, mask)
        return super()._mean(y_true, y_pred, sample_weight, mask, with_gradient)

    def _check(self, y_true: Any, y_pred: Any) -> tuple[np.ndarray, np.ndarray]:
        y, s = _validate.check_pair(y_true, y_pred)
        if y.ndim not in (1, 2):
            raise ValueError(
                f"y_true and y_pred have shape {y.shape}; expected lists (n, K), or one list (K,)"
            )
        if y.shape[-1] < 2:
            raise ValueError(
                f"y_true and y_pred have shape {y.shape}: a list of one item; expected two items "
                "at least"
            )
        whole = math.isfinite(np.vdot(y, y))  # no NaN, which min and max would return
        low, high = (
            (y.min(), y.max())
            if whole
            else (np.fmin.reduce(y, axis=None), np.fmax.reduce(y, axis=None))
        )
        if not whole:
            _check_items(self, y, s)
        if high > self._highest or low < self._lowest:
            self._check_finite(y, s)
            wrong = (y > self._highest) | (y < self._lowest)
            most = "" if np.isinf(self._highest) else f" and at most {self._highest:g}"
            raise ValueError(
                f"y_true holds {_validate.first(y, wrong)}; expected relevances of at least "
                f"{self._lowest:g}{most}"
            )
        if self._needs_order and not (whole and (y != y[..., :1]).any(axis=-1).all()):
            _check_order(self, y, s)
        return y, s

    def _check_finite(self, y_true: np.ndarray, y_pred: np.ndarray) -> None:
        if math.isfinite(np.vdot(y_true, y_true)) and math.isfinite(np.vdot(y_pred, y_pred)):
            return
        absent = np.isnan(y_true) & np.isneginf(y_pred)
        if absent.any():
            y_true, y_pred = np.where(absent, 0.0, y_true), np.where(absent, 0.0, y_pred)
        super()._check_finite(y_true, y_pred)

    def _loss_shape(self, y_true: np.ndarray, y_pred: np.ndarray) -> tuple[int, ...]:
        return y_pred.shape[:-1]


class ListNet(RankingLoss):
    r"""ListNet: softmax cross-entropy of a list, :math:`-\sum_i y_i \log p_i`, p the softmax of s.

    Relevances are at least 0, one of them above; their sum Y, which need not be 1, is a factor of
    the loss: divide them by it for lists that count alike. Its paper has the softmax of the
    relevances in place of y. Gradient :math:`Y p_i - y_i`. Right to 4 ulp, the gradient to 4 of
    the greater of its parts :math:`(Y - y_i) p_i` and :math:`y_i (1 - p_i)`, for lists of up to 30
    items. No `hessian`.

    References
    ----------
    :cite:p:`cao2007`

    Examples
    --------
    >>> ListNet().gradient([1, 0, 0, 0], [2.0, 2.0, 2.0, 2.0])
    array([-0.75,  0.25,  0.25,  0.25])
    """

    _lowest, _needs_order = 0.0, False
    _both = staticmethod(lists.top_one)
    _sum = silent(lists.sum_of)

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # -sum_i y_i log(exp(s_i) / sum_j exp(s_j))
        return lists.top_one(y_true, y_pred, False)[0]

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return lists.top_one(y_true, y_pred)[1]

    def _check(self, y_true: Any, y_pred: Any) -> tuple[np.ndarray, np.ndarray]:
        y, s = super()._check(y_true, y_pred)
        _check_relevant(self, y, s)
        return y, s


class PlackettLuce(RankingLoss):
    r"""Plackett-Luce likelihood of an order, :math:`\sum_i (\log \sum_{j \ge i} e^{s_j} - s_i)`.

    The items stand in the order of `y_true`, the best first, and each is chosen from those that are
    left with the probability of their softmax; also called ListMLE. Only the order of the
    relevances counts (of ranks, 1 the best, pass ``-ranks``). Items that share the least of them
    have no order: all of theirs are as good, which leaves a list of the best few. Other ties are an
    error. Of the softmax :math:`p^{(i)}` of what is left in step i the gradient is
    :math:`\sum_{i \le k} p^{(i)}_k - 1`; without the 1 for items without an order. Right to
    4 ulp, the gradient to 4 of what pulls an item up or pushes it down, for lists of up to 30 items;
    sums over longer ones round more often. No `hessian`.

    References
    ----------
    :cite:p:`plackett1975`, as a loss :cite:p:`xia2008`

    Examples
    --------
    >>> np.exp(-PlackettLuce()([3, 2, 1], [0.0, 0.0, 0.0]))  # one of 6 orders
    np.float64(0.16666666666666669)
    """

    _both = staticmethod(lists.in_order)
    _sum = silent(lists.sum_of)

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # sum_i log((e_i + e_(i+1) + ...) / e_i), e = exp(s) in the order of y
        return lists.in_order(y_true, y_pred, False)[0]

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return lists.in_order(y_true, y_pred)[1]

    def _check(self, y_true: Any, y_pred: Any) -> tuple[np.ndarray, np.ndarray]:
        y, s = super()._check(y_true, y_pred)
        _check_ties(self, y, s)
        return y, s


class PairwiseLogistic(RankingLoss):
    r"""Pairwise logistic loss of RankNet, :math:`\sum_{y_i > y_j} \log(1 + e^{-(s_i - s_j)})`.

    A logistic loss of the difference of scores, summed over the pairs that have an order. Its
    gradient has :math:`-1 / (1 + e^{s_i - s_j})` at the better item of each pair, and the same with
    the sign + at the worse one. Divided by log 2 and by the number of pairs it is an upper bound of
    the share of pairs in the wrong order: of 1 - AUC for two relevances. Right to 4 ulp,
    the gradient to 4 of what pulls an item up or pushes it down, for lists of up to 30 items. Takes
    time of :math:`K^2`. No `hessian`.

    References
    ----------
    :cite:p:`burges2005`

    Examples
    --------
    >>> PairwiseLogistic().gradient([2, 0, 0], [0.0, 0.0, 0.0])
    array([-1. ,  0.5,  0.5])
    """

    _both = staticmethod(lists.pairs_apart)
    _sum = silent(lists.sum_of)

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # sum over y_i > y_j of log(1 + exp(-(s_i - s_j)))
        return lists.pairs_apart(y_true, y_pred, False)[0]

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return lists.pairs_apart(y_true, y_pred)[1]


class LambdaRank(RankingLoss):
    r"""LambdaRank, :math:`\sum_{y_i > y_j} |\Delta_{ij}| \log(1 + e^{-(s_i - s_j)})`.

    :math:`\Delta_{ij} = (g_i - g_j)(d_i - d_j) / Z` is the change of NDCG if items i and j changed
    places: gains :math:`g = 2^y - 1`, discounts :math:`d = 1 / \log_2(1 + r)` of the rank r by the
    present scores, and Z the best sum of their products. Between changes of rank these weights are
    constant, and `gradient` is the derivative; there the loss jumps. Where scores are equal, the
    weights are the mean over all of their orders, so that training can begin from equal scores.
    LightGBM and XGBoost divide the weights by :math:`|s_i - s_j| + 0.01`, unless told not to.
    Relevances from 0 to 1000. Right to 6 ulp, in the time of `PairwiseLogistic`.
    No `hessian`.

    References
    ----------
    :cite:p:`burges2010`, NDCG :cite:p:`jarvelin2002`, as a loss :cite:p:`wangli2018`

    Examples
    --------
    >>> LambdaRank().gradient([2, 1, 0], [0.5, 0.5, 0.5]).round(3)
    array([-0.23 ,  0.046,  0.184])
    """

    _lowest, _highest = 0.0, 1000.0
    _both = staticmethod(lists.pairs_weighed)
    _sum = silent(lists.sum_of)

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # sum over y_i > y_j of |delta_ij| log(1 + exp(-(s_i - s_j)))
        return lists.pairs_weighed(y_true, y_pred, False)[0]

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return lists.pairs_weighed(y_true, y_pred)[1]


def _of_one(sample_weight: Any, mask: Any) -> tuple[None, None]:
    """Raise unless a weight and a mask of one list leave it in; its mean needs them no more."""
    if sample_weight is not None:
        _validate.check_weights(sample_weight, ())
    if mask is not None and not mask:
        raise ValueError("mask holds only False; expected something to take the mean of")
    return None, None


def _check_items(loss: RankingLoss, y: np.ndarray, s: np.ndarray) -> None:
    """Raise unless two items of each list are there."""
    there = np.asarray(np.count_nonzero(~np.isnan(y), axis=-1))
    if there.min() < 2:
        loss._check_finite(y, s)
        at = _validate.first_index(there < 2)
        items = "one item" if there[at] else "no items"
        raise ValueError(f"y_true holds a list of {items}{_validate.at(at)}; expected two at least")


def _check_order(loss: RankingLoss, y: np.ndarray, s: np.ndarray) -> None:
    """Raise unless each list has items of two relevances."""
    high, low = np.fmax.reduce(y, axis=-1), np.fmin.reduce(y, axis=-1)
    if not np.all(low < high):
        loss._check_finite(y, s)
        at = _validate.first_index(np.asarray(~(low < high)))
        raise ValueError(
            f"y_true holds a list of relevances that are all {high[at]:g}{_validate.at(at)}; "
            "expected two at least: a list without an order teaches nothing, and "
            "mask=y_true.max(axis=1) > y_true.min(axis=1) leaves it out"
        )


def _check_relevant(loss: RankingLoss, y: np.ndarray, s: np.ndarray) -> None:
    """Raise unless an item of each list is relevant."""
    missing = np.isnan(y)
    found = np.asarray(y.any(axis=-1))  # none is below 0
    if missing.any():
        found = np.fmax.reduce(y, axis=-1) > 0.0
    if not np.all(found):
        loss._check_finite(y, s)
        raise ValueError(
            f"y_true holds a list without a relevant item{_validate.at(_validate.first_index(~found))}"
            ": all are 0; expected one above at least, and mask=y_true.max(axis=1) > 0 leaves such "
            "lists out"
        )


def _check_ties(loss: RankingLoss, y: np.ndarray, s: np.ndarray) -> None:
    """Raise unless the items of each list have an order, but for those of the least relevance."""
    ordered = np.sort(y, axis=-1)  # NaN last
    tied = (ordered[..., 1:] == ordered[..., :-1]) & (ordered[..., 1:] > ordered[..., :1])
    if tied.any():
        loss._check_finite(y, s)
        at = _validate.first_index(tied)
        raise ValueError(
            f"y_true holds a list with a tie at {ordered[at]:g}{_validate.at(at[:-1])}; expected an "
            "order: items may share the least relevance only, as those without a place do"
        )
