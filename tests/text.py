"""What the sources of the book say: their prose, what it cites, and the bibliography."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import nbformat

from lossbook.teaching import catalog

from .paths import BIBLIOGRAPHY, CHAPTERS


@cache
def prose_of(path: Path) -> str:
    """The Markdown of a page, a line between two cells; a page of the catalog has its losses in it."""
    if path.suffix == ".ipynb":
        cells = nbformat.read(path, as_version=4).cells
        return "\n\n".join(c.source for c in cells if c.cell_type == "markdown")
    return catalog.expanded(path.read_text("utf-8"))


@cache
def parts(page):
    """The labels and headings of a page, as they stand in addresses, each with the text up to the next heading."""
    path = CHAPTERS / f"{page}.ipynb"
    if path.exists():
        text = prose_of(path)
    else:
        text = re.sub(r"^```.*?^```", "", prose_of(path.with_suffix(".md")), flags=re.S | re.M)
    found = {}
    heads = [*re.finditer(r"^(?:\(([\w-]+)\)=\n)?#+ +(.+)$", text, re.M), None]
    for head, after in pairwise(heads):
        body = text[head.end() : after.start() if after else len(text)]
        names = filter(None, head.groups())
        # as docutils does; a label may be its heading's own
        for ident in {re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") for name in names}:
            assert ident not in found, f"{page}: two headings give #{ident}"
            found[ident] = body
    return found


def cited_in(text: str) -> set[str]:
    groups = re.findall(r"\{cite\}`([^`]+)`", text)
    return {key.strip() for group in groups for key in group.split(",")}


@cache
def keys_of_the_bibliography() -> list[str]:
    return re.findall(r"^@\w+\{([^,\s]+),", BIBLIOGRAPHY.read_text("utf-8"), re.M)
