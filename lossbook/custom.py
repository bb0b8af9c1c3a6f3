"""A loss of your own: from a plain function, with its gradient found and its properties tested."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lossbook import _validate
from lossbook._extras import extra
from lossbook.losses import Loss

__all__ = [
    "FunctionLoss",
    "GradientCheck",
    "Property",
    "check_gradient",
    "check_properties",
    "from_function",
]


def from_function(function: Callable[..., Any], **hyperparameters: Any) -> FunctionLoss:
    """A loss from a NumPy function that returns the per-sample losses.

    The gradient is found by the `autograd` library, which traces the function; it may use the
    functions of NumPy, arithmetic, indexing, loops and `np.where`, but not assign into arrays. Of
    arrays (n,) it returns an array (n,); of predictions (n, K) an array (n,) or (n, K), and every
    entry may depend only on its own sample.

    Parameters
    ----------
    function : callable
        A function of ``y_true`` and ``y_pred``, arrays, and of the hyperparameters.
    **hyperparameters : object
        What is passed to the function by name, and shown in the loss's `repr`.

    Returns
    -------
    FunctionLoss
        A `Loss` with `pointwise`, `gradient`, `hessian`, weights, sums and multiples.

    Raises
    ------
    ModuleNotFoundError
        When a derivative is asked for, if autograd is not installed: the extra "autograd" brings
        it.
    TypeError
        If `function` is not a function, or does not take these hyperparameters; when the loss is
        used, if autograd cannot differentiate it.
    ValueError
        When the loss is used, if the function returns another shape (a mean, say, instead of the
        losses); if a loss that counts in a mean is NaN, as 0 times infinity is; or if autograd
        finds no slope where the loss is finite. It follows both branches of ``np.where``, and 0
        times the infinite slope of the other one is NaN.

    Examples
    --------
    >>> loss = from_function(lambda y_true, y_pred, power: np.abs(y_pred - y_true) ** power, power=3)
    >>> loss([0.0, 0.0], [1.0, 2.0]), loss.gradient([0.0, 0.0], [1.0, 2.0])
    (4.5, array([ 3., 12.]))
    """
    return FunctionLoss(function, hyperparameters)


class FunctionLoss(Loss):
    """The loss made by `from_function`.

    Parameters
    ----------
    function : callable
        A function of ``y_true`` and ``y_pred``, arrays, and of the hyperparameters.
    hyperparameters : dict
        What is passed to the function by name.

    Examples
    --------
    >>> loss = FunctionLoss(lambda y_true, y_pred, c: c * (y_pred - y_true) ** 2, {"c": 2.0})
    >>> loss.hyperparameters, loss.replace(c=3.0)([0.0], [1.0])
    ({'c': 2.0}, 3.0)
    """

    def __init__(self, function: Callable[..., Any], hyperparameters: dict[str, Any]) -> None:
        if not callable(function):
            raise TypeError(f"function is {function!r}; expected a function of (y_true, y_pred)")
        self.function = function
        self._given = tuple(hyperparameters)
        for name, value in hyperparameters.items():
            if hasattr(type(self), name):
                raise TypeError(f"{name!r} is a name that every loss has; choose another one")
            setattr(self, name, value)
        self._check_names()

    def _check_names(self) -> None:
        """Raise if the function does not take the hyperparameters."""
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

    def replace(self, **changes: Any) -> FunctionLoss:
        """The loss with other hyperparameters.

        Parameters
        ----------
        **changes : object
            The new values by name; any that the function takes.

        Returns
        -------
        FunctionLoss
            Another loss; this one stays as it is.
        """
        return type(self)(self.function, {**self.hyperparameters, **changes})

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
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

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return self._differentiated(1)(y_true, y_pred)

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return self._differentiated(2)(y_true, y_pred)

    def _loss_shape(self, y_true: np.ndarray, y_pred: np.ndarray) -> tuple[int, ...]:
        if y_pred.ndim < 2:
            return y_pred.shape
        y_true, y_pred = self._check(y_true, y_pred)
        with np.errstate(all="ignore"):
            return self._pointwise(y_true, y_pred).shape

    def _differentiated(self, times: int) -> Callable[[Any, Any], np.ndarray]:
        """The derivative of that order, found by autograd."""
        # a moment to import, and few need it
        autograd = extra("autograd", "autograd", "the gradient of from_function")
        traced = _with_autograd(self.function)
        hyperparameters = self.hyperparameters

        def slope(y_true: Any, y_pred: Any) -> Any:
            return traced(y_true, y_pred, **hyperparameters)

        for _ in range(times):
            slope = autograd.elementwise_grad(slope, 1)

        def derivative(y_true: Any, y_pred: Any) -> np.ndarray:
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

    def _refuse_nan(
        self, derivative: np.ndarray, y_true: np.ndarray, y_pred: np.ndarray, times: int
    ) -> None:
        """Raise where the derivative is NaN though the loss is finite."""
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
    def hyperparameters(self) -> dict[str, Any]:
        """The hyperparameters by name."""
        return {name: getattr(self, name) for name in self._given}

    @property
    def _name(self) -> str:
        """What the function is called."""
        return getattr(self.function, "__name__", repr(self.function))

    def __repr__(self) -> str:
        extra = "".join(f", {name}={value!r}" for name, value in self.hyperparameters.items())
        return f"from_function({self._name}{extra})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FunctionLoss):
            return NotImplemented
        return self.function == other.function and super().__eq__(other)

    def __hash__(self) -> int:
        return hash((self.function, super().__hash__()))


def _with_autograd(function: Any, seen: dict[Any, Any] | None = None) -> Any:
    """The function with NumPy's names bound to autograd's, which record what is done to them."""
    import autograd.numpy as traced

    if not isinstance(function, types.FunctionType):
        return function
    seen = {} if seen is None else seen
    if function in seen:
        return seen[function]

    def exchange(value: Any) -> Any:
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

    Parameters
    ----------
    passed : bool
        Whether the gradient is right at all places, and there was one to check.
    checked : int
        How many places were checked.
    worst : float
        The largest error, relative to the size of the derivative (or 1, if it is smaller).
    rows : tuple
        The wrong places, worst first: (index, y_true, y_pred, gradient, numeric).

    Examples
    --------
    >>> from lossbook.losses import Huber
    >>> found = check_gradient(Huber(delta=1.0), [0.0, 0.0], [0.5, 3.0])  # doctest: +ELLIPSIS
    gradient right at all 2 places (worst error ...)
    >>> found.passed, found.checked, found.rows
    (True, 2, ())
    """

    passed: bool
    checked: int
    worst: float
    rows: tuple[tuple[Any, ...], ...]

    def __bool__(self) -> bool:
        return self.passed

    def __str__(self) -> str:
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


