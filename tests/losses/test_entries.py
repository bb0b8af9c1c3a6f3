"""One entry a loss, one loss an entry; and a loss is its docstring and its formulas, on one screen."""

import ast
import dataclasses
import importlib
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.cases import instances, instances_of_several
from lossbook import losses
from lossbook.losses import Facts
from lossbook.losses.entries import FAMILIES, entry_of
from lossbook.losses.entries.entry import Entry

FOLDER = Path(losses.__file__).parent
OF_FACTS = {field.name for field in dataclasses.fields(Facts)}
MAY_BE_EMPTY = {"kinks", "where", "peers", "beyond"}


def entries():
    """(family, name, entry) of all."""
    for family in FAMILIES:
        module = importlib.import_module(f"lossbook.losses.entries.{family}")
        yield from ((family, name, entry) for name, entry in module.ENTRIES.items())


def test_every_loss_has_one_entry_and_every_entry_a_loss_of_its_module():
    told = sorted((f"lossbook.losses.{family}", name) for family, name, _ in entries())
    assert told == sorted((cls.__module__, cls.__name__) for cls in losses.all_losses())


def test_every_module_of_entries_is_read():
    modules = {path.stem for path in (FOLDER / "entries").glob("*.py")}
    assert modules == {*FAMILIES, "__init__", "entry", "facts"}
    assert {path.stem for path in FOLDER.glob("*.py")} >= set(FAMILIES)


def test_nothing_can_be_left_out():
    assert {field.name for field in dataclasses.fields(Entry)} > OF_FACTS
    some = entry_of(losses.Huber)
    full = {field.name: getattr(some, field.name) for field in dataclasses.fields(Entry)}
    assert Entry(**full) == some
    for name in full:
        rest = {key: value for key, value in full.items() if key != name}
        if name in MAY_BE_EMPTY:
            assert not getattr(Entry(**rest), name)
        else:
            with pytest.raises(TypeError, match=name):
                Entry(**rest)


#: the questions that a task leaves open, for all of its losses or for some; all others are answered
OPEN = {
    "regression": {"strictly_proper", "proper", "classification_calibrated", "link", "noise"},
    "binary classification": {
        "best_constant", "noise", "symmetric", "link", "lipschitz", "gradient_lipschitz"
    },
    "classification": {"best_constant", "noise", "symmetric", "link", "lipschitz"},
    "embeddings": {
        "best_constant", "noise", "symmetric", "strictly_proper", "proper",
        "classification_calibrated", "link", "lipschitz",
    },
    "sequence labeling": {
        "best_constant", "noise", "symmetric", "strictly_proper", "proper",
        "classification_calibrated", "link", "lipschitz", "gradient_lipschitz",
    },
    "count regression": {
        "strictly_proper", "proper", "classification_calibrated", "link", "symmetric"
    },
    "regression with a variance": {
        "strictly_proper", "proper", "classification_calibrated", "link", "symmetric"
    },
    "preferences": {
        "best_constant", "noise", "symmetric", "link", "strictly_proper", "proper"
    },
    "ranking": {
        "best_constant", "noise", "symmetric", "strictly_proper", "proper", "link",
        "classification_calibrated", "lipschitz", "gradient_lipschitz"
    },
}  # fmt: skip


EVERY = [*instances(), *instances_of_several()]


@pytest.mark.parametrize("loss", EVERY, ids=repr)
def test_every_question_of_its_task_is_answered(loss):
    facts, entry = loss.facts, entry_of(type(loss))
    unanswered = {name for name in OF_FACTS if getattr(facts, name) is None}
    assert unanswered <= OPEN[facts.task]
    assert type(facts.convex) is type(facts.smooth) is bool
    for text in (entry.use, entry.avoid, entry.claim):
        assert re.fullmatch(r"\S.*[.]", text, re.S)


@pytest.mark.parametrize("task", OPEN)
def test_each_question_is_open_for_some_loss_of_the_task(task):
    """Or it should not be called open."""
    found = [loss.facts for loss in EVERY if loss.facts.task == task]
    for name in OPEN[task]:
        assert any(getattr(facts, name) is None for facts in found), name


