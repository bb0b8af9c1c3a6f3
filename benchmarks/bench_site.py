"""The live figures of the built site: bytes, and what a move of a slider costs in Chromium."""

import gzip
import re
from pathlib import Path

SITE = Path(__file__).resolve().parents[1] / "_build" / "html"

# Every state once, neighbor by neighbor as a reader would, and each move timed on its own.
MOVE = """(figure) => {
  const boxes = [...figure.querySelectorAll(".lf-control")];
  const times = [];
  for (const box of boxes) {
    const inputs = [...box.querySelectorAll("input, select")], first = inputs[0];
    const count = JSON.parse(box.dataset.texts).length;
    for (let round = 0; round < 20; round++)
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


def run():
    import numpy as np
    from playwright.sync_api import sync_playwright

    from tests.site import chromium
    from tests.site.server import serving

    if not (SITE / "index.html").exists():
        return "## The live figures\n\nSkipped: the site is not built (`make html`).\n"
    script = len(gzip.compress((SITE / "_static/live-figure.js").read_bytes()))
    rows = []
    with serving(SITE) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        version = browser.version
        for path in sorted(SITE.rglob("*.html")):
            if "<live-figure" not in path.read_text("utf-8"):
                continue
            page = browser.new_page()
            page.goto(f"{address}{path.relative_to(SITE)}")
            for figure in page.locator("live-figure[data-states]").all():
                name = figure.get_attribute("id")
                figure.scroll_into_view_if_needed()
                page.wait_for_function("(n) => document.getElementById(n).channels", arg=name)
                times = np.array(figure.evaluate(MOVE))
                states = SITE / "_static" / "live" / figure.get_attribute("data-states")
                svg = figure.locator("svg").evaluate("(svg) => svg.outerHTML")
                rows.append(
                    f"| {name} | {figure.get_attribute('data-count')} "
                    f"| {len(gzip.compress(svg.encode())) / 1000:.1f} "
                    f"| {len(gzip.compress(states.read_bytes())) / 1000:.1f} "
                    f"| {np.median(times):.2f} | {np.quantile(times, 0.99):.2f} |"
                )
            page.close()
        browser.close()
    return "\n".join(
        [
            "## The live figures",
            "",
            f"Chromium {re.match(r'[0-9]+', version).group()}. A move is one `input` event of a control; "
            "its time ends when the DOM has changed. Sizes are gzipped.",
            f"The script that drives all figures: {script / 1000:.1f} kB.",
            "",
            "| figure | states | SVG, kB | all other states, kB | a move: median, ms | 99 %, ms |",
            "|---|---:|---:|---:|---:|---:|",
            *rows,
            "",
        ]
    )
