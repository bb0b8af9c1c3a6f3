"""Lines that break where they may: none begins with the comma after a formula, or ends with the bracket before it.

A browser may break a line on either side of a formula, whatever stands there. In a heading, whose lines are few and
of even length, none ends within a word that has a hyphen.
"""

from __future__ import annotations

import re

from docutils import nodes
from live_figures.html import CLOSING, OPENING, SHORT_FORMULA
from sphinx.transforms import SphinxTransform

#: a word with a hyphen, short enough for a line of the smallest phone
_HYPHENATED = re.compile(r"(?<![\w-])(?=[\w-]{3,20}(?![\w-]))(\w+(?:-\w+)+)")


class KeepPunctuation(SphinxTransform):
    default_priority = 880  # the quotation marks are curly by now

    def apply(self, **kwargs) -> None:
        for math in list(self.document.findall(nodes.math)):
            if len(math.astext()) > SHORT_FORMULA or not isinstance(math.parent, nodes.TextElement):
                continue
            line, at = math.parent, math.parent.index(math)
            opening = closing = ""
            if at + 1 < len(line) and isinstance(line[at + 1], nodes.Text):
                closing = re.match(f"{CLOSING}*", line[at + 1])[0]
                line[at + 1] = nodes.Text(line[at + 1][len(closing) :])
            if at and isinstance(line[at - 1], nodes.Text):
                opening = re.search(f"{OPENING}*$", line[at - 1])[0]
                line[at - 1] = nodes.Text(line[at - 1][: len(line[at - 1]) - len(opening)])
            if opening or closing:
                kept = nodes.inline(classes=["keep"])
                line[at] = kept
                kept += [nodes.Text(opening), math, nodes.Text(closing)]


def keep_hyphens(document: nodes.document) -> None:
    for title in document.findall(nodes.title):
        for text in list(title.findall(nodes.Text)):
            pieces = _HYPHENATED.split(text)
            if len(pieces) == 1 or isinstance(text.parent, (nodes.literal, nodes.math)):
                continue
            found: list[nodes.Node] = []
            for i, piece in enumerate(pieces):
                if i % 2:
                    found.append(nodes.inline("", piece, classes=["keep"]))
                elif piece:
                    found.append(nodes.Text(piece))
            text.parent.replace(text, found)


def resolved(app, document: nodes.document, name: str) -> None:
    """On the page itself: the contents beside it, which were read off it before, are narrow and small."""
    if app.builder.format == "html":
        keep_hyphens(document)


def setup(app) -> None:
    app.add_transform(KeepPunctuation)
    app.connect("doctree-resolved", resolved)
