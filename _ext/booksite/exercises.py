"""Exercises answered in the page, how far the reader has come, and the page of all solutions.

Under each exercise whose answer is a number, a choice or an array stands a form of native elements;
`static/exercises.js` judges it as `check` would, by what the answers of `lossbook` say when the page is built.
(jupyterquiz and TeachBooks' questions load from a CDN; a book that asks no other host needs its own.)
Without JavaScript the forms stay hidden, and the exercises are what they are in the notebook.

    ```{exercise-progress}   how many exercises of each chapter are solved, and a button that forgets it
    ```
    ```{solutions}   all solutions, chapter by chapter, from the notebooks
    ```
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

import nbformat
import numpy as np
from docutils import nodes
from readers.addresses import repository
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective
from sphinx_exercise.nodes import exercise_enumerable_node

from lossbook.teaching import exercises

from .book import pages

SOLUTIONS = "chapters/solutions"
_KEY = re.compile(r'\bcheck\(\s*"([^"]+)"')
_EXERCISE = re.compile(r"^:::+\{exercise\} *(.*)\n:label: *(\S+)", re.M)
_MARKER = re.compile(r"^```\{solutions\}\n```$", re.M)


# ---------------------------------------------------------------------------------- data


def data(exercise: exercises.Exercise) -> dict:
    """What the script needs to judge an answer as `lossbook.teaching.exercises` does."""
    plain = {"number": _number, "array": _array, "choice": lambda value: value}[exercise.kind]
    return {
        "kind": exercise.kind,
        "answer": plain(exercise.answer()),
        "tolerance": exercise.tolerance,
        "nearest": exercise.nearest,
        "asked": exercise.asked,
        "mistakes": [[plain(m.wrong()), m.message] for m in exercise.mistakes],
        "right": exercise.right,
        "hint": exercise.hint,
    }


def _number(value) -> float | str:
    """JSON has no infinity; JavaScript reads its name."""
    value = float(value)
    if np.isfinite(value):
        return value
    return "NaN" if np.isnan(value) else f"{'-' * (value < 0)}Infinity"


def _array(value) -> list:
    array = np.asarray(value, dtype=float)
    if array.ndim != 1:
        raise ExtensionError(f"the page takes a list of numbers; the shape is {array.shape}")
    return [_number(v) for v in array]


def below_zero(exercise: exercises.Exercise) -> bool:
    return exercise.kind != "choice" and bool(np.any(np.asarray(exercise.answer()) < 0))


# ---------------------------------------------------------------------------------- in the chapters


class answer(nodes.General, nodes.Element):
    """The form of an exercise: `key` names it for `lossbook.teaching.exercises`, `label` in the book."""


class chapter_progress(nodes.General, nodes.Element):
    """How many exercises of a chapter are solved; `keys` are those that are answered in the page."""


class overall_progress(nodes.General, nodes.Element):
    """The same of all chapters."""


def add_forms(app, doctree: nodes.document) -> None:
    found: list[answer] = []
    for node in list(doctree.findall(exercise_enumerable_node)):
        stub, solution = _cells(node)
        key = stub and _KEY.search(stub.astext())
        if not key or not solution or solution.get("hide_mode") != "all":
            raise ExtensionError(
                f"{app.env.docname}: after {node['label']} expected a cell with check(...), and a hidden one"
            )
        form = answer(key=key[1], label=node["label"], kind=exercises.find(key[1]).kind)
        node.children[1].append(form)  # after the words of the exercise
        found.append(form)
        if form["kind"] != "function":
            stub["classes"].append("answered-above")
    if found:
        first = next(doctree.findall(exercise_enumerable_node))
        here = [f["key"] for f in found if f["kind"] != "function"]
        progress = chapter_progress(keys=here, elsewhere=len(found) - len(here))
        first.parent.insert(first.parent.index(first), progress)


def _cells(exercise: nodes.Element) -> list[nodes.Element | None]:
    """The stub and the solution: the first cell after an exercise that checks something, and the next cell of code.

    Cells before the stub belong to the question, such as a run that is to be explained.
    """
    cells: list[nodes.Element | None] = []
    for sibling in exercise.parent.children[exercise.parent.index(exercise) + 1 :]:
        if isinstance(sibling, exercise_enumerable_node) or len(cells) == 2:
            break
        code = isinstance(sibling, nodes.container) and sibling.get("nb_element") == "cell_code"
        if code and (cells or _KEY.search(sibling.astext())):
            cells.append(sibling)
    return [*cells, None, None][:2]


def write_form(translator, node: answer) -> None:
    exercise = exercises.find(node["key"])
    name = f"answer-{node['label']}"
    link = solution_link(translator, node)
    if exercise.kind == "function":
        ways = "open the chapter with <code>make lab</code>"
        if repository():
            ways += " or with a launch button at the top of this page"
        words = f"A function is asked for, so this one is answered in a notebook: {ways}."
        translator.body.append(
            f'<div class="answer"><p class="answer-elsewhere">{words}</p>{link}</div>'
        )
        return
    if exercise.kind == "choice":
        choices = "".join(
            f'<label><input type="radio" name="{name}" value="{escape(choice)}"> '
            f"<span><b>{escape(choice)}</b> {escape(text)}</span></label>"
            for choice, text in exercise.choices.items()
        )
        field = f"<fieldset><legend>Your answer</legend>{choices}</fieldset>"
    else:
        # the decimal keyboard of a phone may have no comma and no minus
        mode = ' inputmode="decimal"'
        if exercise.kind == "array" or below_zero(exercise):
            mode = ""
        label = (
            "Your answer"
            if exercise.kind == "number"
            else "Your answer, with commas between the numbers"
        ) + (f", {exercise.asked}" if exercise.asked else "")
        field = (
            f'<label for="{name}">{label}</label><input id="{name}" type="text"{mode} maxlength="400" '
            f'autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="{name}-said">'
        )
    told = escape(json.dumps(data(exercise), ensure_ascii=False, separators=(",", ":")))
    translator.body.append(
        f'<div class="answer"><form class="answer-form" hidden data-key="{node["key"]}" data-exercise="{told}">'
        f'{field}<button type="submit">Check</button>'
        f'<div class="answer-said" id="{name}-said" aria-live="polite"></div></form>{link}</div>'
    )


def solution_link(translator, node: answer) -> str:
    builder = translator.builder
    if SOLUTIONS not in builder.env.found_docs:
        return ""
    address = builder.get_relative_uri(builder.current_docname, SOLUTIONS)
    return f'<a class="answer-solution" href="{address}#{solution_id(node["label"])}">Solution</a>'


def write_progress(translator, node: chapter_progress) -> None:
    rest = node["elsewhere"]
    more = f"; {rest} more {'is' if rest == 1 else 'are'} for the notebook" if rest else ""
    translator.body.append(
        f'<p class="answer-progress" hidden><progress value="0" max="{len(node["keys"])}" aria-hidden="true">'
        f"</progress> <span {_keys(node['keys'])}></span>{more}</p>"
    )


def _keys(keys: list[str]) -> str:
    return f'data-keys="{" ".join(keys)}"'


# ---------------------------------------------------------------------------------- over all chapters


class Progress(SphinxDirective):
    def run(self) -> list[nodes.Node]:
        self.env.metadata[self.env.docname]["counts-exercises"] = "yes"
        return [overall_progress()]


def fill_progress(app, doctree, docname: str) -> None:
    for node in list(doctree.findall(overall_progress)):
        items, everything = [], []
        for chapter in app.env.toctree_includes[app.config.root_doc]:
            forms = list(app.env.get_doctree(chapter).findall(answer))
            if not forms:
                continue
            here = [form["key"] for form in forms if form["kind"] != "function"]
            everything += here
            address = f"{app.builder.get_relative_uri(docname, chapter)}#{forms[0]['label']}"
            items.append(
                f'<li><a href="{escape(address)}">{escape(app.env.titles[chapter].astext())}</a> '
                f"<span {_keys(here)}>{len(forms)} exercises</span></li>"
            )
        html = (
            f'<div class="answers-overall"><ul>{"".join(items)}</ul>'
            f'<p class="answer-progress" hidden><progress value="0" max="{len(everything)}" aria-hidden="true">'
            f"</progress> <span {_keys(everything)}></span> "
            '<button type="button" class="answers-clear">Clear my answers</button></p></div>'
        )
        node.replace_self(nodes.raw("", html, format="html"))


def again(app, env) -> list[str]:
    """The page that counts all exercises is written at each build: a chapter may have changed."""
    return [name for name in env.found_docs if "counts-exercises" in env.metadata[name]]


# ---------------------------------------------------------------------------------- solutions


@dataclass(frozen=True)
class Solved:
    """An exercise of a notebook with its solution."""

    title: str
    label: str
    key: str
    code: str


def solution_id(label: str) -> str:
    return f"solution-{label.removeprefix('ex-').replace('_', '-')}"


def heading(notebook: Path) -> str:
    """The title of a notebook, as its first heading has it."""
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "markdown" and (found := re.search(r"^# (.+)", cell.source, re.M)):
            return found[1]
    raise ExtensionError(f"{notebook.name} has no heading")


def solved(notebook: Path) -> Iterator[Solved]:
    """The exercises of a notebook, in order; the cell that is hidden after each is its solution."""
    cells = nbformat.read(notebook, as_version=4).cells
    waiting = None
    for cell in cells:
        if cell.cell_type == "markdown":
            for title, label in _EXERCISE.findall(cell.source):
                if waiting:
                    raise ExtensionError(f"{notebook.name}: {waiting[1]} has no solution")
                waiting = title.strip(), label
        elif waiting and "hide-cell" in cell.metadata.get("tags", []):
            key = _KEY.search(cell.source)
            if not key:
                raise ExtensionError(
                    f"{notebook.name}: the solution of {waiting[1]} checks nothing"
                )
            yield Solved(*waiting, key[1], cell.source)
            waiting = None
    if waiting:
        raise ExtensionError(f"{notebook.name}: {waiting[1]} has no solution")


@cache  # to find an answer may mean to train a model
def _answer_in_words(item: Solved) -> str:
    """The right answer and what is said of it, as Markdown."""
    exercise, question = exercises.find(item.key), f"{{numref}}`{item.label}`"
    right = _plain(f"{exercise.right[:1].upper()}{exercise.right[1:]}")
    if exercise.kind == "function":
        return f"{question} asks for a function. {right}"
    if exercise.kind == "choice":
        name = exercise.answer()
        shown = f"**{_plain(name)}**, {_plain(exercise.choices[name])}"
    else:
        numbers = ", ".join(f"{v:g}" for v in np.atleast_1d(exercise.answer()))
        shown = f"**{_plain(numbers)}**"
    return f"The answer to {question} is {shown}. {right}"


def _plain(text: str) -> str:
    """Text as Markdown that shows it, with a minus before negative numbers."""
    text = re.sub(r"(?<![\w)])-(?=\d)", "−", text)
    return re.sub(r"([\\`*_{}\[\]<>$^~|#])", r"\\\1", text)


def expand(app, docname: str, source: list[str]) -> None:
    if not _MARKER.search(source[0]):
        return
    app.env.note_dependency(__file__)
    parts = []
    for chapter in pages(app):
        path = Path(app.env.doc2path(chapter))
        found = list(solved(path)) if path.suffix == ".ipynb" else []
        if not found:
            continue
        app.env.note_dependency(str(path))
        parts.append(f"## {heading(path)}")
        for item in found:
            parts.append(
                f"({solution_id(item.label)})=\n### {item.title}\n\n"
                f"{_answer_in_words(item)}\n\n"
                f"```ipython3\n{item.code}\n```"
            )
    source[0] = _MARKER.sub(lambda _: "\n\n".join(parts), source[0])


# ---------------------------------------------------------------------------------- hooks


def script(app, pagename, templatename, context, doctree) -> None:
    body = context.get("body", "")
    if 'class="answer-form"' in body or 'class="answer-progress"' in body:
        app.add_js_file("exercises.js", loading_method="defer")


def _skip(translator, node) -> None:
    raise nodes.SkipNode


def setup(app) -> dict:
    def done(translator, node) -> None:
        pass

    app.add_node(answer, html=(write_form, done), latex=(_skip, None), text=(_skip, None))
    app.add_node(
        chapter_progress, html=(write_progress, done), latex=(_skip, None), text=(_skip, None)
    )
    app.add_node(overall_progress, latex=(_skip, None), text=(_skip, None))
    app.add_directive("exercise-progress", Progress)
    app.connect("source-read", expand)
    app.connect("doctree-read", add_forms)
    app.connect("doctree-resolved", fill_progress)
    app.connect("env-updated", again)
    app.connect("html-page-context", script)
    return {
        "version": "1",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
