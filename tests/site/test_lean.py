"""What `written_site.py` makes of the pages: light, without losing a rule or a glyph; safe; accessible."""

import io
import re

import pytest
from fontTools.ttLib import TTFont

from ..paths import ROOT, SITE
from .accessibility import AXE, ready, violations, wrong_colors, wrong_structure
from .books import Book
from .pages import LAID_OUT, TEXTS
from .waiting import frames

# The style of one element of each kind (its name, classes and those of its parents), all folded things open.
STYLES = """() => {
  document.querySelectorAll("details").forEach((d) => { d.open = true; });
  // lengths that the layout works out, and no rule
  const sizes = /size|^(height|width|inset|top|bottom|left|right|grid-temp)|^margin-(l|r|inline)|origin|locale/;
  const kind = (e) => e.localName + "." + (e.getAttribute("class") || "");
  if (!window.sampled) {  // a second call looks at the same elements, whatever a script has added since
    window.sampled = new Map();
    for (const e of document.querySelectorAll("body *")) {
      const name = [e, e.parentElement, e.parentElement.parentElement || e].map(kind).join(" < ");
      if (e.closest("svg *, .katex *")?.parentElement.closest("svg *, .katex *")) continue;
      if (!sampled.has(name)) sampled.set(name, e);
    }
  }
  return [...sampled].map(([name, e]) => {
    const style = getComputedStyle(e), own = [];
    // a variable shows in the properties that use it
    const nothing = style.backgroundImage === "none";  // which has no position
    for (const p of style)
      if (!sizes.test(p) && !p.startsWith("--") && !(nothing && p === "background-position"))
        own.push(p + ":" + style.getPropertyValue(p));
    return [name, own.join(";")];
  });
}"""
UNPURGED = """(sheets) => Promise.all(sheets.map((href) => new Promise((done) => {
  const link = document.createElement("link");
  Object.assign(link, { rel: "stylesheet", href, onload: done, onerror: done });
  document.head.append(link);
}))).then(() => document.querySelector("link[data-from]").remove())"""


@pytest.mark.parametrize("page", ["intro.html", "chapters/mse.html", "chapters/api.html"])
def test_the_purged_style_sheet_styles_every_element_alike(page, address, open_page):
    page_ = open_page(address + page, reduced_motion="reduce").page
    page_.add_style_tag(
        content="*, ::before, ::after { transition: none !important; animation: none !important; }"
        # what fades is measured by a script, anew while sheets are loaded
        ".more-left, .more-right { mask-image: none !important; }"
    )
    sheets = page_.locator("link[data-from]").get_attribute("data-from").split()
    assert len(sheets) > 8
    page_.wait_for_load_state("networkidle")
    lean = page_.evaluate(STYLES)
    page_.evaluate(UNPURGED, [address + s for s in sheets])
    full = page_.evaluate(STYLES)
    assert len(lean) == len(full) > 50
    different = [
        (a[0], set(a[1].split(";")) ^ set(b[1].split(";")))
        for a, b in zip(lean, full, strict=True)
        if a != b
    ]
    assert not different


# Every text of a formula with the font that the browser chooses for it.
GLYPHS = """() => {
  const found = new Map();
  for (const e of document.querySelectorAll(".katex-html *")) {
    const text = [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join("");
    if (!text) continue;
    const s = getComputedStyle(e), key = [s.fontFamily.split(",")[0], s.fontWeight >= 600, s.fontStyle].join();
    found.set(key, (found.get(key) || "") + text);
  }
  return [...found];
}"""


def test_every_glyph_of_the_formulas_is_still_there(address, open_page):
    checked = 0
    fonts = ROOT / "vendor" / "katex" / "fonts"
    page = open_page("about:blank").page
    for text in TEXTS:
        page.goto(address + text)
        for key, shown in page.evaluate(GLYPHS):
            family, bold, style = key.split(",")
            weight = {("true", "normal"): "Bold", ("true", "italic"): "BoldItalic"}
            weight |= {("false", "normal"): "Regular", ("false", "italic"): "Italic"}
            name = f"{family}-{weight[bold, style]}.woff2"
            if not (fonts / name).exists():  # a weight that KaTeX has not: the browser makes it up
                continue
            full = set(TTFont(io.BytesIO((fonts / name).read_bytes())).getBestCmap())
            cut = SITE / "_static" / "katex" / "fonts" / name
            kept = set(TTFont(io.BytesIO(cut.read_bytes())).getBestCmap())
            assert set(map(ord, shown)) & full <= kept, (text, name)
            assert cut.stat().st_size <= (fonts / name).stat().st_size
            checked += len(shown)
    assert checked > 1000


