"""Instant feedback for exercises: `check("mse.sum-or-mean", answer)` prints what it thinks.

The right answer is computed when it is needed, never stored. A wrong answer of a known kind is told
what it is ("that is the sum; the loss is the mean"). A stub still holding `...` passes in peace.
"""

from __future__ import annotations

import copy
import difflib
import math
import numbers
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

__all__ = ["Exercise", "Feedback", "Mistake", "check", "exercises", "feedback", "find"]

_MARKS = {"right": "✓", "wrong": "✗", "unanswered": "…"}


@dataclass(frozen=True)
class Mistake:
    """A wrong answer worth recognizing.

    Parameters
    ----------
    wrong : callable
        How it comes about: a function without arguments that returns it; for the kind "function", a
        function that is wrong in this way.
    message : str
        What to tell the reader.

    Examples
    --------
    >>> Mistake(lambda: 6.0, "that is the sum; the loss is the mean").wrong()
    6.0
    """

    wrong: Callable[..., Any]
    message: str


@dataclass(frozen=True)
class Feedback:
    """What `check` prints.

    Parameters
    ----------
    key : str
        The key of the exercise.
    status : {"right", "wrong", "unanswered"}
        What the answer is.
    message : str
        What to tell the reader.
    hint : str, optional
        What may help; often empty.

    Examples
    --------
    >>> print(Feedback("mse.sum-or-mean", "wrong", "6 is not it.", "Divide by n."))
    ✗ mse.sum-or-mean: 6 is not it.
      Hint: Divide by n.
    """

    key: str
    status: str
    message: str
    hint: str = ""

    @property
    def right(self) -> bool:
        """Whether the answer is right."""
        return self.status == "right"

    def __str__(self) -> str:
        lines = [f"{_MARKS[self.status]} {self.key}: {self.message}"]
        if self.hint:
            lines.append(f"  Hint: {self.hint}")
        return "\n".join(lines)


@dataclass(frozen=True)
class Exercise:
    """An exercise whose answer can be checked.

    Parameters
    ----------
    key : str
        Its name, "chapter.name".
    kind : {"number", "choice", "array", "function"}
        What is asked for.
    answer : callable
        How the right answer is computed: a function without arguments, or, for the kind "function",
        the function that the reader is asked to write.
    right : str, optional
        What to say when the answer is right.
    hint : str, optional
        What to say when it is wrong and not recognized.
    mistakes : sequence of Mistake, or of pairs (callable, str)
        The wrong answers worth recognizing, the likeliest first.
    tolerance : float, default 1e-6
        The largest accepted difference, relative to the larger of 1e-12 and the right value (for
        arrays: to the right array's largest magnitude); above 0.
    nearest : float, default 0.0
        The unit to which a number or the numbers of an array are asked, such as 0.01; the answer may
        then be off by half of it. The page and the notebook say so.
    choices : dict of str to str
        For the kind "choice", the letters or words to choose from, each with its text.
    inputs : sequence of tuple
        For the kind "function", tuples of arguments to try, edge cases included.

    Raises
    ------
    TypeError, ValueError
        If a parameter is not as above, or what the kind needs is missing.

    Examples
    --------
    >>> exercise = Exercise("demo.mean", "number", lambda: 2.0, right="It is the mean.",
    ...                     mistakes=[(lambda: 6.0, "that is the sum")])
    >>> print(exercise.feedback(2.0), exercise.feedback(6.0), sep="\\n")
    ✓ demo.mean: right. It is the mean.
    ✗ demo.mean: that is the sum.
    """

    key: str
    kind: str
    answer: Callable[..., Any]
    right: str = ""
    hint: str = ""
    mistakes: Sequence[Any] = ()
    tolerance: float = 1e-6
    nearest: float = 0.0
    choices: Mapping[str, str] = field(default_factory=dict)
    inputs: Sequence[tuple[Any, ...]] = ()

    def __post_init__(self) -> None:
        if not (isinstance(self.key, str) and all(self.key.partition("."))):
            raise ValueError(f"key is {self.key!r}; expected 'chapter.name'")
        if self.kind not in _JUDGES:
            raise ValueError(f"kind of {self.key} is {self.kind!r}; expected one of {[*_JUDGES]}")
        if not callable(self.answer):
            raise TypeError(f"answer of {self.key} is {self.answer!r}; expected a function")
        for name in ("tolerance", "nearest"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, numbers.Real):
                raise TypeError(f"{name} of {self.key} is {value!r}; expected a number")
        if not self.tolerance > 0:
            raise ValueError(f"tolerance of {self.key} is {self.tolerance}; expected more than 0")
        if not 0 <= self.nearest < np.inf or (
            self.nearest and self.kind not in ("number", "array")
        ):
            raise ValueError(
                f"nearest of {self.key} is {self.nearest}; expected a unit for numbers, or 0"
            )
        if self.kind == "choice" and len(self.choices) < 2:
            raise ValueError(f"choices of {self.key} hold {self.choices}; expected two or more")
        if self.kind == "function" and not self.inputs:
            raise ValueError(f"inputs of {self.key} are empty; expected tuples of arguments")
        pairs = (m if isinstance(m, Mistake) else Mistake(*m) for m in self.mistakes)
        sentences = (Mistake(m.wrong, m.message.removesuffix(".") + ".") for m in pairs)
        object.__setattr__(self, "mistakes", tuple(sentences))
        object.__setattr__(self, "right", _sentence(self.right))

    def feedback(self, answer: object) -> Feedback:
        """Judge an answer.

        Parameters
        ----------
        answer : object
            What the reader gave; `...` and None count as not given.

        Returns
        -------
        Feedback
            What to tell the reader.
        """
        if answer is ... or answer is None:
            return self._unanswered()
        return _JUDGES[self.kind](self, answer)

    def _unanswered(self) -> Feedback:
        message = "not answered yet. Replace the ... by your answer"
        return Feedback(self.key, "unanswered", f"{message}{self.asked and ', ' + self.asked}.")

    @property
    def asked(self) -> str:
        """The precision asked, in words; empty where the answer is exact."""
        return f"to the nearest {self.nearest:g}" if self.nearest else ""

    def _close(self, given: Any, truth: Any) -> bool:
        return _close(given, truth, self.tolerance, self.nearest)

    def _right(self) -> Feedback:
        return Feedback(self.key, "right", f"right. {self.right}".rstrip())

    def _wrong(self, message: str, hint: str | None = None) -> Feedback:
        return Feedback(self.key, "wrong", message, self.hint if hint is None else hint)


