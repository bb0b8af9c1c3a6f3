"""Checks of all arguments. Each error names the argument, what it holds, what was expected.

Array-likes of every library are read the same way everywhere: what NumPy can read as real numbers
works, and everything else (masked entries, missing values, strings, tensors that carry a gradient)
is an error. Losses check what they use as they go, so the arrays they are given stay as they are.
"""

from __future__ import annotations

import contextlib
import math
import numbers
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")

FLOAT64 = np.dtype(np.float64)
_BLOCK = 8192
_ONE = np.array(1.0)  # NumPy compares with an array faster than with a number


# Arrays


def as_array(name: str, values: Any) -> np.ndarray:
    """`values` as a plain array of whatever type; no mask is ever lost."""
    if type(values) is np.ndarray:
        return values
    if isinstance(values, (np.ma.MaskedArray, list, tuple)):
        values = _unmasked(name, values)
    try:
        return np.asarray(values)
    except Exception as error:  # what a library raises here is up to it
        if isinstance(error, ValueError) and "inhomogeneous" in str(error):
            raise ValueError(
                f"{name} holds rows of different lengths; expected a rectangular array"
            ) from None
        raise TypeError(
            f"{name} is a {_class_name(values)} that NumPy cannot read ({_shorten(error, str)}); "
            f"expected an array{_tensor_hint(name, values)}"
        ) from error


def as_numbers(name: str, values: Any) -> np.ndarray:
    """`values` as a plain array of integers, booleans or floating-point numbers."""
    array = as_array(name, values)
    if array.dtype.kind in "biuf":
        return array
    if array.dtype.kind == "O" and array.ndim:
        return _unboxed(name, array)
    if array.ndim == 0 and array.dtype.kind == "O":
        hint = f": {name}.toarray()" if hasattr(values, "toarray") else ""
        raise TypeError(f"{name} is {_shorten(values)}; expected an array of real numbers{hint}")
    raise TypeError(
        f"{name} holds {_kind(array)}; expected real numbers (float, int or bool), got "
        f"{_entry(array, 0) if array.size else 'none'}"
    )


def as_float64(name: str, values: Any) -> np.ndarray:
    """`values` as a float64 array: integers, booleans and other floating-point numbers too."""
    if type(values) is np.ndarray and values.dtype is FLOAT64:
        return values
    return as_numbers(name, values).astype(np.float64, copy=False)


def as_finite(name: str, values: Any, shape: tuple[int, ...] | None = None) -> np.ndarray:
    """`values` as a float64 array of finite numbers, of `shape` if it is given."""
    array = as_float64(name, values)
    if shape is not None and array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}; expected {shape}: nothing is broadcast")
    # A finite sum of squares proves that all entries are finite.
    if not math.isfinite(np.vdot(array, array)):
        check_finite(name, array)
    return array


def as_classes(name: str, values: Any) -> np.ndarray:
    """A vector of class indices in an integer type, everything else as float64."""
    if type(values) is np.ndarray and (
        (values.dtype.kind == "i" and values.ndim == 1) or values.dtype is FLOAT64
    ):
        return values
    array = as_numbers(name, values)
    if array.ndim != 1:
        return array.astype(np.float64, copy=False)
    if array.dtype.kind == "b":
        return array.astype(np.int64)
    if array.dtype.kind == "u" and array.dtype.itemsize == 8:  # no common integer with int64
        check_below(name, array, 2**63, "class indices")
        return array.astype(np.int64)
    listed = array.dtype.kind == "f" and isinstance(values, (list, tuple))
    if listed and all(isinstance(value, (numbers.Integral, np.bool_)) for value in values):
        # NumPy makes floats of np.int64 and np.uint64 together.
        check_below(name, array, 2**63, "class indices")
        return np.array([int(value) for value in values])
    return array  # of floats too: `check_rows` says which they are


