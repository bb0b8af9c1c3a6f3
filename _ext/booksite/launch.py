"""Buttons that open a chapter elsewhere, and the one that downloads it.

They are made from the repository in which the build runs, and left out where there is none: Binder, Colab, and a
JupyterHub if the environment variable JUPYTERHUB_ADDRESS names one (it is opened by nbgitpuller). Everywhere a reader
gets the readers' notebook. Binder makes them when it starts; Colab and a hub read the copies from a branch of their
own, which the publishing workflow fills (`python -m readers --alone`); the download is the copy beside the page.
"""

from __future__ import annotations

import os
from pathlib import Path

from readers.addresses import repository
from readers.contents import Page, contents
from readers.copies import place, write_copies

from .book import once_written

BRANCH = "launch"
#: where Binder and `make lab` keep the notebooks
FOLDER = "notebooks"
_DOWNLOAD = {
    "type": "link",
    "text": "Notebook",
    "icon": "fas fa-code",
    "tooltip": "Download notebook file",
    "label": "download-notebook-button",
}


def configure(app, config) -> None:
    address, words = repository(), "the repository"
    named = {"the_repository": f"[{words}]({address})" if address else words}
    config.myst_substitutions = config.myst_substitutions | named
    if address:
        config.html_theme_options |= {
            "repository_url": address,
            "repository_branch": "main",
            "use_repository_button": True,
            "launch_buttons": {
                "notebook_interface": "jupyterlab",
                "binderhub_url": "https://mybinder.org",
                "colab_url": "https://colab.research.google.com",
                "jupyterhub_url": os.environ.get("JUPYTERHUB_ADDRESS", ""),
            },
        }


def to_the_notebooks(app, pagename, templatename, context, doctree) -> None:
    """The theme's buttons lead to the sources; here they lead to what a reader wants to open."""
    page = next((p for p in contents(Path(app.srcdir)) if p.document == pagename), None)
    for group in context.get("header_buttons", []):
        if page and group.get("label") == "launch-buttons":
            for button in group["buttons"]:
                button["url"] = launched(button["url"], page, button["text"] == "Binder")
        elif group.get("label") == "download-buttons":
            group["buttons"] = [b for b in group["buttons"] if "_sources" not in b.get("url", "")]
            for button in group["buttons"]:
                if button["text"] == ".pdf":
                    button["text"] = "Print or PDF"
            if page and page.file:
                address = f"{context['pathto']('_sources', 1)}/{place(page)}"
                group["buttons"].insert(0, _DOWNLOAD | {"url": address})


def launched(url: str, page: Page, on_binder: bool) -> str:
    """Where a button leads: to the notebooks that Binder has made, else to the branch of the copies."""
    source = page.document + page.path.suffix
    if on_binder:
        return url.replace(source, f"{FOLDER}/{page.file}")
    url = url.replace("/blob/main/", f"/blob/{BRANCH}/")  # Colab's
    return url.replace("branch=main", f"branch={BRANCH}").replace(source, place(page))  # a hub's


def downloads(app) -> None:
    write_copies(Path(app.outdir, "_sources"), Path(app.srcdir))


def setup(app) -> None:
    app.connect("config-inited", configure, priority=450)
    app.connect("html-page-context", to_the_notebooks, priority=900)  # after the theme's own
    once_written(app, downloads)
