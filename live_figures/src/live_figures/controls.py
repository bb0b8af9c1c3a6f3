"""From what `ipywidgets.interact` takes to the controls of a page.

ipywidgets itself turns every abbreviation (ranges, lists, dicts, booleans) into a widget, so the two
front ends cannot disagree; this module reads the finite list of values off each widget.
"""

from __future__ import annotations

import contextlib
import inspect
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import numpy as np

__all__ = ["LiveFigureError"]


class LiveFigureError(ValueError):
    """A live figure that cannot be shown; the message names it and says what to change."""


@dataclass(frozen=True)
class Control:
    """One input of a published figure and the finite list of values that it can take."""

    name: str  #: the function's argument
    label: str  #: what the reader sees; math between dollars
    kind: str  #: range, select, radio, checkbox or play
    values: tuple[Any, ...]  #: what the function is called with
    texts: tuple[str, ...]  #: how each value reads
    default: int  #: index into `values`
    unit: str = ""  #: what stands behind each value
    interval: int = 0  #: milliseconds between two steps of a play button
    repeat: bool = False  #: a play button starts anew at the end

    def __len__(self) -> int:
        return len(self.values)


_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho "
    "final_sigma sigma tau upsilon phi chi psi omega"
)
GREEK = {name: chr(0x3B1 + i) for i, name in enumerate(_GREEK.split())}


def label_of(name: str) -> str:
    """A readable label for an argument: ``learning_rate`` to 'learning rate', ``delta`` to 'δ'."""
    stem = name.rstrip("_")
    return GREEK.get(stem, stem.replace("_", " "))


@contextlib.contextmanager
def silent_widgets() -> Iterator[None]:
    """Within it, new widgets tell no front end of themselves, so that no state of theirs is kept."""
    import ipywidgets

    real = ipywidgets.Widget.open
    ipywidgets.Widget.open = lambda self: None
    try:
        yield
    finally:
        ipywidgets.Widget.open = real


