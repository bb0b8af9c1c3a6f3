"""How far the reader has come: above the exercises of each chapter, and over all chapters where a page asks for it:

```{exercise-progress}
```
"""

from __future__ import annotations

from html import escape

from docutils import nodes
from sphinx.util.docutils import SphinxDirective
from sphinx_exercise.nodes import exercise_enumerable_node

from .forms import answer_form

#: what `env.metadata` says of a page that counts all exercises
_COUNTS = "counts-exercises"


def _counted(forms: list[answer_form]) -> list[str]:
    """The keys of the exercises that are answered in the page."""
    return [form["key"] for form in forms if form["kind"] != "function"]


def _span(keys: list[str], text: str = "") -> str:
    """What the script says of some exercises."""
    return f'<span data-keys="{" ".join(keys)}">{text}</span>'


def _line(keys: list[str], more: str = "") -> nodes.raw:
    """A bar and its words."""
    bar = f'<progress value="0" max="{len(keys)}" aria-hidden="true"></progress>'
    html = f'<p class="answer-progress" hidden>{bar} {_span(keys)}{more}</p>'
    return nodes.raw("", html, format="html")


def add_line(app, doctree: nodes.document) -> None:
    forms = list(doctree.findall(answer_form))
    if not forms:
        return
    keys = _counted(forms)
    rest, more = len(forms) - len(keys), ""
    if rest:
        more = f"; {rest} more {'is' if rest == 1 else 'are'} for the notebook"
    first = next(doctree.findall(exercise_enumerable_node))
    first.parent.insert(first.parent.index(first), _line(keys, more))


class overall_progress(nodes.General, nodes.Element):
    """How many exercises of each chapter are solved, and a button that forgets it."""


class Progress(SphinxDirective):
    def run(self) -> list[nodes.Node]:
        self.env.metadata[self.env.docname][_COUNTS] = "yes"
        return [overall_progress()]


def fill(app, doctree, docname: str) -> None:
    for node in list(doctree.findall(overall_progress)):
        items, everything = [], []
        for chapter in app.env.toctree_includes[app.config.root_doc]:
            forms = list(app.env.get_doctree(chapter).findall(answer_form))
            if not forms:
                continue
            keys = _counted(forms)
            everything += keys
            address = f"{app.builder.get_relative_uri(docname, chapter)}#{forms[0]['label']}"
            items.append(
                f'<li><a href="{escape(address)}">{escape(app.env.titles[chapter].astext())}</a> '
                f"{_span(keys, f'{len(forms)} exercises')}</li>"
            )
        clear = ' <button type="button" class="answers-clear">Clear my answers</button>'
        html = (
            f'<div class="answers-overall"><ul>{"".join(items)}</ul>'
            f"{_line(everything, clear).astext()}</div>"
        )
        node.replace_self(nodes.raw("", html, format="html"))


def again(app, env) -> list[str]:
    """The page that counts all exercises is written at each build: a chapter may have changed."""
    return [name for name in env.found_docs if _COUNTS in env.metadata[name]]


def setup(app) -> None:
    app.add_node(overall_progress)
    app.add_directive("exercise-progress", Progress)
    app.connect("doctree-read", add_line)  # after the forms
    app.connect("doctree-resolved", fill)
    app.connect("env-updated", again)
