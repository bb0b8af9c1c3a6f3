"""The softmax model: a linear score for each class."""

import numpy as np

from .. import _validate
from ..losses import GaussianNLL, Loss
from ._columns import Columns
from ._objective import terms
from ._scores import optimum_of_scores
from .linear import check_target, no_options, strengths, warn
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
        """Minimize sum_i v_i loss(y_i, x_i W + b) + penalty(W); returns the model.

        v_i are the weights divided by their sum, 1/n by default; b is not penalized. Afterwards
        `value` is what was reached and `stopped` says how it ended, as for `LinearModel`, with a
        RuntimeWarning unless it is "converged".

        The method: Newton's for cross-entropy, L-BFGS where the parameters are many; a linear
        program or an interior-point method for the multiclass hinge losses; one `LinearModel` a
        column for a loss of single numbers, such as the squared error; (L-)BFGS for any other.

        With an `optimizer`, `train` from the present parameters on instead; the options are its.
        """
        if optimizer is not None:
            super().fit(X, y, loss, penalty, sample_weight, optimizer=optimizer, **options)
            self.stopped = self.history.stopped
            with _validate.renamed(**_validate.OF_MODELS):
                self.value = loss(y, self.predict(X), sample_weight)
            if penalty is not None:
                self.value += penalty.value(self.weights[0])
            return self
        no_options(options)
        X = _validate.matrix("X", X, self.sizes[0])
        y = _validate.target("y", y, len(X))
        w = _validate.weights(sample_weight, len(X))
        _validate.instance("loss", loss, Loss, "losses.CrossEntropy(from_logits=True)")
        l1, l2 = strengths(penalty)
        _takes_scores(loss, y, self.sizes[-1])
        rows = slice(None) if w is None or w.all() else w > 0
        weight = None if w is None else w[rows]
        v = np.full(len(X), 1 / len(X)) if w is None else weight
        with np.errstate(all="ignore"):
            columns = Columns(X[rows], v, l1, l2, intercept=True)
        best = optimum_of_scores(columns, y[rows], self.sizes[-1], loss, weight)
        self.weights[0][:], self.biases[0][:] = best.coef, best.intercept
        self.value, self.stopped, self.history = best.value, best.stopped, None
        warn(self.stopped, loss, stacklevel=3)
        return self


def _takes_scores(loss, y, K):
    """Let the loss check y; raise if it takes probabilities instead of scores."""
    for _, term in terms(loss):
        if getattr(term, "_predicts_distributions", False):
            raise ValueError(
                f"loss is {loss!r}, which takes probabilities; expected a loss of scores, such as"
                " CrossEntropy(from_logits=True)"
            )
    scores = np.zeros((len(y), K))
    if isinstance(loss, GaussianNLL) and K == 2:
        scores[:, 1] = 1.0
    check_target(loss, y, scores)
