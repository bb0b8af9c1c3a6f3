"""What a notebook's cell displays: ipywidgets that redraw an SVG in place, or a published figure."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from . import theme
from .drawing import Layout, describe, draw_state
from .encoding import merge
from .html import alt_and_caption, inline, split_math, write_svg
from .published import LiveFigure
from .settings import Settings, settings
from .svg import tree

__all__: list[str] = []


def picture(
    func: Callable, values: dict[str, Any], layout: Layout | None = None
) -> tuple[str, str, Layout]:
    """The figure of one state and its readouts, both as HTML, and its layout."""
    alt, _ = alt_and_caption(func)
    svg, found, readouts = draw_state(func, values, layout)
    xml = f' xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(alt)}"'
    html = write_svg(merge([tree(svg, func.__name__)]), 0, xml)
    colors = theme.used(html)
    style = theme.rules(colors, ".lf-live", settings().dark) + (
        ".lf-live svg{width:100%;max-width:40rem;height:auto;fill:var(--lf-000000);"
        "stroke-linejoin:round;stroke-linecap:butt}"
    )
    line = " &emsp; ".join(f"{words(k)} <b>{escape(v)}</b>" for k, v in readouts.items())
    return f'<div class="lf-live"><style>{style}</style>{html}</div>', line, found


def words(text: str) -> str:
    """The markup of captions with math between dollars, as every Jupyter front end sets it."""
    pieces = split_math(inline(text))
    return "".join(f"${escape(piece)}$" if i % 2 else piece for i, piece in enumerate(pieces))


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


#: a published figure in a cell's output, between these, as the Sphinx extension reads it
FOR_SPHINX = '<script type="application/vnd.live-figure+json">', "</script>"
#: the settings under which the script and the style sheet were displayed; new ones bring them anew
_brought: Settings | None = None


def show_published(figure: LiveFigure) -> None:
    """Display a published figure; the first of a notebook brings the script and the style sheet."""
    from IPython.display import display

    global _brought
    now = settings()
    if now.publish == "sphinx":
        html = figure.to_json().join(FOR_SPHINX)
    else:
        html = figure.html(inline=_brought is not now)
        _brought = now
    display({"text/html": html, "text/plain": figure.alt}, raw=True)
