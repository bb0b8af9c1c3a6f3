"""Guesses: each can be made, opens its figure in a view that exists, and marks words that are in the drawing."""

import json
import re
from urllib.parse import parse_qsl

import pytest
from bs4 import BeautifulSoup

from ..paths import NOTEBOOKS, PAGES, SITE
from .waiting import all_states, at_rest, frames

#: what is marked in the drawing that is shown, or None where its label is not
MARKED = """(f) => [...f.querySelectorAll("figure > svg")].find((s) => getComputedStyle(s).display !== "none")
  .querySelectorAll(".guess-mark")"""
TEXTS = f"(f) => [...({MARKED})(f)].map((t) => [t.textContent.trim(), !!t.getClientRects().length])"


def boxes():
    for page in (f"chapters/{p.stem}.html" for p in PAGES if p.suffix == ".ipynb"):
        soup = BeautifulSoup((SITE / page).read_text("utf-8"), "html.parser")
        for box in soup.select(".admonition.guess"):
            yield page, soup, box


def begins(label, words):
    """Whether a label begins with whole words."""
    return re.match(rf"{re.escape(words)}(?![\w-])", label) is not None


def test_every_question_has_answers_and_a_figure_of_its_page():
    asked = 0
    for page, soup, box in boxes():
        words = f"{page}: {box.get_text(' ', strip=True)[:80]}"
        answers = [b.get_text(strip=True) for b in box.select("button.guess-answer")]
        assert 2 <= len(set(answers)) == len(answers) <= 4, words
        assert all(len(answer) <= 90 for answer in answers), words
        assert soup.find("live-figure", id=box.select_one(".guess-answers")["data-figure"]), words
        asked += 1
    assert asked > 50


def test_what_an_answer_opens_and_marks_is_there():
    for page, soup, box in boxes():
        figure = soup.find(id=box.select_one(".guess-answers")["data-figure"])
        controls = {
            c["data-control"]: [t.replace("−", "-") for t in json.loads(c["data-texts"])]
            for c in figure.select("[data-control]")
        }
        drawn = [text.get_text().strip() for text in figure.select("svg text")]
        for button in box.select("button"):
            said = f"{page}, {figure['id']}: {button.get_text()}"
            for name, text in parse_qsl(button.get("data-view", ""), strict_parsing=False):
                assert text in controls.get(name, []), f"{said}: {name}={text}"
            if mark := button.get("data-mark"):
                assert any(begins(text, mark) for text in drawn), f"{said}: {mark}"


@pytest.mark.parametrize("width", [390, 1280])
def test_a_guess_opens_the_figure_and_is_marked_in_it(width, address, open_page):
    page = open_page(address + "chapters/mse.html", width=width).page
    box = page.locator(".guess-answers").first
    figure = page.locator("#" + box.get_attribute("data-figure"))
    first, second = box.locator("button").nth(0), box.locator("button").nth(1)
    first.focus()
    page.keyboard.press("Enter")
    at_rest(page)
    assert first.get_attribute("aria-pressed") == "true"
    assert figure.locator(".guess-line b").text_content() == first.text_content().rstrip(".")
    page.wait_for_function("(e) => e.querySelector('.guess-ring')", arg=figure.element_handle())
    assert figure.locator(".guess-mark").first.text_content() == first.get_attribute("data-mark")
    wanted = dict(parse_qsl(first.get_attribute("data-view")))
    shown = figure.evaluate("(e) => e.controls.map((c) => [c.name, c.texts[c.index]])")
    assert wanted.items() <= dict(shown).items()
    second.click()
    assert [b.get_attribute("aria-pressed") for b in (first, second)] == ["false", "true"]
    assert figure.locator(".guess-line").count() == 1
    assert box.get_by_role("status").text_content()
    # the mark stays where the guess was when the reader moves on
    page.wait_for_function("(e) => e.querySelector('.guess-ring')", arg=figure.element_handle())
    before = figure.locator(".guess-ring").first.get_attribute("cy")
    figure.locator("input[type=range]").first.focus()
    page.keyboard.press("Home")
    assert figure.locator(".guess-ring").first.get_attribute("cy") == before


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", sorted(p.stem for p in NOTEBOOKS))
def test_each_guess_marks_one_label(name, width, address, open_page):
    """The label that begins with its words, and is seen; wherever the figure is moved then, no other one."""
    page = open_page(address + f"chapters/{name}.html", width=width).page
    all_states(page)
    wrong = []
    for box in page.locator(".guess-answers").all():
        figure = page.locator("#" + box.get_attribute("data-figure"))
        for button in box.locator("button").all():
            mark = button.get_attribute("data-mark")
            button.dispatch_event("click")
            frames(page)
            marked = figure.evaluate(TEXTS)
            if mark is None:
                assert marked == []
            elif not (len(marked) == 1 and begins(marked[0][0], mark) and marked[0][1]):
                wrong.append((box.get_attribute("data-figure"), mark, marked))
            for end in ("c.texts.length - 1", "0", "c.initial"):
                figure.evaluate(f"(f) => {{ f.controls.forEach((c) => c.set({end})); f.moved(); }}")
                frames(page)
                marked = figure.evaluate(TEXTS)
                if len(marked) > bool(mark) or not all(
                    begins(t, mark) and seen for t, seen in marked
                ):
                    wrong.append((box.get_attribute("data-figure"), mark, end, marked))
    assert not wrong


