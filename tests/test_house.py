"""The house: what each floor may import, no cycle, no long module, and a layout that names every folder."""

import ast
import io
import re
import subprocess
import tokenize
from functools import cache
from pathlib import Path

import nbformat
import pytest

from .paths import ROOT

LOSSES = "lossbook"  # what of lossbook is not for the book alone
TEACHING = "lossbook.teaching"
FIGURES = "live_figures"
#: floor: the floors that it may import
BELOW = {
    "chapters": {TEACHING, LOSSES, FIGURES},
    "frameworks": {TEACHING, LOSSES, FIGURES},
    "_ext": {TEACHING, LOSSES, FIGURES},
    "binder": set(),
    TEACHING: {LOSSES, FIGURES},
    LOSSES: set(),
    FIGURES: set(),
    "tools": {"_ext", TEACHING, LOSSES, FIGURES},
    "benchmarks": {"tools", TEACHING, LOSSES, FIGURES},
    "tests": {"_ext", "tools", "benchmarks", TEACHING, LOSSES, FIGURES},
    "live_figures/tests": {FIGURES},
}
#: of code; docstrings, comments and empty lines are not counted
MOST_LINES = 450


@cache
def tracked():
    """The files of the repository, as paths from its root."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted({Path(name) for name in done.stdout.splitlines() if (ROOT / name).exists()})


@cache
def modules():
    """Name of each module: its path. The folders that are on the path of imports are left off."""
    found = {}
    for path in tracked():
        if path.suffix != ".py":
            continue
        parts = path.with_suffix("").parts
        if parts[:2] == ("live_figures", "src") or parts[:2] == ("live_figures", "tests"):
            parts = parts[2:] if parts[1] == "src" else ("live_figures/tests", *parts[2:])
        elif parts[0] == "_ext":
            parts = parts[1:]
        if parts[-1] == "__init__":
            parts = parts[:-1]
        found[".".join(parts)] = path
    return found


def floor(path):
    """The floor on which a file stands."""
    if path.parts[:2] == ("live_figures", "tests"):
        return "live_figures/tests"
    if path.parts[:2] == ("lossbook", "teaching"):
        return TEACHING
    return path.parts[0]


def sources(path):
    """The code of a file: a module, or each cell of a notebook."""
    text = (ROOT / path).read_text("utf-8")
    if path.suffix == ".py":
        return [text]
    cells = nbformat.reads(text, as_version=4).cells
    return [
        re.sub(r"^[ ]*[%!].*", "", c.source, flags=re.M) for c in cells if c.cell_type == "code"
    ]


def resolved(node, name, package):
    """The full names that an import statement asks for: of a module, or of something in it."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    above = name.split(".") if package else name.split(".")[:-1]
    start = above[: len(above) - node.level + 1] if node.level else []
    base = ".".join([*start, *filter(None, [node.module])])
    return [f"{base}.{alias.name}" for alias in node.names]


