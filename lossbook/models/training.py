"""`train`: mini-batches, validation, early stopping, penalties, for models of flat parameters."""

from dataclasses import dataclass

import numpy as np

from ..losses import Loss
from ..optim import Adam, Optimizer, _progress
from ..optim import _checks as numbers
from ..penalties import Penalty
from . import _checks

__all__ = ["History", "train"]

# Beyond this size a run has diverged.
_HUGE = 1e100


@dataclass(frozen=True, eq=False)
class History:
    """What happened in a training run; the arrays have one entry an epoch.

    Parameters
    ----------
    loss
        The mean over the epoch's steps of what was minimized, batch loss plus penalty, each taken
        before its step (so with full batches, entry k belongs to the parameters after k steps).
    validation_loss
        The loss alone on the validation set, after the epoch; empty without one.
    learning_rate
        That of the epoch's last step.
    best_epoch
        The epoch (from 0) of the lowest validation loss, else None.
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
    progress=True,
):
    """Train a model from its present parameters on; returns a `History`.

    model: an `MLP`, or anything with `parameters` (flat, changed in place), `is_weight` (which of
        them a penalty acts on), `predict(X)`, and `value_and_gradient(X, y, loss, sample_weight)`.
    X: (n, d). y: n entries, as the loss wants them. sample_weight: (n,), at least 0.
    optimizer: `Adam()` by default. A schedule counts steps, not epochs.
    epochs: passes through the data. batch_size: samples a step, all of them by default; the order
        is drawn anew each epoch from `seed`, and the last batch may be smaller. A batch's loss is
        divided by the sum of that batch's weights.
    penalty: on the weights, not the biases; proximal steps where it has a kink.
    validation: (X, y), never trained on. patience: stop once its loss has not fallen by more than
        `min_delta` for so many epochs, and return to the best epoch's parameters.
    tol: stop when the norm of the full-batch gradient (the least subgradient of the sum, with a
        penalty) is at most this; 0 never stops.
    clip: a function of the gradient, such as `ClipByNorm(1.0)`.
    progress: a progress bar on stderr for runs of more than two seconds.

    A run that overflows stops as "diverged", with the last parameters whose loss was finite. A run
    also counts as diverged if its loss ends above its start by more than the start's size.
    """
    X = _checks.matrix("X", X)
    y = _checks.target("y", y, len(X))
    w = _checks.weights(sample_weight, len(X))
    _checks.instance("loss", loss, Loss, "losses.MeanSquaredError()")
    optimizer = _checks.instance("optimizer", optimizer or Adam(), Optimizer, "Adam()")
    epochs = numbers.count("epochs", epochs)
    n = len(X)
    batch_size = n if batch_size is None else min(numbers.count("batch_size", batch_size), n)
    min_delta = numbers.number("min_delta", min_delta, at_least=0)
    tol = numbers.number("tol", tol, at_least=0)
    if tol and batch_size < n:
        raise ValueError(f"tol is {tol} with batches of {batch_size}; expected full batches")
    X_held_out, y_held_out = _validation(validation, X.shape[1])
    if patience is not None:
        patience = numbers.count("patience", patience)
        if validation is None:
            raise ValueError(f"patience is {patience} without validation; expected (X, y)")
    if penalty is not None:
        _checks.instance("penalty", penalty, Penalty, "L2(0.1)")
        penalty = penalty.restricted(model.is_weight)
    if w is not None:  # samples without weight take no part
        X, y, w = X[w > 0], y[w > 0], w[w > 0]

    x = model.parameters
    memory = optimizer.init(x)
    rng = np.random.default_rng(seed)
    losses, held_out, rates = [], [], []
    good, best, best_epoch, stopped = x.copy(), x.copy(), None, None
    with np.errstate(over="ignore", invalid="ignore"):
        for epoch in _progress.steps(epochs, "train", progress):
            total = 0.0
            for X_batch, y_batch, w_batch in _batches(X, y, w, batch_size, rng):
                value, gradient = _evaluate(model, X_batch, y_batch, loss, w_batch)
                if penalty is not None:
                    value += penalty.value(x)
                if not -_HUGE < value < _HUGE:
                    stopped = "diverged"
                    break
                good[:] = x
                total += value * len(X_batch)
                if tol and _norm(gradient, penalty, x) <= tol:
                    stopped = "converged"
                    break
                if penalty is not None and penalty.smooth:
                    gradient = gradient + penalty.gradient(x)
                scale = optimizer.step(x, gradient if clip is None else clip(gradient), memory)
                if penalty is not None and not penalty.smooth:
                    x[:] = penalty.prox(x, scale)
            if stopped == "diverged":
                x[:] = good
                break
            losses.append(total / len(X))
            rates.append(optimizer.rate(max(memory.t - 1, 0)))
            if stopped == "converged":
                break
            if validation is not None:
                held_out.append(_held_out_loss(model, X_held_out, y_held_out, loss))
                if best_epoch is None or held_out[-1] < held_out[best_epoch] - min_delta:
                    best_epoch, best[:] = epoch, x
                elif patience is not None and epoch - best_epoch >= patience:
                    stopped = "early stopping"
                    break
    if not losses:
        raise ValueError(f"the loss at the start is {value}; expected a finite number")
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
        message=_message(stopped, losses, best_epoch),
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
        return model.value_and_gradient(X, y, loss, w)
    except ValueError:
        if np.isfinite(model.parameters).all() and np.isfinite(model.predict(X)).all():
            raise
        return np.inf, model.parameters


def _held_out_loss(model, X, y, loss):
    prediction = model.predict(X)
    return loss(y, prediction) if np.isfinite(prediction).all() else np.inf


def _validation(validation, columns):
    if validation is None:
        return None, None
    if not (isinstance(validation, tuple | list) and len(validation) == 2):
        raise TypeError(f"validation is a {type(validation).__name__}; expected a pair (X, y)")
    X = _checks.matrix("validation X", validation[0], columns)
    return X, _checks.target("validation y", validation[1], len(X), "validation X")


def _norm(gradient, penalty, x):
    slope = gradient if penalty is None else penalty.least_subgradient(x, gradient)
    return float(np.linalg.norm(slope))


def _message(stopped, losses, best_epoch):
    course = f"loss {losses[0]:.4g} to {losses[-1]:.4g} in {len(losses)} epochs"
    return {
        "converged": f"Converged: {course}.",
        "out of steps": f"Out of epochs: {course}.",
        "diverged": f"Diverged: {course}. Try a smaller learning rate.",
        "early stopping": f"Stopped early: {course}; back to epoch {best_epoch}, the best.",
    }[stopped]
