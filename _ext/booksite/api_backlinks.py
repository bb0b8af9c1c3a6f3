"""The way back from the package to the book: each entry of the API reference names where the book explains it.

Every reference to an object of the package, such as ``{py:class}`lossbook.losses.Huber` ``, is remembered with the
section it stands in and the numbered equation it belongs to. The entry of that object then gets a line "Explained in".
"""

from __future__ import annotations

import re
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.util.nodes import make_refnode

from .book import heading, number_of, section_of

PACKAGE = "lossbook."
#: what `env.metadata` holds of each page: its mentions
_MENTIONS = "mentions-of-the-package"


class Mention(NamedTuple):
    """One place of the book that names an object of the package."""

    target: str
    anchor: str  #: of the section; nothing for the page itself
    section: str
    equation: str  #: the label of a numbered equation, or nothing


def collect(app, doctree) -> None:
    found = [
        mention(node)
        for node in doctree.findall(addnodes.pending_xref)
        if node.get("refdomain") == "py" and node["reftarget"].startswith(PACKAGE)
    ]
    app.env.metadata[app.env.docname][_MENTIONS] = list(dict.fromkeys(found))


def mention(node: addnodes.pending_xref) -> Mention:
    section = section_of(node)
    inside = isinstance(section.parent, nodes.section)  # the first section is the page
    return Mention(
        node["reftarget"],
        section["ids"][0] if inside else "",
        heading(section) if inside else "",
        equation(node),
    )


def equation(node: nodes.Node) -> str:
    """The label of the equation that a reference belongs to, or nothing."""
    # A name in the first sentence after an equation belongs to it; otherwise the paragraph belongs to the
    # equation that it leads up to, in a sentence that does not end, or else to the one before it.
    block = node
    while not isinstance(block.parent, nodes.section | nodes.document):
        block = block.parent
    if not isinstance(block, nodes.paragraph):
        return ""
    around = block.parent.children
    at = around.index(block)
    before, after = _labelled(around[:at][::-1]), _labelled(around[at + 1 :])
    words = ""
    for text in block.findall(nodes.Text):
        if node in (text.parent, text.parent.parent):
            break
        words += text
    first_sentence = not re.search(r"[.?!]\s", words)
    leads = not re.search(r"[.?!][)”’]*$", block.astext())
    return before if before and (first_sentence or not leads) else after if leads else ""


def _labelled(siblings: list[nodes.Node]) -> str:
    """The label of the equation that comes first; between it and a paragraph stands only its anchor."""
    for sibling in siblings:
        if isinstance(sibling, nodes.math_block):
            return sibling.get("label") or ""
        if not isinstance(sibling, nodes.target):
            return ""
    return ""


def explain(app, doctree, docname) -> None:
    for entry in doctree.findall(addnodes.desc):
        signature, content = entry[0], entry[-1]
        names = [i for i in signature.get("ids", []) if i.startswith(PACKAGE)]
        places: list[nodes.Node] = []
        for page in app.config.external_site_map:
            mentions = app.env.metadata[page].get(_MENTIONS, [])
            mentions = [m for m in mentions if m.target in names]
            if mentions and page != docname:
                places += [nodes.Text("; " if places else ""), *place(app, docname, page, mentions)]
        if places:
            line = nodes.paragraph("", "", nodes.Text("Explained in "), *places, nodes.Text("."))
            line["classes"].append("explained")
            first = content.first_child_matching_class(addnodes.desc)
            content.insert(len(content) if first is None else first, line)


def place(app, docname: str, page: str, mentions: list[Mention]) -> list[nodes.Node]:
    """A page of the book, with the sections and equations in it that name the object."""

    def link(anchor: str, text: str) -> nodes.reference:
        return make_refnode(app.builder, docname, page, anchor, nodes.Text(text))

    number = number_of(app.env, page)
    title = f"{number}. " * bool(number) + app.env.titles[page].astext()
    out: list[nodes.Node] = [link("", title)]
    for anchor, section in dict.fromkeys((m.anchor, m.section) for m in mentions):
        labels = dict.fromkeys(m.equation for m in mentions if m.anchor == anchor and m.equation)
        if section:
            out += [nodes.Text(", "), link(anchor, section)]
        for label in labels:
            reference = app.env.get_domain("math").resolve_xref(
                app.env, docname, app.builder, "eq", label, addnodes.pending_xref(), nodes.Text("")
            )
            if reference is not None:
                out += [nodes.Text(", at equation "), reference]
    return out


def again(app, env) -> list[str]:
    """A page that describes the package is written at each build: other pages may have changed."""
    objects = env.get_domain("py").objects
    return sorted({o.docname for name, o in objects.items() if name.startswith(PACKAGE)})


def setup(app) -> None:
    app.connect("doctree-read", collect)
    app.connect("env-updated", again)
    app.connect("doctree-resolved", explain)
