"""How losses of sequences are drawn, and those of models that learn from log-probabilities and teachers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lossbook import losses

from ._slices import LOGITS, Slice, steps

__all__ = ["SEQUENCES"]

#: by class, as the slices of the other losses
SEQUENCES: Mapping[type, Slice] = {
    losses.NLL: Slice(
        np.linspace(-6, -0.05, 120),
        "log-probability of the true class",
        lambda v: losses.NLL(),
        0,
        row=lambda x, v: np.column_stack([x, np.log1p(-np.exp(x))]),
        slope=lambda g: g[:, 0],
        top=6.4,
        pull=(-1.6, 0.4),
    ),
    losses.Distillation: Slice(
        LOGITS,
        "logit of the student, the teacher's is 2",
        lambda v: losses.Distillation(temperature=v, alpha=1.0),
        inputs=lambda x, v: (
            np.zeros(len(x), dtype=int),
            np.column_stack([x, np.zeros_like(x)]),
            np.tile([2.0, 0.0], (len(x), 1)),
        ),
        along=lambda g, x: g[:, 0],
        control="temperature",
        values=steps(0.5, 8.0, 0.5),
        start=2.0,
        top=8.5,
        pull=(-2.2, 1.2),
    ),
    losses.CTC: Slice(
        LOGITS,
        "logit of the label at each step, the blank's is 0",
        lambda v: losses.CTC(),
        inputs=lambda x, v: (
            np.ones((len(x), 2), dtype=int),
            np.stack([np.zeros((len(x), int(v))), np.tile(x[:, None], int(v))], axis=2),
            None,
            None,
        ),
        along=lambda g, x: g[:, :, 1].sum(axis=1),
        control="steps",
        values=tuple(range(3, 13)),
        start=5,
        top=9.0,
        pull=(-2.6, 1.6),
    ),
    losses.ZLoss: Slice(
        LOGITS,
        "number added to K logits of 0",
        lambda v: losses.ZLoss(coefficient=1.0),
        0,
        row=lambda x, v: np.tile(x[:, None], int(v)),
        slope=lambda g: g.sum(axis=1),
        control="classes",
        values=tuple(range(2, 11)),
        start=3,
        top=36.0,
        pull=(-12, 18),
    ),
}
