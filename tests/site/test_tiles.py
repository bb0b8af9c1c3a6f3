"""The tiles of the first page: one for each numbered chapter, with a picture that the chapter draws."""

import re

import yaml
from bs4 import BeautifulSoup

from ..paths import ROOT, SITE


def test_each_numbered_chapter_has_a_tile_with_a_picture_and_its_title(address, open_page):
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text())
    chapters = [
        chapter["file"]
        for part in contents["parts"]
        if part.get("numbered", True)
        for chapter in part["chapters"]
    ]
    page = open_page(address + "intro.html").page
    tiles = page.locator("a.tile").all()
    assert [t.get_attribute("href").removesuffix(".html") for t in tiles] == chapters
    for tile, chapter in zip(tiles, chapters, strict=True):
        box = tile.locator("svg").bounding_box()
        assert box["width"] > 150 and box["height"] > 100
        assert tile.locator("svg path").count() > 5
        title = tile.locator(".tile-title").text_content()
        html = (SITE / chapter).with_suffix(".html").read_text("utf-8")
        heading = BeautifulSoup(html, "html.parser").select_one("article h1").get_text()
        assert re.match(rf"\d+\. {re.escape(title)}", heading)
