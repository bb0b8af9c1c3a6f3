"""The map of the first page: a card for each numbered chapter, with a picture that the chapter draws."""

import re

import pytest
import yaml
from bs4 import BeautifulSoup

from ..paths import ROOT, SITE


def test_each_numbered_chapter_has_a_card_with_a_picture_and_its_title(address, open_page):
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text())
    chapters = [
        chapter["file"]
        for part in contents["parts"]
        if part.get("numbered", True)
        for chapter in part["chapters"]
    ]
    page = open_page(address + "intro.html").page
    cards = page.locator(".map .sd-card").all()
    assert len(cards) == len(chapters)
    for card, chapter in zip(cards, chapters, strict=True):
        html = (SITE / chapter).with_suffix(".html").read_text("utf-8")
        heading = BeautifulSoup(html, "html.parser").select_one("article h1").get_text()
        title = re.match(r"\d+\. (.+)#", heading)[1]
        link = card.get_by_role("link", name=title, exact=True)
        assert link.get_attribute("href") == f"{chapter}.html"
        assert card.get_by_role("link").count() == 1 and not card.get_by_role("img").count()
        box = card.locator("svg").bounding_box()
        assert box["width"] > 80 and box["height"] > 80
        assert card.locator("svg > *").count() > 1
        assert len(card.locator("p").inner_text()) > 40


@pytest.mark.parametrize("part", ["svg", "p"])
@pytest.mark.parametrize("width", [390, 1280])
def test_all_of_a_card_can_be_clicked(part, width, address, open_page):
    page = open_page(address + "intro.html", width=width).page
    card = page.locator(".map .sd-card").nth(2)
    card.locator(part).scroll_into_view_if_needed()
    box = card.locator(part).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url("**/chapters/mse.html")
