"""Which cells are taken for the solutions of exercises, and what is said where one is missing."""

from pkgutil import iter_modules

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from lossbook.teaching.exercises import answers, exercises, find, solutions

STUB, SOLUTION = 'answer = ...\ncheck("a.b", answer)', 'check("a.b", 3)'


def cells(*given):
    """The cells of a notebook; code in a pair with whether it is hidden."""
    for one in given:
        if isinstance(one, str):
            yield new_markdown_cell(one)
        else:
            yield new_code_cell(one[0], metadata={"tags": ["hide-cell"] * one[1]})


@pytest.mark.parametrize("fence", [":::", "::::", "```"])
def test_exercises_with_their_solutions_in_order(fence):
    asked = "Words.\n\n{0}{{exercise}} {1}\n{2}:label: ex-a_{1}\n\nHow many?\n{0}"
    made = cells(
        asked.format(fence, "One", ""),
        ("print(history)", False),
        (STUB, False),
        (SOLUTION, True),
        ("print(1)", True),
        asked.format(fence, "Two", ":class: hard\n"),
        ('check("a.c", ...)', False),
        ('check("a.c", 4)', True),
    )
    one, two = solutions.solved(made)
    assert one == solutions.Solved("One", "ex-a_One", "a.b", SOLUTION)
    assert (two.title, two.label, two.key) == ("Two", "ex-a_Two", "a.c")
    assert two.anchor == "solution-a-Two"


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ([], "the exercise ex-a has no hidden solution"),
        ([(STUB, False), ":::{exercise} B\n:label: ex-b\n:::"], "ex-a has no hidden solution"),
        (
            [(STUB, False), ("x = 3", True)],
            r"the solution of the exercise ex-a has no check\(\.\.\.\)",
        ),
    ],
)
def test_an_exercise_without_a_solution_is_named(after, said):
    with pytest.raises(ValueError, match=said):
        solutions.solved(cells(":::{exercise} A\n:label: ex-a\n:::", *after))


def test_a_page_that_asks_for_solutions_has_those_of_all_chapters_and_no_other_is_changed():
    items = [
        solutions.Solved(e.kind, f"ex-{e.key}", e.key, f'check("{e.key}", {n} + 1)')
        for n, e in enumerate(exercises("mse"))
    ]
    page = solutions.expanded(
        "# All\n\n```{solutions}\n```\n", [("One", items), ("Two", items[:1])]
    )
    assert page.startswith("# All\n\n## One\n\n(solution-")
    assert page.count("\n### ") == page.count("```ipython3\n") == len(items) + 1
    assert page.index("## Two") > page.index(f"\n{len(items) - 1} + 1\n")

    def never():
        raise AssertionError("the chapters were read")
        yield

    assert solutions.expanded("in words: {solutions}", never()) == "in words: {solutions}"


def test_the_answer_in_words():
    for exercise in exercises("training"):
        answer, chosen, right = solutions.in_words(exercise.key)
        assert right[:1] == right[:1].upper()
        assert bool(answer) == (exercise.kind != "function")
        assert bool(chosen) == (exercise.kind == "choice")
    assert solutions.in_words("training.bias")[0] == "−3.89"


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("significance.typical", "0.61"),
        ("comparisons.two-teams", "1.10"),  # 1.0986
        ("comparisons.cold", "0.3"),  # 0.30000000000000004
        ("conclusion.constants", "4, 2, 12, 2.79"),
        ("custom_losses.two-futures", "72"),
        ("optimization.sigmoids", "9.5e-07"),
    ],
)
def test_an_answer_has_the_digits_that_are_asked(key, answer):
    assert solutions.in_words(key)[0] == answer
    given = [float(v) for v in answer.split(", ")]
    assert find(key).feedback(given if len(given) > 1 else given[0]).right


def test_each_answer_in_words_is_right():
    for chapter in (m.name for m in iter_modules(answers.__path__)):
        for exercise in exercises(chapter):
            if exercise.kind == "number" and exercise.nearest:
                text = solutions.in_words(exercise.key)[0].replace("−", "-")
                assert exercise.feedback(float(text)).right, exercise.key


@pytest.mark.parametrize(
    ("code", "left"),
    [
        ('check("a.b", 3)', "3"),
        ('check("a.b", 3)  # why', "3  # why"),
        ('check(\n    "a.b", 1 / 4\n)  # why', "1 / 4  # why"),
        ('def f(x): ...\n\n\ncheck("a.b", f)', "def f(x): ..."),
        ('check("a.b", "c")\n\n\nx = 1', '"c"\n\n\nx = 1'),
        ('é = "–"; check("a.b", 2 * é)  # é', 'é = "–"; 2 * é  # é'),
        ("print(1)", "print(1)"),
    ],
)
def test_what_is_checked_stays_and_the_check_goes(code, left):
    assert solutions.unchecked(code) == left
