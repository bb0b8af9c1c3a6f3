"""Checks of hyperparameters: an error names the argument, what it holds and what was expected."""

import math
import numbers


def number(name, value, *, above=None, at_least=None, below=None):
    """The value as a float, if it is a finite number within the bounds."""
    bounds = [(above, "above"), (at_least, "of at least"), (below, "below")]
    wanted = " and ".join(f"{word} {bound:g}" for bound, word in bounds if bound is not None)
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} is {value!r}; expected a number {wanted}".rstrip())
    value = float(value)
    inside = (
        math.isfinite(value)
        and (above is None or value > above)
        and (at_least is None or value >= at_least)
        and (below is None or value < below)
    )
    if not inside:
        raise ValueError(f"{name} is {value!r}; expected a finite number {wanted}".rstrip())
    return value


def count(name, value, *, at_least=1):
    """The value, if it is an integer of at least that size."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} is {value!r}; expected an integer of at least {at_least}")
    if value < at_least:
        raise ValueError(f"{name} is {value!r}; expected an integer of at least {at_least}")
    return int(value)
