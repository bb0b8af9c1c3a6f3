"""The index of the book: below each term of the glossary the chapters that use it, and every loss by its name.

Sphinx enters a term once, where the glossary defines it. Here each page that refers to a term with ``{term}`` is
entered below it, at the first section that does, and each loss at the section of the catalog that has its name.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from .book import heading, section_of


class Entries(SphinxTransform):
    default_priority = 840  # before Sphinx takes the entries out of the page

    def apply(self, **kwargs) -> None:
        found = {}
        for node in self.document.findall(addnodes.pending_xref):
            if node["reftype"] == "term":
                page = heading(self.document.next_node(nodes.section))
                found.setdefault(f"{node['reftarget']}; {page}", section_of(node))
        for section in self.document.findall(nodes.section):
            entry = isinstance(section.parent, nodes.section)  # the first section is the page
            if entry and any(label.startswith("catalog-") for label in section["ids"]):
                # what stands in parentheses after a name, Sphinx takes for the module of a function
                found.setdefault(re.sub(r" \((.+)\)$", r", \1", heading(section)), section)
        for entry, section in found.items():
            section += addnodes.index(entries=[("single", entry, section["ids"][0], "", None)])


def spell(app, env) -> None:
    """Spell terms as in the glossary: a reference knows small letters only. A loss that is a term goes below it."""
    pages = env.get_domain("index").entries
    spelled = {
        value.lower(): value
        for entries in pages.values()
        for _, value, _, main, _ in entries
        if main == "main"
    }
    for page, entries in pages.items():
        for i, (kind, value, anchor, main, key) in enumerate(entries):
            term, _, chapter = value.partition("; ")
            if main != "main" and term.lower() in spelled:
                chapter = chapter or env.titles[page].astext()
                value = f"{spelled[term.lower()]}; {chapter}"
                entries[i] = kind, value, anchor, main, key


def setup(app) -> None:
    app.add_transform(Entries)
    app.connect("env-updated", spell)
