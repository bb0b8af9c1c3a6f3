"""What a build looks up once: each page that is only looked at, and the plugins of pybtex."""

import importlib.metadata

import pybtex.plugin
import pytest
from booksite import lookup_cache
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import docutils_namespace

PAGES = {
    "index": "First\n=====\n\n.. toctree::\n\n   a\n   b\n",
    "a": "A\n=\n\n.. _here:\n\n.. figure:: x.svg\n\n   The figure of A\n\n.. note:: A note\n",
    "b": "B\n=\n\n" + "See :numref:`Figure %s <here>` once more.\n\n" * 20,
}


@pytest.fixture
def read(monkeypatch):
    """The pages that are read from the disk, in turn."""
    found = []
    whole = BuildEnvironment.get_doctree

    def counted(self, docname):
        found.append(docname)
        return whole(self, docname)

    monkeypatch.setattr(BuildEnvironment, "get_doctree", counted)
    return found


def built(folder, *extensions):
    """The written pages of a small book, and its application."""
    (folder / "source").mkdir(parents=True)
    (folder / "source/conf.py").write_text(f"extensions = {list(extensions)}\nnumfig = True\n")
    (folder / "source/x.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    for name, text in PAGES.items():
        (folder / "source" / f"{name}.rst").write_text(text)
    source, out = folder / "source", folder / "out"
    with docutils_namespace():
        app = Sphinx(
            source, source, out, folder / "trees", "html", status=None, warningiserror=True
        )
        app.build(force_all=True)
    return {name: (out / f"{name}.html").read_text() for name in PAGES}, app


def test_a_page_that_is_looked_at_is_read_once_and_nothing_else_changes(tmp_path, read):
    without, _ = built(tmp_path / "without")
    before = read.count("a")
    read.clear()
    pages, app = built(tmp_path / "with", "booksite.lookup_cache")
    assert before >= 20 and read.count("a") <= 3  # for the contents, to be looked at, to be written
    assert pages == without and pages["b"].count("Figure 1") == 20
    # what is written is changed on its way, and what others look at is not that
    looked_at = app.env.get_doctree("a")
    as_it_was = looked_at.pformat()
    written = app.env.get_and_resolve_doctree("a", app.builder)
    assert written is not looked_at and app.env.get_doctree("a") is looked_at
    assert looked_at.pformat() == as_it_was
    given = app.env.get_and_resolve_doctree("a", app.builder, written)
    assert given is written


def test_pybtex_searches_the_installed_packages_once_for_a_kind_of_plugin(monkeypatch):
    searches = []

    def searched(**wanted):
        searches.append(wanted)
        return importlib.metadata.entry_points(**wanted)

    monkeypatch.setattr(pybtex.plugin, "entry_points", searched)
    plain = pybtex.plugin.find_plugin("pybtex.style.formatting", "unsrt")
    once = len(searches)
    for _ in range(3):
        pybtex.plugin.find_plugin("pybtex.style.formatting", "unsrt")
    assert len(searches) == 4 * once > 0
    lookup_cache.keep_plugins(None)
    searches.clear()
    for _ in range(4):
        assert pybtex.plugin.find_plugin("pybtex.style.formatting", "unsrt") is plain
    assert len(searches) == len({str(s) for s in searches}) <= once
