"""The markup of a written page, mended: what axe-core, HTML's own rules and a slow phone find in it.

Most of this should go upstream, to the theme and to Sphinx; until then it is done here, in one place.
"""

from __future__ import annotations

import re
from pathlib import Path

from . import height_estimates

_LISTING = re.compile(r'(<div class="highlight"[^>]*><pre>)(.*?)</pre>', re.S)
_MENU = re.compile(
    r'<div class="dropdown (?P<names>[^"]*)">\s*<button class="btn dropdown-toggle"[^>]*?'
    r'aria-label="(?P<label>[^"]*)">(?P<icon>.*?)</button>\s*(?P<items><ul class="dropdown-menu">.*?</ul>)\s*</div>',
    re.S,
)
_COPY = '<button type="button" class="lb-copy" data-action="copy" aria-label="Copy" title="Copy"></button>'


class Mender:
    """Mends the pages of a site whose static files are in a folder."""

    def __init__(self, static: Path):
        self.plain = plain(static / "pygments.css")

    def __call__(self, text: str) -> str:
        return height_estimates.with_rooms(self.listings(behavior(accessible(text))))

    def listings(self, text: str) -> str:
        """Listings without the elements that change no color, and with a button that copies code."""

        def change(match: re.Match) -> str:
            code = match[2].replace("<span></span>", "")
            if self.plain:
                code = re.sub(
                    rf'<span class="(?:{"|".join(self.plain)})">([^<]*)</span>', r"\1", code
                )
            printed = text.endswith('ansi notranslate">', 0, match.start())
            # what scrolls can be reached by keyboard; the script takes back what it finds too short to scroll
            start = match[1].replace("<pre>", '<pre tabindex="0">')
            return f"{start}{code}</pre>{'' if printed else _COPY}"

        return _LISTING.sub(change, text)


def plain(sheet: Path) -> list[str]:
    """The classes of tokens that have, in every theme, no style but the color that all code has."""
    if not sheet.exists():
        return []
    style = sheet.read_text("utf-8")
    rules = re.findall(r'html\[data-theme="(\w+)"\] \.highlight(?: \.(\w+))? \{([^}]*)\}', style)
    said: dict[str, dict[str, str]] = {}
    for theme, name, declarations in rules:
        said.setdefault(name, {})[theme] = re.sub(r"/\*.*?\*/", "", declarations).strip(" ;")
    ground = {
        theme: re.search(r"(?<![-\w])color: *\S+", declarations)
        for theme, declarations in said.pop("", {}).items()
    }
    return sorted(
        name
        for name, by_theme in said.items()
        if by_theme == {theme: found[0] for theme, found in ground.items() if found}
    )


def accessible(text: str) -> str:
    # one viewport, and no empty meta elements of a search service that is not used
    text = re.sub(r'<meta name="viewport"[^>]*>', "", text, count=text.count('name="viewport"') - 1)
    text = re.sub(r'\s*<meta name="docsearch:[^>]*>', "", text)
    # KaTeX puts an invisible sign where MathML allows no third child (Firefox says so of z_{\max})
    text = text.replace("<mo>\u2061</mo>", "")
    # the visible text of a control is its name (label-content-name-mismatch)
    text = re.sub(
        r'(<button class="btn search-button-field[^>]*?) aria-label="Search"', r"\1", text
    )
    text = text.replace('<summary aria-label="Toggle hidden content">', "<summary>")
    # what may scroll can be reached by keyboard (scrollable-region-focusable), see book.js
    text = text.replace(
        '<div class="pst-scrollable-table-container">',
        '<div class="pst-scrollable-table-container" tabindex="0">',
    )
    text = re.sub(
        r'<i class="(theme-switch [^>]*?)></i>', r'<i aria-hidden="true" class="\1></i>', text
    )
    # all of the page is in a landmark (region)
    text = text.replace(
        '<div id="pst-primary-sidebar" class="',
        '<div id="pst-primary-sidebar" role="region" aria-label="Contents of the book" class="',
    )
    # roles that the elements cannot have (aria-allowed-role, aria-required-children)
    text = text.replace(' role="doc-biblioentry"', "").replace(
        '<div role="list" class="citation-list">', '<div class="citation-list">'
    )
    # long names of code are broken behind a sign, in the narrow columns of a table
    return re.sub(
        r'(?<=<span class="pre">)[^<]{13,}(?=</span>)',
        lambda m: re.sub(r"(?<=[_.(,=/])(?=[\w(&])", "<wbr>", m[0]),
        text,
    )


def behavior(text: str) -> str:
    # without scripts the page is light; with them, it follows the reader's system
    text = re.sub(r"<html ", '<html data-theme="light" ', text, count=1)
    text = text.replace('data-default-mode=""', 'data-default-mode="auto"')
    # the scripts of the theme take the first toggle of a sidebar that they find: not the one that is never seen
    text = re.sub(
        r'class="pst-navbar-icon sidebar-toggle (?:primary|secondary)-toggle"',
        'class="pst-navbar-icon"',
        text,
    )
    # menus and hints that need no script, in place of Bootstrap's
    text = _MENU.sub(
        r'<details class="dropdown \g<names>"><summary class="btn dropdown-toggle" aria-label="\g<label>" '
        r'title="\g<label>">\g<icon></summary>\g<items></details>',
        text,
    )
    text = text.replace("data-bs-title=", "title=")
    text = re.sub(r'\s+data-bs-(?:toggle="tooltip"|placement="\w+")', "", text)
    # no code in attributes: the policy forbids it
    text = re.sub(r'onclick="window\.print\(\)"', 'data-action="print"', text)
    return re.sub(r'onclick="toggleFullScreen\(\)"', 'data-action="fullscreen"', text)