def check_pair(
    y_true: Any, y_pred: Any, names: tuple[str, str] = ("y_true", "y_pred")
) -> tuple[np.ndarray, np.ndarray]:
    """Both as float64 arrays of one shape with at least one entry; finiteness is not looked at."""
    given = y_true, y_pred
    if not (
        type(y_true) is np.ndarray
        and type(y_pred) is np.ndarray
        and y_true.dtype is FLOAT64
        and y_pred.dtype is FLOAT64
    ):
        y_true = as_float64(names[0], y_true)
        y_pred = as_float64(names[1], y_pred)
    if y_true.shape != y_pred.shape:
        raise ValueError(
            f"{names[0]} has shape {y_true.shape} and {names[1]} has shape {y_pred.shape}; "
            f"expected equal shapes: nothing is broadcast{_column_hint(names, given)}"
        )
    if y_true.size == 0:
        raise ValueError(
            f"{names[0]} and {names[1]} are empty (shape {y_true.shape}); expected at least one "
            "sample"
        )
    return y_true, y_pred


def check_alike(**arrays: Any) -> tuple[np.ndarray, ...]:
    """All as float64 arrays of one shape, finite, with at least one entry and one axis."""
    found = tuple(as_float64(name, values) for name, values in arrays.items())
    names, shapes = list(arrays), [array.shape for array in found]
    if len(set(shapes)) > 1:
        told = [f"{name} has shape {shape}" for name, shape in zip(names, shapes, strict=True)]
        raise ValueError(f"{', '.join(told)}; expected equal shapes: nothing is broadcast")
    if not found[0].ndim or not found[0].size:
        raise ValueError(f"{' and '.join(names)} have shape {shapes[0]}; expected at least one row")
    for name, array in zip(names, found, strict=True):
        if not math.isfinite(np.vdot(array, array)):
            check_finite(name, array)
    return found


def check_rows(
    y_true: np.ndarray,
    y_pred: np.ndarray,
    indices: bool,
    distributions: bool,
    names: tuple[str, str] = ("y_true", "y_pred"),
) -> None:
    """Class indices (n,) or distributions (n, K), as allowed, against rows (n, K)."""
    allowed = " or ".join(
        words
        for words, given in (
            ("class indices of shape (n,)", indices),
            ("distributions of shape (n, K)", distributions),
        )
        if given
    )
    shapes = f"{names[0]} has shape {y_true.shape} and {names[1]} has shape {y_pred.shape}"
    fits = y_pred.ndim == 2 and (
        (indices and y_true.shape == y_pred.shape[:1])
        or (distributions and y_true.shape == y_pred.shape)
    )
    if not fits:
        raise ValueError(f"{shapes}; expected {allowed} against {names[1]} of shape (n, K)")
    if y_pred.size == 0:
        raise ValueError(f"{shapes}: empty; expected at least one sample")
    classes = y_pred.shape[1]
    if classes < 2:
        raise ValueError(
            f"{names[1]} has {classes} column; expected a column for each of 2 or more"
        )
    if y_true.ndim == 1:
        check_indices(names[0], y_true, classes)


def check_indices(name: str, array: np.ndarray, classes: int) -> None:
    """Raise unless the vector is of an integer type and holds indices of `classes` classes."""
    if array.dtype.kind == "f":
        check_finite(name, array)
        raise TypeError(
            f"{name} holds {array[0]} at index 0, of dtype {array.dtype}; expected class indices "
            f"of an integer type: np.asarray({name}).astype(int) makes them"
        )
    if not 0 <= array.min() <= array.max() < classes:
        wrong = (array < 0) | (array >= classes)
        raise ValueError(
            f"{name} holds {first(array, wrong)}; expected class indices from 0 to {classes - 1}"
        )


def check_distributions(name: str, array: np.ndarray) -> None:
    """Raise unless every row is a distribution: entries in [0, 1], their sum 1 up to rounding.

    The sum may be off by 1e-6, and by more in rows of numbers that carry fewer digits: those of
    float16 and bfloat16, whatever the type they have been converted to.
    """
    check_range(name, array, 0.0, 1.0, "probabilities from 0 to 1")
    off = np.abs(array.sum(axis=1) - 1.0)
    if off.max() > 1e-6:
        rows = np.flatnonzero(off > 1e-6)
        rows = rows[off[rows] > row_tolerance(array[rows])]
        if rows.size:
            row = int(rows[off[rows].argmax()])
            raise ValueError(
                f"{name} holds a row that sums to {array[row].sum():.9g} at index {row}; expected "
                "rows that sum to 1"
            )