def widgets_for(
    func: Callable,
    abbreviations: Mapping[str, Any],
    labels: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """One ipywidgets widget for each control of `func`, set to the default of the signature.

    Without a default in the signature the widget's own start counts, or the step nearest to the middle
    of an abbreviated range. Raises `LiveFigureError` for a control that the function does not take, an argument
    without a control or a default, an abbreviation that ipywidgets does not know, and a default outside
    its range.
    """
    import ipywidgets

    figure = func.__name__
    parameters = inspect.signature(func).parameters
    _check_names(figure, parameters, abbreviations)
    labels = _texts_for("labels", figure, abbreviations, labels)
    units = _texts_for("units", figure, abbreviations, units)
    found = {}
    for name, abbreviation in abbreviations.items():
        if isinstance(abbreviation, ipywidgets.fixed):
            continue
        widget = _widget(figure, name, abbreviation)
        if name in labels:
            widget.description = labels[name]
        if not widget.description:
            widget.description = label_of(name)
        if name in units:
            _set_unit(figure, name, widget, units[name])
        default = parameters[name].default if name in parameters else inspect.Parameter.empty
        if default is not inspect.Parameter.empty:
            _set_default(figure, name, widget, default)
        elif widget is not abbreviation and isinstance(widget.value, Real):
            values = _values(figure, name, widget)
            widget.value = min(values, key=lambda v: abs(v - widget.value))
        found[name] = widget
    return found


def _check_names(figure: str, parameters: Mapping, abbreviations: Mapping[str, Any]) -> None:
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    for name in abbreviations:
        if name not in parameters and not takes_any:
            raise LiveFigureError(
                f"live figure '{figure}': control '{name}' is no argument of the function, "
                f"which takes {', '.join(parameters) or 'none'}"
            )
    for name, parameter in parameters.items():
        if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
            continue
        if name not in abbreviations and parameter.default is inspect.Parameter.empty:
            raise LiveFigureError(
                f"live figure '{figure}': argument '{name}' has neither a control nor a default"
            )


def _texts_for(
    argument: str, figure: str, abbreviations: Mapping[str, Any], given: Any
) -> Mapping[str, str]:
    """`labels` or `units`: a text for some of the controls."""
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not all(isinstance(t, str) for t in given.values()):
        raise LiveFigureError(
            f"live figure '{figure}': {argument} holds {given!r}; expected a dict from the name of a "
            f"control to a text (an argument of the function cannot be named {argument})"
        )
    for name in given:
        if name not in abbreviations:
            raise LiveFigureError(
                f"live figure '{figure}': {argument} names '{name}', which is no control; "
                f"the controls are {', '.join(abbreviations) or 'none'}"
            )
    return given


def _set_unit(figure: str, name: str, widget: Any, unit: str) -> None:
    """The unit stands beside the label of the widget; `controls_for` puts it behind each value instead."""
    values = _values(figure, name, widget)
    if not all(isinstance(v, Real) and not isinstance(v, bool | np.bool_) for v in values):
        raise LiveFigureError(
            f"live figure '{figure}': control '{name}' has the unit {unit!r}, but its values are not "
            f"numbers: {', '.join(map(repr, values[:3]))}"
        )
    widget.unit_of_live_figure = unit
    widget.description = f"{widget.description} ({unit})"


def _widget(figure: str, name: str, abbreviation: Any) -> Any:
    import ipywidgets

    if isinstance(abbreviation, ipywidgets.Widget):
        return abbreviation
    try:
        widget = ipywidgets.interactive.widget_from_abbrev(abbreviation)
    except Exception as error:  # ipywidgets raises what its widgets raise
        raise LiveFigureError(
            f"live figure '{figure}': control '{name}' holds {abbreviation!r}: {error}"
        ) from error
    if widget is None:
        raise LiveFigureError(
            f"live figure '{figure}': control '{name}' holds {abbreviation!r}; expected what "
            "ipywidgets.interact takes: a range, a list, a dict, a boolean or a widget"
        )
    return widget


def _set_default(figure: str, name: str, widget: Any, default: Any) -> None:
    values = _values(figure, name, widget)
    index = _index(values, default)
    if index is None:
        shown = list(map(repr, values))
        if len(shown) > 5:
            shown[3:-1] = ["..."]
        raise LiveFigureError(
            f"live figure '{figure}': argument '{name}' has the default {default!r}, "
            f"which is none of the values of its control ({', '.join(shown)})"
        )
    widget.value = values[index]


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, bool | np.bool_) or isinstance(b, bool | np.bool_):
        return isinstance(a, bool | np.bool_) and isinstance(b, bool | np.bool_) and a == b
    if isinstance(a, Real) and isinstance(b, Real):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)
    return a is b or (type(a) is type(b) and bool(np.array_equal(a, b)))


def _index(values: tuple, wanted: Any) -> int | None:
    return next((i for i, value in enumerate(values) if _same(value, wanted)), None)


def _values(figure: str, name: str, widget: Any) -> tuple:
    """Every value that a widget can take, in its order."""
    import ipywidgets as w

    if isinstance(widget, w.Checkbox | w.ToggleButton):
        return (False, True)
    if isinstance(
        widget, w.Dropdown | w.RadioButtons | w.ToggleButtons | w.Select | w.SelectionSlider
    ):
        values = tuple(value for _, value in widget._options_full)
    elif isinstance(widget, w.FloatLogSlider):
        exponents = _grid(figure, name, widget)
        values = tuple(float(f"{widget.base**e:.12g}") for e in exponents)
    elif isinstance(widget, w.IntSlider | w.BoundedIntText | w.Play):
        values = tuple(round(v) for v in _grid(figure, name, widget))
    elif isinstance(widget, w.FloatSlider | w.BoundedFloatText):
        values = _grid(figure, name, widget)
    else:
        raise LiveFigureError(
            f"live figure '{figure}': control '{name}' is a {type(widget).__name__}, which has no finite "
            "list of values that a page can show; expected a slider, Play, Dropdown, ToggleButtons, "
            "RadioButtons or Checkbox"
        )
    if len(values) < 2:
        raise LiveFigureError(
            f"live figure '{figure}': control '{name}' has only {len(values)} value; expected 2 or more"
        )
    return values


