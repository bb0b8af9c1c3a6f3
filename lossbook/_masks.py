"""Which samples count in a mean: what masks, weights of 0 and ignored labels leave of them."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from lossbook import _validate

if TYPE_CHECKING:
    from lossbook.losses import Loss

_COUNT = "one weight for each per-sample loss"
_FLAG = "True or False for each per-sample loss"


def mean(loss: Loss, y: Any, p: Any, sample_weight: Any, mask: Any, with_gradient: bool) -> Any:
    """The mean of what counts and, if asked for, its gradient: 0 elsewhere, whatever is there."""
    given = y, p
    y, p = as_entries("y_true", y), as_entries("y_pred", p)
    w = keep = None
    if sample_weight is not None:
        w = _validate.as_float64("sample_weight", sample_weight)
        _check_shape("sample_weight", w.shape, _COUNT, loss, y, p)
        if _validate.check_weight_values(w) == 0.0:
            keep = w > 0.0
    if mask is not None:
        keep = _and(as_mask("mask", mask), keep)
        _check_shape("mask", np.shape(mask), _FLAG, loss, y, p)
        if not keep.any():
            only = "holds only False" if w is None else "is True only where sample_weight is 0"
            raise ValueError(f"mask {only}; expected something to take the mean of")
    if w is not None and keep is not None:
        w, keep = _alike(w, keep)
    if keep is None or keep.all():
        return loss._mean_of_all(*given, w, with_gradient)
    y, p = _unmasked("y_true", y, keep), _unmasked("y_pred", p, keep)
    if keep.ndim > 1 and not loss.elementwise:
        return _mean_of_entries(loss, y, p, w, keep, with_gradient)
    gradient = np.zeros(p.shape) if with_gradient else None
    labels, flat = _labels(y, keep, p), gradient
    if keep.ndim > 1:  # entries
        labels, p = labels.reshape(-1), p.reshape(-1)
        flat, w = (a if a is None else a.reshape(-1) for a in (flat, w))
    at = np.flatnonzero(keep)  # for which NumPy is many times faster than for a mask
    with renumbered(keep):
        kept = labels[at], p[at], None if w is None else w[at]
        value, slopes = loss._mean_of_all(*kept, with_gradient)
    if flat is not None:
        flat[at] = slopes
    return value, gradient


def of_rows(sample_weight: Any, mask: Any, n: tuple[int, ...]) -> tuple[Any, Any]:
    """Weights and mask of n rows, checked; None for a mask that is True everywhere."""
    w = keep = None
    if sample_weight is not None:
        w = _validate.check_weights(sample_weight, n)
        keep = w > 0.0
    if mask is not None:
        own = as_mask("mask", mask)
        if own.shape != n:
            raise ValueError(f"mask has shape {own.shape}; expected {n}, {_FLAG}")
        keep = own if keep is None else own & keep
        if not keep.any():
            only = "holds only False" if w is None else "is True only where sample_weight is 0"
            raise ValueError(f"mask {only}; expected something to take the mean of")
    return w, None if keep is None or keep.all() else keep


def kept_rows(name: str, values: Any, keep: Any, at: Any, predicted: bool) -> np.ndarray:
    """The rows that count; of what is not predicted, integers again if only a NaN made them floats."""
    values = _unmasked(name, values, keep)
    kept = values[at]
    if predicted or values.dtype.kind != "f" or np.isfinite(values).all():
        return kept
    whole = np.isfinite(kept).all() and (kept == np.rint(kept)).all()
    return kept.astype(np.int64) if whole else kept


def without_label(labels: Any, label: int, mask: Any) -> Any:
    """The mask, if any, of the samples that have not this label."""
    labels = np.asarray(np.ma.getdata(as_entries("y_true", labels)))
    if labels.ndim != 1:
        return mask
    keep = labels != label
    if mask is not None:
        given = as_mask("mask", mask)
        if given.shape != keep.shape:
            return mask  # which is an error elsewhere
        keep &= given
        if not given.any():
            return mask
    if labels.size and not keep.any():
        counting = "" if mask is None else " where mask is True"
        raise ValueError(
            f"y_true holds only {label}{counting}, the ignore_index; expected at least one label to "
            "take the mean of"
        )
    return mask if keep.all() else keep


def of_items(y: np.ndarray, p: np.ndarray, mask: Any) -> tuple[np.ndarray, np.ndarray, Any]:
    """Lists without the items that the mask leaves out (NaN and -inf), and which lists have any."""
    keep = as_mask("mask", mask)
    if keep.shape != p.shape:
        rows = f"{p.shape[:-1]}, True or False for each list, or " if p.ndim > 1 else ""
        raise ValueError(f"mask has shape {keep.shape}; expected {rows}{p.shape}, for each item")
    if y.shape != p.shape or not {y.dtype.kind, p.dtype.kind} <= set("biufO"):
        return y, p, None  # which is an error elsewhere
    y, p = _unmasked("y_true", y, keep), _unmasked("y_pred", p, keep)
    return np.where(keep, y, np.nan), np.where(keep, p, -np.inf), keep.any(axis=-1)


def spread(w: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The weights of rows as those of all their entries."""
    if w.shape == shape:
        return w
    wide = np.empty(shape)
    wide[...] = w.reshape(w.shape + (1,) * (len(shape) - 1))
    return wide


