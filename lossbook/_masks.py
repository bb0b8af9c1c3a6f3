"""Which samples count in a mean: what masks, weights of 0 and ignored labels leave of them."""

from __future__ import annotations

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
    y, p = _array("y_true", y), _array("y_pred", p)
    w = keep = None
    if sample_weight is not None:
        w = _validate.as_float64("sample_weight", sample_weight)
        _check_shape("sample_weight", w.shape, _COUNT, loss, y, p)
        if _validate.check_weight_values(w) == 0.0:
            keep = w > 0.0
    if mask is not None:
        keep = _and(_validate.as_mask("mask", mask), keep)
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
    with _validate.renumbered(keep):
        chosen = _labels(y, keep, p), p[keep], None if w is None else w[keep]
        value, slopes = loss._mean_of_all(*chosen, with_gradient)
    if not with_gradient:
        return value, None
    gradient = np.zeros(p.shape)
    gradient[keep] = slopes
    return value, gradient


def without_label(labels: Any, label: int, mask: Any) -> Any:
    """The mask, if any, of the samples that have not this label."""
    labels = np.asarray(np.ma.getdata(_array("y_true", labels)))
    if labels.ndim != 1:
        return mask
    keep = labels != label
    if mask is not None:
        given = _validate.as_mask("mask", mask)
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


def spread(w: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The weights of rows as those of all their entries."""
    if w.shape == shape:
        return w
    wide = np.empty(shape)
    wide[...] = w.reshape(w.shape + (1,) * (len(shape) - 1))
    return wide


def _array(name: str, values: Any) -> np.ndarray:
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
    """The true values that count; class indices that are floats for the NaN among them only."""
    kept = y[keep]
    if y.dtype.kind == "f" and y.ndim < p.ndim and not np.isfinite(y).all():
        whole = np.isfinite(kept) & (kept == np.rint(kept))
        return kept.astype(np.int64) if whole.all() else kept
    return kept


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
