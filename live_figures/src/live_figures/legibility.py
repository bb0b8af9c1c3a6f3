"""Which texts of a figure lie on each other or are cut off, in its wide and in its narrow drawing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from .controls import LiveFigureError, controls_for, silent_widgets, widgets_for
from .drawing import all_values, describe, draw_boxes, plan_of

__all__ = ["Overlap", "overlaps"]

_SLACK = 0.1  #: of the width of a text: most fonts of pages are narrower than those of matplotlib
_LINE = 0.18  #: of the height of a line, above and below its letters
_MANY = 60  #: states that are looked at where none are named


class Overlap(NamedTuple):
    """A text of a figure that lies on another one, or that the figure cuts off.

    Parameters
    ----------
    state : str
        The arguments of the function.
    drawing : {'wide', 'narrow'}
        In which of the two drawings.
    text : str
        What the text says.
    other : str
        What the one under it says; empty where it is cut off.
    pixels : float
        The smaller side of what they share, or what is cut off, in px of the drawing.

    Examples
    --------
    >>> print(Overlap("k=1", "narrow", "one", "other", 3.4))
    narrow, k=1: 'one' lies on 'other' (3 px)
    """

    state: str
    drawing: str
    text: str
    other: str
    pixels: float

    def __str__(self) -> str:
        on = f"lies on {self.other!r}" if self.other else "is cut off"
        return f"{self.drawing}, {self.state}: {self.text!r} {on} ({self.pixels:.0f} px)"


def overlaps(
    func: Callable[..., Any],
    *,
    narrow: Any = None,
    states: Iterable[Mapping[str, Any]] | None = None,
    **abbreviations: Any,
) -> list[Overlap]:
    """The texts of a figure that lie on each other or are cut off.

    Parameters
    ----------
    func : callable
        A function that draws a figure, as for `interact`.
    narrow : None, False or tuple of float, default None
        As for `interact`.
    states : iterable of dict, optional
        The arguments of the states to look at; what is not named has its default. Without them, at most
        60 of all states, evenly spread, with the first and the last.
    **abbreviations : tuple, list, dict, bool or Widget
        As for `interact`.

    Returns
    -------
    list of Overlap
        In the order of the states; `str` says each in a line.

    Raises
    ------
    LiveFigureError
        As for `interact`, or where a state names what is no control.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> def line():
    ...     'A line.'
    ...     fig, ax = plt.subplots(figsize=(5, 3), layout="constrained")
    ...     ax.text(0.2, 0.5, "one")
    ...     ax.text(0.21, 0.5, "other")
    ...     return fig
    >>> for found in overlaps(line, narrow=False):
    ...     print(found)
    wide, no controls: 'other' lies on 'one' (6 px)
    """
    with silent_widgets():
        controls = controls_for(func.__name__, widgets_for(func, abbreviations))
    plan = plan_of(func, controls, narrow)
    first = {c.name: c.values[c.default] for c in controls}
    if states is None:
        everyone = list(all_values(controls))
        step = max(1, -(-len(everyone) // _MANY))
        chosen = [first, *everyone[::step], everyone[-1]]
    else:
        chosen = [{**first, **state} for state in states]
    for name in {name for state in chosen for name in state} - first.keys():
        raise LiveFigureError(
            f"live figure '{func.__name__}': a state names '{name}', which is no control"
        )
    found: dict[Overlap, None] = {}
    for state in chosen:
        for drawing, boxes, size in draw_boxes(func, state, plan):
            found.update(dict.fromkeys(_of(describe(state), drawing, boxes, size)))
    return list(found)


def _of(
    state: str, drawing: str, boxes: list[tuple[str, Any]], size: tuple[float, float]
) -> Iterable[Overlap]:
    seen: list[tuple[str, float, float, float, float]] = []
    for text, box in dict.fromkeys((text.strip(), tuple(box.extents)) for text, box in boxes):
        if not text:
            continue
        left, bottom, right, top = box
        across, up = _SLACK * (right - left) / 2, _LINE * min(top - bottom, 14)
        if top - bottom > right - left and " " in text and "\n" not in text:  # upright
            across, up = _LINE * (right - left), _SLACK * (top - bottom) / 2
        left, right, bottom, top = left + across, right - across, bottom + up, top - up
        out = max(-left, -bottom, right - size[0], top - size[1])
        if out > 1:
            yield Overlap(state, drawing, text, "", out)
        for other, x0, y0, x1, y1 in seen:
            shared = min(min(right, x1) - max(left, x0), min(top, y1) - max(bottom, y0))
            if shared > 0.5:
                yield Overlap(state, drawing, text, other, shared)
        seen.append((text, left, bottom, right, top))
