"""The class `Loss`: what every loss of the book shares."""

import functools
import inspect
import math

import numpy as np

from lossbook import _validate
from lossbook.losses import _kernel
from lossbook.losses.entries import Facts, facts_of

silent = np.errstate(all="ignore")  # an infinite loss is an answer, not a fault


def _then_frozen(init):
    """An `__init__` (or, of a dataclass, `__post_init__`) that ends in a loss nobody can change."""

    name = init.__name__

    @functools.wraps(init)
    def method(self, *args, **kwargs):
        try:
            init(self, *args, **kwargs)
        except TypeError:
            _check_call(type(self).__name__, init, args, kwargs)
            raise
        cls = type(self)
        if name != "__init__" and hasattr(cls.__init__, "_freezes"):
            return  # an __init__ of one's own is not over yet
        if getattr(cls, name) is method:  # not one that a subclass calls from its own
            self.__dict__["_frozen"] = True

    method._freezes = True
    return method


def _check_call(loss, init, args, kwargs):
    """Raise if the hyperparameters are not those that `init` takes, and name those."""
    parameters = list(inspect.signature(init).parameters.values())[1:]
    if any(p.kind in (p.VAR_KEYWORD, p.VAR_POSITIONAL) for p in parameters):
        return
    has = ", ".join(p.name for p in parameters) or "none"
    for name in kwargs.keys() - {p.name for p in parameters}:
        raise TypeError(f"{loss} has no hyperparameter {name!r}; expected one of: {has}") from None
    if len(args) > sum(p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters):
        raise TypeError(
            f"{loss} is given {args[0]!r} without a name; expected hyperparameters by keyword: {has}"
        ) from None


