"""A figure as an object: HTML that works by itself, an SVG that stands by itself, and a page."""

import json
import re
import xml.etree.ElementTree as ElementTree

import ipywidgets
import matplotlib.pyplot as plt
import pytest
from live_figures.controls import silent_widgets

from live_figures import LiveFigure, assets, configure, figure, interact, pair, render, theme


def line(k=1):
    """A line <of> slope "k".

    It rises with $k<9$.
    """
    fig, ax = plt.subplots(figsize=(2, 1))
    ax.plot([0, 1], [0, k], color="#1f77b4")
    ax.set_title("$k$ is it")
    return fig, {"k squared": k * k}


@pytest.fixture(scope="module")
def drawn():
    return render(line, k=(1, 3), units={"k": "kg"})


def test_what_it_says_of_itself(drawn):
    assert (drawn.name, drawn.count, drawn.alt) == ("line", 3, 'A line <of> slope "k".')
    assert drawn.caption == ("It rises with $k<9$.",)
    assert drawn.states["n"] == [3] and drawn.states["r"][0][0] == ["1", "4", "9"]
    assert drawn.seconds >= 0


def test_the_html_brings_all_that_it_needs(drawn):
    alone, bare = drawn.html(), drawn.html(inline=False)
    assert alone == assets.html() + bare
    assert bare.startswith('<live-figure id="line" data-count="3"><style>live-figure{')
    states = re.search(r'class="lf-states">(.*?)</script>', bare, re.S)[1]
    assert json.loads(states) == drawn.states
    assert "</script" not in assets.script.read_text("utf-8")
    assert not re.search(r"https?://(?!www\.w3\.org)", alone)


def test_formulas_of_labels_and_captions_are_set_where_no_renderer_is():
    html = render(line, k=(1, 3), labels={"k": r"$\kappa_1$"}).html(inline=False)
    assert 'class="lf-tex"' not in html and "\\(" not in html
    assert '<span class="lf-formula"><i>κ</i><sub>1</sub></span>' in html
    assert '<span class="lf-formula"><i>k</i> &lt; 9</span>' in html
    html = render(line, k=(1, 3), labels={"k": r"$\frac{1}{k}$"}).html(inline=False)
    assert html.count("<title>") == 1 and "<title>frac 1 k</title>" in html
    unknown = render(line, k=(1, 3), labels={"k": r"$\nosuchthing{k}$"}).html(inline=False)
    assert r"\(\nosuchthing{k}\)" in unknown


def test_the_svg_stands_by_itself_in_both_themes(drawn):
    pair("#1f77b4", "#abcdef")
    again = render(line, k=(1, 3))
    for name, color, ink in (("light", "#1f77b4", "#000000"), ("dark", "#abcdef", "#e8e8e8")):
        svg = again.svg(name)
        ElementTree.fromstring(svg)
        assert "var(" not in svg and "calc(" not in svg
        assert f"stroke:{color}" in svg and f"fill:{ink};font-family" in svg
    assert drawn.svg() == drawn.svg("light")
    with pytest.raises(ValueError, match="theme holds 'sepia'; expected 'light' or 'dark'"):
        drawn.svg("sepia")


def test_a_page_is_one_file(drawn, tmp_path):
    path = drawn.save(tmp_path / "a line.html")
    page = path.read_text("utf-8")
    assert page.startswith("<!doctype html>") and drawn.html(inline=False) in page
    assert (
        page.count("<script") == 3 and "src=" not in page
    )  # the code, and the states of both drawings


def test_json_loses_nothing(drawn):
    assert LiveFigure.from_json(drawn.to_json()) == drawn
    assert "</" not in drawn.to_json()


def test_a_still_figure_has_neither_controls_nor_states():
    still = render(line)
    assert still.count == 1 and still.states == {} and "<script" not in still.html(inline=False)
    assert "lf-controls" not in still.html(inline=False)


def test_ipywidgets_stays_as_it_is():
    """Widgets are silent only while they are made for their values; the author's own are not touched."""
    real = ipywidgets.Widget.open
    mine = ipywidgets.IntSlider(min=1, max=3)
    before = mine.comm
    render(line, k=mine)
    with pytest.raises(ValueError, match="has only 1 value"):
        render(line, k=(1, 1))
    assert ipywidgets.Widget.open is real and mine.comm is before is not None
    with silent_widgets():
        assert ipywidgets.IntSlider().comm is None
    assert ipywidgets.IntSlider().comm is not None


@pytest.fixture
def displayed(monkeypatch):
    seen = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: seen.append(data))
    return seen


def test_the_first_figure_of_a_notebook_brings_the_script_once(displayed):
    configure(publish=True)
    interact(k=(1, 3))(line)
    figure(line)
    first, second = (data["text/html"] for data in displayed)
    assert first.startswith(assets.html()) and assets.html() not in second
    assert second.startswith("<live-figure")
    assert displayed[0]["text/plain"] == 'A line <of> slope "k".'
    configure(publish=True)  # the notebook starts anew
    figure(line)
    assert displayed[2]["text/html"].startswith(assets.html())


def test_sphinx_gets_the_figure_itself(displayed):
    configure(publish="sphinx")
    assert interact(k=(1, 3))(line) is line
    html = displayed[0]["text/html"]
    found = re.fullmatch(r'<script type="application/vnd.live-figure\+json">(.*)</script>', html)
    assert LiveFigure.from_json(found[1]).html() == render(line, k=(1, 3)).html()


@pytest.mark.parametrize(
    "place",
    ['body[data-theme="dark"]', "html.dark", "body.quarto-dark", 'html[data-theme="dark"]'],
)
def test_dark_themes_are_known_by_their_selectors(place, drawn):
    assert f"{place} live-figure" in drawn.rules


def test_a_theme_that_follows_the_system_does_so_by_a_media_query(drawn):
    query = '@media (prefers-color-scheme:dark){body[data-theme="auto"] live-figure{'
    assert query in drawn.rules


def test_the_selectors_are_a_setting():
    configure(dark=[".night", "@media (min-width: 1px) .dusk"])
    rules = render(line).rules
    assert "{.night live-figure{" in rules and "data-theme" not in rules
    assert "@media (min-width: 1px){.dusk live-figure{" in rules
    configure(dark=[])
    assert "@media not print{}" in render(line).rules


def test_colors_of_the_rules_are_read_again():
    css = theme.rules({"#123456"}, "live-figure")
    assert theme.of_rules(css, "light") == {"#000000": "#000000", "#123456": "#123456"}
    assert theme.of_rules(css, "dark")["#123456"] == theme.dark("#123456")


def test_a_figure_without_marks_has_a_text_alternative_too():
    def nothing():
        """Nothing."""
        fig = plt.figure(figsize=(1, 1))
        fig.patch.set_visible(False)
        return fig

    assert 'aria-label="Nothing."' in render(nothing).html()
