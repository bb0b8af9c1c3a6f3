"""The labels of a chapter's live figures that lie on each other or are cut off, wide and narrow.

    python -m tools.overlaps chapters/mse.ipynb [figure ...]

The cells run in this process; each figure is looked at in at most sixty of its states.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import matplotlib
import nbformat

import live_figures


def figures(path: Path) -> dict[str, tuple[Callable, dict]]:
    """The functions that a notebook decorates, and what it decorates them with."""
    found: dict[str, tuple[Callable, dict]] = {}

    def interact(labels=None, units=None, **options):
        def decorate(func):
            found[func.__name__] = func, options
            return func

        return decorate

    matplotlib.use("agg")
    with (
        mock.patch.object(live_figures, "interact", interact),
        mock.patch.object(live_figures, "figure", interact()),
        mock.patch("IPython.display.display"),
    ):
        namespace = {"__name__": "__main__"}
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                exec(compile(cell.source, str(path), "exec"), namespace)
    return found


def main(path: str, *names: str) -> int:
    count = 0
    for name, (func, options) in figures(Path(path)).items():
        if not names or name in names:
            worst: dict[tuple[str, str, str], live_figures.Overlap] = {}
            for found in live_figures.overlaps(func, **options):
                pair = found.drawing, found.text, found.other
                worst[pair] = max(found, worst.get(pair, found), key=lambda o: o.pixels)
            count += len(worst)
            for found in worst.values():
                print(f"{name}: {found}")
    return count > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
