"""What optax and PyTorch compute of lists and of preferences.

`.venv-frameworks/bin/python -m tests.losses.ranking_cases` writes it to ranking_losses.json. PyTorch
has no such losses: there they are written as TRL writes them, and the likelihood of an order by
its cumulative log-sum-exp.
"""

import json
from pathlib import Path

import numpy as np

RECORD = Path(__file__).with_name("ranking_losses.json")


def lists():
    """Grades, orders, scores, and which items are there."""
    rng = np.random.default_rng(2027)
    grades = rng.integers(0, 4, (6, 5)) * 1.0
    grades[:, 0] = 2.0
    order = rng.permuted(np.tile(np.arange(5.0), (6, 1)), axis=1)
    there = rng.random((6, 5)) < 0.7
    there[:, 0] = there[:, 1] = True
    return grades, order, 2 * rng.normal(size=(6, 5)), there


def answers():
    """Four log-probabilities, and labels."""
    rng = np.random.default_rng(2028)
    return 4 * rng.normal(size=(4, 6)) - 20, rng.integers(0, 2, 6) * 1.0


def _optax():
    import jax

    jax.config.update("jax_enable_x64", True)
    from optax.losses import ranking_softmax_loss

    grades, _, scores, there = lists()
    found = {}
    for name, where in (("ListNet", None), ("ListNet of what is there", there)):
        mean, slope = jax.value_and_grad(ranking_softmax_loss)(scores, grades, where=where)
        found[name] = {"mean": float(mean), "gradients": [np.asarray(slope).tolist()]}
    return found


def _torch():
    import torch
    from torch.nn import functional

    def both(loss, *given):
        given = [torch.tensor(x, requires_grad=True) for x in given]
        mean = loss(*given).mean()
        mean.backward()
        return {"mean": mean.item(), "gradients": [x.grad.tolist() for x in given]}

    (chosen, rejected, *reference), labels = answers()
    _, order, scores, _ = lists()
    at = torch.tensor(order).argsort(1, descending=True)
    v, k = (torch.tensor(r) for r in reference)
    y = torch.tensor(labels)

    def in_order(s):
        z = s.gather(1, at)
        return (torch.logcumsumexp(z.flip(1), 1).flip(1) - z).sum(1)

    def kto(policy):
        gain = policy - v
        liked, not_liked = (
            1 - torch.sigmoid(0.2 * (gain - 0.7)),
            1 - torch.sigmoid(0.2 * (0.7 - gain)),
        )
        return torch.where(y > 0, 1.3 * liked, 0.8 * not_liked)

    return {
        "PlackettLuce": both(in_order, scores),
        "BradleyTerry": both(lambda a, b: -functional.logsigmoid(a - b), chosen, rejected),
        "DPO": both(
            lambda a, b: -functional.logsigmoid(0.2 * ((a - b) - (v - k))), chosen, rejected
        ),
        "IPO": both(lambda a, b: ((a - b) - (v - k) - 1 / 0.4) ** 2, chosen, rejected),
        "KTO": both(kto, chosen),
    }


if __name__ == "__main__":
    RECORD.write_text(json.dumps(_optax() | _torch(), indent=1) + "\n", "utf-8")
