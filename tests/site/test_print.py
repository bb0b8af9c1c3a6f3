"""A page on paper: what a reader gets who presses Ctrl and P."""

import io
import re

import pytest
from pypdf import PdfReader

from .waiting import frames

PAGE = "chapters/hinge.html"
PRESSED = (
    ".lf-controls, .lf-actions, .guess-answers, .lb-copy, .doors, .answer, .crumbs, .headerlink"
)


@pytest.fixture(params=["light", "dark"])
def page(address, open_page, request):
    page = open_page(address + PAGE, theme=request.param).page
    page.wait_for_function("() => customElements.get('live-figure')")
    return page


def test_a_printed_page_has_heads_numbers_and_no_contents(page):
    page.evaluate("window.print = () => { window.asked = true; }")
    page.keyboard.press("Control+p")  # the states of all figures are fetched first
    page.wait_for_function("() => window.asked")
    book = PdfReader(io.BytesIO(page.pdf(format="A4")))
    texts = [re.sub(r"\s+", " ", sheet.extract_text()) for sheet in book.pages]
    assert len(texts) > 5
    for number, text in enumerate(texts, 1):
        assert "Lossbook" in text and "5. Hinge loss" in text
        assert str(number) in text.split()
    assert "Contents" not in texts[0] and texts[0].count("Hinge loss") >= 2  # head and title
    whole = " ".join(texts)
    for words in ("not answered yet", "Link to this view", "Show the code", "Show the solution"):
        assert words not in whole, words
    assert not re.search(r"https?://", whole)  # links keep their addresses to themselves


def test_nothing_to_press_and_ink_on_paper(page):
    page.emulate_media(media="print")
    for part in page.locator(PRESSED).all():
        assert part.is_hidden()
    assert page.locator("#jb-print-docs-body").is_hidden()
    assert page.locator("article h1").is_visible()
    for details in page.locator("details.sd-dropdown").all()[:2]:
        inside = "d.lastElementChild.checkVisibility({ contentVisibilityAuto: true })"
        assert details.evaluate(f"(d) => d.matches('.exercise ~ *') || {inside}")
    page.wait_for_function("() => document.documentElement.dataset.theme === 'light'")
    ink = page.locator("article p").first.evaluate("(p) => getComputedStyle(p).color")
    assert max(map(int, re.findall(r"\d+", ink)[:3])) < 80
    page.emulate_media(media="screen")
    page.wait_for_function(
        "() => document.documentElement.dataset.theme === "
        "(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')"
    )


def test_no_question_name_or_list_is_parted_from_what_it_leads_to(page):
    page.emulate_media(media="print")
    for part in ("section > .guess", "section > .elsewhere", ".sd-tab-set > label"):
        kept = page.locator(part).evaluate_all(
            "(all) => all.map((e) => getComputedStyle(e).breakAfter)"
        )
        assert kept and set(kept) == {"avoid"}, part


def test_a_figure_stands_in_three_states_while_it_is_printed(page):
    page.evaluate("window.print = () => { window.asked = true; }")
    page.keyboard.press("Control+p")
    page.wait_for_function("() => window.asked")
    page.wait_for_function(  # a slow machine prints what is there after 4 seconds, and fetches on
        "() => [...document.querySelectorAll('live-figure[data-states]')].every((f) => f.channels)"
    )
    frames(page)  # what was fetched is shown
    figures = page.locator("live-figure[data-states]")
    before = figures.evaluate_all("(all) => all.map((f) => f.querySelector('svg').outerHTML)")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for figure in figures.all():
        drawings = figure.evaluate(
            "(f) => [...f.querySelectorAll('svg:not(.lf-narrow)')].map((s) => s.innerHTML)"
        )
        assert len(set(drawings)) == len(drawings) == 3
        words = figure.locator(".still p").all_text_contents()
        assert len(set(words)) == 2 and all(" = " in text for text in words)
    idents = page.eval_on_selector_all("live-figure [id]", "(all) => all.map((e) => e.id)")
    assert len(set(idents)) == len(idents)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not page.locator(".stills").count()
    after = figures.evaluate_all("(all) => all.map((f) => f.querySelector('svg').outerHTML)")
    assert after == before
