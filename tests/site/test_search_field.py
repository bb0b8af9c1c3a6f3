"""The search as readers meet it: by keyboard, by touch, by ear, on a narrow screen, from a folder, without scripts."""

import re

import pytest

from tools.browser.server import serving

from ..paths import SITE
from .accessibility import ready, wrong_colors, wrong_structure
from .pages import STICKS_OUT
from .waiting import at_rest

#: a section that a query on imbalance finds, and where it is
IMBALANCE = "Class imbalance and rare events: which loss?"
AT = "#class-imbalance-and-rare-events-which-loss"
HIT = "#search-options > a"
EXCERPTS = "() => [...document.querySelectorAll('.search-excerpt')].every((e) => e.textContent)"
#: the search has an answer
SAID = """(where) => {
  const text = document.querySelector(where + " [role=status]").textContent;
  return text && !text.startsWith("Loading");
}"""


def searched(page, query):
    """The dialog with the results of a query, excerpts and all."""
    page.keyboard.press("Control+k")
    page.keyboard.insert_text(query)
    page.wait_for_selector(HIT)
    page.wait_for_function(EXCERPTS)
    return page.locator(HIT)


def test_nothing_of_the_index_is_loaded_before_the_search_is_opened(address, open_page):
    watched = open_page(address + "chapters/mse.html")
    watched.page.wait_for_load_state("networkidle")
    assert not [url for url in watched.requests if "/_static/search/" in url]
    searched(watched.page, "huber delta")
    loaded = [url for url in watched.requests if "/_static/search/" in url]
    assert len([url for url in loaded if url.endswith("/index.js")]) == 1 and len(loaded) > 2
    assert not watched.complaints


def test_results_come_while_one_types_and_say_where_they_are(address, open_page):
    page = open_page(address + "chapters/mse.html").page
    page.keyboard.press("/")
    assert page.locator("#pst-search-dialog input").evaluate("(e) => e === document.activeElement")
    seen = []
    for letter in "imbalanced":
        page.keyboard.type(letter)
        if len(seen) == 4:
            page.wait_for_selector(HIT)
        seen.append(page.locator(HIT).count())
    assert min(seen[5:]) >= 1 and seen[-1] > 1
    page.wait_for_function(EXCERPTS)
    first = page.locator(HIT).filter(has_text=IMBALANCE).first
    assert first.locator(".search-title").text_content() == IMBALANCE
    assert first.locator(".search-place").text_content() == "8. Challenges"
    assert first.locator("mark").count() > 0
    assert len(first.locator(".search-excerpt").text_content()) > 100


def test_a_hit_opens_its_section_by_keyboard_and_nothing_is_painted_over(address, open_page):
    page = open_page(address + "intro.html").page
    hits = searched(page, "imbalanced")
    href = hits.filter(has_text=IMBALANCE).first.get_attribute("href")
    at = hits.evaluate_all(
        "(all, href) => all.findIndex((a) => a.getAttribute('href') === href)", href
    )
    assert at < 3
    page.keyboard.press("ArrowUp")  # from the field to the last, and back
    assert hits.last.get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowDown")
    assert page.locator(f"{HIT}[aria-selected=true]").count() == 0
    for hit in hits.all()[: at + 1]:
        page.keyboard.press("ArrowDown")
        assert hit.get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    page.wait_for_url(href)
    assert page.url.endswith(f"chapters/challenges.html{AT}")
    at_rest(page)
    heading = page.locator(f"{AT} > h2")
    assert 0 <= heading.bounding_box()["y"] < 200
    assert heading.evaluate("(e) => getComputedStyle(e).backgroundColor") == "rgba(0, 0, 0, 0)"
    assert page.locator(".bd-article mark, .highlighted").count() == 0


