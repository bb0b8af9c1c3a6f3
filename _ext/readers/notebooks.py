"""A page as a notebook: its cells in plain Markdown, its notes, its references and the way on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import nbformat

from lossbook.teaching import clinic, guide

from .citations import Bibliography
from .contents import FIRST, ROOT, Page, contents
from .labels import Labels
from .lines import fence_around
from .markdown import Translator

#: where the clinic and the guide lead, from the output of a cell
PASSAGES = frozenset(
    [cause.passage for _, symptom in clinic.paths() for cause in symptom.causes]
    + [advice.passage for _, advice in guide.paths()]
)
_HIDDEN = {"hide-input", "hide-cell", "remove-input", "remove-cell"}


class Book:
    """The notebooks of a book.

    Parameters
    ----------
    root : Path
        The folder with `_toc.yml`.
    site : str
        The address of the published site with a slash at its end, or empty where none is known.
    requirement : str or list of str
        What `pip` is asked for where the package is missing, `live_figures` included; of a repository
        (``lossbook @ git+...``) both are taken. A first cell does that; without it there is none.
    alone : bool
        True if each notebook will be opened without the others beside it.
    """

    def __init__(
        self,
        root: Path = ROOT,
        site: str = "",
        requirement: str | Sequence[str] = "",
        alone: bool = False,
    ):
        self.site, self.requirements, self.alone = site, _requirements(requirement), alone
        self.everything = contents(root)
        self.pages = [page for page in self.everything if page.file]
        self.labels = Labels(self.everything)
        self.bibliography = Bibliography(root / "chapters" / "references.bib")

    def all(self) -> dict[str, nbformat.NotebookNode]:
        """Every notebook by the name of its file, the first page first."""
        return {page.file: self.notebook(page) for page in self.pages}

    def notebook(self, page: Page) -> nbformat.NotebookNode:
        """A page in plain Markdown, with its references and the way on at the end."""
        translate = Translator(
            page, self.labels, self.bibliography, self.everything, self.site, self.alone, PASSAGES
        )
        cells = []
        for cell in self._first_cells(page) if page.file == FIRST else page.cells:
            copy = nbformat.from_dict(cell)
            if cell.cell_type == "markdown":
                copy.source = translate(cell.source)
                copy.metadata.clear()
                if translate.images:
                    copy["attachments"] = {**copy.get("attachments", {}), **translate.images}
            elif _is_solution(cell):
                fence = fence_around(cell.source)
                copy = _markdown(_SOLUTION.format(code=cell.source, fence=fence))
            else:
                _fold(copy, cells)
            cells.append(copy)
        if any(c.cell_type == "code" for c in cells):
            if page.file != FIRST:
                cells.insert(1, _markdown(_HOW))
            if self.requirements:
                wanted = " ".join(f'"{requirement}"' for requirement in self.requirements)
                install = _INSTALL.format(requirements=wanted)
                cells.insert(0, nbformat.v4.new_code_cell(install))
        if notes := translate.notes.listed():
            cells.append(_markdown(f"## Notes\n\n{notes}"))
        if translate.cited:
            references = self.bibliography.references(translate.cited)
            cells.append(_markdown(f"## References\n\n{references}"))
        if way_on := self._way_on(page, translate):
            cells.append(_markdown(way_on))
        return _notebook(cells)

    def _first_cells(self, intro: Page) -> list[nbformat.NotebookNode]:
        """What the site says on its first page of each chapter, its figure, and how notebooks work."""
        text = intro.path.read_text("utf-8")
        live = next((cell for cell in intro.cells if cell.cell_type == "code"), None)
        cards = re.search(r"^::::\{grid\}.*?^::::$", text, re.S | re.M)
        chapters = [p for p in self.pages if p.number]
        listed = cards[0] if cards else _listed(chapters)
        for page in chapters:  # a card has the title alone
            words = f"{page.number}. {page.title}"
            listed = listed.replace(
                f"{{doc}}`{page.document}`", f"{{doc}}`{words} <{page.document}>`"
            )
        rest = [p for p in self.pages if not p.number and p.file != FIRST]
        words = (Path(__file__).parent / "first_page.md").read_text("utf-8")
        words = words.replace("<!-- chapters -->", listed)
        words = words.replace("<!-- rest -->", _listed(rest))
        before, _, after = words.partition("<!-- figure -->")
        return [_markdown(before.strip()), *([live] if live else []), _markdown(after.strip())]

    def _way_on(self, page: Page, translate: Translator) -> str:
        if page.file == FIRST or (self.alone and not self.site):
            return ""
        k = self.pages.index(page)
        links = [translate.to_page(self.pages[0], "All chapters")]
        if k > 1:
            links.insert(
                0,
                translate.to_page(self.pages[k - 1], f"← {translate.title_of(self.pages[k - 1])}"),
            )
        if k + 1 < len(self.pages):
            links.append(
                translate.to_page(self.pages[k + 1], f"{translate.title_of(self.pages[k + 1])} →")
            )
        return f"---\n\n{' · '.join(links)}"


_HOW = (
    "> **To see the figures, run all cells**: in JupyterLab and Notebook *Run ▸ Run All Cells*, elsewhere *Run all*.\n"
    "> Folded code opens with a click."
)
_SOLUTION = """\
<details>
<summary><b>Solution</b></summary>

{fence}python
{code}
{fence}

</details>"""
_INSTALL = """\
try:
    import lossbook  # noqa: F401
    import live_figures  # noqa: F401
except ModuleNotFoundError:  # this notebook was opened alone
    %pip install --quiet {requirements}"""


def _requirements(given: str | Sequence[str]) -> list[str]:
    """What pip is asked for: the book's package, and from the same repository that of the live figures."""
    if not isinstance(given, str):
        return list(given)
    name, at, address = given.partition(" @ ")
    if not at:
        return [given] if given else []
    return [f"live-figures @ {address}#subdirectory=live_figures", f"{name}[teaching] @ {address}"]


def _listed(pages: list[Page]) -> str:
    return "\n".join(f"- {{doc}}`{p.name}`" for p in pages)


def _markdown(source: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(source)


def _notebook(cells: list[nbformat.NotebookNode]) -> nbformat.NotebookNode:
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.cells = cells
    for k, cell in enumerate(cells):
        cell["id"] = (
            "install" if cell.source.startswith("try:\n    import lossbook") else f"cell-{k}"
        )
    return notebook


def _is_solution(cell: nbformat.NotebookNode) -> bool:
    """A solution is shown and not run, or running all cells would print all answers."""
    return "hide-cell" in cell.metadata.get("tags", []) and bool(
        re.search(r"\bcheck\(", cell.source)
    )


def _fold(cell: nbformat.NotebookNode, before: list[nbformat.NotebookNode]) -> None:
    """Code that the site folds is folded here too, under a line that says what it is."""
    tags = set(cell.metadata.get("tags", []))
    if not tags & _HIDDEN:
        return
    if re.search(r"^@(?:interact|figure)\b|^catalog\.live_figure", cell.source, re.M):
        title = "The code of the figure"
    elif not any(c.cell_type == "code" for c in before):
        title = "Setup"
    elif re.search(r"^\s*assert\b", cell.source, re.M):
        title = "A check of what the text says"
    else:
        title = "The code"
    if not cell.source.startswith("%%"):  # a cell magic stays on the first line
        cell.source = f"# @title {title}\n{cell.source}"
    cell.metadata["jupyter"] = {"source_hidden": True}  # JupyterLab, Notebook, VS Code
    cell.metadata["cellView"] = "form"  # Colab
