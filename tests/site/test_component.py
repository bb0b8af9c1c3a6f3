"""Live figures outside the book, on a page of their own: what no chapter happens to do."""

import json
import re
import shutil

import ipywidgets as w
import matplotlib.pyplot as plt
import pytest
from live_figures.controls import controls_for, widgets_for
from live_figures.drawing import draw_state, layout_of
from live_figures.svg import tree

from live_figures import assets, handle, render

from ..colors import contrast
from .live_figure import CHOOSE, READ, by_order, flat, loaded
from .pages import STICKS_OUT
from .waiting import at_rest, first_states, frames


def moving(k=1, flag=False):
    """Glyphs, markers, a legend and a log axis that come and go."""
    fig, ax = plt.subplots(figsize=(3, 2))
    ax.set(yticks=[])
    if k % 2 == 0:
        ax.set_xlabel(r"$\alpha\delta$")
    ax.text(0.1, 0.2, r"$\delta\gamma$")
    ax.plot([1, k + 1], [1, k], "os"[k % 2], label=f"k = {k}")
    if flag:
        ax.set_xscale("log")
        ax.legend()
    return fig, {"k": k}


def played(t=0):
    """A point that moves by itself."""
    fig, ax = plt.subplots(figsize=(3, 2))
    ax.plot([t], [0], "o")
    ax.set(xlim=(-1, 6))
    return fig


def once(t=0):
    """The same point; it stops at the end."""
    return played(t)


def aimed(across=2, up=1):
    """A point that moves in two directions."""
    fig, ax = plt.subplots(figsize=(3, 2))
    handle(ax.plot([across], [up], "o"), "across", "up")
    ax.set(xlim=(-1, 5), ylim=(-1, 4))
    return fig


def falling(at=2):
    """A point on a curve that falls."""
    fig, ax = plt.subplots(figsize=(3, 2))
    handle(ax.plot([at], [4 - at], "o"), "at")
    ax.set(xlim=(-1, 5), ylim=(-1, 5))
    return fig


def lifted(at=2):
    """A point that goes up and down."""
    fig, ax = plt.subplots(figsize=(3, 2))
    handle(ax.plot([0], [at], "o"), "at")
    ax.set(xlim=(-1, 5), ylim=(-1, 5))
    return fig


def wide(size=1):
    """A point whose control has values of one to seven digits."""
    return played(0)


def fine(size=1):
    """A point whose slider has too many values to mark each."""
    return played(0)


FIGURES = {
    "wide": (wide, {"size": w.SelectionSlider(options=[10**k for k in range(7)])}),
    "aimed": (aimed, {"across": (0, 4), "up": (0, 3)}),
    "falling": (falling, {"at": (0, 4)}),
    "lifted": (lifted, {"at": (0, 4)}),
    "moving": (moving, {"k": (0, 5), "flag": False}),
    "played": (played, {"t": w.Play(min=0, max=5, interval=30, repeat=True)}),
    "once": (once, {"t": w.Play(min=0, max=5, interval=30)}),
    "fine": (fine, {"size": (1, 12)}),
}


LABELS = {"moving": ({"k": "distance $d$"}, {"k": "km"})}


def controls_of(name):
    func, abbreviations = FIGURES[name]
    return controls_for(name, widgets_for(func, abbreviations, *LABELS.get(name, ())))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """All figures, one of them sixty times, with their states in files of their own."""
    folder = tmp_path_factory.mktemp("component")
    for path in assets:
        shutil.copy(path, folder)
    (folder / "live").mkdir()
    figures = []
    for name, (func, abbreviations) in FIGURES.items():
        labels, units = LABELS.get(name, (None, None))
        drawn = render(func, labels=labels, units=units, **abbreviations)
        for copy in [name] + [f"{name}{i}" for i in range(60 if name == "moving" else 0)]:
            file, narrow = f"{copy}.js", f"{copy}-narrow.js"
            for states, packed in ((file, drawn.packed), (narrow, drawn.narrow_packed)):
                (folder / "live" / states).write_text(
                    f"liveFigures({json.dumps(states)}, {packed})", "utf-8"
                )
            html = f"{drawn.opening()}{drawn.panel}</figure></live-figure>"
            figure = html.replace(f'"{name}', f'"{copy}')
            states = f'<live-figure data-states="{file}" data-narrow="{narrow}" '
            figure = figure.replace("<live-figure ", states, 1)
            figures.append(re.sub(rf"#{name}-", f"#{copy}-", figure))
    (folder / "index.html").write_text(
        "<!doctype html><meta charset=utf-8><title>Live figures</title>"
        '<meta name="viewport" content="width=device-width">'
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="live-figure.css">'
        '<script defer src="live-figure.js"></script>' + "".join(figures),
        "utf-8",
    )
    return folder


