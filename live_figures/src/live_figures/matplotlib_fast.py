"""Drawing the same figure many times over, without what matplotlib works out more often than is needed.

An axis makes each of its ticks from nothing, five artists at a time, though all are alike, and alike in
the next drawing too; it finds them three times for one drawing and measures their labels twice, even where
nothing is placed beside them; and it copies the style of a mark atom by atom. What is drawn stays
the same to the last character: a test holds every kind of figure against matplotlib's own way.
"""

from __future__ import annotations

import contextlib
import copy
import threading
from collections.abc import Iterator
from functools import cache
from typing import Any

import matplotlib
from matplotlib.artist import allow_rasterization
from matplotlib.axes._base import _AxesBase
from matplotlib.axis import Axis, XAxis, XTick, YAxis, YTick
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.cbook import CallbackRegistry
from matplotlib.markers import MarkerStyle
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform

from . import matplotlib_memo

__all__: list[str] = []

#: the versions whose private parts were read; any other draws in its own way, which takes longer
KNOWN = matplotlib.__version_info__[:2] == (3, 11)
_LOCK = threading.RLock()  #: like pyplot, for one thread at a time


def _twin(artist: Any) -> Any:
    """A copy of an artist that no one has changed yet; what it holds is replaced, never changed in place."""
    new: Any = object.__new__(type(artist))
    new.__dict__.update(artist.__dict__)
    new._callbacks = CallbackRegistry(signals=["pchanged"])
    return new


def _twin_tick(tick: Any) -> Any:
    new = _twin(tick)
    for name in ("tick1line", "tick2line", "gridline", "label1", "label2"):
        setattr(new, name, _twin(getattr(tick, name)))
    for label in (new.label1, new.label2):
        label._fontproperties = label._fontproperties.copy()
    return new


def _all_but_grid(style: dict[str, Any], known: dict[str, Any]) -> bool:
    """True where two styles of ticks are the very same but for their grid lines, which can be switched."""
    return style.keys() == known.keys() and all(
        known[name] is value for name, value in style.items() if name != "gridOn"
    )


#: what a new tick looks up: its style is the same wherever these and what its axis asks for are the same
_LOOKED_UP = sorted(
    name
    for name in matplotlib.rcParams
    if name.startswith(
        ("xtick.", "ytick.", "grid.", "lines.", "markers.", "text.", "font.", "mathtext.")
    )
    or name in ("axes.grid", "axes.grid.which", "path.sketch", "path.snap", "path.effects")
)
#: ticks as they are made, with the settings that they were made in, by what else they were made of
_MODELS: dict[tuple, list[tuple[list, Any]]] = {}


def _new_tick(axis: Any, major: bool, style: dict[str, Any], make: Any) -> Any:
    """A tick as `make` makes it: a twin of one made earlier in the same style and settings, for whichever axes."""
    rc: dict[Any, Any] = matplotlib.rcParams
    settings = [dict.__getitem__(rc, name) for name in _LOOKED_UP]
    models = _MODELS.setdefault((axis._tick_class, major, repr(sorted(style.items()))), [])
    for known, tick in models:
        if known == settings:
            return _placed(_twin_tick(tick), axis.axes)
    tick = make(axis, major)
    if len(models) < 20:
        models.append((settings, _placed(_twin_tick(tick), None)))
    return tick


def _placed(tick: Any, axes: Any) -> Any:
    """The tick, in these axes: what `XTick` and `YTick` take from them when they are made."""
    tick.axes, tick._parent_figure = axes, axes and axes.get_figure(root=False)
    lines, labels = tick.get_children()[:3], tick.get_children()[3:]
    if axes is None:
        transforms = [IdentityTransform()] * 5
    else:
        of = axes.get_xaxis_transform if isinstance(tick, XTick) else axes.get_yaxis_transform
        texts = tick._get_text1_transform(), tick._get_text2_transform()
        transforms = [of("tick1"), of("tick2"), of("grid"), texts[0][0], texts[1][0]]
        for label, (_, vertical, horizontal) in zip(labels, texts, strict=True):
            label._verticalalignment, label._horizontalalignment = vertical, horizontal
    for artist, transform in zip([*lines, *labels], transforms, strict=True):
        artist._parent_figure = tick._parent_figure
        artist.set_transform(transform)
    return tick


