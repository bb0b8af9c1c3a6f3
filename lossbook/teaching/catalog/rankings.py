"""How losses of lists and of preferences are drawn: over a score, a lead or a margin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lossbook import losses

from ._slices import LOGITS, MARGINS, Slice, steps

__all__ = ["RANKINGS"]


def _list(cls: type, **more: Any) -> Slice:
    return Slice(
        MARGINS,
        "score of the relevant item",
        lambda v: cls(),
        lambda v: np.array([1.0, 0.0, 0.0]),
        row=lambda x, v: np.column_stack([x, np.full_like(x, v), np.zeros_like(x)]),
        slope=lambda g: g[:, 0],
        control="rival",
        values=steps(-1.0, 2.0, 0.25),
        start=1.5,
        **more,
    )


def _policy(cls: type, values: tuple, start: float, **more: Any) -> Slice:
    return Slice(
        LOGITS,
        "margin $m$ of the answer chosen",
        lambda v: cls(beta=v),
        inputs=lambda x, v: (x, np.zeros_like(x), np.zeros_like(x), np.zeros_like(x)),
        along=lambda g, x: g[0],
        control="beta",
        values=values,
        start=start,
        **more,
    )


#: by class, as the slices of the other losses
RANKINGS: Mapping[type, Slice] = {
    losses.ListNet: Slice(
        MARGINS,
        "score of the first of two items",
        lambda v: losses.ListNet(),
        lambda v: np.array([v, 1.0]),
        row=lambda x, v: np.column_stack([x, np.zeros_like(x)]),
        slope=lambda g: g[:, 0],
        control="relevance",
        values=steps(0.5, 5.0, 0.5),
        start=3.0,
        top=12.0,
        pull=(-5.2, 1.4),
    ),
    losses.PlackettLuce: Slice(
        MARGINS,
        "score of the second of three",
        lambda v: losses.PlackettLuce(),
        lambda v: np.array([3.0, 2.0, 1.0]),
        row=lambda x, v: np.column_stack([np.full_like(x, v), x, np.zeros_like(x)]),
        slope=lambda g: g[:, 1],
        control="winner",
        values=steps(-1.0, 3.0, 0.5),
        start=1.0,
        top=5.0,
        pull=(-1.2, 1.2),
    ),
    losses.PairwiseLogistic: _list(losses.PairwiseLogistic, top=8.0, pull=(-2.4, 0.4)),
    losses.LambdaRank: _list(
        losses.LambdaRank, top=2.8, pull=(-1.0, 0.2), breaks=lambda v: (0.0, v)
    ),
    losses.BradleyTerry: Slice(
        MARGINS,
        "lead of the score that won",
        lambda v: losses.BradleyTerry(),
        inputs=lambda x, v: (x, np.zeros_like(x)),
        along=lambda g, x: g[0],
        top=3.4,
        pull=(-1.2, 0.2),
    ),
    losses.DPO: _policy(losses.DPO, steps(0.2, 2.0, 0.2), 1.0, top=6.2, pull=(-2.2, 0.2)),
    losses.IPO: _policy(losses.IPO, steps(0.1, 1.0, 0.1), 0.2, top=40.0, pull=(-24, 14)),
    losses.KTO: Slice(
        LOGITS,
        "log-ratio of an answer that is liked",
        lambda v: losses.KTO(beta=1.0),
        inputs=lambda x, v: (np.ones_like(x), x, np.zeros_like(x), v),
        along=lambda g, x: g,
        control="kl",
        values=steps(0.0, 4.0, 0.5),
        start=1.0,
        top=1.1,
        pull=(-0.3, 0.1),
    ),
}