@pytest.fixture
def url(folder):
    return (folder / "index.html").as_uri()


@pytest.mark.filterwarnings("ignore:constrained_layout not applied:UserWarning")  # it is small
def test_every_state_is_what_python_draws(url, open_page):
    watched = open_page(url)
    figure = loaded(watched.page, "moving")
    controls = controls_of("moving")
    layout = layout_of(moving, controls)
    for flag in (0, 1):
        for k in (5, 2, 3, 0, 1, 4):
            figure.evaluate(CHOOSE, [k, flag])
            shown = json.loads(figure.evaluate(READ))
            values = {"k": controls[0].values[k], "flag": bool(flag)}
            drawn = list(flat(tree(draw_state(moving, values, layout)[0], "moving")))
            for attribute in ("xmlns", "role", "aria-label"):
                assert shown[0][1].pop(attribute)
            assert by_order(shown) == by_order(drawn), values
    assert not watched.complaints


def held_against_python(figure, name="moving"):
    """A few states of a figure on a page are what Python draws."""
    layout = layout_of(moving, controls_of("moving"))
    for k, flag in ((4, 1), (3, 0), (5, 1)):
        figure.evaluate(CHOOSE, [k, flag])
        shown = json.loads(figure.evaluate(READ))
        drawn = list(flat(tree(draw_state(moving, {"k": k, "flag": bool(flag)}, layout)[0], name)))
        for attribute in ("xmlns", "role", "aria-label"):
            assert shown[0][1].pop(attribute)
        assert by_order(shown) == by_order(drawn), (k, flag)


def test_a_saved_page_moves_from_a_folder_and_asks_for_nothing(tmp_path, open_page):
    page = render(moving, **FIGURES["moving"][1]).save(tmp_path / "a page.html")
    watched = open_page(page.as_uri())
    held_against_python(loaded(watched.page, "moving"))
    assert watched.requests == [page.as_uri()] and not watched.complaints


def test_figures_with_their_states_inside_share_a_page_with_others(tmp_path, open_page):
    """As nbconvert writes them: each may bring the script, and what stands around them is not theirs."""
    one = render(moving, **FIGURES["moving"][1]).html()
    two = render(played, **FIGURES["played"][1]).html()
    page = tmp_path / "page.html"
    page.write_text(
        f"<!doctype html><meta charset=utf-8><title>Two</title><p id=words>Words</p>{one}{two}",
        "utf-8",
    )
    watched = open_page(page.as_uri())
    held_against_python(loaded(watched.page, "moving"))
    figure = loaded(watched.page, "played")
    figure.locator("input[type=range]").press("ArrowRight")
    assert figure.locator(".lf-value").text_content() == "1"
    assert (
        watched.page.locator("#words").evaluate("(p) => getComputedStyle(p).color")
        == "rgb(0, 0, 0)"
    )
    assert not watched.complaints


THEMES = {
    "pydata": ('<html data-theme="dark"><body>', "light"),
    "furo": ('<html><body data-theme="dark">', "light"),
    "furo, as the system": ('<html><body data-theme="auto">', "dark"),
    "myst": ('<html class="dark"><body>', "light"),
    "quarto": ('<html><body class="quarto-dark">', "light"),
}


@pytest.mark.parametrize("name", THEMES)
def test_the_figure_follows_the_dark_theme_of_its_page(name, tmp_path, open_page):
    start, system = THEMES[name]
    color = "(svg) => getComputedStyle(svg).fill"
    page = tmp_path / "page.html"
    html = render(played).html()
    for begin, expected in ((start, "rgb(232, 232, 232)"), ("<html><body>", "rgb(0, 0, 0)")):
        page.write_text(f"<!doctype html>{begin}<meta charset=utf-8>{html}", "utf-8")
        tab = open_page(page.as_uri(), theme=system).page
        assert tab.locator("#played svg.lf-wide").evaluate(color) == expected


def test_a_definition_in_use_is_never_hidden(url, open_page):
    figure = loaded(open_page(url).page, "moving")
    for k in range(6):
        figure.evaluate(CHOOSE, [k, 0])
        hidden = figure.evaluate(
            """(figure) => [...figure.querySelectorAll("use")]
              .filter((u) => !u.closest("[display=none]"))
              .filter((u) => document.getElementById(u.getAttribute("href").slice(1)).closest("[display=none]"))
              .length"""
        )
        assert hidden == 0


