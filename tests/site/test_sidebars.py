"""The contents of the book and of the page, behind the buttons of the header."""

import pytest

from .waiting import at_rest


@pytest.mark.parametrize("width", [390, 768])
def test_a_narrow_window_opens_and_closes_them(width, address, open_page):
    page = open_page(address + "chapters/mse.html", width=width).page
    sidebar = page.locator("#pst-primary-sidebar-modal")
    assert not sidebar.is_visible()
    page.locator(".bd-header-article .primary-toggle").click()
    link = sidebar.get_by_role("link").last
    link.wait_for(state="visible")
    at_rest(page)
    box = sidebar.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width + 1 and box["width"] > 200
    page.keyboard.press("Escape")
    sidebar.wait_for(state="hidden")
    # the links are in the page again, for a wider window
    assert page.locator("#pst-primary-sidebar a").count() > 10


@pytest.mark.parametrize("target", ["#by-hand", "hinge.html"])
def test_they_close_when_a_section_or_a_page_is_chosen(target, address, open_page):
    page = open_page(address + "chapters/mse.html", width=390).page
    page.locator(".bd-header-article .primary-toggle").click()
    sidebar = page.locator("#pst-primary-sidebar-modal")
    sidebar.locator(f"a[href='{target}']").click()
    sidebar.wait_for(state="hidden")
    at_rest(page)
    assert page.url.endswith(target)
    if target.startswith("#"):
        top = page.locator(target).evaluate("(e) => e.getBoundingClientRect().top")
        assert 0 <= top < 300


def test_those_of_the_page_stand_under_its_title(address, open_page):
    page = open_page(address + "chapters/mse.html", width=1280).page
    own = page.get_by_role("navigation", name="On this page")
    assert page.locator("li.current > .page-contents").count() == 1
    assert own.get_by_role("link").count() > 10
    page.locator("#the-rivals > h2").evaluate("(e) => e.scrollIntoView({ block: 'start' })")
    page.locator(".page-contents a.active").first.wait_for()


@pytest.mark.parametrize("chapter", ["intro", "chapters/sequences", "chapters/bibliography"])
def test_the_search_stays_in_sight_beside_the_text(chapter, address, open_page):
    page = open_page(f"{address}{chapter}.html", width=1280).page
    at_rest(page)  # the contents are scrolled to the open page
    button = page.locator(".bd-header-article .search-button")
    for _ in range(2):
        box = button.bounding_box()
        assert 0 <= box["y"] < 120
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        assert button.evaluate("(e, [x, y]) => e.contains(document.elementFromPoint(x, y))", [x, y])
        page.evaluate("scrollTo(0, 3000)")
        at_rest(page)
    button.click()
    assert page.locator("#pst-search-dialog input").evaluate("(e) => e === document.activeElement")


def test_a_section_is_marked_while_one_of_its_own_is_read(address, open_page):
    page = open_page(address + "chapters/comparisons.html", width=1280).page
    page.locator("#triplet-loss-stays-at-the-margin > h3").evaluate(
        "(e) => e.scrollIntoView({ block: 'start' })"
    )
    page.locator(".page-contents li.active li.active").first.wait_for(state="attached")
    link = page.locator(".page-contents > ul > li.active > a")
    assert link.get_attribute("href") == "#pairs-and-triplets"
    accent = page.locator("#pst-primary-sidebar li.current > a").first
    color = "(e) => getComputedStyle(e).color"
    assert link.evaluate(color) == accent.evaluate(color)


def test_each_page_has_a_door_for_a_reader_in_trouble(address, open_page):
    page = open_page(address + "chapters/notation.html", width=390).page
    doors = page.locator(".doors a")
    assert doors.all_text_contents() == ["My loss …", "Which loss?"]
    for i, heading in enumerate(["The clinic", "The guide"]):
        page.goto(address + "chapters/notation.html")
        doors.nth(i).click()
        at_rest(page)
        top = page.get_by_role("heading", name=heading).evaluate(
            "(e) => e.getBoundingClientRect().top"
        )
        assert 0 <= top < 300


def test_a_wide_window_hides_and_shows_the_contents_of_the_book(address, open_page):
    page = open_page(address + "chapters/mse.html", width=1280).page
    shown = "document.querySelector('#pst-primary-sidebar').getBoundingClientRect().right > 100"
    for expected in (True, False, True):
        at_rest(page)  # it slides
        assert page.evaluate(shown) == expected
        page.locator(".bd-header-article .primary-toggle").click()
