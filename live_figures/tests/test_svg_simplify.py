"""A simplified drawing has fewer elements; that it looks the same, the pixels say (tests/site/test_live_figures)."""

import re
from unittest import mock

import matplotlib.pyplot as plt
import numpy as np
import pytest
from live_figures.formulas import outline
from live_figures.handles import handle
from live_figures.svg import render, tree
from live_figures.svg_simplify import in_place, simplify
from live_figures.svg_tree import Node, compact
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import TextToPath

from live_figures import svg


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
    assert group.attributes["style"] == "fill-opacity:0;stroke:var(--lf-123456)"
    assert not any(e.tag in ("use", "defs") and not e.children for e in elements)


@pytest.mark.parametrize(("marker", "corners"), [("s", 4), ("D", 4), ("^", 3), ("x", 4), ("|", 2)])
def test_markers_of_few_straight_lines_are_written_out(axes, marker, corners):
    axes.plot([1, 2], [1, 2], marker, color="#123456")
    (group,) = (e for e in drawn(axes) if [c.tag for c in e.children] == ["path"] * 2)
    marks = [e.attributes["d"] for e in group.children]
    assert all(d.count("M") + d.count("L") == corners for d in marks)
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
    axes.set_xlim(1.1, 3)  # one is beyond the frame
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
    assert in_place(use, {"a": definition}).attributes == {
        "d": "M 1 2 L 1 5",
        "style": "stroke:red;fill:blue",
    }


def test_eight_curves_that_are_no_circle_stay():
    egg = "M 0 3 C 1 3 1 3 2 2 C 2.6 1.6 3 1 3 0 C 3 -1 2.6 -1.6 2 -2 C 1.6 -2.6 1 -3 0 -3 "
    egg += (
        "C -1 -3 -1.6 -2.6 -2 -2 C -2.6 -1.6 -5 -1 -5 0 C -5 1 -2.6 1.6 -2 2 C -1.6 2.6 -1 3 0 3 z"
    )
    use = Node("use", "", {"href": "#a", "x": "1", "y": "2"})
    assert in_place(use, {"a": Node("path", "", {"id": "a", "d": egg})}) is use


def points(d):
    """Where each segment of a path of relative commands ends, and the letters."""
    found, at, start = [], np.zeros(2), np.zeros(2)
    for letter, text in re.findall(r"([mlqcz])([^mlqcz]*)", d):
        steps = np.array(text.split(), float).reshape(-1, 2)
        found += [(letter, *(at + step)) for step in steps] or [(letter, *start)]
        at = at + steps[-1] if len(steps) else start
        start = at if letter == "m" else start
    return found


@pytest.mark.parametrize("text", [r"$\frac{x^2}{\sqrt{3}}$", "$10^{-3}$", r"a $\beta$ b"])
def test_a_formula_is_outlined_to_a_tenth_of_a_unit(text):
    vertices, codes = TextToPath().get_text_path(FontProperties(), text, ismath=True)
    vertices = np.asarray(vertices)
    seen = points(outline(vertices, codes))
    letters = {
        Path.MOVETO: "m",
        Path.LINETO: "l",
        Path.CURVE3: "q",
        Path.CURVE4: "c",
        Path.CLOSEPOLY: "z",
    }
    assert [letter for letter, *_ in seen] == [letters[code] for code in codes]
    ends = np.array([place for _, *place in seen])
    closed = np.array([code == Path.CLOSEPOLY for code in codes])
    assert np.abs(ends - vertices)[~closed].max() <= 0.05 + 1e-9


