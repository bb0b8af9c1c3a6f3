"""Exercises answered in the page: where their forms stand, how far the reader has come, and all solutions.

The forms and the solutions are written by `lossbook.teaching.exercises`. A page asks for the progress in all chapters:

```{exercise-progress}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from readers.addresses import repository
from readers.contents import Page, contents, written
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri
from sphinx.writers.html5 import HTML5Translator
from sphinx_exercise.nodes import exercise_enumerable_node

from lossbook.teaching.exercises import find, form, solutions

from .choices import words_of
from .folded_cells import fold

#: what is said above the exercises of a chapter, and what of it is for readers of the notebook
_HOW = re.compile(r"(under the question)( or, in a notebook, [^:\n]*)")
_LEVEL = re.compile(r"●+")


class answer_form(nodes.General, nodes.Element):
    """Where an exercise is answered: its `label` in the book, its `key`; a `choice_words` for each choice it lists."""


class choice_words(nodes.General, nodes.TextElement):
    """What the question says of the choice `name`."""


def write_form(translator: HTML5Translator, node: answer_form) -> None:
    words, page = {}, translator.body
    for said in node.children:
        translator.body = []
        for child in said.children:
            child.walkabout(translator)
        words[said["name"]] = "".join(translator.body)
    translator.body = page
    exercise, launch = find(node["key"]), bool(repository())
    page.append(form.answer_form(exercise, node["label"], words, launch))
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
        item, content = found[node["label"]], node.children[1]
        exercise = find(item.key)
        words = words_of(content, exercise.choices) if exercise.kind == "choice" else {}
        # after the words of the exercise
        content += answer_form(label=item.label, key=item.key)
        content[-1].extend(choice_words("", "", *said, name=name) for name, said in words.items())
        stub, solution = cells_of(node, item.key)
        above = exercise.kind != "function"
        stub["classes"].append("answered-above" if above else "answered-elsewhere")
        solution["solution_of"] = item.key
        solution["prompt_show"] = solution["prompt_hide"] = "Solution"
    line = form.progress([found[node["label"]].key for node in asked])
    section = asked[0].parent
    first = section.index(asked[0])
    for words in section.children[:first]:
        if isinstance(words, nodes.paragraph):
            for_notebooks(words)
    section.insert(first, nodes.raw("", line, format="html"))


def for_notebooks(words: nodes.paragraph) -> None:
    """Mark what is said of notebooks."""
    for text in list(words.findall(nodes.Text)):
        if said := _HOW.search(text):
            marked = nodes.inline("", said[2], classes=["asked-below"])
            before, after = text[: said.end(1)], text[said.end() :]
            text.parent.replace(text, [nodes.Text(before), marked, nodes.Text(after)])


def cells_of(exercise: nodes.Element, key: str) -> tuple[nodes.Element, nodes.Element]:
    """The cell for the reader's answer, the first one after an exercise that checks it, and that of the solution."""
    # cells before it belong to the question, such as a run that is to be explained
    stub = None
    for cell in exercise.parent.children[exercise.parent.index(exercise) + 1 :]:
        code = isinstance(cell, nodes.container) and cell.get("nb_element") == "cell_code"
        if code and key in solutions.CHECK.findall(cell.astext()):
            if cell.get("hide_mode") != "all":
                stub = stub or cell
            elif stub:
                return stub, cell
            else:
                break
    raise ExtensionError(f"{exercise['label']} has no cell with check({key!r}, ...)")


class Titles(SphinxPostTransform):
    """The title of an exercise: its number, its level as dots, its name, and no parentheses."""

    default_priority = 21  # sphinx_exercise writes the title at 20

    def run(self, **kwargs) -> None:
        for exercise in self.document.findall(exercise_enumerable_node):
            title = exercise.children[0]
            level = _LEVEL.search(title.astext())
            said = [child.astext() for child in title.children]
            if not level or " (" not in said:
                continue
            begin = said.index(" (")
            number = title.children[:begin]  # in HTML it comes later
            name = [child.deepcopy() for child in title.children[begin + 1 : -1]]
            title.children = []
            if self.app.builder.format != "html":
                title += [*number, nodes.Text(" "), *name]
                continue
            dots = level[0]
            drawn = (
                f'<span class="exercise-level" role="img" aria-label="level {len(dots)} of 3">{dots:○<3}</span>'
                f'<span class="exercise-name">'
            )
            name[0] = nodes.Text(name[0].astext().lstrip("● "))
            title += [nodes.raw("", drawn, format="html"), *name]
            title += nodes.raw("", "</span>", format="html")


class Solutions(SphinxPostTransform):
    """No cell of the website checks: a folded solution begins with the answer in words instead."""

    default_priority = 200  # myst_nb folds cells at 199
    formats = ("html",)

    def run(self, **kwargs) -> None:
        for cell in self.document.findall(nodes.container):
            if "answered-elsewhere" in cell.get("classes", ()):
                unchecked(cell)
            folded = fold(cell) if cell.get("solution_of") else None
            if folded is None:
                continue
            answer, chosen, right = solutions.in_words(cell["solution_of"])
            words = nodes.paragraph(classes=["solution-words"])
            if answer:
                words += [nodes.strong("", answer), nodes.Text(f" {chosen}. " if chosen else ". ")]
            words += nodes.Text(right)
            unchecked(folded)
            folded.insert(0, words)


#: a line that a check prints
_VERDICT = re.compile(r"^[✓✗…] .*\n?", re.M)


def unchecked(cell: nodes.Element) -> None:
    """Take the check out of a cell, from its code and from what it prints."""
    for part in list(cell.children):
        printed = part.get("nb_element") == "cell_code_output"
        for block in list(part.findall(nodes.literal_block)):
            code = block.astext()
            left = _VERDICT.sub("", code).rstrip("\n") if printed else solutions.unchecked(code)
            if not left:
                block.parent.remove(block)
            elif left != code:
                block.rawsource = left
                block.children = []
                block += nodes.Text(left)
        if printed and not part.astext().strip() and not next(part.findall(nodes.image), None):
            cell.remove(part)


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
    source[0] = solutions.expanded(written(source[0], Path(app.srcdir)), listed)


def setup(app) -> None:
    elsewhere = dict.fromkeys(("latex", "text", "man", "texinfo"), (skip, None))
    app.add_node(answer_form, html=(write_form, None), **elsewhere)
    app.add_node(choice_words, **elsewhere)
    app.add_post_transform(Titles)
    app.add_post_transform(Solutions)
    app.add_directive("exercise-progress", ExerciseProgress)
    app.add_js_file("exercises.js")
    app.connect("doctree-read", add_forms)
    app.connect("source-read", write_pages)
