"""The second drawing of a figure: panels stacked, letters of a least size, labels inside and apart."""

import json
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from live_figures.controls import LiveFigureError, controls_for, widgets_for
from live_figures.drawing import all_values, draw_all, draw_both, plan_of
from live_figures.narrow import LETTER, WIDTH
from live_figures.svg import render as svg_of

from live_figures import handle, interact, overlaps, render

from .decoder import values


def two_panels(k=1.0):
    """Two panels side by side."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(5.6, 2.9), sharey=True, layout="constrained")
    x = np.linspace(-3, 3, 31)
    left.plot(x, k * x * x)
    right.plot(x, k * np.abs(x))
    left.set(title="squared", ylabel="loss", ylim=(0, 30), xlabel="residual")
    right.set(title="absolute")
    left.tick_params(labelsize=6)
    return fig, {"k": k}


def controls_of(func, **abbreviations):
    return controls_for(func.__name__, widgets_for(func, abbreviations))


def drawn(func, narrow=None, **values):
    """The narrow SVG of one state."""
    return draw_both(func, values, plan_of(func, [], narrow))[1]


def frames(svg):
    """Left, top, right and bottom of the ground of each panel."""
    boxes = []
    for axes in re.findall(r'<g id="axes_\d+">.*?<path d="([^"]*)"', svg, re.S):
        points = np.array(re.findall(r"(-?[\d.]+) (-?[\d.]+)", axes), float)
        boxes.append((*points.min(axis=0), *points.max(axis=0)))
    return boxes


def sizes(svg):
    return [float(size) for size in re.findall(r"font(?:-size)?:\s*([\d.]+)px", svg)]


@pytest.mark.parametrize(("y", "side"), [(1.02, "bottom"), (-0.3, "top")])
def test_a_label_above_or_under_a_panel_has_room(y, side):
    def figure():
        """A line that is named where it leaves the panel."""
        fig, ax = plt.subplots(figsize=(5.6, 3), layout="constrained")
        ax.plot([0, 1], [0, 1])
        ax.text(0.3, y, "boundary", transform=ax.transAxes, va=side)
        return fig

    assert overlaps(figure) == []
    svg = drawn(figure)
    height = float(re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', svg)[1])
    place = re.search(r"<text[^>]*>boundary<", svg)[0]
    assert 8 < float(re.search(r' y="([-\d.]+)"', place)[1]) < height


def test_panels_of_a_row_become_a_column():
    svg = drawn(two_panels)
    width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups())
    assert width == WIDTH and 1.2 < height / width < 1.6
    upper, lower = frames(svg)
    assert upper[3] < lower[1]
    assert upper[0] == pytest.approx(lower[0], abs=0.1)
    assert upper[2] - upper[0] > 0.75 * width


def test_no_letter_is_smaller_than_11_px_on_a_screen_of_320():
    found = sizes(drawn(two_panels))
    assert found and min(found) >= LETTER * WIDTH - 0.01
    wide = draw_both(two_panels, {}, plan_of(two_panels, []))[0]
    assert min(sizes(wide)) == 6


def test_labels_that_a_neighbor_had_are_shown_again():
    svg = drawn(two_panels)
    assert svg.count(">loss<") == 2 and len(re.findall(">20<", svg)) == 2
    wide = draw_both(two_panels, {}, plan_of(two_panels, []))[0]
    assert wide.count(">loss<") == 1 and len(re.findall(">20<", wide)) == 1


def test_the_name_that_one_axis_has_for_all_stands_below_them():
    def three():
        """Three panels, the one in the middle with a name."""
        fig, axes = plt.subplots(1, 3, figsize=(5.6, 2.5), layout="constrained")
        for ax in axes:
            ax.plot([0, 1])
        axes[1].set_xlabel("share")
        return fig

    svg = drawn(three)
    assert svg.count(">share<") == 1
    assert svg.index('id="axes_3"') < svg.index(">share<")


def test_a_grid_of_two_by_three_becomes_three_by_two():
    def six():
        """Six panels."""
        fig, axes = plt.subplots(2, 3, figsize=(5.6, 3.6), layout="constrained")
        for ax, k in zip(axes.flat, range(6), strict=True):
            ax.plot([0, k])
        return fig

    boxes = np.round(frames(drawn(six)))
    assert len(set(boxes[:, 1])) == 3 and len(set(boxes[:, 0])) == 2


def test_a_panel_over_two_stays_above_them():
    def three():
        """One panel above two."""
        fig, axes = plt.subplot_mosaic(
            [["data", "data"], ["left", "right"]], height_ratios=[1, 3], layout="constrained"
        )
        for ax in axes.values():
            ax.plot([0, 1])
        return fig

    boxes = frames(drawn(three))
    tops, heights = [b[1] for b in boxes], [b[3] - b[1] for b in boxes]
    assert tops == sorted(tops) and heights[0] < 0.7 * heights[1]


@pytest.mark.parametrize("case", ["inset", "twin", "map", "by hand", "none"])
def test_whatever_is_drawn_gets_a_narrow_drawing_in_its_frame(case):
    def drawing():
        """A drawing."""
        fig = plt.figure(
            figsize=(5.6, 3.1), layout=None if case in ("none", "by hand") else "constrained"
        )
        ax = fig.add_axes((0.1, 0.1, 0.8, 0.8)) if case == "by hand" else fig.subplots()
        ax.plot([0, 1], [0, 1])
        if case == "inset":
            ax.inset_axes((0.6, 0.1, 0.3, 0.3)).plot([0, 1])
        if case == "twin":
            ax.twinx().plot([0, 5])
        if case == "map":
            ax.set_aspect("equal")
            fig.colorbar(ax.scatter([0, 1], [0, 1], c=[0, 1]), ax=ax)
        return fig

    svg = drawn(drawing)
    assert f'viewBox="0 0 {WIDTH:g} ' in svg
    assert not overlaps(drawing)


def test_a_size_or_none_can_be_asked_for():
    assert 'viewBox="0 0 288 360"' in drawn(two_panels, (4, 5))
    plan = plan_of(two_panels, [], False)
    assert draw_both(two_panels, {}, plan)[1] == ""
    html = render(two_panels, k=(1, 3), narrow=False).html(inline=False)
    assert html.count("<svg") == 1 and "lf-narrow" not in html and "lf-wide" not in html


@pytest.mark.parametrize(
    "wrong", [True, 4, "wide", (4,), (4, -1), (4, float("nan")), (1, 2, 3), {}]
)
def test_a_size_that_is_none_is_named(wrong):
    message = r"live figure 'two_panels': narrow holds .*; expected None .*, a width and a height"
    with pytest.raises(LiveFigureError, match=message):
        render(two_panels, k=(1, 3), narrow=wrong)
    with pytest.raises(LiveFigureError, match=message):
        interact(k=(1, 3), narrow=wrong)(two_panels)


def test_a_function_that_takes_narrow_draws_it_itself():
    def own(k=1, narrow=False):
        """It knows."""
        fig, ax = plt.subplots(figsize=(3, 4) if narrow else (5, 3), layout="constrained")
        ax.plot([0, k])
        ax.text(0, 0, "for a phone" if narrow else "for a desk")
        return fig

    figure = render(own, k=(1, 3))
    assert 'viewBox="0 0 216 288"' in figure.narrow and ">for a phone<" in figure.narrow
    assert ">for a desk<" in figure.drawing and json.loads(figure.narrow_packed)["n"] == [3]


def test_numbers_are_worked_out_once_for_both():
    calls = []

    def counted(k=1):
        """It counts."""
        calls.append(k)
        return two_panels(k)

    plan = plan_of(counted, controls_of(counted, k=(1, 3)))
    calls.clear()
    wide, narrow, _ = draw_both(counted, {"k": 2}, plan)
    assert calls == [2] and wide != narrow


def test_both_drawings_have_the_same_numbers_in_every_state():
    def line(k=1):
        """A line whose end is named."""
        fig, ax = plt.subplots(figsize=(5.6, 3), layout="constrained")
        ax.plot([0, 1], [0, k])
        ax.set(ylim=(0, 5), title=f"slope {k}")
        return fig

    figure = render(line, k=(1, 5))
    for packed in (figure.packed, figure.narrow_packed):
        states = json.loads(packed)
        titles = [values(c, states["n"]) for c in states["c"] if c[1] == ""]
        assert titles == [[f"slope {k}" for k in range(1, 6)]]
    assert "narrow" in re.search(r'clip-path="url\(#([^)]*)', figure.narrow)[1]
    ids = re.findall(r' id="([^"]*)"', figure.html(inline=False))
    assert len(ids) == len(set(ids))


def test_a_drawing_in_several_processes_is_that_of_one():
    controls = controls_of(two_panels, k=(1.0, 3.0, 0.1))
    plan = plan_of(two_panels, controls)
    from live_figures.svg import tree

    all_ = draw_all(two_panels, controls, "p")
    assert len(all_) == 21
    for state, found in list(zip(all_values(controls), all_, strict=True))[::7]:
        svg = draw_both(two_panels, state, plan)[1]
        assert tree(svg, "p-narrow") == found.narrow


def crowded(k=0):
    """Long labels, long ticks, a label that runs out on the right, two on one line."""
    fig, ax = plt.subplots(figsize=(5.6, 3), layout="constrained")
    ax.set(
        title="a title of a figure that is as long as a sentence can be on a wide screen",
        xlabel="a name of the axis that says in full what is on it and in which unit it is",
        xlim=(0, 10),
        ylim=(0, 10),
    )
    ax.set_xticks(range(11), [f"{1000 * n}" for n in range(11)])
    ax.text(5, 8, "this label begins in the middle of the panel")
    ax.text(1, 4, "one label of some length")
    ax.text(5.2, 4 + k / 100, "another one beside it")
    ax.annotate("the end", (9.9, 2), (4, 0), textcoords="offset points")
    return fig


def test_a_label_far_outside_takes_no_room():
    def lost(k=1):
        """A label where no one sees it."""
        fig, ax = plt.subplots(figsize=(3, 2))
        ax.plot([1, 2], [1, 2])
        ax.text(0.1, 0.2, "lost")
        return fig

    ((left, _, right, _),) = frames(drawn(lost))
    assert right - left > 0.7 * 216


@pytest.mark.parametrize("k", [0, 20])
def test_labels_stay_inside_and_apart(k):
    found = overlaps(crowded, k=(0, 20), states=[{"k": k}])
    assert not [f for f in found if f.drawing == "narrow"]


def test_overlaps_and_what_is_cut_off_are_found():
    def bad(k=0):
        """Two labels on each other, and one cut off."""
        fig, ax = plt.subplots(figsize=(5.6, 3))
        ax.text(0.1, 0.5, "one label", clip_on=True)
        ax.text(0.12, 0.5, "other label", clip_on=True)
        fig.text(0.98, 0.9, "a long text that is cut off")
        return fig

    found = overlaps(bad)
    assert {f.drawing for f in found} == {"wide", "narrow"}
    wide = {(f.text, f.other) for f in found if f.drawing == "wide"}
    assert wide == {("other label", "one label"), ("a long text that is cut off", "")}
    with pytest.raises(LiveFigureError, match="is no control"):
        overlaps(two_panels, k=(1, 3), states=[{"j": 1}])


def test_points_on_the_frame_are_whole_and_those_beyond_it_gone():
    def points():
        """Points at and beyond the frame."""
        fig, ax = plt.subplots(figsize=(3, 2))
        ax.plot([0, 1, 1.02], [0, 1, 0.5], "o")
        ax.scatter([0, 1], [1, 0])
        ax.set(xlim=(0, 1), ylim=(0, 1))
        return fig

    fig = points()
    svg = svg_of(fig)
    drawn = svg[: svg.index("matplotlib.axis_1")] + svg[svg.index("matplotlib.axis_2") :]
    assert "clip-path" not in drawn
    assert len(re.findall(r"<use [^>]*fill: #1f77b4", svg)) == 4
    assert svg == svg_of(fig)
    plt.close(fig)


def test_a_handle_tells_where_its_panel_is():
    def moved(x=1):
        """A point that may leave its panel."""
        fig, ax = plt.subplots(figsize=(5.6, 3), layout="constrained")
        handle(ax.plot(x, 1, "o"), "x")
        ax.set(xlim=(0, 2))
        return fig

    figure = render(moved, x=(1, 4))
    for svg in (figure.drawing, figure.narrow):
        left, top, width, height = map(float, re.search(r'data-panel="([^"]*)"', svg)[1].split())
        w, h = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups())
        assert 0 < left < left + width < w and 0 < top < top + height < h
    places = [c for c in json.loads(figure.packed)["c"] if c[1] == "x"]
    assert len(places) == 1  # also beyond the frame the point has a place
