"""Checks of what a model is given: errors name the argument, what it holds, what was expected."""

import numpy as np


def matrix(name, values, columns=None):
    """The values as a float64 array of the shape (n, d), finite, n and d at least 1."""
    X = _real(name, values)
    if X.ndim != 2 or 0 in X.shape:
        hint = f"; {name}[:, None] makes a column of it" if X.ndim == 1 else ""
        raise ValueError(f"{name} has the shape {X.shape}; expected (n, d){hint}")
    if columns is not None and X.shape[1] != columns:
        raise ValueError(f"{name} has {X.shape[1]} columns; expected {columns}")
    if not np.isfinite(X).all():
        raise ValueError(f"{name} holds NaN or infinity; expected finite numbers")
    return X


def target(name, values, n, X_name="X"):
    """The values as an array with n rows; what the entries may be is for the loss to say."""
    y = np.asarray(values)
    if y.ndim == 0 or len(y) != n:
        raise ValueError(
            f"{name} has the shape {y.shape}; expected {n} entries, as {X_name} has rows"
        )
    return y.astype(float) if y.dtype.kind in "bf" else y


def weights(values, n):
    """Sample weights as an array of the shape (n,) that sums to 1; None stays None."""
    if values is None:
        return None
    w = _real("sample_weight", values)
    if w.shape != (n,):
        raise ValueError(f"sample_weight has the shape {w.shape}; expected ({n},)")
    if not np.isfinite(w).all() or (w < 0).any() or not w.any():
        raise ValueError(
            f"sample_weight holds {w.min()} to {w.max()}; expected finite numbers of at least 0,"
            " one of them positive"
        )
    w = w / w.max()
    return w / w.sum()


def instance(name, value, kind, example):
    """The value, if it is of the kind."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} is {value!r}; expected one such as {example}")
    return value


def _real(name, values):
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} holds rows of different lengths; expected an array") from None
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} holds values of dtype {array.dtype}; expected real numbers")
    return array.astype(float, copy=False)
