"""Answers to the exercises, as they are typed into a page, and what Python says to them."""

import math
from dataclasses import replace
from functools import cache

import numpy as np

from lossbook.teaching import exercises
from lossbook.teaching.exercises import checking

from ..paths import NOTEBOOKS

CHAPTERS = [p.stem for p in NOTEBOOKS if p.stem in checking._chapters()]
EXERCISES = [e for c in CHAPTERS for e in exercises.exercises(c)]
# those answered in the page; some answers are fits of a model, and here each is worked out once
QUICK = {
    e.key: replace(
        e,
        answer=cache(e.answer),
        mistakes=[exercises.Mistake(cache(m.wrong), m.message) for m in e.mistakes],
    )
    for e in EXERCISES
    if e.kind != "function"
}
HERE = [e for e in EXERCISES if e.kind != "function"]

# Answers given one after the other, and what the page says to each.
ASK = """(asked) => asked.map(([key, typed]) => {
  const form = document.querySelector(`form[data-key="${key}"]`), said = form.querySelector(".answer-said");
  const field = form.querySelector("input[type=text]");
  if (field) field.value = typed;
  else form.querySelector(`input[value="${typed}"]`).checked = true;
  form.dispatchEvent(new Event("submit", { cancelable: true }));
  const text = (name) => said.querySelector(name)?.textContent || "";
  return [form.dataset.verdict, text(".answer-message"), text(".answer-hint"), text(".answer-read"),
          text(".answer-problem")];
})"""


def as_python_says(key, value):
    said = QUICK[key].feedback(value)
    return ["right" if said.right else "wrong", said.message, said.hint and f"Hint: {said.hint}"]


def floats(value):
    return [float(v) for v in np.asarray(value, dtype=float)]


def around(value, nearest):
    """Numbers within half a unit of the value, and just outside; none if no unit is asked."""
    units = (0.3, 0.499999, 0.5, 0.500001, 0.51, 0.7) if nearest else ()
    return [value + sign * unit * nearest for unit in units for sign in (1, -1)]


def answers_to(exercise, chance):
    """Answers of every sort: right ones, mistakes, near and far, special ones."""
    if exercise.kind == "choice":
        return [*exercise.choices]
    tolerance = exercise.tolerance
    factors = [
        1,
        -1,
        1.005,
        0.995,
        1 + tolerance / 2,
        1 + 2 * tolerance,
        1.02,
        -1.005,
        0,
        10,
        1e300,
    ]
    if exercise.kind == "number":
        truth = float(exercise.answer())
        wrong = [float(m.wrong()) for m in exercise.mistakes]
        special = [math.nan, math.inf, -math.inf, 0.0, -0.0, 1e-300, 5e-324, 1.7976931348623157e308]
        special += [12345678901234567890.0, 0.1 + 0.2, 100000.5, -123456.5, 1e-5, 0.00012345675]
        rest = [chance.gauss(0, 1) * 10 ** chance.uniform(-9, 9) for _ in range(20)]
        for value in (truth, -truth, *wrong):
            rest += around(value, exercise.nearest)
        return [truth, *wrong, *(truth * f for f in factors), *special, *rest]
    truth = floats(exercise.answer())
    wrong = [floats(m.wrong()) for m in exercise.mistakes]
    off = []
    for i in range(len(truth)):
        values = (math.nan, math.inf, -1.5, truth[i] * 1.005, truth[i] + tolerance, 1e7 / 3)
        for value in (*values, *around(truth[i], exercise.nearest)):
            off.append([*truth[:i], value, *truth[i + 1 :]])
    rest = [[chance.gauss(0, 5) for _ in truth] for _ in range(10)]
    scaled = [[t * f for t in truth] for f in factors]
    return [truth, *wrong, *scaled, *off, *rest, truth[:-1], [*truth, 1.0], truth[:1]]