def check_logits(name: str, array: np.ndarray) -> None:
    """Raise if a logit is NaN or +inf, or a row holds only -inf, which stands for a chance of 0."""
    try:
        check_finite(name, np.where(np.isneginf(array), 0.0, array))
    except ValueError as error:
        raise ValueError(f"{error}, or -inf for a class that is ruled out") from None
    none = np.isneginf(array.max(axis=1))
    if none.any():
        raise ValueError(
            f"{name} holds only -inf at index {int(none.argmax())}; expected a finite logit for at "
            "least one class"
        )


def check_finite(name: str, array: np.ndarray) -> None:
    """Raise if `array` has a NaN or an infinity."""
    finite = np.isfinite(array)
    if not finite.all():
        raise ValueError(f"{name} holds {first(array, ~finite)}; expected finite numbers")


def check_range(name: str, array: np.ndarray, low: float, high: float, expected: str) -> None:
    """Raise unless all of `array` lies between `low` and `high`, both included."""
    if not low <= array.min() <= array.max() <= high:
        check_finite(name, array)
        wrong = (array < low) | (array > high)
        raise ValueError(f"{name} holds {first(array, wrong)}; expected {expected}")


def check_signs(name: str, array: np.ndarray) -> None:
    """Raise unless all of `array` is -1 or +1."""
    flat = array if array.size <= _BLOCK else array.reshape(-1)
    for start in range(0, array.size, _BLOCK):
        block = flat if flat is array else flat[start : start + _BLOCK]
        if np.count_nonzero(np.equal(np.abs(block), _ONE)) != block.size:
            check_finite(name, array)
            wrong = first(array, np.abs(array) != 1)
            hint = ""
            if 0 in array:
                hint = f"; 2.0 * np.asarray({name}) - 1 turns labels 0 and 1 into these"
            elif np.isin(array, _WRAPPED).any():
                hint = "; an unsigned integer cannot be -1: convert to float before subtracting"
            raise ValueError(f"{name} holds {wrong}; expected labels -1 or +1{hint}")


def check_binary(name: str, array: np.ndarray) -> None:
    """Raise unless all of `array` is 0 or 1."""
    valid = (array == 0) | (array == 1)
    if np.count_nonzero(valid) != array.size:
        check_finite(name, array)
        raise ValueError(f"{name} holds {first(array, ~valid)}; expected labels 0 or 1")


def check_counts(name: str, array: np.ndarray) -> None:
    """Raise unless all of `array` is an integer of at least 0."""
    valid = (array >= 0) & (array == np.floor(array))
    if not valid.all():
        check_finite(name, array)
        raise ValueError(f"{name} holds {first(array, ~valid)}; expected counts: 0, 1, 2, ...")


def check_above(name: str, array: np.ndarray, bound: float) -> None:
    """Raise unless all of `array` lies above `bound`."""
    if not array.min() > bound:
        check_finite(name, array)
        wrong = array <= bound
        raise ValueError(f"{name} holds {first(array, wrong)}; expected numbers above {bound:g}")


def check_nonzero(name: str, array: np.ndarray) -> None:
    """Raise if a number of which shares are taken is 0."""
    if np.count_nonzero(array) != array.size:
        raise ValueError(
            f"{name} holds {first(array, array == 0)}; expected no zeros, as nothing is a share of "
            f"them: mask={name} != 0 leaves them out, MeanAbsoluteError takes them"
        )


def check_below(name: str, array: np.ndarray, bound: float, words: str = "numbers") -> None:
    """Raise unless all of `array` lies below `bound`."""
    wrong = array >= bound
    if wrong.any():
        raise ValueError(f"{name} holds {first(array, wrong)}; expected {words} below {bound:g}")


