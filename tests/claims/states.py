"""The states of a live figure, and what it shows in each."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import matplotlib.pyplot as plt

from ..figures import figures_of


def settings(page: Path, name: str) -> list[dict]:
    """Every setting of the controls."""
    _, controls = figures_of(page)[name]
    found = [
        dict(zip([c.name for c in controls], values, strict=True))
        for values in product(*(c.values for c in controls))
    ]
    assert len(found) > 1, f"{name} has one state"
    return found


def states(page: Path, name: str) -> Iterator[tuple[dict, object]]:
    """(setting, what the function gives back) of every state; its drawings are closed."""
    draw, _ = figures_of(page)[name]
    for setting in settings(page, name):
        yield setting, draw(**setting)
        plt.close("all")


def readouts_of(page: Path, name: str, **choices) -> dict[str, str]:
    """The numbers of one state."""
    figure, readouts = figures_of(page)[name][0](**choices)
    plt.close(figure)
    return readouts
