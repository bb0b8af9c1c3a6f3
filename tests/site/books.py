"""Small books with the real configuration, which tests build.

Each build is a process of its own, forked from one that has imported what does not belong to this project and has done
nothing else: two seconds less than `jupyter-book build`, which imports the same things each time.
"""

import multiprocessing
import os
import re
import shutil
import sys

import nbformat

from ..paths import ROOT

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "bs4",
        "fontTools.subset",
        "jupyter_book.cli.main",
        "jupyter_book.sphinx",
        "jupyter_cache.executors.basic",
        "lightningcss",
        "matplotlib.pyplot",
        "myst_nb.sphinx_ext",
        "nbclient",
        "sphinx.builders.html",
        "sphinx_book_theme",
        "sphinx_design",
        "sphinxcontrib.bibtex",
    ]
)


def jupyter_book(folder, environment, log):
    """`jupyter-book build` in that folder, with its `lossbook`; what it says goes into the file `log`."""
    out = os.open(log, os.O_WRONLY | os.O_CREAT)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.chdir(folder)
    os.environ.clear()
    places = [str(folder), str(ROOT / "live_figures" / "src")]
    os.environ.update(environment, PYTHONPATH=os.pathsep.join(places))  # for the kernel
    installed = (sys.prefix, sys.base_prefix)
    sys.path[:] = [*places, *(p for p in sys.path if p.startswith(installed))]  # none of a test
    assert "lossbook" not in sys.modules
    from jupyter_book.cli.main import main

    main(["build", ".", "-W", "-n", "--keep-going"], prog_name="jupyter-book")


FIGURE = '''
import matplotlib.pyplot as plt

from lossbook import losses
from live_figures import interact


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
        """The exit status, and what the build said."""
        log = self.folder / "build.log"
        log.unlink(missing_ok=True)
        process = FORKS.Process(target=jupyter_book, args=(self.folder, dict(os.environ), log))
        process.start()
        process.join()
        return process.exitcode, re.sub(r"\x1b\[[0-9;]*m", "", log.read_text("utf-8"))

    def page(self):
        return (self.folder / "_build/html/chapters/small.html").read_text("utf-8")
