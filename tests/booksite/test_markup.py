"""What becomes of a written page, without a browser: its markup, its style sheet, its policy, its heights."""

import base64
import hashlib
import re

import pytest
from booksite import edits, height_estimates, markup, security_policy, style_sheet, written_site
from pygments import highlight
from pygments.lexers import PythonLexer
from pygments.token import Generic, Keyword, Name, Punctuation

LISTING = '<div class="highlight"><pre><span></span>one\ntwo\n</pre></div>'
CODE = f'<div class="highlight-python notranslate">{LISTING}</div>'
PRINTED = f'<div class="output stream highlight-myst-ansi notranslate">{LISTING}</div>'
TABLE = '<div class="pst-scrollable-table-container"><table class="table"></table></div>'


@pytest.fixture
def warnings(monkeypatch):
    found = []
    monkeypatch.setattr(edits.logger, "warning", lambda text, *args: found.append(text % args))
    return found


def mended(page):
    return markup.mended(page, "page")


def test_what_is_there_is_edited_without_a_word(warnings):
    page = f'<p>\n{CODE}{TABLE}<code class="docutils"><span class="pre">x</span></code>'
    page += '<div role="list" class="citation-list"><div class="citation" role="doc-biblioentry">'
    edited = mended(page + "<mo>\u2061</mo>")
    assert not warnings and "role" not in edited and "\u2061" not in edited
    assert '<div class="pst-scrollable-table-container" tabindex="0"><table' in edited
    assert mended("<p>a page that needs none of it</p>") == "<p>a page that needs none of it</p>"
    assert not warnings


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ("<mo stretchy>\u2061</mo>", "a sign where MathML"),
        ('<details class="admonition hide"><summary title="x">', "the name of a folded cell"),
        ('<div class="scrolls"><table class="table"></table></div>', "a table that may scroll"),
        ('<div class="citation" id="x">', "the role of a citation"),
        ('<code class="docutils"><span class="literal">x</span></code>', "long names"),
        ('<div class="highlight"><pre class="x">x</pre></div>', "listings"),
    ],
)
def test_a_page_that_an_edit_no_longer_finds_its_place_in_is_named(changed, what, warnings):
    mended(changed)
    assert warnings and warnings[0].startswith(what) and "in page" in warnings[0]


def test_a_script_or_a_head_that_has_changed_is_named_too(warnings):
    start = ',"complete"===document.readyState?I():window.addEventListener("load",I)})();'
    for text, expected in ((start, 0), (start.replace("load", "DOMContentLoaded"), 1)):
        warnings.clear()
        edits.replaced(text, written_site._MEASURING, "", "measuring", "theme.js")
        assert len(warnings) == expected
    warnings.clear()
    security_policy.secured('<head><meta http-equiv="Content-Type"></head>', "x.html")
    assert warnings == [w for w in warnings if w.startswith("the security policy")] != []


def test_the_policy_allows_the_scripts_of_the_page_by_what_they_are():
    page = '<meta charset="utf-8" /><script>a = 1;</script><script defer src="b.js"></script>'
    policy = security_policy.secured(page, "x.html")
    digest = base64.b64encode(hashlib.sha256(b"a = 1;").digest()).decode()
    assert policy.count("'sha256-") == 1 and f"script-src 'self' 'sha256-{digest}';" in policy
    assert policy.index("Content-Security-Policy") < policy.index("<script")


def test_a_token_is_plain_if_no_style_gives_it_a_look_of_its_own(monkeypatch):
    alike = markup.plain("a11y-high-contrast-light", "a11y-high-contrast-dark")
    assert {Name, Punctuation} <= alike and not {Keyword, Generic.Strong} & alike
    assert Punctuation not in markup.plain("a11y-high-contrast-light", "tango")
    monkeypatch.setattr(markup.Formatter, "plain", {Name})
    code = highlight("if x:", PythonLexer(), markup.Formatter())
    assert '<span class="k">if</span> x<span class="p">:</span>' in code


def test_a_listing_keeps_its_text_and_gets_a_button_unless_it_is_printed():
    code, printed = mended(CODE), mended(PRINTED)
    assert code.count(markup.COPY) == 1 and markup.COPY not in printed
    assert '<pre tabindex="0">one\ntwo\n</pre>' in code and '<pre tabindex="0">one' in printed
    assert mended(PRINTED + CODE + PRINTED) == printed + code + printed


FIGURE = (
    '<div class="cell tag_hide-input docutils container"><details><summary>Show</summary><div class="cell_input">'
    f'{LISTING}</div></details><div class="cell_output">'
    '<live-figure id="x"><figure><svg viewBox="0 0 400 200"></svg><div class="lf-controls">'
    '<div class="lf-control lf-range"></div></div><figcaption><p>Short.</p></figcaption></figure></live-figure>'
    "</div></div>"
)
CELL = f'<div class="cell docutils container"><div class="cell_input docutils">{LISTING}</div>\n{{}}</div>\n'


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (FIGURE, "--lb-ratio:0.5;--lb-controls:1;--lb-caption:1"),
        (
            FIGURE.replace(
                "</svg>", '</svg><svg class="lf-narrow" display="none" viewBox="0 0 2 3">'
            ),
            "--lb-ratio:0.5;--lb-narrow:1.5;--lb-controls:1;--lb-caption:1",
        ),
        (CELL.format(""), "--lb-listings:1;--lb-lines:2"),
        (CELL.format(PRINTED), "--lb-listings:2;--lb-lines:4;--lb-outputs:1"),
        (CELL.replace(LISTING, f"<details>{LISTING}</details>").format(""), "--lb-folded:1"),
        (CELL.format('<div class="loss-card x">' * 2 + "</div>" * 2), "--lb-cards:2"),
    ],
)
def test_the_height_of_a_cell_is_that_of_what_is_seen_of_it(cell, expected):
    page = height_estimates.given(f"<section>{cell}<b>after</b></section>")
    assert page.count("style=") == 1
    assert f'container" style="{expected}">' in page


