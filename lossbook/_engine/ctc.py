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

import math
import sys
import threading
from typing import Any

import numpy as np

_LOWEST = -sys.float_info.max  # in place of -inf where it is subtracted
_KEPT = 2**21  # doubles: larger rooms are not kept
_rooms = threading.local()


def _room(name: str, shape: tuple[int, ...]) -> np.ndarray:
    """Memory of the running thread, used again and again: to get it anew takes a quarter of the time."""
    size = math.prod(shape)
    room = _rooms.__dict__.get(name)
    if room is None or room.size < size:
        room = np.empty(size)
        if size <= _KEPT:
            setattr(_rooms, name, room)
    return room[:size].reshape(shape)


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
    log_p = _log_softmax(z)
    states = np.full((n, 2 * target.shape[1] + 1), blank)
    states[:, 1::2] = target
    of_states = _of_states(log_p, states)
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
        return np.maximum(-total, 0.0) + 0.0, None  # by rounding p(l) may exceed 1
    _times_beta(alpha, of_states, skip, ends, last)
    alpha -= np.maximum(alpha.max(axis=2), _LOWEST)[:, :, None]
    share = np.exp(alpha, out=alpha)
    share /= share.sum(axis=2)[:, :, None]  # of p(l), as it is rounded at this step
    gradient = np.exp(log_p, out=log_p)
    gradient[:, :, blank] -= share[:, :, ::2].sum(axis=2).T
    for s in range(target.shape[1]):
        gradient[rows, :, target[:, s]] -= share[:, :, 2 * s + 1].T
    unseen = (np.arange(most) >= steps[:, None]) | np.isneginf(total)[:, None]
    if unseen.any():
        gradient[unseen] = 0.0
    return np.maximum(-total, 0.0) + 0.0, gradient


def _log_softmax(z: np.ndarray) -> np.ndarray:
    """log p, to an ulp of it and of log K."""
    rows = z.reshape(-1, z.shape[2])
    at = np.arange(len(rows)), rows.argmax(axis=1)
    log_p = rows - rows[at][:, None]
    e = np.exp(log_p, out=_room("alpha", log_p.shape))  # not yet in use
    e[at] = 0.0
    log_p -= np.log1p(e.sum(axis=1))[:, None]
    return log_p.reshape(z.shape)


def _of_states(log_p: np.ndarray, states: np.ndarray) -> np.ndarray:
    """The log-probability of each state at each step, (T, n, states): a step is one block of memory."""
    n, steps, classes = log_p.shape
    found, flat = _room("states", (steps, *states.shape)), log_p.reshape(-1)
    at = np.arange(n)[:, None] * (steps * classes) + states
    for t in range(steps):
        flat[t * classes :].take(at, out=found[t], mode="clip")
    return found


def _forward(of_states: np.ndarray, skip: np.ndarray) -> np.ndarray:
    """log alpha, (T, n, states)."""
    alpha = _room("alpha", of_states.shape)
    alpha[0] = -np.inf
    alpha[0, :, :2] = of_states[0, :, :2]
    before = np.full((len(skip), skip.shape[1] + 2), -np.inf)
    for t in range(1, len(alpha)):
        before[:, 2:] = alpha[t - 1]
        _log_sum_of_three(before[:, 2:], before[:, 1:-1], before[:, :-2] + skip, alpha[t])
        alpha[t] += of_states[t]
    return alpha


def _times_beta(
    alpha: np.ndarray, of_states: np.ndarray, skip: np.ndarray, ends: np.ndarray, last: np.ndarray
) -> None:
    """log alpha becomes log(alpha beta), from the last step of each sequence on backward."""
    beta, lowest = ends.copy(), int(last.min())
    after = np.full((len(skip), skip.shape[1] + 2), -np.inf)
    into = np.full(after.shape, -np.inf)  # what the skip into s + 2 adds
    into[:, :-2] = skip
    alpha[-1] += beta
    for t in range(len(alpha) - 2, -1, -1):
        np.add(beta, of_states[t + 1], out=after[:, :-2])
        _log_sum_of_three(after[:, :-2], after[:, 1:-1], after[:, 2:] + into[:, 2:], beta)
        if t >= lowest:
            over = last <= t
            beta[over] = ends[over]
        alpha[t] += beta


def _log_sum_of_three(a: np.ndarray, b: np.ndarray, c: np.ndarray, out: np.ndarray) -> None:
    """log(e^a + e^b + e^c), where they may be -inf."""
    top = np.maximum(a, b)
    np.maximum(top, c, out=top)
    np.maximum(top, _LOWEST, out=top)
    part = np.subtract(a, top)
    np.exp(part, out=out)
    for other in (b, c):
        np.subtract(other, top, out=part)
        np.exp(part, out=part)
        out += part
    np.log(out, out=out)
    out += top


def _log_sum(a: np.ndarray) -> np.ndarray:
    """log of the sum of e^a along rows that may hold nothing but -inf."""
    at = np.arange(len(a)), a.argmax(axis=1)
    top = np.maximum(a[at], _LOWEST)
    others = np.exp(a - top[:, None])
    others[at] = 0.0
    return np.where(np.isneginf(a[at]), -np.inf, top + np.log1p(others.sum(axis=1)))
