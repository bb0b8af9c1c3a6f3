"""The sum of the losses of many samples, and its gradient, in one fast pass: `sum_of`.

`pointwise` and `gradient` are plain NumPy formulas. Called once with symbols instead of arrays they
leave a list of operations, in which what both formulas share (the residual, say) appears once. From
this list a function, the kernel, is generated for blocks of samples that fit the cache; each
intermediate result is written to a buffer that is used again as soon as it is free. A loss needs to
know nothing of it: what else a kernel must do follows from the operations.
"""

from __future__ import annotations

import functools
import math
import threading
import weakref
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

BLOCK = 32_768  # doubles; from 16,384 to 32,768 the speed hardly changes
DOT_ROW = 512
SMALL = 1024
MOST = 128  # operations of a formula

Kernel: TypeAlias = Callable[..., float]


def sum_of(loss: Any, y: Any, p: Any, w: Any, k: float, out: Any) -> float:
    """The sum of (w times) the losses of a pair that `loss._check` has passed.

    k (times w) times the gradient goes to `out`, if it is an array. The sum is not finite if an
    argument is not, or if a loss or a part of it is beyond float64.
    """
    kind = id(loss), w is not None, out is not None
    kernel = _kernels[kind] if kind in _kernels else kernel_of(loss, *kind[1:])
    if kernel is None or y.ndim != p.ndim:
        return _plain_sum(loss, y, p, w, k, out)
    if y.ndim != 1:
        y, p, w, out = (a if a is None else a.reshape(-1) for a in (y, p, w, out))
    if y.size <= BLOCK:
        return float(kernel(k, y, p, w, out))
    sums = []
    for start in range(0, y.size, BLOCK):
        block = slice(start, start + BLOCK)
        sums.append(kernel(k, *(a if a is None else a[block] for a in (y, p, w, out))))
    return exact_sum(sums)


def _plain_sum(loss: Any, y: Any, p: Any, w: Any, k: float, out: Any) -> float:
    loss._check_finite(y, p)
    value = loss._pointwise(y, p)
    if out is not None:
        scale_rows(loss._gradient(y, p), k if w is None else k * w, out)
    return float(np.sum(value if w is None else w * value))


def scale_rows(rows: np.ndarray, factor: Any, out: np.ndarray) -> None:
    """Write the rows (entries, if `out` is a vector) to `out`, each times its factor."""
    factor = np.asarray(factor)
    if factor.ndim:
        factor = factor.reshape(factor.shape + (1,) * (out.ndim - factor.ndim))
    np.multiply(rows, factor, out=out)


def exact_sum(terms: list[float]) -> float:
    """The sum, rounded once; NaN or infinite where it is not finite."""
    try:
        return math.fsum(terms)
    except (OverflowError, ValueError):  # beyond float64, or infinities of both signs
        return float(np.sum(terms))


def dot(a: np.ndarray, b: np.ndarray) -> float:
    """Sum of products, by rows of 512 and the rows pairwise: an error of at most some 40 ulp.

    A plain dot product of a block may be off by a thousand ulp if all roundings conspire.
    """
    n = a.size
    if n <= SMALL:
        return a.dot(b)
    whole = n - n % DOT_ROW
    if whole < n:
        return dot(a[:whole], b[:whole]) + a[whole:].dot(b[whole:])
    return np.add.reduce(np.vecdot(a.reshape(-1, DOT_ROW), b.reshape(-1, DOT_ROW)))


# Kernels are kept as long as their loss. Losses of the package with equal hyperparameters share
# them; not so those of others, whose formulas may read what no attribute of the loss shows.

_kernels: dict[tuple[int, bool, bool], Kernel | None] = {}  # of the loss with this id
_shared: dict[tuple[type, str, bool, bool], Kernel | None] = {}


