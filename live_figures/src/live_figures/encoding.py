"""Many drawings of one figure as one drawing and what differs.

`merge` lays the trees of all states over each other. An element that only some states have gets a
place of its own in the common tree, hidden where it is absent; nothing is redrawn, so a legend that
comes and goes or ticks that change cost little. `encode` writes the attributes that change, as small
numbers that gzip well. ``static/live-figure.js`` is the reader of this format.

The format: ``{"n": [sizes of the controls], "c": [channel, ...]}``, states in row-major order, the last
control fastest. A channel is ``[element, attribute, groups, which]``: `element` counts the SVG's elements
in document order, attribute "" is the text. A group is ``[pieces, orders, numbers]``: the strings around
the numbers that change and the numbers themselves, in steps of 1/20 px, differenced ``orders[a]`` times
along axis a and packed by `pack`. Without numbers a group is just one string, or null: no attribute.
`which` packs the group of each state ("" where there is one group only).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .svg_tree import Node, is_coordinates, show_coordinate, split_numbers

__all__: list[str] = []

# ------------------------------------------------------------------------------------ merging


def _supersequence(sequences: list[tuple]) -> list:
    """A short sequence of which each of `sequences` is a subsequence."""
    merged: list = []
    for sequence in dict.fromkeys(sequences):
        if not merged:
            merged = list(sequence)
            continue
        result = []
        matcher = SequenceMatcher(None, merged, sequence, autojunk=False)
        for _, i1, i2, j1, j2 in matcher.get_opcodes():
            result += merged[i1:i2]
            if sequence[j1:j2] != tuple(merged[i1:i2]):
                result += sequence[j1:j2]
        merged = result
    return merged


def _places(merged: list, sequence: tuple) -> list[int]:
    """Where in `merged` each item of its subsequence stands."""
    if len(merged) == len(sequence):
        return list(range(len(merged)))
    places, at = [], 0
    for item in sequence:
        at = merged.index(item, at)
        places.append(at)
        at += 1
    return places


class Merged:
    """One element of the common tree: the node of each state, or None where the state has none.

    `hidden` tells of each state whether the element must be hidden in it: not where its parent is.
    """

    def __init__(self, nodes: list[Node | None], parents: list[Node | None] | None = None):
        self.nodes = nodes
        self.hidden = [
            n is None and p is not None for n, p in zip(nodes, parents or nodes, strict=True)
        ]
        self.first = next(n for n in nodes if n is not None)
        self.children: list[Merged] = []
        sequences = {id(n): tuple(c.key for c in n.children) for n in nodes if n is not None}
        merged = _supersequence(list(sequences.values()))
        columns: list[list[Node | None]] = [[None] * len(nodes) for _ in merged]
        known: dict[tuple, list[int]] = {}
        for state, node in enumerate(nodes):
            if node is None:
                continue
            sequence = sequences[id(node)]
            if sequence not in known:
                known[sequence] = _places(merged, sequence)
            for place, child in zip(known[sequence], node.children, strict=True):
                columns[place][state] = child
        self.children = [Merged(column, nodes) for column in columns]

    def walk(self) -> Iterator[Merged]:
        """This element and all in it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def drop_plain_groups(self) -> None:
        """Put the parts of a group that has no attribute in any state in its place."""
        children = []
        for child in self.children:
            child.drop_plain_groups()
            plain = child.first.tag == "g" and not any(child.hidden)
            if plain and not any(n.attributes for n in child.nodes if n is not None):
                children += child.children
            else:
                children.append(child)
        self.children = children


_REFERENCE = re.compile(r"(^#|url\(#)([^)]+)")


def _renamed(value: str, known: dict[str, str]) -> str:
    """An attribute whose references have new names."""
    return _REFERENCE.sub(lambda m: m[1] + known[m[2]], value)


def merge(trees: list[Node]) -> Merged:
    """The common tree of all states.

    An id becomes that of an element of the common tree: two states may define the same glyph in different
    places, and a definition that is hidden must never be found instead of the one that is shown.
    """
    merged = Merged(list(trees))
    merged.drop_plain_groups()  # they have told alike things apart; a page has no use for them
    names: list[dict[str, str]] = [{} for _ in trees]
    count = itertools.count()
    for element in merged.walk():
        defining = [
            (state, node.attributes)
            for state, node in enumerate(element.nodes)
            if node is not None and "id" in node.attributes
        ]
        number = next(count) if defining else 0
        for state, attributes in defining:
            old = attributes["id"]
            names[state][old] = attributes["id"] = f"{old.rpartition('-')[0]}-{number}"
    for element in merged.walk():
        for state, node in enumerate(element.nodes):
            if node is None:
                continue
            known = names[state]
            for attribute in ("href", "clip-path", "style"):
                value = node.attributes.get(attribute, "")
                if "#" in value and not value.startswith("data:"):
                    node.attributes[attribute] = _renamed(value, known)
    return merged


def columns(element: Merged) -> dict[str, list[str | None]]:
    """What each attribute of an element is in each state; where the element is absent, what it was."""
    names = dict.fromkeys(itertools.chain.from_iterable(n.attributes for n in element.nodes if n))
    found: dict[str, list[str | None]] = {}
    shown = [n is not None for n in element.nodes]
    for name in names:
        found[name] = [None if n is None else n.attributes.get(name) for n in element.nodes]
    found[""] = [None if n is None else n.text for n in element.nodes]
    if not all(shown):
        for values in found.values():
            _carry(values, shown)
    if any(element.hidden):
        found["display"] = ["none" if h else None for h in element.hidden]
        _carry(found["display"], [s or h for s, h in zip(shown, element.hidden, strict=True)])
    return found


