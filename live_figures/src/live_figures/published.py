"""A figure with all its states, drawn: as HTML, as one state's SVG, as a page of its own."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from . import cache, theme
from .controls import Control
from .drawing import count_states, default_state, draw_all, no_collecting
from .encoding import Merged, encode, merge
from .formulas import formula
from .handles import check_handles
from .html import (
    actions_of,
    alt_and_caption,
    caption_of,
    panel_of,
    readouts_of,
    split_math,
    spoken,
    write_svg,
)
from .narrow import checked
from .settings import settings

__all__ = ["LiveFigure", "assets"]


class Assets(NamedTuple):
    """The files that a page of live figures needs."""

    script: Path
    style: Path

    def html(self) -> str:
        """Both as HTML to stand before the first figure."""
        script, style = (path.read_text("utf-8") for path in self)
        return f"<style>{style}</style><script>{script}</script>"


_STATIC = Path(__file__).with_name("static")
#: the script and the style sheet of live figures
assets = Assets(_STATIC / "live-figure.js", _STATIC / "live-figure.css")

#: what a standalone SVG says itself, and the style sheet says of one on a page
_LOOK = "fill:{};font-family:sans-serif;stroke-linejoin:round;stroke-linecap:butt"
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body {{ margin: 1rem auto; padding: 0 1rem; max-width: 46rem; font-family: sans-serif }}</style>
{assets}</head>
<body>{figure}</body></html>
"""


@dataclass(frozen=True)
class LiveFigure:
    """A live figure with all its states, as `render` gives it.

    Parameters
    ----------
    name : str
        The name of the function that draws it, and the id of its element.
    alt : str
        The text alternative: the first paragraph of the function's docstring.
    caption : tuple of str
        The other paragraphs.
    count : int
        The number of states.
    role : {'img', 'group'}
        How a screen reader is to take the drawing: a group has handles to move.
    drawing : str
        The SVG of the default state, its colors CSS variables.
    rules : str
        The style rules that give these variables their light and their dark values.
    panel : str
        The HTML under the drawing: controls, readouts, caption.
    packed : str
        What the other states change, as JSON (see `live_figures.encoding`); empty for a still figure.
    narrow : str
        The SVG for narrow screens, as `drawing`; empty where there is none.
    narrow_packed : str
        What the other states change in it.
    seconds : float or None
        How long it took to draw; None where it was kept from an earlier time.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from live_figures import render
    >>> def line(k=1):
    ...     'A line of slope k.'
    ...     fig, ax = plt.subplots(figsize=(2, 1))
    ...     ax.plot([0, 1], [0, k])
    ...     return fig
    >>> figure = render(line, k=(1, 3))
    >>> figure.count, figure.alt, figure.states["n"]
    (3, 'A line of slope k.', [3])
    >>> figure.html(inline=False).startswith(figure.opening())
    True
    >>> figure.svg("dark")[:4], figure.save("/dev/null").name
    ('<svg', 'null')
    >>> LiveFigure.from_json(figure.to_json()) == figure
    True
    """

    name: str
    alt: str
    caption: tuple[str, ...]
    count: int
    role: str
    drawing: str
    rules: str
    panel: str
    packed: str
    narrow: str = ""
    narrow_packed: str = ""
    seconds: float | None = None

    @property
    def states(self) -> dict[str, Any]:
        """What the other states change, decoded; empty for a still figure."""
        return json.loads(self.packed) if self.packed else {}

    def opening(self, file: str = "", narrow_file: str = "") -> str:
        """The element up to the drawings, of which the style sheet shows one.

        Parameters
        ----------
        file, narrow_file : str, default ''
            The files of the states of both drawings, beside the script; without one they are inside the
            element.

        Returns
        -------
        str
            HTML; `panel` and the end of two elements follow it.
        """
        states = f' data-states="{escape(file)}"' if file else ""
        states += f' data-narrow="{escape(narrow_file)}"' if narrow_file else ""
        said = f' role="{self.role}" aria-label="{escape(self.alt)}">'
        drawings = self.drawing.replace(">", said, 1)
        if self.narrow:  # where no style sheet chooses, the wide one is there alone
            drawings = drawings.replace("<svg", '<svg class="lf-wide"', 1)
            small = self.narrow.replace("<svg", '<svg class="lf-narrow" display="none"', 1)
            drawings += small.replace(">", said, 1)
        return (
            f'<live-figure{states} id="{self.name}" data-count="{self.count}">'
            f"<style>{self.rules}</style><figure>{drawings}"
        )

    def html(self, inline: bool = True) -> str:
        """The figure as HTML that needs no kernel and no network.

        Parameters
        ----------
        inline : bool, default True
            Whether the script and the style sheet stand before it. Without them the page must bring
            them: `live_figures.assets` says where they are.

        Returns
        -------
        str
            One element, ``<live-figure>``, with all states inside it; formulas are drawn.
        """
        states = "".join(
            f'<script type="application/json" class="{kind}">{packed.replace("</", "<" + chr(92) + "/")}</script>'
            for kind, packed in (
                ("lf-states", self.packed),
                ("lf-narrow-states", self.narrow_packed),
            )
            if packed
        )
        panel = "".join(
            (formula(piece, spoken(piece)) or f"\\({escape(piece)}\\)") if i % 2 else piece
            for i, piece in enumerate(split_math(self.panel))
        )
        element = f"{self.opening()}{panel}</figure>{states}</live-figure>"
        return assets.html() + element if inline else element

    def svg(self, theme: str = "light") -> str:
        """The default state as an SVG that stands by itself.

        Parameters
        ----------
        theme : {'light', 'dark'}, default 'light'
            Whose colors it has. The ground is transparent.

        Returns
        -------
        str
            An SVG document.

        Raises
        ------
        ValueError
            If there is no such theme.
        """
        return standalone(self.drawing, self.rules, theme)

    def save(self, path: str | Path) -> Path:
        """Write a page that holds the figure and all that it needs, to be opened from a folder.

        Parameters
        ----------
        path : str or Path
            The file, as a rule ``*.html``.

        Returns
        -------
        Path
            The file.
        """
        path = Path(path)
        page = _PAGE.format(
            title=escape(self.name), assets=assets.html(), figure=self.html(inline=False)
        )
        path.write_text(page, "utf-8")
        return path

    def _repr_html_(self) -> str:
        return self.html()

    def to_json(self) -> str:
        """All fields as JSON that may stand inside a ``<script>``.

        Returns
        -------
        str
            JSON.
        """
        text = json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))
        return text.replace("</", "<\\/")

    @classmethod
    def from_json(cls, text: str) -> LiveFigure:
        """The figure that `to_json` wrote.

        Parameters
        ----------
        text : str
            JSON.

        Returns
        -------
        LiveFigure
            An equal figure.
        """
        found = json.loads(text)
        return cls(**{**found, "caption": tuple(found["caption"])})