def check_weights(sample_weight: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Weights as float64 of exactly `shape`: finite, none negative, not all zero."""
    weight = as_float64("sample_weight", sample_weight)
    if weight.shape != shape:
        raise ValueError(
            f"sample_weight has shape {weight.shape}; expected {shape}, one weight for each "
            "per-sample loss"
        )
    check_weight_values(weight)
    return weight


def check_weight_values(weight: np.ndarray, name: str = "sample_weight") -> float:
    """The least of the weights, if they are finite, none is negative, and not all are 0."""
    lowest, highest = weight.min(), weight.max()
    if not -math.inf < lowest <= highest < math.inf:
        check_finite(name, weight)
    if lowest < 0:
        raise ValueError(
            f"{name} holds {first(weight, weight < 0)}; expected weights of at least 0"
        )
    if highest == 0:
        raise ValueError(f"{name} holds only zeros; expected at least one positive weight")
    return float(lowest)


# What a model is given


def matrix(name: str, values: Any, columns: int | None = None, hint: str = "") -> np.ndarray:
    """The values as a float64 array of the shape (n, d), finite, n and d at least 1.

    `hint` says what makes one of a vector (d,) or (n,); by default a column of features.
    """
    X = as_float64(name, values)
    if X.ndim != 2 or 0 in X.shape:
        hint = hint or f"np.asarray({name})[:, None] makes a column of it"
        also = f"; {hint}" if X.ndim == 1 else ""
        raise ValueError(f"{name} has the shape {X.shape}; expected (n, d){also}")
    if columns is not None and X.shape[1] != columns:
        raise ValueError(f"{name} has {X.shape[1]} columns; expected {columns}")
    check_finite(name, X)
    return X


def target(name: str, values: Any, n: int, X_name: str = "X") -> np.ndarray:
    """The values as an array of finite numbers with n rows; which, is for the loss to say."""
    y = as_numbers(name, values)
    if y.ndim == 0 or len(y) != n:
        raise ValueError(
            f"{name} has the shape {y.shape}; expected {n} entries, as {X_name} has rows"
        )
    if y.dtype.kind == "b":
        return y.astype(np.int64)  # numbers, and class indices
    if y.dtype.kind == "f":
        y = y.astype(np.float64, copy=False)
        check_finite(name, y)
    return y


def weights(values: Any, n: int) -> np.ndarray | None:
    """Sample weights as an array of the shape (n,) that sums to 1; None stays None."""
    if values is None:
        return None
    w = as_float64("sample_weight", values)
    if w.shape != (n,):
        raise ValueError(
            f"sample_weight has the shape {w.shape}; expected ({n},), a weight for each row of X"
        )
    check_weight_values(w)
    w = w / w.max()
    return w / w.sum()


def instance(name: str, value: T, kind: type, example: str) -> T:
    """The value, if it is of the kind."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} is {_shorten(value)}; expected one such as {example}")
    return value


def function(name: str, value: T, expected: str) -> T:
    """The value, if it can be called."""
    if not callable(value):
        raise TypeError(f"{name} is {_shorten(value)}; expected {expected}")
    return value


def generator(name: str, seed: Any) -> np.random.Generator:
    """NumPy's random generator for a seed."""
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError):
        raise type_or_value(seed)(
            f"{name} is {_shorten(seed)}; expected an integer of at least 0"
        ) from None


def type_or_value(value: object) -> type[Exception]:
    """The error for a number that is not allowed, or for something that is no number."""
    return ValueError if isinstance(value, numbers.Number) else TypeError


def rename(error: Exception, names: Mapping[str, str]) -> None:
    """Let the error speak of the caller's arguments, such as `{"y_true": "y"}`."""
    if error.args and isinstance(error.args[0], str):
        pattern = rf"\b({'|'.join(names)})\b"
        text = re.sub(pattern, lambda match: names[match[1]], error.args[0])
        error.args = (text, *error.args[1:])


@contextlib.contextmanager
def renamed(**names: str) -> Iterator[None]:
    """Errors from inside speak of the caller's arguments: `renamed(y_true="y")`; or a decorator."""
    try:
        yield
    except (TypeError, ValueError) as error:
        rename(error, names)
        raise


# What a loss calls its arguments, and what they are to a model.
OF_MODELS = {"y_true": "y", "y_pred": "the prediction"}


# Hyperparameters