def test_a_hit_in_the_same_page_closes_the_dialog(address, open_page):
    page = open_page(address + "chapters/challenges.html").page
    searched(page, "class imbalance").filter(has_text=IMBALANCE).first.click()
    page.wait_for_url(f"**/challenges.html{AT}")
    assert not page.locator("#pst-search-dialog").evaluate("(e) => e.open")
    at_rest(page)
    assert 0 <= page.locator(f"{AT} > h2").bounding_box()["y"] < 200


def test_a_symptom_opens_in_its_fold(address, open_page):
    page = open_page(address + "intro.html").page
    hits = searched(page, "overflow, reducing loss scale")
    hits.and_(page.locator("[href*='#clinic-']")).first.click()
    page.wait_for_url("**/training.html#clinic-*")
    at_rest(page)
    assert page.locator(f"[id='{page.url.partition('#')[2]}']").is_visible()


def test_escape_closes_and_gives_the_keyboard_back(address, open_page):
    page = open_page(address + "chapters/mse.html", width=390).page
    button = page.locator(".search-button__button:visible").first
    button.click()
    page.keyboard.insert_text("nan")
    page.wait_for_selector(HIT)
    page.keyboard.press("Escape")
    assert not page.locator("#pst-search-dialog").evaluate("(e) => e.open")
    assert button.evaluate("(e) => e === document.activeElement")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_button_closes_and_gives_the_keyboard_back(width, address, open_page):
    """A phone has no Escape, and where the hits fill it there is nothing beside the dialog to tap."""
    options = {"has_touch": True, "is_mobile": True} if width < 600 else {}
    page = open_page(address + "chapters/mse.html", width=width, **options).page
    button = page.locator(".search-button__button:visible").first
    button.click()
    page.keyboard.insert_text("loss")
    page.wait_for_selector(HIT)
    dialog = page.locator("#pst-search-dialog")
    close = dialog.get_by_role("button", name="Close the search")
    box = close.bounding_box()
    assert box["width"] >= 44 and box["height"] >= 44 and box["x"] + box["width"] <= width
    close.tap() if width < 600 else close.click()
    assert not dialog.evaluate("(e) => e.open")
    assert button.evaluate("(e) => e === document.activeElement")
    button.click()
    page.keyboard.press("Tab")
    assert close.evaluate("(e) => e === document.activeElement")
    page.keyboard.press("Enter")
    assert not dialog.evaluate("(e) => e.open")


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_in_the_results(width, address, open_page):
    page = open_page(address + "chapters/notation.html", width=width).page
    hits = searched(page, "my loss is nan")
    page.keyboard.press("ArrowDown")
    field = page.locator("#pst-search-dialog input")
    assert field.get_attribute("role") == "combobox"
    assert field.get_attribute("aria-expanded") == "true"
    assert field.get_attribute("aria-activedescendant") == hits.first.get_attribute("id")
    assert "sections" in page.locator("#pst-search-dialog [role=status]").text_content()
    ready(page)
    for theme in ("light", "dark"):
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        assert not wrong_colors(page)
    assert not wrong_structure(page)


def test_axe_finds_nothing_in_the_page_of_results(address, open_page):
    page = open_page(address + "search.html?q=huber+delta", width=390).page
    page.wait_for_selector("ol.search-results > li > a")
    page.wait_for_function(EXCERPTS)
    ready(page)
    assert not wrong_colors(page) and not wrong_structure(page)


@pytest.mark.parametrize("query", ["huber delta", "why " * 125, "x" * 500, "lossbook.losses.Huber"])
def test_nothing_sticks_out_of_the_results(query, address, open_page):
    page = open_page(address + "search.html?q=" + query).page
    page.wait_for_function(SAID, arg="main")
    page.wait_for_function(EXCERPTS)
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(STICKS_OUT) <= 0, width
    page.goto(address + "chapters/notation.html")
    page.keyboard.press("Control+k")
    page.keyboard.insert_text(query)
    page.wait_for_function(SAID, arg="#pst-search-dialog")
    page.wait_for_function(EXCERPTS)
    dialog = page.locator("#pst-search-dialog")
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        box = dialog.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width and box["height"] <= 900
        assert dialog.evaluate("(e) => e.scrollWidth - e.clientWidth") <= 0, width


