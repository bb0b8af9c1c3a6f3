"""All notebooks in a folder, where what a reader has written is never lost."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from itertools import count
from pathlib import Path

import nbformat

_RECORD = ".made.json"


def write_all(
    notebooks: dict[str, nbformat.NotebookNode],
    folder: Path,
    say: Callable[[str], None] = print,
) -> list[Path]:
    """Write those that have changed since they were made into `folder`; the paths that were written.

    A notebook in which a reader has changed a cell is kept: as it is, where the book has not changed,
    else beside the new one under another name, and `say` is told so.
    """
    folder.mkdir(parents=True, exist_ok=True)
    record = folder / _RECORD
    made = _read(record)
    written = []
    for name, notebook in notebooks.items():
        path = folder / name
        text = nbformat.writes(notebook)
        new = _digest(text)
        if path.exists():
            old = made.get(name)
            if old == new:
                continue  # the book has not changed; what the reader wrote stays
            theirs = _sources(path)
            if theirs != made.get(f"{name} sources") and theirs != _sources_of(notebook):
                kept = _keep(path)
                if kept:
                    say(f"{name} is new; yours, with what you wrote in it, is {kept} beside it")
        _replace(path, text)
        written.append(path)
        made[name], made[f"{name} sources"] = new, _sources_of(notebook)
        _replace(record, json.dumps(made, indent=1))
    return written


def _read(record: Path) -> dict[str, str]:
    """What is recorded of the files as they were made; nothing, where that is lost."""
    try:
        made = json.loads(record.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return made if isinstance(made, dict) else {}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _sources_of(notebook: nbformat.NotebookNode) -> str:
    """A digest of what a reader can change that would be missed: the cells, and not what they printed."""
    return _digest(json.dumps([[c.cell_type, c.source] for c in notebook.cells]))


def _sources(path: Path) -> str:
    """The same of a file; a file that cannot be read counts as changed."""
    try:
        return _sources_of(nbformat.read(path, as_version=4))
    except Exception:  # nbformat raises many kinds
        return ""


def _keep(path: Path) -> str:
    """Move a file to a name that is not taken: mse-yours.ipynb, mse-yours-2.ipynb, ...; "" where it has gone.

    The name is taken before the file is moved, or another process that makes the notebooks at the same time
    could move its own over what the reader wrote.
    """
    for k in count(1):
        kept = path.with_stem(f"{path.stem}-yours{f'-{k}' * (k > 1)}")
        try:
            kept.touch(exist_ok=False)
        except FileExistsError:
            continue
        try:
            os.replace(path, kept)
        except OSError as error:
            kept.unlink()
            if isinstance(error, FileNotFoundError):  # the other process was first
                return ""
            raise
        return kept.name


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all, whenever the process is stopped."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_text(text, "utf-8", newline="\n")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