def test_sixty_figures_answer_and_only_the_near_ones_load(url, open_page):
    watched = open_page(url)
    first_states(watched.page)
    early = sum("/live/" in u for u in watched.requests)
    assert 0 < early < 30
    figure = loaded(watched.page, "moving59")
    before = figure.evaluate(READ)
    figure.evaluate(CHOOSE, [4, 1])
    assert figure.evaluate(READ) != before
    assert not watched.complaints


def test_moves_during_loading_count_once_the_states_are_there(folder, open_page):
    watched = open_page("about:blank")
    held = []
    watched.page.route("**/live/moving.js", lambda route: held.append(route))
    watched.page.goto((folder / "index.html").as_uri(), wait_until="domcontentloaded")
    figure = watched.page.locator("live-figure#moving")
    before = figure.evaluate(READ)
    for k in (0, 3, 5, 2, 4):
        figure.evaluate(CHOOSE, [k, 0])
    assert figure.evaluate(READ) == before
    held[0].fulfill(path=folder / "live" / "moving.js", content_type="text/javascript")
    loaded(watched.page, "moving")
    after = figure.evaluate(READ)
    figure.evaluate(CHOOSE, [0, 0])
    figure.evaluate(CHOOSE, [4, 0])
    assert figure.evaluate(READ) == after != before


def test_play_runs_until_it_is_stopped(url, open_page):
    page = open_page(url).page
    figure = loaded(page, "played")
    button, value = figure.locator(".lf-play"), figure.locator(".lf-value")
    button.click()
    page.wait_for_function("() => document.querySelector('#played .lf-value').textContent === '3'")
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    stopped = value.text_content()
    frames(page, 12)  # nothing moves: six of its steps would have come
    assert value.text_content() == stopped and button.get_attribute("aria-pressed") == "false"


def test_play_without_repeat_stops_at_the_end_and_starts_anew(url, open_page):
    page = open_page(url).page
    figure = loaded(page, "once")
    button, value = figure.locator(".lf-play"), figure.locator(".lf-value")
    for _ in range(2):
        button.click()
        page.wait_for_function(
            "() => document.querySelector('#once .lf-value').textContent === '3'"
        )
        page.wait_for_function(
            "() => document.querySelector('#once .lf-play').getAttribute('aria-pressed') === 'false'"
        )
        assert value.text_content() == "5"


def test_play_has_a_speed_that_may_change_while_it_plays(url, open_page):
    page = open_page(url).page
    figure = loaded(page, "played")
    page.evaluate(
        """() => {
          const real = window.setInterval;
          window.paces = [];
          window.setInterval = (f, ms) => { window.paces.push(ms); return real(f, ms); };
        }"""
    )
    speed = figure.locator(".lf-speed")
    figure.locator(".lf-play").click()
    speed.select_option("4")
    assert figure.locator(".lf-play").get_attribute("aria-pressed") == "true"
    speed.select_option("0.25")
    figure.locator(".lf-play").click()
    speed.select_option("2")  # of a figure that rests: no motion
    assert page.evaluate("window.paces") == [30, 7.5, 120]
    assert figure.locator(".lf-play").get_attribute("aria-pressed") == "false"


def test_the_unit_stands_behind_the_value(url, open_page):
    page = open_page(url + "#moving?k=3").page
    figure = loaded(page, "moving")
    slider, value = figure.locator("input[type=range]"), figure.locator(".lf-value")
    assert value.text_content() == "3\u00a0km" == slider.get_attribute("aria-valuetext")
    slider.press("ArrowRight")
    assert value.text_content() == "4\u00a0km" == slider.get_attribute("aria-valuetext")
    page.wait_for_function(
        "() => location.hash.includes('k=4&')"
    )  # the address has the bare number
    assert "distance" in figure.locator("label").first.text_content()


def test_a_number_in_the_address_may_be_written_otherwise(url, open_page):
    page = open_page(url + "#moving?k=3.0").page
    assert loaded(page, "moving").locator(".lf-value").text_content() == "3\u00a0km"


def test_with_reduced_motion_each_press_is_one_step(url, open_page):
    page = open_page(url, reduced_motion="reduce").page
    figure = loaded(page, "played")
    for step in ("1", "2"):
        figure.locator(".lf-play").click()
        frames(page, 8)  # four of its steps would have come
        assert figure.locator(".lf-value").text_content() == step


def test_paper_has_the_default(url, open_page):
    page = open_page(url).page
    figure = loaded(page, "moving")
    default = figure.evaluate(READ)
    figure.evaluate(CHOOSE, [4, 1])
    moved = figure.evaluate(READ)
    page.emulate_media(media="print")
    assert figure.evaluate(READ) == default != moved
    page.emulate_media(media="screen")
    assert figure.evaluate(READ) == moved