def test_icons_are_there(address, open_page):
    page = open_page(address + "chapters/mse.html").page
    page.wait_for_function("() => document.fonts.status === 'loaded'")
    codes = page.evaluate(
        """[...document.querySelectorAll("i[class*=fa-], span[class*=fa-]")].filter((e) => e.offsetParent).map(
          (e) => getComputedStyle(e, "::before").content.replace(/"/g, "").codePointAt(0))"""
    )
    font = SITE / "_static/vendor/fontawesome/webfonts/fa-solid-900.woff2"
    glyphs = TTFont(io.BytesIO(font.read_bytes())).getBestCmap()
    assert codes and set(codes) <= set(glyphs)


def laid_out_at(page, width):
    """The window that wide, and what watches the sizes of elements called."""
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_function("(width) => innerWidth === width", arg=width)
    frames(page, 4)


# Formulas that do not have the color of the text that they stand in: axe says nothing of single letters.
COLORED = """() => [...document.querySelectorAll(".bd-article .katex")].filter((formula) => {
  const look = (e) => { const s = getComputedStyle(e); return [s.color, s.opacity, s.backgroundColor].join(); };
  const text = getComputedStyle(formula.parentElement).color;
  return [formula, ...formula.querySelectorAll(".katex-html *")].some((e) => look(e) !== `${text},1,rgba(0, 0, 0, 0)`);
}).map((e) => e.textContent)"""
# Then axe need not look at their letters, half of all elements: they are hidden from whoever listens, and hold nothing
# but letters.
WITHOUT_LETTERS = """() => {
  const letters = [...document.querySelectorAll(".katex-html[aria-hidden=true]")];
  const plain = letters.every((e) => !e.querySelector("[id], [tabindex], [role], a, button, input, img"));
  letters.forEach((e) => e.replaceChildren());
  return plain;
}"""


@pytest.mark.parametrize("page", TEXTS)
def test_axe_finds_nothing_in_either_theme(page, address, open_page):
    page_ = ready(open_page(address + page).page)
    light = page_.evaluate("getComputedStyle(document.body).color")
    assert not page_.evaluate(COLORED)
    # the other theme has the same elements in other colors
    page_.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert page_.evaluate("getComputedStyle(document.body).color") != light
    assert not page_.evaluate(COLORED)
    assert page_.evaluate(WITHOUT_LETTERS)
    assert not wrong_colors(page_)
    page_.evaluate("document.documentElement.dataset.theme = 'light'")
    assert not wrong_colors(page_)
    assert not wrong_structure(page_)


@pytest.mark.parametrize("page", TEXTS)
def test_what_is_tapped_is_large_or_stands_apart(page, address, open_page):
    """24 pixels, of which axe tells only if it is asked: as wide as a phone, and of each kind of page one on a desk."""
    page_ = open_page(address + page, width=1280).page
    page_.evaluate(AXE)
    page_.add_style_tag(content=LAID_OUT)
    found = {}
    on_a_desk = page in ("intro.html", "chapters/mse.html", "chapters/catalog_margins.html")
    for width in (1280, 390) if on_a_desk else (390,):
        laid_out_at(page_, width)
        if wrong := violations(page_, runOnly=["target-size"]):
            found[width] = wrong
    assert not found


# What axe calls "scrollable-region-focusable", for the eight times that are asked: axe reads the whole page each time.
UNREACHED = """() => [...document.querySelectorAll("body *:not(.katex-html *, svg *)")].filter((e) => {
  const { overflowX, overflowY } = getComputedStyle(e), scrolls = /auto|scroll/;
  return (e.scrollWidth > e.clientWidth + 12 && scrolls.test(overflowX)
    || e.scrollHeight > e.clientHeight + 12 && scrolls.test(overflowY))
    && e !== document.scrollingElement && e !== document.body && e.checkVisibility({ visibilityProperty: true })
    && ![e, ...e.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].some(
      (x) => x.tabIndex >= 0 && !x.disabled && x.checkVisibility({ visibilityProperty: true }));
}).map((e) => e.outerHTML.slice(0, 200))"""


@pytest.mark.parametrize("page", TEXTS)
def test_what_scrolls_can_be_reached_by_keyboard(page, address, open_page):
    """At each width, of what is laid out and of what is not yet."""
    page_ = open_page(address + page, width=320).page
    page_.add_style_tag(content="* { transition: none !important }")  # of the sidebars
    found = {}
    for laid_out in (False, True):
        if laid_out:
            page_.add_style_tag(content=LAID_OUT)
        for width in (320, 390, 768, 1280):
            laid_out_at(page_, width)
            if wrong := page_.evaluate(UNREACHED):
                found[width, laid_out] = wrong
    assert not found


