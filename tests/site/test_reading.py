"""What a reader's eye found once and must not find again: letters too small or over each other, formulas cut off,
commas at the start of a line, markup in the API reference."""

import io
import re
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from live_figures.html import SHORT_FORMULA

from ..paths import SITE
from .pages import LAID_OUT, STICKS_OUT

CHAPTERS = sorted(str(p.relative_to(SITE)) for p in SITE.glob("chapters/*.html") if p.stem != "api")
FIGURES = [p for p in ["intro.html", *CHAPTERS] if "<live-figure" in (SITE / p).read_text("utf-8")]

# Every text of a live figure in sampled states: each value of a control, or five of many, the others at their start,
# and all corners.
LETTERS = """async (least) => {
  const found = [], figures = [...document.querySelectorAll("live-figure")].filter((f) => !f.closest(".map"));
  figures.forEach((f) => f.load?.());
  for (const f of figures) while (f.controls?.length && !f.channels) await new Promise((r) => setTimeout(r, 20));
  for (const figure of figures) {
    const shown = [...figure.querySelectorAll("figure > svg")].find((d) => d.checkVisibility());
    const svg = shown || figure.querySelector("svg"), controls = figure.controls || [];
    const look = (state) => {
      const frame = svg.getBoundingClientRect(), boxes = [];
      for (const text of svg.querySelectorAll("text")) {
        if (!text.textContent.trim() || !text.checkVisibility({ opacityProperty: true })) continue;
        const box = text.getBoundingClientRect(), name = `${figure.id} ${state}: ${text.textContent.trim()}`;
        if (!box.width) continue;
        // the box of a line is higher than its letters
        const slack = 0.22 * Math.min(box.width, box.height), upright = box.height > 1.5 * box.width;
        const [x, y] = upright ? [slack, 0.5] : [0.5, slack];
        const size = parseFloat(getComputedStyle(text).fontSize) * frame.width / svg.viewBox.baseVal.width;
        const aside = Math.max(frame.left - box.left, box.right - frame.right);
        const out = Math.max(aside, frame.top - box.top, box.bottom - frame.bottom);
        if (out > 2) found.push(`${name} is cut off`);
        if (size < least) found.push(`${name} has ${size.toFixed(1)} px`);
        const [left, right, top, bottom] = [box.left + x, box.right - x, box.top + y, box.bottom - y];
        for (const other of boxes)
          if (left < other.right && other.left < right && top < other.bottom && other.top < bottom)
            found.push(`${name} lies on ${other.name}`);
        boxes.push({ name, left, right, top, bottom });
      }
    };
    const go = (indices) => {
      controls.forEach((c, i) => c.set(indices[i]));
      figure.show?.();
      look(controls.map((c) => c.texts[c.index]).join(", "));
    };
    const first = controls.map((c) => c.initial), sizes = controls.map((c) => c.texts.length);
    go(first);
    sizes.forEach((n, i) => {
      const some = n <= 8 ? [...Array(n).keys()] : [0, n >> 2, n >> 1, (3 * n) >> 2, n - 1];
      for (const k of new Set(some)) go(first.with(i, k));
    });
    for (let corner = 0; sizes.length > 1 && corner < 1 << sizes.length; corner++)
      go(sizes.map((n, i) => (corner >> i) & 1 ? n - 1 : 0));
  }
  return [...new Set(found)];
}"""


def on_a_phone(pages):
    return pytest.mark.parametrize("phone", pages, indirect=True, scope="module")


@on_a_phone(FIGURES)
def test_letters_of_figures_are_large_enough_and_apart_on_a_phone(phone):
    assert not phone.evaluate(LETTERS, 12)


def test_letters_over_each_other_are_found(address, open_page):
    tab = open_page(address + "chapters/mse.html", width=390).page
    tab.add_style_tag(content="live-figure { --lf-text: 2.2 !important }")
    found = " ".join(tab.evaluate(LETTERS, 12))
    assert "lies on" in found and "is cut off" in found
    tab.add_style_tag(content="live-figure { --lf-text: .8 !important }")
    assert " px" in " ".join(tab.evaluate(LETTERS, 12))


