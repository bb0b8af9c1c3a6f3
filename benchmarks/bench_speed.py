"""Speed of `value_and_gradient` beside other libraries."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks import peers, timing
from benchmarks.peers import optax, sklearn_loss, torch
from lossbook import losses

SIZES = (100, 10_000, 1_000_000)
PEERS = ("torch eager", "torch, no autograd", "jax jit", "sklearn._loss", "plain NumPy")
FASTER = 0.95  # a ratio below this is more than noise
WHY = {
    "torch eager": "its kernels handle several steps in one pass",
    "torch, no autograd": "formulas by hand that check no labels, and a sign in half the time of "
    "NumPy's, whose product with a comparison is no faster",
    "jax jit": "it compiles the whole loss into one fused pass, while NumPy makes a pass for each "
    "operation, through blocks that stay in the cache",
    "sklearn._loss": "one compiled loop computes value and gradient, while NumPy makes a pass for "
    "each operation",
    "plain NumPy": "it checks nothing, and its short formulas overflow or lose digits on "
    "log-cosh and the cross-entropies",
}
WHY_AT_100 = {
    **WHY,
    "sklearn._loss": "one call of a compiled loop, where the fixed cost of each NumPy call, "
    "and of the checks, is most of the time",
}


@dataclass(frozen=True)
class Case:
    """A loss of the package and what computes the same elsewhere."""

    loss: losses.Loss
    data: Callable
    numpy: Callable
    torch: Callable | None = None
    torch_by_hand: Callable | None = None
    optax: Callable | None = None
    sklearn: Any = None
    factor: float = 1.0  # scikit-learn's half squared error, times 2, is the squared error


def run():
    """All cases at all sizes; a Markdown section."""
    parts = [
        "## Speed of `value_and_gradient`",
        "The time of this package, checks of the arguments included, and how many times longer the "
        "others take (above 1: this package is faster; medians of interleaved runs).",
    ]
    for size in SIZES:
        rows, faster = [], {}
        for case in cases():
            y, p = case.data(np.random.default_rng(7), size)
            runs = peers.rivals(case, y, p)
            agree(case, y, p, runs)
            runs["lossbook"] = lambda case=case, y=y, p=p: case.loss.value_and_gradient(y, p)
            times = timing.medians(runs, rounds=60 if size < 1_000_000 else 25)
            own = times["lossbook"]
            ratios = [f"{times[n] / own:.2f}" if n in times else "–" for n in PEERS]
            name = type(case.loss).__name__
            rows.append([name, f"{own * 1e6:,.1f} µs", *ratios])
            for peer in PEERS:
                if peer in times and times[peer] < FASTER * own:
                    faster.setdefault(peer, []).append(f"{name} ({times[peer] / own:.2f})")
        parts += [f"### n = {size:,}", timing.table(["loss", "lossbook", *PEERS], rows)]
        if faster:
            parts.append("\n".join(["Where a peer is faster, and why:", "", *lost(faster, size)]))
    return "\n\n".join(parts)


def lost(faster, size):
    """A sentence for each peer that is faster; `faster` has the losses by peer."""
    why = WHY_AT_100 if size == 100 else WHY
    return [f"- {peer} on {', '.join(names)}: {why[peer]}." for peer, names in faster.items()]


def agree(case, y, p, runs):
    """Every rival computes the same numbers, or the comparison means nothing."""
    value, gradient = case.loss.value_and_gradient(y, p)
    for name, function in runs.items():
        factor = case.factor if name == "sklearn._loss" else 1.0
        other, slope = function()
        np.testing.assert_allclose(factor * float(other), value, rtol=1e-9, err_msg=name)
        slope = factor * np.asarray(slope)
        np.testing.assert_allclose(slope, gradient, rtol=1e-6, atol=1e-15, err_msg=name)


def residuals(rng, n):
    y = rng.normal(size=n)
    return y, y + 2 * rng.normal(size=n)


def margins(rng, n):
    return rng.choice([-1.0, 1.0], n), 2 * rng.normal(size=n)


def binary(rng, n):
    return rng.choice([0.0, 1.0], n), 3 * rng.normal(size=n)


def classes(rng, n):
    return rng.integers(0, 10, n), 3 * rng.normal(size=(n, 10))


def cases():
    """The losses compared. Libraries that are missing leave their place empty."""
    functional = torch.nn.functional if torch else None
    return [
        Case(
            loss=losses.MeanSquaredError(),
            data=residuals,
            numpy=lambda y, p: (np.mean((p - y) ** 2), 2 * (p - y) / y.size),
            torch=torch and functional.mse_loss,
            torch_by_hand=torch and (lambda y, p: _squared(p - y)),
            optax=optax and (lambda p, y: optax.squared_error(p, y)),
            sklearn=sklearn_loss and sklearn_loss.HalfSquaredError(),
            factor=2.0,
        ),
        Case(
            loss=losses.MeanAbsoluteError(),
            data=residuals,
            numpy=lambda y, p: (np.mean(np.abs(p - y)), np.sign(p - y) / y.size),
            torch=torch and functional.l1_loss,
            torch_by_hand=torch and (lambda y, p: _absolute(p - y)),
            optax=optax and (lambda p, y: abs(p - y)),
            sklearn=sklearn_loss and sklearn_loss.AbsoluteError(),
        ),
        Case(
            loss=losses.Huber(delta=1.0),
            data=residuals,
            numpy=_huber_numpy,
            torch=torch and functional.huber_loss,
            torch_by_hand=torch and (lambda y, p: _huber_torch(p - y)),
            optax=optax and (lambda p, y: optax.huber_loss(p, y)),
            sklearn=sklearn_loss and peers.sklearn_huber(),
        ),
        Case(
            loss=losses.LogCosh(),
            data=residuals,
            numpy=lambda y, p: (np.mean(np.log(np.cosh(p - y))), np.tanh(p - y) / y.size),
            torch=torch and (lambda p, y: (p - y).cosh().log().mean()),
            optax=optax and (lambda p, y: optax.log_cosh(p, y)),
        ),
        Case(
            loss=losses.Pinball(quantile=0.9),
            data=residuals,
            numpy=_pinball_numpy,
            torch=torch and (lambda p, y: torch.maximum(0.9 * (y - p), 0.1 * (p - y)).mean()),
            optax=optax and (lambda p, y: optax.losses.pinball_loss(p, y, 0.9))
            if hasattr(getattr(optax, "losses", None), "pinball_loss")
            else None,
            sklearn=sklearn_loss and sklearn_loss.PinballLoss(quantile=0.9),
        ),
        Case(
            loss=losses.Hinge(),
            data=margins,
            numpy=_hinge_numpy,
            torch=torch and (lambda f, y: (1 - y * f).clamp_min(0).mean()),
            torch_by_hand=torch and _hinge_torch,
            optax=optax and (lambda f, y: optax.hinge_loss(f, y)),
        ),
        Case(
            loss=losses.BinaryCrossEntropy(from_logits=True),
            data=binary,
            numpy=_binary_numpy,
            torch=torch and functional.binary_cross_entropy_with_logits,
            torch_by_hand=torch and _binary_torch,
            optax=optax and (lambda x, y: optax.sigmoid_binary_cross_entropy(x, y)),
            sklearn=sklearn_loss and sklearn_loss.HalfBinomialLoss(),
        ),
        Case(
            loss=losses.CrossEntropy(from_logits=True),
            data=classes,
            numpy=_softmax_numpy,
            torch=torch and functional.cross_entropy,
            torch_by_hand=torch and _softmax_torch,
            optax=optax and (lambda z, y: optax.softmax_cross_entropy_with_integer_labels(z, y)),
            sklearn=sklearn_loss and sklearn_loss.HalfMultinomialLoss(n_classes=10),
        ),
    ]


def _squared(r):
    return torch.dot(r, r) / r.numel(), r.mul_(2 / r.numel())


def _absolute(r):
    return r.abs().mean(), r.sign_().div_(r.numel())


def _huber_torch(r):
    g = r.clamp(-1.0, 1.0)
    value = torch.dot(g, r) - 0.5 * torch.dot(g, g)
    return value / r.numel(), g.div_(r.numel())


def _huber_numpy(y, p):
    r = p - y
    a = np.abs(r)
    return np.mean(np.where(a <= 1, 0.5 * r**2, a - 0.5)), np.clip(r, -1, 1) / y.size


def _pinball_numpy(y, p):
    r = y - p
    return np.mean(np.maximum(0.9 * r, -0.1 * r)), np.where(r > 0, -0.9, 0.1) / y.size


def _hinge_numpy(y, f):
    short = np.maximum(1 - y * f, 0)
    return short.mean(), -y * (short > 0) / y.size


def _hinge_torch(y, f):
    short = (1 - y * f).clamp_min_(0)
    return short.mean(), short.sign_().mul_(y).mul_(-1 / y.numel())


def _binary_numpy(y, x):
    p = 1 / (1 + np.exp(-x))
    return np.mean(np.logaddexp(0, x) - y * x), (p - y) / y.size


def _binary_torch(y, x):
    value = torch.nn.functional.binary_cross_entropy_with_logits(x, y)
    return value, x.sigmoid().sub_(y).div_(y.numel())


def _softmax_numpy(y, z):
    d = z - z.max(axis=1, keepdims=True)
    e = np.exp(d)
    total = e.sum(axis=1)
    rows = np.arange(y.size)
    value = np.mean(np.log(total) - d[rows, y])
    e /= total[:, None]
    e[rows, y] -= 1
    return value, e / y.size


def _softmax_torch(y, z):
    log_p = z.log_softmax(1)
    value = torch.nn.functional.nll_loss(log_p, y)
    p = log_p.exp_()
    p[torch.arange(y.numel()), y] -= 1
    return value, p.div_(y.numel())
