"""One sentence a line: what the lint finds, and what it leaves alone."""

import subprocess
import sys

import nbformat
import pytest

from tools import prose

from ..paths import ROOT

FINE = [
    "One sentence.\nAnother one.",
    "- A list may hold two. It is short.",
    "| a table. Two | cells |",
    "It costs 3.5 Euros, e.g. at noon.",
    "The code `a.b. C` and the formula $x. Y$ hold no sentence.",
    "```python\n# Two sentences. In code.\n```",
    "$$\n\\text{Two sentences. In a formula}\n$$",
]
CROWDED = ["One sentence. Another one.", "Is it so? Yes.", "A reason (given here). More."]


@pytest.mark.parametrize("text", FINE)
def test_it_leaves_alone(text):
    assert prose.crowded(text) == []


@pytest.mark.parametrize("text", CROWDED)
def test_it_finds(text):
    assert prose.crowded(f"Before.\n{text}\nAfter.") == [text]


@pytest.mark.parametrize("kind", ["md", "ipynb"])
def test_a_page_that_is_wrong_is_named(tmp_path, kind):
    path = tmp_path / f"page.{kind}"
    if kind == "md":
        path.write_text("# Page\n\n" + CROWDED[0], encoding="utf-8")
    else:
        cells = [nbformat.v4.new_markdown_cell(CROWDED[0]), nbformat.v4.new_code_cell("# A. B")]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    command = [sys.executable, "-m", "tools.prose", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.splitlines()[1:] == [f"{path}: {CROWDED[0]}"]
