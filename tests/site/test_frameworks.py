"""The tabs of frameworks: one choice for the whole site, and all of them where nothing can be chosen."""

import pytest
from readers.frameworks import TABS

from ..paths import SITE
from .pages import LAID_OUT, STICKS_OUT

PAGES = sorted(
    str(p.relative_to(SITE))
    for p in SITE.glob("chapters/*.html")
    if 'class="in-frameworks' in p.read_text("utf-8")
)
SHOWN = "(sets) => sets.map((s) => s.querySelector('input:checked + label').textContent.trim())"


def test_the_choice_of_a_tab_is_kept_over_the_whole_site(address, open_page):
    watched = open_page(address + "chapters/cross_entropy.html")
    page = watched.page
    sets = page.locator(".in-frameworks .sd-tab-set")
    assert set(sets.evaluate_all(SHOWN)) == {"PyTorch"}
    label = page.locator(".in-frameworks label", has_text="Keras").first
    label.scroll_into_view_if_needed()
    label.click()
    assert set(sets.evaluate_all(SHOWN)) == {"Keras"}
    page.goto(address + "chapters/mse.html")
    page.wait_for_function(
        """() => [...document.querySelectorAll('.in-frameworks .sd-tab-set')].every((s) =>
          s.querySelector('input:checked + label').textContent.trim() === 'Keras')"""
    )
    assert not watched.complaints


def test_a_tab_is_chosen_by_keyboard(address, open_page):
    page = open_page(address + "chapters/cross_entropy.html").page
    first = page.locator(".in-frameworks .sd-tab-set").first
    first.scroll_into_view_if_needed()
    first.locator("input").first.focus()
    page.keyboard.press("ArrowRight")
    assert first.evaluate_all(SHOWN) == ["JAX"]


@pytest.mark.parametrize("name", PAGES)
def test_without_scripts_all_tabs_are_shown(name, address, open_page):
    page = open_page(address + name, java_script_enabled=False).page
    for content in page.locator(".in-frameworks .sd-tab-content").all():
        assert content.evaluate("(e) => getComputedStyle(e).display") == "block"
    labels = {text.strip() for text in page.locator(".in-frameworks label").all_text_contents()}
    assert labels <= {title for title, _ in TABS.values()} and "PyTorch" in labels


@pytest.mark.parametrize("name", PAGES)
def test_nothing_sticks_out_on_a_phone_whatever_is_chosen(name, address, open_page):
    page = open_page(address + name, width=390).page
    for details in page.locator("details:has(.in-frameworks)").all():
        details.evaluate("(e) => { e.open = true; }")
    for title, _ in TABS.values():
        inputs = page.locator(".in-frameworks label", has_text=title)
        inputs.first.evaluate("(e) => e.click()")
        assert page.evaluate(STICKS_OUT) <= 0


# listings that must be scrolled to be read
CUT = """() => [...document.querySelectorAll(".in-frameworks pre")]
  .filter((e) => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent.slice(0, 60))"""


@pytest.mark.parametrize("name", PAGES)
def test_code_is_whole_where_the_margin_has_room(name, address, open_page):
    page = open_page(address + name).page
    page.add_style_tag(content=LAID_OUT)
    for details in page.locator("details:has(.in-frameworks)").all():
        details.evaluate("(e) => { e.open = true; }")
    for title, _ in TABS.values():
        page.locator(".in-frameworks label", has_text=title).first.evaluate("(e) => e.click()")
        assert page.locator(".in-frameworks pre:visible").count()
        assert not page.evaluate(CUT), title
        assert page.evaluate(STICKS_OUT) <= 0
    words = page.locator(".in-frameworks > p").evaluate_all(
        "(all) => all.map((e) => e.offsetWidth)"
    )
    assert all(width <= 640 for width in words)
