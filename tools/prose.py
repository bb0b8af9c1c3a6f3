"""One sentence a line, so that a diff shows what changed: python -m tools.prose [chapters/mse.ipynb ...]

Without arguments it reads every page of the book, and those beside them.
Lists, headings, tables, formulas and code are left alone.
"""

import re
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
PAGES = ["*.md", "chapters/*.md", "chapters/*.ipynb", ".github/**/*.md"]
SENTENCES = re.compile(r"[a-z)]{2}[.?!] [A-Z]")
OTHER = ("|", "- ", "#", "*", "1.", ":")


def prose(path: Path) -> str:
    """The text of a page: of a notebook, its Markdown cells."""
    if path.suffix != ".ipynb":
        return path.read_text("utf-8")
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(c.source for c in cells if c.cell_type == "markdown")


def crowded(text: str) -> list[str]:
    """The lines of a text that hold more than one sentence."""
    text = re.sub(r"^(```|\$\$).*?^\1", "", text, flags=re.S | re.M)
    text = re.sub(r"`[^`]*`|\$[^$]*\$", "x", text)
    return [
        line for line in text.split("\n") if not line.startswith(OTHER) and SENTENCES.search(line)
    ]


def main(paths: list[str]) -> None:
    pages = map(Path, paths) if paths else (p for glob in PAGES for p in sorted(ROOT.glob(glob)))
    found = [f"{path}: {line}" for path in pages for line in crowded(prose(path))]
    if found:
        sys.exit("more than one sentence a line:\n" + "\n".join(found))


if __name__ == "__main__":
    main(sys.argv[1:])
