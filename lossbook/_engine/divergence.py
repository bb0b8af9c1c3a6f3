"""Kullback-Leibler divergence of two softmaxes, without the cancellation where they are close."""

from __future__ import annotations

import numpy as np

from .pairs import two_sum
from .softmax import normalizer

_SERIES = [1.0 / k for k in range(20, 2, -1)]


def of_logits(
    teacher: np.ndarray, student: np.ndarray, temperature: float
) -> tuple[np.ndarray, np.ndarray]:
    """T^2 KL(p || q) (n,) and T (q - p) (n, K): the softmaxes of teacher and student over T.

    The sum of p_k (log p_k - log q_k) has terms of both signs. Those below 0 add up to -1/e at most;
    where the sum is less than 1, it is taken in another way.
    """
    T = _within_reach(teacher, student, temperature)
    t, s = teacher / T, student / T
    (log_t, p), (log_s, q) = normalizer(t), normalizer(s)
    terms = p * ((t - s) - (log_t - log_s)[:, None])
    terms[p == 0.0] = 0.0
    divergence = terms.sum(axis=1)
    slopes = q - p
    close = np.flatnonzero(divergence < 1.0)
    if close.size:
        rows = (
            teacher[close],
            student[close],
            s[close] - log_t[close, None],
            p[close],
            slopes[close],
            T[close],
        )
        divergence[close], slopes[close] = _of_close(*rows)
    outer = np.minimum(T, temperature)
    return outer[:, 0] * (T[:, 0] * divergence), outer * slopes


def _within_reach(teacher: np.ndarray, student: np.ndarray, temperature: float) -> np.ndarray:
    """The temperature of each row (n, 1), where it is neither infinite nor 0 to its logits.

    Further out T^2 KL and T (q - p) are at their limits for an infinite T, but of classes that only
    one of the two rules out; and T KL and q - p at theirs for T = 0.
    """
    gone, others = np.isneginf(teacher), np.isneginf(student)
    size = np.maximum(
        np.abs(np.where(gone, 0.0, teacher)).max(axis=1),
        np.abs(np.where(others, 0.0, student)).max(axis=1),
    )
    low, high = size * 2.0**-990, np.where(size > 0.0, size * 2.0**70, np.inf)
    high[(gone != others).any(axis=1)] = np.inf
    return np.clip(temperature, low, high)[:, None]


def _of_close(
    teacher: np.ndarray,
    student: np.ndarray,
    log_q: np.ndarray,
    p: np.ndarray,
    slopes: np.ndarray,
    temperature: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """The same of rows where q is close to p: `log_q` is that of q with the normalizer of p.

    With d = (student - teacher) / T and x = d less its mean under p, q_k is p_k e^x_k / E, where
    E = sum_k p_k e^x_k = 1 + sum_k p_k (e^x_k - 1 - x_k) is 1 and a sum of what is not negative. So
    KL = log E, and q_k - p_k = p_k (e^(x_k - KL) - 1).
    """
    at, gone = (np.arange(len(p)), p.argmax(axis=1)), p == 0.0
    d, lost = two_sum(student, -teacher)
    lost[gone] = d[gone] = 0.0
    shift = d[at][:, None]
    x, more = two_sum(d, -shift)  # what moves all logits alike leaves no rounding
    x += (more + lost) - lost[at][:, None]
    x /= temperature
    x[gone] = 0.0
    mean = (p * x).sum(axis=1)[:, None]
    x -= mean
    parts = p * _beyond_line(x)
    wide = np.abs(x) >= 1.0
    wide |= gone
    if wide.any():  # p_k e^x_k is taken whole there: e^x_k alone may be beyond float64
        whole = np.exp(log_q - shift / temperature - mean)
        parts = np.where(wide, whole - np.where(gone, 0.0, p * (1.0 + x)), parts)
    divergence = np.log1p(parts.sum(axis=1))
    near = p * np.expm1(np.where(wide, 0.0, x) - divergence[:, None])
    return divergence, np.where(wide, slopes, near)


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
