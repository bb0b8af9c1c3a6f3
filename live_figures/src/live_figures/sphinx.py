"""Sphinx extension: publish live figures. In a Jupyter Book:

.. code-block:: yaml

    sphinx:
      extra_extensions: [live_figures.sphinx]

It tells the kernels of the pages to publish (by a first cell that is never shown), moves the states of each
figure out of the page into a file of their own that loads when the reader comes near, lets the book's own
renderer set the math of captions, and ships the script and the style sheet, only on the pages that need them.
Builders that run no script get the figure as a picture, where they can show an SVG, and else its text
alternative.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.errors import ConfigError
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.transforms.post_transforms.images import ImageConverter
from sphinx.util import logging

from . import __version__, first_cell
from .html import pieces, split_math
from .jupyter import FOR_SPHINX
from .published import LiveFigure, assets
from .settings import DARK, Settings, checked

__all__ = ["html_with_math"]

logger = logging.getLogger(__name__)
#: settings that Sphinx's configuration has too, with `live_figures_` before them
_SETTINGS = ("cache", "jobs", "max_states", "track", "dark")
_SVG = "image/svg+xml"
_CLOSING = "</figure></live-figure>"
#: what shows a dark theme on the pages of a theme; on those of another it may be anything that is known
_DARK_OF = {
    "furo": tuple(place for place in DARK if "body[data-theme" in place),
    **dict.fromkeys(("pydata_sphinx_theme", "sphinx_book_theme"), ('html[data-theme="dark"]',)),
}


class live_figure(nodes.General, nodes.Element):
    """A published figure: `figure` is the `LiveFigure`, `name` its name, the children its HTML and math."""


@dataclass(frozen=True)
class Row:
    """What the report says of a figure, and the file of its states."""

    name: str
    count: int
    seconds: float | None
    bytes: int
    narrow_bytes: int
    files: tuple[str, ...]


# ------------------------------------------------------------------------------------ reading


def tell(app: Any, docname: str, source: list[str]) -> None:
    """Put the cell that tells the kernel to publish before the code of a page (at `source-read`)."""
    path = Path(app.env.doc2path(docname))
    mode = getattr(app.config, "nb_execution_mode", None) or getattr(
        app.config, "nbsphinx_execute", ""
    )
    if mode in ("off", "never") or (path.suffix != ".ipynb" and "{code-cell" not in source[0]):
        return
    code = first_cell.code_of(publish="sphinx", **_given(app, path.parent))
    source[0] = first_cell.put(source[0], path.suffix, code, path.parent, mode == "auto")


def _given(app: Any, folder: Path) -> dict[str, Any]:
    """The settings that the configuration changes, with no path of this machine in them."""
    found = {name: getattr(app.config, f"live_figures_{name}") for name in _SETTINGS}
    if found["cache"]:
        cache = Path(app.srcdir) / found["cache"]
        absolute = os.path.isabs(found["cache"]) or getattr(
            app.config, "nb_execution_in_temp", False
        )
        if not absolute:  # kernels run where the page is
            cache = Path(os.path.relpath(cache, folder))
        found["cache"] = cache.as_posix()
    if found["dark"] == DARK:
        found["dark"] = _DARK_OF.get(app.config.html_theme, DARK)
    return {
        name: value
        for name, value in found.items()
        if name == "cache" or value != getattr(Settings, name)
    }


class LiveFigures(SphinxTransform):
    """Replace the output of each cell that publishes a figure by a node."""

    default_priority = 700

    def apply(self, **kwargs: Any) -> None:
        rows: list[Row] = []
        for raw in list(self.document.findall(nodes.raw)):
            before, island, rest = raw.astext().partition(FOR_SPHINX[0])
            if not island:
                continue
            data, _, after = rest.partition(FOR_SPHINX[1])
            figure = LiveFigure.from_json(data)
            if any(figure.name == row.name for row in rows):
                message = "two live figures are named '%s' on this page"
                logger.warning(message, figure.name, location=raw)
            rows.append(row_of(figure))
            node = live_figure(name=figure.name, figure=figure)
            node += html_with_math(f"{figure.opening(*files_of(figure))}{figure.panel}{_CLOSING}")
            around = [nodes.raw("", part, format="html") for part in (before, after)]
            whole = _output_of(raw)
            whole.replace_self([n for n in (around[0], node, around[1]) if n.astext().strip()])
        record = _record(self.env)
        record.pop(self.env.docname, None)
        if rows:
            record[self.env.docname] = rows
            _forget_unseen_widgets(self.env, self.document)


def _output_of(raw: nodes.raw) -> nodes.Element:
    """All that a cell shows at once, of which MyST-NB keeps one form for each builder."""
    around = raw.parent and raw.parent.parent
    is_bundle = around is not None and around.get("nb_element") == "mime_bundle"
    return around if is_bundle else raw


def row_of(figure: LiveFigure) -> Row:
    """The row of a figure in the report."""
    weights = [len(gzip.compress(script.encode())) for script in _scripts(figure).values()]
    wide, narrow = [*weights, 0, 0][:2]
    return Row(figure.name, figure.count, figure.seconds, wide, narrow, files_of(figure))


def files_of(figure: LiveFigure) -> tuple[str, ...]:
    """The files of the states of its drawings: the wide one's, and the narrow one's if there is one."""
    return tuple(_scripts(figure))


def _scripts(figure: LiveFigure) -> dict[str, str]:
    """The files of its states by their names."""
    found = {}
    for kind, packed in (("", figure.packed), ("-narrow", figure.narrow_packed)):
        if packed:
            digest = hashlib.sha256(packed.encode()).hexdigest()[:10]
            name = f"{figure.name}{kind}-{digest}.js"
            found[name] = f'liveFigures("{name}",{packed})\n'
    return found


def html_with_math(html: str) -> list[nodes.Node]:
    """HTML whose TeX the book's own math renderer is to set.

    Parameters
    ----------
    html : str
        HTML with math as `live_figures.html.inline` marks it.

    Returns
    -------
    list of Node
        Raw HTML and math, in order.

    Examples
    --------
    >>> from live_figures.html import inline
    >>> [node.astext() for node in html_with_math(inline("a $x<1$"))]
    ['a ', 'x<1', '']
    """
    return [
        nodes.math(piece, piece) if i % 2 else nodes.raw("", piece, format="html")
        for i, piece in enumerate(split_math(html))
    ]


_VIEW = re.compile(
    r'<script type="application/vnd\.jupyter\.widget-view\+json">(.*?)</script>', re.S
)
_MODEL = re.compile(r"IPY_MODEL_(\w+)")


def _forget_unseen_widgets(env: Any, document: nodes.document) -> None:
    """Drop the state of widgets that no view of the page shows: those that have become controls of figures.

    MyST-NB writes the state of all into the page, and loads what shows them from a CDN.
    """
    files = getattr(env, "nb_metadata", {}).get(env.docname, {}).get("js_files", {})
    if "ipywidgets_state" not in files:
        return
    uri, options = files["ipywidgets_state"]
    kept = json.loads(options["body"])
    links = {name: set(_MODEL.findall(json.dumps(m))) for name, m in kept["state"].items()}
    views = (m[1] for raw in document.findall(nodes.raw) for m in _VIEW.finditer(raw.astext()))
    seen, new = set(), {json.loads(view)["model_id"] for view in views}
    while new:  # what they hold, and what is linked to them
        seen |= new
        new = set().union(*(links.get(name, set()) for name in new)) - seen
        new |= {name for name, held in links.items() if held & seen} - seen
    kept["state"] = {name: model for name, model in kept["state"].items() if name in seen}
    if kept["state"]:
        body = json.dumps(kept).replace("</", "<\\/")
        files["ipywidgets_state"] = uri, {**options, "body": body}
    else:
        for name in [name for name in files if name.startswith("ipywidgets_")]:
            del files[name]


# ------------------------------------------------------------------------------------ writing


def _visit(self: Any, node: live_figure) -> None:
    folder = Path(self.builder.outdir) / "_static" / "live"
    for name, script in _scripts(node["figure"]).items():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(script, encoding="utf-8")


def _depart(self: Any, node: live_figure) -> None:
    pass


def _runs_scripts(builder: Any) -> bool:
    return builder.format == "html" and builder.name != "epub"


class StillFigures(SphinxPostTransform):
    """For builders that run no script: a picture where they can show one, else the text alternative."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        if _runs_scripts(self.app.builder):
            return
        for node in list(self.document.findall(live_figure)):
            node.replace_self(list(self.stills(node["figure"])))

    def stills(self, figure: LiveFigure) -> Iterator[nodes.Node]:
        if self.shows_svg():
            yield self.picture(figure)
        else:
            yield nodes.paragraph("", figure.alt)
        for text in figure.caption:
            yield nodes.paragraph("", "", *caption_nodes(text))

    def shows_svg(self) -> bool:
        """True where the builder takes an SVG, or an extension turns one into what it takes."""
        kinds = self.app.builder.supported_image_types
        return _SVG in kinds or any(
            issubclass(transform, ImageConverter) and source == _SVG and made in kinds
            for transform in self.app.registry.get_post_transforms()
            for source, made in getattr(transform, "conversion_rules", ())
        )

    def picture(self, figure: LiveFigure) -> nodes.image:
        svg = figure.svg()
        folder = Path(self.app.doctreedir) / "live_figures"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{figure.name}-{hashlib.sha256(svg.encode()).hexdigest()[:10]}.svg"
        path.write_text(svg, encoding="utf-8")
        self.env.images.add_file(self.env.docname, str(path))
        return nodes.image(uri=str(path), alt=figure.alt, candidates={_SVG: str(path)})