def _judge_number(exercise: Exercise, answer: Any) -> Feedback:
    """Judge a number: right, a known mistake, the wrong sign, or nearly right."""
    if isinstance(answer, np.ndarray) and answer.ndim == 0:
        answer = answer[()]
    if isinstance(answer, bool | np.bool_) or not isinstance(answer, numbers.Real):
        return exercise._wrong(f"expected a number, not {_describe(answer)}.", hint="")
    try:
        answer = float(answer)
    except OverflowError:  # an integer beyond all floats
        answer = math.inf if answer > 0 else -math.inf
    truth = float(exercise.answer())
    if exercise._close(answer, truth):
        return exercise._right()
    for mistake in exercise.mistakes:
        if exercise._close(answer, float(mistake.wrong())):
            return exercise._wrong(mistake.message, hint="")
    if math.isnan(answer):
        return exercise._wrong("that is not a number (NaN).")
    if exercise._close(answer, -truth):
        return exercise._wrong("the size is right; look at the sign.")
    if _close(answer, truth, 0.01):
        return exercise._wrong(
            f"{answer:g} is close, but not close enough: {exercise.asked or 'keep more digits'}."
        )
    return exercise._wrong(f"{answer:g} is not it.")


def _judge_choice(exercise: Exercise, answer: Any) -> Feedback:
    """Judge the letter or word that was chosen."""
    names = ", ".join(exercise.choices)
    if not isinstance(answer, str):
        return exercise._wrong(f"expected one of {names}, in quotes, not {_describe(answer)}.", "")
    chosen = {name.casefold(): name for name in exercise.choices}.get(answer.strip().casefold())
    if chosen is None:
        return exercise._wrong(f"{answer!r} is not on offer; choose one of {names}.", hint="")
    truth = exercise.answer()
    if truth not in exercise.choices:
        raise ValueError(f"answer of {exercise.key} is {truth!r}; expected one of {names}")
    if chosen == truth:
        return exercise._right()
    for mistake in exercise.mistakes:
        if chosen == mistake.wrong():
            return exercise._wrong(mistake.message, hint="")
    return exercise._wrong(f"not {chosen}.")


