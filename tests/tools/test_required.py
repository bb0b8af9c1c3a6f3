"""A test that is skipped for want of a library which the run requires is a failure."""

import os
import subprocess
import sys

import pytest

from ..paths import ROOT

SUITE = """
import pytest

def test_one():
    pytest.importorskip("no_such_library")

@pytest.mark.skip(reason="no_such_thing is not installed")
def test_two():
    pass

def test_three():
    pass
"""


def run(folder, name, text, *required):
    """The suite in that file, by a pytest that has this plugin and no other."""
    (folder / name).write_text(text, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    options = [part for library in required for part in ("--require", library)]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tools.required", *options, folder / name],
        cwd=ROOT,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("required", "named"),
    [
        ([], []),
        (["no_such", "library"], []),
        (["no_such_library"], ["test_one"]),
        (["no_such_library", "no_such_thing"], ["test_one", "test_two"]),
    ],
)
def test_the_run_fails_and_names_it(tmp_path, required, named):
    done = run(tmp_path, "test_suite.py", SUITE, *required)
    assert done.returncode == bool(named), done.stdout + done.stderr
    summary = done.stdout.partition("skipped, though required")[2]
    assert [name for name in ("test_one", "test_two") if f"::{name}: " in summary] == named


def test_a_module_that_is_skipped_whole(tmp_path):
    text = "import pytest\npytest.importorskip('no_such_library')\n"
    done = run(tmp_path, "test_whole.py", text, "no_such_library")
    assert done.returncode and "test_whole.py: " in done.stdout
