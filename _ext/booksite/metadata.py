"""What search engines, link previews and hosts read: descriptions, Open Graph, a sitemap, a 404 page.

No address is invented: the address of the site is the environment variable SITE_ADDRESS, else GitHub Pages
of the repository in which the build runs, else unknown, and then what needs one is left out. Whoever publishes
the PDF beside the site names its file in SITE_PDF, and each page links to it.
"""

from __future__ import annotations

import os
import re
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from docutils import nodes
from readers.addresses import site_address

from . import social_cards

_NOT_PROSE = (nodes.Admonition, nodes.admonition, nodes.container, nodes.table, nodes.comment)
_LIMIT = 160


def described(doctree: nodes.document) -> str:
    """The first sentences of a page, as many as a search engine shows."""
    text = ""
    for paragraph in doctree.findall(nodes.paragraph):
        ancestor = paragraph.parent
        while ancestor is not None and not isinstance(ancestor, _NOT_PROSE):
            ancestor = ancestor.parent
        if ancestor is not None:
            continue
        words = re.sub(r"\s*\[[^\]]*\]", "", paragraph.astext())  # without citations
        text = f"{text} {' '.join(words.split())}".strip()
        if len(text) >= 80:
            break
    if len(text) <= _LIMIT:
        return text
    sentences = re.match(rf".{{50,{_LIMIT}}}[.?!](?= )", text)
    return sentences[0] if sentences else text[: _LIMIT - 2].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def head(app, pagename, templatename, context, doctree) -> None:
    """The description and the preview of a page."""
    title = re.sub(r"<[^>]+>", "", context.get("title", "")) or pagename.capitalize()
    fallback = (
        f"{title}: a page of {app.config.html_title}, an interactive textbook on loss functions."
    )
    text = (doctree is not None and described(doctree)) or fallback
    tags = {
        "og:title": title,
        "og:description": text,
        "og:type": "website" if pagename == app.config.root_doc else "article",
        "og:site_name": app.config.html_title,
    }
    if app.config.html_baseurl:
        tags["og:url"] = f"{app.config.html_baseurl}{pagename}.html"
        if pagename in app.env.found_docs:
            tags["og:image"] = f"{app.config.html_baseurl}{social_cards.file_of(pagename)}"
            tags["og:image:width"], tags["og:image:height"] = (
                social_cards.WIDTH,
                social_cards.HEIGHT,
            )
            tags["og:image:alt"] = f"{title}, beside a figure of {app.config.html_title}"
            tags["twitter:card"] = "summary_large_image"
    context["metatags"] = (
        re.sub(r'<meta name="description"[^>]*>\s*', "", context.get("metatags", ""))
        + f'<meta name="description" content="{escape(text)}" />\n'
        + "".join(
            f'<meta {"name" if name.startswith("twitter:") else "property"}="{name}" '
            f'content="{escape(str(value))}" />\n'
            for name, value in tags.items()
        )
    )


def not_found(app):
    """The page that a host shows for an address that is not there."""
    body = (
        "<section><h1>This page is not here</h1><p>It may have moved, or the address has a slip in it. "
        'Start from <a href="intro.html">the first page</a>, or use the search.</p></section>'
    )
    yield "404", {"title": "Page not found", "body": body}, "page.html"


def finish(app, exception) -> None:
    if exception is not None or app.builder.format != "html":
        return
    site = Path(app.outdir)
    base = app.config.html_baseurl
    path = urlsplit(base).path or "/"
    # a host serves this page at any depth, so that its links start at the root of the site
    page = site / "404.html"
    local = r'\b(href|src)="(?![a-z]+:|#|/)(?:\./)?([^"]*)"'
    page.write_text(re.sub(local, rf'\1="{path}\2"', page.read_text("utf-8")), "utf-8")
    (site / ".nojekyll").touch()  # folders that start with an underscore are pages' own
    for name in ("sitemap.xml", "robots.txt"):
        (site / name).unlink(missing_ok=True)
    if base:
        pages = "".join(
            f"<url><loc>{escape(base + name)}.html</loc></url>\n"
            for name in sorted(app.env.found_docs)
        )
        (site / "sitemap.xml").write_text(
            '<?xml version="1.0" encoding="utf-8"?>\n'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{pages}</urlset>\n',
            "utf-8",
        )
        (site / "robots.txt").write_text(f"User-agent: *\nSitemap: {base}sitemap.xml\n", "utf-8")


def configure(app, config) -> None:
    config.html_baseurl = site_address()
    attached = os.environ.get("SITE_PDF", "")
    if attached and config.html_baseurl:
        footer = config.html_theme_options.get("extra_footer", "")
        link = f'<a href="{escape(config.html_baseurl + attached)}">The book as a PDF</a>.'
        config.html_theme_options["extra_footer"] = f"{footer} {link}"


def setup(app) -> dict:
    app.connect("config-inited", configure, priority=400)
    app.connect("html-page-context", head, priority=900)
    app.connect("html-collect-pages", not_found)
    app.connect("build-finished", finish, priority=950)  # after the pages were made lean
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
