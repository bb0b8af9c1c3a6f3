"""The site in Firefox, where it is installed: no complaint, and the same figures as Python draws."""

import json
import random

import pytest

from lossbook.interact.draw import tree
from lossbook.interact.states import draw_state, layout_of

from ..explorers import all_explorers, explorers, path_of
from . import firefox
from .conftest import SITE
from .test_exercises import ASK, QUICK, answers_to, as_python_says
from .test_live_figures import CHOOSE, READ, by_order
from .test_pages import PAGES

pytestmark = pytest.mark.skipif(not firefox.installed(), reason="Firefox is not installed")

ARROW_RIGHT, TAB = "\ue014", "\ue004"
# one figure with controls a page
FIGURES = list(
    {
        page: (page, name) for page, name in reversed(all_explorers()) if "catalogue" not in page
    }.values()
)


@pytest.fixture(scope="module")
def window():
    window = firefox.Firefox(firefox.installed())
    window.size(1280, 900)
    yield window
    window.close()


def load(window, name):
    window.evaluate(f"document.getElementById('{name}').load()")
    for _ in range(100):
        if window.evaluate(f"!!document.getElementById('{name}').channels"):
            return
        window.evaluate("new Promise((done) => setTimeout(done, 50))")
    raise AssertionError(f"the states of {name} did not load: {window.complaints}")


@pytest.mark.parametrize(
    ("page", "way"),
    [(p, w) for p in PAGES for w in ("http", "file") if (p, w) != ("404.html", "file")],
)
def test_a_page_has_no_complaint(page, way, window, address):
    window.open((address if way == "http" else SITE.as_uri() + "/") + page)
    assert window.evaluate("document.title")
    assert window.evaluate("getComputedStyle(document.body).fontFamily") != "serif"
    assert not window.complaints


@pytest.mark.parametrize(("page", "name"), FIGURES)
def test_a_figure_shows_what_python_draws(page, name, window, address):
    func, controls = explorers(path_of(page))[name]
    if not controls:
        pytest.skip("a still figure")
    window.open(address + page)
    load(window, name)
    layout = layout_of(func, controls)
    for places in ([0] * len(controls), [len(c) - 1 for c in controls]):
        figure = f"document.getElementById('{name}')"
        window.evaluate(f"({CHOOSE})({figure}, {places})")
        shown = window.evaluate(f"({READ})({figure})")
        drawn = []

        def flat(node, into=drawn):
            into.append([node.tag, node.attributes, node.text])
            for child in node.children:
                flat(child)

        values = {c.name: c.values[i] for c, i in zip(controls, places, strict=True)}
        flat(tree(draw_state(func, values, layout)[0], name))
        for attribute in ("xmlns", "role", "aria-label"):
            shown[0][1].pop(attribute)
        assert by_order(shown) == by_order(drawn)
    assert not window.complaints


def test_exercises_say_what_python_says(window, address):
    window.open(address + "chapters/conclusion.html")
    here = [e for key, e in QUICK.items() if key.startswith("conclusion.")]
    chance = random.Random(3)
    asked = [(e.key, value) for e in here for value in answers_to(e, chance)]
    asked += [("conclusion.pulls", chance.randint(-(10**7), 10**7) / 2) for _ in range(300)]
    typed = [(key, value if isinstance(value, str) else repr(value)) for key, value in asked]
    answers = window.evaluate(f"({ASK})({json.dumps(typed)})")
    for (key, value), said in zip(asked, answers, strict=True):
        assert said[:3] == as_python_says(key, value), (key, value)
    assert not window.complaints


def test_an_arrow_key_moves_a_slider_and_its_figure(window, address):
    window.open(address + "chapters/mse.html")
    load(window, "huber_delta")
    figure = "document.getElementById('huber_delta')"
    window.evaluate(f"{figure}.querySelector('input').focus()")
    before = window.evaluate(f"({READ})({figure})")
    window.press(ARROW_RIGHT)
    assert window.evaluate(f"({READ})({figure})") != before


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_sticks_out(width, window, address):
    window.size(width, 900)
    window.open(address + "chapters/mse.html")
    assert window.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    window.size(1280, 900)
