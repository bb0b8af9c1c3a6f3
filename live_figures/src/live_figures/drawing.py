"""Draw a function for every state of its controls, on all cores, with a progress bar."""

from __future__ import annotations

import contextlib
import functools
import gc
import inspect
import itertools
import math
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, NamedTuple

from . import narrow as narrow_drawing
from . import theme
from .controls import Control, LiveFigureError, signed
from .matplotlib_fast import quick_drawing
from .settings import settings
from .svg import lay_out, measuring, render, tree
from .svg_tree import Node

__all__: list[str] = []

_BATCH = 8  #: states a worker draws before it reports


def count_states(figure: str, controls: list[Control]) -> int:
    """The number of states; `LiveFigureError` with the cure where there are more than the settings allow."""
    count = math.prod(len(c) for c in controls)
    most = settings().max_states
    if count > most:
        product = " x ".join(f"{len(c)} ({c.name})" for c in controls)
        longest = max(controls, key=len)
        raise LiveFigureError(
            f"live figure '{figure}' has {product} = {count} states, and at most {most} are "
            f"published: take a larger step for '{longest.name}' (now {len(longest)} steps), "
            f"about {max(2, len(longest) * most // count)} steps would do"
        )
    return count


def all_values(controls: list[Control]) -> Iterator[dict[str, Any]]:
    """The arguments of each state, the last control fastest."""
    names = [c.name for c in controls]
    for combination in itertools.product(*(c.values for c in controls)):
        yield dict(zip(names, combination, strict=True))


def default_state(controls: list[Control]) -> int:
    """The place of the state that is shown first."""
    place = 0
    for control in controls:
        place = place * len(control) + control.default
    return place


def describe(values: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in values.items()) or "no controls"


def figure_of(figure: str, result: Any) -> tuple[Any, dict[str, str]]:
    """Split what the function returned into its figure and its readouts, as texts."""
    from matplotlib.figure import Figure

    readouts: Any = {}
    if isinstance(result, tuple) and len(result) == 2:
        result, readouts = result
    if not isinstance(result, Figure):
        raise LiveFigureError(
            f"live figure '{figure}': the function returned {type(result).__name__}; expected a "
            "matplotlib Figure, or a Figure and a dict of readouts (does it end in `return fig`?)"
        )
    if not isinstance(readouts, dict):
        raise LiveFigureError(
            f"live figure '{figure}': the readouts are a {type(readouts).__name__}; expected a dict "
            "from a label to a number or a text"
        )
    for label, value in readouts.items():
        if not isinstance(label, str) or not isinstance(value, str | Real):
            raise LiveFigureError(
                f"live figure '{figure}': the readouts hold {label!r}: {value!r}; expected a label "
                "and a number or a text"
            )
    return result, {label: readout_text(value) for label, value in readouts.items()}


#: the texts of a drawing, and where they are
Boxes = list[tuple[str, Any]]


def readout_text(value: Any) -> str:
    """A number as a reader wants it: three significant digits, a true minus sign."""
    if isinstance(value, str):
        return signed(value)
    if isinstance(value, Integral):
        text = str(value)
    elif not math.isfinite(value):
        text = "undefined" if math.isnan(value) else str(value).replace("inf", "∞")
    elif 1e-3 <= abs(value) < 1e6 or value == 0:
        digits = ".3g" if abs(value) < 999.5 else ".0f" if abs(value) < 9999.5 else ",.0f"
        text = format(value, digits)
    else:
        mantissa, exponent = f"{value:.2e}".split("e")
        powers = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
        text = f"{mantissa}×10{str(int(exponent)).translate(powers)}"
    return text.replace("-", "−")


