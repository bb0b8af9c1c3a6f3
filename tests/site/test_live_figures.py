"""The live figures of the built site, moved as a reader moves them, and held against Python."""

import gzip
import io
import json
import math
import random
import re
from functools import cache, lru_cache
from html import escape
from itertools import pairwise
from unittest import mock

import numpy as np
import pytest
from live_figures.drawing import draw_both, draw_state, layout_of, plan_of
from live_figures.svg import tree
from PIL import Image

from live_figures import matplotlib_fast, theme

from ..figures import all_figures, figures_of, path_of
from ..paths import ROOT, SITE
from .live_figure import CHOOSE, READ, SHOWN, by_order, flat, loaded
from .waiting import at_rest, first_states, frames

FIGURES = all_figures()
# the three tests of a figure follow each other, and the figures of a page share it
each_figure = pytest.mark.parametrize(
    ("chapter", "page", "name"),
    [(page, page, name) for page, name in FIGURES],
    ids=[f"{page}-{name}" for page, name in FIGURES],
    indirect=["chapter"],
    scope="module",
)

# From now on, at each input: whether the drawing differs from the last, the value beside a slider, what is said of it.
WATCH = """(figure, name) => {
  const box = figure.querySelector(`[data-control="${name}"]`), seen = [];
  let last = null;
  const look = () => {
    const copy = figure.querySelector("svg").cloneNode(true);
    copy.querySelectorAll(".lf-grip, .lf-rim, [display=none]").forEach((g) => g.remove());
    const drawn = copy.outerHTML, spoken = box.querySelector("input, select").getAttribute("aria-valuetext");
    seen.push([last !== null && drawn !== last, box.querySelector(".lf-value")?.textContent, spoken]);
    last = drawn;
  };
  look();
  document.addEventListener("input", look);
  figure.watched = () => { document.removeEventListener("input", look); return seen; };
}"""

# The drawing and the readouts at each of several places.
STATES = f"""(figure, all) => JSON.stringify(all.map((places) => {{
  ({CHOOSE})(figure, places);
  const readouts = [...figure.querySelectorAll(".lf-readouts b")].map((b) => b.textContent);
  return [JSON.parse(({READ})(figure)), readouts];
}}))"""
# The SVG at each of several places, without what a reader would drag.
PICTURES = f"""(figure, all) => all.map((places) => {{
  ({CHOOSE})(figure, places);
  const copy = figure.querySelector("figure > svg").cloneNode(true);
  copy.querySelectorAll(".lf-grip, .lf-rim").forEach((g) => g.remove());
  return copy.outerHTML;
}})"""
NAMELESS = """(figure) => [...figure.querySelectorAll("input, select")].filter(
  (i) => ![...i.labels].some((l) => l.textContent.trim())).map((i) => i.id)"""

# Drop-downs that are narrower than their longest option.
CUT_OFF = """(figure) => [...figure.querySelectorAll("select")].filter((select) => {
  const free = select.cloneNode(true);
  free.style = "position: absolute; max-width: none";
  select.parentElement.append(free);
  const wanted = free.getBoundingClientRect().width;
  free.remove();
  return select.getBoundingClientRect().width < wanted - 1;
}).map((select) => select.id)"""

# Numbers of any state that are wider than the box that is kept for them.
TOO_WIDE = """(figure) => {
  const range = document.createRange();
  const wide = (box, texts) => {
    const shown = box.textContent;
    const found = texts.filter((text) => {
      box.textContent = text;
      range.selectNodeContents(box);
      return range.getBoundingClientRect().width > box.getBoundingClientRect().width + 0.5;
    });
    box.textContent = shown;
    return found;
  };
  return [
    ...(figure.outputs ?? []).flatMap((b, i) => wide(b, figure.readings[i][0])),
    ...figure.controls.filter((c) => c.value).flatMap((c) => wide(c.value, c.texts.map((t) => t + c.unit))),
  ];
}"""


