"""Pages of the catalogue: their sections are written by the package as they are read."""

from __future__ import annotations

from lossbook import catalogue


def expand(app, docname: str, source: list[str]) -> None:
    if docname.startswith("chapters/catalogue"):
        source[0] = catalogue.expanded(source[0])


def setup(app) -> dict:
    app.connect("source-read", expand)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
