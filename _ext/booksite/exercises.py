"""Exercises answered in the page: where their forms stand, how far the reader has come, and all solutions.

The forms and the solutions are written by `lossbook.teaching.exercises`. A page asks for the progress in all chapters:

```{exercise-progress}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from readers.addresses import repository
from readers.contents import Page, contents
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri
from sphinx_exercise.nodes import exercise_enumerable_node

from lossbook.teaching import catalog
from lossbook.teaching.exercises import find, form, solutions

SOLUTIONS = "chapters/solutions"


class answer_form(nodes.General, nodes.Element):
    """Where an exercise is answered: its `label` in the book, its `key`, the `anchor` of its solution."""


def write_form(translator, node: answer_form) -> None:
    builder, solution = translator.builder, ""
    if SOLUTIONS in builder.env.found_docs:
        page = builder.get_relative_uri(builder.current_docname, SOLUTIONS)
        solution = f"{page}#{node['anchor']}"
    exercise, launch = find(node["key"]), bool(repository())
    translator.body.append(form.answer_form(exercise, node["label"], solution, launch))
    raise nodes.SkipNode


def skip(translator, node: answer_form) -> None:
    raise nodes.SkipNode


def add_forms(app, doctree: nodes.document) -> None:
    asked = list(doctree.findall(exercise_enumerable_node))
    if not asked:
        return
    found = {
        item.label: item
        for item in solutions.solved(Page(app.env.docname, root=Path(app.srcdir)).cells)
    }
    for node in asked:
        if node["label"] not in found:
            raise ExtensionError(f"the exercise {node['label']} is not understood")
        item = found[node["label"]]
        # after the words of the exercise
        node.children[1] += answer_form(label=item.label, key=item.key, anchor=item.anchor)
        stub = stub_of(node, item.key)
        above = find(item.key).kind != "function"
        stub["classes"].append("answered-above" if above else "answered-elsewhere")
    line = form.progress([found[node["label"]].key for node in asked])
    asked[0].parent.insert(asked[0].parent.index(asked[0]), nodes.raw("", line, format="html"))


def stub_of(exercise: nodes.Element, key: str) -> nodes.Element:
    """The cell for the reader's answer: the first one after an exercise that checks it."""
    # cells before it belong to the question, such as a run that is to be explained
    after = exercise.parent.children[exercise.parent.index(exercise) + 1 :]
    for cell in after:
        code = isinstance(cell, nodes.container) and cell.get("nb_element") == "cell_code"
        if code and key in solutions.CHECK.findall(cell.astext()):
            if cell.get("hide_mode") == "all":
                break  # the solution
            return cell
    raise ExtensionError(f"{exercise['label']} has no cell with check({key!r}, ...)")


def chapters(env) -> Iterator[tuple[Page, list[solutions.Solved]]]:
    """The chapters with exercises, which the page that is read depends on."""
    for page in contents(Path(env.srcdir)):
        if page.path.suffix == ".ipynb" and (items := solutions.solved(page.cells)):
            env.note_dependency(str(page.path))
            yield page, items


class ExerciseProgress(SphinxDirective):
    def run(self) -> list[nodes.Node]:
        listed = []
        for page, items in chapters(self.env):
            address = f"{relative_uri(self.env.docname, page.document)}.html#{items[0].label}"
            listed.append((address, page.title, [item.key for item in items]))
        return [nodes.raw("", form.overall_progress(listed), format="html")]


def write_pages(app, docname: str, source: list[str]) -> None:
    """The sections of the catalog and all solutions are written as their pages are read."""
    listed = ((page.title, items) for page, items in chapters(app.env))
    source[0] = solutions.expanded(catalog.expanded(source[0]), listed)


def setup(app) -> None:
    elsewhere = dict.fromkeys(("latex", "text", "man", "texinfo"), (skip, None))
    app.add_node(answer_form, html=(write_form, None), **elsewhere)
    app.add_directive("exercise-progress", ExerciseProgress)
    app.add_js_file("exercises.js")
    app.connect("doctree-read", add_forms)
    app.connect("source-read", write_pages)