class Loss:
    r"""A loss :math:`\ell(y, \hat y)` of a true value and a prediction, with its derivatives.

    A subclass that defines `pointwise` and `gradient` (and, if it exists, `hessian`) is a loss in
    full: arguments are checked and converted before these methods see them, and the weighted mean,
    its gradient, sums and multiples follow::

        class Quartic(Loss):
            def pointwise(self, y_true, y_pred):
                return (y_pred - y_true) ** 4

            def gradient(self, y_true, y_pred):
                return 4 * (y_pred - y_true) ** 3

    With the class attribute ``elementwise = True`` it promises that each entry of a result depends
    on the same entry of the arguments alone; the work is then done in cache-sized blocks.

    All arguments are numbers or arrays of them, finite (but for logits that rule a class out), and
    of one shape. Integers, booleans and float32 are converted to float64, and results are float64.
    Results that are too large for float64 are `inf`. Everything wrong raises a `ValueError` or,
    where the type is wrong, a `TypeError`, that names the argument, what it holds and what was
    expected.

    Hyperparameters are keyword arguments and attributes, checked when the loss is made. After that
    a loss cannot be changed; `replace` makes another one. Losses of one class with equal
    hyperparameters are equal.
    """

    elementwise = False
    # The arguments in which NaN or infinity might leave the sum of the losses finite. In the others
    # a finite sum proves that all entries are finite, so that checking them costs nothing.
    _unexposed = ("y_true", "y_pred")
    # Instead of `pointwise` in the sum, if it is the same wherever it is finite, and quicker.
    _where_finite = None
    # True if pointwise is a * (b - c * a) and neither a * b nor c * a * a is ever much above the
    # loss: their sums may then be taken apart, which saves two passes over the data.
    _split_sum = False

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for name in ("__init__", "__post_init__"):
            if name in cls.__dict__:
                setattr(cls, name, _then_frozen(cls.__dict__[name]))
        if "pointwise" in cls.__dict__ and "_where_finite" not in cls.__dict__:
            cls._where_finite = None  # that of another formula
        for name in ("pointwise", "gradient", "hessian"):
            if name in cls.__dict__:
                formula = cls.__dict__[name]
                setattr(cls, f"_{name}", formula)
                setattr(cls, name, _checked(formula))

    @_then_frozen
    def __init__(self):
        pass

    @_then_frozen
    def __post_init__(self):
        """Of a dataclass: called by the `__init__` that it writes."""

    # The three formulas

    def pointwise(self, y_true, y_pred):
        """The losses of the single samples, in the shape of the arguments."""
        raise NotImplementedError(f"{type(self).__name__} does not define pointwise")

    def gradient(self, y_true, y_pred):
        """The derivative of `pointwise` with respect to `y_pred`, in the shape of `y_pred`.

        At a kink: the subgradient of least norm, so 0 where the loss has its minimum.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define gradient")

    def hessian(self, y_true, y_pred):
        """The second derivative of `pointwise` with respect to `y_pred`, where there is one.

        At a point where it does not exist: the value from one side.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define hessian")

    _pointwise, _gradient, _hessian = pointwise, gradient, hessian

    # The mean

    def __call__(self, y_true, y_pred, sample_weight=None):
        r"""The weighted mean :math:`\sum_i w_i \ell_i / \sum_i w_i`, a float.

        Parameters
        ----------
        y_true, y_pred : arrays of one shape.
        sample_weight : array in the shape of `pointwise`, none negative, not all zero; all ones
            by default.

        The sum is taken pairwise within blocks and exactly between them: rounding costs some 40 ulp
        at worst, however many the samples. It does not overflow unless a loss does.
        """
        return self._mean(y_true, y_pred, sample_weight, with_gradient=False)[0]

    def value_and_gradient(self, y_true, y_pred, sample_weight=None):
        r"""The weighted mean and its gradient, in one pass: `(float, array like y_pred)`.

        The gradient is that *of the mean*: entry i is :math:`w_i / \sum_j w_j` times the
        derivative :math:`\ell'_i` that `gradient` returns. Parameters as for a call.
        """
        return self._mean(y_true, y_pred, sample_weight, with_gradient=True)

    def _mean(self, y_true, y_pred, sample_weight, with_gradient):
        y, p = self._check(y_true, y_pred)
        if sample_weight is None:
            w, weight = None, self._count(y, p)
        else:
            w = _validate.check_weights(sample_weight, self._loss_shape(y, p))
            w, weight = _scaled_weights(w)
        out = np.empty(p.shape) if with_gradient else None
        total = self._sum(y, p, w, 1.0 / weight, out)
        if not math.isfinite(total):
            self._check_finite(y, p)
            return self._rescued_mean(y, p, w, weight, out)
        return total / weight + 0.0, out if out is None or out.ndim else out[()]

    @silent
    def _sum(self, y, p, w, k, out):
        """The sum of w times the losses; k w times the gradient goes to `out`."""
        if not self.elementwise or y.ndim != p.ndim:
            return self._plain_sum(y, p, w, k, out)
        kernel = self._kernel(w is not None, out is not None)
        size = y.size
        if y.ndim != 1:
            y, p = y.reshape(-1), p.reshape(-1)
            w = w if w is None else w.reshape(-1)
            out = out if out is None else out.reshape(-1)
        if size <= _kernel.BLOCK:
            return float(kernel(y, p, w, k, out))
        sums = []
        for start in range(0, size, _kernel.BLOCK):
            block = slice(start, start + _kernel.BLOCK)
            sums.append(
                kernel(
                    y[block],
                    p[block],
                    w if w is None else w[block],
                    k,
                    out if out is None else out[block],
                )
            )
        return _exact_sum(sums)

    def _plain_sum(self, y, p, w, k, out):
        if self._unexposed:
            self._check_finite(y, p)
        value = self._pointwise(y, p)
        if out is not None:
            factor = k if w is None else k * w
            np.multiply(self._gradient(y, p), _expand(factor, out), out=out)
        return float(np.sum(value if w is None else w * value))

    def _has_formulas_of(self, cls):
        """Whether value and gradient are those of `cls`, and not of a subclass."""
        own = type(self)
        return own._pointwise is cls._pointwise and own._gradient is cls._gradient

    def _kernel(self, weighted, with_gradient):
        kernels = self.__dict__.get("_kernels")
        if kernels is None:
            kernels = self.__dict__["_kernels"] = _kernels_of(self)
        key = (weighted, with_gradient)
        if key not in kernels:
            pointwise = self._where_finite or self._pointwise
            gradient = self._gradient if with_gradient else None
            try:
                kernels[key] = _kernel.compile_kernel(
                    pointwise, gradient, weighted, self._split_sum, self._unexposed
                )
            except _kernel.Untraceable:  # formulas that need real arrays
                kernels[key] = None
        return kernels[key] or self._plain_sum

    @silent
    def _rescued_mean(self, y, p, w, weight, out):
        """The mean where the plain sum is not finite: no overflow before the division."""
        value = np.asarray(self._pointwise(y, p))
        share = np.broadcast_to(1.0 / weight if w is None else w / weight, value.shape)
        counts = share > 0
        if out is not None:
            slope = np.asarray(self._gradient(y, p))
            out[...] = np.where(_expand(counts, out), _expand(share, out) * slope, 0.0)
            out = out if out.ndim else out[()]
        return _exact_sum((value[counts] * share[counts]).tolist()), out

    # What a family of losses adapts

    def _check(self, y_true, y_pred):
        """Both arguments as float64 arrays, checked for everything but finiteness."""
        return _validate.check_pair(y_true, y_pred)

    def _check_finite(self, y_true, y_pred):
        _validate.check_finite("y_true", y_true)
        _validate.check_finite("y_pred", y_pred)

    def _count(self, y_true, y_pred):
        """The number of per-sample losses."""
        return y_true.size

    def _loss_shape(self, y_true, y_pred):
        """The shape of `pointwise`, and so of the weights."""
        return y_true.shape

    # Facts

    @property
    def facts(self) -> Facts:
        """What is known of this loss, with these hyperparameters: a `Facts`.

        ``Huber().facts`` are those of the class with its default hyperparameters.
        """
        return facts_of(self)

    @property
    def hyperparameters(self):
        """The hyperparameters by name, in the order of the signature."""
        return {name: getattr(self, name) for name in _hyperparameter_names(type(self))}

    def replace(self, **changes):
        """The loss with other hyperparameters: ``Huber(delta=1.0).replace(delta=2.0)``."""
        known = self.hyperparameters
        for name in changes:
            if name not in known:
                has = ", ".join(known) or "none"
                raise TypeError(f"{self!r} has no hyperparameter {name!r}; expected one of: {has}")
        return type(self)(**{**known, **changes})

    # Sums and multiples

    def __add__(self, other):
        if not isinstance(other, Loss):
            return self if _is_zero(other) else NotImplemented
        return _combination()([(1.0, self), (1.0, other)])

    __radd__ = __add__  # sum() begins with 0

    def __neg__(self):
        return -1.0 * self

    def __mul__(self, factor):
        if isinstance(factor, Loss):
            raise TypeError(f"the product of {self!r} and {factor!r} is not a loss")
        return _combination()([(factor, self)])

    __rmul__ = __mul__

    def __sub__(self, other):
        if not isinstance(other, Loss):
            return self if _is_zero(other) else NotImplemented
        return self + -1.0 * other

    def __rsub__(self, other):
        return -self if _is_zero(other) else NotImplemented

    def __truediv__(self, divisor):
        number = _validate.real("divisor", divisor)
        if number == 0:
            raise ValueError(f"divisor is {divisor}; expected a number other than 0")
        return self * (1.0 / number)

    # Identity

    def __repr__(self):
        inside = ", ".join(f"{name}={value!r}" for name, value in self.hyperparameters.items())
        return f"{type(self).__name__}({inside})"

    def __eq__(self, other):
        if type(self) is not type(other):
            return NotImplemented
        return _equal(self.hyperparameters, other.hyperparameters)

    def __hash__(self):
        return _hash(type(self), self.hyperparameters)

    def __setattr__(self, name, value):
        self._refuse_after_init(name, f"replace({name}={value!r})")
        super().__setattr__(name, value)

    def __delattr__(self, name):
        self._refuse_after_init(name, f"replace({name}=...)")
        super().__delattr__(name)

    def _refuse_after_init(self, name, instead):
        if "_frozen" in self.__dict__:
            cure = f": {instead} makes another" if name in self.hyperparameters else ""
            raise AttributeError(f"{self!r} is immutable, so {name} cannot be set{cure}")

    def __getstate__(self):
        return {name: value for name, value in self.__dict__.items() if name != "_kernels"}


