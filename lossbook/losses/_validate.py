"""Checks on the arguments of a loss. Each error names the argument, what it holds, what was due."""

import math
import numbers

import numpy as np

FLOAT64 = np.dtype(np.float64)
_BLOCK = 8192
_ONE = np.array(1.0)  # NumPy compares with an array faster than with a number


def as_float64(name, values):
    """`values` as a float64 array. Integers, booleans and float32 are converted, nothing else."""
    if type(values) is np.ndarray and values.dtype is FLOAT64:
        return values
    if isinstance(values, np.ma.MaskedArray):
        raise TypeError(
            f"{name} is a masked array; expected plain numbers: drop the masked entries, "
            "or give them the weight 0 in sample_weight"
        )
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ValueError(
            f"{name} holds rows of different lengths; expected a rectangular array"
        ) from error
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"{name} holds {_kind(array)}; expected real numbers (float, int or bool), "
            f"got {_shorten(values)}"
        )
    return array.astype(np.float64)


def check_pair(y_true, y_pred):
    """Both as float64 arrays of one shape with at least one entry; finiteness is not looked at."""
    if not (
        type(y_true) is np.ndarray
        and type(y_pred) is np.ndarray
        and y_true.dtype is FLOAT64
        and y_pred.dtype is FLOAT64
    ):
        y_true = as_float64("y_true", y_true)
        y_pred = as_float64("y_pred", y_pred)
    if y_true.shape != y_pred.shape:
        raise ValueError(
            f"y_true has shape {y_true.shape} and y_pred has shape {y_pred.shape}; "
            "expected equal shapes: nothing is broadcast" + _shape_hint(y_true, y_pred)
        )
    if y_true.size == 0:
        raise ValueError(
            f"y_true and y_pred are empty (shape {y_true.shape}); expected at least one sample"
        )
    return y_true, y_pred


def as_classes(name, values):
    """A vector of integers (class indices) as it is, everything else as float64."""
    if not isinstance(values, np.ndarray):
        floats = as_float64(name, values)  # raises what is not numbers
        array = np.asarray(values)
        return array if array.ndim == 1 and array.dtype.kind in "iu" else floats
    if type(values) is np.ndarray and values.ndim == 1 and values.dtype.kind in "iu":
        return values
    return as_float64(name, values)


def check_rows(y_true, y_pred, indices, distributions):
    """Class indices (n,) or distributions (n, K), as allowed, against rows (n, K)."""
    allowed = " or ".join(
        words
        for words, given in (
            ("class indices of shape (n,)", indices),
            ("distributions of shape (n, K)", distributions),
        )
        if given
    )
    shapes = f"y_true has shape {y_true.shape} and y_pred has shape {y_pred.shape}"
    fits = y_pred.ndim == 2 and (
        (indices and y_true.shape == y_pred.shape[:1])
        or (distributions and y_true.shape == y_pred.shape)
    )
    if not fits:
        raise ValueError(f"{shapes}; expected {allowed} against y_pred of shape (n, K)")
    if y_pred.size == 0:
        raise ValueError(f"{shapes}: empty; expected at least one sample")
    classes = y_pred.shape[1]
    if classes < 2:
        raise ValueError(f"y_pred has {classes} column; expected a column for each of 2 or more")
    if y_true.ndim == 1:
        if y_true.dtype.kind == "f":
            check_finite("y_true", y_true)
            raise TypeError(
                f"y_true holds numbers of dtype {y_true.dtype}; expected class indices of an "
                "integer type: y_true.astype(int) makes them"
            )
        if not 0 <= y_true.min() <= y_true.max() < classes:
            wrong = (y_true < 0) | (y_true >= classes)
            raise ValueError(
                f"y_true holds {_first(y_true, wrong)}; expected class indices from 0 to "
                f"{classes - 1}"
            )


def check_distributions(name, array):
    """Raise unless every row is a distribution: entries in [0, 1], their sum 1 within 1e-6."""
    check_range(name, array, 0.0, 1.0, "probabilities from 0 to 1")
    off = np.abs(array.sum(axis=1) - 1.0)
    if off.max() > 1e-6:
        row = int(off.argmax())
        raise ValueError(
            f"{name} holds a row that sums to {array[row].sum():.9g} at index {row}; expected "
            "rows that sum to 1"
        )


def check_finite(name, array):
    """Raise if `array` has a NaN or an infinity."""
    finite = np.isfinite(array)
    if not finite.all():
        raise ValueError(f"{name} holds {_first(array, ~finite)}; expected finite numbers")


def check_range(name, array, low, high, expected):
    """Raise unless all of `array` lies between `low` and `high`, both included."""
    if not low <= array.min() <= array.max() <= high:
        check_finite(name, array)
        wrong = (array < low) | (array > high)
        raise ValueError(f"{name} holds {_first(array, wrong)}; expected {expected}")