def number(
    name: str,
    value: Any,
    *,
    above: float | None = None,
    at_least: float | None = None,
    below: float | None = None,
    at_most: float | None = None,
) -> float:
    """The value as a Python float, if it is a finite number within the bounds."""
    bounds = [
        (above, "above"),
        (at_least, "of at least"),
        (below, "below"),
        (at_most, "of at most"),
    ]
    wanted = " and".join(f" {word} {bound:g}" for bound, word in bounds if bound is not None)
    if isinstance(value, np.ndarray) and value.ndim == 0 and type(value) is np.ndarray:
        value = value[()]
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} is {_shorten(value)}; expected a real number{wanted}")
    try:
        result = float(value)
    except OverflowError:
        result = math.inf
    if not math.isfinite(result):
        raise ValueError(f"{name} is {_shorten(value, str)}; expected a finite number{wanted}")
    if (
        (above is not None and not result > above)
        or (at_least is not None and not result >= at_least)
        or (below is not None and not result < below)
        or (at_most is not None and not result <= at_most)
    ):
        raise ValueError(f"{name} is {result}; expected a number{wanted}")
    return result


def count(name: str, value: Any, *, at_least: int = 1) -> int:
    """The value as a Python integer, if it is one of at least that size."""
    if isinstance(value, np.ndarray) and value.ndim == 0 and type(value) is np.ndarray:
        value = value[()]
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} is {_shorten(value)}; expected an integer of at least {at_least}")
    if value < at_least:
        raise ValueError(f"{name} is {_shorten(value)}; expected an integer of at least {at_least}")
    return int(value)


def settle(
    instance: object, name: str, check: Callable[..., float] = number, **bounds: float
) -> None:
    """Check the attribute of a frozen dataclass, and keep it as a Python number."""
    object.__setattr__(instance, name, check(name, getattr(instance, name), **bounds))


def real(name: str, value: Any) -> float:
    """A hyperparameter as a finite Python float."""
    return number(name, value)


def positive(name: str, value: Any) -> float:
    """A hyperparameter as a finite float above 0."""
    return number(name, value, above=0)


def nonnegative(name: str, value: Any) -> float:
    """A hyperparameter as a finite float of at least 0."""
    return number(name, value, at_least=0)


def at_most(name: str, value: Any, limit: float) -> float:
    """A hyperparameter as a finite float of at most `limit`."""
    return number(name, value, at_most=limit)


def open_unit(name: str, value: Any) -> float:
    """A hyperparameter as a float strictly between 0 and 1."""
    return number(name, value, above=0, below=1)


def smoothing(name: str, value: Any) -> float:
    """A hyperparameter as a float of at least 0 and below 1."""
    return number(name, value, at_least=0, below=1)


