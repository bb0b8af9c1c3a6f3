"""What a committed notebook looks like."""

import ast
import re

import nbformat
import pytest

from ..figures import code_cells
from ..paths import CHAPTERS, NOTEBOOKS, PAGES, ROOT
from ..text import cited_in, keys_of_the_bibliography, prose_of

PROSE = [
    *(p for p in sorted(ROOT.glob("*.md")) if p.name != "README.md"),
    *sorted(CHAPTERS.glob("*.md")),
]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_only_tagged_cells_carry_outputs(path):
    tagged = 0
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        checked = "nbval-check-output" in cell.metadata.get("tags", [])
        tagged += checked
        assert bool(cell.outputs) == checked, cell.source[:80]
        assert cell.execution_count == (1 if checked else None)
        for output in cell.outputs:
            assert output.output_type == "stream" and output.name == "stdout"
    assert tagged


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_metadata_is_clean(path):
    notebook = nbformat.read(path, as_version=4)
    assert set(notebook.metadata) <= {"kernelspec", "language_info"}
    assert notebook.metadata.kernelspec.name == "python3"
    for cell in notebook.cells:
        assert set(cell.metadata) <= {"tags", "mystnb"}


@pytest.mark.parametrize("path", [*NOTEBOOKS, *PROSE], ids=lambda p: p.stem)
def test_one_sentence_a_line(path):
    written = prose_of(path) if path.suffix == ".ipynb" else path.read_text("utf-8")
    text = re.sub(r"^(```|\$\$).*?^\1", "", written, flags=re.S | re.M)
    text = re.sub(r"`[^`]*`|\$[^$]*\$", "x", text)
    for line in text.split("\n"):
        if line.startswith(("|", "- ", "#", "**", "*", "1.", ":")) or not line:
            continue
        assert not re.search(r"[a-z)]{2}[.?!] [A-Z]", line), line


@pytest.mark.parametrize(
    "path",
    [
        p for p in PAGES if "live_figure(" not in "".join(code_cells(p))
    ],  # those: tests/test_catalog.py
    ids=lambda p: p.stem,
)
def test_each_live_figure_has_a_text_alternative_and_a_caption(path):
    seen = 0
    for cell in code_cells(path):
        for node in ast.walk(ast.parse(cell)):
            if isinstance(node, ast.FunctionDef) and any(
                "interact" in ast.unparse(d) or ast.unparse(d) == "figure"
                for d in node.decorator_list
            ):
                seen += 1
                paragraphs = (ast.get_docstring(node) or "").split("\n\n")
                assert len(paragraphs) >= 2 and len(paragraphs[0]) >= 60, node.name
    assert seen


#: what happens in a figure when it is moved; under a question, that stands behind "Seen:"
HAPPENS = re.compile(
    r"\b(?:As the|falls|rises|grows|shrinks|climbs|never|the (?:larger|smaller|farther) the)\b"
)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_the_text_alternative_of_a_guess_tells_what_is_drawn_first(path):
    """What stands behind "Seen:" is held back until the guess (lossbook/teaching/static/guess.js)."""
    asked, found = 0, {}
    for cell in reversed(nbformat.read(path, as_version=4).cells):
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.FunctionDef) and node.decorator_list:
                    found["next"] = found[node.name] = ast.get_docstring(node) or ""
        for guess in re.findall(r"^:::\{guess\}\n(.*?)^:::$", cell.source, re.M | re.S)[::-1]:
            named = re.search(r"^:figure: (\w+)$", guess, re.M)
            alternative = found[named[1] if named else "next"].split("\n\n")[0]
            drawn, *seen = " ".join(alternative.split()).split(" Seen: ")
            assert len(seen) <= 1 and len(drawn) >= 60, alternative
            happens = HAPPENS.findall(drawn)
            assert not happens, (happens, drawn)
            asked += 1
    assert asked or path.stem == "live_figures"


def test_every_citation_is_in_the_bibliography():
    cited = cited_in("\n".join(prose_of(path) for path in [*NOTEBOOKS, *PROSE]))
    assert len(cited) >= 15 and cited <= {*keys_of_the_bibliography()}
