"""The guide and the table of all cards in a browser."""

from itertools import pairwise

import pytest

from lossbook import losses
from lossbook.teaching import guide

from .accessibility import ready, wrong_colors, wrong_structure
from .pages import STICKS_OUT

PAGE = "chapters/conclusion.html"
PATHS = ["-".join(a.key for a in path) for path, _ in guide.paths()]


@pytest.fixture
def page(address, open_page):
    watched = open_page(address + PAGE)
    yield watched.page
    assert not watched.complaints


def test_a_path_by_keyboard_and_its_address(page, address, open_page):
    summaries = page.locator(".loss-guide > details > summary")
    summaries.first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # the first answer of the next question
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    advice = page.locator("#guide-number-mean-outliers .guide-advice")
    assert advice.is_visible() and "Huber" in advice.text_content()
    page.wait_for_function("() => location.hash === '#guide-number-mean-outliers'")
    # another answer closes the first, and the address follows
    summaries.nth(1).click()
    assert advice.is_hidden()
    page.wait_for_function("() => location.hash === '#guide-count'")
    summaries.nth(1).click()
    page.wait_for_function("() => location.hash === ''")
    other = open_page(address + PAGE + "#guide-two-probability-limit").page
    assert other.locator("#guide-two-probability-limit .guide-advice").is_visible()
    assert other.locator("#guide-number").is_hidden()


def test_every_path_ends_in_a_loss_and_a_link_to_its_row(page):
    for path in PATHS:
        advice = page.locator(f"#guide-{path} > .guide-advice")
        for link in advice.locator("a[href^='#']").all():
            assert page.locator(link.get_attribute("href")).count() == 1


def test_on_a_phone_no_call_is_broken_within_a_word(address, open_page):
    page = open_page(address + PAGE, width=390).page
    page.evaluate(
        """() => document.querySelectorAll(".loss-guide details").forEach((d) => {
          d.removeAttribute("name"); d.open = true; })"""
    )
    calls = page.locator(".guide-calls code:visible")
    assert calls.count() > 60
    page.add_style_tag(content=".loss-guide .guide-calls code { overflow-wrap: normal !important }")
    end = "(e) => e.getBoundingClientRect().right"
    assert not calls.evaluate_all(
        f"(all) => all.filter((e) => ({end})(e) > ({end})(e.closest('ul')) + 1).map((e) => e.textContent)"
    )


def test_without_scripts_it_opens_too_and_in_print_all_is_there(address, open_page):
    page = open_page(address + PAGE, java_script_enabled=False).page
    page.locator(".loss-guide > details > summary").nth(1).click()
    assert page.locator("#guide-count .guide-advice").is_visible()
    assert page.locator(".loss-table tbody tr").count() == len(losses.all_losses())
    assert page.locator(".loss-table button").count() == 0
    page = open_page(address + PAGE).page
    page.emulate_media(media="print")
    for path in PATHS:
        assert page.locator(f"#guide-{path} > .guide-advice").is_visible(), path


def table(page):
    """The table, when the reader has come to it and it can be sorted."""
    found = page.locator(".loss-table")
    found.scroll_into_view_if_needed()
    found.locator("thead button").first.wait_for()
    return found


def column(page, number):
    return page.eval_on_selector_all(
        ".loss-table tbody tr:not([hidden])",
        f"(rows) => rows.map((r) => r.cells[{number}].dataset.key)",
    )


def test_the_table_sorts_by_a_click_on_a_head(page):
    heads = table(page).locator("thead th")
    names = heads.all_text_contents()
    loss = names.index("Loss")
    heads.nth(loss).locator("button").click()
    assert heads.nth(loss).get_attribute("aria-sort") == "ascending"
    assert column(page, loss) == sorted(column(page, loss), key=str.casefold)
    slope = names.index("Slope")
    heads.nth(slope).locator("button").press("Enter")
    assert heads.nth(loss).get_attribute("aria-sort") is None
    known = [float(k) for k in column(page, slope) if k]
    assert all(a <= b for a, b in pairwise(known)) and known[-1] == float("inf")
    heads.nth(slope).locator("button").press("Enter")
    assert heads.nth(slope).get_attribute("aria-sort") == "descending"
    keys = column(page, slope)
    assert keys[0] == "inf" and keys[-1] == ""
    proper = names.index("Proper")
    heads.nth(proper).locator("button").click()
    assert column(page, proper)[-1] == "" and "no" in column(page, proper)


def test_the_table_shows_one_task(page):
    everything = column(page, 1)
    assert len(everything) == len(losses.all_losses())
    table(page).locator("select").select_option("classification")
    wanted = [t for t in everything if t == "classification"]
    assert column(page, 1) == wanted
    assert page.locator(".loss-table [role=status]").text_content() == f"{len(wanted)} losses"
    page.locator(".loss-table select").select_option("all tasks")
    assert column(page, 1) == everything


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_with_everything_open(width, address, open_page):
    page = open_page(address + PAGE, width=width).page
    page.evaluate(
        """() => { document.querySelectorAll(".loss-guide details").forEach((d) => {
          d.removeAttribute("name"); d.open = true; }); }"""
    )
    table(page).locator("thead button").first.click()
    assert page.evaluate(STICKS_OUT) <= 0
    ready(page)
    assert not wrong_structure(page)
    for theme in ("light", "dark"):
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        assert not wrong_colors(page)
