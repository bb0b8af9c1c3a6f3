"""The drawing of any state, from that of the default one and what the others change: for paper, where no script runs.

The format of the states is described in `live_figures.encoding`, which writes it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np

from .encoding import _LEADS, _ONE, ALPHABET, BASE

__all__ = ["readings", "state_svg"]

ET.register_namespace("", "http://www.w3.org/2000/svg")
ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
_DIGIT = {letter: i for i, letter in enumerate(ALPHABET)}


def state_svg(drawing: str, states: dict[str, Any], wanted: Iterable[int]) -> list[str]:
    """The drawings of some states of a figure.

    Parameters
    ----------
    drawing : str
        The SVG of one state, as `LiveFigure.drawing` has it.
    states : dict
        What the other states change, as `LiveFigure.states` gives it.
    wanted : iterable of int
        The places of the states, in row-major order, the last control fastest.

    Returns
    -------
    list of str
        Their SVGs, in the order of `wanted`, without what a state hides.

    Raises
    ------
    ValueError
        If there is no such state.

    Examples
    --------
    >>> from live_figures.encoding import pack
    >>> states = {"n": [2], "c": [[1, "r", ["1", "2"], pack([0, 1])]]}
    >>> state_svg('<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>', states, [1])
    ['<svg xmlns="http://www.w3.org/2000/svg"><circle r="2" /></svg>']
    """
    wanted = _checked(states, wanted)
    columns = [
        (element, name, _reader(groups, which, states["n"]))
        for element, name, groups, which in states["c"]
    ]
    drawn = []
    for state in wanted:
        root = ET.fromstring(drawing)
        elements = list(root.iter())
        for place, name, value in columns:
            _set(elements[place], name, value(state))
        _drop_hidden(root)
        drawn.append(ET.tostring(root, encoding="unicode"))
    return drawn


def readings(states: dict[str, Any], state: int) -> list[str]:
    """The readouts of a state, in their order.

    Parameters
    ----------
    states : dict
        What the states change, as `LiveFigure.states` gives it.
    state : int
        The place of the state.

    Returns
    -------
    list of str
        One text for each readout.

    Raises
    ------
    ValueError
        If there is no such state.

    Examples
    --------
    >>> readings({"n": [2], "c": [], "r": [[["always"], ""]]}, 1)
    ['always']
    """
    (state,) = _checked(states, [state])
    total = math.prod(states["n"])
    return [table[_unpack(which, total)[state] if which else 0] for table, which in states["r"]]


def _checked(states: dict[str, Any], wanted: Iterable[int]) -> list[int]:
    total, found = math.prod(states["n"]), list(wanted)
    for state in found:
        if not 0 <= state < total:
            raise ValueError(f"wanted holds {state}; expected states from 0 to {total - 1}")
    return found


def _set(element: ET.Element, name: str, value: str | None) -> None:
    if name == "":
        element.text = value
    elif value is None:
        element.attrib.pop(name, None)
    else:
        element.set(name, value)


def _drop_hidden(element: ET.Element) -> None:
    for child in list(element):
        if child.get("display") == "none":
            element.remove(child)
        else:
            _drop_hidden(child)


def _unpack(text: str, length: int) -> np.ndarray:
    """The numbers that `encoding.pack` wrote."""
    numbers = np.empty(length, dtype=np.int64)
    letters = iter(text)
    for i in range(length):
        n = _DIGIT[next(letters)]
        if n == BASE - 1:
            digits = [_DIGIT[next(letters)] for _ in range(_DIGIT[next(letters)])]
            n = _ONE + _LEADS * BASE + sum(d * BASE**k for k, d in enumerate(digits))
        elif n >= _ONE:
            n = _ONE + (n - _ONE) * BASE + _DIGIT[next(letters)]
        numbers[i] = -(n + 1) // 2 if n % 2 else n // 2
    return numbers


def _reader(groups: list[Any], which: str, sizes: Sequence[int]) -> Callable[[int], str | None]:
    """A function from a state to the value of an attribute in it."""
    total = math.prod(sizes)
    group = _unpack(which, total) if which else np.zeros(total, int)
    tables: dict[int, np.ndarray] = {}
    for number, entry in enumerate(groups):
        if isinstance(entry, list):
            pieces, orders, packed = entry
            count = int((group == number).sum())
            tables[number] = _summed(packed, len(pieces) - 1, count, orders, sizes, total)

    def value(state: int) -> str | None:
        number = int(group[state])
        entry = groups[number]
        if number not in tables:
            text: str | None = entry
            return text
        row = tables[number][:, int((group[:state] == number).sum())]
        texts = (f"{_decimal(n)}{piece}" for n, piece in zip(row, entry[0][1:], strict=True))
        return str(entry[0][0]) + "".join(texts)

    return value


def _summed(
    packed: str, width: int, count: int, orders: list[int], sizes: Sequence[int], total: int
) -> np.ndarray:
    """The numbers of each state of a group: their differences, summed up along the states and the numbers."""
    shape = list(sizes) if count == total else [count]
    grid = _unpack(packed, width * count).reshape(width, *shape)
    for axis, order in enumerate(orders[:-1]):
        for _ in range(order):
            grid = np.cumsum(grid, axis=1 + axis)
    for _ in range(orders[-1]):  # x follows x and y follows y
        for start in (0, 1):
            grid[start::2] = np.cumsum(grid[start::2], axis=0)
    return grid.reshape(width, count)


def _decimal(steps: int) -> str:
    """A coordinate, of steps of 1/20 px."""
    return f"{steps / 20:.2f}".rstrip("0").rstrip(".")
