"""The tests themselves: each asserts something, none waits for a time, leans on another's file or on its numbers."""

import ast
from functools import cache

import pytest

from .paths import ROOT

FILES = sorted(p for d in ("tests", "live_figures/tests") for p in (ROOT / d).rglob("*.py"))
#: calls that fail by themselves
CLAIMS = {"raises", "warns", "fail", "wait_for", "wait_for_function", "wait_for_url", "check_call"}


def parsed(path):
    return ast.parse(path.read_text("utf-8"))


def named(call):
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def calls(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def asserts(function):
    return any(
        isinstance(node, ast.Assert | ast.Raise)
        or (isinstance(node, ast.Call) and (named(node) in CLAIMS or "assert" in named(node)))
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Subscript))  # one of several
        for node in ast.walk(function)
    )


@cache
def names_that_assert():
    """Functions of the tests that can fail, themselves or by one that they call."""
    everything = [f for path in FILES for f in functions(parsed(path))]
    able = {f.name for f in everything if asserts(f)}
    while more := {
        f.name for f in everything if f.name not in able and {*map(named, calls(f))} & able
    }:
        able |= more
    return able


def faults(tree):
    for call in calls(tree):
        if named(call) in ("wait_for_timeout", "sleep"):
            yield f"line {call.lineno}: waits for a time"
        if ast.unparse(call.func) in ("sys.path.insert", "sys.path.append"):
            yield f"line {call.lineno}: changes sys.path"
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[-1].startswith(
            ("test_", "conftest")
        ):
            yield f"line {node.lineno}: imports a file of tests"
    for node in tree.body:
        if isinstance(node, ast.Assign) and named_generator(node.value):
            yield f"line {node.lineno}: a generator that tests share; take the fixture rng"
    for function in functions(tree):
        if function.name.startswith("test") and not function.name.startswith("test_"):
            yield f"line {function.lineno}: {function.name} is taken for a test"
        if function.name.startswith("test_") and function.name not in names_that_assert():
            yield f"line {function.lineno}: {function.name} asserts nothing"


def named_generator(value):
    return isinstance(value, ast.Call) and named(value) in ("default_rng", "RandomState", "Random")


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_of_tests_keeps_to_the_rules(path):
    assert [*faults(parsed(path))] == []


@pytest.mark.parametrize(
    "code",
    [
        "page.wait_for_timeout(300)",
        "time.sleep(1)",
        "sys.path.insert(0, here)",
        "from .test_other import helper",
        "from ..conftest import SITE",
        "rng = np.random.default_rng(3)",
        "def tests_of_claims():\n    return 1",
        "def test_of_nothing_that_fails():\n    print(1)",
    ],
)
def test_a_breach_is_found(code):
    assert len([*faults(ast.parse(code))]) == 1


def test_there_is_something_to_look_at():
    assert len(FILES) > 100
