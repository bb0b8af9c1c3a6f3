"""Sphinx extension: publish live figures. In a Jupyter Book:

.. code-block:: yaml

    sphinx:
      extra_extensions: [live_figures.sphinx]

It tells the kernels to publish, moves the states of each figure out of the page into a file of their own
that loads when the reader comes near, lets the book's own renderer set the math of captions, and ships
the script and the style sheet, only on the pages that need them.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
from html import unescape
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

logger = logging.getLogger(__name__)
_STATES = re.compile(r'<script type="application/json" class="lf-states">(.*?)</script>', re.S)
_FILE = re.compile(r'<live-figure data-states="([^"]+)"')
_TEX = re.compile(r'<span class="lf-tex">\\\((.*?)\\\)</span>', re.S)


class live_figure(nodes.General, nodes.Element):
    """A published figure: raw HTML and math, in order; `file` and `states` are what loads later."""


def html_with_math(html: str) -> list[nodes.Node]:
    """HTML whose TeX (see `publish.inline`) the book's own math renderer is to set."""
    found: list[nodes.Node] = []
    for i, piece in enumerate(_TEX.split(html)):  # an odd piece is TeX
        tex = unescape(piece)
        found.append(nodes.math(tex, tex) if i % 2 else nodes.raw("", piece, format="html"))
    return found


class LiveFigures(SphinxTransform):
    """Replace the raw HTML of each live figure."""

    default_priority = 700

    def apply(self, **kwargs) -> None:
        seen: set[str] = set()
        for raw in list(self.document.findall(nodes.raw)):
            if "<live-figure " in raw.astext():
                raw.replace_self(self.convert(raw.astext(), seen, raw))

    def convert(self, html: str, seen: set[str], raw: nodes.raw) -> live_figure:
        name = re.search(r'<live-figure id="([^"]+)"', html).group(1)
        if name in seen:
            logger.warning("two live figures are named '%s' on this page", name, location=raw)
        seen.add(name)
        node = live_figure(name=name, count=re.search(r'data-count="(\d+)"', html).group(1))
        seconds = re.search(r' data-seconds="([^"]+)"', html)
        if seconds:
            node["seconds"] = seconds.group(1)
            html = html.replace(seconds.group(), "", 1)
        states = _STATES.search(html)
        if states:
            packed = states.group(1).replace("<\\/", "</")
            digest = hashlib.sha256(packed.encode()).hexdigest()[:10]
            node["file"] = f"{name}-{digest}.js"
            node["states"] = f'liveFigures("{node["file"]}",{packed})\n'
            html = html.replace(states.group(), "").replace(
                "<live-figure ", f'<live-figure data-states="{node["file"]}" ', 1
            )
        node += html_with_math(html)
        return node


def _visit(self, node: live_figure) -> None:
    if "file" in node:
        folder = Path(self.builder.outdir) / "_static" / "live"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / node["file"]).write_text(node["states"], encoding="utf-8")
        weight = len(gzip.compress(node["states"].encode()))
        self.builder.app.live_figures.append(
            (node["name"], node["count"], node.get("seconds", "kept"), f"{weight / 1000:.1f}")
        )


def _depart(self, node: live_figure) -> None:
    pass


def _skip(self, node: live_figure) -> None:
    raise nodes.SkipNode


def _page(app, pagename, templatename, context, doctree) -> None:
    if doctree is not None and next(doctree.findall(live_figure), None) is not None:
        app.add_js_file("live-figure.js", loading_method="defer")
        app.add_css_file("live-figure.css")


def _sweep(app, exception) -> None:
    """Delete the states of figures that no page shows any longer."""
    folder = Path(app.outdir) / "_static" / "live"
    if exception or not folder.is_dir():
        return
    used: set[str] = set()
    for page in Path(app.outdir).rglob("*.html"):
        used.update(_FILE.findall(page.read_text("utf-8")))
    for file in folder.glob("*.js"):
        if file.name not in used:
            file.unlink()


def _report(app, exception) -> None:
    if not app.live_figures:
        return
    rows = [("live figure", "states", "seconds", "kB gzipped"), *app.live_figures]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *numbers in rows:
        cells = (n.rjust(w) for n, w in zip(numbers, widths[1:], strict=True))
        logger.info("  ".join([name.ljust(widths[0]), *cells]))


def _start(app, config) -> None:
    app.live_figures = []
    os.environ["LIVE_FIGURES"] = "publish"
    os.environ.setdefault("LIVE_FIGURES_CACHE", str(Path(app.srcdir) / "_build" / ".live_figures"))
    config.html_static_path.append(str(Path(__file__).parent / "static"))


def setup(app) -> dict:
    app.add_node(live_figure, html=(_visit, _depart), latex=(_skip, None), text=(_skip, None))
    app.add_transform(LiveFigures)
    app.connect("config-inited", _start)
    app.connect("html-page-context", _page)
    app.connect("build-finished", _sweep)
    app.connect("build-finished", _report)
    app.setup_extension("live_figures.stills")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
