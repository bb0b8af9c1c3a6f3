"""The role ``view``: a phrase of the text that sets a live figure to what the phrase says.

.. code-block:: md

    {view}`At 0.54 <two_blood_values?rate=0.54>` the walk leaves the valley.

Behind the name of the figure stands what a link to a view of it has: controls, each with one of its values; the
others are as the figure has them when it is opened. The figure is that of the page, or else the only one of that name.
On the page it is a link to the figure, which leads there without a script, too; `in_place.js` sets the figure and stays
in the text where the figure is in sight. Elsewhere than on the website it is the phrase alone.
"""

from __future__ import annotations

import json
import re
from html import escape, unescape
from urllib.parse import parse_qsl, urlencode

from docutils import nodes
from live_figures.sphinx import live_figure
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import ReferenceRole

logger = logging.getLogger(__name__)
#: what `env.metadata` holds of each page: the controls of its figures, and the figures that its views set
_FIGURES, _SET = "live-figures", "figures-set"
_CONTROL = re.compile(r'data-control="([^"]*)" data-texts="([^"]*)"')

Controls = dict[str, list[str]]


class view(nodes.General, nodes.Inline, nodes.TextElement):
    """A phrase: `figure` is the name of what it sets, `query` to what, `uri` the address, once it is known."""


class View(ReferenceRole):
    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        figure, _, query = self.target.partition("?")
        if not self.has_explicit_title or not figure or not query:
            said = f"a view is `words <figure?control=value>`; got {self.text!r}"
            message = self.inliner.reporter.error(said, line=self.lineno)
            return [nodes.Text(self.text)], [message]
        words, messages = self.inliner.parse(self.title, self.lineno, self.inliner, None)
        node = view(self.rawtext, "", *words, figure=figure, query=query)
        self.set_source_info(node)
        return [node], messages


def controls_of(panel: str) -> Controls:
    """The values of each control, from the HTML under a drawing.

    >>> controls_of('<div data-control="k" data-texts="[&quot;1&quot;, &quot;2&quot;]">')
    {'k': ['1', '2']}
    """
    return {unescape(name): json.loads(unescape(texts)) for name, texts in _CONTROL.findall(panel)}


def chosen(query: str, controls: Controls) -> tuple[dict[str, str], list[str]]:
    """The values that a query names, as the figure writes them, and what is wrong with it.

    As in an address: a minus may be a hyphen, and numbers are compared as such.

    >>> chosen("k=1.0", {"k": ["0.5", "1", "2"]})
    ({'k': '1'}, [])
    """
    found, faults = {}, []
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in controls:
            faults.append(f"it has no control {name!r}, but {_listed(controls)}")
            continue
        same = [text for text in controls[name] if _same(ascii_of(text), ascii_of(value))]
        if same:
            found[name] = ascii_of(same[0])
        else:
            faults.append(f"its control {name!r} has no {value!r}, but {_listed(controls[name])}")
    if not found and not faults:
        faults.append(f"{query!r} says no control=value")
    return found, faults


def ascii_of(text: str) -> str:
    return text.replace("−", "-")


def _same(text: str, value: str) -> bool:
    try:
        return text == value or float(text) == float(value)
    except ValueError:
        return False


def _listed(names) -> str:
    return ", ".join(map(repr, names)) or "none"


def place(figures: dict[str, dict[str, Controls]], page: str, name: str) -> tuple[str, str]:
    """The page that has the figure of that name, or what is wrong: this page, or else the only one.

    Parameters
    ----------
    figures : dict
        By page, the figures, with their controls.
    page : str
        The page that the phrase stands on.
    name : str
        The name of the figure.

    Returns
    -------
    tuple of str
        The page, or nothing, and the fault, or nothing.
    """
    if name in figures.get(page, {}):
        return page, ""
    pages = [other for other, found in figures.items() if name in found]
    if len(pages) == 1:
        return pages[0], ""
    if pages:
        return "", f"several pages have a figure of this name: {_listed(pages)}"
    return "", f"no page has this figure; this one has {_listed(figures.get(page, {}))}"


def collect(app, doctree) -> None:
    kept = app.env.metadata[app.env.docname]
    found = doctree.findall(live_figure)
    kept[_FIGURES] = {node["name"]: controls_of(node["figure"].panel) for node in found}
    kept[_SET] = sorted({node["figure"] for node in doctree.findall(view)})


def again(app, env) -> list[str]:
    """A page that sets a figure of another is written, and so checked, at each build."""
    kept = env.metadata
    return [page for page in kept if {*kept[page].get(_SET, ())} - {*kept[page].get(_FIGURES, ())}]


def spoken(node: view) -> bool:
    """Whether a phrase has words beside its formulas."""
    texts = (text for text in node.findall(nodes.Text) if not isinstance(text.parent, nodes.math))
    return any(re.search(r"\w", text) for text in texts)


class Views(SphinxPostTransform):
    """Each phrase knows its figure; where no script runs, it is text."""

    default_priority = 198

    def run(self, **kwargs) -> None:
        builder, here = self.app.builder, self.env.docname
        figures = {page: kept.get(_FIGURES, {}) for page, kept in self.env.metadata.items()}
        live = builder.format == "html" and builder.name != "epub"
        for node in list(self.document.findall(view)):
            page, fault = place(figures, here, node["figure"])
            faults = [fault] if fault else []
            if page:
                said, faults = chosen(node["query"], figures[page][node["figure"]])
                node["query"] = urlencode(said)
                node["uri"] = f"#{node['figure']}"
                if live and page != here:
                    node["uri"] = builder.get_relative_uri(here, page) + node["uri"]
            if not spoken(node):
                faults.append(
                    "its phrase is a formula alone, a link without a name; take words too"
                )
            for fault in faults:
                logger.warning("a view of %r: %s", node["figure"], fault, location=node)
            if faults or not live:
                node.replace_self(node.children)


def _open(writer, node: view) -> None:
    uri, query = escape(node["uri"]), escape(node["query"])
    writer.body.append(f'<a class="view" href="{uri}" data-view="{query}">')


def _close(writer, node: view) -> None:
    writer.body.append("</a>")


def setup(app) -> None:
    app.add_node(view, html=(_open, _close))
    app.add_role("view", View())
    app.connect("doctree-read", collect)
    app.connect("env-updated", again)
    app.add_post_transform(Views)
