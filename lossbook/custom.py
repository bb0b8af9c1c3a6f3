"""A loss of your own: from a plain function, with its gradient found and its properties tested."""

import inspect
import types
from dataclasses import dataclass

import numpy as np

from lossbook import _validate
from lossbook.losses import Loss


def from_function(function, **hyperparameters):
    """A loss from a NumPy function of `(y_true, y_pred)` that returns the per-sample losses.

    The gradient is found by the `autograd` library, which traces the function; it may use the
    functions of NumPy, arithmetic, indexing, loops and `np.where`, but not assign into arrays. Of
    arrays (n,) it returns an array (n,); of predictions (n, K) an array (n,) or (n, K), and every
    entry may depend only on its own sample.

    Parameters
    ----------
    function : for example ``lambda y_true, y_pred: np.abs(y_pred - y_true) ** 1.5``.
    hyperparameters : passed to the function by name, and shown in the loss's `repr`.

    Returns
    -------
    a `Loss` with `pointwise`, `gradient`, `hessian`, weights, sums and multiples.

    Raises
    ------
    TypeError
        If `function` is not a function, or does not take these hyperparameters; when the loss is
        used, if autograd cannot differentiate it.
    ValueError
        When the loss is used, if the function returns another shape (a mean, say, instead of the
        losses); if a loss that counts in a mean is NaN, as 0 times infinity is; or if autograd
        finds no slope where the loss is finite. It follows both branches of ``np.where``, and 0
        times the infinite slope of the other one is NaN.
    """
    return FunctionLoss(function, hyperparameters)


class FunctionLoss(Loss):
    """The loss made by `from_function`."""

    def __init__(self, function, hyperparameters):
        if not callable(function):
            raise TypeError(f"function is {function!r}; expected a function of (y_true, y_pred)")
        self.function = function
        self._given = tuple(hyperparameters)
        for name, value in hyperparameters.items():
            if hasattr(type(self), name):
                raise TypeError(f"{name!r} is a name that every loss has; choose another one")
            setattr(self, name, value)
        self._check_names()

    def _check_names(self):
        try:
            signature = inspect.signature(self.function)
        except (TypeError, ValueError):  # a function of C that does not tell
            return
        try:
            signature.bind(None, None, **self.hyperparameters)
        except TypeError as error:
            given = ", ".join(["y_true", "y_pred", *self._given])
            raise TypeError(
                f"{self._name}{signature} does not take ({given}): {error}; expected the names of "
                "its own hyperparameters, a value for each without a default"
            ) from None

    def replace(self, **changes):
        """The loss with other hyperparameters, which may be any that the function takes."""
        return type(self)(self.function, {**self.hyperparameters, **changes})

    def pointwise(self, y_true, y_pred):
        result = np.asarray(self.function(y_true, y_pred, **self.hyperparameters))
        if result.dtype.kind == "c":
            raise TypeError(f"{self._name} returned complex numbers; expected real ones")
        result = result.astype(float, copy=False)
        if result.shape not in (y_pred.shape, y_pred.shape[:1]):
            hint = "; return the losses of the samples, not their mean" if not result.ndim else ""
            raise ValueError(
                f"{self._name} returned the shape {result.shape} for predictions of shape "
                f"{y_pred.shape}; expected {y_pred.shape[:1]}, a loss for each sample{hint}"
            )
        return result

    def gradient(self, y_true, y_pred):
        return self._differentiated(1)(y_true, y_pred)

    def hessian(self, y_true, y_pred):
        return self._differentiated(2)(y_true, y_pred)

    def _loss_shape(self, y_true, y_pred):
        with np.errstate(all="ignore"):
            return self._pointwise(y_true, y_pred).shape

    def _differentiated(self, times):
        from autograd import elementwise_grad  # a moment to import, and few need it

        traced = _with_autograd(self.function)
        hyperparameters = self.hyperparameters

        def slope(y_true, y_pred):
            return traced(y_true, y_pred, **hyperparameters)

        for _ in range(times):
            slope = elementwise_grad(slope, 1)

        def derivative(y_true, y_pred):
            try:
                found = np.asarray(slope(y_true, y_pred), dtype=float)
                self._refuse_nan(found, y_true, y_pred, times)
                return found
            except (TypeError, AttributeError, NotImplementedError) as error:
                raise TypeError(
                    f"autograd cannot differentiate {self._name}: {error}. It follows functions "
                    "of NumPy and arithmetic; define a subclass of Loss with pointwise and "
                    "gradient instead"
                ) from error

        return derivative

    def _refuse_nan(self, derivative, y_true, y_pred, times):
        missing = np.isnan(derivative)
        if not missing.any():
            return
        value = self._pointwise(y_true, y_pred)
        finite = np.isfinite(value if value.shape == missing.shape else value[:, None])
        if not (missing & finite).any():
            return  # the loss itself has no value there
        index = _validate.first_index(missing & finite)
        raise ValueError(
            f"the {'gradient' if times == 1 else 'hessian'} of {self._name} is nan where y_pred "
            f"holds {y_pred[index]}{_validate.at(index)}, though the loss is finite: autograd follows both "
            "branches of np.where, and 0 times the infinite slope of the other one is nan. Keep the "
            "argument of each branch where its slope is finite: for r < 0 only, "
            "np.sqrt(np.where(r < 0, -r, 1.0)). Or define a subclass of Loss with pointwise and "
            "gradient instead"
        )

    @property
    def hyperparameters(self):
        return {name: getattr(self, name) for name in self._given}

    @property
    def _name(self):
        return getattr(self.function, "__name__", repr(self.function))

    def __repr__(self):
        extra = "".join(f", {name}={value!r}" for name, value in self.hyperparameters.items())
        return f"from_function({self._name}{extra})"

    def __eq__(self, other):
        if not isinstance(other, FunctionLoss):
            return NotImplemented
        return self.function == other.function and super().__eq__(other)

    def __hash__(self):
        return hash((self.function, super().__hash__()))