def test_every_figure_of_the_sources_is_on_its_page():
    assert len(FIGURES) > 90
    for page in {p for p, _ in FIGURES}:
        html = (SITE / page).read_text("utf-8")
        names = re.findall(r'<live-figure\b[^>]*? id="(\w+)"', html)
        assert names == [n for p, n in FIGURES if p == page]


def test_the_states_of_a_figure_weigh_at_most_25_kilobytes():
    weights = {
        path.name.rpartition("-")[0]: len(gzip.compress(path.read_bytes()))
        for path in (SITE / "_static" / "live").glob("*.js")
    }
    assert len(weights) > 180 and "huber_delta-narrow" in weights
    for kind in ("", "-narrow"):
        del weights["ripples" + kind]  # pictures of pixels
    assert not {name: weight for name, weight in weights.items() if weight > 25_000}


@each_figure
def test_each_control_has_a_name_and_moved_by_keyboard_changes_the_figure(chapter, page, name):
    figure = loaded(chapter.page, name)
    assert len(figure.locator("figure > svg").first.get_attribute("aria-label")) >= 60
    assert not figure.evaluate(NAMELESS)
    assert not figure.evaluate(CUT_OFF)
    assert not figure.evaluate(TOO_WIDE)
    for box in figure.locator(".lf-control").all():
        kind, control = box.get_attribute("class").split()[-1], box.get_attribute("data-control")
        box.locator("select, input:checked, input:not([type=radio])").first.focus()
        figure.evaluate(WATCH, control)
        keys = {
            "lf-checkbox": ["Space"] * 2,
            "lf-range": ["ArrowRight"] * 2 + ["ArrowLeft"] * 4,
            "lf-radio": ["ArrowRight"] * 3,
        }.get(kind, ["ArrowDown", "ArrowUp", "ArrowUp"])
        for key in keys:
            chapter.page.keyboard.press(key)
        seen = figure.evaluate("(figure) => figure.watched()")
        for (_, before, _), (different, shown, spoken) in pairwise(seen):
            if kind == "lf-range":
                assert shown == spoken and (shown != before or not different)
        changed = any(different for different, _, _ in seen)
        assert changed, f"no key moved {control}"
    assert not chapter.complaints


@cache
def layout(page, name):
    return layout_of(*figures_of(path_of(page))[name])


@lru_cache(50)  # the tests of a figure look at the same corners
def python_draws(page, name, places):
    """The picture of one state as Python draws it, its elements in document order, its numbers."""
    func, controls = figures_of(path_of(page))[name]
    values = {c.name: c.values[i] for c, i in zip(controls, places, strict=True)}
    # the default in matplotlib's own way, others in the quick one (see live_figures/tests/test_matplotlib_fast.py)
    known = matplotlib_fast.KNOWN and places != tuple(c.default for c in controls)
    places_of_axes = layout(page, name)
    with mock.patch.object(matplotlib_fast, "KNOWN", known):
        svg, _, readouts = draw_state(func, values, places_of_axes)
    return svg, list(flat(tree(svg, func.__name__))), readouts


def corners(controls):
    """The default and the ends of the controls."""
    return {
        tuple(c.default for c in controls),
        tuple(0 for _ in controls),
        tuple(len(c) - 1 for c in controls),
    }


def sample(controls, count):
    """The corners and a random sample of states, the same in every run."""
    rng = random.Random(1)
    places = corners(controls)
    for _ in range(count):
        places.add(tuple(rng.randrange(len(c)) for c in controls))
    return sorted(places)


@each_figure
def test_published_states_are_what_python_draws(chapter, page, name):
    _, controls = figures_of(path_of(page))[name]
    figure, places = loaded(chapter.page, name), sample(controls, 6)
    states = json.loads(figure.evaluate(STATES, places))
    for at, (shown, shown_readouts) in zip(places, states, strict=True):
        _, drawn, readouts = python_draws(page, name, at)
        for attribute in ("xmlns", "role", "aria-label"):
            assert shown[0][1].pop(attribute)
        assert by_order(shown) == by_order(drawn), f"{name} at {at}"
        assert shown_readouts == list(readouts.values())