def test_the_page_of_results_keeps_the_query_in_its_address(address, open_page):
    page = open_page(address + "intro.html").page
    searched(page, "huber")
    page.keyboard.press("Enter")  # no hit is chosen
    page.wait_for_url("**/search.html?q=huber")
    page.wait_for_selector("ol.search-results > li > a")
    assert page.locator("ol.search-results > li").count() > 8
    assert page.locator(".search-else").is_hidden()
    field = page.locator("main input[type=search]")
    field.fill("hinge")
    page.wait_for_url("**/search.html?q=hinge")
    field.press("Enter")
    assert page.url.endswith("search.html?q=hinge")


def test_what_is_asked_is_shown_as_text(address, open_page):
    watched = open_page(address + "search.html?q=<script>window.run=1</script>zzqx<img src=x>")
    status = watched.page.locator("main [role=status]")
    watched.page.wait_for_function(SAID, arg="main")
    assert watched.page.evaluate("window.run") is None
    assert watched.page.locator("main img").count() == 0
    field = watched.page.locator("main input[type=search]")
    field.fill("<b>функция</b>")
    watched.page.wait_for_function(
        "() => document.querySelector('main .search-status').textContent.startsWith('No section')"
    )
    assert "<b>функция</b>" in status.text_content()
    assert watched.page.locator(".search-else a").first.is_visible()
    assert not watched.complaints


def test_by_touch(address, open_page):
    options = {"has_touch": True, "is_mobile": True}
    page = open_page(address + "chapters/mse.html", width=390, **options).page
    page.locator(".search-button__button:visible").first.tap()
    page.keyboard.insert_text("pos_weight")
    page.wait_for_selector(HIT)
    hit = page.locator(HIT).first
    assert hit.bounding_box()["height"] >= 44
    href = hit.get_attribute("href")
    hit.tap()
    page.wait_for_url(href)


def test_from_a_folder(open_page):
    watched = open_page(SITE.as_uri() + "/chapters/mse.html")
    hits = searched(watched.page, "triplet margin")
    assert hits.first.locator(".search-excerpt mark").count()
    hits.first.click()
    watched.page.wait_for_url(re.compile(r"file:.*\.html#"))
    assert not watched.complaints


def test_below_another_address(tmp_path, open_page):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "book").symlink_to(SITE)
    with serving(tmp_path) as other:
        watched = open_page(other + "a/book/chapters/mse.html")
        searched(watched.page, "perplexity").first.click()
        watched.page.wait_for_url(re.compile(r"/a/book/chapters/\w+\.html#"))
        assert not [c for c in watched.complaints if "favicon" not in c]
        watched.page.goto("about:blank")


def test_an_index_that_does_not_come_is_said_and_asked_for_again(address, open_page):
    page = open_page(address + "chapters/mse.html").page
    page.route("**/_static/search/index.js", lambda route: route.abort())
    page.keyboard.press("Control+k")
    page.keyboard.type("hub")
    status = page.locator("#pst-search-dialog [role=status]")
    page.wait_for_function(
        "() => /could not/.test(document.querySelector('.search-status').textContent)"
    )
    assert "network" in status.text_content()
    page.unroute("**/_static/search/index.js")
    page.keyboard.type("er")
    page.wait_for_selector(HIT)


def test_without_scripts_there_are_other_ways(address, open_page):
    page = open_page(address + "chapters/mse.html", java_script_enabled=False).page
    page.locator("noscript a").first.click()
    assert page.url.endswith("search.html")
    assert page.locator("main input[type=search]").is_hidden()
    links = page.locator(".search-else a")
    assert links.count() >= 7 and links.first.is_visible()
    for href in links.evaluate_all("(all) => all.map((a) => a.getAttribute('href'))"):
        assert (SITE / href).exists(), href
