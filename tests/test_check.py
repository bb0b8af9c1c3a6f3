"""Feedback for exercises: answers right, wrong, recognized, absent, and of another type."""

import sys
from types import ModuleType

import numpy as np
import pytest

from lossbook import check as checking
from lossbook.check import Exercise, Mistake, check

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
    module = ModuleType("lossbook.answers.demo")
    module.EXERCISES = [NUMBER, CHOICE, ARRAY, FUNCTION]
    module.__spec__ = type(sys.__spec__)("lossbook.answers.demo", None)
    monkeypatch.setitem(sys.modules, "lossbook.answers.demo", module)


def said(capsys, key, answer):
    assert check(key, answer) is None
    return capsys.readouterr().out


@pytest.mark.parametrize("exercise", [NUMBER, CHOICE, ARRAY, FUNCTION])
@pytest.mark.parametrize("stub", [..., None])
def test_stub_is_no_error(capsys, exercise, stub):
    out = said(capsys, exercise.key, stub)
    assert out == f"… {exercise.key}: not answered yet. Replace the ... by your answer.\n"


@pytest.mark.parametrize(
    "answer", [656.5, np.float64(656.5), np.float32(656.5), np.array(656.5), 656.5 + 6e-4]
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
    ],
)
def test_malformed_exercises(arguments, match):
    with pytest.raises(ValueError, match=match):
        Exercise(*arguments)
    with pytest.raises(TypeError, match=r"answer of a\.b is 3; expected a function"):
        Exercise("a.b", "number", 3)


def test_answer_outside_the_choices_is_the_authors_error():
    exercise = Exercise("a.b", "choice", lambda: "z", choices={"a": "", "b": ""})
    with pytest.raises(ValueError, match=r"answer of a\.b is 'z'"):
        exercise.feedback("a")
