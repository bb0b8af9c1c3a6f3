r"""Losses of sequences: CTC, for labels whose times nobody knows; and the z-loss of logits."""

from __future__ import annotations

import contextlib
import functools
import math
import re
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from lossbook import _masks, _validate, _weights
from lossbook._engine import ctc, softmax
from lossbook.losses.multiclass import MulticlassLoss, of_kept
from lossbook.losses.several import SeveralCombination, SeveralLoss

__all__ = ["CTC", "ZLoss"]


def _of_one_too(method: Any) -> Any:
    """The method of a batch, for one sequence too."""

    @functools.wraps(method)
    def whole(self: Any, *inputs: Any, **named: Any) -> Any:
        batch, one = _as_batch(self._bound(inputs, named))
        with _without_batch(one):
            found = method(self, *batch)
        return found[0] if one else found

    return whole


class SequenceLoss(SeveralLoss):
    """A loss of sequences of logits and of labels, each as long as it is.

    A batch has logits (n, T, K), labels (n, S), and the lengths of both (n,), which default to T
    and S; what stands behind the end of a sequence is not looked at. Logits (T, K) and labels (S,)
    are one sequence: its loss is a number, its gradient (T, K). Everything that a subclass sees is
    a batch.
    """

    inputs = ("y_true", "y_pred", "input_lengths", "target_lengths")
    predicted = ("y_pred",)
    optional = ("input_lengths", "target_lengths")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in ("pointwise", "gradient"):
            if name in cls.__dict__:
                setattr(cls, name, _of_one_too(cls.__dict__[name]))

    def _mean_of(
        self, inputs: tuple[Any, ...], sample_weight: Any, mask: Any, with_gradient: bool
    ) -> tuple[float, tuple[np.ndarray, ...]]:
        batch, one = _as_batch(inputs)
        if one:
            sample_weight = _of_one("sample_weight", sample_weight)
            mask = _of_one("mask", mask)
        with _without_batch(one):
            value, slopes = super()._mean_of(batch, sample_weight, mask, with_gradient)
        return value, tuple(slope[0] for slope in slopes) if one else slopes

    def _both(self, share: Any, *inputs: Any, **named: Any) -> tuple[np.ndarray, tuple[Any, ...]]:
        losses, slopes = _cost(self, *inputs, slopes=True)
        slopes *= share[:, None, None]
        return losses, (slopes,)

    def _combined(self, terms: Any) -> SequenceCombination:
        return SequenceCombination(terms)


class SequenceCombination(SeveralCombination, SequenceLoss):
    r"""The loss :math:`\sum_j a_j \ell_j` of losses of sequences."""

    pointwise, gradient = SeveralCombination._pointwise, SeveralCombination._gradient


class CTC(SequenceLoss):
    r"""Connectionist temporal classification, :math:`-\log \sum_{\pi \in B(y)} \prod_t p_t(\pi_t)`, in nats.

    A path :math:`\pi` names a class at each of T steps. The paths of a target, :math:`B(y)`, are
    those that spell it when repeats are merged and then blanks dropped. Arguments: `y_true` (S,),
    labels without blanks; `y_pred` (T, K), logits, whose softmax is :math:`p_t`; of batches (n, S)
    and (n, T, K), with `input_lengths` and `target_lengths` (n,) where sequences are shorter. One
    loss a sequence, not divided by its length. The gradient with respect to the logits is
    :math:`p_t(k)` less the share of the paths, by probability, that are in the class k at step t.

    A target that no path can spell is infinite, with a warning that says why and a gradient of 0: a
    label takes a step, and so does the blank between two equal ones. The error of a value and of
    each entry of a gradient is at most :math:`2^{-50} T` times the loss, or times 1 if the loss is less.
    No `hessian`: it would be a matrix.

    Parameters
    ----------
    blank : int, default 0
        The class that stands for no label.
    zero_infinity : bool, default False
        Whether an infinite loss counts as 0, without a warning.

    References
    ----------
    :cite:p:`graves2006`

    Examples
    --------
    >>> even = np.zeros((2, 2))  # of four paths, three spell "a": a-, -a, aa
    >>> round(float(np.exp(-CTC()([1], even))), 12), CTC().gradient([1], even)[0]
    (0.75, array([ 0.16666667, -0.16666667]))
    """

    def __init__(self, *, blank: int = 0, zero_infinity: bool = False) -> None:
        self.blank = _validate.count("blank", blank, at_least=0)
        self.zero_infinity = _validate.boolean("zero_infinity", zero_infinity)

    def pointwise(self, y_true: Any, y_pred: Any, steps: Any, lengths: Any) -> np.ndarray:
        # -log of the sum over all paths, which the forward recursion takes a step at a time
        return _cost(self, y_true, y_pred, steps, lengths, slopes=False)[0]

    def gradient(self, y_true: Any, y_pred: Any, steps: Any, lengths: Any) -> np.ndarray:
        return _cost(self, y_true, y_pred, steps, lengths, slopes=True)[1]

    def _check(self, y_true: Any, y_pred: Any, steps: Any, lengths: Any) -> tuple[Any, ...]:
        return _check(self, y_true, y_pred, steps, lengths)


