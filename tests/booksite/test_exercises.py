"""Which cells `_ext/exercises.py` takes for the stub and the solution of an exercise."""

from booksite import exercises
from docutils import nodes


def cell(source, **more):
    box = nodes.container(nb_element="cell_code", **more)
    box += nodes.literal_block(source, source)
    return box


def cells_after_the_first_exercise(*children):
    section = nodes.section()
    section += [exercises.exercise_enumerable_node(), *children]
    return exercises._cells(section.children[0])


STUB, SOLUTION = 'answer = ...\ncheck("a.b", answer)', 'check("a.b", 3)'


def test_the_stub_and_the_cell_after_it():
    stub, solution = cell(STUB), cell(SOLUTION, hide_mode="all")
    found = cells_after_the_first_exercise(nodes.paragraph(), stub, solution, cell("x"))
    assert found == [stub, solution]
    stub, solution = cell(STUB), cell("y = 1")  # which is no solution; add_forms says so
    assert cells_after_the_first_exercise(stub, solution) == [stub, solution]


def test_cells_before_the_stub_belong_to_the_question():
    run, stub, solution = cell("print(history)"), cell(STUB), cell(SOLUTION)
    assert cells_after_the_first_exercise(run, nodes.paragraph(), stub, solution) == [
        stub,
        solution,
    ]


def test_an_exercise_without_a_stub_takes_no_other_ones():
    assert cells_after_the_first_exercise(cell("print(1)")) == [None, None]
    after = [cell("print(1)"), exercises.exercise_enumerable_node(), cell(STUB), cell(SOLUTION)]
    assert cells_after_the_first_exercise(*after) == [None, None]
