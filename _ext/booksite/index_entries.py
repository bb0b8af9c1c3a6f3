"""The index of the book: below each term of the glossary the chapters that treat it, and every loss by its name.

Sphinx enters a term once, where the glossary defines it. Here each page that refers to a term with ``{term}`` is
entered below it, at the first section that does; a section or an equation that the definition refers to, with
``{ref}`` or ``{eq}``, comes before that, and is entered below each name of the term. Each loss is entered at the
section of the catalog that has its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

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


def told(env) -> Iterator[tuple[str, str, str]]:
    """The names of the terms, each with a page and an anchor that its definition refers to."""
    std, math = env.get_domain("std"), env.get_domain("math")
    glossaries = {page for (kind, _), (page, _) in std.objects.items() if kind == "term"}
    for glossary in sorted(glossaries):
        for item in env.get_doctree(glossary).findall(nodes.definition_list_item):
            names = [term.astext() for term in item.findall(nodes.term)]
            for node in item.findall(addnodes.pending_xref):
                label, page, anchor = node["reftarget"], "", ""
                if node["reftype"] == "ref" and label in std.labels:
                    page, anchor, _ = std.labels[label]
                elif node["reftype"] == "eq" and label in math.equations:
                    page, anchor = math.equations[label][0], nodes.make_id(f"equation-{label}")
                for name in names if page else ():  # Sphinx warns of a label that is none
                    yield name, page, anchor


def lead(app, env) -> None:
    """Enter what the glossary refers to, the first place on each page."""
    pages, seen = env.get_domain("index").entries, set()
    for name, page, anchor in told(env):
        value = f"{name}; {env.titles[page].astext()}"
        if value not in seen:
            seen.add(value)
            others = [entry for entry in pages.get(page, []) if entry[1] != value]
            pages[page] = [*others, ("single", value, anchor, "", None)]


def setup(app) -> None:
    app.add_transform(Entries)
    app.connect("env-updated", spell)
    app.connect("env-updated", lead)
