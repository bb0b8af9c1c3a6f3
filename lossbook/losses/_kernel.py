"""Turn the formulas of an elementwise loss into one pass over a block of samples.

`pointwise` and `gradient` are written as plain NumPy formulas. Called once with symbols instead of
arrays they leave a list of operations, in which what both formulas share (the residual, say)
appears once. From this list a function is generated that computes the sum of the losses and the
scaled gradient of a block, each intermediate result in a buffer that is used again as soon as it is
free. The loss stays as readable as its formula, and nothing is allocated in the loop.
"""

import threading
from functools import lru_cache

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

BLOCK = 32_768  # doubles; from 16,384 to 32,768 the speed hardly changes
DOT_ROW = 512
SMALL = 1024

_COMPARISONS = {
    np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal,
    np.logical_and, np.logical_or, np.logical_xor, np.logical_not,
    np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert,  # of conditions: no float has them
    np.isnan, np.isfinite, np.isinf, np.signbit,
}  # fmt: skip


_SLOW_IN_PLACE = {np.sign}  # NumPy runs it as a branch for each number, 7 times slower


class Untraceable(TypeError, AttributeError):
    """A formula asks for more than elementwise NumPy functions; it is then evaluated as it is."""


class Symbol(NDArrayOperatorsMixin):
    """Stands for a block of numbers; NumPy functions applied to it are recorded."""

    __hash__ = object.__hash__

    def __init__(self, tape, function=None, args=()):
        self.tape, self.function, self.args = tape, function, args

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        if method != "__call__" or kwargs or ufunc.nout != 1 or ufunc.signature:
            raise Untraceable(f"{ufunc.__name__}.{method} with {sorted(kwargs)}")
        return self.tape.record(ufunc, inputs)

    def __array_function__(self, function, types, args, kwargs):
        if kwargs or function not in (np.clip, np.where):
            raise Untraceable(function.__name__)
        return self.tape.record(function, args)

    def __getattr__(self, name):
        raise Untraceable(f"the attribute {name} of an array")

    def _no_number(self, *_):
        raise Untraceable("the numbers themselves, as a branch on data does")

    __bool__ = __float__ = __int__ = __index__ = __complex__ = _no_number
    __iter__ = __len__ = __getitem__ = __setitem__ = __array__ = __round__ = _no_number


class Tape:
    """The operations in the order of their first use; equal operations are recorded once."""

    def __init__(self):
        self.symbols = {}

    def record(self, function, args):
        args = tuple(arg if isinstance(arg, Symbol) else _constant(arg) for arg in args)
        if function is np.power and args[1] == 2.0:
            function, args = np.square, args[:1]
        key = (function, *(id(a) if isinstance(a, Symbol) else (a, str(a)) for a in args))
        if key not in self.symbols:
            self.symbols[key] = Symbol(self, function, args)
        return self.symbols[key]


def _constant(value):
    if not np.isscalar(value):
        raise Untraceable(f"a constant of type {type(value).__name__}")
    return float(value)


def dot(a, b):
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


@lru_cache(maxsize=32)
def _filled(value):
    # maximum(array, array) takes half the time of maximum(array, number)
    array = np.full(BLOCK, value)
    array.flags.writeable = False
    return array