@cache
def plan(page, name):
    func, controls = figures_of(path_of(page))[name]
    return plan_of(func, controls, func.narrow)


def places_at_rest(figure):
    """How high a figure's drawing is, and how high all of it."""
    return figure.evaluate(f"(f) => [({SHOWN})(f), f].map((e) => e.getBoundingClientRect().height)")


@pytest.mark.parametrize("phone", sorted({page for page, _ in FIGURES}), indirect=True)
def test_narrow_drawings_have_half_of_their_block_and_the_states_of_python(phone):
    page = phone.evaluate("location.pathname").lstrip("/")
    small = {}
    for name in (n for p, n in FIGURES if p == page):
        func, controls = figures_of(path_of(page))[name]
        figure = loaded(phone, name)
        assert figure.locator("figure > svg").evaluate_all(
            "(all) => all.map((svg) => svg.checkVisibility())"
        ) == [False, True]
        drawn, block = places_at_rest(figure)
        wide = figure.locator("svg.lf-wide").get_attribute("viewBox").split()
        strip = float(wide[3]) < 0.3 * float(wide[2])  # by its nature low
        if drawn < block / 2 and not strip:
            small[name] = f"{drawn:.0f} of {block:.0f} px"
        places = sorted(corners(controls))
        for at, (shown, readouts) in zip(
            places, json.loads(figure.evaluate(STATES, places)), strict=True
        ):
            values = {c.name: c.values[i] for c, i in zip(controls, at, strict=True)}
            _, svg, said = draw_both(func, values, plan(page, name))
            for attribute in ("xmlns", "role", "aria-label"):
                assert shown[0][1].pop(attribute)
            assert by_order(shown) == by_order(list(flat(tree(svg, f"{name}-narrow"))))
            assert readouts == list(said.values())
    assert not small
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def pictures(page, drawings, fonts, size):
    """The pixels of drawings of one size, each in a document of its own."""
    width, height = (math.ceil(length) for length in size)
    frames = "".join(
        f"<iframe style='border:0;display:block;width:{width}px;height:{height}px' srcdoc=\"{escape(d)}\"></iframe>"
        for d in (
            f"<body style='margin:0;background:#fff'><style>svg{{display:block;{fonts}}}</style>{d}"
            for d in drawings
        )
    )
    page.set_content(f"<body style='margin:0;background:#fff'>{frames}")
    page.wait_for_function(
        """(n) => {
          const frames = [...document.querySelectorAll("iframe")];
          return frames.length === n && frames.every((f) => f.contentDocument?.querySelector("svg"));
        }""",
        arg=len(drawings),
    )
    png = page.screenshot(full_page=True)
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=int)
    return [pixels[height * i : height * (i + 1), :width] for i in range(len(drawings))]


@pytest.fixture(scope="module")
def blank(browser):
    """An empty page to draw on."""
    context = browser.new_context(viewport={"width": 700, "height": 900})
    yield context.new_page()
    context.close()


