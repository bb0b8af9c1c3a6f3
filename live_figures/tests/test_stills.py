"""Stills of a figure of another page: in small books that Sphinx builds, with no theme and no notebooks."""

import re
import warnings

import matplotlib.pyplot as plt
import pytest
from live_figures.jupyter import FOR_SPHINX

from live_figures import render

with warnings.catch_warnings():  # of docutils and Sphinx, on newer Pythons
    warnings.simplefilter("ignore")
    from sphinx.testing.util import SphinxTestApp

CONF = """
extensions = ["live_figures.sphinx"]
project = "small"
"""


def first(k=1):
    """A rising line.

    Words below it."""
    fig, ax = plt.subplots(figsize=(2, 1))
    ax.plot([0, 1], [0, k], color="#0072b2")
    return fig


def second(k=1):
    """A "flat" line & more."""
    fig, ax = plt.subplots(figsize=(2, 1))
    ax.plot([0, 1], [k, k])
    return fig


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("figures")
    for func in (first, second):
        data = render(func, k=(1, 3)).to_json()
        (folder / f"{func.__name__}.html").write_text(data.join(FOR_SPHINX))
    return folder


class Book:
    """The page `b/shown` has two figures; the page `a/shows` is read before it, and has what a test asks for."""

    def __init__(self, folder, figures):
        self.folder = folder
        for part in ("a", "b"):
            (folder / part).mkdir(parents=True)
        (folder / "conf.py").write_text(CONF)
        (folder / "index.rst").write_text(
            "Small\n=====\n\n.. toctree::\n\n   a/shows\n   b/shown\n"
        )
        self.figures = figures
        self.show("first", "second")

    def show(self, *names):
        raws = [f".. raw:: html\n   :file: {self.figures / name}.html\n" for name in names]
        (self.folder / "b/shown.rst").write_text("\n".join(["Shown\n=====\n", *raws]))

    def ask(self, *directives):
        (self.folder / "a/shows.rst").write_text("\n\n".join(["Shows\n=====", *directives, "End."]))

    def build(self, builder="html", **options):
        """The page with the stills, and what the build warned of."""
        app = SphinxTestApp(builder, srcdir=self.folder, **options)
        app.build()
        said = re.sub(r"\x1b\[[0-9;]*m", "", app.warning.getvalue())
        end = {"html": "html", "text": "txt"}.get(builder)
        page = (app.outdir / f"a/shows.{end}").read_text("utf-8") if end else ""
        app.cleanup()
        return page, said


@pytest.fixture
def book(tmp_path, figures):
    return Book(tmp_path / "book", figures)


def stills(page):
    return re.findall(r"<live-figure ([^>]*)>(.*?)</live-figure>", page, re.S)


def test_by_its_name_and_without_one(book):
    book.ask(".. live-figure:: ../b/shown#second", ".. live-figure:: /b/shown")
    page, said = book.build()
    assert not said
    (second_, svg), (first_, other) = stills(page)
    assert second_ == 'role="img" aria-label="A &quot;flat&quot; line &amp; more."'
    assert first_ == 'role="img" aria-label="A rising line."'
    assert svg.count("<svg") == other.count("<svg") == 1 and svg != other
    for still in (svg, other):
        assert "<style>" in still and "var(--lf-" in still
        assert "aria-label" not in still and "<input" not in still and "lf-states" not in still
    assert "live-figure.css" in page and "live-figure.js" not in page


def test_pages_read_side_by_side(book):
    book.ask(".. live-figure:: /b/shown#second")
    page, said = book.build(parallel=2)
    assert not said and len(stills(page)) == 1 and "live-figure.css" in page
    book.show("first", "second")  # it alone is read again
    page, said = book.build(parallel=2)
    assert not said and len(stills(page)) == 1


def test_its_text_alternative(book):
    book.ask(
        ".. live-figure:: /b/shown\n   :alt: Up & up.", ".. live-figure:: /b/shown\n   :decorative:"
    )
    page, said = book.build()
    assert not said
    assert [said for said, _ in stills(page)] == [
        'role="img" aria-label="Up &amp; up."',
        'aria-hidden="true"',
    ]


@pytest.mark.parametrize(
    ("target", "warning"),
    [
        ("/b/nowhere#first", "a still of the page 'b/nowhere', which is not there"),
        ("b/shown", "a still of the page 'a/b/shown', which is not there"),
        ("/b/shown#third", "the page 'b/shown' has no live figure named 'third'"),
        ("/index", "the page 'index' has no live figure to make a still of"),
    ],
)
def test_what_is_not_there_is_named(target, warning, book):
    book.ask(f".. live-figure:: {target}")
    page, said = book.build()
    assert warning in said and re.search(r"shows\.rst:\d+: WARNING", said)
    assert "End." in page and not stills(page)


def test_it_follows_the_page_that_it_shows(book):
    """That page is read later, then not at all, then it alone."""
    book.ask(".. live-figure:: /b/shown")
    before, said = book.build()
    again, said_again = book.build()
    assert stills(before) == stills(again) and not said + said_again
    book.show("second")
    after, said = book.build()
    assert "flat" in stills(after)[0][0] and not said


def test_without_html_its_words_are_left(book):
    book.ask(
        "Before.",
        ".. live-figure:: /b/shown",
        ".. live-figure:: /b/shown\n   :alt: Up and up.",
        ".. live-figure:: /b/shown#second\n   :decorative:",
    )
    page, said = book.build("text")
    assert not said
    assert page.split("\n\n")[1:] == ["Before.", "A rising line.", "Up and up.", "End.\n"]
    assert not book.build("latex")[1]