def _grid(figure: str, name: str, widget: Any) -> tuple[float, ...]:
    low, high, step = widget.min, widget.max, widget.step
    if not step or step <= 0:
        raise LiveFigureError(
            f"live figure '{figure}': control '{name}' has the step {step!r}; expected a positive number"
        )
    count = math.floor((high - low) / step + 1e-9) + 1
    return tuple(float(f"{low + i * step:.12g}") for i in range(count))


def _texts(figure: str, name: str, widget: Any, values: tuple) -> tuple[str, ...]:
    import ipywidgets as w

    if isinstance(widget, w.Checkbox | w.ToggleButton):
        return ("off", "on")
    if hasattr(widget, "_options_full"):
        return tuple(_HYPHEN.sub("−", str(text)) for text, _ in widget._options_full)
    form = getattr(widget, "readout_format", "")
    if all(isinstance(v, Integral) for v in values):
        form = form if form not in ("", "d") else ""
    elif form == ".3g" and all(1e-4 <= abs(v) < 1e7 for v in values):  # 1260, not 1.26e+03
        return _distinct(
            values, [np.format_float_positional(float(f"{v:.3g}"), trim="-") for v in values]
        )
    elif form in ("", ".2f"):  # the default: show the digits that the steps need, no more
        digits = max(len(f"{v:.6f}".rstrip("0").split(".")[1]) for v in values)
        form = f".{digits}f"
    try:
        texts = tuple(format(v, form) for v in values)
    except ValueError as error:
        raise LiveFigureError(
            f"live figure '{figure}': control '{name}' has the readout_format {form!r}, "
            f"which Python does not know: {error}"
        ) from error
    return _distinct(values, texts)


_HYPHEN = re.compile(r"(?<![\w.)\]-])-(?=\.?\d)")
_POWER = re.compile(r"(?<=\d)e([+-]?\d+)\b")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def signed(text: str) -> str:
    """A text with a minus sign before its negative numbers, and powers of ten written as such.

    >>> signed("-0.75, 3-4, 8e-05")
    '−0.75, 3-4, 8×10⁻⁵'
    """
    text = _POWER.sub(lambda m: f"×10{str(int(m[1])).translate(_RAISED)}", text)
    return _HYPHEN.sub("−", text)


def _distinct(values: tuple, texts: Sequence[str]) -> tuple[str, ...]:
    """`texts` with true minus signs, or more digits where two steps would read the same."""
    if len(set(texts)) < len(texts):
        texts = [f"{v:.12g}" for v in values]
    return tuple(text.replace("-", "−") for text in texts)


def _kind(widget: Any) -> str:
    import ipywidgets as w

    if isinstance(widget, w.Checkbox | w.ToggleButton):
        return "checkbox"
    if isinstance(widget, w.Play):
        return "play"
    if isinstance(widget, w.ToggleButtons | w.RadioButtons):
        return "radio"
    if isinstance(widget, w.Dropdown | w.Select):
        return "select"
    return "range"


def controls_for(figure: str, widgets: Mapping[str, Any]) -> list[Control]:
    """The page's controls for the widgets of `widgets_for`, in the same order."""
    controls = []
    for name, widget in widgets.items():
        values = _values(figure, name, widget)
        index = _index(values, widget.value)
        if index is None:
            raise LiveFigureError(
                f"live figure '{figure}': control '{name}' starts at {widget.value!r}, "
                "which is not one of its steps"
            )
        kind = _kind(widget)
        unit = getattr(widget, "unit_of_live_figure", "")
        label = widget.description.removesuffix(f" ({unit})") if unit else widget.description
        controls.append(
            Control(
                name=name,
                label=label,
                kind=kind,
                values=values,
                texts=_texts(figure, name, widget, values),
                default=index,
                unit=unit,
                interval=widget.interval if kind == "play" else 0,
                repeat=kind == "play" and widget.repeat,
            )
        )
    return controls
