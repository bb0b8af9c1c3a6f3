"""What notebooks that run side by side give to their pages, and the cores that each has for its figures."""

from booksite import parallel_execution
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from live_figures import first_cell

IN_PIECES = """
import sys, time
from IPython.display import HTML, display
print("wrong:", end="", flush=True)
print(" 19.8", flush=True)
print("oh", file=sys.stderr, flush=True)
print("a", end="", flush=True)
display(HTML("<b>x</b>"))
"""


def test_what_is_printed_is_one_text_and_all_else_stays_in_its_place(tmp_path):
    cells = [new_markdown_cell("Text."), new_code_cell("x = 1"), new_code_cell(IN_PIECES)]
    assert (
        parallel_execution.execute(tmp_path / "a.ipynb", new_notebook(cells=cells), 60).err is None
    )
    *said, shown = cells[2].outputs
    assert {s.name: s.text for s in said} == {"stdout": "wrong: 19.8\na", "stderr": "oh\n"}
    assert len(said) == 2 and shown.data["text/html"] == "<b>x</b>"
    assert cells[1].outputs == []


def test_the_cell_that_sets_up_live_figures_gives_each_notebook_its_share_of_the_cores(tmp_path):
    first = new_code_cell(
        first_cell.code_of(publish="sphinx"), metadata={"tags": list(first_cell.TAGS)}
    )
    asked = new_code_cell("import live_figures\nprint(live_figures.configure())")
    before = first.source
    notebook = new_notebook(cells=[first, asked])
    assert parallel_execution.execute(tmp_path / "a.ipynb", notebook, 60, cores=3).err is None
    assert "publish='sphinx'" in asked.outputs[0].text and "jobs=3" in asked.outputs[0].text
    assert first.source == before  # by which Jupyter Cache knows the notebook