@each_figure
def test_published_pixels_are_those_of_matplotlib(chapter, page, name, blank):
    _, controls = figures_of(path_of(page))[name]
    figure = loaded(chapter.page, name)
    fonts = "font-family:'DejaVu Sans',Verdana,Arial,Helvetica,sans-serif;fill:#000"
    rules = figure.locator("style").first.text_content()
    rules += "live-figure svg{stroke-linejoin:round;stroke-linecap:butt}"
    places, drawn = sample(controls, 0), []
    published = [
        f"<style>{rules}</style><live-figure>{svg}</live-figure>"
        for svg in figure.evaluate(PICTURES, places)
    ]
    for at in places:
        raw, _, _ = python_draws(page, name, at)
        drawn.append(re.sub(r'(\d)pt"', r'\1px"', raw[raw.index("<svg") :]))
    size = re.search(r'width="([\d.]+)px" height="([\d.]+)px"', drawn[0]).groups()
    found = pictures(blank, published + drawn, fonts, map(float, size))
    assert len({picture.shape for picture in found}) == 1
    for at, ours, theirs in zip(places, found[: len(drawn)], found[len(drawn) :], strict=True):
        difference = np.abs(ours - theirs).max(axis=2)
        assert (ours.min(axis=2) < 200).sum() > 200  # there is something to see
        # a letter may lie a part of a pixel aside: some three pixels of its edge; the symbols of a formula have
        # another face, and all letters of its line lie elsewhere
        allowed = 0
        for label in re.findall(r"<text\b.*?</text>", published[places.index(at)], re.S):
            letters = len(re.sub(r"<[^>]+>", "", label))
            allowed += letters * (30 if "<tspan" in label else 4)
        assert (difference > 64).sum() < max(350, allowed), f"{name} at {at}"


def test_a_move_lays_out_the_figure_and_not_the_page(address, open_page, browser):
    page = open_page(address + "chapters/significance.html").page
    slider = loaded(page, "penalty_paths").locator("input[type=range]")
    slider.press("ArrowRight")  # the button that resets the figure wakes up
    page.wait_for_function(
        "() => document.querySelector('#penalty_paths .lf-status').textContent"
        " && location.hash.includes('penalty_paths')"
    )  # the move has been announced, and is in the address
    page.wait_for_load_state("networkidle")
    at_rest(page)
    session, events, ended = browser.new_browser_cdp_session(), [], []
    session.on("Tracing.dataCollected", lambda some: events.extend(some["value"]))
    session.on("Tracing.tracingComplete", lambda _: ended.append(True))
    session.send("Tracing.start", {"traceConfig": {"includedCategories": ["devtools.timeline"]}})
    page.keyboard.press("ArrowRight")
    frames(page)
    session.send("Tracing.end")
    while not ended:
        frames(page, 1)
    session.detach()
    layouts = [e["args"]["beginData"] for e in events if e["name"] == "Layout" and e.get("args")]
    assert layouts
    assert all(layout["partialLayout"] for layout in layouts), layouts


def test_states_load_only_when_the_reader_comes_near(address, open_page):
    watched = open_page(address + "chapters/mse.html")
    first_states(watched.page)
    early = [u for u in watched.requests if "/live/" in u]
    assert early
    names = [n for p, n in FIGURES if p == "chapters/mse.html"]
    assert not any("engel_quantiles" in u for u in early)
    loaded(watched.page, "engel_quantiles")
    assert any("engel_quantiles" in u for u in watched.requests if "/live/" in u)
    assert len(early) < len(names)


def test_without_javascript_the_default_is_there_and_a_note(address, open_page):
    page = open_page(address + "chapters/mse.html", java_script_enabled=False).page
    figure = page.locator("live-figure#wrong_record")
    assert figure.locator("svg.lf-wide").is_visible()
    assert figure.locator(".lf-note").is_visible()
    assert not figure.locator(".lf-controls").is_visible()


def test_in_print_the_default_is_there_and_a_note(address, open_page):
    page = open_page(address + "chapters/mse.html").page
    page.emulate_media(media="print")
    figure = page.locator("live-figure#wrong_record")
    assert figure.locator("svg.lf-wide").is_visible() and figure.locator(".lf-note").is_visible()
    assert not figure.locator(".lf-controls").is_visible()


