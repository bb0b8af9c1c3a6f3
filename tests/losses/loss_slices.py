"""A loss as functions of one number, so that one set of checks serves every family.

A slice holds the true value and varies the prediction; where predictions are rows of scores, it
moves along a direction.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lossbook import losses
from lossbook.losses.binary import BinaryLoss
from lossbook.losses.margin import MarginLoss
from lossbook.losses.multiclass import MulticlassLoss
from lossbook.losses.preference import PreferenceLoss
from lossbook.losses.ranking import RankingLoss
from lossbook.losses.regression import RegressionLoss

SCORES = [  # where lines in the space of three scores begin, and where they go
    ((0.0, 0.0, -1e3), (1.0, -1.0, 0.0)),
    ((0.3, -0.2, 0.1), (1.0, 2.0, -1.5)),
    ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
]


@dataclass(frozen=True)
class Slice:
    """`value`, `slope` and `bend` map an array of positions t to losses and derivatives."""

    value: Callable
    slope: Callable
    bend: Callable | None
    center: float = 0.0  # t where the prediction is right, or the score 0
    kinks: tuple[float, ...] = ()  # positions of the kinks
    ends: tuple[float, float] = (-np.inf, np.inf)

    def grid(self):
        """Positions near and far."""
        low, high = self.ends
        if np.isinf(low) and np.isinf(high):
            far = np.logspace(-6, 6, 200)
            near = np.linspace(-30, 30, 1201)
            points = np.concatenate([-far, near, far]) + self.center
        else:
            wide = min(high - low, 1.0)
            far = wide * np.logspace(-6, 0, 120)[:-1]
            points = np.concatenate([low + far, np.linspace(low, min(high, low + 8), 1001)])
            if np.isinf(high):
                points = np.concatenate([points, low + np.logspace(0, 6, 60)])
            else:
                points = np.concatenate([points, high - far])
        points = np.unique(points)
        return points[(points > low) & (points < high)]

    def extremes(self):
        """Pairs of positions, far and very far towards each end that the loss is defined for."""
        pairs = []
        for end, sign in ((self.ends[0], -1.0), (self.ends[1], 1.0)):
            if np.isinf(end):
                pairs.append((sign * 1e30, sign * 1e150))
            else:
                pairs.append((end - sign * 1e-9, end - sign * 1e-15 if end else 1e-200))
        return pairs


def slices(loss, kinks=None):
    """The slices of a loss."""
    kinks = loss.facts.kinks if kinks is None else kinks
    if isinstance(loss, losses.MeanSquaredLogarithmicError):
        return [_along(loss, y, kinks, y, ends=(-1.0, np.inf)) for y in (0.0, 1.25)]
    if isinstance(loss, losses.MeanAbsolutePercentageError):
        return [_along(loss, y, [y + k for k in kinks], y) for y in (1.25, -0.5, 1e-6)]
    if isinstance(loss, BinaryLoss):
        labels = (1.0, 0.0) if isinstance(loss, losses.Focal) else (1.0, 0.0, 0.3)
        ends = (-np.inf, np.inf) if loss.from_logits else (0.0, 1.0)
        return [_along(loss, y, kinks, ends=ends) for y in labels]
    if isinstance(loss, MulticlassLoss):
        return _rows(loss, kinks)
    if isinstance(loss, PreferenceLoss):
        return _comparisons(loss, kinks)
    if isinstance(loss, RankingLoss):
        return [
            _line(loss, y, start, direction, (-np.inf, np.inf), kinks)
            for y in ((2.0, 1.0, 0.0), (0.0, 3.0, 0.0))
            for start, direction in SCORES
        ]
    if isinstance(loss, losses.PoissonNLL):
        ends = (-np.inf if loss.log_input else 0.0, np.inf)
        return [_along(loss, y, kinks, ends=ends) for y in (0.0, 3.0)]
    if isinstance(loss, losses.GaussianNLL):
        lines = [
            ((0.3, 0.0), (0.0, 1.0), (0.0, np.inf)),
            ((0.0, 0.5), (1.0, 0.0), (-np.inf, np.inf)),
        ]
        return [_line(loss, 1.0, *line, kinks) for line in lines]
    if isinstance(loss, losses.HingeEmbedding):
        return [_along(loss, 1.0), _along(loss, -1.0, kinks)]
    if isinstance(loss, MarginLoss):
        return [_along(loss, y, kinks=[y * k for k in kinks]) for y in (1.0, -1.0)]
    if isinstance(loss, RegressionLoss):
        return [_along(loss, y, kinks=[y + k for k in kinks], center=y) for y in (0.0, 1.25)]
    raise NotImplementedError(type(loss).__name__)


def _along(loss, y, kinks=(), center=0.0, ends=(-np.inf, np.inf)):
    def method(name):
        return lambda t: np.asarray(getattr(loss, name)(np.full(np.shape(t), y), np.asarray(t)))

    return Slice(
        method("pointwise"), method("gradient"), method("hessian"), center, tuple(kinks), ends
    )


def _rows(loss, kinks):
    """Along directions of length 1 in the space of predictions, for three classes."""
    targets = [1] if loss._takes_indices else []
    if loss._takes_distributions:
        targets += [np.array([0.2, 0.5, 0.3]), np.array([0.0, 1.0, 0.0])]
    if loss._predicts_distributions:
        # from the middle of an edge of the simplex to the opposite corner
        lines = [((0.5, 0.0, 0.5), (-0.5, 1.0, -0.5), (0.0, 1.0))]
        lines.append(((0.5, 0.5, 0.0), (-0.5, 0.0, 0.5), (0.0, 1.0)))  # along an edge
    else:
        lines = [(start, direction, (-np.inf, np.inf)) for start, direction in SCORES]
    if loss._predicts_log_distributions:
        lines.append(((0.0, 0.0, 0.0), (0.0, 1.0, 0.0), (-np.inf, np.inf)))
    if isinstance(loss, losses.ZLoss):
        lines.append(((1e10, 1e10, 0.0), (1.0, -1.0, 0.0), (1.0, np.inf)))
        lines.append(((-50.0, -50.0, -50.0), (1.0, -1.0, 0.0), (-np.inf, np.inf)))
    return [_line(loss, y, *line, kinks) for y in targets for line in lines]


def _line(loss, y, start, direction, ends, kinks):
    start, direction = np.array(start), np.array(direction)
    unit = direction / np.linalg.norm(direction)
    length = float(np.linalg.norm(direction))

    def arguments(t):
        t = np.atleast_1d(t)
        rows = start + t[:, None] * unit
        return np.repeat(np.array(y)[None], t.size, axis=0), rows

    value, gradient = loss.pointwise, loss.gradient
    if getattr(loss, "_predicts_log_distributions", False):
        value, gradient = loss._pointwise, loss._gradient  # what a line leads to is no such row
    return Slice(
        lambda t: value(*arguments(t)),
        lambda t: gradient(*arguments(t)) @ unit,
        None,
        kinks=tuple(kinks),
        ends=tuple(end * length for end in ends),
    )


def _comparisons(loss, kinks):
    """Along directions of length 1 in the plane of the two predictions, or along the one."""
    if isinstance(loss, losses.KTO):
        lines = [((y,), (-1.5, 0.5), np.ones(1)) for y in (0.0, 1.0)]
    else:
        rest = (0.0,) * (len(loss.inputs) - 2)
        lines = [((), rest, np.array(along)) for along in ((0.8, -0.6), (1.0, 1.0), (1.0, -1.0))]

    def slope_along(given, unit):
        slopes = loss.gradient(*given)
        return sum(a * b for a, b in zip(np.atleast_2d(slopes), unit, strict=True))

    found = []
    for before, after, along in lines:
        unit = along / np.linalg.norm(along)

        def arguments(t, before=before, after=after, unit=unit):
            t = np.atleast_1d(np.asarray(t, float))
            shared = [0.5] if isinstance(loss, losses.KTO) else []
            fixed = after[: len(after) - len(shared)]
            wide = [np.full(t.size, v) for v in before], [np.full(t.size, v) for v in fixed]
            return *wide[0], *(t * u for u in unit), *wide[1], *shared

        found.append(
            Slice(
                lambda t, arguments=arguments: loss.pointwise(*arguments(t)),
                lambda t, arguments=arguments, unit=unit: slope_along(arguments(t), unit),
                None,
                kinks=tuple(kinks),
            )
        )
    return found
