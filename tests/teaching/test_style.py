"""The colors of the book: legible in both themes, and told apart by readers who see fewer of them."""

from itertools import combinations

import pytest

from live_figures import theme
from lossbook.teaching import style

from ..colors import BLINDNESS, contrast, difference

HUES = ["blue", "vermilion", "green", "purple", "gold", "violet", "gray"]
THEMES = {"light": str, "dark": theme.dark}


@pytest.mark.parametrize("of_theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("name", [*HUES, "ink"])
def test_labels_are_legible(name, of_theme):
    assert contrast(of_theme(style.C[name]), of_theme(style.C["paper"])) >= 4.6


@pytest.mark.parametrize("blindness", [None, *BLINDNESS])
@pytest.mark.parametrize("of_theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("pair", list(combinations(HUES, 2)), ids="-".join)
def test_two_losses_are_told_apart(pair, of_theme, blindness):
    a, b = (of_theme(style.C[name]) for name in pair)
    assert difference(a, b, blindness) >= 15
