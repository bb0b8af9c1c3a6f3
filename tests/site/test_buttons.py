"""Buttons and menus of the book's theme: they need little script, or none."""

import pytest

from .waiting import at_rest

SOURCE = "a[href$='_sources/chapters/mse.ipynb']"


def listing(page):
    found = page.locator(".bd-article div.highlight").filter(has_text="def slope").first
    found.scroll_into_view_if_needed()
    return found


@pytest.mark.parametrize("secure", [True, False])
def test_a_listing_is_copied_whole(secure, address, open_page):
    watched = open_page(
        address + "chapters/mse.html", permissions=["clipboard-read", "clipboard-write"]
    )
    page = watched.page
    if not secure:  # as at an address without https
        page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        page.evaluate(
            "addEventListener('copy', () => { window.copied = getSelection().toString(); })"
        )
    code = listing(page)
    button = code.get_by_role("button", name="Copy")
    code.hover()
    button.click()
    code.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()" if secure else "copied")
    assert "return LinearModel().fit(X, y, loss).coef[0]" in copied
    assert copied.strip() == code.locator("pre").text_content().strip()
    assert not watched.complaints


@pytest.mark.parametrize("secure", [True, False])
def test_of_an_example_what_was_typed_is_copied(secure, address, open_page):
    permissions = ["clipboard-read", "clipboard-write"]
    page = open_page(address + "chapters/api.html", permissions=permissions).page
    if not secure:
        page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        page.evaluate(
            "addEventListener('copy', (e) => { window.copied = e.clipboardData.getData('text/plain'); })"
        )
    page.evaluate(
        """(text) => {
          const listing = document.querySelector("article .doctest.highlight-default div.highlight");
          listing.querySelector("pre").textContent = text;
          listing.scrollIntoView();
        }""",
        ">>> a = [1,\n...      2]\n>>> for x in a:\n...     print(x)\n...\n1\n2\n",
    )
    example = page.locator("article .doctest div.highlight").first
    example.hover()
    example.get_by_role("button", name="Copy").click()
    example.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()" if secure else "copied")
    assert copied == "a = [1,\n     2]\nfor x in a:\n    print(x)\n"


def test_the_button_for_copying_is_seen_by_whoever_uses_the_keyboard(address, open_page):
    page = open_page(address + "chapters/mse.html").page
    button = listing(page).locator(".lb-copy")
    look = "(e) => getComputedStyle(e).opacity"
    assert button.evaluate(look) == "0"
    button.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    at_rest(page)  # it fades in
    assert button.evaluate(look) == "1"


def test_what_a_cell_prints_has_no_button(address, open_page):
    page = open_page(address + "chapters/mse.html").page
    assert page.locator(".cell_input .lb-copy").count() > 20
    assert page.locator(".cell_output .lb-copy").count() == 0


def test_the_menu_opens_and_closes(address, open_page):
    page = open_page(address + "chapters/mse.html", width=390).page
    menu = page.locator("details.dropdown summary")
    link = page.locator(f".dropdown-menu {SOURCE}")
    assert not link.is_visible()
    menu.click()
    assert link.is_visible()
    words = page.locator(".dropdown-menu .btn__text-container").all_text_contents()
    assert [w.strip() for w in words] == ["Notebook", "Print or PDF"]
    box = page.locator(".dropdown-menu").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    page.keyboard.press("Escape")
    assert not link.is_visible()
    assert page.evaluate("document.activeElement.matches('details.dropdown summary')")
    page.keyboard.press("Enter")
    assert link.is_visible()
    page.locator("article section > p").nth(2).click()
    assert not link.is_visible()


def test_the_menu_opens_without_scripts(address, open_page):
    page = open_page(address + "chapters/mse.html", java_script_enabled=False).page
    page.locator("details.dropdown summary").click()
    assert page.locator(SOURCE).first.is_visible()
    assert page.locator(".lb-copy").first.is_hidden()


def test_the_header_has_a_line_once_the_page_is_scrolled(address, open_page):
    page = open_page(address + "chapters/mse.html").page
    assert not page.locator("body.scrolled").count()
    page.mouse.move(600, 500)
    page.mouse.wheel(0, 500)
    page.locator("body.scrolled").wait_for()


def test_what_only_a_screen_needs_is_not_printed(address, open_page):
    page = open_page(address + "chapters/mse.html", java_script_enabled=False).page
    page.emulate_media(media="print")
    for part in (".bd-header-article", ".bd-sidebar-primary", ".bd-footer-content", ".lb-copy"):
        assert page.locator(part).count() and not page.locator(part).first.is_visible(), part
    assert page.locator("article section > p").first.is_visible()