def test_the_words_of_a_guess_are_said_as_its_button_says_them(address, open_page):
    page = open_page(address + "chapters/custom_losses.html").page
    box = page.locator(".guess-answers[data-figure=difference_step]")
    button = box.locator("button").nth(1)
    assert button.locator(".katex, math").count()
    button.click()
    said = page.locator("#difference_step .guess-line b")
    assert said.text_content() == button.text_content().rstrip(".")
    assert said.locator(".katex").count() == button.locator(".katex").count()


def test_without_scripts_the_question_is_asked_and_no_more(address, open_page):
    page = open_page(address + "chapters/mse.html", java_script_enabled=False).page
    box = page.locator(".admonition.guess").first
    assert box.is_visible() and not box.locator("button").first.is_visible()


def hidden(figure):
    """Whether a caption keeps quiet: nothing of it is seen or read out, but the button that shows it."""
    words = figure.locator("figcaption > p")
    return not any(p.is_visible() for p in words.all())


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", ["mse", "optimization", "comparisons"])
def test_nothing_answers_beside_an_open_question(name, width, address, open_page):
    page = open_page(address + f"chapters/{name}.html", width=width).page
    asked = {b.get_attribute("data-figure") for b in page.locator(".guess-answers").all()}
    for figure in page.locator("live-figure:has(figcaption > p)").all():
        assert hidden(figure) == (figure.get_attribute("id") in asked)
        assert figure.locator(".guess-show").count() == hidden(figure)


@pytest.fixture(params=[390, 1280])
def asked(request, address, open_page):
    """The first figure of a chapter, with a handle and sliders, under its open question."""
    page = open_page(address + "chapters/mse.html", width=request.param).page
    figure = page.locator("#wrong_record")
    figure.scroll_into_view_if_needed()
    page.wait_for_function("(f) => f.channels", arg=figure.element_handle())
    assert hidden(figure)
    return page, figure


def by_guess(page, figure):
    page.locator(".guess-answer").first.click()


def by_mouse(page, figure):
    grip = figure.locator(".lf-grip").locator("visible=true")
    box = grip.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 90, steps=4)
    page.mouse.up()


def by_key(page, figure):
    figure.locator("input[type=range]").first.focus()
    page.keyboard.press("ArrowLeft")


def by_button(page, figure):
    figure.get_by_role("button", name="Show what it says").click()


def by_link(page, figure):
    page.evaluate("location.hash = '#wrong_record?record=80'")


@pytest.mark.parametrize("way", [by_guess, by_mouse, by_key, by_button, by_link])
def test_what_a_figure_says_is_shown_once_it_may(way, asked):
    """In the room that it has kept, and for good."""
    page, figure = asked
    at_rest(page)
    room = figure.locator("figcaption").bounding_box()
    way(page, figure)
    at_rest(page)
    assert figure.locator("figcaption > p").first.is_visible()
    assert not figure.locator(".guess-show").count()
    assert figure.locator("figcaption").bounding_box()["height"] == room["height"]
    figure.evaluate("(f) => f.reset.click()")
    assert not hidden(figure)


def test_who_asks_by_keyboard_goes_on_at_what_is_shown(asked):
    page, figure = asked
    figure.get_by_role("button", name="Show what it says").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "FIGCAPTION"


def test_a_link_to_a_view_shows_what_it_says(address, open_page):
    page = open_page(address + "chapters/mse.html#wrong_record?record=80").page
    figure = page.locator("#wrong_record")
    page.wait_for_function("(f) => f.channels", arg=figure.element_handle())
    assert not hidden(figure) and not figure.locator(".guess-show").count()


def test_what_is_read_out_says_what_is_drawn_until_the_guess(asked):
    page, figure = asked
    label = "(f) => f.querySelector('svg').getAttribute('aria-label')"
    before = figure.evaluate(label)
    assert len(before) > 60 and "Seen:" not in before
    by_button(page, figure)
    assert figure.evaluate(label).startswith(f"{before} Seen: ")


def test_a_caption_that_the_browser_finds_is_shown(asked):
    """Its search comes upon words that are hidden until found, and says so before it shows them."""
    _, figure = asked
    words = figure.locator("figcaption > p").first
    assert words.get_attribute("hidden") == "until-found"
    words.dispatch_event("beforematch", {"bubbles": True})
    assert words.is_visible() and words.get_attribute("hidden") is None
    assert not figure.locator(".guess-room").count()


def test_paper_and_pages_without_scripts_say_all(address, open_page):
    page = open_page(address + "chapters/mse.html").page
    figure = page.locator("#wrong_record")
    page.emulate_media(media="print")
    assert not hidden(figure) and not figure.locator(".guess-show").is_visible()
    still = open_page(address + "chapters/mse.html", java_script_enabled=False).page
    assert still.locator("figcaption > p").first.is_visible()
    assert not still.locator(".guess-show").count()