@dataclass(frozen=True)
class Layout:
    """Where the axes of a figure are: solved once, they neither jump between states nor cost time again."""

    extents: list[tuple[float, float, float, float]]  #: left, bottom, right, top of each axes
    plain_titles: bool  #: no title had to make way for ticks or labels on top of its axes

    @classmethod
    def of(cls, fig: Any) -> Layout:
        return cls(
            [ax.get_position(original=True).extents.tolist() for ax in fig.axes],
            all(
                title.get_position()[1] == 1.0
                for ax in fig.axes
                for title in (ax.title, ax._left_title, ax._right_title)
            ),
        )

    def within(self, other: Layout) -> Layout:
        """Room for the labels of both, where they have the same axes; else this one."""
        if len(self.extents) != len(other.extents):
            return self
        extents = [
            (max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3]))
            for a, b in zip(self.extents, other.extents, strict=True)
        ]
        if any(right <= left or top <= bottom for left, bottom, right, top in extents):
            return self
        return Layout(extents, self.plain_titles and other.plain_titles)

    def apply(self, fig: Any) -> None:
        """Place the axes, where the figure would be laid out and has as many."""
        if fig.get_layout_engine() is not None and len(self.extents) == len(fig.axes):
            self.place(fig)

    def place(self, fig: Any) -> None:
        from matplotlib.transforms import Bbox

        fig.set_layout_engine("none")
        for ax, extents in zip(fig.axes, self.extents, strict=True):
            ax.set_position(Bbox.from_extents(*extents))


@dataclass(frozen=True)
class Plan:
    """How a figure is laid out, wide and narrow."""

    wide: Layout
    narrow: Layout | None = None  #: None where there is no narrow drawing
    form: narrow_drawing.Form | None = None  #: None where the function draws it: it takes `narrow`

    def draw_narrow(self, fig: Any, boxes: Boxes | None = None) -> str:
        """The narrow drawing of a figure that has been drawn wide."""
        assert self.form is not None and self.narrow is not None
        with measuring(fig) as renderer:
            narrow_drawing.prepare(fig, self.form, renderer)
            if len(self.narrow.extents) == len(fig.axes):
                fig.set_size_inches(self.form.width / 72, self.form.height / 72)
                self.narrow.place(fig)
            else:  # a state with other axes than the default
                solve_narrow(fig, self.form)
                fig.set_layout_engine("none")
            narrow_drawing.settle(fig, renderer)
        return render(fig, boxes)


def solve_narrow(fig: Any, form: narrow_drawing.Form, inside: Sequence[Any] = ()) -> Layout:
    """Lay a figure out in its narrow form, without room for the labels `inside` its panels."""
    form.rearrange(fig)
    for ax in fig.axes:
        ax.set_in_layout(True)  # a wide layout may have placed it
    for text in inside:
        text.set_in_layout(False)
    if any(ax.get_subplotspec() is not None for ax in fig.axes):
        fig.set_layout_engine("constrained")
        with warnings.catch_warnings():  # where nothing fits, the grid stays as it is
            warnings.filterwarnings("ignore", "constrained_layout not applied", UserWarning)
            lay_out(fig)
    return Layout.of(fig)


@contextlib.contextmanager
def _made(func: Callable, values: dict[str, Any], layout: Layout | None = None) -> Iterator[tuple]:
    """The figure and the readouts of one state, in matplotlib's and our settings for as long as it is drawn."""
    import matplotlib
    import matplotlib.pyplot as plt

    # where a title goes is measured anew for each drawing unless its height is set
    rc: dict[Any, Any] = {"axes.titley": 1.0} if layout is not None and layout.plain_titles else {}
    before = set(plt.get_fignums())
    try:
        with quick_drawing(), matplotlib.rc_context(rc):
            fig, readouts = figure_of(func.__name__, func(**values))
            if layout is not None:
                layout.apply(fig)
            yield fig, readouts
    finally:  # no figure is left for the inline backend to show a second time
        for number in set(plt.get_fignums()) - before:
            plt.close(number)


def draw_state(
    func: Callable, values: dict[str, Any], layout: Layout | None = None
) -> tuple[str, Layout, dict[str, str]]:
    """The SVG of one state, its layout, and its readouts; `layout` is one that is already solved."""
    with _made(func, values, layout) as (fig, readouts):
        return render(fig), Layout.of(fig), readouts


def _for_narrow(func: Callable) -> Callable:
    """A function that takes `narrow`, drawing for narrow screens."""
    return functools.wraps(func)(functools.partial(func, narrow=True))