@pytest.fixture
def narrow(phone):
    """The narrowest of phones."""
    phone.set_viewport_size({"width": 320, "height": 900})
    yield phone
    phone.set_viewport_size({"width": 390, "height": 900})


@on_a_phone(FIGURES)
def test_letters_of_figures_are_large_enough_and_apart_on_the_narrowest_phone(narrow):
    assert not narrow.evaluate(LETTERS, 11)


# formulas whose left end cannot be scrolled to; what is laid out late has its place at the second look only
CUT = """() => {
  const left = (d) => Math.min(...[...d.querySelectorAll(".base")].map((b) => b.getBoundingClientRect().left));
  const formulas = [...document.querySelectorAll("article div.math")].filter((d) => d.checkVisibility());
  formulas.forEach(left);
  return formulas.filter((d) => left(d) < d.parentElement.getBoundingClientRect().left - 2)
    .map((d) => d.querySelector("annotation").textContent);
}"""
# formulas that run out of a phone: they can be broken
WIDE = """() => [...document.querySelectorAll("article .katex-display")]
  .filter((d) => d.checkVisibility() && d.scrollWidth > d.clientWidth + 1)
  .map((d) => d.querySelector("annotation").textContent)"""
# what runs out of its box, and does not fade where there is more
SHARP = """() => [...document.querySelectorAll("article :is(pre, .katex-display, .pst-scrollable-table-container)")]
  .filter((e) => e.checkVisibility() && e.scrollWidth > e.clientWidth + 2)
  .filter((e) => !e.matches(".more-right") || getComputedStyle(e).maskImage === "none")
  .map((e) => e.textContent.slice(0, 60))"""
# tables of words that must be scrolled sideways; many columns of numbers, a formula by cases and the table of all
# losses may be
WIDE_TABLES = """() => [...document.querySelectorAll("article table")]
  .filter((t) => t.rows[0].cells.length < 6 && !t.querySelector(".mtable"))
  .map((t) => t.parentElement)
  .filter((box) => box.scrollWidth > box.clientWidth && !box.closest(".loss-table"))
  .map((box) => box.innerText.slice(0, 60))"""
# words of headings that are broken at a hyphen, and signs behind a name of code that begin a line
TORN = """() => [...document.querySelectorAll("article :is(h1, h2, h3, h4, h5)")].flatMap((heading) => {
  const found = [], texts = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT), range = document.createRange();
  for (let text; (text = texts.nextNode()); ) {
    if (text.parentElement.closest("code, .math, .headerlink")) continue;
    for (const word of text.data.matchAll(/[\\w-]+/g)) {
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].map((r) => Math.round(r.top)));
      if (word[0].includes("-") && word[0].length <= 20 && lines.size > 1) found.push(word[0]);
    }
    const before = text.previousSibling;
    if (before?.localName !== "code" || !/^[,.;:)?!]/.test(text.data)) continue;
    range.setStart(text, 0);
    range.setEnd(text, 1);
    const last = [...before.getClientRects()].at(-1);
    if (range.getBoundingClientRect().top > last.bottom - 4) found.push(before.textContent + text.data[0]);
  }
  return found;
})"""
# punctuation that begins a line, after a formula of at most so many letters
STRAY = """(short) => [...document.querySelectorAll("article span.math")].flatMap((m) => {
  const next = m.nextSibling, tex = m.querySelector("annotation")?.textContent ?? "";
  if (tex.length > short || next?.nodeType !== 3 || !/^[,.;:)?!’”]/.test(next.data)) return [];
  const range = document.createRange();
  range.setStart(next, 0);
  range.setEnd(next, 1);
  const last = [...m.querySelectorAll(".base")].at(-1);
  if (!last?.checkVisibility()) return [];
  const below = range.getBoundingClientRect().top > last.getBoundingClientRect().bottom - 4;
  return below ? [tex + next.data[0]] : [];
})"""


