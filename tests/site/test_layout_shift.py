"""Nothing moves under the eyes of a reader while a page comes over a slow network, for the first time."""

from itertools import product

import pytest

from .waiting import at_rest, frames

MOST = 0.02
#: what has moved since the start, by how much; a reader's tap may move things
WATCH = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const { hadRecentInput, value, sources } of list.getEntries())
    if (!hadRecentInput) shifts.push([value, sources.map((s) => s.node?.textContent.trim().slice(0, 40))]);
}).observe({ type: "layout-shift", buffered: true });
"""
KEPT = "localStorage.setItem('lossbook.letters', '1');"  # a reader who has been here, and whose cache is empty
FORMULAS = ("KaTeX_Main-Regular.woff2", "KaTeX_Math-Italic.woff2")


@pytest.fixture
def slow_page(browser):
    """Open an address with an empty cache, where each answer takes 150 ms: gives the page and what it fetched."""
    contexts = []

    def open_it(url, width, script=""):
        size = {"width": width, "height": 844 if width < 600 else 900}
        contexts.append(browser.new_context(viewport=size))
        page = contexts[-1].new_page()
        page.add_init_script(WATCH + script)
        session = contexts[-1].new_cdp_session(page)
        session.send("Network.enable")
        slow = {
            "latency": 150,
            "downloadThroughput": 1e6,
            "uploadThroughput": 1e6,
        }  # bytes a second
        session.send("Network.emulateNetworkConditions", {"offline": False, **slow})
        fetched = []
        page.on("request", lambda request: fetched.append(request.url.rpartition("/")[2]))
        page.goto(url, wait_until="networkidle")
        page.evaluate("document.fonts.ready.then(() => null)")
        at_rest(page)
        return page, fetched

    yield open_it
    for context in contexts:
        context.close()


def shifts(page):
    """What has moved, the last frame's too."""
    frames(page)
    return page.evaluate("shifts")


PLACES = [
    "intro.html",
    "chapters/mse.html",
    "chapters/fundamentals.html#why-not-train-on-the-metric",
    "chapters/cross_entropy.html#what-does-the-gradient-say",
    "chapters/training.html#nan-and-infinity",
    "chapters/catalog_regression.html#huber-loss",
]


@pytest.mark.parametrize(("place", "width"), [*product(PLACES, (390, 1280))])
def test_a_first_visit_moves_nothing(place, width, address, slow_page):
    page, _ = slow_page(address + place, width)
    moved = shifts(page)
    assert sum(value for value, _ in moved) < MOST, moved


@pytest.mark.parametrize("width", (390, 1280))
def test_a_later_visit_moves_nothing(width, address, slow_page):
    page, fetched = slow_page(address + "chapters/training.html#nan-and-infinity", width, KEPT)
    assert "source.css" in fetched
    moved = shifts(page)
    assert sum(value for value, _ in moved) < MOST, moved


@pytest.mark.parametrize("page", ("mse", "comparisons"))
def test_scrolling_moves_nothing_but_the_text(page, address, slow_page):
    """From top to bottom, by the wheel; the contents beside the text stay as they are."""
    page, _ = slow_page(address + f"chapters/{page}.html", 1280)
    page.mouse.move(600, 400)
    tall = page.evaluate("document.documentElement.scrollHeight")
    for _ in range(0, tall, 240):
        page.mouse.wheel(0, 240)
        frames(page)
    moved = shifts(page)
    assert max((value for value, _ in moved), default=0) < MOST / 2, moved
    assert sum(value for value, _ in moved) < 2 * MOST, moved


def test_what_moves_is_noticed(address, slow_page):
    page, _ = slow_page(address + "chapters/mse.html", 390)
    page.evaluate("document.querySelector('.bd-article h1').before(document.createElement('hr'))")
    page.evaluate("document.querySelector('.bd-article hr').style.height = '200px'")
    frames(page)
    assert sum(value for value, _ in shifts(page)) > MOST


def test_the_letters_of_formulas_are_fetched_early_where_formulas_are_near(address, slow_page):
    """With the page, at an address within it; a phone's first screen of a chapter has no formula."""
    _, fetched = slow_page(address + "chapters/training.html#nan-and-infinity", 390)
    assert {*FORMULAS} <= {*fetched}
    assert max(map(fetched.index, FORMULAS)) < fetched.index("fa-solid-900.woff2")
    for place in ("chapters/mse.html", "chapters/bibliography.html#bibliography"):
        _, fetched = slow_page(address + place, 390)
        assert len(fetched) > 5 and not {*FORMULAS} & {*fetched}, place
