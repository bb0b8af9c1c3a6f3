"""The published states decode to exactly what was drawn."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from live_figures.encoding import channel, columns, encode, merge, pack
from live_figures.svg import render, tree
from live_figures.svg_tree import STEP, show_coordinate, split_numbers

from .decoder import unpack, values


@given(st.lists(st.integers(-(10**12), 10**12)))
def test_packing_loses_nothing(numbers):
    assert unpack(pack(np.array(numbers, dtype=np.int64))) == numbers


def test_packed_text_needs_no_escape_in_json_or_html():
    text = pack(np.arange(-5000, 5000))
    assert not set(text) & set("<\\&'\"")


@given(
    sizes=st.lists(st.integers(1, 5), min_size=1, max_size=3),
    width=st.integers(1, 6),
    data=st.data(),
)
@settings(max_examples=60, deadline=None)
def test_paths_decode_to_what_went_in(sizes, width, data):
    total = int(np.prod(sizes))
    paths = []
    for _ in range(total):
        points = data.draw(st.integers(1, 2)) * width  # states may differ in their points
        numbers = data.draw(
            st.lists(st.integers(-(10**6), 10**6), min_size=2 * points, max_size=2 * points)
        )
        shown = [show_coordinate(n) for n in numbers]
        paths.append("M " + " L ".join(map(" ".join, zip(shown[::2], shown[1::2], strict=True))))
    made = channel(3, "d", paths, sizes)
    if made is None:
        assert len(set(paths)) == 1
    else:
        assert made[:2] == [3, "d"]
        assert values(made, sizes) == paths


@given(st.lists(st.sampled_from(["a", "b", None, ""]), min_size=2, max_size=12))
def test_texts_and_missing_attributes(column):
    made = channel(0, "fill", column, [len(column)])
    assert (made is None and len(set(column)) == 1) or values(made, [len(column)]) == column


def draw_line(k):
    fig, ax = plt.subplots(figsize=(3, 2))
    ax.plot(np.linspace(0, 1, 20), np.linspace(0, 1, 20) ** (k + 1))
    return fig


def comes_and_goes(k):
    fig, ax = plt.subplots(figsize=(3, 2))
    ax.plot([0, k + 1], [0, 1], label="line")
    if k % 2:
        ax.text(0.5, 0.5, f"now {k}")
        ax.legend()
    return fig


def ticks_change(k):
    fig, ax = plt.subplots(figsize=(3, 2))
    ax.plot([0, 10.0 ** (k - 2)], [0, k])
    return fig


def log_axes(k):
    fig, ax = plt.subplots(figsize=(3, 2))
    ax.loglog([1, 10 ** (k + 1)], [1, 10])
    return fig


def math_text(k):
    fig, ax = plt.subplots(figsize=(3, 2))
    ax.set_title(rf"$\delta^{{{k}}} = \frac{{{k}}}{{2}}$")
    return fig


def image(k):
    fig, ax = plt.subplots(figsize=(3, 2))
    ax.imshow(np.arange(12).reshape(3, 4) * (k + 1) % 5)
    return fig


def contour(k):
    fig, ax = plt.subplots(figsize=(3, 2))
    x = np.linspace(-1, 1, 20)
    ax.contour(x, x, x[:, None] ** 2 + (k + 1) * x**2, levels=[0.5, 1, 2])
    ax.scatter(x[: k + 2], x[: k + 2])
    return fig


def test_only_the_outermost_of_what_is_absent_is_hidden():
    merged = merge([tree(render(comes_and_goes(k)), "f") for k in range(4)])
    plt.close("all")
    absent = [e for e in merged.walk() if any(n is None for n in e.nodes)]
    hidden = [e for e in absent if "display" in columns(e)]
    inside = {id(part) for e in hidden for child in e.children for part in child.walk()}
    assert hidden and inside and not {id(e) for e in hidden} & inside
    assert {id(e) for e in absent} == {id(e) for e in hidden} | inside


def other_axes(k):
    fig, _ = plt.subplots(1, k % 3 + 1, figsize=(3, 2))
    return fig


def flat(node):
    yield (node.tag, node.attributes, node.text)
    for child in node.children:
        yield from flat(child)


def drawing(elements):
    """Without groups that hold no attribute: the common tree has their parts in their place."""
    return [e for e in elements if e != ("g", {}, "")]


def shown(merged, state):
    """The elements of one state in the common tree, without what is hidden in it."""
    found = {name: column[state] for name, column in columns(merged).items()}
    if found.get("display") == "none":
        return
    text = found.pop("") or ""
    attributes = {k: v for k, v in found.items() if v is not None}
    yield (merged.first.tag, attributes, text)
    for child in merged.children:
        yield from shown(child, state)


@pytest.mark.parametrize(
    "function",
    [
        draw_line,
        comes_and_goes,
        ticks_change,
        log_axes,
        math_text,
        image,
        contour,
        other_axes,
    ],
)
def test_every_state_is_in_the_common_tree(function):
    trees = [tree(render(function(k)), "f") for k in range(5)]
    plt.close("all")
    merged = merge(trees)
    for state, drawn in enumerate(trees):
        assert drawing(shown(merged, state)) == drawing(flat(drawn))
    sizes = [len(trees)]
    encoded = encode(merged, sizes)
    elements = list(merged.walk())
    for made in encoded["c"]:
        column = columns(elements[made[0]])[made[1]]
        assert values(made, sizes) == column
    changing = sum(len(set(c)) > 1 for e in elements for c in columns(e).values())
    assert len(encoded["c"]) == changing


def definitions_move(k):
    fig, ax = plt.subplots(figsize=(3, 2))
    ax.set(xticks=[], yticks=[])
    if (
        k % 2 == 0
    ):  # in the other states another element is the first to define a glyph and a marker
        ax.set_xlabel(r"$\alpha\delta$")
    ax.text(0.1, 0.2, r"$\delta\gamma$")
    ax.plot([k], [1], "os"[k % 2])
    return fig


def test_a_reference_never_finds_a_definition_that_is_hidden():
    def defined(node):
        own = {node.attributes["id"]: node} if "id" in node.attributes else {}
        for child in node.children:
            own |= defined(child)
        return own

    trees = [tree(render(definitions_move(k)), "f") for k in range(4)]
    plt.close("all")
    merged = merge(trees)
    for state, drawn in enumerate(trees):
        found = {}  # as a browser does: the first of that id in the document
        for element in merged.walk():
            now = {name: column[state] for name, column in columns(element).items()}
            if now.get("id"):
                found.setdefault(now["id"], now)
        for name, node in defined(drawn).items():
            assert found[name].get("display") is None
            assert found[name].get("d") == node.attributes.get("d")
        for element in merged.walk():
            href = columns(element).get("href", [None] * 4)[state]
            assert href is None or href[1:] in found


def test_rounding_is_at_most_a_twentieth_of_a_pixel():
    rng = np.random.default_rng(0)
    fig, ax = plt.subplots()
    ax.plot(rng.normal(size=300), rng.normal(size=300))
    svg = render(fig)
    plt.close(fig)
    import re

    path = max(re.findall(r' d="([^"]+)"', svg), key=len)
    exact = np.array([float(n) for n in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", path)])
    rounded = np.array(split_numbers(path)[1]) / STEP
    assert 0 < np.abs(exact - rounded).max() <= 0.025 + 1e-9
