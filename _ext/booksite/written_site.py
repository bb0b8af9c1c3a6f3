"""The written site, made light, safe and accessible: its markup, its scripts, its style sheet and its fonts."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from sphinx.util import logging

from . import fonts, height_estimates, markup, security_policy, style_sheet
from .book import once_written
from .edits import replaced

logger = logging.getLogger(__name__)
THEME = "scripts/pydata-sphinx-theme.js"
#: it lays out every hidden listing at the start, and again after each move of a slider; book.js has a cheaper way
_MEASURING = (
    r',"complete"===document\.readyState\?(\w+)\(\):'
    r'window\.addEventListener\("load",\1\)(?=\}\)\(\);)'
)


def finish(app) -> None:
    folder, static = Path(app.outdir), Path(app.outdir, "_static")
    for path in static.glob("*.html"):  # templates that the themes leave among their files
        path.unlink()
    texts = {path: path.read_text("utf-8") for path in sorted(folder.rglob("*.html"))}
    pages = {path: text for path, text in texts.items() if style_sheet.LINK.search(text)}
    fresh = {path: text for path, text in pages.items() if "data-from=" not in text}
    fresh = {p: height_estimates.given(markup.mended(text, p)) for p, text in fresh.items()}
    pages |= fresh

    scripts = used_scripts(static, pages.values())
    theme = scripts.get(static / THEME, "")
    theme = replaced(theme, _MEASURING, "", "measuring what scrolls", THEME)
    (static / THEME).write_text(theme, "utf-8")

    sheet = style_sheet.purged(folder, pages.values(), scripts.values())
    (static / style_sheet.NAME).write_text(sheet, "utf-8")
    logger.info("one style sheet for all pages: %.0f kB", len(sheet) / 1000)
    version = hashlib.sha256(sheet.encode()).hexdigest()[:8]
    for path, text in fresh.items():
        text = security_policy.secured(style_sheet.linked(text, version), path)
        path.write_text(text, "utf-8")
    fonts.cut(static, pages.values(), sheet, Path(app.srcdir) / "_build" / ".fonts")


def used_scripts(static: Path, pages) -> dict[Path, str]:
    """The scripts that some page loads, but for the states of figures; the others are deleted."""
    loaded = set(re.findall(r'<script\b[^>]*src="[^"]*?([^/"?]+)["?]', "".join(pages)))
    scripts = {}
    for path in static.rglob("*.js"):
        if path.name in loaded:
            scripts[path] = path.read_text("utf-8")
        elif path.parent.name != "live":
            path.unlink()
    return scripts


def setup(app) -> None:
    once_written(app, finish, priority=900)
