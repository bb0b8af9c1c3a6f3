"""Lines that break where they may: none begins with the comma after a formula, or ends with the bracket before it.

A browser may break a line on either side of a formula, whatever stands there.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

#: a formula no longer than this stays on one line with the punctuation that touches it
SHORT = 30


class KeepPunctuation(SphinxTransform):
    default_priority = 880  # the quotation marks are curly by now

    def apply(self, **kwargs) -> None:
        for math in list(self.document.findall(nodes.math)):
            if len(math.astext()) > SHORT or not isinstance(math.parent, nodes.TextElement):
                continue
            line, at = math.parent, math.parent.index(math)
            opening = closing = ""
            if at + 1 < len(line) and isinstance(line[at + 1], nodes.Text):
                closing = re.match(r"[,.;:!?)\]’”]*", line[at + 1])[0]
                line[at + 1] = nodes.Text(line[at + 1][len(closing) :])
            if at and isinstance(line[at - 1], nodes.Text):
                opening = re.search(r"[(\[“‘]*$", line[at - 1])[0]
                line[at - 1] = nodes.Text(line[at - 1][: len(line[at - 1]) - len(opening)])
            if opening or closing:
                kept = nodes.inline(classes=["keep"])
                line[at] = kept
                kept += [nodes.Text(opening), math, nodes.Text(closing)]


def setup(app) -> None:
    app.add_transform(KeepPunctuation)
