"""Speed of the losses of lists and of preferences at a batch of 256, beside torch and jax."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks import timing
from benchmarks.peers import jax, optax, torch
from lossbook import losses

BATCH, ITEMS = 256, (10, 50)
PEERS = ("torch eager", "jax jit")
WHY = (
    "Where jax is faster: it compiles value and gradient into one pass and checks nothing, while here each "
    "operation is a pass of NumPy, and differences are carried in two parts, so that large scores that "
    "cancel keep their digits. What the peers have no loss for is written as one writes it, with their "
    "softplus, log-softmax and cumulative log-sum-exp, over all pairs of items; here only pairs that "
    "have an order are visited."
)


@dataclass(frozen=True)
class Case:
    """A loss with its arguments, and the same elsewhere, of the predictions first."""

    loss: losses.Loss | losses.SeveralLoss
    inputs: tuple
    torch: Callable | None
    jax: Callable | None
    name: str = ""

    def predictions(self):
        """The places of the predicted arguments, and the others."""
        places = [self.loss.inputs.index(n) for n in self.loss.predicted]
        return places, [k for k in range(len(self.inputs)) if k not in places]


def run():
    """A Markdown section."""
    rows = []
    for case in cases(np.random.default_rng(9)):
        runs = rivals(case)
        agree(case, runs)
        runs["lossbook"] = lambda case=case: case.loss.value_and_gradient(*case.inputs)
        times = timing.medians(runs, rounds=60)
        own = times["lossbook"]
        ratios = [f"{times[n] / own:.2f}" if n in times else "–" for n in PEERS]
        rows.append([case.name, f"{own * 1e6:,.0f} µs", *ratios])
    return "\n\n".join(
        [
            "## Rankings and preferences",
            f"`value_and_gradient` of {BATCH} lists, comparisons or answers, checks included, and how many "
            "times longer the others take (above 1: this package is faster; medians of interleaved runs).",
            timing.table(["loss", "lossbook", *PEERS], rows),
            WHY,
        ]
    )


def rivals(case):
    """The peers that are installed, by name, each a function without arguments."""
    first, rest = case.predictions()
    given = [case.inputs[k] for k in first], [case.inputs[k] for k in rest]
    found = {}
    if torch and case.torch:
        found["torch eager"] = torch_eager(case.torch, *given)
    if jax and optax and case.jax:
        found["jax jit"] = jax_jit(case.jax, *given)
    return found


def torch_eager(loss, predicted, others):
    predicted = [torch.from_numpy(a).requires_grad_() for a in predicted]
    others = [torch.as_tensor(a) for a in others]

    def run():
        for p in predicted:
            p.grad = None
        value = loss(*predicted, *others)
        value.backward()
        return value.item(), [p.grad for p in predicted]

    return run


def jax_jit(loss, predicted, others):
    both = jax.jit(jax.value_and_grad(loss, argnums=tuple(range(len(predicted)))))
    given = [jax.numpy.asarray(a) for a in (*predicted, *others)]

    def run():
        value, gradients = both(*given)
        for gradient in gradients:
            gradient.block_until_ready()
        return float(value), gradients

    return run


def agree(case, runs):
    """Every rival computes the same numbers, or the comparison means nothing."""
    value, gradients = case.loss.value_and_gradient(*case.inputs)
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    for name, function in runs.items():
        other, slopes = function()
        np.testing.assert_allclose(other, value, rtol=1e-9, err_msg=name)
        for slope, gradient in zip(slopes, gradients, strict=True):
            np.testing.assert_allclose(
                np.asarray(slope), gradient, rtol=1e-6, atol=1e-12, err_msg=name
            )


def cases(rng):
    """The losses compared."""
    found = []
    for items in ITEMS:
        s = 2 * rng.normal(size=(BATCH, items))
        order = rng.permuted(np.tile(np.arange(items) * 1.0, (BATCH, 1)), axis=1)
        grades = rng.integers(0, 5, (BATCH, items)) * 1.0
        grades[:, 0], grades[:, 1] = 1.0, 0.0
        for loss, y in (
            (losses.ListNet(), grades),
            (losses.PlackettLuce(), order),
            (losses.PairwiseLogistic(), grades),
            (losses.LambdaRank(), grades),
        ):
            kind = type(loss).__name__
            found.append(Case(loss, (y, s), *ELSEWHERE[kind], f"{kind}, {items} items"))
    a, b, c, d = 5 * rng.normal(size=(4, BATCH)) - 20
    y = rng.integers(0, 2, BATCH) * 1.0
    for loss, inputs in (
        (losses.BradleyTerry(), (a, b)),
        (losses.DPO(), (a, b, c, d)),
        (losses.IPO(), (a, b, c, d)),
        (losses.KTO(), (y, a, b, 1.5)),
    ):
        kind = type(loss).__name__
        found.append(Case(loss, inputs, *ELSEWHERE[kind], kind))
    return found


def _list_net_torch(s, y):
    return -(y * torch.log_softmax(s, 1)).sum(1).mean()


def _plackett_luce_torch(s, y):
    z = s.gather(1, y.argsort(1, descending=True))
    return (torch.logcumsumexp(z.flip(1), 1).flip(1) - z).sum(1).mean()


def _plackett_luce_jax(s, y):
    z = jax.numpy.take_along_axis(s, jax.numpy.argsort(-y, 1), 1)
    return (jax.lax.cumlogsumexp(z, axis=1, reverse=True) - z).sum(1).mean()


def _pairwise_torch(s, y):
    better = (y[:, :, None] > y[:, None, :]).to(s.dtype)
    return _of_pairs_torch(s, better)


def _of_pairs_torch(s, weight):
    apart = s[:, :, None] - s[:, None, :]
    return (weight * torch.nn.functional.softplus(-apart)).sum((1, 2)).mean()


def _pairwise_jax(s, y):
    return _of_pairs_jax(s, y[:, :, None] > y[:, None, :])


def _of_pairs_jax(s, weight):
    return (weight * jax.nn.softplus(s[:, None, :] - s[:, :, None])).sum((1, 2)).mean()


def _lambda_torch(s, y):
    discount = 1 / torch.log2(torch.arange(2.0, s.shape[1] + 2, dtype=s.dtype))
    d = discount[s.argsort(1, descending=True).argsort(1)]
    gain = 2**y - 1
    best = (gain.sort(1, descending=True)[0] * discount).sum(1)
    weight = (gain[:, :, None] - gain[:, None, :]).clamp_min(0)
    weight = weight * (d[:, :, None] - d[:, None, :]).abs() / best[:, None, None]
    return _of_pairs_torch(s, weight)


def _lambda_jax(s, y):
    discount = 1 / jax.numpy.log2(jax.numpy.arange(2.0, s.shape[1] + 2))
    d = discount[jax.numpy.argsort(jax.numpy.argsort(-s, 1), 1)]
    gain = 2**y - 1
    best = (-jax.numpy.sort(-gain, 1) * discount).sum(1)
    weight = jax.numpy.maximum(gain[:, :, None] - gain[:, None, :], 0)
    weight = weight * abs(d[:, :, None] - d[:, None, :]) / best[:, None, None]
    return _of_pairs_jax(s, jax.lax.stop_gradient(weight))


def _margin(win, lose, reference_win, reference_lose):
    return (win - lose) - (reference_win - reference_lose)


def _kto_torch(policy, y, reference, kl):
    gain = 0.1 * (policy - reference - kl)
    return torch.where(y > 0, 1 - torch.sigmoid(gain), 1 - torch.sigmoid(-gain)).mean()


def _kto_jax(policy, y, reference, kl):
    gain = 0.1 * (policy - reference - kl)
    return jax.numpy.where(y > 0, 1 - jax.nn.sigmoid(gain), 1 - jax.nn.sigmoid(-gain)).mean()


#: by the name of the loss: in torch, and in jax with optax
ELSEWHERE = {
    "ListNet": (_list_net_torch, lambda s, y: optax.losses.ranking_softmax_loss(s, y)),
    "PlackettLuce": (_plackett_luce_torch, _plackett_luce_jax),
    "PairwiseLogistic": (_pairwise_torch, _pairwise_jax),
    "LambdaRank": (_lambda_torch, _lambda_jax),
    "BradleyTerry": (
        lambda win, lose: -torch.nn.functional.logsigmoid(win - lose).mean(),
        lambda win, lose: -jax.nn.log_sigmoid(win - lose).mean(),
    ),
    "DPO": (
        lambda *a: -torch.nn.functional.logsigmoid(0.1 * _margin(*a)).mean(),
        lambda *a: -jax.nn.log_sigmoid(0.1 * _margin(*a)).mean(),
    ),
    "IPO": (
        lambda *a: ((_margin(*a) - 5.0) ** 2).mean(),
        lambda *a: ((_margin(*a) - 5.0) ** 2).mean(),
    ),
    "KTO": (_kto_torch, _kto_jax),
}
