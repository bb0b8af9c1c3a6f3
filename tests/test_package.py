"""A release: the wheel and the sdist build, hold what they should, and work where nothing else of the book is."""

import email
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile

import nbformat
import pytest
import yaml

from .paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
SOURCES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "lossbook").rglob("*")
    if path.is_file() and "__pycache__" not in path.parts
)


def run(*command, cwd):
    """A command that sees neither this checkout nor this environment's variables for Python."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(list(map(str, command)), cwd=cwd, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder of the sdist and of the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def wheel(built):
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def sdist(built):
    (path,) = built.glob("*.tar.gz")
    return path


@pytest.fixture(scope="module")
def clean(wheel, tmp_path_factory):
    """The Python of a fresh environment with the wheel; what it depends on is lent by this environment."""
    folder = tmp_path_factory.mktemp("clean")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
    scripts = "Scripts" if os.name == "nt" else "bin"
    python = folder / "venv" / scripts / "python"
    install = ("install", "--quiet", "--no-deps", "--no-index", wheel)
    run(sys.executable, "-m", "pip", "--python", python, *install, cwd=folder)
    own = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder)
    lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    # behind its own packages; a .pth file there is not followed, so that no checkout gets in
    with open(os.path.join(own.strip(), "zz_lent.pth"), "w", encoding="utf-8") as file:
        file.write("\n".join(sorted(lent)) + "\n")
    return python


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


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    found = members(wheel)
    assert {name for name in found if ".dist-info/" not in name} == set(SOURCES)
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in found)


def test_the_sdist_holds_what_the_wheel_needs_and_nothing_of_the_book(sdist):
    found = members(sdist)
    needed = {*SOURCES, "pyproject.toml", "README.md", "LICENSE", "CITATION.cff", "PKG-INFO"}
    assert needed <= found
    assert found - needed <= {".gitignore"}  # hatchling puts it in, to know what to leave out


def test_it_works_where_nothing_else_of_the_book_is(clean, tmp_path):
    code = """
import importlib.metadata, importlib.resources, pathlib, socket, sys, unittest.mock

def refuse(*args, **kwargs):
    raise AssertionError("a network was asked for")

socket.socket.connect = refuse
import lossbook
from lossbook import custom, datasets, losses, models, optim
from lossbook.teaching import cards, catalog, guide, style
from live_figures import interact

home = pathlib.Path(lossbook.__file__)
assert home.is_relative_to(sys.prefix), home
for name in datasets.__all__:
    if name.islower():
        print("data", name, len(getattr(datasets, name)().y))
print("loss", losses.Huber(delta=1.0)([0.0, 0.0], [0.5, 3.0]))
with unittest.mock.patch("IPython.display.display") as display:
    cards.card(losses.Huber(delta=1.0))
print("card", display.call_args.args[0].data.count("loss-card-title"))
static = importlib.resources.files("live_figures") / "static"
for name in ("live-figure.js", "live-figure.css"):
    print("static", name, len((static / name).read_text("utf-8")))
print("version", importlib.metadata.version("lossbook"))
"""
    said = [line.split() for line in run(clean, "-I", "-c", code, cwd=tmp_path).splitlines()]
    loaded = {words[1]: int(words[2]) for words in said if words[0] == "data"}
    from lossbook import datasets

    assert set(loaded) == {name for name in datasets.__all__ if name.islower()}
    assert all(loaded.values())
    assert loaded["engel"] == 235 and loaded["telephone_calls"] == 24
    assert ["loss", "1.3125"] in said and ["card", "1"] in said
    sizes = {words[1]: int(words[2]) for words in said if words[0] == "static"}
    assert len(sizes) == 2 and min(sizes.values()) > 1000
    assert ["version", PROJECT["version"]] in said


def test_one_version_everywhere(wheel, sdist):
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert PROJECT["version"] == cited["version"] == metadata(wheel)["Version"]
    assert wheel.name.startswith(f"lossbook-{PROJECT['version']}-py3-none-any")
    assert sdist.name == f"lossbook-{PROJECT['version']}.tar.gz"


def test_the_metadata_say_what_it_is_and_no_more(wheel):
    found = metadata(wheel)
    assert found["Summary"] == PROJECT["description"]
    assert found["License-Expression"] == "MIT" and found.get_all("License-File") == ["LICENSE"]
    assert (ROOT / "LICENSE").read_text("utf-8").startswith("MIT License")
    assert found["Description-Content-Type"] == "text/markdown"
    assert found.get_payload().startswith("# Lossbook")
    required = {
        re.split(r"[>=<;\s]", r)[0] for r in found.get_all("Requires-Dist") if "extra" not in r
    }
    assert required == {re.split(r"[>=<]", d)[0] for d in PROJECT["dependencies"]}
    # an address only of a repository that is known to be this one
    addresses = [a.split(", ")[1] for a in found.get_all("Project-URL", [])]
    if addresses:
        sys.path.insert(0, str(ROOT / "_ext"))
        from addresses import repository

        assert repository() and all(a.startswith(repository()) for a in addresses)
    assert "Home-page" not in found and "Author-email" not in found


def test_the_notebooks_of_the_zip_install_the_package_from_beside_them(tmp_path):
    folder = tmp_path / "notebooks"
    run(sys.executable, ROOT / "tools" / "zipped.py", folder, cwd=tmp_path)
    notebooks = sorted(folder.glob("*.ipynb"))
    assert {"index.ipynb", "mse.ipynb", "glossary.ipynb"} <= {path.name for path in notebooks}
    first = nbformat.read(folder / "mse.ipynb", as_version=4).cells[0]
    wheel = re.search(r'%pip install --quiet "\./(.+\.whl)"', first.source)[1]
    there = tmp_path / "there"
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index")
    run(*pip, "--target", there, f"./{wheel}", cwd=folder)
    code = (
        f"import sys; sys.path.insert(0, {str(there)!r}); import lossbook; print(lossbook.__file__)"
    )
    assert run(sys.executable, "-I", "-c", code, cwd=tmp_path).startswith(str(there))
