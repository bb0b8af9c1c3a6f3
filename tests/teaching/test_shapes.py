"""The shapes of the chapters: whole in their frame, which cuts what stands out of it."""

import re

import pytest

from lossbook.teaching import shapes

from ..paths import NOTEBOOKS

CHAPTERS = [path.stem for path in NOTEBOOKS if path.stem != "live_figures"]


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_shape_is_whole_in_its_frame(name):
    svg = shapes.shape(name)
    left, top, width, height = map(float, re.search(r'viewBox="([^"]*)"', svg)[1].split())
    found = re.findall(r'<circle cx="([\d.-]+)" cy="([\d.-]+)" r="([\d.]+)"', svg)
    assert found
    for x, y, r in (map(float, circle) for circle in found):
        assert left <= x - r and x + r <= left + width, (name, x, r)
        assert top <= y - r and y + r <= top + height, (name, y, r)
