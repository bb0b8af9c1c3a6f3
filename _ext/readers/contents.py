"""The pages of the book that become notebooks, and the cells of each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import nbformat
import yaml

from lossbook.teaching import catalog

ROOT = Path(__file__).resolve().parents[2]
#: the notebook in the place of the site's first page
FIRST = "index.ipynb"
#: pages that make no sense away from the site: its own tools, and lists of what the notebooks hold already
ON_THE_SITE_ONLY = {"solutions", "instructors", "api", "bibliography"}
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.S)
_CODE = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```\n?", re.S | re.M)
#: the options of a cell: fields, or YAML between rules
_OPTIONS = re.compile(r"---\n(?P<yaml>.*?)^---\n|(?P<fields>(?::[\w-]+:[^\n]*\n)*)", re.S | re.M)
_HEADING = re.compile(r"^# +(.+)", re.M)


@dataclass(frozen=True)
class Page:
    """A page of the table of contents. `number` is that of its chapter; the back matter has none."""

    document: str
    number: int | None = None
    root: Path = field(default=ROOT, repr=False)

    @property
    def name(self) -> str:
        return self.document.rpartition("/")[2]

    @property
    def file(self) -> str:
        """Its notebook, for a link; empty where it has none."""
        if self.name == "intro":
            return FIRST
        return "" if self.name in ON_THE_SITE_ONLY else f"{self.name}.ipynb"

    @property
    def path(self) -> Path:
        notebook = self.root / f"{self.document}.ipynb"
        return notebook if notebook.exists() else notebook.with_suffix(".md")

    @cached_property
    def cells(self) -> list[nbformat.NotebookNode]:
        """Its cells, in MyST; what the package writes of the catalog is in them."""
        if self.path.suffix == ".ipynb":
            return nbformat.read(self.path, as_version=4).cells
        return cells_of(written(self.path.read_text("utf-8"), self.root))

    @cached_property
    def title(self) -> str:
        for cell in self.cells:
            if cell.cell_type == "markdown" and (found := _HEADING.search(cell.source)):
                return found[1].strip()
        raise ValueError(f"{self.path} has no heading")


def written(text: str, root: Path = ROOT) -> str:
    """The Markdown of a page with what the package writes of the catalog, which knows the numbers of the chapters."""
    if "<!-- catalog: " not in text:
        return text
    return catalog.expanded(text, {page.name: page.number for page in contents(root)})


def cells_of(text: str) -> list[nbformat.NotebookNode]:
    """The cells of a MyST page: each `{code-cell}` is one, and so is what stands between two."""
    pieces = _CODE.split(_FRONT.sub("", text))
    cells = []
    for k, piece in enumerate(pieces):
        if k % 2:
            head = _OPTIONS.match(piece)
            cell = nbformat.v4.new_code_cell(piece[head.end() :].strip("\n"))
            between = (head["yaml"] or re.sub("^:", "", head["fields"] or "", flags=re.M)).strip()
            cell.metadata["tags"] = _listed((yaml.safe_load(between) or {}).get("tags"))
        elif piece.strip():
            cell = nbformat.v4.new_markdown_cell(piece.strip("\n"))
        else:
            continue
        cells.append(cell)
    return cells


def _listed(tags: str | list[str] | None) -> list[str]:
    return [t.strip() for t in tags.split(",")] if isinstance(tags, str) else tags or []


def contents(root: Path = ROOT) -> list[Page]:
    """All pages of the table of contents, in order."""
    toc = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))
    pages, number = [Page(toc["root"], root=root)], 0
    for part in toc.get("parts", [toc]):
        numbered = part.get("numbered", toc.get("defaults", {}).get("numbered", False))
        for chapter in part.get("chapters", []):
            number += bool(numbered)
            pages.append(Page(chapter["file"], number if numbered else None, root))
    return pages
