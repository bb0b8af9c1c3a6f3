"""The exercises of the chapters with their solutions, as the notebooks hold them, and the page of all solutions."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np

from .checking import find

__all__ = ["CHECK", "Solved", "expanded", "in_words", "solved", "unchecked"]

#: a cell that checks an answer, with the key of its exercise
CHECK = re.compile(r'\bcheck\(\s*"([^"]+)"')
_EXERCISE = re.compile(
    r"^(?::{3,}|`{3,})\{exercise\} *(.*)\n(?::[\w-]+:.*\n)*?:label: *(\S+)", re.M
)
_MARK = re.compile(r"^```\{solutions\}\n```$", re.M)


@dataclass(frozen=True)
class Solved:
    """An exercise of a chapter with its solution.

    Parameters
    ----------
    title : str
        Its title in the chapter.
    label : str
        Its label in the book.
    key : str
        Its key, by which `find` knows it.
    code : str
        The code of its solution.

    Examples
    --------
    >>> Solved("By hand", "ex-mse-by_hand", "mse.by-hand", 'check("mse.by-hand", 4)').anchor
    'solution-mse-by-hand'
    """

    title: str
    label: str
    key: str
    code: str

    @property
    def anchor(self) -> str:
        """Where its solution stands on the page of all solutions."""
        return f"solution-{self.label.removeprefix('ex-').replace('_', '-')}"


def solved(cells: Iterable[Any]) -> list[Solved]:
    """The exercises of a notebook, in order; the first hidden cell after each is its solution.

    Parameters
    ----------
    cells : iterable of NotebookNode
        The cells of the notebook, the text in MyST.

    Returns
    -------
    list of Solved
        Each with its title, label, key and solution.

    Raises
    ------
    ValueError
        If an exercise has no solution, or the solution no ``check(...)``.

    Examples
    --------
    >>> solved([])
    []
    """
    found = []
    asked: tuple[str, str] | None = None
    for cell in cells:
        if cell.cell_type == "markdown":
            for title, label in _EXERCISE.findall(cell.source):
                if asked:
                    raise ValueError(f"the exercise {asked[1]} has no hidden solution")
                asked = title.strip(), label
        elif asked and "hide-cell" in cell.metadata.get("tags", []):
            checked = CHECK.search(cell.source)
            if not checked:
                raise ValueError(f"the solution of the exercise {asked[1]} has no check(...)")
            found.append(Solved(*asked, checked[1], cell.source))
            asked = None
    if asked:
        raise ValueError(f"the exercise {asked[1]} has no hidden solution")
    return found


def unchecked(code: str) -> str:
    r"""The code of a cell without its ``check(...)``, which is for the notebook; what is checked stays.

    Parameters
    ----------
    code : str
        Python.

    Returns
    -------
    str
        The same code with the second argument in place of each check, or nothing if that is a name.

    Examples
    --------
    >>> unchecked('check("mse.by-hand", (1 + 0 + 4 + 1) / 4)  # four squares')
    '(1 + 0 + 4 + 1) / 4  # four squares'
    >>> unchecked('def recipe(y): ...\n\n\ncheck("mse.recipe", recipe)')
    'def recipe(y): ...'
    """
    if not CHECK.search(code):
        return code
    lines = code.split("\n")
    for statement in reversed(ast.parse(code).body):
        source = ast.get_source_segment(code, statement) or ""
        if not (isinstance(statement, ast.Expr) and CHECK.match(source)):
            continue
        value = statement.value.args[1]  # type: ignore[attr-defined]
        said = "" if isinstance(value, ast.Name) else ast.get_source_segment(code, value)
        first, last = statement.lineno - 1, statement.end_lineno or 0
        before = lines[first].encode()[: statement.col_offset].decode()
        rest = lines[last - 1].encode()[statement.end_col_offset :].decode()
        lines[first:last] = [f"{before}{said}{rest}"]
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines)).strip("\n")


def expanded(text: str, chapters: Iterable[tuple[str, list[Solved]]]) -> str:
    r"""The Markdown of a page with all solutions where it has an empty ``{solutions}``.

    Parameters
    ----------
    text : str
        The Markdown of a page.
    chapters : iterable of (str, list of Solved)
        The title and the exercises of each chapter; not looked at if the page asks for nothing.

    Returns
    -------
    str
        The same Markdown, with a section for each chapter.

    Examples
    --------
    >>> item = Solved("By hand", "ex-mse", "mse.by-hand", 'check("mse.by-hand", 4)')
    >>> expanded("```{solutions}\n```", [("Mean squared error", [item])]).splitlines()[0]
    '## Mean squared error'
    """

    def fill(_: re.Match) -> str:
        sections = ([f"## {title}", *map(_section, items)] for title, items in chapters)
        return "\n\n".join(part for parts in sections for part in parts)

    return _MARK.sub(fill, text)


def _section(item: Solved) -> str:
    return f"({item.anchor})=\n### {item.title}\n\n{_in_words(item)}\n\n```ipython3\n{unchecked(item.code)}\n```"


@cache  # to find an answer may mean to train a model
def in_words(key: str) -> tuple[str, str, str]:
    """The right answer to an exercise, its words if it is a choice, and what is said of it.

    Parameters
    ----------
    key : str
        The key of the exercise.

    Returns
    -------
    tuple of (str, str, str)
        The first is empty where a function is asked for, the second where nothing is to be chosen.

    Examples
    --------
    >>> in_words("mse.by-hand")[1]
    ''
    """
    exercise = find(key)
    right = _minus(exercise.right)
    if exercise.kind == "function":
        return "", "", right
    if exercise.kind == "choice":
        name = exercise.answer()
        return name, exercise.choices[name], right
    answers = np.atleast_1d(exercise.answer())
    return _minus(", ".join(_digits(v, exercise.nearest) for v in answers)), "", right


def _digits(value: float, nearest: float) -> str:
    """A number with the digits that are asked, and no more than it has."""
    if nearest and math.isfinite(value):
        rounded = round(value / nearest) * nearest
        digits = max(0, -int(Decimal(str(nearest)).normalize().as_tuple().exponent))
        if not math.isclose(rounded, value) and 1e-3 <= abs(rounded) < 1e5:
            return f"{rounded:.{digits}f}"
        value = rounded
    return f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:g}"


def _in_words(item: Solved) -> str:
    """The right answer and what is said of it, as Markdown."""
    question = f"{{numref}}`{item.label}`"
    answer, chosen, right = map(_plain, in_words(item.key))
    if not answer:
        return f"{question} asks for a function. {right}"
    return f"The answer to {question} is **{answer}**{f', {chosen}' * bool(chosen)}. {right}"


def _minus(text: str) -> str:
    """Text with a minus before negative numbers."""
    return re.sub(r"(?<![\w)])-(?=\d)", "−", text)


def _plain(text: str) -> str:
    """Text as Markdown that shows it."""
    return re.sub(r"([\\`*_{}\[\]<>$^~|#])", r"\\\1", text)
