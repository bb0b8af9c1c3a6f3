"""The contents of the book and of the page, behind the buttons of the header."""

import pytest

from .waiting import at_rest


@pytest.mark.parametrize("width", [390, 768])
@pytest.mark.parametrize("which", ["primary", "secondary"])
def test_a_narrow_window_opens_and_closes_them(which, width, address, open_page):
    page = open_page(address + "chapters/mse.html", width=width).page
    sidebar = page.locator(f"#pst-{which}-sidebar-modal")
    assert not sidebar.is_visible()
    page.locator(f".bd-header-article .{which}-toggle").click()
    link = sidebar.get_by_role("link").last
    link.wait_for(state="visible")
    at_rest(page)
    box = sidebar.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width + 1 and box["width"] > 200
    page.keyboard.press("Escape")
    sidebar.wait_for(state="hidden")
    # the links are in the page again, for a wider window
    assert page.locator(f"#pst-{which}-sidebar a").count() > 10


def test_a_wide_window_hides_and_shows_the_contents_of_the_book(address, open_page):
    page = open_page(address + "chapters/mse.html", width=1280).page
    shown = "document.querySelector('#pst-primary-sidebar').getBoundingClientRect().right > 100"
    for expected in (True, False, True):
        at_rest(page)  # it slides
        assert page.evaluate(shown) == expected
        page.locator(".bd-header-article .primary-toggle").click()