def kernel_of(loss: Any, weighted: bool, with_gradient: bool) -> Kernel | None:
    """The kernel of a loss; None if its formulas are not elementwise, or cannot be recorded."""
    kind = id(loss), weighted, with_gradient
    if kind not in _kernels:
        cls, state = type(loss), vars(loss)
        share = cls.__module__.partition(".")[0] == __name__.partition(".")[0] and all(
            type(value) in (float, int, bool, str, type(None)) for value in state.values()
        )
        key = cls, repr(state), weighted, with_gradient  # as text: 0.0 is not -0.0
        if len(_shared) >= 1024:
            _shared.clear()
        kernel = _shared[key] if share and key in _shared else _new_kernel(loss, *kind[1:])
        if share:
            _shared[key] = kernel
        _kernels[kind] = kernel
        weakref.finalize(loss, _kernels.pop, kind, None).atexit = False
    return _kernels[kind]


def _new_kernel(loss: Any, weighted: bool, with_gradient: bool) -> Kernel | None:
    if not loss.elementwise:
        return None
    gradient = loss._gradient if with_gradient else None
    try:
        return compile_kernel(loss._pointwise, gradient, weighted, loss._finite_by_check)
    except Untraceable:
        return None


# Recording


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
        if isinstance(value, Symbol) and all(_shows(value, symbol) for symbol in bared):
            return value
        return pointwise(y, p)


def _constant(value: Any) -> float:
    if not np.isscalar(value):
        raise Untraceable(f"a constant of type {type(value).__name__}")
    return float(value)  # type: ignore[arg-type]


_mending: set[Callable] = set()


def as_one_operation(function: Callable) -> Callable:
    """Have `function(*args, out=None)`, elementwise, recorded as a whole.

    It mends its last argument, an array, and in place if `out` is that.
    """

    @functools.wraps(function)
    def recorded(*args: Any) -> Any:
        tape = next((arg.tape for arg in args if isinstance(arg, Symbol)), None)
        return function(*args) if tape is None else tape.record(function, args)

    _mending.add(function)
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


def _shows(value: Symbol, symbol: Symbol) -> bool:
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
        results = np.unique(function(*np.meshgrid(*given, indexing="ij"))).tolist()
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


# Generating

_CONDITIONS = {
    np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal,
    np.logical_and, np.logical_or, np.logical_xor, np.logical_not,
    np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert,  # of conditions: no float has them
    np.isnan, np.isfinite, np.isinf, np.signbit,
}  # fmt: skip
_SLOW_IN_PLACE = {np.sign}  # NumPy runs it as a branch for each number, 7 times slower


@functools.lru_cache(32)
def _filled(value: float) -> np.ndarray:
    # maximum(array, array) takes half the time of maximum(array, number)
    array = np.full(BLOCK, value)
    array.flags.writeable = False
    return array


