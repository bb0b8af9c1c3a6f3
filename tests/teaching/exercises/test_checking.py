"""Feedback for exercises: answers right, wrong, recognized, absent, and of another type."""

import re
import sys
from dataclasses import replace
from fractions import Fraction
from functools import cache
from types import ModuleType

import nbformat
import numpy as np
import pytest

from lossbook.teaching import exercises as checking
from lossbook.teaching.exercises import Exercise, Mistake, check

from ...paths import NOTEBOOKS

RESIDUALS = np.array([1.0, 5.0, 10.0, 50.0])


def square_error(y, p):
    return np.mean((y - p) ** 2)


NUMBER = Exercise(
    "demo.sum-or-mean",
    "number",
    answer=lambda: np.mean(RESIDUALS**2),
    right="The mean does not grow with the number of samples.",
    hint="Square first, then average.",
    mistakes=[
        Mistake(lambda: np.sum(RESIDUALS**2), "that is the sum; the loss is the mean."),
        (lambda: np.mean(RESIDUALS) ** 2, "that squares the mean; average the squares."),
    ],
)
CHOICE = Exercise(
    "demo.best-constant",
    "choice",
    answer=lambda: "a" if square_error(RESIDUALS, 16.5) < square_error(RESIDUALS, 7.5) else "b",
    choices={"a": "the mean", "b": "the median", "c": "the mode"},
    mistakes=[(lambda: "b", "the median minimizes the absolute error.")],
)
ARRAY = Exercise(
    "demo.gradient",
    "array",
    answer=lambda: 2 * RESIDUALS / RESIDUALS.size,
    mistakes=[(lambda: 2 * RESIDUALS, "you left out the 1/n.")],
)
FUNCTION = Exercise(
    "demo.write-mse",
    "function",
    answer=square_error,
    inputs=[
        (np.array([1.0, 2.0]), np.array([1.0, 4.0])),
        (np.array([0.0]), np.array([1e-200])),
        (np.array([1.0, 2.0, 3.0]), np.array([3.0, 2.0, 1.0])),
    ],
    mistakes=[(lambda y, p: np.sum((y - p) ** 2), "that is the sum; divide by n.")],
    hint="np.mean averages.",
)


@pytest.fixture(autouse=True)
def demo_chapter(monkeypatch):
    module = ModuleType("lossbook.teaching.exercises.answers.demo")
    module.EXERCISES = [NUMBER, CHOICE, ARRAY, FUNCTION]
    module.__spec__ = type(sys.__spec__)("lossbook.teaching.exercises.answers.demo", None)
    monkeypatch.setitem(sys.modules, "lossbook.teaching.exercises.answers.demo", module)


def said(capsys, key, answer):
    assert check(key, answer) is None
    return capsys.readouterr().out


@pytest.mark.parametrize("exercise", [NUMBER, CHOICE, ARRAY, FUNCTION])
@pytest.mark.parametrize("stub", [..., None])
def test_stub_is_no_error(capsys, exercise, stub):
    out = said(capsys, exercise.key, stub)
    assert out == f"… {exercise.key}: not answered yet. Replace the ... by your answer.\n"


@pytest.mark.parametrize(
    "answer",
    [656.5, np.float64(656.5), np.float32(656.5), np.array(656.5), 656.5 + 6e-4, Fraction(1313, 2)],
)
def test_number_right(capsys, answer):
    out = said(capsys, "demo.sum-or-mean", answer)
    expected = "✓ demo.sum-or-mean: right. The mean does not grow with the number of samples.\n"
    assert out == expected


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (2626, "that is the sum; the loss is the mean."),
        (272.25, "that squares the mean; average the squares."),
        (-656.5, "the size is right; look at the sign."),
        (656, "656 is close, but not close enough: keep more digits."),
        (12, "12 is not it.\n  Hint: Square first, then average."),
        (float("nan"), "that is not a number (NaN)."),
        (float("inf"), "inf is not it."),
        (10**400, "inf is not it."),
        (Fraction(1, 4), "0.25 is not it."),
        ("656.5", "expected a number, not the string '656.5'."),
        (True, "expected a number, not a bool."),
        ([656.5], "expected a number, not a list."),
        (np.array([656.5]), "expected a number, not an array of the shape (1,)."),
        (1j, "expected a number, not a complex."),
        (np.mean, "expected a number, not a function."),
    ],
)
def test_number_wrong(capsys, answer, message):
    assert said(capsys, "demo.sum-or-mean", answer).startswith(f"✗ demo.sum-or-mean: {message}")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("the mean is larger.", "The mean is larger."),
        ("a temperature of 1.58.", "A temperature of 1.58."),
        ("k true labels share 1.", "k true labels share 1."),
        ("log 3: a third at best.", "log 3: a third at best."),
        ("log-odds of 1 to 49.", "Log-odds of 1 to 49."),
        ("pos_weight is 19.", "pos_weight is 19."),
        ("(1 + 4) / 2.", "(1 + 4) / 2."),
        ("", ""),
    ],
)
def test_what_is_said_of_a_right_answer_is_a_sentence(given, shown):
    exercise = Exercise("a.b", "number", lambda: 1.0, right=given)
    assert exercise.feedback(1).message == f"right. {shown}".rstrip()


