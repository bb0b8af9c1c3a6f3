"""One live figure for every loss: its curve and its gradient, or its second derivative, beside two that all know."""

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

from . import passages
from ._slices import CHANCES, ERRORS, LOGITS, MARGINS, Slice, steps
from .comparisons import COMPARISONS
from .rankings import RANKINGS
from .sequences import SEQUENCES

__all__ = ["entry", "live_figure", "overview", "slug"]


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

SLICES: Mapping[type, Slice] = (
    {
        losses.MeanSquaredError: _errors(losses.MeanSquaredError, top=12, pull=(-8, 8)),
        losses.MeanAbsoluteError: _errors(losses.MeanAbsoluteError),
        losses.Huber: _errors(losses.Huber, "delta", _WIDTHS, 1.0),
        losses.LogCosh: _errors(losses.LogCosh),
        losses.Pinball: _errors(losses.Pinball, "quantile", _SHARES, 0.8),
        losses.Expectile: _errors(
            losses.Expectile, "expectile", _SHARES, 0.8, top=12, pull=(-8, 8)
        ),
        losses.EpsilonInsensitive: _errors(
            losses.EpsilonInsensitive, "epsilon", steps(0, 2, 0.25), 1.0
        ),
        losses.SquaredEpsilonInsensitive: _errors(
            losses.SquaredEpsilonInsensitive,
            "epsilon",
            steps(0, 2, 0.25),
            1.0,
            top=12,
            pull=(-8, 8),
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
    | COMPARISONS
    | RANKINGS
    | SEQUENCES
)


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
    if how.inputs is not None:
        return _curves_of_several(loss, how, setting)
    truth = how.y_true(setting) if callable(how.y_true) else how.y_true
    y_true = np.tile(truth, (len(how.x), 1)) if np.ndim(truth) else np.full(len(how.x), truth)
    y_pred = how.x if how.row is None else how.row(how.x, setting)
    bend = loss.hessian(y_true, y_pred) if how.row is None else None
    value, gradient = loss.pointwise(y_true, y_pred), loss.gradient(y_true, y_pred)
    return Curves(value, how.slope(gradient), bend)


def _curves_of_several(loss: Any, how: Slice, setting: float) -> Curves:
    assert how.inputs is not None
    if isinstance(loss, losses.BatchLoss):  # the mean of a batch, for each point of the line
        means = [loss.value_and_gradient(*how.inputs(x, setting)) for x in how.x]
        slopes = [how.along(g, x) for x, (_, g) in zip(how.x, means, strict=True)]
        return Curves(np.array([value for value, _ in means]), np.array(slopes))
    inputs = how.inputs(how.x, setting)
    return Curves(loss.pointwise(*inputs), how.along(loss.gradient(*inputs), how.x))


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
def _bends(cls: type) -> bool:
    """Whether the second derivative is known, and anywhere other than zero."""
    how = SLICES[cls]
    found = (curves(cls, v).bend for v in how.values or (how.start,))
    return any(bend is not None and bool(np.any(bend)) for bend in found)


@cache
def _bend_limits(cls: type) -> tuple[float, float]:
    """Room for the second derivative at every setting, up to the span of the gradient's panel."""
    how = SLICES[cls]
    all_bends = np.concatenate([curves(cls, v).bend for v in how.values or (how.start,)])
    low, high = min(all_bends.min(), 0.0), max(all_bends.max(), 0.0)
    span = how.pull[1] - how.pull[0]
    low, high = max(low, -span / 2), min(high, span)
    return low - 0.08 * (high - low), high + 0.12 * (high - low)


def _truth(cls: type) -> float | None:
    """Where a prediction is right, if it has the unit of the truth: there squared and absolute error are known."""
    how = SLICES[cls]
    if how.inputs is not None:
        return None
    return None if how.row or callable(how.y_true) or how.x is LOGITS else how.y_true


def _places(cls: type) -> np.ndarray:
    """Where on its line a marker may stand: the point, and the ring around it, must be in the panel of the loss."""
    how, edge = SLICES[cls], 0.04 * np.ptp(SLICES[cls].x)
    room = (how.x >= how.x[0] + edge) & (how.x <= how.x[-1] - edge)
    (inside,) = np.nonzero(room & (curves(cls).value <= 0.93 * how.top))
    return how.x[np.unique(np.linspace(inside[0], inside[-1], 21).round().astype(int))].round(3)


def _place(cls: type) -> float:
    """Where a marker stands at first: where the prediction is wrong."""
    how, truth = SLICES[cls], _truth(cls)
    right = truth is not None and truth <= (how.x[0] + how.x[-1]) / 2
    places = how.x.round(3) if how.control else _places(cls)
    return float(places[len(places) * (8 if right else 3) // 12])  # away from the frame


def _references(cls: type, left: Any, right: Any, bend: bool) -> None:
    """Squared and absolute error, faint, in both panels; they are named in the left one."""
    how, truth = SLICES[cls], _truth(cls)
    if truth is None:
        return
    r = how.x - truth
    for name, look, own, value, slope, curved in (
        ("squared", "--", (losses.MeanSquaredError, losses.Brier), r**2, 2 * r, 2.0),
        ("absolute", ":", (losses.MeanAbsoluteError,), abs(r), np.sign(r), 0.0),
    ):
        if cls in own:
            continue
        gray = {"color": style.C["gray"], "ls": look, "lw": 1.2, "alpha": 0.7, "label": name}
        left.plot(how.x, value, **gray)
        right.plot(how.x, np.full_like(r, curved) if bend else slope, **gray)
        end = np.flatnonzero(value <= how.top)[-1]
        if r[-1] < 0.1:  # the truth is the right end of the line
            where, side = (how.x[len(r) // 6], value[len(r) // 6] + 0.06 * how.top), "left"
        elif end == len(r) - 1 and name == "absolute":
            where, side = (how.x[-1] + 0.02 * np.ptp(how.x), value[-1]), "left"
        else:  # where the curve leaves the panel, on the side that is free
            left_of = name == "squared"
            step = (-0.03 if left_of else 0.03) * np.ptp(how.x)
            where, side = (how.x[end] + step, 0.94 * how.top), "right" if left_of else "left"
        style.label(left, *where, name, style.C["gray"], ha=side, fontsize=9)


def _draw(cls: type, setting: float, at: float, bend: bool):
    import matplotlib.pyplot as plt

    how = SLICES[cls]
    drawn = curves(cls, setting if how.control else None)
    color, k = style.color(cls), int(np.argmin(np.abs(how.x - at)))
    fig, (left, right) = plt.subplots(1, 2, figsize=(5.6, 2.7))
    second = (
        (drawn.bend, "second derivative", _bend_limits(cls))
        if bend
        else (drawn.slope, "gradient", how.pull)
    )
    _references(cls, left, right, bend)
    for ax, (curve, title, limits) in (
        (left, (drawn.value, "loss", (-0.08 * how.top, how.top))),
        (right, second),
    ):
        style.quiet(ax.axhline(0, color=style.C["faint"], lw=1))
        hidden = _jumps(curve) | _broken(how, setting)
        ax.plot(how.x, np.where(hidden, np.nan, curve), color=color, lw=2.4)
        margin = 0.02 * np.ptp(how.x)
        ax.set(xlim=(how.x[0] - margin, how.x[-1] + margin), ylim=limits, title=title)
        ax.set_xlabel(how.label)
        ax.locator_params(nbins=5)
        marker = ax.plot(how.x[k], curve[k], "o", color=style.C["ink"], ms=7)
        if ax is left and not how.control:
            live.handle(marker, "at")
    where = "" if not how.control else f" at {how.x[k]:.3g}".replace("-", "−")
    numbers = {f"loss{where}": drawn.value[k], f"gradient{where}": drawn.slope[k]}
    if _bends(cls):
        numbers[f"second derivative{where}"] = drawn.bend[k]
    return fig, {name: f"{float(v) + 0.0:.3g}".replace("-", "−") for name, v in numbers.items()}


def _broken(how: Slice, setting: float) -> np.ndarray:
    """Where the loss jumps: the points next to it are not joined."""
    found = np.zeros(len(how.x), bool)
    for place in how.breaks(setting):
        found[np.argmin(np.abs(how.x - place))] = True
    return found


def _jumps(curve: np.ndarray) -> np.ndarray:
    """Where a curve jumps, so that the jump must not look like a steep line: at the point before it."""
    rise = np.abs(np.diff(curve))
    if len(np.unique(np.round(curve, 9))) <= 4:  # level pieces
        return np.append(rise > 0.05, False)
    beside = np.maximum(np.append(rise[1:], 0.0), np.insert(rise[:-1], 0, 0.0))
    return np.append((rise > 0.05) & (rise > 4 * beside), False)


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


#: what the sliders are called
_WORDS = {
    "alpha": r"shape $\alpha$",
    "bend": "second derivative",
    "delta": r"corner $\delta$",
    "epsilon": r"free up to $\varepsilon$",
    "gamma": r"focus $\gamma$",
    "batch": "images in the batch",
    "beta": r"$\beta$",
    "kl": "reference point $z$",
    "label_smoothing": r"label smoothing $\alpha$",
    "positive": "distance of the positive",
    "positives": "positives of each row",
    "relevance": "relevance of the first, of the other 1",
    "rival": "score of the rival",
    "truth": "true share",
    "winner": "score of the winner",
}


def live_figure_of(cls: type) -> tuple[Callable[..., Any], dict[str, Any]]:
    """The function that draws the live figure of a loss, and its controls: (function, {name: control})."""
    from ipywidgets import Checkbox, SelectionSlider

    how, claim = SLICES[cls], entry(cls).claim
    name, place = how.control or "at", _place(cls)
    values = how.values or tuple(_places(cls).tolist())
    start = min(values, key=lambda v: abs(v - (how.start if how.control else place)))
    controls: dict[str, Any] = {name: SelectionSlider(options=values, value=start)}
    if _bends(cls):
        controls["bend"] = Checkbox(value=False)

    def draw(**setting):
        at = place if how.control else setting["at"]
        return _draw(cls, setting[name], at, setting.get("bend", False))

    facts = how.make(how.start).facts
    draw.__name__ = draw.__qualname__ = f"catalog_{slug(cls).replace('-', '_')}"
    over = "as its hyperparameter changes" if how.control else "with a marker that moves along them"
    peers = (
        "" if _truth(cls) is None else " Faint gray lines: squared error dashed, absolute dotted."
    )
    second = " A switch shows the second derivative in its place." if "bend" in controls else ""
    draw.__doc__ = (
        f"{facts.name}: left the curve of the loss over the {how.label.replace('$', '')}, right its gradient, "
        f"{over}.{second}{peers} {_plain(claim)}\n\n{claim}"
    )
    return draw, controls


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
    words = _WORDS | {"at": SLICES[kind].label.partition(",")[0]}
    labels = {name: words[name] for name in controls if name in words}
    live.interact(labels=labels, **controls)(draw)


#: the groups of the overview: what they are called, and the modules of their losses
_GROUPS = {
    "Numbers, over residual or prediction": ("regression", "quantile", "robust"),
    "Classes, over logit, score, probability": ("binary", "multiclass", "sequences"),
    "Two classes, over the margin": ("margin",),
    "Counts and variances": ("likelihood",),
    "Pairs and batches, over distance or angle": ("pairs", "embeddings"),
    "Lists and preferences, over score or margin": ("ranking", "preference"),
}


def overview(columns: int = 5) -> Any:
    """All losses as small curves, in groups and in the order of the catalog: the figure of the first page.

    Parameters
    ----------
    columns : int, default 5
        How many stand in a row.

    Returns
    -------
    matplotlib.figure.Figure
        With one pair of axes a loss.

    Examples
    --------
    >>> len(overview().axes) == len(losses.all_losses())
    True
    """
    from matplotlib import pyplot as plt

    groups = {
        title: [c for c in losses.all_losses() if c.__module__.rpartition(".")[2] in modules]
        for title, modules in _GROUPS.items()
    }
    heights: list[float] = []
    for members in groups.values():
        heights += [0.38, *[1.0] * -(-len(members) // columns)]
    fig = plt.figure(figsize=(1.12 * columns, 0.88 * sum(heights)))
    grid = fig.add_gridspec(len(heights), columns, height_ratios=heights)
    row = 0
    for title, members in groups.items():
        row += 1
        for k, cls in enumerate(members):
            ax = fig.add_subplot(grid[row + k // columns, k % columns])
            _small(ax, cls)
            if k == 0:
                heading = style.label(ax, 0, 1.17, title, transform=ax.transAxes, fontsize=10)
                heading.set(fontweight="bold", in_layout=False)
        row += -(-len(members) // columns)
    return fig


def _small(ax: Any, cls: type) -> None:
    """One curve, below its name: all of it leads to the entry."""
    how, curve = SLICES[cls], curves(cls).value
    ax.plot(how.x, np.where(curve > how.top, np.nan, curve), color=style.color(cls), lw=1.8)
    ax.set(xticks=[], yticks=[], xlim=(how.x[0], how.x[-1]), ylim=(-0.05 * how.top, 1.3 * how.top))
    ax.spines["left"].set_visible(False)
    entry_at = f"{passages.page(cls)}#catalog-{slug(cls)}"
    ax.patch.set(
        facecolor=style.C["faint"], alpha=0.01, url=entry_at
    )  # met by the pointer, not seen
    name = ax.text(0.5, 0.98, _short(cls), transform=ax.transAxes, ha="center", va="top")
    name.set(fontsize=8.4, url=entry_at)


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
    "Direct preference optimization (DPO)": "DPO",
    "Identity preference optimization (IPO)": "IPO",
    "Kahneman-Tversky optimization (KTO)": "KTO",
    "Negative log-likelihood (NLL)": "NLL",
    "Connectionist temporal classification (CTC)": "CTC",
    " loss": "",
}


def _short(cls: type) -> str:
    """The name of a loss, short enough for a fifth of the figure's width."""
    name = cls().facts.name.replace("'", "’")
    for long, short in _SHORTER.items():
        name = name.replace(long, short)
    return name
