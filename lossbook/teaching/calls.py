"""A loss in PyTorch, Keras and JAX: a line that computes it, for the reader who has one of these and not this book.

The names are those of the entries' peers; where a framework has none, the line is the formula. Where they are
installed, a test runs each line and compares it with the loss. (`F` is `torch.nn.functional`, `ops` is `keras.ops`.)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from lossbook import losses

__all__ = ["FRAMEWORKS", "in_frameworks", "listed"]

FRAMEWORKS = ("PyTorch", "Keras", "JAX")

# In braces stand the hyperparameters. `y` is the target, `pred` a number, `logits` what becomes a probability.
_CALLS = {
    losses.MeanSquaredError: (
        "F.mse_loss(pred, y)",
        "keras.losses.MeanSquaredError()(y, pred)",
        "optax.squared_error(pred, y).mean()",
    ),
    losses.Huber: (
        "F.huber_loss(pred, y, delta={delta})",
        "keras.losses.Huber(delta={delta})(y, pred)",
        "optax.huber_loss(pred, y, delta={delta}).mean()",
    ),
    losses.Tukey: (
        "(1 - (1 - ((pred - y) / {scale}).clamp(-1, 1) ** 2) ** 3).mean() * {scale}**2 / 6",
        "ops.mean(1 - (1 - ops.clip((pred - y) / {scale}, -1, 1) ** 2) ** 3) * {scale}**2 / 6",
        "(1 - (1 - jnp.clip((pred - y) / {scale}, -1, 1) ** 2) ** 3).mean() * {scale}**2 / 6",
    ),
    losses.MeanAbsoluteError: (
        "F.l1_loss(pred, y)",
        "keras.losses.MeanAbsoluteError()(y, pred)",
        "jnp.abs(pred - y).mean()",
    ),
    losses.Pinball: (
        "torch.maximum({quantile} * (y - pred), ({quantile} - 1) * (y - pred)).mean()",
        "ops.mean(ops.maximum({quantile} * (y - pred), ({quantile} - 1) * (y - pred)))",
        "jnp.maximum({quantile} * (y - pred), ({quantile} - 1) * (y - pred)).mean()",
    ),
    losses.MeanSquaredLogarithmicError: (
        "F.mse_loss(pred.log1p(), y.log1p())",
        "keras.losses.MeanSquaredLogarithmicError()(y, pred)",
        "optax.squared_error(jnp.log1p(pred), jnp.log1p(y)).mean()",
    ),
    losses.EpsilonInsensitive: (
        "F.relu((pred - y).abs() - {epsilon}).mean()",
        "ops.mean(ops.relu(ops.abs(pred - y) - {epsilon}))",
        "jax.nn.relu(jnp.abs(pred - y) - {epsilon}).mean()",
    ),
    losses.GaussianNLL: (
        "F.gaussian_nll_loss(pred, y, variance)",
        "ops.mean(ops.log(variance) + (y - pred) ** 2 / variance) / 2",
        "(jnp.log(variance) + (y - pred) ** 2 / variance).mean() / 2",
    ),
    losses.PoissonNLL: (
        "F.poisson_nll_loss(log_rate, y)",
        "keras.losses.Poisson()(y, ops.exp(log_rate))",
        "(jnp.exp(log_rate) - y * log_rate).mean()",
    ),
    losses.BinaryCrossEntropy: (
        "F.binary_cross_entropy_with_logits(logits, y)",
        "keras.losses.BinaryCrossentropy(from_logits=True)(y, logits)",
        "optax.sigmoid_binary_cross_entropy(logits, y).mean()",
    ),
    losses.Brier: (
        "F.mse_loss(logits.sigmoid(), y)",
        "keras.losses.MeanSquaredError()(y, ops.sigmoid(logits))",
        "optax.squared_error(jax.nn.sigmoid(logits), y).mean()",
    ),
    losses.Hinge: (
        "F.relu(1 - sign * score).mean()",
        "keras.losses.Hinge()(sign, score)",
        "optax.hinge_loss(score, sign).mean()",
    ),
    losses.Focal: (
        "((1 - torch.where(y > 0, logits, -logits).sigmoid()) ** {gamma} "
        '* F.binary_cross_entropy_with_logits(logits, y, reduction="none")).mean()',
        "keras.losses.BinaryFocalCrossentropy(gamma={gamma}, from_logits=True)(y, logits)",
        "optax.sigmoid_focal_loss(logits, y, gamma={gamma}).mean()",
    ),
    losses.CrossEntropy: (
        "F.cross_entropy(logits, y)",
        "keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, logits)",
        "optax.softmax_cross_entropy_with_integer_labels(logits, y).mean()",
    ),
    losses.KLDivergence: (
        'F.kl_div(logits.log_softmax(-1), y, reduction="batchmean")',
        "keras.losses.KLDivergence()(y, ops.softmax(logits))",
        "optax.kl_divergence(jax.nn.log_softmax(logits), y).mean()",
    ),
}


def in_frameworks(loss: losses.Loss) -> dict[str, str]:
    """The line that computes a loss in each framework.

    Parameters
    ----------
    loss : Loss
        A loss that the guide recommends.

    Returns
    -------
    dict of str to str
        For each of `FRAMEWORKS` an expression, with the hyperparameters of the loss.

    Raises
    ------
    ValueError
        If no lines are written for a loss of this class.

    Examples
    --------
    >>> in_frameworks(losses.Huber(delta=2.0))["PyTorch"]
    'F.huber_loss(pred, y, delta=2.0)'
    """
    if type(loss) not in _CALLS:
        raise ValueError(f"loss is {loss!r}; lines are written for {[c.__name__ for c in _CALLS]}")
    return {
        name: line.format(**vars(loss))
        for name, line in zip(FRAMEWORKS, _CALLS[type(loss)], strict=True)
    }


def listed(lines: Mapping[str, str]) -> str:
    """Draw lines of frameworks, as a list.

    Parameters
    ----------
    lines : dict of str to str
        The framework and its line.

    Returns
    -------
    str
        The HTML.

    Examples
    --------
    >>> listed({"PyTorch": "F.mse_loss(pred, y)"}).count("<li>")
    1
    """
    items = "".join(
        f"<li><b>{escape(name)}</b> <code>{_breakable(line)}</code></li>"
        for name, line in lines.items()
    )
    return f'<ul class="guide-calls">{items}</ul>'


def _breakable(line: str) -> str:
    """A line of code that a narrow column may break behind a sign, and behind "_" in a name that fills it."""
    places = r"(?<=\w\()(?=\w|\()|(?<=\)\()|(?<=\w{3}\.)(?=\w{14})|(?<=\w_)(?<=\w{14})(?=\w{14})"
    return "<wbr>".join(map(escape, re.split(places, line)))
