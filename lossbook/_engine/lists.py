"""Losses of lists of scores, with their gradients: in one pass over their items, or their pairs.

All take relevances `y` and scores `s` of the shape (n, K), the higher the better, and return the
losses (n,) and the gradients (n, K), or None in their place. Where an item is not there, y is NaN
and s is -inf.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from . import differences, softmax, sums
from .pairs import two_sum

BLOCK = 16_384  # items of which intermediate results are kept
PAIRS = 131_072  # pairs of items, in both orders, of which they are kept
MODERATE = 600.0  # exp of minus it keeps all its digits
_KEPT = 256  # items of a list whose discounts are kept


def of_lists(items: int, power: int = 1) -> Callable:
    """A formula of rows as one of a single list too; of blocks of rows with so many items, or pairs."""

    def of(formula: Callable) -> Callable:
        @functools.wraps(formula)
        def whole(y: np.ndarray, s: np.ndarray, with_gradient: bool = True) -> tuple:
            if s.ndim == 1:
                value, gradient = whole(y[None], s[None], with_gradient)
                return value[0], gradient[0] if with_gradient else None
            step = max(1, items // s.shape[1] ** power)
            if len(s) <= step:
                return formula(y, s, with_gradient)
            blocks = [slice(start, start + step) for start in range(0, len(s), step)]
            values, gradients = zip(
                *(formula(y[b], s[b], with_gradient) for b in blocks), strict=True
            )
            return np.concatenate(values), np.concatenate(gradients) if with_gradient else None

        return whole

    return of


def sum_of(loss: Any, y: Any, p: Any, w: Any, k: float, out: Any) -> float:
    """As `sums.sum_of`, of a loss whose `_both` computes values and gradients together."""
    loss._check_finite(y, p)
    value, gradient = loss._both(y, p, out is not None)
    if out is not None:
        sums.scale_rows(gradient, k if w is None else k * w, out)
    return float(np.add.reduce(value) if w is None else value.dot(w))


def moderate(s: np.ndarray, most: float) -> bool:
    """Whether the exponentials of all scores, and their products, keep their digits."""
    flat = s.reshape(-1)
    return bool(flat.dot(flat) <= most**2 or -most <= flat.min() <= flat.max() <= most)


# Softmax of the list


@of_lists(BLOCK)
def top_one(y: np.ndarray, s: np.ndarray, with_gradient: bool = True) -> tuple[np.ndarray, Any]:
    """-sum_i y_i log softmax(s)_i, of relevances that are not negative."""
    if not moderate(s, MODERATE) or not whole(y):  # no NaN then, and their sums are exact
        y = np.where(np.isnan(y), 0.0, y)
        return softmax.cross_entropy(y, s, 0.0, with_gradient, softmax.others(y))
    rows, ones = np.arange(len(s)), np.ones(s.shape[1])
    top = s.argmax(axis=1)
    highest, e = s[rows, top], np.exp(s)
    best = e[rows, top]
    e[rows, top] = 0.0
    rest, sums_of_y = e.dot(ones), y.dot(ones)
    # sum_i y_i (log sum_j exp(s_j) - s_i), both parts from the highest score: none is negative
    value = sums_of_y * np.log1p(rest / best)
    value += np.einsum("ij,ij->i", y, highest[:, None] - s)
    if not with_gradient:
        return value, None
    e[rows, top] = best
    total = rest + best
    e *= (1.0 / total)[:, None]
    miss = 1.0 - e
    miss[rows, top] = rest / total  # 1 - p would cancel
    e *= sums_of_y[:, None] - y
    miss *= y
    e -= miss
    return value, e


def whole(y: np.ndarray) -> bool:
    """Whether these are integers of which sums have no rounding."""
    flat = y.reshape(-1)
    return bool(flat.dot(flat) < 2.0**40 and (np.rint(y) == y).all())


# Plackett and Luce


@of_lists(BLOCK)
def in_order(y: np.ndarray, s: np.ndarray, with_gradient: bool = True) -> tuple[np.ndarray, Any]:
    """-sum_i log(e_i / (e_i + e_(i+1) + ...)) of the items in the order of y, e = exp(s).

    The items of least y are in no order: they are what is left when the others have been chosen.
    """
    least = np.fmin.reduce(y, axis=1)[:, None]
    y = np.where(np.isnan(y), least, y)
    order = np.argsort(-y, axis=1, kind="stable")
    z = np.take_along_axis(s, order, axis=1)
    chosen = np.take_along_axis(y, order, axis=1) > least
    d, error = two_sum(z, -z.max(axis=1)[:, None])
    absent = np.isneginf(z)
    wide = ((d < -MODERATE) & ~absent).any(axis=1)
    error[~np.isfinite(error)] = 0.0
    e = np.exp(d)
    e += e * error
    total = np.cumsum(e[:, ::-1], axis=1)[:, ::-1]  # of an item and all that follow
    rest = np.zeros_like(e)
    rest[:, :-1] = total[:, 1:]
    value = np.where(chosen, np.log1p(rest / e), 0.0).sum(axis=1)
    slope = None
    if with_gradient:
        share = np.where(chosen, 1.0 / total, 0.0)
        earlier = np.zeros_like(e)
        np.cumsum(share[:, :-1], axis=1, out=earlier[:, 1:])
        slope = e * earlier - rest * share
    if wide.any():
        value[wide], steep = _in_order_far_apart(chosen[wide], z[wide])
        if slope is not None:
            slope[wide] = steep
    if slope is None:
        return value, None
    gradient = np.empty_like(slope)
    np.put_along_axis(gradient, order, slope, axis=1)
    return value, gradient


def _in_order_far_apart(chosen: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same of rows in order whose smallest exponentials would underflow: all pairs."""

    @of_lists(PAIRS, 2)
    def formula(chosen: np.ndarray, z: np.ndarray, with_gradient: bool) -> tuple:
        follows = np.tri(z.shape[1], k=0, dtype=bool).T
        best = np.maximum.accumulate(z[:, ::-1], axis=1)[:, ::-1]
        d, error = two_sum(z[:, None, :], -best[:, :, None])
        error[~np.isfinite(error)] = 0.0
        there = follows & ~np.isneginf(z)[:, None, :]
        e = np.where(there, np.exp(d) * (1.0 + error), 0.0)  # by the item chosen from, and of
        own = np.einsum("nii->ni", e).copy()
        np.einsum("nii->ni", e)[...] = 0.0
        rest = e.sum(axis=2)
        short = best - z
        log = np.where(short > 0.0, short + np.log(own + rest), np.log1p(rest / own))
        value = np.where(chosen, log, 0.0).sum(axis=1)
        share = np.where(chosen, 1.0 / (own + rest), 0.0)
        return value, np.einsum("nij,ni->nj", e, share) - rest * share

    return formula(chosen, z)


