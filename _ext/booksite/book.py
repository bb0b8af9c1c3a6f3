"""The book as its extension sees it: its pages, what they are made of, where they come from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from docutils import nodes
from live_figures.cache import package_digest

ROOT = Path(__file__).resolve().parents[2]


def section_of(node: nodes.Node) -> nodes.Element:
    """The section that a node of a page stands in, or the page where it stands in none."""
    while not isinstance(node, nodes.section | nodes.document):
        node = node.parent
    return node


def heading(section: nodes.section) -> str:
    return section[section.first_child_matching_class(nodes.title)].astext()


def number_of(env, page: str) -> str:
    """The number of a chapter; other pages have none."""
    return ".".join(map(str, env.toc_secnumbers.get(page, {}).get("", ())))


def once_written(app, finish: Callable, **more) -> None:
    """Have `finish(app)` called when a site has been written."""

    def finished(app, exception) -> None:
        if exception is None and app.builder.format == "html":
            finish(app)

    app.connect("build-finished", finished, **more)


def configure(app, config) -> None:
    # Jupyter Cache compares the code of the notebooks only; a change of the packages must show too.
    # It changes a setting here, and so Sphinx reads all pages again.
    digest = package_digest("lossbook", "live_figures")[:16]
    config.nb_execution_cache_path = str(ROOT / "_build" / ".jupyter_cache" / digest)
    teaching = ROOT / "lossbook" / "teaching"
    scripts = (teaching / "static", teaching / "exercises" / "static")
    config.html_static_path += map(str, (ROOT / "vendor", *scripts))


def setup(app) -> None:
    app.connect("config-inited", configure, priority=400)
