"""Markup that no template writes, mended: what axe-core, HTML's own rules and a slow phone find in it.

Most of this should go upstream, to the theme, to Sphinx and to KaTeX.
"""

from __future__ import annotations

import html
import re
from typing import ClassVar

from pygments.formatters import HtmlFormatter
from pygments.styles import get_style_by_name
from pygments.token import Text
from sphinx.highlighting import PygmentsBridge

from . import tables
from .edits import replaced

COPY = '<button type="button" class="lb-copy" data-action="copy" aria-label="Copy" title="Copy"></button>'


#: so many letters of a listing a phone shows; what is printed with a few more has smaller ones there (book.css)
PHONE = 45


def breakable(name: re.Match) -> str:
    """A long name of code, in a narrow column of a table, is broken behind a sign."""
    return re.sub(r"(?<=[_.(,=/])(?=[\w(&])", "<wbr>", name[0]) if len(name[0]) > 12 else name[0]


def listing(match: re.Match) -> str:
    """A listing can be copied, if it is no output, and reached by keyboard; book.js looks whether it scrolls."""
    printed = match[1].startswith("ansi ")
    columns = printed and max(map(len, html.unescape(re.sub("<[^>]+>", "", match[2])).split("\n")))
    style = f' style="--lb-columns:{columns}"' if columns > PHONE else ""
    copy = "" if printed else COPY
    return f'{match[1]}<div class="highlight"><pre tabindex="0"{style}>{match[2]}</pre>{copy}</div>'


#: what is edited, what a page holds that needs it, what is there, and what takes its place
EDITS = (
    ("a sign where MathML allows no third child", "\u2061", "<mo>\u2061</mo>", ""),
    (
        "the name of a folded cell",
        '<details class="admonition hide',
        '<summary aria-label="[^"]*">',
        "<summary>",
    ),
    (
        "a table that may scroll",
        '<table class="table',
        '<div class="pst-scrollable-table-container"',
        r'\g<0> tabindex="0"',
    ),
    (
        "a table whose rows are stacked on a phone",
        f'<table class="{tables.STACK} ',
        rf'<table class="{tables.STACK} table">(?s:.*?)</table>',
        tables.written,
    ),
    (
        "a formula that may scroll",
        '<span class="katex-display">',
        '<span class="katex-display"',
        r'\g<0> tabindex="0"',
    ),
    ("the role of a citation", '<div class="citation"', ' role="doc-biblioentry"', ""),
    ("the role of their list", '<div class="citation"', ' role="list"(?= class="citation)', ""),
    ("long names", '<code class="docutils', r'(?<=<span class="pre">)[^<]+(?=</span>)', breakable),
    (
        "the sign of a host before one link of many",
        '<a class="github ',
        r"(?<=<a class=\")github ",
        "",
    ),
    (
        "listings",
        'class="highlight"',
        r'(ansi notranslate">|^|>)<div class="highlight"><pre><span></span>((?s:.*?))</pre></div>',
        listing,
    ),
)


def mended(page: str, name: object) -> str:
    for what, where, old, new in EDITS:
        page = replaced(page, old, new, what, name, where)
    return flush(page)


def flush(page: str) -> str:
    """The page without the indents and empty lines of templates; what is in an article keeps its lines.

    >>> flush("<div>\\n  <p>\\n\\n <article> <pre>\\n  1</pre></article>\\n  </p>")
    '<div>\\n<p>\\n<article> <pre>\\n  1</pre></article>\\n</p>'
    """
    before, article, rest = page.partition("<article")
    inside, end, after = rest.rpartition("</article>")
    before, after = (re.sub(r"\n\s+", "\n", part) for part in (before, after))
    return before + article + inside + end + after


class Formatter(HtmlFormatter):
    """Tokens that have, in every style, the look of all code are plain text."""

    plain: ClassVar[set] = set()

    def format(self, tokensource, outfile) -> None:
        tokens = ((Text if kind in self.plain else kind, value) for kind, value in tokensource)
        super().format(tokens, outfile)


def plain(*styles: str) -> set:
    """The kinds of tokens that have the look of all code in each of these styles."""
    looks = [get_style_by_name(name) for name in styles]
    return set.intersection(*({k for k, o in s if o == s.style_for_token(Text)} for s in looks))


def configure(app) -> None:
    if app.builder.format == "html":
        options = app.builder.theme.get_options(app.builder.theme_options)
        styles = (options[f"pygments_{theme}_style"] for theme in ("light", "dark"))
        Formatter.plain = plain(*styles)


def setup(app) -> None:
    PygmentsBridge.html_formatter = Formatter
    app.connect("builder-inited", configure)
