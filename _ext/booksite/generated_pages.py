"""Pages of the catalog: their sections are written by the package as they are read."""

from __future__ import annotations

from lossbook.teaching import catalog


def expand(app, docname: str, source: list[str]) -> None:
    if docname.startswith("chapters/catalog"):
        source[0] = catalog.expanded(source[0])


def setup(app) -> dict:
    app.connect("source-read", expand)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
