"""The second drawing of a figure, for narrow screens: the same artists on less width, panels one below the other.

Once a state is drawn wide, its `Figure` is set anew: its grid becomes a column, letters get a least size, labels are
broken into lines, ticks that would touch are thinned, and what would leave the picture or lie on another label moves
by as little as it takes. The author's numbers are not worked out again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

import matplotlib.text
import matplotlib.ticker
from matplotlib.cbook import is_math_text
from matplotlib.gridspec import GridSpec, GridSpecFromSubplotSpec
from matplotlib.transforms import Affine2D, Bbox

from .controls import LiveFigureError

__all__: list[str] = []

WIDTH = 276.0  #: px of the drawing; on a phone of 390 px each is 1.41
LETTER = (
    11 / 320
)  #: the smallest letter by the width of the drawing: 11 px on a screen of 320, 13 on one of 390
_HIGHEST = (
    1.75  #: height by width that a column of panels may have: a phone shows it with a slider below
)
_LOWEST = 0.86  #: that of a single one, if it has not been a strip on a wide screen
_END = 0.62  #: of the width of a panel: a label that begins after it names the end of a line
_NEAR = 0.4  #: how far from a panel, by its size, a label beside it may be
_MARGIN = 1.5  #: px that a label keeps from the edge of the figure
_NUMBER = re.compile(r"[\s\d.,%+−$\\{}()a-z^×-]*\d[\s\d.,%+−$\\{}()a-z^×-]*")
_WORD = re.compile(r"(?:\$[^$]*\$|[^ $])+|\$")


def checked(figure: str, narrow: Any) -> tuple[float, float] | Literal[False] | None:
    """What `interact(narrow=...)` may hold: None, False, or a width and a height in inches."""
    if narrow is None:
        return None
    if narrow is False:
        return False
    sides = list(narrow) if isinstance(narrow, tuple | list) else []
    if len(sides) == 2 and all(
        isinstance(s, int | float) and not isinstance(s, bool) and math.isfinite(s) and s > 0
        for s in sides
    ):
        return float(sides[0]), float(sides[1])
    raise LiveFigureError(
        f"live figure '{figure}': narrow holds {narrow!r}; expected None (laid out by itself), a width and a "
        "height in inches, or False (no second drawing)"
    )


@dataclass(frozen=True)
class Form:
    """The size of a narrow drawing, and how the panels are set in it."""

    width: float  #: px, at 72 dpi
    height: float
    stacked: bool  #: the grid has other columns than the wide one

    @property
    def letter(self) -> float:
        """The smallest letter, in points."""
        return round(LETTER * self.width, 2)

    @classmethod
    def of(cls, fig: Any, size: tuple[float, float] | None) -> Form:
        """The form of a figure that is laid out wide; `size` in inches where the author says it."""
        width = 72 * size[0] if size else WIDTH
        wide, high = (72 * float(side) for side in fig.get_size_inches())
        cells = _cells(fig)
        if size is None and wide <= width:
            width = wide
        if not cells:  # one panel, or panels that only their author can set anew
            if any(ax.get_aspect() != "auto" for ax in fig.axes):
                height = high * width / wide + 14
            else:
                height = high * min(1.3, (wide / width) ** 0.66)
                height = max(height, min(_LOWEST * width, 1.6 * high))
            form = cls(width, height, False)
        else:
            rows = _rows(cells)
            total = sum(max(c.high for c in row) for row in rows)
            most = _HIGHEST * width
            form = cls(width, min(total, most), True)
        return replace(form, height=72 * size[1]) if size else form

    def rearrange(self, fig: Any) -> None:
        """Give the figure this size and, where they are to be stacked, its panels a new grid."""
        cells = _cells(fig) if self.stacked else []
        rows = _rows(cells)
        fig.set_size_inches(self.width / 72, self.height / 72)
        if not rows:
            return
        columns = max(map(len, rows))
        heights = [max(cell.high for cell in row) for row in rows]
        grid = GridSpec(len(rows), columns, figure=fig, height_ratios=heights)
        for i, row in enumerate(rows):
            for k, cell in enumerate(row):
                for ax in cell.axes:
                    ax.set_subplotspec(grid[i, k] if len(row) > 1 else grid[i, :])


@dataclass
class Cell:
    """A place of the wide grid, what is in it, and how high it is to be in the narrow one."""

    axes: list[Any]
    share: float  #: of the width
    high: float  #: px


def _cells(fig: Any) -> list[Cell]:
    """The cells of a figure with one grid that can be stacked, in reading order; else none."""
    placed = [(ax, ax.get_subplotspec()) for ax in fig.axes]
    grids = {id(s.get_gridspec()): s.get_gridspec() for _, s in placed if s is not None}
    if len(grids) != 1 or any(s is None for _, s in placed) or fig.subfigs:
        return []
    (grid,) = grids.values()
    if isinstance(grid, GridSpecFromSubplotSpec) or any(
        getattr(ax, "_colorbar", None) is not None for ax in fig.axes
    ):
        return []
    if grid.nrows * grid.ncols == 1:
        return []
    widths, heights = ((r or [1] * n) for r, n in _ratios(grid))
    high = 72 * fig.get_size_inches()[1]
    found: dict[tuple[int, int, int, int], Cell] = {}
    for ax, spec in placed:
        place = (
            spec.rowspan.start,
            spec.colspan.start,
            spec.rowspan.stop,
            spec.colspan.stop,
        )
        if place not in found:
            share = sum(widths[place[1] : place[3]]) / sum(widths)
            tall = high * sum(heights[place[0] : place[2]]) / sum(heights)
            found[place] = Cell([], share, tall * _growth(share, ax))
        found[place].axes.append(ax)
    return [cell for _, cell in sorted(found.items(), key=lambda item: item[0])]


def _ratios(grid: Any) -> list[tuple[list[float] | None, int]]:
    return [
        (grid.get_width_ratios(), grid.ncols),
        (grid.get_height_ratios(), grid.nrows),
    ]


def _growth(share: float, ax: Any) -> float:
    """How much higher a panel gets when it takes all the width, having had a share of it."""
    if ax.get_aspect() != "auto":
        return 1.0  # a map, whose height goes with its width
    return 1.15 if share > 0.9 else 0.9 if share > 0.4 else 0.85


def _rows(cells: list[Cell]) -> list[list[Cell]]:
    """One cell a row; of more than three small ones, two."""
    if len(cells) > 3 and all(cell.share <= 0.5 for cell in cells):
        return [cells[i : i + 2] for i in range(0, len(cells), 2)]
    return [[cell] for cell in cells]


# ------------------------------------------------------------------------------------ before the layout


def prepare(fig: Any, form: Form, renderer: Any) -> list[Any]:
    """Letters, hidden labels and line breaks, on a figure that is still laid out wide.

    Returns the labels inside a panel, for which a layout must make no room: they can move. One that begins near
    the right edge stands at the end of a line: the panel gives way to it, as to one above or under it.
    """
    inside = []
    for ax in _all_axes(fig):
        frame = ax.bbox
        for text in ax.texts:
            if text.get_visible() and text.get_text().strip():
                box = text.get_window_extent(renderer)
                begins = (box.x0 - frame.x0) / frame.width
                middle = (box.y0 + box.y1 - 2 * frame.y0) / (2 * frame.height)
                before = box.x0 + box.x1 < 2 * frame.x0
                ends = (box.x1 - frame.x0) / frame.width
                beside = ends > -_NEAR if before else _END <= begins < 1 + _NEAR
                apart = box.y0 >= frame.y1 or box.y1 <= frame.y0  # above the panel or under it
                over = apart and begins < 1 and ends > -1
                if not (
                    (beside or over) and -_NEAR < middle < 1 + _NEAR
                ):  # farther out, it is not to be seen
                    inside.append(text)
    _enlarge(fig, form.letter)
    if form.stacked:
        for ax in fig.axes:
            _unhide(ax)
        _name_below([ax for cell in _cells(fig) for ax in cell.axes])
    across = form.width - 46
    for ax in fig.axes:
        titles = ax.title, ax._left_title, ax._right_title
        for text in (*titles, ax.xaxis.label):
            _wrap(text, across, renderer)
        for text in ax.texts:
            _wrap(text, (0.8 if text in inside else 0.34) * form.width, renderer)
    for text in fig.texts:
        _wrap(text, form.width - 8, renderer)
    return inside


def _all_axes(fig: Any) -> Iterator[Any]:
    for ax in fig.axes:
        yield ax
        yield from ax.child_axes


def _enlarge(fig: Any, least: float) -> None:
    """No letter below a size."""
    rc: dict[Any, Any] = matplotlib.rcParams
    for ax in _all_axes(fig):
        for name, axis in ax._axis_map.items():
            for which in ("major", "minor"):
                style = axis.get_tick_params(which=which)
                size = style.get("labelsize", rc[f"{name}tick.labelsize"])
                if _points(size) < least:
                    axis.set_tick_params(which=which, labelsize=least)
            _at_least(axis.label, least)
            _at_least(axis.offsetText, least)
        for text in (ax.title, ax._left_title, ax._right_title, *ax.texts):
            _at_least(text, least)
        others = [a for a in ax.artists if not isinstance(a, matplotlib.text.Text)]
        for artist in (*others, *ax.tables, *filter(None, [ax.get_legend()])):
            for text in artist.findobj(matplotlib.text.Text):
                _at_least(text, least)
    for artist in (*fig.texts, *fig.legends):
        for text in artist.findobj(matplotlib.text.Text):
            _at_least(text, least)


def _points(size: Any) -> float:
    if isinstance(size, int | float):
        return size
    return matplotlib.font_manager.FontProperties(size=size).get_size_in_points()


def _at_least(text: Any, least: float) -> None:
    if text.get_fontsize() < least:
        text.set_fontsize(least)


def _unhide(ax: Any) -> None:
    """Labels that stood for those of a neighbor, which is elsewhere now."""
    for name, side in (("y", "left"), ("x", "bottom")):
        axis = getattr(ax, f"{name}axis")
        if axis.get_tick_params().get(f"label{side}", True):
            continue
        group = getattr(ax, f"get_shared_{name}_axes")().get_siblings(ax)
        for other in group:
            theirs = getattr(other, f"{name}axis")
            if other is ax or not theirs.get_tick_params().get(f"label{side}", True):
                continue
            if _on_the_same(other, ax, name):
                axis.set_tick_params(which="major", **{f"label{side}": True})
                if not axis.label.get_text():
                    axis.label.set_text(theirs.label.get_text())
                break


def _name_below(axes: list[Any]) -> None:
    """The one name of an x axis that all panels have stands under the last of them."""
    named = [ax for ax in axes if ax.get_xlabel()]
    if len(named) == 1 and named[0] is not axes[-1] and len({ax.get_xlim() for ax in axes}) == 1:
        label = named[0].xaxis.label
        axes[-1].set_xlabel(
            label.get_text(), fontproperties=label.get_fontproperties(), color=label.get_color()
        )
        named[0].set_xlabel("")


def _on_the_same(one: Any, other: Any, name: str) -> bool:
    """Whether two panels were in one row of the wide grid (for y) or in one column (for x), and apart."""
    a, b = one.get_position(original=True), other.get_position(original=True)
    if name == "y":
        return min(a.y1, b.y1) > max(a.y0, b.y0) and not _same(a, b)
    return False  # panels of one column are still above each other


def _same(a: Any, b: Any) -> bool:
    return bool(abs(a.x0 - b.x0) < 1e-6 and abs(a.y0 - b.y0) < 1e-6)


def _wrap(text: Any, width: float, renderer: Any) -> None:
    """Break a text at spaces into lines that are no wider."""
    said = text.get_text()
    if " " not in said or not text.get_visible():
        return

    def wide(line: str) -> float:
        math_text = "TeX" if text.get_usetex() else text.get_parse_math() and is_math_text(line)
        size: float = renderer.get_text_width_height_descent(
            line, text.get_fontproperties(), math_text
        )[0]
        return size

    if text.get_rotation() % 180 or all(wide(line) <= width for line in said.split("\n")):
        return
    lines: list[str] = []
    for paragraph in said.split("\n"):
        line = ""
        for word in _WORD.findall(paragraph):
            longer = f"{line} {word}" if line else word
            if line and wide(longer) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    text.set_text("\n".join(lines))


# ------------------------------------------------------------------------------------ after it


def settle(fig: Any, renderer: Any) -> None:
    """Ticks that do not touch, and every label inside the figure and beside the others."""
    for ax in fig.axes:
        _wrap_upright(ax, renderer)
        _thin(ax, renderer)
    width, height = fig.bbox.width, fig.bbox.height
    room = Bbox.from_extents(_MARGIN, _MARGIN, width - _MARGIN, height - _MARGIN)
    labels = []
    for ax in _all_axes(fig):
        for text in (ax.title, ax._left_title, ax._right_title):
            if text.get_text().strip():
                _pull_in(text, room, renderer)
        for text in ax.texts:
            if _seen(text, ax):
                labels.append(Label(text, text.get_window_extent(renderer)))
    for label in labels:
        label.move(*_way_in(label.box, room))
    _part(labels, room)
    for label in labels:
        label.write()


def _wrap_upright(ax: Any, renderer: Any) -> None:
    """A label along the y axis that is longer than the panel, in two lines."""
    label = ax.yaxis.label
    if label.get_rotation() != 90 or " " not in label.get_text():
        return
    label.set_rotation(0)
    _wrap(label, ax.bbox.height + 14, renderer)
    label.set_rotation(90)


def _seen(text: Any, ax: Any) -> bool:
    if not text.get_visible() or not text.get_text().strip() or text.get_alpha() == 0:
        return False
    return not (text.get_clip_on() and text.get_clip_box() is not None)


@dataclass
class Label:
    """A text in a panel, and where it is to go."""

    text: Any
    box: Any
    right: float = 0.0
    up: float = 0.0

    def move(self, right: float, up: float) -> None:
        self.right, self.up = self.right + right, self.up + up
        self.box = self.box.translated(right, up)

    def write(self) -> None:
        if abs(self.right) < 0.05 and abs(self.up) < 0.05:
            return
        _shift(self.text, self.right, self.up)


def _shift(text: Any, right: float, up: float) -> None:
    """Move a text by so many px, whatever its place is measured in."""
    if isinstance(text, matplotlib.text.Annotation):
        if text.anncoords in ("offset points", "offset pixels"):  # px are points at 72 dpi
            text.xyann = (text.xyann[0] + right, text.xyann[1] + up)
        elif text.anncoords == "data" and text.axes is not None:
            x, y = text.axes.transData.transform(
                (text.convert_xunits(text.xyann[0]), text.convert_yunits(text.xyann[1]))
            )
            text.xyann = tuple(text.axes.transData.inverted().transform((x + right, y + up)))
        return
    text.set_transform(text.get_transform() + Affine2D().translate(right, up))


def _way_in(box: Any, room: Any) -> tuple[float, float]:
    """How far a box must move to be in a room; it is not moved if it is all outside, or does not fit."""
    if box.x1 < room.x0 or box.x0 > room.x1 or box.y1 < room.y0 or box.y0 > room.y1:
        return 0.0, 0.0
    right = max(room.x0 - box.x0, 0.0) or min(room.x1 - box.x1, 0.0)
    up = max(room.y0 - box.y0, 0.0) or min(room.y1 - box.y1, 0.0)
    return right, up


def _pull_in(text: Any, room: Any, renderer: Any) -> None:
    right, _ = _way_in(text.get_window_extent(renderer), room)
    if abs(right) > 0.05:
        text.set_transform(text.get_transform() + Affine2D().translate(right, 0))


def _part(labels: list[Label], room: Any) -> None:
    """Move labels that lie on each other apart, both by half of the shortest way."""
    for _ in range(12):
        moved = False
        for i, one in enumerate(labels):
            for other in labels[:i]:
                across = min(one.box.x1, other.box.x1) - max(one.box.x0, other.box.x0)
                along = min(one.box.y1, other.box.y1) - max(one.box.y0, other.box.y0)
                # letters are narrower on a page, and lower than their line
                if across <= 2 or along <= 2:
                    continue
                if min(
                    across / one.box.width, across / other.box.width
                ) > 0.98 and along > 0.98 * min(one.box.height, other.box.height):
                    continue  # one upon the other on purpose
                moved = True
                if along <= across:
                    sign = 1 if one.box.y0 + one.box.y1 >= other.box.y0 + other.box.y1 else -1
                    step = 0.0, sign * (along / 2 - 0.9)
                else:
                    sign = 1 if one.box.x0 + one.box.x1 >= other.box.x0 + other.box.x1 else -1
                    step = sign * (across / 2 - 0.9), 0.0
                one.move(*step)
                other.move(-step[0], -step[1])
                for label in (one, other):
                    label.move(*_way_in(label.box, room))
        if not moved:
            return


def _thin(ax: Any, renderer: Any) -> None:
    """Fixed ticks of the x axis whose labels would touch: of numbers every second stays, words are broken."""
    axis = ax.xaxis
    locator = axis.get_major_locator()
    if not isinstance(locator, matplotlib.ticker.FixedLocator | matplotlib.ticker.MultipleLocator):
        return
    if not axis.get_tick_params().get("labelbottom", True) or not axis.get_visible():
        return
    places = [p for p in locator() if min(ax.get_xlim()) <= p <= max(ax.get_xlim())]
    said = [str(text) for text in axis.get_major_formatter().format_ticks(places)]
    at = (
        [ax.transData.transform((p, 0))[0] for p in places]
        if ax.get_yscale() == "linear"
        else [ax.get_xaxis_transform().transform((p, 0))[0] for p in places]
    )
    style = axis.get_tick_params()
    prop = matplotlib.font_manager.FontProperties(
        size=style.get("labelsize", matplotlib.rcParams["xtick.labelsize"])
    )

    def wide(text: str) -> float:
        return max(
            renderer.get_text_width_height_descent(line, prop, is_math_text(line))[0]
            for line in text.split("\n")
        )

    def touch(keep: list[int]) -> bool:
        return any(
            at[b] - at[a] < 0.88 * (wide(said[a]) + wide(said[b])) / 2 + 3
            for a, b in pairwise(keep)
        )

    shown = [i for i in sorted(range(len(places)), key=at.__getitem__) if said[i].strip()]
    if len(shown) < 2 or not touch(shown):
        return
    if all(_NUMBER.fullmatch(said[i]) for i in shown):
        for step in (2, 3, 4, 5):
            keep = shown[::step]
            if not touch(keep):
                break
        axis.set_ticks([places[i] for i in keep], [said[i] for i in keep])
    elif any(" " in said[i] for i in shown):
        said = [text.replace(" ", "\n") for text in said]
        axis.set_ticks(places, said)
