"""`pip install lossbook` brings NumPy and SciPy: all works with them, and what needs more names its extra."""

import json
import subprocess
import sys
import tomllib

import pytest

from .figures import ROOT

EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
    "optional-dependencies"
]
CODE = r"""
import json, sys
from importlib.abc import MetaPathFinder
from importlib.metadata import packages_distributions

others = {*packages_distributions(), "live_figures"} - {"numpy", "scipy", "lossbook"}

class NothingElse(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in others:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, NothingElse())
sys.path.insert(0, sys.argv[1])
import numpy as np
from lossbook import custom, datasets, losses, metrics, models, optim, penalties

said, X = {}, np.array([[0.0], [1.0], [2.0]])
for loss in (losses.MeanSquaredError(), losses.MeanAbsoluteError(), losses.Huber(delta=1.0)):
    said[repr(loss)] = models.LinearModel().fit(X, X[:, 0], loss, penalties.L1(1e-9)).stopped
net = models.MLP((1, 1)).fit(X, X[:, 0], losses.MeanSquaredError(), optimizer=optim.Adam(), epochs=2)
said["epochs"] = net.history.epochs
said["r_squared"] = metrics.r_squared(X[:, 0], X[:, 0])
said["own"] = [len(make().y) for make in (datasets.engel, datasets.hubble, datasets.telephone_calls)]
own = custom.from_function(lambda y_true, y_pred: (y_pred - y_true) ** 2)
said["value"] = own([0.0], [2.0])
descent = optim.GradientDescent(0.1)
calls = {
    "diabetes": datasets.diabetes,
    "breast_cancer": datasets.breast_cancer,
    "digits": datasets.digits,
    "two_moons": datasets.two_moons,
    "gradient": lambda: own.gradient([0.0], [2.0]),
    "hessian": lambda: own.hessian([0.0], [2.0]),
    "fit": lambda: models.LinearModel().fit(X, X[:, 0], own, optimizer=descent),
    "minimize": lambda: optim.minimize(lambda x: (x @ x, 2 * x), [1.0], descent, progress=True),
    "train": lambda: models.train(net, X, X[:, 0], losses.MeanSquaredError(), progress=True),
}
for name, call in calls.items():
    try:
        said[name] = repr(call())
    except Exception as error:
        said[name] = f"{type(error).__name__}: {error}"
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What the package says where NumPy and SciPy are all there is."""
    command = [sys.executable, "-I", "-W", "ignore", "-c", CODE, str(ROOT)]
    done = subprocess.run(
        command, cwd=tmp_path_factory.mktemp("bare"), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_it_works_with_numpy_and_scipy_alone(said):
    assert [said[name] for name in said if name.endswith(")")] == ["converged"] * 3
    assert said["epochs"] == 2 and said["r_squared"] == 1.0 and said["value"] == 4.0
    assert said["own"] == [235, 24, 24]


@pytest.mark.parametrize(
    ("call", "library", "extra"),
    [
        *((name, "scikit-learn", "datasets") for name in ("diabetes", "digits", "two_moons")),
        ("breast_cancer", "scikit-learn", "datasets"),
        *((name, "autograd", "autograd") for name in ("gradient", "hessian", "fit")),
        *((name, "tqdm", "progress") for name in ("minimize", "train")),
    ],
)
def test_what_is_missing_names_its_extra(said, call, library, extra):
    assert said[call].startswith("ModuleNotFoundError: ")
    assert f'needs {library}, which is not installed: pip install "lossbook[{extra}]"' in said[call]
    assert any(requirement.startswith(library) for requirement in EXTRAS[extra])
