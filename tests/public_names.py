"""The public names of the packages: what stands in the `__all__` of a module without an underscore."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType

import live_figures
import lossbook

PACKAGES = (lossbook, live_figures)


def walk(package: ModuleType) -> Iterator[ModuleType]:
    """The package and all its modules, private ones too."""
    yield package
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(info.name)


@cache
def modules() -> dict[str, ModuleType]:
    """All modules of the packages by name."""
    return {module.__name__: module for package in PACKAGES for module in walk(package)}


def public_modules() -> dict[str, ModuleType]:
    """Those without an underscore on the way to them."""
    return {name: m for name, m in modules().items() if "._" not in name}


def own(module: ModuleType) -> list[str]:
    """The names that a module makes itself, without an underscore: its functions, classes, data."""
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and not inspect.ismodule(value)
        and name != "annotations"
        and getattr(value, "__module__", module.__name__) == module.__name__
    ]


@cache
def public_names() -> dict[str, object]:
    """Every public name by the shortest way to it, `lossbook.losses.Huber`, and what it stands for."""
    found: dict[int, str] = {}
    for name, module in sorted(public_modules().items(), key=lambda item: item[0].count(".")):
        for public in getattr(module, "__all__", ()):
            found.setdefault(id(getattr(module, public)), f"{name}.{public}")
    return {name: lookup(name) for name in found.values()}


def lookup(name: str) -> object:
    """What a full name stands for."""
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)
