"""The build itself, on a small book with the real configuration: it fails aloud, and is never stale."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from ..paths import ROOT
from .books import FIGURE, Book


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
    assert "live figure 'small' raised at k=4: AssertionError: four is bad" in output


def test_a_change_of_the_package_reaches_the_page(book):
    book.write(FIGURE.format(trouble=""))
    status, output = book.build()
    assert status == 0, output[-2000:]
    first = book.page()
    assert "the error is 9.0" in first and "<live-figure" in first

    def states(html):
        name = re.search(r'data-states="([^"]+)"', html).group(1)
        return (book.folder / "_build/html/_static/live" / name).read_text()

    first_states = states(first)
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
    assert states(second) != first_states
    # of the first build's states nothing is left
    kept = {p.name for p in (book.folder / "_build/html/_static/live").iterdir()}
    assert kept == set(re.findall(r'data-(?:states|narrow)="([^"]+)"', second))


def test_two_live_figures_of_one_name_fail_the_build(book):
    code = FIGURE.format(trouble="")
    book.write(code + code[code.index("@interact") : code.index("print(")])
    status, output = book.build()
    assert status != 0
    assert "two live figures are named 'small' on this page" in output


def report(output):
    """What the report at the end of the build says of the figure: states, seconds, kilobytes, those of a phone."""
    header, row = re.search(r"^(live figure .*)\n(small .*)$", output, re.M).groups()
    assert header.split() == ["live", "figure", "states", "seconds", "kB", "gzipped", "narrow"]
    return row.split()[1:]


def test_an_unchanged_figure_costs_nothing_when_other_cells_change(book):
    code = FIGURE.format(trouble="")
    book.write(code)
    status, output = book.build()
    assert status == 0, output[-2000:]
    states, seconds, weight, narrow = report(output)
    assert states == "5" and float(seconds) > 0 and 0 < float(weight) < 5
    files = sorted((book.folder / "_build/html/_static/live").iterdir())
    assert ["-narrow-" in file.name for file in files].count(True) == len(files) // 2 == 1
    book.write("before = 1\n" + code + "\nprint('another cell', before)")
    status, output = book.build()
    assert status == 0, output[-2000:]
    assert "another cell 1" in book.page()
    assert report(output) == ["5", "kept", weight, narrow]
    assert files == sorted((book.folder / "_build/html/_static/live").iterdir())


class AuthorsBook(Book):
    """A book in an empty folder, made as chapters/live_figures.ipynb tells its readers to."""

    def __init__(self, folder):
        self.folder = folder
        cells = nbformat.read(ROOT / "chapters/live_figures.ipynb", as_version=4).cells
        page = "\n".join(c.source for c in cells if c.cell_type == "markdown")
        (source,) = re.findall(r"^pip install .*?\./lossbook/(\S+)$", page, re.M)
        self.site = folder / "what is installed"
        pip = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--no-build-isolation",
        ]
        subprocess.run([*pip, "--target", self.site, ROOT / source], check=True)
        (config,) = re.findall(r"^```yaml\n(.*?)^```", page, re.S | re.M)
        (folder / "_config.yml").write_text(config)
        (folder / "_toc.yml").write_text(
            "format: jb-book\nroot: intro\nchapters:\n- file: chapters/small\n"
        )
        (folder / "intro.md").write_text("# Another book\n\nIt has a chapter.\n")
        (folder / "chapters").mkdir()
        self.code = "import matplotlib.pyplot as plt\nimport numpy as np\n" + next(
            c.source for c in cells if "def throw" in c.source
        )

    def build(self):
        done = subprocess.run(
            [str(Path(sys.executable).parent / "jupyter-book"), "build", "."],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.site)},
            capture_output=True,
            text=True,
        )
        return done.returncode, re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)


def test_another_book_has_live_figures_by_the_steps_of_the_page_for_authors(tmp_path, open_page):
    book = AuthorsBook(tmp_path)
    book.write(book.code)
    status, output = book.build()
    assert status == 0, output[-3000:]
    assert re.search(r"^throw +117 ", output, re.M)
    page = open_page((tmp_path / "_build/html/chapters/small.html").as_uri()).page
    figure = page.locator("live-figure#throw")
    figure.scroll_into_view_if_needed()
    page.wait_for_function("() => document.getElementById('throw').channels")
    path = figure.locator("svg path").evaluate_all("(all) => all.map((p) => p.getAttribute('d'))")
    figure.locator("input[type=range]").first.press("ArrowRight")
    assert figure.locator(".lf-value").first.text_content() == "50°"
    assert path != figure.locator("svg path").evaluate_all(
        "(all) => all.map((p) => p.getAttribute('d'))"
    )
    assert len(figure.locator(".lf-readouts b").all_text_contents()) == 2
    # a figure that cannot be drawn fails the build
    book.write(book.code.replace("theta = ", "assert speed < 16\n    theta = "))
    status, output = book.build()
    assert status != 0 and "live figure 'throw' raised at angle=" in output