def _judge_array(exercise: Exercise, answer: Any) -> Feedback:
    """Judge an array, and say where it first differs."""
    truth = np.asarray(exercise.answer(), dtype=float)
    given = _numeric(answer)
    if given is None:
        expected = f"an array of {truth.size} numbers"
        return exercise._wrong(f"expected {expected}, not {_describe(answer)}.", hint="")
    if exercise._close(given, truth):
        return exercise._right()
    for mistake in exercise.mistakes:
        if exercise._close(given, np.asarray(mistake.wrong(), dtype=float)):
            return exercise._wrong(mistake.message, hint="")
    if given.shape != truth.shape:
        return exercise._wrong(f"the shape is {given.shape}; expected {truth.shape}.")
    if exercise._close(given, -truth):
        return exercise._wrong("the sizes are right; look at the sign.")
    off = ~_near(given, truth, exercise.tolerance, exercise.nearest)
    where = tuple(int(i) for i in np.argwhere(off)[0])
    label = where[0] if len(where) == 1 else where
    count = f"entries that differ: {off.sum()} of {truth.size}"
    return exercise._wrong(f"{count}, the first at [{label}], where yours is {given[where]:g}.")


def _judge_function(exercise: Exercise, answer: Any) -> Feedback:
    """Judge a function by what it returns for the inputs."""
    if not callable(answer):
        return exercise._wrong(f"expected a function, not {_describe(answer)}.", hint="")
    results: list[Any] = []
    for arguments in exercise.inputs:
        try:
            result = answer(*copy.deepcopy(arguments))
        except Exception as error:  # the reader's code may raise anything
            shown = f"{type(error).__name__}: {error}".strip().splitlines()[0]
            return exercise._wrong(f"for {_show(arguments)} your function raises {shown}")
        if result is ... or result is None:
            if not results:
                return exercise._unanswered()
            return exercise._wrong(f"for {_show(arguments)} your function returns nothing.")
        results.append(result)
    difference = _first_difference(exercise, results, exercise.answer)
    if difference is None:
        return exercise._right()
    for mistake in exercise.mistakes:
        if _first_difference(exercise, results, mistake.wrong) is None:
            return exercise._wrong(mistake.message, hint="")
    return exercise._wrong(difference)


def _first_difference(
    exercise: Exercise, results: list[Any], reference: Callable[..., Any]
) -> str | None:
    """Where the results differ from those of the reference function, in words; None if nowhere."""
    for arguments, result in zip(exercise.inputs, results, strict=True):
        truth = np.asarray(reference(*copy.deepcopy(arguments)), dtype=float)
        given = _numeric(result)
        if given is None:
            return f"for {_show(arguments)} expected numbers, not {_describe(result)}."
        if given.shape != truth.shape:
            shape = "a number" if truth.shape == () else f"the shape {truth.shape}"
            return f"for {_show(arguments)} expected {shape}; yours has the shape {given.shape}."
        if not exercise._close(given, truth):
            return f"for {_show(arguments)} expected {_show(truth)}; yours gives {_show(given)}."
    return None


_JUDGES = {
    "number": _judge_number,
    "choice": _judge_choice,
    "array": _judge_array,
    "function": _judge_function,
}


def check(key: str, answer: object) -> None:
    """Print at once whether an answer is right, and if not, what it is.

    Parameters
    ----------
    key : str
        The key of the exercise, "chapter.name".
    answer : object
        A number, a choice, an array or a function, as the exercise asks; `...` counts as not given.

    Raises
    ------
    KeyError
        If there is no such exercise; the error names the nearest keys.

    Examples
    --------
    >>> check("mse.by-hand", ...)
    … mse.by-hand: not answered yet. Replace the ... by your answer.
    """
    print(feedback(key, answer))


def feedback(key: str, answer: object) -> Feedback:
    """What `check` prints, as an object.

    Parameters
    ----------
    key : str
        The key of the exercise, "chapter.name".
    answer : object
        What the reader gave.

    Returns
    -------
    Feedback
        What to tell the reader.

    Raises
    ------
    KeyError
        If there is no such exercise; the error names the nearest keys.

    Examples
    --------
    >>> feedback("mse.by-hand", ...).status
    'unanswered'
    """
    return find(key).feedback(answer)