@on_a_phone(CHAPTERS)
def test_formulas_are_whole_on_a_phone(phone):
    assert not phone.evaluate(CUT)
    assert not phone.evaluate(STRAY, SHORT_FORMULA)


@on_a_phone([*CHAPTERS, "chapters/api.html"])
def test_no_formula_runs_out_of_a_phone_and_what_does_fades(phone):
    assert not phone.evaluate(WIDE)
    if phone.evaluate("document.querySelectorAll('article pre').length"):
        phone.add_style_tag(content=LAID_OUT)
        phone.wait_for_function("() => document.querySelector('article .more-right')")
        phone.wait_for_function(f"() => !({SHARP})().length")


@on_a_phone(CHAPTERS)
def test_headings_of_a_phone_are_broken_between_words(phone):
    assert not phone.evaluate(TORN)


def test_a_torn_heading_is_found(address, open_page):
    page = open_page(address + "chapters/challenges.html", width=390).page
    page.add_style_tag(content="#x#x, article :is(h2, h3, h4) > code { display: block !important }")
    assert any(word.endswith((",", ":")) for word in page.evaluate(TORN))
    page.add_style_tag(
        content=".keep { white-space: normal } article h1, h2, h3, h4 { width: 1px }"
    )
    assert any("-" in word for word in page.evaluate(TORN))


@on_a_phone([*CHAPTERS, "chapters/instructors.html"])
def test_no_table_of_words_is_cut_on_a_phone(phone):
    phone.add_style_tag(content=LAID_OUT)
    assert not phone.evaluate(WIDE_TABLES)


