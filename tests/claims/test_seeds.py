"""The helper that holds a comparison over seeds refuses what is no comparison, and what is false."""

import ast
import json
import re

import numpy as np
import pytest

from ..paths import NOTEBOOKS, ROOT
from . import seeds
from .seeds import over_seeds


def spread(seed):
    """Values around 1, from 0.9 to 1.1."""
    return 1 + 0.05 * (seed % 5 - 2)


@pytest.mark.parametrize("seeds", [(), range(4), [0, 1, 2, 3, 3, 3]])
def test_fewer_than_five_seeds_are_refused(seeds):
    called = []
    with pytest.raises(AssertionError, match=r"^\d seeds; a comparison takes five or more"):
        over_seeds(called.append, above=0, seeds=seeds)
    assert not called


def test_a_seed_that_changes_nothing_is_refused():
    with pytest.raises(AssertionError, match="the seed changes nothing; values at the seeds"):
        over_seeds(lambda seed: 1.0, above=0)


def test_nothing_claimed_is_refused():
    with pytest.raises(AssertionError, match="nothing is claimed"):
        over_seeds(spread)


@pytest.mark.parametrize(
    ("claim", "says"),
    [
        ({"above": 0.9}, "greater 0.9: 4 of 5"),  # one value equals the limit
        ({"above": 0.95, "at_least": 4}, "greater 0.95: 3 of 5"),
        ({"below": 1.1}, "less 1.1: 4 of 5"),
        ({"below": 1.0, "at_least": 3}, "less 1.0: 2 of 5"),
        ({"mean_above": 0.95}, "mean above 0.95"),  # 1 less two standard errors is 0.929
        ({"mean_below": 1.05}, "mean below 1.05"),
        ({"above": 0, "mean_above": 1}, "mean above 1"),
    ],
)
def test_a_claim_that_fails_is_refused_and_the_values_are_shown(claim, says):
    with pytest.raises(AssertionError) as refused:
        over_seeds(spread, **claim)
    assert str(refused.value).startswith(says)
    assert "values at the seeds [0, 1, 2, 3, 4]: [0.9, 0.95, 1.0, 1.05, 1.1]" in str(refused.value)


@pytest.mark.parametrize(
    "claim",
    [
        {"above": 0.89, "below": 1.11},
        {"above": 0.9, "at_least": 4},
        {"below": 1.0, "at_least": 2},
        {"mean_above": 0.92, "mean_below": 1.08},
    ],
)
def test_a_claim_that_holds_gives_the_values(claim):
    values = over_seeds(spread, **claim)
    assert values.tolist() == [spread(seed) for seed in range(5)]


def test_each_seed_is_measured_once_and_in_its_order():
    called = []
    over_seeds(lambda seed: called.append(seed) or seed, above=2, seeds=(7, 3, 9, 4, 5))
    assert called == [7, 3, 9, 4, 5]


@pytest.mark.parametrize(
    "claim", [{"above": 0}, {"below": 2}, {"mean_above": 0}, {"mean_below": 2}]
)
def test_a_value_that_is_no_number_holds_nothing(claim):
    with pytest.raises(AssertionError):
        over_seeds(lambda seed: np.nan if seed == 3 else spread(seed), **claim)


NAMES = [p.stem for p in NOTEBOOKS if p.stem != "live_figures"]
#: the list of the helper's docstring: what it says of each chapter
LISTED = dict(re.findall(rf"^({'|'.join(NAMES)})\n((?:[- ] .*\n?)+)", seeds.__doc__ + "\n", re.M))


def functions_of(chapter):
    """The functions of a chapter's file of claims, by name."""
    tree = ast.parse((ROOT / "tests" / "claims" / f"test_{chapter}.py").read_text("utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def calls(node):
    return {n.func.id for n in ast.walk(node) if isinstance(n, ast.Call) and hasattr(n.func, "id")}


@pytest.mark.parametrize("chapter", NAMES)
def test_the_list_of_comparisons_is_whole(chapter):
    """What the list names is there, and each test that compares over seeds is named."""
    tests = functions_of(chapter)
    named = set(re.findall(r"`(test_\w+)`", LISTED[chapter]))
    assert named and named <= set(tests)
    helpers = {name for name, node in tests.items() if "over_seeds" in calls(node)}
    compares = {
        name
        for name, node in tests.items()
        if name.startswith("test_") and (name in helpers or calls(node) & helpers)
    }
    assert compares <= named


@pytest.mark.parametrize("chapter", NAMES)
def test_the_cells_of_the_list_are_there(chapter):
    cells = json.loads((ROOT / "chapters" / f"{chapter}.ipynb").read_text("utf-8"))["cells"]
    assert set(re.findall(r"the cell `([\w-]+)`", LISTED[chapter])) <= {c["id"] for c in cells}