def test_zero_and_infinite_answers():
    assert Exercise("a.b", "number", lambda: 0.0).feedback(0).right
    assert not Exercise("a.b", "number", lambda: 0.0).feedback(1e-6).right
    assert Exercise("a.b", "number", lambda: np.inf).feedback(np.inf).right
    assert not Exercise("a.b", "number", lambda: np.inf).feedback(1e300).right
    assert not Exercise("a.b", "number", lambda: np.inf).feedback(-np.inf).right


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("a", "right."),
        (" A ", "right."),
        ("b", "the median minimizes the absolute error."),
        ("c", "not c."),
        ("d", "'d' is not on offer; choose one of a, b, c."),
        (1, "expected one of a, b, c, in quotes, not an int."),
    ],
)
def test_choice(capsys, answer, message):
    mark = "✓" if message == "right." else "✗"
    assert said(capsys, "demo.best-constant", answer) == f"{mark} demo.best-constant: {message}\n"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ([0.5, 2.5, 5, 25], "right."),
        (RESIDUALS * 0.5, "right."),
        (RESIDUALS * 2, "you left out the 1/n."),
        (-RESIDUALS / 2, "the sizes are right; look at the sign."),
        ([0.5, 2.5, 5], "the shape is (3,); expected (4,)."),
        ([0.5, 2.5, 6, 25], "entries that differ: 1 of 4, the first at [2], where yours is 6."),
        (
            [0.5, 2.5, np.nan, 25],
            "entries that differ: 1 of 4, the first at [2], where yours is nan.",
        ),
        ("abc", "expected an array of 4 numbers, not the string 'abc'."),
        ([[1], [2, 3]], "expected an array of 4 numbers, not a list."),
    ],
)
def test_array(capsys, answer, message):
    mark = "✓" if message == "right." else "✗"
    assert said(capsys, "demo.gradient", answer) == f"{mark} demo.gradient: {message}\n"


def test_array_of_matrices_names_the_place():
    exercise = Exercise("a.b", "array", lambda: np.eye(2))
    assert "the first at [(1, 0)]" in str(exercise.feedback([[1, 0], [3, 1]]))


def returns_nothing(y, p):
    pass


def raises(y, p):
    raise ZeroDivisionError("division by zero")


def wrong_for_one_sample(y, p):
    return square_error(y, p) if len(y) > 1 else 7.0


def nothing_for_three(y, p):
    return square_error(y, p) if len(y) < 3 else None


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda y, p: ((y - p) @ (y - p)) / len(y), "right."),
        (lambda y, p: ..., "not answered yet."),
        (returns_nothing, "not answered yet."),
        (lambda y, p: ((y - p) ** 2).sum(), "that is the sum; divide by n."),
        (wrong_for_one_sample, "for ([0.], [1.e-200]) expected 0; yours gives 7."),
        (raises, "for ([1., 2.], [1., 4.]) your function raises ZeroDivisionError: division by"),
        (nothing_for_three, "for ([1., 2., 3.], [3., 2., 1.]) your function returns nothing."),
        (lambda y, p: (y - p) ** 2, "for ([1., 2.], [1., 4.]) expected a number; yours has the"),
        (lambda y, p: "2", "for ([1., 2.], [1., 4.]) expected numbers, not the string '2'."),
        (2.0, "expected a function, not a float."),
        (lambda y: y, "for ([1., 2.], [1., 4.]) your function raises TypeError"),
    ],
)
def test_function(capsys, answer, message):
    out = said(capsys, "demo.write-mse", answer)
    assert out.partition(": ")[2].startswith(message)


def test_function_may_not_spoil_the_inputs():
    def spoils(y, p):
        y -= p
        y *= y
        return y.mean()

    assert FUNCTION.feedback(spoils).right
    assert FUNCTION.feedback(square_error).right


def test_unknown_keys_name_the_nearest():
    with pytest.raises(KeyError, match=r"nearest: demo\.gradient"):
        check("demo.gradiant", 1)
    with pytest.raises(KeyError, match="no exercises for chapter 'nochapter'"):
        check("nochapter.thing", 1)
    with pytest.raises(KeyError, match="no exercises for chapter"):
        check("", 1)
    with pytest.raises(TypeError, match="key is 3; expected a string"):
        check(3, 1)


