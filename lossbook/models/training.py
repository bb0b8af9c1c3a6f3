"""`train`: mini-batches, validation, early stopping, penalties, for models of flat parameters."""

from dataclasses import dataclass

import numpy as np

from .. import _validate
from ..losses import Loss
from ..optim import Adam, Optimizer, _progress
from ..penalties import Penalty

__all__ = ["History", "train"]

# Beyond this size a run has diverged.
_HUGE = 1e100


@dataclass(frozen=True, eq=False)
class History:
    """What happened in a training run; the arrays have one entry an epoch.

    Parameters
    ----------
    loss
        The weighted mean over the epoch's samples of the loss plus the penalty, each taken before
        the step that its batch leads to (so with full batches, entry k belongs to the parameters
        after k steps).
    validation_loss
        The loss alone on the validation set, after the epoch; empty without one.
    learning_rate
        That of the epoch's last step.
    best_epoch
        The epoch (from 0) of the lowest validation loss, the first of several; None without
        validation, or if that loss was never finite.
    stopped
        "converged", "out of steps", "early stopping" or "diverged"; `message` says it in full.
    """

    loss: np.ndarray
    validation_loss: np.ndarray
    learning_rate: np.ndarray
    best_epoch: int | None
    stopped: str
    message: str

    @property
    def epochs(self):
        return len(self.loss)


def train(
    model,
    X,
    y,
    loss,
    *,
    optimizer=None,
    epochs=100,
    batch_size=None,
    penalty=None,
    sample_weight=None,
    validation=None,
    patience=None,
    min_delta=0.0,
    tol=0.0,
    clip=None,
    seed=0,
    progress=False,
):
    """Train a model from its present parameters on; returns a `History`.

    model: an `MLP`, or anything with `parameters` (flat, changed in place), `is_weight` (which of
        them a penalty acts on), `predict(X)`, and `value_and_gradient(X, y, loss, sample_weight)`,
        the mean loss with weights (n,), divided by their sum, and its gradient.
    X: (n, d). y: n entries, as the loss wants them. sample_weight: (n,), at least 0.
    optimizer: `Adam()` by default. A schedule counts steps, not epochs.
    epochs: passes through the data. batch_size: samples a step, all of them by default; the order
        is drawn anew each epoch from `seed`, and the last batch may be smaller. The weighted sum of
        a batch's losses is divided by its size times the mean weight of all samples, so that every
        size of batch leads to the same, weighted, optimum. Samples of weight 0 take no part.
    penalty: on the weights, not the biases; proximal steps where it has a kink.
    validation: (X, y), never trained on. patience: stop once its loss has not fallen by more than
        `min_delta` for so many epochs, and return to the parameters of the epoch where it was
        lowest.
    tol: stop when the norm of the full-batch gradient (the least subgradient of the sum, with a
        penalty) is at most this; 0 never stops.
    clip: a function of the gradient, such as `ClipByNorm(1.0)`.
    progress: a progress bar on stderr for runs of more than two seconds.

    A run that overflows stops as "diverged", with the last parameters whose loss was finite. A run
    also counts as diverged if its loss ends above its start by more than the start's size.
    """
    for name in ("parameters", "is_weight", "predict", "value_and_gradient"):
        if not hasattr(model, name):
            raise TypeError(f"model is {model!r}, without {name}; expected one such as an MLP")
    X = _validate.matrix("X", X)
    y = _validate.target("y", y, len(X))
    w = _validate.weights(sample_weight, len(X))
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
    X_held_out, y_held_out = _validation(validation, X.shape[1])
    if patience is not None:
        patience = _validate.count("patience", patience)
        if validation is None:
            raise ValueError(f"patience is {patience} without validation; expected (X, y)")
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
    losses, held_out, rates, value = [], [], [], np.inf
    good, best, best_epoch, stopped = x.copy(), x.copy(), None, None
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
                if w is not None and len(X_batch) < len(X):
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
            if validation is not None:
                held_out.append(_held_out_loss(model, X_held_out, y_held_out, loss))
                lowest = np.inf if best_epoch is None else held_out[best_epoch]
                if held_out[-1] < lowest:
                    best_epoch, best[:] = epoch, x
                if held_out[-1] < mark - min_delta:
                    mark, mark_epoch = held_out[-1], epoch
                elif patience is not None and epoch - mark_epoch >= patience:
                    stopped = "early stopping"
                    break
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


def _batches(X, y, w, size, rng):
    if size >= len(X):
        yield X, y, w
        return
    order = rng.permutation(len(X))
    for start in range(0, len(X), size):
        rows = order[start : start + size]
        yield X[rows], y[rows], None if w is None else w[rows]


def _evaluate(model, X, y, loss, w):
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


def _held_out_loss(model, X, y, loss):
    prediction = model.predict(X)
    if not np.isfinite(prediction).all():
        return np.inf
    with _validate.renamed(y_true="validation y", y_pred="the prediction"):
        return loss(y, prediction)


def _validation(validation, columns):
    if validation is None:
        return None, None
    if not (isinstance(validation, tuple | list) and len(validation) == 2):
        raise TypeError(f"validation is a {type(validation).__name__}; expected a pair (X, y)")
    X = _validate.matrix("validation X", validation[0], columns)
    return X, _validate.target("validation y", validation[1], len(X), "validation X")


def _norm(gradient, penalty, x):
    kink = penalty is not None and not penalty.smooth
    slope = penalty.least_subgradient(x, gradient) if kink else gradient
    return float(np.linalg.norm(slope))


def _message(stopped, losses, held_out, best_epoch, patience):
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
