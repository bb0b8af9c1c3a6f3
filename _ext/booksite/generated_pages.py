"""Pages that are written as they are read: the sections of the catalog, by the package, and all solutions."""

from __future__ import annotations

from lossbook.teaching import catalog

from .exercises import solutions


def fill(app, docname: str, source: list[str]) -> None:
    source[0] = solutions.filled(app, catalog.expanded(source[0]))


def setup(app) -> None:
    app.connect("source-read", fill)
