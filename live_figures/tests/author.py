"""Code of an author's, in folders and processes of its own, and the keys that its figures have.

Each process is forked from one that has imported matplotlib and this package and has done nothing else.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import traceback
import types
from pathlib import Path

import live_figures

PROJECT = Path(live_figures.__file__).parents[2]
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    ["joblib", "live_figures", "live_figures.modules", "matplotlib.pyplot"]
)

FIGURE = """
{head}
def figure():
    '''A figure.'''
    import matplotlib.pyplot as plt
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, {value}])
    return fig
"""


def _answer(answer, code: str, folder: Path, path: list[Path], track: tuple[str, ...]) -> None:
    """In the process: run the code as a notebook does, and send the key of its figure, and what that imports."""
    try:
        os.chdir(folder)
        sys.path[:0] = [str(folder), *map(str, path)]
        sys.modules["__main__"] = main = types.ModuleType("__main__")
        exec(compile(code, "a notebook", "exec"), vars(main))
        live_figures.configure(track=track)
        before = set(sys.modules)
        key = live_figures.cache.key_of(main.figure, [])
        answer.send((key, set(sys.modules) - before))
    except BaseException:
        answer.send((None, traceback.format_exc()))


def ask(folder: Path, head: str, value: str, track=(), path=()) -> tuple[str, set[str]]:
    """The key of a figure of a notebook in `folder`, and the names of what finding it has imported.

    `head` is what the notebook runs before, `value` what its figure draws.
    """
    here, there = FORKS.Pipe(duplex=False)
    code = FIGURE.format(head=head, value=value)
    arguments = there, code, folder, list(path), tuple(track)
    process = FORKS.Process(target=_answer, args=arguments)
    process.start()
    key, rest = here.recv()
    process.join()
    here.close()
    there.close()
    assert key is not None, rest
    return key, rest


def key(*args, **options) -> str:
    return ask(*args, **options)[0]


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def _build(folder: Path, arguments: list[str], log: Path) -> None:
    """In the process: `sphinx-build` in that folder."""
    out = os.open(log, os.O_WRONLY | os.O_CREAT)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.chdir(folder)
    from sphinx.cmd.build import main

    sys.exit(main(arguments))


def build(folder: Path, builder: str = "html", *options: str) -> str:
    """Build a book of Sphinx into `_build/<builder>`; what it says. A warning fails."""
    log = folder / "build.log"
    log.unlink(missing_ok=True)
    trees = ["-d", f"_build/.doctrees-{'html' if 'html' in builder else builder}"]
    arguments = ["-W", "-b", builder, *trees, *options, ".", f"_build/{builder}"]
    process = FORKS.Process(target=_build, args=(folder, arguments, log))
    process.start()
    process.join()
    said = log.read_text("utf-8")
    assert process.exitcode == 0, said[-3000:]
    return said
