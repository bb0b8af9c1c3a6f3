"""Handles: a point of the figure that the reader drags, so that the figure itself is the control."""

from __future__ import annotations

from typing import Any

from .controls import Control, LiveFigureError
from .encoding import Merged
from .svg import HANDLE

__all__ = ["handle"]


def handle(artist: Any, *controls: str) -> Any:
    """Let the reader drag a marker to set one or two controls.

    Where it is in each state is read off the drawings: a drag goes to the state whose marker is nearest
    to the pointer, and the arrow keys step through the values.

    Parameters
    ----------
    artist : Line2D or list of Line2D
        A single marker, as ``ax.plot(x, y, "o")`` draws it (the list that it returns will do).
    *controls : str
        The names of one or two of the function's arguments, which the marker moves.

    Returns
    -------
    Line2D
        The artist.

    Raises
    ------
    ValueError
        If the artist is no single marker, no control is named, or more than two are.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> fig, ax = plt.subplots()
    >>> handle(ax.plot(1, 2, "o"), "x", "y").get_gid()
    'handle:x,y'
    >>> plt.close(fig)
    """
    if isinstance(artist, list | tuple):
        if len(artist) != 1:
            raise ValueError(f"artist holds {len(artist)} artists; expected a single marker")
        artist = artist[0]
    marker = getattr(artist, "get_marker", lambda: None)()
    if marker in (None, "None", "none", "", " ") or len(artist.get_xdata()) != 1:
        raise ValueError(
            f"artist is {artist!r}; expected a single marker, as plot(x, y, 'o') draws"
        )
    if not 1 <= len(controls) <= 2 or not all(isinstance(c, str) for c in controls):
        raise ValueError(f"controls are {controls!r}; expected the names of one or two arguments")
    artist.set_gid(HANDLE + ",".join(controls))
    return artist


def check_handles(figure: str, merged: Merged, controls: list[Control]) -> bool:
    """True if the figure has handles; `LiveFigureError` where one names an unknown control."""
    known = [c.name for c in controls]
    found = False
    for element in merged.walk():
        names = element.first.attributes.get("data-handle")
        if names is None:
            continue
        found = True
        for name in names.split(","):
            if name not in known:
                raise LiveFigureError(
                    f"live figure '{figure}': a handle is bound to '{name}', which is no control; "
                    f"expected one of {', '.join(known) or '(the figure has none)'}"
                )
    return found
