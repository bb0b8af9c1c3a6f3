"""From a matplotlib figure to a small tree of SVG elements that can be compared with another one.

`render` draws once (``Figure.savefig`` draws twice), text stays text, a formula becomes one path, and every
coordinate is rounded, so that equal things are equal as strings.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from typing import Any
from xml.etree import ElementTree

import matplotlib
import numpy as np
from matplotlib import _path
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.collections import PathCollection
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import TextToPath

from .controls import signed
from .matplotlib_memo import fonts
from .svg_simplify import simplify
from .svg_tree import COORDINATES, STEP, Node, is_coordinates, rounded, show_coordinate
from .theme import use_variables

__all__: list[str] = []

_FAR = 20  #: how many times the size of the figure a curve may run out of it

RC: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "live-figure", "path.simplify": False}

#: matplotlib's list of sans-serif fonts: on a page, a figure is set in the font of the page
_SANS = re.compile(r"font-family:[^;]*sans-serif;?")
#: a page can enlarge all letters, for a narrow screen: `live-figure { --lf-text: 1.1 }`
_SIZE = re.compile(r"font-size:([\d.]+px)")
_REFERENCE = re.compile(r"url\(#([^)]+)\)|^#(.+)$")

_TEXT_TO_PATH = TextToPath()
#: how large a text is and how a formula is outlined, by the settings of their fonts: most recur in all states
_SIZES: dict[str, dict[tuple, tuple[float, float, float]]] = {}
_FORMULAS: dict[str, dict[tuple, str]] = {}


class _Renderer(RendererSVG):
    """RendererSVG that keeps text as text, for the reader's font and screen reader, but draws math
    as a path, since no page has the math fonts of matplotlib."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.boxes: list[tuple[str, Any]] | None = None
        # one for all states: it remembers the math that it has parsed, and log axes are full of it
        self._text2path = _TEXT_TO_PATH
        key = fonts()
        self._sizes = _SIZES.setdefault(key, {})
        self._formulas = _FORMULAS.setdefault(key, {})

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> Any:
        key = s, hash(prop), ismath
        if key not in self._sizes:
            self._sizes[key] = super().get_text_width_height_descent(s, prop, ismath)
        return self._sizes[key]

    def _convert_path(
        self,
        path: Path,
        transform: Any = None,
        clip: Any = None,
        simplify: Any = None,
        sketch: Any = None,
    ) -> str:
        if not clip:
            return super()._convert_path(path, transform, clip, simplify, sketch)
        # cut at the edge of the figure, a curve would have other points in each state; far outside is soon enough
        width, height = _FAR * self.width, _FAR * self.height
        box = (-width, -height, self.width + width, self.height + height)
        codes = [b"M", b"L", b"Q", b"C", b"z"]
        convert: Any = _path.convert_to_string  # type: ignore[attr-defined]
        return convert(path, transform, box, simplify, sketch, 6, codes, False).decode("ascii")

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        if self.boxes is not None and mtext is not None:
            self.boxes.append((mtext.get_text(), mtext.get_window_extent(self)))
        clip = self._get_clip_attrs(gc)
        if clip:
            self.writer.start("g", **clip)
        if "-" in s and not ismath:
            s = signed(s)
        if ismath:
            self._draw_formula(gc, x, y, s, prop, angle, ismath)
        else:
            self._draw_text_as_text(gc, x, y, s, prop, angle, ismath, mtext)
        if clip:
            self.writer.end("g")

    def _draw_formula(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any
    ) -> None:
        """All letters as one path: a browser keeps a system of coordinates for each copy of a letter."""
        key = s, hash(prop), ismath
        if key not in self._formulas:
            self._formulas[key] = outline(*self._text2path.get_text_path(prop, s, ismath))
        scale = prop.get_size_in_points() / self._text2path.FONT_SCALE
        color = matplotlib.colors.to_hex(gc.get_rgb())
        alpha = gc.get_alpha() if gc.get_forced_alpha() else gc.get_rgb()[3]
        style = [f"fill: {color}"] if color != "#000000" else []
        style += [f"opacity: {alpha:g}"] if alpha != 1 else []
        place = " ".join(show_coordinate(round(STEP * n)) for n in (x, y))
        turned = f" rotate({-angle:g})" if angle else ""
        self.writer.element(
            "path",
            d=self._formulas[key],
            style="; ".join(style),
            transform=f"translate({place}){turned} scale({scale:g} {-scale:g})",
        )


