"""What a link of the text shows in its place: a phrase its view of a figure, a citation, a term, an equation a card."""

import json
import re
from urllib.parse import parse_qsl

import pytest
from bs4 import BeautifulSoup

from ..paths import SITE
from .accessibility import ready
from .waiting import at_rest, timers

PAGE = "chapters/optimization.html"
FIGURE = "two_blood_values"
STATE = "(f) => Object.fromEntries(f.controls.map((c) => [c.name, c.texts[c.index].replace(/−/g, '-')]))"
DRAWING = """(f) => {
  const svg = [...f.querySelectorAll("figure > svg")].find((s) => s.getClientRects().length);
  const { top, bottom } = svg.getBoundingClientRect();
  return top >= 48 && bottom <= innerHeight;
}"""
TOP = "(e) => e.getBoundingClientRect().top"
CARD = ".in-place-card"


def cards():
    text = (SITE / "_static/in_place/cards.js").read_text("utf-8")
    return json.loads(re.fullmatch(r"inPlaceCards\((.*)\);\n", text, re.S)[1])


def links(selector):
    """The links of all pages, with the page."""
    for path in sorted(SITE.glob("chapters/*.html")):
        text = path.read_text("utf-8")
        if selector.split("[")[0] == "a.view" and 'class="view"' not in text:
            continue
        article = BeautifulSoup(
            text[text.index("<article") : text.index("</article>")], "html.parser"
        )
        for link in article.select(selector):
            yield path, link


def phrase(page, scroll=True):
    link = page.locator(f"a.view[href*='#{FIGURE}'][data-view='rate=0.54']")
    if scroll:
        link.evaluate("(e) => e.scrollIntoView({ block: 'center' })")
        at_rest(page)
    return link


def set_by(page, figure):
    page.wait_for_function("(f) => f.channels", arg=figure.element_handle())
    at_rest(page)
    return figure.evaluate(STATE)


# ---------------------------------------------------------------------------------- views


def test_each_phrase_sets_what_its_figure_has():
    figures, seen = {}, 0
    for path, link in links("a.view"):
        page, _, name = link["href"].partition("#")
        at = (path.parent / page) if page else path
        if at not in figures:
            soup = BeautifulSoup(at.read_text("utf-8"), "html.parser")
            figures[at] = {f.get("id"): f for f in soup.select("live-figure")}
        boxes = figures[at][name].select("[data-control]")
        controls = {b["data-control"]: json.loads(b["data-texts"]) for b in boxes}
        for control, value in parse_qsl(link["data-view"], strict_parsing=True):
            assert value in [text.replace("−", "-") for text in controls[control]], link
        seen += 1
    assert seen >= 120


@pytest.mark.parametrize("width", [390, 1280])
def test_a_phrase_sets_the_figure_and_leads_back(width, address, open_page):
    page = open_page(address + PAGE, width=width).page
    figure, link = page.locator(f"#{FIGURE}"), phrase(page)
    before, top, length = (
        figure.evaluate(STATE),
        link.evaluate(TOP),
        page.evaluate("history.length"),
    )
    link.click()
    assert set_by(page, figure) == {**before, "rate": "0.54"}
    assert page.url.split("?")[1].startswith("rate=0.54")
    assert figure.evaluate(DRAWING)
    back = page.get_by_role("button", name="Back to the text")
    box = back.bounding_box()
    assert box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= width
    for other in figure.locator(".lf-actions > *").all():  # it lies over no link of the figure
        its = other.bounding_box()
        assert (
            its["x"] + its["width"] <= box["x"]
            or its["y"] >= box["y"] + box["height"] - 1
            or its["y"] + its["height"] <= box["y"] + 1
        )
    back.click()
    at_rest(page)
    assert back.count() == 0
    assert abs(link.evaluate(TOP) - top) < 3
    assert link.evaluate("(e) => e === document.activeElement")
    assert figure.evaluate(STATE)["rate"] == "0.54"  # the reader has been there and reads on
    assert page.evaluate("history.length") == min(length + 1, 50)  # a browser keeps no more


