"""A still of a live figure on another page, as the picture of a card or an overview.

.. code-block:: md

    ```{live-figure} chapters/mse#wrong_record
    :decorative:
    ```

The page is named as in ``{doc}``; without ``#name`` it is the page's first live figure. The still is the default
state of the figure, in the colors of the page that shows it. Its text alternative is that of the figure, or what the
option ``alt`` says; ``decorative`` hides it from those who cannot see it. Builders that write no HTML get the text
alternative as a paragraph.
"""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util import docname_join, logging
from sphinx.util.docutils import SphinxDirective

from .published import LiveFigure, assets
from .sphinx import live_figure

__all__ = ["figure_of"]

logger = logging.getLogger(__name__)
#: what `env.metadata` says of a page with stills
_HAS_STILLS = "live-figure-stills"


def figure_of(env: Any, page: str, name: str = "") -> LiveFigure | None:
    """The live figure of a page.

    Parameters
    ----------
    env : BuildEnvironment
        Sphinx's environment; the page has been read.
    page : str
        The document.
    name : str, default ""
        The name of the figure; the page's first where it is empty.

    Returns
    -------
    LiveFigure or None
        None where the page has no such figure.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> env = SimpleNamespace(get_doctree=lambda page: nodes.section())
    >>> figure_of(env, "a/page/without/figures") is None
    True
    """
    for node in env.get_doctree(page).findall(live_figure):
        if name in ("", node["name"]):
            figure: LiveFigure = node["figure"]
            return figure
    return None


class still(nodes.General, nodes.Element):
    """A still that is not there yet: the page it shows may be read later."""


class Still(SphinxDirective):
    required_arguments = 1
    option_spec = {"alt": directives.unchanged_required, "decorative": directives.flag}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        self.env.metadata[self.env.docname][_HAS_STILLS] = "yes"
        page, _, name = self.arguments[0].partition("#")
        node = still(
            page=docname_join(self.env.docname, page),
            figure=name,
            alt=self.options.get("alt", ""),
            decorative="decorative" in self.options,
        )
        self.set_source_info(node)
        return [node]


def _fill(app: Any, doctree: nodes.document, docname: str) -> None:
    for node in list(doctree.findall(still)):
        found = _found(app.env, node)
        alt = node["alt"] or (found.alt if found else "")
        if found and app.builder.format == "html":
            said = f'role="img" aria-label="{escape(alt)}"'
            if node["decorative"]:
                said = 'aria-hidden="true"'
            drawn = f"<style>{found.rules}</style>{found.drawing}"
            html = f"<live-figure {said}>{drawn}</live-figure>"
            node.replace_self(nodes.raw("", html, format="html"))
        elif alt and not node["decorative"]:
            node.replace_self(nodes.paragraph(alt, alt))
        else:
            node.parent.remove(node)


def _found(env: Any, node: still) -> LiveFigure | None:
    page, name = node["page"], node["figure"]
    if page not in env.found_docs:
        logger.warning("a still of the page %r, which is not there", page, location=node)
        return None
    found = figure_of(env, page, name)
    if found is None:
        wanted = f"named {name!r}" if name else "to make a still of"
        logger.warning("the page %r has no live figure %s", page, wanted, location=node)
    return found


def _again(app: Any, env: Any) -> list[str]:
    """A page with stills is written at each build: the figures may have changed."""
    return [name for name in env.found_docs if _HAS_STILLS in env.metadata[name]]


def _style(app: Any, pagename: str, templatename: str, context: dict, doctree: Any) -> None:
    if _HAS_STILLS in app.env.metadata.get(pagename, {}):
        app.add_css_file(assets.style.name)


def setup(app: Any) -> dict[str, Any]:
    app.add_node(still)
    app.add_directive("live-figure", Still)
    app.connect("doctree-resolved", _fill)
    app.connect("env-updated", _again)
    app.connect("html-page-context", _style)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
