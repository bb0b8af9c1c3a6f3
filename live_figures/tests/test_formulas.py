"""Labels with formulas: what a line of text can hold is text, in the page's font; the rest is outlined."""

import json
import re
from html import unescape

import matplotlib.pyplot as plt
import pytest
from live_figures.drawing import draw_both, plan_of
from live_figures.formulas import pieces
from live_figures.state_svg import state_svg
from live_figures.svg import render as svg_of
from live_figures.svg import tree

from live_figures import render


def written(label):
    """The runs of a label in one line: italics in slashes, bold in stars, scripts after ^ and _."""
    parts = []
    for piece in pieces(label):
        if not piece.runs:
            parts.append(f"[{piece.tex}]")
        for run in piece.runs:
            text = f"/{run.text}/" if run.italic else f"*{run.text}*" if run.bold else run.text
            mark = "^" if run.rise > 0 else "_" if run.rise < 0 else ""
            assert (run.size < 1) == bool(mark)
            parts.append(f"{mark}{{{text}}}" if mark else text)
    return "".join(parts)


@pytest.mark.parametrize(
    ("label", "as_text"),
    [
        ("rate, share of $\\eta$", "rate, share of /η/"),
        ("$w_1$, LDL -3", "/w/_{1}, LDL −3"),
        ("$10^{-3}$", "10^{−3}"),
        ("$\\mathdefault{2^{20}}$", "2^{20}"),
        ("$(\\hat{y} - 5)^2$", "(/ŷ/ − 5)^{2}"),
        ("$\\hat\\theta$, $\\bar{x}$ and $\\vec w$", "/θ̂/, /x̄/ and /w⃗/"),
        ("$x_i^2$", "/x/_{/i/}^{2}"),
        ("$e^{-x_i}$", "/e/^{−}^{/x/}^{/i/}"),
        ("$\\max(0, z)$", "max(0,/ z/)"),
        ("$\\max_w \\log p$", "max_{/w/}\N{THIN SPACE}log/\N{THIN SPACE}p/"),
        ("$\\max_w f$", "max_{/w/}/\N{THIN SPACE}f/"),
        ("$\\sum_{i=1}^n x_i$", "∑_{/i/}_{ = 1}^{/n/}/ x/_{/i/}"),
        ("$\\lambda\\|w\\|^2$", "/λ/‖/w/‖^{2}"),
        ("$f'(x) \\leq 2\\,x$", "/f/′(/x/) ≤ 2/\N{THIN SPACE}x/"),
        ("$\\mathrm{loss\\ a}$, $\\mathbf{w}$", "loss a, *w*"),
        ("$p(y \\mid x)$", "/p/(/y/ |/ x/)"),
        ("$5\\$$ for \\$3", "5$ for $3"),
        ("$1{,}000$ or $\\left(x\\right)$", "1,000 or (/x/)"),
        ("the $\\frac{1}{2}$ of it", "the [$\\frac{1}{2}$] of it"),
        ("$\\sqrt{n}$", "[$\\sqrt{n}$]"),
        ("$\\binom{n}{k}$", "[$\\binom{n}{k}$]"),
        ("$\\overline{x}$, $\\widehat{xy}$", "[$\\overline{x}$], [$\\widehat{xy}$]"),
        ("$\\overset{!}{=}$", "[$\\overset{!}{=}$]"),
        ("$\\mathcal{L}$ of $w$", "[$\\mathcal{L}$] of /w/"),
        ("$\\left(\\frac{a}{b}\\right)$", "[$\\left(\\frac{a}{b}\\right)$]"),
    ],
)
def test_a_label_is_text_as_far_as_a_line_can_hold_it(label, as_text):
    assert written(label) == as_text


def labeled(text="a", **settings):
    """A figure with one label."""
    fig, ax = plt.subplots(figsize=(3, 2))
    ax.set_axis_off()
    ax.text(0.3, 0.4, text, fontsize=10, **settings)
    return fig


def texts(fig):
    """(words, anchor, place) of each `text`, and the paths that draw letters."""
    elements = list(tree(svg_of(fig), "f").walk())
    plt.close(fig)
    found = [
        (
            "".join(c.text for c in e.children) or e.text,
            re.findall(r"text-anchor:(\w+)", e.attributes["style"]),
            e.attributes.get("x") or e.attributes["transform"],
        )
        for e in elements
        if e.tag == "text"
    ]
    return found, [e for e in elements if "scale" in e.attributes.get("transform", "")]


@pytest.mark.parametrize("side", ["left", "center", "right"])
def test_a_label_with_a_formula_is_anchored_as_one_without(side):
    ((_, *plain),), _ = texts(labeled("rate a", ha=side))
    ((words, *ours),), paths = texts(labeled("rate $\\eta$", ha=side))
    assert words == "rate η" and ours == plain and not paths


