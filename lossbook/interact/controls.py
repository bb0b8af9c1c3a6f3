"""From what `ipywidgets.interact` takes to the controls of a page.

ipywidgets itself turns every abbreviation (ranges, lists, dicts, booleans) into a widget, so the two
front ends cannot disagree; this module reads the finite list of values off each widget.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


class ExplorerError(ValueError):
    """An explorer that cannot be shown; the message names it and says what to change."""


@dataclass(frozen=True)
class Control:
    """One input of a published figure and the finite list of values that it can take."""

    name: str  #: the function's argument
    label: str  #: what the reader sees
    kind: str  #: range, select, radio, checkbox or play
    values: tuple[Any, ...]  #: what the function is called with
    texts: tuple[str, ...]  #: how each value reads
    default: int  #: index into `values`
    interval: int = 0  #: milliseconds between two steps of a play button

    def __len__(self) -> int:
        return len(self.values)


GREEK = {
    name: chr(code)
    for name, code in zip(
        [
            "alpha",
            "beta",
            "gamma",
            "delta",
            "epsilon",
            "zeta",
            "eta",
            "theta",
            "iota",
            "kappa",
            "lambda",
            "mu",
            "nu",
            "xi",
            "omicron",
            "pi",
            "rho",
            "final_sigma",
            "sigma",
            "tau",
            "upsilon",
            "phi",
            "chi",
            "psi",
            "omega",
        ],
        range(0x3B1, 0x3CA),
        strict=True,
    )
}


def label_of(name: str) -> str:
    """A readable label for an argument: ``learning_rate`` to 'learning rate', ``delta`` to 'δ'."""
    stem = name.rstrip("_")
    return GREEK.get(stem, stem.replace("_", " "))


def default_for(func: Callable, name: str) -> Any:
    default = inspect.signature(func).parameters[name].default
    return inspect.Parameter.empty if default is inspect.Parameter.empty else default


def widgets_for(func: Callable, abbreviations: Mapping[str, Any]) -> dict[str, Any]:
    """One ipywidgets widget for each argument of `func`, set to the default of the signature.

    Raises `ExplorerError` for a control that the function does not take, an argument without a control
    or a default, an abbreviation that ipywidgets does not know, and a default outside its range.
    """
    import ipywidgets

    explorer = func.__name__
    parameters = inspect.signature(func).parameters
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    for name in abbreviations:
        if name not in parameters and not takes_any:
            raise ExplorerError(
                f"explorer '{explorer}': control '{name}' is no argument of the function, "
                f"which takes {', '.join(parameters) or 'none'}"
            )
    found = {}
    for name, abbreviation in abbreviations.items():
        default = default_for(func, name) if name in parameters else inspect.Parameter.empty
        if isinstance(abbreviation, ipywidgets.fixed):
            continue
        if isinstance(abbreviation, ipywidgets.Widget):
            widget = abbreviation
        else:
            try:
                widget = ipywidgets.interactive.widget_from_abbrev(abbreviation)
            except (ValueError, TypeError) as error:
                raise ExplorerError(f"explorer '{explorer}': control '{name}': {error}") from error
            if widget is None:
                raise ExplorerError(
                    f"explorer '{explorer}': control '{name}' holds {abbreviation!r}; expected what "
                    "ipywidgets.interact takes: a range, a list, a dict, a boolean or a widget"
                )
        if not widget.description:
            widget.description = label_of(name)
        if default is not inspect.Parameter.empty:
            _set_default(explorer, name, widget, default)
        found[name] = widget
    for name, parameter in parameters.items():
        if name not in abbreviations and parameter.default is inspect.Parameter.empty:
            if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
                continue
            raise ExplorerError(
                f"explorer '{explorer}': argument '{name}' has neither a control nor a default"
            )
    return found


def _set_default(explorer: str, name: str, widget: Any, default: Any) -> None:
    values = _values(explorer, name, widget)
    index = _index(values, default)
    if index is None:
        shown = ", ".join(map(repr, values[:3])) + (
            f", ..., {values[-1]!r}" if len(values) > 4 else "".join(f", {v!r}" for v in values[3:])
        )
        raise ExplorerError(
            f"explorer '{explorer}': argument '{name}' has the default {default!r}, "
            f"which is none of the values of its control ({shown})"
        )
    widget.value = values[index]


def _index(values: tuple, wanted: Any) -> int | None:
    for i, value in enumerate(values):
        if isinstance(value, float) and isinstance(wanted, int | float):
            if math.isclose(value, wanted, rel_tol=1e-9, abs_tol=1e-12):
                return i
        elif type(value) is type(wanted) or not isinstance(value, bool | int):
            if np.array_equal(value, wanted):
                return i
        elif value == wanted:
            return i
    return None


def _values(explorer: str, name: str, widget: Any) -> tuple:
    """Every value that a widget can take, in its order."""
    import ipywidgets as w

    if isinstance(widget, w.Checkbox | w.ToggleButton):
        return (False, True)
    if hasattr(widget, "options"):
        return tuple(value for _, value in widget._options_full)
    if all(hasattr(widget, a) for a in ("min", "max", "step")):
        if isinstance(widget, w.FloatLogSlider):
            exponents = _grid(widget.min, widget.max, widget.step)
            return tuple(float(f"{widget.base**e:.12g}") for e in exponents)
        grid = _grid(widget.min, widget.max, widget.step)
        integer = isinstance(widget, w.IntSlider | w.BoundedIntText | w.Play)
        return tuple(int(v) for v in grid) if integer else grid
    raise ExplorerError(
        f"explorer '{explorer}': control '{name}' is a {type(widget).__name__}, which has no finite "
        "list of values; expected a slider, Play, Dropdown, ToggleButtons, RadioButtons or Checkbox"
    )


def _grid(low: float, high: float, step: float | None) -> tuple[float, ...]:
    if not step or step <= 0:
        raise ExplorerError(f"a slider from {low} to {high} needs a positive step, not {step!r}")
    count = math.floor((high - low) / step + 1e-9) + 1
    return tuple(float(f"{low + i * step:.12g}") for i in range(count))


def _texts(widget: Any, values: tuple) -> tuple[str, ...]:
    import ipywidgets as w

    if isinstance(widget, w.Checkbox | w.ToggleButton):
        return ("off", "on")
    if hasattr(widget, "options"):
        return tuple(str(text) for text, _ in widget._options_full)
    if all(isinstance(v, int) for v in values):
        return tuple(str(v).replace("-", "−") for v in values)
    form = getattr(widget, "readout_format", ".2f")
    if form == ".2f":  # the default: show the digits that the steps need, no more
        digits = max((len(f"{v:.10f}".rstrip("0").split(".")[1]) for v in values), default=0)
        form = f".{min(digits, 6)}f"
    return tuple(format(v, form).replace("-", "−") for v in values)


def _kind(widget: Any) -> str:
    import ipywidgets as w

    if isinstance(widget, w.Checkbox | w.ToggleButton):
        return "checkbox"
    if isinstance(widget, w.Play):
        return "play"
    if isinstance(widget, w.SelectionSlider):
        return "range"
    if isinstance(widget, w.ToggleButtons | w.RadioButtons):
        return "radio"
    return "select" if hasattr(widget, "options") else "range"


def controls_for(explorer: str, widgets: Mapping[str, Any]) -> list[Control]:
    """The page's controls for the widgets of `widgets_for`, in the same order."""
    controls = []
    for name, widget in widgets.items():
        values = _values(explorer, name, widget)
        index = _index(values, widget.value)
        if index is None:
            raise ExplorerError(
                f"explorer '{explorer}': control '{name}' starts at {widget.value!r}, "
                "which is not one of its steps"
            )
        controls.append(
            Control(
                name=name,
                label=widget.description,
                kind=_kind(widget),
                values=values,
                texts=_texts(widget, values),
                default=index,
                interval=getattr(widget, "interval", 0) if _kind(widget) == "play" else 0,
            )
        )
    return controls
