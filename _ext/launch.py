"""Buttons that open a chapter elsewhere, and notebooks that can stand alone there.

The buttons are made from the repository in which the build runs, and left out where there is none: Binder,
Colab, and a JupyterHub if the environment variable JUPYTERHUB_ADDRESS names one (it is opened by nbgitpuller).
A notebook that is opened alone, on Colab or after a download, needs the package: its copy gets a first cell
that installs it. Colab reads such copies from a branch of their own, which the publishing workflow fills:

    python _ext/launch.py FOLDER    (copies of all chapters, each with that cell)
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
from book import repository

ROOT = Path(__file__).resolve().parents[1]
COLAB_BRANCH = "launch"


def alone(notebook: nbformat.NotebookNode, requirement: str) -> nbformat.NotebookNode:
    """A copy of a notebook whose first cell installs the package, as pip's `requirement`, if it is missing."""
    copy = nbformat.from_dict(notebook)
    source = (
        "try:\n"
        "    import lossbook  # noqa: F401\n"
        "except ModuleNotFoundError:  # this notebook was opened alone\n"
        f'    %pip install --quiet "{requirement}"'
    )
    cell = nbformat.v4.new_code_cell(source)
    cell["id"] = "install"
    copy.cells.insert(0, cell)
    return copy


def requirement(address: str) -> str:
    return f"lossbook @ git+{address}"


def copies(folder: Path, address: str) -> None:
    """All chapters, each able to stand alone, below `folder`."""
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        target = folder / "chapters" / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(alone(nbformat.read(path, as_version=4), requirement(address)), target)
        print(target)


def configure(app, config) -> None:
    if not repository():
        return
    config.html_theme_options["launch_buttons"] = {
        "notebook_interface": "jupyterlab",
        "binderhub_url": "https://mybinder.org",
        "colab_url": "https://colab.research.google.com",
        "jupyterhub_url": os.environ.get("JUPYTERHUB_ADDRESS", ""),
    }
    config.html_theme_options["repository_branch"] = "main"


def to_the_copies(app, pagename, templatename, context, doctree) -> None:
    """The theme has one branch for all buttons; Colab's leads to the copies."""
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []):
            if button.get("text") == "Colab":
                button["url"] = button["url"].replace("/blob/main/", f"/blob/{COLAB_BRANCH}/")


def downloads(app, exception) -> None:
    """A notebook that is downloaded from the site is such a copy too."""
    address = repository()
    if exception is not None or app.builder.format != "html" or not address:
        return
    for path in Path(app.outdir, "_sources").rglob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        if notebook.cells[0].get("id") != "install":
            nbformat.write(alone(notebook, requirement(address)), path)


def setup(app) -> dict:
    app.connect("config-inited", configure, priority=450)
    app.connect("html-page-context", to_the_copies, priority=900)  # after the theme's own
    app.connect("build-finished", downloads)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


if __name__ == "__main__":
    if len(sys.argv) != 2 or not repository():
        sys.exit("usage: python _ext/launch.py FOLDER, in a checkout whose repository is known")
    copies(Path(sys.argv[1]), repository())