def _with_autograd(function, seen=None):
    """The function with NumPy's names bound to autograd's, which record what is done to them."""
    import autograd.numpy as traced

    if not isinstance(function, types.FunctionType):
        return function
    seen = {} if seen is None else seen
    if function in seen:
        return seen[function]

    def exchange(value):
        if value is np:
            return traced
        if isinstance(value, types.FunctionType) and value.__module__ == function.__module__:
            return _with_autograd(value, seen)
        name = getattr(value, "__name__", None)
        if isinstance(name, str) and callable(value) and getattr(np, name, None) is value:
            return getattr(traced, name, value)
        return value

    names = dict(function.__globals__)
    cells = function.__closure__ and tuple(
        types.CellType(exchange(cell.cell_contents)) for cell in function.__closure__
    )
    twin = types.FunctionType(
        function.__code__, names, function.__name__, function.__defaults__, cells
    )
    twin.__kwdefaults__ = function.__kwdefaults__
    seen[function] = twin
    used = set(function.__code__.co_names)
    for const in function.__code__.co_consts:
        if isinstance(const, types.CodeType):
            used |= set(const.co_names)
    names.update({name: exchange(names[name]) for name in used & names.keys()})
    return twin


@dataclass(frozen=True)
class GradientCheck:
    """What `check_gradient` found; true in a condition if the gradient is right.

    `worst` is the largest error, relative to the size of the derivative (or 1, if it is smaller);
    `rows` lists the wrong places, worst first: (index, y_true, y_pred, gradient, numeric).
    """

    passed: bool
    checked: int
    worst: float
    rows: tuple

    def __bool__(self):
        return self.passed

    def __str__(self):
        if self.passed:
            return f"gradient right at all {self.checked} places (worst error {self.worst:.1e})"
        if not self.checked:
            return "gradient not checked: the loss is not finite on both sides of any place"
        lines = [f"gradient wrong at {len(self.rows)} of {self.checked} places:"]
        for index, y, p, gradient, numeric in self.rows[:5]:
            lines.append(
                f"  at {index}: y_true {y}, y_pred {p:g}: gradient {gradient:g}, "
                f"numerically {numeric:g}, off by {gradient - numeric:+.3g}"
            )
        return "\n".join(lines)


def check_gradient(loss, y_true, y_pred, tolerance=1e-6):
    """Compare `loss.gradient` with numerical differences of `loss.pointwise`; print the result.

    At a kink any slope between those of the two sides is right. The error of a place is measured
    against the size of the derivative, or 1 if that is smaller. Places near which the loss is not
    finite on both sides are left out; a check of none does not pass.

    Parameters
    ----------
    loss : a `Loss`.
    y_true, y_pred : arguments as for `loss.pointwise`.
    tolerance : the largest error that passes.

    Returns
    -------
    GradientCheck
    """
    _validate.instance("loss", loss, Loss, "losses.MeanSquaredError()")
    tolerance = _validate.positive("tolerance", tolerance)
    y, p = loss._check(y_true, y_pred)
    loss._check_finite(y, p)
    shape = p.shape
    if p.ndim == 0:
        y, p = np.reshape(y, 1), np.reshape(p, 1)
    with np.errstate(all="ignore"):
        gradient = np.asarray(loss._gradient(y, p), dtype=float)
        if gradient.shape != p.shape:
            raise ValueError(
                f"gradient has shape {gradient.shape}; expected {p.shape}, the shape of y_pred"
            )
        numeric, below, above = _differences(loss, y, p)
    size = np.maximum(1.0, np.abs(np.nan_to_num(numeric)))
    error = np.abs(gradient - numeric) / size
    low, high = np.minimum(below, above), np.maximum(below, above)
    slack = tolerance * size
    kink = (high - low > 1e-4 * size) & (low - slack <= gradient) & (gradient <= high + slack)
    unknown = np.isnan(numeric) & ~kink & ~np.isnan(gradient)
    error = np.where(kink | unknown, 0.0, np.where(np.isnan(error), np.inf, error))
    wrong = np.argwhere(error > tolerance)
    order = np.argsort([-error[tuple(i)] for i in wrong], kind="stable")
    rows = []
    for i in wrong[order]:
        i = tuple(int(k) for k in i)
        target = y[i] if y.shape == p.shape else y[i[0]]
        place = i if len(i) > 1 else i[0]
        rows.append((place if shape else (), target, p[i], gradient[i], numeric[i]))
    worst = float(error.max())
    checked = int(np.count_nonzero(~unknown))
    report = GradientCheck(not rows and checked > 0, checked, worst, tuple(rows))
    print(report)
    return report


