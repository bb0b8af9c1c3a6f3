"""The build itself, on a small book with the real configuration: it fails aloud, and is never stale."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from ..explorers import ROOT

FIGURE = '''
import matplotlib.pyplot as plt

from lossbook import losses
from lossbook.interact import interact


@interact(k=(1, 5))
def small(k=1):
    """A line whose height is the squared error of k.

    Higher and higher.
    """
    {trouble}
    fig, ax = plt.subplots(figsize=(2, 1))
    ax.plot([0, 1], [losses.MeanSquaredError()([0.0], [float(k)])] * 2)
    return fig


print("the error is", losses.MeanSquaredError()([0.0], [3.0]))
'''


class Book:
    """A copy of the project with one small chapter."""

    def __init__(self, folder):
        self.folder = folder
        for name in ("_ext", "_static", "vendor", "lossbook"):
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        config = (ROOT / "_config.yml").read_text()
        (folder / "_config.yml").write_text(config)
        (folder / "_toc.yml").write_text(
            "format: jb-book\nroot: intro\nchapters:\n- file: chapters/small\n"
        )
        (folder / "intro.md").write_text("# Small\n\nA book.\n")
        (folder / "chapters").mkdir()
        shutil.copy(ROOT / "chapters/references.bib", folder / "chapters")

    def write(self, code):
        notebook = nbformat.v4.new_notebook()
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        notebook.cells = [
            nbformat.v4.new_markdown_cell("# A chapter"),
            nbformat.v4.new_code_cell(code),
        ]
        nbformat.write(notebook, self.folder / "chapters/small.ipynb")

    def build(self):
        command = [
            str(Path(sys.executable).parent / "jupyter-book"),
            "build",
            ".",
            "-W",
            "-n",
            "--keep-going",
        ]
        done = subprocess.run(
            command,
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.folder)},
            capture_output=True,
            text=True,
        )
        return done.returncode, re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)

    def page(self):
        return (self.folder / "_build/html/chapters/small.html").read_text("utf-8")


@pytest.fixture
def book(tmp_path):
    return Book(tmp_path)


def test_a_cell_that_raises_fails_the_build(book):
    book.write("raise RuntimeError('this cell is broken')")
    status, output = book.build()
    assert status != 0 and "this cell is broken" in output


def test_a_state_that_raises_fails_the_build_and_is_named(book):
    book.write(FIGURE.format(trouble="assert k != 4, 'four is bad'"))
    status, output = book.build()
    assert status != 0
    assert "explorer 'small' raised at k=4: AssertionError: four is bad" in output


def test_a_change_of_the_package_reaches_the_page(book):
    book.write(FIGURE.format(trouble=""))
    status, output = book.build()
    assert status == 0, output[-2000:]
    first = book.page()
    assert "the error is 9.0" in first and "<live-figure" in first
    path = book.folder / "lossbook/losses/regression.py"
    source = path.read_text()
    assert source.count("return np.square(y_pred - y_true)") == 1
    path.write_text(
        source.replace("return np.square(y_pred - y_true)", "return abs(y_pred - y_true)")
    )
    status, output = book.build()
    assert status == 0, output[-2000:]
    second = book.page()
    assert "the error is 3.0" in second

    def states(html):
        name = re.search(r'data-states="([^"]+)"', html).group(1)
        return (book.folder / "_build/html/_static/live" / name).read_text()

    assert states(first) != states(second)