class ZLoss(MulticlassLoss):
    r"""The z-loss :math:`c \, (\log Z)^2` of logits with the normalizer :math:`Z = \sum_k e^{z_k}`.

    Cross-entropy does not change when a number is added to all logits of a row; added to it, this
    one holds that number, and says nothing of the label. Gradient :math:`2 c \log Z \, p_k`, p the
    softmax. Arguments as those of `CrossEntropy` from logits, so that the two can be summed. Right to
    4 ulp, the gradient to 6, where :math:`\log Z` is above 1e-13 in size. No `hessian`: of a row it
    would be a matrix.

    Parameters
    ----------
    coefficient : float, default 1e-4
        :math:`c`, at least 0.
    ignore_index : int, optional
        A number that is no class: where it is the label, the loss is 0 and no part of the mean.

    References
    ----------
    :cite:p:`chowdhery2022`

    Examples
    --------
    >>> from lossbook.losses import CrossEntropy
    >>> loss = CrossEntropy(from_logits=True) + ZLoss(coefficient=0.01)
    >>> round(float((loss([0], [[0.0, 0.0]]) - np.log(2)) / np.log(2) ** 2), 12)
    0.01
    """

    from_logits = True

    def __init__(self, *, coefficient: float = 1e-4, ignore_index: int | None = None) -> None:
        self.coefficient = _validate.nonnegative("coefficient", coefficient)
        self.ignore_index = _weights.optional(_weights.integer, "ignore_index", ignore_index)

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # c (log sum_k e^(z_k))^2
        return _square(self, y_true, y_pred)

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return _slope(self, y_true, y_pred)


@of_kept
def _square(loss: ZLoss, y: np.ndarray, z: np.ndarray) -> np.ndarray:
    log_z, _ = softmax.normalizer(z)
    return np.where(log_z == 0.0, 0.0, loss.coefficient * log_z * log_z)


@of_kept
def _slope(loss: ZLoss, y: np.ndarray, z: np.ndarray) -> np.ndarray:
    log_z, p = softmax.normalizer(z)
    return 2.0 * loss.coefficient * (log_z[:, None] * p)


def _as_batch(inputs: tuple[Any, ...]) -> tuple[tuple[Any, ...], bool]:
    """One sequence as a batch of it; and whether it was one."""
    logits = _masks.as_entries("y_pred", inputs[1])
    if logits.ndim != 2:
        return (inputs[0], logits, *inputs[2:]), False
    labels = _masks.as_entries("y_true", inputs[0])
    if labels.ndim != 1:
        raise ValueError(
            f"y_true has shape {labels.shape} and y_pred has shape {logits.shape}; expected labels "
            "(S,) against logits (T, K), or (n, S) against (n, T, K)"
        )
    named = zip(("input_lengths", "target_lengths"), inputs[2:], strict=True)
    lengths = [None if v is None else _masks.as_entries(name, v) for name, v in named]
    lengths = [v if v is None or v.ndim else v[None] for v in lengths]
    return (labels[None], logits[None], *lengths), True


def _of_one(name: str, values: Any) -> np.ndarray | None:
    """The weight or the mask of one sequence, a number as its loss, as that of a batch of it."""
    if values is None:
        return None
    array = _masks.as_entries(name, values)
    if array.ndim:
        raise ValueError(f"{name} has shape {array.shape}; expected (), one for the sequence")
    return array[None]


@contextlib.contextmanager
def _without_batch(one: bool) -> Iterator[None]:
    """Errors about a batch of one sequence speak of the sequence."""
    try:
        yield
    except (TypeError, ValueError) as error:
        if one and error.args and isinstance(error.args[0], str):
            text = re.sub(r" at index \(0, (\d+)\)", r" at index \1", error.args[0])
            text = re.sub(r" at index \(0, ", " at index (", text)
            error.args = (text, *error.args[1:])
        raise


