"""The softmax model: a linear score for each class."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from ..losses import GaussianNLL, Loss
from ..optim import Optimizer
from ..penalties import Penalty
from ._columns import Columns
from ._objective import terms
from ._samples import samples
from ._scores import optimum_of_scores
from .linear import check_target, no_options, strengths, warn
from .mlp import MLP
from .training import train

__all__ = ["SoftmaxModel"]


class SoftmaxModel(MLP):
    r"""A linear score for each of K classes: an `MLP` of one layer, fitted to its optimum.

    .. math:: f(x) = x W + b

    For a loss of scores of the shape (n, K). With ``CrossEntropy(from_logits=True)`` it is
    multinomial logistic regression. ``weights[0]`` is W, of shape (d, K); ``biases[0]`` is b, of
    shape (K,); both start at 0.

    Parameters
    ----------
    features : int
        The number d of inputs, at least 1.
    classes : int
        The number K of classes, at least 2.

    Attributes
    ----------
    value : float or None
        The objective that `fit` reached, penalty included.
    stopped : {"converged", "diverged", "out of steps"} or None
        How `fit` ended, as for `LinearModel`.

    Raises
    ------
    TypeError, ValueError
        If `features` or `classes` is no such integer.

    Examples
    --------
    >>> from lossbook import losses, penalties
    >>> X, y = [[0.0], [1.0], [2.0], [3.0], [4.0], [5.0]], [0, 0, 1, 1, 2, 2]
    >>> model = SoftmaxModel(features=1, classes=3)
    >>> loss = losses.CrossEntropy(from_logits=True)
    >>> model.fit(X, y, loss, penalties.L2(0.01)).predict(X).argmax(axis=1)
    array([0, 0, 1, 1, 2, 2])
    """

    def __init__(self, features: int, classes: int) -> None:
        super().__init__((features, classes))
        if classes < 2:
            raise ValueError(f"classes is {classes}; expected at least 2")
        self.value: float | None = None
        self.stopped: str | None = None

    def initialize(self, seed: int = 0) -> None:
        """Set all parameters to 0: the objective is convex, and no symmetry needs breaking.

        Parameters
        ----------
        seed : int, default 0
            Not used; a model of more layers needs it.

        Examples
        --------
        >>> model = SoftmaxModel(features=1, classes=2)
        >>> model.initialize()
        >>> model.parameters
        array([0., 0., 0., 0.])
        """
        self.parameters[:] = 0.0

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
        r"""Minimize the weighted mean loss plus a penalty on W.

        .. math::

           \begin{aligned}
           \min_{W, b} {} & \sum_{i=1}^n v_i \, \ell(y_i, x_i W + b) \\
           & + \lambda_1 \sum_{jk} |W_{jk}| + \frac{\lambda_2}{2} \sum_{jk} W_{jk}^2
           \end{aligned}

        The :math:`v_i` are the weights divided by their sum, 1/n by default.

        The method: Newton's for cross-entropy, L-BFGS where the parameters are many; a linear
        program or an interior-point method for the multiclass hinge losses; one `LinearModel` a
        column for a loss of single numbers, such as the squared error; (L-)BFGS for any other.

        Parameters
        ----------
        X : array_like of shape (n, d)
            The inputs, a row a sample.
        y : array_like of shape (n,) or (n, K)
            The targets, as the loss wants them: class indices, or rows.
        loss : Loss
            The loss of scores of the shape (n, K).
        penalty : L1, L2 or ElasticNet, optional
            What is added for W, not for b.
        sample_weight : array_like of shape (n,), optional
            A weight for each row, at least 0 and not all 0; all 1 by default.
        optimizer : Optimizer, optional
            Take its steps instead, from the present parameters; `history` holds the run.
        **options
            Those of `train`, by name, beside an optimizer: `epochs`, `batch_size`, ...

        Returns
        -------
        SoftmaxModel
            The model itself; `value` is what was reached, and `stopped` says how it ended.

        Raises
        ------
        TypeError
            If an argument is of the wrong kind, or if there are options without an optimizer.
        ValueError
            If a shape is wrong, if a number is not finite, if the loss does not take y, or if it
            takes probabilities instead of scores.

        Warns
        -----
        RuntimeWarning
            Unless the fit ends as "converged".
        """
        if optimizer is not None:
            X, y, w = samples(X, y, sample_weight, columns=self.sizes[0])
            self.history = train(
                self,
                X,
                y,
                loss,
                penalty=penalty,
                sample_weight=w,
                optimizer=optimizer,
                **options,
            )
            self.stopped = self.history.stopped
            prediction = self.predict(X)
            with _validate.renamed(**_validate.OF_MODELS):
                self.value = loss(y, prediction, w)
            if penalty is not None:
                self.value += penalty.value(self.weights[0])
            return self
        no_options(options)
        X, y, w = samples(X, y, sample_weight, columns=self.sizes[0])
        _validate.instance("loss", loss, Loss, "losses.CrossEntropy(from_logits=True)")
        l1, l2 = strengths(penalty)
        _takes_scores(loss, y, self.sizes[-1])
        rows = slice(None) if w is None or w.all() else w > 0
        weight = None if w is None else w[rows]
        v = np.full(len(X), 1 / len(X)) if weight is None else weight
        with np.errstate(all="ignore"):
            columns = Columns(X[rows], v, l1, l2, intercept=True)
        best = optimum_of_scores(columns, y[rows], self.sizes[-1], loss, weight)
        self.weights[0][:], self.biases[0][:] = best.coef, best.intercept
        self.value, self.stopped, self.history = best.value, best.stopped, None
        warn(self.stopped, loss, stacklevel=3)
        return self


def _takes_scores(loss: Loss, y: np.ndarray, K: int) -> None:
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