@pytest.mark.parametrize("width", [390, 1280])
def test_back_leads_to_the_text_and_the_figure_is_as_it_was(width, address, open_page):
    page = open_page(address + PAGE, width=width).page
    figure, link = page.locator(f"#{FIGURE}"), phrase(page)
    before, top, url = figure.evaluate(STATE), link.evaluate(TOP), page.url
    link.click()
    set_by(page, figure)
    page.go_back()
    at_rest(page)
    timers(page)  # what writes a view into the address, would by now
    assert page.url == url
    assert figure.evaluate(STATE) == before
    assert abs(link.evaluate(TOP) - top) < 3
    assert page.get_by_role("button", name="Back to the text").count() == 0
    page.go_forward()
    assert set_by(page, figure)["rate"] == "0.54"


def test_back_undoes_the_jump_to_a_figure_that_shows_the_view_already(address, open_page):
    page = open_page(address + PAGE, width=390).page
    figure, link = page.locator(f"#{FIGURE}"), phrase(page)
    link.click()
    set_by(page, figure)
    page.get_by_role("button", name="Back to the text").click()
    at_rest(page)
    timers(page)
    top, url = link.evaluate(TOP), page.url
    link.click()
    at_rest(page)
    assert abs(link.evaluate(TOP) - top) > 100
    page.go_back()
    at_rest(page)
    assert page.url == url
    assert abs(link.evaluate(TOP) - top) < 3


def test_a_figure_that_is_in_sight_is_set_without_a_move(address, open_page):
    page = open_page(address + PAGE).page
    page.set_viewport_size({"width": 1280, "height": 2200})
    figure, link = page.locator(f"#{FIGURE}"), phrase(page, scroll=False)
    figure.evaluate("(e) => e.scrollIntoView()")
    at_rest(page)
    place = page.evaluate("scrollY")
    link.focus()
    page.keyboard.press("Enter")
    assert set_by(page, figure)["rate"] == "0.54"
    assert page.evaluate("scrollY") == place
    assert page.get_by_role("button", name="Back to the text").count() == 0
    assert link.evaluate("(e) => e === document.activeElement")
    assert (
        "0.54" in figure.locator(".lf-status").text_content()
        or figure.locator(".lf-readouts").text_content()
        in figure.locator(".lf-status").text_content()
    )


def test_by_keyboard_the_way_back_has_the_focus(address, open_page):
    page = open_page(address + PAGE).page
    figure, link = page.locator(f"#{FIGURE}"), phrase(page)
    link.focus()
    page.keyboard.press("Enter")
    set_by(page, figure)
    assert page.evaluate("document.activeElement.textContent") == "Back to the text"
    page.keyboard.press("Shift+Tab")  # to what belongs to the figure
    assert figure.evaluate("(f) => f.contains(document.activeElement)")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    at_rest(page)
    assert link.evaluate("(e) => e === document.activeElement")


def test_the_other_controls_are_as_the_text_found_them(address, open_page):
    page = open_page(address + PAGE).page
    figure = page.locator(f"#{FIGURE}")
    before = figure.evaluate(STATE)
    figure.locator("input[type=range]").nth(1).focus()
    page.keyboard.press("Home")
    assert figure.evaluate(STATE) != before
    phrase(page).click()
    assert set_by(page, figure) == {**before, "rate": "0.54"}


def test_a_phrase_about_a_figure_of_another_page_leads_there(address, open_page):
    page = open_page(address + "chapters/conclusion.html").page
    link = page.locator("a.view[href*='mse.html#wrong_record']")
    link.click()
    page.wait_for_url("**/mse.html#wrong_record?**")
    figure = page.locator("#wrong_record")
    shown = set_by(page, figure)
    assert (shown["wrong_year"], shown["record"]) == ("1973", "200")
    page.go_back()
    page.wait_for_url("**/conclusion.html")


def test_without_scripts_it_is_a_link_to_the_figure(address, open_page):
    page = open_page(address + PAGE, java_script_enabled=False).page
    link = page.locator("a.view").first
    assert link.get_attribute("href") == f"#{FIGURE}"
    link.click()
    assert page.url.endswith(f"#{FIGURE}")
    box = page.locator(f"#{FIGURE}").bounding_box()
    assert 0 <= box["y"] < 450


