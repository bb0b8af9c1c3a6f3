"""Published figures by content: what has not changed is not drawn again.

The key of a figure covers the code of its function and everything that the code reads: functions, classes and
data of the notebook, every module of the author's that it reaches (see `modules`), the versions of all others,
the code that draws, the controls, matplotlib's settings and the colors. Of two books that share a folder each
finds its own figures, since nothing in a key says where a file lies.
"""

from __future__ import annotations

import dis
import functools
import hashlib
import os
import pickle
import pickletools
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from . import modules
from .controls import Control
from .settings import settings

__all__ = ["package_digest"]

_KEEP = 30 * 24 * 3600  #: seconds since a figure was last used


def package_digest(*packages: str) -> str:
    """A digest of whole packages, data files included.

    Parameters
    ----------
    *packages : str
        Their names.

    Returns
    -------
    str
        It changes with any of their files, but not with the place in which they lie.

    Raises
    ------
    ModuleNotFoundError
        If there is no such package.

    Examples
    --------
    >>> package_digest("live_figures") == package_digest("live_figures")
    True
    """
    found = {}
    for package in packages:
        file = modules.file_of(package)
        if file is None:
            raise ModuleNotFoundError(f"no package named {package!r} with a source")
        for path in modules.files_of(file.parent):
            if path.suffix not in {".js", ".css"}:  # they come to the pages by themselves
                found[f"{package}/{path.relative_to(file.parent).as_posix()}"] = path
    return modules.digest_of(found)


class _Reader:
    """Feeds a digest with all that a function depends on."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.seen: set[int] = set()
        #: what draws is followed too, be it installed or not
        self.track = tuple(sorted({*settings().track, __package__}))

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

    def drawn(self, func: Callable) -> None:
        """The function of the figure, of which a module may hold much besides."""
        if isinstance(func, FunctionType):
            self.seen.add(id(func))
            self.function(func)
        else:
            self.value(func)

    def function(self, func: FunctionType) -> None:
        self.code(func.__code__)
        self.bound(func)
        names = self.names(func.__code__)
        for name in sorted(names):
            if name in func.__globals__:
                self.add(name)
                self.value(func.__globals__[name])
                self.submodules(func.__globals__[name], names)
        for name in sorted(_imported(func.__code__)):
            if modules.is_authors(name, self.track):
                self.module(name)
        for text in sorted(_strings(func.__code__)):
            for file in modules.named_files(text, Path.cwd()):
                self.add(text, modules.digest_of({text: file}))

    def bound(self, func: FunctionType) -> None:
        """The values that a function carries with it."""
        self.value(func.__defaults__)
        self.value(func.__kwdefaults__)
        for cell in func.__closure__ or ():
            try:
                self.value(cell.cell_contents)
            except ValueError:  # a name that has no value yet
                self.add("empty")

    def submodules(self, value: Any, names: set[str]) -> None:
        """``import book.shapes`` leaves the name ``book``: what the code then takes from it."""
        if isinstance(value, ModuleType):
            for name in sorted(names):
                inner = sys.modules.get(f"{value.__name__}.{name}")
                if inner is not None:
                    if modules.is_authors(inner.__name__, self.track):
                        self.module(inner.__name__)
                    self.submodules(inner, names)

    def value(self, value: Any) -> None:
        import joblib

        if isinstance(value, ModuleType):
            self.module(value.__name__)
        elif isinstance(value, FunctionType) and not _is_on_disk(value):
            if id(value) not in self.seen:
                self.seen.add(id(value))
                self.function(value)
        elif isinstance(value, type) and value.__module__ == "__main__":
            self.notebook_class(value)
        elif isinstance(value, type | FunctionType):
            self.add(value.__qualname__)
            self.module(value.__module__)
            if isinstance(value, FunctionType) and id(value) not in self.seen:
                self.seen.add(id(value))
                if modules.is_authors(value.__module__, self.track):
                    self.bound(value)
        elif isinstance(value, functools.partial):
            self.value([value.func, value.args, value.keywords])
        elif isinstance(value, MethodType):
            self.value([value.__func__, value.__self__])
        elif isinstance(getattr(value, "__wrapped__", None), FunctionType):  # lru_cache
            self.add(type(value).__name__)
            self.value(value.__wrapped__)
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
        followed = modules.is_authors(name, self.track)
        self.add(name)
        self.add(modules.module_digest(name, self.track) if followed else modules.version_of(name))

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
            if modules.is_authors(module, self.track):
                self.module(module)
            elif module == "__main__":
                found = getattr(sys.modules["__main__"], name, None)
                if isinstance(found, type):
                    self.notebook_class(found)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """A code and those inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _imported(code: CodeType) -> set[str]:
    """The modules that a function imports as it runs."""
    found, last = set(), ""
    for inner in _codes(code):
        for instruction in dis.get_instructions(inner):
            if instruction.opname == "IMPORT_NAME":
                last = instruction.argval
                found.add(last)
            elif instruction.opname == "IMPORT_FROM":
                found.add(f"{last}.{instruction.argval}")
    return found


def _strings(code: CodeType) -> set[str]:
    return {c for inner in _codes(code) for c in inner.co_consts if isinstance(c, str)}


def _is_on_disk(func: FunctionType) -> bool:
    """True for what comes from a module on disk, and so from `module_digest` or a version."""
    module = sys.modules.get(func.__module__)
    return func.__module__ != "__main__" and getattr(module, "__file__", None) is not None


def key_of(func: Callable, controls: list[Control], *look: Any) -> str | None:
    """The figure's key, or None where something that it reads cannot be compared."""
    import matplotlib

    reader = _Reader()
    try:
        reader.add(func.__name__, func.__doc__, matplotlib.__version__)
        reader.module(f"{__package__}.published")  # what turns a function into a figure
        reader.drawn(func)
        for control in controls:
            reader.value([control.name, control.label, control.unit, control.kind])
            reader.value([control.interval, control.repeat])
            reader.value([list(control.values), control.texts, control.default])
        rc = {k: v for k, v in matplotlib.rcParams.items() if not k.startswith("backend")}
        reader.add(sorted((k, repr(v)) for k, v in rc.items()), look)
    except Exception:  # an object that cannot be hashed: draw it anew, it costs time and no more
        return None
    return reader.digest.hexdigest()[:20]


def _path(name: str, key: str | None) -> Path | None:
    folder = settings().cache
    return folder / f"{name}-{key}.json" if folder is not None and key is not None else None


def load(name: str, key: str | None) -> str | None:
    """The published figure of that key, if it is kept."""
    path = _path(name, key)
    if path is None or not path.exists():
        return None
    os.utime(path)
    return path.read_text("utf-8")


def store(name: str, key: str | None, text: str) -> None:
    """Keep a published figure, and let go of those that have not been used for a month."""
    path = _path(name, key)
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}")
    part.write_text(text, "utf-8")
    part.replace(path)
    for old in path.parent.iterdir():
        if old.is_file() and time.time() - old.stat().st_mtime > _KEEP:
            old.unlink(missing_ok=True)
