"""Which states of a live figure stand on paper: the one that the text speaks of, and two that show its point.

Its question, where it has one, names views that show the point: they come first. Then the two ends of its first
slider, or where the figure stands at one of them already the middle instead; then those of the next slider, and
then what else there is to choose.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from bs4 import Tag
from live_figures.state_svg import readings, state_svg

from live_figures import theme


@dataclass(frozen=True)
class Control:
    """A control of a figure on a page: what it is called, and its values as texts."""

    name: str
    label: str  #: HTML
    texts: list[str]
    default: int
    unit: str = ""
    on_off: bool = False
    slides: bool = False

    @classmethod
    def of(cls, box: Tag) -> Control:
        texts = json.loads(box["data-texts"])
        switch = box.select_one("input[type=checkbox]")
        chosen = box.select_one("input[type=range], option[selected], input[type=radio][checked]")
        default = (
            int(chosen["value"]) if chosen else int(bool(switch and switch.has_attr("checked")))
        )
        label = box.select_one("legend, label")
        for control in label.select("input, select"):
            control.extract()
        inner = label.decode_contents().strip()
        return cls(
            box["data-control"],
            inner,
            texts,
            default,
            box.get("data-unit", ""),
            switch is not None,
            box.select_one("input[type=range]") is not None,
        )

    def said(self, index: int) -> str:
        """The control at one of its values, as HTML."""
        if self.on_off:
            return f"<em>{self.label}</em> {self.texts[index]}"
        return f"<em>{self.label}</em> = {self.texts[index]}{self.unit}"

    def ends(self) -> list[int]:
        """The values that show most beside the default."""
        last = len(self.texts) - 1
        return [i for i in dict.fromkeys((0, last, last // 2)) if i != self.default]


State = tuple[int, ...]


def default_of(controls: list[Control]) -> State:
    return tuple(c.default for c in controls)


def of_view(controls: list[Control], view: str) -> State:
    """The state that an address names; what it does not know is ignored, as on the page."""
    wanted = dict(parse_qsl(view))
    return tuple(
        next((i for i, text in enumerate(c.texts) if _same(text, wanted.get(c.name))), c.default)
        for c in controls
    )


def _same(text: str, wanted: str | None) -> bool:
    if wanted is None:
        return False
    text = text.replace("−", "-")
    try:
        return text == wanted or float(text) == float(wanted)
    except ValueError:
        return False


def _candidates(controls: list[Control], views: list[str]) -> Iterator[State]:
    first = default_of(controls)
    yield from (of_view(controls, view) for view in views)
    for place in sorted(range(len(controls)), key=lambda i: not controls[i].slides):
        for index in controls[place].ends():
            yield (*first[:place], index, *first[place + 1 :])


def place_of(controls: list[Control], state: State) -> int:
    place = 0
    for control, index in zip(controls, state, strict=True):
        place = place * len(control.texts) + index
    return place


@dataclass(frozen=True)
class Still:
    """A state on paper: its drawing in light, what its controls are set to, what it reads."""

    svg: str
    said: list[str]
    spoken: str  #: the same for a screen reader, which makes nothing of typeset math
    readouts: list[str]


def three(
    drawing: str,
    states: dict,
    controls: list[Control],
    views: list[str],
    small: tuple[str, dict] | None = None,
    count: int = 3,
) -> list[Still]:
    """The default state and at most two others that look different; `small` draws the others, where it is given."""
    first = default_of(controls)
    assert math.prod(states["n"]) == math.prod(len(c.texts) for c in controls)
    (default,) = state_svg(drawing, states, [place_of(controls, first)])
    found = [
        Still(
            light(default),
            [c.said(c.default) for c in controls],
            "",
            _read(states, controls, first),
        )
    ]
    seen = {default}
    for state in dict.fromkeys(_candidates(controls, views)):
        if len(found) == count:
            break
        place = place_of(controls, state)
        (svg,) = state_svg(drawing, states, [place])
        if svg in seen:
            continue
        seen.add(svg)
        if small:
            (svg,) = state_svg(*small, [place])
        moved = [(c, i) for c, i in zip(controls, state, strict=True) if i != c.default]
        said = [control.said(i) for control, i in moved]
        spoken = ", ".join(f"{c.name.replace('_', ' ')} {c.texts[i]}{c.unit}" for c, i in moved)
        found.append(Still(light(svg), said, spoken, _read(states, controls, state)))
    return found


def _read(states: dict, controls: list[Control], state: State) -> list[str]:
    return readings(states, place_of(controls, state)) if states.get("r") else []


def light(svg: str) -> str:
    return theme.fixed(svg, {color: color for color in theme.used(svg)})


def states_in(site: Path, file: str) -> dict:
    """The states in a file of the site, which is a call with their JSON."""
    text = (site / "_static" / "live" / file).read_text("utf-8")
    return json.loads(text[text.index(",") + 1 : text.rindex(")")])