def _carry(values: list, shown: list[bool]) -> None:
    """Fill the states in which nothing is shown with the nearest earlier value: no change, no cost."""
    last = values[shown.index(True)]
    for i, is_shown in enumerate(shown):
        if is_shown:
            last = values[i]
        else:
            values[i] = last


# ------------------------------------------------------------------------------------ packing

#: printable, without what JSON or HTML would escape: " < \ (and no ' or &)
ALPHABET = "".join(chr(c) for c in range(35, 127) if chr(c) not in "<\\&'")
BASE = len(ALPHABET)
_LEADS = 9  #: lead characters for numbers of two digits
_ONE = BASE - _LEADS - 1  #: numbers below are one character


def pack(numbers: ArrayLike) -> str:
    """Integers as text: small ones, of either sign, as one character."""
    out = []
    for n in np.ravel(np.asarray(numbers)).tolist():
        n = 2 * n if n >= 0 else -2 * n - 1
        if n < _ONE:
            out.append(ALPHABET[n])
            continue
        n -= _ONE
        if n < _LEADS * BASE:
            out.append(ALPHABET[_ONE + n // BASE] + ALPHABET[n % BASE])
            continue
        n -= _LEADS * BASE
        digits: list[str] = []
        while n or not digits:
            digits.append(ALPHABET[n % BASE])
            n //= BASE
        # the last lead, how many digits follow, the digits from the lowest
        out.append(ALPHABET[BASE - 1] + ALPHABET[len(digits)] + "".join(digits))
    return "".join(out)


def _cost(numbers: np.ndarray) -> float:
    """About how many bits gzip will need: the entropy of the numbers, and a little for rare ones."""
    _, counts = np.unique(numbers, return_counts=True)
    return float(-(counts * np.log2(counts / numbers.size)).sum() + 9.0 * counts.size)


def _difference(grid: np.ndarray, orders: tuple[int, ...]) -> np.ndarray:
    for axis, order in enumerate(orders):
        # along the numbers of a path, x follows x and y follows y
        lag = 2 if axis == grid.ndim - 1 else 1
        for _ in range(order):
            moved = np.zeros_like(grid)
            into = [slice(None)] * grid.ndim
            since = [slice(None)] * grid.ndim
            into[axis], since[axis] = slice(lag, None), slice(None, -lag)
            moved[tuple(into)] = grid[tuple(since)]
            grid = grid - moved
    return grid


def _numbers(rows: np.ndarray, sizes: list[int]) -> tuple[list[int], str]:
    """The orders of difference that make `rows` (states by numbers) smallest, and the packed text."""
    states, width = rows.shape
    shape = sizes if np.prod(sizes) == states else [states]
    grid = rows.reshape(*shape, width)
    axes = [range(3) if n > 2 else range(2) if n > 1 else range(1) for n in shape]
    best = min(
        itertools.product(*axes, range(2) if width > 2 else range(1)),
        key=lambda orders: _cost(_difference(grid, orders)),
    )
    # state by state inside one number is the better order for gzip: alike things side by side
    smallest = _difference(grid, best).reshape(states, width).T
    return list(best), pack(smallest)


def channel(index: int, name: str, values: list[str | None], sizes: list[int]) -> list[Any] | None:
    """One attribute of one element over all states, or None where it never changes."""
    distinct = list(dict.fromkeys(values))
    if len(distinct) == 1:
        return None
    plain = _plain(index, name, values, distinct, sizes)
    if any(v is None or not is_coordinates(name, v) for v in distinct):
        return plain
    coordinates = _coordinates(index, name, values, sizes)
    return min(plain, coordinates, key=lambda c: len(str(c)))


def _which(places: list[int], count: int, sizes: list[int]) -> str:
    return pack(np.array(places)) if count > 1 else ""


def _plain(
    index: int,
    name: str,
    values: list[str | None],
    distinct: list[str | None],
    sizes: list[int],
) -> list[Any]:
    place = {value: i for i, value in enumerate(distinct)}
    return [index, name, distinct, _which([place[v] for v in values], len(distinct), sizes)]


def _coordinates(index: int, name: str, values: list[Any], sizes: list[int]) -> list[Any]:
    split = {value: split_numbers(value) for value in dict.fromkeys(values)}
    templates = list(dict.fromkeys(split[v][0] for v in values))
    groups: list[Any] = []
    for template in templates:
        rows = np.array([split[v][1] for v in values if split[v][0] == template], dtype=np.int64)
        if rows.size == 0:
            groups.append(template[0])
            continue
        varies = (rows != rows[0]).any(axis=0)
        pieces = [template[0]]
        for k, n in enumerate(rows[0].tolist()):
            if varies[k]:
                pieces.append(template[k + 1])
            else:
                pieces[-1] += show_coordinate(n) + template[k + 1]
        if len(pieces) == 1:
            groups.append(pieces[0])
        else:
            groups.append([pieces, *_numbers(rows[:, varies], sizes)])
    which = [templates.index(split[v][0]) for v in values]
    return [index, name, groups, _which(which, len(groups), sizes)]


def encode(merged: Merged, sizes: list[int]) -> dict[str, Any]:
    """Everything that changes between the states; `sizes` are the lengths of the controls."""
    channels = []
    for index, element in enumerate(merged.walk()):
        for name, values in columns(element).items():
            found = channel(index, name, values, sizes)
            if found is not None:
                channels.append(found)
    return {"n": sizes, "c": channels}