def test_controls_without_states_are_switched_off(folder, open_page):
    watched = open_page("about:blank")
    watched.page.route("**/live/moving.js", lambda route: route.abort())
    watched.page.goto((folder / "index.html").as_uri())
    figure = watched.page.locator("live-figure#moving")
    figure.locator(".lf-failed").wait_for()
    assert figure.locator("input:enabled, button:enabled").count() == 0


PHONE = {"width": 360, "has_touch": True, "is_mobile": True}


def swipe(page, start, end):
    """A finger that goes down, moves in ten steps and is lifted."""
    session = page.context.new_cdp_session(page)

    def send(kind, *points):
        session.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]},
        )

    send("touchStart", start)
    for k in range(1, 11):
        send("touchMove", tuple(a + (b - a) * k / 10 for a, b in zip(start, end, strict=True)))
        frames(page, 1)
    send("touchEnd")
    at_rest(page)


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_finger_drags_the_handle_and_the_page_stays(url, open_page):
    page = open_page(url, **PHONE).page
    figure = loaded(page, "aimed")
    grip = figure.locator(".lf-grip")
    x, y = middle(grip)
    swipe(page, (x, y), (x + 60, y - 60))
    new_x, new_y = middle(grip)
    assert new_x > x + 30 and new_y < y - 30
    assert page.evaluate("scrollY") == 0


def held(page, name):
    """A handle that the mouse holds by its middle, and where that is."""
    figure = loaded(page, name)
    figure.scroll_into_view_if_needed()
    at = middle(figure.locator(".lf-grip").locator("visible=true"))
    page.mouse.move(*at)
    page.mouse.down()
    return figure, at


def test_the_ring_is_under_the_finger_that_drags_it_and_at_rest_on_its_mark(url, open_page):
    page = open_page(url).page
    figure, (x, y) = held(page, "aimed")
    grip = figure.locator(".lf-grip").locator("visible=true")
    for right, up in ((11, 4), (23, 9), (37, 17), (52, 21)):
        page.mouse.move(x + right, y - up)
        assert middle(grip) == pytest.approx((x + right, y - up), abs=1)
    ring = figure.locator(".lf-ring").locator("visible=true")
    assert middle(ring) == pytest.approx((x + 52, y - 21), abs=1)
    page.mouse.move(3000, 0)  # no farther than its places go
    told = figure.evaluate("(f) => f.controls.map((c) => c.text)")
    assert told == ["4", "3"]
    last = middle(grip)
    page.mouse.up()
    assert middle(grip) == pytest.approx(last, abs=0.1)
    figure, (x, y) = held(page, "aimed")
    page.mouse.move(x - 13, y + 3)
    page.mouse.up()
    places = "(f) => { const h = f.drawing.handles[0], s = f.state(); return [h.x[s], h.y[s]]; }"
    drawn = grip.evaluate("(e) => [+e.getAttribute('cx'), +e.getAttribute('cy')]")
    assert drawn == figure.evaluate(places)


def test_the_ring_of_one_control_stays_on_the_way_of_its_mark(url, open_page):
    page = open_page(url).page
    figure, (x, y) = held(page, "falling")
    grip = figure.locator(".lf-grip").locator("visible=true")
    ends = figure.evaluate(
        "(f) => [...f.drawing.handles[0].x].map((x, i) => [x, f.drawing.handles[0].y[i]])"
    )
    (left, up), (right, down) = ends[0], ends[-1]
    seen = set()
    for step in range(-6, 7):
        page.mouse.move(x + 6 * step, y - 20)
        cx, cy = grip.evaluate("(e) => [+e.getAttribute('cx'), +e.getAttribute('cy')]")
        part = (cx - left) / (right - left)
        assert cy == pytest.approx(up + part * (down - up), abs=0.2) and 0 <= part <= 1
        seen.add(round(cx, 1))
    page.mouse.up()
    assert len(seen) > len(ends)


def test_a_slider_of_few_values_has_a_mark_for_each(url, open_page):
    page = open_page(url).page
    for name, steps in (("wide", "6"), ("lifted", "4"), ("fine", "")):
        slot = loaded(page, name).locator(".lf-slot")
        told = slot.evaluate("(e) => getComputedStyle(e).getPropertyValue('--lf-steps')")
        marks = slot.evaluate("(e) => getComputedStyle(e, '::after').backgroundImage")
        assert told == steps and marks.startswith("repeating-linear-gradient") == bool(steps)


