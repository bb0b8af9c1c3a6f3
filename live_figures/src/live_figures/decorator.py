"""`interact` and `figure`: one function, two front ends."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping
from typing import Any

from .controls import LiveFigureError, controls_for, widgets_for

__all__ = ["LiveFigureError", "figure", "interact"]


def publishing() -> bool:
    """True while a book is built."""
    return os.environ.get("LIVE_FIGURES") == "publish"


if publishing():  # controls become HTML: no widget may leave its state in the notebook
    import ipywidgets

    ipywidgets.Widget.open = lambda self: None


def interact(
    *,
    labels: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    **abbreviations: Any,
) -> Callable[[Callable], Callable]:
    r"""Give a function that draws a matplotlib figure sliders, in a notebook and on the built page.

    Parameters
    ----------
    labels, units
        For some of the controls what stands before and behind its value, in place of the argument's name:
        ``labels={"delta": r"$\delta$"}, units={"delta": "kg"}``.
    **abbreviations
        For each argument of the function what `ipywidgets.interact` takes: ``(low, high)`` or
        ``(low, high, step)`` for a slider (of integers, or of floats with a step of 0.1), a boolean for a
        checkbox, a list or a dict for a dropdown, `ipywidgets.fixed`, or a widget: a slider,
        `SelectionSlider`, `Play`, `Dropdown`, `ToggleButtons`, `RadioButtons`, `Checkbox`.
        The default is the argument's own.

    Returns
    -------
    The function itself, still callable, once its figure is on display. The function returns a `Figure`, or a
    `Figure` and a dict of numbers to show under it. The first paragraph of its docstring is the figure's text
    alternative, the other paragraphs are its caption.

    Raises
    ------
    LiveFigureError
        Where the function takes no such argument, a label or a unit belongs to no control, a default is none of
        the control's values, no figure is returned, or, while the book is built, a state raises, is not
        deterministic, or there are too many.
    """

    def decorate(func: Callable) -> Callable:
        from IPython.display import HTML, display

        widgets = widgets_for(func, abbreviations, labels, units)
        controls = controls_for(func.__name__, widgets)
        drawn = _bind(func, abbreviations)
        if publishing():
            from .html import publish

            display(HTML(publish(drawn, controls)))
        else:
            from .jupyter import show

            show(drawn, widgets)
        return func

    return decorate


def _bind(func: Callable, abbreviations: dict[str, Any]) -> Callable:
    """`func` with the arguments that `ipywidgets.fixed` sets."""
    import ipywidgets

    fixed = {n: a.value for n, a in abbreviations.items() if isinstance(a, ipywidgets.fixed)}
    return functools.wraps(func)(functools.partial(func, **fixed)) if fixed else func


def figure(func: Callable) -> Callable:
    """Show what `func()` draws, as `interact` does, without controls."""
    return interact()(func)