def _check(
    loss: CTC, y_true: Any, y_pred: Any, input_lengths: Any, target_lengths: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """A batch: labels and logits with blanks and zeros behind their ends, and the lengths."""
    z, y = _validate.as_float64("y_pred", y_pred), _validate.as_numbers("y_true", y_true)
    shapes = f"y_true has shape {y.shape} and y_pred has shape {z.shape}"
    if z.ndim != 3 or y.ndim != 2 or len(y) != len(z):
        raise ValueError(
            f"{shapes}; expected labels (n, S) against logits (n, T, K), or (S,) against (T, K)"
        )
    n, most, classes = z.shape
    if not z.size:
        raise ValueError(f"{shapes}: empty; expected at least one sequence, step and class")
    if loss.blank >= classes:
        raise ValueError(
            f"blank is {loss.blank} and y_pred has {classes} classes; expected one of 0 to "
            f"{classes - 1}"
        )
    steps = _lengths("input_lengths", input_lengths, n, most)
    lengths = _lengths("target_lengths", target_lengths, n, y.shape[1])
    if not y.size:
        y = np.zeros(y.shape, dtype=np.int64)
    inside = np.arange(y.shape[1]) < lengths[:, None]
    y = _labels(np.where(inside, y, np.zeros((), y.dtype)), inside, classes, loss.blank)
    if not math.isfinite(np.vdot(z, z)) or steps.min() < most:
        over = np.arange(most) >= steps[:, None]
        z = np.where(over[:, :, None], 0.0, z) if over.any() else z
        wrong = np.isnan(z) | (z == math.inf)
        if wrong.any():
            raise ValueError(
                f"y_pred holds {_validate.first(z, wrong)}; expected finite numbers, or -inf for a "
                "class that is ruled out"
            )
        none = np.isneginf(z.max(axis=2))
        if none.any():
            at = _validate.at(_validate.first_index(none))
            raise ValueError(
                f"y_pred holds only -inf{at}; expected a finite logit for at least one class"
            )
    return y, z, steps, lengths


def _lengths(name: str, values: Any, n: int, most: int) -> np.ndarray:
    """Lengths (n,) from 0 to the most; all of these if none are given."""
    if values is None:
        return np.full(n, most)
    lengths = _validate.as_numbers(name, values)
    if lengths.dtype.kind == "f":
        raise TypeError(f"{name} holds values of dtype {lengths.dtype}; expected integers")
    if lengths.shape != (n,):
        raise ValueError(
            f"{name} has shape {lengths.shape}; expected ({n},), one for each sequence"
        )
    wrong = (lengths < 0) | (lengths > most)
    if wrong.any():
        raise ValueError(
            f"{name} holds {_validate.first(lengths, wrong)}; expected lengths from 0 to {most}"
        )
    return lengths.astype(np.int64, copy=False)


def _labels(y: np.ndarray, inside: np.ndarray, classes: int, blank: int) -> np.ndarray:
    """The labels, classes other than the blank; blanks behind their ends."""
    if y.dtype.kind == "f":
        raise TypeError(
            f"y_true holds values of dtype {y.dtype}; expected labels of an integer type: "
            "np.asarray(y_true).astype(int) makes them"
        )
    beyond = ((y < 0) | (y >= classes)) & inside
    if beyond.any():
        raise ValueError(
            f"y_true holds {_validate.first(y, beyond)}; expected labels from 0 to {classes - 1}, "
            "and target_lengths, where what is behind a target's end is none"
        )
    blanks = (y == blank) & inside
    if blanks.any():
        raise ValueError(
            f"y_true holds {_validate.first(y, blanks)}, which is the blank; expected labels "
            "without blanks (the loss puts them in), and target_lengths, where it fills a row up"
        )
    return np.where(inside, y, blank).astype(np.int64, copy=False)


def _cost(
    loss: Any, y: np.ndarray, z: np.ndarray, steps: np.ndarray, lengths: np.ndarray, *, slopes: bool
) -> tuple[np.ndarray, Any]:
    """Losses and gradients; a warning, or 0, for what is infinite."""
    losses, gradient = ctc.cost(y, z, steps, lengths, loss.blank, slopes)
    endless = np.isinf(losses)
    if endless.any() and loss.zero_infinity:
        losses[endless] = 0.0
    elif endless.any():
        i = int(endless.argmax())
        _warn(loss, int(endless.sum()), len(z), y[i, : lengths[i]], int(steps[i]))
    return losses, gradient


def _warn(loss: Any, count: int, n: int, target: np.ndarray, steps: int) -> None:
    """Say why the loss of a target is infinite."""
    needed = int(ctc.needed_steps(target[None], np.array([len(target)]))[0])
    repeats = needed - len(target)
    blanks = f" and {repeats} for blanks between equal ones" if repeats else ""
    why = f"it needs {needed} steps, one a label{blanks}, and has {steps}"
    if needed <= steps:
        why = "every path to it has a logit of -inf, or one whose probability is 0 in float64"
    shown = np.array2string(target, separator=", ", threshold=12)
    frame, level = sys._getframe(), 1
    inside = ("lossbook.", "numpy.", "contextlib")
    while frame.f_back and frame.f_globals.get("__name__", "").startswith(inside):
        frame, level = frame.f_back, level + 1
    warnings.warn(
        f"{loss!r} is infinite for {count} of {n} sequences, as for the target {shown}: {why}; "
        "zero_infinity=True counts such a loss as 0",
        RuntimeWarning,
        stacklevel=level,
    )
