"""Where things stand in this repository. It imports nothing of the book: forked builds and kernels read it too."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = ROOT / "chapters"
BIBLIOGRAPHY = CHAPTERS / "references.bib"
NOTEBOOKS = sorted(CHAPTERS.glob("*.ipynb"))
CATALOG = sorted(CHAPTERS.glob("catalog*.md"))
#: the sources in which live figures are made
PAGES = [*NOTEBOOKS, ROOT / "intro.md", *CATALOG]
#: the built site
SITE = ROOT / "_build" / "html"
