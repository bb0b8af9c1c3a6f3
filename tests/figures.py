"""Every live figure of the book, as Python: its function and its controls, found by running the code."""

from __future__ import annotations

import hashlib
import os
import pickle
import re
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import GeneratorType
from unittest import mock

import cloudpickle
import matplotlib
import nbformat
from IPython import get_ipython
from live_figures.cache import package_digest
from live_figures.controls import controls_for, widgets_for

import live_figures
from lossbook import losses
from lossbook.teaching import catalog

from .paths import PAGES, ROOT


def code_cells(path: Path) -> list[str]:
    if path.suffix == ".ipynb":
        cells = nbformat.read(path, as_version=4).cells
        return [c.source for c in cells if c.cell_type == "code"]
    text = catalog.expanded(path.read_text("utf-8"))
    cells = re.findall(r"^```\{code-cell\}[^\n]*\n(.*?)^```", text, re.S | re.M)
    return [re.sub(r"^:.*\n", "", cell, flags=re.M) for cell in cells]


def figures_of(path: Path) -> dict[str, tuple]:
    """name: (function, controls) for each `interact` of a page; a still figure has no controls."""
    return _defined(path)[0]


def _kept(path: Path) -> Path:
    """Where the definitions of a page are kept, until the page or the package changes."""
    digest = hashlib.sha256(path.read_bytes() + Path(__file__).read_bytes())
    digest.update(package_digest("lossbook", "live_figures").encode())
    for name in ("numpy", "scipy", "scikit-learn", "matplotlib"):
        digest.update(version(name).encode())
    return ROOT / "_build" / ".figures" / f"{path.stem}-{digest.hexdigest()[:16]}.pickle"


def _keep(path: Path, found: dict[str, tuple], namespace: dict[str, object]) -> None:
    """Write the figures of a page, all names that its cells define, and matplotlib's settings after them."""
    names = {k: v for k, v in namespace.items() if not isinstance(v, GeneratorType)}  # used up
    settings = {k: v for k, v in matplotlib.rcParams.items() if not k.startswith("backend")}
    kept = _kept(path)
    kept.parent.mkdir(parents=True, exist_ok=True)
    for old in kept.parent.glob(f"{path.stem}-*"):
        old.unlink(missing_ok=True)
    half = kept.with_suffix(f".{os.getpid()}")
    half.write_bytes(cloudpickle.dumps((found, names, settings)))
    half.replace(kept)


@cache
def _loaded(path: Path) -> tuple[dict[str, tuple], dict[str, object], dict[str, object]]:
    """What `_keep` has written. Where nbval has not left it, the cells of the page run, once."""
    if not _kept(path).exists():
        _run(path)
    return pickle.loads(_kept(path).read_bytes())


def _defined(path: Path) -> tuple[dict[str, tuple], dict[str, object]]:
    """The figures of a page and all its names. Its settings hold from now on, to the end of a test (conftest.py)."""
    found, names, settings = _loaded(path)
    if any(matplotlib.rcParams[k] != v for k, v in settings.items()):
        matplotlib.rcParams.update(settings)
    return found, names


def _collecting(found: dict[str, tuple], show: Callable | None = None) -> Callable:
    """`live_figures.interact` that notes the functions with their controls, and calls the true one."""

    def interact(labels=None, units=None, narrow=None, **abbreviations):
        def decorate(func):
            widgets = widgets_for(func, abbreviations, labels, units)
            found[func.__name__] = func, controls_for(func.__name__, widgets)
            func.narrow = narrow
            options = {"labels": labels, "units": units, "narrow": narrow, **abbreviations}
            return show(**options)(func) if show else func

        return decorate

    return interact


def _run(path: Path) -> None:
    """Run the cells of a page and keep what they define; nothing is shown."""
    found: dict[str, tuple] = {}
    interact = _collecting(found)
    namespace = {"__name__": f"page_{path.stem}"}
    matplotlib.rc_file_defaults()  # without what other pages have set
    matplotlib.use("agg")
    with (
        mock.patch.object(live_figures, "interact", interact),
        mock.patch.object(live_figures, "figure", interact()),
        mock.patch("IPython.display.display", lambda *a, **k: None),
    ):
        for cell in code_cells(path):
            exec(compile(cell, str(path), "exec"), namespace)
    del namespace["__builtins__"]
    _keep(path, found, namespace)


_watched: dict[str, tuple] = {}


def watch() -> None:
    """In the kernel of a notebook, before its first cell: note its figures as they are shown."""
    interact = _collecting(_watched, live_figures.interact)
    live_figures.interact, live_figures.figure = interact, interact()


def keep(page: str) -> None:
    """In the kernel of a notebook, after its last cell: keep what `_run` would find."""
    shell = get_ipython()
    names = {k: v for k, v in shell.user_ns.items() if k not in shell.user_ns_hidden}
    _keep(Path(page), _watched, {k: v for k, v in names.items() if not k.startswith("_")})


class Names:
    """The names that the cells of a chapter define; the cells run when the first one is asked for."""

    def __init__(self, chapter: str):
        self.path = ROOT / "chapters" / f"{chapter}.ipynb"

    def __getitem__(self, name: str):
        return _defined(self.path)[1][name]


def all_figures() -> list[tuple[str, str]]:
    """(page as in the address, name of the figure), without running anything."""
    pairs = []
    for path in PAGES:
        page = str(path.relative_to(ROOT).with_suffix(".html"))
        for cell in code_cells(path):
            for name in re.findall(r"^@(?:interact\(.*?\)|figure)\ndef (\w+)", cell, re.S | re.M):
                pairs.append((page, name))
            for loss in re.findall(r"^catalog\.live_figure\(losses\.(\w+)", cell, re.M):
                ident = catalog.slug(getattr(losses, loss)).replace("-", "_")
                pairs.append((page, f"catalog_{ident}"))
    return pairs


def path_of(page: str) -> Path:
    return next(p for p in PAGES if str(p.relative_to(ROOT).with_suffix(".html")) == page)