def running(tree):
    """The nodes of the code without those that only a checker of types reads."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            for other in node.orelse:
                yield other
                yield from running(other)
        else:
            yield node
            yield from running(node)


def asked(nodes, name, package):
    """Every name that is imported anywhere in the code, in functions too; also by import_module("...")."""
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from resolved(node, name, package)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else None
            called = getattr(node.func, "id", called)
            if called in ("import_module", "__import__", "extra"):
                yield str(node.args[0].value)


@cache
def imports(name):
    """The modules of this repository that a module imports."""
    path = modules()[name]
    found = set()
    for source in sources(path):
        for full in asked(running(ast.parse(source)), name, path.name == "__init__.py"):
            while full and full not in modules():
                full = full.rpartition(".")[0]
            found |= {full} - {"", name}
    return found


def of_this_house(full):
    """The floor of a full name, if it is one of ours."""
    while full and full not in modules():
        full = full.rpartition(".")[0]
    return floor(modules()[full]) if full else None


def floors_below(path):
    """The floors that a file imports beside its own, each with the name that does."""
    name = next((n for n, p in modules().items() if p == path), "notebook.cell")
    asks = [
        full
        for source in sources(path)
        for full in asked(ast.walk(ast.parse(source)), name, path.name == "__init__.py")
    ]
    return {of: full for full in asks if (of := of_this_house(full)) not in (None, floor(path))}


CODE = [path for path in tracked() if path.suffix in (".py", ".ipynb")]


@pytest.mark.parametrize("path", CODE, ids=str)
def test_imports_run_down(path):
    wrong = {of: full for of, full in floors_below(path).items() if of not in BELOW[floor(path)]}
    assert wrong == {}


def test_the_floors_are_looked_at():
    """The way of looking is right: what is known to be imported is found."""
    found = {floor(path): set() for path in CODE}
    for path in CODE:
        found[floor(path)] |= floors_below(path).keys()
    assert {TEACHING, LOSSES, FIGURES} <= found["chapters"]
    assert {TEACHING, FIGURES} <= found["_ext"] and {LOSSES, FIGURES} <= found[TEACHING]
    assert "benchmarks" in found["tests"] and "tools" in found["benchmarks"]
    assert "lossbook.losses.base" in imports("lossbook.losses.regression")
    assert len(CODE) > 150


def cycles(graph):
    """A cycle of a graph as a list of names, or nothing."""
    done, on_the_way = set(), []

    def visit(name):
        if name in on_the_way:
            return [*on_the_way[on_the_way.index(name) :], name]
        if name in done:
            return []
        on_the_way.append(name)
        for other in sorted(graph.get(name, ())):
            if found := visit(other):
                return found
        on_the_way.pop()
        done.add(name)
        return []

    return next(filter(None, map(visit, sorted(graph))), [])


def test_no_module_imports_itself_by_way_of_others():
    """Not even in a function: a lazy import hides a cycle, and does not end it."""
    assert cycles({name: imports(name) for name in modules()}) == []


@pytest.mark.parametrize(
    ("graph", "found"),
    [
        ({"a": {"b", "c"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"b"}, "b": {"c"}, "c": {"b"}}, ["b", "c", "b"]),
        ({"a": set(), "d": {"e"}, "e": {"f", "a"}, "f": {"d"}}, ["d", "e", "f", "d"]),
    ],
)
def test_a_cycle_is_found(graph, found):
    assert cycles(graph) == found


@pytest.mark.parametrize(
    ("code", "name", "package", "expected"),
    [
        ("import a.b", "p.m", False, {"a.b"}),
        ("from . import n", "p.m", False, {"p.n"}),
        ("from . import n", "p", True, {"p.n"}),
        ("from ..q import r", "p.s.m", False, {"p.q.r"}),
        ("def f():\n    from .n import x", "p.m", False, {"p.n.x"}),
        ("import importlib\nimportlib.import_module('a.b')", "p.m", False, {"importlib", "a.b"}),
    ],
)
def test_an_import_is_resolved(code, name, package, expected):
    assert set(asked(ast.walk(ast.parse(code)), name, package)) == expected


def test_what_only_a_checker_of_types_reads_makes_no_cycle():
    code = "if TYPE_CHECKING:\n    from .m import T\nelse:\n    import a\ndef f():\n    import b"
    assert list(asked(running(ast.parse(code)), "p.n", False)) == ["a", "b"]
    assert set(asked(ast.walk(ast.parse(code)), "p.n", False)) == {"p.m.T", "a", "b"}


SHIPPED = [p for p in CODE if p.suffix == ".py" and not floor(p).endswith("tests")]


def code_lines(text):
    """How many lines of a module hold code."""
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in silent | {tokenize.ENDMARKER}:
            lines |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(getattr(first.value, "value", 0), str):
                lines -= set(range(first.lineno, first.end_lineno + 1))
    return len(lines)


@pytest.mark.parametrize("path", SHIPPED, ids=str)
def test_a_module_fits_on_a_few_screens(path):
    assert code_lines((ROOT / path).read_text("utf-8")) <= MOST_LINES


def test_lines_of_code():
    text = '"""A module.\n\nOf two lines."""\n\n# a comment\nx = (\n    1  # one\n)\n'
    text += '\n\ndef f():\n    """A function."""\n    return """a\nb"""\n'
    assert code_lines(text) == 6


def test_the_layout_names_every_folder_and_nothing_that_is_not_there():
    readme = (ROOT / "README.md").read_text("utf-8")
    block = re.search(r"^## Layout\n+```\n(.*?)^```", readme, re.M | re.S)[1]
    rows = [re.split(r" {2,}", line.rstrip(), maxsplit=1) for line in block.splitlines()]
    assert all(len(row) == 2 for row in rows)  # each line says what is there
    named = [part.rstrip("/") for names, _ in rows for part in names.split()]
    made = {"notebooks"}  # by make lab
    there = {parent for path in tracked() for parent in [path, *path.parents]}
    assert {name for name in named if Path(name) not in there} == made
    folders = {path.parts[0] for path in tracked() if len(path.parts) > 1}
    assert folders <= {Path(name).parts[0] for name in named}