def check_gradient(
    loss: Loss, y_true: ArrayLike, y_pred: ArrayLike, tolerance: float = 1e-6
) -> GradientCheck:
    """Compare the gradient of a loss with numerical differences of its values; print the result.

    At a kink any slope between those of the two sides is right. The error of a place is measured
    against the size of the derivative, or 1 if that is smaller. Places near which the loss is not
    finite on both sides are left out; a check of none does not pass.

    Parameters
    ----------
    loss : Loss
        The loss whose `gradient` is compared with its `pointwise`.
    y_true : array_like
        The targets, as for `loss.pointwise`.
    y_pred : array_like
        The predictions, as for `loss.pointwise`.
    tolerance : float, default 1e-6
        The largest error that passes, above 0.

    Returns
    -------
    GradientCheck
        The findings: true in a condition if the gradient is right.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as above, or the gradient is not of the shape of the predictions.

    Examples
    --------
    >>> from lossbook.losses import MeanSquaredError
    >>> class Wrong(MeanSquaredError):
    ...     def gradient(self, y_true, y_pred):
    ...         return y_pred - y_true
    >>> bool(check_gradient(Wrong(), [0.0], [2.0]))
    gradient wrong at 1 of 1 places:
      at 0: y_true 0.0, y_pred 2: gradient 2, numerically 4, off by -2
    False
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


def _differences(
    loss: Loss, y: np.ndarray, p: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
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

        def value(h: Any, column: np.ndarray = column) -> np.ndarray:
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


def _central(value: Callable[[Any], np.ndarray], h: Any) -> np.ndarray:
    """The central difference, up to the division by 2 h."""
    return (value(h) - value(-h)) / (2 * h)


@dataclass(frozen=True)
class Property:
    """Whether a property holds at all the places tried; true in a condition if it does.

    Parameters
    ----------
    name : str
        The property, such as "convex".
    holds : bool
        Whether it holds.
    detail : str
        How many places were tried, or where it fails, and by how much.

    Examples
    --------
    >>> print(Property("convex", False, "fails at the error 2 by 0.1"))
    NO  convex: fails at the error 2 by 0.1
    """

    name: str
    holds: bool
    detail: str

    def __bool__(self) -> bool:
        return self.holds

    def __str__(self) -> str:
        return f"{'yes' if self.holds else 'NO ':3} {self.name}: {self.detail}"


def check_properties(
    loss: Loss, y_true: float = 0.0, errors: float = 5.0, count: int = 401
) -> dict[str, Property]:
    """Test what one expects of a loss for regression; print and return the findings.

    The properties: "non-negative"; "zero at the target"; "monotone": a larger error on the same
    side never costs less; "convex" in the prediction. A property that holds at all places tried may
    still fail between them; a failure is a proof.

    Parameters
    ----------
    loss : Loss
        A loss of one number and its prediction.
    y_true : float, default 0.0
        The target.
    errors : float, default 5.0
        How far to go on both sides of the target, above 0.
    count : int, default 401
        How many predictions to try, at least 3.

    Returns
    -------
    dict of str to Property
        The findings by the name of the property.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as above, or the loss does not take the target.

    Examples
    --------
    >>> from lossbook.losses import Huber
    >>> found = check_properties(Huber(delta=1.0))
    yes non-negative: at 401 errors tried
    yes zero at the target: at 1 errors tried
    yes monotone: at 401 errors tried
    yes convex: at 399 errors tried
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
