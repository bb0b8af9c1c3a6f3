"""The map of the book on its first page: a tile a chapter, with a picture that the chapter itself draws.

.. code-block:: md

    ::::{tiles}
    :::{tile} chapters/mse
    :figure: wrong_record
    Why nearly everyone uses it.
    :::
    ::::

Without the option `figure` the picture is the chapter's first live figure.
"""

from __future__ import annotations

import re
from html import escape

from docutils import nodes
from docutils.parsers.rst import directives
from live_figures.sphinx import live_figure
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)
_PICTURE = re.compile(r"(<style>.*?</style>).*?(<svg\b.*?</svg>)", re.S)


class tiles(nodes.General, nodes.Element):
    """A grid of tiles."""


class tile(nodes.General, nodes.Element):
    """One chapter: `target` is its document, `figure` the name of its picture, `words` what it holds."""


class Tiles(SphinxDirective):
    has_content = True

    def run(self) -> list[nodes.Node]:
        self.env.metadata[self.env.docname]["has-tiles"] = "yes"
        grid = tiles()
        self.state.nested_parse(self.content, self.content_offset, grid)
        return [grid]


class Tile(SphinxDirective):
    required_arguments = 1
    option_spec = {"figure": directives.unchanged}  # noqa: RUF012
    has_content = True

    def run(self) -> list[nodes.Node]:
        words = " ".join(line.strip() for line in self.content)
        return [tile(target=self.arguments[0], figure=self.options.get("figure"), words=words)]


def picture(env, node: tile) -> str:
    """The default state of a chapter's figure, as HTML."""
    doctree = env.get_doctree(node["target"])
    for found in doctree.findall(live_figure):
        if node["figure"] in (None, found["name"]):
            html = "".join(raw.astext() for raw in found.findall(nodes.raw))
            style, svg = _PICTURE.search(html).groups()
            return style + svg
    logger.warning("%s has no live figure named %s", node["target"], node["figure"], location=node)
    return ""


def fill(app, doctree, docname) -> None:
    for node in list(doctree.findall(tile)):
        target = node["target"]
        if target not in app.env.found_docs:
            logger.warning("tile of a page that is not there: %s", target, location=node)
            continue
        title = app.env.titles[target].astext()
        address = app.builder.get_relative_uri(docname, target)
        html = (
            f'<li><a class="tile" href="{escape(address)}">'
            f'<live-figure aria-hidden="true">{picture(app.env, node)}</live-figure>'
            f'<span class="tile-title">{escape(title)}</span></a><p>{escape(node["words"])}</p></li>'
        )
        node.replace_self(nodes.raw("", html, format="html"))


def again(app, env) -> list[str]:
    """A page with tiles is written at each build: the pictures may have changed."""
    return [name for name in env.found_docs if "has-tiles" in env.metadata[name]]


def setup(app) -> dict:
    app.add_node(
        tiles,
        html=(
            lambda self, node: self.body.append('<ul class="tiles">'),
            lambda self, node: self.body.append("</ul>"),
        ),
    )
    app.add_node(tile)
    app.add_directive("tiles", Tiles)
    app.add_directive("tile", Tile)
    app.connect("doctree-resolved", fill)
    app.connect("env-updated", again)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