def boolean(name: str, value: Any) -> bool:
    """A hyperparameter as a bool."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} is {_shorten(value)}; expected True or False")
    return bool(value)


# How values are read

_WRAPPED = [2.0**bits - 1 for bits in (8, 16, 32, 64)]  # -1 as an unsigned integer


def _unmasked(name: str, values: Any) -> Any:
    """The values, or an error if there is a masked entry in them."""
    if isinstance(values, np.ma.MaskedArray):
        mask = np.ma.getmaskarray(values)
        if mask.dtype.names is None and mask.any():
            raise ValueError(
                f"{name} is masked{_place(mask)}; expected plain numbers: drop the masked "
                f"entries, or, in the mean of a loss, pass mask=~np.ma.getmaskarray({name})"
            )
        return values.data
    for i, inner in enumerate(values):
        if isinstance(inner, (np.ma.MaskedArray, list, tuple)):
            _unmasked(f"{name}[{i}]", inner)
    return values


def _unboxed(name: str, array: np.ndarray) -> np.ndarray:
    """An array of Python objects that are real numbers as one of integers or floats."""
    integers = True
    for index, value in np.ndenumerate(array):
        if not isinstance(value, (numbers.Real, np.bool_)):
            raise TypeError(
                f"{name} holds values of dtype object; expected real numbers (float, int or bool), "
                f"got {_shorten(value)}{at(index)}"
            )
        integers = integers and isinstance(value, (numbers.Integral, np.bool_))
    if integers:
        with contextlib.suppress(OverflowError):
            return array.astype(np.int64)
    for index, value in np.ndenumerate(array):
        number_or_nan(f"{name}{list(index)}", value)
    return array.astype(np.float64)


def number_or_nan(name: str, value: Any) -> None:
    """Raise if the number is too large for a float."""
    try:
        float(value)
    except OverflowError:
        raise ValueError(f"{name} is {_shorten(value, str)}; expected a finite number") from None


def _tensor_hint(name: str, values: object) -> str:
    """How to turn a tensor of PyTorch, or a sparse matrix, into what NumPy can read."""
    chain = ""
    if getattr(values, "requires_grad", False) is True:
        chain += ".detach()"
    if getattr(values, "is_sparse", False) is True or "sparse" in str(
        getattr(values, "layout", "")
    ):
        chain += ".to_dense()"
    if "bfloat16" in str(getattr(values, "dtype", "")):
        chain += ".float()"
    if getattr(getattr(values, "device", None), "type", "cpu") != "cpu":
        chain += ".cpu()"
    return f": {name}{chain}" if chain else " of real numbers"


def row_tolerance(rows: np.ndarray) -> np.ndarray:
    """How far the sums of these rows may be from 1 by rounding: by the digits they carry."""
    mantissa, _ = np.frexp(rows)
    tolerance = np.full(len(rows), 1e-6)
    for bits in (24, 11, 8):  # float32, float16, bfloat16
        scaled = np.ldexp(mantissa, bits)
        short = (scaled == np.floor(scaled)).all(axis=1)
        # four times the rounding of the entries, and the absolute one of the smallest of float16
        tolerance[short] += 2.0 ** (2 - bits) + (bits == 11) * rows.shape[1] * 2.0**-25
    return tolerance


# How values are shown


def first_index(wrong: np.ndarray) -> tuple[int, ...]:
    """The index at which `wrong` first holds."""
    return tuple(int(i) for i in np.argwhere(wrong)[0])


def first(array: np.ndarray, wrong: np.ndarray) -> str:
    """Where `wrong` first holds, in words; and how often."""
    return f"{array[first_index(wrong)]}{_place(wrong)}"


def _place(wrong: np.ndarray) -> str:
    """Where `wrong` holds, and how often."""
    count = int(np.count_nonzero(wrong))
    return at(first_index(wrong)) + (f" (and {count - 1} more like it)" if count > 1 else "")


def at(index: tuple[int, ...]) -> str:
    """An index in words: " at index 3", and nothing for that of a number."""
    return f" at index {index[0] if len(index) == 1 else index}" if index else ""


def _entry(array: np.ndarray, flat: int) -> str:
    """An entry of an array, and where it stands."""
    index = tuple(int(i) for i in np.unravel_index(flat, array.shape))
    entry = array[index]
    text = _shorten(entry.item()) if array.dtype.kind in "US" else _shorten(entry, str)
    return text + at(index)


def _kind(array: np.ndarray) -> str:
    """What an array holds, in words."""
    names = {"U": "strings", "S": "bytes", "c": "complex numbers", "M": "dates", "m": "durations"}
    return names.get(array.dtype.kind, f"values of dtype {array.dtype}")


def _class_name(value: object) -> str:
    """The name of a value's class, with its library."""
    cls = type(value)
    module = cls.__module__.partition(".")[0]
    return cls.__qualname__ if module == "builtins" else f"{module}.{cls.__qualname__}"


def _shorten(value: object, show: Callable[[Any], str] = repr) -> str:
    """A value on one line of at most 60 characters."""
    text = " ".join(show(value).split())
    return text if len(text) <= 60 else text[:57] + "..."


def _column_hint(names: tuple[str, str], given: tuple[Any, Any]) -> str:
    """A hint, where one of two arrays is a column and the other a vector."""
    arrays = [np.asarray(values) for values in given]
    if arrays[0].size == arrays[1].size and {a.ndim for a in arrays} == {1, 2}:
        k = 0 if arrays[0].ndim == 2 else 1
        plain = isinstance(given[k], np.ndarray)
        column = f"{names[k]}.ravel()" if plain else f"np.ravel({names[k]})"
        return f"; {column} turns the column into a vector"
    return ""
