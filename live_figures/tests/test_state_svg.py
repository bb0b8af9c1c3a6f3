"""Any state as an SVG of its own: what the page's script would show, drawn from what the page holds."""

import itertools
import math
import re
from xml.etree import ElementTree as ET

import matplotlib.pyplot as plt
import numpy as np
import pytest
from live_figures.state_svg import readings, state_svg

from live_figures import render

from .decoder import values


def curve(k=2, shift=0, word="a"):
    """A curve with a text that comes and goes, a circle that moves, ticks that change."""
    fig, ax = plt.subplots(figsize=(3, 2))
    x = np.linspace(0, 10.0 ** (k - 1), 20)
    ax.plot(x, np.sin(k * x / x[-1]) + shift)
    ax.plot([k], [shift], "o")
    if k % 2:
        ax.text(0.5, 0.5, f"{word} < & {k}")
    return fig, {"k": k, "both": k + shift}


@pytest.fixture(scope="module")
def figure():
    return render(curve, k=(1, 4), shift=(-1, 1), word=["a", "b"])


def test_a_state_has_the_attributes_that_a_second_reader_finds(figure):
    states = figure.states
    sizes = states["n"]
    assert sizes == [4, 3, 2]
    total = math.prod(sizes)
    tables = [(c[0], c[1], values(c, sizes)) for c in states["c"]]
    drawn = state_svg(figure.drawing, states, range(total))
    for state, svg in enumerate(drawn):
        root = ET.fromstring(figure.drawing)
        elements = list(root.iter())
        for place, name, column in tables:
            if name == "":
                elements[place].text = column[state]
            elif column[state] is None:
                elements[place].attrib.pop(name, None)
            else:
                elements[place].set(name, column[state])
        for parent in elements:
            for child in [c for c in parent if c.get("display") == "none"]:
                parent.remove(child)
        shown = [(e.tag, e.attrib, e.text) for e in ET.fromstring(svg).iter()]
        assert shown == [(e.tag, e.attrib, e.text) for e in root.iter()]
    assert len(set(drawn)) == total - 6  # without the word, both words draw the same


def test_the_default_state_is_the_drawing(figure):
    sizes = figure.states["n"]
    default = (1 * sizes[1] + 1) * sizes[2] + 0
    (svg,) = state_svg(figure.drawing, figure.states, [default])
    drawing = re.sub(r'<(\w+)[^>]*display="none"[^>]*/>|\s', "", figure.drawing)
    assert re.findall(r' d="[^"]+"', svg)[0].replace(" ", "") in drawing


def test_it_is_the_default_drawing_of_a_figure_that_starts_there(figure):
    texts = [">a < & 1<", ">b < & 3<"]
    for text, (k, word) in zip(texts, ((1, "a"), (3, "b")), strict=True):
        state = (k - 1) * 6 + ["a", "b"].index(word)
        (svg,) = state_svg(figure.drawing, figure.states, [state])
        words = [e.text for e in ET.fromstring(svg).iter() if e.text]
        assert text[1:-1] in words
    (without,) = state_svg(figure.drawing, figure.states, [6])
    assert not any(e.text and "&" in e.text for e in ET.fromstring(without).iter())


def test_readouts_of_each_state(figure):
    for state, (k, shift, _) in enumerate(itertools.product((1, 2, 3, 4), (-1, 0, 1), "ab")):
        assert readings(figure.states, state) == [str(k), str(k + shift).replace("-", "−")]


@pytest.mark.parametrize("state", [-1, 24, 1000])
def test_a_state_that_is_not_there_is_named(figure, state):
    with pytest.raises(ValueError, match=f"wanted holds {state}; expected states from 0 to 23"):
        state_svg(figure.drawing, figure.states, [state])
    with pytest.raises(ValueError, match="expected states from 0 to 23"):
        readings(figure.states, state)
