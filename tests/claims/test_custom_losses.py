"""The listings of the chapter on custom losses that the book shows and does not run: PyTorch, Keras,
JAX. Each is cut out of the chapter and run where its library is installed."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lossbook import datasets, losses
from lossbook.models import LinearModel

CHAPTER = Path(__file__).parents[2] / "chapters" / "custom_losses.ipynb"


class Linex(losses.Loss):
    def __init__(self, *, a):
        self.a = a

    def pointwise(self, y_true, y_pred):
        x = self.a * (y_pred - y_true)
        return np.expm1(x) - x

    def gradient(self, y_true, y_pred):
        return self.a * np.expm1(self.a * (y_pred - y_true))


VALUE, GRADIENT = Linex(a=0.1).value_and_gradient(np.zeros(4), np.array([1.0, 5.0, 10.0, 50.0]))


def listing(name):
    cells = json.loads(CHAPTER.read_text("utf-8"))["cells"]
    text = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    found = re.findall(rf"^:::\{{tab-item\}} {name}\n```python\n(.*?)^```", text, re.S | re.M)
    assert len(found) == 1
    return found[0]


def printed(name):
    """The numbers that a listing prints, in order."""
    done = subprocess.run(
        [sys.executable, "-c", listing(name)],
        env={**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [float(x) for x in re.findall(r"-?\d+\.\d+(?:e-?\d+)?", done.stdout)]


def needs(module):
    missing = importlib.util.find_spec(module) is None
    return pytest.mark.skipif(missing, reason=f"{module} is not installed")


@pytest.mark.parametrize("name", ["PyTorch", "Keras", "JAX"])
def test_a_listing_is_valid_python_and_short(name):
    code = listing(name)
    compile(code, name, "exec")
    assert len(code.splitlines()) <= 24 and max(map(len, code.splitlines())) <= 92


@needs("torch")
def test_pytorch():
    np.testing.assert_allclose(printed("PyTorch"), [VALUE, *GRADIENT], rtol=1e-14)


@needs("jax")
def test_jax():
    np.testing.assert_allclose(printed("JAX"), [VALUE, *GRADIENT], rtol=1e-14)


@needs("keras")
@needs("jax")
def test_keras_returns_float32():
    (value,) = printed("Keras")
    assert value == pytest.approx(VALUE, rel=1e-6)
    assert value != pytest.approx(VALUE, rel=1e-9)


@pytest.mark.parametrize("seed", [1, 2])
def test_linex_and_pinball_tie_for_other_folds(seed):
    from sklearn.model_selection import KFold

    data = datasets.engel()
    linex = Linex(a=-0.02)
    harm = []
    for loss in (linex, losses.Pinball(quantile=0.8)):
        given = np.empty_like(data.y)
        for train, test in KFold(10, shuffle=True, random_state=seed).split(data.X):
            model = LinearModel().fit(data.X[train], data.y[train], loss)
            given[test] = model.predict(data.X[test])
        harm.append(linex(data.y, given))
    assert harm[0] == pytest.approx(harm[1], rel=0.02) and harm[0] == pytest.approx(1.51, abs=0.02)


def test_linex_near_zero_is_half_the_square():
    r = np.array([-30.0, 7.0, 100.0])
    square = (1e-5 * r) ** 2 / 2
    np.testing.assert_allclose(Linex(a=1e-5).pointwise(np.zeros(3), r), square, rtol=1e-3)


def test_the_mean_squared_errors_favor_small_numbers():
    """Always saying zero is never off by more than 100 percent; saying too much may be."""
    y = datasets.airline_passengers().y
    assert np.mean(np.abs(0 - y) / y) == 1.0 < np.mean(np.abs(622 - y) / y)


def test_barron_is_unbounded_exactly_for_nonnegative_alpha():
    far = [losses.Barron(alpha=a).pointwise(0.0, 1e200) for a in (1.0, 0.0, -1.0, -2.0)]
    assert far[0] > 1e199 and far[1] > 900 and far[2] == pytest.approx(3) and far[3] == 2
