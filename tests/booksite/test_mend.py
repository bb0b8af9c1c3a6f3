"""The mended markup: what `_ext/mend.py` and `_ext/room.py` make of a page, without a browser."""

import re

import pytest
from booksite import height_estimates as room
from booksite import mend

THEMES = """
html[data-theme="light"] .highlight { background: #fff; color: #080808 }
html[data-theme="light"] .highlight .n { color: #080808 } /* Name */
html[data-theme="light"] .highlight .k { color: #6730C5 } /* Keyword */
html[data-theme="light"] .highlight .p { color: #080808 } /* Punctuation */
html[data-theme="light"] .highlight .gi { color: #080808; font-weight: bold } /* Generic.Inserted */
html[data-theme="dark"] .highlight { background: #000; color: #F8F8F2 }
html[data-theme="dark"] .highlight .n { color: #F8F8F2 } /* Name */
html[data-theme="dark"] .highlight .k { color: #F8F8F2 } /* Keyword */
html[data-theme="dark"] .highlight .p { color: #FFD900 } /* Punctuation */
html[data-theme="dark"] .highlight .gi { color: #F8F8F2; font-weight: bold } /* Generic.Inserted */
"""


@pytest.fixture
def mender(tmp_path):
    (tmp_path / "pygments.css").write_text(THEMES)
    return mend.Mender(tmp_path)


def test_a_token_is_plain_if_no_theme_gives_it_a_look_of_its_own(mender):
    assert mender.plain == ["n"]


def test_a_listing_keeps_its_text_and_its_colors_and_gets_a_button(mender):
    code = (
        '<span></span><span class="k">if</span> <span class="n">x</span><span class="p">:</span>\n'
    )
    listing = f'<div class="highlight-python notranslate"><div class="highlight"><pre>{code}</pre></div></div>'
    assert mender(listing).count("data-action=") == 1
    assert '<span class="k">if</span> x<span class="p">:</span>\n</pre>' in mender(listing)
    printed = listing.replace("highlight-python", "output stream highlight-myst-ansi")
    assert "data-action=" not in mender(printed)


def test_without_a_sheet_for_code_nothing_is_plain(tmp_path):
    assert mend.Mender(tmp_path).plain == []


MENU = """<div class="dropdown dropdown-download-buttons">
  <button class="btn dropdown-toggle" type="button" data-bs-toggle="dropdown" aria-label="Download this page">
    <i class="fas fa-download"></i>
  </button>
  <ul class="dropdown-menu"><li>
    <a href="x.ipynb" title="Source" data-bs-placement="left" data-bs-toggle="tooltip">.ipynb</a></li></ul>
</div>"""


def test_a_menu_opens_without_a_script(mender):
    mended = mender(MENU)
    assert mended.startswith('<details class="dropdown dropdown-download-buttons"><summary')
    assert 'aria-label="Download this page"' in mended and "data-bs" not in mended
    assert mended.rstrip().endswith("</ul></details>")


FIGURE = (
    '<div class="cell tag_hide-input docutils container"><details><summary>Show</summary><div class="cell_input">'
    '<div class="highlight"><pre>1\n2\n</pre></div></div></details><div class="cell_output">'
    '<live-figure id="x"><figure><svg viewBox="0 0 400 200"></svg><div class="lf-controls">'
    '<div class="lf-control lf-range"></div></div><figcaption><p>Short.</p></figcaption></figure></live-figure>'
    "</div></div>"
)
LISTING = '<div class="highlight"><pre>one\ntwo\n</pre></div>'
CELL = f'<div class="cell docutils container"><div class="cell_input docutils">{LISTING}</div>\n{{}}</div>\n'
OUTPUT = f'<div class="output stream highlight-myst-ansi">{LISTING}</div>'


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (FIGURE, "calc(159px + 0.50*min(100vw,40rem))"),
        (CELL.format(""), "60px"),
        (CELL.format(OUTPUT), "148px"),
        (CELL.replace(LISTING, f"<details>{LISTING}</details>").format(""), "24px"),
    ],
)
def test_the_height_of_a_cell_is_that_of_what_is_seen_of_it(markup, expected):
    page = room.with_rooms(f"<section>{markup}<p>after</p></section>")
    assert page.count("--lb-room") == 1
    assert f'container" style="--lb-room:{expected}">' in page


def test_paragraphs_count_the_letters_that_are_read():
    drawn = '<span class="katex-html"><span>&delta;</span></span>'
    formula = f'<span class="katex"><math><mi>&delta;</mi></math>{drawn}</span>'
    page = room.with_rooms(
        f"<section>\n<p>A &amp; {formula} <em>b</em>.</p>\n<li><p>item</p></li></section>"
    )
    assert '<p style="--lb-letters:8">A &amp; ' in page
    assert "<li><p>item" in page


def test_what_stands_around_the_rooms_stays_as_it_was():
    page = f"<h1>x</h1>\n<p>one</p>\n{FIGURE}\n<p>two</p>\n{LISTING}{CELL.format(OUTPUT)}<footer></footer>"
    assert re.sub(r' style="--lb-[^"]*"', "", room.with_rooms(page)) == page