def caption_nodes(text: str) -> list[nodes.Node]:
    """A paragraph of a caption as nodes that every builder writes."""
    kinds = {"math": nodes.math, "code": nodes.literal, "strong": nodes.strong}
    kinds |= {"em": nodes.emphasis}
    return [
        kinds[kind](piece, piece) if kind else nodes.Text(piece) for kind, piece in pieces(text)
    ]


def _page(app: Any, pagename: str, templatename: str, context: Any, doctree: Any) -> None:
    if doctree is not None and next(doctree.findall(live_figure), None) is not None:
        app.add_js_file(assets.script.name, loading_method="defer")
        app.add_css_file(assets.style.name)


# ------------------------------------------------------------------------------------ the whole


def _record(env: Any) -> dict[str, list[Row]]:
    """The figures of each page, as the environment keeps them."""
    if not hasattr(env, "live_figures"):
        env.live_figures = {}
    found: dict[str, list[Row]] = env.live_figures
    return found


def _purge(app: Any, env: Any, docname: str) -> None:
    _record(env).pop(docname, None)


def _merge(app: Any, env: Any, docnames: list[str], other: Any) -> None:
    """Take over what another process has read."""
    theirs = _record(other)
    _record(env).update({name: theirs[name] for name in docnames if name in theirs})


