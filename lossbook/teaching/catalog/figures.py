"""One live figure for every loss: value, gradient and second derivative, over its hyperparameter."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

import live_figures as live
from lossbook import losses
from lossbook.losses.entries import entry_of
from lossbook.losses.entries.entry import Entry
from lossbook.teaching import style

__all__ = ["entry", "live_figure", "overview", "slug"]

ERRORS = np.linspace(-6, 6, 121)
MARGINS = np.linspace(-3, 3, 121)
LOGITS = np.linspace(-6, 6, 121)
CHANCES = np.linspace(0.005, 0.995, 100)


@dataclass(frozen=True)
class Slice:
    """How a loss is drawn: a loss and arguments for each setting, along one line of predictions."""

    x: np.ndarray
    label: str
    make: Callable[..., Any]  #: the loss, from the control's value
    y_true: Any = 0.0  #: a number for all, or a function of the control's value
    row: Callable[..., np.ndarray] | None = None  #: predictions of one sample, from x and the value
    slope: Callable[[np.ndarray], np.ndarray] = lambda g: g  #: the derivative along the line
    control: str = ""  #: the argument that the slider sets; nothing: a marker moves along the curve
    values: tuple[float, ...] = ()
    start: float = 0.0
    top: float = 6.0
    pull: tuple[float, float] = (-2.6, 2.6)


def steps(low: float, high: float, step: float) -> tuple[float, ...]:
    return tuple(round(v, 10) for v in np.arange(low, high + step / 2, step).tolist())


def _errors(cls: type, control: str = "", values: tuple = (), start: float = 0.0, **more) -> Slice:
    make = (lambda v: cls(**{control: v})) if control else (lambda v: cls())
    return Slice(ERRORS, "residual $r$", make, control=control, values=values, start=start, **more)


def _margin(cls: type) -> Slice:
    return Slice(MARGINS, "margin $m$", lambda v: cls(), 1.0, top=4.2, pull=(-4.4, 0.4))


def _scores(cls: type) -> Slice:
    return Slice(
        MARGINS,
        "score of the true class",
        lambda v: cls(),
        0,
        row=lambda x, v: np.column_stack([x, np.full_like(x, v), np.zeros_like(x)]),
        slope=lambda g: g[:, 0],
        control="rival",
        values=steps(-1.0, 2.0, 0.25),
        start=0.5,
        top=8.0,
        pull=(-2.4, 0.4),
    )


_WIDTHS = steps(0.25, 3.0, 0.25)
_SHARES = steps(0.1, 0.9, 0.1)

SLICES: Mapping[type, Slice] = {
    losses.MeanSquaredError: _errors(losses.MeanSquaredError, top=12, pull=(-8, 8)),
    losses.MeanAbsoluteError: _errors(losses.MeanAbsoluteError),
    losses.Huber: _errors(losses.Huber, "delta", _WIDTHS, 1.0),
    losses.LogCosh: _errors(losses.LogCosh),
    losses.Pinball: _errors(losses.Pinball, "quantile", _SHARES, 0.8),
    losses.Expectile: _errors(losses.Expectile, "expectile", _SHARES, 0.8, top=12, pull=(-8, 8)),
    losses.EpsilonInsensitive: _errors(
        losses.EpsilonInsensitive, "epsilon", steps(0, 2, 0.25), 1.0
    ),
    losses.SquaredEpsilonInsensitive: _errors(
        losses.SquaredEpsilonInsensitive, "epsilon", steps(0, 2, 0.25), 1.0, top=12, pull=(-8, 8)
    ),
    losses.MeanSquaredLogarithmicError: Slice(
        np.linspace(0, 8, 121),
        "prediction, where the truth is 3",
        lambda v: losses.MeanSquaredLogarithmicError(),
        3.0,
        start=3.0,
        top=2.2,
    ),
    losses.MeanAbsolutePercentageError: Slice(
        np.linspace(0, 8, 121),
        "prediction, where the truth is 3",
        lambda v: losses.MeanAbsolutePercentageError(),
        3.0,
        start=3.0,
        top=1.8,
        pull=(-0.5, 0.5),
    ),
    losses.PseudoHuber: _errors(losses.PseudoHuber, "scale", _WIDTHS, 1.0),
    losses.Cauchy: _errors(losses.Cauchy, "scale", _WIDTHS, 1.0),
    losses.Tukey: _errors(losses.Tukey, "scale", steps(2, 8, 0.5), 4.5, pull=(-2.6, 2.6)),
    losses.Barron: _errors(losses.Barron, "alpha", steps(-4, 2, 0.5), 1.0),
    losses.BinaryCrossEntropy: Slice(
        LOGITS,
        "logit, where the truth is 1",
        lambda v: losses.BinaryCrossEntropy(from_logits=True, label_smoothing=v),
        1.0,
        control="label_smoothing",
        values=steps(0, 0.5, 0.05),
        pull=(-1.2, 1.2),
    ),
    losses.CrossEntropy: Slice(
        LOGITS,
        "logit of the true class, others 0",
        lambda v: losses.CrossEntropy(from_logits=True),
        0,
        row=lambda x, v: np.column_stack([x, np.zeros((len(x), int(v) - 1))]),
        slope=lambda g: g[:, 0],
        control="classes",
        values=tuple(range(2, 11)),
        start=3,
        top=8.5,
        pull=(-1.2, 0.2),
    ),
    losses.KLDivergence: Slice(
        CHANCES,
        "forecast of the first of two classes",
        lambda v: losses.KLDivergence(),
        lambda v: np.array([v, 1 - v]),
        row=lambda x, v: np.column_stack([x, 1 - x]),
        slope=lambda g: g[:, 0] - g[:, 1],
        control="truth",
        values=_SHARES,
        start=0.7,
        top=3.0,
        pull=(-8, 8),
    ),
    losses.Focal: Slice(
        LOGITS,
        "logit, where the truth is 1",
        lambda v: losses.Focal(gamma=v, from_logits=True),
        1.0,
        control="gamma",
        values=steps(0, 5, 0.5),
        start=2.0,
        pull=(-1.4, 0.4),
    ),
    losses.Brier: Slice(
        CHANCES,
        "forecast, where the truth is 1",
        lambda v: losses.Brier(),
        1.0,
        start=0.5,
        top=1.1,
        pull=(-2.2, 2.2),
    ),
    losses.MulticlassHinge: _scores(losses.MulticlassHinge),
    losses.WestonWatkins: _scores(losses.WestonWatkins),
    losses.Hinge: _margin(losses.Hinge),
    losses.SquaredHinge: _margin(losses.SquaredHinge),
    losses.SmoothedHinge: _margin(losses.SmoothedHinge),
    losses.ModifiedHuber: _margin(losses.ModifiedHuber),
    losses.Logistic: _margin(losses.Logistic),
    losses.Perceptron: _margin(losses.Perceptron),
    losses.Exponential: _margin(losses.Exponential),
    losses.ZeroOne: _margin(losses.ZeroOne),
    losses.PoissonNLL: Slice(
        MARGINS,
        "logarithm of the rate",
        lambda v: losses.PoissonNLL(),
        lambda v: float(v),
        control="count",
        values=tuple(range(0, 9)),
        start=2,
        top=20.0,
        pull=(-9, 9),
    ),
    losses.GaussianNLL: Slice(
        np.linspace(0.04, 4, 120),
        "variance",
        lambda v: losses.GaussianNLL(),
        0.0,
        row=lambda x, v: np.column_stack([np.full_like(x, v), x]),
        slope=lambda g: g[:, 1],
        control="residual",
        values=steps(0, 2, 0.25),
        start=1.0,
        top=4.0,
        pull=(-4, 4),
    ),
}


@dataclass(frozen=True)
class Curves:
    """Value, slope and curvature of a loss along its line; the curvature where it is known."""

    value: np.ndarray
    slope: np.ndarray
    bend: np.ndarray | None = None


def curves(cls: type, setting: float | None = None) -> Curves:
    """The curves of a loss for one value of its control."""
    how = SLICES[cls]
    setting = how.start if setting is None else setting
    loss = how.make(setting)
    truth = how.y_true(setting) if callable(how.y_true) else how.y_true
    y_true = np.tile(truth, (len(how.x), 1)) if np.ndim(truth) else np.full(len(how.x), truth)
    y_pred = how.x if how.row is None else how.row(how.x, setting)
    bend = loss.hessian(y_true, y_pred) if how.row is None else None
    value, gradient = loss.pointwise(y_true, y_pred), loss.gradient(y_true, y_pred)
    return Curves(value, how.slope(gradient), bend)


def slug(kind: type) -> str:
    """The name of a loss in addresses.

    Parameters
    ----------
    kind : type
        One of `losses.all_losses()`.

    Returns
    -------
    str
        Words in lower case with hyphens between them.

    Examples
    --------
    >>> slug(losses.MeanSquaredError)
    'mean-squared-error'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind.__name__).lower().replace("kldiv", "kl-div")