def test_a_formula_stands_where_matplotlib_puts_its_letters(axes):
    axes.set_title(r"$\frac{a}{2}$", color="#123456", alpha=0.5)
    axes.text(0.3, 0.4, r"$\sqrt{x}$", rotation=30, fontsize=17)
    ours = [e.attributes for e in drawn(axes) if "scale" in e.attributes.get("transform", "")]
    with mock.patch.object(
        svg._Renderer,
        "_outline",
        lambda self, *args: RendererSVG._draw_text_as_path(self, *args),
    ):
        groups = [e.attributes for e in drawn(axes) if e.tag == "g" and "transform" in e.attributes]
    assert len(ours) == len(groups) == 2
    for a, b in zip(ours, groups, strict=True):
        assert a.get("style") == b.get("style")
        numbers = [np.array(re.findall(r"-?[\d.]+", x["transform"]), float) for x in (a, b)]
        assert np.abs(numbers[0] - numbers[1]).max() <= 0.025 + 1e-6
        assert re.sub(r"-?[\d.]+", "", a["transform"]) == re.sub(r"-?[\d.]+", "", b["transform"])
    assert "rotate" in ours[0]["transform"] and "opacity:0.5" in ours[1]["style"]


def stops(d):
    """The places that a path of relative steps goes through, and its letters."""
    found, at, start, name, numbers = [], (0, 0), (0, 0), "", []
    for token in re.findall(r"[a-z]|-?\d*\.?\d+", d):
        if token.isalpha():
            if token == "z":
                at = start
                found.append("z")
            name = token
            continue
        numbers.append(round(20 * float(token)))
        if len(numbers) < {"m": 2, "l": 2, "q": 4, "c": 6}[name]:
            continue
        pairs = [(at[0] + x, at[1] + y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        at, numbers = pairs[-1], []
        start = at if name == "m" else start
        found.append((name.upper(), *pairs))
        name = "l" if name == "m" else name
    return found


@pytest.mark.parametrize(
    "d",
    [
        "M 27 128.15 L 28.2 128.15 L 30 127.9 z M 1 2 C 1.5 2 3 4 5 6 Q 1 1 2 2",
        "M 0.4 0.3 L -0.5 0.9 L -0.5 0.9 L -0.55 0.95",
        "M 10 10 L 20 10 L 20 20 z L 5 5 M 1 1 M 2 2 L 3 3",
    ],
)
def test_a_path_of_steps_goes_where_the_path_does(d):
    shorter = compact(d)
    assert len(shorter) < len(d) and re.fullmatch(r"[mlqcz\d. -]*", shorter)
    expected = []
    for letter, rest in re.findall(r"([MLQCz])([^MLQCz]*)", d):
        numbers = [round(20 * float(n)) for n in rest.split()]
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        expected.append((letter, *pairs) if pairs else letter)
    assert stops(shorter) == expected


@pytest.mark.parametrize("d", ["m1 2l3 4", "M1,2 L3,4", "M 1 2 A 3 3 0 1 1 4 4", ""])
def test_other_paths_stay_as_they_are(d):
    assert compact(d) == d


def test_a_panel_whose_parts_lead_to_one_place_is_one_link(axes):
    axes.patch.set(facecolor="#123456", url="there.html#it")
    axes.set_axis_on()
    axes.text(0.5, 0.5, "it", url="there.html#it")
    (link,) = (e for e in drawn(axes) if e.tag == "a")
    assert link.attributes == {"href": "there.html#it"}
    assert [e.text for e in link.walk() if e.tag == "text"].count("it") == 1
    axes.text(0.2, 0.5, "other", url="elsewhere.html")
    assert len([e for e in drawn(axes) if e.tag == "a"]) == 3


@pytest.mark.parametrize("label", ["words", "$x_1$", r"of $\frac{1}{2}$ it", r"$\sqrt{x}$", "-1"])
def test_any_label_can_be_a_link(axes, label):
    assert not [e for e in drawn(axes) if e.tag == "a"]
    axes.text(0.5, 0.5, label, url="there.html")
    axes.plot([0, 1], [0, 1], url="elsewhere.html")
    links = [e for e in drawn(axes) if e.tag == "a"]
    assert [e.attributes for e in links] == [{"href": "elsewhere.html"}, {"href": "there.html"}]
    assert all(len(list(e.walk())) > 1 for e in links)