def as_entries(name: str, values: Any) -> np.ndarray:
    """The values as an array of any type, masked entries too."""
    if isinstance(values, np.ma.MaskedArray):
        return values
    array = _validate.as_array(name, values)
    return array if array.ndim or array.dtype.kind != "O" else _validate.as_numbers(name, values)


def _check_shape(
    name: str, shape: tuple[int, ...], expected: str, loss: Loss, y: Any, p: Any
) -> None:
    """Raise unless there is one for each row, or for each loss."""
    rows = p.shape[:1]
    if shape == rows == y.shape[:1] or (shape == p.shape == y.shape and loss.elementwise):
        return
    if y.shape[:1] != rows or not p.size:
        loss._check(y, p)  # they do not fit each other
    due = loss._loss_shape(y, p)
    if shape != due:
        per_row = f", or {rows}, one for each row" if len(due) > 1 else ""
        raise ValueError(f"{name} has shape {shape}; expected {due}, {expected}{per_row}")


def _alike(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both for rows, or both for entries."""
    if a.ndim < b.ndim:
        a = np.broadcast_to(a.reshape(a.shape + (1,) * (b.ndim - a.ndim)), b.shape)
    elif b.ndim < a.ndim:
        b, a = _alike(b, a)
    return a, b


def _and(a: np.ndarray, b: np.ndarray | None) -> np.ndarray:
    if b is None:
        return a
    a, b = _alike(a, b)
    return a & b if a.shape == b.shape else a  # shapes that do not fit are an error elsewhere


def _unmasked(name: str, values: np.ndarray, keep: np.ndarray) -> np.ndarray:
    """The data of a masked array, of which nothing that counts is masked."""
    if not isinstance(values, np.ma.MaskedArray):
        return values
    wide = keep.reshape(keep.shape + (1,) * (values.ndim - keep.ndim))
    masked = np.ma.getmaskarray(values) & wide
    return _validate.as_array(name, np.ma.array(values.data, mask=masked))


def _labels(y: np.ndarray, keep: np.ndarray, p: np.ndarray) -> np.ndarray:
    """The true values; as integers if they are class indices, floats only for a NaN among them."""
    if y.dtype.kind == "f" and y.ndim < p.ndim and not np.isfinite(y).all():
        kept = y[keep]
        if np.isfinite(kept).all() and (kept == np.rint(kept)).all():
            return np.where(keep, y, 0).astype(np.int64)
    return y


def _mean_of_entries(
    loss: Loss, y: np.ndarray, p: np.ndarray, w: Any, keep: np.ndarray, with_gradient: bool
) -> Any:
    """Of a loss that may tell columns apart: what is left out gets values of its column first."""
    first = tuple(np.argwhere(keep)[0])
    some, at = keep.any(axis=0), keep.argmax(axis=0)[None]
    y, p = (
        np.where(keep, a, np.where(some, np.take_along_axis(a, at, axis=0)[0], a[first]))
        for a in (y, p)
    )
    w = keep * (1.0 if w is None else w)
    value, gradient = loss._mean_of_all(y, p, w, with_gradient)
    if with_gradient:
        gradient[~keep] = 0.0
    return value, gradient


def as_mask(name: str, values: Any) -> np.ndarray:
    """The values as booleans, if they are booleans, or integers 0 and 1."""
    array = _validate.as_numbers(name, values)
    if array.dtype.kind == "f":
        raise TypeError(
            f"{name} holds values of dtype {array.dtype}; expected True and False, or the "
            f"integers 1 and 0: np.asarray({name}) != 0 makes them"
        )
    wrong = (array != 0) & (array != 1)
    if wrong.any():
        raise ValueError(
            f"{name} holds {_validate.first(array, wrong)}; expected True and False, or the "
            "integers 1 and 0"
        )
    return array.astype(bool, copy=False)


@contextlib.contextmanager
def renumbered(keep: np.ndarray, but: tuple[str, ...] = ()) -> Iterator[None]:
    """Errors about arrays that were indexed with `keep` speak of the whole arrays' indices.

    Not those about the arguments in `but`, which were not indexed.
    """
    try:
        yield
    except (TypeError, ValueError) as error:
        whole = tuple(f"{name} " for name in but)
        if error.args and isinstance(error.args[0], str) and not error.args[0].startswith(whole):
            places = np.argwhere(keep)

            def original(match: re.Match) -> str:
                first, *rest = (int(i) for i in re.findall(r"\d+", match[0]))
                return _validate.at((*(int(i) for i in places[first]), *rest))

            text = re.sub(r" at index (\d+|\([\d, ]+\))", original, error.args[0])
            if "has shape" in text:
                text += "; shapes without what is masked, or has the weight 0"
            error.args = (text, *error.args[1:])
        raise