def _aligned_block() -> np.ndarray:
    block = np.empty(BLOCK + 8)
    start = -(block.ctypes.data // 8) % 8  # vectors that straddle no cache line: 5 % faster
    return block[start : start + BLOCK]


class _Workspace(threading.local):
    """Buffers of the running thread; views of the sizes used last are kept."""

    def __init__(self) -> None:
        self.blocks: list[np.ndarray] = []
        self.views: dict[int, list[np.ndarray]] = {}

    def buffers(self, count: int, size: int) -> list[np.ndarray]:
        if count > len(self.blocks):
            self.blocks = [_aligned_block() for _ in range(count)]
            self.views = {}
        views = self.views.get(size)
        if views is None:
            if len(self.views) > 8:
                self.views.clear()
            views = self.views[size] = [block[:size] for block in self.blocks]
        return views


_workspace = _Workspace()


def compile_kernel(
    pointwise: Callable, gradient: Callable | None, weighted: bool, checked: tuple[str, ...] = ()
) -> Kernel:
    """Generate `kernel(k, y, p, w, out) -> sum` for blocks of at most `BLOCK` samples.

    It returns the sum of (w times) the losses and writes k (times w) times their derivatives to
    `out`. `gradient` may be None: then nothing is written. The sum is not finite unless all
    arguments are but those in `checked`, which are. `Untraceable` means that the formulas cannot be
    run on symbols; any other error is one of the formulas.
    """
    tape = Tape()
    y, p = Symbol(tape), Symbol(tape)
    value = tape.value(pointwise, y, p)
    slope = None if gradient is None else gradient(y, p)
    if not isinstance(value, Symbol) or not (gradient is None or isinstance(slope, Symbol)):
        raise Untraceable("a result that does not depend on the arguments")
    writer = _Writer(y, p, value, slope, weighted)
    writer.write_sum()
    for name, symbol in (("y_true", y), ("y_pred", p)):
        if name not in checked and not _shows(value, symbol):
            zeros = writer.constant(_filled(0.0), "zeros")
            writer.lines.append(f"total += dot({writer.names[symbol]}, {zeros}[:y.size])")
    if slope is not None:
        writer.write_gradient()
    return writer.kernel()


class _Writer:
    """Writes the source of a kernel: one line an operation, buffers by linear scan."""

    def __init__(
        self, y: Symbol, p: Symbol, value: Symbol, slope: Symbol | None, weighted: bool
    ) -> None:
        self.value, self.slope, self.weighted = value, slope, weighted
        self.names = {y: "y", p: "p"}
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {}
        self.free: list[str] = []
        self.buffers = 0
        self.uses: dict[Symbol, int] = {}
        self.factor = 1.0
        self.peel_factor()
        for root in (value, self.slope):
            if root is not None:
                self.count_uses(root)

    def peel_factor(self) -> None:
        """Constant factors of the gradient join the scale of the mean."""
        while self.slope is not None and self.slope.function in (np.multiply, np.negative):
            number = -1.0
            if self.slope.function is np.multiply:
                number = next((a for a in self.slope.args if not isinstance(a, Symbol)), 0.0)
            if not 1e-100 < abs(number * self.factor) < 1e100:
                break
            self.factor *= number
            self.slope = next(a for a in self.slope.args if isinstance(a, Symbol))

    def count_uses(self, symbol: Symbol) -> None:
        self.uses[symbol] = self.uses.get(symbol, 0) + 1
        if self.uses[symbol] == 1:
            for arg in symbol.args:
                if isinstance(arg, Symbol):
                    self.count_uses(arg)

    def kernel(self) -> Kernel:
        names = [f"b{i}" for i in range(self.buffers)]
        head = [f"[{', '.join(names)}, *_] = buffers({len(names)}, y.size)"] if names else []
        lines = ["def kernel(k, y, p, w, out):", *head, *self.lines, "return total"]
        source = "\n    ".join(lines)
        scope = {"np": np, "dot": dot, "total_of": np.add.reduce, "buffers": _workspace.buffers}
        scope |= self.constants
        exec(compile(source, "<loss kernel>", "exec"), scope)
        kernel: Any = scope["kernel"]
        kernel.source = source
        return kernel

    def write_sum(self) -> None:
        value, text = self.value, ""
        once = not self.weighted and self.uses[value] == 1
        match (value.function, value.args):  # the sum of a product is a dot product: one pass less
            case (np.multiply, (Symbol() as a, Symbol() as b)) if once:
                if (parts := _between(a, b)) is not None:
                    b, c = parts
                    first, second = self.write(a), self.write(b)
                    text = f"dot({first}, {second}) - {c!r} * dot({first}, {first})"
                else:
                    text = f"dot({self.write(a)}, {self.write(b)})"
            case (np.square, (a,)) if once:
                text = f"dot({self.write(a)}, {self.write(a)})"
            case _:
                name = self.write(value)
                text = f"dot(w, {name})" if self.weighted else f"total_of({name})"
        self.lines.append(f"total = {text}")
        for symbol in [value] if value in self.names else value.args:
            if symbol in self.names:
                self.release(symbol)

    def write_gradient(self) -> None:
        assert self.slope is not None
        name = self.write(self.slope)
        factor = "k" if self.factor == 1.0 else f"{self.factor!r} * k"
        if self.weighted:
            scale = self.take()
            self.lines.append(f"np.multiply(w, {factor}, {scale})")
            factor = scale
        self.lines.append(f"np.multiply({name}, {factor}, out)")

    def write(self, symbol: Symbol) -> str:
        """Append the lines that compute `symbol`; return the name that holds it."""
        if symbol in self.names:
            return self.names[symbol]
        args = [self.write(a) if isinstance(a, Symbol) else a for a in symbol.args]
        if symbol.function in _SLOW_IN_PLACE:
            self.names[symbol] = self.place(symbol)
        for arg in symbol.args:
            if isinstance(arg, Symbol):
                self.release(arg)
        target = self.names.get(symbol) or self.place(symbol)
        self.names[symbol] = target
        self.lines.append(self.line(symbol.function, args, target))
        return target

    def line(self, function: Any, args: list, target: str) -> str:
        if function is np.where:
            return f"{target} = np.where({', '.join(map(self.operand, args))})"
        if function is np.clip and isinstance(args[0], str):
            low, high = map(self.operand, args[1:])
            return f"{args[0]}.clip({low}, {high}, {target})"  # np.clip costs 1.4 us more
        bulk = function in (np.maximum, np.minimum)
        text = ", ".join(self.operand(a, bulk) for a in args)
        name = self.constant(function, function.__name__)
        if function in _CONDITIONS:
            return f"{target} = {name}({text})"
        return f"{name}({text}, {'out=' if bulk else ''}{target})"

    def operand(self, arg: str | float, bulk: bool = False) -> str:
        if isinstance(arg, str):
            return arg
        # a 0-d array spares NumPy the conversion of a Python number
        name = self.constant(np.array(arg), "c")
        if bulk:
            full = self.constant(_filled(arg), "full")
            return f"({full}[:y.size] if y.size > {SMALL} else {name})"
        return name

    def constant(self, thing: Any, name: str) -> str:
        if isinstance(thing, np.ndarray):
            name = f"{name}{len(self.constants)}"
        while self.constants.setdefault(name, thing) is not thing:
            name += "_"
        return name

    def place(self, symbol: Symbol) -> str:
        """Where the result goes: the gradient to `out` at once, the rest to free buffers."""
        if symbol.function in _CONDITIONS or symbol.function is np.where:
            return f"t{len(self.names)}"
        if symbol.function in _mending:
            own = self.names[symbol.args[-1]]
            if own in self.free:
                self.free.remove(own)
                return own
            return self.take(new=True)  # another argument may have been in a free one
        return "out" if symbol is self.slope else self.take()

    def take(self, new: bool = False) -> str:
        if self.free and not new:
            return self.free.pop()
        self.buffers += 1
        return f"b{self.buffers - 1}"

    def release(self, symbol: Symbol) -> None:
        self.uses[symbol] -= 1
        name = self.names[symbol]
        if self.uses[symbol] == 0 and name.startswith("b"):
            self.free.append(name)


def _between(a: Symbol, rest: Symbol) -> tuple[Symbol, float] | None:
    """b and c, if `rest` is b - c a with a between 0 and b, and c at most 1/2.

    Then neither a b nor c a a is ever much above their difference, and their sums may be taken
    apart, which saves two passes over the data.
    """
    match (a.function, a.args, rest.function, rest.args):
        case (
            np.clip,
            (Symbol() as b, float(low), float(high)),
            np.subtract,
            (inner, Symbol(function=np.multiply, args=(float(c), same))),
        ) if inner is b and same is a and low <= 0.0 <= high and 0.0 < c <= 0.5:
            return b, c
    return None
