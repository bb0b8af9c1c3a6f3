"""Which three states of a figure stand on paper."""

import re

import matplotlib.pyplot as plt
import pytest
from bs4 import BeautifulSoup

from live_figures import render
from tools import stills


def bars(loss="mse", size=2, other=1, rotated=False):
    """Bars.

    A caption.
    """
    fig, ax = plt.subplots(figsize=(2, 2))
    ax.bar([0, 1], [size, 2 if rotated else 1])
    ax.set_title(loss)
    return fig, {"size": size}


def figure(**controls):
    drawn = render(bars, **controls)
    boxes = BeautifulSoup(drawn.panel, "html.parser").select(".lf-control")
    return drawn, [stills.Control.of(box) for box in boxes]


def said(controls, views=(), **more):
    drawn, found = figure(**controls)
    made = stills.three(drawn.drawing, drawn.states, found, list(views), **more)
    assert len({still.svg for still in made}) == len(made)
    assert not any("var(--" in still.svg for still in made)
    return [re.sub(r"<[^>]+>", "", ", ".join(still.said)) for still in made]


def test_the_two_ends_of_the_first_slider_though_it_is_not_the_first_control():
    assert said({"loss": ["mae", "mse"], "size": (0, 4)}) == [
        "loss = mse, size = 2",
        "size = 0",
        "size = 4",
    ]


def test_a_slider_that_stands_at_an_end_goes_to_the_other_and_to_the_middle():
    assert said({"size": (2, 8)}) == ["size = 2", "size = 8", "size = 5"]


def test_what_looks_the_same_is_not_shown_twice():
    assert said({"other": (0, 5), "size": (1, 3)}) == [
        "other = 1, size = 2",
        "size = 1",
        "size = 3",
    ]


def test_a_switch_has_one_other_state():
    assert said({"rotated": [False, True]}) == ["rotated = False", "rotated = True"]
    assert said({"rotated": True}) == ["rotated off", "rotated on"]


def test_the_views_of_the_question_come_first():
    controls = {"loss": ["mae", "mse"], "size": (0, 4)}
    views = ["size=3.0", "loss=mae&size=1", "nothing=5", "size=99"]
    assert said(controls, views) == ["loss = mse, size = 2", "size = 3", "loss = mae, size = 1"]


def test_each_still_reads_its_numbers_and_is_heard():
    drawn, controls = figure(size=(0, 4))
    first, low, high = stills.three(drawn.drawing, drawn.states, controls, [])
    assert [s.readouts for s in (first, low, high)] == [["2"], ["0"], ["4"]]
    assert (first.spoken, low.spoken) == ("", "size 0")


def test_others_can_be_drawn_by_the_drawing_for_narrow_screens():
    drawn, controls = figure(size=(0, 4))
    small = drawn.drawing.replace("<svg", '<svg class="small"', 1), drawn.states
    made = stills.three(drawn.drawing, drawn.states, controls, [], small)
    assert ['class="small"' in still.svg for still in made] == [False, True, True]


@pytest.mark.parametrize("view", ["", "size", "size=", "=2", "size=x&size=1.5"])
def test_a_view_that_says_nothing_is_the_default(view):
    _, controls = figure(size=(0, 4))
    assert stills.of_view(controls, view) == stills.default_of(controls)
