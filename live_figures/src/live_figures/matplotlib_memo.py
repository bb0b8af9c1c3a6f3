"""What matplotlib works out anew in each drawing, though it comes out the same: remembered.

How a text is laid out, how a style reads in CSS, and how a mark is written depend on little, and most of it recurs
in every state of a figure. What each depends on is its key here; whatever is less than common is left to matplotlib.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import matplotlib
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

__all__: list[str] = []

_OF_FONTS = [
    name for name in matplotlib.rcParams if name.startswith(("font.", "mathtext.", "text."))
]
_MANY = 50_000  #: entries after which a memory is emptied

_STYLES: dict[tuple, dict[str, str]] = {}
_MARKS: dict[tuple, str] = {}

#: the layouts of texts, by the settings of their fonts and what measures them
_LAYOUTS: dict[tuple, dict[tuple, tuple]] = {}
#: those that hold for a renderer: like matplotlib, we take it that one renderer has one set of settings
_OF_RENDERER: WeakKeyDictionary[Any, dict[tuple, tuple]] = WeakKeyDictionary()


def _kept(memory: dict, key: tuple, work_out: Callable) -> Any:
    if key not in memory:
        if len(memory) >= _MANY:
            memory.clear()
        memory[key] = work_out()
    return memory[key]


def fonts() -> str:
    """All settings that the look of a text depends on: a key."""
    return repr([matplotlib.rcParams[name] for name in _OF_FONTS])


def _layouts(renderer: Any) -> dict[tuple, tuple]:
    if renderer not in _OF_RENDERER:
        key = type(renderer), renderer.points_to_pixels(1.0), fonts()
        _OF_RENDERER[renderer] = _LAYOUTS.setdefault(key, {})
    return _OF_RENDERER[renderer]


def text_layout() -> Callable:
    """`Text._get_layout`: the box of a text and the places of its lines, by text, font, rotation and alignment."""
    original = Text._get_layout  # type: ignore[attr-defined]

    def get_layout(self: Any, renderer: Any) -> tuple:
        if self.get_wrap() or self.get_usetex():
            return original(self, renderer)
        key = (
            self._text,
            hash(self._fontproperties),
            self.get_figure(root=True).dpi,
            self.get_rotation(),
            self.get_rotation_mode(),
            self._horizontalalignment,
            self._verticalalignment,
            self._get_multialignment(),
            self._linespacing,
            self.get_parse_math(),
        )
        box, lines, corner = _kept(_layouts(renderer), key, lambda: original(self, renderer))
        return box.frozen(), list(lines), corner

    return get_layout


def _css(parts: dict[str, str]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in parts.items())


def _number(x: float) -> str:
    return f"{x:f}".rstrip("0").rstrip(".")


def style_of() -> Callable:
    """`RendererSVG._get_style_dict`: the style of a line or an area, by all that it is made of."""
    original = RendererSVG._get_style_dict

    def get_style_dict(self: Any, gc: Any, color: Any) -> dict[str, str]:
        if gc.get_hatch() is not None:  # that is defined anew in each drawing
            return original(self, gc, color)
        start, dashes = gc.get_dashes()
        key = (
            None if color is None else tuple(color),
            tuple(gc.get_rgb()),
            gc.get_forced_alpha(),
            gc.get_alpha(),
            start,
            None if dashes is None else tuple(dashes),
            gc.get_linewidth(),
            gc.get_joinstyle(),
            gc.get_capstyle(),
        )
        return dict(_kept(_STYLES, key, lambda: original(self, gc, color)))

    return get_style_dict


def marks() -> Callable:
    """`RendererSVG.draw_markers`: a single mark, as on an axis, is written without a search for what is cut off."""
    original = RendererSVG.draw_markers

    def draw_markers(
        self: Any,
        gc: Any,
        mark: Any,
        shape: Any,
        path: Any,
        trans: Any,
        color: Any = None,
    ) -> None:
        if len(path.vertices) != 1 or gc.get_url() is not None:
            return original(self, gc, mark, shape, path, trans, color)
        (across, to_x, left), (to_y, up, bottom) = trans.get_matrix()[:2].tolist()
        x, y = path.vertices[0].tolist()
        # in the order of matplotlib's own sums, turned upside down
        x, y = x * across + y * to_x + left, x * -to_y + y * -up + (self.height - bottom)
        if not (0 < x < self.width and 0 < y < self.height):
            return original(self, gc, mark, shape, path, trans, color)
        codes = None if mark.codes is None else mark.codes.tobytes()
        key = mark.vertices.tobytes(), codes, shape.get_matrix().tobytes()
        turned = Affine2D().scale(1.0, -1.0)
        data = _kept(_MARKS, key, lambda: self._convert_path(mark, shape + turned, simplify=False))
        parts = self._get_style_dict(gc, color)
        style = _css(parts)
        name = self._markers.get((data, style))
        if name is None:
            name = self._markers[data, style] = self._make_id("m", (data, style))
            self.writer.start("defs")
            stroke = _css({k: v for k, v in parts.items() if k.startswith("stroke")})
            self.writer.element("path", id=name, d=data, style=stroke)
            self.writer.end("defs")
        self.writer.start("g", **self._get_clip_attrs(gc))
        place = {"xlink:href": f"#{name}", "x": _number(x), "y": _number(y), "style": style}
        self.writer.element("use", attrib=place)
        self.writer.end("g")

    return draw_markers