def _remember_what_is_read(app: Any, env: Any, docnames: list[str]) -> None:
    env.live_figures_read = set(docnames)


def _sweep(app: Any, exception: Exception | None) -> None:
    """Delete the states of figures that no page shows any longer."""
    folder = Path(app.outdir) / "_static" / "live"
    if exception or not folder.is_dir():
        return
    used = {file for rows in _record(app.env).values() for row in rows for file in row.files}
    for file in folder.glob("*.js"):
        if file.name not in used:
            file.unlink()


def _report(app: Any, exception: Exception | None) -> None:
    """What the figures of the pages that were read in this build have cost."""
    read: set[str] = getattr(app.env, "live_figures_read", set())
    found = [row for name, rows in _record(app.env).items() if name in read for row in rows]
    if not found:
        return
    table = [("live figure", "states", "seconds", "kB gzipped", "narrow")]
    for row in found:
        seconds = "kept" if row.seconds is None else f"{row.seconds:.1f}"
        wide, narrow = (f"{size / 1000:.1f}" for size in (row.bytes, row.narrow_bytes))
        table.append((row.name, str(row.count), seconds, wide, narrow))
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for name, *numbers in table:
        cells = (n.rjust(w) for n, w in zip(numbers, widths[1:], strict=True))
        logger.info("  ".join([name.ljust(widths[0]), *cells]))


def _check(app: Any, config: Any) -> None:
    for name in _SETTINGS:
        try:
            checked(f"live_figures_{name}", getattr(config, f"live_figures_{name}"))
        except ValueError as error:
            raise ConfigError(str(error)) from None
    config.html_static_path.append(str(assets.script.parent))


def setup(app: Any) -> dict[str, Any]:
    """Register the extension."""
    app.add_config_value("live_figures_cache", "_build/.live_figures", "", Any)
    for name in _SETTINGS[1:]:  # `_check` says what they may hold
        app.add_config_value(f"live_figures_{name}", getattr(Settings, name), "env", Any)
    app.add_node(live_figure, html=(_visit, _depart))
    app.add_transform(LiveFigures)
    app.add_post_transform(StillFigures)
    app.connect("config-inited", _check)
    app.connect("env-before-read-docs", _remember_what_is_read)
    app.connect("source-read", tell, priority=900)  # when other extensions have written the page
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("html-page-context", _page)
    app.connect("build-finished", _sweep)
    app.connect("build-finished", _report)
    app.setup_extension("live_figures.stills")
    return {
        "version": __version__,
        "env_version": 2,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
