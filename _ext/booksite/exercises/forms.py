"""The form under each exercise, with what the script needs to judge what is typed into it."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

import numpy as np
from docutils import nodes
from readers.addresses import repository
from readers.contents import Page
from sphinx.errors import ExtensionError
from sphinx_exercise.nodes import exercise_enumerable_node

from lossbook.teaching import exercises

from . import solutions


class answer_form(nodes.General, nodes.Element):
    """Where an exercise is answered: its `label` in the book, its `key`, its `kind`, the `anchor` of its solution."""


def add_forms(app, doctree: nodes.document) -> None:
    asked = list(doctree.findall(exercise_enumerable_node))
    if not asked:
        return
    page = Page(app.env.docname, root=Path(app.srcdir))
    found = {item.label: item for item in solutions.solved(page)}
    for node in asked:
        item = found.get(node["label"])
        if not item:
            raise ExtensionError(f"{page.document}: the exercise {node['label']} is not understood")
        kind = exercises.find(item.key).kind
        # after the words of the exercise
        node.children[1] += answer_form(
            label=item.label, key=item.key, kind=kind, anchor=item.anchor
        )
        stub = stub_of(node, item.key)
        if kind != "function":
            stub["classes"].append("answered-above")


def stub_of(exercise: nodes.Element, key: str) -> nodes.Element:
    """The cell for the reader's answer: the first one after an exercise that checks it.

    Cells before it belong to the question, such as a run that is to be explained.
    """
    after = exercise.parent.children[exercise.parent.index(exercise) + 1 :]
    for cell in after:
        code = isinstance(cell, nodes.container) and cell.get("nb_element") == "cell_code"
        if code and key in solutions.CHECK.findall(cell.astext()):
            if cell.get("hide_mode") == "all":
                break  # the solution
            return cell
    raise ExtensionError(f"{exercise['label']} has no cell with check({key!r}, ...)")


# ---------------------------------------------------------------------------------- as HTML


def write_form(translator, node: answer_form) -> None:
    exercise = exercises.find(node["key"])
    link = _solution_link(translator.builder, node)
    if exercise.kind == "function":
        ways = "open the chapter with <code>make lab</code>"
        if repository():
            ways += " or with a launch button at the top of this page"
        words = f"A function is asked for, so this one is answered in a notebook: {ways}."
        inside = f'<p class="answer-elsewhere">{words}</p>'
    else:
        name = f"answer-{node['label']}"
        field = _choices(exercise, name) if exercise.kind == "choice" else _text(exercise, name)
        told = escape(json.dumps(data(exercise), ensure_ascii=False, separators=(",", ":")))
        inside = (
            f'<form class="answer-form" hidden data-key="{node["key"]}" data-exercise="{told}">'
            f'{field}<button type="submit">Check</button>'
            f'<div class="answer-said" id="{name}-said" aria-live="polite"></div></form>'
        )
    translator.body.append(f'<div class="answer">{inside}{link}</div>')


def _choices(exercise: exercises.Exercise, name: str) -> str:
    choices = "".join(
        f'<label><input type="radio" name="{name}" value="{escape(choice)}"> '
        f"<span><b>{escape(choice)}</b> {escape(text)}</span></label>"
        for choice, text in exercise.choices.items()
    )
    return f"<fieldset><legend>Your answer</legend>{choices}</fieldset>"


def _text(exercise: exercises.Exercise, name: str) -> str:
    # the decimal keyboard of a phone may have no comma and no minus
    plain = exercise.kind == "number" and exercise.answer() >= 0
    label = "Your answer" + ", with commas between the numbers" * (exercise.kind == "array")
    if exercise.asked:
        label += f", {exercise.asked}"
    mode = ' inputmode="decimal"' if plain else ""
    return (
        f'<label for="{name}">{label}</label><input id="{name}" type="text"{mode} maxlength="400" '
        f'autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="{name}-said">'
    )


def _solution_link(builder, node: answer_form) -> str:
    if solutions.PAGE not in builder.env.found_docs:
        return ""
    address = builder.get_relative_uri(builder.current_docname, solutions.PAGE)
    return f'<a class="answer-solution" href="{address}#{node["anchor"]}">Solution</a>'


# ---------------------------------------------------------------------------------- for the script


def data(exercise: exercises.Exercise) -> dict:
    """What the script needs to judge an answer as `lossbook.teaching.exercises` does."""
    plain = str if exercise.kind == "choice" else _numbers
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


def _numbers(value) -> list[float | str]:
    """One number or several. JSON has no infinity; JavaScript reads its name."""
    if np.ndim(value) > 1:
        raise ExtensionError(f"the page takes a list of numbers; the shape is {np.shape(value)}")
    numbers = np.atleast_1d(np.asarray(value, dtype=float)).tolist()
    names = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}
    return [names.get(str(number), number) for number in numbers]


def skip(translator, node) -> None:
    raise nodes.SkipNode


def done(translator, node) -> None:
    pass


def setup(app) -> None:
    elsewhere = dict.fromkeys(("latex", "text", "man", "texinfo"), (skip, None))
    app.add_node(answer_form, html=(write_form, done), **elsewhere)
    app.connect("doctree-read", add_forms)
