"""The opening of a chapter: its first figure is whole in the first screen, drawing, answers and first control."""

import json

import pytest

from tools.browser.server import REST

from ..paths import NOTEBOOKS, SITE
from .waiting import at_rest

OPENERS = ["intro", *sorted(f"chapters/{p.stem}" for p in NOTEBOOKS)]
OPENERS = [n for n in OPENERS if "guess-answers" in (SITE / f"{n}.html").read_text("utf-8")]
FIRST = """() => {
  const place = (e) => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
  const seen = (e) => e.getClientRects().length > 0;
  const figure = document.querySelector(".bd-article live-figure");
  const all = (q) => [...figure.querySelectorAll(q)].filter(seen);
  const box = document.querySelector(`.guess-answers[data-figure=${figure.id}]`);
  return {
    title: place(document.querySelector(".bd-article h1")),
    question: place(box.closest(".guess").querySelector("p:not(.admonition-title)")),
    answers: [...box.querySelectorAll("button")].map(place),
    drawing: place(all("figure > svg")[0]),
    controls: all(".lf-controls :is(input, select)").map(place),
    grips: all(".lf-grip").map(place),
    caption: place(figure.querySelector("figcaption")),
    letters: all("figure > svg text").filter((t) => t.textContent.trim()).map((t) => {
      const { a, b } = t.getScreenCTM();  // of one that stands on its end, too
      return parseFloat(getComputedStyle(t).fontSize) * Math.hypot(a, b);
    }),
  };
}"""


def opened(open_page, address, name, *sizes):
    """Where the parts of the first figure stand in windows of some sizes, once the letters and the states are there."""
    page = open_page(address + REST.name).page
    page.evaluate("localStorage.setItem('lossbook.letters', '1')")
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        if name not in page.url:
            page.goto(address + f"{name}.html")
        page.evaluate("document.fonts.ready.then(() => null)")
        page.wait_for_function("() => document.querySelector('live-figure').channels")
        at_rest(page)
        yield page.evaluate(FIRST)


def apart(one, other):
    """Whether two boxes have no place in common."""
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_the_chapters_have_openers():
    assert len(OPENERS) == 13, OPENERS


@pytest.mark.parametrize("name", OPENERS)
def test_on_a_desk_the_first_figure_is_whole_in_the_first_screen(name, address, open_page):
    first = next(opened(open_page, address, name, (1280, 800)))
    told = json.dumps(first)
    assert first["title"][1] >= 0, told
    for part in (*first["answers"], first["drawing"], *first["controls"]):
        assert part[3] < 800, told


@pytest.mark.parametrize("name", OPENERS)
def test_on_a_phone_the_first_figure_is_in_the_first_screen(name, address, open_page):
    first = next(opened(open_page, address, name, (390, 844)))
    told = json.dumps(first)
    _, top, _, bottom = first["drawing"]
    assert (844 - top) / (bottom - top) > 0.95, told
    assert all(grip[3] < 844 for grip in first["grips"]), told
    assert first["controls"][0][1] < 900, told
    assert all(b - t >= 44 for _, t, _, b in first["answers"]), told
    assert min(first["letters"]) > 11.9, told


@pytest.mark.parametrize("name", OPENERS)
def test_the_parts_of_an_opener_keep_apart(name, address, open_page):
    """Answers in the margin end before the caption begins, whatever the letters of the browser."""
    sizes = [(width, 900) for width in (390, 768, 1200, 1280, 1600)]
    for first in opened(open_page, address, name, *sizes):
        parts = [*first["answers"], first["question"], first["drawing"], first["caption"]]
        parts += first["controls"][:1]
        for i, one in enumerate(parts):
            for other in parts[:i]:
                assert apart(one, other), (one, other, first)
