"""The site in Firefox, where it is installed: no complaint, and the same figures as in Chromium."""

import json
import random

import pytest

from ..figures import all_figures
from ..paths import SITE
from . import firefox
from .answers import ASK, QUICK, answers_to, as_python_says
from .live_figure import CHOOSE, READ, loaded
from .pages import PAGES, STICKS_OUT

pytestmark = pytest.mark.skipif(not firefox.installed(), reason="Firefox is not installed")

ARROW_RIGHT, TAB = "\ue014", "\ue004"
# one figure with controls a page
FIGURES = list(
    {page: (page, name) for page, name in reversed(all_figures()) if "catalog" not in page}.values()
)


@pytest.fixture(scope="module")
def window():
    window = firefox.Firefox(firefox.installed())
    window.size(1280, 900)
    yield window
    window.close()


def load(window, name):
    window.evaluate(f"document.getElementById('{name}').load()")
    window.wait(f"document.getElementById('{name}').channels")


@pytest.mark.parametrize(
    ("page", "way"),
    [(p, w) for p in PAGES for w in ("http", "file") if (p, w) != ("404.html", "file")],
)
def test_a_page_has_no_complaint(page, way, window, address):
    window.open((address if way == "http" else SITE.as_uri() + "/") + page)
    assert window.evaluate("document.title")
    assert window.evaluate("getComputedStyle(document.body).fontFamily") != "serif"
    assert not window.complaints


LAST = """(figure) => [...figure.querySelectorAll(".lf-control")].map((box) => {
  const inputs = [...box.querySelectorAll("input, select")], { type, options, max } = inputs[0];
  return type === "radio" ? inputs.length - 1 : type === "checkbox" ? 1 : options ? options.length - 1 : +max;
})"""


@pytest.mark.parametrize(("page", "name"), FIGURES)
def test_a_figure_shows_what_chromium_shows(page, name, window, address, open_page):
    """There each state is held against Python, in test_live_figures."""
    peer = loaded(open_page(address + page).page, name)
    last = peer.evaluate(LAST)
    window.open(address + page)
    if last:
        load(window, name)
    figure = f"document.getElementById('{name}')"
    for places in ([0] * len(last), last):
        peer.evaluate(CHOOSE, places)
        window.evaluate(f"({CHOOSE})({figure}, {places})")
        assert window.evaluate(f"({READ})({figure})") == peer.evaluate(READ)
    assert not window.complaints


def test_exercises_say_what_python_says(window, address):
    window.open(address + "chapters/conclusion.html")
    window.wait("document.querySelector('.answers-here')")
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
    assert window.evaluate(STICKS_OUT) <= 0
    window.size(1280, 900)
