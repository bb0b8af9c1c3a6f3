"""Buttons that open a chapter elsewhere, and the notebooks that open there.

The buttons are made from the repository in which the build runs, and left out where there is none: Binder,
Colab, and a JupyterHub if the environment variable JUPYTERHUB_ADDRESS names one (it is opened by nbgitpuller).
Everywhere a reader gets the readers' notebook. Binder makes them when it starts; Colab and a hub read them from a
branch of their own, which the publishing workflow fills; the button for downloads leads to a copy beside the page:

    python _ext/launch.py FOLDER    (what goes into that branch)
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
from readers.addresses import repository, site_address
from readers.contents import FIRST, Page, contents
from readers.notebooks import Book

BRANCH = "launch"
#: where Binder and `make lab` keep the notebooks
FOLDER = "notebooks"


def requirement(address: str) -> str:
    return f"lossbook @ git+{address}" if address else ""


def copies(folder: Path, root: Path) -> None:
    """All notebooks, each able to stand alone, at the places of their pages below `folder`."""
    book = Book(root, site_address(), requirement(repository()), alone=True)
    for page in book.pages:
        target = folder / _place(page)
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(book.notebook(page), target)


def _place(page: Page) -> str:
    """Where the copy of a page lies."""
    return FIRST if page.file == FIRST else f"{page.document}.ipynb"


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


def to_the_notebooks(app, pagename, templatename, context, doctree) -> None:
    """The theme's buttons lead to the sources; here they lead to what a reader wants to open."""
    page = next((p for p in contents(Path(app.srcdir)) if p.document == pagename), None)
    for group in context.get("header_buttons", []):
        if page and group.get("label") == "launch-buttons":
            for button in group["buttons"]:
                button["url"] = _launched(button["url"], page, button["text"] == "Binder")
        elif group.get("label") == "download-buttons":
            group["buttons"] = [b for b in group["buttons"] if "_sources" not in b.get("url", "")]
            if page and page.file:
                address = f"{context['pathto']('_sources', 1)}/{_place(page)}"
                group["buttons"].insert(0, _DOWNLOAD | {"url": address})


_DOWNLOAD = {
    "type": "link",
    "text": ".ipynb",
    "icon": "fas fa-code",
    "tooltip": "Download notebook file",
    "label": "download-notebook-button",
}


def _launched(url: str, page: Page, on_binder: bool) -> str:
    """Where a button leads: to the notebooks that Binder has made, else to the branch of the copies."""
    source = page.document + page.path.suffix
    if on_binder:
        return url.replace(source, f"{FOLDER}/{page.file}")
    url = url.replace("/blob/main/", f"/blob/{BRANCH}/")  # Colab's
    return url.replace("branch=main", f"branch={BRANCH}").replace(source, _place(page))  # a hub's


def downloads(app, exception) -> None:
    """What the button for downloads leads to."""
    if exception is None and app.builder.format == "html":
        copies(Path(app.outdir, "_sources"), Path(app.srcdir))


def setup(app) -> dict:
    app.connect("config-inited", configure, priority=450)
    app.connect("html-page-context", to_the_notebooks, priority=900)  # after the theme's own
    app.connect("build-finished", downloads)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


if __name__ == "__main__":
    if len(sys.argv) != 2 or not repository():
        sys.exit("usage: python _ext/launch.py FOLDER, in a checkout whose repository is known")
    copies(Path(sys.argv[1]), Path(__file__).resolve().parents[2])
