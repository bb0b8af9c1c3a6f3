"""Draw a function for every state of its controls, on all cores, with a progress bar."""

from __future__ import annotations

import contextlib
import itertools
import math
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from numbers import Integral, Real
from typing import Any

from . import theme
from .controls import Control, ExplorerError
from .draw import Node, render, tree

MAX_STATES = 2500
_BATCH = 8  #: states a worker draws before it reports


def count_states(explorer: str, controls: list[Control]) -> int:
    """The number of states; `ExplorerError` with the cure where there are more than `MAX_STATES`."""
    count = math.prod(len(c) for c in controls)
    if count > MAX_STATES:
        product = " x ".join(f"{len(c)} ({c.name})" for c in controls)
        longest = max(controls, key=len)
        raise ExplorerError(
            f"explorer '{explorer}' has {product} = {count} states, and at most {MAX_STATES} are "
            f"published: take a larger step for '{longest.name}' (now {len(longest)} steps), "
            f"about {max(2, len(longest) * MAX_STATES // count)} steps would do"
        )
    return count


def all_values(controls: list[Control]) -> Iterator[dict[str, Any]]:
    """The arguments of each state, the last control fastest."""
    names = [c.name for c in controls]
    for combination in itertools.product(*(c.values for c in controls)):
        yield dict(zip(names, combination, strict=True))


def describe(values: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in values.items()) or "no controls"


def figure_of(explorer: str, result: Any) -> tuple[Any, dict[str, str]]:
    """Split what the function returned into its figure and its readouts, as texts."""
    from matplotlib.figure import Figure

    readouts: Any = {}
    if isinstance(result, tuple) and len(result) == 2:
        result, readouts = result
    if not isinstance(result, Figure):
        raise ExplorerError(
            f"explorer '{explorer}': the function returned {type(result).__name__}; expected a "
            "matplotlib Figure, or a Figure and a dict of readouts (does it end in `return fig`?)"
        )
    if not isinstance(readouts, dict):
        raise ExplorerError(
            f"explorer '{explorer}': the readouts are a {type(readouts).__name__}; expected a dict "
            "from a label to a number or a text"
        )
    for label, value in readouts.items():
        if not isinstance(label, str) or not isinstance(value, str | Real):
            raise ExplorerError(
                f"explorer '{explorer}': the readouts hold {label!r}: {value!r}; expected a label "
                "and a number or a text"
            )
    return result, {label: readout_text(value) for label, value in readouts.items()}


def readout_text(value: str | Real) -> str:
    """A number as a reader wants it: four significant digits, a true minus sign."""
    if isinstance(value, str):
        return value
    if isinstance(value, Integral):
        text = str(value)
    elif not math.isfinite(value):
        text = "undefined" if math.isnan(value) else str(value).replace("inf", "∞")
    elif 1e-3 <= abs(value) < 1e6 or value == 0:
        text = f"{value:.4g}" if abs(value) < 9999.5 else f"{value:,.0f}"
    else:
        mantissa, exponent = f"{value:.3e}".split("e")
        powers = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
        text = f"{mantissa}×10{str(int(exponent)).translate(powers)}"
    return text.replace("-", "−")


def draw_state(
    func: Callable, values: dict[str, Any], layout: list | None = None
) -> tuple[str, list, dict[str, str]]:
    """The SVG of one state, the positions of its axes, and its readouts.

    `layout` is the positions that another state's layout engine found: solved once, the axes neither
    jump between states nor cost their time again.
    """
    import matplotlib.pyplot as plt

    before = set(plt.get_fignums())
    try:
        fig, readouts = figure_of(func.__name__, func(**values))
        engine = fig.get_layout_engine()
        if layout is not None and engine is not None and len(layout) == len(fig.axes):
            fig.set_layout_engine("none")
            for ax, position in zip(fig.axes, layout, strict=True):
                ax.set_position(position)
        svg = render(fig)
        positions = [ax.get_position(original=True).bounds for ax in fig.axes]
        return svg, positions, readouts
    finally:  # no figure is left for the inline backend to show a second time
        for number in set(plt.get_fignums()) - before:
            plt.close(number)


