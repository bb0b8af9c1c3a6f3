"""The linear model, f(x) = b + w x, fitted to the optimum of any loss and penalty."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from ..losses import Loss
from ..optim import Optimizer
from ..penalties import Penalty
from ._columns import Columns
from ._optimum import optimum
from ._samples import samples
from .training import History, train

__all__ = ["LinearModel"]


class LinearModel:
    r"""The linear model, fitted to the optimum of any loss of one number a sample.

    .. math:: f(x) = b + w^\top x

    For a margin loss, or a cross-entropy from logits, :math:`f(x)` is the score or the logit.

    Parameters
    ----------
    fit_intercept : bool, default True
        Whether :math:`b` is fitted; else it is 0.

    Attributes
    ----------
    coef : ndarray of shape (d,)
        The coefficients :math:`w`; None before `fit`.
    intercept : float
        The intercept :math:`b`; None before `fit`.
    value : float
        The objective there, penalty included.
    stopped : {"converged", "diverged", "out of steps"}
        How the fit ended. "converged": 0 is a subgradient of the objective, up to rounding, for the
        predictions that these coefficients give on X; a convex loss has its minimum there.
        "diverged": there is no minimum; the objective falls for ever as the coefficients grow.
        "out of steps": neither was found out.
    history : History or None
        The run of an optimizer, if `fit` was given one.

    Examples
    --------
    >>> from lossbook import losses
    >>> X, y = [[0.0], [1.0], [2.0], [3.0]], [1.0, 3.0, 5.0, 70.0]
    >>> model = LinearModel().fit(X, y, losses.MeanAbsoluteError())  # one target is wrong
    >>> model.coef.round(6), round(model.intercept, 6), model.stopped
    (array([2.]), 1.0, 'converged')
    """

    # None before the fit; declared as what they are afterwards.
    coef: np.ndarray
    intercept: float
    value: float
    stopped: str
    history: History | None

    def __init__(self, *, fit_intercept: bool = True) -> None:
        self.fit_intercept = bool(fit_intercept)
        self.coef = self.intercept = self.value = self.stopped = self.history = None  # type: ignore[assignment]

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        loss: Loss,
        penalty: Penalty | None = None,
        sample_weight: ArrayLike | None = None,
        *,
        optimizer: Optimizer | None = None,
        **options: Any,
    ) -> Self:
        r"""Minimize the weighted mean loss plus a penalty on the coefficients.

        .. math::

           \begin{aligned}
           \min_{b, w} {} & \sum_{i=1}^n v_i \, \ell(y_i, b + w^\top x_i) \\
           & + \lambda_1 \sum_j |w_j| + \frac{\lambda_2}{2} \sum_j w_j^2
           \end{aligned}

        The :math:`v_i` are the weights divided by their sum, 1/n by default. Of several minima it
        is one of them; a column that is constant up to rounding (beside an intercept) has the
        coefficient 0.

        The method is the fastest exact one for the loss: least squares for the squared error; a
        linear program for losses of straight pieces, such as the absolute error or the hinge loss;
        an interior-point method where squares or an L2 penalty meet straight pieces, and a sequence
        of such where a smooth loss meets them; otherwise Newton's method with damping, or BFGS for
        a loss without second derivative. A loss that is not convex is fitted from the
        least-absolute-deviations fit, and may end in a local minimum. For a loss that takes some
        predictions only (probabilities, rates), those for X are kept among them; the minimum may
        lie at the end of what it takes.

        Parameters
        ----------
        X : array_like of shape (n, d)
            The inputs, a row a sample.
        y : array_like of shape (n,)
            The targets, as the loss wants them.
        loss : Loss
            The loss of one number a sample.
        penalty : L1, L2 or ElasticNet, optional
            What is added for the coefficients, not for the intercept.
        sample_weight : array_like of shape (n,), optional
            A weight for each row, at least 0 and not all 0; all 1 by default.
        optimizer : Optimizer, optional
            Take its steps instead, from zeros; `history` holds the run. Its parameters are those of
            `parameters`: a mask is False for the intercept, the first.
        **options
            Those of `train`, by name, beside an optimizer: `epochs`, `batch_size`, ...

        Returns
        -------
        LinearModel
            The model itself, with `coef`, `intercept`, `value` and `stopped`.

        Raises
        ------
        TypeError
            If an argument is of the wrong kind, or if there are options without an optimizer.
        ValueError
            If a shape is wrong, if a number is not finite, or if the loss does not take y.

        Warns
        -----
        RuntimeWarning
            Unless the fit ends as "converged".

        Examples
        --------
        >>> from lossbook import losses, penalties
        >>> ridge = LinearModel().fit(
        ...     [[-1.0], [1.0]], [-2.0, 2.0], losses.MeanSquaredError(), penalties.L2(2.0)
        ... )
        >>> ridge.coef, round(ridge.value, 6)  # (2 - 1)^2 + 2 / 2
        (array([1.]), 2.0)
        """
        X, y, w = samples(X, y, sample_weight)
        n = len(X)
        _validate.instance("loss", loss, Loss, "losses.MeanSquaredError()")
        if optimizer is not None:
            return self._train(X, y, loss, penalty, w, optimizer, options)
        no_options(options)
        l1, l2 = strengths(penalty)
        check_target(loss, y, np.zeros(n))
        rows = slice(None) if w is None or w.all() else w > 0
        weight = None if w is None else w[rows]
        v = np.full(n, 1 / n) if weight is None else weight
        with np.errstate(all="ignore"):
            columns = Columns(X[rows], v, l1, l2, intercept=self.fit_intercept)
        best = optimum(columns, y[rows], loss, weight)
        self.coef, self.intercept = best.coef, best.intercept
        self.value, self.stopped = best.value, best.stopped
        warn(self.stopped, loss, stacklevel=3)
        return self

    def _train(
        self,
        X: np.ndarray,
        y: np.ndarray,
        loss: Loss,
        penalty: Penalty | None,
        w: np.ndarray | None,
        optimizer: Optimizer,
        options: Mapping[str, Any],
    ) -> Self:
        """The fit by the steps of an optimizer."""
        if not self.fit_intercept:
            raise ValueError("fit_intercept is False; expected True to train with an optimizer")
        trained = _Affine(X.shape[1])
        self.history = train(
            trained,
            X,
            y,
            loss,
            penalty=penalty,
            sample_weight=w,
            optimizer=optimizer,
            **options,
        )
        self.parameters = trained.parameters
        self.stopped = self.history.stopped
        self._evaluate(X, y, loss, penalty, w)
        return self

    def _evaluate(
        self,
        X: np.ndarray,
        y: np.ndarray,
        loss: Loss,
        penalty: Penalty | None,
        w: np.ndarray | None,
    ) -> None:
        """The objective at the end of such a fit."""
        with _validate.renamed(**_validate.OF_MODELS):
            self.value = loss(y, self.predict(X), w)
        if penalty is not None:
            self.value += penalty.value(self.coef)

    def predict(self, X: ArrayLike) -> np.ndarray:
        """The prediction for each row.

        Parameters
        ----------
        X : array_like of shape (n, d)
            The inputs, a row a sample.

        Returns
        -------
        ndarray of shape (n,)
            The values f(x), scores or logits.

        Raises
        ------
        ValueError
            If the model is not fitted.

        Examples
        --------
        >>> model = LinearModel()
        >>> model.parameters = [1.0, 2.0]  # intercept, coefficient
        >>> model.predict([[0.0], [3.0]])
        array([1., 7.])
        """
        if self.coef is None:
            raise ValueError("the model is not fitted; expected a call of fit before predict")
        return self.intercept + _validate.matrix("X", X, len(self.coef)) @ self.coef

    @property
    def parameters(self) -> np.ndarray:
        """The intercept and the coefficients, of shape (1 + d,), or the coefficients alone."""
        if self.coef is None:
            raise ValueError("the model is not fitted; expected a call of fit before parameters")
        return np.concatenate([[self.intercept] * self.fit_intercept, self.coef])

    @parameters.setter
    def parameters(self, theta: ArrayLike) -> None:
        theta = _validate.as_float64("parameters", theta).copy()
        if theta.ndim != 1 or len(theta) <= self.fit_intercept:
            raise ValueError(f"parameters have the shape {theta.shape}; expected (intercept, coef)")
        _validate.check_finite("parameters", theta)
        self.intercept = float(theta[0]) if self.fit_intercept else 0.0
        self.coef = theta[int(self.fit_intercept) :]

    @property
    def is_weight(self) -> np.ndarray:
        """Which of the parameters are coefficients and not the intercept, as booleans in their shape."""
        return np.arange(len(self.parameters)) >= self.fit_intercept

    def objective(
        self, X: ArrayLike, y: ArrayLike, loss: Loss, sample_weight: ArrayLike | None = None
    ) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
        r"""The mean loss as a function of the parameters, for `optim.minimize`.

        The chain rule in one line: the gradient is that with respect to the predictions, times the
        inputs, :math:`\nabla = \sum_i v_i \ell_i' (1, x_i)`.

        Parameters
        ----------
        X : array_like of shape (n, d)
            The inputs, a row a sample.
        y : array_like of shape (n,)
            The targets, as the loss wants them.
        loss : Loss
            The loss of one number a sample.
        sample_weight : array_like of shape (n,), optional
            A weight for each row, at least 0; all 1 by default.

        Returns
        -------
        callable
            A function of the parameters (intercept, coef_1, ..., coef_d) that returns the mean loss
            and its gradient.

        Examples
        --------
        >>> from lossbook.losses import MeanSquaredError
        >>> LinearModel().objective([[3.0]], [1.0], MeanSquaredError())(np.zeros(2))
        (1.0, array([-2., -6.]))
        """
        X, y, w = samples(X, y, sample_weight)
        _validate.instance("loss", loss, Loss, "losses.MeanSquaredError()")
        Z = np.hstack([np.ones((len(X), int(self.fit_intercept))), X])

        def value_and_gradient(theta: np.ndarray) -> tuple[float, np.ndarray]:
            with _validate.renamed(**_validate.OF_MODELS):
                value, slope = loss.value_and_gradient(y, Z @ theta, w)
            return value, slope @ Z

        return value_and_gradient


class _Affine:
    """The model as `train` sees it: the intercept and the coefficients in one array."""

    def __init__(self, d: int) -> None:
        self.parameters = np.zeros(1 + d)
        self.is_weight = np.arange(1 + d) > 0

    def predict(self, X: np.ndarray) -> np.ndarray:
        return self.parameters[0] + X @ self.parameters[1:]

    def value_and_gradient(
        self, X: np.ndarray, y: np.ndarray, loss: Loss, w: np.ndarray | None
    ) -> tuple[float, np.ndarray]:
        with _validate.renamed(**_validate.OF_MODELS):
            value, slope = loss.value_and_gradient(y, self.predict(X), w)
        return value, np.concatenate([[slope.sum()], slope @ X])


def check_target(loss: Loss, y: np.ndarray, predictions: np.ndarray) -> None:
    """Let the loss say what is wrong with y, under the name that it has here."""
    with _validate.renamed(**_validate.OF_MODELS):
        loss(y, predictions)


def warn(stopped: str, loss: Loss, stacklevel: int) -> None:
    """Say so, if a fit did not end at a minimum."""
    if stopped == "diverged":
        warnings.warn(
            f"{loss!r} has no minimum here: it falls for ever as the weights grow (the classes"
            " are separable?); a penalty gives it one",
            RuntimeWarning,
            stacklevel,
        )
    elif stopped != "converged":
        warnings.warn(
            f"the fit of {loss!r} did not converge: its gradient at the end is not 0",
            RuntimeWarning,
            stacklevel,
        )


def no_options(options: Mapping[str, object]) -> None:
    """Raise if there are options of a training without an optimizer to train with."""
    if options:
        raise TypeError(
            f"{', '.join(options)} without an optimizer; expected optimizer=Adam(), say, to train,"
            " or none of these: the fit is exact then"
        )


def strengths(penalty: Penalty | None) -> tuple[float, float]:
    """l1 and l2 of a penalty, or of none."""
    if penalty is None:
        return 0.0, 0.0
    _validate.instance("penalty", penalty, Penalty, "L2(0.1)")
    if penalty.l1 is None or penalty.l2 is None:
        raise TypeError(f"penalty is {penalty!r}; expected L1, L2 or ElasticNet (or use minimize)")
    return penalty.l1, penalty.l2
