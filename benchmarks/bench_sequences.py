"""Speed of the losses of sequences and of distillation, value and gradient of a batch of 256."""

import numpy as np

from benchmarks import peers, timing
from benchmarks.peers import jax, optax, torch
from lossbook import losses

BATCH = 256
PEERS = ("torch eager", "jax jit")
FASTER = 0.95  # a ratio below this is more than noise
WHY = {
    "CTC, 64 x 32": "compiled into one program, while NumPy makes some 15 calls for each step of time",
    "CTC, 32 x 8": "compiled into one program, while NumPy makes some 15 calls for each step of time",
    "NLL": "no check that the rows are log-probabilities, which takes the exponential of each entry",
    "CrossEntropy + ZLoss": "one softmax for both terms, while a sum of losses computes each by itself",
    "Distillation": "the difference of two logarithms, of which no digit is left where the student is "
    "close to the teacher; the divergence that keeps them takes a series",
}


def run():
    """Time each loss beside the peers; a Markdown section."""
    rows, faster = [], []
    for name, ours, rivals in cases():
        value, gradient = ours()
        for peer, rival in rivals.items():
            other, slope = rival()
            np.testing.assert_allclose(float(other), value, rtol=1e-9, err_msg=peer)
            np.testing.assert_allclose(np.asarray(slope), gradient, rtol=1e-6, atol=1e-12)
        times = timing.medians({"lossbook": ours, **rivals}, rounds=40)
        ratios = [f"{times[p] / times['lossbook']:.2f}" if p in times else "–" for p in PEERS]
        rows.append([name, f"{times['lossbook'] * 1e6:,.0f} µs", *ratios])
        ahead = [p for p in PEERS if p in times and times[p] < FASTER * times["lossbook"]]
        if ahead:
            faster.append(f"- {name} ({' and '.join(ahead)}): {WHY[name]}.")
    lost = ["\n".join(["Where a peer is faster, and why:", "", *faster])] if faster else []
    return "\n\n".join(
        [
            "## Speed of the losses of sequences, at a batch of 256",
            "The time of `value_and_gradient`, checks of the arguments included, and how many times "
            "longer the others take (above 1: this package is faster; medians of interleaved runs). "
            "CTC: logits of so many steps and classes, 16 labels a target. Elsewhere 32 classes.",
            timing.table(["loss", "lossbook", *PEERS], rows),
            *lost,
        ]
    )


def cases():
    """(name, ours, {peer: theirs}), each without arguments; peers that are missing are left out."""
    rng = np.random.default_rng(7)
    for steps, classes in ((64, 32), (32, 8)):
        z, y = rng.normal(size=(BATCH, steps, classes)), rng.integers(1, classes, (BATCH, 16))
        yield f"CTC, {steps} x {classes}", _ours(losses.CTC(), y, z), _ctc(y, z)
    y, z = rng.integers(0, 32, BATCH), 3 * rng.normal(size=(BATCH, 32))
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    yield "NLL", _ours(losses.NLL(), y, log_p), _nll(y, log_p)
    loss = losses.CrossEntropy(from_logits=True) + losses.ZLoss()
    yield "CrossEntropy + ZLoss", _ours(loss, y, z), _z_loss(y, z)
    teacher = z + rng.normal(size=z.shape)
    yield (
        "Distillation",
        _ours(losses.Distillation(temperature=2.0), y, z, teacher),
        _distilled(y, z, teacher),
    )


def _ours(loss, *inputs):
    return lambda: loss.value_and_gradient(*inputs)


def _peers(of_torch, of_jax, y, z):
    """Value and gradient of functions of (predictions, targets), in both."""
    found = {}
    if torch:
        found["torch eager"] = peers.torch_eager(of_torch, y, z)
    if jax and optax:
        found["jax jit"] = peers.jax_jit(of_jax, y, z)
    return found


def _ctc(y, z):
    steps, lengths = [z.shape[1]] * BATCH, [y.shape[1]] * BATCH

    def of_torch(z, y):
        log_p = z.log_softmax(2).transpose(0, 1)
        return torch.nn.functional.ctc_loss(log_p, y, steps, lengths, reduction="none").mean()

    def of_jax(z, y):
        return optax.losses.ctc_loss(z, np.zeros(z.shape[:2]), y, np.zeros(y.shape))

    return _peers(of_torch, of_jax, y, z)


def _nll(y, log_p):
    return _peers(
        lambda x, y: torch.nn.functional.nll_loss(x, y),
        lambda x, y: -jax.numpy.take_along_axis(x, y[:, None], axis=1),
        y,
        log_p,
    )


def _z_loss(y, z):
    def of_torch(z, y):
        return torch.nn.functional.cross_entropy(z, y) + 1e-4 * (z.logsumexp(1) ** 2).mean()

    def of_jax(z, y):
        hard = optax.softmax_cross_entropy_with_integer_labels(z, y)
        return hard + 1e-4 * jax.nn.logsumexp(z, axis=1) ** 2

    return _peers(of_torch, of_jax, y, z)


def _distilled(y, z, teacher):
    fixed = torch and torch.from_numpy(teacher)

    def of_torch(z, y):
        functional = torch.nn.functional
        log_q, log_p = (z / 2).log_softmax(1), (fixed / 2).log_softmax(1)
        soft = functional.kl_div(log_q, log_p, reduction="batchmean", log_target=True)
        return 0.5 * functional.cross_entropy(z, y) + 0.5 * 4 * soft

    def of_jax(z, y):
        log_q, log_p = jax.nn.log_softmax(z / 2), jax.nn.log_softmax(teacher / 2)
        soft = optax.losses.kl_divergence_with_log_targets(log_q, log_p)
        return 0.5 * optax.softmax_cross_entropy_with_integer_labels(z, y) + 0.5 * 4 * soft

    return _peers(of_torch, of_jax, y, z)
