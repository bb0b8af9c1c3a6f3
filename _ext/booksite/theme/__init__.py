"""The book's theme: sphinx-book-theme with the templates of this folder, and the scripts that a page has work for."""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.util import logging

from ..book import number_of
from ..edits import replaced

logger = logging.getLogger(__name__)

FOLDER = Path(__file__).parent
#: the markup that a script works on; the work of those without is done by the templates and `book.js`
WORK = {
    "_static/documentation_options.js": None,
    "_static/doctools.js": None,
    "_static/sphinx_highlight.js": None,
    "_static/scripts/sphinx-book-theme.js": None,
    "_static/design-tabs.js": 'class="sd-tab',
    "_static/guess.js": 'class="guess-answers"',
    "_static/choosing.js": '<div class="loss-(?:table|guide)">',
    "_static/exercises.js": 'class="(?:answer-form|answer-progress)"',
}


def scripts(app, pagename, templatename, context, doctree) -> None:
    """Leave out the scripts that have no work on a page; the others wait until it is read."""
    found = {str(script.filename): script for script in context["script_files"]}
    for name in WORK.keys() - found:
        logger.warning("the page %s has no script %s to leave out", pagename, name)
    body = context.get("body", "")
    idle = {name for name, sign in WORK.items() if not sign or not re.search(sign, body)}
    context["script_files"] = [s for s in context["script_files"] if str(s.filename) not in idle]
    for script in context["script_files"]:
        if script.filename:
            script.attributes["defer"] = "defer"


def viewport(app, pagename, templatename, context, doctree) -> None:
    """One viewport: docutils says it again."""
    if doctree is not None:
        second = r'<meta name="viewport"[^>]*>\s*'
        tags = replaced(context["metatags"], second, "", "a second viewport", pagename)
        context["metatags"] = tags


def breadcrumbs(app, pagename, templatename, context, doctree) -> None:
    """The part of the book that a page is in, by the captions of the table of contents."""
    for part in app.config.external_site_map.root.subtrees:
        if pagename in part.items:
            context["part"] = part.caption
            context["chapter_number"] = number_of(app.env, pagename)


_OPEN_PAGE = re.compile(r'<a class="current reference internal" href="#">.*?</a>', re.S)


def contents_of_page(app, pagename, templatename, context, doctree) -> None:
    """In the contents of the book, those of the open page stand under it."""

    def with_contents_of_page(book: str, page: str) -> str:
        if not page:
            return book
        inner = f'<nav id="pst-page-toc-nav" class="page-contents" aria-label="On this page">{page}</nav>'
        return _OPEN_PAGE.sub(lambda link: link[0] + inner, str(book), count=1)

    context["with_contents_of_page"] = with_contents_of_page


def configure(app, config) -> None:
    config.html_theme_options["secondary_sidebar_items"] = []  # in the contents of the book
    config.html_theme_options["use_fullscreen_button"] = False
    config.html_theme_options["article_header_start"] = [
        "toggle-primary-sidebar.html",
        "doors.html",
    ]
    config.templates_path.insert(0, str(FOLDER / "components"))  # before those of the theme


def setup(app) -> None:
    app.add_html_theme("booksite", str(FOLDER))
    app.add_js_file("scripts/pydata-sphinx-theme.js", priority=900)
    app.add_js_file("choosing.js")
    app.connect("config-inited", configure, priority=900)
    app.connect("html-page-context", viewport)
    app.connect("html-page-context", breadcrumbs)
    app.connect("html-page-context", contents_of_page)
    app.connect("html-page-context", scripts, priority=900)
