"""A folded cell says what it holds, where that is more than the code of a figure."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

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


def setup(app) -> None:
    app.add_transform(Prompts)
