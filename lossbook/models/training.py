"""`train`: mini-batches, validation, early stopping, penalties, for models of flat parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from ..losses import Loss
from ..optim import Adam, Optimizer, _progress
from ..penalties import Penalty
from ._samples import Samples, samples

__all__ = ["History", "train"]

# Beyond this size a run has diverged.
_HUGE = 1e100


@dataclass(frozen=True, eq=False)
class History:
    """What happened in a training run; the arrays have one entry an epoch.

    Parameters
    ----------
    loss : ndarray of shape (epochs,)
        The weighted mean over the epoch's samples of the loss plus the penalty, each taken before
        the step that its batch leads to (so with full batches, entry k belongs to the parameters
        after k steps).
    validation_loss : ndarray of shape (epochs,)
        The loss alone on the validation set, the weighted mean, after the epoch; empty without one.
    learning_rate : ndarray of shape (epochs,)
        The rate of the epoch's last step.
    best_epoch : int or None
        The epoch (from 0) of the lowest validation loss, the first of several; None without
        validation, or if that loss was never finite.
    stopped : {"converged", "out of steps", "early stopping", "diverged"}
        Why the run ended.
    message : str
        The same in a sentence.

    Examples
    --------
    >>> from lossbook import losses, models
    >>> net = models.MLP((1, 1), seed=0)
    >>> history = train(net, [[0.0], [1.0]], [1.0, 3.0], losses.MeanSquaredError(), epochs=5)
    >>> history.epochs, history.stopped
    (5, 'out of steps')
    """

    loss: np.ndarray
    validation_loss: np.ndarray
    learning_rate: np.ndarray
    best_epoch: int | None
    stopped: str
    message: str

    @property
    def epochs(self) -> int:
        """How many epochs were begun."""
        return len(self.loss)


#: inputs and targets, and weights
Validation = tuple[ArrayLike, ArrayLike] | tuple[ArrayLike, ArrayLike, ArrayLike | None]


class Model(Protocol):
    """What `train` asks of a model."""

    parameters: np.ndarray
    is_weight: np.ndarray

    def predict(self, X: np.ndarray, /) -> np.ndarray: ...

    def value_and_gradient(
        self, X: np.ndarray, y: np.ndarray, loss: Loss, sample_weight: np.ndarray | None, /
    ) -> tuple[float, np.ndarray]: ...


def train(
    model: Model,
    X: ArrayLike,
    y: ArrayLike,
    loss: Loss,
    *,
    optimizer: Optimizer | None = None,
    epochs: int = 100,
    batch_size: int | None = None,
    penalty: Penalty | None = None,
    sample_weight: ArrayLike | None = None,
    validation: Validation | None = None,
    patience: int | None = None,
    min_delta: float = 0.0,
    tol: float = 0.0,
    clip: Callable[[np.ndarray], np.ndarray] | None = None,
    seed: int = 0,
    progress: bool = False,
) -> History:
    r"""Train a model from its present parameters on.

    .. math::

       \begin{aligned}
       & \min_\theta \sum_i v_i \, \ell(y_i, f_\theta(x_i)) + \mathrm{penalty}(\theta), \\
       & v_i = w_i / \textstyle\sum_k w_k
       \end{aligned}

    A step takes the gradient on a batch :math:`B`, :math:`\sum_{i \in B} w_i \nabla \ell_i` divided
    by the batch's size times the mean weight of all samples, so that every size of batch leads to
    the same, weighted, optimum. Samples of weight 0 take no part.

    Parameters
    ----------
    model : MLP or another
        Anything with `parameters` (flat, changed in place), `is_weight` (which of them a penalty
        acts on), ``predict(X)``, and ``value_and_gradient(X, y, loss, sample_weight)``, the mean
        loss with weights of shape (n,), divided by their sum, and its gradient.
    X : array_like of shape (n, d)
        The inputs, a row a sample.
    y : array_like with n entries or rows
        The targets, as the loss wants them.
    loss : Loss
        The loss of the model's predictions.
    optimizer : Optimizer, optional
        The rule of a step, `Adam()` by default. A schedule counts steps, not epochs; one that
        watches the loss, `ReduceOnPlateau`, is told of it after each epoch: of the validation loss,
        or without one of the training loss.
    epochs : int, default 100
        The most passes through the data, at least 1.
    batch_size : int, optional
        How many samples a step takes, at least 1; all of them by default. The order is drawn anew
        each epoch, and the last batch may be smaller.
    penalty : Penalty, optional
        What is added for the weights, not for the biases. One with a kink (L1) takes a proximal
        step after each step of the optimizer.
    sample_weight : array_like of shape (n,), optional
        The weights :math:`w_i`, at least 0 and not all 0, one a row, for several outputs too; all 1
        by default. Rows of weight 0 may hold anything.
    validation : tuple of two or three array_like, optional
        The samples (X, y), or (X, y, sample_weight), that are never trained on: their loss, the
        weighted mean, is taken after each epoch.
    patience : int, optional
        Stop once the validation loss has not fallen by more than `min_delta` for so many epochs,
        at least 1, and return to the parameters of the epoch where it was lowest.
    min_delta : float, default 0.0
        The fall of the validation loss that renews the patience must be larger than this; in the
        unit of the loss, at least 0.
    tol : float, default 0.0
        Stop as converged when the norm of the full-batch gradient (with a penalty, of the least
        subgradient of the sum) is at most this; 0 never stops. For full batches only.
    clip : callable, optional
        A function of the gradient that is applied before the step: `ClipByNorm(1.0)`.
    seed : int, default 0
        The seed of the order of the samples.
    progress : bool, default False
        Show a progress bar on stderr once the run has taken two seconds; needs tqdm.

    Returns
    -------
    History
        The losses by epoch, and why the run ended. A run that overflows stops as "diverged", with
        the last parameters whose loss was finite. A run also counts as diverged if its loss ends
        above its start by more than the start's size.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind, or the model lacks one of the four.
    ValueError
        If a shape or a number is not as above, if the loss does not take y, or if the loss or its
        gradient is not finite at the start.

    Examples
    --------
    >>> from lossbook import losses, models, optim
    >>> net = models.MLP((1, 1), seed=0)
    >>> history = train(net, [[0.0], [1.0]], [1.0, 3.0], losses.MeanSquaredError(),
    ...                 optimizer=optim.Momentum(0.1), epochs=500)
    >>> net.predict([[2.0]]).round(6), history.stopped
    (array([5.]), 'out of steps')
    """
    for name in ("parameters", "is_weight", "predict", "value_and_gradient"):
        if not hasattr(model, name):
            raise TypeError(f"model is {model!r}, without {name}; expected one such as an MLP")
    X, y, w = samples(X, y, sample_weight)
    _validate.instance("loss", loss, Loss, "losses.MeanSquaredError()")
    optimizer = Adam() if optimizer is None else optimizer
    _validate.instance("optimizer", optimizer, Optimizer, "Adam()")
    epochs = _validate.count("epochs", epochs)
    n = len(X)
    batch_size = n if batch_size is None else min(_validate.count("batch_size", batch_size), n)
    min_delta = _validate.number("min_delta", min_delta, at_least=0)
    tol = _validate.number("tol", tol, at_least=0)
    if tol and batch_size < n:
        raise ValueError(f"tol is {tol} with batches of {batch_size}; expected full batches")
    held_out_samples = None if validation is None else _validation(validation, X.shape[1])
    if patience is not None:
        patience = _validate.count("patience", patience)
        if validation is None:
            raise ValueError(
                f"patience is {patience} without validation; expected (X, y) or (X, y, sample_weight)"
            )
    if penalty is not None:
        _validate.instance("penalty", penalty, Penalty, "L2(0.1)")
        penalty = penalty.restricted(model.is_weight)
    if clip is not None:
        _validate.function("clip", clip, "a function of the gradient, such as ClipByNorm(1.0)")
    rng = _validate.generator("seed", seed)
    given = X, y
    if w is not None:  # samples without weight take no part
        X, y, w = X[w > 0], y[w > 0], w[w > 0]
        mean_weight = w.mean()

    x = model.parameters
    _validate.check_finite("model.parameters", x)
    _validate.check_below("abs(model.parameters)", np.abs(x), _HUGE)
    memory, step = optimizer.init(x), optimizer.run(clip)
    losses: list[float] = []
    held_out: list[float] = []
    rates: list[float] = []
    value = np.inf
    good, best = x.copy(), x.copy()
    best_epoch, stopped = None, None
    mark, mark_epoch = np.inf, 0  # the last fall of the validation loss that patience counts
    with np.errstate(over="ignore", invalid="ignore"):
        for epoch in _progress.steps(epochs, "train", progress):
            total, seen = 0.0, 0
            for X_batch, y_batch, w_batch in _batches(X, y, w, batch_size, rng):
                if not np.vdot(x, x) < _HUGE**2:
                    stopped = "diverged"
                    break
                try:
                    value, gradient = _evaluate(model, X_batch, y_batch, loss, w_batch)
                except (TypeError, ValueError):
                    _evaluate(model, *given, loss, None)  # its index is that of the data
                    raise
                if w_batch is not None and len(X_batch) < len(X):
                    share = w_batch.sum() / (len(X_batch) * mean_weight)
                    value, gradient = share * value, share * gradient
                if penalty is not None:
                    value += penalty.value(x)
                    if penalty.smooth:
                        gradient = gradient + penalty.gradient(x)
                if not (abs(value) < _HUGE and np.vdot(gradient, gradient) < _HUGE**2):
                    stopped = "diverged"
                    break
                good[:] = x
                total += value * len(X_batch)
                seen += len(X_batch)
                if tol and _norm(gradient, penalty, x) <= tol:
                    stopped = "converged"
                    break
                scale = step(x, gradient, memory)
                if penalty is not None and not penalty.smooth:
                    x[:] = penalty.prox(x, scale)
            if stopped == "diverged":
                x[:] = good
                if not losses and seen:  # of the first epoch, what there is of it
                    losses.append(total / seen)
                    rates.append(optimizer.rate(memory.t - 1))
                break
            losses.append(total / len(X))
            rates.append(optimizer.rate(max(memory.t - 1, 0)))
            if stopped == "converged":
                break
            if held_out_samples is not None:
                held_out.append(_held_out_loss(model, *held_out_samples, loss))
                lowest = np.inf if best_epoch is None else held_out[best_epoch]
                if held_out[-1] < lowest:
                    best_epoch, best[:] = epoch, x
                if held_out[-1] < mark - min_delta:
                    mark, mark_epoch = held_out[-1], epoch
                elif patience is not None and epoch - mark_epoch >= patience:
                    stopped = "early stopping"
                    break
            later = optimizer.after(held_out[-1] if held_out else losses[-1])
            if later is not optimizer:
                optimizer, step = later, later.run(clip)
    if not losses:
        name = f"loss at the start is {value}"
        if abs(value) < _HUGE:
            name = f"gradient at the start holds {np.abs(gradient).max()}"
        raise ValueError(f"the {name}; expected finite numbers")
    if not np.isfinite(x).all():
        x[:], stopped = good, "diverged"
    if patience is not None and best_epoch is not None:
        x[:] = best
    if stopped is None:
        rise = losses[-1] - losses[0]
        stopped = "diverged" if rise > abs(losses[0]) and rise > 0 else "out of steps"
    return History(
        loss=np.array(losses),
        validation_loss=np.array(held_out),
        learning_rate=np.array(rates),
        best_epoch=best_epoch,
        stopped=stopped,
        message=_message(stopped, losses, held_out, best_epoch, patience),
    )


def _batches(
    X: np.ndarray, y: np.ndarray, w: np.ndarray | None, size: int, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray | None]]:
    """The samples in an order drawn anew, in batches."""
    if size >= len(X):
        yield X, y, w
        return
    order = rng.permutation(len(X))
    for start in range(0, len(X), size):
        rows = order[start : start + size]
        yield X[rows], y[rows], None if w is None else w[rows]


def _evaluate(
    model: Model, X: np.ndarray, y: np.ndarray, loss: Loss, w: np.ndarray | None
) -> tuple[float, np.ndarray]:
    """Value and gradient; the value is infinite where the predictions have overflowed."""
    try:
        value, gradient = model.value_and_gradient(X, y, loss, w)
    except ValueError as error:
        _validate.rename(error, _validate.OF_MODELS)
        if np.isfinite(model.parameters).all() and np.isfinite(model.predict(X)).all():
            raise
        return np.inf, model.parameters
    if gradient.shape != model.parameters.shape:
        raise ValueError(
            f"the model's gradient has shape {gradient.shape}; expected that of its parameters, "
            f"{model.parameters.shape}"
        )
    return value, gradient


def _held_out_loss(
    model: Model, X: np.ndarray, y: np.ndarray, w: np.ndarray | None, loss: Loss
) -> float:
    """The loss on the validation set; infinite where the predictions have overflowed."""
    prediction = model.predict(X)
    if not np.isfinite(prediction).all():
        return np.inf
    with _validate.renamed(y_true="validation y", y_pred="the prediction"):
        return loss(y, prediction, w)


def _validation(validation: Validation, columns: int) -> Samples:
    """The validation set, checked."""
    if not (isinstance(validation, tuple | list) and len(validation) in (2, 3)):
        what = f"a {type(validation).__name__}"
        if isinstance(validation, tuple | list):
            what += f" of {len(validation)}"
        raise TypeError(
            f"validation is {what}; expected a pair (X, y), or three, (X, y, sample_weight)"
        )
    X, y, *weight = validation
    return samples(X, y, *weight or [None], columns=columns, of="validation ")


def _norm(gradient: np.ndarray, penalty: Penalty | None, x: np.ndarray) -> float:
    """The norm of the gradient, or of the least subgradient."""
    if penalty is not None and not penalty.smooth:
        gradient = penalty.least_subgradient(x, gradient)
    return float(np.linalg.norm(gradient))


def _message(
    stopped: str,
    losses: list[float],
    held_out: list[float],
    best_epoch: int | None,
    patience: int | None,
) -> str:
    """How the run went, in a sentence."""
    course = f"loss {losses[0]:.4g} to {losses[-1]:.4g} in {len(losses)} epochs"
    back = ""
    if patience is not None and best_epoch is not None:
        back = f"; back to epoch {best_epoch}, the best"
    elif held_out and best_epoch is None:
        back = "; the validation loss was never finite, so no epoch is the best"
    return {
        "converged": f"Converged: {course}{back}.",
        "out of steps": f"Out of epochs: {course}{back}.",
        "diverged": f"Diverged: {course}{back}. Try a smaller learning rate.",
        "early stopping": f"Stopped early: {course}{back}.",
    }[stopped]
