"""Tables of words on a phone: their rows are stacked there, for their columns would be one word wide.

book.css lays them out as blocks, which would take their roles from some browsers; so the roles are written out.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict

from docutils import nodes
from sphinx.transforms import SphinxTransform

from .edits import words

STACK = "stack"
#: so many columns stand side by side with any words
FEW = 2
#: so many letters of a row, on average, a phone has no room for in three columns
WORDY = 85
#: so few columns are told apart by their look, where the second one is code
ALIKE = 3
_ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row"}
_ROLES |= {"th": "columnheader", "td": "cell"}
_HEAD = re.compile(r"<th\b[^>]*>(.*?)</th>", re.S)
_CODE_SECOND = re.compile(r"<tr\b[^>]*><td\b(?:(?!</td>).)*</td>\s*<td\b[^>]*><p><code", re.S)


class StackWordyTables(SphinxTransform):
    """Tables of a page with the same heads are alike."""

    default_priority = 880

    def apply(self, **kwargs) -> None:
        alike = defaultdict(list)
        for table in self.document.findall(nodes.table):
            head = next(table.findall(nodes.thead), None)
            if head is not None and len(head[0]) > FEW:
                alike[head.astext()].append(table)
        for tables in alike.values():
            rows = [r for t in tables for b in t.findall(nodes.tbody) for r in b]
            if sum(map(_letters, rows)) >= WORDY * len(rows):
                for table in tables:
                    table["classes"].append(STACK)


def _letters(row: nodes.row) -> int:
    """Those of its words: a formula is shorter than its TeX."""
    return sum(len(t) for t in row.findall(nodes.Text) if not isinstance(t.parent, nodes.math))


def written(match: re.Match) -> str:
    """A table that may be stacked, with its roles, and the head of each cell where it is needed.

    >>> written(re.match("(.*)", "<table><tr><td><p>1</p></td></tr></table>"))
    '<table role="table"><tr role="row"><td role="cell"><p>1</p></td></tr></table>'
    """
    heads = [words(head).strip() for head in _HEAD.findall(match[0])]
    rows = match[0].count("<tr") - 1
    named = len(heads) > ALIKE or len(_CODE_SECOND.findall(match[0])) < rows
    column = 0

    def tag(found: re.Match) -> str:
        nonlocal column
        name, head = found[1], ""
        column = column + 1 if name == "td" else 0 if name == "tr" else column
        if name == "td" and named and 1 < column <= len(heads):
            head = f' data-head="{html.escape(heads[column - 1])}"'
        return f'<{name} role="{_ROLES[name]}"{head}{found[2]}>'

    return re.sub(r"<(table|thead|tbody|tr|th|td)\b([^>]*)>", tag, match[0])


def setup(app) -> None:
    app.add_transform(StackWordyTables)
