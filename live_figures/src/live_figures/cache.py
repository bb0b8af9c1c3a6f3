"""Published figures by content: what has not changed is not drawn again.

The key of a figure covers the code of its function and everything that the code reads (the functions,
classes and data of the notebook, the versions of the modules), the code that draws, the controls,
matplotlib's settings and the colors. Of the package that `interact` is part of it covers the modules
that the function reaches, and what those import, with the data files beside them.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import os
import pickle
import pickletools
import sys
import sysconfig
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from .controls import Control

#: what turns a function into HTML
_DRAWING = f"{__package__}.html"
#: where installed packages lie, which are told apart by their versions
_INSTALLED = tuple(
    Path(path).resolve()
    for name, path in sysconfig.get_paths().items()
    if name in ("stdlib", "platstdlib", "purelib", "platlib")
)
_KEEP = 30 * 24 * 3600  # seconds since a figure was last used


def folder() -> Path | None:
    """Where figures are kept: the environment variable ``LIVE_FIGURES_CACHE``, else nowhere."""
    named = os.environ.get("LIVE_FIGURES_CACHE")
    return Path(named) if named else None


@cache
def package_digest(*packages: str) -> str:
    """A digest of whole Python packages, data files included."""
    return _digest(
        path
        for package in packages
        for folder in importlib.util.find_spec(package).submodule_search_locations
        for path in _sources(Path(folder).resolve())
    )


def _sources(folder: Path) -> Iterator[Path]:
    """What a folder holds that can change a drawing; Python's own caches come and go, half-written ones too."""
    for path in folder.rglob("*"):
        if "__pycache__" not in path.parts and path.suffix not in {".js", ".css"}:
            yield path


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(p for p in set(paths) if p.is_file()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


@cache
def _file(module: str) -> Path | None:
    """The file of a module of the author's; None for what is installed, and for what is no module."""
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError, AttributeError):
        return None
    if spec is None or not spec.origin or not spec.origin.endswith(".py"):
        return None
    path = Path(spec.origin).resolve()
    return None if any(path.is_relative_to(folder) for folder in _INSTALLED) else path


@cache
def _imports(module: str) -> frozenset[str]:
    """The modules of this package that a module of it imports, anywhere in its code."""
    file = _file(module)
    assert file is not None
    parents = (module if file.name == "__init__.py" else module.rpartition(".")[0]).split(".")
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = parents[: len(parents) - node.level + 1] if node.level else []
            name = ".".join([*base, *filter(None, [node.module])])
            found.update([name, *(f"{name}.{alias.name}" for alias in node.names)])
    return frozenset(name for name in found if _file(name))


@cache
def module_digest(module: str) -> str:
    """A digest of a module of this package, of all that it imports from it, and of the data beside them."""
    known, new = set(), {module}
    while new:
        known |= new
        new = {name for known_one in new for name in _imports(known_one)} - known
    files = [_file(name) for name in known]
    data = [
        path
        for folder in {file.parent for file in files}
        for path in _sources(folder)
        if path.suffix != ".py"
    ]
    return _digest([*files, *data])


