"""Folded cells: what stands in a page of them, and where."""

import pytest
from booksite.folded_cells import CallsUnsaid, CodeUnderFigure, NeighborsJoined
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document
from live_figures.sphinx import live_figure
from myst_nb.sphinx_ import HideCodeCellNode


def cell(mode, code, shown=None):
    """A folded cell as myst_nb leaves it: what is folded does not know its parent."""
    box = nodes.container(nb_element="cell_code", hide_mode=mode)
    folded = HideCodeCellNode("", nodes.container("", nodes.literal_block(code, code)))
    box.children = [folded]
    if shown is not None:
        box += nodes.container("", shown, nb_element="cell_code_output")
    return box


def guess():
    return nodes.admonition("", nodes.paragraph("", "Which?"), classes=["guess"])


def after(transform, *children):
    document = new_document("page", get_default_settings())
    document += nodes.section("", *children)
    transform(document).run()
    return document.children[0]


@pytest.mark.parametrize(
    ("code", "said"),
    [("guide.show()", False), ("table(f(x) for x in y)", False), ("x = f()", True)],
)
def test_a_call_that_shows_something_is_not_said(code, said):
    section = after(
        CallsUnsaid, cell("input", code, nodes.raw("", "<p>The guide</p>", format="html"))
    )
    assert (code in section.astext()) == said and "The guide" in section.astext()


def test_all_code_before_a_figure_is_in_its_fold():
    setup, helpers = cell("input", "style.use()"), cell("input", "def f(): ...")
    words = nodes.paragraph("", "Words.")
    figure = cell("input", "@interact", live_figure())
    section = after(CodeUnderFigure, setup, words, helpers, guess(), figure)
    assert [type(n) for n in section.children] == [
        nodes.paragraph,
        nodes.admonition,
        nodes.container,
    ]
    drawn, folded = section.children[-1].children
    assert next(drawn.findall(live_figure)) and folded["prompt_show"] == "Code"
    code = [n.astext() for n in folded.children]
    assert code == ["style.use()", "def f(): ...", "@interact"]


def test_a_check_between_a_guess_and_its_figure_follows_the_figure():
    figure = cell("input", "@interact", live_figure())
    section = after(CodeUnderFigure, guess(), cell("all", "assert 1"), figure)
    assert [n.astext().strip() for n in section.children[1:]] == ["@interact", "assert 1"]


def test_a_check_before_a_guess_stays():
    figure = cell("input", "@interact", live_figure())
    section = after(CodeUnderFigure, cell("all", "assert 1"), guess(), figure)
    assert section.children[0].astext() == "assert 1"


def named(cell, words, **more):
    """A folded cell as the page calls it."""
    cell.children[0]["prompt_show"] = words
    cell.attributes.update(more)
    return cell


def test_folds_that_show_nothing_are_joined_with_their_neighbors():
    check, solution = "Show how this is checked", "Solution"
    section = after(
        NeighborsJoined,
        named(cell("all", "assert 1"), check),
        named(cell("all", "assert 2"), check),
        named(cell("all", "assert 3"), check),
        nodes.paragraph("", "Words."),
        named(cell("all", "assert 4"), check),
        named(cell("all", "x = 5"), "Show the setup"),
        named(cell("input", "print(6)", nodes.paragraph("", "6")), check),
        named(cell("input", "print(7)", nodes.paragraph("", "7")), check),
        named(cell("all", "8"), solution, solution_of="a.b"),
        named(cell("all", "9"), solution, solution_of="a.c"),
    )
    folded = [
        [n.astext() for n in c.children[0].children]
        for c in section.children
        if isinstance(c, nodes.container)
    ]
    assert folded == [
        ["assert 1", "assert 2", "assert 3"],
        ["assert 4"],
        ["x = 5"],
        ["print(6)"],
        ["print(7)"],
        ["8"],
        ["9"],
    ]
