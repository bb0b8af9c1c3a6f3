"""A release: wheels and sdists build, hold what they should, and work where nothing else of the book is."""

import email
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
import yaml

from .paths import ROOT


class Distribution(NamedTuple):
    name: str
    folder: Path
    package: Path  # the folder that is imported
    beside: set[str]  # what its sdist holds beside the package

    @property
    def project(self):
        return tomllib.loads((self.folder / "pyproject.toml").read_text("utf-8"))["project"]

    @property
    def stem(self):
        return f"{self.package.name}-{self.project['version']}"

    def sources(self):
        """The files of the package, as they are imported."""
        paths = (path for path in self.package.rglob("*") if "__pycache__" not in path.parts)
        return {p.relative_to(self.package.parent).as_posix() for p in paths if p.is_file()}


def kept(folder):
    """The files below a folder that git keeps, or would."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return {name for name in done.stdout.splitlines() if (folder / name).exists()}


LIVE = ROOT / "live_figures"
OURS = {
    "lossbook": Distribution("lossbook", ROOT, ROOT / "lossbook", {"CITATION.cff"}),
    "live-figures": Distribution(
        "live-figures",
        LIVE,
        LIVE / "src" / "live_figures",
        {name for name in kept(LIVE) if not name.startswith("src/")},
    ),
}
each = pytest.mark.parametrize("ours", OURS.values(), ids=OURS)


def run(*command, cwd, fails=False, **variables):
    """A command that sees neither this checkout nor this environment's variables for Python."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | variables
    done = subprocess.run(list(map(str, command)), cwd=cwd, env=env, capture_output=True, text=True)
    assert (done.returncode != 0) == fails, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stderr if fails else done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with the sdists, and the wheels that were built from them."""
    folder = tmp_path_factory.mktemp("dist")
    for ours in OURS.values():
        options = ("--no-isolation", "--outdir", folder)
        run(sys.executable, "-m", "build", *options, ours.folder, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def environment(built, tmp_path_factory):
    """Makes a fresh environment with the named wheels, lying in and installed from folders with spaces."""

    def make(*names):
        folder = tmp_path_factory.mktemp("a clean place")
        run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
        python = folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
        wheels = [shutil.copy(built / f"{OURS[n].stem}-py3-none-any.whl", folder) for n in names]
        install = ("install", "--quiet", "--no-deps", "--no-index", *wheels)
        run(sys.executable, "-m", "pip", "--python", python, *install, cwd=folder)
        own = run(
            python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder
        )
        lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
        # behind its own packages; a .pth file there is not followed, so that no checkout gets in
        with open(os.path.join(own.strip(), "zz_lent.pth"), "w", encoding="utf-8") as file:
            file.write("\n".join(sorted(lent)) + "\n")
        return python

    return make


@pytest.fixture(scope="module")
def losses_only(environment):
    return environment("lossbook")


#: what the code that follows it may import; PLACE is where the packages of this project must lie
GUARD = """
import pathlib, socket, sys

def allowed(name):
    return {allowed}

class Guard:
    def find_spec(self, name, path=None, target=None):
        if not allowed(name.partition(".")[0]):
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

def refuse(*args, **kwargs):
    raise AssertionError("a network was asked for")

sys.meta_path.insert(0, Guard())
socket.socket.connect = refuse
"""
FEW = GUARD.format(
    allowed="name in sys.stdlib_module_names or name in ('numpy', 'scipy', 'lossbook')"
    " or name.startswith('_sysconfigdata')"  # the standard library's too
)
NO_BOOK = GUARD.format(
    allowed="name not in ('lossbook', 'scipy', 'sklearn', 'autograd', 'sphinx', 'myst_nb', 'tests')"
)
ANY = GUARD.format(allowed="True")


def members(path):
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as archive:
            return {name for name in archive.namelist() if not name.endswith("/")}
    with tarfile.open(path) as archive:
        return {m.name.partition("/")[2] for m in archive.getmembers() if m.isfile()}


def metadata(path):
    with zipfile.ZipFile(path) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(archive.read(name))


@each
def test_the_wheel_holds_the_package_and_nothing_else(built, ours):
    found = members(built / f"{ours.stem}-py3-none-any.whl")
    assert {name for name in found if ".dist-info/" not in name} == ours.sources()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in found)


@each
def test_the_sdist_holds_what_the_wheel_needs_and_nothing_of_the_book(built, ours):
    found = members(built / f"{ours.stem}.tar.gz")
    inside = ours.package.parent.relative_to(ours.folder)
    needed = {(inside / name).as_posix() for name in ours.sources()} | ours.beside
    needed |= {"pyproject.toml", "README.md", "LICENSE", "PKG-INFO"}
    assert needed <= found
    assert found - needed <= {".gitignore"}  # hatchling puts it in, to know what to leave out


def test_numpy_and_scipy_are_enough_for_the_losses(losses_only, tmp_path):
    code = (
        FEW
        + """