_shared = {}


def _kernels_of(loss):
    """Where the kernels of a loss are kept: losses of the package with equal hyperparameters share them.

    Not so those of others, whose formulas may read what no attribute of the loss shows.
    """
    cls, state = type(loss), tuple(vars(loss).items())
    plain = all(type(value) in (float, int, bool, str, type(None)) for _, value in state)
    if not plain or cls.__module__.partition(".")[0] != __name__.partition(".")[0]:
        return {}
    if len(_shared) >= 256:
        _shared.clear()
    return _shared.setdefault((cls, repr(state)), {})  # as text: 0.0 is not -0.0


def _checked(formula):
    """The method that checks its arguments before it applies the formula."""

    @functools.wraps(formula)
    def method(self, y_true, y_pred):
        y, p = self._check(y_true, y_pred)
        self._check_finite(y, p)
        with np.errstate(all="ignore"):
            result = formula(self, y, p)
        return result[()] if isinstance(result, np.ndarray) and result.ndim == 0 else result

    return method


@functools.cache
def _hyperparameter_names(cls):
    parameters = inspect.signature(cls).parameters.values()
    return tuple(p.name for p in parameters if p.kind in (p.KEYWORD_ONLY, p.POSITIONAL_OR_KEYWORD))


def _equal(a, b):
    """Whether hyperparameters agree; arrays among them entry by entry."""
    return a.keys() == b.keys() and all(
        a[name] is b[name] or bool(np.all(_same_shape(a[name], b[name]) and a[name] == b[name]))
        for name in a
    )


def _same_shape(a, b):
    arrays = [np.shape(value) for value in (a, b) if isinstance(value, np.ndarray)]
    return len(arrays) == 0 or (len(arrays) == 2 and arrays[0] == arrays[1])


def _hash(of, hyperparameters):
    """A hash that passes over what has none, such as an array."""
    known = []
    for item in hyperparameters.items():
        try:
            hash(item)
        except TypeError:
            continue
        known.append(item)
    return hash((of, tuple(known)))


def _is_zero(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == 0


def _combination():
    from lossbook.losses.combination import Combination  # a subclass of Loss: not before it

    return Combination


def _scaled_weights(w):
    """Weights and their sum; scaled by the largest if the sum or its inverse would be lost."""
    with np.errstate(over="ignore"):
        weight = float(np.sum(w))
    if not 1e-280 < weight < 1e280:
        w = w / w.max()
        weight = float(np.sum(w))
    return w, weight


def _expand(factor, like):
    """Per-sample factors with trailing axes, to multiply an array such as (n, K)."""
    factor = np.asarray(factor)
    return (
        factor.reshape(factor.shape + (1,) * (like.ndim - factor.ndim)) if factor.ndim else factor
    )


def _exact_sum(terms):
    try:
        return math.fsum(terms)
    except (OverflowError, ValueError):  # beyond float64, or infinities of both signs
        return float(np.sum(terms))
