"""One look for all figures: a loss has the same color in the whole book, in light and in dark.

The light colors are the hues of Okabe and Ito's palette, darkened until a label in that color reads
on white (contrast 4.5 to 1 or more); the dark partners are lightened until they read on the dark
page.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from live_figures import pair

__all__ = ["C", "apart", "color", "end_label", "hue", "label", "quiet", "unlabeled", "use"]

#: role: (light, dark)
_PALETTE = {
    "blue": ("#0072b2", "#479acb"),
    "vermilion": ("#c04f00", "#fb985c"),
    "green": ("#007a59", "#3fd1a3"),
    "purple": ("#b45088", "#fcaae1"),
    "gold": ("#6b4400", "#f0c04a"),
    "violet": ("#5249b5", "#b2a6ff"),
    "ink": ("#1d232b", "#e4e2dc"),
    "gray": ("#525560", "#9aa3af"),
    "faint": ("#dcd9d0", "#33383d"),
    "wash": ("#f4f1e9", "#1d2124"),
    "paper": ("#fdfcf9", "#14171a"),
}
for _light, _dark in _PALETTE.values():
    pair(_light, _dark)

#: the colors of the book by name, as in ``C["blue"]``; in light
C = {name: light for name, (light, _) in _PALETTE.items()}

_OF_LOSS = {
    "MeanSquaredError": "blue",
    "MeanAbsoluteError": "vermilion",
    "Huber": "green",
    "LogCosh": "violet",
    "Pinball": "purple",
    # losses of classes and margins: squared error keeps its blue, the logarithm is gold everywhere
    "Brier": "blue",
    "BinaryCrossEntropy": "gold",
    "CrossEntropy": "gold",
    "Logistic": "gold",
    "Focal": "green",
    "KLDivergence": "violet",
    "Hinge": "vermilion",
    "MulticlassHinge": "vermilion",
    "SquaredHinge": "purple",
    "Exponential": "violet",
    "Perceptron": "green",
}


def hue(loss: Any) -> str:
    """The name of a loss's color, one of the keys of `C`.

    Parameters
    ----------
    loss : Loss, type or str
        A loss, its class, or the name of the class.

    Returns
    -------
    str
        The name; "ink" if the loss has no color of its own.

    Examples
    --------
    >>> hue("Huber"), hue("Cauchy")
    ('green', 'ink')
    """
    name = loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__)
    return _OF_LOSS.get(name, "ink")


def color(loss: Any) -> str:
    """The color of a loss in light; `live_figures` puts its partner in its place in dark.

    Parameters
    ----------
    loss : Loss, type or str
        A loss, its class, or the name of the class.

    Returns
    -------
    str
        The color as matplotlib takes it, ``C[hue(loss)]``.

    Examples
    --------
    >>> color("Huber")
    '#007a59'
    """
    return C[hue(loss)]


def use() -> None:
    """Set matplotlib's defaults to the look of the book.

    Examples
    --------
    >>> import matplotlib as mpl
    >>> with mpl.rc_context():
    ...     use()
    ...     print(mpl.rcParams["axes.edgecolor"] == C["gray"])
    True
    """
    import matplotlib

    matplotlib.rcParams.update(
        {
            # small on purpose: the page scales a figure up, and on a phone the letters stay legible
            "figure.figsize": (5.6, 3.1),
            "figure.facecolor": "none",
            "figure.constrained_layout.use": True,
            "font.size": 9.5,
            "axes.facecolor": "none",
            "axes.edgecolor": C["gray"],
            "axes.labelcolor": C["ink"],
            "axes.labelsize": 9.5,
            "axes.linewidth": 0.8,
            "axes.prop_cycle": matplotlib.rcsetup.cycler(
                color=[C[n] for n in ("blue", "vermilion", "green", "purple", "gold", "violet")]
            ),
            "axes.spines.right": False,
            "axes.spines.top": False,
            "axes.titlesize": 10,
            "axes.titlelocation": "left",
            "axes.titlecolor": C["ink"],
            "axes.unicode_minus": True,
            "grid.color": C["faint"],
            "grid.linewidth": 0.6,
            "legend.frameon": False,
            "lines.linewidth": 1.8,
            "lines.markersize": 5,
            "mathtext.fontset": "cm",
            "savefig.facecolor": "none",
            "text.color": C["ink"],
            "xtick.color": C["gray"],
            "xtick.labelcolor": C["ink"],
            "xtick.labelsize": 8.5,
            "ytick.color": C["gray"],
            "ytick.labelcolor": C["ink"],
            "ytick.labelsize": 8.5,
        }
    )


def label(ax: Any, x: float, y: float, text: str, color: str | None = None, **kwargs: Any) -> Any:
    """Write a direct label at a data point, in the color of what it names, instead of a legend.

    Parameters
    ----------
    ax : Axes
        Matplotlib's axes.
    x : float
        Where the label begins, in the unit of the data.
    y : float
        The height of its middle, in the unit of the data.
    text : str
        What it says.
    color : str, optional
        Its color; that of the ink by default.
    **kwargs
        Settings of matplotlib's `Axes.text`.

    Returns
    -------
    Text
        Matplotlib's text.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> label(Figure().subplots(), 0.5, 2.0, "Huber", color=C["green"]).get_color()
    '#007a59'
    """
    settings = {"ha": "left", "va": "center", "fontsize": 9.5} | kwargs
    return ax.text(x, y, text, color=color or C["ink"], **settings)


def end_label(line: Any, text: str, dx: float = 4.0, dy: float = 0.0, **kwargs: Any) -> Any:
    """Write what a line is at its right end, in its color.

    Parameters
    ----------
    line : Line2D
        A line of some axes.
    text : str
        What it is; the line's label too.
    dx, dy : float, default 4.0 and 0.0
        How far right of the end, and above it, in points.
    **kwargs
        Settings of matplotlib's `Axes.text`.

    Returns
    -------
    Text
        Matplotlib's text.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> (line,) = Figure().subplots().plot([0, 1], [0, 2], color=C["green"])
    >>> end_label(line, "Huber").get_position(), line.get_label()
    ((1.0, 2.0), 'Huber')
    """
    from matplotlib.transforms import offset_copy

    x, y = (float(values[-1]) for values in line.get_data())
    line.set_label(text)
    place = offset_copy(line.axes.transData, line.axes.figure, dx, dy, units="points")
    return label(line.axes, x, y, text, line.get_color(), transform=place, **kwargs)


def apart(places: ArrayLike, gap: float) -> np.ndarray:
    """Move places, of labels at line ends, as little as it takes to have them a gap from each other.

    Parameters
    ----------
    places : array_like of shape (n,)
        Heights, in any order.
    gap : float
        The least distance between two of them, in their unit.

    Returns
    -------
    ndarray of shape (n,)
        The places moved, each beside its own.

    Examples
    --------
    >>> apart([1.0, 1.5, 4.0], 1.0)
    array([0.75, 1.75, 4.  ])
    """
    order, moved = np.argsort(places), np.array(places, dtype=float)
    for _ in range(100):
        short = np.clip(gap - np.diff(moved[order]), 0, None) / 2
        moved[order[1:]] += short
        moved[order[:-1]] -= short
    return moved


def quiet(artist: Any) -> Any:
    """Say of a dashed or gray line that it needs no label: a zero line, a grid.

    Parameters
    ----------
    artist : Artist
        A line or a collection of lines of matplotlib's.

    Returns
    -------
    Artist
        The same.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> fig = Figure()
    >>> zero = fig.subplots().axhline(0, ls=":")
    >>> len(unlabeled(fig)), quiet(zero) is zero, len(unlabeled(fig))
    (1, True, 0)
    """
    artist.set_label("_quiet")
    return artist


def unlabeled(fig: Any) -> list[Any]:
    """The lines of a figure that are dashed, dotted or gray, and of which nothing says what they are.

    Parameters
    ----------
    fig : Figure
        A figure of matplotlib's.

    Returns
    -------
    list of Artist
        Lines and collections of lines that are neither `quiet` nor have a label that is written in the figure.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> fig = Figure()
    >>> (line,) = fig.subplots().plot([0, 1], [0, 1], "--")
    >>> unlabeled(fig) == [line], len(end_label(line, "the truth").get_text()), unlabeled(fig)
    (True, 9, [])
    """
    from matplotlib.collections import LineCollection
    from matplotlib.colors import to_hex
    from matplotlib.text import Text

    said = [text.get_text() for text in fig.findobj(Text) if text.get_visible()]
    grays = {C["gray"], C["faint"]}

    def dashed(artist: Any) -> bool:
        styles = artist.get_linestyle()
        styles = styles if isinstance(styles, list) else [styles]
        return any(s not in ("-", "None", "", " ", (0, None), (0.0, None)) for s in styles)

    def gray(artist: Any) -> bool:
        colors = artist.get_color()
        colors = [colors] if isinstance(colors, str | tuple) else list(colors)
        return any(to_hex(color) in grays for color in colors)

    def drawn(artist: Any) -> bool:
        if isinstance(artist, LineCollection):
            return bool(artist.get_segments())
        return len(artist.get_xdata()) > 1 and artist.get_linestyle() not in ("None", "", " ")

    found = []
    for ax in fig.axes:
        for line in [*ax.lines, *(c for c in ax.collections if isinstance(c, LineCollection))]:
            name = str(line.get_label())
            named = not name.startswith("_") and any(name in text for text in said)
            silent = name != "_quiet" and not named
            if silent and line.get_visible() and drawn(line) and (dashed(line) or gray(line)):
                found.append(line)
    return found