class _Reader:
    """Feeds a digest with all that a function depends on."""

    def __init__(self):
        self.digest = hashlib.sha256()
        self.seen: set[int] = set()

    def add(self, *parts: Any) -> None:
        for part in parts:
            self.digest.update(repr(part).encode() + b"\0")

    def code(self, code: CodeType) -> None:
        self.add(code.co_name, code.co_code, code.co_names, code.co_varnames, code.co_freevars)
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                self.code(constant)
            else:  # a set constant has no order of its own
                self.add(
                    sorted(map(repr, constant)) if isinstance(constant, frozenset) else constant
                )

    def names(self, code: CodeType) -> set[str]:
        inner = (c for c in code.co_consts if isinstance(c, CodeType))
        return set(code.co_names).union(*map(self.names, inner))

    def function(self, func: FunctionType) -> None:
        self.code(func.__code__)
        self.value(func.__defaults__)
        self.value(func.__kwdefaults__)
        self.value([cell.cell_contents for cell in func.__closure__ or ()])
        for name in sorted(self.names(func.__code__)):
            if name in func.__globals__:
                self.add(name)
                self.value(func.__globals__[name])

    def value(self, value: Any) -> None:
        import joblib

        if isinstance(value, ModuleType):
            self.module(value.__name__)
        elif isinstance(value, FunctionType) and not _is_installed(value):
            if id(value) not in self.seen:
                self.seen.add(id(value))
                self.function(value)
        elif isinstance(value, type) and value.__module__ == "__main__":
            self.notebook_class(value)
        elif isinstance(value, type | FunctionType):
            self.add(value.__qualname__)
            self.module(value.__module__)
        elif isinstance(value, dict):
            self.add("dict", len(value))
            for key, item in value.items():
                self.add(key)
                self.value(item)
        elif isinstance(value, list | tuple):
            self.add(type(value).__name__, len(value))
            for item in value:
                self.value(item)
        else:
            self.add(joblib.hash(value))
            self.classes_within(value)

    def module(self, name: str) -> None:
        version = getattr(sys.modules.get(name.partition(".")[0]), "__version__", None)
        self.add(name, module_digest(name) if _file(name) else version)

    def notebook_class(self, cls: type) -> None:
        if id(cls) in self.seen:
            return
        self.seen.add(id(cls))
        self.add(cls.__qualname__)
        for base in cls.__bases__:
            self.value(base)
        for name, member in sorted(vars(cls).items()):
            if name not in ("__dict__", "__weakref__", "__doc__", "__firstlineno__"):
                member = getattr(member, "__func__", getattr(member, "fget", member))
                self.add(name)
                self.value(member)

    def classes_within(self, value: Any) -> None:
        """An object is as its classes are: those that a pickle of it would name."""
        if isinstance(value, str | bytes | int | float | complex | None):
            return
        buffers: list = []  # the numbers of an array name no class
        data = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
        strings = [a for _, a, _ in pickletools.genops(data) if isinstance(a, str)]
        for module, name in sorted(set(pairwise(strings))):
            if _file(module):
                self.module(module)
            elif module == "__main__":
                found = getattr(sys.modules["__main__"], name, None)
                if isinstance(found, type):
                    self.notebook_class(found)


def _is_installed(func: FunctionType) -> bool:
    """True for what comes from a module on disk, and so from `module_digest` or a version."""
    module = sys.modules.get(func.__module__)
    return func.__module__ != "__main__" and getattr(module, "__file__", None) is not None


def key_of(func: Callable, controls: list[Control], *settings: Any) -> str | None:
    """The figure's key, or None where something that it reads cannot be compared."""
    import matplotlib

    reader = _Reader()
    try:
        reader.add(func.__name__, func.__doc__, module_digest(_DRAWING), matplotlib.__version__)
        reader.function(func)
        for control in controls:
            reader.value([control.name, control.label, control.unit, control.kind])
            reader.value([control.interval, control.repeat])
            reader.value([list(control.values), control.texts, control.default])
        rc = {k: v for k, v in matplotlib.rcParams.items() if not k.startswith("backend")}
        reader.add(sorted((k, repr(v)) for k, v in rc.items()), settings)
    except Exception:  # an object that cannot be hashed: draw it anew, it costs time and no more
        return None
    return reader.digest.hexdigest()[:20]


def load(name: str, key: str | None) -> str | None:
    """The published figure of that key, if it is kept."""
    if key is None or folder() is None:
        return None
    path = folder() / f"{name}-{key}.html"
    if not path.exists():
        return None
    os.utime(path)
    return path.read_text("utf-8")


def store(name: str, key: str | None, html: str) -> None:
    """Keep a published figure, and let go of those that have not been used for a month."""
    if key is None or folder() is None:
        return
    folder().mkdir(parents=True, exist_ok=True)
    part = folder() / f"{name}-{key}.{os.getpid()}"
    part.write_text(html, "utf-8")
    part.replace(folder() / f"{name}-{key}.html")
    for path in folder().glob("*.html"):
        if time.time() - path.stat().st_mtime > _KEEP:
            path.unlink(missing_ok=True)
