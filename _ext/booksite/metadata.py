"""What search engines, link previews and hosts read: descriptions, Open Graph, a sitemap, a 404 page.

No address is invented: the address of the site is the environment variable SITE_ADDRESS, else GitHub Pages
of the repository in which the build runs, else unknown, and then what needs one is left out. Whoever publishes
the PDF beside the site names its file in SITE_PDF, and each page links to it.

(sphinxext-opengraph cuts a description at a number of letters. sphinx-sitemap 2.9 lists only the pages that a build
has written anew, its issue 13.)
"""

from __future__ import annotations

import os
import re
from html import escape, unescape
from pathlib import Path
from urllib.parse import urlsplit

from docutils import nodes
from readers.addresses import site_address

from . import social_cards
from .book import once_written

_LIMIT = 160
#: on the page for an address that is not there, of a site whose own address the build did not know: it may lie below a
#: path, and then its links start at the first folder on the way here that has its style sheet
_LOOK_FOR_ROOT = """<script>
  addEventListener("DOMContentLoaded", async () => {
    const sheet = document.querySelector("link[rel=stylesheet]"), folders = location.pathname.split("/").slice(1, -1);
    if (sheet.sheet?.cssRules.length) return;
    let root = "/", there;
    while (!there && folders.length) {
      root += `${folders.shift()}/`;
      there = await fetch(`${root}_static/site.css`).then(async (answer) => (await answer.text()) && answer.ok);
    }
    if (!there) return;
    for (const found of document.querySelectorAll("[href^='/'], [src^='/']")) {
      const name = found.hasAttribute("src") ? "src" : "href";
      const moved = found.matches("script") ? document.createElement("script") : found;
      moved[name] = root + found.getAttribute(name).slice(1);
      if (moved === found) continue;
      moved.async = false;
      document.head.append(moved);
    }
  });
</script>"""


def configure(app, config) -> None:
    config.html_baseurl = base = site_address()
    attached = os.environ.get("SITE_PDF", "")
    if attached and base:
        footer = config.html_theme_options.get("extra_footer", "")
        link = f'<a href="{escape(base + attached)}">The book as a PDF</a>.'
        config.html_theme_options["extra_footer"] = f"{footer} {link}"


def not_found(app, config) -> None:
    """The page for an address that is not there is shown at any depth: its links start at the root of the host."""
    config.notfound_urls_prefix = root = urlsplit(config.html_baseurl).path or "/"
    config.notfound_context = {
        "title": "Page not found",
        "body": "<section><h1>This page is not here</h1><p>It may have moved, or the address has a slip in it. Start "
        f'from <a href="{root}{config.root_doc}.html">the first page</a>, or use the search.</p></section>'
        + ("" if config.html_baseurl else _LOOK_FOR_ROOT),
    }


def described(doctree: nodes.document) -> str:
    """The first sentences of a page, as many as a search engine shows."""
    text = ""
    for paragraph in doctree.findall(nodes.paragraph):
        if not isinstance(paragraph.parent, nodes.section):
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
    book, base = app.config.html_title, app.config.html_baseurl
    title = re.sub(r"<[^>]+>", "", context.get("title", "")) or pagename.capitalize()
    text = doctree is not None and described(doctree)
    text = text or f"{title}: a page of {book}, {app.config.book_subtitle}."
    tags = {
        "description": text,
        "og:title": title,
        "og:description": text,
        "og:type": "website" if pagename == app.config.root_doc else "article",
        "og:site_name": book,
    }
    if base:
        tags["og:url"] = f"{base}{pagename}.html"
    if base and pagename in app.env.found_docs:
        tags["og:image"] = f"{base}{social_cards.file_of(pagename)}"
        tags["og:image:width"] = str(social_cards.WIDTH)
        tags["og:image:height"] = str(social_cards.HEIGHT)
        tags["og:image:alt"] = f"{title}, beside a figure of {book}"
        tags["twitter:card"] = "summary_large_image"
    if pagename == "404":
        context["content_root"] = app.config.notfound_urls_prefix
    lines = [context.get("metatags", "")]  # a page that is written without a source has none
    for name, value in tags.items():
        kind = "property" if name.startswith("og:") else "name"
        lines.append(f'<meta {kind}="{name}" content="{escape(value)}" />\n')
    lines.append(_running_heads(book, title))
    context["metatags"] = "".join(lines)


def _running_heads(book: str, title: str) -> str:
    """What stands on top of each printed page: a style sheet for all pages cannot know it."""
    heads = "".join(
        f'@{place}{{content:"{_css(words)}"}}'
        for place, words in (("top-left", book), ("top-right", title))
    )
    return f"<style>@page{{{heads}}}</style>\n"


def _css(words: str) -> str:
    return re.sub(r'[\\"<]', lambda m: f"\\{ord(m[0]):x} ", unescape(words))


def finish(app) -> None:
    """Files beside the pages, for hosts and search engines."""
    site, base = Path(app.outdir), app.config.html_baseurl
    (site / ".nojekyll").touch()  # folders that start with an underscore are pages' own
    files = {"sitemap.xml": "", "robots.txt": ""}
    if base:
        pages = (f"{escape(base + name)}.html" for name in sorted(app.env.found_docs))
        listed = "".join(f"<url><loc>{page}</loc></url>\n" for page in pages)
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        files["sitemap.xml"] = (
            f'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="{space}">\n{listed}</urlset>\n'
        )
        files["robots.txt"] = f"User-agent: *\nSitemap: {base}sitemap.xml\n"
    for name, text in files.items():
        (site / name).write_text(text, "utf-8") if text else (site / name).unlink(missing_ok=True)


def setup(app) -> None:
    app.add_config_value("book_subtitle", "", "html", str)
    app.connect("config-inited", configure, priority=400)
    app.connect("config-inited", not_found, priority=950)  # the first page is known
    app.connect("html-page-context", head, priority=900)
    once_written(app, finish)