def check_signs(name, array):
    """Raise unless all of `array` is -1 or +1."""
    flat = array if array.size <= _BLOCK else array.reshape(-1)
    for start in range(0, array.size, _BLOCK):
        block = flat if flat is array else flat[start : start + _BLOCK]
        if np.count_nonzero(np.equal(np.abs(block), _ONE)) != block.size:
            check_finite(name, array)
            wrong = _first(array, np.abs(array) != 1)
            hint = "; 2 * y_true - 1 turns labels 0 and 1 into these" if 0 in array else ""
            raise ValueError(f"{name} holds {wrong}; expected labels -1 or +1{hint}")


def check_binary(name, array):
    """Raise unless all of `array` is 0 or 1."""
    valid = (array == 0) | (array == 1)
    if np.count_nonzero(valid) != array.size:
        check_finite(name, array)
        raise ValueError(f"{name} holds {_first(array, ~valid)}; expected labels 0 or 1")


def check_counts(name, array):
    """Raise unless all of `array` is an integer of at least 0."""
    valid = (array >= 0) & (array == np.floor(array))
    if not valid.all():
        check_finite(name, array)
        raise ValueError(f"{name} holds {_first(array, ~valid)}; expected counts: 0, 1, 2, ...")


def check_above(name, array, bound):
    """Raise unless all of `array` lies above `bound`."""
    if not array.min() > bound:
        check_finite(name, array)
        wrong = array <= bound
        raise ValueError(f"{name} holds {_first(array, wrong)}; expected numbers above {bound:g}")


def check_weights(sample_weight, shape):
    """Weights as float64 of exactly `shape`: finite, none negative, not all zero."""
    weight = as_float64("sample_weight", sample_weight)
    if weight.shape != shape:
        raise ValueError(
            f"sample_weight has shape {weight.shape}; expected {shape}, one weight for each "
            "per-sample loss"
        )
    lowest, highest = weight.min(), weight.max()
    if not -math.inf < lowest <= highest < math.inf:
        check_finite("sample_weight", weight)
    if lowest < 0:
        raise ValueError(
            f"sample_weight holds {_first(weight, weight < 0)}; expected weights of at least 0"
        )
    if highest == 0:
        raise ValueError("sample_weight holds only zeros; expected at least one positive weight")
    return weight


def real(name, value):
    """A hyperparameter as a finite Python float."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} is {_shorten(value)}; expected a real number")
    if not math.isfinite(value):
        raise ValueError(f"{name} is {value}; expected a finite number")
    return float(value)


def positive(name, value):
    """A hyperparameter as a finite float above 0."""
    number = real(name, value)
    if not number > 0:
        raise ValueError(f"{name} is {number}; expected a number above 0")
    return number


def nonnegative(name, value):
    """A hyperparameter as a finite float of at least 0."""
    number = real(name, value)
    if number < 0:
        raise ValueError(f"{name} is {number}; expected a number of at least 0")
    return number


def at_most(name, value, limit):
    """A hyperparameter as a finite float of at most `limit`."""
    number = real(name, value)
    if number > limit:
        raise ValueError(f"{name} is {number}; expected a number of at most {limit:g}")
    return number


def open_unit(name, value):
    """A hyperparameter as a float strictly between 0 and 1."""
    number = real(name, value)
    if not 0 < number < 1:
        raise ValueError(f"{name} is {number}; expected a number strictly between 0 and 1")
    return number


def smoothing(name, value):
    """A hyperparameter as a float of at least 0 and below 1."""
    number = real(name, value)
    if not 0 <= number < 1:
        raise ValueError(f"{name} is {number}; expected a number from 0 to below 1")
    return number


def boolean(name, value):
    """A hyperparameter as a bool."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} is {_shorten(value)}; expected True or False")
    return bool(value)


def _first(array, wrong):
    """Where `wrong` first holds, in words; and how often."""
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    count = int(np.count_nonzero(wrong))
    place = f" at index {index[0] if len(index) == 1 else index}" if index else ""
    more = f" (and {count - 1} more like it)" if count > 1 else ""
    return f"{array[index]}{place}{more}"


def _kind(array):
    names = {"U": "strings", "S": "bytes", "c": "complex numbers", "M": "dates", "m": "durations"}
    return names.get(array.dtype.kind, f"values of dtype {array.dtype}")


def _shorten(value):
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _shape_hint(y_true, y_pred):
    if y_true.size == y_pred.size and {y_true.ndim, y_pred.ndim} == {1, 2}:
        column = "y_true" if y_true.ndim == 2 else "y_pred"
        return f"; {column}.ravel() turns the column into a vector"
    return ""
