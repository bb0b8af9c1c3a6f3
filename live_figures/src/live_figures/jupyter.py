"""The figure in a running kernel: ipywidgets that redraw an SVG in place."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any

from . import theme
from .drawing import Layout, describe, draw_state
from .encoding import merge
from .html import alt_and_caption, inline, write_svg
from .svg import tree


def picture(
    func: Callable, values: dict[str, Any], layout: Layout | None = None
) -> tuple[str, str, Layout]:
    """The figure of one state and its readouts, both as HTML, and its layout."""
    alt, _ = alt_and_caption(func)
    svg, found, readouts = draw_state(func, values, layout)
    xml = f' xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(alt)}"'
    html = write_svg(merge([tree(svg, func.__name__)]), 0, xml)
    colors = theme.used(html)
    style = theme.rules(colors, ".lf-live") + (
        ".lf-live svg{width:100%;max-width:40rem;height:auto;fill:var(--lf-000000);"
        "stroke-linejoin:round;stroke-linecap:butt}"
    )
    line = " &emsp; ".join(f"{words(k)} <b>{escape(v)}</b>" for k, v in readouts.items())
    return f'<div class="lf-live"><style>{style}</style>{html}</div>', line, found


def words(text: str) -> str:
    """The markup of captions with math between dollars, as every Jupyter front end sets it."""
    return re.sub(r'<span class="lf-tex">\\\((.*?)\\\)</span>', r"$\1$", inline(text))


def show(func: Callable, widgets: dict[str, Any]) -> None:
    """Display the controls and the figure; each change of a control draws it anew.

    An error at one setting is shown in place of the figure, with the setting, until the next move.
    """
    import ipywidgets
    from IPython.display import HTML, display

    _, paragraphs = alt_and_caption(func)
    caption = "".join(f"<p>{words(p)}</p>" for p in paragraphs)
    html, line, layout = picture(func, {name: w.value for name, w in widgets.items()})
    if not widgets:
        display(HTML(html + line + caption))
        return
    view, readouts = ipywidgets.HTML(html), ipywidgets.HTMLMath(line)

    def redraw(_change: Any = None) -> None:
        values = {name: w.value for name, w in widgets.items()}
        try:
            view.value, readouts.value, _ = picture(func, values, layout)
        except Exception as error:
            view.value = (
                f"<pre>{escape(func.__name__)} raised at {escape(describe(values))}:\n"
                f"{escape(type(error).__name__)}: {escape(str(error))}</pre>"
            )

    for widget in widgets.values():
        widget.observe(redraw, "value")
    panel = ipywidgets.VBox(list(widgets.values()))
    display(ipywidgets.VBox([view, panel, readouts, ipywidgets.HTMLMath(caption)]))