# Pairs


@of_lists(PAIRS, 2)
def pairs_apart(y: np.ndarray, s: np.ndarray, with_gradient: bool = True) -> tuple[np.ndarray, Any]:
    """The sum of log(1 + exp(-(s_i - s_j))) over all pairs with y_i > y_j."""
    better, worse = _pairs(y)
    return _of_pairs(s, better, worse, None, with_gradient)


@of_lists(PAIRS, 2)
def pairs_weighed(y: np.ndarray, s: np.ndarray, with_gradient: bool = True) -> tuple:
    """The same, each pair times the change of NDCG if its items changed places."""
    better, worse = _pairs(y)
    return _of_pairs(s, better, worse, swap_weights(y, s, better, worse), with_gradient)


def _pairs(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The places, in the flat array, of the better and the worse item of each pair, row by row."""
    items = y.shape[1]
    flat = np.flatnonzero(y[:, :, None] > y[:, None, :])
    better = flat // items
    return better, better // items * items + (flat - better * items)


def _of_pairs(
    s: np.ndarray, better: np.ndarray, worse: np.ndarray, weight: Any, with_gradient: bool
) -> tuple[np.ndarray, Any]:
    n, items = s.shape
    flat = s.reshape(-1)
    if moderate(s, 0.5 * MODERATE):  # then a quotient has all digits of exp(s_j - s_i)
        e = np.exp(flat)
        odds = e.take(worse) / e.take(better)
        cost = np.log1p(odds)
        pull = odds / (1.0 + odds) if with_gradient else None
    else:
        d = differences.difference(flat.take(better), flat.take(worse))
        e = differences.decay(d)
        cost = differences.cost(d, e)
        pull = differences.miss(d, e)
    if weight is not None:
        cost *= weight
    value = np.add.reduceat(cost, np.searchsorted(better, np.arange(n) * items))
    if not with_gradient:
        return value, None
    if weight is not None:
        pull *= weight
    up, down = (np.bincount(place, pull, s.size) for place in (better, worse))
    return value, (down - up).reshape(n, items)


def swap_weights(y: np.ndarray, s: np.ndarray, better: np.ndarray, worse: np.ndarray) -> np.ndarray:
    """By how much the NDCG changes if the items of a pair change places in the order of the scores.

    The gain of an item is 2^y - 1, its discount 1 / log2(1 + rank). Of equal scores all orders are
    as good, and the change is the mean over them.
    """
    items = s.shape[1]
    order = np.argsort(-s, axis=1, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.broadcast_to(np.arange(items), s.shape), axis=1)
    discount, apart = _discounts(items)
    flat = place.reshape(-1)
    change = apart.take(flat.take(better) * items + flat.take(worse))
    ordered = np.take_along_axis(s, order, axis=1)
    tied = (np.diff(ordered, axis=1) == 0.0).any(axis=1)  # -inf less itself is NaN
    for row in np.flatnonzero(tied):
        pairs = slice(*np.searchsorted(better, (row * items, (row + 1) * items)))
        change[pairs] = _over_orders(ordered[row], apart)[
            flat.take(better[pairs]), flat.take(worse[pairs])
        ]
    y = np.where(np.isnan(y), 0.0, y)
    ideal = np.sort(gains(y), axis=1)[:, ::-1] @ discount
    flat = y.reshape(-1)
    if whole(y) and y.max() < 50.0:  # no rounding
        power = np.exp2(flat)
        gap = power.take(better) - power.take(worse)
    else:
        gap = _gap(flat.take(better), flat.take(worse))
    return gap * change / ideal.take(better // items)


def gains(y: Any) -> np.ndarray:
    """2^y - 1."""
    return np.where(y < 1.0, np.expm1(y * math.log(2.0)), np.exp2(y) - 1.0)


def _gap(high: np.ndarray, low: np.ndarray) -> np.ndarray:
    """2^high - 2^low: what the rounding of high - low leaves out is carried on."""
    apart, lost = two_sum(high, -low)
    return np.exp2(low) * (gains(apart) + np.exp2(apart) * (math.log(2.0) * lost))


def _over_orders(ordered: np.ndarray, apart: np.ndarray) -> np.ndarray:
    """`apart`, by place, as a mean over all orders of the scores that are equal."""
    new = np.diff(ordered, prepend=np.nan) != 0.0
    group, starts = np.cumsum(new) - 1, np.flatnonzero(new)
    size = np.diff(starts, append=ordered.size)
    of_groups = np.add.reduceat(np.add.reduceat(apart, starts, axis=0), starts, axis=1)
    count = size[:, None] * size - np.diag(size)  # no item changes places with itself
    return (of_groups / np.maximum(count, 1))[np.ix_(group, group)]


def _discounts(items: int) -> tuple[np.ndarray, np.ndarray]:
    """As `_discounts_of`, which keeps those of short lists only: they are K x K numbers."""
    return _discounts_of(items) if items <= _KEPT else _discounts_of.__wrapped__(items)


@functools.lru_cache(maxsize=8)
def _discounts_of(items: int) -> tuple[np.ndarray, np.ndarray]:
    """The discounts of the places 0, 1, ..., and how far each two are apart."""
    log = np.log(np.arange(2.0, items + 2.0))
    high = np.arange(2.0, items + 2.0)
    # 1 / a - 1 / b is (b - a) / (a b), and log(q) - log(p) is log1p((q - p) / p)
    low = np.minimum(high[:, None], high)
    apart = np.log1p(np.abs(high[:, None] - high) / low) / (log[:, None] * log) * math.log(2.0)
    return math.log(2.0) / log, apart