def test_a_swipe_that_begins_beside_the_handle_scrolls_the_page(url, open_page):
    page = open_page(url, **PHONE).page
    figure = loaded(page, "aimed")
    grip = figure.locator(".lf-grip")
    before = [v.text_content() for v in figure.locator(".lf-value").all()]
    x, y = middle(grip)
    swipe(page, (x - 60, y), (x - 60, y - 150))
    assert page.evaluate("scrollY") > 50
    assert [v.text_content() for v in figure.locator(".lf-value").all()] == before


@pytest.mark.parametrize("width", [320, 360, 800])
def test_a_handle_is_wide_enough_for_a_finger(width, url, open_page):
    page = open_page(url, **{**PHONE, "width": width}).page
    box = loaded(page, "aimed").locator(".lf-grip").bounding_box()
    assert box["width"] >= 43.5
    page.set_viewport_size({"width": 320, "height": 700})
    frames(page)
    seen = page.locator("#aimed .lf-grip").locator("visible=true")
    assert seen.bounding_box()["width"] >= 43.5


@pytest.mark.parametrize("width", [320, 390])
def test_controls_on_a_phone_are_tall_enough_and_stay_on_it(width, url, open_page):
    page = open_page(url, **{**PHONE, "width": width}).page
    for name in FIGURES:
        figure = loaded(page, name)
        for control in figure.locator("input[type=range], .lf-play, label:has(input)").all():
            assert control.bounding_box()["height"] >= 43.5
        slider = figure.locator("input[type=range]").first.bounding_box()
        assert slider["width"] >= 120
    assert page.evaluate(STICKS_OUT) <= 0


def test_a_slider_keeps_its_length_while_its_value_changes(url, open_page):
    page = open_page(url).page
    figure = loaded(page, "wide")
    slider, lengths = figure.locator("input[type=range]"), set()
    for _ in range(7):
        lengths.add(round(slider.bounding_box()["width"], 1))
        slider.press("ArrowRight")
    assert figure.locator(".lf-value").text_content() == "1000000"
    assert len(lengths) == 1


def test_arrow_keys_move_a_handle_of_two_controls_both_ways(url, open_page):
    page = open_page(url).page
    figure = loaded(page, "aimed")
    grip, values = figure.locator(".lf-grip"), figure.locator(".lf-value")
    grip.focus()
    for key, expected in [
        ("ArrowRight", ["3", "1"]),
        ("ArrowUp", ["3", "2"]),
        ("ArrowLeft", ["2", "2"]),
        ("ArrowDown", ["2", "1"]),
        ("End", ["4", "3"]),
        ("ArrowRight", ["4", "3"]),  # no farther
        ("Home", ["0", "0"]),
    ]:
        page.keyboard.press(key)
        assert values.all_text_contents() == expected, key


@pytest.mark.parametrize("name", ["falling", "lifted"])
def test_up_is_right_on_a_handle_of_one_control(name, url, open_page):
    """As in every slider: whichever way its curve goes, up undoes left."""
    page = open_page(url).page
    figure = loaded(page, name)
    grip = figure.locator(".lf-grip")
    grip.focus()
    for key, expected in [
        ("ArrowUp", "3"),
        ("ArrowRight", "4"),
        ("ArrowUp", "4"),  # no farther
        ("ArrowLeft", "3"),
        ("ArrowDown", "2"),
        ("Home", "0"),
        ("ArrowDown", "0"),
        ("End", "4"),
    ]:
        page.keyboard.press(key)
        assert figure.locator(".lf-value").text_content() == expected, key
        assert grip.get_attribute("aria-valuenow") == expected, key


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_handle_in_focus_has_a_ring(theme, address, open_page):
    page = open_page(address + "chapters/mse.html", theme=theme).page
    grip = loaded(page, "wrong_record").locator(".lf-grip")
    style = """(g) => {
      const s = getComputedStyle(g.nextSibling.querySelector(".lf-ring"));
      return [s.stroke, s.strokeWidth, s.strokeDasharray, s.opacity];
    }"""
    at_rest = grip.evaluate(style)
    page.locator("#wrong_record select").focus()
    page.keyboard.press("Shift+Tab")  # the handle is before the controls
    assert grip.evaluate("(g) => g === document.activeElement")
    color, width, dashes, opacity = grip.evaluate(style)
    assert [color, width, dashes, opacity] != at_rest
    assert float(width.removesuffix("px")) >= 2 and dashes == "none" and opacity == "1"
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert contrast(color, ground) >= 3  # WCAG 1.4.11