def test_a_subclass_has_the_facts_of_its_class_and_its_own_hyperparameters():
    class Wide(losses.Huber):
        def __init__(self):
            super().__init__(delta=9.0)

    assert Wide().facts == losses.Huber(delta=9.0).facts


def test_what_a_user_names_like_a_loss_is_not_that_loss():
    huber = type("Huber", (losses.Loss,), {})
    assert huber.__name__ == "Huber" and huber().facts == Facts(name="Huber")
    module = type("Huber", (losses.Loss,), {"__module__": "mine.losses.regression"})
    assert module().facts == Facts(name="Huber")


def test_the_entries_are_not_read_with_the_package():
    code = (
        "import sys; from lossbook import losses; loss = losses.Huber(); "
        "read = lambda: [m for m in sys.modules if m.startswith('lossbook.losses.entries.')]; "
        "print(*read()); loss.facts; print(*read())"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    before, after = run.stdout.splitlines()
    assert before.split() == ["lossbook.losses.entries.facts"]
    assert set(after.split()) - set(before.split()) == {
        "lossbook.losses.entries.entry",
        "lossbook.losses.entries.regression",
    }


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: losses.Tukey(c=4.0), "Tukey has no hyperparameter 'c'; expected one of: scale"),
        (
            lambda: losses.PseudoHuber(delta=1.0),
            "no hyperparameter 'delta'; expected one of: scale",
        ),
        (lambda: losses.Barron(shape=1.0), "no hyperparameter 'shape'; expected .*: alpha, scale"),
        (lambda: losses.Hinge(margin=2.0), "Hinge has no hyperparameter 'margin'; .* none"),
        (lambda: losses.Huber(2.0), "Huber is given 2.0 without a name; .* by keyword: delta"),
    ],
)
def test_a_wrong_keyword_is_told_what_there_is(make, message):
    with pytest.raises(TypeError, match=message):
        make()


def test_the_error_of_a_hyperparameter_itself_is_kept():
    with pytest.raises(TypeError, match="delta is 'a'; expected a real number above 0"):
        losses.Huber(delta="a")


def _classes():
    for family in FAMILIES:
        path = FOLDER / f"{family}.py"
        text = path.read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.ClassDef) and hasattr(losses, node.name):
                yield pytest.param(node, text.splitlines(), id=node.name)


#: where losses whose rows meet have their formulas: value and gradient in one
OF_A_BATCH = {"_both", "_of_cosines"}
BATCHES = {c.__name__ for c in losses.all_losses() if issubclass(c, losses.BatchLoss)}
each_class = pytest.mark.parametrize("node, lines", list(_classes()))


def test_all_losses_are_looked_at():
    assert len(list(_classes())) == len(losses.all_losses())


@each_class
def test_a_loss_fits_on_one_screen(node, lines):
    assert node.end_lineno - node.lineno < 50
    defined = {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
    formulas = {"pointwise", "gradient", "hessian"}
    if issubclass(getattr(losses, node.name), losses.BatchLoss):
        assert len(defined & OF_A_BATCH) == 1
        assert defined <= {"__init__", "_check", "_row_weights", *OF_A_BATCH}
        return
    may = {"_both"} if issubclass(getattr(losses, node.name), losses.SeveralLoss) else set()
    assert {"pointwise", "gradient"} <= defined <= {"__init__", "_check", *formulas, *may}


@each_class
def test_a_formula_that_takes_more_than_a_line_begins_with_its_definition(node, lines):
    formulas = {"pointwise", *OF_A_BATCH} if node.name in BATCHES else {"pointwise"}
    (value,) = (part for part in node.body if getattr(part, "name", "") in formulas)
    if len(value.body) > 1:
        assert lines[value.lineno].strip().startswith("# ")


@each_class
def test_the_docstring_says_whether_there_is_a_second_derivative(node, lines):
    has = "hessian" in {getattr(part, "name", "") for part in node.body}
    assert has != ("No `hessian`" in ast.get_docstring(node))


@pytest.mark.parametrize("loss", instances(), ids=repr)
def test_a_loss_without_a_second_derivative_says_so_when_asked(loss):
    if "No `hessian`" in type(loss).__doc__:
        with pytest.raises(NotImplementedError, match=f"{type(loss).__name__} does not define"):
            loss.hessian(np.zeros(2), np.zeros((2, 2)))