def test_a_stacked_table_is_a_table_still(address, open_page):
    """For whoever listens it has its heads and cells; who looks sees whose they are."""
    for name, heads in (("catalog_classes", 3), ("cross_entropy", 5)):
        page = open_page(f"{address}chapters/{name}.html", width=390).page
        page.add_style_tag(content=LAID_OUT)
        table = page.locator("table.stack").filter(has=page.locator(f"th:nth-child({heads})")).last
        cells = table.get_by_role("cell")
        assert table.get_by_role("columnheader").count() == heads
        assert cells.count() == heads * (table.get_by_role("row").count() - 1) > heads
        boxes = [cell.bounding_box() for cell in cells.all()[:heads]]
        assert all(a["y"] + a["height"] <= b["y"] + 1 for a, b in pairwise(boxes))
        named = table.locator("td").evaluate_all(
            "(all) => all.filter((e) => getComputedStyle(e, '::before').content !== 'none').length"
        )
        assert named == (0 if heads == 3 else cells.count() * 4 // 5)


def test_at_its_end_what_was_scrolled_fades_on_the_other_side(address, open_page):
    page = open_page(address + "chapters/conclusion.html", width=390).page
    listing = page.locator(".cell > .cell_input pre").first
    listing.scroll_into_view_if_needed()
    page.locator("pre.more-right").first.wait_for()
    assert "more-left" not in listing.get_attribute("class")
    listing.evaluate("(e) => e.scrollTo({ left: e.scrollWidth, behavior: 'instant' })")
    page.wait_for_function(
        "(e) => e.matches('.more-left:not(.more-right)')", arg=listing.element_handle()
    )


@on_a_phone(["intro.html", *CHAPTERS, "chapters/api.html"])
def test_formulas_are_whole_and_nothing_sticks_out_on_the_smallest_phone(narrow):
    assert narrow.evaluate("innerWidth") == 320
    assert narrow.evaluate(STICKS_OUT) <= 0
    assert not narrow.evaluate(CUT)
    narrow.add_style_tag(content=LAID_OUT)
    assert not narrow.evaluate(WIDE_TABLES)


def test_formulas_that_are_cut_off_and_stray_commas_are_found(address, open_page):
    tab = open_page(address + "chapters/mse.html", width=390).page
    tab.add_style_tag(
        content=LAID_OUT + "article div.math .katex { position: relative; left: -200px }"
    )
    assert tab.evaluate(CUT)
    tab.add_style_tag(
        content=".keep, .lf-keep { white-space: normal } article span.math { display: inline-block; width: 100% }"
    )
    assert tab.evaluate(STRAY, SHORT_FORMULA)
    assert tab.evaluate(STICKS_OUT) <= 0
    tab.locator("article p").first.evaluate("(p) => { p.style.width = '500px'; }")
    assert tab.evaluate(STICKS_OUT) > 0


def test_no_line_of_a_wide_page_begins_with_the_comma_after_a_short_formula(address, open_page):
    tab = open_page(address + "intro.html").page
    for page in CHAPTERS:
        tab.goto(address + page)
        assert not tab.evaluate(STRAY, SHORT_FORMULA), page


def test_the_reference_shows_no_markup():
    soup = BeautifulSoup((SITE / "chapters/api.html").read_text("utf-8"), "html.parser")
    names = [b.get_text() for b in soup.select("dl.field-list li > p > strong:first-child")]
    assert len(names) > 40
    assert not [n for n in names if not re.fullmatch(r"\*{0,2}\w+(?:, \*{0,2}\w+)*", n)]
    assert len(soup.select("article a[href^='bibliography.html#']")) > 30
    for shown in soup.select("article :is(pre, .katex, svg)"):
        shown.decompose()
    words = soup.select_one("article").get_text()
    assert not re.findall(r"`+|:\w+:|^ *-{3,}|\b[a-z]+\d{4}[a-z]*\b", words, re.M)


def test_a_folded_cell_says_what_it_holds():
    html = (SITE / "chapters/mse.html").read_text("utf-8")
    prompts = re.findall(r'class="collapsed admonition-title">([^<]+)<', html)
    assert prompts[0] == "Code"
    assert {"Code", "Solution", "Show how this is checked"} <= set(prompts)
    # what leads to a figure is in its fold, before its own code
    folded = BeautifulSoup(html, "html.parser").select_one(".of-figure > details.hide")
    listings = [listing.get_text() for listing in folded.select("pre")]
    assert "style.use()" in listings[0] and "@interact" in listings[-1]
    assert "Show the setup" not in prompts


def test_the_guide_and_the_clinic_stand_without_the_call_that_shows_them():
    for page, call in (("conclusion", "guide.show()"), ("training", "clinic.show()")):
        soup = BeautifulSoup((SITE / f"chapters/{page}.html").read_text("utf-8"), "html.parser")
        assert soup.select_one(".loss-guide")
        assert call not in soup.select_one("article").get_text()


def test_a_heading_that_was_led_to_is_not_painted(address, open_page):
    page = open_page(address + "chapters/training.html#the-clinic").page
    heading = page.locator("#the-clinic > h2")
    assert heading.evaluate("(e) => getComputedStyle(e).backgroundColor") == "rgba(0, 0, 0, 0)"
    assert heading.evaluate("(e) => getComputedStyle(e, '::before').width") == "3px"


def test_no_code_stands_between_a_question_and_its_figure():
    found = 0
    for page in FIGURES:
        soup = BeautifulSoup((SITE / page).read_text("utf-8"), "html.parser")
        for cell in soup.select("div.cell:has(live-figure)"):
            folded = cell.select_one("details.hide")
            found += folded is not None
            assert not folded or cell.find(["details", "live-figure"]).name == "live-figure", page
        for guess in soup.select("div.admonition.guess"):
            after = guess.find_next_sibling()
            assert not after or not after.select_one(":scope > details.hide:first-child"), page
    assert found > 60


def test_no_figure_is_described_by_a_color_that_the_dark_theme_changes():
    """Ink is white there, and paper black, and what is faint is dark; gray stays gray."""
    changed = re.compile(r"\b(?:dark|black|white|pale|light|bright)(?:e?r|e?st)?\b", re.I)
    looked = asked = 0
    for page in FIGURES:
        soup = BeautifulSoup((SITE / page).read_text("utf-8"), "html.parser")
        for figure in soup.select("live-figure:not([id=ripples])"):  # pixels keep their colors
            caption = figure.find("figcaption")
            words = [figure.svg.get("aria-label", ""), caption.get_text() if caption else ""]
            words += [text.get_text() for text in figure.select("svg text")]
            looked += any(words)
            assert not changed.search(" ".join(words)), f"{figure.get('id')}: {words}"
        for guess in soup.select("div.admonition.guess"):
            asked += 1
            assert not changed.search(guess.get_text()), f"{page}: {guess.get_text()}"
    assert looked > 90 and asked > 60


def test_each_letter_of_a_figure_is_in_the_font_of_the_figures():
    """A raised digit from another font stands lower and smaller than its neighbor."""
    fonts = [p.read_bytes() for p in (SITE / "_static/source").glob("sans-*.woff2")]
    drawn = set().union(*(TTFont(io.BytesIO(font)).getBestCmap() for font in fonts))
    texts = {str(p.relative_to(SITE)): p.read_text("utf-8") for p in SITE.glob("_static/live/*.js")}
    for page in FIGURES:
        soup = BeautifulSoup((SITE / page).read_text("utf-8"), "html.parser")
        texts[page] = "".join(figure.get_text() for figure in soup.select("live-figure"))
    assert "⁻" in "".join(texts.values())
    for name, text in texts.items():
        missing = {c for c in text if ord(c) not in drawn and not c.isspace()}
        assert not missing, f"{name}: {missing}"


def test_the_catalog_begins_with_what_leads_on(address, open_page):
    page = open_page(address + "chapters/catalog.html").page
    link, figure = (
        page.locator("article table a").first,
        page.locator("live-figure, article figure"),
    )
    assert link.bounding_box()["y"] < figure.first.bounding_box()["y"]
    assert link.bounding_box()["y"] < 900


def test_no_title_is_said_twice():
    """A box has another title than the heading it stands under, and one fold another than the one before it."""
    found = []
    for path in CHAPTERS:
        soup = BeautifulSoup((SITE / path).read_text("utf-8"), "html.parser")
        for section in soup.select("section:has(> h2, > h3, > h4)"):
            heading = section.find(re.compile("h[234]"), recursive=False)
            words = heading.get_text().strip("#\n ")
            for title in section.select(":scope > .admonition > .admonition-title"):
                if title.get_text().strip() == words:
                    found.append((path, words))
        for cell in soup.select(".cell:has(> details.hide:only-child)"):
            after = cell.find_next_sibling()
            if after is None or not after.select_one(":scope > details.hide:only-child"):
                continue
            said = [c.select_one("summary").get_text(" ", strip=True) for c in (cell, after)]
            if said[0] == said[1] and "Solution" not in said[0]:
                found.append((path, said[0]))
    assert not found


def test_what_leads_to_the_catalog_says_so():
    boxes = 0
    for path in CHAPTERS:
        soup = BeautifulSoup((SITE / path).read_text("utf-8"), "html.parser")
        for box in soup.select(".elsewhere"):
            title, *lines = box.find_all("p", recursive=False)
            assert title.get_text() == "In the catalog" and lines
            for line in lines:
                name, *places = line.get_text(strip=True).split("·")
                assert name and places, (path, line.get_text())
            boxes += 1
    assert boxes > 20


@pytest.mark.parametrize("width", [360, 390])
@pytest.mark.parametrize("chapter", ["comparisons", "sequences"])
def test_what_is_printed_while_the_book_is_built_fits_on_a_phone(
    chapter, width, address, open_page
):
    """`tests/notebooks` sees what is stored; of these chapters most is not."""
    page = open_page(f"{address}chapters/{chapter}.html", width=width).page
    printed = page.locator(".cell_output pre:visible")
    assert printed.count() >= 2
    wider = (
        "(all) => all.filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent)"
    )
    found = printed.evaluate_all(wider)
    assert [text for text in found if width > 360 or max(map(len, text.split("\n"))) <= 44] == []
    assert printed.evaluate_all(
        "(all) => all.every((e) => parseFloat(getComputedStyle(e).fontSize) >= 10.5)"
    )
