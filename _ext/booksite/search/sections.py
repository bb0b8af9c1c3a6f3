"""What a reader may look for in a written page: its sections, terms, objects, exercises, symptoms, and answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

from bs4 import BeautifulSoup, NavigableString, Tag

from ..edits import without_letters
from . import formula_text

_ARTICLE = re.compile(r'<article class="bd-article"[^>]*>(.*)</article>', re.S)
#: drawings and listings
_UNREAD = re.compile(r"<(svg|script|style|pre|noscript|form)\b.*?</\1>", re.S)
_FORMULA = re.compile(r'<span class="katex-mathml">(<math\b.*?</math>)</span>', re.S)
#: what a figure, an exercise, a set of tabs or an entry of the reference shows besides its text
_BESIDES = {
    "answer-progress",
    "eqno",
    "explained",
    "field-list",
    "guide-more",
    "headerlink",
    "hide",
    "lf-actions",
    "lf-controls",
    "lf-note",
    "lf-readouts",
    "lf-status",
    "rubric",
    "sd-tab-label",
}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_INLINE = {"a", "abbr", "b", "code", "em", "i", "small", "span", "strong", "sub", "sup", "wbr"}


@dataclass
class Section:
    """A place that has an address, and what stands there, but for what has an address of its own."""

    kind: str
    anchor: str
    title: str
    above: Section | None = None
    names: dict[str, None] = field(default_factory=dict)  #: what it says as code
    labels: set[str] = field(default_factory=set)  #: its other addresses
    asked: list[str] = field(default_factory=list)  #: other ways to ask for it
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        said = re.sub(r"\s+", " ", "".join(self.words))
        said = re.sub(r" (?=[.,;:?!)](?:\s|$))", "", said)
        return re.sub(r"(?: ·)+(?= )", " ·", said).strip(" ·")

    @property
    def path(self) -> str:
        """The titles above it in its page, less that of the page."""
        above = self.above.path if self.above else ""
        inside = self.above and self.above.kind != "page" and self.above.title
        return " › ".join(filter(None, (above, inside)))


def of(page: str) -> list[Section]:
    """The sections of a page, in their order; the first is the page itself."""
    article = _ARTICLE.search(page)
    if not article:
        return []
    text = without_letters(_UNREAD.sub(" ", article[1]))
    text = _FORMULA.sub(lambda m: escape(formula_text.text(m[1])), text)
    reader = Reader()
    reader.read(BeautifulSoup(text, "html.parser"), Section("page", "", ""))
    for section in reader.found[:1]:  # the heading of the page is that of its first section
        section.kind, section.anchor = "page", ""
    return reader.found


class Reader:
    def __init__(self) -> None:
        self.found: list[Section] = []

    def begin(self, *what) -> Section:
        self.found.append(Section(*what))
        return self.found[-1]

    def read(self, tag: Tag, here: Section) -> None:
        entry, summary = here, ""  # of a list of definitions; of a fold
        for child in tag.children:
            if isinstance(child, NavigableString):
                here.words.append(str(child))
                continue
            name, anchor = child.name, child.get("id") or ""
            classes = set(child.get("class") or ())
            gap = "" if name in _INLINE else " · " if name in ("td", "th") else " "
            if classes & _BESIDES:
                continue
            if name == "span" and anchor and not here.title:
                here.labels.add(anchor)
            if name == "summary":
                summary = title(child)
                here.words.append(f" {summary}. ")
            elif name == "dt" and anchor and entry.kind == "term" and not entry.words:
                entry.title += f", {title(child)}"  # another name of one term
            elif name == "dt" and anchor:
                kind = "object" if "sig" in classes else "term"
                entry = self.begin(kind, anchor, anchor if kind == "object" else title(child), here)
            elif not here.title and (name in _HEADINGS or "admonition-title" in classes):
                here.title = title(child)
            elif kind := self.kind(name, anchor, classes, summary):
                named = summary if kind == "choice" else ""
                self.read(child, self.begin(kind, anchor, named, here))
            else:
                if name == "code":
                    here.names[child.get_text()] = None
                here.words.append(gap)
                self.read(child, entry if name == "dd" else here)
                here.words.append(gap)

    def kind(self, name: str, anchor: str, classes: set[str], summary: str) -> str:
        """What begins with an element, or nothing."""
        if not anchor or anchor.endswith("-content"):  # of an exercise
            return ""
        if name == "div" and summary:
            return "choice"
        return "exercise" if "exercise" in classes else "section" if name == "section" else ""


def title(tag: Tag) -> str:
    for link in tag.select(".headerlink"):
        link.decompose()
    return re.sub(r"[\s●○]+", " ", tag.get_text()).strip()  # less the level of an exercise
