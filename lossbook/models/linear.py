"""The linear model, f(x) = b + w x, fitted to the optimum of any loss and penalty."""

import warnings

import numpy as np

from .. import _validate
from ..losses import Loss
from ..penalties import Penalty
from ._columns import Columns
from ._solve import optimum
from .mlp import MLP

__all__ = ["LinearModel"]


class LinearModel:
    """f(x) = intercept + coef . x, for any loss of one number a sample.

    For a margin loss, or a cross-entropy from logits, f(x) is the score or the logit.

    After `fit`: `coef`, shape (d,); `intercept`, a float; `value`, the objective there, penalty
    included; and `stopped`, which is

    "converged"
        0 is a subgradient of the objective, up to rounding, for the predictions that these
        coefficients give on X: a convex loss has its minimum there.
    "diverged"
        There is no minimum: the objective falls for ever as the coefficients grow.
    "out of steps"
        Neither was found out.
    """

    def __init__(self, *, fit_intercept=True):
        self.fit_intercept = bool(fit_intercept)
        self.coef = self.intercept = self.value = self.stopped = self.history = None

    def fit(self, X, y, loss, penalty=None, sample_weight=None, *, optimizer=None, **options):
        """Minimize sum_i v_i loss(y_i, intercept + coef . x_i) + penalty(coef); returns the model.

        v_i are the weights divided by their sum, 1/n by default; the penalty is `L1`, `L2` or
        `ElasticNet`: l1 times the sum of the sizes of coef, plus l2/2 times the sum of their squares.

        X: (n, d). y: (n,), as the loss wants it. sample_weight: (n,), at least 0.

        Of several minima it is one of them; a column that is constant up to rounding (beside an
        intercept) has the coefficient 0. Warns (RuntimeWarning) unless it ends as "converged".

        The method is the fastest exact one for the loss: least squares for the squared error; a
        linear program for losses of straight pieces, such as the absolute error or the hinge loss;
        an interior-point method where squares or an L2 penalty meet straight pieces, and a sequence
        of such where a smooth loss meets them; otherwise Newton's method with damping, or BFGS for
        a loss without second derivative. A loss that is not convex is fitted from the
        least-absolute-deviations fit, and may end in a local minimum. For a loss that takes some
        predictions only (probabilities, rates), those for X are kept among them; the minimum may
        lie at the end of what it takes.

        With an `optimizer`, take its steps instead, from zeros; the options are those of `train`,
        and `history` holds the run.
        """
        X = _validate.matrix("X", X)
        n = len(X)
        y = _validate.target("y", y, n)
        w = _validate.weights(sample_weight, n)
        _validate.instance("loss", loss, Loss, "losses.MeanSquaredError()")
        if optimizer is not None:
            return self._train(X, y, loss, penalty, sample_weight, optimizer, options)
        no_options(options)
        l1, l2 = strengths(penalty)
        check_target(loss, y, np.zeros(n))
        rows = slice(None) if w is None or w.all() else w > 0
        weight = None if w is None else w[rows]
        v = np.full(n, 1 / n) if w is None else weight
        with np.errstate(all="ignore"):
            columns = Columns(X[rows], v, l1, l2, intercept=self.fit_intercept)
        best = optimum(columns, y[rows], loss, weight)
        self.coef, self.intercept = best.coef, best.intercept
        self.value, self.stopped = best.value, best.stopped
        warn(self.stopped, loss, stacklevel=3)
        return self

    def _train(self, X, y, loss, penalty, sample_weight, optimizer, options):
        if not self.fit_intercept:
            raise ValueError("fit_intercept is False; expected True to train with an optimizer")
        net = MLP((X.shape[1], 1))
        net.parameters[:] = 0.0
        net.fit(X, y, loss, penalty, sample_weight, optimizer=optimizer, **options)
        self.coef, self.intercept = net.weights[0][:, 0].copy(), float(net.biases[0][0])
        self.history, self.stopped = net.history, net.history.stopped
        self._evaluate(X, y, loss, penalty, sample_weight)
        return self

    def _evaluate(self, X, y, loss, penalty, w):
        with _validate.renamed(**_validate.OF_MODELS):
            self.value = loss(y, self.predict(X), w)
        if penalty is not None:
            self.value += penalty.value(self.coef)

    def predict(self, X):
        """f(x) for each row of X, shape (n,)."""
        if self.coef is None:
            raise ValueError("the model is not fitted; expected a call of fit before predict")
        return self.intercept + _validate.matrix("X", X, len(self.coef)) @ self.coef

    @property
    def parameters(self):
        """(intercept, coef_1, ..., coef_d), or the coefficients alone without an intercept."""
        if self.coef is None:
            raise ValueError("the model is not fitted; expected a call of fit before parameters")
        return np.concatenate([[self.intercept] * self.fit_intercept, self.coef])

    @parameters.setter
    def parameters(self, theta):
        theta = _validate.as_float64("parameters", theta).copy()
        if theta.ndim != 1 or len(theta) <= self.fit_intercept:
            raise ValueError(f"parameters have the shape {theta.shape}; expected (intercept, coef)")
        _validate.check_finite("parameters", theta)
        self.intercept = float(theta[0]) if self.fit_intercept else 0.0
        self.coef = theta[int(self.fit_intercept) :]

    def objective(self, X, y, loss, sample_weight=None):
        """The mean loss as a function of the parameters, for `optim.minimize`.

        Returns a function: (intercept, coef_1, ..., coef_d) -> (mean loss, its gradient). The chain
        rule in one line: the gradient is that with respect to the predictions, times the inputs.
        """
        X = _validate.matrix("X", X)
        y = _validate.target("y", y, len(X))
        w = _validate.weights(sample_weight, len(X))
        _validate.instance("loss", loss, Loss, "losses.MeanSquaredError()")
        Z = np.hstack([np.ones((len(X), int(self.fit_intercept))), X])

        def value_and_gradient(theta):
            with _validate.renamed(**_validate.OF_MODELS):
                value, slope = loss.value_and_gradient(y, Z @ theta, w)
            return value, slope @ Z

        return value_and_gradient


def check_target(loss, y, predictions):
    """Let the loss say what is wrong with y, under the name that it has here."""
    with _validate.renamed(**_validate.OF_MODELS):
        loss(y, predictions)


def warn(stopped, loss, stacklevel):
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


def no_options(options):
    """Raise if there are options of a training without an optimizer to train with."""
    if options:
        raise TypeError(
            f"{', '.join(options)} without an optimizer; expected optimizer=Adam(), say, to train,"
            " or none of these: the fit is exact then"
        )


def strengths(penalty):
    """l1 and l2 of a penalty, or of none."""
    if penalty is None:
        return 0.0, 0.0
    _validate.instance("penalty", penalty, Penalty, "L2(0.1)")
    if penalty.l1 is None or penalty.l2 is None:
        raise TypeError(f"penalty is {penalty!r}; expected L1, L2 or ElasticNet (or use minimize)")
    return penalty.l1, penalty.l2
