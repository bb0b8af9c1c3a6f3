"""The figure in a running kernel: ipywidgets that redraw an SVG in place."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any

from . import theme
from .diff import merge
from .draw import tree
from .publish import alt_and_caption, inline, write_svg
from .states import describe, draw_state


def picture(func: Callable, values: dict[str, Any], layout: list | None = None) -> tuple[str, list]:
    """The figure of one state as HTML, with its readouts, and the positions of its axes."""
    alt, _ = alt_and_caption(func)
    svg, positions, readouts = draw_state(func, values, layout)
    xml = f' xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(alt)}"'
    html = write_svg(merge([tree(svg, func.__name__)]), 0, xml)
    colors = {"#" + c for c in re.findall(r"var\(--lf-([0-9a-f]{6})\)", html)}
    line = "".join(
        f"<span>{inline(k)} <b>{escape(v)}</b></span> &ensp; " for k, v in readouts.items()
    )
    style = theme.rules(colors, ".lf-live") + (
        ".lf-live svg{max-width:100%;height:auto;fill:var(--lf-000000)}"
        ".lf-live svg *{stroke-linejoin:round;stroke-linecap:butt}"
    )
    return f'<div class="lf-live"><style>{style}</style>{html}<div>{line}</div></div>', positions


def show(func: Callable, widgets: dict[str, Any]) -> None:
    """Display the controls and the figure; each change of a control draws it anew.

    An error at one setting is shown in place of the figure, with the setting, until the next move.
    """
    import ipywidgets
    from IPython.display import HTML, display

    _, caption = alt_and_caption(func)
    words = "".join(f"<p>{inline(p)}</p>" for p in caption)
    html, layout = picture(func, {name: w.value for name, w in widgets.items()})
    if not widgets:
        display(HTML(html + words))
        return
    view = ipywidgets.HTML(html)

    def redraw(_change=None):
        values = {name: w.value for name, w in widgets.items()}
        try:
            view.value = picture(func, values, layout)[0]
        except Exception as error:
            view.value = (
                f"<pre>{escape(func.__name__)} raised at {escape(describe(values))}:\n"
                f"{escape(type(error).__name__)}: {escape(str(error))}</pre>"
            )

    for widget in widgets.values():
        widget.observe(redraw, "value")
    caption_view = [ipywidgets.HTMLMath(words)] if words else []
    panel = [ipywidgets.VBox(list(widgets.values()))]
    display(ipywidgets.VBox([view, *panel, *caption_view]))
