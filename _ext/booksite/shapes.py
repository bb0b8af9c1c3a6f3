"""The directive ``shape``: the shape of a chapter, on its card."""

from __future__ import annotations

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from lossbook.teaching.shapes import shape


class Shape(SphinxDirective):
    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        try:
            return [nodes.raw("", shape(self.arguments[0]), format="html")]
        except ValueError as error:
            raise self.error(str(error)) from None


def setup(app) -> None:
    app.add_directive("shape", Shape)