def test_every_known_key_is_found():
    assert [checking.find(e.key) for e in checking.exercises("demo")] == checking.exercises("demo")


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (("nodot", "number", float), "key is 'nodot'"),
        (("a.b", "essay", float), "kind of a.b is 'essay'; expected one of"),
        (("a.b", "function", float), "inputs of a.b are empty"),
        (("a.b", "choice", str), "choices of a.b hold"),
        (("a.b", "number", float, "", "", (), 0.0), "tolerance of a.b is 0.0"),
        *(
            (
                ("a.b", "number", float, "", "", (), 1e-6, bad),
                f"nearest of a.b is {bad}; expected a",
            )
            for bad in (-0.01, np.inf, np.nan)
        ),
        (
            ("a.b", "choice", str, "", "", (), 1e-6, 0.1, {"a": "", "b": ""}),
            "nearest of a.b is 0.1; expected a unit for numbers",
        ),
        (
            ("a.b", "function", float, "", "", (), 1e-6, 0.1, {}, [(1,)]),
            "nearest of a.b is 0.1; expected a unit for numbers",
        ),
    ],
)
def test_malformed_exercises(arguments, match):
    with pytest.raises(ValueError, match=match):
        Exercise(*arguments)
    with pytest.raises(TypeError, match=r"answer of a\.b is 3; expected a function"):
        Exercise("a.b", "number", 3)
    for name in ("tolerance", "nearest"):
        for bad in ("0.01", None, True):
            with pytest.raises(TypeError, match=f"^{name} of a.b is {bad!r}; expected a number"):
                Exercise("a.b", "number", float, **{name: bad})


def test_answer_outside_the_choices_is_the_authors_error():
    exercise = Exercise("a.b", "choice", lambda: "z", choices={"a": "", "b": ""})
    with pytest.raises(ValueError, match=r"answer of a\.b is 'z'"):
        exercise.feedback("a")


# ---------------------------------------------------------------------------------- precision

ROUGH = Exercise(
    "a.rough",
    "number",
    lambda: 0.0772,
    nearest=0.01,
    mistakes=[(lambda: 0.31, "that is what is left")],
)
ROUGH_ARRAY = Exercise(
    "a.rows",
    "array",
    lambda: [0.0772, -3.14159, np.inf],
    nearest=0.01,
    mistakes=[(lambda: [0.0772, 3.14159, np.inf], "the second has lost its sign")],
)


def close(value):
    return f"{value:g} is close, but not close enough: to the nearest 0.01."


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (0.08, "right."),
        (0.077, "right."),
        (0.0772 + 0.005, "right."),  # half a unit, whichever way it rounds
        (0.0772 - 0.005, "right."),
        (0.0772 + 0.00501, "0.08221 is not it."),
        (0.0772 - 0.00501, "0.07219 is not it."),
        (0.31, "that is what is left."),
        (0.314, "that is what is left."),
        (0.316, "0.316 is not it."),
        (-0.08, "the size is right; look at the sign."),
        (0.07, "0.07 is not it."),
        (np.nan, "that is not a number (NaN)."),
    ],
)
def test_a_number_to_the_nearest_unit(answer, message):
    assert ROUGH.feedback(answer).message == message


def test_a_number_that_is_nearly_near_enough_is_told_the_precision():
    exercise = Exercise("a.b", "number", lambda: 77.0, nearest=0.01)
    assert exercise.feedback(77.005).right and exercise.feedback(76.995).right
    assert exercise.feedback(77.006).message == close(77.006)
    assert (
        Exercise("a.b", "number", lambda: 77.0)
        .feedback(77.006)
        .message.endswith("keep more digits.")
    )


def test_the_precision_is_asked_for():
    assert ROUGH.asked == ROUGH_ARRAY.asked == "to the nearest 0.01" and NUMBER.asked == ""
    assert Exercise("a.b", "number", float, nearest=100).asked == "to the nearest 100"
    assert ROUGH.feedback(...).message.endswith("by your answer, to the nearest 0.01.")


def test_an_array_to_the_nearest_unit():
    def said(*answer):
        return ROUGH_ARRAY.feedback([*answer]).message

    assert said(0.08, -3.14, np.inf) == "right."
    assert said(0.0822, -3.14659, np.inf) == "right."
    wrong = "entries that differ: 1 of 3, the first at"
    assert said(0.0823, -3.14, np.inf) == f"{wrong} [0], where yours is 0.0823."
    assert said(0.08, -3.136, np.inf) == f"{wrong} [1], where yours is -3.136."
    assert said(0.08, -3.14, 1e300) == f"{wrong} [2], where yours is 1e+300."
    assert said(0.08, 3.14, np.inf) == "the second has lost its sign."
    assert said(-0.08, 3.14, -np.inf) == "the sizes are right; look at the sign."


