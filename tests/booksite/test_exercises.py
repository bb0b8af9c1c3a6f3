"""Which cells `booksite.exercises` takes for stub and solution, and what it says where there is none."""

from types import SimpleNamespace

import nbformat
import pytest
from booksite import exercises
from docutils import nodes
from docutils.utils import new_document
from sphinx.errors import ExtensionError
from sphinx_exercise.nodes import exercise_enumerable_node

STUB, SOLUTION = 'answer = ...\ncheck("a.b", answer)', 'check("a.b", 3)'


def cell(source, **more):
    box = nodes.container(nb_element="cell_code", **more)
    box += nodes.literal_block(source, source)
    return box


def cells_after_the_first_exercise(*children):
    section = nodes.section()
    section += [exercise_enumerable_node(label="ex-a"), *children]
    return exercises.cells_of(section.children[0], "a.b")


def test_the_stub_is_the_first_cell_that_checks_the_answer_and_the_solution_a_hidden_one_after_it():
    stub, solution = cell(STUB), cell(SOLUTION, hide_mode="all")
    found = cells_after_the_first_exercise(nodes.paragraph(), stub, solution, cell("x"))
    assert found[0] is stub and found[1] is solution
    run = cell("print(history)")
    other = cell('check("a.c", 1)')
    found = cells_after_the_first_exercise(run, nodes.paragraph(), other, stub, solution)
    assert found[0] is stub and found[1] is solution


def test_an_exercise_without_its_cells_is_named():
    hidden = cell(SOLUTION, hide_mode="all")
    for cells in ([cell("print(1)")], [hidden, cell(STUB)], [cell(STUB)]):
        with pytest.raises(ExtensionError, match=r"ex-a has no cell with check\('a.b'"):
            cells_after_the_first_exercise(*cells)


def test_what_is_said_of_notebooks_is_marked():
    words = nodes.paragraph()
    said = "Type it under the question or, in a notebook, in place of the dots: it is checked."
    words += nodes.Text(f"{said}\nOne dot is a warm-up.")
    exercises.for_notebooks(words)
    (marked,) = words.findall(nodes.inline)
    assert marked["classes"] == ["asked-below"] and words.astext().startswith(said)
    marked.parent.remove(marked)
    assert words.astext().startswith("Type it under the question: it is checked.\nOne dot")


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


@pytest.mark.parametrize(
    ("form", "number", "shown"),
    [("html", [], ["By ", "x", " and y"]), ("latex", ["Exercise 1.1"], None)],
)
def test_a_title_has_its_level_and_no_parentheses(form, number, shown):
    exercise = exercise_enumerable_node()
    title = nodes.title()
    title += [*map(nodes.Text, [*number, " (", "●● By "]), nodes.math("x", "x")]
    title += [nodes.Text(" and y"), nodes.Text(")")]
    exercise += title
    document = new_document("page")
    document += exercise
    titles = SimpleNamespace(
        document=document, app=SimpleNamespace(builder=SimpleNamespace(format=form))
    )
    exercises.Titles.run(titles)
    texts = [child.astext() for child in title.children]
    if shown:
        assert texts[1:-1] == shown
        assert 'aria-label="level 2 of 3">●●○<' in texts[0] and texts[0].count("<span") == 2
    else:
        assert title.astext() == "Exercise 1.1 ●● By x and y"
