"""The HTML of the exercises: the form for an answer, and how many of them are solved.

`static/exercises.js` judges an answer as `check` would, by what stands in the form. Until it does, the form is hidden.
(jupyterquiz and TeachBooks' questions load from a CDN; a book that asks no other host needs its own.)
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from .checking import Exercise, find

__all__ = ["answer_form", "overall_progress", "progress"]


def answer_form(
    exercise: Exercise,
    label: str,
    words: Mapping[str, str] | None = None,
    launch: bool = False,
) -> str:
    """The form in which an exercise is answered; for a function, words that lead to the notebook.

    Parameters
    ----------
    exercise : Exercise
        The exercise.
    label : str
        Its label in the book, of which the names in the form are made.
    words : mapping of str to str, optional
        For choices that the question lists, the HTML of what it says about them, which stands at the buttons then;
        empty where it goes on saying it itself.
    launch : bool, default False
        Whether the page has a button that opens it as a notebook.

    Returns
    -------
    str
        HTML.

    Raises
    ------
    ValueError
        If the answer is an array of more than one dimension, which cannot be typed.

    Examples
    --------
    >>> find("mse.by-hand").kind, answer_form(find("mse.by-hand"), "ex-mse").count("<input")
    ('number', 1)
    """
    if exercise.kind == "function":
        ways = "open the chapter with <code>make lab</code>"
        if launch:
            ways += " or with a launch button at the top of this page"
        words = f"A function is asked for, so this one is answered in a notebook: {ways}."
        inside = f'<p class="answer-elsewhere">{words}</p>'
    else:
        name = f"answer-{label}"
        choice = exercise.kind == "choice"
        field = _choices(exercise, name, words or {}) if choice else _text(exercise, name)
        told = escape(json.dumps(_told(exercise), ensure_ascii=False, separators=(",", ":")))
        inside = (
            f'<form class="answer-form" hidden data-key="{exercise.key}" data-exercise="{told}">'
            f'{field}<button type="submit">Check</button>'
            f'<div class="answer-said" id="{name}-said" aria-live="polite"></div></form>'
        )
    return f'<div class="answer">{inside}</div>'


def _choices(exercise: Exercise, name: str, words: Mapping[str, str]) -> str:
    """The choices, a line each; in a row if the question has their words."""
    said = {c: words.get(c, escape(text)) for c, text in exercise.choices.items()}
    choices = "".join(
        f'<label><input type="radio" name="{name}" value="{escape(choice)}"> '
        f"<span><b>{escape(choice)}</b> {text}</span></label>"
        for choice, text in said.items()
    )
    names = "" if sum(map(bool, said.values())) > 1 else ' class="names"'
    return f"<fieldset{names}><legend>Your answer</legend>{choices}</fieldset>"


def _text(exercise: Exercise, name: str) -> str:
    """The field for a number, or for several."""
    # the decimal keyboard of a phone may have no comma and no minus
    plain = exercise.kind == "number" and exercise.answer() >= 0
    label = "Your answer" + ", with commas between the numbers" * (exercise.kind == "array")
    if exercise.asked:
        label += f", {exercise.asked}"
    mode = ' inputmode="decimal"' if plain else ""
    return (
        f'<label for="{name}">{label}</label><input id="{name}" type="text"{mode} maxlength="400" '
        f'autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="{name}-said">'
    )


def _told(exercise: Exercise) -> dict[str, Any]:
    """What the script needs to judge an answer as `check` does."""
    plain = str if exercise.kind == "choice" else _numbers
    return {
        "kind": exercise.kind,
        "answer": plain(exercise.answer()),
        "tolerance": exercise.tolerance,
        "nearest": exercise.nearest,
        "asked": exercise.asked,
        "mistakes": [[plain(m.wrong()), m.message] for m in exercise.mistakes],
        "right": exercise.right,
        "hint": exercise.hint,
    }


def _numbers(value: Any) -> list[float | str]:
    """One number or several. JSON has no infinity; JavaScript reads its name."""
    if np.ndim(value) > 1:
        raise ValueError(
            f"an answer has the shape {np.shape(value)}; a page takes a list of numbers"
        )
    numbers = np.atleast_1d(np.asarray(value, dtype=float)).tolist()
    names = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}
    return [names.get(str(number), number) for number in numbers]


def progress(keys: Sequence[str]) -> str:
    """The line above the exercises of a chapter: how many are solved, and how many are for the notebook.

    Parameters
    ----------
    keys : sequence of str
        The keys of the exercises.

    Returns
    -------
    str
        HTML, empty of numbers until the script fills it in.

    Examples
    --------
    >>> 'max="1"' in progress(["mse.by-hand"])
    True
    """
    here = _answered_in_the_page(keys)
    rest = len(keys) - len(here)
    return _bar(here, f"; {rest} more {'is' if rest == 1 else 'are'} for the notebook" * bool(rest))


def overall_progress(chapters: Iterable[tuple[str, str, Sequence[str]]]) -> str:
    """The list of all chapters, each with how many exercises are solved, and a button that forgets it.

    Parameters
    ----------
    chapters : iterable of (str, str, sequence of str)
        Of each chapter the address of its first exercise, its title, and the keys of its exercises.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> overall_progress([("mse.html#ex-mse", "Mean squared error", ["mse.by-hand"])]).count("<li>")
    1
    """
    items, everything = "", []
    for address, title, keys in chapters:
        here = _answered_in_the_page(keys)
        everything += here
        items += f'<li><a href="{escape(address)}">{escape(title)}</a> {_count(here, f"{len(keys)} exercises")}</li>'
    clear = ' <button type="button" class="answers-clear">Clear my answers</button>'
    return f'<div class="answers-overall"><ul>{items}</ul>{_bar(everything, clear)}</div>'


def _answered_in_the_page(keys: Sequence[str]) -> list[str]:
    """Those of the exercises that have a form."""
    return [key for key in keys if find(key).kind != "function"]


def _count(keys: list[str], text: str = "") -> str:
    """What the script says about some exercises."""
    return f'<span data-keys="{" ".join(keys)}">{text}</span>'


def _bar(keys: list[str], more: str) -> str:
    """A bar and its words."""
    bar = f'<progress value="0" max="{len(keys)}" aria-hidden="true"></progress>'
    return f'<p class="answer-progress" hidden>{bar} {_count(keys)}{more}</p>'
