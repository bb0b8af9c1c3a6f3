"""The colors of the book: labels in them can be read on the ground of both themes."""

import numpy as np
import pytest

from live_figures import theme
from lossbook.teaching import style


def luminance(color):
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    ]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    "name", ["blue", "vermilion", "green", "purple", "gold", "violet", "ink", "gray"]
)
def test_labels_are_legible_in_both_themes(name):
    color = style.C[name]
    assert contrast(color, "#ffffff") >= 4.5
    assert contrast(theme.dark(color), "#14181d") >= 4.5
