"""Speed of the losses of pairs, triplets and embeddings at a batch of 256, beside torch and jax."""

import numpy as np

from benchmarks import timing
from benchmarks.peers import jax, optax, torch
from lossbook import losses

BATCH, WIDTH = 256, 64
PEERS = ("torch eager", "jax jit")
WHY = (
    "The peers are their own losses where they have one (torch's of pairs and triplets, with the epsilon at 0 "
    "where it can be, and optax's NT-Xent), else what one writes with their parts: normalized rows, a matrix of "
    "cosines, `cross_entropy`, `logsumexp`, `softplus`; all in float64. Here a vector of length 0 and a batch "
    "without positives are looked for first, and small losses keep their digits. Where jax is faster it fuses "
    "the passes over the matrix of cosines, each of which is a pass of NumPy here. `CosineEmbedding` and "
    "`ArcFace` take apart what is parallel and what is not, with exact products for pairs of vectors that are "
    "almost parallel: the peers lose these digits."
)


def run():
    """A Markdown section."""
    rows = []
    for loss, inputs, peers in cases(np.random.default_rng(10), WIDTH):
        runs = {
            name: make(peer, inputs, loss)
            for (name, make), peer in zip(MAKERS.items(), peers, strict=True)
            if peer is not None and make(None, None, None)
        }
        agree(loss, inputs, runs)
        runs["lossbook"] = lambda loss=loss, inputs=inputs: loss.value_and_gradient(*inputs)
        times = timing.medians(runs, rounds=60)
        own = times["lossbook"]
        ratios = [f"{times[n] / own:.2f}" if n in times else "–" for n in PEERS]
        rows.append([_name(loss), f"{own * 1e6:,.0f} µs", *ratios])
    return "\n\n".join(
        [
            "## Pairs, triplets and embeddings",
            f"`value_and_gradient` of a batch of {BATCH} rows, vectors of {WIDTH} entries, checks included, and "
            "how many times longer the others take (above 1: this package is faster; medians of interleaved runs).",
            timing.table(["loss", "lossbook", *PEERS], rows),
            WHY,
        ]
    )


def _name(loss):
    return type(loss).__name__ + (", swap" if getattr(loss, "swap", False) else "")


def torch_eager(peer, inputs, loss):
    if peer is None:
        return torch is not None
    learned = [name in loss.predicted for name in loss.inputs]
    given = [torch.as_tensor(a) for a in inputs]
    given = [a.requires_grad_() if its else a for a, its in zip(given, learned, strict=True)]
    predicted = [a for a, its in zip(given, learned, strict=True) if its]

    def both():
        for p in predicted:
            p.grad = None
        value = peer(*given)
        value.backward()
        return value.item(), [p.grad for p in predicted]

    return both


def jax_jit(peer, inputs, loss):
    if peer is None:
        return jax is not None and optax is not None
    places = tuple(k for k, name in enumerate(loss.inputs) if name in loss.predicted)
    function = jax.jit(jax.value_and_grad(peer, argnums=places))
    given = [jax.numpy.asarray(a) for a in inputs]

    def both():
        value, gradients = function(*given)
        for gradient in gradients:
            gradient.block_until_ready()
        return float(value), gradients

    return both


MAKERS = {"torch eager": torch_eager, "jax jit": jax_jit}


def agree(loss, inputs, runs):
    """Every rival computes the same numbers, or the comparison means nothing."""
    value, gradients = loss.value_and_gradient(*inputs)
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    for name, function in runs.items():
        other, slopes = function()
        np.testing.assert_allclose(other, value, rtol=1e-9, err_msg=name)
        for slope, gradient in zip(slopes, gradients, strict=True):
            np.testing.assert_allclose(np.asarray(slope), gradient, rtol=1e-5, atol=1e-9)


