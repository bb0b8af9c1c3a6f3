"""The same losses in other libraries, each as a function without arguments that returns the mean
and its gradient with respect to the prediction. A library that is missing is left out."""

import numpy as np

from benchmarks.timing import optional

torch, jax, optax = optional("torch"), optional("jax"), optional("optax")
sklearn_loss = optional("sklearn._loss.loss")
if torch:
    torch.set_num_threads(1)
if jax:
    jax.config.update("jax_enable_x64", True)


def torch_eager(loss, y, p):
    """`loss` forward and backward."""
    y, p = torch.from_numpy(y), torch.from_numpy(p).requires_grad_()

    def run():
        p.grad = None
        value = loss(p, y)
        value.backward()
        return value.item(), p.grad

    return run


def torch_by_hand(formula, y, p):
    """The formulas of value and gradient in torch, without autograd."""
    y, p = torch.from_numpy(y), torch.from_numpy(p)

    @torch.inference_mode()
    def run():
        value, gradient = formula(y, p)
        return value.item(), gradient

    return run


def jax_jit(loss, y, p):
    """Value and gradient of the mean of `loss`, compiled."""
    both = jax.jit(jax.value_and_grad(lambda p, y: loss(p, y).mean()))
    y, p = jax.numpy.asarray(y), jax.numpy.asarray(p)

    def run():
        value, gradient = both(p, y)
        gradient.block_until_ready()
        return float(value), gradient

    return run


def sklearn(loss, y, p):
    """`loss_gradient` of scikit-learn's private losses, and the mean of both."""

    def run():
        value, gradient = loss.loss_gradient(y_true=y, raw_prediction=p, n_threads=1)
        gradient /= y.size
        return value.mean(), gradient

    return run


def sklearn_huber():
    """scikit-learn's Huber loss with a fixed delta of 1; its own is a quantile of the residuals."""
    loss = sklearn_loss.HuberLoss(quantile=0.9)
    loss.closs.delta = 1.0
    return loss


def numpy_plain(formula, y, p):
    """The formulas as one writes them in NumPy."""
    return lambda: formula(y, p)


def rivals(case, y, p):
    """The peers of a `Case` that are installed, by name."""
    runs = {"plain NumPy": numpy_plain(case.numpy, y, p)}
    if torch and case.torch:
        runs["torch eager"] = torch_eager(case.torch, y, p)
    if torch and case.torch_by_hand:
        runs["torch, no autograd"] = torch_by_hand(case.torch_by_hand, y, p)
    if jax and optax and case.optax:
        runs["jax jit"] = jax_jit(case.optax, y, p)
    if sklearn_loss and case.sklearn:
        labels = y.astype(np.float64) if y.dtype.kind == "i" else y
        runs["sklearn._loss"] = sklearn(case.sklearn, labels, p)
    return runs