_CURVES = {
    Path.MOVETO: ("m", 1),
    Path.LINETO: ("l", 1),
    Path.CURVE3: ("q", 2),
    Path.CURVE4: ("c", 3),
}


def outline(vertices: np.ndarray, codes: np.ndarray) -> str:
    """A path to a tenth of a unit, each point from the one before: letters that recur compress to nothing."""
    points = np.rint(np.asarray(vertices) * 10).astype(int)
    parts, at, start, i = [], np.zeros(2, int), np.zeros(2, int), 0
    while i < len(points):
        if codes[i] == Path.CLOSEPOLY:
            parts.append("z")
            at, i = start, i + 1
            continue
        letter, count = _CURVES[codes[i]]
        steps = (points[i : i + count] - at).ravel().tolist()
        parts.append(letter + " ".join(f"{n / 10:g}" for n in steps))
        at = points[i + count - 1]
        start = at if letter == "m" else start
        i += count
    return "".join(parts)


def formula(tex: str, label: str) -> str:
    """A formula as a small SVG for a line of text, or an empty text where matplotlib does not know its TeX.

    `label` is what a screen reader says.
    """
    prop = FontProperties(size=10)
    try:
        width, height, descent = _TEXT_TO_PATH.get_text_width_height_descent(f"${tex}$", prop, True)
        path = outline(*_TEXT_TO_PATH.get_text_path(prop, f"${tex}$", ismath=True))
    except (ValueError, RuntimeError):
        return ""
    unit = _TEXT_TO_PATH.FONT_SCALE
    across, up, down = (n * unit / 10 for n in (width, height - descent, descent))
    return (
        f'<svg role="img" viewBox="0 {-up:.0f} {across:.0f} {up + down:.0f}" '
        f'style="display:inline;margin:0;width:{width / 10:.2f}em;height:{height / 10:.2f}em;'
        f'vertical-align:{-descent / 10:.2f}em"><title>{escape(label)}</title>'
        f'<path transform="scale(1 -1)" d="{path}"/></svg>'
    )


def render(fig: Any, boxes: list[tuple[str, Any]] | None = None) -> str:
    """The figure as matplotlib writes it: SVG with one user unit a CSS pixel at 72 dpi.

    `boxes` takes the texts as they are drawn, and where they are.
    """
    width, height = (72 * side for side in fig.get_size_inches())
    stream = io.StringIO()
    with matplotlib.rc_context(RC):
        fig.dpi = 72
        whole_marks(fig)
        renderer = _Renderer(width, height, stream, image_dpi=144, metadata={"Date": None})
        renderer.boxes = boxes
        fig.draw(renderer)
        renderer.finalize()
    return _panels(fig, stream.getvalue())


@contextlib.contextmanager
def measuring(fig: Any) -> Iterator[Any]:
    """Within it, a renderer that measures the texts of a figure as `render` does."""
    with matplotlib.rc_context(RC):
        fig.dpi = 72
        yield _Renderer(1, 1, io.StringIO(), image_dpi=144, metadata={"Date": None})


def whole_marks(fig: Any) -> None:
    """Points on the frame of their axes are drawn whole, and those beyond it not at all."""
    for ax in fig.axes:
        if ax.name != "rectilinear":
            continue
        for line in ax.lines:
            if line.get_marker() not in _NO_MARKER and _cut_by(ax, line, line.get_transform()):
                out = _outside(
                    ax, *np.broadcast_arrays(line.get_xdata(False), line.get_ydata(False))
                )
                alone = line.get_linestyle() in _NO_MARKER and line.get_markevery() is None
                handle = str(line.get_gid()).startswith(HANDLE)  # its place is read in every state
                if out.any() and alone and not handle and not out.all():
                    x, y = line.get_data()
                    line.set_data(np.asarray(x)[~out], np.asarray(y)[~out])
                    line.set_clip_on(False)
                elif not out.any():
                    line.set_clip_on(False)
        for dots in ax.collections:
            ours = type(dots) is PathCollection
            if ours and _cut_by(ax, dots, dots.get_offset_transform()):
                dots.set_clip_on(bool(_outside(ax, *np.asarray(dots.get_offsets()).T).any()))


#: the name of a marker that can be dragged begins so
HANDLE = "handle:"
_NO_MARKER = (None, "None", "none", "", " ")