def find(key: str) -> Exercise:
    """The exercise of a key, from `lossbook.teaching.exercises.answers.<chapter>`.

    Parameters
    ----------
    key : str
        The key of the exercise, "chapter.name".

    Returns
    -------
    Exercise
        The exercise with its answer.

    Raises
    ------
    KeyError
        If there is no such exercise; the error names the nearest keys.
    TypeError
        If the key is no string.

    Examples
    --------
    >>> find("mse.by-hand").kind
    'number'
    """
    if not isinstance(key, str):
        raise TypeError(f"key is {key!r}; expected a string such as 'mse.sum-or-mean'")
    chapter = key.partition(".")[0]
    if (
        not chapter.isidentifier()
        or find_spec(f"lossbook.teaching.exercises.answers.{chapter}") is None
    ):
        chapters = _chapters()
        near = difflib.get_close_matches(chapter, chapters) or chapters
        raise KeyError(f"key is {key!r}: no exercises for chapter {chapter!r}; there are {near}")
    known = {exercise.key: exercise for exercise in exercises(chapter)}
    if key not in known:
        near = difflib.get_close_matches(key, known, n=3, cutoff=0.4) or [*known]
        raise KeyError(f"key is {key!r}: no such exercise; nearest: {', '.join(near)}")
    return known[key]


def exercises(chapter: str) -> list[Exercise]:
    """The exercises of a chapter, in its order.

    Parameters
    ----------
    chapter : str
        The name of the chapter's file, such as "mse".

    Returns
    -------
    list of Exercise
        The list `EXERCISES` of the chapter's answers.

    Examples
    --------
    >>> exercises("mse")[0].key
    'mse.by-hand'
    """
    return import_module(f"lossbook.teaching.exercises.answers.{chapter}").EXERCISES


def _chapters() -> list[str]:
    """The chapters that have exercises."""
    from pkgutil import iter_modules

    from . import answers

    return sorted(module.name for module in iter_modules(answers.__path__))


def _sentence(text: str) -> str:
    """Text with a capital, unless it begins with a symbol: log 3, k labels."""
    symbol = re.match(r"(?!a\b)(\w|log)\b(?!-)|\w+[(_.]", text)
    return text if symbol else text[:1].upper() + text[1:]


def _close(given: Any, truth: Any, tolerance: float, nearest: float = 0.0) -> bool:
    """Equal shapes, and nowhere further apart than is allowed; infinities must match."""
    given, truth = np.asarray(given, dtype=float), np.asarray(truth, dtype=float)
    return given.shape == truth.shape and bool(_near(given, truth, tolerance, nearest).all())


def _near(given: np.ndarray, truth: np.ndarray, tolerance: float, nearest: float) -> np.ndarray:
    """Which numbers are as near to the truth as is asked; half a unit counts, whichever way it rounds."""
    finite = np.abs(truth[np.isfinite(truth)])
    limit = max(tolerance * max(1e-12, finite.max(initial=0)), nearest / 2 * (1 + 1e-9))
    with np.errstate(invalid="ignore"):
        near = np.abs(given - truth) <= limit
    return near | (given == truth) | (np.isnan(given) & np.isnan(truth))


def _numeric(value: Any) -> np.ndarray | None:
    """The value as an array of floats, or None if it is no such thing."""
    try:
        array = np.asarray(value)
    except ValueError:
        return None
    return array.astype(float) if array.dtype.kind in "iuf" else None


def _describe(value: object) -> str:
    """What a value is, in words."""
    if isinstance(value, type) or callable(value):
        return "a function"
    if isinstance(value, str):
        return f"the string {value!r}"
    if isinstance(value, np.ndarray):
        return f"an array of the shape {value.shape}"
    article = "an" if type(value).__name__[0] in "aeiou" else "a"
    return f"{article} {type(value).__name__}"


def _show(value: Any) -> str:
    """A short, stable text for a number, an array or a tuple of arguments."""
    if isinstance(value, tuple):
        return f"({', '.join(map(_show, value))})"
    if (isinstance(value, np.ndarray) and value.ndim == 0) or isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, np.ndarray):
        return np.array2string(value, precision=6, separator=", ", threshold=8)
    return repr(value)