def test_where_its_script_does_not_come_it_is_a_link_to_the_view(address, open_page):
    watched = open_page(address + PAGE)
    page = watched.page
    page.route("**/in_place.js", lambda route: route.abort())
    phrase(page).click()
    assert set_by(page, page.locator(f"#{FIGURE}"))["rate"] == "0.54"


def test_from_a_folder(open_page):
    watched = open_page((SITE / PAGE).as_uri())
    page = watched.page
    figure, link = page.locator(f"#{FIGURE}"), phrase(page)
    link.click()
    assert set_by(page, figure)["rate"] == "0.54" and figure.evaluate(DRAWING)
    page.get_by_role("button", name="Back to the text").click()
    citation = page.locator(".bibtex-citation a").first
    citation.hover()
    page.locator(CARD).wait_for()
    assert not watched.complaints


# ---------------------------------------------------------------------------------- cards


def test_every_citation_and_every_term_has_its_card():
    found, seen = cards(), 0
    for path, link in links(".bibtex-citation a, a[href*='#term-']:not(.headerlink)"):
        anchor = link["href"].partition("#")[2]
        words = " ".join(link.get_text().split())
        if anchor.startswith("term-"):
            assert anchor in found["terms"], (path.name, anchor)
        else:
            label, who, title, *_ = found["works"][anchor]
            assert label == words and title, (path.name, anchor)
            assert words.rpartition(", ")[2] in who  # the year
            assert not link.get("title")
        seen += 1
    assert seen > 600
    assert all(entry[4].startswith("http") for entry in found["works"].values() if entry[4])
    listed = (SITE / "chapters/bibliography.html").read_text("utf-8").count('class="citation"')
    assert len(found["works"]) == listed


def test_links_in_definitions_lead_somewhere():
    for anchor, text in cards()["terms"].items():
        assert "katex" not in text
        for link in BeautifulSoup(text, "html.parser").select("a[href]"):
            page, _, place = link["href"].partition("#")
            if not page.startswith("http"):
                assert f'id="{place}"' in (SITE / page).read_text("utf-8"), (anchor, link)


@pytest.mark.parametrize(
    ("selector", "words", "ends"),
    [
        (".bibtex-citation a", "Cohen", ["arXiv:2103.00065", "In the bibliography"]),
        ("a[href*='#term-condition']", "The largest curvature", ["In the glossary"]),
        ("article a[href^='#equation-']:not(.headerlink)", "", ["Go to the equation"]),
    ],
)
def test_a_card_opens_under_the_pointer_and_moves_nothing(
    selector, words, ends, address, open_page
):
    page = open_page(address + PAGE).page
    link = page.locator(selector).filter(has_text="Cohen" if words == "Cohen" else "").first
    link.scroll_into_view_if_needed()
    at_rest(page)
    page.evaluate(
        "() => { window.shifts = 0; new PerformanceObserver((l) => l.getEntries().forEach((e) => {"
        " shifts += e.value; })).observe({ type: 'layout-shift' }); }"
    )
    height = page.evaluate("document.documentElement.scrollHeight")
    link.hover()
    card = page.locator(CARD)
    card.wait_for()
    assert words in card.inner_text()
    assert card.locator(".in-place-links a").all_text_contents()[-len(ends) :] == ends
    for a in card.locator("a").all():
        assert re.match(r"https?:", a.evaluate("(a) => a.href"))
    box = card.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 1280 and box["y"] >= 0
    assert box["y"] + box["height"] <= 900
    card.hover()  # it stays while the pointer is on it
    timers(page)
    assert card.is_visible()
    page.mouse.move(5, 450)
    card.wait_for(state="detached")
    assert page.evaluate("document.documentElement.scrollHeight") == height
    assert page.evaluate("shifts") == 0


