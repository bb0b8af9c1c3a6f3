"""What the sources of the book say: their prose, what it cites, and the bibliography."""

import re
from functools import cache
from pathlib import Path

import nbformat

from lossbook.teaching import catalog

from .paths import BIBLIOGRAPHY


@cache
def prose_of(path: Path) -> str:
    """The Markdown of a page, a line between two cells; a page of the catalog has its losses in it."""
    if path.suffix == ".ipynb":
        cells = nbformat.read(path, as_version=4).cells
        return "\n\n".join(c.source for c in cells if c.cell_type == "markdown")
    return catalog.expanded(path.read_text("utf-8"))


def cited_in(text: str) -> set[str]:
    groups = re.findall(r"\{cite\}`([^`]+)`", text)
    return {key.strip() for group in groups for key in group.split(",")}


@cache
def keys_of_the_bibliography() -> list[str]:
    return re.findall(r"^@\w+\{([^,\s]+),", BIBLIOGRAPHY.read_text("utf-8"), re.M)
