"""`interact`, `figure` and `render`: one function, shown in a kernel or published."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from .controls import controls_for, silent_widgets, widgets_for
from .narrow import checked
from .published import LiveFigure, publish
from .settings import settings

__all__ = ["figure", "interact", "render"]

Drawing = TypeVar("Drawing", bound=Callable[..., Any])


def interact(
    *,
    labels: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    narrow: tuple[float, float] | bool | None = None,
    **abbreviations: Any,
) -> Callable[[Drawing], Drawing]:
    r"""Give a function that draws a matplotlib figure sliders, in a notebook and on the built page.

    The function returns a `Figure`, or a `Figure` and a dict of numbers to show under it. The first
    paragraph of its docstring is the figure's text alternative, the other paragraphs are its caption.

    Parameters
    ----------
    labels, units : dict of str to str, optional
        For some of the controls what stands before and behind its value, in place of the argument's
        name: ``labels={"delta": r"$\delta$"}, units={"delta": "kg"}``.
    narrow : None, False or tuple of float, default None
        The second drawing, for narrow screens. None lays it out by itself: less wide, panels one below
        the other. A tuple gives its width and height in inches, False leaves it out. A function that
        takes an argument ``narrow`` is called again with ``narrow=True`` and draws it itself.
    **abbreviations : tuple, list, dict, bool or Widget
        For each argument of the function what `ipywidgets.interact` takes: ``(low, high)`` or
        ``(low, high, step)`` for a slider (of integers, or of floats with a step of 0.1), a boolean
        for a checkbox, a list or a dict for a dropdown, `ipywidgets.fixed`, or a widget: a slider,
        `SelectionSlider`, `Play`, `Dropdown`, `ToggleButtons`, `RadioButtons`, `Checkbox`.
        The default is the argument's own.

    Returns
    -------
    callable
        A decorator that shows the figure and gives the function itself, still callable.

    Raises
    ------
    LiveFigureError
        Where the function takes no such argument, a label or a unit belongs to no control, a default
        is none of the control's values, `narrow` is none of these, no figure is returned, or, where
        figures are published, a state raises, is not deterministic, or there are too many.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> @interact(k=(1, 3))  # doctest: +ELLIPSIS
    ... def line(k=1):
    ...     '''A line of slope k.'''
    ...     fig, ax = plt.subplots(figsize=(2, 1))
    ...     ax.plot([0, 1], [0, k])
    ...     return fig
    VBox(...)
    """

    def decorate(func: Drawing) -> Drawing:
        if settings().publish:
            from .jupyter import show_published

            show_published(render(func, labels=labels, units=units, narrow=narrow, **abbreviations))
        else:
            from .jupyter import show

            checked(func.__name__, narrow)
            show(_bound(func, abbreviations), widgets_for(func, abbreviations, labels, units))
        return func

    return decorate


def figure(func: Drawing) -> Drawing:
    """Show what `func()` draws, as `interact` does, without controls.

    Parameters
    ----------
    func : callable
        A function of no arguments that returns a `Figure`.

    Returns
    -------
    callable
        The function itself.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> @figure  # doctest: +ELLIPSIS
    ... def point():
    ...     'A point.'
    ...     fig, ax = plt.subplots(figsize=(2, 1))
    ...     ax.plot(1, 1, "o")
    ...     return fig
    <IPython.core.display.HTML object>
    """
    return interact()(func)


def render(
    func: Callable[..., Any],
    *,
    labels: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    narrow: tuple[float, float] | bool | None = None,
    **abbreviations: Any,
) -> LiveFigure:
    """Draw every state of a function, for a page of your own.

    Parameters
    ----------
    func : callable
        A function that draws a figure, as for `interact`.
    labels, units : dict of str to str, optional
        As for `interact`.
    narrow : None, False or tuple of float, default None
        As for `interact`.
    **abbreviations : tuple, list, dict, bool or Widget
        As for `interact`.

    Returns
    -------
    LiveFigure
        The figure: ``.html()``, ``.svg()``, ``.save("figure.html")``.

    Raises
    ------
    LiveFigureError
        As for `interact`, where it publishes.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> def line(k=1):
    ...     'A line of slope k.'
    ...     fig, ax = plt.subplots(figsize=(2, 1))
    ...     ax.plot([0, 1], [0, k])
    ...     return fig
    >>> render(line, k=(1, 3)).count
    3
    """
    with silent_widgets():
        widgets = widgets_for(func, abbreviations, labels, units)
    controls = controls_for(func.__name__, widgets)
    return publish(_bound(func, abbreviations), controls, narrow)


def _bound(func: Callable[..., Any], abbreviations: Mapping[str, Any]) -> Callable[..., Any]:
    """`func` with the arguments that `ipywidgets.fixed` sets."""
    import ipywidgets

    fixed = {n: a.value for n, a in abbreviations.items() if isinstance(a, ipywidgets.fixed)}
    return functools.wraps(func)(functools.partial(func, **fixed)) if fixed else func