def opened_by_keyboard(page):
    """A citation to which a key has led, and its card."""
    link = page.locator(".bibtex-citation a", has_text="Cohen").first
    link.scroll_into_view_if_needed()
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")  # so that the focus is that of a keyboard
    card = page.locator(CARD)
    card.wait_for()
    return link, card


def test_a_card_by_keyboard(address, open_page):
    page = open_page(address + PAGE).page
    link, card = opened_by_keyboard(page)
    described = link.get_attribute("aria-describedby")
    assert "Edge of Stability" in page.locator(f"#{described}").text_content()
    assert (
        card.get_attribute("role") == "dialog" and card.get_attribute("aria-label") == "Reference"
    )
    page.keyboard.press("Escape")
    assert card.count() == 0
    assert link.evaluate("(e) => e === document.activeElement")
    assert link.get_attribute("aria-describedby") is None
    page.keyboard.press("Enter")  # the link is what it was
    page.wait_for_url("**/bibliography.html#id*")


def test_a_card_closes_when_the_focus_goes_on(address, open_page):
    page = open_page(address + PAGE).page
    opened_by_keyboard(page)
    page.keyboard.press("Tab")  # by its links
    page.locator(f"{CARD}[aria-label=Reference]").wait_for(state="detached")
    assert page.evaluate("!!document.activeElement.closest('article')")
    assert not page.evaluate(f"!!document.activeElement.closest('{CARD}')")


@pytest.mark.parametrize("width", [320, 390])
def test_the_first_tap_opens_the_card(width, address, open_page):
    page = open_page(address + PAGE, width=width, has_touch=True, is_mobile=True).page
    link = page.locator(".bibtex-citation a", has_text="Cohen").first
    link.scroll_into_view_if_needed()
    url = page.url
    link.tap()
    card = page.locator(CARD)
    card.wait_for()
    assert page.url == url
    assert card.evaluate("(e) => e === document.activeElement")
    box = card.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    for a in card.locator(".in-place-links a").all():
        assert a.bounding_box()["height"] >= 44
    page.locator("article h1").evaluate("(e) => e.scrollIntoView()")
    page.touchscreen.tap(width / 2, 700)
    card.wait_for(state="detached")
    link.scroll_into_view_if_needed()
    link.tap()
    card.locator("a", has_text="In the bibliography").tap()
    page.wait_for_url("**/bibliography.html#id*")


def test_a_tap_follows_the_link_where_no_card_comes(address, open_page):
    page = open_page(address + PAGE, width=390, has_touch=True, is_mobile=True).page
    page.route("**/cards.js", lambda route: route.abort())
    page.locator(".bibtex-citation a").first.tap()
    page.wait_for_url("**/bibliography.html#id*")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("selector", [".bibtex-citation a", "a[href*='#term-']"])
def test_axe_finds_nothing_in_an_open_card(theme, selector, address, open_page):
    page = ready(open_page(address + PAGE, theme=theme).page)
    page.locator(selector).first.hover()
    page.locator(CARD).wait_for()
    at_rest(page)
    found = page.evaluate("(s) => axe.run(s, { resultTypes: ['violations'] })", CARD)
    assert not [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]]


def test_nothing_of_it_comes_with_a_page(address, open_page):
    watched = open_page(address + PAGE)
    watched.page.wait_for_load_state("networkidle")
    assert not [url for url in watched.requests if "in_place" in url]
    watched.page.locator(".bibtex-citation a").first.hover()
    watched.page.locator(CARD).wait_for()
    assert sum("in_place" in url for url in watched.requests) == 3


@pytest.mark.parametrize("start", [PAGE, "intro.html"])
def test_how_to_cite_is_a_click_away(start, address, open_page):
    page = open_page(address + start).page
    link = page.get_by_role("link", name="How to cite", exact=True).last
    link.scroll_into_view_if_needed()
    at_rest(page)  # what comes near is laid out, and moves it
    link.click()
    page.wait_for_url("**/intro.html#how-to-cite")
    entry = page.locator("#how-to-cite pre").text_content()
    assert entry.startswith("@misc{lossbook,") and "{{The Lossbook authors}}" in entry
    page.locator("#how-to-cite").get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
