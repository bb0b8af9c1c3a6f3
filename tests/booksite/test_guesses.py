"""The directive of a guess: what it takes, and what it says of a box that is not one."""

import re

import nbformat
import pytest
from booksite import guesses
from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import directives

from ..paths import NOTEBOOKS


def box(lines, **options):
    """The directive as docutils runs it: options and content are the same in MyST."""
    directives.register_directive("guess", guesses.Guess)
    given = "".join(f"   :{name}: {value}\n" for name, value in options.items())
    body = "\n".join(f"   {line}" for line in lines)
    settings = {"report_level": 5, "halt_level": 5}
    return publish_doctree(f".. guess::\n{given}\n{body}\n", settings_overrides=settings)


def answers_of(doctree):
    return [(a.astext(), a["mark"], a["view"]) for a in doctree.findall(guesses.answer)]


def test_answers_with_and_without_what_they_open():
    doctree = box(
        ["Which?", "", "- The blue. | mark: squared error | view: record=200&year=1973", "- None."]
    )
    assert answers_of(doctree) == [
        ("The blue.", "squared error", "record=200&year=1973"),
        ("None.", "", ""),
    ]
    assert [p.astext() for p in doctree.findall(nodes.paragraph)] == ["Which?"]


def test_a_figure_can_be_named():
    doctree = box(["Which?", "", "- a", "- b"], figure="huber")
    assert next(doctree.findall(guesses.answers))["figure"] == "huber"


@pytest.mark.parametrize(
    "lines",
    [
        ["Which?"],
        ["Which?", "", "- one"],
        ["Which?", "", *(f"- {i}" for i in range(5))],
        ["Which?", "", "- one", "- two", "", "And more."],
    ],
)
def test_what_is_no_guess_is_named(lines):
    doctree = box(lines)
    assert not answers_of(doctree)
    assert any("2 to 4 answers" in m.astext() for m in doctree.findall(nodes.system_message))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_who_is_asked_to_guess_gets_buttons(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            words = re.sub(
                r"^(:{3,})\{(?:guess|exercise)\}.*?^\1$", "", cell.source, flags=re.M | re.S
            )
            assert not re.search(r"^Guess\b", words, re.M), words
