"""Run notebooks and keep only the printed output of cells tagged nbval-check-output.

python -m tools.outputs [chapters/mse.ipynb ...]            (all chapters without arguments)
python -m tools.outputs --check [chapters/mse.ipynb ...]    (run nothing; fail where more is kept)
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
TAG = "nbval-check-output"


def printed(output: nbformat.NotebookNode) -> bool:
    return output.output_type == "stream" and output.name == "stdout"


def wrong(notebook: nbformat.NotebookNode) -> list[str]:
    """The cells that keep another output than they should, each by its first line."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        tagged = TAG in cell.metadata.get("tags", [])
        count = 1 if tagged else None  # nbval compares only cells that have been run
        kept = bool(cell.outputs) == tagged and all(map(printed, cell.outputs))
        if not kept or cell.execution_count != count:
            found.append(cell.source.partition("\n")[0])
    return found


def run(path: Path) -> None:
    source = nbformat.read(path, as_version=4)
    ran = NotebookClient(nbformat.read(path, as_version=4), timeout=600).execute()
    for cell, done in zip(source.cells, ran.cells, strict=True):
        if cell.cell_type != "code":
            continue
        cell.outputs, cell.execution_count = [], None
        if TAG in cell.metadata.get("tags", []):
            text = "".join(o.text for o in done.outputs if printed(o))
            cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)]
            cell.execution_count = 1
    nbformat.write(source, path)
    print(f"{path}: done")


def main(arguments: list[str]) -> None:
    names = [a for a in arguments if a != "--check"]
    paths = [Path(n) for n in names] or sorted((ROOT / "chapters").glob("*.ipynb"))
    if "--check" not in arguments:
        for path in paths:
            run(path)
        return
    found = [f"{p}: {cell}" for p in paths for cell in wrong(nbformat.read(p, as_version=4))]
    if found:
        sys.exit(
            "cells whose outputs are not as python -m tools.outputs leaves them:\n"
            + "\n".join(found)
        )


if __name__ == "__main__":
    main(sys.argv[1:])