def test_a_view_can_be_shared(address, open_page):
    first = open_page(address + "chapters/mse.html").page
    figure = loaded(first, "huber_delta")
    figure.evaluate(CHOOSE, [7, 3])
    first.wait_for_function("() => location.hash.includes('huber_delta')")
    second = open_page(first.url).page
    again = loaded(second, "huber_delta")
    second.wait_for_function(
        "(n) => document.getElementById(n).shown === document.getElementById(n).state()",
        arg="huber_delta",
    )
    assert again.evaluate(READ) == figure.evaluate(READ)
    assert again.locator(".lf-value").all_text_contents() == ["2.00", "1.5"]


@pytest.mark.parametrize("moved", [True, False])
def test_the_link_to_a_view_is_copied(moved, address, open_page):
    permissions = ["clipboard-read", "clipboard-write"]
    page = open_page(address + "chapters/mse.html", permissions=permissions).page
    figure = loaded(page, "huber_delta")
    if moved:
        figure.evaluate(CHOOSE, [7, 3])
    link = figure.locator(".lf-link")
    link.click()
    page.wait_for_function("(e) => e.textContent === 'Link copied'", arg=link.element_handle())
    assert figure.get_by_role("status").text_content() == "Link copied"
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url.split("#")[0] + "#huber_delta" + "?delta=2.00&r=1.5" * moved
    page.wait_for_function(
        "(e) => e.textContent === 'Link to this view'", arg=link.element_handle()
    )


def test_where_nothing_can_be_copied_the_link_leads_to_the_view(address, open_page):
    page = open_page(address + "chapters/mse.html").page
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    figure = loaded(page, "huber_delta")
    figure.evaluate(CHOOSE, [7, 3])
    figure.locator(".lf-link").click()
    page.wait_for_function("() => location.hash === '#huber_delta?delta=2.00&r=1.5'")


@pytest.mark.parametrize(
    "fragment", ["huber_delta?delta=99&r=x", "huber_delta?", "nobody?delta=1", "%E0%A4%A?x=%"]
)
def test_garbage_in_the_address_is_ignored(fragment, address, open_page):
    watched = open_page(address + "chapters/mse.html#" + fragment)
    figure = loaded(watched.page, "huber_delta")
    assert figure.locator(".lf-value").all_text_contents() == ["1.00", "3.0"]
    assert not watched.complaints


