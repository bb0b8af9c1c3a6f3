"""One look for all figures: a loss has the same color in the whole book, in light and in dark.

The light colors are the hues of Okabe and Ito's palette, darkened until a label in that color reads
on white (contrast 4.5 to 1 or more); the dark partners are lightened until they read on the dark
page.
"""

from __future__ import annotations

from typing import Any

from live_figures import pair

__all__ = ["C", "color", "hue", "label", "use"]

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
