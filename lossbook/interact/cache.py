"""Published figures by content: what has not changed is not drawn again.

The key of a figure covers the code of its function and everything that the code reads (the functions and
data of the notebook, the versions of the modules), the package beside `interact` that holds those
functions, the controls, matplotlib's settings and the colors.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from .controls import Control

_KEEP = 30 * 24 * 3600  # seconds since a figure was last used


def folder() -> Path | None:
    """Where figures are kept: the environment variable ``LIVE_FIGURES_CACHE``, else nowhere."""
    named = os.environ.get("LIVE_FIGURES_CACHE")
    return Path(named) if named else None


@cache
def package_digest() -> str:
    """A digest of the Python package that this one is part of, data files included."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix not in {".pyc", ".js", ".css"}:
            digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


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
            self.add(value.__name__, getattr(value, "__version__", None))
        elif isinstance(value, FunctionType) and not _is_installed(value):
            if id(value) not in self.seen:
                self.seen.add(id(value))
                self.function(value)
        elif isinstance(value, type | FunctionType):
            self.add(value.__module__, value.__qualname__)
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


def _is_installed(func: FunctionType) -> bool:
    """True for what comes from a module on disk, and so from `package_digest` or a version."""
    module = sys.modules.get(func.__module__)
    return func.__module__ != "__main__" and getattr(module, "__file__", None) is not None


def key_of(func: Callable, controls: list[Control], *settings: Any) -> str | None:
    """The figure's key, or None where something that it reads cannot be compared."""
    import matplotlib

    reader = _Reader()
    try:
        reader.add(func.__name__, func.__doc__, package_digest(), matplotlib.__version__)
        reader.function(func)
        for control in controls:
            reader.value([control.name, control.label, control.kind, control.interval])
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
