"""The author's modules: where they are, what they import, and a digest of all that one of them reaches.

A module is the author's where its file is neither the standard library's nor installed: a package that is
developed in place, a file beside the notebook. What is installed is told by its version. Nothing is imported
to find out.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import importlib.util
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import Any

__all__: list[str] = []

#: names of folders that hold installed packages; Debian has one of its own
_INSTALLED = {"site-packages", "dist-packages"}
_STANDARD = tuple(Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib"))
#: what lies in a package and changes no drawing: caches, pages, and what only a browser reads
_NO_DATA = {".py", ".pyc", ".pyi", ".js", ".css", ".html", ".ipynb", ".md", ".rst"}
_NO_FOLDER = {"__pycache__", "_build", "node_modules"}


_SPECS: dict[str, ModuleSpec] = {}  #: what is not found is looked for again: the path may grow


def _spec(module: str) -> ModuleSpec | None:
    """Where a module would come from; unlike `importlib.util.find_spec` it imports no package on the way."""
    if module in _SPECS:
        return _SPECS[module]
    parent = module.rpartition(".")[0]
    found = None
    try:
        if not parent:
            found = importlib.util.find_spec(module)
        else:
            above = _spec(parent)
            if above is not None and above.submodule_search_locations is not None:
                found = PathFinder.find_spec(module, list(above.submodule_search_locations))
    except (ImportError, ValueError, AttributeError):  # one without a place: __main__
        return None
    if found is not None:
        _SPECS[module] = found
    return found


def file_of(module: str) -> Path | None:
    """The source of a module; None for what has none: built in, compiled, in a zip, or not there."""
    spec = _spec(module)
    return _source(spec.origin) if spec is not None and spec.origin else None


@cache
def _source(origin: str) -> Path | None:
    path = Path(origin).resolve()
    return path if path.suffix == ".py" and path.is_file() else None


def is_authors(module: str, track: Iterable[str] = ()) -> bool:
    """True for a module that is followed: the author's, or one of an installed package to `track`."""
    top = module.partition(".")[0]
    if top not in track:
        package = _spec(top)
        if package is None or (package.origin and _is_installed(package.origin)):
            return False  # a namespace has no origin: its parts may lie in many places
    file = file_of(module)
    return file is not None and (top in track or not _is_installed(str(file)))


@cache
def _is_installed(place: str) -> bool:
    path = Path(place).resolve()
    return bool(_INSTALLED & set(path.parts)) or any(path.is_relative_to(s) for s in _STANDARD)


def names_in(code: ast.AST, parents: tuple[str, ...] = ()) -> set[str]:
    """The names that code imports, anywhere in it: those of modules, and those of what is in them.

    `parents` are the packages that the code is in, for relative imports.
    """
    found: set[str] = set()
    for node in ast.walk(code):
        if isinstance(node, ast.Import):
            for alias in node.names:  # `import a.b.c` gives the name a
                steps = alias.name.split(".")
                found.update(".".join(steps[:k]) for k in range(1, len(steps) + 1))
        elif isinstance(node, ast.ImportFrom):
            base = parents[: len(parents) - node.level + 1] if node.level else ()
            name = ".".join([*base, *filter(None, [node.module])])
            found.update([name, *(f"{name}.{alias.name}" for alias in node.names)])
    return found


def named_files(text: str, *folders: Path) -> Iterator[Path]:
    """The files that a string names, in one of these folders."""
    if text and len(text) < 200 and "\n" not in text and "\0" not in text and "." in text:
        for folder in folders:
            path = folder / text
            if path.is_file() and path.suffix != ".py":
                yield path.resolve()


def imports(module: str) -> frozenset[str]:
    """The names that a module imports, those of modules and those of what is in them."""
    return _read(module)[0]


@cache
def _read(module: str) -> tuple[frozenset[str], frozenset[Path]]:
    """What the source of a module names: what it imports, and files that are there."""
    file = file_of(module)
    if file is None:
        return frozenset(), frozenset()
    parents = module.split(".") if file.name == "__init__.py" else module.split(".")[:-1]
    try:
        code = ast.parse(file.read_bytes())
    except (
        SyntaxError,
        ValueError,
    ):  # a template, or for another Python: it is not imported either
        return frozenset(), frozenset()
    texts = (n.value for n in ast.walk(code) if isinstance(n, ast.Constant))
    folders = file.parent, Path.cwd()
    files = {f for text in texts if isinstance(text, str) for f in named_files(text, *folders)}
    return frozenset(names_in(code, tuple(parents))), frozenset(files)


@cache
def reached(module: str, track: tuple[str, ...] = ()) -> frozenset[str]:
    """The author's modules that run when this one is imported, and those that its code imports later."""
    known: set[str] = set()
    new = {module}
    while new:
        known |= new
        new = {n for name in new for n in imports(name) if is_authors(n, track)} - known
    return frozenset(known)


@cache
def module_digest(module: str, track: tuple[str, ...] = ()) -> str:
    """A digest of a module, of all the author's that it reaches, and of their data.

    Data are the files of their packages, and files beside a module that its strings name.
    """
    found: dict[str, Path] = {}
    for name in reached(module, track):
        file = file_of(name)
        if file is None:
            continue
        found[name] = file
        package = name if file.name == "__init__.py" else name.rpartition(".")[0]
        for path in data_of(file.parent) if package else ():
            found[f"{package}/{path.relative_to(file.parent).as_posix()}"] = path
        for path in _read(name)[1]:
            found[f"{name} {path.name}"] = path
    return digest_of(found)


@cache
def data_of(folder: Path) -> tuple[Path, ...]:
    """The files of a package's folder that are not code, those of the packages inside it included."""
    return tuple(path for path in files_of(folder) if path.suffix not in _NO_DATA)


def files_of(folder: Path) -> Iterator[Path]:
    """All files of a folder but hidden ones, Python's caches and what was built."""
    for place, folders, names in os.walk(folder):
        folders[:] = [f for f in folders if f not in _NO_FOLDER and not f.startswith(".")]
        for name in names:
            if not name.startswith(".") and not name.endswith(".pyc"):
                yield Path(place, name)


@cache
def _content(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def digest_of(found: dict[str, Path]) -> str:
    """A digest of files by the names that are given to them, wherever they lie."""
    digest = hashlib.sha256()
    for name in sorted(found):
        if found[name].is_file():  # not a half-written one that is gone again
            digest.update(name.encode() + b"\0" + _content(found[name]))
    return digest.hexdigest()


@cache
def version_of(module: str) -> str:
    """The version of what a module is part of; where it says none, a digest of its file."""
    top = module.partition(".")[0]
    if top in sys.stdlib_module_names:
        return sys.version
    found = getattr(sys.modules.get(top), "__version__", None)
    if not isinstance(found, str):
        try:
            found = importlib.metadata.version(top)
        except (importlib.metadata.PackageNotFoundError, ValueError):
            file = file_of(module)
            found = digest_of({module: file}) if file else ""
    return found


def forget() -> None:
    """Look anew at what has been written since: whoever edits modules in the same process says so."""
    importlib.invalidate_caches()
    _SPECS.clear()
    for kept in _KEPT:
        kept.cache_clear()


#: what remembers its answers
_KEPT: list[Any] = [_source, _is_installed, _read, reached, module_digest]
_KEPT += [data_of, _content, version_of]
