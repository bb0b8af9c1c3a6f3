"""An unchanged figure is not drawn again; anything that it reads makes it change."""

import functools
import os
import subprocess
import sys
import sysconfig
import time
import types

import matplotlib.pyplot as plt
import pytest
from live_figures.controls import controls_for, widgets_for
from live_figures.published import publish

from live_figures import cache, configure, modules

from .author import PROJECT, ask, key, write

TEMPLATE = """
import matplotlib.pyplot as plt
DATA = {data}
def helper(k):
    return {factor} * k
def shown(k=1):
    '''{doc}'''
    drawn.append(k)
    fig, ax = plt.subplots(figsize=(2, 1))
    ax.plot(DATA, [helper(k)] * len(DATA))
    return fig
"""


def make(data=(1, 2), factor=2, doc="A line.", top=3):
    """A function as a notebook defines it, and its controls."""
    drawn: list[int] = []
    namespace = {"__name__": "__main__", "drawn": drawn}
    exec(TEMPLATE.format(data=list(data), factor=factor, doc=doc), namespace)
    func = namespace["shown"]
    return func, controls_for("shown", widgets_for(func, {"k": (1, top)})), namespace


def key_here(**changes):
    func, controls, _ = make(**changes)
    return cache.key_of(func, controls)


def test_the_same_figure_has_the_same_key():
    assert key_here() == key_here() is not None


@pytest.mark.parametrize(
    "change", [{"data": (1, 3)}, {"factor": 3}, {"doc": "Another line."}, {"top": 4}]
)
def test_what_it_reads_changes_the_key(change):
    assert key_here(**change) != key_here()


def test_the_look_changes_the_key():
    before = key_here()
    with plt.rc_context({"lines.linewidth": 7}):
        assert key_here() != before


def test_a_kept_figure_is_not_drawn_again(tmp_path):
    configure(cache=tmp_path)
    func, controls, namespace = make()
    first = publish(func, controls)
    assert namespace["drawn"] and first.seconds is not None
    func, controls, namespace = make()
    second = publish(func, controls)
    assert namespace["drawn"] == [] and second.seconds is None
    assert second.html() == first.html()


def test_what_has_not_been_used_for_a_month_is_let_go(tmp_path):
    configure(cache=tmp_path)
    (tmp_path / "old-1.json").write_text("{}")
    os.utime(tmp_path / "old-1.json", (0, time.time() - 31 * 24 * 3600))
    publish(*make()[:2])
    assert [path.name[:6] for path in tmp_path.iterdir()] == ["shown-"]


# ------------------------------------------------------------------- what a notebook defines


WRAPPED = {
    "a class": "class Model:\n    def f(self):\n        return {}\nDATA = Model",
    "an lru_cache": "from functools import lru_cache\n@lru_cache\ndef f(a):\n    return {} * a\nDATA = f",
    "a partial": "from functools import partial\ndef f(a):\n    return {} * a\nDATA = partial(f, 1)",
    "a bound method": "class M:\n    def f(self):\n        return {}\nDATA = M().f",
    "a closure": "def make(n):\n    return lambda: n\nDATA = make({})",
}


@pytest.mark.parametrize("what", WRAPPED)
def test_what_is_behind_a_name_of_the_notebook_changes_the_key(what, tmp_path):
    keys = [key(tmp_path, WRAPPED[what].format(n), "len([DATA])") for n in (2, 2, 3)]
    assert keys[0] == keys[1] != keys[2]


def test_an_argument_that_is_fixed_changes_the_key():
    def line(k):
        """A line."""

    keys = [
        cache.key_of(functools.wraps(line)(functools.partial(line, k=n)), []) for n in (1, 1, 2)
    ]
    assert keys[0] == keys[1] != keys[2]


# ------------------------------------------------------------------- the author's modules

BOOK = {
    "helper.py": "import deeper\nF = 1\ndef f():\n    from book.part import g\n    return g()\n",
    "deeper.py": "D = 1\n",
    "alone.py": "A = 1\n",
    "reads.py": "import pathlib\ndef f():\n    return len(pathlib.Path('data.csv').read_text())\n",
    "data.csv": "1,2\n",
    "book/__init__.py": "",
    "book/part.py": "from . import other\ndef g():\n    return other.X\n",
    "book/other.py": "X = 1\n",
    "book/unused.py": "",
    "book/numbers.txt": "1 2",
    "space/within/module.py": "from . import beside\nM = 1\n",
    "space/within/beside.py": "B = 1\n",
}

