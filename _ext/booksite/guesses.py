"""The directive ``guess``: a question with two to four answers to commit to, before its figure is moved.

.. code-block:: md

    :::{guess}
    :figure: wrong_record

    Which line will chase the wrong number?

    - The blue one. | mark: squared error | view: record=200
    - None of them.
    :::

An answer is a button. Pressed, it opens the figure, which is the next one of the page unless ``figure`` names another,
in the view behind ``view`` (as in an address), and marks in the drawing the words behind ``mark``. Without a script
the question is asked, and nothing else.
"""

from __future__ import annotations

import re
from html import escape

from docutils import nodes
from docutils.parsers.rst import directives
from live_figures.sphinx import live_figure
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)
FEW, MANY = 2, 4
#: what may follow the words of an answer
_SAID = re.compile(r"\s*\|\s*(mark|view):\s*([^|]*?)\s*(?=\||$)")


class answers(nodes.General, nodes.Element):
    """The answers to a question: `figure` is the name of its figure, each child an `answer`."""


class answer(nodes.General, nodes.TextElement):
    """An answer: its words, and `mark` and `view`."""


class Guess(SphinxDirective):
    has_content = True
    option_spec = {"figure": directives.unchanged_required}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        box = nodes.admonition(classes=["guess"])
        self.set_source_info(box)
        box += nodes.title("", "Guess first")
        listed = [line for line in self.content if line.startswith("- ")]
        first = next((i for i, line in enumerate(self.content) if line.startswith("- ")), 0)
        behind = [line for line in self.content[first:] if line.strip()]
        if not FEW <= len(listed) <= MANY or behind != listed:
            raise self.error(
                f"a guess ends in {FEW} to {MANY} answers, each a line with a dash; got {len(listed)}"
            )
        self.state.nested_parse(self.content[:first], self.content_offset, box)
        found = answers(figure=self.options.get("figure", ""))
        for line in listed:
            said = dict(_SAID.findall(line))
            words, messages = self.state.inline_text(_SAID.sub("", line[2:]).strip(), self.lineno)
            found += answer("", "", *words, mark=said.get("mark", ""), view=said.get("view", ""))
            found += messages
        box += found
        return [box]


class Figures(SphinxPostTransform):
    """Each question knows its figure."""

    default_priority = 198

    def run(self, **kwargs) -> None:
        last: list[answers] = []
        names = set()
        for node in self.document.findall(lambda n: isinstance(n, answers | live_figure)):
            if isinstance(node, live_figure):
                names.add(node["name"])
                for question in last:
                    question["figure"] = node["name"]
                last = []
            elif not node["figure"]:
                last.append(node)
        for node in self.document.findall(answers):
            if node in last or node["figure"] not in names:
                logger.warning("a guess without a figure: %r", node["figure"], location=node.parent)


def _open(writer, node: answers) -> None:
    writer.body.append(
        f'<div class="guess-answers" role="group" aria-label="Your guess" data-figure="{escape(node["figure"])}">'
    )


def _close(writer, node: answers) -> None:
    writer.body.append('<p class="guess-said" role="status"></p></div>\n')


def _button(writer, node: answer) -> None:
    data = "".join(f' data-{k}="{escape(node[k])}"' for k in ("mark", "view") if node[k])
    writer.body.append(f'<button type="button" class="guess-answer" aria-pressed="false"{data}>')


def _button_end(writer, node: answer) -> None:
    writer.body.append("</button>")


def setup(app) -> None:
    app.add_node(answers, html=(_open, _close))
    app.add_node(answer, html=(_button, _button_end))
    app.add_directive("guess", Guess)
    app.add_post_transform(Figures)
    app.add_js_file("guess.js")
