"""Code of an author's, in folders and processes of its own, and the keys that its figures have."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import live_figures

SOURCE = Path(live_figures.__file__).parents[1]

ASK = """
import sys, types
import matplotlib
matplotlib.use("agg")
import live_figures
from live_figures import cache
live_figures.configure(track={track!r})
main = sys.modules["__main__"]
{code}
before = set(sys.modules)
print(cache.key_of(figure, []))
print(*sorted(set(sys.modules) - before))
"""

FIGURE = """
{head}
def figure():
    '''A figure.'''
    import matplotlib.pyplot as plt
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, {value}])
    return fig
"""


def ask(folder: Path, head: str, value: str, track=(), path=()) -> tuple[str, set[str]]:
    """The key of a figure of a notebook in `folder`, and what finding it has imported.

    `head` is what the notebook runs before, `value` what its figure draws.
    """
    code = ASK.format(code=FIGURE.format(head=head, value=value), track=tuple(track))
    places = [str(folder), *map(str, path), str(SOURCE)]
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(places)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    key, modules = done.stdout.splitlines()[-2:]
    assert key != "None"
    return key, set(modules.split())


def key(*args, **options) -> str:
    return ask(*args, **options)[0]


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder
