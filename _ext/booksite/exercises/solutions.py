"""The exercises of the chapters with their solutions, as the notebooks hold them, and the page of all solutions:

```{solutions}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from readers.contents import Page
from sphinx.errors import ExtensionError

from lossbook.teaching import exercises

from ..book import pages

PAGE = "chapters/solutions"
#: a cell that checks an answer, with the key of its exercise
CHECK = re.compile(r'\bcheck\(\s*"([^"]+)"')
_EXERCISE = re.compile(
    r"^(?::{3,}|`{3,})\{exercise\} *(.*)\n(?::[\w-]+:.*\n)*?:label: *(\S+)", re.M
)
_MARK = re.compile(r"^```\{solutions\}\n```$", re.M)


@dataclass(frozen=True)
class Solved:
    """An exercise of a chapter with its solution. `key` names it for `lossbook.teaching.exercises`."""

    title: str
    label: str
    key: str
    code: str

    @property
    def anchor(self) -> str:
        """Where its solution stands on the page of all solutions."""
        return f"solution-{self.label.removeprefix('ex-').replace('_', '-')}"


def solved(page: Page) -> Iterator[Solved]:
    """The exercises of a page, in order; the first hidden cell after each is its solution."""
    asked: tuple[str, str] | None = None
    for cell in page.cells:
        if cell.cell_type == "markdown":
            for title, label in _EXERCISE.findall(cell.source):
                if asked:
                    raise ExtensionError(f"{page.document}: {asked[1]} has no hidden solution")
                asked = title.strip(), label
        elif asked and "hide-cell" in cell.metadata.get("tags", []):
            found = CHECK.search(cell.source)
            if not found:
                raise ExtensionError(
                    f"{page.document}: the solution of {asked[1]} has no check(...)"
                )
            yield Solved(*asked, found[1], cell.source)
            asked = None
    if asked:
        raise ExtensionError(f"{page.document}: {asked[1]} has no hidden solution")


def filled(app, text: str) -> str:
    """The Markdown of a page, with all solutions where it asks for them."""
    if not _MARK.search(text):
        return text
    app.env.note_dependency(__file__)
    parts = []
    for name in pages(app):
        page = Page(name, root=Path(app.srcdir))
        items = list(solved(page)) if page.path.suffix == ".ipynb" else []
        if items:
            app.env.note_dependency(str(page.path))
            parts += [f"## {page.title}", *map(_section, items)]
    return _MARK.sub(lambda _: "\n\n".join(parts), text)


def _section(item: Solved) -> str:
    return (
        f"({item.anchor})=\n### {item.title}\n\n{_in_words(item)}\n\n```ipython3\n{item.code}\n```"
    )


@cache  # to find an answer may mean to train a model
def _in_words(item: Solved) -> str:
    """The right answer and what is said of it, as Markdown."""
    exercise, question = exercises.find(item.key), f"{{numref}}`{item.label}`"
    right = _plain(f"{exercise.right[:1].upper()}{exercise.right[1:]}")
    if exercise.kind == "function":
        return f"{question} asks for a function. {right}"
    if exercise.kind == "choice":
        name = exercise.answer()
        shown = f"**{_plain(name)}**, {_plain(exercise.choices[name])}"
    else:
        numbers = ", ".join(f"{v:g}" for v in np.atleast_1d(exercise.answer()))
        shown = f"**{_plain(numbers)}**"
    return f"The answer to {question} is {shown}. {right}"


def _plain(text: str) -> str:
    """Text as Markdown that shows it, with a minus before negative numbers."""
    text = re.sub(r"(?<![\w)])-(?=\d)", "−", text)
    return re.sub(r"([\\`*_{}\[\]<>$^~|#])", r"\\\1", text)
