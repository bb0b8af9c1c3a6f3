"""Functions generated from recorded formulas: kernels for blocks of samples that fit the cache.

Each intermediate result is written to a buffer that is used again as soon as it is free.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from .buffers import filled, workspace
from .tracing import Symbol, Tape, Untraceable, mending, shows

Kernel: TypeAlias = Callable[..., float]
DOT_ROW = 512
SMALL = 1024
_CONDITIONS = {
    np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal,
    np.logical_and, np.logical_or, np.logical_xor, np.logical_not,
    np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert,  # of conditions: no float has them
    np.isnan, np.isfinite, np.isinf, np.signbit,
}  # fmt: skip
_SLOW_IN_PLACE = {np.sign}  # NumPy runs it as a branch for each number, 7 times slower


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
        if name not in checked and not shows(value, symbol):
            zeros = writer.constant(filled(0.0), "zeros")
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
        scope = {"np": np, "dot": dot, "total_of": np.add.reduce, "buffers": workspace.buffers}
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
            full = self.constant(filled(arg), "full")
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
        if symbol.function in mending:
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
