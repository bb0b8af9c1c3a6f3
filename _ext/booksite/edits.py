"""What is read off a written page, and edits of it, which fail the build when there is nothing to edit."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from sphinx.util import logging

logger = logging.getLogger(__name__)
_LETTERS = '<span class="katex-html"'


def replaced(
    text: str,
    old: str,
    new: str | Callable[[re.Match], str],
    what: str,
    name: object,
    where: str = "",
) -> str:
    """A text with `new` for each match of `old`; a warning names the edit if the text holds `where` and no match."""
    edited, times = re.subn(old, new, text, flags=re.M)
    if where in text and not times:
        logger.warning("%s: nothing was found to edit in %s (%s)", what, name, old)
    return edited


def words(markup: str) -> str:
    """What is seen of a piece of a page: a formula by its letters, without the MathML beside them.

    >>> words("<p>a &lt; <b>b</b></p>")
    'a < b'
    """
    without_mathml = re.sub(r"<math\b.*?</math>", "", markup, flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", "", without_mathml))


def end(page: str, start: int, tag: str = "div") -> int:
    """Where the element that starts there ends.

    >>> end("<div>a <div>b</div></div> c", 0)
    25
    """
    depth = 0
    for match in re.compile(rf"<(/?){tag}\b[^>]*>").finditer(page, start):
        depth += -1 if match[1] else 1
        if depth == 0:
            return match.end()
    return len(page)


def without_letters(page: str) -> str:
    """The page without the letters of its formulas, which half of its elements are: their MathML is left.

    >>> without_letters('<math>x</math><span class="katex-html"><b></b><span>x</span></span>.')
    '<math>x</math>.'
    """
    parts, at = [], 0
    while (start := page.find(_LETTERS, at)) >= 0:
        parts.append(page[at:start])
        at = end(page, start, "span")
    return "".join([*parts, page[at:]])
