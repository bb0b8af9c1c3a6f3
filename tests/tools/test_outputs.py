"""What a committed notebook may keep of a run."""

import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import outputs

from ..paths import ROOT

PRINTED = new_output("stream", name="stdout", text="1\n")
TAGGED = {"tags": [outputs.TAG]}


def cell(count=None, kept=(), metadata=None):
    return new_code_cell(
        "print(1)\nprint(2)", execution_count=count, outputs=list(kept), metadata=metadata or {}
    )


@pytest.mark.parametrize("fine", [cell(), cell(1, [PRINTED], TAGGED)])
def test_fine(fine):
    assert outputs.wrong(new_notebook(cells=[new_markdown_cell("text"), fine])) == []


@pytest.mark.parametrize(
    "bad",
    [
        cell(kept=[PRINTED]),
        cell(count=1),
        cell(1, [], TAGGED),
        cell(3, [PRINTED], TAGGED),
        cell(1, [new_output("stream", name="stderr", text="a warning")], TAGGED),
        cell(1, [PRINTED, new_output("display_data", data={"text/plain": "a figure"})], TAGGED),
    ],
)
def test_wrong(bad):
    assert outputs.wrong(new_notebook(cells=[cell(), bad])) == ["print(1)"]


def test_a_run_leaves_what_the_check_expects(tmp_path):
    path = tmp_path / "page.ipynb"
    cells = [cell(7, [PRINTED]), cell(metadata=TAGGED), new_code_cell("1 + 1")]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), path)
    command = [sys.executable, "-m", "tools.outputs"]

    def check():
        return subprocess.run([*command, "--check", path], cwd=ROOT, capture_output=True).returncode

    assert check() == 1
    subprocess.run([*command, path], cwd=ROOT, check=True, capture_output=True)
    assert check() == 0
    kept = nbformat.read(path, as_version=4).cells
    assert kept[1].outputs[0].text == "1\n2\n" and not kept[2].outputs