def draw_both(
    func: Callable, values: dict[str, Any], plan: Plan
) -> tuple[str, str, dict[str, str]]:
    """The SVG of one state, the one for narrow screens ("" without one), and its readouts."""
    with _made(func, values, plan.wide) as (fig, readouts):
        svg = render(fig)
        narrow = plan.draw_narrow(fig) if plan.form is not None else ""
    if plan.narrow is not None and plan.form is None:
        narrow = draw_state(_for_narrow(func), values, plan.narrow)[0]
    return svg, narrow, readouts


def draw_boxes(
    func: Callable, values: dict[str, Any], plan: Plan
) -> list[tuple[str, Boxes, tuple[float, float]]]:
    """The texts of one state, in its wide and in its narrow drawing, and the size of each."""
    found: list[tuple[str, Boxes, tuple[float, float]]] = []

    def note(kind: str, fig: Any, draw: Callable[[Boxes], Any]) -> None:
        boxes: Boxes = []
        draw(boxes)
        width, height = 72 * fig.get_size_inches()
        found.append((kind, boxes, (width, height)))

    with _made(func, values, plan.wide) as (fig, _):
        note("wide", fig, lambda boxes: render(fig, boxes))
        if plan.form is not None:
            note("narrow", fig, lambda boxes: plan.draw_narrow(fig, boxes))
    if plan.narrow is not None and plan.form is None:
        with _made(_for_narrow(func), values, plan.narrow) as (own, _):
            note("narrow", own, lambda boxes: render(own, boxes))
    return found


@contextlib.contextmanager
def no_collecting() -> Iterator[None]:
    """Without Python's search for cycles: drawings are many objects that all live until they are done with."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


class Drawn(NamedTuple):
    """A state: its drawing, that for narrow screens if there is one, and its readouts."""

    wide: Node
    narrow: Node | None
    readouts: dict[str, str]


class _Failure(Exception):
    """A state that raised, carried across processes with its traceback as text."""


def raised(values: dict[str, Any], error: Exception) -> str:
    return f"raised at {describe(values)}: {type(error).__name__}: {error}"


def _draw_batch(
    func: Callable,
    batch: list[tuple[dict[str, Any], bool]],
    plan: Plan,
    prefix: str,
    rc: dict[Any, Any],
    pairs: dict[str, str],
) -> Any:
    """The drawings of (values, twice) of some states, or what went wrong: text and traceback.

    A state that is drawn `twice` must come out the same both times.
    """
    import matplotlib

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", matplotlib.MatplotlibDeprecationWarning)
        matplotlib.rcParams.update(rc)
    for light, dark in pairs.items():
        theme.pair(light, dark)
    drawn = []
    with no_collecting():  # a sixth of the time
        for values, twice in batch:
            try:
                svg, narrow, readouts = draw_both(func, values, plan)
                if twice and (svg, narrow, readouts) != draw_both(func, values, plan):
                    return (
                        f"is not deterministic: two drawings at {describe(values)} differ; "
                        "seed its random numbers inside the function",
                        None,
                    )
            except Exception as error:
                return raised(values, error), traceback.format_exc()
            small = tree(narrow, f"{prefix}-narrow") if narrow else None
            drawn.append(Drawn(tree(svg, prefix), small, readouts))
        return drawn


@contextlib.contextmanager
def _progress(name: str, total: int) -> Iterator[Any]:
    """A progress bar on the real terminal: the kernel's own stderr would be published in the page."""
    from tqdm import tqdm

    copy = getattr(sys.stderr, "_original_stdstream_copy", None)
    file: Any = os.fdopen(os.dup(copy), "w") if copy is not None else sys.__stderr__
    # a log file gets a line now and then, and none from a figure that is quickly drawn
    pace = {} if file.isatty() else {"delay": 10, "mininterval": 30, "ascii": True}
    try:
        with tqdm(total=total, desc=name, unit="state", leave=False, file=file, **pace) as bar:
            yield bar
    finally:
        if copy is not None:
            file.close()


