"""Formulas recorded as lists of operations, and what is known of the results.

`pointwise` and `gradient` are plain NumPy formulas. Called once with symbols instead of arrays they
leave a list of operations, in which what both share (the residual, say) appears once. What else a
kernel must do follows from the operations.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

MOST = 256  # operations of a formula


class Untraceable(TypeError, AttributeError):
    """A formula asks for more than elementwise NumPy functions; it is then evaluated as it is."""


class Symbol(NDArrayOperatorsMixin):
    """Stands for a block of numbers; NumPy functions applied to it are recorded."""

    __hash__ = object.__hash__

    def __init__(self, tape: Tape, function: Any = None, args: tuple = ()) -> None:
        self.tape, self.function, self.args = tape, function, args

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Symbol:
        if method != "__call__" or kwargs or ufunc.nout != 1 or ufunc.signature:
            raise Untraceable(f"{ufunc.__name__}.{method} with {sorted(kwargs)}")
        return self.tape.record(ufunc, inputs)

    def __array_function__(self, function: Any, types: Any, args: tuple, kwargs: dict) -> Symbol:
        if kwargs or function not in (np.clip, np.where):
            raise Untraceable(function.__name__)
        return self.tape.record(function, args)

    def __getattr__(self, name: str) -> Any:
        raise Untraceable(f"the attribute {name} of an array")

    def _no_number(self, *_: Any) -> Any:
        raise Untraceable("the numbers themselves, as a branch on data does")

    __bool__ = __float__ = __int__ = __index__ = __complex__ = _no_number
    __iter__ = __len__ = __getitem__ = __setitem__ = __array__ = __round__ = _no_number


class Tape:
    """The operations in the order of their first use; equal operations are recorded once."""

    def __init__(self) -> None:
        self.symbols: dict[tuple, Symbol] = {}
        self.bared: list[Symbol] | None = None  # what is recorded without its guard, if it may be

    def record(self, function: Any, args: tuple) -> Symbol:
        args = tuple(arg if isinstance(arg, Symbol) else _constant(arg) for arg in args)
        if function is np.power and args[1] == 2.0:
            function, args = np.square, args[:1]
        if self.bared is not None and (bare := _guarded(function, args)) is not None:
            self.bared.append(bare)
            return bare
        key = (function, *(id(a) if isinstance(a, Symbol) else (a, str(a)) for a in args))
        if key not in self.symbols:
            if len(self.symbols) >= MOST:
                raise Untraceable(f"more than {MOST} operations")
            self.symbols[key] = Symbol(self, function, args)
        return self.symbols[key]

    def value(self, pointwise: Callable, y: Symbol, p: Symbol) -> Symbol:
        """The losses, without guards against what is not finite, if it shows in the sum all the same.

        The mean is then computed once more, from `pointwise` as it stands.
        """
        self.bared = []
        value, bared, self.bared = pointwise(y, p), self.bared, None
        if isinstance(value, Symbol) and all(shows(value, symbol) for symbol in bared):
            return value
        return pointwise(y, p)


def _constant(value: Any) -> float:
    if not np.isscalar(value):
        raise Untraceable(f"a constant of type {type(value).__name__}")
    return float(value)  # type: ignore[arg-type]


mending: set[Callable] = set()


def as_one_operation(function: Callable) -> Callable:
    """Have `function(*args, out=None)`, elementwise, recorded as a whole.

    It mends its last argument, an array, and in place if `out` is that.
    """

    @functools.wraps(function)
    def recorded(*args: Any) -> Any:
        tape = next((arg.tape for arg in args if isinstance(arg, Symbol)), None)
        return function(*args) if tape is None else tape.record(function, args)

    mending.add(function)
    return recorded


# What is not finite

_KINDS: dict[str, tuple[float, ...]] = {
    "nan": (np.nan,), "-inf": (-np.inf,), "-": (-1.7e308, -1.5, -1.0, -0.5, -5e-324),
    "0": (0.0, -0.0), "+": (5e-324, 0.5, 1.0, 1.5, 1.7e308), "inf": (np.inf,),
    "False": (False,), "True": (True,),
}  # fmt: skip
_NUMBERS = frozenset(_KINDS) - {"False", "True"}
_LOST = frozenset({"nan", "-inf", "inf"})
# Functions of which the kinds of all results are seen at these few arguments, most of them monotone.
_PLAIN = {
    np.add, np.subtract, np.multiply, np.divide, np.negative, np.absolute, np.square, np.sqrt,
    np.power, np.exp, np.expm1, np.log, np.log1p, np.sinh, np.cosh, np.tanh, np.sign, np.copysign,
    np.minimum, np.maximum, np.fmax, np.clip, np.where, np.less, np.less_equal, np.greater,
    np.greater_equal, np.logical_and, np.logical_or, np.logical_not, np.isnan, np.isfinite,
}  # fmt: skip


def shows(value: Symbol, symbol: Symbol) -> bool:
    """Whether the value is never finite where the symbol is NaN or infinite."""
    return all(_kinds(value, {symbol: frozenset({kind})}) <= _LOST for kind in _LOST)


def _kinds(symbol: Symbol, known: dict[Symbol, frozenset[str]]) -> frozenset[str]:
    """The kinds of numbers that a symbol may stand for: a superset."""
    if symbol not in known:
        args = [_kinds(a, known) if isinstance(a, Symbol) else a for a in symbol.args]
        known[symbol] = _image(symbol.function, *(frozenset("0") if a == 0.0 else a for a in args))
    return known[symbol]


@functools.lru_cache(4096)
def _image(function: Any, *args: frozenset[str] | float) -> frozenset[str]:
    """The kinds of results, for arguments of some kinds or constants."""
    if function is None:
        return _NUMBERS
    if function not in _PLAIN:
        return frozenset(_KINDS)
    given = [[a] if isinstance(a, float) else [v for kind in a for v in _KINDS[kind]] for a in args]
    with np.errstate(all="ignore"):
        columns = zip(*itertools.product(*given), strict=True)
        results = set(function(*map(np.array, columns)).tolist())
    kinds = {str(v) if isinstance(v, bool) or not math.isfinite(v) else _sign(v) for v in results}
    return frozenset(kinds | {"0"} if kinds >= {"-", "+"} else kinds)  # what lies between


def _sign(number: float) -> str:
    return "+" if number > 0 else "-" if number < 0 else "0"


def _guarded(function: Any, args: tuple) -> Symbol | None:
    """x, if the operation is x wherever x is finite."""
    match args:
        case (Symbol(function=np.isfinite, args=(x,)), same, _) if function is np.where:
            return x if x is same else None
        case (Symbol() as x, float(low)) if function is np.fmax and low == 0.0:
            return x if _kinds(x, {}).isdisjoint(("-inf", "-")) else None
    return None
