"""A simplified drawing has fewer elements; that it looks the same, the pixels say (tests/site/test_live_figures)."""

import matplotlib.pyplot as plt
import pytest

from lossbook.interact.draw import render, tree
from lossbook.interact.handles import handle
from lossbook.interact.nodes import Node
from lossbook.interact.shapes import in_place, simplify


@pytest.fixture
def axes():
    fig, ax = plt.subplots(figsize=(3, 2))
    ax.set_axis_off()
    yield ax
    plt.close(fig)


def drawn(ax):
    return list(tree(render(ax.figure), "f").walk())


def test_round_markers_are_circles_that_share_their_style(axes):
    axes.plot([1, 2, 3], [1, 3, 2], "o", ms=7, mfc="none", mec="#123456")
    elements = drawn(axes)
    circles = [e for e in elements if e.tag == "circle"]
    assert [sorted(c.attributes) for c in circles] == [["cx", "cy", "r"]] * 3
    assert {c.attributes["r"] for c in circles} == {"3.5"}
    (group,) = (e for e in elements if e.children[:1] == circles[:1])
    assert group.attributes["style"] == "fill:none;stroke:var(--lf-123456)"
    assert not any(e.tag in ("use", "defs") and not e.children for e in elements)


@pytest.mark.parametrize(("marker", "corners"), [("s", 4), ("D", 4), ("^", 3), ("x", 4), ("|", 2)])
def test_markers_of_few_straight_lines_are_written_out(axes, marker, corners):
    axes.plot([1, 2], [1, 2], marker, color="#123456")
    paths = [e.attributes["d"] for e in drawn(axes) if e.tag == "path" and "#" not in str(e.attributes)]
    marks = [d for d in paths if d.count("M") + d.count("L") == corners]
    assert len(marks) == 2 and not any(e.tag == "use" for e in drawn(axes))


@pytest.mark.parametrize("marker", ["*", "p", "h", "$a$"])
def test_other_markers_stay_copies_of_a_definition(axes, marker):
    axes.plot([1, 2], [1, 2], linestyle="", marker=marker)
    elements = drawn(axes)
    assert sum(e.tag == "use" for e in elements) == 2
    defined = {e.attributes["id"] for e in elements if e.tag == "path" and "id" in e.attributes}
    assert {e.attributes["href"][1:] for e in elements if e.tag == "use"} == defined


def test_a_marker_to_drag_stays_a_copy_that_says_where_it_is(axes):
    handle(axes.plot([1], [2], "o"), "x")
    assert [e.tag for e in drawn(axes) if "x" in e.attributes and e.tag != "rect"] == ["use"]


def test_a_scatter_has_one_group_where_each_point_had_one(axes):
    axes.scatter([1, 2, 3], [1, 2, 3], c=["#111111", "#222222", "#222222"], s=9)
    elements = drawn(axes)
    (group,) = (e for e in elements if "clip-path" in e.attributes)
    assert [c.tag for c in group.children] == ["circle"] * 3
    assert "style" not in group.attributes  # two colors
    assert "#f" in group.attributes["clip-path"]


def test_the_opacity_of_a_marker_does_not_become_that_of_its_group():
    def group():
        marks = [Node("circle", "", {"r": "1", "style": "fill:red;opacity:0.5"}) for _ in range(2)]
        return Node("g", "", {"clip-path": "url(#a)"}, children=marks)

    root = Node("svg", "", {}, children=[group()])
    simplify(root)
    assert "style" not in root.children[0].attributes
    root = Node("svg", "", {}, children=[group()])
    for mark in root.children[0].children:
        mark.attributes["style"] = "fill:red;fill-opacity:0.5"
    simplify(root)
    assert root.children[0].attributes["style"] == "fill:red;fill-opacity:0.5"


def test_what_draws_nothing_is_left_out(axes):
    axes.figure.set_facecolor("none")
    assert not [e for e in drawn(axes) if e.attributes.get("style") == "fill:none"]


def test_a_copy_whose_definition_has_a_style_of_its_own_stays():
    definition = Node("path", "", {"id": "a", "d": "M 0 0 L 0 3", "style": "stroke:red"})
    use = Node("use", "", {"href": "#a", "x": "1", "y": "2", "style": "stroke:blue"})
    assert in_place(use, {"a": definition}) is use
    use.attributes["style"] = "stroke:red;fill:blue"
    assert in_place(use, {"a": definition}).attributes == {"d": "M 1 2 L 1 5", "style": "stroke:red;fill:blue"}


def test_eight_curves_that_are_no_circle_stay():
    egg = "M 0 3 C 1 3 1 3 2 2 C 2.6 1.6 3 1 3 0 C 3 -1 2.6 -1.6 2 -2 C 1.6 -2.6 1 -3 0 -3 "
    egg += "C -1 -3 -1.6 -2.6 -2 -2 C -2.6 -1.6 -5 -1 -5 0 C -5 1 -2.6 1.6 -2 2 C -1.6 2.6 -1 3 0 3 z"
    use = Node("use", "", {"href": "#a", "x": "1", "y": "2"})
    assert in_place(use, {"a": Node("path", "", {"id": "a", "d": egg})}) is use