def test_axe_agrees_on_what_scrolls(address, open_page):
    page = open_page(address + "chapters/mse.html", width=390).page
    page.add_style_tag(content=LAID_OUT + "* { transition: none !important }")
    page.evaluate(AXE)
    laid_out_at(page, 390)
    rule = {"runOnly": ["scrollable-region-focusable"]}
    assert not page.evaluate(UNREACHED) and not violations(page, **rule)
    page.evaluate(
        "document.querySelectorAll('.bd-article pre').forEach((e) => e.removeAttribute('tabindex'))"
    )
    assert 1 < len(page.evaluate(UNREACHED)) >= len(violations(page, **rule)[0][1])


def test_what_does_not_scroll_takes_no_tab_stop(address, open_page):
    page = open_page(address + "chapters/mse.html").page
    page.add_style_tag(content=LAID_OUT + "* { transition: none !important }")
    laid_out_at(page, 1280)
    stops = page.evaluate(
        "() => [...document.querySelectorAll('.bd-article pre')].filter((e) => e.checkVisibility())"
        ".map((e) => [e.tabIndex === 0, e.scrollWidth > e.clientWidth])"
    )
    assert len(stops) > 25 and all(stop == scrolls for stop, scrolls in stops)
    laid_out_at(page, 390)
    assert page.locator(".bd-article pre[tabindex='0']").count() > sum(s for s, _ in stops)


@pytest.mark.parametrize("selector", ["div.highlight .k", "section > p"])
def test_axe_finds_one_pale_letter(selector, address, open_page):
    page_ = ready(open_page(address + "chapters/solutions.html").page)
    page_.locator(f".bd-article {selector}").last.evaluate("(e) => { e.style.color = '#bbb'; }")
    assert [rule for rule, _ in wrong_colors(page_)] == ["color-contrast"]


@pytest.mark.parametrize("page", TEXTS)
def test_the_policy_allows_no_eval_and_no_other_code(page):
    html = (SITE / page).read_text("utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)[1]
    scripts = next(r for r in policy.split("; ") if r.startswith("script-src"))
    assert "unsafe" not in scripts and "http" not in scripts
    assert "object-src 'none'" in policy
    assert not re.search(r'<[a-z][^>]*\son(?:click|load|error|change|input|submit)="', html)


def test_the_policy_stops_code_that_is_not_the_book_s(address, open_page):
    watched = open_page(address + "chapters/mse.html")
    watched.page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.injected = true";
          document.body.append(script);
        }"""
    )
    assert watched.page.evaluate("window.injected") is None
    assert any("Content Security Policy" in c for c in watched.complaints)


def test_blocked_storage_breaks_nothing(address, browser):
    context = browser.new_context()
    context.add_init_script(
        """Object.defineProperty(window, "localStorage", { configurable: true, get() {
          throw new DOMException("blocked", "SecurityError"); } });"""
    )
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.goto(address + "chapters/mse.html")
    button = page.locator(".theme-switch-button:visible").first
    before = page.evaluate("document.documentElement.dataset.mode")
    button.click()
    assert page.evaluate("document.documentElement.dataset.mode") != before
    figure = page.locator("live-figure[data-states]").first
    figure.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('live-figure[data-states]').channels")
    assert not errors
    context.close()


def test_without_scripts_the_page_is_light_and_whole(address, open_page):
    page = open_page(address + "chapters/mse.html", java_script_enabled=False).page
    assert page.locator("html").get_attribute("data-theme") == "light"
    assert page.locator("live-figure svg").first.is_visible()
    assert page.locator(".lf-controls").first.is_hidden()
    assert page.locator(".lf-note").first.is_visible()


def test_the_theme_follows_the_reader_s_system_at_once(address, browser):
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        page.route("**/*.js*", lambda route: route.abort())  # before any script of the theme
        page.goto(address + "chapters/mse.html")
        assert page.evaluate("document.documentElement.dataset.theme") == scheme
        context.close()


CHANGED = """
from pydata_sphinx_theme.translator import BootstrapHTML5TranslatorMixin as Translator

OPENED = Translator.visit_table


def visit_table(self, node):
    OPENED(self, node)
    self.body[-2] = '<div class="scrolls">'


def setup(app):
    Translator.visit_table = visit_table
"""


def test_a_theme_whose_markup_has_changed_fails_the_build_and_the_edit_is_named(tmp_path):
    book = Book(tmp_path)
    book.write("1 + 1")
    (tmp_path / "intro.md").write_text("# Small\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    (tmp_path / "_ext/changed.py").write_text(CHANGED)
    config = (tmp_path / "_config.yml").read_text()
    config = config.replace("    booksite: _ext\n", "    booksite: _ext\n    changed: _ext\n")
    (tmp_path / "_config.yml").write_text(
        config.replace("      - booksite\n", "      - booksite\n      - changed\n")
    )
    status, output = book.build()
    assert status != 0
    (warning,) = re.findall(r"WARNING: (.*)", output)
    assert warning.startswith("a table that may scroll: nothing was found to edit in ")
    assert "intro.html" in warning