@pytest.mark.parametrize("broken", ["missing", "cut off"])
def test_without_states_the_figure_stays_and_says_so(broken, address, open_page, browser):
    watched = open_page("about:blank")

    def spoil(route):
        if broken == "missing":
            route.fulfill(status=404, body="")
        else:
            body = route.fetch().text()
            route.fulfill(body=body[: len(body) // 2], content_type="text/javascript")

    watched.page.route("**/live/huber_delta*", spoil)
    watched.page.goto(address + "chapters/mse.html")
    figure = watched.page.locator("live-figure#huber_delta")
    figure.scroll_into_view_if_needed()
    figure.locator(".lf-failed").wait_for()
    assert "could not be loaded" in figure.locator(".lf-note").text_content()
    assert figure.locator("svg.lf-wide").is_visible()


def test_reset_returns_to_the_default(address, open_page):
    page = open_page(address + "chapters/mse.html").page
    figure = loaded(page, "huber_delta")
    reset = figure.locator(".lf-reset")
    assert reset.is_disabled()
    figure.evaluate("(f) => f.moved()")  # what a guess holds back is said from now on
    before = figure.evaluate(READ)
    figure.evaluate(CHOOSE, [0, 0])
    assert figure.evaluate(READ) != before
    reset.click()
    assert figure.evaluate(READ) == before and reset.is_disabled()


def test_a_jump_lands_where_it_should(address, open_page):
    far = "engel_quantiles"
    page = open_page(f"{address}chapters/mse.html#{far}?tau=0.9").page
    at_rest(page)
    top, height = page.locator(f"live-figure#{far}").evaluate(
        "(e) => [e.getBoundingClientRect().top, innerHeight]"
    )
    assert 0 <= top < height
    page = open_page(address + "chapters/mse.html").page
    link = page.locator(".page-contents a[href^='#']:visible").last
    link.click()
    at_rest(page)
    target = page.locator(link.get_attribute("href"))
    assert 0 <= target.evaluate("(e) => e.getBoundingClientRect().top") < height


def live_files(watched, name):
    """The states of a figure that were asked for: wide, narrow or both."""
    found = [re.search(rf"/live/{name}(-narrow)?-\w+\.js", url) for url in watched.requests]
    return ["narrow" if f[1] else "wide" for f in found if f]


def test_each_screen_loads_the_states_of_the_drawing_it_shows(address, open_page):
    for width, kind in ((390, "narrow"), (1280, "wide")):
        watched = open_page(address + "chapters/mse.html", width=width)
        loaded(watched.page, "wrong_record")
        assert live_files(watched, "wrong_record") == [kind]


def test_a_phone_that_is_turned_keeps_the_view_and_the_handle(address, open_page):
    watched = open_page(address + "chapters/mse.html", width=390)
    page = watched.page
    figure = loaded(page, "wrong_record")
    func, controls = figures_of(path_of("chapters/mse.html"))["wrong_record"]
    record = controls[-1]
    above = record.values[record.default + 1 : record.default + 3]
    grip = figure.locator("svg.lf-narrow .lf-grip")
    grip.focus()
    page.keyboard.press("ArrowUp")
    assert figure.locator(".lf-value").text_content() == str(above[0])
    page.set_viewport_size({"width": 844, "height": 390})
    page.wait_for_function("() => document.querySelector('#wrong_record svg.lf-wide .lf-grip')")
    frames(page)
    assert live_files(watched, "wrong_record") == ["narrow", "wide"]
    assert figure.evaluate("(f) => f.shown === f.state() && f.shown !== f.first")
    turned = figure.locator("svg.lf-wide .lf-grip")
    page.wait_for_function("(g) => g === document.activeElement", arg=turned.element_handle())
    page.keyboard.press("ArrowUp")
    page.set_viewport_size({"width": 390, "height": 844})
    frames(page)
    assert figure.locator(".lf-value").text_content() == str(above[1])
    shown = json.loads(figure.evaluate(READ))
    values = {c.name: c.values[c.default] for c in controls} | {record.name: above[1]}
    svg = draw_both(func, values, plan("chapters/mse.html", "wrong_record"))[1]
    for attribute in ("xmlns", "role", "aria-label"):
        assert shown[0][1].pop(attribute)
    assert by_order(shown) == by_order(list(flat(tree(svg, "wrong_record-narrow"))))
    assert grip.evaluate("(g) => g === document.activeElement")
    assert not watched.complaints


def test_a_finger_drags_the_point_of_the_narrow_drawing(address, open_page):
    page = open_page(address + "chapters/mse.html", width=390).page
    figure = loaded(page, "wrong_record")
    grip = figure.locator("svg.lf-narrow .lf-grip")
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    assert box["width"] >= 43.5
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 80, steps=6)
    page.mouse.up()
    assert grip.bounding_box()["y"] < box["y"] - 40
    assert figure.locator(".lf-value").text_content() != "30"


def test_who_listens_meets_one_drawing(address, open_page):
    for width in (390, 1280):
        page = open_page(address + "chapters/mse.html", width=width).page
        loaded(page, "wrong_record")
        alt = page.locator("#wrong_record figure > svg").first.get_attribute("aria-label")
        assert page.get_by_role("group", name=alt).count() == 1
        assert page.locator("#wrong_record").get_by_role("slider", name="Drag").count() == 1


def test_paper_has_the_wide_drawing_whatever_the_screen(address, open_page):
    page = open_page(address + "chapters/mse.html", width=390).page
    figure = loaded(page, "wrong_record")
    page.emulate_media(media="print")
    assert figure.locator("svg.lf-wide").is_visible()
    assert not figure.locator("svg.lf-narrow").is_visible()


def test_a_ring_ends_with_its_panel_and_goes_with_its_point(address, open_page):
    page = open_page(address + "chapters/mse.html").page
    figure = loaded(page, "wrong_record")
    panel = figure.locator("svg.lf-wide [data-handle]").get_attribute("data-panel")
    rect = figure.locator("svg.lf-wide .lf-rim rect").evaluate(
        "(r) => ['x', 'y', 'width', 'height'].map((name) => r.getAttribute(name)).join(' ')"
    )
    assert rect == panel
    left, top, _, height = map(float, panel.split())
    gone = """(figure, [x, y]) => {
      const [h] = figure.drawing.handles, state = figure.state();
      [h.x[state], h.y[state]] = [x, y];
      h.follow();
      const ring = h.ring, place = ["cx", "cy"].map((name) => +ring.getAttribute(name));
      return [ring.classList.contains("lf-gone"), getComputedStyle(ring).opacity, ...place];
    }"""
    shown, opacity, *place = figure.evaluate(gone, [left + 5, top + 5])
    assert not shown and float(opacity) > 0.5 and place == [left + 5, top + 5]
    shown, opacity, *place = figure.evaluate(gone, [left - 30, top + height + 80])
    assert shown and opacity == "0" and place == pytest.approx([left, top + height])


def test_sliders_of_a_desktop_are_long(address, open_page):
    for chapter in sorted({page for page, _ in FIGURES}):
        page = open_page(address + chapter, width=1280).page
        page.add_style_tag(content=".bd-article * { content-visibility: visible !important }")
        short = page.evaluate(
            """() => [...document.querySelectorAll("live-figure input[type=range]")]
              .filter((i) => i.getBoundingClientRect().width < 160).map((i) => i.id)"""
        )
        assert not short


def test_palette_of_the_page_is_that_of_the_figures():
    from lossbook.teaching import style

    css = (ROOT / "_static" / "book.css").read_text()
    for name in ("blue", "vermilion", "green", "purple", "gold", "violet", "ink"):
        assert f"--lb-{name}: {style.C[name]};" in css
        assert f"--lb-{name}: {theme.dark(style.C[name])};" in css


def place(figure):
    """The middle of the first grip, in the window."""
    box = figure.locator(".lf-grip").first.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_point_dragged_sets_both_controls(address, open_page):
    page = open_page(address + "chapters/mse.html").page
    figure = loaded(page, "wrong_record")
    figure.locator(".lf-grip").scroll_into_view_if_needed()
    x, y = place(figure)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 100, y - 60, steps=6)
    page.mouse.move(x - 160, y - 140, steps=6)
    page.mouse.up()
    new_x, new_y = place(figure)
    assert new_x < x - 100 and new_y < y - 100
    assert figure.locator("select").input_value() != "3"
    assert figure.locator(".lf-value").text_content() != "50"


def test_a_grip_obeys_the_arrow_keys(address, open_page):
    page = open_page(address + "chapters/mse.html").page
    figure = loaded(page, "wrong_record")
    grip = figure.locator(".lf-grip")
    grip.focus()
    page.keyboard.press("ArrowUp")
    assert figure.locator(".lf-value").text_content() == "60"
    page.keyboard.press("ArrowLeft")
    assert figure.locator("select").input_value() == "2"
    assert "1962" in grip.get_attribute("aria-valuetext")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert figure.locator("select").input_value() == "3"
    assert figure.locator(".lf-value").text_content() == "50"


def test_the_numbers_are_announced_once_the_reader_rests(address, open_page):
    page = open_page(address + "chapters/mse.html").page
    figure = loaded(page, "huber_delta")
    figure.evaluate(CHOOSE, [3, 12])
    status = figure.locator(".lf-status")
    assert status.text_content() == ""
    page.wait_for_function(
        "() => document.querySelector('#huber_delta .lf-status').textContent.includes('gradient 1')"
    )
