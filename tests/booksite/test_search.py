"""What the search reads in a page, and how it writes a formula in one line."""

import pytest
from booksite.search import formula_text, sections

FORMULAS = {
    "<msup><mi>r</mi><mn>2</mn></msup><mi>/</mi><mn>2</mn>": "r²/2",
    "<mfrac><mn>1</mn><mi>N</mi></mfrac><munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow>"
    "<mi>N</mi></munderover><msub><mi>a</mi><mi>i</mi></msub><msub><mi>y</mi><mi>i</mi></msub>": "1/N∑_(i=1)^N a_i y_i",
    "<mover accent='true'><mi>y</mi><mo>^</mo></mover><mo>≤</mo><mo>−</mo><mi>δ</mi>": "ŷ ≤ −δ",
    "<mi>log</mi><mo>\u2061</mo><mo>(</mo><mn>1</mn><mo>−</mo><mi>p</mi><mo>)</mo>": "log(1 − p)",
    "<msub><mi>y</mi><mn>1</mn></msub><msup><mi>e</mi><mrow><mi>s</mi><mi>t</mi></mrow></msup>": "y₁e^st",
    "<msqrt><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow></msqrt>": "√(a + b)",
    "<mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr><mtr><mtd><mi>c</mi></mtd></mtr></mtable>": "a, b; c",
}
PAGE = """<article class="bd-article"><section id="a"><h1>1. Losses<a class="headerlink">#</a></h1>
<p>All of <code>fit</code>.</p><pre>import numpy</pre><svg><text>axis</text></svg>
<section id="b"><span id="label"></span><h2>Where it breaks</h2><p>Here,
<span class="katex"><span class="katex-mathml"><math xmlns="http://www.w3.org/1998/Math/MathML">
<semantics><mrow><mi>δ</mi><mo>&lt;</mo><mn>1</mn></mrow>
<annotation encoding="application/x-tex">\\delta &lt; 1</annotation></semantics>
</math></span><span class="katex-html" aria-hidden="true"><span>δ</span><span>&lt;</span></span></span>.</p>
<table><tr><td>one</td><td>two</td></tr></table>
<div class="exercise" id="ex"><p class="admonition-title">Exercise 1</p>
<section id="exercise-content"><p>Why?</p></section></div>
<details><summary>NaN</summary><div id="fold"><p>A cause.</p></div></details></section>
<dl class="glossary"><dt id="term-x">bias</dt><dd><p>A mean.</p></dd><dt id="term-y">risk</dt><dd>More.</dd></dl>
</section></article>"""


@pytest.mark.parametrize("mathml", FORMULAS)
def test_a_formula_is_a_line(mathml):
    math = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mrow>{}</mrow></math>'
    assert formula_text.text(math.format(mathml)) == FORMULAS[mathml]


def test_a_page_is_read_as_what_has_an_address_of_its_own():
    found = [(s.kind, s.anchor, s.title, s.path, s.text) for s in sections.of(PAGE)]
    breaks = "Where it breaks"
    assert found == [
        ("page", "", "1. Losses", "", "All of fit."),
        ("section", "b", breaks, "", "Here, δ < 1. · one · two · NaN."),
        ("exercise", "ex", "Exercise 1", breaks, "Why?"),
        ("choice", "fold", "NaN", breaks, "A cause."),
        ("term", "term-x", "bias", "", "A mean."),
        ("term", "term-y", "risk", "", "More."),
    ]
    assert list(sections.of(PAGE)[0].names) == ["fit"]


def test_a_page_without_an_article_holds_nothing():
    assert sections.of("<p>404</p>") == []
