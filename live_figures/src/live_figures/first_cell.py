"""The cell that tells a kernel to publish its figures: put before the code of a page, and never shown.

A page gets one if its code names `live_figures`, or imports a module of the author's that does.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from . import modules

__all__: list[str] = []

#: how the cell is found again, and hidden by MyST-NB
TAGS = ("remove-cell", "live-figures")
_ME = __name__.partition(".")[0]
_FENCE = re.compile(r"(`{3,}|~{3,}|:{3,})(.*)")
#: of a cell in a text, before its code
_OPTIONS = re.compile(r"\A\s*(?:---\n.*?\n---\n|(?::[^\n]*\n)+)", re.S)
#: the name of this package as a word
_NAMED = re.compile(rf"\b{_ME}\b")


def code_of(**settings: Any) -> str:
    """The code of the cell: it leaves no name behind, and shows nothing."""
    given = ", ".join(f"{name}={value!r}" for name, value in settings.items())
    return f"__import__({_ME!r}).configure({given});"


def put(source: str, suffix: str, code: str, folder: Path, auto: bool = False) -> str:
    """The source of a page, a notebook or text, with the cell, if its code shows live figures.

    `auto` leaves a notebook alone that has all its outputs, and so would not be run.
    """
    if suffix == ".ipynb":
        return _into_notebook(source, code, folder, auto)
    return _into_text(source, code, folder)


def _into_notebook(source: str, code: str, folder: Path, auto: bool) -> str:
    try:
        notebook = json.loads(source)
        cells = [c for c in notebook["cells"] if c["cell_type"] == "code"]
        texts = ["".join(cell["source"]) for cell in cells]
    except (ValueError, KeyError, TypeError):  # whoever reads the page says what is wrong with it
        return source
    if auto and all(cell.get("outputs") for cell in cells):
        return source
    if _language(notebook) not in ("", "python") or not shows_figures(texts, folder):
        return source
    cell: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {"tags": list(TAGS), "nbsphinx": "hidden"},
        "outputs": [],
        "source": code,
    }
    if (notebook.get("nbformat", 4), notebook.get("nbformat_minor", 0)) >= (4, 5):
        cell["id"] = "live-figures"
    notebook["cells"].insert(notebook["cells"].index(cells[0]), cell)
    return json.dumps(notebook, ensure_ascii=False)


def _language(notebook: dict[str, Any]) -> str:
    metadata = notebook.get("metadata", {})
    found = metadata.get("kernelspec", {}).get("language")
    return str(found or metadata.get("language_info", {}).get("name") or "").lower()


def _into_text(source: str, code: str, folder: Path) -> str:
    lines = source.splitlines(keepends=True)
    cells = list(_cells(lines))
    texts = (_OPTIONS.sub("", "".join(lines[a + 1 : b])) for a, b in cells)
    if not cells or not shows_figures(texts, folder):
        return source
    first = cells[0][0]
    cell = f"```{{code-cell}}\n:tags: [{', '.join(TAGS)}]\n{code}\n```\n\n"
    return "".join([*lines[:first], cell, *lines[first:]])


def _cells(lines: list[str]) -> Iterator[tuple[int, int]]:
    """The first and the last line of each code cell of a text: a fence that is in no other one."""
    fence, start, is_cell = "", 0, False
    for number, line in enumerate(lines):
        found = _FENCE.match(line)
        if not found:
            continue
        marks, words = found[1], found[2].strip()
        if not fence:
            fence, start, is_cell = marks, number, words.startswith("{code-cell}")
        elif marks.startswith(fence) and not words:
            if is_cell:
                yield start, number
            fence = ""


def shows_figures(cells: Iterable[str], folder: Path) -> bool:
    """True if code names this package, or imports a module of the author's that does.

    `folder` is where the page is: modules may lie beside it.
    """
    for cell in cells:
        if _NAMED.search(cell):
            return True
        for name in modules.names_in(_parsed(cell)):
            beside = folder / name.partition(".")[0]
            if beside.is_dir() or beside.with_suffix(".py").is_file():
                files = [*folder.glob("*.py"), *beside.rglob("*.py")]
                if any(_NAMED.search(file.read_text("utf-8", "replace")) for file in files):
                    return True
            if modules.is_authors(name) and any(
                reached.partition(".")[0] == _ME or _ME in modules.imports(reached)
                for reached in modules.reached(name)
            ):
                return True
    return False


def _parsed(cell: str) -> ast.Module:
    """The syntax of a cell, without its magics; nothing where it has none."""
    kept = [line for line in cell.splitlines() if not line.lstrip().startswith(("%", "!", "?"))]
    try:
        return ast.parse("\n".join(kept))
    except (SyntaxError, ValueError):
        return ast.Module([], [])
