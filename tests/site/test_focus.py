"""Whoever reads with the keyboard sees where they are: on every stop of the Tab key something is drawn that was
not there before, with a contrast of 3 to 1 against the ground (WCAG 2.2, 1.4.11 and 2.4.7)."""

import pytest

from .waiting import all_states

PAGES = {
    # links, sliders, drop-downs, buttons, grips, folded solutions
    "chapters/mse.html": ["input[type=range]", "select", ".lf-grip", "summary", ".lf-reset"],
    # the guide, and the table whose heads sort it
    "chapters/conclusion.html": [".loss-guide summary", ".loss-table select", "thead button"],
    # play and radio buttons
    "chapters/live_figures.html": [".lf-play", "input[type=radio]"],
    # tabs of listings
    "chapters/custom_losses.html": [".sd-tab-set > input"],
    # cards
    "intro.html": [".map a", "button.theme-switch-button"],
    "search.html": ["input[type=search]"],
}

LOOK = """() => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const solid = (color, ground) => { // a color on a ground, as it is painted
    pen.fillStyle = `rgb(${ground})`;
    pen.fillRect(0, 0, 1, 1);
    pen.fillStyle = color;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  const ground = (element) => {
    const layers = [];
    for (let e = element.parentElement; e; e = e.parentElement) layers.unshift(getComputedStyle(e).backgroundColor);
    return layers.reduce((below, color) => solid(color, below), [255, 255, 255]);
  };
  // what may carry the ring: the element, what is painted before or after it, and those next to it
  const places = (e) => [[e], [e, "::before"], [e, "::after"], [e.parentElement], [e.nextElementSibling],
    [e.firstElementChild], [e.firstElementChild, "::before"],
    [e.nextElementSibling?.querySelector?.(".lf-ring")]].filter(([x]) => x);
  const marks = (e) => places(e).map(([x, pseudo]) => {
    const s = getComputedStyle(x, pseudo), found = {};
    if (pseudo && s.content === "none") return found;
    const drawn = (line) => s[`${line}Style`] !== "none" && parseFloat(s[`${line}Width`]) >= 1;
    if (drawn("outline")) found[`outline ${s.outlineWidth}`] = s.outlineColor;
    if (s.boxShadow !== "none") found[`shadow ${s.boxShadow}`] = s.boxShadow.match(/^[\\w-]+\\([^)]*\\)/)?.[0];
    for (const side of ["borderTop", "borderRight", "borderBottom", "borderLeft"])
      if (drawn(side)) found[`${side} ${s[side + "Width"]}`] = s[`${side}Color`];
    if (x instanceof SVGElement) found[`stroke ${s.strokeWidth} ${s.strokeDasharray}`] = s.stroke;
    return found;
  });
  const name = (e) => `${e.tagName.toLowerCase()}${e.id && "#" + e.id}.${[...e.classList].join(".")} “${
    (e.getAttribute("aria-label") || e.textContent || "").trim().slice(0, 30)}”`;
  // a ring that is drawn around the element in focus only, and its contrast
  const judge = (e) => {
    e.focus({ preventScroll: true });
    const focused = marks(e);
    e.blur();
    const before = marks(e), below = ground(e);
    const fresh = focused.flatMap((m, i) => Object.entries(m).filter(([k, c]) => before[i]?.[k] !== c));
    return Math.max(0, ...fresh.map(([, color]) => color ? contrast(solid(color, below), below) : 0));
  };
  window.stops = [];
  window.stop = () => { // whether the Tab key has come to another element
    const e = document.activeElement;
    if (e === document.body || stops.includes(e)) return false;
    stops.push(e);
    return true;
  };
  window.judged = (theme) => {
    document.documentElement.dataset.theme = theme;
    return stops.map((e) => [name(e), judge(e)]);
  };
}"""


def walk(page, most=600):
    """Press Tab from the top of the page until the end; gives the number of stops."""
    page.evaluate(LOOK)
    page.add_style_tag(
        content="*, ::before, ::after { transition: none !important; animation: none !important }"
    )
    for _ in range(most):
        page.keyboard.press("Tab")
        if not page.evaluate("stop()"):
            break
    return page.evaluate("stops.length")


def pale(page, theme):
    """The stops whose ring is not seen in a theme."""
    return [(s, round(c, 1)) for s, c in page.evaluate("judged", theme) if c < 3]


@pytest.mark.parametrize("page", PAGES)
def test_every_stop_of_the_tab_key_is_seen(page, address, open_page):
    tab = open_page(address + page).page
    all_states(tab)
    # the table of losses gets its drop-down when one comes near, and keys may be pressed faster than that
    for table in tab.locator(".loss-table").all():
        table.scroll_into_view_if_needed()
        table.locator("select").wait_for()
    tab.evaluate("scrollTo(0, 0)")
    # a figure at its start has nothing to reset
    tab.evaluate("document.querySelectorAll('.lf-reset').forEach((b) => (b.disabled = false))")
    assert walk(tab) > 20
    for selector in PAGES[page]:
        assert tab.evaluate("(s) => stops.some((e) => e.matches(s))", selector), selector
    assert not pale(tab, "light")
    assert not pale(tab, "dark")


def test_a_control_without_a_ring_is_found(address, open_page):
    tab = open_page(address + "chapters/live_figures.html").page
    tab.add_style_tag(content="live-figure select:focus-visible { outline: none !important }")
    walk(tab)
    for theme in ("light", "dark"):
        blind = pale(tab, theme)
        assert blind and all(name.startswith("select") for name, _ in blind)
