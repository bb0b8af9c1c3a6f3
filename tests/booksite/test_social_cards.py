"""The pictures for link previews: title, mark, and a shape, a figure or the field of losses."""

import io
import re

import numpy as np
import pytest
from booksite import social_cards
from PIL import Image, ImageFont

from lossbook import losses
from lossbook.teaching import cover, shapes, style

from ..paths import ROOT


@pytest.fixture(scope="module")
def fonts(tmp_path_factory):
    return social_cards.letters(tmp_path_factory.mktemp("fonts"))


def card(fonts, number="", title="A title", drawing=""):
    mark = social_cards.without_style((ROOT / "_static/favicon.svg").read_text("utf-8"))
    text = social_cards.picture("Lossbook", "A book", number, title, drawing, mark, fonts[0])
    return text, Image.open(io.BytesIO(social_cards.png(text, fonts))).convert("RGB")


def has(image, name):
    color = np.array(list(bytes.fromhex(style.C[name][1:])))
    return (np.abs(np.asarray(image, int) - color).max(axis=-1) < 12).sum()


def test_a_picture_has_the_title_and_the_colors_of_its_figure(fonts):
    bar = f'<path d="M 0 0 H 400 V 30 H 0 Z" fill="{style.C["green"]}"/>'
    figure = f'<svg viewBox="0 0 400 300" width="400" height="300" role="img">{bar}</svg>'
    text, image = card(fonts, "3", "x & <y>", figure)
    assert ">A book<" in text and ">x &amp; &lt;y&gt;<" in text and ">CHAPTER 3<" in text
    assert image.size == (social_cards.WIDTH, social_cards.HEIGHT)
    assert has(image, "paper") > 500_000 and has(image, "ink") > 1000
    assert has(image, "green") > 10_000
    assert has(image, "vermilion") > 60  # the dot of the mark


@pytest.mark.parametrize("name", ["fundamentals", "mse", "conclusion"])
def test_a_shape_is_a_line_with_a_dot_as_on_the_site(fonts, name):
    image = card(fonts, "3", "T", shapes.shape(name))[1]
    right = image.crop((700, 90, 1150, 560))
    assert 2000 < has(right, "ink") < 30_000  # lines, not areas
    assert 1000 < has(right, "vermilion") < 8000


def test_the_first_page_shows_all_losses_and_squared_error_in_blue(fonts):
    text, image = card(fonts)
    assert text.count(style.C["blue"]) == 1
    low = image.crop((0, 330, social_cards.WIDTH, social_cards.HEIGHT))
    assert has(low, "blue") > 2000
    title = image.crop((0, 130, social_cards.WIDTH, 228))
    assert has(title, "blue") == 0


def test_every_loss_of_the_field_goes_through_the_zero():
    svg = cover.field(1000, 500, (0.5, 0.9))
    paths = re.findall(r'd="M([^"]+)"', svg)
    assert len(paths) == len(losses.all_losses())
    for path in paths:
        x, y = np.array(path.split(), float).reshape(-1, 2).T
        assert np.hypot(x - 500, y - 450).min() < 3
        assert y.max() <= 450.05
        left, right = x.min() <= 0 or y[0] <= 5, x.max() >= 1000 or y[-1] <= 5
        assert left or right


def test_letters_come_from_the_fonts_of_the_site(fonts):
    families = {ImageFont.truetype(file, 20).getname()[0] for file in fonts}
    assert families == {social_cards.SERIF, social_cards.SANS}
    blank = card(fonts, title=" ")[1]
    for title in ("Losses", "λ and η", "“–”"):
        assert has(card(fonts, title=title)[1], "ink") > has(blank, "ink") + 200


def test_a_long_title_is_broken_into_lines_that_fit(fonts):
    title = "Poisson negative log-likelihood of log-rates, and everything else that can be counted"
    for words in (title, title[:30], "Loss"):
        size, rows = social_cards.title_lines(words, 420, fonts[0])
        assert " ".join(rows) == words.strip()
        font = ImageFont.truetype(fonts[0], size)
        assert all(font.getlength(row) <= 420 for row in rows)
        assert (len(rows) <= 3) or size == 34
    assert social_cards.title_lines("Loss", 420, fonts[0]) == (76, ["Loss"])
