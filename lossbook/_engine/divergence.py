"""Kullback-Leibler divergence of two softmaxes, without the cancellation where they are close."""

from __future__ import annotations

import numpy as np

from .pairs import two_sum
from .softmax import normalizer

_SERIES = [1.0 / k for k in range(20, 2, -1)]


def of_logits(
    teacher: np.ndarray, student: np.ndarray, temperature: float
) -> tuple[np.ndarray, np.ndarray]:
    """KL(p || q) (n,) and q - p (n, K), the softmaxes of teacher and student over a temperature.

    With d = (student - teacher) / T and x = d less its mean under p, q_k is p_k e^x_k / E, where
    E = sum_k p_k e^x_k = 1 + sum_k p_k (e^x_k - 1 - x_k) is a sum of what is not negative. So
    KL = log E, and q_k - p_k = p_k (e^(x_k - KL) - 1).
    """
    s, t = student / temperature, teacher / temperature
    log_t, p = normalizer(t)
    log_s, q = normalizer(s)
    gone = p == 0.0
    difference, lost = two_sum(student, -teacher)
    ruled_out = np.isneginf(student) | np.isneginf(teacher)
    difference[ruled_out] = lost[ruled_out] = 0.0
    at = np.arange(len(p)), p.argmax(axis=1)
    middle = difference[at][:, None], lost[at][:, None]
    apart, more = two_sum(difference, -middle[0])  # a shift of all logits leaves no rounding
    apart = np.where(gone, 0.0, (apart + (more + lost - middle[1])) / temperature)
    mean = np.where(gone, 0.0, p * apart).sum(axis=1)[:, None]
    x = apart - mean
    near = np.abs(x) < 1.0
    x_near = np.where(near, x, 0.0)
    # elsewhere p_k e^x_k is taken whole: e^x_k alone may be beyond float64
    whole = np.exp(s - log_t[:, None] - middle[0] / temperature - mean)
    parts = np.where(
        near & ~gone, p * _beyond_line(x_near), whole - np.where(gone, 0.0, p * (1.0 + x))
    )
    excess = parts.sum(axis=1)
    far = ~(excess < 1.0) | np.any(np.isneginf(student) & ~gone, axis=1)
    divergence = np.log1p(np.where(far, 0.0, excess))
    if far.any():  # E may be beyond float64 too; nothing cancels
        log_p, log_q = t - log_t[:, None], s - log_s[:, None]
        terms = np.where(p > 0.0, p * (log_p - log_q), 0.0)
        divergence = np.where(far, terms.sum(axis=1), divergence)
    near &= ~gone & ~far[:, None]
    slopes = np.where(near, p * np.expm1(x_near - divergence[:, None]), q - p)
    return divergence, slopes


def _beyond_line(x: np.ndarray) -> np.ndarray:
    """e^x - 1 - x for -1 < x < 1, by its series: x^2 / 2 (1 + x/3 (1 + x/4 (...)))."""
    total = np.ones_like(x)
    for factor in _SERIES:
        total = 1.0 + x * factor * total
    return 0.5 * x * x * total