def cases(rng, width):
    """(loss, arguments, (in torch, in jax)) of all that is compared."""
    a, b, c = rng.normal(size=(3, BATCH, width))
    signs = rng.choice([-1.0, 1.0], BATCH)
    pairs, classes = np.repeat(np.arange(BATCH // 2), 2), rng.integers(0, 10, BATCH)
    views = a, a + 0.5 * b
    centers = rng.normal(size=(10, width))
    scale, bias = np.array(10.0), np.array(-5.0)
    found = [
        (losses.CosineEmbedding(margin=0.1), (signs, a, b)),
        (losses.MarginRanking(margin=1.0), (signs, a[:, 0].copy(), b[:, 0].copy())),
        (losses.Triplet(), (a, b, c)),
        (losses.Triplet(swap=True), (a, b, c)),
        (losses.NTXent(), (pairs, a)),
        (losses.SupervisedContrastive(), (classes, a)),
        (losses.Circle(gamma=8.0), (classes, a)),
        (losses.InfoNCE(), views),
        (losses.CLIP(), (*views, scale)),
        (losses.SigLIP(), (*views, scale, bias)),
        (losses.ArcFace(scale=16.0), (classes, a, centers)),
    ]
    return [(loss, inputs, _elsewhere(loss)) for loss, inputs in found]


def _elsewhere(loss):
    """The loss in torch and in jax, of the same arguments."""
    kind = type(loss).__name__
    if kind == "Triplet":
        return _triplet_torch(loss.swap), None if loss.swap else _triplet_jax
    found = []
    for library in (Torch if torch else None, Jax if jax else None):
        found.append(getattr(library, kind, None))
    return tuple(found)


def _triplet_torch(swap):
    return lambda *rows: torch.nn.functional.triplet_margin_loss(*rows, eps=0.0, swap=swap)


def _triplet_jax(anchor, positive, negative):
    return optax.losses.triplet_margin_loss(anchor, positive, negative, eps=0.0).mean()


class Torch:
    """Losses in torch, by name."""

    @staticmethod
    def unit(x):
        return torch.nn.functional.normalize(x)

    @staticmethod
    def CosineEmbedding(y, a, b):
        return torch.nn.functional.cosine_embedding_loss(a, b, y, margin=0.1)

    @staticmethod
    def MarginRanking(y, a, b):
        return torch.nn.functional.margin_ranking_loss(a, b, y, margin=1.0)

    @staticmethod
    def _masks(labels):
        same = labels[:, None] == labels
        return same.logical_and(~torch.eye(len(labels), dtype=torch.bool)), ~same

    @staticmethod
    def NTXent(labels, x):
        z = Torch.unit(x) @ Torch.unit(x).T / 0.07
        z = z.masked_fill(torch.eye(len(z), dtype=torch.bool), -torch.inf)
        return torch.nn.functional.cross_entropy(z, torch.arange(len(z)) ^ 1)  # its other view

    @staticmethod
    def SupervisedContrastive(labels, x):
        near, _ = Torch._masks(labels)
        z = Torch.unit(x) @ Torch.unit(x).T / 0.1
        own = torch.eye(len(z), dtype=torch.bool)
        total = torch.logsumexp(z.masked_fill(own, -torch.inf), 1, keepdim=True)
        return (((total - z) * near).sum(1) / near.sum(1)).mean()

    @staticmethod
    def Circle(labels, x):
        near, far = Torch._masks(labels)
        d = 1 - Torch.unit(x) @ Torch.unit(x).T
        p = (8.0 * (d**2 - 0.16)).masked_fill(~near, -torch.inf)
        n = (8.0 * (1.4 - d).clamp_min(0) * (0.6 - d)).masked_fill(~far, -torch.inf)
        return torch.nn.functional.softplus(torch.logsumexp(p, 1) + torch.logsumexp(n, 1)).mean()

    @staticmethod
    def InfoNCE(a, b):
        z = Torch.unit(a) @ Torch.unit(b).T / 0.07
        return torch.nn.functional.cross_entropy(z, torch.arange(len(z)))

    @staticmethod
    def CLIP(a, b, scale):
        z, index = scale * Torch.unit(a) @ Torch.unit(b).T, torch.arange(len(a))
        entropy = torch.nn.functional.cross_entropy
        return (entropy(z, index) + entropy(z.T, index)) / 2

    @staticmethod
    def SigLIP(a, b, scale, bias):
        z = scale * Torch.unit(a) @ Torch.unit(b).T + bias
        signs = 2 * torch.eye(len(z), dtype=z.dtype) - 1
        return -torch.nn.functional.logsigmoid(signs * z).sum() / len(z)

    @staticmethod
    def ArcFace(labels, x, centers):
        c = Torch.unit(x) @ Torch.unit(centers).T
        true = torch.nn.functional.one_hot(labels, len(centers)).bool()
        z = 16.0 * torch.where(true, torch.cos(torch.arccos(c) + 0.5), c)
        return torch.nn.functional.cross_entropy(z, labels)


class Jax:
    """Losses in jax with optax, by name."""

    @staticmethod
    def unit(x):
        return x / jax.numpy.linalg.norm(x, axis=1, keepdims=True)

    @staticmethod
    def CosineEmbedding(y, a, b):
        c = (Jax.unit(a) * Jax.unit(b)).sum(1)
        return jax.numpy.where(y > 0, 1 - c, jax.numpy.maximum(c - 0.1, 0)).mean()

    @staticmethod
    def MarginRanking(y, a, b):
        return jax.numpy.maximum(1.0 - y * (a - b), 0).mean()

    @staticmethod
    def NTXent(labels, x):
        return optax.losses.ntxent(x, labels, 0.07)

    @staticmethod
    def _masks(labels):
        same = labels[:, None] == labels
        return same & ~jax.numpy.eye(len(labels), dtype=bool), ~same

    @staticmethod
    def SupervisedContrastive(labels, x):
        near, _ = Jax._masks(labels)
        z = Jax.unit(x) @ Jax.unit(x).T / 0.1
        own = jax.numpy.eye(len(z), dtype=bool)
        total = jax.nn.logsumexp(z, 1, where=~own, keepdims=True)
        return (((total - z) * near).sum(1) / near.sum(1)).mean()

    @staticmethod
    def Circle(labels, x):
        near, far = Jax._masks(labels)
        d = 1 - Jax.unit(x) @ Jax.unit(x).T
        p = jax.nn.logsumexp(8.0 * (d**2 - 0.16), 1, where=near)
        n = jax.nn.logsumexp(8.0 * jax.numpy.maximum(1.4 - d, 0) * (0.6 - d), 1, where=far)
        return jax.nn.softplus(p + n).mean()

    @staticmethod
    def _entropy(z):
        index = jax.numpy.arange(len(z))
        return optax.losses.softmax_cross_entropy_with_integer_labels(z, index).mean()

    @staticmethod
    def InfoNCE(a, b):
        return Jax._entropy(Jax.unit(a) @ Jax.unit(b).T / 0.07)

    @staticmethod
    def CLIP(a, b, scale):
        z = scale * Jax.unit(a) @ Jax.unit(b).T
        return (Jax._entropy(z) + Jax._entropy(z.T)) / 2

    @staticmethod
    def SigLIP(a, b, scale, bias):
        z = scale * Jax.unit(a) @ Jax.unit(b).T + bias
        return -jax.nn.log_sigmoid((2 * jax.numpy.eye(len(z)) - 1) * z).sum() / len(z)

    @staticmethod
    def ArcFace(labels, x, centers):
        c = Jax.unit(x) @ Jax.unit(centers).T
        true = jax.nn.one_hot(labels, len(centers)) > 0
        z = 16.0 * jax.numpy.where(true, jax.numpy.cos(jax.numpy.arccos(c) + 0.5), c)
        return optax.losses.softmax_cross_entropy_with_integer_labels(z, labels).mean()
