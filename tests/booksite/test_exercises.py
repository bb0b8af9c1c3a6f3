"""Which cell `booksite.exercises` takes for the stub of an exercise, and what it says where there is none."""

import pytest
from booksite import exercises
from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx_exercise.nodes import exercise_enumerable_node

STUB, SOLUTION = 'answer = ...\ncheck("a.b", answer)', 'check("a.b", 3)'


def cell(source, **more):
    box = nodes.container(nb_element="cell_code", **more)
    box += nodes.literal_block(source, source)
    return box


def stub_after_the_first_exercise(*children):
    section = nodes.section()
    section += [exercise_enumerable_node(label="ex-a"), *children]
    return exercises.stub_of(section.children[0], "a.b")


def test_the_stub_is_the_first_cell_that_checks_the_answer():
    stub, solution = cell(STUB), cell(SOLUTION, hide_mode="all")
    assert stub_after_the_first_exercise(nodes.paragraph(), stub, solution, cell("x")) is stub
    run = cell("print(history)")
    other = cell('check("a.c", 1)')
    assert stub_after_the_first_exercise(run, nodes.paragraph(), other, stub, solution) is stub


def test_an_exercise_without_a_stub_is_named():
    for cells in ([cell("print(1)")], [cell(SOLUTION, hide_mode="all"), cell(STUB)]):
        with pytest.raises(ExtensionError, match=r"ex-a has no cell with check\('a.b'"):
            stub_after_the_first_exercise(*cells)
