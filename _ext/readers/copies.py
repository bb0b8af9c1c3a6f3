"""Copies of the notebooks that stand alone, at the places of their pages: what Colab, a hub and a download open."""

from __future__ import annotations

from pathlib import Path

import nbformat

from .addresses import repository, site_address
from .contents import FIRST, ROOT, Page
from .notebooks import Book


def place(page: Page) -> str:
    """Where the copy of a page lies."""
    return FIRST if page.file == FIRST else f"{page.document}.ipynb"


def write_copies(folder: Path, root: Path = ROOT) -> list[Path]:
    """Write the copies into `folder`; their paths. Each can install the package where the repository is known."""
    address = repository()
    book = Book(root, site_address(), f"lossbook @ git+{address}" if address else "", alone=True)
    paths = [folder / place(page) for page in book.pages]
    for page, path in zip(book.pages, paths, strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(book.notebook(page), path)
    return paths
