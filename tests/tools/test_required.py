"""A test that is skipped for want of a library which the run requires is a failure."""

import subprocess
import sys

import pytest

from ..figures import ROOT

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


def empty(folder):
    """The options for a configuration that says nothing."""
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    return "-c", folder / "pytest.ini"


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
    path = tmp_path / "test_suite.py"
    path.write_text(SUITE, encoding="utf-8")
    options = [part for name in required for part in ("--require", name)]
    command = [sys.executable, "-m", "pytest", "-p", "tools.required", *empty(tmp_path), *options]
    done = subprocess.run([*command, path], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == bool(named), done.stdout + done.stderr
    summary = done.stdout.partition("skipped, though required")[2]
    assert [name for name in ("test_one", "test_two") if f"::{name}: " in summary] == named


def test_a_module_that_is_skipped_whole(tmp_path):
    path = tmp_path / "test_whole.py"
    path.write_text("import pytest\npytest.importorskip('no_such_library')\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tools.required", *empty(tmp_path)]
    done = subprocess.run(
        [*command, "--require", "no_such_library", path], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode and "test_whole.py: " in done.stdout
