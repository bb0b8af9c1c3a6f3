"""Guesses: each can be made, opens its figure in a view that exists, and marks words that are in the drawing."""

import json
from urllib.parse import parse_qsl

import pytest
from bs4 import BeautifulSoup

from ..paths import PAGES, SITE
from .waiting import at_rest


def boxes():
    for page in (f"chapters/{p.stem}.html" for p in PAGES if p.suffix == ".ipynb"):
        soup = BeautifulSoup((SITE / page).read_text("utf-8"), "html.parser")
        for box in soup.select(".admonition.guess"):
            yield page, soup, box


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
        drawn = [text.get_text() for text in figure.select("svg text")]
        for button in box.select("button"):
            said = f"{page}, {figure['id']}: {button.get_text()}"
            for name, text in parse_qsl(button.get("data-view", ""), strict_parsing=False):
                assert text in controls.get(name, []), f"{said}: {name}={text}"
            if mark := button.get("data-mark"):
                assert any(mark in text for text in drawn), f"{said}: {mark}"


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


def test_without_scripts_the_question_is_asked_and_no_more(address, open_page):
    page = open_page(address + "chapters/mse.html", java_script_enabled=False).page
    box = page.locator(".admonition.guess").first
    assert box.is_visible() and not box.locator("button").first.is_visible()
