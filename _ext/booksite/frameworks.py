"""The directive `frameworks`: the same thing in PyTorch, JAX, Keras and NumPy, in tabs, with what each printed.

.. code-block:: md

    ```{frameworks} cross_entropy/class_indices
    ```
"""

from __future__ import annotations

from docutils import nodes
from docutils.statemachine import StringList
from readers.frameworks import Subject
from sphinx.util.docutils import SphinxDirective


class Frameworks(SphinxDirective):
    """The tabs of a subject, a folder of `frameworks/`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        subject = Subject(self.arguments[0])
        for path in [*subject.files.values(), subject.record]:
            self.env.note_dependency(str(path))
        try:
            lines = subject.tabs()
        except ValueError as error:
            raise self.error(str(error)) from error
        box = nodes.container(classes=["in-frameworks"])
        self.state.nested_parse(
            StringList(lines, source=str(subject.record)), self.content_offset, box
        )
        return [box]


def setup(app) -> None:
    app.add_directive("frameworks", Frameworks)
