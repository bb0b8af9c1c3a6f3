"""From a matplotlib figure to a small tree of SVG elements that can be compared with another one.

`render` draws once (``Figure.savefig`` draws twice), text stays text, formulas too (see `formulas`), and every
coordinate is rounded, so that equal things are equal as strings.
"""

from __future__ import annotations

import contextlib
import functools
import io
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

import matplotlib
import numpy as np
from matplotlib import _path
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.collections import PathCollection
from matplotlib.font_manager import weight_dict
from matplotlib.path import Path
from matplotlib.text import Text

from .controls import signed
from .formulas import TEXT_TO_PATH, Run, Spans, outline, pieces, stripped
from .matplotlib_memo import fonts
from .svg_simplify import one_link, simplify
from .svg_tree import COORDINATES, STEP, Node, is_coordinates, rounded, show_coordinate
from .theme import use_variables

__all__: list[str] = []

_SPACE = 0.25  #: the width of a space, by the size of the letters
_ANCHORS = {"center": (0.5, "middle"), "right": (1.0, "end")}
_FAR = 20  #: how many times the size of the figure a curve may run out of it

RC: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "live-figure", "path.simplify": False}

#: matplotlib's list of sans-serif fonts: on a page, a figure is set in the font of the page
_SANS = re.compile(r"font-family:[^;]*sans-serif;?")
#: a page can enlarge all letters, for a narrow screen: `live-figure { --lf-text: 1.1 }`
_SIZE = re.compile(r"font-size:([\d.]+px)")
_REFERENCE = re.compile(r"url\(#([^)]+)\)|^#(.+)$")

#: how large a text is and how a formula is outlined, by the settings of their fonts: most recur in all states
_SIZES: dict[str, dict[tuple, tuple[float, float, float]]] = {}
_FORMULAS: dict[str, dict[tuple, str]] = {}


class _Renderer(RendererSVG):
    """RendererSVG that keeps text as text, for the reader's font and screen reader."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.boxes: list[tuple[str, Any]] | None = None
        self.label: Any = None  #: the `Text` that is being drawn
        # one for all states: it remembers the math that it has parsed, and log axes are full of it
        self._text2path = TEXT_TO_PATH
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
        label = mtext or self.label
        if self.boxes is not None and label is not None:
            self.boxes.append((label.get_text(), label.get_window_extent(self)))
        clip = self._get_clip_attrs(gc)
        if clip:
            self.writer.start("g", **clip)
        url = gc.get_url()
        if url is not None:
            self.writer.start("a", {"xlink:href": url})
        if "-" in s and not ismath:
            s = signed(s)
        if ismath == "TeX":
            self._outline(gc, x, y, s, prop, angle, ismath)
        elif ismath:
            self._draw_label(gc, x, y, s, prop, angle, mtext)
        else:
            self._draw_runs(gc, x, y, (Run(s),), s, prop, angle, False, mtext)
        if url is not None:
            self.writer.end("a")
        if clip:
            self.writer.end("g")

    def _draw_label(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, mtext: Any
    ) -> None:
        """A label with formulas. Words beside a formula that must be outlined are anchored to it: they are
        of another width in the font of the page."""
        found = pieces(s)
        if all(piece.runs for piece in found):
            return self._draw_runs(gc, x, y, found[0].runs, s, prop, angle, True, mtext)
        turn, at = np.exp(-1j * np.deg2rad(angle)), complex(x, y)
        outlined = [i for i, piece in enumerate(found) if not piece.runs]
        for i, piece in enumerate(found):
            wide = self.get_text_width_height_descent(piece.tex, prop, True)[0]
            if piece.runs:
                # a space at the end of a line of text has no width
                runs, left, right = stripped(piece.runs)
                space = _SPACE * prop.get_size_in_points()
                if i < outlined[0]:
                    share, anchor = wide - right * space, "end"
                elif i > outlined[-1]:
                    share, anchor = left * space, ""
                else:
                    share, anchor = wide / 2, "middle"
                place = at + share * turn
                if runs:
                    self._write(gc, place, runs, prop, angle, anchor)
            else:
                self._outline(gc, at.real, at.imag, piece.tex, prop, angle, True)
            at += wide * turn

    def _draw_runs(
        self,
        gc: Any,
        x: float,
        y: float,
        runs: tuple[Run, ...],
        s: str,
        prop: Any,
        angle: float,
        ismath: bool,
        mtext: Any,
    ) -> None:
        """A line of text; one of several is anchored where all of them have their middle or their end."""
        place, anchor = complex(x, y), ""
        if mtext is None and self.label is not None:
            share, anchor = _ANCHORS.get(self.label._get_multialignment(), (0.0, ""))
            wide = self.get_text_width_height_descent(s, prop, ismath)[0] if share else 0.0
            place += share * wide * np.exp(-1j * np.deg2rad(angle))
        self._write(gc, place, runs, prop, angle, anchor, mtext)

    def _write(
        self,
        gc: Any,
        place: complex,
        runs: tuple[Run, ...],
        prop: Any,
        angle: float,
        anchor: str,
        mtext: Any = None,
    ) -> None:
        own: Any = self
        writer, weight = own.writer, prop.get_weight()
        bold = int(weight_dict.get(weight, weight)) > 500
        own.writer = Spans(writer, runs, bold, anchor)
        try:
            self._draw_text_as_text(gc, place.real, place.imag, "", prop, angle, False, mtext)
        finally:
            own.writer = writer

    def _outline(
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
        with _telling_labels():
            fig.draw(renderer)
        renderer.finalize()
    return _panels(fig, stream.getvalue())


@contextlib.contextmanager
def _telling_labels() -> Iterator[None]:
    """Within it, a `Text` of several lines tells the renderer that they are its own."""
    original = Text.draw

    @functools.wraps(original)
    def draw(self: Any, renderer: Any, *args: Any, **options: Any) -> None:
        renderer.label = self
        original(self, renderer, *args, **options)

    Text.draw = draw  # type: ignore[method-assign]
    try:
        yield
    finally:
        Text.draw = original  # type: ignore[method-assign]


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
            if name == "target":  # matplotlib opens every link in a new tab
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
        if tag == "tspan":  # runs of a kind are told from the others
            base = " ".join(map("=".join, attributes.items()))
        elif tag == "text" and children:
            base = "runs"
        text = element.text or ""
        node = Node(tag, base, attributes, text if text.strip() else "", children)
        if element.attrib.get("id", "").startswith("axes_"):
            one_link(node)
        return node

    node = convert(root)
    assert node is not None
    simplify(node)
    return node
