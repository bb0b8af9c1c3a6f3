"""What becomes of each role. Each function gets the translator and the text of the role."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .citations import keys_of
from .lines import unlinked

if TYPE_CHECKING:
    from .markdown import Translator

_WITH_TARGET = re.compile(r"(.*?)\s*<([^<>]+)>", re.S)


def _doc(to: Translator, text: str) -> str:
    words, document = _words_and_target(text)
    return to.link(document, unlinked(to.inline(words)), "doc")


def _ref(to: Translator, text: str) -> str:
    words, label = _words_and_target(text)
    if label in ("genindex", "search"):
        return to.published(f"{label}.html", words or label)
    return to.link(label, unlinked(to.inline(words)), "ref")


def _numref(to: Translator, text: str) -> str:
    """`Figure %s <label>`: the number stands where the author says."""
    words, label = _words_and_target(text)
    target = to.labels[label]
    if not target.number:
        raise ValueError(f"{label!r} has no number")
    words = words.replace("%s", target.number).replace("{number}", target.number)
    return to.to_target(target, unlinked(to.inline(words or target.text)))


def _eq(to: Translator, text: str) -> str:
    target = to.labels[text.strip()]
    return to.to_target(target, target.text)


def _term(to: Translator, text: str) -> str:
    words, name = _words_and_target(text)
    return to.to_target(to.labels.term(name), unlinked(to.inline(words or name)))


def _cite(to: Translator, text: str) -> str:
    to.cited += keys_of(text)
    return to.bibliography.citation(text)


def _cite_in_text(to: Translator, text: str) -> str:
    to.cited += keys_of(text)
    return to.bibliography.in_text(text)


def _python(to: Translator, text: str) -> str:
    words, name = _words_and_target(text)
    short = name.startswith("~")
    name = name.lstrip("~")
    shown = words or (name.rpartition(".")[2] if short else name)
    return to.published(f"chapters/api.html#{name}", f"`{shown}`")


def _view(to: Translator, text: str) -> str:
    """The phrase alone: the figure of a notebook is set by the reader."""
    words, figure = _words_and_target(text)
    if not words or "?" not in figure:
        raise ValueError(f"a view is `words <figure?control=value>`; got {text!r}")
    return to.inline(words)


def _abbreviation(to: Translator, text: str) -> str:
    return text  # MSE (mean squared error): the words in brackets stay


ROLES = {
    "doc": _doc,
    "ref": _ref,
    "numref": _numref,
    "eq": _eq,
    "math:numref": _eq,
    "term": _term,
    "cite": _cite,
    "cite:p": _cite,
    "cite:t": _cite_in_text,
    "math": lambda to, text: f"${text.strip()}$",
    "abbr": _abbreviation,
    "view": _view,
    "sub": lambda to, text: f"<sub>{text}</sub>",
    "sup": lambda to, text: f"<sup>{text}</sup>",
    **{f"py:{kind}": _python for kind in ("class", "func", "meth", "mod", "attr", "data")},
}


def _words_and_target(text: str) -> tuple[str, str]:
    """`words <target>`, or the target alone."""
    found = _WITH_TARGET.fullmatch(text)
    return (found[1], found[2].strip()) if found else ("", text.strip())
