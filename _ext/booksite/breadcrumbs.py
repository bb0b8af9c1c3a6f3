"""Breadcrumbs: above each page the way to it, from the book through its part."""

from __future__ import annotations

from functools import cache
from html import escape

from sphinx import addnodes


@cache  # for a build
def parts(app) -> dict[str, str]:
    """The part of the book that each page is in, by the captions of the table of contents."""
    root = app.env.get_doctree(app.config.root_doc)
    return {
        page: toctree["caption"]
        for toctree in root.findall(addnodes.toctree)
        if toctree.get("caption")
        for page in toctree["includefiles"]
    }


def lead(app, pagename, templatename, context, doctree) -> None:
    part = parts(app).get(pagename)
    if not part:
        return
    home = escape(app.builder.get_relative_uri(pagename, app.config.root_doc))
    title = app.env.titles[pagename].astext()
    steps = [f'<a href="{home}">{escape(app.config.html_title)}</a>', escape(part)]
    items = "".join(f"<li>{step}</li>" for step in steps)
    context["body"] = (
        f'<nav class="crumbs" aria-label="Breadcrumbs"><ol>{items}'
        f'<li aria-current="page">{escape(title)}</li></ol></nav>\n{context["body"]}'
    )


def setup(app) -> dict:
    app.connect("html-page-context", lead)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
