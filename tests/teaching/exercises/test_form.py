"""The form of an answer: its field, what the script is told, and what is counted."""

import json

import numpy as np
import pytest
from bs4 import BeautifulSoup

from lossbook.teaching.exercises import Exercise, exercises, find, form

NUMBER = Exercise(
    "a.b", "number", lambda: 0.5, right="R.", hint="H.", nearest=0.1, mistakes=[(lambda: 2, "M")]
)
CHOICE = Exercise("a.c", "choice", lambda: "<", choices={"<": "less & less", ">": "more"})
FUNCTION = Exercise("a.d", "function", lambda x: x, inputs=[(1,)])


def of(exercise, **more):
    return BeautifulSoup(form.answer_form(exercise, "ex-a", **more), "html.parser")


def told(exercise):
    return json.loads(of(exercise).form["data-exercise"])


def test_a_number_is_typed_and_the_script_is_told_what_judges_it():
    made = of(NUMBER)
    assert made.label.text == "Your answer, to the nearest 0.1"
    assert made.label["for"] == made.input["id"] == "answer-ex-a"
    assert made.find(id=made.input["aria-describedby"])["aria-live"] == "polite"
    assert told(NUMBER) == {
        "kind": "number",
        "answer": [0.5],
        "tolerance": 1e-6,
        "nearest": 0.1,
        "asked": "to the nearest 0.1",
        "mistakes": [[[2.0], "M."]],
        "right": "R.",
        "hint": "H.",
    }


@pytest.mark.parametrize(
    ("answer", "keyboard"), [(0.5, "decimal"), (0, "decimal"), (-1, None), (float("nan"), None)]
)
def test_a_keyboard_without_a_minus_is_for_answers_that_need_none(answer, keyboard):
    assert of(Exercise("a.b", "number", lambda: answer)).input.get("inputmode") == keyboard


def test_the_numbers_of_an_array_may_be_infinite_and_stand_in_a_line():
    line = Exercise("a.b", "array", lambda: np.array([1, np.inf, -np.inf, np.nan]))
    assert told(line)["answer"] == [1.0, "Infinity", "-Infinity", "NaN"]
    assert of(line).label.text == "Your answer, with commas between the numbers"
    with pytest.raises(ValueError, match=r"shape \(2, 2\)"):
        form.answer_form(Exercise("a.b", "array", lambda: np.eye(2)), "ex-a")


def test_a_choice_is_one_of_those_on_offer():
    made = of(CHOICE)
    assert [i["value"] for i in made.select("input[type=radio]")] == ["<", ">"]
    assert made.select_one("label span").text == "< less & less"
    assert told(CHOICE)["answer"] == "<" and not made.select(".names")


def test_what_the_question_says_of_a_choice_stands_at_its_button():
    made = of(CHOICE, words={"<": "less than <i>x</i>"})
    assert [span.text for span in made.select("label span")] == ["< less than x", "> more"]
    assert made.select("label i")
    # where the question goes on saying it, the names stand in a row
    made = of(CHOICE, words={"<": "", ">": ""})
    assert [span.text.strip() for span in made.select(".names label span")] == ["<", ">"]


def test_a_function_has_no_form_and_leads_to_the_ways_that_there_are():
    made, launched = of(FUNCTION), of(FUNCTION, launch=True)
    assert not made.form and "make lab" in made.text and "launch button" not in made.text
    assert "launch button" in launched.text


def test_what_is_counted_is_answered_in_the_page():
    keys = [e.key for e in exercises("mse")]
    here = [key for key in keys if find(key).kind != "function"]
    assert here and len(keys) > len(here)
    line = BeautifulSoup(form.progress(keys), "html.parser")
    assert line.span["data-keys"].split() == here and line.progress["max"] == str(len(here))
    rest = len(keys) - len(here)
    assert f"; {rest} more {'is' if rest == 1 else 'are'} for the notebook" in line.text
    assert BeautifulSoup(form.progress(here), "html.parser").p.text.strip() == ""
    both = form.overall_progress([("a.html#x", "A & B", keys), ("c.html#y", "C", here[:1])])
    both = BeautifulSoup(both, "html.parser")
    assert [a.text for a in both.select("li a")] == ["A & B", "C"]
    assert both.progress["max"] == str(len(here) + 1) and both.button.text == "Clear my answers"


def test_the_keys_are_those_of_exercises():
    with pytest.raises(KeyError, match="no exercises for chapter"):
        form.progress(["nothing.at-all"])
    assert find("mse.by-hand").key in form.progress(["mse.by-hand"])