def _spread(jobs: Iterator[tuple], several: bool) -> Generator[Any, None, None]:
    """Draw the batches with joblib: on all cores, or where the author's `joblib.parallel_config` says."""
    if not several:
        yield from (_draw_batch(*job) for job in jobs)
        return
    from joblib import Parallel, delayed
    from joblib.parallel import get_active_backend

    backend, workers = get_active_backend()
    chosen = type(backend).__name__ != "LokyBackend" or workers not in (None, 1)
    cores = settings().jobs or os.cpu_count() or 1
    count = {} if chosen else {"n_jobs": cores}  # a cluster knows its own number
    with warnings.catch_warnings():
        # loky restarts a worker that has grown; that is no concern of the page's reader
        warnings.filterwarnings("ignore", "A worker stopped while some jobs", UserWarning)
        # a state that raises ends the others
        warnings.filterwarnings("ignore", r"\d+ tasks which were still being", UserWarning)
        parallel = Parallel(return_as="generator", batch_size=1, **count)
        with contextlib.closing(parallel(delayed(_draw_batch)(*job) for job in jobs)) as results:
            yield from results


def _samples(controls: list[Control]) -> list[dict[str, Any]]:
    """The default state and those at both ends of the controls."""
    ends = [{c.name: c.values[i] for c in controls} for i in (0, -1)] if controls else []
    samples = [{c.name: c.values[c.default] for c in controls}]
    return samples + [values for values in ends if values != samples[0]]


def layout_of(func: Callable, controls: list[Control]) -> Layout:
    """One layout for all states, with room for the labels at the default and at both ends.

    Raises `LiveFigureError` where the function raises.
    """
    return plan_of(func, controls, False).wide


def plan_of(func: Callable, controls: list[Control], narrow: Any = None) -> Plan:
    """How every state is laid out; `narrow` is what `interact` takes.

    Raises `LiveFigureError` where the function raises.
    """
    name = func.__name__
    size = narrow_drawing.checked(name, narrow)
    own = size is not False and "narrow" in inspect.signature(func).parameters
    wide: Layout | None = None
    small: Layout | None = None
    form: narrow_drawing.Form | None = None
    for values in _samples(controls):
        try:
            with _made(func, values) as (fig, _):
                lay_out(fig)
                found = Layout.of(fig)
                wide = found if wide is None else wide.within(found)
                if size is not False and not own:
                    for ax in fig.axes:
                        ax.apply_aspect()  # it takes the place that the layout has found
                    form = form or narrow_drawing.Form.of(fig, size)
                    with measuring(fig) as renderer:
                        inside = narrow_drawing.prepare(fig, form, renderer)
                    found = solve_narrow(fig, form, inside)
                    small = found if small is None else small.within(found)
        except LiveFigureError:
            raise
        except Exception as error:
            raise LiveFigureError(f"live figure '{name}' {raised(values, error)}") from error
    assert wide is not None
    return Plan(wide, layout_of(_for_narrow(func), controls) if own else small, form)


def draw_all(
    func: Callable, controls: list[Control], prefix: str, narrow: Any = None
) -> list[Drawn]:
    """Every state, in order.

    Raises `LiveFigureError` that names the figure and the values of the first state that raises, or where
    two drawings of the same state differ.
    """
    import matplotlib

    name = func.__name__
    states = list(all_values(controls))
    plan = plan_of(func, controls, narrow)
    rc = {k: v for k, v in matplotlib.rcParams.items() if not k.startswith("backend")}
    twice = {0, default_state(controls), len(states) - 1}
    marked = [(values, i in twice) for i, values in enumerate(states)]
    batches = [marked[i : i + _BATCH] for i in range(0, len(states), _BATCH)]
    jobs = ((func, b, plan, prefix, rc, theme.pairs()) for b in batches)
    drawn: list[Drawn] = []
    spread = contextlib.closing(_spread(jobs, several=len(states) >= 2 * _BATCH))
    with _progress(name, len(states)) as bar, spread as results:
        for result in results:
            if isinstance(result, tuple):
                reason, trace = result
                raise LiveFigureError(f"live figure '{name}' {reason}") from (
                    _Failure(trace) if trace else None
                )
            drawn += result
            bar.update(len(result))
    return drawn
