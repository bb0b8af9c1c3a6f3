"""Which cells `booksite.exercises` takes for the stub and the solution of an exercise, and what it says of others."""

import nbformat
import pytest
from booksite.exercises import forms, solutions
from docutils import nodes
from readers.contents import Page
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
    return forms.stub_of(section.children[0], "a.b")


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


def page(folder, *cells):
    """A page of a notebook; code in a pair with whether it is hidden."""
    notebook = nbformat.v4.new_notebook()
    for one in cells:
        if isinstance(one, str):
            notebook.cells.append(nbformat.v4.new_markdown_cell(one))
        else:
            code = nbformat.v4.new_code_cell(one[0])
            code.metadata["tags"] = ["hide-cell"] * one[1]
            notebook.cells.append(code)
    nbformat.write(notebook, folder / "small.ipynb")
    return Page("small", root=folder)


@pytest.mark.parametrize("fence", [":::", "::::", "```"])
def test_exercises_with_their_solutions_in_order(fence, tmp_path):
    asked = "Words.\n\n{0}{{exercise}} {1}\n{2}:label: ex-a_{1}\n\nHow many?\n{0}"
    made = page(
        tmp_path,
        asked.format(fence, "One", ""),
        ("print(history)", False),
        (STUB, False),
        (SOLUTION, True),
        ("print(1)", True),
        asked.format(fence, "Two", ":class: hard\n"),
        ('check("a.c", ...)', False),
        ('check("a.c", 4)', True),
    )
    one, two = solutions.solved(made)
    assert one == solutions.Solved("One", "ex-a_One", "a.b", SOLUTION)
    assert (two.title, two.label, two.key) == ("Two", "ex-a_Two", "a.c")
    assert two.anchor == "solution-a-Two"


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ([], "small: ex-a has no hidden solution"),
        ([(STUB, False), ":::{exercise} B\n:label: ex-b\n:::"], "small: ex-a has no hidden sol"),
        ([(STUB, False), ("x = 3", True)], r"the solution of ex-a has no check\(\.\.\.\)"),
    ],
)
def test_an_exercise_without_a_solution_is_named(after, said, tmp_path):
    made = page(tmp_path, ":::{exercise} A\n:label: ex-a\n:::", *after)
    with pytest.raises(ExtensionError, match=said):
        list(solutions.solved(made))
