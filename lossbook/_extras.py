"""Libraries that only some parts of the package need, each an extra of it."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

_LIBRARIES = {"sklearn": "scikit-learn"}


def extra(module: str, name: str, what: str) -> ModuleType:
    """The module, or an ImportError that says which extra brings it, and what for."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        package = module.partition(".")[0]
        if (error.name or "").partition(".")[0] != package:
            raise  # it is there, and lacks something of its own
        raise ModuleNotFoundError(
            f"{what} needs {_LIBRARIES.get(package, package)}, which is not installed:"
            f' pip install "lossbook[{name}]"',
            name=error.name,
        ) from None