@cache
def _bend_limits(cls: type) -> tuple[float, float]:
    """Room for the second derivative at every setting, up to the span of the gradient's panel."""
    how = SLICES[cls]
    all_bends = np.concatenate([curves(cls, v).bend for v in how.values or (how.start,)])
    low, high = min(all_bends.min(), 0.0), max(all_bends.max(), 0.0)
    span = how.pull[1] - how.pull[0]
    low, high = max(low, -span / 2), min(high, span)
    if low == high:
        return how.pull[0], -how.pull[0]
    return low - 0.08 * (high - low), high + 0.12 * (high - low)


def _draw(cls: type, setting: float):
    import matplotlib.pyplot as plt

    how = SLICES[cls]
    drawn = curves(cls, setting if how.control else None)
    color = style.color(cls)
    panels = [(drawn.value, "value", (min(0, -0.03 * how.top), how.top))]
    panels.append((drawn.slope, "gradient", how.pull))
    if drawn.bend is not None:
        panels.append((drawn.bend, "second derivative", _bend_limits(cls)))
    fig, axes = plt.subplots(1, len(panels), figsize=(5.6, 2.3))
    at = int(np.argmin(np.abs(how.x - setting)))
    for ax, (curve, title, limits) in zip(axes, panels, strict=True):
        ax.axhline(0, color=style.C["faint"], lw=0.8)
        jump = np.abs(np.diff(curve, append=curve[-1])) > 0.05
        ax.plot(how.x, np.where(jump & _stepped(curve), np.nan, curve), color=color)
        ax.set(xlim=(how.x[0], how.x[-1]), ylim=limits, title=title)
        if not how.control and limits[0] <= curve[at] <= limits[1]:
            marker = ax.plot(how.x[at], curve[at], "o", color=style.C["ink"])
            if ax is axes[0]:
                live.handle(marker, "at")
    axes[len(axes) // 2].set_xlabel(how.label)
    if how.control:
        return fig
    numbers = {"value": drawn.value[at], "gradient": drawn.slope[at]}
    if drawn.bend is not None:
        numbers["second derivative"] = drawn.bend[at]
    return fig, {name: float(value) + 0.0 for name, value in numbers.items()}


def _stepped(curve: np.ndarray) -> bool:
    """Whether a curve is made of level pieces, so that a jump must not look like a steep line."""
    return len(np.unique(np.round(curve, 9))) <= 4


def entry(kind: type) -> Entry:
    """The entry of a loss of the package.

    Parameters
    ----------
    kind : type
        One of `losses.all_losses()`, or a subclass of one.

    Returns
    -------
    Entry
        The one of the class, or of the nearest above it.

    Raises
    ------
    ValueError
        If there is none.

    Examples
    --------
    >>> entry(losses.ZeroOne).use
    'To judge: its mean is the share of mistakes.'
    """
    found = entry_of(kind)
    if found is None:
        raise ValueError(f"{kind.__name__} has no entry; expected one of losses.all_losses()")
    return found


def live_figure_of(cls: type) -> tuple[Callable[..., Any], dict[str, Any]]:
    """The function that draws the live figure of a loss, and its control: (function, {name: control})."""
    from ipywidgets import SelectionSlider

    how, claim = SLICES[cls], entry(cls).claim
    name = how.control or "at"
    values = how.values or tuple(np.linspace(how.x[0], how.x[-1], 21).round(3).tolist())
    start = min(values, key=lambda v: abs(v - (how.start if how.control else how.start + 0.6)))

    def draw(**setting):
        return _draw(cls, setting[name])

    facts = how.make(how.start).facts
    what = "value, gradient and second derivative" if how.row is None else "value and gradient"
    draw.__name__ = draw.__qualname__ = f"catalog_{slug(cls).replace('-', '_')}"
    over = "as its hyperparameter changes" if how.control else "with a marker that moves along it"
    draw.__doc__ = (
        f"{facts.name}: curves of {what} over the {how.label.replace('$', '')}, {over}. {_plain(claim)}"
        f"\n\n{claim}"
    )
    return draw, {name: SelectionSlider(options=values, value=start)}


def _plain(text: str) -> str:
    return re.sub(r"[\\${}]", "", text)


def live_figure(kind: type) -> None:
    """Show the live figure of a loss.

    Parameters
    ----------
    kind : type
        One of `losses.all_losses()`.

    Examples
    --------
    >>> live_figure(losses.Huber)
    VBox(children=...
    """
    draw, controls = live_figure_of(kind)
    labels = {"at": SLICES[kind].label} if "at" in controls else None
    live.interact(labels=labels, **controls)(draw)


def overview() -> Any:
    """All losses as small curves, in the order of the catalog: the figure of the first page.

    Returns
    -------
    matplotlib.figure.Figure
        With one pair of axes a loss.

    Examples
    --------
    >>> len(overview().axes) == len(losses.all_losses())
    True
    """
    import matplotlib.pyplot as plt

    rows = -(-len(losses.all_losses()) // 5)
    fig, axes = plt.subplots(rows, 5, figsize=(5.6, 0.2 + rows))
    for ax in axes.flat[len(losses.all_losses()) :]:
        ax.remove()
    for ax, cls in zip(axes.flat, losses.all_losses(), strict=False):
        how = SLICES[cls]
        ax.plot(how.x, curves(cls).value, color=style.color(cls), lw=1.3)
        ax.set(xticks=[], yticks=[], xlim=(how.x[0], how.x[-1]), ylim=(-0.05 * how.top, how.top))
        ax.set_title(_short(cls), fontsize=8.4, loc="center")
        ax.spines["left"].set_visible(False)
    return fig


_SHORTER = {
    "Squared epsilon-insensitive": "Squared ε-ins.",
    "Epsilon": "ε",
    "logarithmic error": "log.",
    "percentage error": "% error",
    "Binary cross-entropy": "Binary cross-ent.",
    "Kullback-Leibler": "KL",
    "general loss": "loss",
    "Multiclass hinge loss (Crammer-Singer)": "Crammer-Singer",
    "Multiclass hinge loss (Weston-Watkins)": "Weston-Watkins",
    "Poisson negative log-likelihood of log-rates": "Poisson NLL",
    "Gaussian negative log-likelihood": "Gaussian NLL",
    " loss": "",
}


def _short(cls: type) -> str:
    """The name of a loss, short enough for a fifth of the figure's width."""
    name = cls().facts.name.replace("'", "’")
    for long, short in _SHORTER.items():
        name = name.replace(long, short)
    return name
