"""A loss in a chapter leads to its entry in the catalog, and says its names in other libraries.

One table says where, `lossbook.teaching.catalog.passages`; the catalog makes the way back of it.
"""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from lossbook import losses
from lossbook.losses.entries import entry_of
from lossbook.teaching import catalog
from lossbook.teaching.catalog import passages


def line(cls: type, document: str) -> nodes.paragraph:
    """The entry of a loss, and its names elsewhere."""
    name = cls().facts.name
    way = addnodes.pending_xref(
        "",
        nodes.inline(name, name, classes=["std", "std-ref"]),
        refdomain="std",
        reftype="ref",
        reftarget=f"catalog-{catalog.slug(cls)}",
        refexplicit=True,
        refwarn=True,
        refdoc=document,
    )
    words = nodes.paragraph("", "", way)
    said = entry_of(cls)
    if not said.peers:
        words += nodes.Text(" · not in PyTorch, Keras or JAX itself")
    for library, named in [(peer.library, peer.name) for peer in said.peers] + [*said.beyond]:
        words += [nodes.Text(f" · {library} "), nodes.literal(named, named)]
    return words


class Elsewhere(SphinxTransform):
    default_priority = 700

    def apply(self, **kwargs) -> None:
        for section in list(self.document.findall(nodes.section)):
            for label in section["names"]:
                if found := passages.losses_of(label):
                    box = nodes.container(classes=["elsewhere"])
                    box += nodes.paragraph("", "In the catalog", classes=["elsewhere-title"])
                    box += [line(getattr(losses, name), self.env.docname) for name in found]
                    section.insert(section.first_child_matching_class(nodes.title) + 1, box)


def setup(app) -> None:
    app.add_transform(Elsewhere)
