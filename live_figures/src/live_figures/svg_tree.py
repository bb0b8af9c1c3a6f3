"""The elements of a drawing, and the numbers in their attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

__all__: list[str] = []

STEP = 20  #: coordinates are multiples of 1/STEP px: a rounding error of 0.025 px at most

_NUMBER = re.compile(r"-?\d+\.?\d*(?:e[+-]?\d+)?")
_PLAIN_TRANSLATE = re.compile(r"translate\([^()]*\)")
#: attributes that hold nothing but coordinates
COORDINATES = {"d", "x", "y", "width", "height", "points", "cx", "cy", "r"}


@dataclass
class Node:
    """An element: `base` is matplotlib's name for it without the running number ('line2d')."""

    tag: str
    base: str
    attributes: dict[str, str]
    text: str = ""
    children: list[Node] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        return self.tag, self.base

    def walk(self) -> Iterator[Node]:
        """This element and all in it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()


def coordinate(text: str) -> int:
    """A number as a multiple of 1/STEP px."""
    return round(float(text) * STEP)


def show_coordinate(n: int) -> str:
    """The shortest decimal for n/STEP; JavaScript's ``String(n / STEP)`` gives the same."""
    value = n / STEP
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


@lru_cache(20_000)  # most paths are the same in many states
def rounded(text: str) -> str:
    """A text with all its numbers as multiples of 1/STEP."""
    return _NUMBER.sub(lambda m: show_coordinate(coordinate(m.group())), text)


def is_coordinates(attribute: str, value: str) -> bool:
    return attribute in COORDINATES or (
        attribute == "transform" and bool(_PLAIN_TRANSLATE.fullmatch(value.strip()))
    )


_ABSOLUTE = re.compile(r"M[MLQCz \d.e-]*")
_SEGMENT = re.compile(r"([MLQCz])([^MLQCz]*)")
_PAIRS = {"M": 1, "L": 1, "Q": 2, "C": 3}


def compact(d: str) -> str:
    """A path with each point told from the one before, which takes half the letters; any other path as it is."""
    if not _ABSOLUTE.fullmatch(d):
        return d
    parts: list[str] = []
    at = start = (0, 0)
    last = ""
    for letter, rest in _SEGMENT.findall(d):
        if letter == "z":
            parts.append("z")
            at, last = start, "z"
            continue
        numbers = [coordinate(n) for n in rest.split()]
        size = 2 * _PAIRS[letter]
        for i in range(0, len(numbers), size):
            steps = [n - at[k % 2] for k, n in enumerate(numbers[i : i + size])]
            texts = [
                show_coordinate(n).replace("0.", ".", 1)
                if 0 < abs(n) < STEP
                else show_coordinate(n)
                for n in steps
            ]
            first = f" {texts[0]}" if letter == last and not texts[0].startswith("-") else texts[0]
            name = "" if letter == last else letter.lower()
            parts.append(name + first + "".join(t if t[0] == "-" else f" {t}" for t in texts[1:]))
            at = numbers[i + size - 2], numbers[i + size - 1]
            if letter == "M":
                start = at
            last = letter if letter != "M" else "L"
    return "".join(parts)


def split_numbers(text: str) -> tuple[tuple[str, ...], list[int]]:
    """The literal pieces around the numbers of `text`, and the numbers in steps."""
    numbers = [coordinate(m.group()) for m in _NUMBER.finditer(text)]
    return tuple(_NUMBER.split(text)), numbers
