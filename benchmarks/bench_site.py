"""The live figures of the built site: bytes, and what a move of a slider costs in Chromium."""

import contextlib
import gzip
import re
import statistics
from collections import defaultdict
from pathlib import Path

SITE = Path(__file__).resolve().parents[1] / "_build" / "html"

# Every state once, neighbor by neighbor as a reader would, and each move timed on its own.
MOVE = """(figure) => {
  const boxes = [...figure.querySelectorAll(".lf-control")];
  const counts = boxes.map((box) => JSON.parse(box.dataset.texts).length), times = [];
  const rounds = Math.ceil(400 / counts.reduce((a, b) => a + b));  // enough for a quantile of 99 %
  for (const [at, box] of boxes.entries()) {
    const inputs = [...box.querySelectorAll("input, select:not(.lf-speed)")], first = inputs[0];
    const count = counts[at];
    for (let round = 0; round < rounds; round++)
      for (let i = 0; i < count; i++) {
        let input = first;
        if (first.type === "radio") { input = inputs[i]; input.checked = true; }
        else if (first.type === "checkbox") input.checked = i === 1;
        else input.value = i;
        const start = performance.now();
        input.dispatchEvent(new Event("input", { bubbles: true }));
        times.push(performance.now() - start);
      }
  }
  return times;
}"""

# From the input to the moment right after the next frame is drawn.
FRAMES = """async (figure) => {
  const input = figure.querySelector(".lf-control input, .lf-control select"), times = [];
  const box = input.closest(".lf-control"), count = JSON.parse(box.dataset.texts).length;
  const all = [...box.querySelectorAll("input, select:not(.lf-speed)")];
  for (let k = 0; k < 30; k++) {
    const i = k % count;
    await new Promise(requestAnimationFrame);
    await new Promise((done) => setTimeout(done));
    let one = input;
    if (input.type === "radio") { one = all[i]; one.checked = true; }
    else if (input.type === "checkbox") one.checked = i === 1;
    else one.value = i;
    const start = performance.now();
    one.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = done;
      channel.port2.postMessage(0);
    }));
    times.push(performance.now() - start);
  }
  return times;
}"""
SLOWDOWN = 4  # the processor of a phone
ROUNDS = 3  # what else runs on a machine only adds, so the least of their medians is the page's own
FRAME = 1000 / 60  # milliseconds

# The least that a page can hold: a slider and a line that it moves.
BARE = """<!doctype html><title>Bare</title>
<div><div class="lf-control" data-texts="[0,1,2,3,4,5,6,7,8,9,10]"><input type="range" max="10" /></div>
<svg viewBox="0 0 400 200" width="400"><path stroke="#000" /></svg></div><script>
const line = document.querySelector("path");
const move = (event) => line.setAttribute("d", `M0 ${event.target.value}L400 200`);
document.querySelector("input").addEventListener("input", move);
</script>"""


