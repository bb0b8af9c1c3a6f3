"""Write the plain text of the chapters that comes with the package: python -m tools.corpus

The chapter on sequences trains a small language model on it. Run it after chapters were edited, and
then tools/outputs.py for that chapter.
"""

from pathlib import Path

from lossbook.teaching import corpus

ROOT = Path(__file__).resolve().parents[1]
COPY = ROOT / "lossbook" / "data" / "chapters.txt"


def copy_of(texts: dict[str, str]) -> str:
    """The file: a line with the name of each chapter, and its text."""
    return "".join(f"# {name}\n{text}\n" for name, text in texts.items())


if __name__ == "__main__":
    COPY.write_text(copy_of(corpus.written(ROOT / "chapters")), "utf-8")