class _Failure(Exception):
    """A state that raised, carried across processes with its traceback as text."""


def _draw_batch(func, batch, layout, prefix, rc, pairs):
    import matplotlib

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", matplotlib.MatplotlibDeprecationWarning)
        matplotlib.rcParams.update(rc)
    for light, dark in pairs.items():
        theme.pair(light, dark)
    drawn = []
    for values in batch:
        try:
            svg, _, readouts = draw_state(func, values, layout)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            return values, reason, traceback.format_exc()
        drawn.append((tree(svg, prefix), readouts))
    return drawn


@contextlib.contextmanager
def _progress(name: str, total: int):
    """A progress bar on the real terminal: the kernel's own stderr would be published in the page."""
    from tqdm import tqdm

    copy = getattr(sys.stderr, "_original_stdstream_copy", None)
    file = os.fdopen(os.dup(copy), "w") if copy is not None else sys.__stderr__
    # a log file gets a line now and then, and none from a figure that is quickly drawn
    pace = {} if file.isatty() else {"delay": 10, "mininterval": 30, "ascii": True}
    try:
        with tqdm(total=total, desc=name, unit="state", leave=False, file=file, **pace) as bar:
            yield bar
    finally:
        if copy is not None:
            file.close()


def _spread(jobs: Iterator[tuple], several: bool) -> Iterator:
    """Draw the batches with joblib: on all cores, or where the author's `joblib.parallel_config` says."""
    if not several:
        yield from (_draw_batch(*job) for job in jobs)
        return
    from joblib import Parallel, delayed
    from joblib.parallel import get_active_backend

    backend, workers = get_active_backend()
    chosen = type(backend).__name__ != "LokyBackend" or workers not in (None, 1)
    cores = int(os.environ.get("LIVE_FIGURES_JOBS", 0)) or os.cpu_count() or 1
    count = {} if chosen else {"n_jobs": cores}  # a cluster knows its own number
    with warnings.catch_warnings():
        # loky restarts a worker that has grown; that is no concern of the page's reader
        warnings.filterwarnings("ignore", "A worker stopped while some jobs", UserWarning)
        parallel = Parallel(return_as="generator", batch_size=1, **count)
        yield from parallel(delayed(_draw_batch)(*job) for job in jobs)


def draw_all(
    func: Callable, controls: list[Control], prefix: str
) -> tuple[list[Node], list[dict[str, str]]]:
    """The tree and the readouts of every state, in order.

    Raises `ExplorerError` that names the explorer and the values of the first state that raises, or where
    two drawings of the same state differ.
    """
    import matplotlib

    name = func.__name__
    states = list(all_values(controls))
    default = {c.name: c.values[c.default] for c in controls}
    try:
        first, layout, first_readouts = draw_state(func, default)
        again, _, readouts = draw_state(func, default)
    except ExplorerError:
        raise
    except Exception as error:
        raise ExplorerError(
            f"explorer '{name}' raised at {describe(default)}: {type(error).__name__}: {error}"
        ) from error
    if (first, first_readouts) != (again, readouts):
        raise ExplorerError(
            f"explorer '{name}' is not deterministic: two drawings at {describe(default)} differ; "
            "seed its random numbers inside the function"
        )
    rc = {k: v for k, v in matplotlib.rcParams.items() if not k.startswith("backend")}
    batches = [states[i : i + _BATCH] for i in range(0, len(states), _BATCH)]
    jobs = ((func, b, layout, prefix, rc, theme.pairs()) for b in batches)
    drawn: list[tuple[Node, dict[str, str]]] = []
    with _progress(name, len(states)) as bar:
        for result in _spread(jobs, several=len(states) >= 2 * _BATCH):
            if isinstance(result, tuple):
                values, reason, trace = result
                raise ExplorerError(
                    f"explorer '{name}' raised at {describe(values)}: {reason}"
                ) from _Failure(trace)
            drawn += result
            bar.update(len(result))
    return [t for t, _ in drawn], [r for _, r in drawn]