def test_the_wider_of_tolerance_and_unit_counts():
    assert (
        Exercise("a.b", "number", lambda: 1000.0, nearest=0.01, tolerance=0.01).feedback(995).right
    )


# ---------------------------------------------------------------------------------- the book's own

EXERCISES = [e for name in checking.checking._chapters() for e in checking.exercises(name)]
KEYS = [e.key for e in EXERCISES]
NUMERIC = [e for e in EXERCISES if e.kind in ("number", "array")]
_NUMBER = re.compile(
    r"(?<![\w.^_/\\])([-−]?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?)(?!\w)(\s*(?:percent|%|\\%))?"
)
_truths = cache(lambda key: checking.find(key).answer())


@cache
def written():
    """key: what the chapter says with the exercise: its hint, and the comments of its solution."""
    found, hint = {}, None
    for path in NOTEBOOKS:
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown" and re.search(r"^:::+\{exercise\}", cell.source, re.M):
                hint = cell.source.partition(":::{dropdown}")[2].partition("\n:::")[0]
            elif hint is not None and "hide-cell" in cell.metadata.get("tags", []):
                key = re.search(r'\bcheck\(\s*"(.+?)"', cell.source)[1]
                found[key] = "\n".join([hint, *re.findall(r"# (.*)", cell.source)])
                hint = None
    return found


def as_answers(text, truth):
    """The numbers of a text that are the truth, rounded or cut off: at most a unit of the last digit away."""
    for shown, percent in _NUMBER.findall(text):
        digits, _, power = shown.replace("−", "-").replace(",", "").partition("e")
        scale = 10.0 ** int(power or 0) * (0.01 if percent else 1)
        value, unit = float(digits) * scale, 10.0 ** -len(digits.partition(".")[2]) * scale
        bare = len(digits.lstrip("-")) == 1 and not percent  # such as the 1 of "1 + y"
        off = abs(value - truth)
        if not bare and (off <= 0.02 * abs(truth) or off <= min(unit, 0.1 * abs(truth))):
            yield value


def refused(exercise, text, truth):
    """What the text gives as the answer, and the exercise does not take."""
    truth = np.asarray(truth, dtype=float)
    for place in np.ndindex(truth.shape):
        for value in as_answers(text, truth[place]):
            answer = truth.copy()
            answer[place] = value
            if not exercise.feedback(answer if truth.shape else answer.item()).right:
                yield value


def test_a_number_that_the_text_gives_as_the_answer_is_recognized():
    assert [*as_answers("8 percent of the way", 0.0772)] == [0.08]
    assert [*as_answers("about 0.61: better than 0.5", 0.6065)] == [0.61]
    assert [*as_answers("-1.31, or −1.305", -1.3052)] == [-1.31, -1.305]
    assert [*as_answers("1,234 francs, 8 a day", 1233.6)] == [1234]
    assert not [*as_answers("1 + y, and x_1, 2**0.61", 0.98)]
    for kind, truth in [("number", 0.0772), ("array", [0.0772, 3.0])]:
        sharp = Exercise("a.b", kind, lambda truth=truth: truth)
        assert [*refused(sharp, "8 percent", truth)] == [0.08]
        assert not [*refused(replace(sharp, nearest=0.01), "8 percent", truth)]


@pytest.mark.parametrize("exercise", NUMERIC, ids=lambda e: e.key)
def test_what_the_book_prints_as_the_answer_is_accepted(exercise):
    texts = f"{exercise.right}\n{exercise.hint}\n{written()[exercise.key]}"
    assert not [*refused(exercise, texts, _truths(exercise.key))]
    # the page of solutions shows six digits
    truth = np.asarray(_truths(exercise.key), dtype=float)
    shown = np.array([float(f"{v:g}") for v in truth.ravel()]).reshape(truth.shape)
    assert exercise.feedback(shown if truth.shape else shown.item()).right


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.key)
def test_the_answer_is_right_and_each_mistake_is_recognized(exercise):
    assert exercise.feedback(
        exercise.answer if exercise.kind == "function" else _truths(exercise.key)
    ).right
    for mistake in exercise.mistakes:
        wrong = mistake.wrong if exercise.kind == "function" else mistake.wrong()
        said = exercise.feedback(wrong)
        assert not said.right and said.message == mistake.message


def test_each_exercise_stands_in_a_chapter():
    assert sorted(KEYS) == sorted(written()) and len(set(KEYS)) == len(KEYS)