from lossbook import custom, datasets, losses, metrics, models, optim, penalties

assert pathlib.Path(losses.__file__).is_relative_to(sys.prefix), losses.__file__
print(losses.Huber(delta=1.0)([0.0, 0.0], [0.5, 3.0]), len(datasets.engel().y))
line = models.LinearModel().fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0], losses.MeanSquaredError())
print(round(line.intercept, 6), round(float(line.coef[0]), 6))
print(len(optim.minimize(lambda x: (float(x @ x), 2 * x), [1.0], optim.Adam(), steps=3).path))
"""
    )
    assert run(losses_only, "-I", "-c", code, cwd=tmp_path).split() == (
        ["1.3125", "235", "1.0", "2.0", "4"]
    )


@pytest.mark.parametrize(
    ("code", "extra", "missing"),
    [
        ("import lossbook.teaching", "teaching", "live_figures"),
        ("from lossbook.teaching.exercises import check", "teaching", "live_figures"),
        ("from lossbook import datasets; datasets.digits()", "datasets", "scikit-learn"),
        (
            "from lossbook import optim\n"
            "optim.minimize(lambda x: (0.0, x), [1.0], optim.Adam(), steps=1, progress=True)",
            "progress",
            "tqdm",
        ),
        (
            "from lossbook.custom import from_function\n"
            "from_function(lambda y, p: (y - p) ** 2).gradient([0.0], [1.0])",
            "autograd",
            "autograd",
        ),
    ],
)
def test_what_needs_more_names_the_extra_that_brings_it(
    losses_only, tmp_path, code, extra, missing
):
    said = run(losses_only, "-I", "-c", FEW + code, cwd=tmp_path, fails=True)
    last = said.strip().splitlines()[-1]
    assert last.startswith("ModuleNotFoundError: ")
    assert missing in last and f'pip install "lossbook[{extra}]"' in last


def test_each_extra_that_the_code_names_brings_that_library():
    found = set()
    for path in OURS["lossbook"].package.rglob("*.py"):
        found |= set(re.findall(r'\bextra\("([\w.]+)", "(\w+)"', path.read_text("utf-8")))
    assert len(found) >= 4
    distributions = {"sklearn": "scikit-learn", "live_figures": "live-figures"}
    for module, name in found:
        top = module.partition(".")[0]
        brought = OURS["lossbook"].project["optional-dependencies"][name]
        assert distributions.get(top, top) in {re.split(r"[>=<]", d)[0] for d in brought}


def test_live_figures_need_nothing_of_the_book(environment, tmp_path):
    code = (
        NO_BOOK
        + """
import importlib.metadata, importlib.resources
import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import live_figures
from live_figures import figure, handle, interact, pair

assert pathlib.Path(live_figures.__file__).is_relative_to(sys.prefix), live_figures.__file__

@interact(k=(1, 3))
def line(k=1):
    '''A line.

    It rises.
    '''
    fig, ax = plt.subplots()
    ax.plot([0, k])
    return fig

static = importlib.resources.files("live_figures") / "static"
for name in ("live-figure.js", "live-figure.css"):
    assert len((static / name).read_text("utf-8")) > 1000
print("version", importlib.metadata.version("live-figures"))
"""
    )
    said = run(environment("live-figures"), "-I", "-c", code, cwd=tmp_path)
    assert f"version {OURS['live-figures'].project['version']}" in said


def test_both_are_what_the_chapters_import(environment, tmp_path):
    code = (
        ANY
        + """