#: what the notebook runs, what its figure draws, a file that counts, and one that does not
REACHED = {
    "a module beside the notebook": ("import helper", "helper.F", "helper.py", "alone.py"),
    "a function of one": ("from helper import f", "f()", "helper.py", "alone.py"),
    "a constant of one": ("import helper as h", "h.F", "helper.py", "alone.py"),
    "a module that a module imports": ("from helper import f", "f()", "deeper.py", "alone.py"),
    "an import inside a function": ("import helper", "helper.f()", "book/part.py", "alone.py"),
    "one that a package imports": (
        "import helper",
        "helper.f()",
        "book/other.py",
        "book/unused.py",
    ),
    "data of a package": ("from book import part", "part.g()", "book/numbers.txt", "alone.py"),
    "a part named in full": (
        "import book.part",
        "book.part.g()",
        "book/other.py",
        "book/unused.py",
    ),
    "an import in the figure": ("", "__import__('sys') and f()", "deeper.py", "alone.py"),
    "a namespace package": (
        "import space.within.module",
        "space.within.module.M",
        "space/within/beside.py",
        "alone.py",
    ),
    "a file that a module names": ("from reads import f", "f()", "data.csv", "alone.py"),
    "a file that the figure names": ("", "len(open('data.csv').read())", "data.csv", "alone.py"),
}
REACHED["an import in the figure"] = (
    "def f():\n    import helper\n    return helper.F",
    "f()",
    "deeper.py",
    "alone.py",
)


@pytest.mark.parametrize("what", REACHED)
def test_every_module_of_the_author_that_a_figure_reaches_is_in_its_key(what, tmp_path):
    head, value, counts, does_not = REACHED[what]
    folder = write(tmp_path / "a book", BOOK)
    before = key(folder, head, value)
    write(folder, {does_not: "# changed\n"})
    assert key(folder, head, value) == before
    write(folder, {counts: BOOK[counts] + "\n# changed\n"})
    assert key(folder, head, value) != before


def test_two_books_share_a_folder_of_figures(tmp_path):
    one, two = (write(tmp_path / name, BOOK) for name in ("one", "two"))
    asked = "import helper", "helper.F"
    assert key(one, *asked) == key(two, *asked)  # the very same figure, wherever it lies
    write(two, {"deeper.py": "D = 2\n"})
    assert key(one, *asked) != key(two, *asked)


def test_a_module_that_cannot_be_found_or_read_costs_nothing(tmp_path):
    files = {"helper.py": "try:\n    import not_there.at_all\nexcept ImportError:\n    F = 1\n"}
    files["helper.py"] += "def never():\n    import broken\n"
    folder = write(tmp_path, {**files, "broken.py": "def f(:\n"})
    asked = "import helper", "helper.F"
    before = key(folder, *asked)
    write(folder, {"broken.py": "def f(::\n"})
    assert key(folder, *asked) != before


def test_finding_the_modules_imports_none(tmp_path):
    files = {
        "helper.py": "F = 1\ndef later():\n    import heavy.part\n    from heavy import other\n",
        "heavy/__init__.py": "raise RuntimeError('imported')\n",
        "heavy/part.py": "",
    }
    _, imported = ask(write(tmp_path, files), "import helper", "helper.F")
    assert not {name for name in imported if name.startswith("heavy")}


def install(folder, name, text, version):
    """A package as pip leaves it, in a folder that is called site-packages."""
    site = folder / "site-packages"
    write(site, {f"{name}/__init__.py": text})
    write(site, {f"{name}-{version}.dist-info/METADATA": f"Name: {name}\nVersion: {version}\n"})
    return site


