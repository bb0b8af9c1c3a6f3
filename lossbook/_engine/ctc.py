"""Connectionist temporal classification: the sum over all paths, forward and backward through time.

The target l of S labels is read with blanks around and between them, l' = (b, l_1, b, ..., l_S, b),
2 S + 1 states. A path goes through one state a step: it stays, goes on by one, or skips a blank
between two labels that differ. With p_t(s) the probability of the label of the state s at step t:

    alpha_t(s) = p_t(s) (alpha_{t-1}(s) + alpha_{t-1}(s-1) + [skip into s] alpha_{t-1}(s-2)),
    beta_t(s) = the same sum of p_{t+1}(r) beta_{t+1}(r), over the states r that s leads to,
    p(l) = alpha_T(2S) + alpha_T(2S - 1), and at each step the sum of alpha_t(s) beta_t(s).

All of it in logarithms, all sequences of a batch at once. The derivative of -log p(l) with respect
to a logit is the probability of its class, less the share of p(l) that is in its states.

Source: `graves2006`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .pairs import two_sum

_LOWEST = -1e300  # in place of -inf where it is subtracted


def needed_steps(target: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """How many steps the shortest path takes: one a label, and one between two equal ones."""
    inside = np.arange(1, target.shape[1]) < lengths[:, None]
    return lengths + np.sum((target[:, 1:] == target[:, :-1]) & inside, axis=1)


def cost(
    target: np.ndarray,
    z: np.ndarray,
    steps: np.ndarray,
    lengths: np.ndarray,
    blank: int,
    with_gradient: bool,
) -> tuple[np.ndarray, Any]:
    """-log p(l) (n,) and its gradient (n, T, K), or None in its place.

    Of logits z (n, T, K), of which `steps` count, and a target (n, S), of which `lengths` count.
    Where no path has a probability above 0 the loss is infinite, whatever the logits: gradient 0.
    """
    n, most, _ = z.shape
    log_p, p = _log_softmax(z)
    states = np.full((n, 2 * target.shape[1] + 1), blank)
    states[:, 1::2] = target
    of_states = np.take_along_axis(log_p, states[:, None, :], axis=2)
    of_states = np.ascontiguousarray(of_states.transpose(1, 0, 2))  # a step is one block of memory
    skip = np.zeros(states.shape)  # its logarithm
    skip[:, :2] = -np.inf
    skip[:, 2:][(states[:, 2:] == blank) | (states[:, 2:] == states[:, :-2])] = -np.inf
    alpha = _forward(of_states, skip)
    rows, last = np.arange(n), np.maximum(steps - 1, 0)
    ends = np.full(states.shape, -np.inf)  # log of 1 for the two states in which a path may end
    ends[rows, 2 * lengths] = 0.0
    ends[rows, np.maximum(2 * lengths - 1, 0)] = 0.0
    total = _log_sum(alpha[last, rows] + ends)
    total = np.where(steps == 0, np.where(lengths == 0, 0.0, -np.inf), total)
    if not with_gradient:
        return -total, None
    beta = _backward(of_states, skip, ends, last)
    alpha += beta
    alpha -= np.maximum(total, _LOWEST)[:, None]
    share = np.exp(alpha, out=alpha).transpose(1, 0, 2)  # of p(l), in each state at each step
    gradient = p
    gradient[:, :, blank] -= share[:, :, ::2].sum(axis=2)
    for s in range(target.shape[1]):
        gradient[rows, :, target[:, s]] -= share[:, :, 2 * s + 1]
    gradient[(np.arange(most) >= steps[:, None]) | np.isneginf(total)[:, None]] = 0.0
    return -total, gradient


def _log_softmax(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """log p and p; the rounding of z - max z, which large logits would show, is carried on."""
    rows = z.reshape(-1, z.shape[2])
    at = np.arange(len(rows)), rows.argmax(axis=1)
    d, error = two_sum(rows, -rows[at][:, None])
    error[np.isneginf(d)] = 0.0
    p = np.exp(d)
    p += p * error
    p[at] = 0.0
    rest = p.sum(axis=1)
    p[at] = 1.0
    p /= (1.0 + rest)[:, None]
    log_p = d + (error - np.log1p(rest)[:, None])
    return log_p.reshape(z.shape), p.reshape(z.shape)


def _forward(of_states: np.ndarray, skip: np.ndarray) -> np.ndarray:
    """log alpha, (T, n, states)."""
    alpha = np.full(of_states.shape, -np.inf)
    alpha[0, :, :2] = of_states[0, :, :2]
    before = np.full((len(skip), skip.shape[1] + 2), -np.inf)
    for t in range(1, len(alpha)):
        before[:, 2:] = alpha[t - 1]
        _log_sum_of_three(before[:, 2:], before[:, 1:-1], before[:, :-2] + skip, alpha[t])
        alpha[t] += of_states[t]
    return alpha


def _backward(
    of_states: np.ndarray, skip: np.ndarray, ends: np.ndarray, last: np.ndarray
) -> np.ndarray:
    """log beta, (T, n, states); of each sequence up to its last step."""
    beta = np.full(of_states.shape, -np.inf)
    beta[-1] = ends
    after = np.full((len(skip), skip.shape[1] + 2), -np.inf)
    into = np.full(after.shape, -np.inf)  # what the skip into s + 2 adds
    into[:, :-2] = skip
    for t in range(len(beta) - 2, -1, -1):
        after[:, :-2] = beta[t + 1] + of_states[t + 1]
        _log_sum_of_three(after[:, :-2], after[:, 1:-1], after[:, 2:] + into[:, 2:], beta[t])
        over = last <= t
        if over.any():
            beta[t, over] = ends[over]
    return beta


def _log_sum_of_three(a: np.ndarray, b: np.ndarray, c: np.ndarray, out: np.ndarray) -> None:
    """log(e^a + e^b + e^c), where they may be -inf."""
    top = np.maximum(np.maximum(np.maximum(a, b), c), _LOWEST)
    np.exp(a - top, out=out)
    out += np.exp(b - top)
    out += np.exp(c - top)
    np.log(out, out=out)
    out += top


def _log_sum(a: np.ndarray) -> np.ndarray:
    """log of the sum of e^a along rows that may hold nothing but -inf."""
    at = np.arange(len(a)), a.argmax(axis=1)
    top = np.maximum(a[at], _LOWEST)
    others = np.exp(a - top[:, None])
    others[at] = 0.0
    return np.where(np.isneginf(a[at]), -np.inf, top + np.log1p(others.sum(axis=1)))
