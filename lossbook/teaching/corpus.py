"""The text of this book, plain, as something for a small language model to read.

It is made of the Markdown of the chapters where they lie beside the package, and else it is the copy
that comes with it, ``lossbook/data/chapters.txt``, which a test holds to what the chapters give.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path

__all__ = ["CHAPTERS", "chapters", "plain", "written"]

#: the chapters whose text it is, in reading order
CHAPTERS = (
    "fundamentals",
    "significance",
    "mse",
    "cross_entropy",
    "hinge",
    "optimization",
    "custom_losses",
    "challenges",
    "training",
    "conclusion",
)
_BESIDE = Path(__file__).parents[2] / "chapters"
_ROLE = re.compile(r"\{[\w:]+\}`([^`<]*?)(?:\s*<[^`]*>)?`")
_SOURCES = re.compile(r"\s*\{(?:cite|eq|numref)[\w:]*\}`[^`]*`")
_LETTERS = re.compile(r"[a-z0-9 .,;:?!'()-]+")


def plain(markdown: str) -> str:
    """The sentences of a page that are words only, in small letters, a line each.

    Headings, lists, tables, formulas, code and boxes are left out, and so is a sentence with a
    formula or code in it.

    Parameters
    ----------
    markdown : str
        MyST Markdown, one sentence a line.

    Returns
    -------
    str
        Lines of letters, digits and ``.,;:?!'()-``.

    Examples
    --------
    >>> plain("# A title\\nSquared error is *smooth*.\\nIt is $r^2$.")
    'squared error is smooth.'
    """
    text = re.sub(r"^(:{3,}|`{3,}|\$\$).*?^\1[^\n]*$", "", markdown, flags=re.S | re.M)
    kept = []
    for line in text.split("\n"):
        line = _ROLE.sub(r"\1", _SOURCES.sub("", line)).replace("*", "").strip()
        line = unicodedata.normalize("NFKD", line.replace("’", "'").lower())
        line = "".join(c for c in line if not unicodedata.combining(c))
        if line[-1:] in ".?!" and line[:1].isalpha() and _LETTERS.fullmatch(line):
            kept.append(line)
    return "\n".join(kept)


def written(folder: Path) -> dict[str, str]:
    """The plain text of each chapter, from the notebooks in a folder.

    Parameters
    ----------
    folder : Path
        Where the notebooks are.

    Returns
    -------
    dict of str
        By the name of the chapter.

    Examples
    --------
    >>> written(_BESIDE) == chapters() if _BESIDE.exists() else True
    True
    """
    found = {}
    for name in CHAPTERS:
        cells = json.loads((folder / f"{name}.ipynb").read_text("utf-8"))["cells"]
        parts = ("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
        found[name] = "\n".join(filter(None, map(plain, parts)))
    return found


@cache
def _kept() -> dict[str, str]:
    """The copy that comes with the package."""
    copy = files("lossbook").joinpath("data/chapters.txt").read_text("utf-8")
    parts = re.split(r"^# (\w+)\n", copy, flags=re.M)[1:]
    return {name: text.strip() for name, text in zip(parts[::2], parts[1::2], strict=True)}


def chapters() -> dict[str, str]:
    """The plain text of each chapter of this book but those on the losses of deep learning.

    Returns
    -------
    dict of str
        By the name of the chapter, a sentence a line.

    Examples
    --------
    >>> list(chapters())[:2]
    ['fundamentals', 'significance']
    >>> "loss" in chapters()["hinge"]
    True
    """
    beside = all((_BESIDE / f"{name}.ipynb").exists() for name in CHAPTERS)
    return written(_BESIDE) if beside else dict(_kept())