def _tick_maker() -> Any:
    """`Axis._get_tick`, which makes a tick of a style once, and twins of it from then on."""
    original = Axis._get_tick  # type: ignore[attr-defined]
    first: dict[tuple[Any, bool], tuple[dict[str, Any], Any]] = {}

    def get_tick(self: Any, major: bool) -> Any:
        style = self._major_tick_kw if major else self._minor_tick_kw
        known, tick = first.get((self, major), ({}, None))
        if tick is not None and _all_but_grid(style, known):
            tick = _twin_tick(tick)
            tick.gridline.set_visible(bool(style["gridOn"]))
            return tick
        if self._tick_class not in (XTick, YTick) or style.get("gridOn") is None:
            return original(self, major)
        tick = _new_tick(self, major, style, original)
        first[self, major] = dict(style), _twin_tick(tick)
        return tick

    return get_tick


def _marker_setter() -> Any:
    """`MarkerStyle._set_marker`, by which a copy of a style shares what no style changes in place."""
    original = MarkerStyle._set_marker  # type: ignore[attr-defined]

    def set_marker(self: Any, marker: Any) -> None:
        other: Any = marker
        if not isinstance(marker, MarkerStyle):
            original(self, marker)
            return
        self.__dict__ = dict(other.__dict__)
        self._user_transform = copy.deepcopy(other._user_transform)
        if other._marker_function is not None:
            self._marker_function = getattr(self, other._marker_function.__name__)

    return set_marker


def _setting_getter() -> Any:
    """`RcParams.__getitem__`, without asking each time whether the backend has been chosen."""
    original: Any = matplotlib.RcParams.__getitem__
    straight = dict.__getitem__

    def getitem(self: Any, key: str) -> Any:
        return original(self, key) if key == "backend" else straight(self, key)

    return getitem


@contextlib.contextmanager
def _found_once(*axes: Any) -> Iterator[None]:
    """Within it, these axes find their ticks once, and measure the labels once, when first asked."""

    def keep(axis: Any) -> None:
        ticks, measure = cache(axis._update_ticks), axis._get_ticklabel_bboxes
        boxes = cache(lambda renderer: measure(ticks(), renderer))
        axis._update_ticks = ticks
        axis._get_ticklabel_bboxes = lambda _, renderer: boxes(renderer)

    plain = [axis for axis in axes if "_update_ticks" not in axis.__dict__]
    for axis in plain:
        keep(axis)
    try:
        yield
    finally:
        for axis in plain:
            del axis._update_ticks, axis._get_ticklabel_bboxes


@allow_rasterization
def _draw_axis(self: Any, renderer: Any) -> None:
    """`Axis.draw`, with the ticks found once, and measured only to place a label or an offset."""
    if not self.get_visible():
        return
    renderer.open_group("matplotlib.axis", gid=self.get_gid())
    with _found_once(self):
        ticks = self._update_ticks()
        for tick in ticks:
            tick.draw(renderer)
        if self.label.get_text():
            self._update_label_position(renderer)
        self.label.draw(renderer)
        offset = self.major.formatter.get_offset()
        if offset:
            self._update_offset_text_position(*self._get_ticklabel_bboxes(ticks, renderer))
        self.offsetText.set_text(offset)
        self.offsetText.draw(renderer)
    renderer.close_group("matplotlib.axis")
    self.stale = False


def _axes_measurer() -> Any:
    """`Axes.get_tightbbox`, which asks for the ticks up to four times, though only the title may move meanwhile."""
    original = _AxesBase.get_tightbbox

    def get_tightbbox(self: _AxesBase, renderer: Any = None, **options: Any) -> Any:
        with _found_once(*(a for a in self._axis_map.values() if type(a) in (XAxis, YAxis))):
            return original(self, renderer, **options)

    return get_tightbbox


@contextlib.contextmanager
def quick_drawing() -> Iterator[None]:
    """Within it, figures are made and drawn as matplotlib does, in about half the time."""
    if not KNOWN:
        yield
        return
    with _LOCK:
        patches = [
            (Axis, "_get_tick", _tick_maker()),
            (Axis, "draw", _draw_axis),
            (_AxesBase, "get_tightbbox", _axes_measurer()),
            (MarkerStyle, "_set_marker", _marker_setter()),
            (matplotlib.RcParams, "__getitem__", _setting_getter()),
            (Text, "_get_layout", matplotlib_memo.text_layout()),
            (RendererSVG, "_get_style_dict", matplotlib_memo.style_of()),
            (RendererSVG, "draw_markers", matplotlib_memo.marks()),
        ]
        originals = [(owner, name, getattr(owner, name)) for owner, name, _ in patches]
        for owner, name, quick in patches:
            setattr(owner, name, quick)
        try:
            yield
        finally:
            for owner, name, original in originals:
                setattr(owner, name, original)