@pytest.mark.parametrize(("side", "anchor"), [("center", "middle"), ("right", "end")])
@pytest.mark.parametrize("rotation", [0, 90])
def test_lines_are_anchored_where_they_meet(side, anchor, rotation):
    """In another font they would not if each began where it does in matplotlib's."""
    lines = (
        "one\nthe other, longer\nfor 5$\nrate $\\eta$" if side == "right" else "one\nlonger, $x^2$"
    )
    fig = labeled(lines, ha=side, rotation=rotation, va="center")
    found, _ = texts(fig)
    assert [a for _, a, _ in found] == [[anchor]] * len(lines.split("\n"))
    along = [float(re.findall(r"-?[\d.]+", place)[rotation // 90]) for *_, place in found]
    assert max(along) - min(along) < 0.6


def test_lines_that_begin_together_stay_as_they_are():
    found, _ = texts(labeled("one\nthe other", ha="left"))
    assert [anchor for _, anchor, _ in found] == [[], []]


def test_a_label_along_the_axis_is_turned():
    ((words, _, place),), paths = texts(labeled("rate $\\eta^2$", rotation=90))
    assert words == "rate η2" and "rotate(-90)" in place and not paths


def test_scripts_return_to_the_line_and_have_the_size_of_the_label():
    svg = svg_of(labeled("$x_i^2$ + $10^{-3}$ m"))
    plt.close("all")
    spans = re.findall(r"<tspan([^>]*)>([^<]*)</tspan>", svg)
    assert [unescape(text) for _, text in spans] == ["x", "i", "2", " + 10", "−3", " m"]
    line = 0.0
    for looks, _ in spans:
        size = float((re.findall(r'font-size="([\d.]+)em"', looks) or ["1"])[0])
        line += size * float((re.findall(r'dy="(-?[\d.]+)em"', looks) or ["0"])[0])
    assert "dy" in spans[1][0] and abs(line) < 0.02
    assert 'font-style="italic"' in spans[0][0] and "font" not in spans[3][0]
    assert re.search(r"<text[^>]*font-size: 10px", svg)


def test_words_keep_to_the_formula_that_is_outlined():
    """The page's font is narrower or wider than that of matplotlib."""
    found, paths = texts(labeled("of $\\sqrt{n}$ by $x$ or $\\frac{1}{2}$ a"))
    assert [(words, anchor) for words, anchor, _ in found] == [
        ("of", ["end"]),
        ("by x or", ["middle"]),
        ("a", []),
    ]
    assert len(paths) == 2
    places = [float(re.search(r"\(([\d.]+)", place)[1]) for _, _, place in found]
    roots = [float(re.search(r"\(([\d.]+)", p.attributes["transform"])[1]) for p in paths]
    assert places[0] == pytest.approx(roots[0] - 2.5, abs=0.1)  # a space
    assert roots[0] < places[1] < roots[1] < places[2]


def test_a_bold_label_says_it_once():
    svg = svg_of(labeled("bold $\\mathbf{w}$", weight="bold"))
    plt.close("all")
    assert svg.count("font-weight") == 1


def changing(k=1):
    """A label that has a formula in some states."""
    fig, ax = plt.subplots(figsize=(5.6, 2), layout="constrained")
    words = ["none", "rate $\\eta_1$", "penalty $\\lambda$", "a $\\frac{1}{2}$", "$10^{4}$"][k]
    ax.set_title(words)
    ax.set_yscale("log")
    ax.set_ylim(1e-3, 1e3)
    return fig


def test_each_state_shows_its_own_label():
    figure = render(changing, k=(0, 4))
    for drawing, states in (
        (figure.drawing, figure.states),
        (figure.narrow, json.loads(figure.narrow_packed)),
    ):
        shown = [
            [
                re.sub(r"<[^>]*>", "", text)
                for text in re.findall(r"<text[^>]*>.*?</text>", svg, re.S)
            ]
            for svg in state_svg(drawing, states, range(5))
        ]
        assert shown[0][-1] == "none" and shown[1][-1] == "rate η1"
        assert shown[2][-1] == "penalty λ" and shown[3][-1] == "a" and shown[4][-1] == "104"
        assert all("10−3" in state for state in shown)


def test_no_formula_of_a_narrow_drawing_is_broken():
    def figure():
        """A long title."""
        fig, ax = plt.subplots(figsize=(6, 3), layout="constrained")
        ax.set_title("the penalty $\\lambda \\cdot \\|w\\|^2$ and the size of the " * 2)
        return fig

    narrow = draw_both(figure, {}, plan_of(figure, []))[1]
    lines = re.findall(r"<text[^>]*>(?:\s*<tspan.*?)</text>", narrow, re.S)
    words = [re.sub(r"<[^>]*>|\n", "", line) for line in lines]
    assert sum("λ" in line and "w" in line.split("λ")[1] for line in words) == 2
    assert "$" not in narrow