def test_paragraphs_and_exercises_count_the_letters_that_are_read():
    drawn = '<span class="katex-html"><span>&delta;</span></span>'
    formula = f'<span class="katex"><math><mi>&delta;</mi></math>{drawn}</span>'
    page = height_estimates.given(
        f"<section>\n<p>A &amp; {formula} <em>b</em>.</p>\n<li><p>item</p></li></section>"
    )
    assert '<p style="--lb-letters:8">A &amp; ' in page
    assert "<li><p>item" in page
    for before in ("div", "details"):
        page = height_estimates.given(f"<section>\n<{before}>x</{before}><p>after</p></section>")
        assert '<p style="--lb-letters:5">after' in page
    exercise = '<div class="exercise admonition">\n<p>Why?</p>\n<input type="radio"></div>'
    page = height_estimates.given(exercise)
    assert '<div class="exercise admonition" style="--lb-letters:6;--lb-choices:1">' in page
    assert '<p style="--lb-letters:4">Why?' in page


def test_an_exercise_counts_what_its_form_leaves_of_the_question():
    below = '<ul class="asked-below simple"><li>one <ul><li>two</li></ul></li></ul>'
    asked = f'<p>Why? <span class="asked-below">: one</span></p>{below}'
    table = "<table><tr><td>ab</td></tr><tr></tr></table>"
    exercise = f'<div class="exercise admonition">{asked}{table}<input type="radio"></div>'
    counted = height_estimates.exercise(exercise)
    assert counted == {"letters": len("Why? ab"), "choices": 1, "rows": 2}


@pytest.mark.parametrize(
    ("block", "style"),
    [
        ('<ul class="simple">\n<li>one <ul><li>two</li></ul></li>\n</ul>', "--lb-letters:9"),
        ("<ol>\n<li>one</li>\n</ol>", "--lb-letters:5"),
        ('<dl class="simple glossary">\n<dt>a</dt>\n</dl>', "--lb-letters:3"),
        ('<div class="admonition">\n<p>box</p></div>', "--lb-letters:4"),
        ('<div class="admonition-in-practice admonition">\n<p>box</p></div>', "--lb-letters:4"),
        (
            '<div class="pst-scrollable-table-container" tabindex="0"><table><tr><td>ab</td></tr>'
            "<tr></tr></table></div>",
            "--lb-letters:2;--lb-rows:2",
        ),
    ],
)
def test_lists_boxes_and_tables_count_their_letters_and_rows(block, style):
    page = height_estimates.given(f"<section>\n{block}\n<p>x</p></section>")
    opened, attributes = re.match(r'(<\w+(?: class="[^"]*")?)([^>]*)>', block).groups()
    assert f'{opened} style="{style}"{attributes}>' in page
    assert page.endswith('<p style="--lb-letters:1">x</p></section>')


def test_what_stands_around_stays_as_it_was():
    page = f"<h1>x</h1>\n<p>one</p>\n{FIGURE}\n<p>two</p>\n{CODE}{CELL.format(PRINTED)}<footer></footer>"
    given = height_estimates.given(page)
    assert given.count('style="--lb-') == 5
    assert re.sub(r' style="--lb-[^"]*"', "", given) == page


def test_one_sheet_has_what_some_page_or_script_can_use(tmp_path):
    static = tmp_path / "_static"
    (static / "deep").mkdir(parents=True)
    (static / "deep/first.css").write_text(
        '@import "../base.css"; .a { color: var(--used); background: url(x.png); --unused: var(--too) }'
        ".gone, .a .gone { color: red } .b:not(.gone) { color: blue } @keyframes turn { to { opacity: 0 } }"
        "@media (max-width: 480px) { .gone { top: 0 } .by-script { top: 1px } }"
    )
    (static / "base.css").write_text(
        ":root { --used: var(--of); --of: red; --too: 1px; --said: 2px }"
    )
    (static / "last.css").write_text("#c { min-height: 100vh; min-height: 100dvh }")
    head = '<link href="../_static/{}?v=1" rel="stylesheet" />\n'
    page = f'{head.format("deep/first.css")}{head.format("last.css")}<p class="a b" id="c" style="top:var(--said)">'
    sheet = style_sheet.purged(tmp_path, [page], ["e.classList.add('by-script')"])
    for kept in (
        ".a{",
        'url("deep/x.png")',
        "--used:",
        "--of:",
        "--said:",
        ".b:not(.gone)",
        "100vh",
        "100dvh",
    ):
        assert kept.replace('"', "") in sheet.replace('"', ""), kept
    assert ".by-script" in sheet and "max-width:480px" in sheet
    assert ".gone{" not in sheet and "--unused" not in sheet and "--too" not in sheet
    assert sheet.index("--of") < sheet.index(".a{") < sheet.index("#c{")
    linked = style_sheet.linked(page, "7")
    assert linked.count("stylesheet") == 1 and 'href="../_static/site.css?v=7"' in linked
    assert style_sheet.sheets(linked) == style_sheet.sheets(page) == [
        "_static/deep/first.css", "_static/last.css"]  # fmt: skip