def test_what_is_installed_is_told_by_its_version_unless_it_is_tracked(tmp_path):
    site = install(tmp_path, "theirs", "X = 1\n", "1.0")
    asked = {"head": "import theirs", "value": "theirs.X", "path": [site]}
    folder = write(tmp_path / "book", BOOK)
    before = key(folder, **asked)
    tracked = key(folder, **asked, track=["theirs"])
    install(tmp_path, "theirs", "X = 2\n", "1.0")
    assert key(folder, **asked) == before
    assert key(folder, **asked, track=["theirs"]) != tracked
    (site / "theirs-1.0.dist-info" / "METADATA").unlink()
    (site / "theirs-1.0.dist-info").rmdir()
    install(tmp_path, "theirs", "X = 2\n", "1.1")
    assert key(folder, **asked) != before


def test_what_draws_is_in_the_key_where_it_is_installed_too(tmp_path):
    """As a wheel, in a path with spaces."""
    wheels = tmp_path / "the wheels"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run(
        [
            *pip,
            "wheel",
            "--quiet",
            "--no-deps",
            "--no-build-isolation",
            "-w",
            wheels,
            PROJECT,
        ],
        check=True,
    )
    [wheel] = wheels.glob("*.whl")
    site = tmp_path / "a place" / "site-packages"
    subprocess.run(
        [*pip, "install", "--quiet", "--no-deps", "--no-index", "--target", site, wheel], check=True
    )
    code = """
import sys; sys.path.insert(0, sys.argv[1])
import live_figures
from live_figures import cache
assert live_figures.__file__.startswith(sys.argv[1]), live_figures.__file__
assert all(path.is_file() for path in live_figures.assets)
def figure():
    "A figure."
print(cache.key_of(figure, []))
"""

    def installed_key():
        done = subprocess.run(
            [sys.executable, "-I", "-c", code, site], check=True, capture_output=True, text=True
        )
        return done.stdout

    before = installed_key()
    assert before == installed_key() != "None\n"
    encoding = site / "live_figures" / "encoding.py"
    encoding.write_text(encoding.read_text("utf-8") + "\n# changed\n", "utf-8")
    assert installed_key() != before


def test_the_digest_of_a_package_is_that_of_its_files_wherever_it_lies(tmp_path, monkeypatch):
    def digest(name):
        monkeypatch.syspath_prepend(str(tmp_path / name))
        modules.forget()
        return cache.package_digest("book")

    for name in ("one", "two"):
        write(tmp_path / name, BOOK)
    before = digest("one")
    assert digest("two") == before
    write(tmp_path / "two", {"book/__pycache__/part.cpython-311.pyc.140253": "half-written"})
    write(tmp_path / "two", {"book/style.css": "a {}", "book/.hidden": "x"})
    assert digest("two") == before
    write(tmp_path / "two", {"book/numbers.txt": "3"})
    assert digest("two") != before
    with pytest.raises(ModuleNotFoundError, match="no package named 'not_there'"):
        cache.package_digest("not_there")


def test_the_standard_library_and_what_is_installed_are_not_followed():
    for name in ("json", "json.decoder", "numpy", "matplotlib.pyplot", "sys", "not_there"):
        assert not modules.is_authors(name), name
    assert sysconfig.get_path("stdlib") in str(modules.file_of("json"))


def test_objects_count_with_their_classes(tmp_path):
    folder = write(tmp_path, {"shapes.py": "class Box:\n    side = 1\n"})
    for head in (
        "from shapes import Box",
        "from shapes import Box\nBox = [Box()]",
        "import types, shapes\nBox = types.SimpleNamespace(inner={'a': shapes.Box()})",
    ):
        write(folder, {"shapes.py": "class Box:\n    side = 1\n"})
        before = key(folder, head, "str(Box) and 1")
        write(folder, {"shapes.py": "class Box:\n    side = 2\n"})
        assert key(folder, head, "str(Box) and 1") != before, head


def test_a_key_is_quickly_found():
    """What a build has cost before: once a kernel, and then nothing."""
    modules.forget()
    func, controls, namespace = make()
    namespace["DATA"] = types.SimpleNamespace(a=[1, 2])
    cache.key_of(func, controls)
    started = time.perf_counter()
    for _ in range(20):
        cache.key_of(func, controls)
    assert time.perf_counter() - started < 1