def _aligned_block():
    block = np.empty(BLOCK + 8)
    start = -(block.ctypes.data // 8) % 8  # vectors that straddle no cache line: 5 % faster
    return block[start : start + BLOCK]


class _Workspace(threading.local):
    """Buffers of the running thread; views of the sizes used last are kept."""

    def __init__(self):
        self.count, self.views = 0, {}

    def buffers(self, count, size):
        if count > self.count:
            self.blocks = [_aligned_block() for _ in range(count)]
            self.count, self.views = count, {}
        views = self.views.get(size)
        if views is None:
            if len(self.views) > 8:
                self.views.clear()
            views = self.views[size] = [block[:size] for block in self.blocks]
        return views


_workspace = _Workspace()


def compile_kernel(pointwise, gradient, weighted, split=False, unexposed=()):
    """Generate `kernel(y, p, w, k, out) -> sum` for blocks of at most `BLOCK` samples.

    It returns the sum of (w times) the losses and writes k (times w) times their derivatives to
    `out`. `gradient` may be None: then nothing is written. With `split`, a loss a (b - c a) may be
    summed as sum(a b) - c sum(a a). To the sum is added 0 times the arguments in `unexposed`, so
    that it is NaN unless they are finite. `Untraceable` means that the formulas cannot be run on
    symbols; any other error is one of the formulas.
    """
    tape = Tape()
    y, p = Symbol(tape), Symbol(tape)
    value = pointwise(y, p)
    slope = None if gradient is None else gradient(y, p)
    if not isinstance(value, Symbol) or not (gradient is None or isinstance(slope, Symbol)):
        raise Untraceable("a result that does not depend on the arguments")
    return _Generator(y, p, value, slope, weighted, split).build(unexposed)


class _Generator:
    """Writes the source of a kernel: one line an operation, buffers by linear scan."""

    def __init__(self, y, p, value, slope, weighted, split):
        self.value, self.slope, self.weighted = value, slope, weighted
        self.split = split
        self.names = {y: "y", p: "p"}
        self.lines, self.constants, self.free, self.buffers = [], {}, [], 0
        self.uses = {}
        self.factor = 1.0
        if slope is not None:
            self.peel_factor()
        for root in (value, self.slope):
            if root is not None:
                self.count_uses(root)

    def peel_factor(self):
        """Constant factors of the gradient join the scale of the mean."""
        while self.slope.function in (np.multiply, np.negative):
            number = -1.0
            if self.slope.function is np.multiply:
                number = next((a for a in self.slope.args if not isinstance(a, Symbol)), 0.0)
            if not 1e-100 < abs(number * self.factor) < 1e100:
                break
            self.factor *= number
            self.slope = next(a for a in self.slope.args if isinstance(a, Symbol))

    def count_uses(self, symbol):
        self.uses[symbol] = self.uses.get(symbol, 0) + 1
        if self.uses[symbol] == 1:
            for arg in symbol.args:
                if isinstance(arg, Symbol):
                    self.count_uses(arg)

    def build(self, unexposed):
        self.emit_sum()
        for name in unexposed:
            zeros = self.constant(_filled(0.0), "zeros")
            short = {"y_true": "y", "y_pred": "p"}[name]
            self.lines.append(f"    total += dot({short}, {zeros}[:y.size])")
        if self.slope is not None:
            self.emit_gradient()
        names = [f"b{i}" for i in range(self.buffers)]
        head = [f"    [{', '.join(names)}, *_] = buffers({len(names)}, y.size)"] if names else []
        source = "\n".join(
            ["def kernel(y, p, w, k, out):", *head, *self.lines, "    return total", ""]
        )
        scope = {
            "np": np,
            "dot": dot,
            "total_of": np.add.reduce,
            "buffers": _workspace.buffers,
            **self.constants,
        }
        exec(compile(source, "<loss kernel>", "exec"), scope)
        kernel = scope["kernel"]
        kernel.source = source
        return kernel

    def emit_sum(self):
        value = self.value
        pair = None
        if not self.weighted and self.uses[value] == 1:
            # the sum of a product is a dot product: one pass less
            if value.function is np.multiply and all(isinstance(a, Symbol) for a in value.args):
                pair = value.args
            elif value.function is np.square:
                pair = value.args * 2
        if pair and self.split:
            self.emit_split_sum(*pair)
        elif pair:
            a, b = self.emit(pair[0]), self.emit(pair[1])
            self.lines.append(f"    total = dot({a}, {b})")
            for symbol in value.args:
                self.release(symbol)
        else:
            name = self.emit(value)
            text = f"dot(w, {name})" if self.weighted else f"total_of({name})"
            self.lines.append(f"    total = {text}")
            self.release(value)

    def emit_split_sum(self, first, rest):
        b, product = rest.args
        c, same = product.args
        if (rest.function, product.function, same) != (np.subtract, np.multiply, first):
            raise Untraceable("split is for losses of the form a * (b - c * a)")
        a, b = self.emit(first), self.emit(b)
        self.lines.append(f"    total = dot({a}, {b}) - {c!r} * dot({a}, {a})")

    def emit_gradient(self):
        name = self.emit(self.slope)
        factor = "k" if self.factor == 1.0 else f"{self.factor!r} * k"
        if self.weighted:
            scale = self.take()
            self.lines.append(f"    np.multiply(w, {factor}, {scale})")
            factor = scale
        self.lines.append(f"    np.multiply({name}, {factor}, out)")

    def emit(self, symbol):
        """Append the lines that compute `symbol`; return the name that holds it."""
        if symbol in self.names:
            return self.names[symbol]
        args = [self.emit(a) if isinstance(a, Symbol) else a for a in symbol.args]
        if symbol.function in _SLOW_IN_PLACE:
            self.names[symbol] = self.place(symbol)
        for arg in symbol.args:
            if isinstance(arg, Symbol):
                self.release(arg)
        target = self.names.get(symbol) or self.place(symbol)
        self.names[symbol] = target
        self.lines.append("    " + self.line(symbol, args, target))
        return target

    def line(self, symbol, args, target):
        function = symbol.function
        if function is np.where:
            return f"{target} = np.where({', '.join(map(self.operand, args))})"
        if function is np.clip and isinstance(args[0], str):
            low, high = map(self.operand, args[1:])
            return f"{args[0]}.clip({low}, {high}, {target})"  # np.clip costs 1.4 us more
        bulk = function in (np.maximum, np.minimum)
        text = ", ".join(self.operand(a, bulk) for a in args)
        name = self.constant(function, function.__name__)
        if function in _COMPARISONS:
            return f"{target} = {name}({text})"
        return f"{name}({text}, out={target})" if bulk else f"{name}({text}, {target})"

    def operand(self, arg, bulk=False):
        if isinstance(arg, str):
            return arg
        # a 0-d array spares NumPy the conversion of a Python number
        name = self.constant(np.array(arg), "c")
        if bulk:
            full = self.constant(_filled(arg), "full")
            return f"({full}[:y.size] if y.size > {SMALL} else {name})"
        return name

    def constant(self, thing, name):
        if isinstance(thing, np.ndarray):
            name = f"{name}{len(self.constants)}"
        while self.constants.setdefault(name, thing) is not thing:
            name += "_"
        return name

    def place(self, symbol):
        """Where the result goes: the gradient to `out` at once, the rest to free buffers."""
        if symbol.function in _COMPARISONS or symbol.function is np.where:
            return f"t{len(self.names)}"
        return "out" if symbol is self.slope else self.take()

    def take(self):
        if self.free:
            return self.free.pop()
        self.buffers += 1
        return f"b{self.buffers - 1}"

    def release(self, symbol):
        self.uses[symbol] -= 1
        name = self.names[symbol]
        if self.uses[symbol] == 0 and name.startswith("b"):
            self.free.append(name)
