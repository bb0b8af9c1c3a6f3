"""A folded cell says what it holds; the code of a figure stands under it, and is called so."""

from __future__ import annotations

import re

from docutils import nodes
from live_figures.sphinx import live_figure
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from lossbook.teaching.exercises.solutions import CHECK


def held(mode: str | None, code: str) -> str | None:
    """What a cell holds, by what of it is folded and by its code."""
    if mode == "input" and re.search(r"^style\.use\(\)", code, re.M):
        return "the setup"
    if mode == "all" and CHECK.search(code):
        return "the solution"
    if mode == "all" and re.search(r"^\s*assert\b", code, re.M):
        return "how this is checked"
    return None


class Prompts(SphinxTransform):
    default_priority = 700

    def apply(self, **kwargs) -> None:
        for cell in self.document.findall(nodes.container):
            code = cell.children[0].astext() if cell.children else ""
            if what := held(cell.get("hide_mode"), code):
                cell["prompt_show"], cell["prompt_hide"] = f"Show {what}", f"Hide {what}"


def fold(cell: nodes.Element) -> HideCodeCellNode | None:
    """The code of a cell, where it is folded; myst_nb has not told it its parent."""
    first = cell.children[0] if cell.children else None
    return first if isinstance(first, HideCodeCellNode) else None


#: a cell that is a call, and no more than what it shows
_CALL = re.compile(r"[\w.]+\(.*\)")


class CallsUnsaid(SphinxPostTransform):
    """The guide, the clinic and the table of all cards stand in a page without the call that shows them."""

    default_priority = 200  # myst_nb folds cells at 199
    formats = ("html",)

    def run(self, **kwargs) -> None:
        for cell in self.document.findall(nodes.container):
            code = fold(cell) if cell.get("hide_mode") == "input" else None
            if code and _CALL.fullmatch(code.astext().strip()):
                cell.remove(code)


class CodeUnderFigure(SphinxPostTransform):
    """No bar of code stands between a question and its figure: all that leads to it is under it, in one fold."""

    default_priority = 200  # myst_nb folds cells at 199
    formats = ("html",)

    def run(self, **kwargs) -> None:
        before: list[nodes.Node] = []  # folded cells that show nothing
        for cell in list(self.document.findall(nodes.container)):
            if cell.get("nb_element") != "cell_code" or not cell.children:
                continue
            code = fold(cell)
            if code and len(cell) == 1:
                before.append(cell)
                continue
            if code and next(cell.children[-1].findall(live_figure), None):
                code["prompt_show"], code["prompt_hide"] = "Code", "Hide the code"
                cell.remove(code)
                cell.append(code)
                cell["classes"].append("of-figure")
                for other in reversed([o for o in before if o.parent is cell.parent]):
                    if other.get("hide_mode") == "input":
                        other.parent.remove(other)
                        code[:0] = fold(other).children
                    elif asked_before(other):  # a check; it is of the figure, too
                        other.parent.remove(other)
                        cell.parent.insert(cell.parent.index(cell) + 1, other)
            before = []


class NeighborsJoined(SphinxPostTransform):
    """Folded cells one after the other that are called the same and show nothing are one fold."""

    default_priority = 201
    formats = ("html",)

    def run(self, **kwargs) -> None:
        for cell in list(self.document.findall(nodes.container)):
            code = fold(cell)
            before = cell.previous_sibling() if code else None
            first = fold(before) if isinstance(before, nodes.container) else None
            if not first or cell.get("solution_of") or before.get("solution_of"):
                continue
            if len(cell) == len(before) == 1 and first["prompt_show"] == code["prompt_show"]:
                first += code.children
                cell.parent.remove(cell)


def asked_before(cell: nodes.Node) -> bool:
    """Whether nothing but cells stands between a guess and a cell."""
    for sibling in reversed(cell.parent.children[: cell.parent.index(cell)]):
        if sibling.get("nb_element") != "cell_code":
            return "guess" in sibling.get("classes", ())
    return False


def setup(app) -> None:
    app.add_post_transform(CallsUnsaid)
    app.add_post_transform(CodeUnderFigure)
    app.add_post_transform(NeighborsJoined)
    app.add_transform(Prompts)
