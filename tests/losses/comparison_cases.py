"""What PyTorch, optax and Keras compute of pairs, triplets and embeddings.

`.venv-frameworks/bin/python -m tests.losses.comparison_cases` writes it to comparison_losses.json.
"""

import json
from pathlib import Path

import numpy as np

RECORD = Path(__file__).with_name("comparison_losses.json")


def arrays():
    """Labels of pairs, three batches of vectors, two of scores, distances, and labels of a batch."""
    rng = np.random.default_rng(2026)
    signs = rng.choice([-1.0, 1.0], 8)
    vectors, scores = rng.normal(size=(3, 8, 3)), rng.normal(size=(2, 8))
    return signs, vectors, scores, rng.exponential(size=8), np.array([0, 1, 1, 2, 0, 1, 3, 0])


def _torch():
    import torch
    from torch import nn

    signs, (a, b, c), scores, distances, _ = arrays()
    signs = torch.tensor(signs)

    def both(loss, *given):
        """The losses, and the gradients of their sum."""
        given = [torch.tensor(x, requires_grad=True) for x in given]
        each = loss(*given)
        each.sum().backward()
        return {"each": each.tolist(), "gradients": [x.grad.tolist() for x in given]}

    def labeled(kind, *given, **options):
        loss = kind(reduction="none", **options)
        return both(lambda *x: loss(*x, signs), *given)

    def triplet(**options):
        return both(nn.TripletMarginLoss(reduction="none", eps=0.0, **options), a, b, c)

    def views(which):
        def loss(x, y, scale, bias):
            n = len(x)
            z = scale * nn.functional.normalize(x) @ nn.functional.normalize(y).T
            if which == "SigLIP":
                signs = 2 * torch.eye(n, dtype=z.dtype) - 1
                return -nn.functional.logsigmoid(signs * (z + bias)).sum(axis=1)
            index, entropy = torch.arange(n), nn.functional.cross_entropy
            ways = [entropy(w, index, reduction="none") for w in (z, z.T)]
            return ways[0] + 0 * bias if which == "InfoNCE" else sum(ways) / 2 + 0 * bias

        return both(loss, a, b, np.array(5.0), np.array(-2.0))

    return {
        "HingeEmbedding(margin=1.0)": labeled(nn.HingeEmbeddingLoss, distances, margin=1.0),
        "CosineEmbedding(margin=0.25)": labeled(nn.CosineEmbeddingLoss, a, b, margin=0.25),
        "MarginRanking(margin=0.5)": labeled(nn.MarginRankingLoss, *scores, margin=0.5),
        "Triplet(margin=0.5, p=2.0, swap=False)": triplet(margin=0.5),
        "Triplet(margin=0.5, p=2.0, swap=True)": triplet(margin=0.5, swap=True),
        "Triplet(margin=2.0, p=1.0, swap=False)": triplet(margin=2.0, p=1.0),
        "Triplet(margin=2.0, p=3.0, swap=True)": triplet(margin=2.0, p=3.0, swap=True),
        "InfoNCE(temperature=0.2)": views("InfoNCE"),
        "CLIP(scale=5.0)": views("CLIP"),
        "SigLIP(scale=5.0, bias=-2.0)": views("SigLIP"),
    }


def _optax_and_keras():
    import os

    os.environ["KERAS_BACKEND"] = "jax"
    import jax

    jax.config.update("jax_enable_x64", True)
    import keras
    import optax

    keras.config.set_floatx("float64")
    _, (a, _, _), _, _, labels = arrays()
    unit = a / np.linalg.norm(a, axis=1)[:, None]
    found = {}
    for temperature in (0.07, 0.5):
        mean, slope = jax.value_and_grad(optax.losses.ntxent)(
            jax.numpy.array(a), jax.numpy.array(labels), temperature
        )
        found[f"NTXent(temperature={temperature})"] = {
            "mean": float(mean),
            "gradient": np.asarray(slope).tolist(),
        }
    for gamma, margin in ((80.0, 0.4), (3.0, 0.1)):
        loss = keras.losses.Circle(gamma=gamma, margin=margin)
        found[f"Circle(gamma={gamma}, margin={margin})"] = {"mean": float(loss(labels, unit))}
    return found


if __name__ == "__main__":
    RECORD.write_text(json.dumps(_torch() | _optax_and_keras(), indent=1) + "\n", "utf-8")
