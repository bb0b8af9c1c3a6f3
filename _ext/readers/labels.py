"""What the book can refer to: sections, equations, exercises and terms, each with its page and its words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .contents import Page

_FENCED = re.compile(r"^(`{3,})(?!.*\{)[^\n]*\n.*?^\1$", re.S | re.M)
_MARKS = re.compile(
    r"^\((?P<section>[^()\s]+)\)=$"
    r"|^\$\$ *\((?P<equation>[^()\s]+)\)$"
    r"|^:{3,}\{exercise\} *(?P<title>[^\n]*)\n:label: *(?P<exercise>\S+)"
    r"|^```\{glossary\}\n(?P<glossary>.*?)^```",
    re.M | re.S,
)
_HEADING = re.compile(r"^#+ +(.+)", re.M)


@dataclass(frozen=True)
class Target:
    """Where a label stands, and what a link to it reads where the author gives no words."""

    page: Page
    anchor: str
    text: str
    number: str = ""


class Labels:
    """The targets of all pages, by their labels; terms by `term <name>`."""

    def __init__(self, pages: list[Page]):
        self.targets: dict[str, Target] = {}
        for page in pages:
            self._read(page)

    def __getitem__(self, label: str) -> Target:
        if label not in self.targets:
            raise KeyError(f"nothing in the book is labeled {label!r}")
        return self.targets[label]

    def term(self, name: str) -> Target:
        return self[f"term {name.casefold()}"]

    def _read(self, page: Page) -> None:
        counts = {"equation": 0, "exercise": 0}
        for cell in page.cells:
            if cell.cell_type != "markdown":
                continue
            text = _FENCED.sub("", cell.source)
            for found in _MARKS.finditer(text):
                kind = next(k for k in ("section", "equation", "exercise", "glossary") if found[k])
                if kind == "section":
                    heading = _HEADING.search(text, found.end())
                    self._add(found[kind], page, heading[1] if heading else page.title)
                elif kind == "glossary":
                    for name in terms(found[kind]):
                        self._add(f"term {name.casefold()}", page, name, anchor=term_anchor(name))
                else:
                    counts[kind] += 1
                    number = f"{page.number}.{counts[kind]}" if page.number else f"{counts[kind]}"
                    words = f"({number})" if kind == "equation" else f"Exercise {number}"
                    self._add(found[kind], page, words, number)

    def _add(self, label, page, text, number="", anchor="") -> None:
        if label in self.targets:
            raise ValueError(f"{page.path}: the label {label!r} is taken")
        self.targets[label] = Target(page, anchor or label, text, number)


def terms(glossary: str) -> list[str]:
    return [line for line in glossary.split("\n") if line and not line[0].isspace()]


def term_anchor(name: str) -> str:
    return "term-" + re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
