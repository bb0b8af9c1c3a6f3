"""Kullback-Leibler divergence of two softmaxes, without the cancellation where they are close."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .pairs import Pair, two_product, two_sum
from .softmax import ROWS

_SERIES = [1.0 / k for k in range(20, 2, -1)]
_FAR = 2.0**1000  # differences of such logits may be beyond float64
_LOW = 1e-290  # probabilities below it are about to lose digits


def of_logits(
    teacher: np.ndarray, student: np.ndarray, temperature: float
) -> tuple[np.ndarray, np.ndarray]:
    """T^2 KL(p || q) (n,) and T (q - p) (n, K): the softmaxes of teacher and student over T.

    The sum of p_k (log p_k - log q_k) has terms of both signs. Those below 0 add up to -1/e at most;
    where the sum is less than 1, it is taken in another way. All is computed from the differences
    to the top logit: what the logits have in common costs no digits.
    """
    step = max(1, ROWS // teacher.shape[1])
    blocks = [slice(start, start + step) for start in range(0, len(teacher), step)]
    if len(blocks) < 2:
        return _of_block(teacher, student, temperature)
    parts = [_of_block(teacher[b], student[b], temperature) for b in blocks]
    values, slopes = zip(*parts, strict=True)
    return np.concatenate(values), np.concatenate(slopes)


def _of_block(
    teacher: np.ndarray, student: np.ndarray, temperature: float
) -> tuple[np.ndarray, np.ndarray]:
    """The same of so few rows that their intermediate results stay in the cache."""
    scale = _scale(teacher, student, temperature)
    t, s = teacher * scale, student * scale
    at, best = ((np.arange(len(z)), z.argmax(axis=1)) for z in (t, s))
    a, b = _less(t, at), _less(s, best)
    outer = np.minimum(temperature, _reach(a[0], b[0]) / scale)
    T = np.maximum(outer * scale, 5e-324)
    p, q = _softmax(a, T, at), _softmax(b, T, best)
    cost = p.times(a[0] - b[0] - T * (p.log_total - q.log_total)).sum(axis=1)  # T KL
    slopes = q.p - p.p
    same = at[1] == best[1]  # both may be close to 1
    slopes[at] = np.where(same, p.lack - q.lack, slopes[at])
    close = np.flatnonzero(cost < T[:, 0])
    if close.size:
        own = a[0][close], a[1][close]
        rows = own, s[close], p.rows(close), slopes[close], T[close]
        divergence, slopes[close] = _of_close(*rows)
        cost[close] = T[close, 0] * divergence
    return outer[:, 0] * cost / scale[:, 0], outer * slopes


def _scale(teacher: np.ndarray, student: np.ndarray, temperature: float) -> np.ndarray:
    """For each row (n, 1) a power of 2 that keeps the differences of logits within float64."""
    far = (np.abs(teacher) > _FAR) | (np.abs(student) > _FAR)
    return np.where(far.any(axis=1, keepdims=True) | (temperature > _FAR), 2.0**-10, 1.0)


def _less(z: np.ndarray, at: tuple[np.ndarray, np.ndarray]) -> Pair:
    """Rows less their logit `at`, and what the rounding left out."""
    d, lost = two_sum(z, -z[at][:, None])
    lost[np.isneginf(z)] = 0.0
    return d, lost


def _reach(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The temperature of each row (n, 1) which is as good as infinite to its logits.

    Further out T^2 KL and T (q - p) are at their limits, but of classes that only one of the two
    rules out.
    """
    gone, others = np.isneginf(a), np.isneginf(b)
    least = np.minimum(np.where(gone, 0.0, a), np.where(others, 0.0, b)).min(axis=1, keepdims=True)
    free = (gone != others).any(axis=1, keepdims=True) | (least == 0.0)
    return np.where(free, np.inf, -least * 2.0**70)


