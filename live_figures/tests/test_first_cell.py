"""The cell that tells a kernel to publish: where it goes, and which pages get one."""

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from live_figures import first_cell

from .author import write

CODE = first_cell.code_of(publish="sphinx", cache="../kept")
USES = "from live_figures import interact\n"


def notebook(*sources, **metadata):
    cells = [new_markdown_cell("# A title"), *map(new_code_cell, sources)]
    return nbformat.writes(new_notebook(cells=cells, metadata=metadata))


def put(source, folder=Path("/nowhere"), suffix=".ipynb", auto=False):
    return first_cell.put(source, suffix, CODE, folder, auto)


def test_the_code_is_one_statement_that_leaves_no_name_behind():
    namespace = {}
    exec(first_cell.code_of(jobs=2), namespace)
    assert namespace.keys() == {"__builtins__"}
    assert CODE == "__import__('live_figures').configure(publish='sphinx', cache='../kept');"


def test_it_stands_before_the_first_code_and_behind_the_title():
    source = notebook("x = 1", USES)
    found = nbformat.reads(put(source), as_version=4)
    nbformat.validate(found)
    assert [c.source for c in found.cells] == ["# A title", CODE, "x = 1", USES]
    assert found.cells[1].metadata["tags"] == ["remove-cell", "live-figures"]
    old = json.loads(source) | {"nbformat_minor": 4}
    for cell in old["cells"]:
        del cell["id"]
    nbformat.validate(json.loads(put(json.dumps(old))))


@pytest.mark.parametrize(
    "source",
    [
        notebook("import numpy"),
        notebook(USES, kernelspec={"name": "ir", "display_name": "R", "language": "R"}),
        notebook(USES, language_info={"name": "julia"}),
        nbformat.writes(new_notebook(cells=[new_markdown_cell(USES)])),
        "{}",
        "no JSON",
        '{"cells": 3}',
    ],
)
def test_other_notebooks_stay_as_they_are(source):
    assert put(source) == source


def test_in_auto_mode_a_notebook_with_all_its_outputs_is_not_run():
    shown = nbformat.v4.new_output("stream", text="x")
    full = new_notebook(cells=[new_code_cell(USES, outputs=[shown])])
    assert put(nbformat.writes(full), auto=True) == nbformat.writes(full)
    full.cells.append(new_code_cell("x = 1"))
    assert put(nbformat.writes(full), auto=True) != nbformat.writes(full)


TEXT = """---
kernelspec:
  name: python3
---
# A title

````md
```{{code-cell}}
from live_figures import interact
```
````

:::{{note}}
```{{code-cell}}
never run
```
:::

```{{code-cell}} ipython3
:tags: [hide-input]
{code}
```
"""


def test_in_a_text_it_stands_before_the_first_cell_that_is_run():
    text = TEXT.format(code=USES)
    found = put(text, suffix=".md")
    cell = f"```{{code-cell}}\n:tags: [remove-cell, live-figures]\n{CODE}\n```\n\n"
    at = text.index("```{code-cell} ipython3")
    assert found == text[:at] + cell + text[at:]


def test_a_text_whose_cells_show_no_figure_stays_as_it_is():
    text = TEXT.format(code="x = 1")
    assert put(text, suffix=".md") == text
    assert put("# Words on live_figures\n", suffix=".md") == "# Words on live_figures\n"


BOOK = {
    "shows.py": "import middle\n",
    "middle.py": "from live_figures import interact\n",
    "apart/plain.py": "x = 1\n",
    "mybook/__init__.py": "",
    "mybook/plots.py": "def show():\n    from .inner import show\n",
    "mybook/inner.py": "from live_figures import interact\n",
    "mybook/sums.py": "x = 1\n",
}


@pytest.mark.parametrize(
    ("code", "shows"),
    [
        ("import shows", True),
        ("%matplotlib inline\nimport shows as s", True),
        ("from mybook.plots import (\n    show,\n)", True),
        ("from mybook import plots", True),
        ("from mybook import sums", False),
        ("import numpy, json, not_there", False),
        ("this is no Python", False),
        ("%%bash\nimport shows", True),  # one too many is harmless
    ],
)
def test_a_page_that_imports_a_module_which_shows_figures_gets_one(
    code, shows, tmp_path, monkeypatch
):
    write(tmp_path / "page", {k: v for k, v in BOOK.items() if "mybook" not in k})
    write(tmp_path / "path", {k: v for k, v in BOOK.items() if "mybook" in k})
    monkeypatch.syspath_prepend(str(tmp_path / "path"))
    first_cell.modules.forget()
    assert first_cell.shows_figures([code], tmp_path / "page") is shows