def _differences(loss, y, p):
    """Central differences, extrapolated, with the most reliable of several steps; and those of
    the two sides."""
    here = np.asarray(loss._pointwise(y, p))
    columns = [np.ones_like(p)]
    if here.shape != p.shape:  # rows of predictions: one column at a time
        columns = [np.zeros_like(p) for _ in range(p.shape[1])]
        for k, column in enumerate(columns):
            column[:, k] = 1.0
    numeric, below, above = np.zeros((3, *p.shape))
    for column in columns:

        def value(h, column=column):
            return np.asarray(loss._pointwise(y, p + h * column))

        scale = np.maximum(1e-2, np.abs(p)) if here.shape == p.shape else 1.0
        best = np.full(here.shape, np.inf)
        found = np.full(here.shape, np.nan)
        for step in (1e-2, 1e-3, 1e-4, 1e-5):
            h = step * scale
            wide, narrow = _central(value, h), _central(value, h / 2)
            doubt = np.abs(wide - narrow)
            better = doubt < best
            best = np.where(better, doubt, best)
            found = np.where(better, (4 * narrow - wide) / 3, found)
        h = 1e-7 * scale
        sides = (found, (here - value(-h)) / h, (value(h) - here) / h)
        for total, part in zip((numeric, below, above), sides, strict=True):
            part = part if part.shape == p.shape else part[:, None]
            total += np.where(column > 0, part, 0.0)
    return numeric, below, above


def _central(value, h):
    return (value(h) - value(-h)) / (2 * h)


@dataclass(frozen=True)
class Property:
    """Whether a property holds at all the places tried; if not, where it fails."""

    name: str
    holds: bool
    detail: str

    def __bool__(self):
        return self.holds

    def __str__(self):
        return f"{'yes' if self.holds else 'NO ':3} {self.name}: {self.detail}"


def check_properties(loss, y_true=0.0, errors=5.0, count=401):
    """Test what one expects of a loss for regression, on errors on both sides of a target; print
    and return the findings, a dict by name.

    The properties: "non-negative"; "zero at the target"; "monotone": a larger error on the same
    side never costs less; "convex" in the prediction. A property that holds at all places tried may
    still fail between them; a failure is a proof.

    Parameters
    ----------
    loss : a `Loss` of one number and its prediction.
    y_true : the target.
    errors : how far to go on both sides.
    count : how many predictions to try.
    """
    _validate.instance("loss", loss, Loss, "losses.MeanSquaredError()")
    errors = _validate.positive("errors", errors)
    count = _validate.count("count", count, at_least=3)
    r = np.linspace(-errors, errors, count if count % 2 else count + 1)
    p = float(y_true) + r
    value = np.asarray(loss.pointwise(np.full_like(p, y_true), p))
    middle = r.size // 2
    slack = 1e-12 * max(1.0, float(np.abs(value).max()))
    outward = np.concatenate([value[middle::-1], value[middle:]])
    steps = np.diff(outward)
    steps[middle] = 0.0  # from the far left back to the target
    bend = value[2:] - 2 * value[1:-1] + value[:-2]
    cases = [
        ("non-negative", value, r),
        ("zero at the target", -np.abs(value[middle : middle + 1]), r[middle : middle + 1]),
        ("monotone", steps, np.concatenate([r[middle::-1], r[middle:]])[1:]),
        ("convex", bend, r[1:-1]),
    ]
    findings = {}
    for name, least, where in cases:
        at = int(np.argmin(least))
        holds = bool(least[at] >= -slack)
        detail = f"at {where.size} errors tried"
        if not holds:
            detail = f"fails at the error {where[at]:.4g} by {-least[at]:.3g}"
        findings[name] = Property(name, holds, detail)
        print(findings[name])
    return findings
