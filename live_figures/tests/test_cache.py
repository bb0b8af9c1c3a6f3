"""An unchanged figure is not drawn again; anything that it reads makes it change."""

import types

import matplotlib.pyplot as plt
import pytest
from live_figures.controls import controls_for, widgets_for
from live_figures.html import publish

from live_figures import cache
from lossbook import losses

TEMPLATE = """
import matplotlib.pyplot as plt
DATA = {data}
def helper(k):
    return {factor} * k
def explorer(k=1):
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
    func = namespace["explorer"]
    return func, controls_for("explorer", widgets_for(func, {"k": (1, top)})), namespace


def key(**changes):
    func, controls, _ = make(**changes)
    return cache.key_of(func, controls)


def test_the_same_figure_has_the_same_key():
    assert key() == key() is not None


@pytest.mark.parametrize(
    "change", [{"data": (1, 3)}, {"factor": 3}, {"doc": "Another line."}, {"top": 4}]
)
def test_what_it_reads_changes_the_key(change):
    assert key(**change) != key()


def test_the_look_changes_the_key():
    before = key()
    with plt.rc_context({"lines.linewidth": 7}):
        assert key() != before


def test_a_kept_figure_is_not_drawn_again(tmp_path, monkeypatch):
    monkeypatch.setenv("LIVE_FIGURES_CACHE", str(tmp_path))
    func, controls, namespace = make()
    first = publish(func, controls)
    assert namespace["drawn"] and "data-seconds=" in first
    func, controls, namespace = make()
    second = publish(func, controls)
    assert namespace["drawn"] == [] and "data-seconds=" not in second
    assert second.split("data-count")[1] == first.split("data-count")[1]


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A copy of the shape of a package: two modules, of which one imports a third; `write` changes one."""
    root = tmp_path / "lossbook"
    (root / "deep").mkdir(parents=True)

    def forget():
        for kept in (cache._imports, cache.module_digest, cache.package_digest):
            kept.cache_clear()

    def write(path, text):
        (root / path).write_text(text)
        forget()

    write("__init__.py", "")
    write("a.py", "def f():\n    from .deep.b import g\n    return g()\n")
    write("alone.py", "x = 1\n")
    write("deep/__init__.py", "from . import c\n")
    write("deep/b.py", "from .. import style\n")
    write("deep/c.py", "")
    write("style.py", "")
    (root / "deep" / "numbers.csv").write_text("1,2")
    monkeypatch.setattr(cache, "_ROOT", root)
    yield write
    forget()


@pytest.mark.parametrize(
    "path", ["a.py", "deep/b.py", "style.py", "deep/numbers.csv"], ids=lambda p: p
)
def test_a_module_changes_with_all_that_it_imports(package, path):
    before = cache.module_digest("lossbook.a")
    package(path, "y = 2\n")
    assert cache.module_digest("lossbook.a") != before


@pytest.mark.parametrize("path", ["alone.py", "deep/c.py"])
def test_a_module_does_not_change_with_what_it_does_not_import(package, path):
    before = cache.module_digest("lossbook.a"), cache.module_digest("lossbook.deep")
    package(path, "y = 2\n")
    assert cache.module_digest("lossbook.a") == before[0]
    assert (cache.module_digest("lossbook.deep") == before[1]) == (path == "alone.py")


def test_what_python_caches_beside_the_modules_changes_nothing(package, tmp_path):
    before = cache.module_digest("lossbook.a"), cache.package_digest()
    (tmp_path / "lossbook" / "__pycache__").mkdir()
    package("__pycache__/a.cpython-311.pyc.140253", "half-written")
    assert (cache.module_digest("lossbook.a"), cache.package_digest()) == before
    package("deep/numbers.csv", "3")
    assert cache.module_digest("lossbook.a") != before[0] and cache.package_digest() != before[1]


def key_reading(value, monkeypatch, changed=()):
    """The key of a figure whose function reads `value`, with `changed` modules of the package edited."""
    real = cache.module_digest.__wrapped__

    def digest(module):
        known, new = set(), {module}
        while new:
            known |= new
            new = {n for k in new for n in cache._imports(k)} - known
        return real(module) + str([m for m in changed if m in known])

    func, controls, namespace = make()
    namespace["DATA"] = value
    with monkeypatch.context() as patch:
        patch.setattr(cache, "module_digest", digest)
        return cache.key_of(func, controls)


READ = {
    "a module": lambda: losses,
    "a class": lambda: losses.Huber,
    "an object": lambda: losses.Huber(delta=2.0),
    "an object in a dict": lambda: {"loss": [losses.Huber(delta=2.0)]},
    "an object within an object": lambda: types.SimpleNamespace(loss=losses.Huber(delta=2.0)),
}


@pytest.mark.parametrize("what", READ)
def test_the_key_covers_the_modules_behind_what_is_read(what, monkeypatch):
    value = READ[what]()
    before = key_reading(value, monkeypatch)
    assert before is not None
    assert key_reading(value, monkeypatch, ["lossbook.losses.regression"]) != before
    assert key_reading(value, monkeypatch, ["live_figures.encoding"]) != before
    assert (
        key_reading(value, monkeypatch, ["lossbook.teaching.exercises", "lossbook.teaching.cards"])
        == before
    )


def test_a_class_of_the_notebook_changes_the_key():
    def with_class(factor):
        func, controls, namespace = make()
        exec(f"class Model:\n    def predict(self):\n        return {factor}\n", namespace)
        namespace["DATA"] = namespace["Model"]
        return cache.key_of(func, controls)

    assert with_class(2) == with_class(2)
    assert with_class(2) != with_class(3)
