"""The softmax model: a linear score for each class."""

import warnings

import numpy as np

from ..losses import Loss
from . import _checks
from ._newton import quasi_newton
from .linear import strengths
from .mlp import MLP

__all__ = ["SoftmaxModel"]


class SoftmaxModel(MLP):
    """K scores a sample, X W + b, for a loss of scores of the shape (n, K): an `MLP` of one layer.

    `classes` is K, at least 2. With `CrossEntropy(from_logits=True)` it is multinomial logistic
    regression. `weights[0]` is W, shape (d, K); `biases[0]` is b, shape (K,); both start at 0.
    """

    def __init__(self, features, classes):
        super().__init__((features, classes))
        if classes < 2:
            raise ValueError(f"classes is {classes}; expected at least 2")
        self.value = self.stopped = None

    def initialize(self, seed=0):
        """Zeros: the objective is convex, and no symmetry needs breaking."""
        self.parameters[:] = 0.0

    def fit(self, X, y, loss, penalty=None, sample_weight=None, *, optimizer=None, **options):
        """Go to the minimum of the mean loss plus the penalty (on W alone); returns the model.

        Without an `optimizer` by L-BFGS to the minimum; with one, `train` from the present
        parameters on. Afterwards `value` is what was reached and `stopped` says why it ended; where
        there is no minimum, as with separable classes and no penalty, it is "diverged", with a
        RuntimeWarning.
        """
        if optimizer is not None or options:
            super().fit(X, y, loss, penalty, sample_weight, optimizer=optimizer, **options)
            self.stopped = self.history.stopped
        else:
            self._to_the_minimum(X, y, loss, penalty, sample_weight)
        self.value = loss(y, self.predict(X), sample_weight)
        if penalty is not None:
            self.value += penalty.value(self.weights[0])
        return self

    def _to_the_minimum(self, X, y, loss, penalty, sample_weight):
        X = _checks.matrix("X", X, self.sizes[0])
        y = _checks.target("y", y, len(X))
        w = _checks.weights(sample_weight, len(X))
        _checks.instance("loss", loss, Loss, "losses.CrossEntropy(from_logits=True)")
        l1, l2 = strengths(penalty)
        center = np.average(X, axis=0, weights=w)
        # a unit in which the objective, of cross-entropy at equal scores, bends alike along every input
        bend = (1 - 1 / self.sizes[-1]) / self.sizes[-1]
        size = np.sqrt(np.average((X - center) ** 2, axis=0, weights=w) + l2 / bend)
        size[size == 0] = 1.0
        Z = (X - center) / size
        W, b = self.weights[0], self.biases[0]
        W[:] = 1 / size[:, None]
        unit = np.where(self.is_weight, self.parameters, 0.0)  # of each parameter
        l1, l2 = l1 * unit, l2 * unit**2
        self.parameters[:] = 0.0

        def evaluate(theta):
            self.parameters[:] = theta
            value, gradient = self.value_and_gradient(Z, y, loss, w)
            return value + 0.5 * float(l2 @ (theta * theta)), gradient + l2 * theta, 1.0

        theta, arrived = quasi_newton(evaluate, self.parameters.copy(), l1)
        value = evaluate(theta)[0] + l1 @ np.abs(theta)
        further = evaluate(2 * theta)[0] + 2 * l1 @ np.abs(theta)
        self.stopped = "converged" if arrived else "out of steps"
        if further < value - 0.01 * abs(value):
            self.stopped = "diverged"
        self.parameters[:] = theta
        W /= size[:, None]
        b -= center @ W
        if self.stopped != "converged":
            reason = "has no minimum here" if self.stopped == "diverged" else "did not converge"
            warnings.warn(f"the fit of {loss!r} {reason}", RuntimeWarning, stacklevel=3)