@contextlib.contextmanager
def slowed(page):
    """The page on a slower processor."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    yield
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    session.detach()


def bare(browser):
    """Milliseconds to the next frame on the bare page."""
    page = browser.new_page()
    page.set_content(BARE)
    time = to_the_next_frame(page, page.locator("body > div"))
    page.close()
    return time


def to_the_next_frame(page, figure):
    """Milliseconds from an input to the drawn frame on a slower processor, the median."""
    with slowed(page):
        return statistics.median(figure.evaluate(FRAMES))


def figures(browser, address):
    """Each live figure of the site in sight, its states loaded: the page, the figure, its name."""
    for path in sorted(SITE.rglob("*.html")):
        if "<live-figure" not in path.read_text("utf-8"):
            continue
        page = browser.new_page()
        page.goto(f"{address}{path.relative_to(SITE)}")
        for figure in page.locator("live-figure[data-states]").all():
            name = figure.get_attribute("id")
            figure.scroll_into_view_if_needed()
            page.wait_for_function("(n) => document.getElementById(n).channels", arg=name)
            yield page, figure, name
        page.close()


def frames(browser, address):
    """For each figure the time to the next frame, and that of a bare page measured right after it."""
    times, floor = defaultdict(list), defaultdict(list)
    for _ in range(ROUNDS):
        for page, figure, name in figures(browser, address):
            times[name].append(to_the_next_frame(page, figure))
            floor[name].append(bare(browser))
    return [{name: min(all_) for name, all_ in found.items()} for found in (times, floor)]


def drawing():
    """What drawing the states of a figure with two panels costs, beside `savefig` of the same figure."""
    import io
    import time

    import ipywidgets
    import matplotlib
    import matplotlib.pyplot as plt
    from live_figures.controls import controls_for, widgets_for
    from live_figures.published import publish

    from benchmarks.bench_alternatives import namespace

    matplotlib.use("agg")
    func = namespace()["two_panels"]

    def saved(layout):
        with matplotlib.rc_context({"figure.constrained_layout.use": layout}):
            start = time.perf_counter()
            for k in range(20):
                fig = func(slope=0.1 * k)
                fig.savefig(io.StringIO(), format="svg")
                plt.close(fig)
        return (time.perf_counter() - start) / 20

    def published(steps):
        options = {
            name: ipywidgets.SelectionSlider(
                options=[round(low + 2 * i / (steps - 1), 4) for i in range(steps)]
            )
            for name, low in (("slope", 0.0), ("height", -1.0))
        }
        for name, value in (("slope", 1.0), ("height", 0.0)):
            options[name].value = value
        controls = controls_for(func.__name__, widgets_for(func, options))
        start = time.perf_counter()
        html = publish(func, controls).html(inline=False)
        seconds = time.perf_counter() - start
        states = re.search(r'<script type="application/json".*?>(.*?)</script>', html, re.S)[1]
        return seconds / steps**2, len(gzip.compress(states.encode()))

    rows, ratios = [], []
    for steps in (21, 45, 21):  # the first and the last tell how steady the machine was
        plain = saved(False)
        seconds, weight = published(steps)
        plain = (plain + saved(False)) / 2
        ratios.append(plain / seconds)
        rows.append(
            f"| {steps**2:,} | {1000 * seconds:.0f} | {1000 * plain:.0f} | {ratios[-1]:.1f} | {weight / 1000:.1f} |"
        )
    return [
        "Drawing: a figure with two panels and two sliders, from nothing to HTML, all cores, wall time; beside it "
        "a new figure and `savefig` to SVG in one process, before and after. "
        f"With constrained layout `savefig` takes {1000 * saved(True):.0f} ms.",
        "",
        "| states | ms a state | `savefig`, ms | ratio | all other states, kB |",
        "|---:|---:|---:|---:|---:|",
        *rows,
    ]


def run():
    import numpy as np
    from playwright.sync_api import sync_playwright

    from tools.browser import chromium
    from tools.browser.server import serving

    if not (SITE / "index.html").exists():
        return "## The live figures\n\nSkipped: the site is not built (`make html`).\n"
    script_size = len(gzip.compress((SITE / "_static/live-figure.js").read_bytes()))
    rows = []
    with serving(SITE) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find(whole=True), args=chromium.FLAGS
        )
        version = browser.version
        times, floor = frames(browser, address)
        for page, figure, name in figures(browser, address):
            quick = np.array(figure.evaluate(MOVE))
            with slowed(page):
                slow = np.array(figure.evaluate(MOVE))
            states = SITE / "_static" / "live" / figure.get_attribute("data-states")
            svg = figure.locator("svg").first.evaluate("(svg) => svg.outerHTML")
            rows.append(
                f"| {name} | {figure.get_attribute('data-count')} "
                f"| {len(gzip.compress(svg.encode())) / 1000:.1f} "
                f"| {len(gzip.compress(states.read_bytes())) / 1000:.1f} "
                f"| {np.median(quick):.2f} | {np.quantile(quick, 0.99):.2f} "
                f"| {np.median(slow):.2f} | {np.quantile(slow, 0.99):.2f} "
                f"| {times[name]:.0f} | {floor[name]:.0f} |"
            )
        browser.close()
    return "\n".join(
        [
            "## The live figures",
            "",
            f"Chromium {re.match(r'[0-9]+', version).group()}. A move is one `input` event of a control; "
            "its time ends when the DOM has changed. Sizes are gzipped.",
            f"The script that drives all figures: {script_size / 1000:.1f} kB.",
            "",
            f"With the processor slowed down {SLOWDOWN} times (Chromium's throttling), the same moves, and the time "
            f"from the input until the next frame is drawn, the least of {ROUNDS} medians taken minutes apart, since "
            "what else runs on a machine only adds; a frame takes 17 ms. The input comes right after a frame, so that "
            "it waits for the next one to begin; that one is in time if it is ready in another 17 ms.",
            f"Over the figures: median {np.median(list(times.values())):.0f} ms, from {min(times.values()):.0f} to "
            f"{max(times.values()):.0f}; in time {sum(t <= 2 * FRAME for t in times.values())} of {len(times)}. "
            "A bare page, with nothing but a slider and one line that it moves, measured after each: "
            f"{np.median(list(floor.values())):.0f} ms, from {min(floor.values()):.0f} to {max(floor.values()):.0f}.",
            "",
            "| figure | states | SVG, kB | all other states, kB | a move: median, ms | 99 %, ms "
            "| slowed: median, ms | 99 %, ms | frame, ms | bare page, ms |",
            "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
            *rows,
            "",
            *drawing(),
            "",
        ]
    )