def standalone(drawing: str, rules: str, name: str = "light") -> str:
    """The SVG of a figure on a page as one that stands by itself, in the colors of a theme."""
    if name not in ("light", "dark"):
        raise ValueError(f"theme holds {name!r}; expected 'light' or 'dark'")
    colors = theme.of_rules(rules, name)
    ink = f' style="{_LOOK.format(colors["#000000"])}">'
    drawing = re.sub(r"<(/?)a\b[^>]*>", r"<\1g>", drawing)  # a file leads nowhere
    return theme.fixed(drawing.replace(">", ink, 1), colors)


def draw(func: Callable, controls: list[Control], narrow: Any = None) -> LiveFigure:
    """Draw every state of `func`; `narrow` is what `interact` takes."""
    name = func.__name__
    alt, caption = alt_and_caption(func)
    count = count_states(name, controls)
    with no_collecting():
        drawn = draw_all(func, controls, name, narrow)
        default = default_state(controls)
        line, readings = readouts_of([state.readouts for state in drawn], default)
        group = check_handles(name, merged := merge([state.wide for state in drawn]), controls)
        drawing, packed = _packed(merged, controls, readings)
        small = [state.narrow for state in drawn if state.narrow is not None]
        beside = _packed(merge(small), controls, readings) if small else ("", "")
    colors = theme.used("".join((drawing, packed, *beside)))
    return LiveFigure(
        name=name,
        alt=alt,
        caption=tuple(caption),
        count=count,
        role="group" if group or "<a " in drawing else "img",
        drawing=drawing,
        rules=theme.rules(colors, "live-figure", settings().dark),
        panel=panel_of(name, controls) + line + caption_of(caption) + actions_of(name, controls),
        packed=packed if controls else "",
        narrow=beside[0],
        narrow_packed=beside[1] if controls else "",
    )


def _packed(merged: Merged, controls: list[Control], readings: list[Any]) -> tuple[str, str]:
    """The SVG of the default state, and what the others change, as JSON."""
    states = encode(merged, [len(c) for c in controls])
    states["r"] = readings
    packed = json.dumps(states, ensure_ascii=False, separators=(",", ":"))
    svg = write_svg(merged, default_state(controls), ' xmlns="http://www.w3.org/2000/svg"')
    return svg, packed


def publish(func: Callable, controls: list[Control], narrow: Any = None) -> LiveFigure:
    """The figure with every state of `func`: drawn, or kept from an earlier time (without `seconds`)."""
    look = sorted(theme.pairs().items()), settings().dark, checked(func.__name__, narrow)
    key = cache.key_of(func, controls, *look)
    kept = cache.load(func.__name__, key)
    if kept is not None:
        return LiveFigure.from_json(kept)
    started = time.perf_counter()
    figure = draw(func, controls, narrow)
    seconds = time.perf_counter() - started
    cache.store(func.__name__, key, figure.to_json())
    return replace(figure, seconds=round(seconds, 1))