class _Softmax(NamedTuple):
    """Probabilities p, and what they are made of: e^(x + lost), over the total."""

    p: np.ndarray
    x: np.ndarray
    lost: np.ndarray
    total: np.ndarray
    log_total: np.ndarray
    lack: np.ndarray  # 1 - p of the top class

    def rows(self, at: np.ndarray) -> _Softmax:
        return _Softmax(*(part[at] for part in self))

    def times(self, factor: np.ndarray) -> np.ndarray:
        """p times the factor, also where p is below float64, but the product is not.

        A class with p = 0 that one of the two rules out costs nothing.
        """
        product = self.p * factor
        low = self.p < _LOW
        if low.any():
            half, known = np.exp(0.5 * self.x[low]), factor[low]
            parts = half * known * half
            parts *= (1.0 + self.lost[low]) / self.total[low.nonzero()[0], 0]
            parts[(self.p[low] == 0.0) & ~np.isfinite(known)] = 0.0
            product[low] = parts
        return product


def _softmax(d: Pair, T: np.ndarray, top: tuple[np.ndarray, np.ndarray]) -> _Softmax:
    """Of logits over T, given less their maximum, which is at `top`; far below it p is 0."""
    x, lost = _over(d, T)
    e = np.exp(x)
    e += e * lost
    e[top] = 0.0
    rest = e.sum(axis=1)
    e[top] = 1.0
    total = (1.0 + rest)[:, None]
    e /= total
    return _Softmax(e, x, lost, total, np.log1p(rest)[:, None], rest / (1.0 + rest))


def _over(d: Pair, T: np.ndarray) -> Pair:
    """The quotient, and what the rounding left out, where that is within float64."""
    x, lost = d[0] / T, d[1]
    if (np.frexp(T)[0] != 0.5).any():  # a power of 2 rounds nothing
        product, rest = two_product(x, T)
        lost = ((d[0] - product) - rest) + lost
    lost = lost / T
    lost[~np.isfinite(lost)] = 0.0
    return x, lost


def _of_close(
    a: Pair, student: np.ndarray, p: _Softmax, slopes: np.ndarray, T: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """KL and q - p of rows where q is close to p; `slopes` is q - p with cancellation.

    With d = (student - teacher) / T and x = d less its mean under p, q_k is p_k e^x_k / E, where
    E = sum_k p_k e^x_k = 1 + sum_k p_k (e^x_k - 1 - x_k) is 1 and a sum of what is not negative. So
    KL = log E, and q_k - p_k = p_k (e^(x_k - KL) - 1).
    """
    b = _less(student, (np.arange(len(student)), a[0].argmax(axis=1)))
    d, mean = _moves(a, b, p, T)
    large = np.abs(mean) > 1.0
    if large.any():  # x would have its rounding
        high, low = two_sum(b[0], np.where(large, -T * mean, 0.0))
        b = high, low + b[1]
        d, mean = _moves(a, b, p, T)
    x = d / T - mean
    wide = ~(np.abs(x) < 1.0)
    calm = np.where(wide, 0.0, x)
    parts = p.p * _beyond_line(calm)
    if wide.any():  # p_k e^x_k is taken whole there: e^x_k alone may be beyond float64
        whole = _exp_less(_over(b, T), p.log_total + mean)
        parts = np.where(wide, whole - p.times(d + T * (1.0 - mean)) / T, parts)
    divergence = np.log1p(parts.sum(axis=1))
    near = p.p * np.expm1(calm - divergence[:, None])
    return divergence, np.where(wide, slopes, near)


def _moves(a: Pair, b: Pair, p: _Softmax, T: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """b - a with all its digits, and the mean of it under p, over T.

    The difference is inf where a is -inf: the teacher rules the class out.
    """
    d, lost = two_sum(b[0], -a[0])
    lost += b[1] - a[1]
    lost[~np.isfinite(lost)] = 0.0
    d += lost
    d[np.isneginf(a[0])] = np.inf
    return d, p.times(d).sum(axis=1)[:, None] / T


def _exp_less(x: Pair, shift: np.ndarray) -> np.ndarray:
    """e^(x - shift)."""
    high, low = two_sum(x[0], -shift)
    low += x[1]
    low[~np.isfinite(low)] = 0.0
    e = np.exp(high)
    return e + e * low


def _beyond_line(x: np.ndarray) -> np.ndarray:
    """e^x - 1 - x for -1 < x < 1, by its series: x^2 / 2 (1 + x/3 (1 + x/4 (...)))."""
    total = np.ones_like(x)
    for factor in _SERIES:
        total *= x
        total *= factor
        total += 1.0
    total *= x
    total *= x
    total *= 0.5
    return total
