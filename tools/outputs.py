"""Run notebooks and keep only the printed output of cells tagged nbval-check-output.

python -m tools.outputs [chapters/mse.ipynb ...]    (all chapters without arguments)
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
TAG = "nbval-check-output"


def main(paths: list[str]) -> None:
    for path in map(Path, paths or sorted((ROOT / "chapters").glob("*.ipynb"))):
        source = nbformat.read(path, as_version=4)
        ran = NotebookClient(nbformat.read(path, as_version=4), timeout=600).execute()
        for cell, done in zip(source.cells, ran.cells, strict=True):
            if cell.cell_type != "code":
                continue
            cell.outputs, cell.execution_count = [], None
            if TAG in cell.metadata.get("tags", []):
                text = "".join(o.text for o in done.outputs if o.get("name") == "stdout")
                cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)]
                cell.execution_count = 1  # nbval compares only cells that have been run
        nbformat.write(source, path)
        print(f"{path}: done")


if __name__ == "__main__":
    main(sys.argv[1:])
