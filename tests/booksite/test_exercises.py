"""Which cell `booksite.exercises` takes for the stub of an exercise, and what it says where there is none."""

from types import SimpleNamespace

import nbformat
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


def test_a_page_that_lists_the_exercises_depends_on_the_chapters_that_have_some(tmp_path):
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: intro\nchapters:\n- file: one\n- file: two\n"
    )
    (tmp_path / "intro.md").write_text(":::{exercise} A\n:label: ex-a\n:::\n")
    v4 = nbformat.v4
    question = v4.new_markdown_cell(":::{exercise} A\n:label: ex-a\n:::")
    solution = v4.new_code_cell(SOLUTION, metadata={"tags": ["hide-cell"]})
    for name, cells in (("one", [v4.new_markdown_cell("# One")]), ("two", [question, solution])):
        nbformat.write(v4.new_notebook(cells=cells), tmp_path / f"{name}.ipynb")
    noted = []
    env = SimpleNamespace(srcdir=tmp_path, note_dependency=noted.append)
    ((page, items),) = exercises.chapters(env)
    assert page.document == "two" and [item.key for item in items] == ["a.b"]
    assert noted == [str(tmp_path / "two.ipynb")]
