"""What nbval hands over is what a run of the notebook's code finds, and a notebook that fails hands over nothing."""

import os
import pickle
import subprocess
import sys
from unittest import mock

import matplotlib
import nbformat
import pytest

from . import figures
from .paths import ROOT

CODE = '''
import matplotlib.pyplot as plt
from live_figures import figure, interact

plt.rcParams["lines.linewidth"] = 3.0
slope = 2


@interact(k=(1, 3))
def line(k=2):
    """A line. Its slope follows k."""
    fig, ax = plt.subplots(figsize=(2, 1))
    ax.plot([0, slope * k])
    return fig


@figure
def still():
    """The same."""
    return line(3)
'''


@pytest.fixture
def handed_over(tmp_path):
    """Run a notebook with nbval; gives the status and what it has handed over, or None."""
    page = tmp_path / "a_page_of_this_test.ipynb"

    def run(*cells):
        notebook = nbformat.v4.new_notebook()
        notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
        nbformat.write(notebook, page)
        command = ["-m", "pytest", "-q", "--nbval-lax", "--nbval-kernel-name=python3"]
        done = subprocess.run(
            [sys.executable, *command, "-p", "tests.notebooks.handover", page],
            cwd=ROOT,
            env={k: v for k, v in os.environ.items() if not k.startswith("PYTEST")},
            capture_output=True,
        )
        kept = figures._kept(page)
        return done.returncode, pickle.loads(kept.read_bytes()) if kept.exists() else None

    yield run
    figures._kept(page).unlink(missing_ok=True)


def test_what_nbval_hands_over_is_what_the_code_defines(handed_over, tmp_path):
    status, (found, names, settings) = handed_over(CODE, "at_the_end = slope + 1")
    assert status == 0 and names["at_the_end"] == 3
    assert names["line"].__globals__["slope"] == 2
    assert settings["lines.linewidth"] == 3.0
    with (
        mock.patch.object(figures, "_kept", lambda path: tmp_path / "run"),
        matplotlib.rc_context({"lines.linewidth": 7.0, "font.size": 20.0}),  # of another page
    ):
        figures._run(tmp_path / "a_page_of_this_test.ipynb")
    expected, all_names, expected_settings = pickle.loads((tmp_path / "run").read_bytes())
    assert names.keys() == all_names.keys() - {"__name__"}
    assert settings == expected_settings
    assert list(found) == list(expected) == ["line", "still"]
    for name, (_, controls) in found.items():
        assert [vars(c) for c in controls] == [vars(c) for c in expected[name][1]]


@pytest.mark.parametrize("time", ["first", "second"])
def test_the_settings_of_a_page_hold_for_a_test_and_no_longer(time):
    page, frame = ROOT / "intro.md", "axes.spines.top"
    assert matplotlib.rcParams[frame]
    figures.figures_of(page)
    assert not matplotlib.rcParams[frame]
    matplotlib.rcParams[frame] = True  # another page's
    figures.figures_of(page)
    assert not matplotlib.rcParams[frame]


def test_a_notebook_that_fails_hands_over_nothing(handed_over):
    assert handed_over(CODE, "raise RuntimeError", "after = 1") == (1, None)