def _cut_by(ax: Any, artist: Any, transform: Any) -> bool:
    """Whether an artist that is placed by data is cut off at the frame, as is the default."""
    box = artist.get_clip_box() if artist.get_clip_on() and transform is ax.transData else None
    return box is not None and bool(np.abs(box.extents - ax.bbox.extents).max() < 1e-6)


def _outside(ax: Any, x: Any, y: Any) -> Any:
    found = np.zeros(len(x), dtype=bool)
    for values, limits in ((x, ax.get_xlim()), (y, ax.get_ylim())):
        low, high = min(limits), max(limits)
        slack = 1e-9 * (high - low)
        values = np.asarray(values)
        if values.dtype.kind in "biuf":
            found |= (values < low - slack) | (values > high + slack)
        else:  # dates and words
            found |= True
    return found


def _panels(fig: Any, svg: str) -> str:
    """The SVG in which each handle says where its axes are: left, top, width, height."""
    for ax in fig.axes:
        for line in ax.lines:
            name = str(line.get_gid())
            if name.startswith(HANDLE):
                box = ax.bbox
                sides = box.x0, fig.bbox.height - box.y1, box.width, box.height
                panel = " ".join(show_coordinate(round(STEP * side)) for side in sides)
                found = rf'id="{re.escape(name)}"(?! data-panel)'
                svg = re.sub(found, f'id="{name}" data-panel="{panel}"', svg, count=1)
    return svg


def lay_out(fig: Any) -> None:
    """Place everything in the figure as `render` would, without writing it."""
    with matplotlib.rc_context(RC):
        fig.dpi = 72
        engine = fig.get_layout_engine()
        if engine is None:
            fig.draw_without_rendering()
        else:  # what a drawing would do first; the rest of it moves nothing
            engine.execute(fig)


@lru_cache(5_000)
def _style(text: str) -> str:
    text = _SANS.sub("", text.replace(": ", ":").replace("; ", ";"))
    return use_variables(_SIZE.sub(r"font-size:calc(\1*var(--lf-text,1))", text))


def tree(svg: str, prefix: str) -> Node:
    """Parse matplotlib's SVG into a `Node`: no namespaces, colors as variables, ids made local, shapes simplified.

    `prefix` keeps the ids of two figures on a page apart.
    """
    root = ElementTree.fromstring(svg)
    ids: dict[str, str] = {}

    def local_id(name: str) -> str:
        if name not in ids:
            ids[name] = f"{prefix}-{len(ids)}"
        return ids[name]

    referenced = {
        m.group(1) or m.group(2)
        for element in root.iter()
        for name, value in element.attrib.items()
        if name not in COORDINATES
        for m in [_REFERENCE.search(value)]
        if m
    }

    def convert(element: ElementTree.Element) -> Node | None:
        tag = element.tag.rpartition("}")[2]
        if tag in ("metadata", "style"):
            return None
        attributes: dict[str, str] = {}
        base = ""
        colors: list[str] = []
        for name, value in element.attrib.items():
            name = name.rpartition("}")[2]  # xlink:href is href since SVG 2
            if name == "id" and value.startswith(HANDLE):
                attributes["data-handle"] = value.removeprefix(HANDLE)
                base = value
                continue
            if name == "id":  # the id of an image is a hash of its pixels
                base = tag if tag == "image" else re.sub(r"_?\d+$", "", value)
                if value in referenced:
                    attributes["id"] = local_id(value)
                    base = ""
                continue
            if name == "href" and value.startswith("#"):
                value = "#" + local_id(value[1:])
            elif "url(#" in value:
                value = re.sub(r"url\(#([^)]+)\)", lambda m: f"url(#{local_id(m.group(1))})", value)
            if name in ("fill", "stroke") and value.startswith("#"):
                colors.append(f"{name}:{use_variables(value)}")  # a variable needs a style
                continue
            if name == "style":
                value = _style(value)
            elif name == "transform" and value.startswith("rotate(-0 "):
                continue  # text that is not rotated
            elif is_coordinates(name, value):
                value = rounded(" ".join(value.split()))
            attributes[name] = value
        if colors:
            attributes["style"] = ";".join([*filter(None, [attributes.get("style")]), *colors])
        if tag == "svg":
            width, height = attributes["viewBox"].split()[2:]
            attributes = {"viewBox": attributes["viewBox"], "width": width, "height": height}
        children = [c for c in map(convert, element) if c is not None]
        text = element.text or ""
        return Node(tag, base, attributes, text if text.strip() else "", children)

    node = convert(root)
    assert node is not None
    simplify(node)
    return node
