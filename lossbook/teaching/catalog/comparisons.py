"""How losses of pairs, triplets and batches of embeddings are drawn: over a distance or an angle."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lossbook import losses

from ._slices import ANGLES, DISTANCES, MARGINS, Slice, several, steps

__all__ = ["COMPARISONS"]


def _plane(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.stack([a, b], axis=-1)


def _views(x: float, n: int) -> np.ndarray:
    """Two views each of n things: at the angle x to each other, at right angles to all others."""
    axes = np.eye(2 * n)
    return np.stack([axes[:n], np.cos(x) * axes[:n] + np.sin(x) * axes[n:]], axis=1)


def _turned(x: float, n: int) -> np.ndarray:
    """How the second views move with the angle."""
    axes = np.eye(2 * n)
    return np.cos(x) * axes[n:] - np.sin(x) * axes[:n]


_WIDTHS = steps(0.25, 3.0, 0.25)
_TEMPERATURES = (0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)

#: by class, as the slices of the other losses
COMPARISONS: Mapping[type, Slice] = {
    losses.HingeEmbedding: Slice(
        DISTANCES,
        "distance of a pair that differs",
        lambda v: losses.HingeEmbedding(margin=v),
        lambda v: -1.0,
        control="margin",
        values=_WIDTHS,
        start=1.0,
        top=3.2,
        pull=(-1.3, 0.4),
    ),
    losses.Contrastive: several(
        DISTANCES,
        "distance of a pair that differs",
        lambda v: losses.Contrastive(margin=v),
        lambda x, v: (np.full_like(x, -1.0), _plane(x, 0.0 * x), _plane(0.0 * x, 0.0 * x)),
        lambda g, x: g[0][:, 0],
        "margin",
        _WIDTHS,
        1.0,
        top=4.6,
        pull=(-3.2, 0.4),
    ),
    losses.CosineEmbedding: several(
        ANGLES,
        "angle of a pair that differs",
        lambda v: losses.CosineEmbedding(margin=v),
        lambda x, v: (
            np.full_like(x, -1.0),
            _plane(np.cos(x), np.sin(x)),
            _plane(x * 0 + 1, x * 0),
        ),
        lambda g, x: g[0][:, 1] * np.cos(x) - g[0][:, 0] * np.sin(x),
        "margin",
        steps(-0.8, 0.8, 0.2),
        0.0,
        top=2.0,
        pull=(-1.2, 0.4),
    ),
    losses.MarginRanking: several(
        MARGINS,
        "lead of the score that should be higher",
        lambda v: losses.MarginRanking(margin=v),
        lambda x, v: (np.ones_like(x), x, np.zeros_like(x)),
        lambda g, x: g[0],
        "margin",
        steps(0.0, 2.0, 0.25),
        1.0,
        top=5.0,
        pull=(-1.3, 0.4),
    ),
    losses.Triplet: several(
        DISTANCES,
        "distance of the negative",
        lambda v: losses.Triplet(),
        lambda x, v: (_plane(x * 0, x * 0), _plane(x * 0 + v, x * 0), _plane(x * 0, x)),
        lambda g, x: g[2][:, 1],
        "positive",
        steps(0.25, 2.0, 0.25),
        1.0,
        top=3.2,
        pull=(-1.3, 0.4),
    ),
    losses.NTXent: several(
        ANGLES,
        "angle of each pair",
        lambda v: losses.NTXent(temperature=v),
        lambda x, v: (np.repeat(np.arange(4), 2), _views(x, 4).reshape(8, 8)),
        lambda g, x: float(np.sum(g.reshape(4, 2, 8)[:, 1] * _turned(x, 4))),
        "temperature",
        _TEMPERATURES,
        0.5,
        top=6.0,
        pull=(-0.4, 4.4),
    ),
    losses.InfoNCE: several(
        ANGLES,
        "angle of each query to its key",
        lambda v: losses.InfoNCE(temperature=v),
        lambda x, v: (_views(x, 4)[:, 1], _views(x, 4)[:, 0]),
        lambda g, x: float(np.sum(g[0] * _turned(x, 4))),
        "temperature",
        _TEMPERATURES,
        0.5,
        top=6.0,
        pull=(-0.4, 4.4),
    ),
    losses.CLIP: several(
        ANGLES,
        "angle of each image to its text",
        lambda v: losses.CLIP(scale=2.0),
        lambda x, v: (_views(x, int(v))[:, 1], _views(x, int(v))[:, 0]),
        lambda g, x: float(np.sum(g[0] * _turned(x, len(g[0])))),
        "batch",
        tuple(range(2, 13)),
        4,
        top=5.0,
        pull=(-0.4, 2.4),
    ),
    losses.SigLIP: several(
        ANGLES,
        "angle of each image to its text",
        lambda v: losses.SigLIP(scale=2.0, bias=v),
        lambda x, v: (_views(x, 2)[:, 1], _views(x, 2)[:, 0]),
        lambda g, x: float(np.sum(g[0] * _turned(x, 2))),
        "bias",
        steps(-2.0, 2.0, 0.5),
        -1.0,
        top=5.0,
        pull=(-0.4, 2.4),
    ),
    losses.SupervisedContrastive: several(
        ANGLES,
        "angle between two classes",
        lambda v: losses.SupervisedContrastive(temperature=0.5),
        lambda x, v: (
            np.repeat([0, 1], int(v) + 1),
            np.repeat([[1.0, 0.0], [np.cos(x), np.sin(x)]], int(v) + 1, axis=0),
        ),
        lambda g, x: float(np.sum(g[len(g) // 2 :] @ [-np.sin(x), np.cos(x)])),
        "positives",
        tuple(range(1, 10)),
        3,
        top=3.4,
        pull=(-1.2, 0.4),
    ),
    losses.Circle: several(
        ANGLES,
        "angle of each pair",
        lambda v: losses.Circle(gamma=4.0, margin=v),
        lambda x, v: (np.repeat(np.arange(4), 2), _views(x, 4).reshape(8, 8)),
        lambda g, x: float(np.sum(g.reshape(4, 2, 8)[:, 1] * _turned(x, 4))),
        "margin",
        steps(0.0, 0.8, 0.1),
        0.4,
        top=9.0,
        pull=(-0.4, 12.0),
    ),
    losses.ArcFace: several(
        ANGLES,
        "angle to the center of its class",
        lambda v: losses.ArcFace(scale=4.0, margin=v),
        lambda x, v: (np.zeros(1, int), [[np.cos(x), 0.0, 0.0, np.sin(x)]], np.eye(4)[:3]),
        lambda g, x: float(g[0][0, 3] * np.cos(x) - g[0][0, 0] * np.sin(x)),
        "margin",
        steps(0.0, 1.0, 0.1),
        0.5,
        top=5.5,
        pull=(-3.2, 4.6),
    ),
}
