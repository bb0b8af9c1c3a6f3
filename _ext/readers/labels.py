"""What the book can refer to: sections, equations, exercises, figures and terms, each with its page and words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from .contents import Page

_COMMENT = re.compile(r"^ *<!--.*?-->|^%[^\n]*", re.S | re.M)
_FENCE = re.compile(r" *(`{3,}|:{3,}|~{3,})(\{([\w:-]+)\})?")
_MARKS = re.compile(
    r"^ *\((?P<section>[^()\s]+)\)=\s*$"
    r"|\$\$ *\((?P<equation>[^()\s]+)\) *$"
    r"|^ *(?:`{3,}|:{3,})\{(?P<directive>[\w-]+)\} *(?P<title>[^\n]*)\n"
    r"(?P<rest> *---\n(?:[^\n]*\n)*? *---\n|(?: *:[\w-]+:[^\n]*\n?)*)",
    re.M,
)
_NAME = re.compile(r"^ *:?(?:label|name): *(\S+)", re.M)
_CAPTION = re.compile(r"^ *:?caption: *\S", re.M)
_GLOSSARY = re.compile(r"(.*?)^ *(?:`{3,}|:{3,}) *$", re.S | re.M)
#: how a reference to each kind reads, and what it counts with
LISTED = {
    "math": ("equation", "({})"),
    "exercise": ("exercise", "Exercise {}"),
    "figure": ("figure", "Fig. {}"),
    "table": ("table", "Table {}"),
    "list-table": ("table", "Table {}"),
    "code-block": ("listing", "Listing {}"),
}
_HEADING = re.compile(r"(?:\s|^\([^()\s]+\)=$)*^#+ +(.+)", re.M)


@dataclass(frozen=True)
class Target:
    """Where a label stands, and what a link to it reads where the author gives no words; "" where it has to."""

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

    def __contains__(self, label: str) -> bool:
        return label in self.targets

    def term(self, name: str) -> Target:
        return self[f"term {name.casefold()}"]

    def _read(self, page: Page) -> None:
        counts: Counter[str] = Counter()

        def numbered(kind: str) -> tuple[str, str]:
            name, words = LISTED[kind]
            counts[name] += 1
            number = f"{page.number}.{counts[name]}" if page.number else f"{counts[name]}"
            return words.format(number), number

        for cell in page.cells:
            if cell.cell_type != "markdown":
                continue
            text = _without_code(_COMMENT.sub("", cell.source))
            for found in _MARKS.finditer(text):
                kind = found["directive"]
                if found["section"]:
                    heading = _HEADING.match(text, found.end())
                    self._add(found["section"], page, heading[1] if heading else "")
                elif found["equation"]:
                    self._add(found["equation"], page, *numbered("math"))
                elif kind == "glossary":
                    body = _GLOSSARY.match(text, found.end())
                    for name in terms(body[1] if body else ""):
                        self._add(f"term {name.casefold()}", page, name, anchor=term_anchor(name))
                else:
                    self._directive(page, found, numbered, text)

    def _directive(self, page: Page, found: re.Match, numbered, text: str) -> None:
        """One with a name, or one that counts without it, as a figure with a caption does."""
        kind, name = found["directive"], _NAME.search(found["rest"])
        counts = {
            "math": bool(name),
            "exercise": bool(name),
            "figure": not re.match(r"\s*(?:`{3,}|:{3,})\s*$", text[found.end() :], re.M),
            "code-block": bool(_CAPTION.search(found["rest"])),
        }.get(kind, kind in LISTED and bool(found["title"]))
        words, number = numbered(kind) if counts else (found["title"] or page.title, "")
        if name:
            self._add(name[1], page, words, number)

    def _add(self, label, page, text, number="", anchor="") -> None:
        if label in self.targets:
            raise ValueError(f"{page.path}: the label {label!r} is taken")
        self.targets[label] = Target(page, anchor or label, text, number)


def slug(heading: str) -> str:
    """The heading's part of an address, as docutils makes it."""
    return re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")


def terms(glossary: str) -> list[str]:
    return [line for line in glossary.split("\n") if line and not line[0].isspace()]


def term_anchor(name: str) -> str:
    return "term-" + slug(name.casefold())


def _without_code(text: str) -> str:
    """The lines that are not code: a fence may close a directive, or open code."""
    kept, opened, code = [], [], ""
    for line in text.split("\n"):
        fence = _FENCE.match(line)
        bare = line.strip()
        closes = fence and bare == fence[1][0] * len(bare)
        if code:
            if closes and bare.startswith(code):
                code = ""
            continue
        if closes and opened and bare.startswith(opened[-1]):
            opened.pop()
        elif fence and fence[2]:
            opened.append(fence[1])
            if fence[3] == "code":
                code = opened.pop()
        elif fence and fence[1][0] != ":":
            code = "" if fence[1] in line.split(fence[1], 1)[1] else fence[1]
            continue
        kept.append(line)
    return "\n".join(kept)
