"""What `_ext/ahead.py` gives to the page: a line that a busy kernel sent in two pieces is one line."""

from booksite import parallel_execution as ahead
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

IN_PIECES = """
import sys, time
from IPython.display import HTML, display
print("wrong:", end="", flush=True)
time.sleep(0.5)
print(" 19.8", flush=True)
print("oh", file=sys.stderr, flush=True)
time.sleep(0.5)
print("a", end="", flush=True)
display(HTML("<b>x</b>"))
"""


def test_what_is_printed_is_one_text_and_all_else_stays_in_its_place(tmp_path):
    cells = [new_markdown_cell("Text."), new_code_cell("x = 1"), new_code_cell(IN_PIECES)]
    assert ahead.execute(tmp_path / "a.ipynb", new_notebook(cells=cells), 60).err is None
    *said, shown = cells[2].outputs
    assert {s.name: s.text for s in said} == {"stdout": "wrong: 19.8\na", "stderr": "oh\n"}
    assert len(said) == 2 and shown.data["text/html"] == "<b>x</b>"
    assert cells[1].outputs == []
