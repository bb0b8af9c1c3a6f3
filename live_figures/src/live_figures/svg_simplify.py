"""A drawing in fewer and plainer elements, of the same look.

Matplotlib writes every marker and every tick as a copy of a definition (``<use>``). A browser keeps a tree and a
system of coordinates for each copy, and composes a page of hundreds of them anew at each move of a slider, which on
a phone costs more than a frame. As circles and short lines in place they cost next to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from math import hypot

from .svg_tree import Node, coordinate, show_coordinate, split_numbers

__all__: list[str] = []

_STRAIGHT = re.compile(r"[MLz \d.e+-]+")
#: coordinates of a marker that is written out; of a longer one the definition is smaller
_SHORT = 8
_CIRCLE = "M" + 8 * "C" + "z"  #: as matplotlib draws it
_COMMANDS = re.compile(r"[A-Za-z]")
_OPACITY = re.compile(r"(?:^|;)opacity:")  #: of a group, it is that of all its parts as one
_INVISIBLE = "fill:none"


def simplify(root: Node) -> None:
    """Rewrite a drawing: markers as circles and lines, alike neighbors in one group, nothing that is not seen."""
    definitions = {
        child.attributes["id"]: child
        for node in root.walk()
        if node.tag == "defs"
        for child in node.children
        if child.tag == "path" and "id" in child.attributes
    }
    _write_out(root, definitions)
    used = {node.attributes["href"][1:] for node in root.walk() if "href" in node.attributes}
    _prune(root, definitions.keys() - used)


def one_link(panel: Node) -> None:
    """Make one link of a panel all of whose links lead to one place: matplotlib writes one for each part."""

    def plain(node: Node) -> None:
        node.children = [
            c for child in node.children for c in (child.children if child.tag == "a" else [child])
        ]
        for child in node.children:
            plain(child)

    places = {node.attributes["href"] for node in panel.walk() if node.tag == "a"}
    if len(places) == 1:
        plain(panel)
        panel.children = [Node("a", "", {"href": places.pop()}, "", panel.children)]


def _write_out(node: Node, definitions: dict[str, Node]) -> None:
    if "data-handle" in node.attributes:  # a script asks its marker where it is
        return
    node.children = [in_place(child, definitions) for child in node.children]
    for child in node.children:
        _write_out(child, definitions)


def in_place(node: Node, definitions: dict[str, Node]) -> Node:
    """A copy of a circle or of a few straight lines as an element of its own; any other node as it is."""
    definition = definitions.get(node.attributes.get("href", "#")[1:])
    if node.tag != "use" or definition is None:
        return node
    if "transform" in node.attributes or "transform" in definition.attributes:
        return node
    style = node.attributes.get("style", "")
    own = definition.attributes.get("style")
    if own and not set(own.split(";")) <= set(style.split(";")):
        return node
    x, y = (coordinate(node.attributes.get(name, "0")) for name in "xy")
    pieces, numbers, radius = _shape(definition.attributes["d"])
    if radius:
        place = {"cx": show_coordinate(x), "cy": show_coordinate(y), "r": show_coordinate(radius)}
        return Node("circle", node.base, {**place, "style": style})
    if not numbers:
        return node
    moved = [show_coordinate(n + (y if i % 2 else x)) for i, n in enumerate(numbers)]
    d = pieces[0] + "".join(a + b for a, b in zip(moved, pieces[1:], strict=True))
    return Node("path", node.base, {"d": d, "style": style})


@lru_cache(1_000)  # a scatter has hundreds of one shape
def _shape(d: str) -> tuple[tuple[str, ...], list[int], int]:
    """The pieces and numbers of a path of few straight lines, none of any other; its radius if it is a circle."""
    pieces, numbers = split_numbers(d)
    if "".join(_COMMANDS.findall(d)) == _CIRCLE:
        points = [hypot(*pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]
        radius = max(map(abs, numbers))
        # eight arcs about the origin: each third point lies on the circle, those between a little outside
        off = max(abs(p - radius) for p in points[::3])
        outside = max(points) - radius
        if off <= 1 and outside <= 1 + 0.1 * radius:
            return pieces, [], radius
    short = len(numbers) <= _SHORT and _STRAIGHT.fullmatch(d)
    return pieces, numbers if short else [], 0


def _prune(node: Node, unused: set[str]) -> None:
    """Drop what draws nothing, and put equal groups that follow each other into one, with the style of their parts."""
    for child in node.children:
        _prune(child, unused)
    kept = [c for c in node.children if not _draws_nothing(c, unused)]
    node.children = list(_joined(kept))
    styles = {c.attributes.get("style") for c in node.children}
    if (
        node.tag == "g"
        and "style" not in node.attributes
        and len(node.children) > 1
        and len(styles) == 1
        and all(c.tag in ("circle", "path") for c in node.children)
    ):
        (style,) = styles
        if style and not _OPACITY.search(style):
            node.attributes["style"] = style
            for child in node.children:
                del child.attributes["style"]


def _draws_nothing(node: Node, unused: set[str]) -> bool:
    if node.tag in ("g", "defs"):
        return not node.children
    return node.attributes.get("id") in unused or (
        node.tag == "path" and node.attributes.get("style") == _INVISIBLE
    )


def _joined(nodes: list[Node]) -> Iterator[Node]:
    for (tag, base, attributes), same in groupby(nodes, lambda n: (n.tag, n.base, n.attributes)):
        first, *others = same
        if tag == "g" and attributes and not base:
            for other in others:
                first.children += other.children
            others = []
        yield first
        yield from others