import importlib.metadata, unittest.mock
import lossbook
from lossbook import datasets, losses
from lossbook.teaching import cards, catalog, guide, style
from lossbook.teaching.exercises import check
from live_figures import interact

assert pathlib.Path(style.__file__).is_relative_to(sys.prefix), style.__file__
for name in datasets.__all__:
    if name.islower():
        print("data", name, len(getattr(datasets, name)().y))
with unittest.mock.patch("IPython.display.display") as display:
    cards.card(losses.Huber(delta=1.0))
print("card", display.call_args.args[0].data.count("loss-card-title"))
print("version", importlib.metadata.version("lossbook"))
"""
    )
    python = environment("lossbook", "live-figures")
    said = [line.split() for line in run(python, "-I", "-c", code, cwd=tmp_path).splitlines()]
    loaded = {words[1]: int(words[2]) for words in said if words[0] == "data"}
    from lossbook import datasets

    assert set(loaded) == {name for name in datasets.__all__ if name.islower()}
    assert all(loaded.values())
    assert loaded["engel"] == 235 and loaded["telephone_calls"] == 24
    assert ["card", "1"] in said
    assert ["version", OURS["lossbook"].project["version"]] in said


def test_the_version_that_is_cited_is_the_version():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert cited["version"] == OURS["lossbook"].project["version"]


@each
def test_the_metadata_say_what_it_is_and_no_more(built, ours):
    found, project = metadata(built / f"{ours.stem}-py3-none-any.whl"), ours.project
    assert found["Name"] == ours.name and found["Version"] == project["version"]
    assert found["Summary"] == project["description"]
    assert found["License-Expression"] == "MIT" and found.get_all("License-File") == ["LICENSE"]
    assert (ours.folder / "LICENSE").read_text("utf-8").startswith("MIT License")
    assert found["Description-Content-Type"] == "text/markdown"
    assert found.get_payload() == (ours.folder / "README.md").read_text("utf-8")
    required = {
        re.split(r"[>=<;\s]", r)[0] for r in found.get_all("Requires-Dist") if "extra" not in r
    }
    assert required == {re.split(r"[>=<]", d)[0] for d in project["dependencies"]}
    # an address only of a repository that is known to be this one
    addresses = [a.split(", ")[1] for a in found.get_all("Project-URL", [])]
    if addresses:
        from readers.addresses import repository

        assert repository() and all(a.startswith(repository()) for a in addresses)
    assert "Home-page" not in found and "Author-email" not in found


def test_what_is_needed_is_what_was_decided():
    assert {re.split(r"[>=<]", d)[0] for d in OURS["lossbook"].project["dependencies"]} == {
        "numpy",
        "scipy",
    }
    assert {re.split(r"[>=<]", d)[0] for d in OURS["live-figures"].project["dependencies"]} == {
        "ipywidgets",
        "joblib",
        "matplotlib",
        "numpy",
        "tqdm",
    }


def test_the_notebooks_of_the_zip_install_both_packages_from_beside_them(tmp_path):
    folder = tmp_path / "notebooks"
    path = str(ROOT / "_ext")
    run(sys.executable, "-m", "tools.zipped", folder, cwd=ROOT, PYTHONPATH=path)
    notebooks = sorted(folder.glob("*.ipynb"))
    assert {"index.ipynb", "mse.ipynb", "glossary.ipynb"} <= {path.name for path in notebooks}
    first = nbformat.read(folder / "mse.ipynb", as_version=4).cells[0]
    (line,) = (line for line in first.source.splitlines() if "%pip install" in line)
    wheels = re.findall(r"\./([\w.-]+\.whl)", line)
    assert {wheel.partition("-")[0] for wheel in wheels} == {"lossbook", "live_figures"}
    there = tmp_path / "there"
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index")
    run(*pip, "--target", there, *(f"./{wheel}" for wheel in wheels), cwd=folder)
    code = f"import sys; sys.path.insert(0, {str(there)!r}); import lossbook, live_figures\n"
    code += "print(lossbook.__file__); print(live_figures.__file__)"
    said = run(sys.executable, "-I", "-c", code, cwd=tmp_path).splitlines()
    assert len(said) == 2 and all(line.startswith(str(there)) for line in said)
