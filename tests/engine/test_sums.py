"""The way in: what a loss knows of the engine, and what its first sum costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import lossbook.losses
from lossbook.losses.entries import FAMILIES

FOLDER = Path(lossbook.losses.__file__).parent
MATHEMATICS = {"contrast", "ctc", "differences", "divergence", "elementary", "lists", "logistic"}
MATHEMATICS |= {"pairs", "softmax", "vectors"}


def taken(path):
    """The modules of the engine that a file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and "_engine" in node.module:
            rest = node.module.partition("_engine")[2].strip(".")
            yield from [rest] if rest else [alias.name for alias in node.names]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_knows_nothing_of_the_speed_machinery(family):
    assert set(taken(FOLDER / f"{family}.py")) <= MATHEMATICS


def test_the_base_class_has_one_way_in():
    assert set(taken(FOLDER / "base.py")) == {"sums"}
    assert set(taken(FOLDER / "binary.py")) == {"elementary", "logistic", "pairs", "softmax"}


FIRST = """
import sys
import numpy as np
from lossbook import losses
y, p = np.zeros(3), np.ones(3)
before = set(sys.modules)
for loss in (losses.MeanSquaredError(), losses.Huber(), losses.PoissonNLL()):
    loss.value_and_gradient(y, p)
print(*(name for name in set(sys.modules) - before if name.startswith(("numpy", "lossbook"))))
"""


def test_the_first_sum_imports_nothing_more():
    """What it imported of NumPy once took longer than all else: 10 ms."""
    done = subprocess.run([sys.executable, "-c", FIRST], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
