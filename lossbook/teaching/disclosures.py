"""A tree of questions, drawn as disclosures that open at a click or at Enter, with or without a script.

The script `choosing.js` of the book's pages lets the page's address follow the answers, and opens what an
address names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from live_figures.html import inline

from live_figures import configure

__all__ = ["Answer", "Question", "choices", "link", "paths", "tree"]


@dataclass(frozen=True)
class Answer:
    """An answer that can be chosen, and what follows from it.

    Parameters
    ----------
    key : str
        Its part of the page's address.
    text : str
        What the reader chooses.
    then : object
        The next `Question`, or whatever stands at the end of the path.

    Examples
    --------
    >>> Answer("two", "One of two classes", "the logistic loss").key
    'two'
    """

    key: str
    text: str
    then: Any


@dataclass(frozen=True)
class Question:
    """A question, and what can be answered.

    Parameters
    ----------
    text : str
        What is asked.
    answers : tuple of Answer
        What can be chosen.

    Examples
    --------
    >>> Question("Is it on?", (Answer("yes", "Yes", 1), Answer("no", "No", 0))).answers[1].then
    0
    """

    text: str
    answers: tuple[Answer, ...] = field(default=())


def paths(question: Question) -> Iterator[tuple[tuple[Answer, ...], Any]]:
    """Walk every path of answers.

    Parameters
    ----------
    question : Question
        Where the paths begin.

    Yields
    ------
    tuple of (tuple of Answer, object)
        The answers of a path, and what stands at its end.

    Examples
    --------
    >>> on = Question("Is it on?", (Answer("yes", "Yes", 1), Answer("no", "No", 0)))
    >>> [(path[-1].key, end) for path, end in paths(on)]
    [('yes', 1), ('no', 0)]
    """
    for answer in question.answers:
        if isinstance(answer.then, Question):
            for path, end in paths(answer.then):
                yield (answer, *path), end
        else:
            yield (answer,), answer.then


def choices(name: str, items: Iterable[tuple[str, str, str]]) -> str:
    """Draw disclosures of which one is open at a time.

    Parameters
    ----------
    name : str
        The address of what they stand in; each address begins with it.
    items : iterable of (str, str, str)
        For each the last part of its address, its text, and the HTML that it opens.

    Returns
    -------
    str
        The HTML.

    Examples
    --------
    >>> choices("lamp", [("on", "Is it on?", "<p>Yes.</p>")])
    '<details name="lamp"><summary>Is it on?</summary><div id="lamp-on"><p>Yes.</p></div></details>'
    """
    return "".join(
        f'<details name="{name}"><summary>{inline(text)}</summary>'
        f'<div id="{name}-{key}">{html}</div></details>'
        for key, text, html in items
    )


def link(passage: str, words: str = "Read more") -> str:
    """Draw a link to a passage of the book: where it is built to the page, in a notebook to the one beside it.

    Where neither is there, as in a notebook that was opened alone, the address stands in place of a link.

    Parameters
    ----------
    passage : str
        The page, "#", and the label or the heading's part of the address.
    words : str, optional
        What is clicked.

    Returns
    -------
    str
        The HTML.

    Examples
    --------
    >>> before = configure().publish
    >>> configure(publish=True).publish
    True
    >>> link("mse#the-rivals")
    '<a href="mse.html#the-rivals">Read more</a>'
    >>> configure(publish=before).publish == before
    True
    """
    page, _, part = passage.partition("#")
    if configure().publish:
        return f'<a href="{page}.html#{part}">{inline(words)}</a>'
    if Path(f"{page}.ipynb").exists():
        return f'<a href="{page}.ipynb#{part}">{inline(words)}</a>'
    return f"{inline(words)}: <code>{page}.html#{part}</code> on the book’s website"


def tree(question: Question, name: str, end: Callable[[Any, str], str], note: str = "") -> str:
    """Draw a question, with all that follows from its answers.

    Parameters
    ----------
    question : Question
        The first question.
    name : str
        How all its addresses begin.
    end : callable
        Draws what stands at the end of a path; is called with it and its address.
    note : str, optional
        HTML that stands below all of it.

    Returns
    -------
    str
        The HTML.

    Examples
    --------
    >>> on = Question("Is it on?", (Answer("yes", "Yes", 1),))
    >>> tree(on, "lamp", lambda end, name: f"{name}: {end}").count("lamp-yes: 1")
    1
    """

    def draw(question: Question, name: str) -> str:
        return f'<p class="guide-question">{inline(question.text)}</p>' + choices(
            name, ((a.key, a.text, then(a.then, f"{name}-{a.key}")) for a in question.answers)
        )

    def then(follows: Any, name: str) -> str:
        return draw(follows, name) if isinstance(follows, Question) else end(follows, name)

    return f'<div class="loss-guide">{draw(question, name)}{note}</div>'
