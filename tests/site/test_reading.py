"""What a reader's eye found once and must not find again: letters too small or over each other, formulas cut off,
commas at the start of a line, markup in the API reference."""

import re

import pytest
from booksite import typography
from bs4 import BeautifulSoup

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
    assert not phone.evaluate(STRAY, typography.SHORT)


@on_a_phone([*CHAPTERS, "chapters/api.html"])
def test_no_formula_runs_out_of_a_phone_and_what_does_fades(phone):
    assert not phone.evaluate(WIDE)
    if phone.evaluate("document.querySelectorAll('article pre').length"):
        phone.add_style_tag(content=LAID_OUT)
        phone.wait_for_function("() => document.querySelector('article .more-right')")
        phone.wait_for_function(f"() => !({SHARP})().length")


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
    tab.add_style_tag(content=LAID_OUT + "article div.math .katex { margin-left: -30px }")
    assert tab.evaluate(CUT)
    tab.add_style_tag(
        content=".keep, .lf-keep { white-space: normal } article span.math { display: inline-block; width: 100% }"
    )
    assert tab.evaluate(STRAY, typography.SHORT)
    assert tab.evaluate(STICKS_OUT) <= 0
    tab.locator("article p").first.evaluate("(p) => { p.style.width = '500px'; }")
    assert tab.evaluate(STICKS_OUT) > 0


def test_no_line_of_a_wide_page_begins_with_the_comma_after_a_short_formula(address, open_page):
    tab = open_page(address + "intro.html").page
    for page in CHAPTERS:
        tab.goto(address + page)
        assert not tab.evaluate(STRAY, typography.SHORT), page


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
    """Ink is white there, and paper black; gray stays gray."""
    looked = 0
    for page in FIGURES:
        soup = BeautifulSoup((SITE / page).read_text("utf-8"), "html.parser")
        for figure in soup.select("live-figure:not([id=ripples])"):  # pixels keep their colors
            caption = figure.find("figcaption")
            words = [figure.svg.get("aria-label", ""), caption.get_text() if caption else ""]
            looked += any(words)
            found = re.search(r"\b(?:dark|black|white)\b", " ".join(words), re.I)
            assert not found, f"{figure.get('id')}: {words}"
    assert looked > 90
